//! A shelf in IndexedDB.
//!
//! Straight on `web-sys` rather than on a crate: the shelf needs the `strict` durability, the factory of a storage bucket,
//! the `close` and `versionchange` events and the `dataLoss` of an upgrade, in one place that can be read in one go.
//! What `web-sys` calls unstable (durability, buckets) goes through `Reflect`.
//!
//! Rules kept here, each learnt from losses of others: all requests of a batch are issued in one go, because a
//! transaction ends as soon as nothing is asked of it; `commit()` is never called, because WebKit then reports a lost
//! record as kept; a batch counts only at `complete`, and not when one of its requests failed; values are bytes, never
//! a `Blob`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::channel::oneshot;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbFactory, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction, IdbVersionChangeEvent};

use crate::port::shelf::{Op, Shelf, ShelfError, Table};

/// The version of the schema. Grows when a table is added; tables are never taken away or changed.
///
/// 1: the first. 2: the cards of the ledgers.
const VERSION: u32 = 2;

/// The database of shelf A, and of shelf B within its bucket.
const NAME: &str = "spotcheck";
/// The bucket of shelf B, and its database where there are no buckets.
const TWIN_NAME: &str = "spotcheck-twin";

/// Opens both shelves: the second one in a storage bucket of its own where the browser has them, because a bucket has
/// its own files; else in a second database. Works in a window and in a worker.
///
/// `owns` tells whether this page is the one that writes. One that only reads opens what is there, without new tables:
/// adding them would take the databases away from the page that writes.
///
/// # Errors
/// [`ShelfError`] when the browser refuses a database.
pub async fn open_shelves(owns: bool) -> Result<(IdbShelf, IdbShelf), ShelfError> {
    let factory = default_factory()?;
    let open = async |factory: IdbFactory, name: &str| {
        if owns { IdbShelf::open(factory, name).await } else { IdbShelf::open_as_it_is(factory, name).await }
    };
    let a = open(factory.clone(), NAME).await?;
    let b = match bucket_factory().await {
        Some(bucket) => open(bucket, NAME).await?,
        None => open(factory, TWIN_NAME).await?,
    };
    Ok((a, b))
}

/// The ordinary `indexedDB` of this window or worker.
///
/// # Errors
/// [`ShelfError::Refused`] when there is none.
pub fn default_factory() -> Result<IdbFactory, ShelfError> {
    read_property(&js_sys::global(), "indexedDB").map(JsCast::unchecked_into).ok_or(ShelfError::Refused)
}

/// The `indexedDB` of the twin's bucket; `None` where the browser has no buckets.
pub async fn bucket_factory() -> Option<IdbFactory> {
    open_bucket(TWIN_NAME).await
}

/// The `indexedDB` of a bucket, which has its own files; `None` where the browser has no buckets.
pub(super) async fn open_bucket(name: &str) -> Option<IdbFactory> {
    let buckets = buckets()?;
    let open: Function = read_property(&buckets, "open")?.dyn_into().ok()?;
    // A bucket that may not be kept for good is still better than none.
    for persisted in [true, false] {
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into()).ok()?;
        Reflect::set(&options, &"persisted".into(), &persisted.into()).ok()?;
        let opening: Promise = open.call2(&buckets, &name.into(), &options).ok()?.dyn_into().ok()?;
        if let Ok(bucket) = JsFuture::from(opening).await {
            return read_property(&bucket, "indexedDB").map(JsCast::unchecked_into);
        }
    }
    None
}

/// Deletes a bucket and its files. Nothing happens where there is none.
pub(super) async fn delete_bucket(name: &str) {
    let Some(buckets) = buckets() else { return };
    let Some(Ok(delete)) = read_property(&buckets, "delete").map(JsCast::dyn_into::<Function>) else { return };
    if let Some(Ok(deleting)) = delete.call1(&buckets, &name.into()).ok().map(JsCast::dyn_into::<Promise>) {
        // What was in it was deleted before, one by one.
        let _ = JsFuture::from(deleting).await;
    }
}

