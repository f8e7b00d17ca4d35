//! All cards in memory, and finding them: by name, pinyin, initials, codes, address and contact, or by what is near.
//!
//! Built for a keystroke over tens of thousands of cards: every text is kept as numbers of characters in one piece of
//! memory, and a query asks each character only one table.

use std::collections::HashMap;

use super::Kind;
use super::card::{Card, Position};
use super::pinyin::{Pinyin, Readings};
use crate::domain::uscc::half_width;

/// How many words of a query count, and how many characters of a word.
const WORDS: usize = 8;
const WORD_CHARS: usize = 32;
/// How many steps matching a word at one place may take: readings branch, and input is not trusted.
const STEPS: u32 = 400;
/// The mark between texts of one group.
const GAP: u16 = 0;

/// A character that occurs in a ledger.
struct Symbol {
    character: char,
    /// People leave it out when they type: a bracket, a blank.
    skipped: bool,
    readings: Readings,
}

/// Where the texts of a card lie in the memory of all texts: title, codes, place and contact, one after another.
#[derive(Clone, Copy, Default)]
struct Span {
    title: u32,
    codes: u32,
    place: u32,
    end: u32,
    /// The card of its unit.
    unit: Option<u32>,
}

/// How well a word hits a card; the smaller, the better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Rank {
    /// One of its codes, whole.
    CodeExact,
    /// Its name, whole.
    TitleExact,
    /// The beginning of a code.
    CodePrefix,
    /// The beginning of its name.
    TitlePrefix,
    /// The beginning of its name, by pinyin.
    TitlePrefixPinyin,
    /// Within its name.
    Title,
    /// Within its name, by pinyin.
    TitlePinyin,
    /// Within a code.
    Code,
    /// The name of its unit.
    Unit,
    /// Its place or contact.
    Place,
    /// Its place or contact, by pinyin.
    PlacePinyin,
}

/// What a query found.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Found<'a> {
    /// The best, in order, no more than asked for.
    pub cards: Vec<&'a Card>,
    /// How many there are in all.
    pub total: usize,
}

/// The ledgers in memory.
#[derive(Default)]
pub struct Ledger {
    cards: Vec<Card>,
    spans: Vec<Span>,
    by_id: HashMap<String, u32>,
    texts: Vec<u16>,
    symbols: Vec<Symbol>,
    numbers: HashMap<char, u16>,
    /// Texts of cards that were replaced.
    waste: usize,
    pinyin: Pinyin,
}

impl Ledger {
    /// The ledgers with these cards.
    #[must_use]
    pub fn new(cards: Vec<Card>) -> Self {
        let mut ledger = Self::default();
        ledger.put_all(cards);
        ledger
    }

    /// Takes a card in, new or in place of the one that it had.
    pub fn put(&mut self, card: Card) {
        self.put_all(vec![card]);
    }

    /// Takes cards in, new ones and in place of those that they had.
    pub fn put_all(&mut self, cards: Vec<Card>) {
        let mut new_units = false;
        let single = cards.len() == 1;
        let mut last = None;
        for card in cards {
            let span = self.write_texts(&card);
            new_units |= card.kind() == Some(Kind::Unit) && !self.by_id.contains_key(&card.id);
            let at = match self.by_id.get(&card.id) {
                Some(&at) => at,
                None => u32::try_from(self.cards.len()).unwrap_or(u32::MAX),
            };
            match self.cards.get_mut(at as usize).zip(self.spans.get_mut(at as usize)) {
                Some((old, old_span)) => {
                    self.waste += (old_span.end - old_span.title) as usize;
                    (*old, *old_span) = (card, span);
                }
                None => {
                    self.by_id.insert(card.id.clone(), at);
                    self.cards.push(card);
                    self.spans.push(span);
                }
            }
            last = Some(at as usize);
        }
        let only = last.filter(|_| single && !new_units);
        for index in only.map_or(0..self.cards.len(), |index| index..index + 1) {
            if let (Some(card), Some(span)) = (self.cards.get(index), self.spans.get_mut(index)) {
                span.unit = if card.unit_id.is_empty() { None } else { self.by_id.get(&card.unit_id).copied() };
            }
        }
        if self.waste > self.texts.len() / 2 {
            let cards = std::mem::take(&mut self.cards);
            *self = Self { pinyin: std::mem::take(&mut self.pinyin), ..Self::default() };
            self.put_all(cards);
        }
    }

    /// All cards.
    #[must_use]
    pub fn cards(&self) -> &[Card] {
        &self.cards
    }

