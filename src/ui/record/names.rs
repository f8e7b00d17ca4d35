//! Human words for the places of a record and for what stands there.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::Document;
use crate::domain::checklist::{AnswerSpec, Item, Severity, Verdict};
use crate::domain::content::Lang;
use crate::domain::id::DeviceId;
use crate::domain::inspection::{Inspection, Part, Stage, Subject, chosen, parse_key, subject_order};
use crate::domain::journal::State;
use crate::domain::mask::{HIDDEN, scrub};
use crate::domain::time::Instant;
use crate::evidence::chain::sha256;
use crate::evidence::key::PublicKey;
use crate::procedure::{Case, is_private_path, secrets};
use crate::ui::content::Code;
use crate::ui::words::assign::AssignWords;
use crate::ui::words::common::Common;
use crate::ui::words::fill;
use crate::ui::words::inbox::InboxWords;
use crate::ui::words::office::OfficeWords;
use crate::ui::words::verify::VerifyWords;
use crate::ui::words::visit::VisitWords;

/// What is needed to put a record into words.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The inspection that it is.
    pub inspection: Option<&'a Inspection>,
    /// Code table of measures.
    pub measures: &'a [Code],
    /// Code table of equipment types.
    pub types: &'a [Code],
    /// The language.
    pub lang: Lang,
    /// What of the record is hidden here.
    pub hidden: Option<&'a Hiding>,
}

/// What a matter, or a document of one, hides on pages where nobody asks for personal data.
#[derive(Clone, PartialEq, Debug)]
pub struct Hiding {
    paths: BTreeSet<String>,
    secrets: Vec<(String, String)>,
}

impl Hiding {
    /// Of a record; none when it hides nothing. `ever` are all paths that were ever written.
    #[must_use]
    pub fn of<'p>(state: &State, ever: impl Iterator<Item = &'p str>) -> Option<Self> {
        if let Some(case) = Case::read(state) {
            let paths = ever.filter(|path| is_private_path(&case.procedure, state, path)).map(str::to_owned).collect();
            return Some(Self { paths, secrets: secrets(&case, state) });
        }
        let document = Document::read(state)?;
        let private = |path: &str| {
            let field = path.strip_prefix("fields/").map(|field| field.split('/').next().unwrap_or(field));
            let is_private = |field: &str| document.template.field(field).is_some_and(|asked| asked.field.private);
            ["data", "issued"].contains(&path) || path.starts_with("signatures/") || field.is_some_and(is_private)
        };
        let names_person = document.template.of.iter().any(|origin| ["complaint", "report"].contains(&origin.kind.as_str()));
        let paths: BTreeSet<String> = ever.filter(|path| names_person && private(path)).map(str::to_owned).collect();
        (!paths.is_empty()).then(|| Self { paths, secrets: Vec::new() })
    }

    /// Whether nothing of a path is shown.
    #[must_use]
    pub fn hides(&self, path: &str) -> bool {
        self.paths.contains(path)
    }
}

/// The word for a verdict.
#[must_use]
pub fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    let w = Common::of(lang);
    match verdict {
        Verdict::Pass => w.verdict_pass,
        Verdict::Fail => w.verdict_fail,
        Verdict::Na => w.verdict_na,
    }
}

/// The tone of a verdict's chip.
#[must_use]
pub fn verdict_tone(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Pass) => "chip good",
        Some(Verdict::Fail) => "chip bad",
        Some(Verdict::Na) => "chip",
        None => "chip warn",
    }
}

/// The word for a severity.
#[must_use]
pub fn severity(severity: Severity, lang: Lang) -> &'static str {
    let w = Common::of(lang);
    match severity {
        Severity::General => w.severity_general,
        Severity::Serious => w.severity_serious,
        Severity::Major => w.severity_major,
    }
}

/// The word for a result; a code that this version does not know stays a code.
#[must_use]
pub fn result(code: &str, lang: Lang) -> String {
    let w = Common::of(lang);
    match code {
        "no_problem" => w.result_no_problem,
        "corrected_on_spot" => w.result_corrected_on_spot,
        "rectify" => w.result_rectify,
        "stop_use" => w.result_stop_use,
        "file_case" => w.result_file_case,
        other => other,
    }
    .to_owned()
}

