//! One record as it stands: what it says, how it came to be, and whether it is whole.

pub mod amend;
pub mod content;
pub mod gate;
pub mod history;
pub mod names;
pub mod near;
pub mod paper;
pub mod photos;
pub mod seals;
pub mod signature;
pub mod verify;

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use self::names::{Hiding, Names};
use self::photos::{PhotoCard, photo_cards};
use self::verify::Checked;
use super::cases::HazardsOfCheck;
use super::content::{Code, codes};
use super::documents::DocumentsOf;
use super::icon::icon;
use super::state::App;
use super::widget::{Nav, Notice, Sheet, TopBar};
use super::words::{cases_words, document_words, errors, fill, lang, office_words, words};
use crate::app::transfer::LedgerEntry;
use crate::app::workspace::{AppError, Record};
use crate::domain::content::Lang;
use crate::domain::id::RecordId;
use crate::domain::inspection::{Inspection, Stage, Summary, started};
use crate::domain::time::Instant;
use crate::port::twin::StoreError;

/// A record with all that is needed to show it.
pub struct Shown {
    /// The record.
    pub record: Record,
    /// As an inspection; none for other kinds.
    pub inspection: Option<Inspection>,
    /// Its photos.
    pub photos: Vec<PhotoCard>,
    /// Its summary.
    pub summary: Summary,
    /// What of it is hidden here.
    pub hiding: Option<Hiding>,
    /// Code table of measures.
    pub measures: Vec<Code>,
    /// Code table of equipment types.
    pub types: Vec<Code>,
    /// The import by which it came here, the latest.
    pub import: Option<LedgerEntry>,
    /// The export by which it last left.
    pub export: Option<LedgerEntry>,
}

impl Shown {
    /// Minutes east of Greenwich where the check took place.
    #[must_use]
    pub fn offset_min(&self) -> i32 {
        started(self.record.state()).1
    }

    /// What puts it into words.
    #[must_use]
    pub fn names(&self, lang: Lang) -> Names<'_> {
        Names { inspection: self.inspection.as_ref(), measures: &self.measures, types: &self.types, lang, hidden: self.hiding.as_ref() }
    }
}

/// How far loading a record has come.
#[derive(Clone)]
pub enum Loaded {
    /// At it.
    Opening,
    /// Here.
    Here(Arc<Shown>),
    /// There is no such record on this device.
    Missing,
    /// The store can't be read.
    Failed(StoreError),
}

/// Loads a record with all that is needed to show it.
pub async fn load(app: App, id: &str) -> Loaded {
    let Ok(id) = RecordId::parse(id) else { return Loaded::Missing };
    let workspace = app.workspace();
    let record = match workspace.load(&id).await {
        Ok(record) => record,
        Err(AppError::Store(error)) => return Loaded::Failed(error),
        Err(_) => return Loaded::Missing,
    };
    // The ledger only adds where it came from: without it the record is still shown.
    let ledger = workspace.ledger().await.unwrap_or_default();
    let latest =
        |direction: &str| ledger.iter().find(|entry| entry.direction == direction && entry.records.contains_key(id.as_str())).cloned();
    let (import, export) = (latest("import"), latest("export"));
    let paths: std::collections::BTreeSet<&str> = record.journal().entries().map(|entry| entry.change.path.as_str()).collect();
    let hiding = Hiding::of(record.state(), paths.into_iter());
    let is_open = |card: &PhotoCard| hiding.as_ref().is_none_or(|hiding| !hiding.hides(&format!("photos/{}", card.photo.id)));
    Loaded::Here(Arc::new(Shown {
        inspection: Inspection::read(record.state()).ok(),
        photos: photo_cards(record.state()).into_iter().filter(is_open).collect(),
        summary: Summary::of(record.journal(), record.state()),
        measures: codes("measures").await,
        types: super::pool::equipment_types().await,
        import,
        export,
        hiding,
        record,
    }))
}

/// A signal that follows the record named in the address, and an act that loads it again.
pub fn use_record(app: App) -> (RwSignal<Loaded>, Callback<()>) {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let loaded = RwSignal::new(Loaded::Opening);
    let reload = Callback::new(move |()| {
        let id = id.get_untracked();
        leptos::task::spawn_local(async move {
            let found = load(app, &id).await;
            loaded.try_set(found);
        });
    });
    Effect::new(move |_| {
        id.track();
        reload.run(());
    });
    (loaded, reload)
}

/// A word that follows the language.
type Word = fn() -> &'static str;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Content,
    History,
    Seals,
}

