//! Rules for templates of documents.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use spotcheck::document::{BlockKind, Index, Shown, Template, places};
use spotcheck::procedure::FieldKind;

use super::content::{Content, array, text, texts};

/// What a template may name whatever it is made from; a name with a dot at its end stands for all below it.
const KNOWN: &[&str] = &[
    "bureau",
    "number",
    "day",
    "kind",
    "findings_text",
    "requirements_text",
    "basis_text",
    "unit.",
    "equipment.",
    "matter.title",
    "matter.state",
    "matter.opened",
    "step.title",
    "step.day",
    "step.time",
    "step.by",
    "officers.text",
    "counts.findings",
    "counts.equipments",
    "counts.photos",
    "corrects.number",
    "corrects.day",
    "corrects.reason",
];

/// What is known of a check below `about`.
const OF_CHECK: &[&str] = &[
    "inspection_kind",
    "task_source",
    "task",
    "approval_no",
    "started",
    "started_day",
    "day",
    "credentials_shown",
    "purpose_told",
    "rights_told",
    "approved_by",
    "approved_on",
    "urgent",
    "visits",
    "visit_exception",
    "attendant",
    "result",
    "opinion",
    "remark",
    "checklists",
    "items",
    "passed",
    "failed",
    "not_applicable",
    "deadline",
    "recipient",
];

/// The columns of the lists that are known of every source.
const LISTS: &[(&str, &[&str])] = &[
    ("equipments", &["n", "text", "name", "code", "type_code", "cert_no", "place", "next_due"]),
    ("findings", &["n", "text", "item", "finding", "requirement", "basis", "severity", "deadline", "equipment", "measure"]),
    ("items", &["n", "item", "equipment", "verdict"]),
    ("photos", &["n", "id", "caption", "time", "place", "source", "sha256", "original_sha256", "size"]),
    ("officers.list", &["n", "name", "cert_no"]),
];

/// The templates, by the name of their file without its ending.
fn all(content: &Content) -> impl Iterator<Item = (&str, &Value)> {
    content.files.iter().filter_map(|(path, value)| Some((path.strip_prefix("documents/")?.strip_suffix(".json")?, value)))
}

fn read(content: &Content) -> impl Iterator<Item = (&str, Template)> {
    all(content).filter_map(|(name, value)| Some((name, Template::read(value.to_string().as_bytes()).ok()?)))
}

fn procedures(content: &Content) -> impl Iterator<Item = &Value> {
    content.files.iter().filter(|(path, _)| path.starts_with("procedures/")).map(|(_, value)| value)
}

/// The program reads them, each stands in the file of its name, and no two count in one series by accident.
pub fn readable(content: &Content) -> Vec<String> {
    let (mut faults, mut formats) = (Vec::new(), BTreeMap::new());
    for (name, value) in all(content) {
        match Template::read(value.to_string().as_bytes()) {
            Ok(template) if template.id != name => faults.push(format!("{name}: id {}", template.id)),
            Ok(template) => {
                if let Some(series) = template.series {
                    let id = series.id.clone();
                    // The same printed number in two series would be one number for two documents.
                    if let Some(other) = formats.insert(series.format, id.clone()).filter(|other| *other != id) {
                        faults.push(format!("{name}: numbers of {id} look like those of {other}"));
                    }
                }
            }
            Err(error) => faults.push(format!("{name}: {error}")),
        }
    }
    faults
}

/// The overview shows each as it is, once.
pub fn index(content: &Content) -> Vec<String> {
    let Ok(index) = serde_json::from_value::<Index>(content.file("document-index.json").clone()) else {
        return vec!["the overview can't be read".to_owned()];
    };
    let shown: Vec<&str> = index.documents.iter().map(|shown| shown.id.as_str()).collect();
    let once = |id: &str| shown.iter().filter(|other| **other == id).count() == 1;
    let known: BTreeMap<&str, Template> = read(content).collect();
    let mut faults: Vec<String> = known.keys().filter(|id| !once(id)).map(|id| format!("{id} is not shown once")).collect();
    let differs = |shown: &&Shown| known.get(shown.id.as_str()).map(Shown::of_template).as_ref() != Some(*shown);
    faults.extend(index.documents.iter().filter(differs).map(|shown| format!("{} is not shown as it is", shown.id)));
    faults
}