    /// The cards of a kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Card> {
        self.cards.iter().filter(move |card| card.kind == kind.name())
    }

    /// The card of a record.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Card> {
        self.cards.get(*self.by_id.get(id)? as usize)
    }

    /// The card of the unit that a piece of equipment or an instrument belongs to.
    #[must_use]
    pub fn unit_of(&self, card: &Card) -> Option<&Card> {
        if card.unit_id.is_empty() { None } else { self.get(&card.unit_id) }
    }

    fn write_texts(&mut self, card: &Card) -> Span {
        let mut span = Span { title: self.end(), ..Span::default() };
        self.write(&card.title);
        span.codes = self.end();
        for code in [&card.code, &card.registration_code, &card.cert_no, &card.other_no] {
            self.write(code);
            self.texts.push(GAP);
        }
        span.place = self.end();
        for text in [&card.address, &card.town, &card.contact, &card.inspector] {
            self.write(text);
            self.texts.push(GAP);
        }
        span.end = self.end();
        span
    }

    fn end(&self) -> u32 {
        u32::try_from(self.texts.len()).unwrap_or(u32::MAX)
    }

    fn write(&mut self, text: &str) {
        for character in text.chars().map(fold) {
            if self.symbols.is_empty() {
                self.symbols.push(Symbol { character: '\n', skipped: false, readings: Readings::from([]) });
            }
            let number = match self.numbers.get(&character) {
                Some(number) => *number,
                None => {
                    // More than 65,535 different characters do not occur; what came after would not be found.
                    let Ok(number) = u16::try_from(self.symbols.len()) else { continue };
                    self.symbols.push(Symbol {
                        character,
                        skipped: !character.is_alphanumeric(),
                        readings: self.pinyin.readings(character),
                    });
                    self.numbers.insert(character, number);
                    number
                }
            };
            self.texts.push(number);
        }
    }

    /// Finds cards that every word of the query hits somewhere, the best first; an empty query finds all, the latest first.
    ///
    /// A word hits by the text itself, or by pinyin: whole, begun, initials, or a mixture (`yanshi`, `ys`, `演shi`).
    #[must_use]
    pub fn search(&self, query: &str, wanted: impl Fn(&Card) -> bool, limit: usize) -> Found<'_> {
        let words: Vec<Word> = query.split_whitespace().take(WORDS).map(|word| Word::new(word, &self.symbols)).collect();
        // Whether a unit's name is hit is asked once, and not again for each of its machines.
        let units: Vec<u32> = self.cards.iter().enumerate().map(|(index, _)| self.title_hits(index, &words)).collect();
        if words.is_empty() {
            return self.latest(wanted, limit);
        }
        let mut hits: Vec<(u16, u32, u32)> = Vec::new();
        for (index, (card, span)) in self.cards.iter().zip(&self.spans).enumerate() {
            if !wanted(card) {
                continue;
            }
            let of_unit = span.unit.and_then(|unit| units.get(unit as usize)).copied().unwrap_or_default();
            if let Some(score) = self.score(span, &words, of_unit) {
                hits.push((score, span.codes - span.title, u32::try_from(index).unwrap_or(u32::MAX)));
            }
        }
        let total = hits.len();
        if limit < total {
            hits.select_nth_unstable(limit);
            hits.truncate(limit);
        }
        hits.sort_unstable();
        Found { cards: hits.iter().filter_map(|(_, _, index)| self.cards.get(*index as usize)).collect(), total }
    }

    /// Those that changed last.
    fn latest(&self, wanted: impl Fn(&Card) -> bool, limit: usize) -> Found<'_> {
        let mut cards: Vec<&Card> = self.cards.iter().filter(|card| wanted(card)).collect();
        let total = cards.len();
        let later_first = |a: &&Card, b: &&Card| (b.updated_ms, &a.id).cmp(&(a.updated_ms, &b.id));
        if limit < total {
            cards.select_nth_unstable_by(limit, later_first);
            cards.truncate(limit);
        }
        cards.sort_by(later_first);
        Found { cards, total }
    }

    /// The words that hit the name of a unit, one bit each.
    fn title_hits(&self, index: usize, words: &[Word]) -> u32 {
        let Some((card, span)) = self.cards.get(index).zip(self.spans.get(index)) else { return 0 };
        if card.kind != Kind::Unit.name() {
            return 0;
        }
        let hit = |(number, word): (usize, &Word)| if self.hit(word, span.title, span.codes).is_some() { 1 << number } else { 0 };
        words.iter().enumerate().map(hit).sum()
    }

    /// The sum of the ranks of all words; `None` when one of them hits nothing.
    fn score(&self, span: &Span, words: &[Word], of_unit: u32) -> Option<u16> {
        let mut score = 0;
        for (number, word) in words.iter().enumerate() {
            score += self.rank(span, word, of_unit & (1 << number) != 0)? as u16;
        }
        Some(score)
    }

    fn rank(&self, span: &Span, word: &Word, unit_hit: bool) -> Option<Rank> {
        let code = self.hit(word, span.codes, span.place).filter(|hit| !hit.pinyin);
        if let Some(hit) = &code
            && hit.start
        {
            return Some(if hit.whole {
                Rank::CodeExact
            } else {
                self.rank_title(span, word).filter(|rank| *rank < Rank::CodePrefix).unwrap_or(Rank::CodePrefix)
            });
        }
        if let Some(rank) = self.rank_title(span, word) {
            return Some(rank);
        }
        if code.is_some() {
            return Some(Rank::Code);
        }
        if unit_hit {
            return Some(Rank::Unit);
        }
        self.hit(word, span.place, span.end).map(|hit| if hit.pinyin { Rank::PlacePinyin } else { Rank::Place })
    }

    fn rank_title(&self, span: &Span, word: &Word) -> Option<Rank> {
        let hit = self.hit(word, span.title, span.codes)?;
        Some(match (hit.start, hit.whole, hit.pinyin) {
            (_, true, false) => Rank::TitleExact,
            (true, _, false) => Rank::TitlePrefix,
            (true, _, true) => Rank::TitlePrefixPinyin,
            (false, _, false) => Rank::Title,
            (false, _, true) => Rank::TitlePinyin,
        })
    }

    /// The best hit of a word within a group of texts.
    fn hit(&self, word: &Word, from: u32, to: u32) -> Option<Hit> {
        let texts = self.texts.get(from as usize..to as usize)?;
        let mut best: Option<Hit> = None;
        let mut at_start = true;
        for (at, number) in texts.iter().enumerate() {
            let begins = std::mem::replace(&mut at_start, *number == GAP);
            if !word.begins.get(usize::from(*number)).copied().unwrap_or_default() {
                continue;
            }
            let mut steps = STEPS;
            let Some(rest) = texts.get(at..) else { continue };
            let Some((pinyin, used)) = self.matches(&word.characters, rest, &mut steps) else { continue };
            let ends = rest.get(used).is_none_or(|next| *next == GAP);
            let hit = Hit { start: begins, whole: begins && ends && !pinyin, pinyin };
            if best.is_none_or(|known| hit.is_better(known)) {
                best = Some(hit);
                if hit.start && !hit.pinyin {
                    return best;
                }
            }
        }
        best
    }

    /// Whether the rest of a word matches the text from here: whether pinyin was used, and how much of the text it took.
    fn matches(&self, word: &[char], text: &[u16], steps: &mut u32) -> Option<(bool, usize)> {
        let Some((first, later)) = word.split_first() else { return Some((false, 0)) };
        *steps = steps.checked_sub(1)?;
        let (number, rest) = text.split_first()?;
        let symbol = self.symbols.get(usize::from(*number))?;
        if symbol.character == *first
            && let Some((pinyin, used)) = self.matches(later, rest, steps)
        {
            return Some((pinyin, used + 1));
        }
        if symbol.skipped
            && let Some((pinyin, used)) = self.matches(word, rest, steps)
        {
            return Some((pinyin, used + 1));
        }
        for reading in symbol.readings.iter() {
            let same = common(reading, word);
            if same == word.len() {
                return Some((true, 1));
            }
            let whole = same == reading.len();
            let initials = reading.starts_with("zh") || reading.starts_with("ch") || reading.starts_with("sh");
            // The whole reading, else its initial alone: `chong`, `ch` or `c`.
            for taken in
                [if whole { same } else { 0 }, if initials && same >= 2 { 2 } else { 0 }, usize::from(same >= 1 && reading.len() > 1)]
            {
                let Some(left) = word.get(taken..).filter(|_| taken > 0) else { continue };
                if let Some((_, used)) = self.matches(left, rest, steps) {
                    return Some((true, used + 1));
                }
            }
        }
        None
    }

    /// The cards within so many metres, the nearest first, with their distance. What has no place of its own stands where
    /// its unit is.
    #[must_use]
    pub fn near(&self, here: Position, within_m: f64, wanted: impl Fn(&Card) -> bool, limit: usize) -> Vec<(f64, &Card)> {
        let place = |card: &Card| card.position().or_else(|| self.unit_of(card)?.position());
        let mut found: Vec<(f64, &Card)> = self
            .cards
            .iter()
            .filter(|card| wanted(card))
            .filter_map(|card| Some((place(card)?.distance_m(here), card)))
            .filter(|(distance_m, _)| *distance_m <= within_m)
            .collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
        found.truncate(limit);
        found
    }
}

