//! How it stands with one question.

use serde::{Deserialize, Serialize};

use super::super::checklist::{AnswerSpec, Item, Judgement, Verdict};
use super::{Answer, BLANK, Missing};

/// Whether a question is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Standing {
    /// It is.
    #[default]
    Asked,
    /// A condition of the list says that it does not concern this equipment: 不适用 unless the inspector answers it.
    NotConcerned,
    /// An expression says that it is not asked now: shown folded, kept, but not counted.
    Hidden,
}

/// What the expressions of a list say of a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// Whether it is asked.
    pub relevant: bool,
    /// Whether the answer fulfils its constraint.
    pub valid: bool,
    /// Whether an answer is needed.
    pub required: bool,
    /// Whether it can't be changed.
    pub read_only: bool,
    /// Indices of the options that are offered; all when none.
    pub options: Option<Box<[u32]>>,
}

impl Default for Said {
    fn default() -> Self {
        Self { relevant: true, valid: true, required: false, read_only: false, options: None }
    }
}

/// How it stands with one question.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Status {
    /// Whether it is asked.
    pub standing: Standing,
    /// The verdict that counts; none where nothing is judged.
    pub verdict: Option<Verdict>,
    /// Whether it counts among the questions.
    pub counts: bool,
    /// Whether it is answered.
    pub answered: bool,
    /// Whether the value is one that the list allows.
    pub valid: bool,
    /// What the expressions say.
    pub said: Said,
}

impl Status {
    /// Whether the item failed.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.counts && self.verdict == Some(Verdict::Fail)
    }

    /// Whether an answer still lacks.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.counts && !self.answered
    }

    pub(super) fn share(&self) -> Counts {
        if !self.counts {
            return Counts::default();
        }
        Counts { total: 1, answered: usize::from(self.answered), failed: usize::from(self.failed()) }
    }
}

/// Counts over questions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Questions that count.
    pub total: usize,
    /// Of them answered.
    pub answered: usize,
    /// Of them failed.
    pub failed: usize,
}

impl Counts {
    /// Whether every question that counts is answered.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.answered == self.total
    }

    pub(super) fn exchange(&mut self, old: Self, new: Self) {
        self.total = self.total + new.total - old.total;
        self.answered = self.answered + new.answered - old.answered;
        self.failed = self.failed + new.failed - old.failed;
    }
}

/// Everything that decides how it stands with a question.
pub(super) struct Case<'a> {
    pub item: &'a Item,
    pub answer: &'a Answer,
    /// How many photos are at it.
    pub photos: usize,
    /// Whether the list's condition holds or is not known.
    pub concerned: bool,
    /// What the item's rule says of the value.
    pub judged: Judgement,
    pub said: Said,
}

impl Case<'_> {
    /// Whether there is a value: for a photo item its photos.
    fn has_value(&self) -> bool {
        match self.item.answer {
            AnswerSpec::Image => self.photos > 0,
            _ => self.answer.value.is_some(),
        }
    }

    /// The verdict that counts: what the inspector chose, else what the rule decides, else 不适用 when it is of no concern.
    fn verdict(&self) -> Option<Verdict> {
        if self.answer.chosen.is_some() {
            return self.answer.chosen;
        }
        // Within advisory limits it passes; outside of them the inspector decides.
        if let Judgement::Decided(verdict) | Judgement::Advised(verdict @ Verdict::Pass) = self.judged {
            return Some(verdict);
        }
        (!self.concerned).then_some(Verdict::Na)
    }

    pub(super) fn status(&self) -> Status {
        let silent = matches!(self.item.answer, AnswerSpec::Note | AnswerSpec::Calculate);
        let standing = match (self.said.relevant, self.concerned) {
            (false, _) => Standing::Hidden,
            (true, false) => Standing::NotConcerned,
            (true, true) => Standing::Asked,
        };
        let valid = self.said.valid && self.answer.value.as_ref().is_none_or(|value| self.item.allows(value)) && self.is_offered();
        let verdict = if silent || self.item.record_only { None } else { self.verdict() };
        let (counts, answered) = if self.item.record_only {
            let answered = self.has_value() || self.answer.chosen == Some(Verdict::Na);
            // What nobody has to answer is no open question.
            (answered || (self.said.required && self.concerned), answered)
        } else {
            (true, verdict.is_some())
        };
        Status { standing, verdict, counts: counts && !silent && standing != Standing::Hidden, answered, valid, said: self.said.clone() }
    }

    /// Whether what is chosen is among the options that are offered.
    fn is_offered(&self) -> bool {
        let (AnswerSpec::Choice { options, .. }, Some(offered), Some(value)) = (&self.item.answer, &self.said.options, &self.answer.value)
        else {
            return true;
        };
        let is_in = |code: &str| {
            let place = options.iter().position(|option| option.value == code).and_then(|place| u32::try_from(place).ok());
            place.is_some_and(|place| offered.contains(&place))
        };
        super::chosen(value).into_iter().all(is_in)
    }

    /// What it lacks, in the order of the form.
    pub(super) fn flaws(&self, index: usize, status: &Status) -> Vec<Missing> {
        let mut flaws = Vec::new();
        if !status.counts {
            return flaws;
        }
        if status.is_open() {
            flaws.push(if self.item.record_only { Missing::Required(index) } else { Missing::Answer(index) });
        }
        if !status.valid {
            flaws.push(Missing::Constraint(index));
        }
        match status.verdict {
            Some(Verdict::Fail) => {
                if self.answer.finding.trim().is_empty() {
                    flaws.push(Missing::Finding(index));
                }
                if self.answer.finding.contains(BLANK) || self.answer.requirement.contains(BLANK) {
                    flaws.push(Missing::Blank(index));
                }
                let measure = self.answer.measure.as_deref().unwrap_or(&self.item.on_fail);
                if measure.ends_with("by_deadline") && self.answer.deadline.is_none() {
                    flaws.push(Missing::Deadline(index));
                }
            }
            Some(Verdict::Pass) if self.item.asks_for_value() && !self.has_value() => flaws.push(Missing::Value(index)),
            Some(Verdict::Pass) if self.said.required && !self.has_value() && self.item.takes_value() => {
                flaws.push(Missing::Required(index))
            }
            Some(Verdict::Pass | Verdict::Na) | None => {}
        }
        flaws
    }
}
