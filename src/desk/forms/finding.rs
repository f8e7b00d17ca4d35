//! What was found in a form, as plain data: the sentence is named by a key, and the page has its words.

use serde::{Deserialize, Serialize};
use spotcheck_expr::{Expected, ExprError, Place as At, Problem as Logic, Step};
use spotcheck_sheets::Place;
use spotcheck_sheets::xlsform::{Diagnostic, Problem, Severity};

/// How bad something is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// The form can't be used.
    Error,
    /// Something of it is lost or will not work as written.
    Warning,
    /// Good to know.
    Note,
}

impl From<Severity> for Grade {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Note => Self::Note,
        }
    }
}

/// Something found in a form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// How bad.
    pub grade: Grade,
    /// Where; none for the workbook as a whole.
    pub place: Option<Place>,
    /// The sentence.
    pub key: Key,
    /// What stands in the sentence's blanks, in their order.
    pub values: Vec<String>,
    /// What was probably meant.
    pub nearest: Option<String>,
}

impl Finding {
    /// From what the reader says.
    #[must_use]
    pub fn of(diagnostic: &Diagnostic) -> Self {
        let (key, values, nearest) = of_problem(&diagnostic.problem);
        Self { grade: diagnostic.problem.severity().into(), place: diagnostic.place.clone(), key, values, nearest }
    }
}

/// The sentences. A problem that has none does not compile, nor does a sentence without words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the problem of the same name in the reader of forms or of expressions")]
pub enum Key {
    NoSurvey,
    NoQuestion,
    NoColumn,
    DoubleColumn,
    TooMany,
    GroupsTooDeep,
    TextTooLong,
    NoValueInCell,
    NoType,
    UnknownType,
    NoName,
    BadName,
    ReservedName,
    DoubleName,
    NoLabel,
    NoCalculation,
    BigImageAlone,
    EndOfNothing,
    EndMismatch,
    NotEnded,
    NoList,
    OtherWithFilter,
    BadParameters,
    UnknownParameter,
    BadParameter,
    NoChoiceName,
    DoubleChoice,
    SpaceInChoice,
    BadReference,
    LeftOutName,
    UnsupportedType,
    UnsupportedColumn,
    MisspeltColumn,
    UnknownFormColumn,
    UnusedSetting,
    UnsupportedSheet,
    CommentRow,
    DisabledRow,
    NoListName,
    NoRepeatLabel,
    NoChoiceLabel,
    SimilarName,
    RankAsMultiple,
    CountBeyond,
    MetaLeftOut,
    UnusedList,
    LanguageLeftOut,
    NotOneOf,
    UnknownBasis,
    DoubleId,
    BadId,
    BadJson,
    RelevantNotUsed,
    NotAChecklist,
    UnknownNameInFormula,
    AmbiguousName,
    NotARepeat,
    NoChoicesInFormula,
    UnknownList,
    NoChoiceColumn,
    BareName,
    Cycle,
    WrongKind,
    Parent,
    BadFormName,
    RepeatsTooDeep,
    FormulaEmpty,
    FormulaTooLong,
    FormulaTooDeep,
    Character,
    LookAlike,
    UnclosedText,
    UnclosedReference,
    BadNameInFormula,
    LastSaved,
    NumberTooLarge,
    UnknownFunction,
    UnsupportedFunction,
    Arguments,
    NeedsNodes,
    PathInFormula,
    Predicate,
    Regex,
    DateCode,
    ExpectedOperand,
    ExpectedOperator,
    ExpectedCloseParen,
    ExpectedCloseBracket,
    ExpectedOpenParen,
    ExpectedComma,
    ExpectedRootItem,
    ExpectedName,
    ExpectedListName,
    ExpectedReference,
}

type Said = (Key, Vec<String>, Option<String>);

