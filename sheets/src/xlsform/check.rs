//! What only shows when a form is whole: names, references, expressions, circles.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_expr::{self as expr, FormDef, ListDef, NodeDef, Preset, Role};

use super::{
    diagnostic::{Diagnostics, MAX_SHOWN, Problem},
    model::{ChoiceList, Entry, Form, Kind, Texts},
    survey::LeftOut,
    text::{self, nearest},
};
use crate::Place;

/// Beyond so many names, what was meant by an unknown one is only looked for a few times: it takes all names each time.
const MANY_NAMES: usize = 1000;

/// Checks a form that was read.
pub(super) fn check(form: &Form, left_out: &LeftOut, found: &mut Diagnostics) {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &form.entries {
        *names.entry(&entry.name).or_default() += 1;
    }
    let mut check = Check { form, names, left_out, found, searched: 0 };
    check.texts();
    let looked_up = check.logic();
    let used: BTreeSet<&str> = form.entries.iter().filter_map(|entry| entry.list()).collect();
    for list in &form.lists {
        if !used.contains(list.name.as_str()) && !looked_up.contains(&list.name) {
            let row = list.choices.first().map_or(1, |choice| choice.row);
            let place = Place { sheet: "choices".to_owned(), row, column: 0 };
            found.push(place, Problem::UnusedList { list: list.name.clone() });
        }
    }
}

struct Check<'a> {
    form: &'a Form,
    /// How many entries have a name.
    names: BTreeMap<&'a str, usize>,
    left_out: &'a LeftOut,
    found: &'a mut Diagnostics,
    /// How often a similar name was looked for.
    searched: usize,
}

impl Check<'_> {
    /// References in words: `${name}` shows an answer.
    fn texts(&mut self) {
        let form = self.form;
        for entry in &form.entries {
            let columns = [
                ("label", &entry.label),
                ("hint", &entry.hint),
                ("guidance_hint", &entry.guidance),
                ("constraint_message", &entry.constraint_message),
                ("required_message", &entry.required_message),
            ];
            for (column, texts) in columns {
                for (language, text) in &texts.0 {
                    let key = format!("{column}::{language}");
                    let key = if form.columns.contains_key(&key) { key.as_str() } else { column };
                    self.references(text, || form.place(entry, key), true);
                }
            }
        }
        for choice in form.lists.iter().flat_map(|list| &list.choices) {
            for text in choice.label.0.values() {
                self.references(text, || Place { sheet: "choices".to_owned(), row: choice.row, column: 0 }, true);
            }
        }
    }

    /// Notes references to nothing, and in words those to several questions; whether there are none.
    fn references(&mut self, text: &str, place: impl Fn() -> Place, in_words: bool) -> bool {
        let references = match text::references(text) {
            Ok(references) => references,
            Err(_) if !in_words => return true,
            Err(at) => {
                self.found.push(place(), Problem::BadReference { at });
                return false;
            }
        };
        let mut good = true;
        for (name, at) in references {
            let problem = match self.names.get(name) {
                Some(1) => continue,
                Some(_) if !in_words => continue,
                Some(_) => expr::Problem::AmbiguousName { name: name.to_owned(), at },
                None => expr::Problem::UnknownName { name: name.to_owned(), at, nearest: self.nearest(name) },
            };
            good = false;
            self.found.push(place(), logic(problem, self.left_out));
        }
        good
    }

    fn nearest(&mut self, name: &str) -> Option<String> {
        self.searched += 1;
        let is_cheap = self.names.len() <= MANY_NAMES && self.searched <= MAX_SHOWN;
        if is_cheap || self.searched <= 10 { nearest(name, self.names.keys().copied()) } else { None }
    }

    /// All expressions together, as the engine will take them. The lists that `instance('…')` looks into.
    fn logic(&mut self) -> BTreeSet<String> {
        let form = self.form;
        let lists: BTreeSet<&str> = form.lists.iter().map(|list| list.name.as_str()).collect();
        let mut nodes: Vec<NodeDef> = form.entries.iter().map(|entry| node(entry, &lists)).collect();
        for (entry, node) in form.entries.iter().zip(&mut nodes) {
            for (text, column) in expressions(node) {
                let is_good = text.as_deref().is_none_or(|text| self.references(text, || form.place(entry, column), false));
                if !is_good {
                    // One error is enough for an expression.
                    *text = None;
                }
            }
            if let Some(Preset::Expr(text)) = &node.preset
                && !self.references(text, || form.place(entry, "default"), false)
            {
                node.preset = None;
            }
        }
        let mut looked_up = BTreeSet::new();
        for (text, _) in nodes.iter_mut().flat_map(expressions) {
            // Most expressions need not be parsed twice.
            if let Some(text) = text
                && text.contains("instance(")
                && let Ok(expression) = expr::Expr::parse(text)
            {
                looked_up.extend(expression.lists().map(str::to_owned));
            }
        }
        let def = FormDef { nodes, lists: form.lists.iter().map(list).collect() };
        if let Err(errors) = expr::Form::compile(def) {
            for error in errors {
                let Some(entry) = form.entries.get(error.node.0 as usize) else { continue };
                self.found.push(form.place(entry, error.role.map_or("name", column)), logic(error.problem, self.left_out));
            }
        }
        looked_up
    }
}

