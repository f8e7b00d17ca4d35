//! Leads (线索): beginning one from a group of complaints and reports, and what leads on from it.
//!
//! Texts that go into records are in Chinese, the language of records. Nothing of a person goes into a lead.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::library::Changes;
use super::matter::{self, About};
use crate::domain::change::ClockReading;
use crate::domain::journal::State;
use crate::domain::time::{CivilDate, Instant};
use crate::procedure::{Case, field_path};
use crate::signal::lead::{FILING_LINK, KIND};
use crate::signal::{Filing, Flag, Group, Matching, Watch};

/// What names a lead in the record of a task or a check.
pub const LINK: &str = "links/lead";

/// The value that links another record to a lead.
#[must_use]
pub fn link(lead: &str, title: &str) -> Value {
    json!({"record": lead, "kind": KIND, "title": title})
}

/// What a lead begins with that is raised from a group. `unit` and `equipment` are what the ledgers know of them.
#[must_use]
pub fn about(watch: &Watch, group: &Group, today: CivilDate, bureau: &str, (unit, equipment): (Changes, Changes)) -> About {
    let filings: Vec<&Filing> = group.records.iter().filter_map(|record| watch.filing(record)).collect();
    let rule = watch.rules().rule(&group.key.rule);
    let said = |of: fn(&Filing) -> &str| common(&filings, of);
    let what = what(watch, group);
    let name = rule.map(|rule| rule.name.zh.clone()).unwrap_or_default();
    let subject = format!("{name}“{what}”{}件投诉举报", group.count);
    let limits =
        rule.map(|rule| format!("本单位规则：{}天内{}件以上、达到{}分。", rule.window_days, rule.least, rule.points)).unwrap_or_default();
    let harm = if group.injuries > 0 { format!("，其中{}件有人受伤或者死亡", group.injuries) } else { String::new() };
    let reason = format!("{}至{}收到{}件投诉举报，涉及{name}“{what}”{harm}。{limits}", group.from, group.to, group.count);
    let goods_kind = said(|one| &one.goods_kind);
    let texts = [
        ("subject", subject),
        ("raised_on", today.to_string()),
        ("signal_kind", rule.map(|rule| rule.matching.name().to_owned()).unwrap_or_default()),
        ("signal_from", group.from.to_string()),
        ("signal_to", group.to.to_string()),
        ("reason", reason),
        ("goods_kind", goods_kind),
        ("goods_name", said(|one| &one.goods_name)),
        ("brand", said(|one| &one.brand)),
        ("model", said(|one| &one.model)),
        ("batch", said(|one| &one.batch)),
        ("gtin", said(|one| &one.gtin)),
        ("respondent_name", said(|one| &one.seller)),
        ("respondent_uscc", said(|one| &one.uscc)),
        ("respondent_address", said(|one| &one.seller_address)),
    ];
    let mut fields: Vec<(String, Value)> = texts.into_iter().map(|(field, text)| (field.to_owned(), json!(text))).collect();
    fields.extend([
        ("signal_count".to_owned(), json!(group.count)),
        ("injury_count".to_owned(), json!(group.injuries)),
        ("deaths".to_owned(), json!(group.deaths)),
        ("injury".to_owned(), json!(filings.iter().any(|filing| filing.flags.contains(&Flag::Injury)))),
    ]);
    let proposed = vec![("rule".to_owned(), json!(group.key.rule)), ("same".to_owned(), json!(group.key.same))];
    let links = group.records.iter().filter_map(|record| filing_link(watch, record)).collect();
    About { bureau: bureau.to_owned(), unit, equipment, fields, proposed, links }
}