fn buckets() -> Option<JsValue> {
    let navigator = read_property(&js_sys::global(), "navigator")?;
    read_property(&navigator, "storageBuckets")
}

/// Deletes a database. Gives up when another page has it open and does not let go.
pub(super) async fn delete_database(factory: &IdbFactory, name: &str) {
    let Ok(request) = factory.delete_database(name) else { return };
    let answer = Answer::of(&request);
    // Whoever is told that another page is in the way hears it as the answer.
    request.set_onblocked(answer.on_error());
    let _ = answer.wait().await;
    request.set_onblocked(None);
}

pub(super) fn read_property(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

/// What happened to the database besides its use.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ShelfState {
    /// It did not exist when it was opened.
    pub created: bool,
    /// The browser says that it lost the data: `total`, by Chromium only.
    pub data_loss: Option<String>,
    /// Another page wants to change or delete it: this page has let go of it and must be loaded again.
    pub retired: bool,
    /// How often the system closed it.
    pub closes: u32,
    /// An upgrade waits for another page that has it open.
    pub blocked: bool,
}

/// One IndexedDB database as a shelf. Clones are handles of one connection.
#[derive(Clone)]
pub struct IdbShelf {
    inner: Rc<Inner>,
}

struct Inner {
    factory: IdbFactory,
    name: String,
    connection: RefCell<Option<Connection>>,
    state: RefCell<ShelfState>,
    opened_before: Cell<bool>,
    /// Whether tables that are missing are added.
    upgrades: bool,
}

/// An open database and the listeners on it.
struct Connection {
    database: IdbDatabase,
    _on_close: Closure<dyn FnMut()>,
    _on_version: Closure<dyn FnMut()>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.database.set_onclose(None);
        self.database.set_onversionchange(None);
        self.database.close();
    }
}

impl IdbShelf {
    /// Opens a database of a factory, with all tables.
    ///
    /// # Errors
    /// [`ShelfError`] when the browser refuses it.
    pub async fn open(factory: IdbFactory, name: &str) -> Result<Self, ShelfError> {
        Self::open_as(factory, name, true).await
    }

    /// Opens a database with the tables that it has: for a page that only reads. A table that is missing reads as an empty
    /// one.
    ///
    /// # Errors
    /// [`ShelfError`] when the browser refuses it.
    pub async fn open_as_it_is(factory: IdbFactory, name: &str) -> Result<Self, ShelfError> {
        Self::open_as(factory, name, false).await
    }

    async fn open_as(factory: IdbFactory, name: &str, upgrades: bool) -> Result<Self, ShelfError> {
        let inner = Inner {
            factory,
            name: name.to_owned(),
            connection: RefCell::default(),
            state: RefCell::default(),
            opened_before: Cell::new(false),
            upgrades,
        };
        let shelf = Self { inner: Rc::new(inner) };
        shelf.database().await?;
        Ok(shelf)
    }

    /// What happened to the database besides its use.
    #[must_use]
    pub fn state(&self) -> ShelfState {
        self.inner.state.borrow().clone()
    }

    /// Lets go of the database; the next use opens it again.
    pub fn close(&self) {
        self.inner.connection.replace(None);
    }

    /// The open database; opens it if it is not.
    async fn database(&self) -> Result<IdbDatabase, ShelfError> {
        if self.inner.state.borrow().retired {
            return Err(ShelfError::Closed);
        }
        if let Some(connection) = &*self.inner.connection.borrow() {
            return Ok(connection.database.clone());
        }
        let database = self.open_database().await?;
        // Gone while this page was using it: writing on would make a database out of the last batch alone.
        if self.inner.opened_before.replace(true) && self.inner.state.borrow().created {
            self.inner.state.borrow_mut().retired = true;
            database.close();
            return Err(ShelfError::Closed);
        }
        let connection = self.listen(database.clone());
        self.inner.connection.replace(Some(connection));
        Ok(database)
    }

