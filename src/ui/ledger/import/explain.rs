//! Words for everything that can be wrong or odd about a file: what it is, and what to do.

use spotcheck_sheets::ReadError;
use spotcheck_sheets::read::{Fault, Foreign, Limit, Note};

use super::Problem;
use super::check::{Broken, Checked};
use super::columns::path_label;
use crate::app::ledger::ImportError;
use crate::app::workspace::AppError;
use crate::domain::equipment::{CertificateNotice, CodeNotice};
use crate::domain::uscc::UsccError;
use crate::ledger::cell::{Oddity, Problem as CellProblem};
use crate::ledger::columns::{cell_of, letters};
use crate::ledger::field::{Cell, Choice};
use crate::ledger::read::{CellError, CellWarning, Place, RowOddity, RowProblem};
use crate::ledger::{Kind, Ledger};
use crate::ui::ledger::list::choice_word;
use crate::ui::words::{errors, fill, lang, table_words};

/// What happened, and what to do.
pub(super) fn problem(problem: &Problem) -> (&'static str, String) {
    let w = table_words();
    match problem {
        Problem::File(error) => (w.not_read, file(error)),
        Problem::Gone => (w.not_read, w.file_gone.to_owned()),
        Problem::NoAnswer => (w.not_read, w.no_answer.to_owned()),
        Problem::BadRows => (w.not_read, w.bad_rows.to_owned()),
        Problem::NoContent => (w.not_kept, w.content_missing.to_owned()),
        Problem::Store(error) => (w.not_kept, errors::explain_store(error)),
        Problem::Import(error) => (w.not_kept, import(error)),
    }
}

fn import(error: &ImportError) -> String {
    match error {
        ImportError::RowsWithErrors { rows } => fill(table_words().rows_have_errors, &[rows]),
        ImportError::App(AppError::Store(error)) => errors::explain_store(error),
        ImportError::App(AppError::NoRecord | AppError::Path { .. } | AppError::Sealed | AppError::Incomplete) => {
            table_words().record_gone.to_owned()
        }
    }
}

/// Why a file was not read.
pub(in crate::ui) fn file(error: &ReadError) -> String {
    let w = table_words();
    match error {
        ReadError::Empty => w.file_empty.to_owned(),
        ReadError::UnknownFormat => w.file_unknown.to_owned(),
        ReadError::Unsupported { format } => match format {
            Foreign::Xlsb => w.file_xlsb,
            Foreign::OldXls => w.file_old_xls,
            Foreign::Xml => w.file_xml,
            Foreign::Html => w.file_html,
            Foreign::Pdf => w.file_pdf,
            Foreign::OtherZip => w.file_other_zip,
            Foreign::OtherOle => w.file_other_ole,
            Foreign::Packing => w.file_packing,
        }
        .to_owned(),
        ReadError::Encrypted => w.file_encrypted.to_owned(),
        ReadError::Damaged { part, fault } => {
            let fault = match fault {
                Fault::CutOff => w.fault_cut_off,
                Fault::Contradiction => w.fault_contradiction,
                Fault::MissingPart => w.fault_missing_part,
                Fault::Xml => w.fault_xml,
                Fault::Doctype => w.fault_doctype,
                Fault::Structure => w.fault_structure,
            };
            let what = if part.is_empty() { fault.to_owned() } else { format!("{fault}{}{part}", lang().pick("：", ": ")) };
            fill(w.file_damaged, &[&what])
        }
        ReadError::TooMuch { limit, place, .. } => {
            let name = limit_word(*limit);
            let name = place.as_ref().map_or_else(|| name.to_owned(), |place| fill(w.limit_at, &[&name, place]));
            fill(w.file_too_much, &[&name, &limit_value(*limit)])
        }
        ReadError::BadValue { place } => fill(w.file_bad_value, &[place]),
        ReadError::BadEncoding { offset } => fill(w.file_bad_encoding, &[&(offset + 1)]),
        ReadError::UnclosedQuote { place } => fill(w.file_unclosed_quote, &[place]),
    }
}