/// The word for a stage and the tone of its chip.
#[must_use]
pub fn stage(stage: Stage, lang: Lang) -> (&'static str, &'static str) {
    let w = Common::of(lang);
    match stage {
        Stage::Draft => (w.stage_draft, "chip brand"),
        Stage::Sealed => (w.stage_sealed, "chip good"),
        Stage::Amended => (w.stage_amended, "chip warn"),
        Stage::Voided => (w.stage_voided, "chip"),
    }
}

/// Who signs, in words.
#[must_use]
pub fn role(role: &str, lang: Lang) -> &'static str {
    let w = Common::of(lang);
    match role {
        "inspector1" => w.inspector_1,
        "inspector2" => w.inspector_2,
        _ => w.attendant,
    }
}

/// What a bundle is for, in words.
#[must_use]
pub fn purpose(purpose: &str, lang: Lang) -> String {
    let o = OfficeWords::of(lang);
    match purpose {
        "submit" => o.purpose_submit,
        "backup" => o.purpose_backup,
        "complaint" => o.purpose_complaint,
        "assign" => o.purpose_assign,
        "receipt" => o.purpose_receipt,
        "rules" => o.purpose_rules,
        "extract" => o.purpose_extract,
        other => other,
    }
    .to_owned()
}

/// The last six characters of an id: enough for people to tell two apart.
#[must_use]
pub fn short(id: &str) -> String {
    let count = id.chars().count();
    id.chars().skip(count.saturating_sub(6)).collect()
}

/// A device as people name it.
#[must_use]
pub fn device(device: &DeviceId) -> String {
    short(device.as_str())
}

/// The digest of a public key in groups of four, as it is read aloud and compared.
#[must_use]
pub fn fingerprint(key: PublicKey) -> String {
    // A key is written in whole pairs of digits.
    let digest = sha256(&hex::decode(String::from(key)).unwrap_or_default()).to_string();
    digest.chars().collect::<Vec<_>>().chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// A number of bytes for people.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KB", bytes.div_ceil(1_024)),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

/// A value that needs no other words.
#[must_use]
pub fn plain(value: &Value, lang: Lang) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(yes) => lang.pick(if *yes { "是" } else { "否" }, if *yes { "yes" } else { "no" }).to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(many) if many.iter().all(Value::is_string) => {
            many.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(lang.pick("、", ", "))
        }
        Value::Array(_) | Value::Object(_) => cut(&value.to_string(), 160),
    }
}

fn cut(text: &str, most: usize) -> String {
    let mut short: String = text.chars().take(most).collect();
    if short.chars().count() < text.chars().count() {
        short.push('…');
    }
    short
}

