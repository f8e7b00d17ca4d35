//! Memory versions of the ports, for tests and for the demo.

mod keys;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

pub use self::keys::MemoryKeys;
use super::clock::Clock;
use super::random::Random;
use super::shelf::{Op, Shelf, ShelfError, Table};
use crate::domain::change::ClockReading;

type Tables = BTreeMap<(Table, String), Vec<u8>>;

/// A shelf in memory. Clones are handles of one shelf, so a test can start the app again on the same bytes.
#[derive(Clone, Default)]
pub struct MemoryShelf {
    tables: Rc<RefCell<Tables>>,
}

impl MemoryShelf {
    /// An empty shelf.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Another shelf with the same content.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self { tables: Rc::new(RefCell::new(self.tables.borrow().clone())) }
    }

    /// Forgets everything, as a browser does that finds its database damaged.
    pub fn erase(&self) {
        self.tables.borrow_mut().clear();
    }

    /// Changes a stored value behind the store's back. Nothing happens when it is not there.
    pub fn damage(&self, table: Table, key: &str, change: impl FnOnce(&mut Vec<u8>)) {
        if let Some(value) = self.tables.borrow_mut().get_mut(&(table, key.to_owned())) {
            change(value);
        }
    }

    fn apply(&self, batch: &[Op]) {
        let mut tables = self.tables.borrow_mut();
        for op in batch {
            match op {
                Op::Put { table, key, value } => tables.insert((*table, key.clone()), value.clone()),
                Op::Delete { table, key } => tables.remove(&(*table, key.clone())),
            };
        }
    }

    fn pick<T>(&self, table: Table, prefix: &str, mut one: impl FnMut(&str, &[u8]) -> T) -> Vec<T> {
        let tables = self.tables.borrow();
        tables
            .range((table, prefix.to_owned())..)
            .take_while(|((found, key), _)| *found == table && key.starts_with(prefix))
            .map(|((_, key), value)| one(key, value))
            .collect()
    }
}

impl Shelf for MemoryShelf {
    async fn write(&self, batch: &[Op]) -> Result<(), ShelfError> {
        self.apply(batch);
        Ok(())
    }

    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, ShelfError> {
        Ok(self.tables.borrow().get(&(table, key.to_owned())).cloned())
    }

    async fn keys(&self, table: Table, prefix: &str) -> Result<Vec<String>, ShelfError> {
        Ok(self.pick(table, prefix, |key, _| key.to_owned()))
    }

    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, ShelfError> {
        Ok(self.pick(table, prefix, |key, value| (key.to_owned(), value.to_vec())))
    }

    async fn count(&self, table: Table) -> Result<u64, ShelfError> {
        Ok(self.pick(table, "", |_, _| ()).len() as u64)
    }
}

/// What goes wrong at the chosen operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// It fails, this once.
    Fail,
    /// It is done but reported as failed, this once.
    FailAfter,
    /// The process dies before it.
    CrashBefore,
    /// The process dies after it, before anyone is told.
    CrashAfter,
    /// This shelf alone is closed before it, until the restart.
    CloseBefore,
    /// This shelf alone is closed after it, until the restart.
    CloseAfter,
    /// It is reported as done but isn't, this once: a disk that forgets.
    Lie,
    /// The disk is full from it on: every batch with a value in it fails, until there is room again.
    Full,
}

impl Fault {
    /// All faults.
    pub const ALL: [Self; 8] =
        [Self::Fail, Self::FailAfter, Self::CrashBefore, Self::CrashAfter, Self::CloseBefore, Self::CloseAfter, Self::Lie, Self::Full];

    /// Whether it takes the process down.
    #[must_use]
    pub fn is_crash(self) -> bool {
        matches!(self, Self::CrashBefore | Self::CrashAfter)
    }
}

/// Counts the operations of all shelves of one process and lets the k-th of them fail.
#[derive(Clone, Default)]
pub struct Faults {
    state: Rc<RefCell<FaultState>>,
}

