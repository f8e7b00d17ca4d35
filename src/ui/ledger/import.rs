//! A ledger out of a spreadsheet, in four steps: choose the file, say what its columns are, see what would change,
//! confirm. Nothing is kept before the last one.

mod check;
mod columns;
mod errors_file;
mod explain;
mod keep;
mod preview;
mod read;
pub(super) mod save_file;
pub(super) mod template;

use std::rc::Rc;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use spotcheck_sheets::ReadError;
use spotcheck_sheets::read::Notes;
use web_sys::File;

use self::check::Checked;
use self::columns::ColumnsStep;
pub(in crate::ui) use self::explain::file as explain_table;
use self::keep::{Kept, ResultStep};
use self::preview::PreviewStep;
use self::template::Templates;
use crate::app::ledger::ImportError;
use crate::browser::files::{self, Pick};
use crate::ledger::Kind;
use crate::ledger::columns::{Columns, Table};
use crate::port::twin::StoreError;
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{Nav, Notice, TopBar};
use crate::ui::words::{fill, table_words, words};

/// Where the person is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Choose,
    Columns,
    Preview,
    Result,
}

impl Stage {
    fn number(self) -> u8 {
        match self {
            Self::Choose => 1,
            Self::Columns => 2,
            Self::Preview => 3,
            Self::Result => 4,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Choose => table_words().step_file,
            Self::Columns => table_words().step_columns,
            Self::Preview => table_words().step_preview,
            Self::Result => table_words().step_result,
        }
    }
}

/// Work under way.
#[derive(Clone, PartialEq, Debug)]
pub struct Busy {
    /// What is being done.
    pub text: String,
    /// Done.
    pub done: usize,
    /// In all; 0 when that is not known.
    pub total: usize,
}

impl Busy {
    /// Work of which nobody knows how long it takes.
    pub fn unknown(text: impl Into<String>) -> Self {
        Self { text: text.into(), done: 0, total: 0 }
    }
}

/// Why it does not go on. Nothing was changed then.
#[derive(Clone, PartialEq, Debug)]
enum Problem {
    /// The file can't be read.
    File(ReadError),
    /// The system would not give its bytes.
    Gone,
    /// The worker gave no answer.
    NoAnswer,
    /// The worker's rows are not what it said.
    BadRows,
    /// The table of equipment types is not there.
    NoContent,
    /// The ledgers can't be read.
    Store(StoreError),
    /// The import was not kept.
    Import(ImportError),
}

/// A file that was read.
struct Book {
    name: String,
    tables: Vec<Table>,
    notes: Notes,
}

/// What the steps share. Cheap to copy.
#[derive(Clone, Copy)]
struct Flow {
    app: App,
    stage: RwSignal<Stage>,
    busy: RwSignal<Option<Busy>>,
    problem: RwSignal<Option<Problem>>,
    /// Said beside the file when several were dropped.
    only: RwSignal<Option<String>>,
    book: RwSignal<Option<Rc<Book>>, LocalStorage>,
    /// Which sheet.
    sheet: RwSignal<usize>,
    kind: RwSignal<Option<Kind>>,
    /// The columns as they were found.
    found: RwSignal<Option<Columns>>,
    /// The columns as they are to be read.
    columns: RwSignal<Option<Columns>>,
    /// Whether those of an earlier file were taken over.
    remembered: RwSignal<bool>,
    checked: RwSignal<Option<Rc<Checked>>, LocalStorage>,
    kept: RwSignal<Option<Kept>>,
    /// Counts what was begun: what comes late for something that was given up is dropped.
    turn: RwSignal<u64>,
}

impl Flow {
    fn new(app: App) -> Self {
        Self {
            app,
            stage: RwSignal::new(Stage::Choose),
            busy: RwSignal::new(None),
            problem: RwSignal::new(None),
            only: RwSignal::new(None),
            book: RwSignal::new_local(None),
            sheet: RwSignal::new(0),
            kind: RwSignal::new(None),
            found: RwSignal::new(None),
            columns: RwSignal::new(None),
            remembered: RwSignal::new(false),
            checked: RwSignal::new_local(None),
            kept: RwSignal::new(None),
            turn: RwSignal::new(0),
        }
    }

