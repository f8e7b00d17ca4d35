//! Journals under any history: merging is a set union, and the state does not depend on the way there.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod corpus;

use corpus::{START_MS, append, key, record_id};
use proptest::prelude::*;
use serde_json::json;
use spotcheck::domain::journal::Journal;
use spotcheck::evidence::chain::{canonical_json, entry_to_json, read_stored, verify_chains};

/// One step on one of three devices: write a value, or take over what another device has.
#[derive(Clone, Debug)]
enum Step {
    Write { device: usize, path: usize, value: u8 },
    Take { device: usize, from: usize },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let write = (0..3_usize, 0..4_usize, 0..4_u8).prop_map(|(device, path, value)| Step::Write { device, path, value });
    let take = (0..3_usize, 0..3_usize).prop_map(|(device, from)| Step::Take { device, from });
    prop::collection::vec(prop_oneof![4 => write, 1 => take], 0..24)
}

const PATHS: [&str; 4] = ["kind", "answers/a/verdict", "answers/b/verdict", "note"];

fn play(steps: &[Step]) -> [Journal; 3] {
    let mut devices = [0; 3].map(|_| Journal::new(record_id(1)));
    for (index, step) in steps.iter().enumerate() {
        match step {
            Step::Write { device, path, value } => {
                // Three devices with clocks a second apart, so that order and wall time disagree.
                let ms = START_MS + 10_000 + index as u64 * 300 - *device as u64 * 1_000;
                let value = if *value == 0 { json!(null) } else { json!(value) };
                append(&mut devices[*device], &key(*device as u8 + 1), ms, PATHS[*path], value);
            }
            Step::Take { device, from } => {
                let other = devices[*from].clone();
                devices[*device].merge(&other).unwrap();
            }
        }
    }
    devices
}

fn merged(journals: &[&Journal]) -> Journal {
    let mut all = Journal::new(record_id(1));
    for journal in journals {
        all.merge(journal).unwrap();
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn merging_is_commutative_associative_and_idempotent(steps in steps()) {
        let [a, b, c] = &play(&steps);
        let all = merged(&[a, b, c]);
        prop_assert_eq!(&merged(&[c, b, a]), &all);
        prop_assert_eq!(&merged(&[&merged(&[a, b]), c]), &merged(&[a, &merged(&[b, c])]));
        prop_assert_eq!(&merged(&[&all, &all, a]), &all);
        prop_assert_eq!(verify_chains(&all), vec![]);
        prop_assert_eq!(all.forks(), vec![]);
    }

    #[test]
    fn a_stored_entry_is_read_as_its_content_says(steps in steps(), place in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let [journal, ..] = &play(&steps);
        for entry in journal.entries() {
            let (json, hash) = (entry_to_json(entry), entry.hash.to_string());
            let mut bytes = canonical_json(&json);
            prop_assert_eq!(read_stored(&bytes, &hash), Some(entry.clone()));
            // Another form of the same content is fine too.
            let pretty = serde_json::to_vec_pretty(&json).unwrap();
            prop_assert_eq!(read_stored(&pretty, &hash), Some(entry.clone()));
            let place = place.index(bytes.len());
            bytes[place] ^= 1 << bit;
            prop_assert_eq!(read_stored(&bytes, &hash), None, "a bit of byte {} was turned", place);
        }
    }

    #[test]
    fn the_state_does_not_depend_on_the_order_of_insertion(
        (steps, order) in steps().prop_flat_map(|steps| {
            let order = Just((0..steps.len()).collect::<Vec<_>>()).prop_shuffle();
            (Just(steps), order)
        })
    ) {
        let [a, b, c] = &play(&steps);
        let all = merged(&[a, b, c]);
        let entries: Vec<_> = all.entries().cloned().collect();
        let mut shuffled = Journal::new(record_id(1));
        for index in order.iter().filter(|index| **index < entries.len()) {
            shuffled.insert(entries[*index].clone()).unwrap();
        }
        for entry in &entries {
            shuffled.insert(entry.clone()).unwrap();
        }
        prop_assert_eq!(shuffled.fold(), all.fold());
        prop_assert_eq!(shuffled, all);
    }

    #[test]
    fn the_latest_change_of_a_path_stands(steps in steps()) {
        let [a, b, c] = &play(&steps);
        let all = merged(&[a, b, c]);
        let state = all.fold();
        for path in PATHS {
            let latest = all.timeline().into_iter().rfind(|entry| entry.change.path.as_str() == path);
            let standing = latest.filter(|entry| !entry.change.value.is_null()).map(|entry| entry.hash);
            prop_assert_eq!(state.cell(path).map(|cell| cell.hash), standing);
        }
    }

    #[test]
    fn what_a_device_saw_before_it_wrote_is_no_conflict(steps in steps()) {
        // One device alone can't contradict itself.
        let alone: Vec<Step> = steps.into_iter().map(|step| match step {
            Step::Write { path, value, .. } => Step::Write { device: 0, path, value },
            Step::Take { .. } => Step::Take { device: 0, from: 0 },
        }).collect();
        let [journal, _, _] = play(&alone);
        prop_assert!(journal.fold().conflicts().is_empty());
    }
}
