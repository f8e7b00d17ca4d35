//! Handwritten signatures: strokes on a pad, kept as numbers, so that turning the phone loses nothing.

use leptos::prelude::*;
use serde_json::Value;

use super::check::CheckCtx;
use super::content;
use super::icon::icon;
use super::widget::{Notice, Sheet};
use super::words::{lang, words};
use crate::domain::content::Lang;
use crate::domain::signature::{Signature, Stroke};

/// Width by height of the pad.
const ASPECT: f64 = 2.0;

/// The word for who signs.
#[must_use]
pub fn signer_word(role: &str) -> &'static str {
    match role {
        "inspector1" => words().inspector_1,
        "inspector2" => words().inspector_2,
        _ => words().attendant,
    }
}

/// One who signs: the signature as it stands, and the way to give it.
#[component]
pub fn Signer(ctx: CheckCtx, role: &'static str) -> impl IntoView {
    let path = format!("signatures/{role}");
    let now = {
        let path = path.clone();
        Memo::new(move |_| ctx.value(&path).and_then(|value| Signature::read(&value)))
    };
    let open = RwSignal::new(false);
    let refusing = RwSignal::new(false);
    let name = move || match role {
        "inspector1" => person(ctx, "inspectors/1"),
        "inspector2" => person(ctx, "inspectors/2"),
        _ => (ctx.text("attendant"), String::new()),
    };
    let keep = Callback::new(move |signature: Signature| {
        let value = serde_json::to_value(&signature).unwrap_or_default();
        ctx.set(&[(path.as_str(), value)]);
    });
    let label = move || format!("{} · {}", words().sign, signer_word(role));
    let sign_word = move || if now.get().is_some() { words().sign_again } else { words().sign };
    view! {
        <li class="signer" id=format!("sign-{role}")>
            <div class="spread">
                <span class="grow"><span class="title">{move || signer_word(role)}</span><span class="sub">{move || [name().0, name().1].join(" ")}</span></span>
                {move || match now.get() {
                    Some(Signature::Refused(_)) => view! { <span class="chip warn">{words().refused}</span> }.into_any(),
                    Some(Signature::Signed(_)) => view! { <span class="chip good">{icon("check")}{words().signed}</span> }.into_any(),
                    None => view! { <span class="chip">{words().not_signed}</span> }.into_any(),
                }}
            </div>
            {move || now.get().map(|signature| view! { <SignatureView signature/> })}
            <div class="row wrap">
                <button type="button" class="btn" aria-label=move || format!("{} · {}", sign_word(), signer_word(role)) on:click=move |_| open.set(true)>{icon("pen")}{sign_word}</button>
                {(role == "attendant").then(|| view! { <button type="button" class="btn quiet" on:click=move |_| refusing.set(true)>{move || words().refuse}</button> })}
            </div>
            <Sheet open title=Signal::derive(label)>
                <Pad on_done=Callback::new(move |strokes: Vec<Stroke>| {
                    let (name, cert_no) = untrack(name);
                    keep.run(Signature::sign(&name, &cert_no, strokes, ASPECT, ctx.app.now_ms()));
                    open.set(false);
                })/>
            </Sheet>
            <Sheet open=refusing title=Signal::derive(|| words().refuse.to_owned())>
                <Refusal on_done=Callback::new(move |(reason, witness): (String, String)| {
                    keep.run(Signature::refuse(&reason, &witness, ctx.app.now_ms()));
                    refusing.set(false);
                })/>
            </Sheet>
        </li>
    }
}

