//! Which units get a task, and which of their equipment is meant.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;

use crate::app::assign::equipment_by_unit;
use crate::ledger::{Card, Kind, Ledger};
use crate::ui::icon::icon;
use crate::ui::ledger::list::{Loading, load};
use crate::ui::ledger::types::TypeNames;
use crate::ui::state::App;
use crate::ui::words::{assign_words, fill, lang, ledger_words};

/// How many units a search shows.
const FOUND: usize = 8;
/// How many chosen units are shown before the rest is asked for.
const SHOWN: usize = 20;

/// The units, each with the pieces of equipment that are meant, in the order in which they were chosen.
pub type Chosen = RwSignal<Vec<(String, BTreeSet<String>)>>;

/// Which equipment of the units is meant, unless a person says otherwise of one unit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
enum Which {
    /// All.
    #[default]
    All,
    /// None: the unit as a whole.
    None,
    /// Those of a kind, by the beginning of its code.
    Kind(String),
}

impl Which {
    fn read(value: &str) -> Self {
        match value {
            "all" => Self::All,
            "none" => Self::None,
            kind => Self::Kind(kind.to_owned()),
        }
    }

    fn wants(&self, card: &Card) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Kind(start) => card.type_code.starts_with(start.as_str()),
        }
    }

    /// The equipment that is meant of each unit.
    fn of(&self, ledger: &Ledger, units: &[String]) -> Vec<(String, BTreeSet<String>)> {
        let mut own: BTreeMap<&str, Vec<&Card>> = equipment_by_unit(ledger, units.iter().map(String::as_str).collect());
        let meant = |id: &String| {
            let cards = own.remove(id.as_str()).unwrap_or_default();
            (id.clone(), cards.into_iter().filter(|card| self.wants(card)).map(|card| card.id.clone()).collect())
        };
        units.iter().map(meant).collect()
    }
}

/// The choice of units.
#[component]
pub fn UnitsChoice(chosen: Chosen, problem: RwSignal<Option<String>>) -> impl IntoView {
    let app = App::get();
    let (step, unreadable) = load(app);
    let types = LocalResource::new(TypeNames::load);
    let which = RwSignal::new(Which::default());
    let search = RwSignal::new(String::new());
    let all = RwSignal::new(false);
    let there = Memo::new(move |_| app.ledger_now().is_some());
    let is_chosen = move |id: &str| chosen.with(|chosen| chosen.iter().any(|(known, _)| known == id));
    // Nothing is offered before something is looked for: a county has thousands of units.
    let offered = Memo::new(move |_| {
        let query = search.get();
        let Some(shared) = app.ledger_now().filter(|_| !query.trim().is_empty()) else { return (Vec::new(), 0) };
        let known: BTreeSet<String> = chosen.with(|chosen| chosen.iter().map(|(id, _)| id.clone()).collect());
        let ledger = shared.get();
        let found = ledger.search(&query, |card| card.kind() == Some(Kind::Unit) && !known.contains(&card.id), FOUND);
        let lines = found.cards.into_iter().map(|card| (card.id.clone(), card.title.clone(), card.address.clone())).collect();
        (lines, found.total)
    });
    let add = move |ids: Vec<String>| {
        let Some(shared) = app.ledger_now() else { return };
        let ledger = shared.get();
        let fresh: Vec<String> = ids.into_iter().filter(|id| !is_chosen(id)).collect();
        let fresh = which.with_untracked(|which| which.of(&ledger, &fresh));
        chosen.update(|chosen| chosen.extend(fresh));
        problem.set(None);
    };
    let add_all = move |_| {
        let Some(shared) = app.ledger_now() else { return };
        let found: Vec<String> = {
            let ledger = shared.get();
            let cards = ledger.search(&search.get_untracked(), |card| card.kind() == Some(Kind::Unit), usize::MAX).cards;
            cards.into_iter().map(|card| card.id.clone()).collect()
        };
        add(found);
    };
    let choose_equipment = move |event| {
        which.set(Which::read(&event_target_value(&event)));
        let Some(shared) = app.ledger_now() else { return };
        let units: Vec<String> = chosen.with_untracked(|chosen| chosen.iter().map(|(id, _)| id.clone()).collect());
        let anew = which.with_untracked(|which| which.of(&shared.get(), &units));
        chosen.set(anew);
    };
    let shown = move || {
        let most = if all.get() { usize::MAX } else { SHOWN };
        chosen.with(|chosen| chosen.iter().take(most).map(|(id, _)| id.clone()).collect::<Vec<_>>())
    };
    let count = Memo::new(move |_| chosen.with(Vec::len));
    let kinds = move || types.get().unwrap_or_default().0.into_iter().filter(|one| one.level == 0);
    view! {
        <section class="card stack">
            <div class="spread"><h2>{move || assign_words().units}</h2>
                <span class="muted num" role="status">{move || fill(assign_words().n_units, &[&count.get()])}</span></div>
            <Show when=move || there.get() fallback=move || view! { <Loading step problem=unreadable/> }>
                <label class="search">
                    <span class="sr">{move || assign_words().unit_search}</span>
                    {icon("search")}
                    <input class="input" type="search" autocomplete="off" spellcheck="false" placeholder=move || assign_words().unit_search
                        on:input=move |event| search.set(event_target_value(&event))/>
                </label>
                <Show when=move || offered.with(|(lines, _)| !lines.is_empty())>
                    <ul class="list boxed">
                        <For each=move || offered.get().0 key=|(id, ..)| id.clone() let:one>
                            <li><button type="button" class="list-row"
                                aria-label={ let name = one.1.clone(); move || fill(assign_words().add_unit, &[&name]) }
                                on:click={ let id = one.0.clone(); move |_| add(vec![id.clone()]) }>
                                <span class="grow"><span class="title">{one.1.clone()}</span><span class="sub">{one.2.clone()}</span></span>
                                {icon("plus")}
                            </button></li>
                        </For>
                    </ul>
                    <button type="button" class="btn block" on:click=add_all>
                        {icon("plus")}{move || fill(assign_words().add_all, &[&offered.get().1])}
                    </button>
                </Show>
                <Show when=move || !search.with(|search| search.trim().is_empty()) && offered.with(|(lines, _)| lines.is_empty())>
                    <p class="muted">{move || ledger_words().none_found}</p>
                </Show>
                <label class="field"><span>{move || assign_words().which_equipment}</span>
                    <select class="input" on:change=choose_equipment>
                        <option value="all">{move || assign_words().equipment_all}</option>
                        {move || kinds().map(|one| {
                            let start: String = one.code.chars().take(1).collect();
                            view! { <option value=start>{move || lang().pick(&one.zh, &one.en).to_owned()}</option> }
                        }).collect_view()}
                        <option value="none">{move || assign_words().equipment_none}</option>
                    </select>
                </label>
                <Show when=move || problem.get().is_some()><p class="field"><span class="error" role="alert">{move || problem.get()}</span></p></Show>
                <ul class="list">
                    <For each=shown key=String::clone let:id><li><UnitRow id chosen/></li></For>
                </ul>
                <Show when=move || { !all.get() && count.get() > SHOWN }>
                    <button type="button" class="btn block" on:click=move |_| all.set(true)>{move || fill(ledger_words().more, &[&(count.get() - SHOWN)])}</button>
                </Show>
                <Show when=move || { count.get() > 1 }>
                    <button type="button" class="btn quiet" on:click=move |_| chosen.set(Vec::new())>{move || assign_words().clear_units}</button>
                </Show>
            </Show>
        </section>
    }
}

