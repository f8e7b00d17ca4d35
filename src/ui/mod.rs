//! The screens.
use leptos::prelude::*;

/// Mounts the app.
pub fn start() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(|| view! { <main><h1>"巡检通"</h1></main> });
}