/// The page of a record.
#[component]
pub fn RecordPage() -> impl IntoView {
    let app = App::get();
    let (loaded, reload) = use_record(app);
    let title = Signal::derive(move || match loaded.get() {
        Loaded::Here(shown) if !shown.summary.title.is_empty() => shown.summary.title.clone(),
        _ => office_words().record.to_owned(),
    });
    let sub = Signal::derive(move || match loaded.get() {
        Loaded::Here(shown) => shown.summary.subtitle.clone(),
        _ => String::new(),
    });
    view! {
        <div class="has-nav">
            <TopBar title back="/records" sub/>
            {move || match loaded.get() {
                Loaded::Here(shown) => view! { <Whole shown reload/> }.into_any(),
                other => not_here(&other, reload),
            }}
        </div>
        <Nav/>
    }
}

/// What to show while a record is not there.
#[must_use]
pub fn not_here(loaded: &Loaded, reload: Callback<()>) -> AnyView {
    let inner = match loaded {
        Loaded::Failed(error) => view! {
            {icon("warn")}<p>{errors::explain_store(error)}</p>
            <button type="button" class="btn" on:click=move |_| reload.run(())>{move || words().retry}</button>
        }
        .into_any(),
        Loaded::Missing => view! {
            {icon("search")}<h2>{move || words().record_gone}</h2><p>{move || words().record_gone_hint}</p>
            <a class="btn" href="/records">{move || words().all_records}</a>
        }
        .into_any(),
        Loaded::Opening | Loaded::Here(_) => view! { <span class="spinner"></span> }.into_any(),
    };
    view! { <main class="page"><div class="empty" role="status">{inner}</div></main> }.into_any()
}

#[component]
fn Whole(shown: Arc<Shown>, reload: Callback<()>) -> impl IntoView {
    let app = App::get();
    let tab = RwSignal::new(Tab::Content);
    let failed_only = RwSignal::new(false);
    let most = RwSignal::new(history::STEP);
    let amending = RwSignal::new(false);
    let sealing = RwSignal::new(false);
    let viewing = RwSignal::new(false);
    let (photo, zoomed) = (RwSignal::new(0_usize), RwSignal::new(false));
    let open = Callback::new(move |index| {
        zoomed.set(false);
        photo.set(index);
        viewing.set(true);
    });
    let checked = RwSignal::new(Checked::Working(0, shown.photos.len()));
    verify::run(app, &shown, checked);
    let kept = StoredValue::new(shown.clone());
    let amended = Callback::new(move |()| {
        amending.set(false);
        reload.run(());
    });
    let is_inspection = shown.inspection.is_some();
    let sealed = shown.record.is_sealed();
    let matter = shown.record.state().get("procedure").map(|_| shown.record.id().to_string());
    let paper = (shown.record.state().text("kind") == Some(crate::document::KIND)).then(|| shown.record.id().to_string());
    let body = move || {
        let shown = kept.get_value();
        match tab.get() {
            Tab::Content => content::content(&shown, failed_only.get(), lang(), open),
            Tab::History => history::history(&shown, most, lang()),
            Tab::Seals => seals::seals(&shown, lang()),
        }
    };
    let tabs: [(Tab, Word); 3] = [
        (Tab::Content, || office_words().tab_content),
        (Tab::History, || office_words().tab_history),
        (Tab::Seals, || office_words().tab_seals),
    ];
    let head_shown = shown.clone();
    view! {
        <main class="page wide record">
            <div class="record-side">
                {paper::card(head_shown.record.journal())}
                {move || head(&head_shown, lang(), amending, sealing, amended)}
                {is_inspection.then(|| view! { <gate::ApprovalDue shown=kept.get_value() done=reload/> })}
                <div aria-live="polite">{move || verify::card(&checked.get(), lang())}</div>
                {move || is_inspection.then(|| content::facts(&kept.get_value(), lang()))}
            </div>
            <div class="record-main">
                {(is_inspection && sealed).then(|| view! { <HazardsOfCheck record=kept.with_value(|shown| shown.record.id().to_string())/> })}
                {(is_inspection && sealed).then(|| view! { <DocumentsOf record=kept.with_value(|shown| shown.record.id().to_string()) kind="inspection" steps=Vec::new()/> })}
                {paper.clone().map(|id| view! { <a class="btn primary block" href=format!("/doc/{id}")>{move || document_words().open_document}{icon("next")}</a> })}
                {matter.clone().map(|id| view! { <a class="btn primary block" href=format!("/case/{id}")>{move || cases_words().open_case}{icon("next")}</a> })}
                <div class="segmented" role="tablist" aria-label=move || office_words().record>
                    {tabs.into_iter().map(|(this, label)| view! {
                        <button type="button" role="tab" aria-selected=move || (tab.get() == this).to_string() on:click=move |_| tab.set(this)>{label}</button>
                    }).collect_view()}
                </div>
                <Show when=move || is_inspection && tab.get() == Tab::Content>
                    <div class="chips-pick" role="group" aria-label=move || office_words().filter>
                        <button type="button" aria-pressed=move || (!failed_only.get()).to_string() on:click=move |_| failed_only.set(false)>{move || office_words().all_items}</button>
                        <button type="button" aria-pressed=move || failed_only.get().to_string() on:click=move |_| failed_only.set(true)>{move || office_words().failed_items}</button>
                    </div>
                </Show>
                <div class="stack" role="tabpanel">{body}</div>
            </div>
        </main>
        <Sheet open=viewing title=Signal::derive(move || words().photo_view.to_owned())>
            {move || kept.with_value(|shown| photos::viewer(&shown.photos, photo, zoomed, shown.offset_min(), lang()))}
        </Sheet>
        {(is_inspection && sealed).then(|| view! {
            <Sheet open=amending title=Signal::derive(move || office_words().amend.to_owned())>
                <amend::Amend shown=kept.get_value() done=amended/>
            </Sheet>
        })}
    }
}

