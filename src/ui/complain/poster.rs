//! What the address of a poster's code says of the place where it hangs.

use leptos::prelude::*;

use crate::complaint::{Prefill, link};
use crate::ui::words::{complain_words, lang};

/// What the address says; empty where it is no poster's.
#[must_use]
pub fn prefill() -> Prefill {
    link::parse(&query())
}

/// Whether the address was meant to say something: it has a query.
#[must_use]
pub fn was_meant() -> bool {
    query().len() > 1
}

fn query() -> String {
    window().location().search().unwrap_or_default()
}

/// What was said, for reading: names and texts.
#[must_use]
pub fn lines(prefill: &Prefill) -> Vec<(&'static str, String)> {
    // Read here, so that a change of the language shows.
    let _ = lang();
    let w = complain_words();
    let all = [
        (w.poster_unit, &prefill.unit),
        (w.poster_place, &prefill.place),
        (w.poster_equipment, &prefill.equipment),
        (w.poster_product, &prefill.product),
        (w.poster_gtin, &prefill.gtin),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name, text.clone())).collect()
}
