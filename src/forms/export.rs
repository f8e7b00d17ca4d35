//! A checklist as a form.

mod tables;

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_sheets::xlsform::{self, ChoiceList, Entry, Form, Kind, Texts, Type};

use super::{
    basis,
    cells::{self, EN, ZH},
    condition::{self, Ask, Field},
    judging,
};
use crate::domain::checklist::{AnswerSpec, Checklist, Evidence, Group, Item, Logic, Per, Severity};

/// The list of 符合 / 不符合 / 不适用, whose values are those that expressions find in a judged answer.
pub const JUDGING: &str = "yes_no_na";
/// The list of 是 / 否 for facts.
const FACT_YES_NO: &str = "fact_yes_no";
/// The measure of what is only recorded; see `codes/measures.json`.
pub const RECORD_ONLY: &str = "record_only";
/// The measure where a judged item names none.
pub const RECTIFY: &str = "rectify_by_deadline";

/// Writes a checklist as a form: sections as groups, facts as questions, all else in our own columns.
///
/// The items of a group stand together in a form; where the checklist has others between them, these follow.
#[must_use]
pub fn export(checklist: &Checklist) -> Form {
    let mut out = Export {
        checklist,
        names: names(checklist),
        used: BTreeSet::new(),
        form: Form { settings: tables::settings(checklist), ..Form::default() },
        facts: BTreeMap::new(),
        several: BTreeSet::new(),
    };
    out.used = out.names.iter().cloned().chain(checklist.groups.iter().map(|group| group.id.clone())).collect();
    out.ask_facts();
    out.items();
    out.form.tables = vec![tables::laws(checklist), tables::phrases(checklist, &out.names)];
    out.form.languages = vec![ZH.to_owned(), EN.to_owned()];
    spare_words(&mut out.form);
    out.form
}

/// `${` in words that refers to nothing is written with another dollar: a form in which it stands is refused.
fn spare_words(form: &mut Form) {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for entry in &form.entries {
        *names.entry(entry.name.clone()).or_default() += 1;
    }
    let refers = |text: &str| xlsform::references(text).is_ok_and(|found| found.iter().all(|(name, _)| names.get(*name) == Some(&1)));
    let spare = |texts: &mut Texts| {
        for text in texts.0.values_mut().filter(|text| text.contains("${") && !refers(text)) {
            *text = text.replace("${", "＄{");
        }
    };
    for entry in &mut form.entries {
        for texts in [&mut entry.label, &mut entry.hint, &mut entry.constraint_message, &mut entry.required_message] {
            spare(texts);
        }
    }
    for choice in form.lists.iter_mut().flat_map(|list| &mut list.choices) {
        spare(&mut choice.label);
    }
}

/// The name of an item for expressions where it has none of its own: its id, which begins with a letter or gets a `_`.
#[must_use]
pub fn name_of_id(id: &str) -> String {
    let name: String = id.chars().map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' }).collect();
    if spotcheck_expr::is_name(&name) { name } else { format!("_{name}") }
}

/// Whether expressions go by paths through the groups, so that no group may come between.
pub fn goes_by_paths<'a>(mut expressions: impl Iterator<Item = &'a str>) -> bool {
    expressions.any(|text| text.contains("../") || text.contains("/data/"))
}

/// The names of all items, each once.
fn names(checklist: &Checklist) -> Vec<String> {
    let mut taken: BTreeSet<String> = checklist.groups.iter().map(|group| group.id.clone()).collect();
    let own = |item: &Item| item.logic.as_ref().map(|logic| logic.name.clone()).filter(|name| spotcheck_expr::is_name(name));
    let wanted = |item: &Item| own(item).unwrap_or_else(|| name_of_id(&item.id));
    checklist.items.iter().map(|item| unique(wanted(item), &mut taken)).collect()
}

/// The name, or the name with a number that nobody has yet.
pub fn unique(wanted: String, taken: &mut BTreeSet<String>) -> String {
    let mut name = wanted.clone();
    let mut number = 2;
    while taken.contains(&name) {
        name = format!("{wanted}_{number}");
        number += 1;
    }
    taken.insert(name.clone());
    name
}

fn both(zh: &str, en: &str) -> Texts {
    Texts::of(ZH, zh).and(EN, en)
}

fn put(extra: &mut BTreeMap<String, Texts>, name: &str, texts: Texts) {
    if !texts.is_empty() {
        extra.insert(name.to_owned(), texts);
    }
}

fn put_text(extra: &mut BTreeMap<String, Texts>, name: &str, text: impl Into<String>) {
    put(extra, name, Texts::plain(text));
}

struct Export<'a> {
    checklist: &'a Checklist,
    /// By index of the item.
    names: Vec<String>,
    used: BTreeSet<String>,
    form: Form,
    /// Field → name of the question.
    facts: BTreeMap<String, String>,
    /// Names of facts that may have several values.
    several: BTreeSet<String>,
}