    /// Begins something; whatever was begun before no longer counts.
    fn begin(self) -> u64 {
        self.problem.set(None);
        self.turn.update(|turn| *turn += 1);
        self.turn.get_untracked()
    }

    /// Whether this still counts; not when the page was left or something else was begun.
    fn counts(self, turn: u64) -> bool {
        self.turn.try_get_untracked() == Some(turn)
    }

    /// Says how far the work is.
    fn report(self, turn: u64, busy: Busy) {
        if self.counts(turn) {
            self.busy.set(Some(busy));
        }
    }

    /// Ends the work with a problem.
    fn fail(self, turn: u64, problem: Problem) {
        if self.counts(turn) {
            self.busy.set(None);
            self.problem.set(Some(problem));
        }
    }

    /// Ends the work and goes to a step.
    fn go(self, stage: Stage) {
        self.busy.set(None);
        self.problem.set(None);
        self.app.writing.set(matches!(stage, Stage::Columns | Stage::Preview));
        self.stage.set(stage);
    }

    /// Begins anew with another file.
    fn restart(self) {
        self.begin();
        self.checked.set(None);
        self.columns.set(None);
        self.found.set(None);
        self.kept.set(None);
        self.only.set(None);
        self.book.set(None);
        self.go(Stage::Choose);
    }

    /// Looks at the table that is chosen.
    fn with_table<T>(self, look: impl FnOnce(&Table) -> T) -> Option<T> {
        let book = self.book.get_untracked()?;
        book.tables.get(self.sheet.get_untracked()).map(look)
    }

    /// Takes the first of the files.
    fn take(self, picked: Vec<File>) {
        let several = picked.len() > 1;
        let Some(file) = picked.into_iter().next() else { return };
        if !self.app.owner.get_untracked() {
            return;
        }
        self.restart();
        self.only.set(several.then(|| file.name()));
        read::read(self, file);
    }
}

/// The page.
#[component]
pub fn ImportPage() -> impl IntoView {
    let app = App::get();
    app.leave_place();
    let flow = Flow::new(app);
    on_cleanup(move || {
        app.writing.try_set(false);
    });
    let heading = NodeRef::<html::H2>::new();
    // Each step begins at its heading, for eyes and for those who listen.
    Effect::new(move |before: Option<Stage>| {
        let stage = flow.stage.get();
        if before.is_some_and(|before| before != stage)
            && let Some(heading) = heading.get_untracked()
        {
            // The step is there even where the focus can't be moved.
            let _ = heading.focus();
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        stage
    });
    let step = move || {
        let stage = flow.stage.get();
        format!("{} · {}", fill(table_words().step_of, &[&stage.number()]), stage.title())
    };
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| table_words().import_title.to_owned()) back="/ledger"/>
            <main class="page wide import">
                <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
                <h2 class="import-step" tabindex="-1" node_ref=heading>{step}</h2>
                <Problems flow/>
                <Working flow/>
                <Show when=move || flow.busy.get().is_none()>
                    {move || match flow.stage.get() {
                        Stage::Choose => view! { <ChooseStep flow/> }.into_any(),
                        Stage::Columns => view! { <ColumnsStep flow/> }.into_any(),
                        Stage::Preview => view! { <PreviewStep flow/> }.into_any(),
                        Stage::Result => view! { <ResultStep flow/> }.into_any(),
                    }}
                </Show>
            </main>
            <Nav/>
        </div>
    }
}

/// How far the work is.
#[component]
fn Working(flow: Flow) -> impl IntoView {
    let can_cancel = move || flow.stage.get() != Stage::Preview;
    view! {
        <div role="status" aria-live="polite">
            <Show when=move || flow.busy.get().is_some()>
                <BusyCard busy=Signal::derive(move || flow.busy.get().unwrap_or_else(|| Busy::unknown(""))) on_cancel=Callback::new(move |()| {
                    flow.begin();
                    flow.busy.set(None);
                }) can_cancel=Signal::derive(can_cancel)/>
            </Show>
        </div>
    }
}