fn logic(problem: expr::Problem, left_out: &LeftOut) -> Problem {
    if let expr::Problem::UnknownName { name, .. } = &problem
        && let Some(kind) = left_out.get(name)
    {
        return Problem::LeftOutName { name: name.clone(), found: kind.clone() };
    }
    Problem::Logic(Box::new(problem))
}

fn column(role: Role) -> &'static str {
    match role {
        Role::Preset => "default",
        Role::Count => "repeat_count",
        Role::Relevant => "relevant",
        Role::Calculate => "calculation",
        Role::Required => "required",
        Role::Readonly => "read_only",
        Role::Constraint => "constraint",
        Role::Filter => "choice_filter",
        Role::Mention => "label",
    }
}

fn expressions(node: &mut NodeDef) -> [(&mut Option<String>, &'static str); 7] {
    [
        (&mut node.relevant, "relevant"),
        (&mut node.constraint, "constraint"),
        (&mut node.calculate, "calculation"),
        (&mut node.required, "required"),
        (&mut node.readonly, "read_only"),
        (&mut node.choice_filter, "choice_filter"),
        (&mut node.count, "repeat_count"),
    ]
}

fn node(entry: &Entry, lists: &BTreeSet<&str>) -> NodeDef {
    let kind = match entry.kind {
        Kind::Group => expr::Kind::Group,
        Kind::Repeat => expr::Kind::Repeat,
        Kind::Question(_) => expr::Kind::Question,
    };
    let mut node = NodeDef::new(&entry.name, kind, entry.parent);
    node.relevant.clone_from(&entry.relevant);
    match kind {
        expr::Kind::Group => {}
        expr::Kind::Repeat => node.count.clone_from(&entry.repeat_count),
        expr::Kind::Question => {
            node.constraint.clone_from(&entry.constraint);
            node.calculate.clone_from(&entry.calculation);
            node.required.clone_from(&entry.required);
            node.readonly.clone_from(&entry.read_only);
            node.choice_filter.clone_from(&entry.choice_filter);
            node.preset = entry.default.clone().map(|text| if text::is_dynamic(&text) { Preset::Expr(text) } else { Preset::Text(text) });
            // A list that is not there was named already.
            node.list = entry.list().filter(|name| lists.contains(name)).map(str::to_owned);
        }
    }
    node
}

fn list(list: &ChoiceList) -> ListDef {
    let mut columns: BTreeSet<&str> = BTreeSet::new();
    for choice in &list.choices {
        columns.extend(choice.columns.keys().map(String::as_str));
    }
    let label = |texts: &Texts| texts.any().unwrap_or_default().to_owned();
    let rows = list.choices.iter().map(|choice| {
        let more = columns.iter().map(|column| choice.columns.get(*column).cloned().unwrap_or_default());
        [choice.value.clone(), label(&choice.label)].into_iter().chain(more).collect()
    });
    let rows = rows.collect();
    let columns = ["name", "label"].into_iter().chain(columns.iter().copied()).map(str::to_owned).collect();
    ListDef { name: list.name.clone(), columns, rows }
}

impl Entry {
    /// The list that its answer is chosen from.
    #[must_use]
    pub fn list(&self) -> Option<&str> {
        match &self.kind {
            Kind::Question(kind) => kind.list(),
            Kind::Group | Kind::Repeat => None,
        }
    }
}