fn of_problem(problem: &Problem) -> Said {
    match problem {
        Problem::NoSurvey { nearest } => (Key::NoSurvey, Vec::new(), nearest.clone()),
        Problem::NoQuestion => (Key::NoQuestion, Vec::new(), None),
        Problem::NoColumn { column } => (Key::NoColumn, vec![column.to_string()], None),
        Problem::DoubleColumn { other } => (Key::DoubleColumn, vec![other.to_string()], None),
        Problem::TooMany { found, limit } => (Key::TooMany, vec![found.to_string(), limit.to_string()], None),
        Problem::TooDeep { limit } => (Key::GroupsTooDeep, vec![limit.to_string()], None),
        Problem::TooLong { found, limit } => (Key::TextTooLong, vec![found.to_string(), limit.to_string()], None),
        Problem::NoValueInCell { found } => (Key::NoValueInCell, vec![found.to_string()], None),
        Problem::NoType => (Key::NoType, Vec::new(), None),
        Problem::UnknownType { found, nearest } => (Key::UnknownType, vec![found.to_string()], nearest.clone()),
        Problem::NoName => (Key::NoName, Vec::new(), None),
        Problem::BadName { found } => (Key::BadName, vec![found.to_string()], None),
        Problem::ReservedName => (Key::ReservedName, Vec::new(), None),
        Problem::DoubleName { name, first } => (Key::DoubleName, vec![name.to_string(), first.to_string()], None),
        Problem::NoLabel { name } => (Key::NoLabel, vec![name.to_string()], None),
        Problem::NoCalculation { name } => (Key::NoCalculation, vec![name.to_string()], None),
        Problem::BigImageAlone { name } => (Key::BigImageAlone, vec![name.to_string()], None),
        Problem::EndMismatch { open: None } => (Key::EndOfNothing, Vec::new(), None),
        Problem::EndMismatch { open: Some((name, row)) } => (Key::EndMismatch, vec![name.to_string(), row.to_string()], None),
        Problem::NotEnded { name } => (Key::NotEnded, vec![name.to_string()], None),
        Problem::NoList { list, nearest } => (Key::NoList, vec![list.to_string()], nearest.clone()),
        Problem::OtherWithFilter => (Key::OtherWithFilter, Vec::new(), None),
        Problem::BadParameters { found } => (Key::BadParameters, vec![found.to_string()], None),
        Problem::UnknownParameter { name } => (Key::UnknownParameter, vec![name.to_string()], None),
        Problem::BadParameter { name, found } => (Key::BadParameter, vec![name.to_string(), found.to_string()], None),
        Problem::NoChoiceName => (Key::NoChoiceName, Vec::new(), None),
        Problem::DoubleChoice { list, value, first } => {
            (Key::DoubleChoice, vec![list.to_string(), value.to_string(), first.to_string()], None)
        }
        Problem::SpaceInChoice { list, value } => (Key::SpaceInChoice, vec![list.to_string(), value.to_string()], None),
        Problem::BadReference { at } => (Key::BadReference, vec![(at + 1).to_string()], None),
        Problem::LeftOutName { name, found } => (Key::LeftOutName, vec![name.to_string(), found.to_string()], None),
        Problem::UnsupportedType { found } => (Key::UnsupportedType, vec![found.to_string()], None),
        Problem::UnsupportedColumn { column } => (Key::UnsupportedColumn, vec![column.to_string()], None),
        Problem::MisspeltColumn { column, nearest } => (Key::MisspeltColumn, vec![column.to_string()], Some(nearest.clone())),
        Problem::UnknownColumn { column } => (Key::UnknownFormColumn, vec![column.to_string()], None),
        Problem::UnusedSetting { setting } => (Key::UnusedSetting, vec![setting.to_string()], None),
        Problem::UnsupportedSheet { sheet } => (Key::UnsupportedSheet, vec![sheet.to_string()], None),
        Problem::CommentRow => (Key::CommentRow, Vec::new(), None),
        Problem::DisabledRow => (Key::DisabledRow, Vec::new(), None),
        Problem::NoListName => (Key::NoListName, Vec::new(), None),
        Problem::NoRepeatLabel { name } => (Key::NoRepeatLabel, vec![name.to_string()], None),
        Problem::NoChoiceLabel { value } => (Key::NoChoiceLabel, vec![value.to_string()], None),
        Problem::SimilarName { name } => (Key::SimilarName, vec![name.to_string()], None),
        Problem::RankAsMultiple => (Key::RankAsMultiple, Vec::new(), None),
        Problem::CountBeyond { found, limit } => (Key::CountBeyond, vec![found.to_string(), limit.to_string()], None),
        Problem::MetaLeftOut { found } => (Key::MetaLeftOut, vec![found.to_string()], None),
        Problem::UnusedList { list } => (Key::UnusedList, vec![list.to_string()], None),
        Problem::LanguageLeftOut { language } => (Key::LanguageLeftOut, vec![language.to_string()], None),
        Problem::NotOneOf { found, allowed } => (Key::NotOneOf, vec![found.to_string(), allowed.join(" / ")], None),
        Problem::UnknownBasis { id } => (Key::UnknownBasis, vec![id.to_string()], None),
        Problem::DoubleId { id } => (Key::DoubleId, vec![id.to_string()], None),
        Problem::BadId { id } => (Key::BadId, vec![id.to_string()], None),
        Problem::BadJson { reason } => (Key::BadJson, vec![reason.to_string()], None),
        Problem::RelevantNotUsed => (Key::RelevantNotUsed, Vec::new(), None),
        Problem::NotAChecklist { reason } => (Key::NotAChecklist, vec![reason.to_string()], None),
        Problem::Logic(problem) => of_logic(problem),
    }
}

