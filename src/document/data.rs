//! What is known of the source of a document: a plain JSON object that texts of templates name by its paths.
//!
//! | path | value |
//! |---|---|
//! | `kind` | the kind of the source record |
//! | `bureau` | the bureau |
//! | `offset_min` | offset of the local time of the source, in minutes |
//! | `unit.<field>`, `equipment.<field>` | as in the source; `equipment` is the first piece |
//! | `equipments[]` | `{n, name, code, type_code, cert_no, place, next_due, text}` |
//! | `matter.{title,state,opened}` | of a matter: its procedure, where it stands, the day when it began |
//! | `step.{title,day,time,by}` | the step that the document belongs to |
//! | `about.<field>` | the fields of a matter in words, each as it stands at that step; of a check see [`of_inspection`] |
//! | `codes.<field>` | the same as codes, booleans and numbers, for conditions; `codes.step` is the step's name |
//! | `officers.{text,list[]}` | who inspects |
//! | `findings[]` | `{n, item, finding, requirement, basis, severity, deadline, equipment, measure, text}` |
//! | `items[]` | of a check: `{n, item, equipment, verdict}`, kept where a template lists them |
//! | `findings_text`, `requirements_text`, `basis_text` | all of them in one text, line by line |
//! | `counts.{findings,equipments}` | how many there are |
//!
//! A document adds, see [`super::Document::values`]: `doc.<field>` (its own answers; they replace the codes of the same
//! name), `photos[]` and `pictures.<field>[]` (`{n, id, caption, time, place, source, sha256, original_sha256, size}`),
//! `counts.photos`, `signatures.<name>`, `corrects.{number,day,reason}`, and once issued `number` and `day`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::words::{self, Names, Term, officers};
use crate::domain::checklist::{BasisRef, Severity, Verdict};
use crate::domain::content::Lang;
use crate::domain::inspection::{self, Inspection, Subject};
use crate::domain::journal::State;
use crate::domain::time::CivilDate;
use crate::procedure::{Case, Field, FieldKind, StepDef, answers_of, field_path, photo_item, photos_of};

/// A photo of the source.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Picture {
    /// Its id, the same in the document.
    pub id: String,
    /// The field or question that it belongs to.
    pub field: String,
    /// The value at `photos/<id>`.
    pub value: Value,
    /// What it shows; what its field is called where nobody wrote anything.
    pub caption: String,
    /// What was drawn on it.
    pub marks: Option<Value>,
}

/// What a document is made from.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Source {
    /// The snapshot.
    pub data: Value,
    /// Answers as records hold them, by path: `about.deadline`, `officers`, `step.sign_unit`, `visit.unit`. What fields begin with.
    pub raw: BTreeMap<String, Value>,
    /// Its photos.
    pub pictures: Vec<Picture>,
    /// What the document links to: `{"record":…,"kind":…,"title":…,"step":…}`.
    pub link: Value,
    /// Fields with personal data: a document keeps only those that it prints.
    pub private: Vec<String>,
}

/// How documents call the law that a reference names.
fn reference(basis: &BasisRef, names: Names<'_>) -> String {
    let law = names(Term::Law(&basis.basis)).unwrap_or_else(|| basis.basis.clone());
    let mark = if basis.verify { "（未核实）" } else { "" };
    format!("《{law}》{}{mark}", basis.article.as_deref().unwrap_or_default())
}

/// The fields of a part of a record: texts as they are, numbers and booleans too.
fn fields_at(state: &State, base: &str) -> Map<String, Value> {
    let plain = |value: &Value| !value.is_object() && !value.is_array() && value.as_str() != Some("");
    let here = state.under(base).filter(|(path, cell)| !path.contains('/') && plain(&cell.value));
    here.map(|(path, cell)| (path.to_owned(), cell.value.clone())).collect()
}

