//! Searching key by key: what goes on from the last query finds the same as a query that nothing came before.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use proptest::prelude::*;
use serde_json::json;
use spotcheck::ledger::row::Row;
use spotcheck::ledger::{Card, Kind, Ledger};

/// Characters of few readings and many likenesses, so that texts hit often and in several ways.
const LETTERS: [char; 14] = ['示', '例', '山', '市', '重', '庆', '长', '梯', 'S', 't', '1', '3', '(', ' '];
/// What people type to find them.
const KEYS: [char; 16] = ['s', 'h', 'i', 'l', 'c', 'z', 'o', 'n', 'g', 't', '1', '3', '示', '长', '(', ' '];

fn text(most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(&LETTERS[..]), 0..=most).prop_map(|letters| letters.into_iter().collect())
}

/// A card of the ledger: which of a few records, and its texts.
fn card() -> impl Strategy<Value = Card> {
    (0_usize..12, text(5), text(5), text(4), text(3), 0_usize..4).prop_map(|(number, name, code, cert_no, place, unit)| {
        let (kind, id) = if number < 4 { (Kind::Unit, format!("u{number}")) } else { (Kind::Equipment, format!("m{number}")) };
        let mut fields = vec![("name", name), ("code", code), ("cert_no", cert_no), ("place", place.clone()), ("address", place)];
        if kind == Kind::Equipment {
            fields.push(("unit_id", format!("u{unit}")));
        }
        let fields = fields.into_iter().map(|(path, text)| (path.to_owned(), json!(text)));
        Card::of_row(kind, &id, &Row::from_fields(fields.collect()))
    })
}

#[derive(Clone, Debug)]
enum Act {
    Key(char),
    Back,
    Clear,
    /// Another list is looked at: units alone, or all.
    Units(bool),
    Put(Box<Card>),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        12 => proptest::sample::select(&KEYS[..]).prop_map(Act::Key),
        2 => Just(Act::Back),
        1 => Just(Act::Clear),
        1 => any::<bool>().prop_map(Act::Units),
        1 => card().prop_map(|card| Act::Put(Box::new(card))),
    ]
}

fn found(ledger: &Ledger, query: &str, units: bool, limit: usize) -> (usize, Vec<Card>) {
    let found = ledger.search(query, |card| !units || card.kind() == Some(Kind::Unit), limit);
    (found.total, found.cards.into_iter().cloned().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn typing_on_finds_the_same_as_asking_anew(
        cards in proptest::collection::vec(card(), 0..14),
        acts in proptest::collection::vec(act(), 1..24),
        limit in 1_usize..9,
    ) {
        let (mut ledger, mut other) = (Ledger::new(cards.clone()), Ledger::new(cards));
        let (mut query, mut units) = (String::new(), false);
        for act in acts {
            match act {
                Act::Key(key) => query.push(key),
                Act::Back => { query.pop(); }
                Act::Clear => query.clear(),
                Act::Units(only) => units = only,
                Act::Put(card) => {
                    ledger.put((*card).clone());
                    other.put(*card);
                }
            }
            // Asked for something else in between, the other one has nothing to go on from.
            prop_assert_eq!(other.search("无", |_| true, 1).total, 0);
            prop_assert_eq!(found(&ledger, &query, units, limit), found(&other, &query, units, limit), "{}", query);
        }
    }
}

#[test]
fn a_letter_of_a_code_is_found_although_the_code_begins_with_its_pinyin() {
    let row = Row::from_fields([("name", "客"), ("cert_no", "梯11冀T5")].map(|(path, text)| (path.to_owned(), json!(text))).into());
    let ledger = Ledger::new(vec![Card::of_row(Kind::Equipment, "m", &row)]);
    for query in ["t", "t5", "梯", "1冀t"] {
        assert_eq!(ledger.search(query, |_| true, 9).total, 1, "{query}");
    }
    assert_eq!(ledger.search("ti", |_| true, 9).total, 0, "codes are not found by pinyin");
}
