//! What is on this phone: drafts and what was filed, and the way to clear each away.

use leptos::prelude::*;

use super::ctx::{self, DraftCtx, is_handed, is_shared};
use super::step::address;
use super::{photos, store};
use crate::complaint::{Draft, Form, Reading};
use crate::domain::time::Instant;
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{Notice, Sheet, TopBar};
use crate::ui::words::{complain_words, fill, lang, words};

/// What a list shows of a draft: nothing personal, for others may see the phone.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// The draft.
    pub id: String,
    /// The step where the person is.
    step: String,
    /// Its place and how many there are.
    place: (usize, usize),
    /// What it is about, as a word of the form.
    about: (String, String),
    updated_ms: u64,
    shared: bool,
    filed: Option<(String, bool)>,
}

impl Line {
    fn of(form: &Form, draft: &Draft) -> Self {
        let reading = Reading::new(form, draft);
        let chosen = form.fields().find_map(|field| reading.chosen(field).next());
        let at = form.steps.iter().position(|step| step.id == draft.step).unwrap_or_default();
        let receipts = |draft: &Draft| draft.filed.as_ref().map(|filed| filed.receipts.values().cloned().collect::<Vec<_>>().join("、"));
        Self {
            id: draft.id.to_string(),
            step: draft.step.clone(),
            place: (at + 1, form.steps.len()),
            about: chosen.map(|choice| (choice.name.zh.clone(), choice.name.en.clone())).unwrap_or_default(),
            updated_ms: draft.updated_ms,
            shared: is_shared(draft),
            filed: receipts(draft).map(|receipt| (receipt, is_handed(draft))),
        }
    }

    fn title(&self) -> String {
        let text = lang().pick(&self.about.0, &self.about.1);
        if text.is_empty() { complain_words().untitled.to_owned() } else { text.to_owned() }
    }
}

/// All drafts on this phone, the latest first; `None` when they can't be read.
pub async fn lines() -> Option<Vec<Line>> {
    let form = ctx::form().await?;
    let drafts = store::all().await.ok()?;
    let mut lines: Vec<Line> = drafts.iter().map(|draft| Line::of(&form, draft)).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.updated_ms));
    Some(lines)
}

/// A list of drafts; those that were filed, or those that were not.
#[component]
pub fn Lines(lines: Signal<Vec<Line>>, filed: bool, on_clear: Callback<()>) -> impl IntoView {
    let app = App::get();
    let shown = Memo::new(move |_| lines.get().into_iter().filter(|line| line.filed.is_some() == filed).collect::<Vec<_>>());
    let title = move || if filed { complain_words().filed } else { complain_words().drafts };
    let row = move |line: Line| {
        let href = if filed { format!("/complain/{}/done", line.id) } else { address(&line.id, &line.step, None) };
        let when = Instant::from_ms(line.updated_ms).minute_text(app.offset_min());
        let (name, place, shared, receipt) = (line.clone(), line.place, line.shared, line.filed.clone());
        let sub = move || match &receipt {
            Some((receipt, _)) => format!("{} {receipt}", complain_words().receipt),
            None => fill(complain_words().at_step, &[&place.0, &place.1]),
        };
        let handed = line.filed.as_ref().map(|(_, handed)| *handed);
        view! {
            <li class="pick-row">
                <a class="list-row" href=href>
                    <span class="grow">
                        <span class="title">{move || name.title()}</span>
                        <span class="sub num">{sub}</span>
                        <span class="sub num">{move || fill(complain_words().last_kept, &[&when])}</span>
                        <span class="row wrap chips">
                            {shared.then(|| view! { <span class="chip warn">{move || complain_words().shared_mark}</span> })}
                            {handed.map(|handed| if handed {
                                view! { <span class="chip good">{icon("check")}{move || complain_words().handed_over}</span> }.into_any()
                            } else {
                                view! { <span class="chip warn">{move || complain_words().not_handed_over}</span> }.into_any()
                            })}
                        </span>
                    </span>
                    {icon("next")}
                </a>
                <Clear line on_clear/>
            </li>
        }
    };
    view! {
        <Show when=move || !shown.with(Vec::is_empty)>
            <section class="stack tight">
                <div class="section-title"><h2>{title}</h2></div>
                <ul class="card flush list"><For each=move || shown.get() key=|line| (line.id.clone(), line.updated_ms) children=row/></ul>
            </section>
        </Show>
    }
}

