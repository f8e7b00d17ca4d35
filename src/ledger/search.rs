//! All cards in memory, and finding them: by name, pinyin, initials, codes, address and contact, or by what is near.
//!
//! Built for a keystroke over tens of thousands of cards: texts are kept as numbers of characters in one piece of memory,
//! each once however many cards have it, and a query asks each of them once. A query that goes on from the last one looks
//! only at what that one hit.

use std::cell::RefCell;
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
/// The mark behind each code.
const GAP: u16 = 0;
/// The place of the empty text among all.
const EMPTY: u32 = 0;

/// A character that occurs in a ledger.
struct Symbol {
    character: char,
    /// People leave it out when they type: a bracket, a blank.
    skipped: bool,
    readings: Readings,
}

/// A piece of the memory of all texts.
#[derive(Clone, Copy, Default)]
struct Span {
    from: u32,
    to: u32,
}

/// What search knows of a card.
#[derive(Clone, Copy, Default)]
struct Entry {
    /// Which text is its title.
    title: u32,
    /// Its codes, one after another; hardly two cards share any.
    codes: Span,
    /// Which texts are its address, town, contact and inspector.
    place: [u32; 4],
    /// The card of its unit.
    unit: Option<u32>,
    is_unit: bool,
}

/// What the last query hit. Whatever a longer word hits, its beginning hits too, and every further word only takes away.
#[derive(Default)]
struct Last {
    words: Vec<Vec<char>>,
    hits: Vec<u32>,
}

