//! Checklists: versioned data that a bureau may change; the code knows no item and no article.

mod form;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use spotcheck_expr::Form;

pub use self::form::{LABEL_COLUMN, Wording, is_dynamic};
use super::content::Lang;
use super::time::CivilDate;

/// The longest name of a list or an item: what stands behind it in the path of an answer has room too.
pub const NAME_CHARACTERS: usize = 44;

/// A checklist, format `checklist/1`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Checklist {
    /// Always `checklist/1`.
    pub schema: String,
    /// Stable name, such as `elevator`.
    pub id: String,
    /// Version; a record keeps the one that it was begun with.
    pub version: String,
    /// `draft`, `active` or `retired`.
    pub status: String,
    /// Title.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// Field of work.
    pub domain: String,
    /// What it is for.
    pub applies_to: AppliesTo,
    /// What to know before beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note_zh: Option<String>,
    /// The same in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note_en: Option<String>,
    /// The laws and standards that items refer to.
    pub basis: Vec<Basis>,
    /// Groups that items stand in, with their own conditions and repeats; parents before children.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// The items in order.
    pub items: Vec<Item>,
}

/// A group of items: shown together, relevant together, perhaps repeated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Group {
    /// Name, unique among the groups and items of the list; expressions refer to it.
    pub id: String,
    /// Title.
    #[serde(default)]
    pub title_zh: String,
    /// The same in English.
    #[serde(default)]
    pub title_en: String,
    /// The group that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Whether it can be answered several times.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeat: bool,
    /// How often it is repeated, an expression; the inspector decides when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<String>,
    /// When it is relevant, an expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relevant: Option<String>,
    /// How it is shown, as the spreadsheet says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appearance: Option<String>,
}

/// Whom an item is asked of in a visit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Each piece of equipment, where the list is for equipment; else the unit.
    #[default]
    Equipment,
    /// The unit, once.
    Unit,
}

impl Per {
    fn is_equipment(&self) -> bool {
        *self == Self::Equipment
    }
}

/// The expressions of an item (the XPath subset of XLSForm) and what belongs to them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Logic {
    /// Name by which other expressions refer to the item.
    pub name: String,
    /// When it is relevant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relevant: Option<String>,
    /// What must hold of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraint: Option<String>,
    /// What is said when it does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraint_message_zh: Option<String>,
    /// The same in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraint_message_en: Option<String>,
    /// When an answer is required; `true()` for always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<String>,
    /// What is said when it lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_message_zh: Option<String>,
    /// The same in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_message_en: Option<String>,
    /// How the value is computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calculate: Option<String>,
    /// Which of the options are offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice_filter: Option<String>,
    /// The value that it begins with: an expression when it is dynamic, else a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// When it can't be changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_only: Option<String>,
    /// How it is shown, as the spreadsheet says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appearance: Option<String>,
    /// Names of media files by kind (`image`, `audio`, `video`), kept for the way back to the spreadsheet.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub media: BTreeMap<String, String>,
}

/// What a checklist is for.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct AppliesTo {
    /// `equipment` or `unit`.
    #[serde(default)]
    pub subject: String,
    /// Beginnings of the type codes that it is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equipment_code_prefix: Vec<String>,
    /// The rest, kept as it is.
    #[serde(flatten)]
    pub extra: BTreeMap<String, Value>,
}

/// A law, rule or standard.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Basis {
    /// Name within the checklist, such as `TSSL`.
    pub id: String,
    /// Official title.
    pub name_zh: String,
    /// Title in English.
    pub name_en: String,
    /// Document number.
    pub number: String,
    /// In force since, `YYYY-MM-DD`; `null` when not known.
    #[serde(default)]
    pub effective: Option<String>,
    /// How well it was checked.
    pub checked: Checked,
    /// Where the text was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// How well a basis was checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// The text was read.
    Source,
    /// Number and date were seen, not the text.
    Partial,
    /// From knowledge; shown as 未核实.
    Knowledge,
}

/// A reference from an item to a basis.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BasisRef {
    /// [`Basis::id`].
    #[serde(rename = "ref")]
    pub basis: String,
    /// Article or clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// The article was not verified; shown as 未核实.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub verify: bool,
}

/// How grave a failed item is (一般 / 严重 / 重大).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 一般事故隐患.
    General,
    /// 严重事故隐患 (57号令 art. 25).
    Serious,
    /// 重大事故隐患 (GB 45067—2024).
    Major,
}

impl Severity {
    /// All, from the lightest.
    pub const ALL: [Self; 3] = [Self::General, Self::Serious, Self::Major];

