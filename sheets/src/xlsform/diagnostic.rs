//! What is wrong or odd in a form, and where. Texts for people are made elsewhere, from codes and parameters.

use std::fmt;

use spotcheck_expr::Problem as Logic;

use crate::Place;

/// How many of each severity are kept; the rest is counted.
pub const MAX_SHOWN: usize = 100;

/// How bad a [`Problem`] is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// The form can't be used.
    Error,
    /// Something of it is lost or will not work as written.
    Warning,
    /// Good to know.
    Note,
}

/// A problem and its place.
#[derive(Clone, PartialEq, Debug)]
pub struct Diagnostic {
    /// Where; `None` for the workbook as a whole.
    pub place: Option<Place>,
    /// What.
    pub problem: Problem,
}

/// What is found in reading a form: the first [`MAX_SHOWN`] of each severity, and how many there were.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Diagnostics {
    shown: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
    notes: usize,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, place: impl Into<Option<Place>>, problem: Problem) {
        let count = match problem.severity() {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Note => &mut self.notes,
        };
        *count += 1;
        if *count <= MAX_SHOWN {
            self.shown.push(Diagnostic { place: place.into(), problem });
        }
    }

    /// Whether the form can't be used.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many there were of a severity, the ones that were not kept included.
    #[must_use]
    pub fn total(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.warnings,
            Severity::Note => self.notes,
        }
    }

    /// The kept ones: errors first, each kind in the order in which they were found.
    #[must_use]
    pub fn shown(&self) -> Vec<&Diagnostic> {
        let mut shown: Vec<&Diagnostic> = self.shown.iter().collect();
        shown.sort_by_key(|one| one.problem.severity());
        shown
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(out, "{place}: ")?;
        }
        self.problem.fmt(out)
    }
}

