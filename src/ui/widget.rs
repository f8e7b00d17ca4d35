//! Parts that many screens use.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::icon::icon;
use super::state::App;
use super::words::{Word, words};
use crate::browser::update::{self, Readiness as Offline};
use crate::domain::inspection::BLANK;

/// The bar at the top: back, title, and what the page adds at the end.
#[component]
pub fn TopBar(
    /// What the page is.
    #[prop(into)]
    title: Signal<String>,
    /// Where back leads; none on the main pages.
    #[prop(optional, into)]
    back: Option<String>,
    /// One line below the title.
    #[prop(optional, into)]
    sub: Option<Signal<String>>,
    /// What stands at the end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    Effect::new(move |_| document().set_title(&format!("{} · {}", title.get(), words().app_name)));
    view! {
        <header class="topbar">
            <div class="topbar-in">
                {back.map(|href| view! { <a class="icon-btn back" href=href aria-label=move || words().back>{icon("back")}</a> })}
                <div class="grow">
                    <h1>{title}</h1>
                    {sub.map(|sub| view! { <p class="sub">{sub}</p> })}
                </div>
                {children.map(|children| children())}
            </div>
        </header>
    }
}

/// The main menu.
#[component]
pub fn Nav() -> impl IntoView {
    let location = use_location();
    let entries: [(&'static str, &'static str, Word); 6] = [
        ("/", "home", || words().nav_home),
        ("/ledger", "ledger", || words().nav_ledger),
        ("/records", "list", || words().nav_records),
        ("/export", "export", || words().nav_export),
        ("/office", "office", || words().nav_office),
        ("/me", "me", || words().nav_me),
    ];
    view! {
        <nav class="nav" aria-label=move || words().nav>
            <ul>
                {entries
                    .into_iter()
                    .map(|(href, name, label)| {
                        let path = location.pathname;
                        let here = move || (path.get() == href).then_some("page");
                        view! { <li><a href=href aria-current=here>{icon(name)}<span>{label}</span></a></li> }
                    })
                    .collect_view()}
            </ul>
        </nav>
    }
}

/// Messages above the bottom bar.
#[component]
pub fn Toasts() -> impl IntoView {
    let app = App::get();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || app.toasts.get() key=|toast| toast.id let:toast>
                <div class="toast">
                    <span class="grow">{toast.text.clone()}</span>
                    {toast.action.clone().map(|(label, act)| {
                        let id = toast.id;
                        view! {
                            <button type="button" on:click=move |_| {
                                app.close_toast(id);
                                act.run(());
                            }>{label}</button>
                        }
                    })}
                </div>
            </For>
        </div>
    }
}

/// Offers a waiting version, never while a record is open.
#[component]
pub fn UpdateBanner() -> impl IntoView {
    let app = App::get();
    let show = move || app.update.get() && !app.writing.get();
    view! {
        <Show when=show>
            <div class="notice update" role="status">
                {icon("info")}
                <div class="grow">
                    <strong>{move || words().update_note}</strong>
                    <span>{move || words().update_later}</span>
                </div>
                <button type="button" class="btn slim primary" on:click=move |_| update::activate()>{move || words().update_now}</button>
            </div>
        </Show>
    }
}

/// The sign that everything is there for work without a network.
#[component]
pub fn OfflineSign() -> impl IntoView {
    let app = App::get();
    move || match app.offline.get() {
        Offline::Ready => view! { <span class="chip good">{icon("check")}{words().offline_ready}</span> }.into_any(),
        Offline::Preparing { done, total } => {
            let text = super::words::fill(words().offline_preparing, &[&done, &total]);
            view! { <span class="chip">{icon("offline")}{text}</span> }.into_any()
        }
        Offline::Unsupported => view! { <span class="chip bad">{icon("warn")}{words().offline_unsupported}</span> }.into_any(),
    }
}

/// How long typing may rest before it is kept.
const REST: Duration = Duration::from_millis(500);

