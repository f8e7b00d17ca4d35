//! Which of the ledgers' screens an address means. One entry for all of them, because each entry costs the first screen.

use leptos::prelude::*;

use super::due::DuePage;
use super::export::ExportPage;
use super::form::{EditLine, NewLine};
use super::found::ScanPage;
use super::import::ImportPage;
use super::labels::LabelsPage;
use super::line::LinePage;
use super::list::LedgerPage;
use crate::ledger::Kind;
use crate::ui::assign::{HandOutPage, NewTasks, TaskPage};
use crate::ui::days::DaysPage;
use crate::ui::later::path_of_route;

/// The screen for the address.
#[component]
pub fn Pages() -> impl IntoView {
    let path = path_of_route();
    move || {
        let path = path.get();
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            ["ledger"] => view! { <LedgerPage/> }.into_any(),
            ["ledger", "import"] => view! { <ImportPage/> }.into_any(),
            ["ledger", "export"] => view! { <ExportPage/> }.into_any(),
            ["ledger", "new", kind] => view! { <NewLine kind=Kind::parse(kind).unwrap_or(Kind::Unit)/> }.into_any(),
            ["ledger", id, "edit"] => view! { <EditLine id=(*id).to_owned()/> }.into_any(),
            ["ledger", id] => view! { <LinePage id=(*id).to_owned()/> }.into_any(),
            ["days"] => view! { <DaysPage/> }.into_any(),
            ["due"] => view! { <DuePage/> }.into_any(),
            ["scan"] => view! { <ScanPage/> }.into_any(),
            ["labels"] => view! { <LabelsPage/> }.into_any(),
            ["assign"] => view! { <HandOutPage/> }.into_any(),
            ["assign", "new"] => view! { <NewTasks/> }.into_any(),
            ["task", id] => view! { <TaskPage id=(*id).to_owned()/> }.into_any(),
            // No screen has this address.
            _ => ().into_any(),
        }
    }
}
