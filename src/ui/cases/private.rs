//! Personal data of a matter: hidden until somebody asks for them, which is written into its history.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::ctx::CaseCtx;
use crate::domain::journal::State;
use crate::domain::time::Instant;
use crate::procedure::{Case, Field, is_private_path, names_private};
use crate::ui::icon::icon;
use crate::ui::words::{fill, inbox_words};

/// The private fields that say something, by their names; each once.
fn told(case: &Case, state: &State) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let own = case.procedure.fields.iter().map(|field| (format!("fields/{}", field.id), field, &case.procedure.fields));
    let steps = state.under("steps").filter_map(|(path, cell)| {
        let id = path.strip_suffix("/step")?;
        let def = case.procedure.step(cell.value.as_str()?)?;
        Some(def.fields.iter().map(move |field| (format!("steps/{id}/fields/{}", field.id), field, &def.fields)))
    });
    for (path, field, form) in own.chain(steps.flatten()) {
        let there = state.get(&path).is_some_and(|value| !value.is_null());
        if there && names_private(field, form) && !names.contains(&field.id) {
            names.push(field.id.clone());
        }
    }
    let photos = crate::domain::inspection::photos(state);
    let items = photos.iter().filter(|photo| is_private_path(&case.procedure, state, &format!("photos/{}", photo.id)));
    for item in items.filter_map(|photo| photo.item.clone()) {
        let field = item.split_once('.').map_or(item.as_str(), |(_, field)| field).to_owned();
        if !names.contains(&field) {
            names.push(field);
        }
    }
    names
}

/// Whether there is anything to hide.
pub fn hides(ctx: CaseCtx) -> bool {
    ctx.with(|case, state| !told(case, state).is_empty()).unwrap_or(false)
}

/// Shows personal data: only once it has been written down that somebody looked. Whether they are shown.
pub fn reveal(ctx: CaseCtx) -> bool {
    if ctx.shown.get_untracked() {
        return true;
    }
    let fields = untrack(|| ctx.with(told)).unwrap_or_default();
    let now = ctx.now();
    let id = ctx.app.workspace().new_record_id();
    let look = json!({"ms": now.wall_ms, "offset_min": now.offset_min, "fields": fields});
    let kept = ctx.pen.put(&vec![(format!("shown/{id}"), look)], inbox_words().look_reason);
    ctx.shown.set(kept);
    kept
}

/// The ids of the photos that tell of a person.
pub fn private_photos(case: &Case, state: &State) -> Vec<String> {
    let all = crate::domain::inspection::photos(state);
    all.into_iter().map(|photo| photo.id).filter(|id| is_private_path(&case.procedure, state, &format!("photos/{id}"))).collect()
}

/// Whether an answer is hidden now: it tells of a person and nobody asked for it.
pub fn is_hidden(ctx: CaseCtx, field: &Field, form: &[Field]) -> bool {
    !ctx.shown.get() && names_private(field, form)
}

/// What stands for hidden photos.
pub fn hidden_photos(count: usize) -> AnyView {
    view! { <span class="muted">{icon("lock")}" "{fill(inbox_words().photos_hidden, &[&count])}</span> }.into_any()
}

/// Says that personal data are hidden, with the way to see them.
#[component]
pub fn Hidden(ctx: CaseCtx) -> impl IntoView {
    move || {
        let w = inbox_words();
        let shown = ctx.shown.get();
        hides(ctx).then(|| {
            view! {
                <section class="card stack tight hidden-note" aria-label=w.hidden>
                    <p class="row">{icon("lock")}<span class="grow">{if shown { w.shown } else { w.hidden }}</span></p>
                    {(!shown).then(|| view! {
                        <p class="muted small">{w.hidden_hint}</p>
                        <button type="button" class="btn" on:click=move |_| { reveal(ctx); }>{w.show}</button>
                    })}
                </section>
            }
        })
    }
}

/// Who had personal data shown to them, and when; the latest first.
#[component]
pub fn Looks(ctx: CaseCtx) -> impl IntoView {
    move || {
        ctx.pen.version.track();
        let mut looks: Vec<(u64, i32, String)> = ctx.pen.with_state(|state| {
            let all = state.under("shown").filter(|(path, _)| !path.contains('/')).map(|(_, cell)| {
                let number = |name: &str| cell.value.get(name).and_then(Value::as_i64).unwrap_or_default();
                (u64::try_from(number("ms")).unwrap_or_default(), i32::try_from(number("offset_min")).unwrap_or_default(), cell.by.clone())
            });
            all.collect()
        });
        looks.sort_by_key(|look| std::cmp::Reverse(look.0));
        looks
            .into_iter()
            .map(|(ms, offset, by)| {
                view! { <li class="step"><strong>{inbox_words().looked}</strong><span class="sub num">{Instant::from_ms(ms).minute_text(offset)}" "{by}</span></li> }
            })
            .collect_view()
    }
}

/// Says of an extract from another office what it is.
#[component]
pub fn ExtractNote(ctx: CaseCtx) -> impl IntoView {
    move || {
        let said = ctx.value("extract")?;
        let text = |pointer: &str| said.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let left: Vec<&str> = said.get("left_out").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let photos = said.get("photos").and_then(Value::as_u64).unwrap_or_default();
        let stands = crate::ui::words::lang().pick(&text("/stands/zh"), &text("/stands/en")).to_owned();
        let told = fill(inbox_words().is_extract, &[&stands, &left.join("、"), &photos]);
        Some(view! { <crate::ui::widget::Notice>{told}</crate::ui::widget::Notice> })
    }
}