    async fn open_database(&self) -> Result<IdbDatabase, ShelfError> {
        let refused = |error: JsValue| refused(&error);
        if !self.inner.upgrades {
            let request = self.inner.factory.open(&self.inner.name).map_err(refused)?;
            return self.opened(request).await.map_err(refused);
        }
        let request = self.inner.factory.open_with_u32(&self.inner.name, VERSION).map_err(refused)?;
        match self.opened(request).await {
            // A later version of the app has added tables; those that this one knows are the same.
            Err(error) if error_name(&error) == "VersionError" => {
                let request = self.inner.factory.open(&self.inner.name).map_err(refused)?;
                self.opened(request).await.map_err(refused)
            }
            opened => opened.map_err(refused),
        }
    }

    async fn opened(&self, request: IdbOpenDbRequest) -> Result<IdbDatabase, JsValue> {
        self.inner.state.borrow_mut().created = false;
        let inner = Rc::downgrade(&self.inner);
        let upgrading = request.clone();
        let on_upgrade = Closure::<dyn FnMut(IdbVersionChangeEvent)>::new(move |event: IdbVersionChangeEvent| {
            let Some(inner) = inner.upgrade() else { return };
            let mut state = inner.state.borrow_mut();
            state.created = event.old_version() < 1.0;
            state.data_loss = read_property(&event, "dataLoss").and_then(|loss| loss.as_string()).filter(|loss| loss != "none");
            // A failure here fails the opening, which is told.
            if let Ok(database) = upgrading.result().and_then(|result| result.dyn_into::<IdbDatabase>()) {
                add_tables(&database);
            }
        });
        let inner = Rc::downgrade(&self.inner);
        let on_blocked = Closure::<dyn FnMut()>::new(move || {
            if let Some(inner) = inner.upgrade() {
                inner.state.borrow_mut().blocked = true;
            }
        });
        request.set_onupgradeneeded(Some(on_upgrade.as_ref().unchecked_ref()));
        request.set_onblocked(Some(on_blocked.as_ref().unchecked_ref()));
        let result = Answer::of(&request).wait().await;
        request.set_onupgradeneeded(None);
        request.set_onblocked(None);
        self.inner.state.borrow_mut().blocked = false;
        result?.dyn_into()
    }

    fn listen(&self, database: IdbDatabase) -> Connection {
        let inner = Rc::downgrade(&self.inner);
        let on_close = Closure::<dyn FnMut()>::new(move || {
            if let Some(inner) = inner.upgrade() {
                inner.state.borrow_mut().closes += 1;
                let_go(&inner);
            }
        });
        let inner = Rc::downgrade(&self.inner);
        let on_version = Closure::<dyn FnMut()>::new(move || {
            if let Some(inner) = inner.upgrade() {
                inner.state.borrow_mut().retired = true;
                let_go(&inner);
            }
        });
        database.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        database.set_onversionchange(Some(on_version.as_ref().unchecked_ref()));
        Connection { database, _on_close: on_close, _on_version: on_version }
    }

    /// Runs some work, and once again on a new connection when the system has closed the old one.
    async fn with_database<T>(&self, work: impl AsyncFn(&IdbDatabase) -> Result<T, ShelfError>) -> Result<T, ShelfError> {
        let database = self.database().await?;
        match work(&database).await {
            Err(ShelfError::Closed) => {
                self.close();
                let database = self.database().await.map_err(|_| ShelfError::Closed)?;
                work(&database).await
            }
            result => result,
        }
    }
}

/// Lets go of the connection after the listener that runs now has returned: dropping it would drop the listener.
fn let_go(inner: &Rc<Inner>) {
    let connection = inner.connection.replace(None);
    if let Some(connection) = &connection {
        // Batches under way are finished first; that is what closing means.
        connection.database.close();
    }
    wasm_bindgen_futures::spawn_local(async move { drop(connection) });
}