impl Export<'_> {
    /// A group of questions for the facts on which conditions depend.
    fn ask_facts(&mut self) {
        let conditions = self.checklist.items.iter().filter_map(|item| item.when.as_ref());
        let facts = condition::facts(conditions);
        let asked: Vec<(String, Ask)> = facts.into_iter().filter(|(field, _)| self.answer(field).is_none()).collect();
        if asked.is_empty() {
            return;
        }
        let parent = self.form.entries.len();
        let name = unique("facts".to_owned(), &mut self.used);
        let mut group = Entry { kind: Kind::Group, name, label: both("基本情况", "Basic facts"), ..Entry::default() };
        put_text(&mut group.extra, "fact", "*");
        self.form.entries.push(group);
        for (field, ask) in asked {
            let name = unique(name_of_id(&field).replace('.', "_"), &mut self.used);
            let kind = match ask {
                Ask::YesNo => {
                    self.list(FACT_YES_NO, &[("yes", "是", "Yes"), ("no", "否", "No")]);
                    Type::SelectOne(FACT_YES_NO.to_owned())
                }
                Ask::OneOf(values) => {
                    // Several: a unit has several roles, a visit several campaigns.
                    let list = format!("{name}_values");
                    let mut choices: Vec<(&str, &str, &str)> =
                        values.iter().map(|value| (value.as_str(), value.as_str(), value.as_str())).collect();
                    if !values.contains("other") {
                        choices.push(("other", "其他", "Other"));
                    }
                    self.list(&list, &choices);
                    self.several.insert(name.clone());
                    Type::SelectMultiple(list)
                }
                Ask::Number => Type::Decimal,
                Ask::Date => Type::Date,
                Ask::Text => Type::Text,
            };
            let label = both(&field, &field);
            let mut entry = Entry { parent: Some(parent), kind: Kind::Question(kind), name: name.clone(), label, ..Entry::default() };
            put_text(&mut entry.extra, "fact", &field);
            self.form.entries.push(entry);
            self.facts.insert(field, name);
        }
    }

    /// The item whose answer a field is.
    fn answer(&self, field: &str) -> Option<usize> {
        let id = field.strip_prefix("answer:")?;
        self.checklist.items.iter().position(|item| item.id == id)
    }

    fn field(&self, field: &str) -> Field {
        match self.answer(field) {
            Some(index) => Field {
                name: self.names[index].clone(),
                multiple: matches!(self.checklist.items[index].answer, AnswerSpec::Choice { multiple: true, .. }),
            },
            None => {
                let name = self.facts.get(field).cloned().unwrap_or_else(|| name_of_id(field));
                Field { multiple: self.several.contains(&name), name }
            }
        }
    }

    fn items(&mut self) {
        let checklist = self.checklist;
        let paths = paths(checklist);
        let mut order: Vec<usize> = (0..checklist.items.len()).collect();
        let first = first_items(&paths, checklist.groups.len());
        order.sort_by_cached_key(|index| paths[*index].iter().map(|group| first[*group]).chain([*index]).collect::<Vec<_>>());
        let by_paths = goes_by_paths(expressions(checklist));
        let mut section: Option<(&str, &str)> = None;
        let mut section_entry = None;
        let mut open: Vec<(usize, usize)> = Vec::new();
        for index in order {
            let item = &checklist.items[index];
            let path = &paths[index];
            let same = open.iter().zip(path).take_while(|((group, _), wanted)| group == *wanted).count();
            open.truncate(same);
            let own = (item.section_zh.as_str(), item.section_en.as_str());
            if open.is_empty() && section != Some(own) && !by_paths {
                section = Some(own);
                section_entry = self.section(own);
            }
            for group in path.iter().skip(same) {
                let parent = open.last().map(|(_, entry)| *entry).or(section_entry);
                open.push((*group, self.form.entries.len()));
                self.form.entries.push(group_entry(&checklist.groups[*group], parent));
            }
            let parent = open.last().map(|(_, entry)| *entry).or(section_entry);
            let mut entry = self.item(index, parent);
            if section != Some(own) {
                put(&mut entry.extra, "section", both(own.0, own.1));
            }
            self.form.entries.push(entry);
        }
    }

    /// The group of a section; none where the section has no title.
    fn section(&mut self, (zh, en): (&str, &str)) -> Option<usize> {
        let label = both(zh, en);
        if label.is_empty() {
            return None;
        }
        let number = 1 + self.form.entries.iter().filter(|entry| entry.parent.is_none() && entry.kind == Kind::Group).count();
        let name = unique(format!("section_{number}"), &mut self.used);
        self.form.entries.push(Entry { kind: Kind::Group, name, label, ..Entry::default() });
        Some(self.form.entries.len() - 1)
    }

    fn item(&mut self, index: usize, parent: Option<usize>) -> Entry {
        let item = &self.checklist.items[index];
        let name = self.names[index].clone();
        let mut entry =
            Entry { parent, label: both(&item.text_zh, &item.text_en), hint: both(&item.how_zh, &item.how_en), ..Entry::default() };
        if let Some(logic) = &item.logic {
            put_logic(&mut entry, logic);
        }
        self.put_answer(&mut entry, item, &name);
        put_relevant(&mut entry, item, |field| self.field(field));
        put_extra(&mut entry.extra, item);
        entry.name = name;
        entry
    }

    /// The type of the question, its list, and what the type does not say.
    fn put_answer(&mut self, entry: &mut Entry, item: &Item, name: &str) {
        let kind = match &item.answer {
            AnswerSpec::YesNoNa { pass } => {
                put_text(&mut entry.extra, "answer", JUDGING);
                if pass != "yes" {
                    put_text(&mut entry.extra, "pass", pass);
                }
                self.list(
                    JUDGING,
                    &[("pass", "符合", "Compliant"), ("fail", "不符合", "Not compliant"), ("na", "不适用", "Not applicable")],
                );
                Type::SelectOne(JUDGING.to_owned())
            }
            AnswerSpec::Choice { multiple, options, list } => {
                let choices = options.iter().map(choice).collect();
                let wanted = list.clone().unwrap_or_else(|| format!("{name}_options"));
                let list = self.choices(wanted, choices);
                if !*multiple && self.form.list(&list).is_some_and(|list| judging::meanings(list).is_some()) {
                    put_text(&mut entry.extra, "answer", "choice");
                }
                if *multiple { Type::SelectMultiple(list) } else { Type::SelectOne(list) }
            }
            AnswerSpec::Number { integer: true, .. } => Type::Integer,
            AnswerSpec::Number { .. } => Type::Decimal,
            AnswerSpec::Range { start, end, step, .. } => {
                let pairs = [("start", *start), ("end", *end), ("step", *step)];
                entry.parameters = pairs.into_iter().map(|(name, value)| (name.to_owned(), cells::number(value))).collect();
                Type::Range { start: *start, end: *end, step: *step }
            }
            AnswerSpec::Date { .. } => Type::Date,
            AnswerSpec::Text { .. } => Type::Text,
            AnswerSpec::Time => Type::Time,
            AnswerSpec::DateTime => Type::DateTime,
            AnswerSpec::Geopoint => Type::Geopoint,
            AnswerSpec::Image => Type::Image,
            AnswerSpec::Drawing => {
                entry.appearance.get_or_insert_with(|| "signature".to_owned());
                Type::Image
            }
            AnswerSpec::Barcode => Type::Barcode,
            AnswerSpec::Note => Type::Note,
            AnswerSpec::Calculate if entry.calculation.is_some() => Type::Calculate,
            AnswerSpec::Calculate => Type::Hidden,
        };
        put_text(&mut entry.extra, "limits", cells::limits(&item.answer));
        entry.kind = Kind::Question(kind);
    }

    /// Makes sure of a list of ours.
    fn list(&mut self, name: &str, choices: &[(&str, &str, &str)]) {
        if self.form.list(name).is_none() {
            let choice = |(value, zh, en): &(&str, &str, &str)| xlsform::Choice {
                value: (*value).to_owned(),
                label: both(zh, en),
                ..xlsform::Choice::default()
            };
            self.form.lists.push(ChoiceList { name: name.to_owned(), choices: choices.iter().map(choice).collect() });
        }
    }

    /// A list of this name with these choices: the one that is there already, or a new one beside another of its name.
    fn choices(&mut self, wanted: String, choices: Vec<xlsform::Choice>) -> String {
        let mut name = wanted.clone();
        let mut number = 2;
        while let Some(list) = self.form.list(&name) {
            if list.choices == choices {
                return name;
            }
            name = format!("{wanted}_{number}");
            number += 1;
        }
        self.form.lists.push(ChoiceList { name: name.clone(), choices });
        name
    }
}

