//! A checklist as a spreadsheet: made in the worker, handed to the browser's downloads, or shared.

use std::collections::BTreeMap;

use leptos::prelude::*;
use web_sys::Blob;

use super::shelf::Found;
use crate::app::library::draft::{new_item, new_list};
use crate::app::library::item_name;
use crate::browser::{desk, files};
use crate::desk::{Answer, Job};
use crate::domain::checklist::{AnswerSpec, Checklist, Choice, Phrase};
use crate::ui::state::App;
use crate::ui::words::forms::FormWords;
use crate::ui::words::{fill, library_words};

/// What spreadsheets of this kind are.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// How long a large list may take on a slow phone.
const LIMIT_MS: i32 = 60_000;

/// A word of the template, in the language of the table that is asked.
type Word = fn(&FormWords) -> &'static str;

/// Makes the spreadsheet of the list that counts and hands it over. `busy` is set while it is at work.
pub fn export_list(app: App, id: String, busy: RwSignal<bool>) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    leptos::task::spawn_local(async move {
        let list = Found::of(app, &id).await.and_then(|found| found.list());
        match list {
            Some(list) => hand_over(app, &list, &format!("{}-{}.xlsx", list.id, list.version)).await,
            None => app.toast(library_words().export_failed),
        }
        busy.try_set(false);
    });
}

/// Makes the spreadsheet to begin with.
pub fn export_template(app: App, busy: RwSignal<bool>) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    leptos::task::spawn_local(async move {
        hand_over(app, &template(), "checklist-template.xlsx").await;
        busy.try_set(false);
    });
}

async fn hand_over(app: App, list: &Checklist, name: &str) {
    let Some(blob) = write(list).await else {
        app.toast(library_words().export_failed);
        return;
    };
    // Where downloads don't work, as in some phones' built-in browsers, sharing does.
    if files::download(&blob, name).is_err() {
        share(app, blob, name.to_owned());
        return;
    }
    let said = fill(library_words().exported, &[&name]);
    let action = files::can_share_files().then(|| {
        let (blob, name) = (send_wrapper::SendWrapper::new(blob), name.to_owned());
        let act = app.in_root(|| Callback::new(move |()| share(app, (*blob).clone(), name.clone())));
        (library_words().share.to_owned(), act)
    });
    app.toast_with(said, action);
}

fn share(app: App, blob: Blob, name: String) {
    leptos::task::spawn_local(async move {
        match files::share(&blob, &name, &name).await {
            Ok(()) | Err(files::ShareError::Cancelled) => {}
            Err(files::ShareError::Unsupported | files::ShareError::Failed) => app.toast(library_words().export_failed),
        }
    });
}

async fn write(list: &Checklist) -> Option<Blob> {
    let job = Job::WriteForm { checklist: serde_json::to_value(list).ok()? };
    let (answer, bytes) = desk::shared().ask(&job, None, LIMIT_MS).await.ok()?;
    let done = matches!(answer, Answer::Written { done: true });
    bytes.filter(|_| done).and_then(|bytes| files::blob_of(&bytes, XLSX))
}

/// A small list that shows how each kind of item is written, in both languages as the columns want them.
fn template() -> Checklist {
    let both = |word: Word| (word(&FormWords::ZH).to_owned(), word(&FormWords::EN).to_owned());
    let mut list = new_list("my-checklist", "", "merchandise", "unit");
    (list.title_zh, list.title_en) = both(|w| w.sample_title);
    "1.0.0".clone_into(&mut list.version);
    let choice = |value: &str, word: Word, pass: bool| {
        let (zh, en) = both(word);
        Choice { value: value.to_owned(), zh, en, pass, columns: BTreeMap::new() }
    };
    let states =
        vec![choice("good", |w| w.sample_good, true), choice("low", |w| w.sample_low, false), choice("none", |w| w.sample_none, false)];
    let number = AnswerSpec::Number {
        unit: Some("m".to_owned()),
        min: Some(1.5),
        max: None,
        min_field: None,
        max_field: None,
        limit_kind: None,
        step: None,
        integer: false,
    };
    let papers: Word = |w| w.sample_papers;
    let site: Word = |w| w.sample_site;
    let items: [(Word, Word, Word, AnswerSpec); 5] = [
        (papers, |w| w.sample_licence, |w| w.sample_licence_how, AnswerSpec::YesNoNa { pass: "yes".to_owned() }),
        (papers, |w| w.sample_permit, |w| w.sample_permit_how, AnswerSpec::Date { rule: Some("gte_today".to_owned()) }),
        (site, |w| w.sample_aisle, |w| w.sample_aisle_how, number),
        (
            site,
            |w| w.sample_extinguisher,
            |w| w.sample_extinguisher_how,
            AnswerSpec::Choice { multiple: false, options: states, list: None },
        ),
        (site, |w| w.sample_remark, |w| w.sample_remark_how, AnswerSpec::Text { max_length: Some(500) }),
    ];
    for (number, (section, text, how, answer)) in (1_u32..).zip(items) {
        let (section_zh, section_en) = both(section);
        let mut item = new_item(&item_name(&list.id, number), (&section_zh, &section_en), "rectify_by_deadline");
        (item.text_zh, item.text_en) = both(text);
        (item.how_zh, item.how_en) = both(how);
        item.record_only = matches!(answer, AnswerSpec::Text { .. });
        item.answer = answer;
        list.items.push(item);
    }
    if let Some(first) = list.items.first_mut() {
        let ((zh, en), (measure_zh, measure_en)) = (both(|w| w.sample_finding), both(|w| w.sample_measure));
        first.phrases.push(Phrase { zh, en, measure_zh, measure_en });
    }
    list
}
