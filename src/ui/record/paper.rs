//! Whether a printed record agrees with the record here: shown where the record was opened by the code on the print.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::domain::journal::Journal;
use crate::evidence::paper::{Agreement, compare};
use crate::ui::icon::icon;
use crate::ui::words::{fill, verify_words};

/// What stands in the address before the digits of the print.
pub const QUERY: &str = "paper";

/// The card about the print; nothing where the record was opened in another way.
pub fn card(journal: &Journal) -> impl IntoView + use<> {
    let digits = use_query_map().with_untracked(|query| query.get(QUERY));
    digits.map(|digits| {
        let found = (!digits.is_empty()).then(|| compare(journal, &digits));
        let (class, mark) = match found {
            Some(Agreement::Same) => ("card verify good", "shield"),
            Some(Agreement::Other) => ("card verify bad", "warn"),
            Some(Agreement::Earlier | Agreement::Unsealed) | None => ("card verify warn", "info"),
        };
        let title = move || {
            let w = verify_words();
            match found {
                Some(Agreement::Same) => w.paper_same,
                Some(Agreement::Earlier) => w.paper_earlier,
                Some(Agreement::Other) => w.paper_other,
                Some(Agreement::Unsealed) => w.paper_unsealed,
                None => w.paper_draft,
            }
        };
        let hint = move || match found {
            Some(Agreement::Other) => fill(verify_words().paper_other_hint, &[&digits]),
            Some(_) => fill(verify_words().paper_same_hint, &[&digits]),
            None => String::new(),
        };
        view! {
            <section class=class role="status">
                <div class="verify-head">{icon(mark)}<div><h2>{title}</h2><p class="muted mono">{hint}</p></div></div>
            </section>
        }
    })
}
