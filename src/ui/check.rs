//! The checklist of one inspection: what the inspector has in hand on site.

use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde_json::{Value, json};

use super::content::{self, Code};
use super::home::clock_text;
use super::icon::icon;
use super::item::ItemCard;
use super::photo::{PhotoStrip, PhotoViewer, Taking};
use super::state::{App, AppSession};
use super::widget::{Notice, Sheet, TextField, TopBar};
use super::words::{Word, errors, fill, lang, words};
use crate::app::session::SaveState;
use crate::app::workspace::AppError;
use crate::domain::checklist::{Item, Phrase, Verdict};
use crate::domain::id::RecordId;
use crate::domain::inspection::{Answer, Counts, Inspection, PhotoRef, Summary, answer_path, photos};
use crate::port::shelf::ShelfError;
use crate::port::twin::StoreError;

/// One inspection open for writing. Cheap to copy; lives until another one is opened, whatever page is shown.
#[derive(Clone, Copy)]
pub struct CheckCtx {
    /// The app.
    pub app: App,
    /// The session.
    session: StoredValue<Rc<AppSession>, LocalStorage>,
    /// Record id, as text.
    pub id: StoredValue<String>,
    /// How it stands with saving.
    pub save: RwSignal<SaveState>,
    /// The checklist, with what is known for conditions and limits.
    pub inspection: StoredValue<Inspection>,
    /// What is answered, item by item.
    pub answers: StoredValue<Vec<RwSignal<Answer>>>,
    /// The photos that count.
    pub photos: RwSignal<Vec<PhotoRef>>,
    /// Photos on their way into the record.
    pub taking: RwSignal<Vec<Taking>>,
    /// Ready sentences by item.
    pub phrases: RwSignal<std::collections::BTreeMap<String, Vec<Phrase>>>,
    /// The measures.
    pub measures: RwSignal<Vec<Code>>,
    /// Counts up with every change, for what follows the whole record.
    pub version: RwSignal<u64>,
    /// The item where the person is.
    here: StoredValue<usize>,
}

impl CheckCtx {
    /// Opens an inspection; the one that is open already is given again.
    ///
    /// # Errors
    /// [`AppError`] when there is no such inspection or the store can't be read.
    pub async fn open(app: App, id: &str) -> Result<Self, AppError> {
        if let Some(open) = app.open_check(id) {
            return Ok(open);
        }
        let record_id = RecordId::parse(id).map_err(|_| AppError::NoRecord)?;
        let save = app.in_root(|| RwSignal::new(SaveState::Saved { at: None }));
        let session = app.session(&record_id, save).await?;
        let inspection = Inspection::read(session.record().state()).map_err(|_| AppError::NoRecord)?;
        // Opened by someone else while this one was loading.
        if let Some(open) = app.open_check(id) {
            return Ok(open);
        }
        let ctx = app.in_root(|| Self::make(app, id, session, inspection, save));
        app.add_check(ctx);
        Ok(ctx)
    }

    fn make(app: App, id: &str, session: Rc<AppSession>, inspection: Inspection, save: RwSignal<SaveState>) -> Self {
        let answers = {
            let record = session.record();
            inspection.checklist.items.iter().map(|item| RwSignal::new(Answer::read(record.state(), &item.id))).collect::<Vec<_>>()
        };
        let known = photos(session.record().state());
        let list = inspection.checklist.id.clone();
        let ctx = Self {
            app,
            session: StoredValue::new_local(session),
            id: StoredValue::new(id.to_owned()),
            save,
            inspection: StoredValue::new(inspection),
            answers: StoredValue::new(answers),
            photos: RwSignal::new(known),
            taking: RwSignal::new(Vec::new()),
            phrases: RwSignal::default(),
            measures: RwSignal::new(Vec::new()),
            version: RwSignal::new(0),
            here: StoredValue::new(0),
        };
        let retrying = StoredValue::new(false);
        Effect::new(move |_| match save.get() {
            SaveState::Saved { at: Some(_) } => {
                app.after_save();
                ctx.update_summary();
            }
            SaveState::Failed { error, .. } => {
                if error == StoreError::Shelf(ShelfError::Full) {
                    leptos::task::spawn_local(app.give_room());
                }
                // Another change holds the number, or another tab writes: sending the same again can't help.
                let for_good = matches!(error, StoreError::Conflict { .. } | StoreError::NotOwner);
                if !for_good && !retrying.get_value() {
                    retrying.set_value(true);
                    set_timeout(
                        move || {
                            retrying.set_value(false);
                            ctx.flush();
                        },
                        Duration::from_secs(3),
                    );
                }
            }
            SaveState::Saved { at: None } | SaveState::Saving => {}
        });
        leptos::task::spawn_local(async move {
            ctx.phrases.set(content::phrases(&list).await);
            ctx.measures.set(content::codes("measures").await);
        });
        ctx
    }