fn limit_word(limit: Limit) -> &'static str {
    let w = table_words();
    match limit {
        Limit::FileBytes => w.limit_file,
        Limit::Entries => w.limit_entries,
        Limit::UnpackedBytes => w.limit_unpacked,
        Limit::Ratio => w.limit_ratio,
        Limit::Sheets => w.limit_sheets,
        Limit::Rows => w.limit_rows,
        Limit::Columns => w.limit_columns,
        Limit::Cells => w.limit_cells,
        Limit::CellChars => w.limit_cell_chars,
        Limit::TextBytes => w.limit_text,
        Limit::Shared => w.limit_shared,
        Limit::XmlDepth | Limit::XmlTokenBytes => w.limit_xml,
    }
}

/// Bytes as megabytes, all else as it is.
fn limit_value(limit: Limit) -> String {
    match limit {
        Limit::FileBytes | Limit::UnpackedBytes | Limit::TextBytes | Limit::XmlTokenBytes => format!("{} MB", limit.value() >> 20),
        _ => limit.value().to_string(),
    }
}

/// What is odd about a file.
pub(super) fn note(note: &Note) -> String {
    let w = table_words();
    match note {
        Note::HiddenSheet { sheet } => fill(w.note_hidden_sheet, &[sheet]),
        Note::SkippedSheet { sheet } => fill(w.note_skipped_sheet, &[sheet]),
        Note::HiddenRows { sheet, first, count } => fill(w.note_hidden_rows, &[sheet, first, count]),
        Note::Merged { place, last_row, last_column } => {
            let last = format!("{}{last_row}", letters(*last_column as usize));
            fill(w.note_merged, &[place, &last])
        }
        Note::Formulas { first, count } => fill(w.note_formulas, &[first, count]),
        Note::LongNumber { place } => fill(w.note_long_number, &[place]),
        Note::Macros => w.note_macros.to_owned(),
        Note::ExternalLinks => w.note_external_links.to_owned(),
        Note::AssumedGb18030 => w.note_assumed_gb18030.to_owned(),
    }
}

/// Something wrong or odd, with its place, as screens and the file of errors show it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Said {
    /// Where.
    pub place: Place,
    /// What, and what to do.
    pub text: String,
}

impl Said {
    /// The place in words: the row, and the cell where one is meant.
    pub fn place_text(&self) -> String {
        let Place { row, column, header, .. } = &self.place;
        if column.is_empty() { fill(table_words().row_n, &[row]) } else { fill(table_words().place, &[row, column, header]) }
    }
}

/// Something wrong.
pub(super) enum Found<'a> {
    /// A cell or row that can't be taken.
    Row(&'a CellError),
    /// A cell that holds no value.
    Broken(&'a Broken),
}

impl Found<'_> {
    fn row(&self) -> u32 {
        match self {
            Self::Row(error) => error.place.row,
            Self::Broken(one) => one.place.row,
        }
    }

    /// The same in words.
    pub fn say(&self, checked: &Checked) -> Said {
        match self {
            Self::Row(error) => Said { place: error.place.clone(), text: row_problem(checked.preview.kind, error, checked) },
            Self::Broken(one) => {
                let text = if one.formula { table_words().e_formula } else { table_words().e_error_value };
                Said { place: one.place.clone(), text: text.to_owned() }
            }
        }
    }
}

/// All errors, by row.
pub(super) fn errors(checked: &Checked) -> Vec<Found<'_>> {
    let mut all: Vec<Found<'_>> = checked.preview.errors.iter().map(Found::Row).chain(checked.broken.iter().map(Found::Broken)).collect();
    all.sort_by_key(Found::row);
    all
}

fn row_problem(kind: Kind, error: &CellError, checked: &Checked) -> String {
    let w = table_words();
    match &error.problem {
        RowProblem::Cell(problem) => cell_problem(kind, problem, &error.place, checked),
        RowProblem::NoIdentity => match kind {
            Kind::Unit => w.e_no_identity_unit,
            Kind::Equipment => w.e_no_identity_equipment,
            Kind::Instrument => w.e_no_identity_instrument,
        }
        .to_owned(),
        RowProblem::NoUnit => w.e_no_unit.to_owned(),
        RowProblem::AmbiguousUnit { units } => fill(w.e_ambiguous_unit, &[units]),
        RowProblem::SeveralFit { lines } => fill(w.e_several_fit, &[lines]),
        RowProblem::OtherCode { found, known } => fill(w.e_other_code, &[found, known]),
        RowProblem::ContradictsRow { row } => fill(w.e_contradicts, &[row]),
    }
}

