//! Whatever step fails: nothing acknowledged is lost, and nothing is kept by half. Number 21 (and 6) of the targets.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::future::Future as _;
use std::pin::pin;
use std::task::{Context, Waker};

use futures::executor::block_on;
use futures::future::join_all;
use spotcheck::port::memory::{Fault, FaultShelf, Faults, FixedRandom, MemoryShelf};
use spotcheck::port::random::Random as _;
use spotcheck::port::shelf::{Op, Shelf as _, ShelfError, Table};
use spotcheck::port::twin::{Damage, Lost, Store, StoreError, Twin};

#[path = "common/contract.rs"]
mod contract;
#[path = "common/sample.rs"]
mod sample;

use sample::{change, photo};

type Batch = Vec<Op>;
type Model = BTreeMap<(Table, String), Vec<u8>>;

/// The tables whose content is promised.
const KEPT: [Table; 4] = [Table::Changes, Table::Blobs, Table::Ledger, Table::Meta];

fn apply(model: &mut Model, batch: &[Op]) {
    for op in batch {
        let place = (op.table(), op.key().to_owned());
        match op {
            Op::Put { value, .. } => model.insert(place, value.clone()),
            Op::Delete { .. } => model.remove(&place),
        };
    }
}

async fn content(twin: &impl Store) -> Model {
    let mut content = Model::new();
    for table in KEPT {
        let keys = twin.keys(table, "").await.expect("keys");
        let values = twin.scan(table, "").await.expect("scan");
        assert_eq!(keys, values.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>());
        for (key, value) in values {
            assert_eq!(twin.get(table, &key).await.expect("get").as_ref(), Some(&value), "{table:?} {key}");
            content.insert((table, key), value);
        }
    }
    content
}

fn promised(model: &Model) -> Model {
    model.iter().filter(|((table, _), _)| KEPT.contains(table)).map(|(place, value)| (place.clone(), value.clone())).collect()
}

/// What the caller does with a batch that was reported as not kept.
#[derive(Clone, Copy, PartialEq, Debug)]
enum After {
    SendsAgain,
    GivesUp,
    Restarts,
}

/// One process after the other on the same two shelves, and what was acknowledged to it.
struct World {
    faults: Faults,
    a: FaultShelf,
    b: FaultShelf,
    model: Model,
    marker: Option<u64>,
}

impl World {
    fn new() -> Self {
        let faults = Faults::default();
        Self { a: FaultShelf::new(&faults), b: FaultShelf::new(&faults), faults, model: Model::new(), marker: None }
    }

    /// Starts the app; a start that fails is tried again after a restart of the machine.
    async fn start(&self) -> Twin<FaultShelf, FaultShelf> {
        for _ in 0..3 {
            match Twin::open(self.a.clone(), self.b.clone(), self.marker).await {
                Ok((twin, report)) if !self.faults.dead() => {
                    // A shelf that can't be read may hold what the marker knows of.
                    assert!(report.lost.is_none() || report.incomplete.is_some(), "{report:?}");
                    return twin;
                }
                _ => self.restart(),
            }
        }
        unreachable!("a start without faults failed")
    }

    fn restart(&self) {
        self.faults.restart();
        self.a.reopen();
        self.b.reopen();
    }

    async fn send(&mut self, twin: &Twin<FaultShelf, FaultShelf>, batch: &[Op]) -> Result<(), StoreError> {
        let receipt = twin.commit(batch.to_vec()).await?;
        assert!(Some(receipt.seq()) > self.marker, "numbers grow");
        self.marker = Some(receipt.seq());
        apply(&mut self.model, batch);
        Ok(())
    }

    async fn play(&mut self, script: &[Batch], after: After) {
        let mut twin = self.start().await;
        for batch in script {
            let Err(error) = self.send(&twin, batch).await else {
                if self.faults.dead() {
                    self.restart();
                    twin = self.start().await;
                }
                continue;
            };
            if self.faults.dead() || after == After::Restarts {
                self.restart();
                twin = self.start().await;
                // Not acknowledged: it may be there, but only as a whole.
                let mut whole = self.model.clone();
                apply(&mut whole, batch);
                let found = content(&twin).await;
                assert!(found == promised(&self.model) || found == promised(&whole), "half a batch after {error}");
                self.send(&twin, batch).await.expect("the same batch again");
                continue;
            }
            self.faults.make_room();
            self.a.reopen();
            self.b.reopen();
            if after == After::SendsAgain {
                self.send(&twin, batch).await.expect("the same batch again");
            }
        }
        self.faults.unplan();
        self.faults.make_room();
        self.a.reopen();
        self.b.reopen();
        // More work after a batch that was given up.
        self.send(&twin, &[change(99, "the end")]).await.expect("later work");
        assert!(content(&twin).await == promised(&self.model), "after all");
        assert_eq!(twin.verify_all(|_| ()).await.expect("scrub").repaired, 0);
    }

