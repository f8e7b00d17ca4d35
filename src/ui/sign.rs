//! Handwritten signatures: strokes on a pad, kept as numbers, so that turning the phone loses nothing.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::check::CheckCtx;
use super::content::{self, Code};
use super::icon::icon;
use super::widget::{Notice, Sheet, go_to_blank};
use super::words::{lang, words};
use crate::domain::inspection::BLANK;
use crate::domain::signature::{Signature, Stroke};

/// Width by height of the pad.
pub const ASPECT: f64 = 2.0;
/// The field of a refusal that says that it was photographed or recorded.
const RECORDED: &str = "recorded";

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
            <Sheet open title=Signal::derive(label) full=true>
                <Signing ctx role on_done=Callback::new(move |strokes: Vec<Stroke>| {
                    let (name, cert_no) = untrack(name);
                    keep.run(Signature::sign(&name, &cert_no, strokes, ASPECT, ctx.app.now_ms()));
                    open.set(false);
                })/>
            </Sheet>
            <Sheet open=refusing title=Signal::derive(|| words().refuse.to_owned())>
                <Refuse on_done=Callback::new(move |refused: Refused| {
                    keep.run(refusal(&refused, ctx.app.now_ms()));
                    refusing.set(false);
                })/>
            </Sheet>
        </li>
    }
}

/// The attendant's name first where it is not known yet, then the pad.
#[component]
fn Signing(ctx: CheckCtx, role: &'static str, on_done: Callback<Vec<Stroke>>) -> impl IntoView {
    let named = RwSignal::new(role != "attendant" || !untrack(|| ctx.text("attendant")).trim().is_empty());
    let name = RwSignal::new(String::new());
    let go_on = move || {
        let text = name.get_untracked().trim().to_owned();
        if !text.is_empty() {
            ctx.set(&[("attendant", json!(text))]);
            named.set(true);
        }
    };
    move || {
        if named.get() {
            return view! { <Pad on_done/> }.into_any();
        }
        view! {
            <form class="stack" on:submit=move |event| { event.prevent_default(); go_on(); }>
                <p>{move || words().sign_name_needed}</p>
                <label class="field"><span>{move || words().attendant}</span>
                    <input class="input" type="text" maxlength="120" autocomplete="off" on:input=move |event| name.set(event_target_value(&event))/>
                    <span class="hint">{move || words().attendant_hint}</span>
                </label>
                <button type="submit" class="btn primary block" disabled=move || name.get().trim().is_empty()>{move || words().sign_go_on}</button>
            </form>
        }
        .into_any()
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
            let recorded = refusal.extra.get(RECORDED).and_then(Value::as_bool) == Some(true);
            view! {
                <dl class="facts">
                    <dt>{move || words().refuse_reason}</dt><dd>{reason}</dd>
                    {(!witness.is_empty()).then(|| view! { <dt>{move || words().refuse_witness}</dt><dd>{witness}</dd> })}
                    {recorded.then(|| view! { <dt>{move || words().photos}</dt><dd>{move || words().refuse_recorded}</dd> })}
                </dl>
            }
            .into_any()
        }
    }
}

/// The pad. What is drawn is kept as numbers between 0 and 1 and drawn again at any size.
#[component]
pub fn Pad(on_done: Callback<Vec<Stroke>>) -> impl IntoView {
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
        // The heel of the hand is no pen.
        if !event.is_primary() {
            return;
        }
        if let Some(target) = event.current_target() {
            let target: web_sys::Element = wasm_bindgen::JsCast::unchecked_into(target);
            // Without capture a stroke only ends at the pad's edge.
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        raw.set_value(place(&event).into_iter().collect());
        show();
    };
    let moved = move |event: web_sys::PointerEvent| {
        if event.buttons() == 0 || !event.is_primary() {
            return;
        }
        if let Some(at) = place(&event) {
            raw.update_value(|raw| raw.push(at));
            show();
        }
    };
    let up = move |event: web_sys::PointerEvent| {
        if !event.is_primary() {
            return;
        }
        if let Some(stroke) = live.get_untracked() {
            strokes.update(|strokes| strokes.push(stroke));
        }
        live.set(None);
        raw.set_value(Vec::new());
    };
    let empty = move || strokes.with(Vec::is_empty);
    // A dot or a slip of the finger is no signature.
    let blank = Memo::new(move |_| Signature::sign("", "", strokes.get(), ASPECT, 0).is_blank());
    view! {
        <div class="signing">
            <p class="muted">{move || words().sign_hint}</p>
            <div class="pad-room">
                <svg class="pad" viewBox="0 0 2000 1000" preserveAspectRatio="none" role="img" aria-label=move || words().sign_hint
                    on:pointerdown=down on:pointermove=moved on:pointerup=up on:pointercancel=up>
                    <line x1="120" y1="820" x2="1880" y2="820"></line>
                    {move || strokes.get().iter().chain(live.get().as_ref()).map(|stroke| view! { <path d=stroke.svg_path(2000, 1000)></path> }).collect_view()}
                </svg>
            </div>
            <div class="signing-bar">
                <button type="button" class="btn" disabled=empty on:click=move |_| strokes.set(Vec::new())>{icon("undo")}{move || words().sign_clear}</button>
                <button type="button" class="btn primary" disabled=move || blank.get() on:click=move |_| on_done.run(strokes.get_untracked())>{icon("check")}{move || words().done}</button>
            </div>
        </div>
    }
}