/// What is wrong or odd. `nearest` is what was probably meant.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum Problem {
    // The workbook
    /// There is no sheet `survey`.
    #[error("there is no sheet `survey`")]
    NoSurvey {
        /// A sheet whose name is near it.
        nearest: Option<String>,
    },
    /// No question.
    #[error("there is no question")]
    NoQuestion,
    /// A sheet lacks a column that it must have.
    #[error("the column `{column}` is missing")]
    NoColumn {
        /// Its name.
        column: &'static str,
    },
    /// Two columns mean the same.
    #[error("this column means the same as column {other}")]
    DoubleColumn {
        /// The letters of the first one.
        other: String,
    },
    /// More rows than are read.
    #[error("{found} rows, at most {limit} are read")]
    TooMany {
        /// How many.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// Groups within groups beyond the limit.
    #[error("groups are nested deeper than {limit}")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A text longer than is kept.
    #[error("{found} characters, at most {limit} are kept")]
    TooLong {
        /// Its length.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// A cell whose formula failed or was never computed.
    #[error("the cell holds no value but `{found}`")]
    NoValueInCell {
        /// `#N/A`, or the formula.
        found: String,
    },

    // Rows of the survey
    /// A row with a name or label and no type.
    #[error("the type is missing")]
    NoType,
    /// A type that nobody knows.
    #[error("`{found}` is not a type")]
    UnknownType {
        /// What stands there.
        found: String,
        /// What was probably meant.
        nearest: Option<String>,
    },
    /// No name.
    #[error("the name is missing")]
    NoName,
    /// Not a name.
    #[error("`{found}` is not a name: a letter or `_` first, then letters, digits, `_`, `-` and `.`")]
    BadName {
        /// What stands there.
        found: String,
    },
    /// The name `meta`.
    #[error("the name `meta` is reserved")]
    ReservedName,
    /// A name twice in one group, or one repeat's name twice.
    #[error("the name `{name}` stands in row {first} already")]
    DoubleName {
        /// The name.
        name: String,
        /// Where it stood first.
        first: u32,
    },
    /// A question without label and hint.
    #[error("`{name}` has no label")]
    NoLabel {
        /// Its name.
        name: String,
    },
    /// A `calculate` without calculation.
    #[error("`{name}` has no calculation")]
    NoCalculation {
        /// Its name.
        name: String,
    },
    /// `big-image` without `image`.
    #[error("`{name}` has a big image and no image")]
    BigImageAlone {
        /// Its name.
        name: String,
    },
    /// An `end_…` that ends nothing, or something else than what is open.
    #[error("this ends nothing: {}", open.as_ref().map_or_else(|| "no group is open".to_owned(), |(name, row)| format!("`{name}` of row {row} is open")))]
    EndMismatch {
        /// What is open: its name and row.
        open: Option<(String, u32)>,
    },
    /// A group without end.
    #[error("`{name}` is never ended")]
    NotEnded {
        /// Its name.
        name: String,
    },
    /// No list of this name.
    #[error("there is no list `{list}`")]
    NoList {
        /// The name.
        list: String,
        /// What was probably meant.
        nearest: Option<String>,
    },
    /// `or_other` together with a filter.
    #[error("`or_other` can't be filtered")]
    OtherWithFilter,
    /// Parameters that are no pairs `name=value`.
    #[error("`{found}` is not a list of name=value")]
    BadParameters {
        /// What stands there.
        found: String,
    },
    /// A parameter that the type does not take.
    #[error("the parameter `{name}` is not one of this type")]
    UnknownParameter {
        /// Its name.
        name: String,
    },
    /// A parameter whose value is not usable.
    #[error("the parameter `{name}` can't be `{found}`")]
    BadParameter {
        /// Its name.
        name: String,
        /// Its value.
        found: String,
    },

    // Choices
    /// A choice without value.
    #[error("the choice has no name")]
    NoChoiceName,
    /// A value twice in one list.
    #[error("`{value}` stands in row {first} of the list `{list}` already")]
    DoubleChoice {
        /// The list.
        list: String,
        /// The value.
        value: String,
        /// Where it stood first.
        first: u32,
    },
    /// A value with a space in a list from which several can be chosen.
    #[error("`{value}` of the list `{list}` holds a space")]
    SpaceInChoice {
        /// The list.
        list: String,
        /// The value.
        value: String,
    },

    // References and expressions
    /// `${` that is no reference.
    #[error("`${{` at character {} begins no reference such as `${{name}}`", at + 1)]
    BadReference {
        /// Characters before it.
        at: usize,
    },
    /// A name whose question was left out because its type is not supported.
    #[error("`{name}` is left out here: its type `{found}` is not supported")]
    LeftOutName {
        /// The name.
        name: String,
        /// Its type.
        found: String,
    },
    /// An expression, or a reference in a text, that has no meaning in this form.
    #[error("{0}")]
    Logic(Box<Logic>),

    // What is not taken along
    /// A row of a type that is not supported; it is left out.
    #[error("the type `{found}` is not supported; the row is left out")]
    UnsupportedType {
        /// The type.
        found: String,
    },
    /// A column that is not supported.
    #[error("the column `{column}` is not supported")]
    UnsupportedColumn {
        /// Its heading.
        column: String,
    },
    /// A column that looks like a misspelt one.
    #[error("the column `{column}` is not known")]
    MisspeltColumn {
        /// Its heading.
        column: String,
        /// What was probably meant.
        nearest: String,
    },
    /// A column that is not known.
    #[error("the column `{column}` is not known")]
    UnknownColumn {
        /// Its heading.
        column: String,
    },
    /// A setting that is not used here.
    #[error("the setting `{setting}` is not used")]
    UnusedSetting {
        /// Its name.
        setting: String,
    },
    /// A sheet that is not supported.
    #[error("the sheet `{sheet}` is not supported")]
    UnsupportedSheet {
        /// Its name.
        sheet: String,
    },
    /// A row without type, name and label.
    #[error("the row has no type; it is taken as a comment")]
    CommentRow,
    /// A row switched off by the column `disabled`.
    #[error("the row is disabled")]
    DisabledRow,
    /// A choice that belongs to no list.
    #[error("the choice belongs to no list; it is left out")]
    NoListName,
    /// A repeat without label.
    #[error("the repeat `{name}` has no label")]
    NoRepeatLabel {
        /// Its name.
        name: String,
    },
    /// A choice without label; its value is shown.
    #[error("`{value}` has no label")]
    NoChoiceLabel {
        /// Its value.
        value: String,
    },
    /// Two names of one group that differ in capitals only.
    #[error("`{name}` differs from another name in capitals only")]
    SimilarName {
        /// The second one.
        name: String,
    },
    /// The order of a ranking is not kept.
    #[error("a ranking is taken as a choice of several; their order is not kept")]
    RankAsMultiple,
    /// A fixed `repeat_count` beyond the instances that a repeat can have.
    #[error("{found} instances, at most {limit} are shown")]
    CountBeyond {
        /// The count as written.
        found: String,
        /// The limit.
        limit: usize,
    },
    /// What only the device knows is not kept.
    #[error("`{found}` is not kept")]
    MetaLeftOut {
        /// The type.
        found: String,
    },
    /// A list that no question uses.
    #[error("no question uses the list `{list}`")]
    UnusedList {
        /// The list.
        list: String,
    },

    // Becoming a checklist
    /// A language other than Chinese and English.
    #[error("the language `{language}` is left out: only Chinese and English are kept")]
    LanguageLeftOut {
        /// As the columns call it.
        language: String,
    },
    /// A value that a column of ours does not know.
    #[error("`{found}` is not one of {}", allowed.join(", "))]
    NotOneOf {
        /// What stands there.
        found: String,
        /// What can stand there.
        allowed: &'static [&'static str],
    },
    /// A law that the sheet `basis` has not.
    #[error("the sheet `basis` has no `{id}`")]
    UnknownBasis {
        /// The reference.
        id: String,
    },
    /// An id twice.
    #[error("the id `{id}` occurs twice")]
    DoubleId {
        /// The id.
        id: String,
    },
    /// An id that could not be part of a record's paths.
    #[error("`{id}` can't be an id: 1 to 44 letters without accents, digits, `-` and `_`")]
    BadId {
        /// The id.
        id: String,
    },
    /// JSON that is not understood.
    #[error("not a condition in JSON: {reason}")]
    BadJson {
        /// What the reader says (English, for the log).
        reason: String,
    },
    /// `relevant` was changed beside a `spotcheck::when`, which is what counts.
    #[error("`relevant` is not used here: `spotcheck::when` says when the item is asked")]
    RelevantNotUsed,
    /// The file's form is not a checklist that can be used.
    #[error("not a usable checklist: {reason}")]
    NotAChecklist {
        /// Why (English, for the log).
        reason: String,
    },
}

