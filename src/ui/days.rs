//! Working days and periods (工作日与期限): counted, the days off of each year shown, a newer holiday table taken in.

mod calendar;
mod import;
mod period;
mod span;

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use self::calendar::CalendarCard;
pub(super) use self::calendar::set_own;
use self::import::Import;
use self::period::{Asked, PeriodCard};
use self::span::SpanCard;
use super::content;
use super::ledger::due::basis_names;
use super::state::App;
use super::widget::{Nav, Notice, TopBar};
use super::words::{days_words, words};
use crate::app::assign::edition::{self, HOLIDAYS};
use crate::rules::{Calendar, Clocks};

/// What the page counts by.
struct Rules {
    calendar: Calendar,
    clocks: Clocks,
    /// The file of days off that counts.
    file: Value,
    /// Years of the bureau's own.
    own: BTreeSet<i32>,
    /// Years that came with the app.
    shipped: BTreeSet<i32>,
    /// The bureau's own edition can't be read and is not used.
    damaged: bool,
    /// Names of laws: id, Chinese, English.
    names: Vec<(String, String, String)>,
}

/// The rules; `None` when they can't be fetched or read.
async fn rules() -> Option<Arc<Rules>> {
    let clocks = content::json("rules/clocks.json").await.ok()?;
    let clocks = Clocks::read(clocks.to_string().as_bytes()).ok()?;
    let shipped = content::shipped(HOLIDAYS).await.ok();
    let own = content::own_files().await.into_iter().find(|one| one.path == HOLIDAYS).map(|own| own.value);
    let read = |file: &Value| Calendar::read(file.to_string().as_bytes()).ok();
    let merged = own.as_ref().map(|own| edition::in_force(HOLIDAYS, own, shipped.as_deref()));
    let years = |file: Option<&Value>| file.map(edition::years).unwrap_or_default().into_iter().collect();
    let (calendar, file, damaged) = match merged.and_then(|file| Some((read(&file)?, file))) {
        Some((calendar, file)) => (calendar, file, false),
        None => {
            let file = shipped.as_deref().cloned()?;
            (read(&file)?, file, own.is_some())
        }
    };
    let own = if damaged { BTreeSet::new() } else { years(own.as_ref()) };
    Some(Arc::new(Rules { calendar, clocks, file, own, shipped: years(shipped.as_deref()), damaged, names: basis_names().await }))
}

/// The page: `/days`.
#[component]
pub fn DaysPage() -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let asked = Asked::default();
    let year = RwSignal::new(0);
    let found = RwSignal::new(None::<Option<Arc<Rules>>>);
    let read = Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            let read = rules().await;
            found.try_set(Some(read));
        });
    });
    read.run(());
    let now = Signal::derive(move || found.get().flatten());
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| days_words().title.to_owned()) back="/office"/>
            <main class="page wide columns">
                <div class="stack">
                    <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
                    {move || match found.get() {
                        None => view! { <div class="empty" role="status"><span class="spinner"></span><p>{days_words().reading}</p></div> }.into_any(),
                        Some(None) => view! { <Notice tone="bad">{days_words().no_rules}</Notice> }.into_any(),
                        Some(Some(rules)) => {
                            let damaged = rules.damaged;
                            view! {
                                {damaged.then(|| view! { <Notice tone="warn">{days_words().own_damaged}</Notice> })}
                                <PeriodCard rules=rules.clone() asked/>
                                <SpanCard rules asked/>
                            }.into_any()
                        }
                    }}
                </div>
                <div class="stack">
                    {move || now.get().map(|rules| view! { <CalendarCard rules year after=read/> })}
                    <Import now after=read/>
                </div>
            </main>
        </div>
        <Nav/>
    }
}
