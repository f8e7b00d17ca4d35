//! All errors of a file as a table, to mend the file by.

use super::check::Checked;
use super::{Flow, explain, save_file};
use crate::browser::pace::Pace;
use crate::desk::tables::{Packer, WrittenAs};
use crate::domain::time::Instant;
use crate::ui::words::{fill, table_words};

/// Makes the file and hands it to the downloads.
pub(super) async fn download(flow: Flow, checked: &Checked) {
    let w = table_words();
    let mut packer = Packer::default();
    packer.begin("");
    packer.push(1, &[w.errors_row, w.errors_column, w.errors_header, w.errors_value, w.errors_reason].map(str::to_owned));
    let pace = Pace::new();
    for (number, found) in (2..).zip(explain::errors(checked)) {
        let said = found.say(checked);
        let place = said.place;
        packer.push(number, &[place.row.to_string(), place.column, place.header, place.value, said.text]);
        pace.rest().await;
    }
    let today = Instant::from_ms(flow.app.now_ms()).date(flow.app.offset_min());
    match save_file::make(packer, WrittenAs::Csv, &fill(w.errors_file, &[&today])).await {
        Ok(made) => save_file::download(flow.app, &made),
        Err(error) => flow.app.toast(error.explain()),
    }
}
