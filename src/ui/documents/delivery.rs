//! How a document reached somebody: the form for it, and how it is read.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde_json::{Value, json};

use super::ctx::DocCtx;
use crate::document::{DELIVERIES, Delivery};
use crate::domain::signature::Signature;
use crate::domain::time::CivilDate;
use crate::procedure::{Field, FieldKind, Named, OptionDef, Required};
use crate::ui::cases::field::FieldView;
use crate::ui::cases::host::FormHost;
use crate::ui::sign::SignatureView;
use crate::ui::words::documents::DocumentWords;
use crate::ui::words::{document_words, words};

/// What a way of service is called.
#[must_use]
pub fn method_word(method: &str, w: &DocumentWords) -> &'static str {
    match method {
        "direct" => w.by_hand,
        "left" => w.left,
        "post" => w.post,
        "electronic" => w.electronic,
        "entrusted" => w.entrusted,
        "public_notice" => w.public_notice,
        _ => w.other_way,
    }
}

/// A word in both languages.
fn both(pick: fn(&DocumentWords) -> &'static str) -> Named {
    Named { zh: pick(&DocumentWords::ZH).to_owned(), en: pick(&DocumentWords::EN).to_owned() }
}

fn field(id: &str, name: Named, kind: FieldKind, required: bool) -> Field {
    Field {
        id: id.to_owned(),
        name,
        help: None,
        kind,
        required: Required::Plain(required),
        when: None,
        private: false,
        mask: None,
        carry: false,
    }
}

/// What the form asks. The names differ from those of the document's own fields.
fn fields(receipt: bool) -> Vec<Field> {
    let way = |id: &&str| OptionDef {
        id: (*id).to_owned(),
        name: Named { zh: method_word(id, &DocumentWords::ZH).to_owned(), en: method_word(id, &DocumentWords::EN).to_owned() },
    };
    let mut all = Vec::new();
    if !receipt {
        all.push(field("served_method", both(|w| w.method), FieldKind::Choice { options: DELIVERIES.iter().map(way).collect() }, true));
    }
    let day = FieldKind::Date { past: true, future: false, offer: Vec::new(), earliest: None, latest: None };
    all.push(field("served_day", both(if receipt { |w| w.received_on } else { |w| w.served_on }), day, true));
    all.push(field("served_receiver", both(|w| w.receiver), FieldKind::Text, receipt));
    all.push(field("served_note", both(|w| w.served_note), FieldKind::Long, false));
    let signs = FieldKind::Signature { may_refuse: true, who: "served_receiver".to_owned(), nth: 0 };
    all.push(field("served_signature", both(|w| w.receiver_signature), signs, false));
    all
}

/// The form. Nothing is kept before its button is pressed.
#[component]
pub fn DeliveryForm(
    /// The document.
    ctx: DocCtx,
    /// Whether it is about the receipt.
    receipt: bool,
    /// What is done with it.
    on_done: Callback<Delivery>,
) -> impl IntoView {
    let given = RwSignal::new(BTreeMap::<String, Value>::new());
    let look = Callback::new(move |path: String| given.with(|given| given.get(&path).cloned()));
    let keep = Callback::new(move |(path, value): (String, Value)| given.update(|given| drop(given.insert(path, value))));
    let requires = Callback::new(|field: Field| matches!(field.required, Required::Plain(true)));
    // Who signs is asked as a name.
    let named = Callback::new(move |field: String| look.run(field).map(|name| json!({"name": name})));
    let host = FormHost::new(ctx.app, ctx.album, ctx.pen.id().to_string(), look, keep, requires, named);
    let text = move |name: &str| given.with(|given| given.get(name).and_then(Value::as_str).unwrap_or_default().to_owned());
    let delivery = move || Delivery {
        method: text("served_method"),
        day: CivilDate::parse(&text("served_day")),
        receiver: text("served_receiver"),
        note: text("served_note"),
        signature: given.with(|given| given.get("served_signature").and_then(Signature::read)),
    };
    let whole = move || {
        let now = delivery();
        now.day.is_some_and(|day| day <= ctx.today()) && if receipt { !now.receiver.is_empty() } else { !now.method.is_empty() }
    };
    view! {
        <div class="stack form-fields">
            {fields(receipt).into_iter().map(|field| {
                let path = field.id.clone();
                view! { <FieldView host path=path.clone() item=path field/> }
            }).collect_view()}
            <button type="button" class="btn primary block" disabled=move || !whole() on:click=move |_| {
                ctx.app.flush_typing();
                if untrack(whole) {
                    on_done.run(untrack(delivery));
                }
            }>{move || words().save}</button>
        </div>
    }
}

/// How a delivery is read.
#[component]
pub fn DeliveryView(
    /// Which.
    delivery: Delivery,
) -> impl IntoView {
    let Delivery { method, day, receiver, note, signature } = delivery;
    let day = day.map(|day| day.to_string()).unwrap_or_default();
    view! {
        <div class="grow stack tight">
            <span class="title">{move || if method.is_empty() { "" } else { method_word(&method, document_words()) }}" "<span class="num">{day}</span></span>
            {(!receiver.is_empty()).then(|| view! { <span class="sub">{receiver}</span> })}
            {(!note.is_empty()).then(|| view! { <span class="sub pre">{note}</span> })}
            {signature.map(|signature| view! { <SignatureView signature/> })}
        </div>
    }
}
