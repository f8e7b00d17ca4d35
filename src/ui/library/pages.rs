//! Which of the library's screens an address means. One entry for all of them, because each entry costs the first screen.

use leptos::prelude::*;

use super::Library;
use super::edit::EditPage;
use super::import::ImportPage;
use super::read::ListPage;
use crate::ui::later::path_of_route;

/// The screen for the address.
#[component]
pub fn Pages() -> impl IntoView {
    let path = path_of_route();
    move || {
        let path = path.get();
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            ["library"] => view! { <Library/> }.into_any(),
            ["library", "import"] => view! { <ImportPage/> }.into_any(),
            ["library", id] => view! { <ListPage id=(*id).to_owned()/> }.into_any(),
            ["library", id, "edit"] => view! { <EditPage id=(*id).to_owned()/> }.into_any(),
            // No screen has this address.
            _ => ().into_any(),
        }
    }
}
