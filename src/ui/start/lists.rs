//! The checklists of a visit, its campaign, and what its conditions need to know.

use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::prepare::Prepared;
use crate::app::suggest::{Proposal, Question};
use crate::ui::icon::icon;
use crate::ui::library::describe;
use crate::ui::pool::Listed;
use crate::ui::words::{fill, lang, visit_words};

/// What stands where a person knows that no listed value is right.
const OTHER: &str = "other";

/// What is looked up, shared by the parts of the page.
pub(super) type Looked = StoredValue<SendWrapper<Rc<Prepared>>>;

/// One checklist with the box that chooses it, and why it is proposed.
#[component]
fn ListChoice(
    list: Listed,
    reasons: Vec<(String, String)>,
    chosen: RwSignal<Vec<String>>,
    dropped: RwSignal<Vec<String>>,
) -> impl IntoView {
    let (id, this) = (list.id.clone(), list.id.clone());
    let change = move |event: web_sys::Event| {
        let on = event_target_checked(&event);
        chosen.update(|chosen| {
            chosen.retain(|known| *known != id);
            if on {
                chosen.push(id.clone());
            }
        });
        dropped.update(|dropped| {
            dropped.retain(|known| *known != id);
            if !on {
                dropped.push(id.clone());
            }
        });
    };
    let why = move || {
        let reasons = reasons.iter().map(|(zh, en)| lang().pick(zh, en).to_owned()).collect::<Vec<_>>();
        (!reasons.is_empty()).then(|| fill(visit_words().because, &[&reasons.join(lang().pick("；", "; "))]))
    };
    view! {
        <li><label class="choice">
            <input type="checkbox" prop:checked=move || chosen.with(|chosen| chosen.contains(&this)) on:change=change/>
            <span class="grow"><span class="title">{move || list.title(lang()).to_owned()}</span>{move || why().map(|why| view! { <span class="sub">{why}</span> })}</span>
        </label></li>
    }
}

