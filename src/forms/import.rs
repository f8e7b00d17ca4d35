//! A form as a checklist.

mod answer;
mod head;

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_sheets::{
    Place,
    xlsform::{self, Diagnostics, Entry, Form, Kind, Problem, Texts},
};

use self::{
    answer::says_how_it_is_judged,
    head::{is_id, pair, pair_of_options},
};
use super::{
    basis,
    cells::{self, language},
    export::{self, RECORD_ONLY, RECTIFY, name_of_id, unique},
};
use crate::domain::checklist::{AnswerSpec, BasisRef, Checklist, Condition, Evidence, Group, Item, Logic, Per, Phrase, Severity};

/// Makes a checklist of a form that was read without errors.
///
/// `previous` is the version in use: items keep their ids by name, and those that are gone stay, retired. What is wrong
/// is added to the diagnostics; with an error among them the checklist is not to be used.
#[must_use]
pub fn import(form: &Form, previous: Option<&Checklist>, found: &mut Diagnostics) -> Checklist {
    for name in form.languages.iter().filter(|name| language(name).is_none()) {
        found.push(None, Problem::LanguageLeftOut { language: name.clone() });
    }
    let mut checklist = head::head(form, previous, found);
    checklist.basis = head::laws(form.table("basis"), found);
    let known = checklist.basis.iter().map(|law| law.id.clone()).collect();
    let mut import = Import {
        form,
        previous,
        found,
        known,
        referred: referred(form),
        looked_up: looked_up(form),
        phrases: head::phrases(form.table("phrases")),
    };
    let (groups, group_of) = import.groups();
    import.items(&mut checklist, &group_of);
    checklist.groups = groups;
    let holds = |id: &str, items: &[Item]| items.iter().any(|item| item.group.as_deref() == Some(id));
    // From the inside: a group is kept for its items or for the groups in it.
    for index in (0..checklist.groups.len()).rev() {
        let id = checklist.groups[index].id.clone();
        if !holds(&id, &checklist.items) && !checklist.groups.iter().any(|group| group.parent.as_deref() == Some(&id)) {
            checklist.groups.remove(index);
        }
    }
    if !found.has_errors()
        && let Err(error) = Checklist::read(serde_json::to_string(&checklist).unwrap_or_default().as_bytes())
    {
        found.push(None, Problem::NotAChecklist { reason: error.to_string() });
    }
    note_changed_relevance(form, &checklist, found);
    checklist
}

/// The expressions of an entry, without what was written here for a condition: that asks for facts, which are known
/// otherwise.
fn expressions(entry: &Entry) -> impl Iterator<Item = &str> {
    let is_ours = entry.extra.contains_key("when");
    let all = [
        &entry.relevant,
        &entry.constraint,
        &entry.required,
        &entry.calculation,
        &entry.read_only,
        &entry.choice_filter,
        &entry.repeat_count,
        &entry.default,
    ];
    let own = entry.extra.get("relevant").and_then(Texts::any);
    all.into_iter().skip(usize::from(is_ours)).filter_map(|text| text.as_deref()).chain(own)
}

/// The names to which expressions and texts refer.
fn referred(form: &Form) -> BTreeSet<String> {
    let texts = |entry: &'_ Entry| -> Vec<String> {
        let words = [&entry.label, &entry.hint, &entry.guidance, &entry.constraint_message, &entry.required_message];
        let words = words.into_iter().flat_map(|texts| texts.0.values().map(String::as_str));
        words.chain(expressions(entry)).map(str::to_owned).collect()
    };
    let texts = form.entries.iter().flat_map(texts);
    texts
        .flat_map(|text| xlsform::references(&text).map(|names| names.into_iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()))
        .flatten()
        .collect()
}

/// The lists into which expressions look by `instance('…')`.
fn looked_up(form: &Form) -> BTreeSet<String> {
    let texts = form.entries.iter().flat_map(expressions).filter(|text| text.contains("instance("));
    let parsed = texts.filter_map(|text| spotcheck_expr::Expr::parse(text).ok());
    parsed.flat_map(|expression| expression.lists().map(str::to_owned).collect::<Vec<_>>()).collect()
}

struct Import<'a> {
    form: &'a Form,
    previous: Option<&'a Checklist>,
    found: &'a mut Diagnostics,
    /// Ids of the laws.
    known: BTreeSet<String>,
    referred: BTreeSet<String>,
    /// Lists that `instance('…')` names.
    looked_up: BTreeSet<String>,
    phrases: BTreeMap<String, Vec<Phrase>>,
}

