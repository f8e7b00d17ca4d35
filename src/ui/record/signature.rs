//! Signatures as they were drawn, or the note that somebody refused.

use leptos::prelude::*;
use serde_json::Value;

use super::names;
use crate::domain::content::Lang;
use crate::domain::inspection::SIGNERS;
use crate::domain::journal::State;
use crate::domain::signature::Signature;
use crate::domain::time::Instant;
use crate::ui::words::common::Common;
use crate::ui::words::fill;
use crate::ui::words::office::OfficeWords;

/// The strokes of a signature; nothing when it was refused or can't be read.
#[must_use]
pub fn ink(value: Option<&Value>, label: String) -> Option<AnyView> {
    let signature = value.and_then(Signature::read).filter(|signature| matches!(signature, Signature::Signed(_)))?;
    Some(
        view! {
            <svg class="ink" viewBox=signature.view_box() role="img" aria-label=label preserveAspectRatio="xMinYMid meet">
                <path d=signature.svg_path()></path>
            </svg>
        }
        .into_any(),
    )
}

/// Name and certificate number as the signature itself holds them; else those that the record has for the role.
#[must_use]
pub fn signer(state: &State, role: &str) -> String {
    signed_as(state, role).unwrap_or_else(|| expected(state, role))
}

/// What a signature holds, when it holds a name.
fn signed_as(state: &State, role: &str) -> Option<String> {
    match state.get(&format!("signatures/{role}")).and_then(Signature::read)? {
        Signature::Signed(signed) => Some(joined(&signed.name, &signed.cert_no)).filter(|text| !text.is_empty()),
        Signature::Refused(_) => None,
    }
}

/// Who the record says it is now.
fn expected(state: &State, role: &str) -> String {
    let officer = |number: &str| {
        let value = state.get(&format!("inspectors/{number}"));
        let field = |name: &str| value.and_then(|value| value.get(name)).and_then(Value::as_str).unwrap_or_default();
        joined(field("name"), field("cert_no"))
    };
    match role {
        "inspector1" => officer("1"),
        "inspector2" => officer("2"),
        _ => state.text("attendant").unwrap_or_default().trim().to_owned(),
    }
}

fn joined(name: &str, cert_no: &str) -> String {
    format!("{} {}", name.trim(), cert_no.trim()).trim().to_owned()
}

/// Who the record names now, where that is not who signed.
#[must_use]
pub fn differs(state: &State, role: &str, lang: Lang) -> Option<String> {
    let (signed, now) = (signed_as(state, role)?, expected(state, role));
    // An attendant may sign with the name alone where the record has the post too.
    let same = signed == now || (role == "attendant" && now.starts_with(&signed));
    (!same).then(|| {
        let o = OfficeWords::of(lang);
        fill(o.signer_differs, &[&if now.is_empty() { o.nothing.to_owned() } else { now }])
    })
}

/// Who signed when; or refused, why and before which witness.
#[must_use]
pub fn note(value: Option<&Value>, offset_min: i32, lang: Lang) -> String {
    let (w, o) = (Common::of(lang), OfficeWords::of(lang));
    match value.and_then(Signature::read) {
        None => w.not_signed.to_owned(),
        Some(Signature::Signed(signed)) => Instant::from_ms(signed.at_ms).minute_text(offset_min),
        Some(Signature::Refused(refusal)) => {
            let at = Instant::from_ms(refusal.at_ms).minute_text(offset_min);
            let witness = if refusal.witness.trim().is_empty() { o.nothing } else { refusal.witness.as_str() };
            let recorded = refusal.extra.get("recorded").and_then(Value::as_bool) == Some(true);
            let recorded = if recorded { format!("{}{}", lang.pick("；", "; "), o.recorded) } else { String::new() };
            format!("{}{recorded}", fill(o.refusal_note, &[&refusal.reason, &witness, &at]))
        }
    }
}

/// All three signatures as a list.
#[must_use]
pub fn list(state: &State, offset_min: i32, lang: Lang) -> AnyView {
    let rows = SIGNERS
        .into_iter()
        .map(|role| {
            let value = state.get(&format!("signatures/{role}"));
            let title = names::role(role, lang);
            let who = signer(state, role);
            let differs = differs(state, role, lang).map(|text| view! { <span class="chip warn">{text}</span> });
            view! {
                <li class="signed">
                    <div class="grow"><span class="muted">{title}</span><strong>{who.clone()}</strong>{differs}<span class="muted small">{note(value, offset_min, lang)}</span></div>
                    {ink(value, format!("{title} {who}"))}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="list signed-list">{rows}</ul> }.into_any()
}