/// The snapshot of a matter, at one of its steps (by its id in the record) or as a whole. `record` is its id.
#[must_use]
pub fn of_matter(case: &Case, state: &State, record: &str, step: Option<&str>, names: Names<'_>) -> Source {
    let def = step.and_then(|id| state.text(&format!("steps/{id}/step"))).and_then(|name| case.procedure.step(name));
    let offset_min = case.opened.map_or(0, |(_, offset)| offset);
    let (mut about, mut codes, mut raw) = (Map::new(), Map::new(), BTreeMap::new());
    let steps = case.procedure.steps.iter().flat_map(|step| &step.fields);
    for field in steps.chain(&case.procedure.fields) {
        // Several steps may call different things by one name; that of this step says what is meant.
        let own = def.and_then(|def| def.fields.iter().find(|other| other.id == field.id)).unwrap_or(field);
        let Some(value) = case.value(state, step, &field.id) else { continue };
        // Why the same people did it is printed only where they did.
        let is_reason = def.is_some_and(|def| def.fresh_eyes_unless.as_ref() == Some(&field.id));
        if matches!(own.kind, FieldKind::Signature { .. }) || (is_reason && !case.asks(state, step, own)) {
            continue;
        }
        raw.insert(format!("about.{}", field.id), value.clone());
        if let Some(words) = words::answer(own, value, names) {
            about.insert(field.id.clone(), words);
        }
        if has_code(&own.kind) {
            codes.insert(field.id.clone(), value.clone());
        }
    }
    // Signatures count for the step that they were given for alone.
    for (field, value) in step.into_iter().flat_map(|id| answers_of(state, id)) {
        raw.insert(format!("step.{field}"), value.clone());
    }
    if let Some(def) = def {
        codes.insert("step".to_owned(), Value::from(def.id.clone()));
    }
    let inspectors = officers_of(case, state, step, def);
    let finding = finding_of(&about, &codes, names);
    let equipment = fields_at(state, "equipment");
    let equipments: Vec<Value> = if equipment.is_empty() { Vec::new() } else { vec![machine(0, &equipment)] };
    let mut data = json!({
        "kind": case.procedure.kind,
        "bureau": state.text("bureau").unwrap_or_default(),
        "offset_min": offset_min,
        "unit": fields_at(state, "unit"),
        "equipment": equipment,
        "equipments": equipments,
        "matter": {
            "title": case.procedure.title.zh,
            "state": case.procedure.state(&case.state).map(|state| state.name.zh.clone()),
            "opened": case.opened.map(|(at, offset)| words::day(at.date(offset))),
        },
        "about": about,
        "codes": codes,
    });
    if let Some(value) = &inspectors {
        put(&mut data, "officers", officers(value).unwrap_or_default());
        raw.insert("officers".to_owned(), value.clone());
    }
    if let Some(def) = def {
        let done = case.done.iter().find(|done| Some(done.id.as_str()) == step);
        let told = json!({
            "title": def.name.zh,
            "day": done.map(|done| words::day(done.day())),
            "time": done.map(|done| words::minute(done.at, done.offset_min)),
            "by": done.map(|done| done.by.clone()),
        });
        put(&mut data, "step", told);
    }
    put_findings(&mut data, finding.into_iter().collect());
    let headline = case.value(state, step, &case.procedure.headline).and_then(Value::as_str).unwrap_or_default();
    let mut link = json!({"record": record, "kind": case.procedure.kind, "title": headline});
    if let Some(id) = step {
        put(&mut link, "step", Value::from(id));
    }
    let fields = case.procedure.steps.iter().flat_map(|step| &step.fields).chain(&case.procedure.fields);
    let private = fields.filter(|field| field.private).map(|field| field.id.clone()).collect();
    Source { data, raw, pictures: pictures_of(case, state, step), link, private }
}

fn has_code(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Yes | FieldKind::Choice { .. } | FieldKind::Choices { .. } | FieldKind::Number { .. })
}

