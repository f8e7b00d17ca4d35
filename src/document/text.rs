//! Texts with places: `{unit.name}` must be known, `{unit.phone?}` may lack.

use serde_json::Value;

/// What stands in print where something is not known.
pub const BLANK: &str = "________";

/// A place in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Where the value stands in the data: names joined by dots.
    pub path: String,
    /// It may lack.
    pub optional: bool,
}

/// A part of a text.
enum Piece<'a> {
    Plain(&'a str),
    Place(Place),
}

/// The places of a text, in order.
///
/// # Errors
/// What can't be read: a brace without its partner, or a path of other characters than names have.
pub fn places(text: &str) -> Result<Vec<Place>, String> {
    let place = |piece| if let Piece::Place(place) = piece { Some(place) } else { None };
    Ok(pieces(text)?.into_iter().filter_map(place).collect())
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, String> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        let Some((inside, next)) = after.split_once('}') else { return Err(after.to_owned()) };
        let (path, optional) = inside.strip_suffix('?').map_or((inside, false), |path| (path, true));
        let name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if before.contains('}') || !path.split('.').all(name) {
            return Err(inside.to_owned());
        }
        pieces.push(Piece::Plain(before));
        pieces.push(Piece::Place(Place { path: path.to_owned(), optional }));
        rest = next;
    }
    if rest.contains('}') {
        return Err(rest.to_owned());
    }
    pieces.push(Piece::Plain(rest));
    Ok(pieces)
}

/// A text with its places filled; what lacks is told to `missing` and printed as [`BLANK`].
pub(super) fn filled(text: &str, data: &Value, missing: &mut dyn FnMut(String)) -> String {
    let Ok(pieces) = pieces(text) else { return text.to_owned() };
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Plain(plain) => out.push_str(plain),
            Piece::Place(place) => match at(data, &place.path).and_then(in_words) {
                Some(words) => out.push_str(&words),
                None if place.optional => {}
                None => {
                    out.push_str(BLANK);
                    missing(place.path);
                }
            },
        }
    }
    out
}

/// What stands at a path: names of fields, and numbers in lists, joined by dots.
#[must_use]
pub fn at<'a>(data: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(data, |here, name| match here {
        Value::Object(fields) => fields.get(name),
        Value::Array(all) => all.get(name.parse::<usize>().ok()?),
        _ => None,
    })
}

/// A value as it is printed; `None` when there is nothing to print.
pub(super) fn in_words(value: &Value) -> Option<String> {
    let words = match value {
        Value::Null => return None,
        Value::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => clean(text),
        Value::Array(all) => all.iter().filter_map(in_words).collect::<Vec<_>>().join("、"),
        Value::Object(fields) => fields.get("text").and_then(in_words)?,
    };
    (!words.is_empty()).then_some(words)
}

/// Without what no paper shows: control characters, but line breaks stay.
fn clean(text: &str) -> String {
    let kept: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    kept.trim().to_owned()
}
