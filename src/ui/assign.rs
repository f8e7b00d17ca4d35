//! Tasks and what an office hands out (下发).

mod doing;
mod hand_out;
mod lead;
mod link;
mod lists;
mod new;
mod overtaken;
mod rules;
mod task;
mod units;

pub use hand_out::HandOutPage;
pub use new::NewTasks;
pub(super) use rules::explain_file;
pub use task::TaskPage;

use leptos::prelude::GetUntracked as _;

use super::content;
use super::state::App;
use super::words::{Word, assign_words, errors, lang, words};
use crate::app::workspace::AppError;
use crate::domain::id::RecordId;
use crate::rules::Campaigns;

/// The kinds of check (57号令 art. 5): stored name and word. The first is the usual one.
const INSPECTION_KINDS: [(&str, Word); 4] = [
    ("routine", || words().check_kind_routine),
    ("special", || words().check_kind_special),
    ("post_licence", || words().check_kind_post_licence),
    ("other", || words().check_kind_other),
];

/// The campaigns; none when they can't be read.
async fn campaigns() -> Campaigns {
    let none = Campaigns { campaigns: Vec::new() };
    let Ok(file) = content::json("rules/campaigns.json").await else { return none };
    Campaigns::read(file.to_string().as_bytes()).unwrap_or(none)
}

/// What people call the campaign with a code. Several may share one.
fn campaign_name(campaigns: &Campaigns, code: &str) -> String {
    let mut same = campaigns.campaigns.iter().filter(|campaign| campaign.code == code);
    match (same.next(), same.next()) {
        (Some(one), None) => one.name.get(lang()).to_owned(),
        _ => assign_words().campaign_other.to_owned(),
    }
}

/// The records of the bureau's own checklists and rules.
pub(super) fn content_ids(app: App) -> Vec<RecordId> {
    let is_content = |kind: &str| kind == crate::domain::library::KIND;
    let ids = app.summaries.get_untracked();
    ids.iter().filter(|one| is_content(&one.kind)).filter_map(|one| RecordId::parse(&one.id).ok()).collect()
}

/// What to say when something could not be kept or read.
pub(super) fn explain(error: &AppError) -> String {
    match error {
        AppError::Store(error) => errors::explain_store(error),
        AppError::NoRecord => words().record_gone.to_owned(),
        other => other.to_string(),
    }
}