fn add_tables(database: &IdbDatabase) {
    for table in Table::ALL {
        if !database.object_store_names().contains(table.name()) {
            // The name is new and the upgrade is running: nothing is left that could fail.
            let _ = database.create_object_store(table.name());
        }
    }
}

impl Shelf for IdbShelf {
    async fn write(&self, batch: &[Op]) -> Result<(), ShelfError> {
        if batch.is_empty() {
            return Ok(());
        }
        self.with_database(async |database| write_batch(database, batch).await).await
    }

    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, ShelfError> {
        Ok(self.get_many(&[(table, key)]).await?.pop().flatten())
    }

    async fn get_many(&self, keys: &[(Table, &str)]) -> Result<Vec<Option<Vec<u8>>>, ShelfError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        self.with_database(async |database| read_many(database, keys).await).await
    }

    async fn keys(&self, table: Table, prefix: &str) -> Result<Vec<String>, ShelfError> {
        let keys = self
            .with_database(async |database| {
                if !has_table(database, table) {
                    return Ok(Array::new().into());
                }
                let store = read_store(database, table)?;
                let asked = if prefix.is_empty() { store.get_all_keys() } else { store.get_all_keys_with_key(&range(prefix)?) };
                Answer::of(&asked.map_err(failed)?).wait().await.map_err(failed)
            })
            .await?;
        Array::from(&keys).iter().map(|key| key.as_string().ok_or_else(unexpected)).collect()
    }

    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, ShelfError> {
        let found = self.scan_many(table, &[prefix.to_owned()]).await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn scan_many(&self, table: Table, prefixes: &[String]) -> Result<Vec<Vec<(String, Vec<u8>)>>, ShelfError> {
        self.with_database(async |database| scan_table(database, table, prefixes).await).await
    }

    async fn count(&self, table: Table) -> Result<u64, ShelfError> {
        let count = self
            .with_database(async |database| {
                if !has_table(database, table) {
                    return Ok(0.into());
                }
                let asked = read_store(database, table)?.count().map_err(failed)?;
                Answer::of(&asked).wait().await.map_err(failed)
            })
            .await?;
        count.as_f64().map(|count| count as u64).ok_or_else(unexpected)
    }
}

async fn write_batch(database: &IdbDatabase, batch: &[Op]) -> Result<(), ShelfError> {
    let transaction = begin(database, batch.iter().map(Op::table), "readwrite")?;
    let ended = Ended::of(&transaction);
    let issued = issue(&transaction, batch);
    if let Err(error) = &issued {
        // It may have ended by itself already.
        let _ = transaction.abort();
        let error = failed(error.clone());
        let _ = ended.wait().await;
        return Err(error);
    }
    ended.wait().await
}

/// Issues all writes at once. A request that fails later aborts the whole transaction, as nothing here prevents it.
fn issue(transaction: &IdbTransaction, batch: &[Op]) -> Result<(), JsValue> {
    for op in batch {
        let store = transaction.object_store(op.table().name())?;
        match op {
            Op::Put { key, value, .. } => store.put_with_key(&Uint8Array::from(value.as_slice()), &key.into())?,
            Op::Delete { key, .. } => store.delete(&key.into())?,
        };
    }
    Ok(())
}

/// Asks for everything at once, so that the transaction does not end before.
async fn scan_table(database: &IdbDatabase, table: Table, prefixes: &[String]) -> Result<Vec<Vec<(String, Vec<u8>)>>, ShelfError> {
    if !has_table(database, table) {
        return Ok(vec![Vec::new(); prefixes.len()]);
    }
    let store = read_store(database, table)?;
    let mut answers = Vec::with_capacity(prefixes.len());
    for prefix in prefixes {
        let (keys, values) = if prefix.is_empty() {
            (store.get_all_keys(), store.get_all())
        } else {
            let range = range(prefix)?;
            (store.get_all_keys_with_key(&range), store.get_all_with_key(&range))
        };
        answers.push((Answer::of(&keys.map_err(failed)?), Answer::of(&values.map_err(failed)?)));
    }
    let mut found = Vec::with_capacity(prefixes.len());
    for (keys, values) in answers {
        let (keys, values) = (keys.wait().await.map_err(failed)?, values.wait().await.map_err(failed)?);
        let (keys, values) = (Array::from(&keys), Array::from(&values));
        let pair = |(key, value): (JsValue, JsValue)| Ok((key.as_string().ok_or_else(unexpected)?, bytes_of(&value)?));
        found.push(keys.iter().zip(values.iter()).map(pair).collect::<Result<_, ShelfError>>()?);
    }
    Ok(found)
}

