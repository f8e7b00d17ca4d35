//! A bureau's own editions of templates of documents and of procedures: read without trust, held to what the shipped ones are
//! held to, and kept as editions. What was begun keeps the template or procedure that it carries.

use serde_json::Value;

use super::next_version;
use crate::app::assign::edition::digest;
use crate::app::workspace::{AppError, Record, Workspace};
use crate::document::{BlockKind, Shown, Template, TemplateError, places};
use crate::domain::checklist::Condition;
use crate::domain::id::RecordId;
use crate::domain::journal::Journal;
use crate::domain::library::{self, Holding};
use crate::port::clock::Clock;
use crate::port::random::Random;
use crate::port::twin::Store;
use crate::procedure::{Field, FieldKind, Named, Procedure, ProcedureError, Required, StepDef, Tone};

/// The largest file, in bytes; the largest that comes with the app has a fifth of it.
pub const MOST_BYTES: usize = 512 * 1024;
/// Nested arrays and objects.
const DEPTH: usize = 32;
/// The most characters of one text.
const LONGEST: usize = 2_000;
/// The most flaws that are told at once.
const MOST_FLAWS: usize = 40;

/// A template or a procedure.
#[derive(Clone, PartialEq, Debug)]
pub enum Official {
    /// What is printed.
    Template(Box<Template>),
    /// What may be done.
    Procedure(Box<Procedure>),
}

/// What must not lack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Must {
    /// A title on the paper.
    Title,
    /// The bureau in the title.
    Bureau,
    /// The day of issue.
    Day,
    /// A place for the number, where documents are numbered.
    Number,
    /// A series, where a number is printed.
    Series,
    /// What says which document is corrected, and why.
    Correction,
    /// A signature that always must be given.
    Signature,
    /// Photos that always must be there.
    Photos,
    /// The seal of the record.
    Seal,
}

/// Why a file can't be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Flaw {
    /// More bytes than any true file has.
    Large {
        /// How many.
        bytes: usize,
        /// The most.
        limit: usize,
    },
    /// Not JSON.
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Neither a template nor a procedure.
    Schema {
        /// What it says that it is.
        found: String,
    },
    /// Nested too deeply.
    Deep {
        /// The most.
        limit: usize,
    },
    /// A text longer than any true one.
    Long {
        /// Where.
        place: String,
        /// The most characters.
        limit: usize,
    },
    /// Not a template that holds together.
    Template(TemplateError),
    /// Not a procedure that holds together.
    Procedure(ProcedureError),
    /// Something that must be there is not.
    Lacks {
        /// Where.
        place: String,
        /// What.
        what: Must,
    },
    /// A signature that is asked and not printed.
    NotPrinted {
        /// Its name.
        name: String,
    },
    /// A signature, and no field says who gives it.
    NobodySigns {
        /// Where.
        place: String,
    },
    /// A place of a text or a condition names what nobody asks.
    Unknown {
        /// Where.
        place: String,
        /// The name.
        name: String,
    },
    /// A state that is over and does not look so, or the other way round.
    Tone {
        /// The state.
        state: String,
    },
    /// There is no procedure of this name to replace.
    NoSuchProcedure {
        /// The name.
        name: String,
    },
    /// Another kind of record than that of the procedure which it replaces.
    OtherKind {
        /// The kind of the file.
        found: String,
        /// The kind of the procedure.
        expected: String,
    },
    /// A step or an origin that no procedure has.
    NoStep {
        /// The kind of record.
        kind: String,
        /// The step; none when there are no records of the kind.
        step: Option<String>,
    },
    /// A step names a document that there is no template for.
    NoTemplate {
        /// The step.
        step: String,
        /// The document.
        name: String,
    },
    /// Its numbers look like those of another series.
    SameNumbers {
        /// The other document.
        other: String,
    },
}

/// What counts now, and what a file is compared with.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Known {
    /// The templates.
    pub templates: Vec<Shown>,
    /// The procedures.
    pub procedures: Vec<Procedure>,
}

