//! Heavy work for the desk worker: plain jobs in, plain answers out, so that tests need no browser.
//!
//! A job is JSON and perhaps bytes, and so is its answer. What can go wrong with a job is part of its answer.

pub mod forms;
mod locked;
pub mod tables;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use spotcheck_sheets::ReadError;

use self::forms::FormRead;
use self::tables::{Head, TablesRead, WriteFault, WrittenAs};
use crate::envelope::OpenError;
use crate::scan::decode::{Code, decode, grey_of_rgba};

/// What the worker is asked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// The code in a picture; the bytes are RGBA, row by row.
    FindCode {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The checklist in a spreadsheet; the bytes are the file.
    ReadForm {
        /// The file's name.
        name: String,
        /// The list that is used now, as JSON: its items keep their ids.
        previous: Option<Value>,
    },
    /// A checklist as a spreadsheet; the answer's bytes are the file.
    WriteForm {
        /// The checklist as JSON.
        checklist: Value,
    },
    /// The tables of a file, for a ledger; the bytes are the file, those of the answer its rows.
    ReadTables {
        /// The file's name.
        name: String,
    },
    /// A small file closed with a passphrase; the bytes are the file, those of the answer what it holds.
    Unlock {
        /// The passphrase.
        passphrase: String,
    },
    /// A small file to be closed with a passphrase; the bytes are what it holds, those of the answer the file.
    Lock {
        /// The passphrase.
        passphrase: String,
        /// 48 random bytes, fresh ones for each file.
        random: Vec<u8>,
    },
    /// Tables as a file; the bytes are their rows, those of the answer the file.
    WriteTables {
        /// The sheets, without their rows.
        sheets: Vec<Head>,
        /// As what.
        format: WrittenAs,
    },
}

/// What it answers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// The code, when there is one.
    Code {
        /// The code.
        code: Option<Code>,
    },
    /// What a spreadsheet says.
    Form {
        /// The checklist and what was found, or why the file can't be read.
        read: Result<FormRead, ReadError>,
    },
    /// Whether the bytes are a spreadsheet; they are not when the checklist does not fit into one.
    Written {
        /// Whether they are.
        done: bool,
    },
    /// What a file holds; the bytes are its rows.
    Tables {
        /// Its sheets, or why it can't be read.
        read: Result<TablesRead, ReadError>,
    },
    /// Whether the bytes are what a file holds, or the file.
    Unlocked {
        /// Why they are not.
        opened: Result<(), OpenError>,
    },
    /// Whether the bytes are a file of tables.
    TablesWritten {
        /// Why they are not.
        written: Result<(), WriteFault>,
    },
}

/// Does a job.
#[must_use]
pub fn run(job: &Job, bytes: &[u8]) -> (Answer, Option<Vec<u8>>) {
    match job {
        Job::FindCode { width, height } => (Answer::Code { code: decode(&grey_of_rgba(bytes), *width, *height) }, None),
        Job::ReadForm { name, previous } => (Answer::Form { read: forms::read_form(bytes, name, previous.as_ref()) }, None),
        Job::WriteForm { checklist } => {
            let written = forms::write_form(checklist);
            (Answer::Written { done: written.is_some() }, written)
        }
        Job::ReadTables { name } => match tables::read_tables(bytes, name) {
            Ok((read, rows)) => (Answer::Tables { read: Ok(read) }, Some(rows)),
            Err(error) => (Answer::Tables { read: Err(error) }, None),
        },
        Job::Unlock { passphrase } => match locked::unlock(bytes, passphrase) {
            Ok(plain) => (Answer::Unlocked { opened: Ok(()) }, Some(plain)),
            Err(error) => (Answer::Unlocked { opened: Err(error) }, None),
        },
        Job::Lock { passphrase, random } => (Answer::Unlocked { opened: Ok(()) }, Some(locked::lock(bytes, passphrase, random))),
        Job::WriteTables { sheets, format } => match tables::write_tables(sheets, bytes, *format) {
            Ok(file) => (Answer::TablesWritten { written: Ok(()) }, Some(file)),
            Err(fault) => (Answer::TablesWritten { written: Err(fault) }, None),
        },
    }
}
