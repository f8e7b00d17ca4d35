//! Rules for the form of consumers.

use std::collections::BTreeSet;

use serde_json::Value;
use spotcheck::complaint::{AnswerKind, Filing, Form};
use spotcheck::procedure::{FieldKind, OptionDef, Procedure};

use super::content::{Content, array, text};

const FILE: &str = "complaint-form.json";

/// The program reads it.
pub fn readable(content: &Content) -> Vec<String> {
    Form::read(content.file(FILE).to_string().as_bytes()).err().map(|error| error.to_string()).into_iter().collect()
}

/// What it fills is asked by the procedures, in answers that fit there, and what the procedures want is filled.
pub fn fills(content: &Content) -> Vec<String> {
    let Ok(form) = Form::read(content.file(FILE).to_string().as_bytes()) else { return Vec::new() };
    let mut faults = Vec::new();
    for filing in Filing::ALL {
        let procedure = Procedure::read(content.file(&format!("procedures/{}.json", filing.as_str())).to_string().as_bytes()).unwrap();
        let known = |name: &str| procedure.fields.iter().find(|field| field.id == name);
        for field in form.fields() {
            if let Some(name) = field.fills.of(filing) {
                match known(name) {
                    Some(target) if fits(&field.kind, &target.kind) => {}
                    Some(_) => faults.push(format!("{} does not fit {}.{name}", field.id, filing.as_str())),
                    None => faults.push(format!("{}: there is no {}.{name}", field.id, filing.as_str())),
                }
            }
        }
        let options = form.fields().flat_map(|field| field.kind.options());
        for (name, value) in options.flat_map(|option| &option.sets).filter(|(name, _)| filing == Filing::Complaint || *name != "trade") {
            let good = known(name).is_some_and(|target| match &target.kind {
                FieldKind::Yes => value.is_boolean(),
                FieldKind::Choice { options } => options.iter().any(|option| Some(option.id.as_str()) == value.as_str()),
                _ => false,
            });
            if !good {
                faults.push(format!("{}.{name} can't be set to {value}", filing.as_str()));
            }
        }
        for flag in form.fields().filter(|field| matches!(field.kind, AnswerKind::Flags { .. })).flat_map(|field| field.kind.options()) {
            if known(&flag.id).is_none_or(|target| target.kind != FieldKind::Yes) {
                faults.push(format!("{}: {} is no question with yes or no", filing.as_str(), flag.id));
            }
        }
    }
    // Without these nobody could be told what the law wants of a complaint.
    let own: BTreeSet<&str> = array(content.file(FILE), "rules").iter().map(|rule| text(rule, "id")).collect();
    let wanted =
        ["name", "phone", "address", "respondent", "respondent_address", "respondent_online", "request", "facts", "authorisation", "clue"];
    faults.extend(wanted.iter().filter(|name| !own.contains(*name)).map(|name| format!("no rule {name}")));
    faults
}

fn fits(answer: &AnswerKind, target: &FieldKind) -> bool {
    let same = |own: &[spotcheck::complaint::Choice], theirs: &[OptionDef]| {
        own.iter().all(|option| theirs.iter().any(|other| other.id == option.id))
    };
    match (answer, target) {
        (AnswerKind::Choice { options: own }, FieldKind::Choice { options })
        | (AnswerKind::Choices { options: own }, FieldKind::Choices { options }) => same(own, options),
        (AnswerKind::Yes, FieldKind::Yes)
        | (AnswerKind::Date { .. }, FieldKind::Date { .. })
        | (AnswerKind::Number { .. } | AnswerKind::Count { .. }, FieldKind::Number { .. })
        | (AnswerKind::Photos { .. }, FieldKind::Photos { .. })
        | (AnswerKind::Long { .. }, FieldKind::Long) => true,
        (kind, FieldKind::Text) => matches!(
            kind,
            AnswerKind::Text { .. }
                | AnswerKind::Phone
                | AnswerKind::Identity
                | AnswerKind::Uscc
                | AnswerKind::Gtin
                | AnswerKind::Code { .. }
                | AnswerKind::Link { .. }
        ),
        _ => false,
    }
}

/// A law that was not read says so.
pub fn verified(content: &Content) -> Vec<String> {
    let laws = array(content.file("basis.json"), "basis").iter();
    let read: BTreeSet<&str> = laws.filter(|law| text(law, "checked") == "source").map(|law| text(law, "id")).collect();
    let form = content.file(FILE);
    let parts = array(form, "filings").iter().chain(array(form, "rules"));
    let refs = parts.flat_map(|part| array(part, "basis"));
    let hidden = refs.filter(|basis| basis.get("verify") != Some(&Value::Bool(true)) && !read.contains(text(basis, "ref")));
    hidden.map(|basis| format!("{} was not read", text(basis, "ref"))).collect()
}
