//! The column `type`: its words, their older names, and what is not supported.

/// What a question takes.
#[derive(Clone, PartialEq, Debug)]
pub enum Type {
    /// Words.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// A number on a scale.
    Range {
        /// Lower end.
        start: f64,
        /// Upper end.
        end: f64,
        /// Distance of the marks.
        step: f64,
    },
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// Day and time.
    DateTime,
    /// One of a list.
    SelectOne(String),
    /// Several of a list.
    SelectMultiple(String),
    /// The order of a list.
    Rank(String),
    /// Where it is.
    Geopoint,
    /// A photo, drawing or signature, as the appearance says.
    Image,
    /// What a code says.
    Barcode,
    /// Only shown.
    Note,
    /// Computed.
    Calculate,
    /// Kept with its default, never shown.
    Hidden,
    /// 'OK' to be tapped.
    Acknowledge,
}

/// What a cell in the column `type` means.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Meaning {
    /// A group or, if `true`, a repeat begins.
    Begin { repeat: bool },
    /// It ends.
    End { repeat: bool },
    /// A question; a range still without its ends.
    Question(Type),
    /// A choice from a list and perhaps something else: one, several.
    Select { multiple: bool, rank: bool, list: String, or_other: bool },
    /// What the device knows; the expression that tells the same, if there is one.
    Meta { computed: Option<&'static str> },
    /// Known to the standard, not supported here.
    Unsupported,
    /// A setting among the questions.
    Setting(&'static str),
    /// Not known.
    Unknown,
}

const BEGIN: [&str; 2] = ["begin ", "begin_"];
const END: [&str; 2] = ["end ", "end_"];

const SELECTS: [(&str, bool, bool); 10] = [
    ("add select one prompt using", false, false),
    ("add select multiple prompt using", true, false),
    ("select all that apply from", true, false),
    ("select one from", false, false),
    ("select1", false, false),
    ("select_one", false, false),
    ("select one", false, false),
    ("select_multiple", true, false),
    ("select all that apply", true, false),
    ("rank", true, true),
];

const SELECTS_FROM_ELSEWHERE: [&str; 5] =
    ["select_one_from_file", "select_multiple_from_file", "select one from file", "select multiple from file", "select_one_external"];

/// The words that can be meant by a misspelt one.
pub(super) const WORDS: [&str; 27] = [
    "text",
    "integer",
    "decimal",
    "range",
    "date",
    "time",
    "dateTime",
    "select_one",
    "select_multiple",
    "rank",
    "geopoint",
    "image",
    "barcode",
    "note",
    "calculate",
    "hidden",
    "acknowledge",
    "begin_group",
    "end_group",
    "begin_repeat",
    "end_repeat",
    "audio",
    "video",
    "file",
    "geotrace",
    "geoshape",
    "today",
];

/// What the text means; single spaces between its words.
pub(super) fn meaning(text: &str) -> Meaning {
    let block = |words: [&str; 2]| {
        let rest = words.iter().find_map(|word| text.strip_prefix(word))?;
        match rest {
            "group" => Some(false),
            "repeat" | "lgroup" | "looped group" => Some(true),
            _ => None,
        }
    };
    if let Some(repeat) = block(BEGIN) {
        return Meaning::Begin { repeat };
    }
    if let Some(repeat) = block(END) {
        return Meaning::End { repeat };
    }
    if let Some(meaning) = question(text) {
        return meaning;
    }
    select(text).unwrap_or(Meaning::Unknown)
}

fn select(text: &str) -> Option<Meaning> {
    let is = |word: &str| text.strip_prefix(word).is_some_and(|rest| rest.starts_with(' '));
    if SELECTS_FROM_ELSEWHERE.into_iter().any(is) {
        return Some(Meaning::Unsupported);
    }
    let (word, multiple, rank) = SELECTS.iter().find(|(word, ..)| is(word))?;
    let rest = text.strip_prefix(word)?.trim_start();
    let (list, or_other) = ["or specify other", "or_other", "or other"]
        .iter()
        .find_map(|other| Some((rest.strip_suffix(other)?.strip_suffix(' ')?, true)))
        .unwrap_or((rest, false));
    if list.is_empty() || list.contains(char::is_whitespace) {
        return None;
    }
    if list.contains("${") || [".csv", ".xml", ".geojson"].iter().any(|end| list.ends_with(end)) {
        return Some(Meaning::Unsupported);
    }
    Some(Meaning::Select { multiple: *multiple, rank: *rank, list: list.to_owned(), or_other })
}

fn question(text: &str) -> Option<Meaning> {
    let found = match text {
        "text" | "string" | "q string" | "add text prompt" => Type::Text,
        "integer" | "int" | "q int" | "add integer prompt" => Type::Integer,
        "decimal" | "q decimal" | "add decimal prompt" => Type::Decimal,
        "range" => Type::Range { start: 1.0, end: 10.0, step: 1.0 },
        "date" | "q date" | "add date prompt" => Type::Date,
        "time" => Type::Time,
        "dateTime" | "datetime" | "date time" | "q date time" | "q dateTime" | "add date time prompt" | "add dateTime prompt" => {
            Type::DateTime
        }
        "geopoint" | "location" | "gps" | "q geopoint" | "q location" | "add location prompt" => Type::Geopoint,
        "image" | "photo" | "q image" | "q picture" | "add image prompt" | "add photo prompt" => Type::Image,
        "barcode" | "q barcode" | "add barcode prompt" => Type::Barcode,
        "note" | "q note" | "add note prompt" => Type::Note,
        "calculate" | "q calculate" | "add calculate prompt" => Type::Calculate,
        "hidden" => Type::Hidden,
        "acknowledge" | "trigger" | "q acknowledge" | "add acknowledge prompt" => Type::Acknowledge,
        _ => return other(text),
    };
    Some(Meaning::Question(found))
}

fn other(text: &str) -> Option<Meaning> {
    Some(match text {
        "today" | "get today" => Meaning::Meta { computed: Some("today()") },
        "start" | "start time" | "get start time" => Meaning::Meta { computed: Some("once(now())") },
        "end" | "end time" | "get end time" => Meaning::Meta { computed: Some("now()") },
        "deviceid" | "device id" | "get device id" | "imei" | "username" | "phonenumber" | "get phone number" | "email" | "simserial"
        | "sim id" | "get sim id" | "subscriberid" | "subscriber id" | "get subscriber id" | "audit" | "uri:deviceid" | "uri:username"
        | "uri:phonenumber" | "uri:email" | "uri:simserial" | "uri:subscriberid" => Meaning::Meta { computed: None },
        "geotrace"
        | "geoshape"
        | "q geotrace"
        | "q geoshape"
        | "audio"
        | "q audio"
        | "add audio prompt"
        | "video"
        | "q video"
        | "add video prompt"
        | "file"
        | "add file prompt"
        | "xml-external"
        | "csv-external"
        | "start-geopoint"
        | "background-geopoint"
        | "background-audio"
        | "percentage"
        | "phone number"
        | "number of days in last month"
        | "number of days in last six months"
        | "number of days in last year" => Meaning::Unsupported,
        "form_title" | "set_form_title" => Meaning::Setting("form_title"),
        "form_id" | "set_form_id" => Meaning::Setting("form_id"),
        _ => return None,
    })
}

impl Type {
    /// As it is written in the column `type`.
    #[must_use]
    pub fn text(&self) -> String {
        let word = match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Range { .. } => "range",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "dateTime",
            Self::SelectOne(list) => return format!("select_one {list}"),
            Self::SelectMultiple(list) => return format!("select_multiple {list}"),
            Self::Rank(list) => return format!("rank {list}"),
            Self::Geopoint => "geopoint",
            Self::Image => "image",
            Self::Barcode => "barcode",
            Self::Note => "note",
            Self::Calculate => "calculate",
            Self::Hidden => "hidden",
            Self::Acknowledge => "acknowledge",
        };
        word.to_owned()
    }

    /// The list that is chosen from.
    #[must_use]
    pub fn list(&self) -> Option<&str> {
        match self {
            Self::SelectOne(list) | Self::SelectMultiple(list) | Self::Rank(list) => Some(list),
            _ => None,
        }
    }

    /// Whether a person sees it, so that it needs a label.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        !matches!(self, Self::Calculate | Self::Hidden)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Meaning) {
        assert_eq!(meaning(text), expected, "{text}");
    }

    #[test]
    fn the_words_of_the_standard_and_their_older_names() {
        let select = |multiple, list: &str, or_other| Meaning::Select { multiple, rank: false, list: list.to_owned(), or_other };
        check("begin group", Meaning::Begin { repeat: false });
        check("begin_repeat", Meaning::Begin { repeat: true });
        check("end lgroup", Meaning::End { repeat: true });
        check("begin loop over x", Meaning::Unknown);
        check("select_one a", select(false, "a", false));
        check("select one from a", select(false, "a", false));
        check("select all that apply from a", select(true, "a", false));
        check("select_multiple 是否 or_other", select(true, "是否", true));
        check("select_one a or specify other", select(false, "a", true));
        check("select_one", Meaning::Unknown);
        check("select_one a b", Meaning::Unknown);
        check("select_one ${names}", Meaning::Unsupported);
        check("select_one_from_file a.csv", Meaning::Unsupported);
        check("int", Meaning::Question(Type::Integer));
        check("photo", Meaning::Question(Type::Image));
        check("Text", Meaning::Unknown);
        check("today", Meaning::Meta { computed: Some("today()") });
    }

    #[test]
    fn every_word_that_is_offered_is_known() {
        for word in WORDS {
            let text = if word.starts_with("select") || word == "rank" { format!("{word} list") } else { word.to_owned() };
            assert_ne!(meaning(&text), Meaning::Unknown, "{word}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for kind in [Type::Text, Type::DateTime, Type::Geopoint, Type::Hidden, Type::Acknowledge, Type::Image] {
            check(&kind.text(), Meaning::Question(kind));
        }
    }
}
