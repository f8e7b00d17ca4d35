//! Documents and ranges of numbers, read from the store together.

use crate::app::document::{self, Handout};
use crate::app::library::Changes;
use crate::app::workspace::{AppError, Record};
use crate::document::register::{self, Given, Range};
use crate::document::{Document, KIND, RANGE_KIND, Source, Template};
use crate::domain::id::RecordId;
use crate::domain::inspection::{Inspection, Summary};
use crate::domain::journal::Journal;
use crate::port::twin::StoreError;
use crate::procedure::Case;
use crate::ui::pen::Pen;
use crate::ui::state::App;
use crate::ui::words::cases_words;

use super::ctx::DocCtx;
use super::terms::Terms;

/// How many records are read in one step.
const STEP: usize = 64;

/// All that numbers are counted by.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Numbers {
    /// Ranges that the office has given.
    pub ranges: Vec<Range>,
    /// Numbers that documents were given.
    pub given: Vec<Given>,
    /// Drafts that were given up, with the reason: they never had a number.
    pub given_up: Vec<(String, String)>,
}

impl App {
    async fn records(self, wanted: impl Fn(&Summary) -> bool) -> Result<Vec<Record>, StoreError> {
        let chosen = |all: &Vec<Summary>| all.iter().filter(|one| wanted(one)).filter_map(|one| RecordId::parse(&one.id).ok()).collect();
        let ids: Vec<RecordId> = leptos::prelude::WithUntracked::with_untracked(&self.summaries, chosen);
        let workspace = self.workspace();
        let mut found = Vec::new();
        for part in ids.chunks(STEP) {
            found.extend(workspace.load_many(part).await?.into_iter().flatten());
        }
        Ok(found)
    }
}

/// The ranges and all numbers that were given on any device, as far as they are known here.
///
/// # Errors
/// [`StoreError`] when the store can't be read: a number must not be given then.
pub async fn numbers(app: App) -> Result<Numbers, StoreError> {
    let mut numbers = Numbers::default();
    for record in app.records(|one| one.kind == KIND || one.kind == RANGE_KIND).await? {
        numbers.ranges.extend(Range::read(record.id().as_str(), record.state()));
        numbers.given.extend(register::given(record.journal(), record.state()));
        numbers.given_up.extend(register::given_up(record.state()).map(|reason| (record.id().to_string(), reason)));
    }
    Ok(numbers)
}

/// The documents made from a record, the latest first.
pub async fn documents_of(app: App, record: &str) -> Vec<(String, Document)> {
    // The id of the source stands among the words to find a document by.
    let found = app.records(|one| one.kind == KIND && one.search.contains(record)).await.unwrap_or_default();
    let read = |record: &Record| Some((record.id().to_string(), Document::read(record.state())?));
    let mut all: Vec<(String, Document)> = found.iter().filter_map(read).collect();
    let from = |document: &Document| document.of.as_ref().and_then(|of| of.get("record")?.as_str()) == Some(record);
    all.retain(|(_, document)| from(document));
    all.sort_by(|(a, _), (b, _)| b.cmp(a));
    all
}

/// What a record says that a document is made from; none when it is neither a check nor a matter.
pub async fn source(app: App, record: &str, step: Option<&str>) -> Result<Source, AppError> {
    let id = RecordId::parse(record).map_err(|_| AppError::NoRecord)?;
    let found = app.workspace().load(&id).await?;
    let terms = Terms::fetch().await;
    let names = |term: crate::document::words::Term<'_>| terms.name(term);
    let mut source = match Case::read(found.state()) {
        Some(case) => crate::document::data::of_matter(&case, found.state(), record, step, &names),
        None => {
            let visit = Inspection::read(found.state()).map_err(|_| AppError::NoRecord)?;
            crate::document::data::of_inspection(&visit, found.state(), record, &names)
        }
    };
    let own = leptos::prelude::WithUntracked::with_untracked(&app.prefs, |prefs| prefs.bureau.clone());
    if let Some(bureau) = source.data.get_mut("bureau").filter(|bureau| bureau.as_str().is_none_or(|text| text.trim().is_empty())) {
        *bureau = own.into();
    }
    Ok(source)
}

/// Makes a record with these changes; returns its id.
///
/// # Errors
/// [`AppError`] when it could not be kept.
pub async fn create(app: App, changes: &Changes) -> Result<RecordId, AppError> {
    let workspace = app.workspace();
    let mut record = Record::new(Journal::new(workspace.new_record_id()));
    let values: Vec<(&str, serde_json::Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    workspace.save(&mut record, &values, None).await?;
    app.after_save();
    app.refresh().await;
    Ok(record.id().clone())
}

/// Begins a document from a record.
///
/// # Errors
/// [`AppError`] when the source can't be read or the document could not be kept.
pub async fn begin(app: App, template: &Template, record: &str, step: Option<&str>) -> Result<RecordId, AppError> {
    let source = source(app, record, step).await?;
    create(app, &document::begin(template, &source)).await
}

/// Tells the step that a document was made for its number, or that it was withdrawn; nothing where the matter is not here.
///
/// # Errors
/// [`AppError`] when the matter could not be kept.
pub async fn tell_step(ctx: DocCtx) -> Result<(), AppError> {
    let Some(document) = leptos::prelude::GetUntracked::get_untracked(&ctx.document) else { return Ok(()) };
    let source =
        document.of.as_ref().filter(|of| of.get("step").is_some()).and_then(|of| RecordId::parse(of.get("record")?.as_str()?).ok());
    let Some(source) = source else { return Ok(()) };
    let pen = match Pen::on(ctx.app, &source).await {
        Err(AppError::NoRecord) => return Ok(()),
        other => other?,
    };
    let id = ctx.pen.id().to_string();
    let changes = pen.with_state(|state| document::tell_step(&id, &document, state));
    if !changes.is_empty() {
        pen.write_because(&changes, Some(cases_words().numbered))?;
        pen.session().flush().await;
    }
    Ok(())
}

/// Voids a number that a device counted by itself, in the record that is there for it, else in a new one.
///
/// # Errors
/// As [`create`].
pub async fn void_own(app: App, series: &str, year: i32, tag: &str, n: u32, reason: &str) -> Result<(), AppError> {
    let numbers = numbers(app).await.map_err(AppError::Store)?;
    let known = numbers.ranges.iter().find(|one| one.series == series && one.year == year && one.tag.as_deref() == Some(tag));
    let known = known.and_then(|one| RecordId::parse(&one.id).ok());
    match known {
        Some(id) => Pen::on(app, &id).await?.keep(&document::void([n], reason)).await,
        None => {
            let mut changes = document::own_voids(series, year, tag);
            changes.extend(document::void([n], reason));
            create(app, &changes).await.map(|_| ())
        }
    }
}

/// Hands out a range of numbers, in a record of its own.
///
/// # Errors
/// As [`create`].
pub async fn give(app: App, handout: &Handout) -> Result<RecordId, AppError> {
    create(app, &document::give_range(handout)).await
}