fn put(data: &mut Value, name: &str, value: Value) {
    if let Some(fields) = data.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

/// Who did the step, else who had done one before, else who began the matter.
fn officers_of(case: &Case, state: &State, step: Option<&str>, def: Option<&StepDef>) -> Option<Value> {
    let is_officers = |field: &&Field| matches!(field.kind, FieldKind::Officers { .. });
    let own = def.into_iter().flat_map(|def| &def.fields).filter(is_officers);
    let own = own.filter_map(|field| state.get(&field_path(step, &field.id))).next();
    let all = case.procedure.fields.iter().chain(case.procedure.steps.iter().flat_map(|step| &step.fields)).filter(is_officers);
    own.or_else(|| all.filter_map(|field| case.value(state, step, &field.id)).next()).cloned()
}

/// The one finding of a matter that is about one.
fn finding_of(about: &Map<String, Value>, codes: &Map<String, Value>, names: Names<'_>) -> Option<Value> {
    let text = |name: &str| about.get(name).and_then(Value::as_str).unwrap_or_default();
    let yes = |name: &str| codes.get(name) == Some(&Value::Bool(true));
    let finding = Some(text("description")).filter(|finding| !finding.is_empty())?;
    let severity = if yes("major") {
        Severity::Major
    } else if yes("serious") {
        Severity::Serious
    } else {
        Severity::General
    };
    Some(json!({
        "n": 1,
        "finding": finding,
        "requirement": text("requirement"),
        "basis": text("basis"),
        "severity": names(Term::Severity(severity)).unwrap_or_else(|| severity.name().to_owned()),
        "deadline": text("deadline"),
        "equipment": text("place"),
    }))
}

fn put_findings(data: &mut Value, mut findings: Vec<Value>) {
    let all = |name: &str| -> String {
        let mut lines: Vec<String> = Vec::new();
        for (index, one) in findings.iter().enumerate() {
            let text = one.get(name).and_then(Value::as_str).unwrap_or_default();
            let line = if findings.len() > 1 { format!("{}．{text}", index + 1) } else { text.to_owned() };
            if !text.is_empty() {
                lines.push(line);
            }
        }
        lines.join("\n")
    };
    let mut laws: Vec<&str> = Vec::new();
    for law in findings.iter().filter_map(|one| one.get("basis")?.as_str()).flat_map(str::lines) {
        if !law.is_empty() && !laws.contains(&law) {
            laws.push(law);
        }
    }
    let (basis, finding, requirement) = (laws.join("\n"), all("finding"), all("requirement"));
    for one in &mut findings {
        let text = one.get("finding").cloned().unwrap_or_default();
        put(one, "text", text);
    }
    put(data, "findings_text", Value::from(finding));
    put(data, "requirements_text", Value::from(requirement));
    put(data, "basis_text", Value::from(basis));
    let counts = json!({"findings": findings.len(), "equipments": data.get("equipments").and_then(Value::as_array).map_or(0, Vec::len)});
    put(data, "counts", counts);
    put(data, "findings", Value::Array(findings));
}

fn machine(index: usize, fields: &Map<String, Value>) -> Value {
    let mut fields = fields.clone();
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let named = [text("name"), text("code")].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    let place = text("place");
    let words = if place.is_empty() { named.to_owned() } else { format!("{named}（{place}）") };
    fields.insert("text".to_owned(), Value::from(words));
    fields.insert("n".to_owned(), Value::from(index + 1));
    Value::Object(fields)
}

/// The photos of a matter: those of what it is about and of the step; of all steps that count where none is named.
fn pictures_of(case: &Case, state: &State, step: Option<&str>) -> Vec<Picture> {
    let mut pictures = Vec::new();
    let mut take = |step: Option<&str>, fields: &[Field]| {
        for field in fields.iter().filter(|field| matches!(field.kind, FieldKind::Photos { .. })) {
            for id in photos_of(state, &photo_item(step, &field.id)) {
                pictures.extend(picture(state, id, &field.id, &field.name.zh));
            }
        }
    };
    take(None, &case.procedure.fields);
    match step {
        Some(id) => {
            let def = state.text(&format!("steps/{id}/step")).and_then(|name| case.procedure.step(name));
            take(Some(id), def.map_or(&[], |def| &def.fields));
        }
        None => {
            for done in case.done.iter().filter(|done| !done.misfit) {
                take(Some(&done.id), case.procedure.step(&done.step).map_or(&[], |def| &def.fields));
            }
        }
    }
    pictures
}

fn picture(state: &State, id: &str, field: &str, label: &str) -> Option<Picture> {
    let value = state.get(&format!("photos/{id}"))?.clone();
    let caption = state.text(&format!("photos/{id}/caption")).filter(|caption| !caption.trim().is_empty()).unwrap_or(label);
    let marks = state.get(&format!("photos/{id}/marks")).cloned();
    Some(Picture { id: id.to_owned(), field: field.to_owned(), value, caption: caption.to_owned(), marks })
}

/// The snapshot of a check. `record` is its id.
///
/// Of a check, `about` has `inspection_kind`, `task_source`, `approval_no`, `task`, `started`, `started_day`, `day`,
/// `credentials_shown`, `purpose_told`, `rights_told`, `approved_by`, `approved_on`, `urgent`, `visits` (in this year, with
/// this one), `visit_exception`, `attendant`, `result`, `opinion`, `remark`, `checklists`, `items`, `passed`, `failed`,
/// `not_applicable`, and, where all findings have the same, `deadline`.
#[must_use]
pub fn of_inspection(visit: &Inspection, state: &State, record: &str, names: Names<'_>) -> Source {
    let text = |path: &str| state.text(path).unwrap_or_default().to_owned();
    let (started, offset_min) = inspection::started(state);
    let findings: Vec<Value> = visit.failed().enumerate().map(|(n, index)| finding(visit, n, index, names)).collect();
    let mut days: Vec<CivilDate> = visit.failed().filter_map(|index| visit.answer(index).deadline).collect();
    days.dedup();
    let counts = visit.counts();
    let verdicts = |verdict: Verdict| (0..visit.slots.len()).filter(|index| counted(visit, *index) == Some(verdict)).count();
    let (kind, result) = (text("inspection_kind"), text("conclusion/result"));
    let named = |term: Term<'_>, code: &str| if code.is_empty() { None } else { Some(names(term).unwrap_or_else(|| code.to_owned())) };
    // A visit of the same day as another counts with it.
    let joint = state.get("frequency/joint").and_then(Value::as_bool) == Some(true);
    let told = |path: &str| state.get(path).and_then(words::moment).map(|(at, _)| words::minute(at, offset_min));
    let lists: Vec<&str> = visit.lists.iter().map(|list| list.title_zh.as_str()).collect();
    let about = json!({
        "inspection_kind": named(Term::InspectionKind(&kind), &kind),
        "task_source": text("task_source"),
        "task": text("task/title"),
        "approval_no": text("approval_no"),
        "started": words::minute(started, offset_min),
        "started_day": words::day(started.date(offset_min)),
        "day": words::day(visit.day),
        "credentials_shown": told("credentials_shown"),
        "purpose_told": told("purpose_told"),
        "rights_told": told("rights_told"),
        "approved_by": text("approval/by"),
        "approved_on": CivilDate::parse(&text("approval/day")).map(words::day),
        "urgent": text("approval/urgent"),
        "visits": state.get("frequency/count").and_then(Value::as_u64).map(|before| before.saturating_add(u64::from(!joint))),
        "visit_exception": state.get("frequency/exception").and_then(|one| one.get("zh")).and_then(Value::as_str),
        "attendant": attendant(state),
        "result": named(Term::Outcome(&result), &result),
        "opinion": text("conclusion/opinion"),
        "remark": text("conclusion/remark"),
        "checklists": lists.join("、"),
        "items": counts.total,
        "passed": verdicts(Verdict::Pass),
        "failed": counts.failed,
        "not_applicable": verdicts(Verdict::Na),
        "deadline": if let [only] = days.as_slice() { Some(words::day(*only)) } else { None },
    });
    let machines: Vec<Value> = visit.subjects.iter().enumerate().map(|(index, subject)| machine(index, &subject_fields(subject))).collect();
    let inspectors: Vec<Value> = ["inspectors/1", "inspectors/2"].into_iter().filter_map(|path| state.get(path).cloned()).collect();
    let inspectors = Value::Array(inspectors);
    let mut data = json!({
        "kind": "inspection",
        "bureau": text("bureau"),
        "offset_min": offset_min,
        "unit": fields_at(state, "unit"),
        "equipment": visit.subjects.first().map(subject_fields).unwrap_or_default(),
        "equipments": machines,
        "about": about,
        "codes": {"inspection_kind": kind, "result": result},
        "officers": officers(&inspectors).unwrap_or_default(),
        "items": items(visit),
    });
    put_findings(&mut data, findings);
    let mut raw = BTreeMap::from([("officers".to_owned(), inspectors)]);
    if let [only] = days.as_slice() {
        raw.insert("about.deadline".to_owned(), Value::from(only.to_string()));
    }
    raw.insert("about.started".to_owned(), json!({"ms": started.ms(), "offset_min": offset_min}));
    let who = attendant(state);
    if !who.is_empty() {
        raw.insert("about.recipient".to_owned(), json!({"name": who, "post": "", "phone": text("unit/phone")}));
    }
    for (name, path) in [("officer1", "inspector1"), ("officer2", "inspector2"), ("unit", "attendant")] {
        if let Some(signature) = state.get(&format!("signatures/{path}")) {
            raw.insert(format!("visit.{name}"), signature.clone());
        }
    }
    let title = format!("{} {}", text("unit/name"), visit.day);
    let link = json!({"record": record, "kind": "inspection", "title": title});
    Source { data, raw, pictures: visit_pictures(visit, state), link, private: Vec::new() }
}

/// The verdict on a question that counts.
fn counted(visit: &Inspection, index: usize) -> Option<Verdict> {
    visit.verdict(index).filter(|_| visit.is_shown(index))
}

/// What was looked at, with the verdict.
fn items(visit: &Inspection) -> Vec<Value> {
    let word = |verdict: Verdict| match verdict {
        Verdict::Pass => "符合",
        Verdict::Fail => "不符合",
        Verdict::Na => "不适用",
    };
    let judged = (0..visit.slots.len()).filter_map(|index| Some((index, counted(visit, index)?)));
    let row = |(n, (index, verdict)): (usize, (usize, Verdict))| {
        let machine = visit.subject(index).map(Subject::title);
        json!({"n": n + 1, "item": visit.text(index, Lang::Zh), "equipment": machine, "verdict": word(verdict)})
    };
    judged.enumerate().map(row).collect()
}

/// Who was there for the unit, as it was written.
fn attendant(state: &State) -> String {
    match state.get("attendant") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        None => String::new(),
    }
}