    /// The session.
    pub fn session(self) -> Rc<AppSession> {
        self.session.get_value()
    }

    /// Keeps what waits.
    pub fn flush(self) {
        let session = self.session();
        leptos::task::spawn_local(async move { session.flush().await });
    }

    fn update_summary(self) {
        let session = self.session();
        let record = session.record();
        let summary = Summary::of(record.journal(), record.state());
        self.app.summaries.update(|all| {
            all.retain(|one| one.id != summary.id);
            all.insert(0, summary);
        });
    }

    /// Sets values: on the screen at once, in the store as soon as it can. A person is told when they are not taken.
    pub fn set(self, values: &[(&str, Value)]) {
        self.try_set(values);
    }

    /// As [`CheckCtx::set`]; returns whether they were taken.
    pub fn try_set(self, values: &[(&str, Value)]) -> bool {
        if !self.app.owner.get_untracked() {
            self.app.toast(words().reader_note);
            return false;
        }
        match self.session().set(values, None) {
            Ok(true) => {
                self.reread(values);
                self.flush();
                true
            }
            Ok(false) => true,
            Err(_) => {
                self.app.toast(words().sealed_note);
                false
            }
        }
    }

    /// Takes over what the store has of this record beyond what is here, as after an import.
    pub async fn take_over(self) {
        let session = self.session();
        let id = session.record().id().clone();
        let Ok(stored) = self.app.workspace().load(&id).await else { return };
        if session.merge(stored.journal()) == 0 {
            return;
        }
        {
            let record = session.record();
            let items =
                self.inspection.with_value(|inspection| inspection.checklist.items.iter().map(|item| item.id.clone()).collect::<Vec<_>>());
            for (index, item) in items.iter().enumerate() {
                if let Some(signal) = self.answer(index) {
                    signal.set(Answer::read(record.state(), item));
                }
            }
            self.photos.set(photos(record.state()));
        }
        self.version.update(|version| *version += 1);
        self.update_summary();
    }

    /// Whether nothing may be written any more: sealed, or taken out of the count.
    pub fn is_closed(self) -> bool {
        self.version.track();
        let session = self.session();
        let record = session.record();
        record.is_sealed() || record.state().get("voided").is_some()
    }

    /// Brings the signals up to what the record says now, for the paths that were set.
    fn reread(self, values: &[(&str, Value)]) {
        let session = self.session();
        let record = session.record();
        let mut items: Vec<&str> = values.iter().filter_map(|(path, _)| path.strip_prefix("answers/")?.split('/').next()).collect();
        items.dedup();
        for id in items {
            let index = self.inspection.with_value(|inspection| inspection.checklist.items.iter().position(|item| item.id == id));
            if let Some(signal) = index.and_then(|index| self.answer(index)) {
                signal.set(Answer::read(record.state(), id));
            }
        }
        if values.iter().any(|(path, _)| path.starts_with("photos/")) {
            self.photos.set(photos(record.state()));
        }
        self.version.update(|version| *version += 1);
    }