/// Whether a table is there: a page that only reads may see a database from before the table was added.
fn has_table(database: &IdbDatabase, table: Table) -> bool {
    database.object_store_names().contains(table.name())
}

async fn read_many(database: &IdbDatabase, keys: &[(Table, &str)]) -> Result<Vec<Option<Vec<u8>>>, ShelfError> {
    let there: Vec<bool> = keys.iter().map(|(table, _)| has_table(database, *table)).collect();
    if !there.contains(&true) {
        return Ok(vec![None; keys.len()]);
    }
    let tables = keys.iter().zip(&there).filter(|(_, there)| **there).map(|((table, _), _)| *table);
    let transaction = begin(database, tables, "readonly")?;
    let mut answers = Vec::with_capacity(keys.len());
    for ((table, key), there) in keys.iter().zip(there) {
        answers.push(if there {
            let store = transaction.object_store(table.name()).map_err(failed)?;
            Some(Answer::of(&store.get(&(*key).into()).map_err(failed)?))
        } else {
            None
        });
    }
    let mut values = Vec::with_capacity(keys.len());
    for answer in answers {
        let value = match answer {
            Some(answer) => answer.wait().await.map_err(failed)?,
            None => JsValue::UNDEFINED,
        };
        values.push(if value.is_undefined() { None } else { Some(bytes_of(&value)?) });
    }
    Ok(values)
}

/// Begins a transaction, strict when it writes: complete means on the disk.
fn begin(database: &IdbDatabase, tables: impl Iterator<Item = Table>, mode: &str) -> Result<IdbTransaction, ShelfError> {
    let mut names: Vec<&str> = tables.map(Table::name).collect();
    names.sort_unstable();
    names.dedup();
    begin_on(database, names, mode)
}

/// As `begin`, for any object stores.
pub(super) fn begin_on(database: &IdbDatabase, names: Vec<&str>, mode: &str) -> Result<IdbTransaction, ShelfError> {
    let names: Array = names.into_iter().map(JsValue::from).collect();
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &"strict".into()).map_err(failed)?;
    let begin: Function = Reflect::get(database, &"transaction".into()).and_then(JsCast::dyn_into).map_err(failed)?;
    begin.call3(database, &names, &mode.into(), &options).map(JsCast::unchecked_into).map_err(failed)
}

fn read_store(database: &IdbDatabase, table: Table) -> Result<IdbObjectStore, ShelfError> {
    begin(database, std::iter::once(table), "readonly")?.object_store(table.name()).map_err(failed)
}

/// The range of keys that begin with `prefix`. Keys are ASCII, so nothing sorts behind the last code unit.
fn range(prefix: &str) -> Result<JsValue, ShelfError> {
    IdbKeyRange::bound(&prefix.into(), &format!("{prefix}\u{ffff}").into()).map(JsValue::from).map_err(failed)
}

fn bytes_of(value: &JsValue) -> Result<Vec<u8>, ShelfError> {
    if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        return Ok(bytes.to_vec());
    }
    if value.is_instance_of::<js_sys::ArrayBuffer>() {
        return Ok(Uint8Array::new(value).to_vec());
    }
    Err(unexpected())
}

fn unexpected() -> ShelfError {
    ShelfError::Failed { name: "UnexpectedValue".to_owned() }
}

fn error_name(error: &JsValue) -> String {
    read_property(error, "name").and_then(|name| name.as_string()).unwrap_or_default()
}

