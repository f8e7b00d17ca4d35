//! One line of a bundle: canonical JSON, and the fields in it.

use serde_json::{Map, Value};

use super::error::{BundleError, Place, Problem};
use super::limits::Limits;
use super::scan::scan;
use crate::evidence::chain::canonical_json;

/// Fields that this version does not know. Kept and written again as they came.
pub type Extra = Map<String, Value>;

/// Reads the JSON of a line and refuses it unless it is within the limits and in canonical form.
pub(super) fn read_line(json: &[u8], limits: &Limits, place: &Place) -> Result<Value, BundleError> {
    scan(json, limits, None).map_err(|problem| BundleError::new(place.clone(), problem))?;
    parse_canonical(json, place)
}

/// Parses JSON that was scanned already. Only its canonical form is accepted, so no name can stand twice.
pub(super) fn parse_canonical(json: &[u8], place: &Place) -> Result<Value, BundleError> {
    let refuse = |problem| BundleError::new(place.clone(), problem);
    std::str::from_utf8(json).map_err(|_| refuse(Problem::Utf8))?;
    let value: Value = serde_json::from_slice(json).map_err(|error| refuse(Problem::Json { column: error.column() }))?;
    if canonical_json(&value) == json { Ok(value) } else { Err(refuse(Problem::Reformatted)) }
}

/// The fields of an object, taken out one by one; what is left over is [`Extra`].
pub(super) struct Fields {
    map: Map<String, Value>,
    place: Place,
}

impl Fields {
    pub(super) fn of(value: Value, place: Place) -> Result<Self, BundleError> {
        match value {
            Value::Object(map) => Ok(Self { map, place }),
            _ => Err(BundleError::new(place, Problem::Malformed { expected: "an object" })),
        }
    }

    /// A field that must be there.
    pub(super) fn take(&mut self, name: &'static str) -> Result<Value, BundleError> {
        self.map.remove(name).ok_or_else(|| self.refuse(name, Problem::Missing))
    }

    pub(super) fn object(&mut self, name: &'static str) -> Result<Self, BundleError> {
        let place = self.place.field(name);
        Self::of(self.take(name)?, place)
    }

    pub(super) fn text(&mut self, name: &'static str) -> Result<String, BundleError> {
        match self.take(name)? {
            Value::String(text) => Ok(text),
            _ => Err(self.refuse(name, Problem::Malformed { expected: "a text" })),
        }
    }

    pub(super) fn list(&mut self, name: &'static str) -> Result<Vec<Value>, BundleError> {
        match self.take(name)? {
            Value::Array(items) => Ok(items),
            _ => Err(self.refuse(name, Problem::Malformed { expected: "a list" })),
        }
    }

    pub(super) fn whole(&mut self, name: &'static str) -> Result<u64, BundleError> {
        self.take(name)?.as_u64().ok_or_else(|| self.refuse(name, Problem::Malformed { expected: "a whole number" }))
    }

    /// A text with a type of its own.
    pub(super) fn parsed<T: TryFrom<String>>(&mut self, name: &'static str, expected: &'static str) -> Result<T, BundleError> {
        T::try_from(self.text(name)?).map_err(|_| self.refuse(name, Problem::Malformed { expected }))
    }

    pub(super) fn refuse(&self, name: &'static str, problem: Problem) -> BundleError {
        BundleError::new(self.place.field(name), problem)
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// What was not taken.
    pub(super) fn rest(self) -> Extra {
        self.map
    }

    /// Refuses what was not taken.
    pub(super) fn end(self) -> Result<(), BundleError> {
        if self.map.is_empty() { Ok(()) } else { Err(BundleError::new(self.place, Problem::Unexpected)) }
    }
}

/// An object of the known fields and, under other names, the unknown ones.
pub(super) fn object(extra: &Extra, known: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let mut map = extra.clone();
    map.extend(known.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Value::Object(map)
}