    /// The stored name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Serious => "serious",
            Self::Major => "major",
        }
    }

    /// From the stored name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// What should prove an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// A photo of the thing.
    Photo,
    /// A document seen or photographed.
    Document,
    /// A measured value.
    Measurement,
}

/// One thing to check.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Item {
    /// Stable name, `<checklist>-<three digits>`.
    pub id: String,
    /// Section.
    pub section_zh: String,
    /// Section in English.
    pub section_en: String,
    /// What must be so.
    pub text_zh: String,
    /// The same in English.
    pub text_en: String,
    /// Why it must be so.
    pub basis: Vec<BasisRef>,
    /// How to check it.
    pub how_zh: String,
    /// The same in English.
    pub how_en: String,
    /// How grave it is when it fails.
    pub severity: Severity,
    /// Why it is that grave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severity_basis: Vec<BasisRef>,
    /// What should prove the answer.
    pub evidence: Vec<Evidence>,
    /// What kind of answer it takes.
    pub answer: AnswerSpec,
    /// Code of the measure when it fails; see `codes/measures.json`.
    pub on_fail: String,
    /// When it is relevant; always when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Whom it is asked of in a visit.
    #[serde(default, skip_serializing_if = "Per::is_equipment")]
    pub per: Per,
    /// Key that items of several lists share when they ask the same of the unit; a visit asks them once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub common: Option<String>,
    /// The group that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The answer itself is what is wanted; nothing is judged. For questions that a bureau adds in a spreadsheet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub record_only: bool,
    /// No longer asked in new checks; kept so that its id is never used again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
    /// Its expressions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logic: Option<Box<Logic>>,
    /// Authorities to which a failure may be transferred.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transfer_to: Vec<String>,
    /// Ready sentences for what is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phrases: Vec<Phrase>,
}

/// A ready sentence for a failed item, with the requirement that follows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Phrase {
    /// What is wrong.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// What must be done.
    pub measure_zh: String,
    /// The same in English.
    pub measure_en: String,
}

/// What kind of answer an item takes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AnswerSpec {
    /// 符合 / 不符合 / 不适用.
    YesNoNa {
        /// `yes` when yes is good, `no` when no is good.
        #[serde(default = "yes")]
        pass: String,
    },
    /// One or several of a list.
    Choice {
        /// Whether several may be chosen.
        #[serde(default)]
        multiple: bool,
        /// The list.
        options: Vec<Choice>,
        /// Name of the list in the spreadsheet, for `instance('…')`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        list: Option<String>,
    },
    /// A number.
    Number {
        /// Unit, as written after the number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
        /// Smallest value that passes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<f64>,
        /// Largest value that passes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<f64>,
        /// Field that holds the smallest value that passes.
        #[serde(default, rename = "minField", skip_serializing_if = "Option::is_none")]
        min_field: Option<String>,
        /// Field that holds the largest value that passes.
        #[serde(default, rename = "maxField", skip_serializing_if = "Option::is_none")]
        max_field: Option<String>,
        /// Whether the limits are law or advice.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit_kind: Option<LimitKind>,
        /// Step of the input.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<f64>,
        /// Only whole numbers.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        integer: bool,
    },
    /// A number on a scale with fixed ends.
    Range {
        /// Lower end.
        start: f64,
        /// Upper end.
        end: f64,
        /// Distance of the marks.
        step: f64,
        /// Only whole numbers.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        integer: bool,
    },
    /// A date from paper.
    Date {
        /// When it passes: `gte_today`, `gte_today_minus_12m`, `lte_today_minus_6y`...
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
    },
    /// Words.
    Text {
        /// Longest text, in characters.
        #[serde(default, rename = "maxLength", skip_serializing_if = "Option::is_none")]
        max_length: Option<usize>,
    },
    /// A time of day, `HH:MM`.
    Time,
    /// Date and time, `YYYY-MM-DDTHH:MM` with offset.
    DateTime,
    /// Where it is: `{"lat":…,"lon":…,"accuracy_m":…,"datum":"WGS-84"}`.
    Geopoint,
    /// One photo or several, nothing else.
    Image,
    /// A signature or drawing, a [`super::signature::Signature`].
    Drawing,
    /// What a code says that is scanned.
    Barcode,
    /// Only shown, never answered.
    Note,
    /// Computed from other answers, never shown.
    Calculate,
}

fn yes() -> String {
    "yes".to_owned()
}

/// Whether a limit is law or advice.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// Outside of it the item fails.
    Rule,
    /// Outside of it the inspector decides.
    Advisory,
}

