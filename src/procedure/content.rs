//! What was said in a form, by digests: what somebody signed, or what was done with a step, can be told from what stands there
//! now, also where two phones had gone apart and the clocks say nothing.

use serde_json::{Map, Value};

use super::field_path;
use crate::domain::change::Sha256;
use crate::domain::journal::State;
use crate::domain::signature::Signature;
use crate::evidence::chain::{canonical_json, sha256};

/// Where the digest of what was signed stands in a signature.
const OF: &str = "of";

/// Answers and photos of a step, or without one of the matter: path without that of the step, and what stands there.
fn content<'a>(state: &'a State, step: Option<&str>) -> impl Iterator<Item = (String, &'a Value)> {
    let answers = state.under(field_path(step, "").trim_end_matches('/'));
    let answers = answers.map(|(field, cell)| (format!("fields/{field}"), &cell.value));
    let prefix = step.map(|id| format!("{id}."));
    let photos = state.under("photos").filter_map(move |(path, cell)| {
        let photo = path.split('/').next()?;
        let item = state.get(&format!("photos/{photo}"))?.get("item")?.as_str()?;
        let ours = prefix.as_ref().map_or_else(|| !item.contains('.'), |prefix| item.starts_with(prefix.as_str()));
        ours.then(|| (format!("photos/{path}"), &cell.value))
    });
    answers.chain(photos)
}

/// The digest of every answer and photo of a step as it stands, signatures too: by these it is noticed what is changed later.
#[must_use]
pub fn digests(state: &State, step: &str) -> Map<String, Value> {
    content(state, Some(step)).map(|(path, value)| (path, Value::from(sha256(&canonical_json(value)).to_string()))).collect()
}

/// Paths of the record where a step says something else than by these digests: changed, added or taken away.
pub(super) fn departed(state: &State, step: &str, said: &Map<String, Value>) -> Vec<String> {
    let now = digests(state, step);
    let mut departed = said.clone();
    departed.extend(now.clone());
    departed.retain(|path, _| now.get(path) != said.get(path));
    let whole = |path: &String| path.strip_prefix("fields/").map_or_else(|| path.clone(), |field| field_path(Some(step), field));
    departed.keys().map(whole).collect()
}

/// The digest of what is signed: all answers and photos but signatures.
fn signed_content(state: &State, step: Option<&str>) -> Sha256 {
    let said = content(state, step).filter(|(path, value)| path.starts_with("photos/") || Signature::read(value).is_none());
    let said: Map<String, Value> = said.map(|(path, value)| (path, value.clone())).collect();
    sha256(&canonical_json(&Value::Object(said)))
}

/// A signature, or a refusal, with the digest of what stands there now. Anything else comes back as it is.
#[must_use]
pub fn signed(state: &State, step: Option<&str>, mut signature: Value) -> Value {
    if Signature::read(&signature).is_some()
        && let Some(fields) = signature.as_object_mut()
    {
        fields.insert(OF.to_owned(), Value::from(signed_content(state, step).to_string()));
    }
    signature
}

/// Whether what was signed stands there no longer; `None` when the signature does not say.
pub(super) fn is_stale(state: &State, step: Option<&str>, field: &str) -> Option<bool> {
    let of = state.get(&field_path(step, field))?.get(OF)?.as_str()?;
    Some(of != signed_content(state, step).to_string())
}