impl Last {
    /// Whether a query with these words can hit nothing but what this one hit.
    fn leads_to(&self, words: &[Word]) -> bool {
        !self.words.is_empty()
            && self.words.len() <= words.len()
            && self.words.iter().zip(words).all(|(before, now)| now.characters.starts_with(before))
    }
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
    entries: Vec<Entry>,
    by_id: HashMap<String, u32>,
    memory: Vec<u16>,
    /// Titles and what stands for the place, each once.
    texts: Vec<Span>,
    text_numbers: HashMap<Box<str>, u32>,
    symbols: Vec<Symbol>,
    numbers: HashMap<char, u16>,
    /// How much of the memory is left from cards that were replaced.
    waste: usize,
    pinyin: Pinyin,
    last: RefCell<Last>,
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
        self.last.take();
        for card in cards {
            let entry = self.write_texts(&card);
            new_units |= entry.is_unit && !self.by_id.contains_key(&card.id);
            let at = match self.by_id.get(&card.id) {
                Some(&at) => at,
                None => u32::try_from(self.cards.len()).unwrap_or(u32::MAX),
            };
            match self.cards.get_mut(at as usize).zip(self.entries.get_mut(at as usize)) {
                Some((old, old_entry)) => {
                    let left = std::mem::replace(old_entry, entry);
                    *old = card;
                    self.waste += self.left_from(&left, &entry);
                }
                None => {
                    self.by_id.insert(card.id.clone(), at);
                    self.cards.push(card);
                    self.entries.push(entry);
                }
            }
            last = Some(at as usize);
        }
        let only = last.filter(|_| single && !new_units);
        for index in only.map_or(0..self.cards.len(), |index| index..index + 1) {
            if let (Some(card), Some(entry)) = (self.cards.get(index), self.entries.get_mut(index)) {
                entry.unit = if card.unit_id.is_empty() { None } else { self.by_id.get(&card.unit_id).copied() };
            }
        }
        if self.waste > self.memory.len() / 2 {
            let cards = std::mem::take(&mut self.cards);
            *self = Self { pinyin: std::mem::take(&mut self.pinyin), ..Self::default() };
            self.put_all(cards);
        }
    }

    /// How much of the memory a replaced card no longer needs; texts that others have too are counted all the same.
    fn left_from(&self, old: &Entry, new: &Entry) -> usize {
        let texts = |entry: &Entry| [[entry.title].as_slice(), &entry.place].concat();
        let changed = texts(old).into_iter().zip(texts(new)).filter(|(old, new)| old != new);
        let codes = (old.codes.to - old.codes.from) as usize;
        codes + changed.map(|(old, _)| self.text(old).len()).sum::<usize>()
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

    fn write_texts(&mut self, card: &Card) -> Entry {
        let title = self.keep(&card.title);
        let place = [&card.address, &card.town, &card.contact, &card.inspector].map(|text| self.keep(text));
        let from = self.end();
        for code in [&card.code, &card.registration_code, &card.cert_no, &card.other_no] {
            self.write(code);
            self.memory.push(GAP);
        }
        Entry { title, codes: Span { from, to: self.end() }, place, unit: None, is_unit: card.kind == Kind::Unit.name() }
    }

    /// The number of a text, which is written when it is new.
    fn keep(&mut self, text: &str) -> u32 {
        if self.texts.is_empty() {
            self.texts.push(Span::default());
            self.text_numbers.insert(Box::default(), EMPTY);
        }
        if let Some(known) = self.text_numbers.get(text) {
            return *known;
        }
        let from = self.end();
        self.write(text);
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(Span { from, to: self.end() });
        self.text_numbers.insert(text.into(), number);
        number
    }

    fn piece(&self, span: Span) -> &[u16] {
        self.memory.get(span.from as usize..span.to as usize).unwrap_or_default()
    }

    fn text(&self, number: u32) -> &[u16] {
        self.texts.get(number as usize).map(|span| self.piece(*span)).unwrap_or_default()
    }

    fn word(&self, word: &str) -> Word {
        let characters: Vec<char> = word.chars().map(fold).take(WORD_CHARS).collect();
        let first = characters.first().copied().unwrap_or_default();
        let begins = |symbol: &Symbol| symbol.character == first || symbol.readings.iter().any(|reading| reading.starts_with(first));
        Word { begins: self.symbols.iter().map(begins).collect(), literal: self.numbers.get(&first).copied(), characters }
    }

    fn end(&self) -> u32 {
        u32::try_from(self.memory.len()).unwrap_or(u32::MAX)
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
            self.memory.push(number);
        }
    }

    /// Finds cards that every word of the query hits somewhere, the best first; an empty query finds all, the latest first.
    ///
    /// A word hits by the text itself, or by pinyin: whole, begun, initials, or a mixture (`yanshi`, `ys`, `演shi`).
    #[must_use]
    pub fn search(&self, query: &str, wanted: impl Fn(&Card) -> bool, limit: usize) -> Found<'_> {
        let words: Vec<Word> = query.split_whitespace().take(WORDS).map(|word| self.word(word)).collect();
        if words.is_empty() {
            return self.latest(wanted, limit);
        }
        let mut asked = Asked { ledger: self, seen: words.iter().map(|_| vec![None; self.texts.len()]).collect(), words: &words };
        let last = self.last.take();
        let mut hits: Vec<(u16, u32, u32)> = Vec::new();
        let mut all = Vec::new();
        let mut look = |index: u32| {
            let Some(entry) = self.entries.get(index as usize) else { return };
            let Some(score) = asked.score(entry) else { return };
            all.push(index);
            if self.cards.get(index as usize).is_some_and(&wanted) {
                hits.push((score, u32::try_from(self.text(entry.title).len()).unwrap_or(u32::MAX), index));
            }
        };
        if last.leads_to(&words) {
            last.hits.iter().copied().for_each(&mut look);
        } else {
            (0..u32::try_from(self.entries.len()).unwrap_or(u32::MAX)).for_each(&mut look);
        }
        self.last.replace(Last { words: words.into_iter().map(|word| word.characters).collect(), hits: all });
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

    /// The best hit of a word within a text.
    fn hit(&self, word: &Word, text: &[u16]) -> Option<Hit> {
        let mut best: Option<Hit> = None;
        for (at, number) in text.iter().enumerate() {
            if !word.begins.get(usize::from(*number)).copied().unwrap_or_default() {
                continue;
            }
            let Some(hit) = self.hit_at(word, text, at) else { continue };
            if best.is_none_or(|known| hit.is_better(known)) {
                best = Some(hit);
                if hit.start && !hit.pinyin {
                    return best;
                }
            }
        }
        best
    }

    /// The best hit of a word within codes, which are typed as they stand: pinyin is no hit.
    fn hit_code(&self, word: &Word, codes: &[u16]) -> Option<Hit> {
        let first = word.literal?;
        let mut best = None;
        for (at, _) in codes.iter().enumerate().filter(|(_, number)| **number == first) {
            let Some(hit) = self.hit_at(word, codes, at).filter(|hit| !hit.pinyin) else { continue };
            if hit.start {
                return Some(hit);
            }
            best = best.or(Some(hit));
        }
        best
    }

    fn hit_at(&self, word: &Word, texts: &[u16], at: usize) -> Option<Hit> {
        let (before, rest) = texts.split_at_checked(at)?;
        let mut steps = STEPS;
        let (pinyin, used) = self.matches(&word.characters, rest, &mut steps)?;
        let start = before.last().is_none_or(|last| *last == GAP);
        let ends = rest.get(used).is_none_or(|next| *next == GAP);
        Some(Hit { start, whole: start && ends && !pinyin, pinyin })
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

    fn in_title(self) -> Rank {
        match (self.start, self.whole, self.pinyin) {
            (_, true, false) => Rank::TitleExact,
            (true, _, false) => Rank::TitlePrefix,
            (true, _, true) => Rank::TitlePrefixPinyin,
            (false, _, false) => Rank::Title,
            (false, _, true) => Rank::TitlePinyin,
        }
    }
}