impl Import<'_> {
    /// The groups that are kept, and for each entry of the form the id of the innermost one that it is or stands in.
    ///
    /// A plain group at the top is a section and nothing else.
    fn groups(&self) -> (Vec<Group>, Vec<Option<String>>) {
        let mut taken = BTreeSet::new();
        let by_paths = export::goes_by_paths(self.form.entries.iter().flat_map(expressions));
        let mut groups: Vec<Group> = Vec::new();
        let mut group_of: Vec<Option<String>> = Vec::new();
        for entry in &self.form.entries {
            let around = entry.parent.and_then(|parent| group_of.get(parent).cloned().flatten());
            let is_section = !by_paths
                && entry.parent.is_none()
                && entry.kind == Kind::Group
                && entry.relevant.is_none()
                && entry.appearance.is_none()
                && !self.referred.contains(&entry.name);
            if matches!(entry.kind, Kind::Question(_)) || is_section {
                group_of.push(around);
                continue;
            }
            let (title_zh, title_en) = pair(&entry.label);
            let id = unique(entry.name.clone(), &mut taken);
            groups.push(Group {
                id: id.clone(),
                title_zh,
                title_en,
                parent: around,
                repeat: entry.kind == Kind::Repeat,
                count: entry.repeat_count.clone(),
                relevant: entry.relevant.clone(),
                appearance: entry.appearance.clone(),
            });
            group_of.push(Some(id));
        }
        (groups, group_of)
    }

    fn items(&mut self, checklist: &mut Checklist, group_of: &[Option<String>]) {
        let form = self.form;
        let mut taken: BTreeSet<String> = group_of.iter().flatten().cloned().collect();
        let mut named: Vec<(&Entry, Option<String>, String)> = Vec::new();
        for (entry, group) in form.entries.iter().zip(group_of) {
            let is_fact = entry.extra.contains_key("fact") && !self.referred.contains(&entry.name);
            if let Kind::Question(_) = &entry.kind
                && !is_fact
            {
                named.push((entry, group.clone(), unique(entry.name.clone(), &mut taken)));
            }
        }
        let ids = self.ids(&checklist.id, &named);
        for ((entry, group, name), id) in named.into_iter().zip(ids) {
            let mut item = self.item(entry, &name, id, (&checklist.title_zh, &checklist.title_en));
            item.group = group;
            checklist.items.push(item);
        }
        if let Some(previous) = self.previous {
            let kept: BTreeSet<String> = checklist.items.iter().map(|item| item.id.clone()).collect();
            for item in previous.items.iter().filter(|item| !kept.contains(&item.id)) {
                let lacks = item.basis.iter().chain(&item.severity_basis).filter(|one| !self.known.contains(&one.basis));
                let lacking: BTreeSet<&str> = lacks.map(|one| one.basis.as_str()).collect();
                checklist.basis.extend(previous.basis.iter().filter(|law| lacking.contains(law.id.as_str())).cloned());
                self.known.extend(lacking.into_iter().map(str::to_owned));
                let group = None;
                checklist.items.push(Item { retired: true, group, when: None, logic: retired_logic(item), ..item.clone() });
            }
        }
    }

    /// The id of each item: its own column, else that of the same name in the version before, else the next number.
    fn ids(&mut self, prefix: &str, named: &[(&Entry, Option<String>, String)]) -> Vec<String> {
        let own_name = |item: &Item| item.logic.as_ref().map(|logic| logic.name.clone()).filter(|name| !name.is_empty());
        let old_name = |item: &Item| own_name(item).unwrap_or_else(|| name_of_id(&item.id));
        let before: BTreeMap<String, String> =
            self.previous.iter().flat_map(|list| &list.items).map(|item| (old_name(item), item.id.clone())).collect();
        let mut used: BTreeSet<String> = BTreeSet::new();
        let mut ids: Vec<Option<String>> = Vec::new();
        for (entry, _, name) in named {
            let own = entry.extra.get("id").and_then(Texts::any).map(str::to_owned);
            let id = own.or_else(|| before.get(name).cloned());
            if let Some(id) = &id {
                if !is_id(id) {
                    self.found.push(self.form.place(entry, "spotcheck::id"), Problem::BadId { id: id.clone() });
                } else if !used.insert(id.clone()) {
                    self.found.push(self.form.place(entry, "spotcheck::id"), Problem::DoubleId { id: id.clone() });
                }
            }
            ids.push(id);
        }
        used.extend(before.into_values());
        let mut number = 0;
        let mut next = || loop {
            number += 1;
            let id = format!("{prefix}-{number:03}");
            if used.insert(id.clone()) {
                return id;
            }
        };
        ids.into_iter().map(|id| id.unwrap_or_else(&mut next)).collect()
    }

    fn item(&mut self, entry: &Entry, name: &str, id: String, title: (&str, &str)) -> Item {
        let answer = self.answer(entry, name);
        let judged = match self.yes_no(entry, "record_only") {
            Some(record_only) => !record_only,
            None => says_how_it_is_judged(entry) || matches!(answer, AnswerSpec::YesNoNa { .. }),
        };
        let (section_zh, section_en) = self.section(entry, title);
        let (text_zh, text_en) = self.text(entry);
        let (how_zh, how_en) = how(entry);
        let item = Item {
            section_zh,
            section_en,
            text_zh,
            text_en,
            basis: self.references(entry, "basis"),
            how_zh,
            how_en,
            severity: self.one_of(entry, "severity", &["general", "serious", "major"], severity).unwrap_or(Severity::General),
            severity_basis: self.references(entry, "severity_basis"),
            evidence: self.evidence(entry),
            answer,
            on_fail: text_of(entry, "on_fail").unwrap_or_else(|| if judged { RECTIFY } else { RECORD_ONLY }.to_owned()),
            when: self.when(entry),
            per: self.one_of(entry, "per", &["equipment", "unit"], per).unwrap_or_default(),
            common: text_of(entry, "common"),
            group: None,
            record_only: !judged,
            retired: self.yes_no(entry, "retired").unwrap_or(false),
            logic: None,
            transfer_to: text_of(entry, "transfer_to").map(|text| cells::words(&text).map(str::to_owned).collect()).unwrap_or_default(),
            phrases: self.phrases.get(&text_of(entry, "phrases").unwrap_or_else(|| entry.name.clone())).cloned().unwrap_or_default(),
            id,
        };
        let logic = self.logic(entry, name, &item);
        Item { logic, ..item }
    }

    /// The title of the outermost group that has one; without any, the title of the list.
    fn section(&self, entry: &Entry, title: (&str, &str)) -> (String, String) {
        if let Some(texts) = entry.extra.get("section") {
            return pair(texts);
        }
        let outermost = self.form.around(entry).filter(|(_, group)| !group.label.is_empty()).last();
        outermost.map_or_else(|| (title.0.to_owned(), title.1.to_owned()), |(_, group)| pair(&group.label))
    }

    /// What is asked; a question may also be a hint or a picture alone.
    fn text(&self, entry: &Entry) -> (String, String) {
        let texts = [&entry.label, &entry.hint].into_iter().chain(entry.media.values()).find(|texts| !texts.is_empty());
        match (texts, &entry.kind) {
            (Some(texts), _) => pair(texts),
            (None, _) => (String::new(), String::new()),
        }
    }

    /// The expressions of an item; none where it has none and goes by its id.
    fn logic(&self, entry: &Entry, name: &str, item: &Item) -> Option<Box<Logic>> {
        let (constraint_message_zh, constraint_message_en) = pair_of_options(&entry.constraint_message);
        let (required_message_zh, required_message_en) = pair_of_options(&entry.required_message);
        let is_ours = item.when.is_some() || item.retired;
        let appearance = entry.appearance.clone();
        let logic = Logic {
            // An item without a name has that of its id.
            name: if name == name_of_id(&item.id) { String::new() } else { name.to_owned() },
            relevant: if is_ours { text_of(entry, "relevant") } else { entry.relevant.clone() },
            constraint: entry.constraint.clone(),
            constraint_message_zh,
            constraint_message_en,
            required: entry.required.clone().filter(|text| text != "false()"),
            required_message_zh,
            required_message_en,
            calculate: entry.calculation.clone(),
            choice_filter: entry.choice_filter.clone(),
            default: entry.default.clone(),
            read_only: entry.read_only.clone().filter(|text| text != "false()"),
            appearance: if item.answer == AnswerSpec::Drawing { appearance.filter(|text| text != "signature") } else { appearance },
            media: entry.media.iter().map(|(kind, names)| (kind.clone(), pair(names).0)).collect(),
        };
        (logic != Logic::default()).then(|| Box::new(logic))
    }

    fn when(&mut self, entry: &Entry) -> Option<Condition> {
        let text = text_of(entry, "when")?;
        serde_json::from_str(&text).map_err(|error| self.note(entry, "when", Problem::BadJson { reason: error.to_string() })).ok()
    }

    fn references(&mut self, entry: &Entry, column: &str) -> Vec<BasisRef> {
        let references = text_of(entry, column).map(|text| basis::read(&text)).unwrap_or_default();
        for one in references.iter().filter(|one| !self.known.contains(&one.basis)) {
            self.found.push(place(self.form, entry, column), Problem::UnknownBasis { id: one.basis.clone() });
        }
        references
    }

    fn evidence(&mut self, entry: &Entry) -> Vec<Evidence> {
        let text = text_of(entry, "evidence").unwrap_or_default();
        let mut all = Vec::new();
        for word in cells::words(&text) {
            match [Evidence::Photo, Evidence::Document, Evidence::Measurement].into_iter().find(|one| names_of(*one).contains(&word)) {
                Some(one) => all.push(one),
                None => {
                    let problem = Problem::NotOneOf { found: word.to_owned(), allowed: &["photo", "document", "measurement"] };
                    self.note(entry, "evidence", problem);
                }
            }
        }
        all
    }

    fn yes_no(&mut self, entry: &Entry, column: &str) -> Option<bool> {
        self.one_of(entry, column, &["yes", "no"], cells::yes_no)
    }

    fn one_of<T>(&mut self, entry: &Entry, column: &str, allowed: &'static [&'static str], read: fn(&str) -> Option<T>) -> Option<T> {
        let text = text_of(entry, column)?;
        let value = read(&text);
        if value.is_none() {
            self.note(entry, column, Problem::NotOneOf { found: text, allowed });
        }
        value
    }

    fn note(&mut self, entry: &Entry, column: &str, problem: Problem) {
        self.found.push(place(self.form, entry, column), problem);
    }
}

