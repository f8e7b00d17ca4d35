//! The bureau's keys on this page: read from a file, kept in memory until the page is closed, never stored.

use std::cell::RefCell;

use leptos::prelude::*;
use web_sys::File;

use crate::browser::desk;
use crate::browser::files::{self, Pick};
use crate::browser::random::BrowserRandom;
use crate::desk::{Answer, Job};
use crate::envelope::{Identity, OpenError, is_envelope};
use crate::port::random::Random as _;
use crate::ui::icon::icon;
use crate::ui::widget::Notice;
use crate::ui::words::{sealed_words, words};

/// Bytes of the largest file of keys.
const KEY_BYTES: u64 = 64 << 10;
/// How long a passphrase may be tried, in milliseconds.
const TRY_MS: i32 = 60_000;
/// Random bytes that closing a file takes.
const DRAWN: usize = 48;

thread_local! {
    static KEYS: RefCell<Vec<Identity>> = const { RefCell::new(Vec::new()) };
}

/// The keys that were given since the page was opened.
#[must_use]
pub fn known() -> Vec<Identity> {
    KEYS.with_borrow(Clone::clone)
}

/// Keeps keys until the page is closed.
pub fn learn(keys: Vec<Identity>) {
    KEYS.with_borrow_mut(|known| {
        for key in keys {
            if known.iter().all(|one| one.recipient() != key.recipient()) {
                known.push(key);
            }
        }
    });
}

/// Why no key came of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum KeyFault {
    /// There is none in it.
    None,
    /// It can't be read.
    Unreadable,
    /// It can't be opened.
    Closed(OpenError),
    /// The passphrase can't be tried in this browser.
    Worker,
}

impl KeyFault {
    /// What happened and what to do.
    #[must_use]
    pub fn text(self) -> String {
        let w = sealed_words();
        match self {
            Self::None => w.key_none,
            Self::Unreadable => w.key_unreadable,
            Self::Closed(OpenError::WrongPassphrase) => w.key_wrong_words,
            Self::Closed(OpenError::TooCostly { .. }) | Self::Worker => w.key_worker,
            Self::Closed(OpenError::NotForUs) => w.key_none,
            Self::Closed(_) => w.key_damaged,
        }
        .to_owned()
    }
}

/// What a file of keys turned out to be.
enum KeyFile {
    Open(Vec<Identity>),
    Locked(Vec<u8>),
}

async fn read(file: &File) -> Result<KeyFile, KeyFault> {
    let size = files::size_bytes(file);
    if size > KEY_BYTES {
        return Err(KeyFault::None);
    }
    let bytes = files::read_slice(file, 0, size).await.map_err(|_| KeyFault::Unreadable)?;
    if is_envelope(&bytes) { Ok(KeyFile::Locked(bytes)) } else { identities(&bytes).map(KeyFile::Open) }
}

fn identities(bytes: &[u8]) -> Result<Vec<Identity>, KeyFault> {
    std::str::from_utf8(bytes).ok().and_then(|text| Identity::parse_file(text).ok()).ok_or(KeyFault::None)
}

async fn unlock(file: &[u8], passphrase: String) -> Result<Vec<Identity>, KeyFault> {
    match desk::shared().ask(&Job::Unlock { passphrase }, Some(file), TRY_MS).await {
        Ok((Answer::Unlocked { opened: Ok(()) }, Some(plain))) => identities(&plain),
        Ok((Answer::Unlocked { opened: Err(error) }, _)) => Err(KeyFault::Closed(error)),
        _ => Err(KeyFault::Worker),
    }
}

/// Closes a key with a passphrase; `None` where this browser can't.
pub async fn lock(identity: &Identity, note: &str, passphrase: String) -> Option<Vec<u8>> {
    let mut random = vec![0; DRAWN];
    BrowserRandom.fill(&mut random);
    let text = format!("# {note}\n# public key: {}\n{}\n", identity.recipient().to_text(), &*identity.to_text());
    match desk::shared().ask(&Job::Lock { passphrase, random }, Some(text.as_bytes()), TRY_MS).await {
        Ok((Answer::Unlocked { opened: Ok(()) }, file)) => file,
        _ => None,
    }
}

/// Asks for the file with the key and its passphrase; `on_keys` is called when there is a new key.
#[component]
pub fn AskKey(on_keys: Callback<()>) -> impl IntoView {
    let locked = RwSignal::new(None::<Vec<u8>>);
    let fault = RwSignal::new(None::<KeyFault>);
    let busy = RwSignal::new(false);
    let typed = StoredValue::new(String::new());
    let took = move |result: Result<Vec<Identity>, KeyFault>| {
        busy.try_set(false);
        match result {
            Ok(keys) => {
                learn(keys);
                on_keys.try_run(());
            }
            Err(error) => {
                fault.try_set(Some(error));
            }
        }
    };
    let pick = move |_| {
        leptos::task::spawn_local(async move {
            let Some(file) = files::pick(Pick::One).await.into_iter().next() else { return };
            fault.try_set(None);
            match read(&file).await {
                Ok(KeyFile::Open(keys)) => took(Ok(keys)),
                Ok(KeyFile::Locked(bytes)) => {
                    locked.try_set(Some(bytes));
                }
                Err(error) => took(Err(error)),
            }
        });
    };
    let open = move || {
        let Some(file) = locked.get_untracked() else { return };
        let passphrase = typed.get_value();
        fault.set(None);
        busy.set(true);
        leptos::task::spawn_local(async move { took(unlock(&file, passphrase).await) });
    };
    view! {
        <div class="stack">
            <button type="button" class="btn block" disabled=move || busy.get() on:click=pick>{icon("import")}{move || sealed_words().pick_key}</button>
            {move || locked.with(Option::is_some).then(|| view! {
                <form class="stack" on:submit=move |event| {
                    event.prevent_default();
                    open();
                }>
                    <label class="field">
                        <span>{move || sealed_words().passphrase}</span>
                        <input class="input" type="password" autocomplete="off" on:input=move |event| typed.set_value(event_target_value(&event))/>
                        <span class="hint">{move || sealed_words().passphrase_hint}</span>
                    </label>
                    <button type="submit" class="btn primary block" disabled=move || busy.get()>
                        {move || if busy.get() { words().saving } else { sealed_words().open }}
                    </button>
                </form>
            })}
            {move || fault.get().map(|fault| view! { <Notice tone="bad">{fault.text()}</Notice> })}
        </div>
    }
}