/// What an error of the browser means for a batch.
pub(super) fn failed(error: JsValue) -> ShelfError {
    let name = error_name(&error);
    match name.as_str() {
        "QuotaExceededError" => ShelfError::Full,
        // A transaction of a connection that the system closes is aborted without a reason.
        "InvalidStateError" | "AbortError" | "TransactionInactiveError" => ShelfError::Closed,
        "SecurityError" | "NotAllowedError" => ShelfError::Refused,
        // WebKit's words for the same; it has no name of its own.
        "UnknownError" if message_of(&error).contains("Connection to Indexed Database server lost") => ShelfError::Closed,
        _ => ShelfError::Failed { name: if name.is_empty() { "UnknownError".to_owned() } else { name } },
    }
}

/// What an error means when a database is opened.
pub(super) fn refused(error: &JsValue) -> ShelfError {
    match failed(error.clone()) {
        ShelfError::Closed => ShelfError::Refused,
        other => other,
    }
}

fn message_of(error: &JsValue) -> String {
    read_property(error, "message").and_then(|message| message.as_string()).unwrap_or_default()
}

/// The answer to a request that has been issued.
pub(super) struct Answer {
    request: IdbRequest,
    answered: oneshot::Receiver<bool>,
    _on_success: Closure<dyn FnMut()>,
    _on_error: Closure<dyn FnMut()>,
}

impl Answer {
    pub(super) fn of(request: &IdbRequest) -> Self {
        let (success, error, answered) = either();
        request.set_onsuccess(Some(success.as_ref().unchecked_ref()));
        request.set_onerror(Some(error.as_ref().unchecked_ref()));
        Self { request: request.clone(), answered, _on_success: success, _on_error: error }
    }

    fn on_error(&self) -> Option<&Function> {
        Some(self._on_error.as_ref().unchecked_ref())
    }

    pub(super) async fn wait(mut self) -> Result<JsValue, JsValue> {
        match (&mut self.answered).await {
            Ok(true) => self.request.result(),
            _ => Err(self.request.error()?.map_or(JsValue::NULL, JsValue::from)),
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.request.set_onsuccess(None);
        self.request.set_onerror(None);
    }
}

/// The end of a transaction.
pub(super) struct Ended {
    transaction: IdbTransaction,
    ended: oneshot::Receiver<bool>,
    _on_complete: Closure<dyn FnMut()>,
    _on_abort: Closure<dyn FnMut()>,
}

impl Ended {
    pub(super) fn of(transaction: &IdbTransaction) -> Self {
        let (complete, abort, ended) = either();
        transaction.set_oncomplete(Some(complete.as_ref().unchecked_ref()));
        transaction.set_onabort(Some(abort.as_ref().unchecked_ref()));
        Self { transaction: transaction.clone(), ended, _on_complete: complete, _on_abort: abort }
    }

    pub(super) async fn wait(mut self) -> Result<(), ShelfError> {
        match (&mut self.ended).await {
            Ok(true) => Ok(()),
            // Aborted without an error of its own: the connection was cut.
            _ => Err(self.transaction.error().map_or(ShelfError::Closed, |error| failed(error.into()))),
        }
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.transaction.set_oncomplete(None);
        self.transaction.set_onabort(None);
    }
}

type Listener = Closure<dyn FnMut()>;

/// Two listeners of which the first to be called decides: `true` for the first one.
fn either() -> (Listener, Listener, oneshot::Receiver<bool>) {
    let (sender, receiver) = oneshot::channel();
    let sender = Rc::new(RefCell::new(Some(sender)));
    let listener = |answer: bool| {
        let sender = Rc::clone(&sender);
        Closure::<dyn FnMut()>::new(move || {
            if let Some(sender) = sender.borrow_mut().take() {
                // Nobody waits any more when the caller went away.
                let _ = sender.send(answer);
            }
        })
    };
    (listener(true), listener(false), receiver)
}