/// A word of a query.
struct Word {
    characters: Vec<char>,
    /// By the number of a character: whether the word may begin there.
    begins: Vec<bool>,
    /// The number of its first character, when that occurs at all.
    literal: Option<u16>,
}

/// A query at work.
struct Asked<'a> {
    ledger: &'a Ledger,
    words: &'a [Word],
    /// By word and number of a text: how the word hits it, once that was looked at.
    seen: Vec<Vec<Option<Option<Hit>>>>,
}

impl Asked<'_> {
    /// The sum of the ranks of all words; `None` when one of them hits nothing.
    fn score(&mut self, entry: &Entry) -> Option<u16> {
        let mut score = 0;
        for number in 0..self.words.len() {
            score += self.rank(entry, number)? as u16;
        }
        Some(score)
    }

    fn rank(&mut self, entry: &Entry, number: usize) -> Option<Rank> {
        let word = self.words.get(number)?;
        let code = self.ledger.hit_code(word, self.ledger.piece(entry.codes));
        let title = |asked: &mut Self| asked.hit(number, entry.title).map(Hit::in_title);
        if let Some(hit) = &code
            && hit.start
        {
            return Some(if hit.whole {
                Rank::CodeExact
            } else {
                title(self).filter(|rank| *rank < Rank::CodePrefix).unwrap_or(Rank::CodePrefix)
            });
        }
        if let Some(rank) = title(self) {
            return Some(rank);
        }
        if code.is_some() {
            return Some(Rank::Code);
        }
        let unit = entry.unit.and_then(|unit| self.ledger.entries.get(unit as usize)).filter(|unit| unit.is_unit);
        if unit.is_some_and(|unit| self.hit(number, unit.title).is_some()) {
            return Some(Rank::Unit);
        }
        let place = entry.place.iter().filter_map(|text| self.hit(number, *text));
        let best = place.reduce(|known, hit| if hit.is_better(known) { hit } else { known });
        best.map(|hit| if hit.pinyin { Rank::PlacePinyin } else { Rank::Place })
    }

    /// The best hit of a word in a text; each text is looked at once for a query.
    fn hit(&mut self, number: usize, text: u32) -> Option<Hit> {
        let (word, seen) = self.words.get(number).zip(self.seen.get_mut(number)?.get_mut(text as usize))?;
        *seen.get_or_insert_with(|| self.ledger.hit(word, self.ledger.text(text)))
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
