//! What lies in the vault is sealed, survives what a browser does to databases, and is gone when it was wiped.
#![cfg(not(target_arch = "wasm32"))]

use futures::executor::block_on;
use spotcheck::app::vault::{Vault, VaultError};
use spotcheck::domain::change::ClockReading;
use spotcheck::port::memory::{Fault, FaultShelf, Faults, FixedClock, MemoryKeys};
use spotcheck::port::shelf::{Shelf as _, Table};
use spotcheck::port::twin::Twin;

const NAME: &str = "张示例";

/// A device: what lies on its disk, and its keys.
struct Device {
    a: FaultShelf,
    b: FaultShelf,
    keys: MemoryKeys,
    faults: Faults,
}

type TestVault = Vault<Twin<FaultShelf, FaultShelf>, MemoryKeys, FixedClock>;

impl Device {
    fn new() -> Self {
        let faults = Faults::default();
        Self { a: FaultShelf::new(&faults), b: FaultShelf::new(&faults), keys: MemoryKeys::default(), faults }
    }

    async fn start(&self) -> TestVault {
        let (twin, _) = Twin::open(self.a.clone(), self.b.clone(), None).await.expect("opens");
        let clock = FixedClock::new(ClockReading { wall_ms: 1_000, ..ClockReading::default() });
        Vault::open(twin, self.keys.clone(), clock, true).await.expect("opens")
    }

    /// Everything that lies on both disks.
    async fn disk(&self) -> Vec<u8> {
        let mut all = Vec::new();
        for shelf in [&self.a, &self.b] {
            for table in Table::ALL {
                for (key, value) in shelf.scan(table, "").await.expect("reads") {
                    all.extend_from_slice(key.as_bytes());
                    all.extend_from_slice(&value);
                }
            }
        }
        all
    }

    /// How many values and notes of boxes lie on the disks.
    async fn left(&self) -> usize {
        let mut left = 0;
        for shelf in [&self.a, &self.b] {
            for prefix in ["at/", "box/", "wiped/", "sum/meta/at/", "sum/meta/box/", "sum/meta/wiped/"] {
                left += shelf.keys(Table::Meta, prefix).await.expect("reads").len();
            }
        }
        left
    }
}

