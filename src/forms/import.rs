//! A form as a checklist.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use spotcheck_sheets::{
    Place,
    xlsform::{self, Diagnostics, Entry, Form, Kind, Problem, Table, Texts, Type},
};

use super::{
    basis,
    cells::{self, language},
    export::{self, JUDGING, RECORD_ONLY, RECTIFY, name_of_id, unique},
    judging::{self, Word},
};
use crate::domain::{
    checklist::{
        AnswerSpec, AppliesTo, Basis, BasisRef, Checked, Checklist, Choice, Condition, Evidence, Group, Item, LimitKind, Logic,
        NAME_CHARACTERS, Per, Phrase, Severity,
    },
    content::Lang,
};

/// Makes a checklist of a form that was read without errors.
///
/// `previous` is the version in use: items keep their ids by name, and those that are gone stay, retired. What is wrong
/// is added to the diagnostics; with an error among them the checklist is not to be used.
#[must_use]
pub fn import(form: &Form, previous: Option<&Checklist>, found: &mut Diagnostics) -> Checklist {
    for name in form.languages.iter().filter(|name| language(name).is_none()) {
        found.push(None, Problem::LanguageLeftOut { language: name.clone() });
    }
    let mut checklist = head(form, previous, found);
    checklist.basis = laws(form.table("basis"), found);
    let known = checklist.basis.iter().map(|law| law.id.clone()).collect();
    let mut import = Import {
        form,
        previous,
        found,
        known,
        referred: referred(form),
        looked_up: looked_up(form),
        phrases: phrases(form.table("phrases")),
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

/// The texts in our two languages; what is not given in one is taken from another.
fn pair(texts: &Texts) -> (String, String) {
    let in_language = |lang: Lang| texts.0.iter().find(|(name, _)| language(name) == Some(lang)).map(|(_, text)| text.clone());
    let zh = in_language(Lang::Zh);
    let en = in_language(Lang::En);
    let any = texts.any().unwrap_or_default().to_owned();
    let zh = zh.or_else(|| en.clone()).unwrap_or(any);
    (zh.clone(), en.unwrap_or(zh))
}

fn pair_of_options(texts: &Texts) -> (Option<String>, Option<String>) {
    if texts.is_empty() {
        return (None, None);
    }
    let (zh, en) = pair(texts);
    (Some(zh), Some(en))
}

/// All of a checklist but its groups, items and laws.
fn head(form: &Form, previous: Option<&Checklist>, found: &mut Diagnostics) -> Checklist {
    let settings = &form.settings;
    let extra = |name: &str| settings.extra.get(name).and_then(Texts::any).map(str::to_owned);
    let (note_zh, note_en) = settings.extra.get("note").map(pair_of_options).unwrap_or_default();
    let title_en = settings.extra.get("title").map(|texts| pair(texts).1);
    let says_nothing = ["subject", "equipment_code_prefix", "applies_to"].iter().all(|name| !settings.extra.contains_key(*name));
    let applies_to = match previous {
        Some(previous) if says_nothing => previous.applies_to.clone(),
        _ => AppliesTo {
            subject: extra("subject").unwrap_or_else(|| "unit".to_owned()),
            equipment_code_prefix: extra("equipment_code_prefix")
                .map(|text| cells::words(&text).map(str::to_owned).collect())
                .unwrap_or_default(),
            extra: extra("applies_to").map(|text| applies(&text, settings.places.get("applies_to"), found)).unwrap_or_default(),
        },
    };
    if !["equipment", "unit"].contains(&applies_to.subject.as_str()) {
        let problem = Problem::NotOneOf { found: applies_to.subject.clone(), allowed: &["equipment", "unit"] };
        found.push(settings.places.get("subject").cloned(), problem);
    }
    let otherwise = |old: fn(&Checklist) -> &String, new: &str| previous.map_or_else(|| new.to_owned(), |list| old(list).clone());
    Checklist {
        schema: "checklist/1".to_owned(),
        id: checklist_id(&settings.form_id),
        version: if settings.version.is_empty() { "1".to_owned() } else { settings.version.clone() },
        status: extra("status").unwrap_or_else(|| "active".to_owned()),
        title_zh: settings.title.clone(),
        title_en: title_en.unwrap_or_else(|| settings.title.clone()),
        domain: extra("domain").unwrap_or_else(|| otherwise(|list| &list.domain, "special_equipment")),
        applies_to,
        note_zh,
        note_en,
        basis: Vec::new(),
        groups: Vec::new(),
        items: Vec::new(),
    }
}

fn applies(text: &str, place: Option<&Place>, found: &mut Diagnostics) -> BTreeMap<String, serde_json::Value> {
    serde_json::from_str(text).unwrap_or_else(|error| {
        found.push(place.cloned(), Problem::BadJson { reason: error.to_string() });
        BTreeMap::new()
    })
}

/// The form's id where it can begin the ids of items, else one that always comes out the same for it.
fn checklist_id(form_id: &str) -> String {
    // `-` and up to five digits follow.
    if form_id.len() + 6 <= NAME_CHARACTERS && is_id(form_id) {
        return form_id.to_owned();
    }
    let digest: String = Sha256::digest(form_id.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("form-{digest}")
}

/// Whether a list or item can have this id.
fn is_id(text: &str) -> bool {
    (1..=NAME_CHARACTERS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn laws(table: Option<&Table>, found: &mut Diagnostics) -> Vec<Basis> {
    let Some(table) = table else { return Vec::new() };
    let mut ids = BTreeSet::new();
    let mut laws = Vec::new();
    for row in &table.rows {
        let text = |name: &str| row.cells.get(name).and_then(Texts::any).map(str::to_owned);
        let Some(id) = text("id") else { continue };
        if !ids.insert(id.clone()) {
            found.push(table.place(row, "id"), Problem::DoubleId { id });
            continue;
        }
        let (name_zh, name_en) = row.cells.get("name").map(pair).unwrap_or_default();
        let checked = match text("checked") {
            None => Checked::Knowledge,
            Some(word) => basis::CHECKED.iter().find(|(known, _)| *known == word).map_or_else(
                || {
                    let allowed = &["source", "partial", "knowledge"];
                    found.push(table.place(row, "checked"), Problem::NotOneOf { found: word.clone(), allowed });
                    Checked::Knowledge
                },
                |(_, checked)| *checked,
            ),
        };
        let number = text("number").unwrap_or_default();
        laws.push(Basis { id, name_zh, name_en, number, effective: text("effective"), checked, source: text("source") });
    }
    laws
}

/// Ready sentences by the item that they are for.
fn phrases(table: Option<&Table>) -> BTreeMap<String, Vec<Phrase>> {
    let mut phrases: BTreeMap<String, Vec<Phrase>> = BTreeMap::new();
    for row in table.into_iter().flat_map(|table| &table.rows) {
        let Some(item) = row.cells.get("item").and_then(Texts::any) else { continue };
        let (zh, en) = row.cells.get("text").map(pair).unwrap_or_default();
        let (measure_zh, measure_en) = row.cells.get("measure").map(pair).unwrap_or_default();
        phrases.entry(item.to_owned()).or_default().push(Phrase { zh, en, measure_zh, measure_en });
    }
    phrases
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

    fn answer(&mut self, entry: &Entry, name: &str) -> AnswerSpec {
        let Kind::Question(kind) = &entry.kind else { return AnswerSpec::Note };
        let limits = self.limits(entry);
        let text = |name: &str| limits.get(name).cloned();
        let number = |name: &str| limits.get(name).and_then(|text| text.parse::<f64>().ok());
        match kind {
            Type::Text => AnswerSpec::Text { max_length: number("maxLength").filter(|n| *n >= 0.0).map(|n| n as usize) },
            Type::Integer | Type::Decimal => AnswerSpec::Number {
                unit: text("unit"),
                min: number("min"),
                max: number("max"),
                min_field: text("minField"),
                max_field: text("maxField"),
                limit_kind: limits.get("kind").map(|kind| if kind == "advisory" { LimitKind::Advisory } else { LimitKind::Rule }),
                step: number("step"),
                integer: *kind == Type::Integer,
            },
            Type::Range { start, end, step } => {
                let whole = cells::is_whole(&[*start, *end, *step]);
                let integer = limits.get("integer").and_then(|text| cells::yes_no(text)).unwrap_or(whole);
                AnswerSpec::Range { start: *start, end: *end, step: *step, integer }
            }
            Type::Date => AnswerSpec::Date { rule: text("rule") },
            Type::Time => AnswerSpec::Time,
            Type::DateTime => AnswerSpec::DateTime,
            Type::SelectOne(list) => self.one_choice(entry, name, list),
            Type::SelectMultiple(list) | Type::Rank(list) => self.choice(name, list, true, None),
            Type::Geopoint => AnswerSpec::Geopoint,
            Type::Image if is_drawn(entry) => AnswerSpec::Drawing,
            Type::Image => AnswerSpec::Image,
            Type::Barcode => AnswerSpec::Barcode,
            Type::Note => AnswerSpec::Note,
            Type::Calculate | Type::Hidden => AnswerSpec::Calculate,
            Type::Acknowledge => {
                let option =
                    Choice {
                        value: "OK".to_owned(), zh: "已确认".to_owned(), en: "OK".to_owned(), pass: true, columns: BTreeMap::new()
                    };
                AnswerSpec::Choice { multiple: false, options: vec![option], list: None }
            }
        }
    }

    fn limits(&mut self, entry: &Entry) -> BTreeMap<String, String> {
        let Some(text) = text_of(entry, "limits") else { return BTreeMap::new() };
        let pairs = cells::read_pairs(&text);
        let bad = match &pairs {
            Err(rest) => Some(rest.clone()),
            Ok(pairs) => {
                let is_number = |name: &str| matches!(name, "min" | "max" | "step" | "maxLength");
                let good = |name: &String, value: &String| {
                    cells::LIMITS.contains(&name.as_str()) && (!is_number(name) || value.parse::<f64>().is_ok_and(f64::is_finite))
                };
                pairs.iter().find(|(name, value)| !good(name, value)).map(|(name, value)| format!("{name}={value}"))
            }
        };
        if let Some(found) = bad {
            self.note(entry, "limits", Problem::NotOneOf { found, allowed: cells::LIMITS });
        }
        pairs.unwrap_or_default()
    }

    /// One of a list: a judgement where the list, or our column, says so.
    fn one_choice(&mut self, entry: &Entry, name: &str, list: &str) -> AnswerSpec {
        let found = self.form.list(list);
        let meanings = found.and_then(judging::meanings);
        let wanted = match text_of(entry, "answer").as_deref() {
            None => found.is_some_and(judging::judges) || says_how_it_is_judged(entry),
            Some(JUDGING) => true,
            Some("choice") => false,
            Some(other) => {
                self.note(entry, "answer", Problem::NotOneOf { found: other.to_owned(), allowed: &[JUDGING, "choice"] });
                false
            }
        };
        let pass = text_of(entry, "pass").unwrap_or_else(|| "yes".to_owned());
        let keeps_values = found.is_some_and(judging::has_our_values);
        let is_plain = entry.choice_filter.is_none() && (keeps_values || !self.referred.contains(&entry.name));
        match meanings {
            Some(_) if wanted && is_plain => AnswerSpec::YesNoNa { pass },
            // Expressions ask for its values: it stays a choice, in which 不符合 fails.
            Some(meanings) if wanted => self.choice(name, list, false, Some(&meanings)),
            _ => self.choice(name, list, false, None),
        }
    }

    fn choice(&self, name: &str, list: &str, multiple: bool, meanings: Option<&[Word]>) -> AnswerSpec {
        let choices = self.form.list(list).map(|list| list.choices.as_slice()).unwrap_or_default();
        let mut options: Vec<Choice> = Vec::new();
        for (index, choice) in choices.iter().enumerate() {
            // A value may stand twice where the settings allow it; the first one counts.
            if options.iter().any(|option| option.value == choice.value) {
                continue;
            }
            let (zh, en) = if choice.label.is_empty() { (choice.value.clone(), choice.value.clone()) } else { pair(&choice.label) };
            let mut columns = choice.columns.clone();
            let says = columns.remove("spotcheck_pass").and_then(|text| cells::yes_no(&text));
            let means = meanings.and_then(|meanings| meanings.get(index)).map(|word| *word != Word::No);
            options.push(Choice { value: choice.value.clone(), zh, en, pass: says.or(means).unwrap_or(true), columns });
        }
        let is_its_own = list == format!("{name}_options") && !self.looked_up.contains(list);
        AnswerSpec::Choice { multiple, options, list: Some(list.to_owned()).filter(|_| !is_its_own) }
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

/// Whether the columns that only a judged item has say something.
fn says_how_it_is_judged(entry: &Entry) -> bool {
    let says = |column: &str| entry.extra.contains_key(column);
    says("severity") || says("on_fail") || says("basis") || text_of(entry, "answer").is_some_and(|text| text == JUDGING)
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

fn is_drawn(entry: &Entry) -> bool {
    entry.appearance.as_deref().is_some_and(|text| text.split_whitespace().any(|word| matches!(word, "signature" | "draw")))
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
