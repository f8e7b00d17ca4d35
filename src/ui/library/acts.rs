//! What can be done with a list as a whole: stop its use, use it again, go back to the one that came with the app, export.

use leptos::prelude::*;

use super::shelf::{Found, Standing};
use crate::app::library::{self, Changes};
use crate::app::workspace::AppError;
use crate::domain::checklist::Checklist;
use crate::ui::pen::Pen;
use crate::ui::state::App;
use crate::ui::words::{errors, fill, lang, library_words, words};

/// What to say when something could not be kept.
#[must_use]
pub fn explain(error: &AppError) -> String {
    let why = match error {
        AppError::Store(error) => errors::explain_store(error),
        other => other.to_string(),
    };
    fill(library_words().not_kept, &[&why])
}

/// Takes a list out of use or brings it back, says so, and offers to undo it. `after` is called when it is done.
pub fn switch(app: App, id: String, after: Callback<()>) {
    leptos::task::spawn_local(async move {
        let Some(found) = Found::of(app, &id).await else { return };
        let stopping = found.standing() != Standing::Stopped;
        let title = found.list().map(|list| list.title(lang()).to_owned()).unwrap_or_default();
        match write(app, &found, stopping).await {
            Ok(()) => {
                let said = if stopping { library_words().stopped } else { library_words().resumed };
                let back = app.in_root(|| Callback::new(move |()| switch(app, id.clone(), after)));
                app.toast_with(fill(said, &[&title]), Some((words().undo.to_owned(), back)));
                after.try_run(());
            }
            Err(error) => app.toast(explain(&error)),
        }
    });
}

async fn write(app: App, found: &Found, stopping: bool) -> Result<(), AppError> {
    let changes = changes(found, stopping);
    if changes.is_empty() {
        return Ok(());
    }
    let pen = match &found.own {
        Some(own) => Pen::on(app, own.record.id()).await?,
        None => Pen::fresh(app),
    };
    pen.keep(&changes).await
}

fn changes(found: &Found, stopping: bool) -> Changes {
    let state = found.own.as_ref().map(library::Own::state);
    let list: Option<Checklist> = found.list();
    match (&found.shipped, list, state) {
        (None, _, _) if stopping => library::put_away(),
        (None, _, _) => library::bring_back(),
        (Some(_), Some(list), state) if stopping => library::stop(state, &list),
        (Some(shipped), Some(list), Some(state)) => library::resume(state, &list, shipped),
        (Some(_), _, _) => Changes::new(),
    }
}

/// Puts the bureau's edition away, so that the list that came with the app counts again.
pub fn restore_shipped(app: App, found: Found, after: Callback<()>) {
    leptos::task::spawn_local(async move {
        let (Some(own), Some(shipped)) = (&found.own, &found.shipped) else { return };
        let id = own.record.id().clone();
        let done = match Pen::on(app, &id).await {
            Ok(pen) => pen.keep(&library::put_away()).await.map(|()| pen),
            Err(error) => Err(error),
        };
        match done {
            Ok(pen) => {
                let back = app.in_root(|| {
                    Callback::new(move |()| {
                        leptos::task::spawn_local(async move {
                            if let Err(error) = pen.keep(&library::bring_back()).await {
                                app.toast(explain(&error));
                            }
                            after.try_run(());
                        });
                    })
                });
                app.toast_with(fill(library_words().restored, &[&shipped.version]), Some((words().undo.to_owned(), back)));
                after.try_run(());
            }
            Err(error) => app.toast(explain(&error)),
        }
    });
}
