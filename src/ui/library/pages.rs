//! Which of the library's screens an address means. One entry for all of them, because each entry costs the first screen.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::Library;
use super::edit::EditPage;
use super::import::ImportPage;
use super::read::ListPage;

/// The screen for the address.
#[component]
pub fn Pages() -> impl IntoView {
    let path = use_location().pathname;
    move || {
        let path = path.get();
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            ["library"] => view! { <Library/> }.into_any(),
            ["library", "import"] => view! { <ImportPage/> }.into_any(),
            ["library", id] => view! { <ListPage id=(*id).to_owned()/> }.into_any(),
            ["library", id, "edit"] => view! { <EditPage id=(*id).to_owned()/> }.into_any(),
            // The address of another screen, which is about to take this one's place.
            _ => ().into_any(),
        }
    }
}