    /// Opens copies of the shelves in a new process.
    async fn check_start(&self, a: FaultShelf, b: FaultShelf, what: &str) {
        let (twin, report) = Twin::open(a.clone(), b.clone(), self.marker).await.expect(what);
        assert_eq!((&report.lost, &report.damaged, &report.incomplete, report.fresh), (&None, &vec![], &None, false), "{what}");
        assert!(content(&twin).await == promised(&self.model), "{what}");
        // Repaired for good: the next start finds nothing to do, and both shelves tell the same alone.
        let (_, report) = Twin::open(a.clone(), b.clone(), self.marker).await.expect(what);
        assert_eq!((report.repaired, report.caches_dropped), (0, false), "{what}");
        twin.commit(vec![change(100, "after the repair")]).await.expect(what);
        for table in KEPT {
            assert!(a.bytes().scan(table, "").await == b.bytes().scan(table, "").await, "{what}: {table:?} differs");
        }
    }

    /// Loses the end of the writes of one shelf or the other, or all of them; every `step`-th length.
    async fn check_losses(&self, step: usize) {
        for kept in (0..=self.a.writes()).step_by(step) {
            let process = Faults::default();
            self.check_start(self.a.cut(kept, &process), self.b.cut(usize::MAX, &process), &format!("A keeps {kept}")).await;
        }
        for kept in (0..=self.b.writes()).step_by(step) {
            let process = Faults::default();
            self.check_start(self.a.cut(usize::MAX, &process), self.b.cut(kept, &process), &format!("B keeps {kept}")).await;
        }
    }
}

/// Plays a scenario once for every fault at every operation, and looks at what is left.
fn every_step_may_fail(script: &[Batch]) {
    let mut runs = 0;
    for fault in Fault::ALL {
        for after in [After::SendsAgain, After::GivesUp, After::Restarts] {
            for k in 1.. {
                assert!(k < 1000, "the loop ends");
                let mut world = World::new();
                world.faults.plan(k, fault);
                block_on(world.play(script, after));
                runs += 1;
                if !world.faults.fired() {
                    break;
                }
                world.faults.restart();
                // Batches that were given up leave the most to get wrong; elsewhere every third length will do.
                block_on(world.check_losses(if after == After::GivesUp { 1 } else { 3 }));
            }
        }
    }
    println!("{runs} runs");
}

#[test]
fn typing_may_fail_anywhere() {
    let summary = |text: &str| Op::put(Table::Records, "record", text);
    let script: Vec<Batch> = (1..=3).map(|seq| vec![change(seq, "合格"), summary(&seq.to_string())]).collect();
    every_step_may_fail(&script);
}

#[test]
fn photos_may_fail_anywhere() {
    every_step_may_fail(&[
        vec![change(1, "不合格"), Op::put(Table::Records, "record", "1")],
        vec![photo(1, 300), Op::put(Table::Thumbs, photo(1, 300).key(), "small"), change(2, "photo")],
        vec![photo(2, 400), change(3, "photo"), Op::put(Table::Records, "record", "2")],
    ]);
}

#[test]
fn set_up_and_export_may_fail_anywhere() {
    every_step_may_fail(&[
        vec![Op::put(Table::Meta, "device", "key of the device")],
        vec![change(1, "a"), photo(1, 50)],
        vec![ledger("0001795500000-x-1"), Op::put(Table::Meta, "exported", "1")],
        vec![ledger("0001795500001-x-2"), Op::put(Table::Meta, "exported", "2")],
    ]);
}

#[test]
fn deleting_delivered_photos_may_fail_anywhere() {
    every_step_may_fail(&[
        vec![photo(1, 50), photo(2, 60), change(1, "two photos")],
        vec![ledger("0001795500000-receipt-1"), gone(&photo(1, 50))],
        vec![photo(1, 50), change(3, "the same photo again")],
        vec![Op::delete(Table::Meta, "nothing"), gone(&photo(2, 60))],
    ]);
}

