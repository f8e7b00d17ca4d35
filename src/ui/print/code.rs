//! The code at the foot of a printed record that leads back to it.

use leptos::prelude::*;

use crate::domain::change::Sha256;
use crate::domain::content::Lang;
use crate::domain::id::RecordId;
use crate::evidence::paper::DIGITS;
use crate::scan::label::{Drawing, paper_text};
use crate::ui::words::verify::VerifyWords;

/// A small QR code with the record and the first digits of its seal's digest, and what it is for. Scanned in the app it opens the
/// record on the device and says whether the digest agrees.
#[component]
pub fn RecordCode(
    /// The record that is printed.
    record: RecordId,
    /// The digest of its last seal (`evidence::paper::seal_digest`); none before it is sealed.
    digest: Option<Sha256>,
    /// The language of the paper.
    lang: Lang,
) -> impl IntoView {
    let w = VerifyWords::of(lang);
    let origin = window().location().origin().unwrap_or_default();
    let digits = digest.map(|digest| digest.to_string().chars().take(DIGITS).collect::<String>());
    view! {
        <div class="record-code">
            {qr(&paper_text(&origin, &record, digest.as_ref()), w.code_of_record)}
            <p>{w.code_hint}<span class="mono">{digits}</span></p>
        </div>
    }
}

/// A text as a QR code for paper; nothing where it is too long for one.
#[must_use]
pub fn qr(text: &str, label: &'static str) -> impl IntoView + use<> {
    Drawing::of(text).map(|drawing| (drawing.view_box(), drawing.path)).map(|(view_box, path)| {
        view! { <svg class="paper-code" viewBox=view_box shape-rendering="crispEdges" role="img" aria-label=label><path d=path></path></svg> }
    })
}