/// The checklists: those proposed and chosen first, all others below by field of work.
#[component]
pub(super) fn Lists(
    looked: Looked,
    proposals: Memo<Vec<Proposal>>,
    chosen: RwSignal<Vec<String>>,
    dropped: RwSignal<Vec<String>>,
) -> impl IntoView {
    let library = StoredValue::new(looked.with_value(|looked| looked.library.clone()));
    let search = RwSignal::new(String::new());
    let known = move |id: &str| library.with_value(|library| library.iter().find(|list| list.id == id).cloned());
    // What was chosen out of the library stays among the first, also when it is taken out again.
    let first = Memo::new(move |before: Option<&Vec<String>>| {
        let mut ids: Vec<String> = proposals.with(|all| all.iter().map(|one| one.list.clone()).collect());
        let more = chosen.get().into_iter().chain(before.into_iter().flatten().cloned());
        for id in more {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    });
    let reasons =
        move |id: &str| proposals.with(|all| all.iter().find(|one| one.list == id).map(|one| one.reasons.clone()).unwrap_or_default());
    let row = move |id: String| known(&id).map(|list| view! { <ListChoice list reasons=reasons(&id) chosen dropped/> });
    let groups = move || {
        let search = search.get();
        let first = first.get();
        let mut groups: BTreeMap<usize, (String, Vec<Listed>)> = BTreeMap::new();
        for list in library.get_value().into_iter().filter(|list| !first.contains(&list.id) && list.fits(&search)) {
            let place = describe::domain_place(&list.domain);
            groups.entry(place).or_insert_with(|| (describe::domain(&list.domain).to_owned(), Vec::new())).1.push(list);
        }
        groups.into_values().map(|(title, lists)| view! {
            <h3>{title}</h3>
            <ul class="choices">{lists.into_iter().map(|list| view! { <ListChoice list reasons=Vec::new() chosen dropped/> }).collect_view()}</ul>
        }).collect_view()
    };
    view! {
        <section class="card stack" aria-labelledby="visit-lists">
            <h2 id="visit-lists">{move || visit_words().choose_lists}</h2>
            <p class="muted small">{move || visit_words().choose_lists_hint}</p>
            <ul class="choices"><For each=move || first.get() key=Clone::clone let:id>{row(id)}</For></ul>
            <Show when=move || chosen.with(Vec::is_empty)><p class="error" role="alert">{move || visit_words().lists_needed}</p></Show>
            <details class="fold-in"><summary>{icon("plus")}{move || visit_words().all_lists}</summary>
                <div class="stack">
                    <label class="search"><span class="sr">{move || visit_words().search_lists}</span>{icon("search")}
                        <input class="input" type="search" placeholder=move || visit_words().search_lists on:input=move |event| search.set(event_target_value(&event))/>
                    </label>
                    {groups}
                </div>
            </details>
        </section>
    }
}

/// The campaigns that the visit belongs to: those of the day, unless they are changed.
#[component]
pub(super) fn Seasons(looked: Looked, seasons: RwSignal<Vec<String>>) -> impl IntoView {
    let all = looked.with_value(|looked| looked.seasons.clone());
    if all.is_empty() {
        return ().into_any();
    }
    let button = move |season: super::prepare::Season| {
        let (code, this) = (season.code.clone(), season.code.clone());
        let act = move |_| {
            seasons.update(|seasons| {
                if seasons.contains(&code) {
                    seasons.retain(|known| *known != code);
                } else {
                    seasons.push(code.clone());
                }
            });
        };
        view! { <button type="button" aria-pressed=move || seasons.with(|seasons| seasons.contains(&this)).to_string() on:click=act>{move || lang().pick(&season.zh, &season.en).to_owned()}</button> }
    };
    view! {
        <div class="field" role="group" aria-labelledby="visit-season">
            <span id="visit-season">{move || visit_words().campaign}</span>
            <div class="chips-pick">{all.into_iter().map(button).collect_view()}</div>
            <span class="hint">{move || visit_words().campaign_auto}</span>
        </div>
    }
    .into_any()
}

/// What conditions ask for. What is left open is asked on site all the same.
#[component]
pub(super) fn About(looked: Looked, questions: Memo<Vec<Question>>, answers: RwSignal<BTreeMap<String, Vec<String>>>) -> impl IntoView {
    let ask = move |question: Question| {
        let Question { field, mut values } = question;
        let several = !values.is_empty();
        if several {
            values.push(OTHER.to_owned());
        } else {
            values = vec!["true".to_owned(), "false".to_owned()];
        }
        let id = format!("about-{}", field.replace('.', "-"));
        let (name, labelled) = (field.clone(), id.clone());
        let label = move |field: &str, value: &str| match value {
            "true" => visit_words().yes.to_owned(),
            "false" => visit_words().no.to_owned(),
            OTHER if several => visit_words().none_of_these.to_owned(),
            code => looked.with_value(|looked| looked.label(field, code, lang())),
        };
        let button = {
            let field = field.clone();
            move |value: String| {
                let (this, this_field, act_field, shown, shown_field) =
                    (value.clone(), field.clone(), field.clone(), value.clone(), field.clone());
                let act = move |_| {
                    answers.update(|answers| {
                        let known = answers.entry(act_field.clone()).or_default();
                        let had = known.contains(&value);
                        // One that excludes the others stands alone.
                        if !several || value == OTHER {
                            known.clear();
                        }
                        known.retain(|one| *one != value && one != OTHER);
                        if !had {
                            known.push(value.clone());
                        }
                    });
                };
                let pressed =
                    move || answers.with(|answers| answers.get(&this_field).is_some_and(|known| known.contains(&this))).to_string();
                view! { <button type="button" aria-pressed=pressed on:click=act>{move || label(&shown_field, &shown)}</button> }
            }
        };
        view! {
            <div class="field" role="group" aria-labelledby=labelled>
                <span id=id>{move || describe::field(&name)}</span>
                <div class="chips-pick">{values.into_iter().map(button).collect_view()}</div>
            </div>
        }
    };
    view! {
        <Show when=move || questions.with(|questions| !questions.is_empty())>
            <section class="card stack">
                <h2>{move || visit_words().about_visit}</h2>
                <p class="muted small">{move || visit_words().about_hint}</p>
                <For each=move || questions.get() key=|question| (question.field.clone(), question.values.clone()) let:question>{ask(question)}</For>
            </section>
        </Show>
    }
}
