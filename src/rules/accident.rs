//! Grades of accidents (事故等级), as a quick report has to name them: the lower bound counts, the highest grade prevails.

use serde::Deserialize;
use serde_json::Value;

use super::said::{self, RuleError, Said};
use crate::domain::checklist::BasisRef;

/// The format of the file, see `public/content/schema/accident-grades.schema.json`.
const SCHEMA: &str = "rules/accident-grades/1";

/// What an accident came to, as far as it is known.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Accident {
    /// Deaths.
    pub deaths: f64,
    /// Serious injuries, acute industrial poisoning included.
    pub serious_injuries: f64,
    /// Direct loss, in yuan.
    pub loss_yuan: f64,
    /// People who were moved.
    pub moved: f64,
    /// People who were stranded.
    pub stranded: f64,
    /// For how many hours.
    pub stranded_hours: f64,
    /// Special facts, by their names.
    pub special: Vec<String>,
}

impl Accident {
    /// From the fields of a matter: `deaths`, `serious_injuries`, `loss` (in 万元), `moved`, `stranded`, `stranded_hours`,
    /// `special`. `None` when none of them was filled in, and where `equipment_kind` says that no special equipment is
    /// concerned (`product`, `none`): the grades are about nothing else.
    #[must_use]
    pub fn read<'a>(field: &dyn Fn(&str) -> Option<&'a Value>) -> Option<Self> {
        let number = |name: &str| field(name).and_then(Value::as_f64).filter(|number| number.is_finite());
        if field("equipment_kind").and_then(Value::as_str).is_some_and(|kind| matches!(kind, "product" | "none")) {
            return None;
        }
        let special = field("special").and_then(Value::as_array);
        let names = ["deaths", "serious_injuries", "loss", "moved", "stranded", "stranded_hours"];
        if special.is_none() && names.iter().all(|name| number(name).is_none()) {
            return None;
        }
        Some(Self {
            deaths: number("deaths").unwrap_or_default(),
            serious_injuries: number("serious_injuries").unwrap_or_default(),
            // Rounded to a fen: 0.29 万元 is 2,900 yuan and not a hair less.
            loss_yuan: (number("loss").unwrap_or_default() * 1_000_000.0).round() / 100.0,
            moved: number("moved").unwrap_or_default(),
            stranded: number("stranded").unwrap_or_default(),
            stranded_hours: number("stranded_hours").unwrap_or_default(),
            special: special.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
        })
    }

    fn number(&self, measure: Measure) -> f64 {
        match measure {
            Measure::Deaths => self.deaths,
            Measure::SeriousInjuries => self.serious_injuries,
            Measure::LossYuan => self.loss_yuan,
            Measure::Moved => self.moved,
            Measure::Stranded => self.stranded,
            Measure::StrandedHours => self.stranded_hours,
        }
    }
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Deaths.
    Deaths,
    /// Serious injuries.
    SeriousInjuries,
    /// Direct loss in yuan.
    LossYuan,
    /// People moved.
    Moved,
    /// People stranded.
    Stranded,
    /// Hours for which they were.
    StrandedHours,
}

/// What must be so.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(untagged)]
pub enum Need {
    /// A number is reached.
    Number {
        /// Which.
        field: Measure,
        /// The lower bound, included.
        at_least: f64,
    },
    /// One of these special facts.
    Special {
        /// Their names.
        special: Vec<String>,
    },
}

/// One way to come to a grade.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Criterion {
    /// In words.
    #[serde(flatten)]
    pub name: Said,
    /// What must be so, all of it.
    pub all: Vec<Need>,
}

impl Criterion {
    fn holds(&self, accident: &Accident) -> bool {
        self.all.iter().all(|need| match need {
            Need::Number { field, at_least } => accident.number(*field) >= *at_least,
            Need::Special { special } => special.iter().any(|one| accident.special.contains(one)),
        })
    }
}

/// A grade.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Grade {
    /// Stable name, as the reports of a matter keep it.
    pub id: String,
    /// Its height; more is graver.
    pub rank: u32,
    /// What it is called.
    #[serde(flatten)]
    pub name: Said,
    /// Where it stands.
    pub basis: Vec<BasisRef>,
    /// Whether it was compared with the text.
    pub verified: bool,
    /// The ways to come to it.
    pub any: Vec<Criterion>,
}

/// All grades.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct AccidentGrades {
    /// In any order.
    pub grades: Vec<Grade>,
}

impl AccidentGrades {
    /// Reads a file of grades, format `rules/accident-grades/1`.
    ///
    /// # Errors
    /// [`RuleError`] says what is wrong and where.
    pub fn read(bytes: &[u8]) -> Result<Self, RuleError> {
        let file: Self = said::read(bytes, SCHEMA)?;
        for (at, grade) in file.grades.iter().enumerate() {
            let place = format!("grades[{at}]");
            if file.grades.iter().take(at).any(|other| other.id == grade.id || other.rank == grade.rank) {
                return Err(RuleError::Double { place, name: grade.id.clone() });
            }
            if grade.any.iter().any(|criterion| criterion.all.is_empty()) {
                return Err(RuleError::Empty { place });
            }
        }
        Ok(file)
    }

    /// The highest grade that an accident comes to, and every way in which it does; `None` when it comes to none.
    #[must_use]
    pub fn grade(&self, accident: &Accident) -> Option<(&Grade, Vec<&Criterion>)> {
        let reached = self.grades.iter().filter_map(|grade| {
            let reasons: Vec<&Criterion> = grade.any.iter().filter(|criterion| criterion.holds(accident)).collect();
            (!reasons.is_empty()).then_some((grade, reasons))
        });
        reached.max_by_key(|(grade, _)| grade.rank)
    }
}