impl Official {
    /// Reads a file and holds it to what needs nothing else: the same by which an edition is held before it is used.
    ///
    /// # Errors
    /// All [`Flaw`]s that were found, at most forty.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<Flaw>> {
        if bytes.len() > MOST_BYTES {
            return Err(vec![Flaw::Large { bytes: bytes.len(), limit: MOST_BYTES }]);
        }
        let value: Value =
            serde_json::from_slice(bytes).map_err(|error| vec![Flaw::Json { line: error.line(), column: error.column() }])?;
        Self::of_value(&value)
    }

    /// As [`Official::read`], of JSON that was read already.
    ///
    /// # Errors
    /// As [`Official::read`].
    pub fn of_value(value: &Value) -> Result<Self, Vec<Flaw>> {
        let mut flaws = Vec::new();
        walk("", value, 0, &mut flaws);
        if !flaws.is_empty() {
            return Err(flaws);
        }
        let bytes = value.to_string();
        let read = match value.get("schema").and_then(Value::as_str).unwrap_or_default() {
            "document/1" => {
                let template = Template::read(bytes.as_bytes()).map_err(|error| vec![Flaw::Template(error)])?;
                flaws.extend(template_flaws(&template));
                Self::Template(Box::new(template))
            }
            "procedure/1" => {
                let procedure = Procedure::read(bytes.as_bytes()).map_err(|error| vec![Flaw::Procedure(error)])?;
                flaws.extend(procedure_flaws(&procedure));
                Self::Procedure(Box::new(procedure))
            }
            found => return Err(vec![Flaw::Schema { found: found.chars().take(60).collect() }]),
        };
        flaws.truncate(MOST_FLAWS);
        if flaws.is_empty() { Ok(read) } else { Err(flaws) }
    }

    /// What does not go together with what counts now.
    #[must_use]
    pub fn against(&self, known: &Known) -> Vec<Flaw> {
        let mut flaws = match self {
            Self::Template(template) => template_against(template, known),
            Self::Procedure(procedure) => procedure_against(procedure, known),
        };
        flaws.truncate(MOST_FLAWS);
        flaws
    }

    /// The file that it stands for.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Template(template) => template_path(&template.id),
            Self::Procedure(procedure) => procedure_path(&procedure.id),
        }
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> &Named {
        match self {
            Self::Template(template) => &template.title,
            Self::Procedure(procedure) => &procedure.title,
        }
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> &str {
        match self {
            Self::Template(template) => &template.version,
            Self::Procedure(procedure) => &procedure.version,
        }
    }

    /// The file, without what this version does not know.
    #[must_use]
    pub fn value(&self) -> Value {
        match self {
            Self::Template(template) => serde_json::to_value(template).unwrap_or_default(),
            Self::Procedure(procedure) => serde_json::to_value(procedure).unwrap_or_default(),
        }
    }

    /// Ready to follow what counts now: where it differs and its version does not, the version counts on.
    #[must_use]
    pub fn following(mut self, now: Option<&Self>) -> Self {
        if let Some(now) = now.filter(|now| now.version() == self.version() && **now != self) {
            let next = next_version(now.version(), true);
            match &mut self {
                Self::Template(template) => template.version = next,
                Self::Procedure(procedure) => procedure.version = next,
            }
        }
        self
    }
}

/// The file of a template.
#[must_use]
pub fn template_path(id: &str) -> String {
    format!("documents/{id}.json")
}

/// The file of a procedure.
#[must_use]
pub fn procedure_path(id: &str) -> String {
    format!("procedures/{id}.json")
}

/// Whether an edition of the bureau's own may be used: one that came in a file from elsewhere is held to the same.
#[must_use]
pub fn usable(holding: &Holding) -> Option<Official> {
    let official = Official::of_value(&holding.value).ok()?;
    (!holding.retired && official.path() == holding.path).then_some(official)
}

fn walk(place: &str, value: &Value, depth: usize, flaws: &mut Vec<Flaw>) {
    if flaws.len() >= MOST_FLAWS {
        return;
    }
    if depth > DEPTH {
        flaws.push(Flaw::Deep { limit: DEPTH });
        return;
    }
    let within = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
    match value {
        Value::String(text) if text.chars().count() > LONGEST => {
            flaws.push(Flaw::Long { place: place.to_owned(), limit: LONGEST });
        }
        Value::Array(all) => all.iter().enumerate().for_each(|(index, one)| walk(&within(&index.to_string()), one, depth + 1, flaws)),
        Value::Object(fields) => fields.iter().for_each(|(name, one)| walk(&within(name), one, depth + 1, flaws)),
        _ => {}
    }
}

/// Texts of a block whose places stand in the data as a whole.
fn texts_of(kind: &BlockKind) -> Vec<&str> {
    match kind {
        BlockKind::Title { text }
        | BlockKind::Heading { text }
        | BlockKind::Para { text, .. }
        | BlockKind::Seal { text }
        | BlockKind::Note { text } => vec![text],
        BlockKind::Rows { rows } => rows.iter().flat_map(|row| [row.label.as_str(), row.value.as_str()]).collect(),
        BlockKind::Table { none, .. } | BlockKind::List { none, .. } => vec![none],
        BlockKind::Number | BlockKind::Photos { .. } | BlockKind::Signatures { .. } | BlockKind::Day | BlockKind::PageBreak => Vec::new(),
    }
}