fn ledger(key: &str) -> Op {
    Op::put(Table::Ledger, key, r#"{"bundle":1}"#)
}

fn gone(op: &Op) -> Op {
    Op::delete(op.table(), op.key())
}

/// A store of a few batches without faults.
fn filled() -> (World, Twin<FaultShelf, FaultShelf>) {
    let mut world = World::new();
    let twin = block_on(async {
        let twin = world.start().await;
        let batches = [
            vec![Op::put(Table::Meta, "device", "key of the device"), photo(3, 200)],
            vec![change(1, "合格"), change(2, "1.5"), photo(4, 100)],
            vec![ledger("0001795500000-x-1"), change(3, "c")],
        ];
        for batch in &batches {
            world.send(&twin, batch).await.expect("no faults");
        }
        twin
    });
    (world, twin)
}

#[test]
fn memory_keeps_the_contract_of_shelves() {
    block_on(contract::keeps_the_contract(MemoryShelf::new(), async |shelf| shelf.clone()));
    block_on(contract::keeps_the_contract(FaultShelf::default(), async |shelf| shelf.clone()));
}

#[test]
fn one_shelf_alone_would_lose_what_was_acknowledged() {
    let (world, _) = filled();
    let process = Faults::default();
    let (twin, report) = block_on(Twin::open(world.a.cut(1, &process), FaultShelf::new(&process), world.marker)).expect("opens");
    assert_eq!(report.lost, Some(Lost { announced: 3, found: 1 }), "and the marker tells");
    assert_ne!(block_on(content(&twin)), promised(&world.model));

    let empty = || FaultShelf::new(&Faults::default());
    let (_, report) = block_on(Twin::open(empty(), empty(), world.marker)).expect("opens");
    assert_eq!((report.lost, report.fresh), (Some(Lost { announced: 3, found: 0 }), false), "an empty store is an alarm");
    let (_, report) = block_on(Twin::open(empty(), empty(), None)).expect("opens");
    assert_eq!((report.lost, report.fresh), (None, true), "a first run is none");
}

#[test]
fn every_flipped_byte_is_found_and_mended() {
    let (world, _) = filled();
    let process = Faults::default();
    let places: Vec<((Table, String), Vec<u8>)> = promised(&world.model).into_iter().collect();
    let random = FixedRandom::new(6);
    let number = || {
        let mut bytes = [0; 4];
        random.fill(&mut bytes);
        u32::from_le_bytes(bytes) as usize
    };
    for round in 0..1000 {
        let ((table, key), value) = &places[round % places.len()];
        let (a, b) = (world.a.cut(usize::MAX, &process), world.b.cut(usize::MAX, &process));
        let (place, bit) = (number() % value.len(), number() % 8);
        let hit = if number() % 2 == 0 { &a } else { &b };
        hit.bytes().damage(*table, key, |value| value[place] ^= 1 << bit);
        block_on(async {
            let (twin, report) = Twin::open(a.clone(), b.clone(), world.marker).await.expect("opens");
            assert_eq!(report.lost, None);
            if round % 2 == 0 {
                let scrub = twin.verify_all(|_| ()).await.expect("scrub");
                assert_eq!((scrub.repaired, scrub.damaged, scrub.waiting), (1, vec![], vec![]), "{table:?} {key} byte {place}");
            }
            assert!(content(&twin).await == promised(&world.model), "{table:?} {key} byte {place}");
            twin.verify_all(|_| ()).await.expect("scrub");
            for shelf in [&a, &b] {
                assert_eq!(shelf.get(*table, key).await.expect("read").as_ref(), Some(value), "mended for good");
            }
        });
    }
}

#[test]
fn what_is_damaged_twice_is_named_and_kept() {
    let (world, twin) = filled();
    let Op::Put { table, key, .. } = change(2, "1.5") else { unreachable!() };
    for shelf in [&world.a, &world.b] {
        shelf.bytes().damage(table, &key, |value| value[20] ^= 1);
    }
    block_on(async {
        assert_eq!(twin.get(table, &key).await, Err(StoreError::Damaged { table, key: key.clone() }));
        let scrub = twin.verify_all(|_| ()).await.expect("scrub");
        assert_eq!(scrub.damaged, [Damage { table, key: key.clone() }]);
        assert_eq!(scrub.checked, 7);
        assert_eq!(twin.scan(table, "").await.expect("scan").len(), 3, "the others are there, and the damaged bytes too");
        // The right bytes from elsewhere, such as a bundle, mend it.
        twin.commit(vec![change(2, "1.5")]).await.expect("commit");
        assert!(twin.get(table, &key).await.expect("get").is_some());
    });
}

#[test]
fn what_is_written_once_stays() {
    let (world, twin) = filled();
    block_on(async {
        let again = twin.commit(vec![change(1, "合格"), ledger("0001795500000-x-1")]).await;
        assert!(again.is_ok(), "the same bytes are fine: {again:?}");
        let other = Op::put(Table::Ledger, "0001795500000-x-1", "other");
        let place = |op: &Op| (op.table(), op.key().to_owned());
        let (table, key) = place(&other);
        assert_eq!(twin.commit(vec![change(4, "d"), other]).await, Err(StoreError::Conflict { table, key }));
        let wrong = Op::put(Table::Blobs, photo(1, 10).key(), "not that photo");
        let (table, key) = place(&wrong);
        assert_eq!(twin.commit(vec![change(4, "d"), wrong]).await, Err(StoreError::Damaged { table, key }));
        for own in ["head", "reserve", "sum/meta/device", "gone/blobs/x"] {
            let refused = twin.commit(vec![Op::put(Table::Meta, own, "x")]).await;
            assert_eq!(refused, Err(StoreError::Conflict { table: Table::Meta, key: own.to_owned() }));
            assert_eq!(twin.get(Table::Meta, own).await, Ok(None));
        }
        assert!(content(&twin).await == promised(&world.model), "nothing of these was kept");
    });
}

#[test]
fn batches_never_mix() {
    let world = World::new();
    let twin = block_on(world.start());
    let receipts =
        block_on(join_all((1..=20).map(|seq| twin.commit(vec![change(seq, "x"), Op::put(Table::Meta, "last", seq.to_string())]))));
    let seqs: Vec<u64> = receipts.into_iter().map(|receipt| receipt.expect("kept").seq()).collect();
    assert_eq!(seqs, (1..=20).collect::<Vec<_>>());
    assert_eq!((world.a.writes(), world.b.writes()), (20, 20));
    assert_eq!(block_on(twin.get(Table::Meta, "last")), Ok(Some(b"20".to_vec())));
}

#[test]
fn a_caller_that_goes_away_leaves_nothing_by_half() {
    for polls in 0..20 {
        let (mut world, twin) = filled();
        {
            let mut commit = pin!(twin.commit(vec![change(50, "left"), photo(50, 10), Op::put(Table::Meta, "device", "left")]));
            let mut context = Context::from_waker(Waker::noop());
            for _ in 0..polls {
                if commit.as_mut().poll(&mut context).is_ready() {
                    return assert!(polls > 5);
                }
            }
        }
        block_on(async {
            assert!(twin.get(Table::Blobs, photo(50, 10).key()).await.expect("get").is_none(), "{polls}");
            world.send(&twin, &[change(51, "next")]).await.expect("the next one");
            assert!(content(&twin).await == promised(&world.model), "{polls}");
            world.check_losses(1).await;
        });
    }
    panic!("the batch was never kept");
}

#[test]
fn only_the_owner_writes() {
    let (mut world, owner) = filled();
    block_on(async {
        let (reader, report) = Twin::open_reader(world.a.clone(), world.b.clone(), world.marker).await.expect("opens");
        assert_eq!(report.lost, None);
        assert!(content(&reader).await == promised(&world.model));
        assert_eq!(reader.commit(vec![change(7, "x")]).await, Err(StoreError::NotOwner));

        // The owner dies between the two shelves; the reader takes over and neither loses nor doubles.
        world.faults.plan(3, Fault::CrashAfter);
        owner.set_owner(true);
        let _ = owner.commit(vec![change(8, "half")]).await;
        assert!(world.faults.dead() && world.a.writes() != world.b.writes());
        world.restart();
        let before = (world.a.writes(), world.b.writes());
        let (reader, _) = Twin::open_reader(world.a.clone(), world.b.clone(), world.marker).await.expect("opens");
        assert_eq!((world.a.writes(), world.b.writes()), before, "a reader writes nothing");
        reader.set_owner(true);
        world.send(&reader, &[change(9, "mine")]).await.expect("the new owner");
        apply(&mut world.model, &[change(8, "half")]);
        assert!(content(&reader).await == promised(&world.model));
        world.check_losses(1).await;
    });
}

#[test]
fn a_full_disk_at_the_start_leaves_everything_readable() {
    let (world, _) = filled();
    let process = Faults::default();
    for (a, b) in [(0, usize::MAX), (usize::MAX, 0)] {
        block_on(async {
            let (a, b) = (world.a.cut(a, &process), world.b.cut(b, &process));
            process.plan(1, Fault::Full);
            let (twin, report) = Twin::open(a, b, world.marker).await.expect("opens");
            assert_eq!((report.incomplete, report.lost), (Some(ShelfError::Full), None));
            assert!(content(&twin).await == promised(&world.model), "all is there");
            assert_eq!(twin.commit(vec![change(9, "x")]).await, Err(ShelfError::Full.into()));
            process.make_room();
            twin.commit(vec![change(9, "x")]).await.expect("repairs first, then keeps");
            assert!(twin.verify_all(|_| ()).await.expect("scrub").repaired == 0);
        });
    }
}