/// One hit of a word.
#[derive(Clone, Copy, Debug)]
struct Hit {
    /// At the beginning of a text.
    start: bool,
    /// The whole text.
    whole: bool,
    /// By pinyin.
    pinyin: bool,
}

impl Hit {
    fn is_better(self, other: Self) -> bool {
        (!self.start, self.pinyin) < (!other.start, other.pinyin)
    }
}

/// A word of a query.
struct Word {
    characters: Vec<char>,
    /// By the number of a character: whether the word may begin there.
    begins: Vec<bool>,
}

impl Word {
    fn new(word: &str, symbols: &[Symbol]) -> Self {
        let characters: Vec<char> = word.chars().map(fold).take(WORD_CHARS).collect();
        let first = characters.first().copied().unwrap_or_default();
        let begins = symbols
            .iter()
            .map(|symbol| symbol.character == first || symbol.readings.iter().any(|reading| reading.starts_with(first)))
            .collect();
        Self { characters, begins }
    }
}

/// How many characters of a reading and a word are the same from the beginning; people type `v` or `u` for ü.
fn common(reading: &str, word: &[char]) -> usize {
    reading.chars().zip(word).take_while(|(known, typed)| known == *typed || (*known == 'v' && **typed == 'u')).count()
}

/// The form in which characters are compared: narrow, small letters.
fn fold(character: char) -> char {
    half_width(character).to_ascii_lowercase()
}