/// The places of a template: where they stand, and the paths that they name.
fn named_places(template: &Template) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (index, block) in template.blocks.iter().enumerate() {
        let place = format!("blocks.{index}");
        let found = texts_of(&block.kind).into_iter().filter_map(|text| places(text).ok()).flatten();
        all.extend(found.map(|one| (place.clone(), one.path)));
        all.extend(block.when.iter().flat_map(Condition::fields).map(|path| (place.clone(), path.to_owned())));
    }
    for asked in template.fields.iter().filter(|asked| asked.is_text()) {
        let found = asked.preset.iter().filter_map(|preset| places(preset).ok()).flatten();
        all.extend(found.map(|one| (format!("fields.{}", asked.field.id), one.path)));
    }
    all
}

fn template_flaws(template: &Template) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let always = |test: &dyn Fn(&BlockKind) -> bool| template.blocks.iter().any(|block| block.when.is_none() && test(&block.kind));
    let mut must = |there: bool, what: Must| {
        if !there {
            flaws.push(Flaw::Lacks { place: "blocks".to_owned(), what });
        }
    };
    let number = always(&|kind| matches!(kind, BlockKind::Number));
    must(always(&|kind| matches!(kind, BlockKind::Title { .. })), Must::Title);
    must(always(&|kind| matches!(kind, BlockKind::Title { text } if text.contains("{bureau}"))), Must::Bureau);
    must(always(&|kind| matches!(kind, BlockKind::Day)), Must::Day);
    must(number || template.series.is_none(), Must::Number);
    must(!number || template.series.is_some(), Must::Series);
    let corrects = |text: &&str| text.contains("{corrects.reason}");
    must(template.blocks.iter().any(|block| texts_of(&block.kind).iter().any(corrects)), Must::Correction);
    let printed =
        |name: &String| template.blocks.iter().any(|block| matches!(&block.kind, BlockKind::Signatures { of } if of.contains(name)));
    let lost = template.signatures.iter().filter(|asked| !printed(&asked.field.id));
    flaws.extend(lost.map(|asked| Flaw::NotPrinted { name: asked.field.id.clone() }));
    flaws.extend(named_places(template).into_iter().filter_map(|(place, path)| {
        let (root, rest) = path.split_once('.').unwrap_or((&path, ""));
        let field = rest.split('.').next().unwrap_or_default();
        let known = match root {
            "doc" => template.field(field).is_some(),
            "bureau" | "number" | "day" | "kind" | "offset_min" | "findings_text" | "requirements_text" | "basis_text" => rest.is_empty(),
            "unit" | "equipment" | "matter" | "step" | "about" | "codes" | "officers" | "counts" | "corrects" => !rest.is_empty(),
            _ => false,
        };
        (!known).then(|| Flaw::Unknown { place, name: path.clone() })
    }));
    flaws
}

fn template_against(template: &Template, known: &Known) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let of = |kind: &str| known.procedures.iter().find(|procedure| procedure.kind == kind);
    for origin in template.of.iter().filter(|origin| origin.kind != "inspection") {
        let Some(procedure) = of(&origin.kind) else {
            flaws.push(Flaw::NoStep { kind: origin.kind.clone(), step: None });
            continue;
        };
        let strange = origin.steps.iter().filter(|step| procedure.step(step).is_none());
        flaws.extend(strange.map(|step| Flaw::NoStep { kind: origin.kind.clone(), step: Some(step.clone()) }));
    }
    // What is known of a check is no field of a procedure.
    if !template.of.iter().any(|origin| origin.kind == "inspection") {
        let asked = |field: &str| template.of.iter().filter_map(|origin| of(&origin.kind)).any(|one| one.field(field).is_some());
        flaws.extend(named_places(template).into_iter().filter_map(|(place, path)| {
            let (root, field) = path.split_once('.')?;
            let field = field.split('.').next()?;
            let own = root == "codes" && (field == "step" || template.field(field).is_some());
            (["about", "codes"].contains(&root) && !own && !asked(field)).then(|| Flaw::Unknown { place, name: path.clone() })
        }));
    }
    let twin = template.series.as_ref().and_then(|series| {
        let same = |other: &&Shown| other.series.as_ref().is_some_and(|other| other.format == series.format && other.id != series.id);
        known.templates.iter().filter(|other| other.id != template.id).find(same)
    });
    flaws.extend(twin.map(|other| Flaw::SameNumbers { other: other.id.clone() }));
    flaws
}