/// A field for words that keeps itself: at rest, when left, and when the page is hidden.
///
/// The field is never written to while it is in use, so that input methods for Chinese are not disturbed.
#[component]
pub fn TextField(
    /// Label, following the language.
    #[prop(into)]
    label: Signal<String>,
    /// What stands in it at first.
    #[prop(into)]
    value: String,
    /// What is done with the text.
    on_save: Callback<String>,
    /// Whether it has several lines.
    #[prop(optional)]
    multiline: bool,
    /// Advice below the field.
    #[prop(optional, into)]
    hint: Option<Signal<String>>,
    /// What is odd or wrong about the text, below the field.
    #[prop(optional, into)]
    odd: Option<Signal<String>>,
    /// What follows the number, right beside the field.
    #[prop(optional, into)]
    unit: Option<String>,
    /// `text`, `numeric`, `decimal` or `tel`.
    #[prop(optional, into)]
    inputmode: Option<String>,
    /// For filling in by the browser; off unless given.
    #[prop(optional, into)]
    autocomplete: Option<String>,
    /// Longest text.
    #[prop(default = 2000)]
    max: u32,
    /// Ids of what describes the field elsewhere on the page.
    #[prop(optional, into)]
    described: Option<String>,
    /// A text that replaces what stands in the field, when it changes.
    #[prop(optional, into)]
    replace: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let typing = Typing::new(value.clone(), on_save);
    let input_ref = NodeRef::<html::Input>::new();
    let area_ref = NodeRef::<html::Textarea>::new();
    if let Some(replace) = replace {
        let typing = typing.clone();
        Effect::new(move |_| {
            let Some(text) = replace.get() else { return };
            if let Some(input) = input_ref.get_untracked() {
                input.set_value(&text);
            }
            if let Some(area) = area_ref.get_untracked() {
                area.set_value(&text);
            }
            typing.typed(text);
            typing.keep();
        });
    }
    let on_input = {
        let typing = typing.clone();
        move |event: web_sys::Event| {
            let composing = wasm_bindgen::JsCast::dyn_ref::<web_sys::InputEvent>(&event).is_some_and(web_sys::InputEvent::is_composing);
            if composing {
                typing.begin();
            } else {
                typing.typed(event_target_value(&event));
            }
        }
    };
    let on_compositionend = {
        let typing = typing.clone();
        move |event: web_sys::CompositionEvent| typing.typed(event_target_value(&event))
    };
    let on_blur = {
        let typing = typing.clone();
        move |event: web_sys::FocusEvent| {
            typing.typed(event_target_value(&event));
            typing.keep();
        }
    };
    let autocomplete = autocomplete.unwrap_or_else(|| "off".to_owned());
    let field = if multiline {
        view! {
            <textarea class="input" node_ref=area_ref aria-describedby=described autocomplete=autocomplete maxlength=max.to_string() rows="3"
                on:input=on_input on:compositionend=on_compositionend on:blur=on_blur>{value}</textarea>
        }
        .into_any()
    } else {
        view! {
            <input class="input" type="text" node_ref=input_ref aria-describedby=described value=value autocomplete=autocomplete maxlength=max.to_string() inputmode=inputmode.unwrap_or_default()
                on:input=on_input on:compositionend=on_compositionend on:blur=on_blur/>
        }
        .into_any()
    };
    view! {
        <label class="field">
            <span>{label}</span>
            {match unit {
                Some(unit) => view! { <span class="with-unit">{field}<span class="unit">{unit}</span></span> }.into_any(),
                None => field,
            }}
            {hint.map(|hint| view! { <span class="hint">{hint}</span> })}
            {odd.map(|odd| view! { <span class="odd" role="status">{odd}</span> })}
        </label>
    }
}

/// Shows the first blank of the texts in `group` selected, ready to be filled in.
pub fn go_to_blank(group: &web_sys::Element) {
    let Ok(areas) = group.query_selector_all("textarea") else { return };
    for index in 0..areas.length() {
        let Some(area) = areas.get(index).and_then(|node| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlTextAreaElement>(node).ok()) else {
            continue;
        };
        let text = area.value();
        let Some(start) = text.find(BLANK) else { continue };
        let (before, rest) = text.split_at(start);
        let blank = rest.len() - rest.trim_start_matches('_').len();
        // The browser counts in UTF-16.
        let start = u32::try_from(before.encode_utf16().count()).unwrap_or_default();
        let end = start + u32::try_from(blank).unwrap_or_default();
        // Without focus or selection the text is there all the same.
        let _ = area.focus();
        let _ = area.set_selection_range(start, end);
        return;
    }
}

/// What is being typed into one field and not kept yet.
#[derive(Clone)]
struct Typing {
    text: Rc<RefCell<String>>,
    kept: Rc<RefCell<String>>,
    timer: Rc<Cell<Option<TimeoutHandle>>>,
    on_save: Callback<String>,
    app: App,
}

impl Typing {
    fn new(text: String, on_save: Callback<String>) -> Self {
        let app = App::get();
        let typing = Self {
            text: Rc::new(RefCell::new(text.clone())),
            kept: Rc::new(RefCell::new(text)),
            timer: Rc::new(Cell::new(None)),
            on_save,
            app,
        };
        let flush = typing.clone();
        let id = app.add_flusher(move || flush.keep());
        let last = send_wrapper::SendWrapper::new(typing.clone());
        on_cleanup(move || {
            last.keep();
            app.remove_flusher(id);
        });
        typing
    }