impl Problem {
    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::NoSurvey { .. }
            | Self::NoQuestion
            | Self::NoColumn { .. }
            | Self::DoubleColumn { .. }
            | Self::TooMany { .. }
            | Self::TooDeep { .. }
            | Self::TooLong { .. }
            | Self::NoValueInCell { .. }
            | Self::NoType
            | Self::UnknownType { .. }
            | Self::NoName
            | Self::BadName { .. }
            | Self::ReservedName
            | Self::DoubleName { .. }
            | Self::NoLabel { .. }
            | Self::NoCalculation { .. }
            | Self::BigImageAlone { .. }
            | Self::EndMismatch { .. }
            | Self::NotEnded { .. }
            | Self::NoList { .. }
            | Self::OtherWithFilter
            | Self::BadParameters { .. }
            | Self::UnknownParameter { .. }
            | Self::BadParameter { .. }
            | Self::NoChoiceName
            | Self::DoubleChoice { .. }
            | Self::SpaceInChoice { .. }
            | Self::BadReference { .. }
            | Self::LeftOutName { .. }
            | Self::Logic(_)
            | Self::NotOneOf { .. }
            | Self::UnknownBasis { .. }
            | Self::DoubleId { .. }
            | Self::BadId { .. }
            | Self::BadJson { .. }
            | Self::NotAChecklist { .. } => Severity::Error,
            Self::UnsupportedType { .. }
            | Self::UnsupportedColumn { .. }
            | Self::MisspeltColumn { .. }
            | Self::UnsupportedSheet { .. }
            | Self::CommentRow
            | Self::NoListName
            | Self::NoRepeatLabel { .. }
            | Self::NoChoiceLabel { .. }
            | Self::SimilarName { .. }
            | Self::RankAsMultiple
            | Self::CountBeyond { .. }
            | Self::LanguageLeftOut { .. }
            | Self::RelevantNotUsed => Severity::Warning,
            Self::UnknownColumn { .. }
            | Self::UnusedSetting { .. }
            | Self::DisabledRow
            | Self::MetaLeftOut { .. }
            | Self::UnusedList { .. } => Severity::Note,
        }
    }

    /// A short name of the kind of problem, for word tables and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSurvey { .. } => "no_survey",
            Self::NoQuestion => "no_question",
            Self::NoColumn { .. } => "no_column",
            Self::DoubleColumn { .. } => "double_column",
            Self::TooMany { .. } => "too_many",
            Self::TooDeep { .. } => "too_deep",
            Self::TooLong { .. } => "too_long",
            Self::NoValueInCell { .. } => "no_value_in_cell",
            Self::NoType => "no_type",
            Self::UnknownType { .. } => "unknown_type",
            Self::NoName => "no_name",
            Self::BadName { .. } => "bad_name",
            Self::ReservedName => "reserved_name",
            Self::DoubleName { .. } => "double_name",
            Self::NoLabel { .. } => "no_label",
            Self::NoCalculation { .. } => "no_calculation",
            Self::BigImageAlone { .. } => "big_image_alone",
            Self::EndMismatch { .. } => "end_mismatch",
            Self::NotEnded { .. } => "not_ended",
            Self::NoList { .. } => "no_list",
            Self::OtherWithFilter => "other_with_filter",
            Self::BadParameters { .. } => "bad_parameters",
            Self::UnknownParameter { .. } => "unknown_parameter",
            Self::BadParameter { .. } => "bad_parameter",
            Self::NoChoiceName => "no_choice_name",
            Self::DoubleChoice { .. } => "double_choice",
            Self::SpaceInChoice { .. } => "space_in_choice",
            Self::BadReference { .. } => "bad_reference",
            Self::LeftOutName { .. } => "left_out_name",
            Self::Logic(problem) => match **problem {
                Logic::Expr(_) => "expression",
                Logic::UnknownName { .. } => "unknown_name",
                Logic::AmbiguousName { .. } => "ambiguous_name",
                Logic::NotARepeat { .. } => "not_a_repeat",
                Logic::NoChoices { .. } => "no_choices",
                Logic::UnknownList { .. } => "unknown_list",
                Logic::UnknownColumn { .. } => "no_choice_column",
                Logic::BareName { .. } => "bare_name",
                Logic::Cycle(_) => "cycle",
                Logic::WrongKind => "wrong_kind",
                Logic::Parent => "parent",
                Logic::BadName { .. } => "bad_name",
                Logic::TooDeep { .. } => "too_deep",
            },
            Self::UnsupportedType { .. } => "unsupported_type",
            Self::UnsupportedColumn { .. } => "unsupported_column",
            Self::MisspeltColumn { .. } => "misspelt_column",
            Self::UnknownColumn { .. } => "unknown_column",
            Self::UnusedSetting { .. } => "unused_setting",
            Self::UnsupportedSheet { .. } => "unsupported_sheet",
            Self::CommentRow => "comment_row",
            Self::DisabledRow => "disabled_row",
            Self::NoListName => "no_list_name",
            Self::NoRepeatLabel { .. } => "no_repeat_label",
            Self::NoChoiceLabel { .. } => "no_choice_label",
            Self::SimilarName { .. } => "similar_name",
            Self::RankAsMultiple => "rank_as_multiple",
            Self::CountBeyond { .. } => "count_beyond",
            Self::MetaLeftOut { .. } => "meta_left_out",
            Self::UnusedList { .. } => "unused_list",
            Self::LanguageLeftOut { .. } => "language_left_out",
            Self::NotOneOf { .. } => "not_one_of",
            Self::UnknownBasis { .. } => "unknown_basis",
            Self::DoubleId { .. } => "double_id",
            Self::BadId { .. } => "bad_id",
            Self::BadJson { .. } => "bad_json",
            Self::RelevantNotUsed => "relevant_not_used",
            Self::NotAChecklist { .. } => "not_a_checklist",
        }
    }
}