fn procedure_flaws(procedure: &Procedure) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for state in &procedure.states {
        if state.closed != matches!(state.tone, Tone::Good | Tone::Ended) {
            flaws.push(Flaw::Tone { state: state.id.clone() });
        }
    }
    for step in &procedure.steps {
        flaws.extend(closing_flaws(procedure, step));
    }
    let forms = std::iter::once(("fields".to_owned(), &procedure.fields))
        .chain(procedure.steps.iter().map(|step| (format!("steps.{}", step.id), &step.fields)));
    for (place, form) in forms {
        for field in form {
            let within = format!("{place}.{}", field.id);
            if let FieldKind::Signature { who, .. } = &field.kind {
                let signs = |one: &Field| one.id == *who && matches!(one.kind, FieldKind::Person | FieldKind::Officers { .. });
                if !form.iter().any(signs) {
                    flaws.push(Flaw::NobodySigns { place: within.clone() });
                }
            }
            let required = if let Required::When(when) = &field.required { Some(when) } else { None };
            flaws.extend(field.when.iter().chain(required).filter_map(|when| asks_unknown(procedure, &within, when)));
        }
    }
    let steps = procedure.steps.iter().filter_map(|step| Some((format!("steps.{}", step.id), step.when.as_ref()?)));
    let clocks = procedure.clocks.iter().filter_map(|clock| Some((format!("clocks.{}", clock.id), clock.when.as_ref()?)));
    flaws.extend(steps.chain(clocks).filter_map(|(place, when)| asks_unknown(procedure, &place, when)));
    flaws
}

/// What is over was signed and is sealed; over as wanted, it has photos as evidence as well. All without condition.
fn closing_flaws(procedure: &Procedure, step: &StepDef) -> Vec<Flaw> {
    let Some(state) = step.to.as_ref().and_then(|to| procedure.state(to)).filter(|state| state.closed) else { return Vec::new() };
    let always = |test: &dyn Fn(&FieldKind) -> bool| {
        step.fields.iter().any(|field| field.when.is_none() && field.required == Required::Plain(true) && test(&field.kind))
    };
    let signed = always(&|kind| matches!(kind, FieldKind::Signature { .. }));
    let shown = state.tone != Tone::Good || always(&|kind| matches!(kind, FieldKind::Photos { .. }));
    let all = [(signed, Must::Signature), (shown, Must::Photos), (step.seals, Must::Seal)];
    let lacks = all.into_iter().filter(|(there, _)| !there);
    lacks.map(|(_, what)| Flaw::Lacks { place: format!("steps.{}", step.id), what }).collect()
}

fn asks_unknown(procedure: &Procedure, place: &str, when: &Condition) -> Option<Flaw> {
    let known = |name: &str| match name.split_once('.') {
        Some((part, _)) => ["unit", "equipment", "links"].contains(&part),
        None => name == "state" || procedure.field(name).is_some(),
    };
    let name = when.fields().into_iter().find(|name| !known(name))?;
    Some(Flaw::Unknown { place: place.to_owned(), name: name.to_owned() })
}

fn procedure_against(procedure: &Procedure, known: &Known) -> Vec<Flaw> {
    let Some(now) = known.procedures.iter().find(|one| one.id == procedure.id) else {
        return vec![Flaw::NoSuchProcedure { name: procedure.id.clone() }];
    };
    let mut flaws = Vec::new();
    if now.kind != procedure.kind {
        flaws.push(Flaw::OtherKind { found: procedure.kind.clone(), expected: now.kind.clone() });
    }
    for step in &procedure.steps {
        let made = |name: &String| known.templates.iter().any(|one| one.id == *name && one.is_of(&procedure.kind, Some(&step.id)));
        let lost = step.documents.iter().filter(|name| !made(name));
        flaws.extend(lost.map(|name| Flaw::NoTemplate { step: step.id.clone(), name: name.clone() }));
    }
    flaws
}

impl<S: Store, C: Clock, R: Random> Workspace<S, C, R> {
    /// Keeps a template or a procedure as the next edition of the record for it among `ids`, or as the first one of a new
    /// record. `shipped` is the file that came with the app.
    ///
    /// # Errors
    /// [`AppError`]; then nothing was kept.
    pub async fn publish_official(&self, official: &Official, ids: &[RecordId], shipped: Option<&Value>) -> Result<(), AppError> {
        let known = self.content_record(ids, &official.path()).await?;
        let title = official.title();
        let mut values = library::publish(known.as_ref().map(Record::state), &official.path(), (&title.zh, &title.en), official.value());
        values.extend(shipped.map(|shipped| ("base".to_owned(), Value::from(digest(shipped)))));
        let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
        let mut record = known.unwrap_or_else(|| Record::new(Journal::new(self.new_record_id())));
        self.save(&mut record, &values, None).await?;
        Ok(())
    }
}