/// One of a list of answers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Choice {
    /// Stored value.
    pub value: String,
    /// Label.
    pub zh: String,
    /// Label in English.
    pub en: String,
    /// Whether it passes.
    #[serde(default = "passes")]
    pub pass: bool,
    /// Further columns of the spreadsheet, for choice filters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
}

fn passes() -> bool {
    true
}

/// When an item is relevant.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Condition {
    /// All must hold.
    All {
        /// The parts.
        all: Vec<Condition>,
    },
    /// One must hold.
    Any {
        /// The parts.
        any: Vec<Condition>,
    },
    /// A field compared with a value.
    Field {
        /// The field, such as `equipment.type_code`.
        field: String,
        /// The comparison.
        op: Comparison,
        /// The value or list of values.
        #[serde(default)]
        value: Value,
    },
}

/// How a field is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Comparison {
    /// Equal.
    Eq,
    /// One of a list.
    In,
    /// Begins with one of a list.
    StartsWith,
    /// At least.
    Gte,
    /// Less than.
    Lt,
}

/// What is known when a condition is asked.
pub type Facts = BTreeMap<String, Value>;

/// Whether a condition holds, as far as is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not.
    False,
    /// A field is not known; the item is asked.
    Unknown,
}

impl Condition {
    /// Evaluates with what is known.
    #[must_use]
    pub fn evaluate(&self, facts: &Facts) -> Truth {
        self.evaluate_by(&|field| facts.get(field).map(Cow::Borrowed))
    }

    /// Evaluates with what `known` says of a field.
    #[must_use]
    pub fn evaluate_by<'a>(&self, known: &dyn Fn(&str) -> Option<Cow<'a, Value>>) -> Truth {
        match self {
            Self::All { all } => {
                let parts: Vec<Truth> = all.iter().map(|part| part.evaluate_by(known)).collect();
                if parts.contains(&Truth::False) {
                    Truth::False
                } else if parts.contains(&Truth::Unknown) {
                    Truth::Unknown
                } else {
                    Truth::True
                }
            }
            Self::Any { any } => {
                let parts: Vec<Truth> = any.iter().map(|part| part.evaluate_by(known)).collect();
                if parts.contains(&Truth::True) {
                    Truth::True
                } else if parts.contains(&Truth::Unknown) {
                    Truth::Unknown
                } else {
                    Truth::False
                }
            }
            Self::Field { field, op, value } => match known(field).as_deref() {
                None | Some(Value::Null) => Truth::Unknown,
                Some(known) => truth(compare(*op, known, value)),
            },
        }
    }

    /// Every field that it asks for.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Self::All { all: parts } | Self::Any { any: parts } => parts.iter().flat_map(Self::fields).collect(),
            Self::Field { field, .. } => vec![field],
        }
    }
}

fn truth(holds: bool) -> Truth {
    if holds { Truth::True } else { Truth::False }
}

fn compare(op: Comparison, known: &Value, value: &Value) -> bool {
    let listed = |test: &dyn Fn(&Value) -> bool| match value {
        Value::Array(values) => values.iter().any(test),
        single => test(single),
    };
    match op {
        Comparison::Eq => match known {
            Value::Array(many) => many.contains(value),
            one => one == value,
        },
        Comparison::In => match known {
            Value::Array(many) => many.iter().any(|one| listed(&|wanted| wanted == one)),
            one => listed(&|wanted| wanted == one),
        },
        Comparison::StartsWith => {
            known.as_str().is_some_and(|text| listed(&|wanted| wanted.as_str().is_some_and(|beginning| text.starts_with(beginning))))
        }
        Comparison::Gte | Comparison::Lt => {
            let less = match (known.as_f64(), value.as_f64(), known.as_str(), value.as_str()) {
                (Some(known), Some(value), _, _) => known < value,
                (_, _, Some(known), Some(value)) => known < value,
                _ => return false,
            };
            less == (op == Comparison::Lt)
        }
    }
}

/// The verdict on an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 符合.
    Pass,
    /// 不符合.
    Fail,
    /// 不适用.
    Na,
}

impl Verdict {
    /// In the order of the buttons.
    pub const ALL: [Self; 3] = [Self::Pass, Self::Fail, Self::Na];

    /// The stored name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Na => "na",
        }
    }

    /// From the stored name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }
}

/// What an item's rule says of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Judgement {
    /// The rule decides.
    Decided(Verdict),
    /// Outside of an advisory limit: the inspector decides.
    Advised(Verdict),
    /// There is no rule, or the value is none: the inspector decides.
    Open,
}