fn holds(disk: &[u8], text: &str) -> bool {
    disk.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn keeps_what_was_put_in_and_shows_nothing_of_it() {
    block_on(async {
        let device = Device::new();
        let vault = device.start().await;
        vault.create("d1").await.expect("begins");
        vault.put_all("d1", &[("answers", NAME.as_bytes()), ("photo-1", &[7; 300])]).await.expect("keeps");
        vault.put("d1", "answers", "张示例，电话 0000".as_bytes()).await.expect("keeps");

        let again = device.start().await;
        assert_eq!(again.get("d1", "answers").await, Ok(Some("张示例，电话 0000".as_bytes().to_vec())));
        assert_eq!(again.get("d1", "photo-1").await, Ok(Some(vec![7; 300])));
        assert_eq!(again.get("d1", "photo-2").await, Ok(None));
        assert_eq!(again.names("d1").await, Ok(vec!["answers".to_owned(), "photo-1".to_owned()]));
        let held = again.list().await.expect("lists");
        assert_eq!(held.iter().map(|held| (held.id.as_str(), held.readable)).collect::<Vec<_>>(), [("d1", true)]);
        assert!(!holds(&device.disk().await, NAME) && !holds(&device.disk().await, "0000"));
    });
}

#[test]
fn a_value_opens_in_its_place_alone() {
    block_on(async {
        let device = Device::new();
        let vault = device.start().await;
        for id in ["d1", "d2"] {
            vault.create(id).await.expect("begins");
            vault.put(id, "answers", id.as_bytes()).await.expect("keeps");
        }
        vault.put("d1", "other", b"x").await.expect("keeps");
        let sealed = device.a.get(Table::Meta, "box/d1/other").await.expect("reads").expect("is there");
        for place in ["box/d1/answers", "sum/meta/box/d1/answers"] {
            let sum = device.a.get(Table::Meta, "sum/meta/box/d1/other").await.expect("reads").expect("is there");
            for shelf in [&device.a, &device.b] {
                let new = if place.starts_with("sum/") { &sum } else { &sealed };
                shelf.bytes().damage(Table::Meta, place, |value| value.clone_from(new));
            }
        }
        assert_eq!(vault.get("d1", "answers").await, Err(VaultError::Damaged));
        assert_eq!(vault.get("d2", "answers").await, Ok(Some(b"d2".to_vec())));
    });
}

#[test]
fn refuses_names_that_could_tell_something() {
    block_on(async {
        let vault = Device::new().start().await;
        for name in ["", NAME, "a/b", "A", "a b", &"a".repeat(65)] {
            assert_eq!(vault.create(name).await, Err(VaultError::Name), "{name}");
        }
        vault.create("d1").await.expect("begins");
        assert_eq!(vault.put("d1", NAME, b"").await, Err(VaultError::Name));
        assert_eq!(vault.put("d2", "answers", b"").await, Err(VaultError::NoBox));
    });
}

/// Either database, and either copy of the keys, can be lost as a whole.
#[test]
fn survives_the_loss_of_either_copy() {
    for copy in 0..2 {
        block_on(async {
            let device = Device::new();
            let vault = device.start().await;
            vault.create("d1").await.expect("begins");
            vault.put("d1", "answers", NAME.as_bytes()).await.expect("keeps");
            if copy == 0 {
                device.a.bytes().erase()
            } else {
                device.b.bytes().erase()
            }
            device.keys.lose(copy);
            drop(device.start().await);
            assert_eq!(device.keys.counts(), [1, 1]);
            device.keys.lose(1 - copy);
            if copy == 0 {
                device.b.bytes().erase()
            } else {
                device.a.bytes().erase()
            }
            let vault = device.start().await;
            assert_eq!(vault.get("d1", "answers").await, Ok(Some(NAME.as_bytes().to_vec())));
        });
    }
}

#[test]
fn says_when_the_key_is_lost() {
    block_on(async {
        let device = Device::new();
        let vault = device.start().await;
        vault.create("d1").await.expect("begins");
        vault.put("d1", "answers", b"x").await.expect("keeps");
        device.keys.lose(0);
        device.keys.lose(1);
        let vault = device.start().await;
        assert_eq!(vault.get("d1", "answers").await, Err(VaultError::KeyLost));
        assert!(!vault.list().await.expect("lists")[0].readable);
        vault.wipe("d1").await.expect("wipes");
        assert_eq!(device.left().await, 0);
    });
}

/// Whatever operation a wipe is interrupted at, and whichever database is lost then, it is finished at the next start and the
/// box does not come back.
#[test]
fn a_wipe_that_began_is_finished() {
    let mut interrupted = 0;
    for fault in [Fault::CrashBefore, Fault::CrashAfter, Fault::Fail, Fault::FailAfter] {
        for k in 1..200 {
            let fired = block_on(async {
                let device = Device::new();
                let vault = device.start().await;
                vault.create("d1").await.expect("begins");
                vault.create("d2").await.expect("begins");
                vault.put_all("d1", &[("answers", NAME.as_bytes()), ("photo", &[7; 100])]).await.expect("keeps");
                vault.put("d2", "answers", b"stays").await.expect("keeps");
                device.faults.plan(k, fault);
                let wiped = vault.wipe("d1").await;
                let fired = device.faults.fired();
                assert_eq!(vault.get("d1", "answers").await, Err(VaultError::NoBox), "{fault:?} at {k}");
                let keys = device.keys.counts();
                device.faults.restart();
                drop(vault);
                let vault = device.start().await;
                if wiped.is_ok() {
                    assert_eq!(keys, [1, 1], "{fault:?} at {k}");
                }
                // Not even begun, on either shelf: then it was refused, and its key is gone all the same.
                if vault.list().await.expect("lists").iter().any(|held| held.id == "d1") {
                    assert!(wiped.is_err(), "{fault:?} at {k}");
                    assert_eq!(vault.get("d1", "answers").await, Err(VaultError::KeyLost), "{fault:?} at {k}");
                    vault.wipe("d1").await.expect("wipes");
                }
                assert_eq!(device.keys.counts(), [1, 1]);
                assert_eq!(vault.get("d2", "answers").await, Ok(Some(b"stays".to_vec())));
                vault.wipe_all().await.expect("wipes");
                assert_eq!(device.left().await, 0, "{fault:?} at {k}");
                assert_eq!(device.keys.counts(), [0, 0]);
                fired
            });
            if !fired {
                break;
            }
            interrupted += 1;
        }
    }
    assert!(interrupted > 40, "only {interrupted} operations were interrupted");
}

/// A key of which one copy could not be destroyed is never mended from it.
#[test]
fn a_copy_that_is_left_over_goes_at_the_next_start() {
    block_on(async {
        let device = Device::new();
        let vault = device.start().await;
        vault.create("d1").await.expect("begins");
        vault.put("d1", "answers", NAME.as_bytes()).await.expect("keeps");
        device.keys.fail_after(Some(1));
        assert!(vault.wipe("d1").await.is_err());
        assert_eq!(device.keys.counts(), [0, 1]);
        assert_eq!(vault.put("d1", "answers", b"x").await, Err(VaultError::NoBox));
        device.keys.fail_after(None);
        let vault = device.start().await;
        assert_eq!(device.keys.counts(), [0, 0]);
        assert_eq!(vault.list().await, Ok(vec![]));
        assert_eq!(device.left().await, 0);
    });
}

/// A second page only reads.
#[test]
fn another_page_neither_writes_nor_mends() {
    block_on(async {
        let device = Device::new();
        let vault = device.start().await;
        vault.create("d1").await.expect("begins");
        vault.put("d1", "answers", b"x").await.expect("keeps");
        device.keys.lose(0);
        let (twin, _) = Twin::open_reader(device.a.clone(), device.b.clone(), None).await.expect("opens");
        let reader = Vault::open(twin, device.keys.clone(), FixedClock::default(), false).await.expect("opens");
        assert_eq!(device.keys.counts(), [0, 1]);
        assert_eq!(reader.get("d1", "answers").await, Ok(Some(b"x".to_vec())));
        assert!(reader.put("d1", "answers", b"y").await.is_err());
    });
}