fn person(ctx: CheckCtx, path: &str) -> (String, String) {
    let value = ctx.value(path);
    let field = |name: &str| value.as_ref().and_then(|value| value.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned();
    (field("name"), field("cert_no"))
}

/// A signature, drawn; or the refusal in words.
#[component]
pub fn SignatureView(signature: Signature) -> impl IntoView {
    match &signature {
        Signature::Signed(_) => {
            let (view_box, d) = (signature.view_box(), signature.svg_path());
            view! { <svg class="signature" viewBox=view_box role="img" aria-label=move || words().signed><path d=d></path></svg> }
                .into_any()
        }
        Signature::Refused(refusal) => {
            let (reason, witness) = (refusal.reason.clone(), refusal.witness.clone());
            view! {
                <dl class="facts">
                    <dt>{move || words().refuse_reason}</dt><dd>{reason}</dd>
                    <dt>{move || words().refuse_witness}</dt><dd>{witness}</dd>
                </dl>
            }
            .into_any()
        }
    }
}

/// The pad. What is drawn is kept as numbers between 0 and 1 and drawn again at any size.
#[component]
fn Pad(on_done: Callback<Vec<Stroke>>) -> impl IntoView {
    let strokes = RwSignal::new(Vec::<Stroke>::new());
    let raw = StoredValue::new(Vec::<(f64, f64)>::new());
    let live = RwSignal::new(None::<Stroke>);
    let place = |event: &web_sys::PointerEvent| {
        let target: web_sys::Element = wasm_bindgen::JsCast::unchecked_into(event.current_target()?);
        let rect = target.get_bounding_client_rect();
        let at = |offset: f64, size: f64| (offset / size).clamp(0.0, 1.0);
        Some((at(f64::from(event.client_x()) - rect.left(), rect.width()), at(f64::from(event.client_y()) - rect.top(), rect.height())))
    };
    let show = move || live.set(raw.with_value(|raw| Stroke::from_raw(raw, ASPECT)));
    let down = move |event: web_sys::PointerEvent| {
        event.prevent_default();
        if let Some(target) = event.current_target() {
            let target: web_sys::Element = wasm_bindgen::JsCast::unchecked_into(target);
            // Without capture a stroke only ends at the pad's edge.
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        raw.set_value(place(&event).into_iter().collect());
        show();
    };
    let moved = move |event: web_sys::PointerEvent| {
        if event.buttons() == 0 {
            return;
        }
        if let Some(at) = place(&event) {
            raw.update_value(|raw| raw.push(at));
            show();
        }
    };
    let up = move |_| {
        if let Some(stroke) = live.get_untracked() {
            strokes.update(|strokes| strokes.push(stroke));
        }
        live.set(None);
        raw.set_value(Vec::new());
    };
    let blank = move || strokes.with(Vec::is_empty);
    view! {
        <p class="muted">{move || words().sign_hint}</p>
        <svg class="pad" viewBox="0 0 2000 1000" role="img" aria-label=move || words().sign_hint
            on:pointerdown=down on:pointermove=moved on:pointerup=up on:pointercancel=up>
            <line x1="120" y1="820" x2="1880" y2="820"></line>
            {move || strokes.get().iter().chain(live.get().as_ref()).map(|stroke| view! { <path d=stroke.svg_path(2000, 1000)></path> }).collect_view()}
        </svg>
        <div class="row">
            <button type="button" class="btn grow" disabled=blank on:click=move |_| strokes.set(Vec::new())>{icon("undo")}{move || words().sign_clear}</button>
            <button type="button" class="btn primary grow" disabled=blank on:click=move |_| on_done.run(strokes.get_untracked())>{icon("check")}{move || words().done}</button>
        </div>
    }
}

/// Refusal: why, and who saw it (57号令 art. 27).
#[component]
fn Refusal(on_done: Callback<(String, String)>) -> impl IntoView {
    let reasons = LocalResource::new(|| content::codes("refusal-reasons"));
    let reason = RwSignal::new(String::new());
    let witness = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let input = NodeRef::<leptos::html::Textarea>::new();
    let set_reason = move |text: String| {
        if let Some(input) = input.get_untracked() {
            input.set_value(&text);
        }
        reason.set(text);
    };
    let complete = move || !reason.get().trim().is_empty() && !witness.get().trim().is_empty();
    view! {
        <div class="chips-pick" role="group" aria-label=move || words().refuse_reason>
            {move || reasons.get().unwrap_or_default().into_iter().filter(|one| one.code != "other").map(|one| {
                let text = match lang() { Lang::Zh => one.zh.clone(), Lang::En => one.en.clone() };
                let (label, pressed) = (text.clone(), text.clone());
                view! { <button type="button" aria-pressed=move || (reason.get() == pressed).to_string() on:click=move |_| set_reason(text.clone())>{label}</button> }
            }).collect_view()}
        </div>
        <label class="field"><span>{move || words().refuse_reason}</span>
            <textarea class="input" rows="3" maxlength="500" node_ref=input on:input=move |event| reason.set(event_target_value(&event))></textarea>
        </label>
        <label class="field"><span>{move || words().refuse_witness}</span>
            <input class="input" type="text" maxlength="120" on:input=move |event| witness.set(event_target_value(&event))/>
            <span class="hint">{move || words().refuse_witness_hint}</span>
        </label>
        <Show when=move || tried.get() && !complete()><Notice tone="bad">{move || words().refuse_needed}</Notice></Show>
        <button type="button" class="btn primary block" on:click=move |_| {
            if untrack(complete) {
                on_done.run((reason.get_untracked().trim().to_owned(), witness.get_untracked().trim().to_owned()));
            } else {
                tried.set(true);
            }
        }>{move || words().save}</button>
    }
}