impl Item {
    /// The text in a language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        lang.pick(&self.text_zh, &self.text_en)
    }

    /// What tells the question from others across visits: the key that lists share for it, else its own id.
    #[must_use]
    pub fn question(&self) -> &str {
        self.common.as_deref().unwrap_or(&self.id)
    }

    /// The section in a language.
    #[must_use]
    pub fn section(&self, lang: Lang) -> &str {
        lang.pick(&self.section_zh, &self.section_en)
    }

    /// How to check it, in a language.
    #[must_use]
    pub fn how(&self, lang: Lang) -> &str {
        lang.pick(&self.how_zh, &self.how_en)
    }

    /// Whether an answer is more than a verdict: a number, a date or a choice, without which 符合 says nothing.
    #[must_use]
    pub fn asks_for_value(&self) -> bool {
        match self.answer {
            AnswerSpec::YesNoNa { .. } | AnswerSpec::Text { .. } | AnswerSpec::Note | AnswerSpec::Calculate => false,
            AnswerSpec::Number { .. }
            | AnswerSpec::Range { .. }
            | AnswerSpec::Date { .. }
            | AnswerSpec::Time
            | AnswerSpec::DateTime
            | AnswerSpec::Choice { .. }
            | AnswerSpec::Geopoint
            | AnswerSpec::Image
            | AnswerSpec::Drawing
            | AnswerSpec::Barcode => true,
        }
    }

    /// Whether an answer has a value at all, beside a verdict.
    #[must_use]
    pub fn takes_value(&self) -> bool {
        !matches!(self.answer, AnswerSpec::YesNoNa { .. } | AnswerSpec::Note | AnswerSpec::Calculate)
    }

    /// Whether a value is one that the item takes: a whole number where one is asked for, within a scale, not too long.
    #[must_use]
    pub fn allows(&self, value: &Value) -> bool {
        let whole = |number: f64| number.fract() == 0.0;
        match (&self.answer, value.as_f64()) {
            (AnswerSpec::Number { integer, .. }, Some(number)) => !integer || whole(number),
            (AnswerSpec::Range { start, end, integer, .. }, Some(number)) => {
                (start.min(*end)..=start.max(*end)).contains(&number) && (!integer || whole(number))
            }
            (AnswerSpec::Text { max_length: Some(most) }, _) => value.as_str().is_none_or(|text| text.chars().count() <= *most),
            _ => true,
        }
    }

    /// Whether it is relevant with what is known; what is not known is asked.
    #[must_use]
    pub fn is_relevant(&self, facts: &Facts) -> bool {
        self.when.as_ref().is_none_or(|when| when.evaluate(facts) != Truth::False)
    }

    /// What the item's rule says of a value on the day of the check.
    #[must_use]
    pub fn judge(&self, value: &Value, today: CivilDate, facts: &Facts) -> Judgement {
        match &self.answer {
            AnswerSpec::YesNoNa { .. }
            | AnswerSpec::Text { .. }
            | AnswerSpec::Range { .. }
            | AnswerSpec::Time
            | AnswerSpec::DateTime
            | AnswerSpec::Geopoint
            | AnswerSpec::Image
            | AnswerSpec::Drawing
            | AnswerSpec::Barcode
            | AnswerSpec::Note
            | AnswerSpec::Calculate => Judgement::Open,
            AnswerSpec::Choice { options, .. } => judge_choice(options, value),
            AnswerSpec::Date { rule } => {
                let date = value.as_str().and_then(CivilDate::parse);
                match (date, rule.as_deref().and_then(|rule| DateRule::parse(rule, today))) {
                    (Some(date), Some(rule)) => Judgement::Decided(pass_if(rule.holds(date))),
                    _ => Judgement::Open,
                }
            }
            AnswerSpec::Number { min, max, min_field, max_field, limit_kind, .. } => {
                let Some(number) = value.as_f64() else { return Judgement::Open };
                let from_field = |field: &Option<String>| field.as_ref().and_then(|field| facts.get(field)).and_then(Value::as_f64);
                let (min, max) = (min.or_else(|| from_field(min_field)), max.or_else(|| from_field(max_field)));
                if min.is_none() && max.is_none() {
                    return Judgement::Open;
                }
                let verdict = pass_if(min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max));
                match limit_kind {
                    Some(LimitKind::Advisory) => Judgement::Advised(verdict),
                    Some(LimitKind::Rule) | None => Judgement::Decided(verdict),
                }
            }
        }
    }
}