/// What the filings of a group have in common, as most of them write it.
#[must_use]
pub fn what(watch: &Watch, group: &Group) -> String {
    let filings: Vec<&Filing> = group.records.iter().filter_map(|record| watch.filing(record)).collect();
    let said = |of: fn(&Filing) -> &str| common(&filings, of);
    let product = || [said(|one| &one.brand), said(|one| &one.goods_name), said(|one| &one.model)].join(" ");
    let what = match watch.rules().rule(&group.key.rule).map(|rule| rule.matching) {
        Some(Matching::Batch) => format!("{} {}", product(), said(|one| &one.batch)),
        Some(Matching::Seller) => match said(|one| &one.seller) {
            name if name.is_empty() => said(|one| &one.uscc),
            name => name,
        },
        Some(Matching::Equipment) => [said(|one| &one.equipment_name), said(|one| &one.equipment_code)].join(" "),
        Some(Matching::Product) | None => match product() {
            name if name.trim().is_empty() => said(|one| &one.gtin),
            name => name,
        },
    };
    what.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a task for a lead is called, and why it is done.
#[must_use]
pub fn task_texts(subject: &str) -> (String, String) {
    (format!("线索核查：{subject}"), "投诉举报风险线索".to_owned())
}

/// The changes that add filings to a lead.
#[must_use]
pub fn add(watch: &Watch, records: &[String]) -> Changes {
    let links = records.iter().filter_map(|record| filing_link(watch, record));
    links.map(|(name, value)| (format!("links/{name}"), value)).collect()
}

fn filing_link(watch: &Watch, record: &str) -> Option<(String, Value)> {
    let filing = watch.filing(record)?;
    Some((format!("{FILING_LINK}{record}"), json!({"record": record, "kind": filing.kind, "title": filing.subject})))
}

/// What most filings say; the first of those that are said as often. Empty when none says anything.
fn common(filings: &[&Filing], of: fn(&Filing) -> &str) -> String {
    let said: Vec<&str> = filings.iter().map(|filing| of(filing)).filter(|text| !text.is_empty()).collect();
    let different: BTreeSet<&str> = said.iter().copied().collect();
    let times = |text: &str| said.iter().filter(|other| **other == text).count();
    let place = |text: &str| std::cmp::Reverse(said.iter().position(|other| *other == text));
    different.into_iter().max_by_key(|text| (times(text), place(text))).unwrap_or_default().to_owned()
}

/// The changes that begin the step for a task that was made, with what is known of it. Empty when the lead is not at a point
/// where a task is made.
#[must_use]
pub fn task_made(state: &State, step: &str, task: Value, check_by: Option<CivilDate>, now: ClockReading) -> Changes {
    let today = Instant::from_ms(now.wall_ms).date(now.offset_min);
    let mut answers = vec![("dispatched_on", json!(today.to_string())), ("task", task)];
    answers.extend(check_by.map(|day| ("check_by", json!(day.to_string()))));
    begun(state, step, "dispatch", answers)
}

/// The changes that begin the step for the result of a check, with what is known of the check. Empty when the lead is not at
/// that point.
#[must_use]
pub fn check_made(state: &State, step: &str, check: Value, day: CivilDate) -> Changes {
    begun(state, step, "check_done", vec![("checked_on", json!(day.to_string())), ("check", check)])
}

fn begun(state: &State, id: &str, step: &str, answers: Vec<(&str, Value)>) -> Changes {
    if !Case::read(state).is_some_and(|case| case.next(state).any(|next| next.id == step)) {
        return Vec::new();
    }
    let mut changes = matter::begin_step(id, step);
    changes.extend(answers.into_iter().map(|(field, value)| (field_path(Some(id), field), value)));
    changes
}

/// What a recall begins with that a lead asks for.
#[must_use]
pub fn recall(state: &State, lead: &str, today: CivilDate) -> About {
    let text = |field: &str| state.text(&field_path(None, field)).unwrap_or_default().to_owned();
    let goods = text("goods_name");
    let product = if goods.is_empty() { [text("brand"), text("model")].join(" ").trim().to_owned() } else { goods };
    let harmed = state.get(&field_path(None, "injury")) == Some(&Value::Bool(true));
    let mut fields = vec![
        ("product".to_owned(), json!(product)),
        ("known_on".to_owned(), json!(today.to_string())),
        ("clue_source".to_owned(), json!("complaint")),
        ("defect".to_owned(), json!(text("reason"))),
        ("harmed".to_owned(), json!(harmed)),
    ];
    fields.extend(["brand", "model", "batch"].map(|field| (field.to_owned(), json!(text(field)))));
    let unit = state.under("unit").filter(|(path, _)| !path.contains('/')).map(|(path, cell)| (path.to_owned(), cell.value.clone()));
    About {
        bureau: state.text("bureau").unwrap_or_default().to_owned(),
        unit: unit.collect(),
        fields,
        links: vec![("lead".to_owned(), link(lead, &text("subject")))],
        ..About::default()
    }
}