    /// The answer to an item.
    pub fn answer(self, index: usize) -> Option<RwSignal<Answer>> {
        self.answers.with_value(|answers| answers.get(index).copied())
    }

    /// Sets one field of an answer.
    pub fn set_answer(self, item: &str, field: &str, value: Value) {
        self.set(&[(answer_path(item, field).as_str(), value)]);
    }

    /// A text of the record now, following changes.
    pub fn text(self, path: &str) -> String {
        self.version.track();
        self.session().record().state().text(path).unwrap_or_default().to_owned()
    }

    /// A value of the record now, following changes.
    pub fn value(self, path: &str) -> Option<Value> {
        self.version.track();
        self.session().record().state().get(path).cloned()
    }

    /// The verdict that counts for an item, following its answer.
    pub fn verdict(self, index: usize) -> Option<Verdict> {
        let answer = self.answer(index)?.get();
        self.inspection.with_value(|inspection| inspection.verdict(index, &answer))
    }

    /// Counts over some items, following their answers.
    pub fn counts(self, items: &[usize]) -> Counts {
        let verdicts: Vec<Option<Verdict>> = items.iter().map(|&index| self.verdict(index)).collect();
        Counts {
            total: verdicts.len(),
            answered: verdicts.iter().flatten().count(),
            failed: verdicts.iter().filter(|verdict| **verdict == Some(Verdict::Fail)).count(),
        }
    }

    /// How many items there are.
    pub fn total(self) -> usize {
        self.answers.with_value(Vec::len)
    }

    /// Shows an item and remembers the place.
    pub fn go_to(self, index: usize) {
        let item = self.inspection.with_value(|inspection| inspection.checklist.items.get(index).map(|item| item.id.clone()));
        if let Some(item) = item {
            self.at(&item);
            scroll_to(&item);
        }
    }

    /// Remembers that the person is at this item.
    pub fn at(self, item: &str) {
        let index = self.inspection.with_value(|inspection| inspection.checklist.items.iter().position(|one| one.id == item));
        self.here.set_value(index.unwrap_or_default());
        self.id.with_value(|id| self.app.set_place(id, item));
    }
}

/// Brings an item into view and gives it the focus, for people who see and people who listen.
pub fn scroll_to(item: &str) {
    let Some(element) = document().get_element_by_id(item) else { return };
    element.scroll_into_view();
    if let Some(element) = wasm_bindgen::JsCast::dyn_ref::<web_sys::HtmlElement>(&element) {
        // Without focus the item is still in view.
        let _ = element.focus();
    }
}

/// Opens the inspection in the address and shows what `page` makes of it.
pub fn with_check(page: impl Fn(CheckCtx) -> AnyView + Send + Sync + 'static) -> impl IntoView {
    let app = App::get();
    app.writing.set(true);
    on_cleanup(move || app.writing.set(false));
    let params = use_params_map();
    let ctx = LocalResource::new(move || {
        let id = params.with(|params| params.get("id").unwrap_or_default());
        async move { CheckCtx::open(app, &id).await }
    });
    let navigate = StoredValue::new_local(leptos_router::hooks::use_navigate());
    Effect::new(move |_| {
        // What is closed is read on its own page; nothing there looks as if it could be changed.
        if let Some(Ok(ctx)) = ctx.get()
            && ctx.is_closed()
        {
            let to = ctx.id.with_value(|id| format!("/record/{id}"));
            navigate.with_value(|navigate| navigate(&to, NavigateOptions { replace: true, ..Default::default() }));
        }
    });
    move || match ctx.get() {
        None => {
            view! { <main class="page"><div class="empty" role="status"><span class="spinner"></span><p>{words().opening}</p></div></main> }
                .into_any()
        }
        Some(Ok(ctx)) => page(ctx),
        Some(Err(error)) => view! { <Gone error/> }.into_any(),
    }
}