/// All expressions of a checklist.
fn expressions(checklist: &Checklist) -> impl Iterator<Item = &str> {
    let of_items = checklist.items.iter().filter_map(|item| item.logic.as_deref()).flat_map(|logic| {
        [&logic.relevant, &logic.constraint, &logic.required, &logic.calculate, &logic.choice_filter, &logic.default, &logic.read_only]
    });
    let of_groups = checklist.groups.iter().flat_map(|group| [&group.relevant, &group.count]);
    of_items.chain(of_groups).filter_map(|text| text.as_deref())
}

/// The groups around each item, from the outside, as indices.
fn paths(checklist: &Checklist) -> Vec<Vec<usize>> {
    let index = |id: &str, before: usize| checklist.groups.iter().take(before).position(|group| group.id == id);
    let path = |item: &Item| {
        let mut path = Vec::new();
        let mut next = item.group.as_deref().and_then(|id| index(id, checklist.groups.len()));
        while let Some(group) = next {
            path.push(group);
            // A parent stands before its child, so this ends.
            next = checklist.groups[group].parent.as_deref().and_then(|id| index(id, group));
        }
        path.reverse();
        path
    };
    checklist.items.iter().map(path).collect()
}

/// Where each group has its first item: items are sorted by those of the groups around them.
fn first_items(paths: &[Vec<usize>], groups: usize) -> Vec<usize> {
    let mut first = vec![usize::MAX; groups];
    for (index, group) in paths.iter().enumerate().flat_map(|(index, path)| path.iter().map(move |group| (index, *group))) {
        first[group] = first[group].min(index);
    }
    first
}