/// The head: what it is, how far it has come, and what can be done with it.
fn head(shown: &Arc<Shown>, lang: Lang, amending: RwSignal<bool>, sealing: RwSignal<bool>, sealed_again: Callback<()>) -> AnyView {
    let app = App::get();
    let (o, w, summary, state) = (super::words::office::OfficeWords::of(lang), words(), &shown.summary, shown.record.state());
    let (stage, stage_class) = names::stage(summary.stage, lang);
    let id = shown.record.id().to_string();
    let draft = summary.stage == Stage::Draft;
    let inspection = shown.inspection.is_some();
    let writable = app.owner.get();
    let result = state.text("conclusion/result").map(|code| view! { <span class="chip brand">{names::result(code, lang)}</span> });
    let unsealed_amendments = summary.stage == Stage::Amended && has_changes_after_last_seal(shown);
    let again = shown.clone();
    let at = Instant::from_ms(summary.created_ms).minute_text(shown.offset_min());
    view! {
        <section class="card record-head">
            <p class="muted num">{names::kind(&summary.kind, lang)}" · "{at}" · "<span class="mono">{names::short(&id)}</span></p>
            <h2 class="record-title">{summary.title.clone()}</h2>
            <p>{summary.subtitle.clone()}</p>
            <p class="row wrap">
                {inspection.then(|| view! { <span class=stage_class>{stage}</span> })}
                {result}
                {(summary.counts.failed > 0).then(|| view! { <span class="chip bad">{fill(w.n_failed, &[&summary.counts.failed])}</span> })}
                {(summary.conflicts > 0).then(|| view! { <span class="chip warn">{fill(o.conflicts_n, &[&summary.conflicts])}</span> })}
            </p>
            {state.text("voided").map(|reason| fill(w.voided_note, &[&reason])).map(|text| view! { <Notice tone="warn">{text}</Notice> })}
            {origin(shown, lang)}
            <div class="record-acts">
                {(draft && inspection).then(|| view! { <a class="btn primary" href=format!("/check/{id}")>{icon("pen")}{o.go_on}</a> })}
                {inspection.then(|| view! { <a class="btn" href=format!("/record/{id}/print")>{icon("print")}{o.print}</a> })}
                <a class="btn" href=format!("/export?ids={id}")>{icon("export")}{o.export}</a>
                {(inspection && shown.record.is_sealed() && writable).then(|| view! {
                    <button type="button" class="btn" on:click=move |_| amending.set(true)>{icon("pen")}{o.amend}</button>
                })}
                {(unsealed_amendments && writable).then(|| view! {
                    <button type="button" class="btn" disabled=move || sealing.get() on:click=move |_| amend::seal_again(app, again.clone(), sealing, sealed_again)>{icon("lock")}{o.seal_again}</button>
                })}
            </div>
        </section>
    }
    .into_any()
}

fn has_changes_after_last_seal(shown: &Shown) -> bool {
    let timeline = shown.record.journal().timeline();
    timeline.last().is_some_and(|last| !crate::domain::journal::is_seal_path(&last.change.path))
}

/// From whom it came, and when it last left.
fn origin(shown: &Shown, lang: Lang) -> AnyView {
    let o = super::words::office::OfficeWords::of(lang);
    let at = |entry: &LedgerEntry| Instant::from_ms(entry.at_ms).minute_text(shown.offset_min());
    let import = shown.import.as_ref().map(|entry| {
        let who =
            [entry.sender.as_str(), entry.bureau.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        let who = if who.is_empty() { names::short(&entry.device) } else { who };
        view! { <p class="origin">{icon("import")}<span>{fill(o.imported_from, &[&who, &at(entry)])}</span></p> }
    });
    let export = shown
        .export
        .as_ref()
        .map(|entry| view! { <p class="origin">{icon("export")}<span>{fill(o.exported_at, &[&at(entry), &entry.file])}</span></p> });
    view! { {import}{export} }.into_any()
}
