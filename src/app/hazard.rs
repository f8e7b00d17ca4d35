//! Hazards of a check: what is known of a failed item when it becomes a hazard.

use serde_json::{Value, json};

use super::matter::About;
use crate::domain::checklist::Severity;
use crate::domain::content::Lang;
use crate::domain::inspection::{Inspection, Subject};
use crate::domain::journal::State;
use crate::domain::time::CivilDate;
use crate::procedure::Case;
use crate::rules::Gradings;
use crate::rules::grading::{Fact, Proposal};

/// A failed item, ready to become a hazard.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// The key of its question.
    pub key: String,
    /// What is wrong, for lists.
    pub title: String,
    /// What the hazard begins with.
    pub about: About,
    /// The photos of the question: id in the check, and the value as it stands there.
    pub photos: Vec<(String, Value)>,
}

/// What links a hazard to the question of a check.
#[must_use]
pub fn link(record: &str, key: &str) -> String {
    format!("{record}#{key}")
}

/// The failed items of a check, in its order. `record` is its id; `name` says how a law is called, by its id. The grades
/// are proposed by `gradings`; without them nothing is proposed.
#[must_use]
pub fn found(
    inspection: &Inspection,
    state: &State,
    record: &str,
    gradings: Option<&Gradings>,
    name: &dyn Fn(&str) -> String,
) -> Vec<Found> {
    inspection.failed().filter_map(|index| one(inspection, state, record, index, gradings, name)).collect()
}

fn one(
    inspection: &Inspection,
    state: &State,
    record: &str,
    index: usize,
    gradings: Option<&Gradings>,
    name: &dyn Fn(&str) -> String,
) -> Option<Found> {
    let item = inspection.item(index)?;
    let key = inspection.key(index)?.to_owned();
    let answer = inspection.answer(index);
    let subject = inspection.subject(index);
    let text = inspection.text(index, Lang::Zh);
    let description = if answer.finding.is_empty() { text.to_owned() } else { answer.finding.clone() };
    let basis: Vec<String> = item
        .basis
        .iter()
        .map(|basis| {
            let article = basis.article.clone().unwrap_or_default();
            format!("《{}》{article}{}", name(&basis.basis), mark(!basis.verify))
        })
        .collect();
    let officers: Vec<Value> = ["inspectors/1", "inspectors/2"].into_iter().filter_map(|path| state.get(path).cloned()).collect();
    let mut fields = vec![
        ("description".to_owned(), json!(description)),
        ("requirement".to_owned(), json!(answer.requirement)),
        ("basis".to_owned(), json!(basis.join("\n"))),
        ("place".to_owned(), json!(subject.map(|subject| subject.place.clone()).unwrap_or_default())),
    ];
    // The periods for reporting count from when it was found, which is not after the check was sealed.
    fields.extend(state.get("started").map(|started| ("found_at".to_owned(), started.clone())));
    if !officers.is_empty() {
        fields.push(("officers".to_owned(), Value::Array(officers)));
    }
    // What the rules say is a proposal; whoever inspects decides it. Without them nothing is filled in.
    let proposed = match gradings {
        Some(gradings) => propose(inspection, index, gradings, name),
        None => Vec::new(),
    };
    fields.extend(proposed.iter().filter(|(field, _)| !["from", "check"].contains(&field.as_str())).cloned());
    let grades: Vec<&str> =
        ["serious", "major"].into_iter().filter(|grade| proposed.contains(&((*grade).to_owned(), json!(true)))).collect();
    if !grades.is_empty() {
        fields.push(("proposed".to_owned(), json!(grades)));
    }
    let unit = state.under("unit").filter(|(path, _)| !path.contains('/')).map(|(path, cell)| (path.to_owned(), cell.value.clone()));
    let title = state.text("unit/name").unwrap_or_default();
    let source = json!({"record": record, "kind": "inspection", "title": format!("{title} {}", inspection.day), "key": key});
    let photos = state.under("photos").filter(|(path, cell)| {
        let own = cell.value.get("item").and_then(Value::as_str) == Some(key.as_str());
        own && !path.contains('/') && state.get(&format!("photos/{path}/deleted")).is_none()
    });
    Some(Found {
        title: description,
        about: About {
            bureau: state.text("bureau").unwrap_or_default().to_owned(),
            unit: unit.collect(),
            equipment: subject.map(equipment).unwrap_or_default(),
            fields,
            proposed,
            links: vec![("source".to_owned(), source)],
        },
        photos: photos.map(|(path, cell)| (path.to_owned(), cell.value.clone())).collect(),
        key,
    })
}

