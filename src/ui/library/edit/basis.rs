//! Why an item must be so: laws and standards with their articles.

use leptos::prelude::*;

use super::ctx::EditCtx;
use crate::app::library::draft::Draft;
use crate::domain::checklist::{Basis, BasisRef, Checked, Item};
use crate::ui::icon::icon;
use crate::ui::widget::{FormField, TextField};
use crate::ui::words::{fill, lang, library_words};

/// How the names of laws begin that a bureau wrote itself.
const OWN: &str = "OWN-";

/// The references of an item.
#[component]
pub fn BasisFields(ctx: EditCtx, id: StoredValue<String>) -> impl IntoView {
    // Rows are made anew when laws come and go, never while someone types.
    let laws =
        Memo::new(move |_| id.with_value(|id| ctx.of(id, |item| item.basis.iter().map(|one| one.basis.clone()).collect::<Vec<_>>())));
    view! {
        <fieldset class="part">
            <legend class="legend-name">{move || library_words().item_basis}</legend>
            <Show when=move || laws.with(|laws| !laws.is_empty()) fallback=|| view! { <p class="muted">{move || library_words().basis_none}</p> }>
                <ol class="stack">{move || laws.get().into_iter().enumerate().map(|(at, law)| view! { <BasisRow ctx id at law/> }).collect_view()}</ol>
            </Show>
            <AddBasis ctx id/>
        </fieldset>
    }
}

#[component]
fn BasisRow(ctx: EditCtx, id: StoredValue<String>, at: usize, law: String) -> impl IntoView {
    let one = move |item: &Item| item.basis.get(at).cloned();
    let start = id.with_value(|id| ctx.now(id, one));
    let (article, verify) = start.map(|one| (one.article.unwrap_or_default(), one.verify)).unwrap_or_default();
    let basis = ctx.draft.with_untracked(|draft| draft.list.basis(&law).cloned());
    let name = basis.as_ref().map_or_else(|| (law.clone(), law.clone()), |basis| (basis.name_zh.clone(), basis.name_en.clone()));
    let number = basis.as_ref().map(|basis| basis.number.clone()).filter(|number| !number.is_empty());
    let own = law.starts_with(OWN);
    let unread = !own && basis.as_ref().is_none_or(|basis| basis.checked != Checked::Source);
    let change = move |change: &dyn Fn(&mut BasisRef)| {
        id.with_value(|id| {
            ctx.change(id, |item| item.basis.get_mut(at).into_iter().for_each(change));
        });
    };
    let save = Callback::new(move |text: String| {
        let article = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        change(&|one| one.article.clone_from(&article));
    });
    let law = StoredValue::new(law);
    let check = move |event| {
        let checked = event_target_checked(&event);
        change(&|one| one.verify = !checked);
        // A text that the bureau named itself is known to it alone.
        let known = law.with_value(|law| ctx.draft.with_untracked(|draft| draft.list.basis(law).cloned()));
        if let Some(basis) = known.filter(|_| own) {
            let to = if checked { Checked::Source } else { Checked::Knowledge };
            ctx.write(&Draft::set_law(&Basis { checked: to, ..basis }));
        }
    };
    let remove = move |_| {
        id.with_value(|id| {
            ctx.act_here(id, library_words().basis_removed, |item| {
                if at < item.basis.len() {
                    item.basis.remove(at);
                }
            });
        });
    };
    let place = at + 1;
    view! {
        <li class="part-row">
            <div class="row">
                <p class="grow">{move || lang().pick(&name.0, &name.1).to_owned()}{number.clone().map(|number| view! { <span class="muted">"（"{number}"）"</span> })}</p>
                <button type="button" class="icon-btn" aria-label=move || fill(library_words().basis_remove, &[&place]) on:click=remove>{icon("trash")}</button>
            </div>
            <TextField label=Signal::derive(move || fill(library_words().basis_article_n, &[&place])) value=article on_save=save max=100/>
            <label class="choice">
                <input type="checkbox" checked=!verify on:change=check/>
                <span>{move || library_words().basis_checked}</span>
            </label>
            {unread.then(|| view! { <p class="muted small">{move || library_words().basis_law_unverified}</p> })}
        </li>
    }
}

/// Chooses a law that the app knows, or takes the name of another one.
#[component]
fn AddBasis(ctx: EditCtx, id: StoredValue<String>) -> impl IntoView {
    let (choosing, writing) = (RwSignal::new(false), RwSignal::new(false));
    let (name, problem) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let known = move || {
        let mut all = ctx.draft.with(|draft| draft.list.basis.clone());
        let more: Vec<Basis> = ctx.laws.get().into_iter().filter(|law| all.iter().all(|known| known.id != law.id)).collect();
        all.extend(more);
        all
    };
    let add = move |law: Basis| {
        let reference = BasisRef { basis: law.id.clone(), article: None, verify: true };
        let mut changes = Vec::new();
        if ctx.draft.with_untracked(|draft| draft.list.basis(&law.id).is_none()) {
            changes.extend(Draft::set_law(&law));
        }
        let item = id.with_value(|id| ctx.draft.with_untracked(|draft| draft.item(id).cloned()));
        if let Some(mut item) = item {
            item.basis.push(reference);
            changes.extend(Draft::set_item(&item));
        }
        ctx.write(&changes);
        choosing.set(false);
        writing.set(false);
    };
    let choose = move |event| {
        let value = event_target_value(&event);
        writing.set(value == "other");
        if let Some(law) = untrack(known).into_iter().find(|law| law.id == value) {
            add(law);
        }
    };
    let write = move |_| {
        let text = name.get_untracked().trim().to_owned();
        if text.is_empty() {
            problem.set(Some(library_words().basis_name_needed.to_owned()));
            return;
        }
        let number = ctx.draft.with_untracked(|draft| {
            draft.list.basis.iter().filter_map(|law| law.id.strip_prefix(OWN)?.parse::<u32>().ok()).max().unwrap_or_default() + 1
        });
        add(Basis {
            id: format!("{OWN}{number}"),
            name_zh: text.clone(),
            name_en: text,
            number: String::new(),
            effective: None,
            checked: Checked::Knowledge,
            source: None,
        });
        name.set(String::new());
    };
    let option = |law: Basis| {
        view! { <option value=law.id.clone()>{move || format!("{} {}", lang().pick(&law.name_zh, &law.name_en), law.number)}</option> }
    };
    view! {
        <Show
            when=move || choosing.get()
            fallback=move || view! { <button type="button" class="btn quiet block" on:click=move |_| choosing.set(true)>{icon("plus")}{move || library_words().basis_add}</button> }
        >
            <label class="field">
                <span>{move || library_words().basis_choose}</span>
                <select class="input" on:change=choose>
                    <option value="" selected=true>"—"</option>
                    {move || known().into_iter().map(option).collect_view()}
                    <option value="other">{move || library_words().basis_other}</option>
                </select>
            </label>
            <Show when=move || writing.get()>
                <FormField label=Signal::derive(|| library_words().basis_name.to_owned()) text=name problem/>
                <button type="button" class="btn block" on:click=write>{move || library_words().basis_add}</button>
            </Show>
        </Show>
    }
}
