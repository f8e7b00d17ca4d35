//! Ranges of numbers: the office gives them to phones, and voids numbers that are never given.

use leptos::prelude::*;

use super::ctx::explain;
use super::register::{Named, Where};
use super::served::Reason;
use super::store::{Numbers, give};
use crate::app::document::Handout;
use crate::document::RANGE_KIND;
use crate::document::register::next_from;
use crate::domain::id::DeviceId;
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{FormField, Notice, Sheet};
use crate::ui::words::{cases_words, document_words, fill, lang};

/// How many numbers are given at once unless somebody says otherwise.
const USUAL: u32 = 50;
/// The most at once.
const MOST: u32 = 1_000;

/// A device that is known here, and what people call it.
type Known = (String, String);

/// This device, and those that files came from.
async fn devices(app: App) -> Vec<Known> {
    let own = app.workspace().device().to_string();
    let mut all: Vec<Known> = vec![(own.clone(), document_words().this_device.to_owned())];
    // Without the ledger of imports a device is typed in.
    for entry in app.workspace().ledger().await.unwrap_or_default() {
        if entry.direction == "import" && !all.iter().any(|(id, _)| *id == entry.device) {
            let name = [entry.sender, entry.bureau].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
            all.push((entry.device, name));
        }
    }
    all
}

/// Gives a range to a device.
#[component]
pub fn GiveRange(series: Signal<Vec<Named>>, numbers: Signal<Numbers>, year: RwSignal<i32>) -> impl IntoView {
    let app = App::get();
    let known = LocalResource::new(move || devices(app));
    let (chosen, device) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (typed, many) = (RwSignal::new(String::new()), RwSignal::new(USUAL.to_string()));
    let mark = RwSignal::new(app.prefs.with_untracked(|prefs| prefs.mark.clone()));
    let busy = RwSignal::new(false);
    let whom = move || {
        let typed = typed.get().trim().to_owned();
        if typed.is_empty() { device.get() } else { typed }
    };
    let count = move || many.get().trim().parse::<u32>().ok().filter(|count| (1..=MOST).contains(count));
    let from = move || numbers.with(|numbers| next_from(&chosen.get(), year.get(), &numbers.ranges, &numbers.given));
    let whole = move || !chosen.get().is_empty() && DeviceId::parse(&whom()).is_ok() && count().is_some() && !mark.get().trim().is_empty();
    let give_it = move |_| {
        let Some(count) = untrack(count).filter(|_| untrack(whole) && !busy.get_untracked()) else { return };
        let from = untrack(from);
        let to = from.saturating_add(count - 1);
        let mark = mark.get_untracked().trim().to_owned();
        app.set_prefs(|prefs| prefs.mark = mark.clone());
        let handout = Handout { series: chosen.get_untracked(), year: year.get_untracked(), mark, device: untrack(whom), from, to };
        busy.set(true);
        leptos::task::spawn_local(async move {
            match give(app, &handout).await {
                Ok(_) => app.toast(fill(document_words().given_toast, &[&from, &to])),
                Err(error) => app.toast(explain(&error)),
            }
            busy.try_set(false);
        });
    };
    let ids = Memo::new(move |_| {
        let own = app.summaries.with(|all| all.iter().filter(|one| one.kind == RANGE_KIND).map(|one| one.id.clone()).collect::<Vec<_>>());
        own.join(",")
    });
    view! {
        <details class="card fold"><summary>{move || document_words().give_range}{icon("down")}</summary>
            <div class="stack">
                <p class="muted">{move || document_words().give_hint}</p>
                <label class="field"><span>{move || document_words().series}</span>
                    <select class="input" on:change=move |event| chosen.set(event_target_value(&event))>
                        <option value="">{move || cases_words().choose}</option>
                        {move || series.get().into_iter().map(|one| view! { <option value=one.series.id.clone()>{lang().pick(&one.zh, &one.en).to_owned()}</option> }).collect_view()}
                    </select>
                </label>
                <label class="field"><span>{move || document_words().device}</span>
                    <select class="input" on:change=move |event| device.set(event_target_value(&event))>
                        <option value="">{move || cases_words().choose}</option>
                        {move || known.get().unwrap_or_default().into_iter().map(|(id, name)| view! { <option value=id.clone()>{format!("{name} {id}")}</option> }).collect_view()}
                    </select>
                </label>
                <FormField label=Signal::derive(|| document_words().device_typed.to_owned()) text=typed hint=Signal::derive(move || fill(document_words().device_is, &[&app.workspace().device()]))/>
                <FormField label=Signal::derive(|| document_words().mark.to_owned()) text=mark hint=Signal::derive(|| document_words().mark_hint.to_owned())/>
                <FormField label=Signal::derive(|| document_words().how_many.to_owned()) text=many inputmode="numeric"/>
                {move || count().filter(|_| !chosen.get().is_empty()).map(|count| {
                    let from = from();
                    view! { <p class="num" role="status">{fill(document_words().will_give, &[&from, &from.saturating_add(count - 1)])}</p> }
                })}
                <button type="button" class="btn primary block" disabled=move || busy.get() || !whole() || !app.owner.get() on:click=give_it>{move || document_words().give}</button>
                <Show when=move || !ids.get().is_empty()>
                    <Notice>{move || document_words().hand_out_hint}</Notice>
                    <a class="btn block" href=move || format!("/export?ids={}", ids.get())>{icon("share")}{move || document_words().hand_out}</a>
                </Show>
            </div>
        </details>
    }
}

/// Asks why a number is never given.
#[component]
pub fn VoidNumber(voiding: RwSignal<Option<(Where, u32)>>, on_void: Callback<(Where, u32, String)>) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(voiding.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && voiding.with_untracked(Option::is_some) {
            voiding.set(None);
        }
    });
    view! {
        <Sheet open title=Signal::derive(move || fill(document_words().void_title, &[&voiding.get().map(|(_, n)| n).unwrap_or_default()]))>
            <p>{move || document_words().void_hint}</p>
            <Reason word=|| document_words().void on_done=Callback::new(move |reason: String| {
                if let Some((place, n)) = voiding.get_untracked() {
                    voiding.set(None);
                    on_void.run((place, n, reason));
                }
            })/>
        </Sheet>
    }
}