#[derive(Default)]
struct FaultState {
    operations: u64,
    plan: Option<(u64, Fault)>,
    fired: bool,
    dead: bool,
    full: bool,
}

impl Faults {
    /// Lets operation `k`, counted from 1 from now on, go wrong.
    pub fn plan(&self, k: u64, fault: Fault) {
        *self.state.borrow_mut() = FaultState { plan: Some((k, fault)), ..FaultState::default() };
    }

    /// Whether the planned fault has happened, restarts since then included.
    #[must_use]
    pub fn fired(&self) -> bool {
        self.state.borrow().fired
    }

    /// Whether the process is dead.
    #[must_use]
    pub fn dead(&self) -> bool {
        self.state.borrow().dead
    }

    /// Starts the process again, with room on the disk and no fault planned.
    pub fn restart(&self) {
        let fired = self.fired();
        *self.state.borrow_mut() = FaultState { fired, ..FaultState::default() };
    }

    /// Lets nothing go wrong any more.
    pub fn unplan(&self) {
        self.state.borrow_mut().plan = None;
    }

    /// Makes room on the disk.
    pub fn make_room(&self) {
        self.state.borrow_mut().full = false;
    }
}

/// What happens to one operation.
enum Fate {
    Done,
    Forgotten,
    Refused(ShelfError),
    DoneAndRefused(ShelfError),
}

/// A shelf in memory that fails on purpose and remembers the order of its writes, so that the last of them can be lost.
#[derive(Clone, Default)]
pub struct FaultShelf {
    shelf: MemoryShelf,
    faults: Faults,
    closed: Rc<Cell<bool>>,
    log: Rc<RefCell<Vec<Vec<Op>>>>,
}

impl FaultShelf {
    /// An empty shelf of the process that `faults` belongs to.
    #[must_use]
    pub fn new(faults: &Faults) -> Self {
        Self { faults: faults.clone(), ..Self::default() }
    }

    /// The same shelf in another process, holding only its first `writes` writes: the LevelDB case of a torn log.
    #[must_use]
    pub fn cut(&self, writes: usize, faults: &Faults) -> Self {
        let copy = Self::new(faults);
        let kept: Vec<Vec<Op>> = self.log.borrow().iter().take(writes).cloned().collect();
        kept.iter().for_each(|batch| copy.shelf.apply(batch));
        *copy.log.borrow_mut() = kept;
        copy
    }

    /// How many writes it holds.
    #[must_use]
    pub fn writes(&self) -> usize {
        self.log.borrow().len()
    }

    /// The bytes below the faults.
    #[must_use]
    pub fn bytes(&self) -> &MemoryShelf {
        &self.shelf
    }

    /// Opens the shelf again after a fault that closed it.
    pub fn reopen(&self) {
        self.closed.set(false);
    }

    fn fate(&self, writes: bool, writes_values: bool) -> Fate {
        let mut state = self.faults.state.borrow_mut();
        if state.dead || self.closed.get() {
            return Fate::Refused(ShelfError::Closed);
        }
        state.operations += 1;
        let failed = || ShelfError::Failed { name: "UnknownError".to_owned() };
        let fault = state.plan.and_then(|(k, fault)| (k == state.operations).then_some(fault));
        state.fired |= fault.is_some();
        match fault {
            Some(Fault::Lie) if writes => return Fate::Forgotten,
            Some(Fault::Fail) => return Fate::Refused(failed()),
            Some(Fault::FailAfter) => return Fate::DoneAndRefused(failed()),
            Some(Fault::CrashBefore | Fault::CrashAfter) => state.dead = true,
            Some(Fault::CloseBefore | Fault::CloseAfter) => self.closed.set(true),
            Some(Fault::Full) => state.full = true,
            Some(Fault::Lie) | None => {}
        }
        match fault {
            Some(Fault::CrashBefore | Fault::CloseBefore) => Fate::Refused(ShelfError::Closed),
            Some(Fault::CrashAfter | Fault::CloseAfter) => Fate::DoneAndRefused(ShelfError::Closed),
            _ if state.full && writes_values => Fate::Refused(ShelfError::Full),
            _ => Fate::Done,
        }
    }

