//! What has to be put right before a list can be published, each at its place.

use std::collections::BTreeSet;

use crate::domain::checklist::{AnswerSpec, Checklist, ChecklistError, Choice, Item};

/// The longest text of an item, in characters; as long as its field on the screen.
pub const TEXT_CHARACTERS: usize = 500;

/// Something to put right.
#[derive(Clone, PartialEq, Debug)]
pub enum Fault {
    /// No item is asked.
    Empty,
    /// The list has no title.
    NoTitle,
    /// Something about an item.
    Item {
        /// Its id.
        item: String,
        /// What.
        fault: ItemFault,
    },
    /// What the reader of lists says beyond that.
    List(ChecklistError),
}

/// What is wrong with an item.
#[derive(Clone, PartialEq, Debug)]
pub enum ItemFault {
    /// It does not say what must be so.
    NoText,
    /// It stands in no section.
    NoSection,
    /// Another item has its id.
    DoubleId,
    /// The smallest number is larger than the largest.
    Limits {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// A scale that has no length, or no step that fits into it.
    Scale,
    /// Less than two options.
    FewOptions,
    /// An option without a text.
    NoOptionText {
        /// Which, from 1.
        number: usize,
    },
    /// Two options with one value or one text.
    DoubleOption {
        /// The text.
        text: String,
    },
    /// A basis that the list does not know.
    UnknownBasis {
        /// Its name.
        basis: String,
    },
    /// A date rule that is not understood.
    Rule {
        /// The rule.
        rule: String,
    },
    /// An expression that can't be used.
    Logic {
        /// What is wrong, as the engine says it.
        problem: String,
    },
    /// A ready sentence that says nothing.
    NoPhraseText {
        /// Which, from 1.
        number: usize,
    },
}

/// Checks a list as a whole.
///
/// # Errors
/// Everything that has to be put right, the head first and then item by item.
pub fn check(list: &Checklist) -> Result<(), Vec<Fault>> {
    let mut faults = Vec::new();
    if list.title_zh.trim().is_empty() {
        faults.push(Fault::NoTitle);
    }
    if list.items.iter().all(|item| item.retired) {
        faults.push(Fault::Empty);
    }
    let mut ids = BTreeSet::new();
    for item in &list.items {
        let mut found = of_item(item, list);
        if !ids.insert(item.id.as_str()) {
            found.push(ItemFault::DoubleId);
        }
        faults.extend(found.into_iter().map(|fault| Fault::Item { item: item.id.clone(), fault }));
    }
    // The reader is asked even so: it knows about expressions. What was found already is not said twice.
    if let Err(error) = Checklist::from_value(&serde_json::to_value(list).unwrap_or_default()) {
        let more: Vec<Fault> = of_reader(list, error).filter(|fault| !faults.contains(fault)).collect();
        faults.extend(more);
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn of_item(item: &Item, list: &Checklist) -> Vec<ItemFault> {
    let mut faults = Vec::new();
    // Computed values are never shown.
    if item.text_zh.trim().is_empty() && item.answer != AnswerSpec::Calculate {
        faults.push(ItemFault::NoText);
    }
    if item.section_zh.trim().is_empty() {
        faults.push(ItemFault::NoSection);
    }
    match &item.answer {
        AnswerSpec::Number { min: Some(min), max: Some(max), .. } if min > max => faults.push(ItemFault::Limits { min: *min, max: *max }),
        AnswerSpec::Range { start, end, step, .. } if start == end || *step == 0.0 || step.abs() > (end - start).abs() => {
            faults.push(ItemFault::Scale);
        }
        AnswerSpec::Choice { options, .. } => faults.extend(of_options(options)),
        _ => {}
    }
    let unknown = item.basis.iter().chain(&item.severity_basis).filter(|one| list.basis(&one.basis).is_none());
    faults.extend(unknown.map(|one| ItemFault::UnknownBasis { basis: one.basis.clone() }));
    let silent = item.phrases.iter().enumerate().filter(|(_, phrase)| phrase.zh.trim().is_empty());
    faults.extend(silent.map(|(at, _)| ItemFault::NoPhraseText { number: at + 1 }));
    faults
}

fn of_options(options: &[Choice]) -> Vec<ItemFault> {
    if options.len() < 2 {
        return vec![ItemFault::FewOptions];
    }
    let silent = options.iter().enumerate().filter(|(_, option)| option.zh.trim().is_empty());
    let mut faults: Vec<ItemFault> = silent.map(|(at, _)| ItemFault::NoOptionText { number: at + 1 }).collect();
    let (mut values, mut texts) = (BTreeSet::new(), BTreeSet::new());
    for option in options.iter().filter(|option| !option.zh.trim().is_empty()) {
        // Choices that a filter keeps apart may have one text, so only their values count then.
        let double_text = option.columns.is_empty() && !texts.insert(option.zh.trim());
        if !values.insert(option.value.as_str()) || double_text {
            faults.push(ItemFault::DoubleOption { text: option.zh.clone() });
        }
    }
    faults
}

fn of_reader(list: &Checklist, error: ChecklistError) -> impl Iterator<Item = Fault> + use<> {
    let at = |index: usize, fault: ItemFault| list.items.get(index).map(|item| Fault::Item { item: item.id.clone(), fault });
    let fault = match &error {
        ChecklistError::Empty => Some(Fault::Empty),
        ChecklistError::DoubleId { index, .. } => at(*index, ItemFault::DoubleId),
        ChecklistError::UnknownBasis { index, basis } => at(*index, ItemFault::UnknownBasis { basis: basis.clone() }),
        ChecklistError::Rule { index, rule } => at(*index, ItemFault::Rule { rule: rule.clone() }),
        ChecklistError::Logic { index: Some(index), problem, .. } => at(*index, ItemFault::Logic { problem: problem.clone() }),
        // Said more closely already.
        ChecklistError::Options { index } => match list.items.get(*index).map(|item| &item.answer) {
            Some(AnswerSpec::Choice { options, .. }) if of_options(options).is_empty() => at(*index, ItemFault::FewOptions),
            _ => return None.into_iter(),
        },
        ChecklistError::Json { .. }
        | ChecklistError::Schema { .. }
        | ChecklistError::Name { .. }
        | ChecklistError::Logic { index: None, .. } => None,
    };
    Some(fault.unwrap_or(Fault::List(error))).into_iter()
}