/// A chosen unit with its equipment to choose from.
#[component]
fn UnitRow(id: String, chosen: Chosen) -> impl IntoView {
    let app = App::get();
    let id = StoredValue::new(id);
    let open = RwSignal::new(false);
    let named = Memo::new(move |_| {
        let shared = app.ledger_now()?;
        let ledger = shared.get();
        id.with_value(|id| ledger.get(id).map(|card| (card.title.clone(), card.address.clone())))
    });
    let name = move || named.get().map(|(name, _)| name).unwrap_or_default();
    let equipment = Memo::new(move |_| {
        let Some(shared) = app.ledger_now() else { return Vec::new() };
        let ledger = shared.get();
        id.with_value(|id| {
            let own = equipment_by_unit(&ledger, BTreeSet::from([id.as_str()])).remove(id.as_str()).unwrap_or_default();
            own.into_iter().map(|card| (card.id.clone(), card.title.clone(), card.address.clone())).collect::<Vec<_>>()
        })
    });
    let meant = Memo::new(move |_| {
        let find = |chosen: &Vec<(String, BTreeSet<String>)>| {
            id.with_value(|id| chosen.iter().find(|(known, _)| known == id).map(|(_, meant)| meant.clone()))
        };
        chosen.with(find).unwrap_or_default()
    });
    let toggle = move |equipment: &str, on: bool| {
        chosen.update(|chosen| {
            let own = id.with_value(|id| chosen.iter_mut().find(|(known, _)| known == id));
            if let Some((_, meant)) = own {
                if on {
                    meant.insert(equipment.to_owned());
                } else {
                    meant.remove(equipment);
                }
            }
        });
    };
    let remove = move |_| chosen.update(|chosen| id.with_value(|id| chosen.retain(|(known, _)| known != id)));
    view! {
        <div class="pick-row">
            <button type="button" class="list-row" aria-expanded=move || open.get().to_string()
                aria-label=move || fill(assign_words().equipment_of, &[&name()])
                on:click=move |_| open.update(|open| *open = !*open)>
                <span class="grow">
                    <span class="title">{name}</span>
                    <span class="sub num">{move || match (equipment.with(Vec::len), meant.with(BTreeSet::len)) {
                        (0, _) => assign_words().no_equipment.to_owned(),
                        (_, 0) => assign_words().whole_unit.to_owned(),
                        (all, some) => fill(assign_words().n_equipment, &[&some, &all]),
                    }}</span>
                </span>
                {icon("down")}
            </button>
            <button type="button" class="icon-btn" aria-label=move || fill(assign_words().remove_unit, &[&name()]) on:click=remove>{icon("close")}</button>
        </div>
        <Show when=move || open.get()>
            <div class="choices inset">
                <For each=move || equipment.get() key=|(id, ..)| id.clone() let:one>
                    {
                        let (known, toggled) = (one.0.clone(), one.0.clone());
                        view! {
                            <label class="choice">
                                <input type="checkbox" prop:checked=move || meant.with(|meant| meant.contains(&known))
                                    on:change=move |event| toggle(&toggled, event_target_checked(&event))/>
                                <span class="grow">{one.1.clone()}<span class="hint">{one.2.clone()}</span></span>
                            </label>
                        }
                    }
                </For>
            </div>
        </Show>
    }
}