/// What is noted when the unit does not sign.
pub struct Refused {
    reason: String,
    witness: String,
    recorded: bool,
}

/// The note of a refusal, as it stands in the record.
#[must_use]
pub fn refusal(refused: &Refused, at_ms: u64) -> Signature {
    let mut signature = Signature::refuse(&refused.reason, &refused.witness, at_ms);
    if refused.recorded
        && let Signature::Refused(refusal) = &mut signature
    {
        refusal.extra.insert(RECORDED.to_owned(), json!(true));
    }
    signature
}

/// Refusal: why, and who saw it or how it was recorded (57号令 art. 27).
#[component]
pub fn Refuse(on_done: Callback<Refused>) -> impl IntoView {
    let reasons = LocalResource::new(|| content::codes("refusal-reasons"));
    let chosen = RwSignal::new(String::new());
    let reason = RwSignal::new(String::new());
    let witness = RwSignal::new(String::new());
    let recorded = RwSignal::new(false);
    let tried = RwSignal::new(false);
    let group = NodeRef::<leptos::html::Div>::new();
    let input = NodeRef::<leptos::html::Textarea>::new();
    let choose = move |one: &Code| {
        let text = one.sentence(lang()).to_owned();
        if let Some(input) = input.get_untracked() {
            input.set_value(&text);
        }
        chosen.set(one.code.clone());
        reason.set(text);
        if let Some(group) = group.get_untracked() {
            go_to_blank(&group);
        }
    };
    let problem = move || {
        let proven = recorded.get() || !witness.get().trim().is_empty();
        match reason.get().trim() {
            "" => Some(words().refuse_needed),
            text if text.contains(BLANK) => Some(words().refuse_blank),
            _ => (!proven).then_some(words().refuse_needed),
        }
    };
    view! {
        <div class="stack" node_ref=group>
            <div class="chips-pick" role="group" aria-label=move || words().refuse_reason>
                {move || reasons.get().unwrap_or_default().into_iter().filter(|one| one.code != "other").map(|one| {
                    let (label, code) = (one.label(lang()).to_owned(), one.code.clone());
                    view! { <button type="button" aria-pressed=move || (chosen.get() == code).to_string() on:click=move |_| choose(&one)>{label}</button> }
                }).collect_view()}
            </div>
            <label class="field"><span>{move || words().refuse_reason}</span>
                <textarea class="input" rows="3" maxlength="200" node_ref=input on:input=move |event| reason.set(event_target_value(&event))></textarea>
            </label>
            <label class="field"><span>{move || words().refuse_witness}</span>
                <input class="input" type="text" maxlength="120" on:input=move |event| witness.set(event_target_value(&event))/>
                <span class="hint">{move || words().refuse_witness_hint}</span>
            </label>
            <label class="choice">
                <input type="checkbox" on:change=move |event| recorded.set(event_target_checked(&event))/>
                <span>{move || words().refuse_recorded}</span>
            </label>
            {move || problem().filter(|_| tried.get()).map(|problem| view! { <Notice tone="bad">{problem}</Notice> })}
            <button type="button" class="btn primary block" on:click=move |_| {
                if untrack(problem).is_some() {
                    tried.set(true);
                    if let Some(group) = group.get_untracked() {
                        go_to_blank(&group);
                    }
                } else {
                    on_done.run(Refused {
                        reason: reason.get_untracked().trim().to_owned(),
                        witness: witness.get_untracked().trim().to_owned(),
                        recorded: recorded.get_untracked(),
                    });
                }
            }>{move || words().save}</button>
        </div>
    }
}