fn cell_problem(kind: Kind, problem: &CellProblem, place: &Place, checked: &Checked) -> String {
    let w = table_words();
    match problem {
        CellProblem::NotADate => w.e_date.to_owned(),
        CellProblem::NotAMonth => w.e_month.to_owned(),
        CellProblem::NotANumber => w.e_number.to_owned(),
        CellProblem::OutOfRange { from, to } => fill(w.e_range, &[from, to]),
        CellProblem::NotYesOrNo => w.e_yes_no.to_owned(),
        CellProblem::UnknownChoice => match choices_at(kind, place, checked) {
            Some(choices) => {
                let names: Vec<&str> = choices.iter().map(|choice| choice_word(choices, choice.code, lang())).collect();
                fill(w.e_choice, &[&names.join(lang().pick("、", ", "))])
            }
            None => w.e_choice_unknown.to_owned(),
        },
        CellProblem::UnknownKind => w.e_kind.to_owned(),
        CellProblem::LostDigits => w.e_lost_digits.to_owned(),
        CellProblem::TooLong { found, max } => fill(w.e_too_long, &[found, max]),
    }
}

/// What may stand in a cell's column.
fn choices_at(kind: Kind, place: &Place, checked: &Checked) -> Option<&'static [Choice]> {
    let (_, path) = checked.columns.paths.iter().enumerate().find(|(at, _)| letters(*at) == place.column)?;
    match cell_of(kind, path.as_deref()?)? {
        Cell::Choice(choices) => Some(choices),
        _ => None,
    }
}

/// Some of the warnings, in the order met.
pub(super) fn warnings(checked: &Checked, ledger: Option<&Ledger>, most: usize) -> Vec<Said> {
    checked.preview.warnings.iter().take(most).map(|warning| warning_of(checked.preview.kind, warning, ledger)).collect()
}

fn warning_of(kind: Kind, warning: &CellWarning, ledger: Option<&Ledger>) -> Said {
    let w = table_words();
    let text = match &warning.oddity {
        RowOddity::Cell(Oddity::DayAssumed) => w.w_day.to_owned(),
        RowOddity::Cell(Oddity::MonthMayBeTen) => w.w_month_ten.to_owned(),
        RowOddity::Cell(Oddity::UnknownType) => w.w_type.to_owned(),
        RowOddity::Uscc(UsccError::Length { found }) => fill(w.w_uscc_length, &[found]),
        RowOddity::Uscc(UsccError::Alphabet { position, found }) => fill(w.w_uscc_alphabet, &[position, found]),
        RowOddity::Uscc(UsccError::Check { expected }) => fill(w.w_uscc_check, &[expected]),
        RowOddity::Code(CodeNotice::Length { found }) => fill(w.w_code_length, &[found]),
        RowOddity::Code(CodeNotice::Form) => w.w_code_form.to_owned(),
        RowOddity::Code(CodeNotice::Year) => w.w_code_year.to_owned(),
        RowOddity::Code(CodeNotice::Kind { found }) => fill(w.w_code_kind, &[found]),
        RowOddity::Certificate(CertificateNotice::Form) => w.w_cert_form.to_owned(),
        RowOddity::Certificate(CertificateNotice::Type { found }) => fill(w.w_cert_type, &[&found.iter().collect::<String>()]),
        RowOddity::Year => w.w_year.to_owned(),
        RowOddity::RepeatsRow { row } => fill(w.w_repeats, &[row]),
        RowOddity::OtherHasNumber { record } => {
            let title = ledger.and_then(|ledger| ledger.get(record)).map_or(record.as_str(), |card| card.title.as_str());
            fill(w.w_other_number, &[&title])
        }
        RowOddity::UnitDiffers { row, value } => fill(w.w_unit_differs, &[&path_label(kind, &warning.place.header, lang()), row, value]),
    };
    let mut place = warning.place.clone();
    // Where rows differ about a unit, the field stands in the text already.
    if place.column.is_empty() {
        place.header.clear();
    }
    Said { place, text }
}