impl Names<'_> {
    /// The label of a measure; a code that the table lacks stays a code.
    #[must_use]
    pub fn measure(&self, code: &str) -> String {
        label(self.measures, code, self.lang)
    }

    /// The type of the equipment, code and label.
    #[must_use]
    pub fn equipment_type(&self, code: &str) -> String {
        let label = label(self.types, code, self.lang);
        if label == code { label } else { format!("{label}（{code}）") }
    }

    /// The number and the item that a key stands for, also where it is asked no more.
    fn item(&self, key: &str) -> Option<(usize, &Item)> {
        let id = parse_key(key).0;
        let lists = &self.inspection?.lists;
        lists.iter().find_map(|list| list.items.iter().enumerate().find(|(_, item)| item.id == id)).map(|(index, item)| (index + 1, item))
    }

    /// A piece of equipment by its number, those taken out too.
    fn subject(&self, number: u32) -> Option<&Subject> {
        let inspection = self.inspection?;
        inspection.subjects.iter().chain(&inspection.removed).find(|subject| subject.number == number)
    }

    /// What people call a piece of equipment.
    #[must_use]
    pub fn subject_title(&self, subject: &Subject) -> String {
        let title = subject.title();
        if title.is_empty() { fill(VisitWords::of(self.lang).part_n, &[&subject.nth()]) } else { title.to_owned() }
    }

    /// What people call a part of a visit.
    #[must_use]
    pub fn part(&self, part: Part) -> String {
        let words = VisitWords::of(self.lang);
        match part {
            Part::Whole => words.part_whole.to_owned(),
            Part::Unit => words.part_unit.to_owned(),
            Part::Subject(index) => self
                .inspection
                .and_then(|inspection| inspection.subjects.get(index))
                .map(|subject| self.subject_title(subject))
                .unwrap_or_default(),
        }
    }

    /// A question by its key, as people point at it: equipment and checklist where there are several, then the number.
    #[must_use]
    pub fn question(&self, key: &str) -> String {
        let Some(inspection) = self.inspection else { return key.to_owned() };
        let Some((number, item)) = self.item(key) else { return key.to_owned() };
        let mut parts = Vec::new();
        if inspection.subjects.len() > 1 || !inspection.removed.is_empty() {
            let subject = parse_key(key).1.and_then(|number| self.subject(number));
            parts.push(subject.map_or_else(|| VisitWords::of(self.lang).part_unit.to_owned(), |subject| self.subject_title(subject)));
        }
        if inspection.lists.len() > 1 {
            let list = inspection.lists.iter().find(|list| list.items.iter().any(|known| known.id == item.id));
            parts.extend(list.map(|list| list.title(self.lang).to_owned()));
        }
        parts.push(fill(OfficeWords::of(self.lang).item_n, &[&number]));
        parts.extend(parse_key(key).2.iter().map(|number| format!("#{}", subject_order(*number).0)));
        parts.join(" · ")
    }

    /// The answer to an item in words, with its unit.
    #[must_use]
    pub fn answer(&self, item: &Item, value: &Value) -> String {
        match &item.answer {
            AnswerSpec::Choice { options, .. } => {
                let word = |code: &str| {
                    let known = options.iter().find(|option| option.value == code);
                    known.map_or(code, |option| self.lang.pick(&option.zh, &option.en)).to_owned()
                };
                match value {
                    Value::Array(_) | Value::String(_) => chosen(value).into_iter().map(word).collect::<Vec<_>>().join("、"),
                    other => plain(other, self.lang),
                }
            }
            AnswerSpec::Number { unit: Some(unit), .. } => format!("{} {unit}", plain(value, self.lang)),
            AnswerSpec::Geopoint => {
                let number = |field: &str| value.get(field).and_then(Value::as_f64);
                let accuracy = number("accuracy_m").map_or_else(|| "?".to_owned(), |metres| format!("{metres:.0}"));
                let at = number("lat").zip(number("lon")).map(|(lat, lon)| (format!("{lat:.6}"), format!("{lon:.6}")));
                at.map_or_else(
                    || plain(value, self.lang),
                    |(lat, lon)| fill(VisitWords::of(self.lang).place_line, &[&lat, &lon, &accuracy]),
                )
            }
            AnswerSpec::Drawing => Common::of(self.lang).signed.to_owned(),
            AnswerSpec::DateTime => plain(value, self.lang).replacen('T', " ", 1).chars().take(16).collect(),
            _ => plain(value, self.lang),
        }
    }

    /// A path in words, such as “第3项 结果”.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        let (w, o, v) = (Common::of(self.lang), OfficeWords::of(self.lang), VisitWords::of(self.lang));
        match path.split('/').collect::<Vec<_>>().as_slice() {
            ["answers", key, field] => format!("{} {}", self.question(key), self.field(field)),
            ["subjects", number, field @ ..] => {
                let subject = number.parse().ok().and_then(|number| self.subject(number));
                let title = subject.map_or_else(|| format!("{} {number}", w.equipment), |subject| self.subject_title(subject));
                format!("{title} · {}", self.equipment_field(&field.join("/")))
            }
            ["checklists", _] => w.checklist.to_owned(),
            ["season", "campaign"] => VisitWords::of(self.lang).campaign.to_owned(),
            ["unit", field] => format!("{} · {}", w.unit, self.field(field)),
            ["equipment", field] => format!("{} · {}", w.equipment, self.equipment_field(field)),
            ["inspectors", "1"] => w.inspector_1.to_owned(),
            ["inspectors", "2"] => w.inspector_2.to_owned(),
            ["attendant"] => w.attendant.to_owned(),
            ["inspection_kind"] => o.inspection_kind.to_owned(),
            ["task_source"] => o.task_source.to_owned(),
            ["credentials_shown"] => o.credentials_shown.to_owned(),
            ["purpose_told"] => v.purpose_told.to_owned(),
            ["rights_told"] => v.rights_told.to_owned(),
            ["approval_no"] => AssignWords::of(self.lang).approval_no.to_owned(),
            ["approval", "by"] => v.approved_by.to_owned(),
            ["approval", "day"] => v.approved_on.to_owned(),
            ["approval", "urgent"] => v.approve_later.to_owned(),
            ["frequency", "count" | "joint" | "cap" | "exclusion"] => v.year_visits.to_owned(),
            ["frequency", "exception"] => v.exception.to_owned(),
            ["frequency", "note"] => v.exception_note.to_owned(),
            ["bureau"] => o.bureau.to_owned(),
            ["conclusion", "result"] => w.conclusion.to_owned(),
            ["conclusion", "opinion"] => w.opinion.to_owned(),
            ["conclusion", "remark"] => w.remark.to_owned(),
            ["signatures", role] => fill(w.missing_signature, &[&self::role(role, self.lang)]),
            ["seals", number] => fill(o.seal_n, &[number]),
            ["photos", _] => o.photo.to_owned(),
            ["photos", _, "caption"] => format!("{} · {}", o.photo, w.caption),
            ["photos", _, "marks"] => format!("{} · {}", o.photo, w.draw),
            ["photos", _, "deleted"] => w.photo_deleted.to_owned(),
            ["shown", _] => InboxWords::of(self.lang).look_reason.to_owned(),
            ["checklist"] => w.checklist.to_owned(),
            ["started"] => o.check_time.to_owned(),
            ["kind"] => o.record_kind.to_owned(),
            ["voided"] => w.void_reason.to_owned(),
            [field] => self.field(field),
            _ => path.to_owned(),
        }
    }

    fn field(&self, field: &str) -> String {
        let (w, o) = (Common::of(self.lang), OfficeWords::of(self.lang));
        match field {
            "verdict" => o.verdict,
            "value" => w.value,
            "finding" => w.finding,
            "severity" => w.severity,
            "measure" => w.measure,
            "requirement" => w.requirement,
            "deadline" => w.deadline,
            "note" => w.note,
            "name" => o.name,
            "uscc" => w.unit_uscc,
            "address" => w.unit_address,
            "contact" => w.unit_contact,
            "phone" => w.unit_phone,
            "unit_name" => w.unit_name,
            "code" | "type_code" | "cert_no" | "place" | "maintainer" | "rescue_code" | "has_machine_room" => {
                return self.equipment_field(field);
            }
            other => other,
        }
        .to_owned()
    }

    fn equipment_field(&self, field: &str) -> String {
        let (w, o) = (Common::of(self.lang), OfficeWords::of(self.lang));
        match field {
            "name" => w.equipment_name,
            "code" => w.equipment_code,
            "type_code" => w.equipment_type,
            "cert_no" => w.equipment_cert,
            "place" => w.equipment_place,
            "maintainer" => w.equipment_maintainer,
            "rescue_code" => o.rescue_code,
            "has_machine_room" => w.equipment_machine_room,
            "next_due" => VisitWords::of(self.lang).next_due,
            "lists" => VisitWords::of(self.lang).lists_of,
            "removed" => VisitWords::of(self.lang).remove_equipment,
            other => other,
        }
        .to_owned()
    }

    /// What stands at a path, in words.
    #[must_use]
    pub fn value(&self, path: &str, value: &Value) -> String {
        let (w, o, lang) = (Common::of(self.lang), OfficeWords::of(self.lang), self.lang);
        let text = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default();
        let word = value.as_str().unwrap_or_default();
        if value.is_null() {
            return o.value_removed.to_owned();
        }
        if let Some(hidden) = self.hidden {
            if hidden.hides(path) {
                return HIDDEN.to_owned();
            }
            return scrub(&Self { hidden: None, ..*self }.value(path, value), &hidden.secrets);
        }
        match path.split('/').collect::<Vec<_>>().as_slice() {
            ["answers", _, "verdict"] => Verdict::parse(word).map_or_else(|| word.to_owned(), |known| verdict(known, lang).to_owned()),
            ["answers", _, "severity"] => Severity::parse(word).map_or_else(|| word.to_owned(), |known| severity(known, lang).to_owned()),
            ["answers", _, "measure"] => self.measure(word),
            ["answers", item, "value"] => self.item(item).map_or_else(|| plain(value, lang), |(_, item)| self.answer(item, value)),
            ["conclusion", "result"] => result(word, lang),
            ["inspectors", _] => format!("{} {}", text("name"), text("cert_no")).trim().to_owned(),
            ["signatures", _] if value.get("refused").is_some() => format!("{}：{}", w.refused, text("reason")),
            ["signatures", _] => format!("{} {}", w.signed, text("name")),
            ["seals", _] => w.sealed.to_owned(),
            ["photos", _] => text("sha256").chars().take(8).collect(),
            ["photos", _, "marks"] => {
                let count = value.get("strokes").and_then(Value::as_array).map_or(0, Vec::len);
                fill(o.n_marks, &[&count])
            }
            ["checklist"] | ["checklists", _] => {
                let title = lang.pick(text("title_zh"), text("title_en"));
                format!("{title} {}", text("version"))
            }
            ["credentials_shown"] if value.get("ms").is_some() => fill(o.shown_at, &[&minute(value)]),
            ["purpose_told" | "rights_told"] if value.get("ms").is_some() => minute(value),
            ["started"] => minute(value),
            ["frequency", "cap"] => {
                let count = value.get("count").and_then(Value::as_u64).unwrap_or_default();
                fill(VisitWords::of(lang).year_cap, &[&text(lang.pick("zh", "en")), &count])
            }
            ["frequency", "exclusion" | "exception"] => text(lang.pick("zh", "en")).to_owned(),
            ["equipment", "type_code"] | ["subjects", _, "type_code"] | ["type_code"] => self.equipment_type(word),
            ["kind"] => kind(word, lang),
            ["inspection_kind"] => inspection_kind(word, lang),
            _ => plain(value, lang),
        }
    }
}