fn subject_fields(subject: &Subject) -> Map<String, Value> {
    let known = [
        ("name", &subject.name),
        ("code", &subject.code),
        ("type_code", &subject.type_code),
        ("cert_no", &subject.cert_no),
        ("place", &subject.place),
        ("next_due", &subject.next_due),
    ];
    known.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name.to_owned(), Value::from(text.clone()))).collect()
}

fn finding(visit: &Inspection, n: usize, index: usize, names: Names<'_>) -> Value {
    let answer = visit.answer(index);
    let item = visit.text(index, Lang::Zh);
    let basis: Vec<String> =
        visit.item(index).map_or(&[][..], |item| item.basis.as_slice()).iter().map(|basis| reference(basis, names)).collect();
    let severity = visit.severity(index).unwrap_or(Severity::General);
    let measure = answer.measure.clone().or_else(|| visit.item(index).map(|item| item.on_fail.clone())).unwrap_or_default();
    json!({
        "n": n + 1,
        "item": item,
        "finding": if answer.finding.trim().is_empty() { item } else { answer.finding.as_str() },
        "requirement": answer.requirement,
        "basis": basis.join("\n"),
        "severity": names(Term::Severity(severity)).unwrap_or_else(|| severity.name().to_owned()),
        "deadline": answer.deadline.map(words::day),
        "equipment": visit.subject(index).map(Subject::title),
        "measure": if measure.is_empty() { None } else { Some(names(Term::Measure(&measure)).unwrap_or(measure)) },
    })
}

fn visit_pictures(visit: &Inspection, state: &State) -> Vec<Picture> {
    let label = |key: Option<&str>| key.and_then(|key| visit.at_key(key)).map_or("", |index| visit.text(index, Lang::Zh));
    let one = |photo: inspection::PhotoRef| {
        let item = photo.item.as_deref();
        picture(state, &photo.id, item.unwrap_or_default(), label(item))
    };
    inspection::photos(state).into_iter().filter_map(one).collect()
}