fn pass_if(good: bool) -> Verdict {
    if good { Verdict::Pass } else { Verdict::Fail }
}

fn judge_choice(options: &[Choice], value: &Value) -> Judgement {
    let chosen: Vec<&str> = match value {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let known: Vec<&Choice> = options.iter().filter(|option| chosen.contains(&option.value.as_str())).collect();
    if known.is_empty() { Judgement::Open } else { Judgement::Decided(pass_if(known.iter().all(|option| option.pass))) }
}

/// A rule for a date, such as `gte_today_minus_12m`, on a given day.
struct DateRule {
    at_least: bool,
    limit: CivilDate,
}

impl DateRule {
    fn parse(rule: &str, today: CivilDate) -> Option<Self> {
        let (at_least, rest) = match rule.strip_prefix("gte_today") {
            Some(rest) => (true, rest),
            None => (false, rule.strip_prefix("lte_today")?),
        };
        if rest.is_empty() {
            return Some(Self { at_least, limit: today });
        }
        let (sign, amount) = match rest.strip_prefix("_minus_") {
            Some(amount) => (-1, amount),
            None => (1, rest.strip_prefix("_plus_")?),
        };
        let (months, count) = match (amount.strip_suffix('m'), amount.strip_suffix('y')) {
            (Some(count), _) => (1, count),
            (_, Some(count)) => (12, count),
            _ => return None,
        };
        let count: i32 = count.parse().ok().filter(|count| (0..=1200).contains(count))?;
        Some(Self { at_least, limit: today.plus_months(sign * months * count) })
    }

    fn holds(&self, date: CivilDate) -> bool {
        if self.at_least { date >= self.limit } else { date <= self.limit }
    }
}

/// A number as people type it: full width or not, with blanks, with its unit behind it. `None` when it is not understood.
#[must_use]
pub fn read_number(typed: &str, unit: Option<&str>) -> Option<f64> {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .map(super::uscc::half_width)
            .map(|c| match c {
                '−' | '–' => '-',
                '。' => '.',
                c => c.to_ascii_lowercase(),
            })
            .collect()
    };
    let (typed, unit) = (plain(typed), plain(unit.unwrap_or_default()));
    let digits = typed.strip_suffix(unit.as_str()).unwrap_or(&typed);
    // Words such as `inf` and `1e5` are no readings of an instrument.
    let of_digits = digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    digits.parse::<f64>().ok().filter(|number| of_digits && number.abs() < 1e12)
}

/// Why a file is not a checklist that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChecklistError {
    /// Not JSON of this form.
    #[error("line {line}, column {column}: {problem}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the reader says.
        problem: String,
    },
    /// Of a format that this version does not know.
    #[error("unknown format {found}")]
    Schema {
        /// The format.
        found: String,
    },
    /// Two items have one id.
    #[error("items[{index}].id: {id} occurs twice")]
    DoubleId {
        /// The second one.
        index: usize,
        /// The id.
        id: String,
    },
    /// An item refers to a basis that is not listed.
    #[error("items[{index}].basis: {basis} is not listed")]
    UnknownBasis {
        /// The item.
        index: usize,
        /// The reference.
        basis: String,
    },
    /// A list of answers with none, or with one value twice.
    #[error("items[{index}].answer.options: empty or a value twice")]
    Options {
        /// The item.
        index: usize,
    },
    /// A date rule that is not understood.
    #[error("items[{index}].answer.rule: {rule} is not understood")]
    Rule {
        /// The item.
        index: usize,
        /// The rule.
        rule: String,
    },
    /// A name that can't stand in a path: letters, digits, `-` and `_`, at most 44.
    #[error("{name} is no name for a list or an item")]
    Name {
        /// The name.
        name: String,
    },
    /// An expression that can't be used.
    #[error("{}{problem}", index.map(|index| format!("items[{index}].logic: ")).unwrap_or_default())]
    Logic {
        /// The item; none when it is a group.
        index: Option<usize>,
        /// Name of the question or group, as expressions call it.
        name: String,
        /// What is wrong, and where in the expression.
        problem: String,
    },
    /// No items.
    #[error("no items")]
    Empty,
}

/// A list that was read as JSON goes through its text again: a second reader of so large a type would be a large part of the
/// program.
fn text_of(value: &Value) -> Vec<u8> {
    // Writing a JSON value that is in memory into memory can't fail: its keys are texts and its numbers finite.
    serde_json::to_vec(value).unwrap_or_default()
}

