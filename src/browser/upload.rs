//! Sends a file to the bureau. The only thing in the app that sends anything anywhere.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, RequestCredentials, RequestInit, RequestMode, RequestRedirect, Response, SecurityPolicyViolationEvent,
};

use crate::domain::bureau::Address;

/// How long an answer may take, in milliseconds: some megabytes over a poor network.
const LIMIT_MS: i32 = 180_000;

/// Why a file was not sent, as far as can be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UploadError {
    /// The address is none that anything is sent to.
    #[error("not an address to send to")]
    Address,
    /// The address is not among those that this site may send to.
    #[error("blocked by the site's content policy")]
    Blocked,
    /// No answer: no network, no such host, or the other side does not take files from this site.
    #[error("no answer")]
    Offline,
    /// No answer in time. It may have arrived.
    #[error("no answer in time")]
    Slow,
    /// The other side answered that it does not take the file.
    #[error("refused: {status}")]
    Refused {
        /// Its answer: a status of HTTP.
        status: u16,
    },
}

/// Sends a file with `PUT <url>/<name>`, without cookies and without a word about this page. Sending it again overwrites it.
///
/// # Errors
/// [`UploadError`]
pub async fn upload(url: &str, bytes: &[u8], name: &str) -> Result<(), UploadError> {
    let address = Address::parse(url).ok_or(UploadError::Address)?;
    let window = web_sys::window().ok_or(UploadError::Offline)?;
    let document = window.document().ok_or(UploadError::Offline)?;
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).collect();
    // What stands behind a question mark stays at the end.
    let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    let mut target = format!("{}/{name}", path.trim_end_matches('/'));
    if let Some(query) = query {
        target = format!("{target}?{query}");
    }

    let headers = Headers::new().map_err(|_| UploadError::Offline)?;
    headers.set("Content-Type", "application/octet-stream").map_err(|_| UploadError::Offline)?;
    let init = RequestInit::new();
    init.set_method("PUT");
    init.set_headers(&headers);
    init.set_body(&Uint8Array::from(bytes));
    init.set_credentials(RequestCredentials::Omit);
    init.set_mode(if address.origin().is_some() { RequestMode::Cors } else { RequestMode::SameOrigin });
    // Somewhere else is nowhere that the bureau has named.
    init.set_redirect(RequestRedirect::Error);

    // A browser says that it blocked something only in this event; the request just fails.
    let blocked = std::rc::Rc::new(std::cell::Cell::new(false));
    let saw = std::rc::Rc::clone(&blocked);
    let on_violation = Closure::<dyn FnMut(SecurityPolicyViolationEvent)>::new(move |event: SecurityPolicyViolationEvent| {
        saw.set(saw.get() || event.effective_directive() == "connect-src");
    });
    let listener = on_violation.as_ref().unchecked_ref();
    // Without the event the refusal is told as "no answer".
    let _ = document.add_event_listener_with_callback("securitypolicyviolation", listener);
    let result = send(&window, &target, &init).await;
    let _ = document.remove_event_listener_with_callback("securitypolicyviolation", listener);
    if result == Err(UploadError::Offline) && blocked.get() { Err(UploadError::Blocked) } else { result }
}

async fn send(window: &web_sys::Window, target: &str, init: &RequestInit) -> Result<(), UploadError> {
    let stop = AbortController::new().map_err(|_| UploadError::Offline)?;
    init.set_signal(Some(&stop.signal()));
    let late = std::rc::Rc::new(std::cell::Cell::new(false));
    let is_late = std::rc::Rc::clone(&late);
    let end = Closure::<dyn FnMut()>::new(move || {
        is_late.set(true);
        stop.abort();
    });
    let timer = window.set_timeout_with_callback_and_timeout_and_arguments_0(end.as_ref().unchecked_ref(), LIMIT_MS);
    let answer = JsFuture::from(window.fetch_with_str_and_init(target, init)).await;
    if let Ok(timer) = timer {
        window.clear_timeout_with_handle(timer);
    }
    let Ok(answer) = answer else { return Err(if late.get() { UploadError::Slow } else { UploadError::Offline }) };
    let response: Response = answer.dyn_into().map_err(|_| UploadError::Offline)?;
    // A host that answers every unknown path with a page has taken nothing.
    let page = response.headers().get("content-type").ok().flatten().is_some_and(|kind| kind.contains("text/html"));
    match response.status() {
        200..=299 if !page => Ok(()),
        200..=299 => Err(UploadError::Refused { status: 404 }),
        status => Err(UploadError::Refused { status }),
    }
}