    async fn read<T>(&self, read: impl AsyncFnOnce(&MemoryShelf) -> Result<T, ShelfError>) -> Result<T, ShelfError> {
        pause().await;
        match self.fate(false, false) {
            Fate::Done | Fate::Forgotten => read(&self.shelf).await,
            Fate::Refused(error) | Fate::DoneAndRefused(error) => Err(error),
        }
    }
}

impl Shelf for FaultShelf {
    async fn write(&self, batch: &[Op]) -> Result<(), ShelfError> {
        pause().await;
        let fate = self.fate(true, batch.iter().any(|op| matches!(op, Op::Put { .. })));
        match fate {
            Fate::Refused(error) => return Err(error),
            Fate::Forgotten => return Ok(()),
            Fate::Done | Fate::DoneAndRefused(_) => {}
        }
        self.shelf.apply(batch);
        self.log.borrow_mut().push(batch.to_vec());
        if let Fate::DoneAndRefused(error) = fate { Err(error) } else { Ok(()) }
    }

    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, ShelfError> {
        self.read(async |shelf| shelf.get(table, key).await).await
    }

    async fn get_many(&self, keys: &[(Table, &str)]) -> Result<Vec<Option<Vec<u8>>>, ShelfError> {
        self.read(async |shelf| shelf.get_many(keys).await).await
    }

    async fn keys(&self, table: Table, prefix: &str) -> Result<Vec<String>, ShelfError> {
        self.read(async |shelf| shelf.keys(table, prefix).await).await
    }

    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, ShelfError> {
        self.read(async |shelf| shelf.scan(table, prefix).await).await
    }

    async fn scan_many(&self, table: Table, prefixes: &[String]) -> Result<Vec<Vec<(String, Vec<u8>)>>, ShelfError> {
        self.read(async |shelf| shelf.scan_many(table, prefixes).await).await
    }

    async fn count(&self, table: Table) -> Result<u64, ShelfError> {
        self.read(async |shelf| shelf.count(table).await).await
    }
}

/// Lets others go first once, as every call of a real shelf does.
async fn pause() {
    let mut paused = false;
    std::future::poll_fn(|context| {
        if paused {
            return std::task::Poll::Ready(());
        }
        paused = true;
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}

/// A clock that stands where it is put. Clones show the same time.
#[derive(Clone, Default)]
pub struct FixedClock(Rc<Cell<ClockReading>>);

impl FixedClock {
    /// A clock that shows `reading`.
    #[must_use]
    pub fn new(reading: ClockReading) -> Self {
        Self(Rc::new(Cell::new(reading)))
    }

    /// Shows another time from now on.
    pub fn set(&self, reading: ClockReading) {
        self.0.set(reading);
    }

    /// Lets time pass on all clocks.
    pub fn advance_ms(&self, ms: u64) {
        let now = self.0.get();
        self.0.set(ClockReading { wall_ms: now.wall_ms + ms, mono_ms: now.mono_ms + ms, ..now });
    }
}

impl Clock for FixedClock {
    fn read(&self) -> ClockReading {
        self.0.get()
    }
}

/// Bytes that look random and are the same in every run. Never for keys of real people.
#[derive(Clone, Default)]
pub struct FixedRandom(Rc<Cell<u64>>);

impl FixedRandom {
    /// The bytes that follow from a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Rc::new(Cell::new(seed)))
    }
}

impl Random for FixedRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            // SplitMix64.
            let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
            self.0.set(state);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let [first, ..] = (mixed ^ (mixed >> 31)).to_le_bytes();
            *byte = first;
        }
    }
}
