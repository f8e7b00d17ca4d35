//! What was found in a spreadsheet, in words: what is wrong, where, and what to do.

use leptos::prelude::*;
use spotcheck_sheets::{Place, column_name};

use crate::desk::forms::{Finding, FormRead, Grade, Key};
use crate::ui::icon::icon;
use crate::ui::words::{fill, form_words};

/// The sentence, with blanks.
fn sentence(key: Key) -> &'static str {
    let w = form_words();
    match key {
        Key::NoSurvey => w.no_survey,
        Key::NoQuestion => w.no_question,
        Key::NoColumn => w.no_column,
        Key::DoubleColumn => w.double_column,
        Key::TooMany => w.too_many,
        Key::GroupsTooDeep => w.groups_too_deep,
        Key::TextTooLong => w.text_too_long,
        Key::NoValueInCell => w.no_value_in_cell,
        Key::NoType => w.no_type,
        Key::UnknownType => w.unknown_type,
        Key::NoName => w.no_name,
        Key::BadName => w.bad_name,
        Key::ReservedName => w.reserved_name,
        Key::DoubleName => w.double_name,
        Key::NoLabel => w.no_label,
        Key::NoCalculation => w.no_calculation,
        Key::BigImageAlone => w.big_image_alone,
        Key::EndOfNothing => w.end_of_nothing,
        Key::EndMismatch => w.end_mismatch,
        Key::NotEnded => w.not_ended,
        Key::NoList => w.no_list,
        Key::OtherWithFilter => w.other_with_filter,
        Key::BadParameters => w.bad_parameters,
        Key::UnknownParameter => w.unknown_parameter,
        Key::BadParameter => w.bad_parameter,
        Key::NoChoiceName => w.no_choice_name,
        Key::DoubleChoice => w.double_choice,
        Key::SpaceInChoice => w.space_in_choice,
        Key::BadReference => w.bad_reference,
        Key::LeftOutName => w.left_out_name,
        Key::UnsupportedType => w.unsupported_type,
        Key::UnsupportedColumn => w.unsupported_column,
        Key::MisspeltColumn => w.misspelt_column,
        Key::UnknownFormColumn => w.unknown_form_column,
        Key::UnusedSetting => w.unused_setting,
        Key::UnsupportedSheet => w.unsupported_sheet,
        Key::CommentRow => w.comment_row,
        Key::DisabledRow => w.disabled_row,
        Key::NoListName => w.no_list_name,
        Key::NoRepeatLabel => w.no_repeat_label,
        Key::NoChoiceLabel => w.no_choice_label,
        Key::SimilarName => w.similar_name,
        Key::RankAsMultiple => w.rank_as_multiple,
        Key::CountBeyond => w.count_beyond,
        Key::MetaLeftOut => w.meta_left_out,
        Key::UnusedList => w.unused_list,
        Key::LanguageLeftOut => w.language_left_out,
        Key::NotOneOf => w.not_one_of,
        Key::UnknownBasis => w.unknown_basis,
        Key::DoubleId => w.double_id,
        Key::BadId => w.bad_id,
        Key::BadJson => w.bad_json,
        Key::RelevantNotUsed => w.relevant_not_used,
        Key::NotAChecklist => w.not_a_checklist,
        Key::UnknownNameInFormula => w.unknown_name_in_formula,
        Key::AmbiguousName => w.ambiguous_name,
        Key::NotARepeat => w.not_a_repeat,
        Key::NoChoicesInFormula => w.no_choices_in_formula,
        Key::UnknownList => w.unknown_list,
        Key::NoChoiceColumn => w.no_choice_column,
        Key::BareName => w.bare_name,
        Key::Cycle => w.cycle,
        Key::WrongKind => w.wrong_kind,
        Key::Parent => w.parent,
        Key::BadFormName => w.bad_form_name,
        Key::RepeatsTooDeep => w.repeats_too_deep,
        Key::FormulaEmpty => w.formula_empty,
        Key::FormulaTooLong => w.formula_too_long,
        Key::FormulaTooDeep => w.formula_too_deep,
        Key::Character => w.character,
        Key::LookAlike => w.look_alike,
        Key::UnclosedText => w.unclosed_text,
        Key::UnclosedReference => w.unclosed_reference,
        Key::BadNameInFormula => w.bad_name_in_formula,
        Key::LastSaved => w.last_saved,
        Key::NumberTooLarge => w.number_too_large,
        Key::UnknownFunction => w.unknown_function,
        Key::UnsupportedFunction => w.unsupported_function,
        Key::Arguments => w.arguments,
        Key::NeedsNodes => w.needs_nodes,
        Key::PathInFormula => w.path_in_formula,
        Key::Predicate => w.predicate,
        Key::Regex => w.regex,
        Key::DateCode => w.date_code,
        Key::ExpectedOperand => w.expected_operand,
        Key::ExpectedOperator => w.expected_operator,
        Key::ExpectedCloseParen => w.expected_close_paren,
        Key::ExpectedCloseBracket => w.expected_close_bracket,
        Key::ExpectedOpenParen => w.expected_open_paren,
        Key::ExpectedComma => w.expected_comma,
        Key::ExpectedRootItem => w.expected_root_item,
        Key::ExpectedName => w.expected_name,
        Key::ExpectedListName => w.expected_list_name,
        Key::ExpectedReference => w.expected_reference,
    }
}

/// What was found, in words.
#[must_use]
pub fn explain(finding: &Finding) -> String {
    let values: Vec<&dyn std::fmt::Display> = finding.values.iter().map(|value| value as &dyn std::fmt::Display).collect();
    let said = fill(sentence(finding.key), &values);
    let nearest = finding.nearest.as_ref().map(|nearest| fill(form_words().did_you_mean, &[nearest])).unwrap_or_default();
    format!("{said}{nearest}")
}

/// A place as a person finds it: sheet, column and row.
#[must_use]
pub fn place(place: Option<&Place>) -> String {
    match place {
        Some(place) => fill(form_words().place, &[&place.sheet, &column_name(place.column), &place.row]),
        None => form_words().whole_file.to_owned(),
    }
}

/// Everything that was found: errors open, the rest folded.
pub fn findings_view(read: &FormRead) -> AnyView {
    let w = form_words();
    let group = |grade: Grade, total: usize, title: &str, hint: &'static str| {
        let found: Vec<&Finding> = read.findings.iter().filter(|finding| finding.grade == grade).collect();
        if total == 0 {
            return None;
        }
        let (tone, name) = match grade {
            Grade::Error => ("finding-group bad", "cross"),
            Grade::Warning => ("finding-group warn", "warn"),
            Grade::Note => ("finding-group", "info"),
        };
        let more = (total > found.len()).then(|| fill(w.only_first, &[&found.len()]));
        let rows = found.iter().map(|finding| view! { <li><span class="finding-place num">{place(finding.place.as_ref())}</span><span>{explain(finding)}</span></li> }).collect_view();
        Some(view! {
            <details class=tone open=grade == Grade::Error>
                <summary>{icon(name)}<span class="grow">{fill(title, &[&total])}</span>{icon("down")}</summary>
                {(!hint.is_empty()).then(|| view! { <p class="muted">{hint}</p> })}
                <ul class="findings">{rows}</ul>
                {more.map(|more| view! { <p class="muted small">{more}</p> })}
            </details>
        })
    };
    let [errors, warnings, notes] = read.totals;
    view! {
        {group(Grade::Error, errors, w.n_errors, w.errors_hint)}
        {group(Grade::Warning, warnings, w.n_warnings, w.warnings_hint)}
        {group(Grade::Note, notes, w.n_notes, "")}
    }
    .into_any()
}
