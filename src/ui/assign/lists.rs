//! Which checklists a task names.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::units::Chosen;
use crate::rules::Campaigns;
use crate::ui::icon::icon;
use crate::ui::pool::{self, Listed};
use crate::ui::state::App;
use crate::ui::words::{assign_words, fill, lang};

/// The choice of checklists. Those fit that are for a type of the chosen equipment, or belong to the chosen campaign.
#[component]
pub fn ListsChoice(
    lists: RwSignal<Vec<String>>,
    chosen: Chosen,
    campaigns: LocalResource<Campaigns>,
    campaign: RwSignal<String>,
) -> impl IntoView {
    let app = App::get();
    let library = LocalResource::new(pool::library);
    let search = RwSignal::new(String::new());
    let codes = Memo::new(move |_| {
        let Some(shared) = app.ledger_now() else { return BTreeSet::new() };
        let ledger = shared.get();
        let meant = |(_, meant): &(String, BTreeSet<String>)| {
            meant.iter().filter_map(|id| ledger.get(id)).map(|card| card.type_code.clone()).collect::<Vec<_>>()
        };
        chosen.with(|chosen| chosen.iter().flat_map(meant).collect::<BTreeSet<_>>())
    });
    let of_campaign = move || {
        let all = campaigns.get().map(|all| all.campaigns).unwrap_or_default();
        all.into_iter().find(|one| campaign.with(|id| one.id == *id)).map(|one| one.checklists).unwrap_or_default()
    };
    let parts = Memo::new(move |_| {
        let named = of_campaign();
        let fits = |list: &Listed| {
            named.contains(&list.id)
                || codes.with(|codes| codes.iter().any(|code| list.prefixes.iter().any(|start| code.starts_with(start.as_str()))))
        };
        library.get().unwrap_or_default().into_iter().partition::<Vec<_>, _>(fits)
    });
    let propose = move |_| {
        let fitting = parts.with_untracked(|(fitting, _)| fitting.iter().map(|list| list.id.clone()).collect::<Vec<_>>());
        lists.update(|lists| lists.extend(fitting.into_iter().filter(|id| !lists.contains(id)).collect::<Vec<_>>()));
    };
    let toggle = move |id: &str, on: bool| {
        lists.update(|lists| {
            lists.retain(|known| known != id);
            if on {
                lists.push(id.to_owned());
            }
        });
    };
    let row = move |list: Listed| {
        let (known, toggled) = (list.id.clone(), list.id.clone());
        view! {
            <label class="choice">
                <input type="checkbox" prop:checked=move || lists.with(|lists| lists.contains(&known)) on:change=move |event| toggle(&toggled, event_target_checked(&event))/>
                <span class="grow">{move || list.title(lang()).to_owned()}</span>
            </label>
        }
    };
    let others = move || {
        let search = search.get();
        parts.get().1.into_iter().filter(|list| list.fits(&search)).collect::<Vec<_>>()
    };
    view! {
        <section class="card stack">
            <h2>{move || assign_words().lists}</h2>
            <p class="muted">{move || assign_words().lists_hint}</p>
            <Show when=move || parts.with(|(fitting, _)| !fitting.is_empty())>
                <fieldset class="field"><legend>{move || assign_words().lists_fitting}</legend>
                    <div class="choices"><For each=move || parts.get().0 key=|list| list.id.clone() let:list>{row(list)}</For></div>
                </fieldset>
                <button type="button" class="btn" on:click=propose>{icon("check")}{move || assign_words().lists_propose}</button>
            </Show>
            <details>
                <summary>{move || { let n = parts.with(|(_, others)| others.len()); fill(assign_words().name_n, &[&assign_words().lists_others, &n]) }}</summary>
                <div class="stack">
                    <label class="search">
                        <span class="sr">{move || assign_words().lists_search}</span>
                        {icon("search")}
                        <input class="input" type="search" autocomplete="off" placeholder=move || assign_words().lists_search on:input=move |event| search.set(event_target_value(&event))/>
                    </label>
                    <div class="choices"><For each=others key=|list| list.id.clone() let:list>{row(list)}</For></div>
                </div>
            </details>
        </section>
    }
}