/// A reference to a law that was not read says so, and what counts as verified rests on no such law.
pub fn verified(content: &Content) -> Vec<String> {
    let laws = array(content.file("basis.json"), "basis").iter();
    let read: BTreeSet<&str> = laws.filter(|law| text(law, "checked") == "source").map(|law| text(law, "id")).collect();
    let mut faults = Vec::new();
    for (name, template) in all(content) {
        let open = |basis: &&Value| basis.get("verify") == Some(&Value::Bool(true));
        let basis = array(template, "basis");
        let unsaid = basis.iter().filter(|basis| !open(basis) && !read.contains(text(basis, "ref")));
        faults.extend(unsaid.map(|basis| format!("{name}: {} was not read", text(basis, "ref"))));
        if template.get("verified") == Some(&Value::Bool(true)) && basis.iter().any(|basis| open(&basis)) {
            faults.push(format!("{name}: verified by what is not"));
        }
    }
    faults
}

/// Templates are made from steps that there are, and every step finds the templates that it names.
pub fn origins(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    let by_kind: BTreeMap<&str, &Value> = procedures(content).map(|procedure| (text(procedure, "kind"), procedure)).collect();
    let templates: BTreeMap<&str, Template> = read(content).collect();
    for (name, template) in &templates {
        for origin in template.of.iter().filter(|origin| origin.kind != "inspection") {
            let Some(procedure) = by_kind.get(origin.kind.as_str()) else {
                faults.push(format!("{name}: there are no records of kind {}", origin.kind));
                continue;
            };
            let known: Vec<&str> = array(procedure, "steps").iter().map(|step| text(step, "id")).collect();
            let strange = origin.steps.iter().filter(|step| !known.contains(&step.as_str()));
            faults.extend(strange.map(|step| format!("{name}: {} has no step {step}", origin.kind)));
        }
    }
    for (kind, procedure) in &by_kind {
        for step in array(procedure, "steps") {
            for document in texts(step, "documents") {
                if !templates.get(document).is_some_and(|template| template.is_of(kind, Some(text(step, "id")))) {
                    faults.push(format!("{kind}.{}: no template {document} for it", text(step, "id")));
                }
            }
            // A number that flows back is one of a series.
            if let Some(numbered) = step.get("numbered") {
                let by = if numbered.get("by").is_some() { texts(numbered, "by") } else { texts(step, "documents") };
                let without = by.into_iter().filter(|one| templates.get(*one).is_none_or(|template| template.series.is_none()));
                faults.extend(without.map(|one| format!("{kind}.{}: {one} has no number to give", text(step, "id"))));
            }
        }
    }
    faults
}

/// The fields that are surely answered when a document is made from each of its origins; none for a check.
fn asked<'a>(content: &'a Content, template: &Template) -> Vec<(String, Vec<&'a Value>, Vec<&'a Value>)> {
    let mut origins = Vec::new();
    for procedure in procedures(content) {
        for origin in template.of.iter().filter(|origin| origin.kind == text(procedure, "kind")) {
            let head: Vec<&Value> = array(procedure, "fields").iter().collect();
            let steps = array(procedure, "steps");
            let every: Vec<&Value> = head.iter().copied().chain(steps.iter().flat_map(|step| array(step, "fields"))).collect();
            if origin.steps.is_empty() {
                origins.push((origin.kind.clone(), head, every));
                continue;
            }
            for step in steps.iter().filter(|step| origin.steps.iter().any(|name| name == text(step, "id"))) {
                let own = head.iter().copied().chain(array(step, "fields")).collect();
                origins.push((format!("{}.{}", origin.kind, text(step, "id")), own, every.clone()));
            }
        }
    }
    origins
}

/// Every place of a text is known; what must be there was asked and had to be answered.
pub fn known_places(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, template) in read(content) {
        let origins = asked(content, &template);
        let of_check = template.of.iter().any(|origin| origin.kind == "inspection");
        let mut check = |place: &str, path: &str, must: bool| {
            if let Some(problem) = fault_of(&template, &origins, of_check, path, must) {
                faults.push(format!("{name}.{place}: {path} {problem}"));
            }
        };
        for (index, block) in template.blocks.iter().enumerate() {
            let place = format!("blocks.{index}");
            // What is printed under a condition may rest on it.
            let must = block.when.is_none();
            for one in block.when.iter().flat_map(|when| when.fields()) {
                check(&place, one, false);
            }
            for words in texts_of(&block.kind) {
                places(words).unwrap().iter().for_each(|one| check(&place, &one.path, must && !one.optional));
            }
        }
        for asked in template.fields.iter().chain(&template.signatures) {
            for preset in &asked.preset {
                let place = format!("fields.{}", asked.field.id);
                if asked.is_text() {
                    places(preset).unwrap().iter().for_each(|one| check(&place, &one.path, false));
                } else if !is_raw(&origins, of_check, preset, &asked.field.kind) {
                    check(&place, &format!("{preset} (a value)"), false);
                }
            }
        }
        for (each, words) in rows_of(&template) {
            let columns = columns_of(&template, &origins, each);
            if columns.is_empty() {
                faults.push(format!("{name}: there is no list {each}"));
            }
            let strange = places(words).unwrap().into_iter().filter(|one| !columns.contains(&one.path));
            faults.extend(strange.map(|one| format!("{name}: rows of {each} have no {}", one.path)));
        }
    }
    faults
}