/// The minute of a time. One without a place: that of China, as everywhere where none is said.
fn minute(value: &Value) -> String {
    let ms = value.get("ms").and_then(Value::as_u64).unwrap_or_default();
    let offset = value.get("offset_min").and_then(Value::as_i64).and_then(|offset| i32::try_from(offset).ok());
    Instant::from_ms(ms).minute_text(offset.unwrap_or(480))
}

/// A kind of inspection in words; a code that this version does not know stays a code.
#[must_use]
pub fn inspection_kind(kind: &str, lang: Lang) -> String {
    let o = OfficeWords::of(lang);
    match kind {
        "routine" => o.inspection_routine,
        "special" => o.inspection_special,
        "post_licence" => o.inspection_post_licence,
        "other" => o.inspection_other,
        other => other,
    }
    .to_owned()
}

/// Why a unit's code can't be relied on: a mark where it does not check.
#[must_use]
pub fn uscc_mark(code: &str, lang: Lang) -> Option<&'static str> {
    let doubtful = !code.trim().is_empty() && crate::domain::uscc::Uscc::parse(code).is_err();
    doubtful.then(|| Common::of(lang).unverified)
}

/// A kind of record in words.
#[must_use]
pub fn kind(kind: &str, lang: Lang) -> String {
    let (o, v) = (OfficeWords::of(lang), VerifyWords::of(lang));
    match kind {
        "inspection" => o.kind_inspection,
        "unit" => o.kind_unit,
        "equipment" => o.kind_equipment,
        "instrument" => v.kind_instrument,
        "task" => v.kind_task,
        "content" => v.kind_content,
        "document" => v.kind_document,
        "number_range" => v.kind_number_range,
        "hazard" => v.kind_hazard,
        "directive" => v.kind_directive,
        "sampling" => v.kind_sampling,
        "incident" => v.kind_incident,
        "transfer" => v.kind_transfer,
        "unlicensed" => v.kind_unlicensed,
        "dual_notice" => v.kind_dual_notice,
        "online_evidence" => v.kind_online_evidence,
        "recall" => v.kind_recall,
        "complaint" => v.kind_complaint,
        "report" => v.kind_report,
        other => other,
    }
    .to_owned()
}

fn label(table: &[Code], code: &str, lang: Lang) -> String {
    table.iter().find(|known| known.code == code).map_or(code, |known| known.label(lang)).to_owned()
}