fn place(form: &Form, entry: &Entry, column: &str) -> Place {
    form.place(entry, &format!("spotcheck::{column}"))
}

fn text_of(entry: &Entry, column: &str) -> Option<String> {
    entry.extra.get(column).and_then(Texts::any).map(str::to_owned)
}

/// How to check it: our own column, else the hints.
fn how(entry: &Entry) -> (String, String) {
    if let Some(texts) = entry.extra.get("how") {
        return pair(texts);
    }
    // A hint that is all there is of a question is its text already.
    let hint = if entry.label.is_empty() { &Texts::default() } else { &entry.hint };
    let (hint_zh, hint_en) = pair(hint);
    let (more_zh, more_en) = pair(&entry.guidance);
    let joined = |hint: String, more: String| [hint, more].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    (joined(hint_zh, more_zh), joined(hint_en, more_en))
}

fn severity(text: &str) -> Option<Severity> {
    Severity::parse(text).or(match text {
        "一般" => Some(Severity::General),
        "严重" => Some(Severity::Serious),
        "重大" => Some(Severity::Major),
        _ => None,
    })
}

fn per(text: &str) -> Option<Per> {
    match text {
        "equipment" | "设备" => Some(Per::Equipment),
        "unit" | "单位" => Some(Per::Unit),
        _ => None,
    }
}