/// The way to clear one away, with a question before.
#[component]
fn Clear(line: Line, on_clear: Callback<()>) -> impl IntoView {
    let open = RwSignal::new(false);
    let name = line.clone();
    let label = move || fill(complain_words().clear_one, &[&name.title()]);
    let unsent = line.filed.as_ref().is_none_or(|(_, handed)| !handed);
    view! {
        <button type="button" class="icon-btn" aria-label=label on:click=move |_| open.set(true)>{icon("trash")}</button>
        <ClearSheet open id=line.id unsent on_clear/>
    }
}

/// The question before something is cleared away; it can be taken back until it is answered.
#[component]
pub fn ClearSheet(
    /// Whether it is asked.
    open: RwSignal<bool>,
    /// The draft.
    #[prop(into)]
    id: String,
    /// Whether it was never handed over.
    #[prop(into)]
    unsent: Signal<bool>,
    /// Called when nothing of it is left.
    on_clear: Callback<()>,
) -> impl IntoView {
    let id = StoredValue::new(id);
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(false));
    let app = App::get();
    let clear = move |_| {
        busy.set(true);
        failed.set(false);
        let id = id.get_value();
        leptos::task::spawn_local(async move {
            let done = clear_all(&id).await;
            busy.try_set(false);
            if done {
                open.try_set(false);
                app.toast(complain_words().cleared);
                on_clear.try_run(());
            } else {
                failed.try_set(true);
            }
        });
    };
    view! {
        <Sheet open title=Signal::derive(|| complain_words().clear_ask.to_owned())>
            <p>{move || complain_words().clear_ask_hint}</p>
            <Show when=move || unsent.get()><Notice tone="warn">{move || complain_words().clear_ask_unsent}</Notice></Show>
            <Show when=move || failed.get()><Notice tone="bad">{move || complain_words().clear_failed}</Notice></Show>
            <button type="button" class="btn primary block" on:click=move |_| open.set(false)>{move || complain_words().clear_no}</button>
            <button type="button" class="btn danger block" disabled=move || busy.get() on:click=clear>{icon("trash")}{move || complain_words().clear_yes}</button>
        </Sheet>
    }
}

/// Clears a draft away with all that the page holds of it. False when something may be left.
pub async fn clear_all(id: &str) -> bool {
    let done = ctx::clear(id).await.is_ok();
    photos::forget(id);
    done
}

/// What is on this phone.
#[component]
pub fn Mine() -> impl IntoView {
    let found = LocalResource::new(lines);
    let again = Callback::new(move |()| found.refetch());
    view! {
        <TopBar title=Signal::derive(|| complain_words().mine.to_owned()) back="/complain"/>
        <main class="page complain">
            <p class="muted">{move || complain_words().mine_none_hint}</p>
            {move || match found.get() {
                None => view! { <div class="empty" role="status"><span class="spinner"></span><p>{words().opening}</p></div> }.into_any(),
                Some(None) => view! { <NoVault/> }.into_any(),
                Some(Some(all)) if all.is_empty() => view! {
                    <div class="card"><div class="empty">{icon("list")}<p><strong>{complain_words().mine_none}</strong></p></div></div>
                }.into_any(),
                Some(Some(all)) => {
                    let lines = Signal::stored(all);
                    view! { <Lines lines filed=false on_clear=again/><Lines lines filed=true on_clear=again/> }.into_any()
                }
            }}
            <a class="btn primary block" href="/complain">{icon("plus")}{move || complain_words().new_one}</a>
        </main>
    }
}

/// That this browser keeps nothing.
#[component]
pub fn NoVault() -> impl IntoView {
    view! { <Notice tone="bad"><strong>{move || complain_words().vault_failed}</strong>{move || complain_words().vault_failed_private}</Notice> }
}

/// Whether a draft was handed over; follows changes.
#[must_use]
pub fn handed(ctx: DraftCtx) -> bool {
    ctx.draft.with(is_handed)
}