/// What a directive (督办) begins with that is given for a hazard which is not put right in time: unit, equipment, what is
/// wrong, and how late it is. `late` is the last day that has passed and what was due on it; `record` is the id of the hazard.
#[must_use]
pub fn directive(case: &Case, state: &State, record: &str, late: Option<(&str, CivilDate)>, today: CivilDate) -> About {
    let part = |base: &str| -> Vec<(String, Value)> {
        state.under(base).filter(|(path, _)| !path.contains('/')).map(|(path, cell)| (path.to_owned(), cell.value.clone())).collect()
    };
    let said = |field: &str| case.value(state, None, field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let headline = said(&case.procedure.headline);
    let overdue = late.map(|(what, day)| format!("{what}期限{day}，已超期{}天。", today.0.signed_duration_since(day.0).num_days()));
    let order = Some(said("order_no")).filter(|number| !number.is_empty()).map(|number| format!("指令编号：{number}。"));
    let facts: Vec<String> = [Some(headline.clone()), order, overdue].into_iter().flatten().collect();
    let link = json!({"record": record, "kind": case.procedure.kind, "title": headline});
    let subject = format!("{} {headline}", state.text("unit/name").unwrap_or_default());
    let major = case.value(state, None, "major").cloned().unwrap_or(json!(false));
    About {
        bureau: state.text("bureau").unwrap_or_default().to_owned(),
        unit: part("unit"),
        equipment: part("equipment"),
        fields: vec![
            ("subject".to_owned(), json!(subject.trim())),
            ("facts".to_owned(), json!(facts.join("\n"))),
            ("source".to_owned(), json!("hazard")),
            ("hazard".to_owned(), link.clone()),
            ("major".to_owned(), major),
        ],
        links: vec![("source".to_owned(), link)],
        ..About::default()
    }
}

/// The change in the hazard that links it with a directive; `record` is the id of the directive.
#[must_use]
pub fn linked_directive(record: &str, title: &str) -> (String, Value) {
    (format!("links/directive-{record}"), json!({"record": record, "kind": "directive", "title": title}))
}

fn mark(verified: bool) -> &'static str {
    if verified { "" } else { "（未核实）" }
}

/// What is proposed for the grades of a failed item, by the names of `proposed/…` in the record of a matter. The reason is in
/// Chinese, the language of records.
///
/// Where no clause fits, the severity of the check counts, for equipment: the grades are about nothing else.
fn propose(inspection: &Inspection, index: usize, gradings: &Gradings, name: &dyn Fn(&str) -> String) -> Vec<(String, Value)> {
    let (Some(slot), Some(list), Some(item)) = (inspection.slots.get(index), inspection.list(index), inspection.item(index)) else {
        return Vec::new();
    };
    let subject = inspection.subject(index);
    let facts = Fact::of(inspection.facts_of(slot.subject), inspection.day);
    let type_code = subject.map(|subject| subject.type_code.as_str()).unwrap_or_default();
    let all = gradings.propose(&list.id, &item.id, type_code, &facts, inspection.day);
    let (ask, sure): (Vec<Proposal<'_>>, Vec<Proposal<'_>>) = all.into_iter().partition(|proposal| proposal.ask);
    let mut proposed = vec![("from".to_owned(), json!({"list": list.id, "item": item.id}))];
    let (mut quoted, mut rated) = (Vec::new(), None);
    for (grade, severity) in [("serious", Severity::Serious), ("major", Severity::Major)] {
        let own: Vec<&Proposal<'_>> = sure.iter().filter(|proposal| proposal.grading.id == grade).collect();
        let by_check = subject.is_some() && inspection.severity(index).is_some_and(|found| found >= severity);
        proposed.push((grade.to_owned(), json!(!own.is_empty() || by_check)));
        if own.is_empty() {
            rated = if by_check { Some(severity) } else { rated };
            continue;
        }
        let ids: Vec<&str> = own.iter().map(|proposal| proposal.clause.id.as_str()).collect();
        proposed.push((format!("{grade}_clauses"), json!(ids)));
        quoted.extend(own.iter().map(|proposal| {
            let law = proposal.grading.basis.first().map(|basis| name(&basis.basis)).unwrap_or_default();
            format!("《{law}》{}{}", proposal.clause.no, mark(proposal.verified))
        }));
    }
    let mut reason = Vec::new();
    if !quoted.is_empty() {
        reason.push(format!("对应{}", quoted.join("、")));
    }
    reason.extend(rated.map(|severity| format!("检查时按{}登记", if severity == Severity::Major { "重大" } else { "严重" })));
    if !reason.is_empty() {
        let text = format!("检查项“{}”不符合，{}。", inspection.text(index, Lang::Zh), reason.join("；"));
        proposed.push(("grading_reason".to_owned(), json!(text)));
    }
    if !ask.is_empty() {
        let one =
            |proposal: &Proposal<'_>| json!({"grading": proposal.grading.id, "clause": proposal.clause.id, "why": proposal.why.name()});
        proposed.push(("check".to_owned(), ask.iter().map(one).collect()));
    }
    proposed
}

fn equipment(subject: &Subject) -> Vec<(String, Value)> {
    let known = [
        ("id", &subject.id),
        ("name", &subject.name),
        ("code", &subject.code),
        ("type_code", &subject.type_code),
        ("cert_no", &subject.cert_no),
        ("place", &subject.place),
    ];
    known.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name.to_owned(), json!(text))).collect()
}
