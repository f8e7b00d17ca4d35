//! One writer among all tabs, by a Web Lock.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use futures::channel::oneshot;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::PageTransitionEvent;

/// The name of the lock.
const NAME: &str = "spotcheck-writer";

thread_local! {
    static LOCK: OnceCell<WriterLock> = const { OnceCell::new() };
}

/// Becomes the only tab that writes, if no other one is. Asking again asks anew.
///
/// `changed` is called when that may have changed later: it became this tab's turn, or the page came back after it was
/// put aside. What the page shows may be old then; loading it anew is the simplest answer. The first caller's counts.
pub async fn try_own(changed: impl Fn() + 'static) -> bool {
    let lock = LOCK.with(|lock| lock.get_or_init(|| WriterLock::new(move |_| changed())).clone());
    lock.try_own().await
}

/// This tab's claim to be the one that writes. Clones are handles of one claim.
#[derive(Clone)]
pub struct WriterLock {
    inner: Rc<Inner>,
}

struct Inner {
    on_change: Box<dyn Fn(bool)>,
    owner: Cell<bool>,
    queued: Cell<bool>,
    /// Ends the promise that holds the lock.
    release: RefCell<Option<Function>>,
    /// Counts claims: the answer to one that was given up is not taken for a later one's.
    claim: Cell<u32>,
}

impl WriterLock {
    /// Makes a claim that is not raised yet. `on_change` is told who owns the lock when it becomes this tab's turn in the
    /// queue, and when the page comes back after it was put aside.
    ///
    /// Lives as long as the page: it lets the lock go when the page is put aside and takes it again when the page comes
    /// back, so that a page in the back-forward cache neither blocks the others nor writes after them.
    #[must_use]
    pub fn new(on_change: impl Fn(bool) + 'static) -> Self {
        let inner = Inner {
            on_change: Box::new(on_change),
            owner: Cell::new(false),
            queued: Cell::new(false),
            release: RefCell::default(),
            claim: Cell::new(0),
        };
        let lock = Self { inner: Rc::new(inner) };
        lock.follow_the_page();
        lock
    }

    /// Whether this tab is the writer.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.inner.owner.get()
    }

    /// Becomes the writer if nobody else is. If somebody is, queues, and `on_change` tells when it is this tab's turn.
    pub async fn try_own(&self) -> bool {
        if self.is_owner() {
            return true;
        }
        let Some(request) = lock_request() else {
            // Without Web Locks there is no telling; such browsers are old, and two tabs there are rare.
            self.inner.owner.set(true);
            return true;
        };
        let (sender, receiver) = oneshot::channel();
        let answer = RefCell::new(Some(sender));
        self.ask(&request, true, move |granted| {
            if let Some(answer) = answer.borrow_mut().take() {
                // Nobody waits any more when the caller went away.
                let _ = answer.send(granted);
            }
        });
        let granted = receiver.await.unwrap_or(false);
        if !granted && !self.inner.queued.replace(true) {
            self.ask(&request, false, |_| ());
        }
        granted
    }

    /// Lets the lock go, and gives up the place in the queue.
    pub fn release(&self) {
        self.inner.claim.set(self.inner.claim.get().wrapping_add(1));
        self.inner.queued.set(false);
        if let Some(release) = self.inner.release.replace(None) {
            // Ending a promise can't fail.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
        self.inner.owner.set(false);
    }

    fn ask(&self, request: &LockRequest, if_available: bool, answered: impl Fn(bool) + 'static) {
        let answered = Rc::new(answered);
        let claim = self.inner.claim.get();
        let lock = self.clone();
        let tell = Rc::clone(&answered);
        let granted = Closure::once_into_js(move |granted: JsValue| -> JsValue {
            if granted.is_null() || lock.inner.claim.get() != claim || lock.is_owner() {
                tell(lock.is_owner());
                return JsValue::UNDEFINED;
            }
            // The lock is held until this promise ends.
            let held = Promise::new(&mut |resolve, _| {
                lock.inner.release.replace(Some(resolve));
            });
            lock.inner.owner.set(true);
            lock.inner.queued.set(false);
            if !if_available {
                (lock.inner.on_change)(true);
            }
            tell(true);
            held.into()
        });
        let options = Object::new();
        let asked = Reflect::set(&options, &"ifAvailable".into(), &if_available.into())
            .and_then(|_| request.function.call3(&request.locks, &NAME.into(), &options, &granted));
        match asked {
            // A page that is not fully active may be refused: then it is no writer.
            Ok(promise) => wasm_bindgen_futures::spawn_local(async move {
                if let Ok(promise) = promise.dyn_into::<Promise>()
                    && wasm_bindgen_futures::JsFuture::from(promise).await.is_err()
                {
                    answered(false);
                }
            }),
            Err(_) => answered(false),
        }
    }

    fn follow_the_page(&self) {
        let Some(window) = web_sys::window() else { return };
        let lock = self.clone();
        let on_hide = Closure::<dyn FnMut()>::new(move || lock.release());
        let lock = self.clone();
        let on_show = Closure::<dyn FnMut(PageTransitionEvent)>::new(move |event: PageTransitionEvent| {
            if event.persisted() {
                let lock = lock.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    let owner = lock.try_own().await;
                    (lock.inner.on_change)(owner);
                });
            }
        });
        // Listening to a window's own events can't fail.
        let _ = window.add_event_listener_with_callback("pagehide", on_hide.as_ref().unchecked_ref());
        let _ = window.add_event_listener_with_callback("pageshow", on_show.as_ref().unchecked_ref());
        on_hide.forget();
        on_show.forget();
    }
}

struct LockRequest {
    locks: JsValue,
    function: Function,
}

/// `navigator.locks.request`; `None` where there are no Web Locks.
fn lock_request() -> Option<LockRequest> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    let locks = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)?;
    let function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    Some(LockRequest { locks, function })
}
