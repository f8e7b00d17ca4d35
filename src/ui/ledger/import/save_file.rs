//! Tables as files for the person: made by the desk worker, downloaded or shared.

use leptos::prelude::*;
use web_sys::Blob;

use crate::browser::desk;
use crate::browser::files::{self, ShareError};
use crate::desk::tables::{Packer, WriteFault, WrittenAs};
use crate::desk::{Answer, Job};
use crate::ledger::columns::Table;
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::words::{fill, table_words};

/// How long writing may take on the slowest phone.
const LIMIT_MS: i32 = 180_000;

/// Why there is no file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SaveError {
    /// The format can't hold it.
    Fault(WriteFault),
    /// The worker gave no answer.
    NoAnswer,
    /// The browser has no room for it.
    NoRoom,
}

impl SaveError {
    /// What to say, and what to do.
    pub fn explain(&self) -> String {
        let w = table_words();
        match self {
            Self::Fault(WriteFault::Size) => w.write_size.to_owned(),
            Self::Fault(WriteFault::SheetName { name }) => fill(w.write_sheet_name, &[name]),
            Self::Fault(WriteFault::Cell { place }) => fill(w.write_cell, &[place]),
            Self::Fault(WriteFault::Rows) => w.write_rows.to_owned(),
            Self::NoAnswer => w.write_no_answer.to_owned(),
            Self::NoRoom => w.write_no_room.to_owned(),
        }
    }
}

/// A file that is ready.
#[derive(Clone)]
pub struct Made {
    /// Its name.
    pub name: String,
    /// The file.
    pub blob: Blob,
}

/// Makes a file of tables.
pub async fn make(tables: Packer, format: WrittenAs, stem: &str) -> Result<Made, SaveError> {
    let (sheets, rows) = tables.finish();
    let (answer, file) =
        desk::shared().ask(&Job::WriteTables { sheets, format }, Some(&rows), LIMIT_MS).await.map_err(|_| SaveError::NoAnswer)?;
    let Answer::TablesWritten { written } = answer else { return Err(SaveError::NoAnswer) };
    written.map_err(SaveError::Fault)?;
    let (mime, ending) = match format {
        WrittenAs::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        WrittenAs::Csv => ("text/csv", "csv"),
    };
    let blob = files::blob_of(&file.ok_or(SaveError::NoAnswer)?, mime).ok_or(SaveError::NoRoom)?;
    Ok(Made { name: format!("{}.{ending}", safe_name(stem)), blob })
}

/// Makes a small table into a file and hands it to the downloads.
pub async fn make_and_download(app: App, table: &Table, format: WrittenAs, stem: &str) {
    let mut packer = Packer::default();
    packer.begin(&table.sheet);
    table.rows.iter().for_each(|row| packer.push(row.number, &row.cells));
    match make(packer, format, stem).await {
        Ok(made) => download(app, &made),
        Err(error) => app.toast(error.explain()),
    }
}

/// Hands a file to the downloads.
pub fn download(app: App, made: &Made) {
    if files::download(&made.blob, &made.name).is_err() {
        app.toast(table_words().download_failed);
    }
}

/// Opens the share sheet with a file.
fn share(app: App, made: Made) {
    leptos::task::spawn_local(async move {
        match files::share(&made.blob, &made.name, &made.name).await {
            // A closed sheet needs no words.
            Ok(()) | Err(ShareError::Cancelled) => {}
            Err(ShareError::Unsupported | ShareError::Failed) => app.toast(table_words().share_failed),
        }
    });
}

/// A name that every system takes: letters, digits, Chinese characters, `-` and `_`.
fn safe_name(stem: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    stem.chars().map(safe).take(80).collect()
}

/// A file with its buttons.
#[component]
pub fn MadeRow(made: Made, sub: String) -> impl IntoView {
    let app = App::get();
    // Most browsers share no spreadsheets: the button is only there where it works.
    let shares = files::can_share_file(&made.blob, &made.name);
    let kept = StoredValue::new_local(made.clone());
    let name = StoredValue::new(made.name.clone());
    let label = move |word: &'static str| name.with_value(|name| fill(word, &[name]));
    view! {
        <li class="made-row">
            <div class="grow"><span class="title mono">{made.name}</span><span class="sub num">{sub}</span></div>
            <div class="made-acts">
                {shares.then(|| view! {
                    <button type="button" class="btn" on:click=move |_| share(app, kept.get_value())>{icon("share")}{move || label(table_words().share)}</button>
                })}
                <button type="button" class="btn primary" on:click=move |_| kept.with_value(|made| download(app, made))>
                    {icon("import")}{move || label(table_words().download)}
                </button>
            </div>
        </li>
    }
}