fn is_name(text: &str) -> bool {
    (1..=NAME_CHARACTERS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A section and where its items stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section {
    /// Title.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// Indices of its items.
    pub items: Vec<usize>,
}

impl Checklist {
    /// Reads and checks a checklist.
    ///
    /// # Errors
    /// [`ChecklistError`] says what is wrong and where.
    pub fn read(bytes: &[u8]) -> Result<Self, ChecklistError> {
        Self::read_ready(bytes).map(|(checklist, _)| checklist)
    }

    fn read_ready(bytes: &[u8]) -> Result<(Self, Option<Form>), ChecklistError> {
        let checklist: Self = serde_json::from_slice(bytes).map_err(|error| ChecklistError::Json {
            line: error.line(),
            column: error.column(),
            problem: error.to_string(),
        })?;
        let form = checklist.check()?;
        Ok((checklist, form))
    }

    /// Reads the checklist that a record carries.
    ///
    /// # Errors
    /// As [`Checklist::read`].
    pub fn from_record(value: &Value) -> Result<Self, ChecklistError> {
        Self::from_value(value)
    }

    /// As [`Checklist::from_record`], with the [`Checklist::form`] that checking it makes anyway.
    ///
    /// # Errors
    /// As [`Checklist::read`].
    pub fn from_record_ready(value: &Value) -> Result<(Self, Option<Form>), ChecklistError> {
        Self::read_ready(&text_of(value))
    }

    /// Reads and checks a checklist that was read as JSON before.
    ///
    /// # Errors
    /// As [`Checklist::read`], without a line.
    pub fn from_value(value: &Value) -> Result<Self, ChecklistError> {
        Self::read(&text_of(value))
    }

    fn check(&self) -> Result<Option<Form>, ChecklistError> {
        if self.schema != "checklist/1" {
            return Err(ChecklistError::Schema { found: self.schema.clone() });
        }
        if self.items.is_empty() {
            return Err(ChecklistError::Empty);
        }
        if let Some(name) = std::iter::once(&self.id).chain(self.items.iter().map(|item| &item.id)).find(|name| !is_name(name)) {
            return Err(ChecklistError::Name { name: name.clone() });
        }
        let known: BTreeSet<&str> = self.basis.iter().map(|basis| basis.id.as_str()).collect();
        let mut ids = BTreeSet::new();
        let any_day = CivilDate::parse("2000-01-01");
        for (index, item) in self.items.iter().enumerate() {
            if !ids.insert(&item.id) {
                return Err(ChecklistError::DoubleId { index, id: item.id.clone() });
            }
            if let Some(unknown) = item.basis.iter().chain(&item.severity_basis).find(|wanted| !known.contains(wanted.basis.as_str())) {
                return Err(ChecklistError::UnknownBasis { index, basis: unknown.basis.clone() });
            }
            match &item.answer {
                AnswerSpec::Choice { options, .. } => {
                    let values: BTreeSet<&str> = options.iter().map(|option| option.value.as_str()).collect();
                    if values.is_empty() || values.len() != options.len() {
                        return Err(ChecklistError::Options { index });
                    }
                }
                AnswerSpec::Date { rule: Some(rule) } => {
                    if any_day.is_some_and(|day| DateRule::parse(rule, day).is_none()) {
                        return Err(ChecklistError::Rule { index, rule: rule.clone() });
                    }
                }
                AnswerSpec::Date { rule: None }
                | AnswerSpec::YesNoNa { .. }
                | AnswerSpec::Number { .. }
                | AnswerSpec::Range { .. }
                | AnswerSpec::Text { .. }
                | AnswerSpec::Time
                | AnswerSpec::DateTime
                | AnswerSpec::Geopoint
                | AnswerSpec::Image
                | AnswerSpec::Drawing
                | AnswerSpec::Barcode
                | AnswerSpec::Note
                | AnswerSpec::Calculate => {}
            }
        }
        self.form()
    }

    /// The title in a language.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        lang.pick(&self.title_zh, &self.title_en)
    }

    /// The note in a language.
    #[must_use]
    pub fn note(&self, lang: Lang) -> Option<&str> {
        match lang {
            Lang::Zh => self.note_zh.as_deref(),
            Lang::En => self.note_en.as_deref(),
        }
    }

    /// Whether its items are asked of each piece of equipment.
    #[must_use]
    pub fn is_for_equipment(&self) -> bool {
        self.applies_to.subject == "equipment"
    }

    /// A basis by its id.
    #[must_use]
    pub fn basis(&self, id: &str) -> Option<&Basis> {
        self.basis.iter().find(|basis| basis.id == id)
    }

    /// Whether a reference must be shown as 未核实: the article was not verified, or the text of the law was not read.
    #[must_use]
    pub fn is_unverified(&self, one: &BasisRef) -> bool {
        one.verify || self.basis(&one.basis).is_none_or(|basis| basis.checked != Checked::Source)
    }

    /// The sections in the order of their first items.
    #[must_use]
    pub fn sections(&self) -> Vec<Section> {
        let mut sections: Vec<Section> = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            match sections.iter_mut().find(|section| section.title_zh == item.section_zh) {
                Some(section) => section.items.push(index),
                None => sections.push(Section { title_zh: item.section_zh.clone(), title_en: item.section_en.clone(), items: vec![index] }),
            }
        }
        sections
    }

    /// What a record carries: the whole list without the ready sentences, so that the record can be read
    /// in court without any other file.
    #[must_use]
    pub fn for_record(&self) -> Value {
        let mut copy = self.clone();
        for item in &mut copy.items {
            item.phrases.clear();
        }
        serde_json::to_value(copy).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn item(answer: Value, when: Value) -> Item {
        let mut fields = json!({
            "id": "demo-001", "section_zh": "甲", "section_en": "A", "text_zh": "某事符合要求", "text_en": "Something is so",
            "basis": [{"ref": "LAW", "article": "第1条"}], "how_zh": "看", "how_en": "look", "severity": "general",
            "evidence": ["photo"], "answer": answer, "on_fail": "rectify_by_deadline"
        });
        if !when.is_null() {
            fields["when"] = when;
        }
        serde_json::from_value(fields).expect("the item above is well formed")
    }

    fn day(text: &str) -> CivilDate {
        CivilDate::parse(text).expect("a date written in this test")
    }

    #[track_caller]
    fn judged(answer: Value, value: Value, expected: Judgement) {
        let facts = Facts::from([("equipment.max_load".to_owned(), json!(5.0))]);
        assert_eq!(item(answer.clone(), Value::Null).judge(&value, day("2026-02-28"), &facts), expected, "{answer} {value}");
    }

    #[test]
    fn judges_by_the_rule_of_the_item() {
        use Judgement::{Advised, Decided, Open};
        use Verdict::{Fail, Pass};
        judged(json!({"type": "number", "min": 0, "max": 15}), json!(15), Decided(Pass));
        judged(json!({"type": "number", "min": 0, "max": 15}), json!(15.5), Decided(Fail));
        judged(json!({"type": "number", "min": -10, "max": 10, "limit_kind": "advisory"}), json!(11), Advised(Fail));
        judged(json!({"type": "number", "maxField": "equipment.max_load"}), json!(6), Decided(Fail));
        judged(json!({"type": "number", "maxField": "equipment.unknown"}), json!(6), Open);
        judged(json!({"type": "number", "min": 0}), json!("many"), Open);
        judged(json!({"type": "date", "rule": "gte_today"}), json!("2026-02-28"), Decided(Pass));
        judged(json!({"type": "date", "rule": "gte_today"}), json!("2026-02-27"), Decided(Fail));
        judged(json!({"type": "date", "rule": "gte_today_minus_12m"}), json!("2025-02-28"), Decided(Pass));
        judged(json!({"type": "date", "rule": "lte_today_minus_6y"}), json!("2020-02-29"), Decided(Fail));
        judged(json!({"type": "date"}), json!("2026-02-28"), Open);
        let options = json!([{"value": "a", "zh": "甲", "en": "A", "pass": true}, {"value": "b", "zh": "乙", "en": "B", "pass": false}]);
        judged(json!({"type": "choice", "options": options}), json!("a"), Decided(Pass));
        judged(json!({"type": "choice", "multiple": true, "options": options}), json!(["a", "b"]), Decided(Fail));
        judged(json!({"type": "choice", "options": options}), json!("c"), Open);
        judged(json!({"type": "yes_no_na", "pass": "yes"}), json!("yes"), Open);
    }

    #[test]
    fn reads_numbers_as_people_type_them() {
        for (typed, expected) in [
            ("18", Some(18.0)),
            ("18天", Some(18.0)),
            (" １８ 天 ", Some(18.0)),
            ("−０．５", Some(-0.5)),
            ("18日", None),
            ("天", None),
            ("十八", None),
            ("inf", None),
            ("1e5", None),
            ("", None),
        ] {
            assert_eq!(read_number(typed, Some("天")), expected, "{typed}");
        }
        assert_eq!(read_number("4 MM", Some("mm")), Some(4.0));
        assert_eq!(read_number("4mm", None), None);
    }

    #[test]
    fn what_is_not_read_at_its_source_is_unverified() {
        let list = |checked: &str| -> Checklist {
            serde_json::from_value(json!({"schema": "checklist/1", "id": "demo", "version": "1", "status": "draft", "title_zh": "示例",
            "title_en": "Demo", "domain": "special_equipment", "applies_to": {"subject": "equipment"}, "items": [],
            "basis": [{"id": "LAW", "name_zh": "法", "name_en": "Law", "number": "1", "effective": null, "checked": checked}]}))
            .expect("the list above is well formed")
        };
        let one = |basis: &str, verify: bool| BasisRef { basis: basis.to_owned(), article: None, verify };
        assert!(!list("source").is_unverified(&one("LAW", false)));
        assert!(list("source").is_unverified(&one("LAW", true)));
        assert!(list("source").is_unverified(&one("OTHER", false)));
        assert!(list("partial").is_unverified(&one("LAW", false)));
        assert!(list("knowledge").is_unverified(&one("LAW", false)));
    }

    #[test]
    fn asks_what_it_does_not_know() {
        let lift = json!({"field": "equipment.type_code", "op": "startsWith", "value": ["31", "32"]});
        let facts = |code: Value| Facts::from([("equipment.type_code".to_owned(), code)]);
        let with = |when: &Value, facts: &Facts| item(json!({"type": "text"}), when.clone()).when.expect("has one").evaluate(facts);
        assert_eq!(with(&lift, &facts(json!("3110"))), Truth::True);
        assert_eq!(with(&lift, &facts(json!("3310"))), Truth::False);
        assert_eq!(with(&lift, &Facts::new()), Truth::Unknown);
        let either = json!({"any": [lift, {"field": "season.campaign", "op": "eq", "value": "flood"}]});
        assert_eq!(with(&either, &facts(json!("3310"))), Truth::Unknown);
        let both = json!({"all": [lift, {"field": "season.campaign", "op": "eq", "value": "flood"}]});
        assert_eq!(with(&both, &facts(json!("3310"))), Truth::False);
        assert!(item(json!({"type": "text"}), lift).is_relevant(&Facts::new()));
    }

    #[test]
    fn reads_every_list_of_the_library() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/content/checklists");
        let mut ids = BTreeSet::new();
        let mut lists = 0;
        for file in std::fs::read_dir(folder).expect("the folder is part of the project") {
            let path = file.expect("readable").path();
            if path.file_name().is_some_and(|name| name == "index.json") {
                continue;
            }
            let list =
                Checklist::read(&std::fs::read(&path).expect("readable")).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert_eq!(path.file_stem().and_then(|stem| stem.to_str()), Some(list.id.as_str()));
            assert_eq!(Checklist::from_record(&list.for_record()).map(|list| list.items.len()), Ok(list.items.len()));
            for item in &list.items {
                assert!(ids.insert(item.id.clone()), "{} occurs in two lists", item.id);
            }
            lists += 1;
        }
        assert_eq!(lists, 25);
    }

    #[test]
    fn says_where_a_list_is_wrong() {
        let list = |items: Value| {
            json!({"schema": "checklist/1", "id": "demo", "version": "1", "status": "draft", "title_zh": "示例", "title_en": "Demo",
            "domain": "special_equipment", "applies_to": {"subject": "equipment"},
            "basis": [{"id": "LAW", "name_zh": "法", "name_en": "Law", "number": "1", "effective": null, "checked": "knowledge"}], "items": items})
        };
        let one = serde_json::to_value(item(json!({"type": "text"}), Value::Null)).expect("plain data");
        let read = |items: Value| Checklist::read(list(items).to_string().as_bytes()).map(|_| ());
        assert_eq!(read(json!([one])), Ok(()));
        assert_eq!(read(json!([one, one])), Err(ChecklistError::DoubleId { index: 1, id: "demo-001".to_owned() }));
        assert_eq!(read(json!([])), Err(ChecklistError::Empty));
        let mut other = one.clone();
        other["basis"][0]["ref"] = json!("OTHER");
        assert_eq!(read(json!([other])), Err(ChecklistError::UnknownBasis { index: 0, basis: "OTHER".to_owned() }));
        let mut ruled = one;
        ruled["answer"] = json!({"type": "date", "rule": "gte_tomorrow"});
        assert_eq!(read(json!([ruled])), Err(ChecklistError::Rule { index: 0, rule: "gte_tomorrow".to_owned() }));
        assert!(matches!(Checklist::read(b"{"), Err(ChecklistError::Json { line: 1, .. })));
    }
}