#[component]
fn Gone(error: AppError) -> impl IntoView {
    let text = move || match &error {
        AppError::Store(error) => errors::explain_store(error),
        _ => words().record_gone_hint.to_owned(),
    };
    view! {
        <TopBar title=Signal::derive(|| words().record_gone.to_owned()) back="/"/>
        <main class="page"><div class="card"><div class="empty">{icon("search")}<h2>{move || words().record_gone}</h2><p>{text}</p><a class="btn primary" href="/">{move || words().to_home}</a></div></div></main>
    }
}

/// The page.
#[component]
pub fn Check() -> impl IntoView {
    with_check(|ctx| view! { <CheckPage ctx/> }.into_any())
}

#[component]
fn CheckPage(ctx: CheckCtx) -> impl IntoView {
    let sections = ctx.inspection.with_value(|inspection| inspection.checklist.sections());
    let items = ctx.inspection.with_value(|inspection| inspection.checklist.items.clone());
    let note = ctx.inspection.with_value(|inspection| inspection.checklist.clone());
    let all: Vec<usize> = (0..items.len()).collect();
    let counts = Memo::new(move |_| ctx.counts(&all));
    super::photo::follow_if_allowed();
    let sheet = RwSignal::new(false);
    let title = Signal::derive(move || ctx.text("unit/name"));
    let sub = Signal::derive(move || [ctx.text("equipment/name"), ctx.text("equipment/place")].join(" "));
    // Back to the item where the person was, when the page was killed.
    let wanted = use_query_map().with_untracked(|query| query.get("item"));
    Effect::new(move |_| {
        if let Some(item) = wanted.clone() {
            request_animation_frame(move || scroll_to(&item));
        }
    });
    let next_open = move |_| {
        // From where the person is, and around.
        let here = ctx.here.get_value();
        let total = ctx.total();
        let open = (0..total).map(|step| (here + step) % total.max(1)).find(|&index| untrack(|| ctx.verdict(index)).is_none());
        match open {
            Some(index) => ctx.go_to(index),
            None => ctx.app.toast(words().all_answered),
        }
    };
    let id = ctx.id.get_value();
    let open = move || counts.get().total - counts.get().answered;
    let jump = sections.clone();
    view! {
        <TopBar title=title sub=sub back="/"><SaveSign ctx/></TopBar>
        <div class="check-progress" role="region" aria-label=move || words().progress>
            <progress class="bar" max=move || counts.get().total.to_string() value=move || counts.get().answered.to_string() aria-label=move || words().progress></progress>
            <p class="row num">
                <span class="grow">{move || fill(words().n_items, &[&counts.get().answered, &counts.get().total])}</span>
                <Show when=move || counts.get().failed.gt(&0)><span class="chip bad">{move || fill(words().n_failed, &[&counts.get().failed])}</span></Show>
                <span class="chip">{move || fill(words().n_photos, &[&ctx.photos.get().len()])}</span>
            </p>
        </div>
        <main class="page check">
            <SaveTrouble ctx/>
            <Show when=move || !ctx.app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
            {move || note.note(lang()).map(|text| view! { <p class="muted check-note">{text.to_owned()}</p> })}
            <SiteDetails ctx/>
            {sections
                .into_iter()
                .map(|section| {
                    let rows = section.items.iter().filter_map(|&index| Some((index, items.get(index)?.clone()))).collect::<Vec<(usize, Item)>>();
                    view! {
                        <section class="check-section">
                            <SectionHead ctx title=(section.title_zh, section.title_en) items=section.items/>
                            {rows.into_iter().map(|(index, item)| view! { <ItemCard ctx index item/> }).collect_view()}
                        </section>
                    }
                })
                .collect_view()}
            <section class="card stack">
                <h2>{move || words().record_photos}</h2>
                <p class="muted">{move || words().record_photos_hint}</p>
                <PhotoStrip ctx item=None/>
            </section>
            <VoidCheck ctx/>
        </main>
        <nav class="actionbar" aria-label=move || words().sections><div>
            <button type="button" class="btn" on:click=move |_| sheet.set(true)>{icon("list")}{move || words().sections}</button>
            <button type="button" class="btn grow" on:click=next_open>
                {move || if open() == 0 { words().all_answered.to_owned() } else { format!("{} {}", words().next_open, open()) }}
            </button>
            <a class="btn" class:primary=move || open().eq(&0) href=format!("/check/{id}/finish")>{move || words().finish}</a>
        </div></nav>
        <Sheet open=sheet title=Signal::derive(|| words().sections.to_owned())>
            <ul class="list">
                {jump
                    .iter()
                    .map(|section| {
                        let (zh, en, items) = (section.title_zh.clone(), section.title_en.clone(), section.items.clone());
                        let first = items.first().copied().unwrap_or_default();
                        let counts = Memo::new(move |_| ctx.counts(&items));
                        view! {
                            <li><button type="button" class="list-row" on:click=move |_| { sheet.set(false); ctx.go_to(first); }>
                                <span class="grow title">{move || lang().pick(&zh, &en).to_owned()}</span>
                                <Show when=move || counts.get().failed.gt(&0)><span class="chip bad num">{move || counts.get().failed}</span></Show>
                                <span class="chip num" class:good=move || counts.get().is_complete()>{move || fill(words().section_counts, &[&counts.get().answered, &counts.get().total])}</span>
                            </button></li>
                        }
                    })
                    .collect_view()}
            </ul>
        </Sheet>
        <PhotoViewer ctx/>
    }
}