type Origins<'a> = [(String, Vec<&'a Value>, Vec<&'a Value>)];

fn fault_of(template: &Template, origins: &Origins<'_>, of_check: bool, path: &str, must: bool) -> Option<&'static str> {
    let (root, rest) = path.split_once('.').unwrap_or((path, ""));
    let (field, part) = rest.split_once('.').unwrap_or((rest, ""));
    let has = |fields: &[&Value], required: bool| {
        fields.iter().any(|one| {
            let surely = one.get("required") == Some(&Value::Bool(true)) && one.get("when").is_none();
            text(one, "id") == field && (!required || surely)
        })
    };
    match root {
        "doc" => {
            let Some(own) = template.field(field) else { return Some("is no field of it") };
            let parts: &[&str] = match own.field.kind {
                FieldKind::Person => &["", "text", "name", "post", "phone"],
                FieldKind::Officers { .. } | FieldKind::Rows { .. } => &["text", "list"],
                _ => &[""],
            };
            (!parts.contains(&part)).then_some("has no such part")
        }
        "about" => {
            let known = of_check && OF_CHECK.contains(&field) || origins.iter().any(|(_, _, every)| has(every, false));
            let sure = origins.iter().all(|(_, own, _)| has(own, true)) && (!of_check || OF_CHECK.contains(&field));
            if !known {
                Some("is asked nowhere")
            } else if must && !sure {
                Some("may lack")
            } else {
                None
            }
        }
        "codes" => {
            let own = template.field(field).is_some() || field == "step";
            (!own && !origins.iter().any(|(_, _, every)| has(every, false))).then_some("is asked nowhere")
        }
        _ => {
            let known = KNOWN.iter().any(|known| path == *known || known.ends_with('.') && path.starts_with(known));
            (!known).then_some("is not known")
        }
    }
}

/// Whether a value of this type stands there in some source.
fn is_raw(origins: &Origins<'_>, of_check: bool, path: &str, kind: &FieldKind) -> bool {
    let (root, field) = path.split_once('.').unwrap_or((path, ""));
    let wanted = serde_json::to_value(kind).unwrap();
    let of_type = |one: &&&Value| text(one, "id") == field && text(one, "type") == text(&wanted, "type");
    match root {
        "officers" => matches!(kind, FieldKind::Officers { .. }),
        "visit" => of_check && ["officer1", "officer2", "unit"].contains(&field),
        "about" => {
            let of_check = of_check && ["deadline", "started", "recipient"].contains(&field);
            of_check || origins.iter().any(|(_, _, every)| every.iter().any(|one| of_type(&one)))
        }
        "step" => origins.iter().any(|(_, _, every)| every.iter().any(|one| of_type(&one))),
        _ => false,
    }
}

/// The texts of a block whose places stand in the data as a whole.
fn texts_of(kind: &BlockKind) -> Vec<&str> {
    match kind {
        BlockKind::Title { text }
        | BlockKind::Heading { text }
        | BlockKind::Para { text, .. }
        | BlockKind::Seal { text }
        | BlockKind::Note { text } => {
            vec![text]
        }
        BlockKind::Rows { rows } => rows.iter().flat_map(|row| [row.label.as_str(), row.value.as_str()]).collect(),
        BlockKind::Table { none, .. } | BlockKind::List { none, .. } => vec![none],
        BlockKind::Number | BlockKind::Photos { .. } | BlockKind::Signatures { .. } | BlockKind::Day | BlockKind::PageBreak => Vec::new(),
    }
}

/// The texts whose places stand in rows, each with its list.
fn rows_of(template: &Template) -> Vec<(&str, &str)> {
    let mut rows = Vec::new();
    for block in &template.blocks {
        match &block.kind {
            BlockKind::Table { each, columns, .. } => rows.extend(columns.iter().map(|column| (each.as_str(), column.value.as_str()))),
            BlockKind::List { each, text, .. } => rows.push((each.as_str(), text.as_str())),
            _ => {}
        }
    }
    rows
}

fn columns_of(template: &Template, origins: &Origins<'_>, each: &str) -> Vec<String> {
    if let Some((_, columns)) = LISTS.iter().find(|(list, _)| *list == each || each.starts_with("pictures.") && *list == "photos") {
        return columns.iter().map(|column| (*column).to_owned()).collect();
    }
    let own = each.strip_prefix("doc.").and_then(|rest| rest.strip_suffix(".list")).and_then(|field| template.field(field));
    let columns = match own.map(|asked| &asked.field.kind) {
        Some(FieldKind::Rows { columns }) => columns.iter().map(|column| column.id.clone()).collect(),
        Some(FieldKind::Officers { .. }) => vec!["name".to_owned(), "cert_no".to_owned()],
        _ => {
            let field = each.strip_prefix("about.").and_then(|rest| rest.strip_suffix(".list")).unwrap_or_default();
            let found = origins.iter().flat_map(|(_, _, every)| every).find(|one| text(one, "id") == field && text(one, "type") == "rows");
            found.map(|one| array(one, "columns").iter().map(|column| text(column, "id").to_owned()).collect()).unwrap_or_default()
        }
    };
    let more = if columns.is_empty() { Vec::new() } else { vec!["n".to_owned(), "text".to_owned()] };
    columns.into_iter().chain(more).collect()
}

/// What every document has: who issues it, its number, its day, signatures, and what it corrects, where it does.
pub fn whole(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, template) in read(content) {
        let mut say = |problem: &str| faults.push(format!("{name}: {problem}"));
        let has = |test: &dyn Fn(&BlockKind) -> bool| template.blocks.iter().any(|block| block.when.is_none() && test(&block.kind));
        if !has(&|kind| matches!(kind, BlockKind::Title { .. })) || !has(&|kind| matches!(kind, BlockKind::Day)) {
            say("no title or no day");
        }
        if has(&|kind| matches!(kind, BlockKind::Number)) != template.series.is_some() {
            say("a number and no series, or the other way round");
        }
        if !has(&|kind| matches!(kind, BlockKind::Title { text } if text.contains("{bureau}"))) {
            say("nobody issues it");
        }
        let corrects = template
            .blocks
            .iter()
            .any(|block| block.when.is_some() && texts_of(&block.kind).iter().any(|text| text.contains("{corrects.reason}")));
        if !corrects {
            say("a correction does not name what it corrects");
        }
        let signed: BTreeSet<&String> = template
            .blocks
            .iter()
            .flat_map(|block| if let BlockKind::Signatures { of } = &block.kind { of.as_slice() } else { &[] })
            .collect();
        if let Some(lost) = template.signatures.iter().find(|asked| !signed.contains(&asked.field.id)) {
            say(&format!("{} is not printed", lost.field.id));
        }
        for asked in &template.fields {
            let id = format!("doc.{}", asked.field.id);
            let named = |text: &str| places(text).unwrap().iter().any(|one| one.path == id || one.path.starts_with(&format!("{id}.")));
            let asked_for = template.blocks.iter().any(|block| {
                let condition = block.when.iter().flat_map(|when| when.fields()).any(|field| field == format!("codes.{}", asked.field.id));
                condition || texts_of(&block.kind).into_iter().any(named)
            });
            // Who signs is printed with the signature.
            let signs =
                template.signatures.iter().any(|one| matches!(&one.field.kind, FieldKind::Signature { who, .. } if *who == asked.field.id));
            let listed = rows_of(&template).iter().any(|(each, _)| *each == format!("{id}.list"));
            if !asked_for && !listed && !signs {
                say(&format!("{} is asked and not printed", asked.field.id));
            }
        }
    }
    faults
}

/// What is printed has Chinese punctuation.
pub fn punctuation(content: &Content) -> Vec<String> {
    let is_han = |c: &char| ('\u{3400}'..='\u{9fff}').contains(c);
    let mut faults = Vec::new();
    for (name, template) in read(content) {
        let rows: Vec<&str> = rows_of(&template).into_iter().map(|(_, words)| words).collect();
        for words in template.blocks.iter().flat_map(|block| texts_of(&block.kind)).chain(rows) {
            let chars: Vec<char> = words.chars().collect();
            let beside = |at: usize| at > 0 && is_han(&chars[at - 1]) || chars.get(at + 1).is_some_and(is_han);
            if chars.iter().enumerate().any(|(at, c)| ",;:!()".contains(*c) && beside(at)) {
                faults.push(format!("{name}: Western punctuation in {words}"));
            }
        }
    }
    faults
}
