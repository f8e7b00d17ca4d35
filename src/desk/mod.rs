//! Heavy work for the desk worker: plain jobs in, plain answers out, so that tests need no browser.
//!
//! A job is JSON and perhaps bytes, and so is its answer. What can go wrong with a job is part of its answer.

use serde::{Deserialize, Serialize};

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
}

/// Does a job.
#[must_use]
pub fn run(job: &Job, bytes: &[u8]) -> (Answer, Option<Vec<u8>>) {
    match job {
        Job::FindCode { width, height } => (Answer::Code { code: decode(&grey_of_rgba(bytes), *width, *height) }, None),
    }
}
