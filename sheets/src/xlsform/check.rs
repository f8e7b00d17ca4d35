//! What only shows when a form is whole: names, references, expressions, circles.

use std::collections::{BTreeMap, BTreeSet};

use spotcheck_expr::{self as expr, FormDef, ListDef, NodeDef, Preset, Role};

use super::{
    diagnostic::{Diagnostics, Problem},
    model::{ChoiceList, Entry, Form, Kind, Texts},
    survey::LeftOut,
    text::{self, nearest},
};
use crate::Place;

/// Checks a form that was read.
pub(super) fn check(form: &Form, left_out: &LeftOut, found: &mut Diagnostics) {
    let used: BTreeSet<&str> = form.entries.iter().filter_map(|entry| entry.list()).collect();
    check_texts(form, left_out, found);
    let looked_up = check_logic(form, left_out, found);
    for list in &form.lists {
        if !used.contains(list.name.as_str()) && !looked_up.contains(&list.name) {
            let row = list.choices.first().map_or(1, |choice| choice.row);
            let place = Place { sheet: "choices".to_owned(), row, column: 0 };
            found.push(place, Problem::UnusedList { list: list.name.clone() });
        }
    }
}

/// References in words: `${name}` shows an answer.
fn check_texts(form: &Form, left_out: &LeftOut, found: &mut Diagnostics) {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &form.entries {
        *names.entry(&entry.name).or_default() += 1;
    }
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
                check_text(text, &names, left_out, &form.place(entry, key), found);
            }
        }
    }
    for choice in form.lists.iter().flat_map(|list| &list.choices) {
        for text in choice.label.0.values() {
            let place = Place { sheet: "choices".to_owned(), row: choice.row, column: 0 };
            check_text(text, &names, left_out, &place, found);
        }
    }
}

fn check_text(text: &str, names: &BTreeMap<&str, usize>, left_out: &LeftOut, place: &Place, found: &mut Diagnostics) {
    let references = match text::references(text) {
        Ok(references) => references,
        Err(at) => return found.push(place.clone(), Problem::BadReference { at }),
    };
    for (name, at) in references {
        let problem = match names.get(name) {
            Some(1) => continue,
            Some(_) => expr::Problem::AmbiguousName { name: name.to_owned(), at },
            None => expr::Problem::UnknownName { name: name.to_owned(), at, nearest: nearest(name, names.keys().copied()) },
        };
        found.push(place.clone(), logic(problem, left_out));
    }
}

/// All expressions together, as the engine will take them. The lists that `instance('…')` looks into.
fn check_logic(form: &Form, left_out: &LeftOut, found: &mut Diagnostics) -> BTreeSet<String> {
    let nodes: Vec<NodeDef> = form.entries.iter().map(|entry| node(form, entry)).collect();
    let mut looked_up = BTreeSet::new();
    for text in nodes.iter().flat_map(expressions) {
        // Without `instance` there is nothing to look for: most expressions need not be parsed twice.
        if text.contains("instance(")
            && let Ok(expression) = expr::Expr::parse(text)
        {
            looked_up.extend(expression.lists().map(str::to_owned));
        }
    }
    let def = FormDef { nodes, lists: form.lists.iter().map(list).collect() };
    if let Err(errors) = expr::Form::compile(def) {
        for error in errors {
            let Some(entry) = form.entries.get(error.node.0 as usize) else { continue };
            found.push(form.place(entry, error.role.map_or("name", column)), logic(error.problem, left_out));
        }
    }
    looked_up
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
    }
}

fn expressions(node: &NodeDef) -> impl Iterator<Item = &str> {
    [&node.relevant, &node.constraint, &node.calculate, &node.required, &node.readonly, &node.choice_filter, &node.count]
        .into_iter()
        .filter_map(|text| text.as_deref())
}

fn node(form: &Form, entry: &Entry) -> NodeDef {
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
            node.list = entry.list().filter(|name| form.list(name).is_some()).map(str::to_owned);
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