fn names_of(evidence: Evidence) -> [&'static str; 2] {
    let zh = match evidence {
        Evidence::Photo => "照片",
        Evidence::Document => "文件",
        Evidence::Measurement => "测量",
    };
    [export::evidence(evidence), zh]
}

/// A retired item keeps its name, so that it is found again; what it depended on may be gone.
fn retired_logic(item: &Item) -> Option<Box<Logic>> {
    item.logic.as_ref().map(|logic| Box::new(Logic { name: logic.name.clone(), ..Logic::default() }))
}

/// `relevant` beside a `spotcheck::when` is ours to write: who changes it should know that it has no effect.
fn note_changed_relevance(form: &Form, checklist: &Checklist, found: &mut Diagnostics) {
    if !form.entries.iter().any(|entry| entry.extra.contains_key("when")) {
        return;
    }
    let ours = export::export(checklist);
    let ours: BTreeMap<&str, &Option<String>> = ours.entries.iter().map(|entry| (entry.name.as_str(), &entry.relevant)).collect();
    for entry in form.entries.iter().filter(|entry| entry.extra.contains_key("when") && entry.relevant.is_some()) {
        if ours.get(entry.name.as_str()).is_some_and(|ours| **ours != entry.relevant) {
            found.push(form.place(entry, "relevant"), Problem::RelevantNotUsed);
        }
    }
}