fn group_entry(group: &Group, parent: Option<usize>) -> Entry {
    Entry {
        parent,
        kind: if group.repeat { Kind::Repeat } else { Kind::Group },
        name: group.id.clone(),
        label: both(&group.title_zh, &group.title_en),
        relevant: group.relevant.clone(),
        repeat_count: group.count.clone(),
        appearance: group.appearance.clone(),
        ..Entry::default()
    }
}

fn put_logic(entry: &mut Entry, logic: &Logic) {
    let words = |zh: &Option<String>, en: &Option<String>| both(zh.as_deref().unwrap_or_default(), en.as_deref().unwrap_or_default());
    entry.constraint.clone_from(&logic.constraint);
    entry.constraint_message = words(&logic.constraint_message_zh, &logic.constraint_message_en);
    entry.required.clone_from(&logic.required);
    entry.required_message = words(&logic.required_message_zh, &logic.required_message_en);
    entry.calculation.clone_from(&logic.calculate);
    entry.choice_filter.clone_from(&logic.choice_filter);
    entry.default.clone_from(&logic.default);
    entry.read_only.clone_from(&logic.read_only);
    entry.appearance.clone_from(&logic.appearance);
    entry.media = logic.media.iter().map(|(kind, file)| (kind.clone(), Texts::of(ZH, file))).collect();
}

/// When the item is asked: its own expression, its condition on facts, never when it is retired.
fn put_relevant(entry: &mut Entry, item: &Item, field: impl Fn(&str) -> Field) {
    let own = item.logic.as_ref().and_then(|logic| logic.relevant.clone());
    let when = item.when.as_ref().map(|when| condition::expression(when, &field));
    if when.is_none() && !item.retired {
        entry.relevant = own;
        return;
    }
    let parts: Vec<String> = if item.retired { vec!["false()".to_owned()] } else { when.into_iter().chain(own.clone()).collect() };
    entry.relevant = Some(match parts.as_slice() {
        [one] => one.clone(),
        several => several.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(" and "),
    });
    put_text(&mut entry.extra, "relevant", own.unwrap_or_default());
    if let Some(when) = &item.when {
        put_text(&mut entry.extra, "when", serde_json::to_string(when).unwrap_or_default());
    }
}

/// What only our own columns say.
fn put_extra(extra: &mut BTreeMap<String, Texts>, item: &Item) {
    put_text(extra, "id", &item.id);
    if item.record_only {
        put_text(extra, "record_only", "yes");
    }
    if !item.record_only || item.severity != Severity::General {
        put_text(extra, "severity", item.severity.name());
    }
    if !item.record_only || item.on_fail != RECORD_ONLY {
        put_text(extra, "on_fail", &item.on_fail);
    }
    put_text(extra, "basis", basis::write(&item.basis));
    put_text(extra, "severity_basis", basis::write(&item.severity_basis));
    put_text(extra, "evidence", item.evidence.iter().map(|one| evidence(*one)).collect::<Vec<_>>().join(" "));
    if item.per == Per::Unit {
        put_text(extra, "per", "unit");
    }
    put_text(extra, "common", item.common.clone().unwrap_or_default());
    if item.retired {
        put_text(extra, "retired", "yes");
    }
    put_text(extra, "transfer_to", item.transfer_to.join(" "));
}

/// The word for a kind of evidence.
pub fn evidence(one: Evidence) -> &'static str {
    match one {
        Evidence::Photo => "photo",
        Evidence::Document => "document",
        Evidence::Measurement => "measurement",
    }
}

fn choice(option: &crate::domain::checklist::Choice) -> xlsform::Choice {
    let mut columns = option.columns.clone();
    if !option.pass {
        columns.insert("spotcheck_pass".to_owned(), "no".to_owned());
    }
    xlsform::Choice { row: 0, value: option.value.clone(), label: both(&option.zh, &option.en), columns }
}