/// Work under way, with a bar where its length is known.
#[component]
pub fn BusyCard(
    busy: Signal<Busy>,
    /// Gives the work up.
    #[prop(optional)]
    on_cancel: Option<Callback<()>>,
    /// Whether it can be given up now.
    #[prop(optional)]
    can_cancel: Signal<bool>,
) -> impl IntoView {
    let measured = move || busy.with(|busy| busy.total > 0);
    // Numbers and bar move; the words stay for each kind of work, or a listener would hear nothing else.
    let text = Memo::new(move |_| busy.with(|busy| busy.text.clone()));
    view! {
        <section class="card import-busy" aria-busy="true">
            <div class="row">
                <span class="spinner" aria-hidden="true"></span>
                <p class="grow">{text}</p>
                <Show when=measured><span class="muted num" aria-hidden="true">{move || busy.with(|busy| fill(table_words().of_total, &[&busy.done, &busy.total]))}</span></Show>
            </div>
            <Show when=measured>
                <progress class="bar" aria-label=text max=move || busy.with(|busy| busy.total.to_string()) value=move || busy.with(|busy| busy.done.to_string())></progress>
            </Show>
            {on_cancel.map(|cancel| view! {
                <Show when=move || can_cancel.get()>
                    <button type="button" class="btn slim" on:click=move |_| cancel.run(())>{move || table_words().cancel}</button>
                </Show>
            })}
        </section>
    }
}

/// Why it does not go on.
#[component]
fn Problems(flow: Flow) -> impl IntoView {
    move || {
        flow.problem.get().map(|problem| {
            let (title, text) = explain::problem(&problem);
            // Other titles say so themselves.
            let of_file = matches!(problem, Problem::File(_) | Problem::Gone | Problem::NoAnswer | Problem::BadRows);
            view! { <Notice tone="bad"><strong>{title}</strong>{text}" "{of_file.then(|| table_words().nothing_changed)}</Notice> }
        })
    }
}

/// The first step: the file.
#[component]
fn ChooseStep(flow: Flow) -> impl IntoView {
    let dragging = RwSignal::new(false);
    let enter = window_event_listener(ev::dragover, move |event: web_sys::DragEvent| {
        event.prevent_default();
        dragging.set(true);
    });
    let leave = window_event_listener(ev::dragleave, move |event: web_sys::DragEvent| {
        // Leaving the window, not one element for another.
        if event.related_target().is_none() {
            dragging.set(false);
        }
    });
    let drop = window_event_listener(ev::drop, move |event: web_sys::DragEvent| {
        dragging.set(false);
        flow.take(files::files_of_drop(&event));
    });
    on_cleanup(move || {
        enter.remove();
        leave.remove();
        drop.remove();
    });
    let pick = move |_| {
        leptos::task::spawn_local(async move {
            let picked = files::pick(Pick::Sheets).await;
            // The page may be gone when the picker closes.
            if flow.stage.try_get_untracked().is_some() {
                flow.take(picked);
            }
        });
    };
    view! {
        <section class="drop" class:over=move || dragging.get()>
            {icon("import")}
            <p class="grow muted">{move || table_words().pick_hint}</p>
            <button type="button" class="btn primary" disabled=move || !flow.app.owner.get() on:click=pick>{move || table_words().pick}</button>
        </section>
        <Templates app=flow.app/>
    }
}

/// The file that is being worked on.
#[component]
fn FileLine(flow: Flow) -> impl IntoView {
    let name = move || flow.book.with(|book| book.as_ref().map(|book| fill(table_words().file_is, &[&book.name])));
    view! {
        <div class="spread import-file">
            <p class="muted grow">{name}</p>
            <button type="button" class="btn slim" on:click=move |_| flow.restart()>{move || table_words().another}</button>
        </div>
        {move || flow.only.get().map(|name| view! { <Notice>{fill(table_words().one_file, &[&name])}</Notice> })}
    }
}