fn of_logic(problem: &Logic) -> Said {
    match problem {
        Logic::Expr(error) => of_expression(error),
        Logic::UnknownName { name, at, nearest } => (Key::UnknownNameInFormula, vec![count(*at), name.to_string()], nearest.clone()),
        Logic::AmbiguousName { name, at } => (Key::AmbiguousName, vec![count(*at), name.to_string()], None),
        Logic::NotARepeat { name, at } => (Key::NotARepeat, vec![count(*at), name.to_string()], None),
        Logic::NoChoices { name, at } => (Key::NoChoicesInFormula, vec![count(*at), name.to_string()], None),
        Logic::UnknownList { name, at } => (Key::UnknownList, vec![count(*at), name.to_string()], None),
        Logic::UnknownColumn { list, column, at } => (Key::NoChoiceColumn, vec![count(*at), list.to_string(), column.to_string()], None),
        Logic::BareName { name, at } => (Key::BareName, vec![count(*at), name.to_string(), name.to_string()], None),
        Logic::Cycle(steps) => (Key::Cycle, vec![cycle(steps)], None),
        Logic::WrongKind => (Key::WrongKind, Vec::new(), None),
        Logic::Parent => (Key::Parent, Vec::new(), None),
        Logic::BadName { name } => (Key::BadFormName, vec![name.to_string()], None),
        Logic::TooDeep { limit } => (Key::RepeatsTooDeep, vec![limit.to_string()], None),
    }
}

fn of_expression(error: &ExprError) -> Said {
    match error {
        ExprError::Empty => (Key::FormulaEmpty, Vec::new(), None),
        ExprError::TooLong { found, limit } => (Key::FormulaTooLong, vec![found.to_string(), limit.to_string()], None),
        ExprError::TooDeep { at, limit } => (Key::FormulaTooDeep, vec![count(*at), limit.to_string()], None),
        ExprError::Character { at, found } => (Key::Character, vec![count(*at), found.to_string()], None),
        ExprError::LookAlike { at, found, meant } => (Key::LookAlike, vec![count(*at), found.to_string(), meant.to_string()], None),
        ExprError::UnclosedText { at } => (Key::UnclosedText, vec![count(*at)], None),
        ExprError::UnclosedReference { at } => (Key::UnclosedReference, vec![count(*at)], None),
        ExprError::BadName { at, found } => (Key::BadNameInFormula, vec![count(*at), found.to_string()], None),
        ExprError::LastSaved { at, name: _ } => (Key::LastSaved, vec![count(*at)], None),
        ExprError::Number { at } => (Key::NumberTooLarge, vec![count(*at)], None),
        ExprError::UnknownFunction { at, name, nearest } => {
            (Key::UnknownFunction, vec![count(*at), name.to_string()], nearest.map(str::to_owned))
        }
        ExprError::UnsupportedFunction { at, name } => (Key::UnsupportedFunction, vec![count(*at), name.to_string()], None),
        ExprError::Arguments { at, function, found, min: _, max: _, even: _ } => {
            (Key::Arguments, vec![count(*at), function.to_string(), found.to_string()], None)
        }
        ExprError::NeedsNodes { at, function } => (Key::NeedsNodes, vec![count(*at), function.to_string()], None),
        ExprError::Path { at } => (Key::PathInFormula, vec![count(*at)], None),
        ExprError::Predicate { at } => (Key::Predicate, vec![count(*at)], None),
        ExprError::Regex { at, pattern: _, reason } => (Key::Regex, vec![count(*at), reason.to_string()], None),
        ExprError::DateCode { at, code } => (Key::DateCode, vec![count(*at), code.to_string()], None),
        ExprError::Unexpected { at, found, expected } => (of_expected(*expected), vec![count(*at), found.clone()], None),
    }
}

fn of_expected(expected: Expected) -> Key {
    match expected {
        Expected::Operand => Key::ExpectedOperand,
        Expected::Operator => Key::ExpectedOperator,
        Expected::CloseParen => Key::ExpectedCloseParen,
        Expected::CloseBracket => Key::ExpectedCloseBracket,
        Expected::OpenParen => Key::ExpectedOpenParen,
        Expected::CommaOrClose => Key::ExpectedComma,
        Expected::RootItem => Key::ExpectedRootItem,
        Expected::Name => Key::ExpectedName,
        Expected::ListName => Key::ExpectedListName,
        Expected::Reference => Key::ExpectedReference,
    }
}

/// As a person counts: from 1.
fn count(at: At) -> String {
    (at.character + 1).to_string()
}

/// The names round a circle: `a → b → a`.
fn cycle(steps: &[Step]) -> String {
    let mut names: Vec<&str> = steps.iter().map(|step| step.name.as_str()).collect();
    names.dedup();
    if let [only] = names.as_slice() {
        names = vec![*only, *only];
    }
    names.join(" → ")
}
