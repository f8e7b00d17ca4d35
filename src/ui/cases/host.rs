//! What the fields of a form need of the record that they write into, whichever it is.

use leptos::prelude::*;
use serde_json::Value;

use crate::domain::change::ClockReading;
use crate::domain::time::{CivilDate, Instant};
use crate::port::clock::Clock as _;
use crate::procedure::Field;
use crate::ui::photo::Album;
use crate::ui::state::App;

/// The record behind a form. Cheap to copy; lives as long as the form.
#[derive(Clone, Copy)]
pub struct FormHost {
    /// The app.
    pub app: App,
    /// The photos of the record.
    pub album: Album,
    record: StoredValue<String>,
    look: Callback<String, Option<Value>>,
    keep: Callback<(String, Value)>,
    requires: Callback<Field, bool>,
    named: Callback<String, Option<Value>>,
    cover: Option<(RwSignal<bool>, Callback<(), bool>)>,
}

impl FormHost {
    /// `look` gives the value at a path, following changes; `keep` writes one; `requires` says whether a field must be
    /// answered; `named` gives the answer to another field of the form.
    #[must_use]
    pub fn new(
        app: App,
        album: Album,
        record: String,
        look: Callback<String, Option<Value>>,
        keep: Callback<(String, Value)>,
        requires: Callback<Field, bool>,
        named: Callback<String, Option<Value>>,
    ) -> Self {
        Self { app, album, record: StoredValue::new(record), look, keep, requires, named, cover: None }
    }

    /// Hides private answers that are there already until `shown`; `reveal` has them shown and says whether they are.
    #[must_use]
    pub fn covering(self, shown: RwSignal<bool>, reveal: Callback<(), bool>) -> Self {
        Self { cover: Some((shown, reveal)), ..self }
    }

    /// Whether private answers are hidden now.
    #[must_use]
    pub fn covers(self) -> bool {
        self.cover.is_some_and(|(shown, _)| !shown.get())
    }

    /// Has private answers shown; whether they are.
    pub fn reveal(self) -> bool {
        self.cover.is_none_or(|(_, reveal)| reveal.run(()))
    }

    /// The id of the record.
    #[must_use]
    pub fn record(self) -> String {
        self.record.get_value()
    }

    /// The value at a path, following changes.
    #[must_use]
    pub fn value(self, path: &str) -> Option<Value> {
        self.look.run(path.to_owned())
    }

    /// Writes a value.
    pub fn set(self, path: &str, value: Value) {
        self.keep.run((path.to_owned(), value));
    }

    /// Whether a field must be answered as things stand.
    #[must_use]
    pub fn requires(self, field: &Field) -> bool {
        self.requires.run(field.clone())
    }

    /// The answer to another field of the form.
    #[must_use]
    pub fn named(self, field: &str) -> Option<Value> {
        self.named.run(field.to_owned())
    }

    /// What the device's clocks say.
    #[must_use]
    pub fn now(self) -> ClockReading {
        self.app.workspace().clock().read()
    }

    /// Today, where the phone is.
    #[must_use]
    pub fn today(self) -> CivilDate {
        let now = self.now();
        Instant::from_ms(now.wall_ms).date(now.offset_min)
    }
}