/// Saved, saving, not saved: said only when the store has said so.
#[component]
pub fn SaveSign(ctx: CheckCtx) -> impl IntoView {
    let app = ctx.app;
    view! {
        <span class="save-sign" role="status">
            {move || {
                let w = words();
                let busy = view! { <span class="chip">{w.saving}</span> };
                match ctx.save.get() {
                    SaveState::Failed { waiting, .. } => view! { <span class="chip bad">{icon("warn")}{fill(w.unsaved, &[&waiting])}</span> }.into_any(),
                    SaveState::Saving => busy.into_any(),
                    _ if app.typing.get() => busy.into_any(),
                    SaveState::Saved { at: Some(at) } => {
                        let text = fill(w.saved_at, &[&clock_text(at.ms(), app.offset_min())]);
                        view! { <span class="chip good num">{icon("check")}{text}</span> }.into_any()
                    }
                    SaveState::Saved { at: None } => view! { <span class="chip good">{icon("check")}{w.saved}</span> }.into_any(),
                }
            }}
        </span>
    }
}

/// What to do when saving fails.
#[component]
pub fn SaveTrouble(ctx: CheckCtx) -> impl IntoView {
    move || match ctx.save.get() {
        SaveState::Failed { error, .. } => Some(view! {
            <Notice tone="bad">
                {errors::explain_store(&error)}
                <button type="button" class="btn slim" on:click=move |_| ctx.flush()>{words().retry}</button>
            </Notice>
        }),
        _ => None,
    }
}