    /// Typing has begun, within an input method: the screen must not say that all is kept.
    fn begin(&self) {
        self.app.typing.set(true);
    }

    fn typed(&self, text: String) {
        if *self.text.borrow() == text {
            return;
        }
        *self.text.borrow_mut() = text;
        self.app.typing.set(true);
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
        let rested = self.clone();
        self.timer.set(set_timeout_with_handle(move || rested.keep(), REST).ok());
    }

    fn keep(&self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
        let text = self.text.borrow().clone();
        if *self.kept.borrow() != text {
            *self.kept.borrow_mut() = text.clone();
            // The field may outlive what it writes to, when the page is left.
            self.on_save.try_run(text);
        }
        self.app.typing.try_set(false);
    }
}

/// A sheet that comes up from below; a dialog on wide screens.
#[component]
pub fn Sheet(
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// Title, following the language.
    #[prop(into)]
    title: Signal<String>,
    /// Fills the screen, and a tap beside its parts does not close it.
    #[prop(optional)]
    full: bool,
    /// What is in it; made anew each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let shown = open.get();
        let Some(dialog) = dialog.get() else { return };
        if shown && !dialog.open() {
            // Fails only when it is open already.
            let _ = dialog.show_modal();
        } else if !shown && dialog.open() {
            dialog.close();
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog class=if full { "sheet full" } else { "sheet" } node_ref=dialog aria-label=title on:close=move |_| open.set(false)
            on:click=move |event| {
                // A tap on the darkened page around it.
                let outside = event.target().zip(dialog.get_untracked()).is_some_and(|(target, dialog)| {
                    wasm_bindgen::JsCast::dyn_ref::<web_sys::Node>(&target).is_some_and(|target| target.is_same_node(Some(&dialog)))
                });
                if outside && !full {
                    open.set(false);
                }
            }>
            <Show when=move || open.get()>
                <div class="sheet-head">
                    <h2>{title}</h2>
                    <button type="button" class="icon-btn" aria-label=move || words().close on:click=move |_| open.set(false)>{icon("close")}</button>
                </div>
                <div class="sheet-body">{children.with_value(|children| children())}</div>
            </Show>
        </dialog>
    }
}

/// A notice with an icon.
#[component]
pub fn Notice(
    /// `good`, `bad`, `warn` or nothing.
    #[prop(optional)]
    tone: &'static str,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let name = match tone {
        "good" => "check",
        "bad" | "warn" => "warn",
        _ => "info",
    };
    let role = if tone == "bad" { "alert" } else { "note" };
    view! { <div class=format!("notice {tone}") role=role>{icon(name)}<div class="grow">{children()}</div></div> }
}

/// A field of a form that is kept as a whole by its button.
#[component]
pub fn FormField(
    /// Label, following the language.
    #[prop(into)]
    label: Signal<String>,
    /// The text; read, and written only by typing.
    text: RwSignal<String>,
    /// Advice below the field.
    #[prop(optional, into)]
    hint: Option<Signal<String>>,
    /// What is odd or wrong, below the field.
    #[prop(optional, into)]
    odd: Option<Signal<String>>,
    /// What must be put right before the form can be kept: shown below the field, which then takes the focus.
    /// Typing takes it away.
    #[prop(optional)]
    problem: Option<RwSignal<Option<String>>>,
    /// `tel`, `numeric` or nothing.
    #[prop(optional, into)]
    inputmode: Option<String>,
) -> impl IntoView {
    let start = text.get_untracked();
    let input = NodeRef::<html::Input>::new();
    let wrong = move || problem.and_then(|problem| problem.get());
    Effect::new(move |_| {
        if wrong().is_some()
            && let Some(input) = input.get_untracked()
        {
            // The message is there even where the focus can't be moved.
            let _ = input.focus();
        }
    });
    view! {
        <label class="field">
            <span>{label}</span>
            <input class="input" type="text" node_ref=input value=start autocomplete="off" maxlength="200" inputmode=inputmode.unwrap_or_default()
                aria-invalid=move || wrong().map(|_| "true")
                on:input=move |event| {
                    text.set(event_target_value(&event));
                    if let Some(problem) = problem && problem.with_untracked(Option::is_some) {
                        problem.set(None);
                    }
                }/>
            {problem.is_some().then(|| view! { <span class="error" role="alert">{wrong}</span> })}
            {hint.map(|hint| view! { <span class="hint">{hint}</span> })}
            {odd.map(|odd| view! { <span class="odd" role="status">{odd}</span> })}
        </label>
    }
}