/// Title of a section, its counts, and one tap for the rest of it.
#[component]
fn SectionHead(ctx: CheckCtx, title: (String, String), items: Vec<usize>) -> impl IntoView {
    let for_counts = items.clone();
    let counts = Memo::new(move |_| ctx.counts(&for_counts));
    let pass_rest = move |_| {
        // A number or a date can't be passed unread: those items stay open.
        let (open, asking): (Vec<usize>, Vec<usize>) = ctx.inspection.with_value(|inspection| {
            let open = items.iter().copied().filter(|&index| untrack(|| ctx.verdict(index)).is_none());
            open.partition(|&index| inspection.checklist.items.get(index).is_some_and(|item| !item.asks_for_value()))
        });
        let path = |index: &usize| {
            ctx.inspection.with_value(|inspection| inspection.checklist.items.get(*index).map(|item| answer_path(&item.id, "verdict")))
        };
        let open: Vec<String> = open.iter().filter_map(path).collect();
        let rest = asking.first().copied();
        if open.is_empty() {
            ctx.app.toast(fill(words().section_pass_values, &[&asking.len()]));
            rest.into_iter().for_each(|index| ctx.go_to(index));
            return;
        }
        let values: Vec<(&str, Value)> = open.iter().map(|path| (path.as_str(), json!("pass"))).collect();
        if !ctx.try_set(&values) {
            return;
        }
        let done = open.clone();
        // The button that was tapped is gone by then, and what it owned with it.
        let undo = ctx.app.in_root(|| {
            Callback::new(move |()| {
                // What was answered otherwise since then stays.
                let session = ctx.session();
                let still = |path: &&String| session.record().state().text(path) == Some("pass");
                let values: Vec<(&str, Value)> = done.iter().filter(still).map(|path| (path.as_str(), Value::Null)).collect();
                ctx.set(&values);
            })
        });
        let said = match asking.len() {
            0 => fill(words().section_pass_done, &[&open.len()]),
            left => fill(words().section_pass_some, &[&open.len(), &left]),
        };
        ctx.app.toast_with(said, Some((words().undo.to_owned(), undo)));
    };
    view! {
        <div class="section-head">
            <h2 class="grow">{move || lang().pick(&title.0, &title.1).to_owned()}
                <span class="chip num" class:good=move || counts.get().is_complete()>{move || fill(words().section_counts, &[&counts.get().answered, &counts.get().total])}</span>
            </h2>
            <Show when=move || !counts.get().is_complete()>
                <button type="button" class="btn slim" on:click=pass_rest.clone()>{icon("check")}{move || words().section_pass}</button>
            </Show>
        </div>
    }
}

/// Unit and equipment as copied into the record, to look up or correct on site.
#[component]
fn SiteDetails(ctx: CheckCtx) -> impl IntoView {
    let field = move |path: &'static str, label: Word| {
        let save = Callback::new(move |text: String| ctx.set(&[(path, json!(text.trim()))]));
        let start = untrack(|| ctx.text(path));
        view! { <TextField label=Signal::derive(move || label().to_owned()) value=start on_save=save max=200/> }
    };
    view! {
        <details class="card fold">
            <summary><h2>{move || words().what_unit_says}</h2>{icon("down")}</summary>
            <div class="stack">
                {field("unit/name", || words().unit_name)}
                {field("unit/uscc", || words().unit_uscc)}
                {field("unit/address", || words().unit_address)}
                {field("unit/contact", || words().unit_contact)}
                {field("unit/phone", || words().unit_phone)}
                {field("equipment/name", || words().equipment_name)}
                {field("equipment/code", || words().equipment_code)}
                {field("equipment/cert_no", || words().equipment_cert)}
                {field("equipment/place", || words().equipment_place)}
                {field("equipment/maintainer", || words().equipment_maintainer)}
                {field("attendant", || words().attendant)}
            </div>
        </details>
    }
}

/// Takes a draft out of the count, with a reason.
#[component]
fn VoidCheck(ctx: CheckCtx) -> impl IntoView {
    let open = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let navigate = leptos_router::hooks::use_navigate();
    let leave = StoredValue::new_local(navigate);
    view! {
        <button type="button" class="btn quiet danger-text" on:click=move |_| open.set(true)>{icon("trash")}{move || words().void_check}</button>
        <Sheet open title=Signal::derive(|| words().void_check.to_owned())>
            <p>{move || words().void_hint}</p>
            <label class="field"><span>{move || words().void_reason}</span>
                <input class="input" type="text" on:input=move |event| reason.set(event_target_value(&event))/>
            </label>
            <button type="button" class="btn danger block" disabled=move || reason.get().trim().is_empty() on:click=move |_| {
                if ctx.try_set(&[("voided", json!(reason.get_untracked().trim()))]) {
                    open.set(false);
                    ctx.app.toast(words().void_done);
                    leave.with_value(|navigate| navigate("/", Default::default()));
                }
            }>{move || words().void_check}</button>
        </Sheet>
    }
}
