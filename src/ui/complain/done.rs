//! After filing: the receipt number, the ways to hand the file over, what happens next, and clearing it away.

use leptos::prelude::*;

use super::bureau;
use super::ctx::{DraftCtx, is_shared};
use super::lists::{ClearSheet, clear_all, handed};
use super::next::WhatNext;
use super::store::{self, Made};
use crate::browser::files::{self, ShareError, is_wechat, user_agent};
use crate::browser::upload::UploadError;
use crate::complaint::{Handed, HandedBy};
use crate::domain::bureau::Bureau;
use crate::ui::icon::icon;
use crate::ui::print::qr;
use crate::ui::save;
use crate::ui::widget::{Notice, Sheet, TopBar};
use crate::ui::words::{complain_words, fill, lang, words};

/// How it stands with the file.
#[derive(Clone)]
enum Making {
    Under,
    Failed,
    There(Made),
}

/// What is shared by the parts of the page.
#[derive(Clone, Copy)]
struct Page {
    ctx: DraftCtx,
    making: RwSignal<Making, LocalStorage>,
    /// Asks whether it was handed over.
    ask: RwSignal<bool>,
    /// What became of the last try, and its tone.
    note: RwSignal<Option<(&'static str, String)>>,
}

impl Page {
    fn make(self) {
        self.making.set(Making::Under);
        leptos::task::spawn_local(async move {
            let made = store::bundle(self.ctx).await.map_or(Making::Failed, Making::There);
            self.making.try_set(made);
        });
    }

    /// Notes that it went out by one of the ways.
    fn handed(self, by: HandedBy, sure: bool) {
        let at_ms = self.ctx.app.now_ms();
        self.ctx.update(|draft| {
            if let Some(filed) = &mut draft.filed {
                filed.handed.push(Handed { by, at_ms });
            }
        });
        if sure && self.ctx.draft.with_untracked(is_shared) {
            self.ask.set(true);
        }
    }

    fn say(self, tone: &'static str, text: impl Into<String>) {
        self.note.try_set(Some((tone, text.into())));
    }
}

/// The page after filing.
#[component]
pub fn Done(ctx: DraftCtx) -> impl IntoView {
    let page = Page { ctx, making: RwSignal::new_local(Making::Under), ask: RwSignal::new(false), note: RwSignal::new(None) };
    page.make();
    let bureau = LocalResource::new(bureau::get);
    let receipts = ctx.draft.with_untracked(|draft| draft.filed.as_ref().map(|filed| filed.receipts.clone()).unwrap_or_default());
    let form = ctx.form();
    let receipts: Vec<(crate::procedure::Named, String)> = receipts
        .into_iter()
        .map(|(filing, number)| (form.filing(filing).map(|def| def.name.clone()).unwrap_or_default(), number))
        .collect();
    let kept = StoredValue::new(receipts.iter().map(|(_, number)| number.clone()).collect::<Vec<_>>().join("、"));
    let cleared = RwSignal::new(false);
    let on_clear = Callback::new(move |()| cleared.set(true));
    let shared = ctx.draft.with_untracked(is_shared);
    let receipts = StoredValue::new(receipts);
    view! {
        <Show when=move || !cleared.get() fallback=move || view! { <Cleared receipt=kept.get_value()/> }>
            <TopBar title=Signal::derive(|| complain_words().title.to_owned()) back="/complain"><save::Sign save=ctx.save quiet=true/></TopBar>
            <main class="page complain">
                <Heading text=Signal::derive(move || if handed(ctx) { complain_words().done_sent } else { complain_words().done }.to_owned())/>
                <section class="card receipt">
                    {receipts.get_value().into_iter().map(|(name, number)| view! { <Receipt name number/> }).collect_view()}
                    <p class="muted">{move || complain_words().receipt_hint}</p>
                </section>
                {move || page.note.get().map(|(tone, text)| view! { <Notice tone=tone>{text}</Notice> })}
                {move || bureau.get().map(|bureau| view! { <Ways page bureau/> })}
                <Sent page shared on_clear/>
                <WhatNext ctx/>
                <a class="btn quiet block" href="/complain">{move || complain_words().to_start}</a>
            </main>
        </Show>
    }
}

/// A title that has the focus when it comes.
#[component]
fn Heading(text: Signal<String>) -> impl IntoView {
    let title = NodeRef::<leptos::html::H2>::new();
    Effect::new(move |_| {
        if let Some(title) = title.get() {
            window().scroll_to_with_x_and_y(0.0, 0.0);
            // Where the focus can't be moved the page is read from its start.
            let _ = title.focus();
        }
    });
    view! { <div class="step-head"><h2 tabindex="-1" node_ref=title>{text}</h2></div> }
}

/// Nothing is left; the receipt number is shown once more.
#[component]
fn Cleared(receipt: String) -> impl IntoView {
    let hint = move || fill(complain_words().cleared_hint, &[&receipt]);
    view! {
        <TopBar title=Signal::derive(|| complain_words().title.to_owned()) back="/complain"/>
        <main class="page complain">
            <Heading text=Signal::derive(|| complain_words().cleared_title.to_owned())/>
            <div class="notice good" role="status">{icon("check")}<strong class="grow">{move || complain_words().cleared}</strong></div>
            <p class="num">{hint}</p>
            <a class="btn primary block" href="/complain">{move || complain_words().to_start}</a>
        </main>
    }
}

#[component]
fn Receipt(name: crate::procedure::Named, number: String) -> impl IntoView {
    let text = number.clone();
    let label = move || format!("{} {}", name.get(lang()), complain_words().receipt);
    view! {
        <h3>{label.clone()}</h3>
        <output aria-label=label>{number}</output>
        <CopyButton text label=Signal::derive(|| complain_words().copy_receipt.to_owned()) on_done=Callback::new(|_| ())/>
    }
}

/// Copies a text and says whether it worked.
#[component]
fn CopyButton(#[prop(into)] text: String, label: Signal<String>, on_done: Callback<bool>) -> impl IntoView {
    let done = RwSignal::new(None::<bool>);
    let text = StoredValue::new(text);
    view! {
        <button type="button" class="btn" on:click=move |_| leptos::task::spawn_local(async move {
            let copied = files::copy_text(&text.get_value()).await;
            done.try_set(Some(copied));
            on_done.try_run(copied);
        })>{label}</button>
        <p class="muted" role="status">{move || match done.get() {
            Some(true) => complain_words().copied,
            Some(false) => complain_words().copy_failed,
            None => "",
        }}</p>
    }
}

/// The ways to hand it over. In WeChat those first that work there.
#[component]
fn Ways(page: Page, bureau: Option<Bureau>) -> impl IntoView {
    let wechat = is_wechat(&user_agent());
    let bureau = bureau.unwrap_or_default();
    let name = StoredValue::new((bureau.name_zh.clone(), bureau.name_en.clone()));
    let bureau_name = move || name.with_value(|(zh, en)| lang().pick(zh, en).to_owned());
    let (upload, phone) = (bureau.upload_url.clone(), bureau.phone.clone());
    let file = move || {
        match page.making.get() {
        Making::Under => view! { <div class="row" role="status"><span class="spinner"></span><p>{complain_words().making}</p></div> }.into_any(),
        Making::Failed => view! {
            <Notice tone="bad">{complain_words().make_failed}<button type="button" class="btn slim" on:click=move |_| page.make()>{words().retry}</button></Notice>
        }
        .into_any(),
        Making::There(made) => {
            let sealed = made.sealed;
            let upload = upload.clone();
            view! {
                {if sealed {
                    view! { <div class="notice good">{icon("lock")}<span class="grow">{fill(complain_words().sealed, &[&bureau_name()])}</span></div> }.into_any()
                } else {
                    view! { <Notice tone="warn">{complain_words().open_note}</Notice> }.into_any()
                }}
                {upload.map(|url| view! { <Upload page made=made.clone() url to=bureau_name()/> })}
                <File page made/>
            }
            .into_any()
        }
    }
    };
    let href = format!("tel:{}", phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>());
    let id = page.ctx.id();
    view! {
        <section class="card ways" aria-labelledby="ways">
            <h2 id="ways">{move || complain_words().ways}</h2>
            <p class="muted">{move || complain_words().done_hint}</p>
            {wechat.then(|| view! { <Notice tone="warn"><strong>{move || complain_words().wechat}</strong>{move || complain_words().wechat_hint}</Notice> })}
            {wechat.then(|| view! { <TextCode page open=true/> })}
            {file}
            {(!wechat).then(|| view! { <TextCode page open=false/> })}
            <a class="btn" href=format!("/complain/{id}/print")>{icon("print")}{move || complain_words().way_print}</a>
            <p class="muted small">{move || complain_words().way_print_hint}</p>
            {(!phone.is_empty()).then(|| view! { <a class="btn quiet" href=href>{icon("phone")}{move || fill(complain_words().way_call, &[&phone])}</a> })}
        </section>
    }
}

/// Sharing and saving the file.
#[component]
fn File(page: Page, made: Made) -> impl IntoView {
    let can_share = files::can_share_file(&made.blob, &made.name);
    let made = StoredValue::new_local(made);
    let share = move |_| {
        leptos::task::spawn_local(async move {
            let Made { blob, name, .. } = made.get_value();
            match files::share(&blob, &name, complain_words().title).await {
                Ok(()) => {
                    page.say("good", complain_words().shared_file);
                    page.handed(HandedBy::Share, true);
                }
                Err(ShareError::Cancelled) => {}
                Err(ShareError::Unsupported | ShareError::Failed) => page.say("bad", complain_words().share_failed),
            }
        });
    };
    let save = move |_| {
        let Made { blob, name, .. } = made.get_value();
        match files::download(&blob, &name) {
            Ok(()) => {
                page.say("warn", complain_words().saved_file);
                page.handed(HandedBy::File, false);
            }
            Err(_) => page.say("bad", complain_words().save_blocked),
        }
    };
    view! {
        {can_share.then(|| view! { <button type="button" class="btn primary" on:click=share>{icon("share")}{move || complain_words().way_share}</button> })}
        <button type="button" class="btn" class:primary=!can_share on:click=save>{icon("import")}{move || complain_words().way_save}</button>
    }
}

/// Sending it to the bureau's own address.
#[component]
fn Upload(page: Page, made: Made, url: String, to: String) -> impl IntoView {
    let made = StoredValue::new_local(made);
    let url = StoredValue::new(url);
    let busy = RwSignal::new(false);
    let send = move |_| {
        busy.set(true);
        leptos::task::spawn_local(async move {
            let sent = store::upload(&url.get_value(), &made.get_value()).await;
            busy.try_set(false);
            let w = complain_words();
            match sent {
                Ok(()) => {
                    page.say("good", w.uploaded);
                    page.handed(HandedBy::Upload, true);
                }
                Err(UploadError::Offline | UploadError::Slow) => page.say("warn", w.upload_offline),
                Err(UploadError::Refused { status }) => page.say("bad", fill(w.upload_refused, &[&status])),
                Err(UploadError::Address | UploadError::Blocked) => page.say("bad", w.upload_blocked),
            }
        });
    };
    view! {
        <button type="button" class="btn primary" disabled=move || busy.get() on:click=send>
            {icon("export")}{move || if busy.get() { complain_words().uploading } else { complain_words().way_upload }}
        </button>
        <p class="muted small">{move || fill(complain_words().way_upload_hint, &[&to])}</p>
    }
}

/// The text that says all but the photos, and a picture of it where it is short enough.
#[component]
fn TextCode(page: Page, open: bool) -> impl IntoView {
    let found = LocalResource::new(move || store::code(page.ctx));
    let photos = page.ctx.draft.with_untracked(|draft| draft.photos.len());
    let hint = move || match photos {
        0 => complain_words().way_code_hint.to_owned(),
        count => fill(complain_words().way_code_hint_photos, &[&count]),
    };
    let copied = Callback::new(move |done: bool| {
        if done {
            page.handed(HandedBy::Text, false);
        }
    });
    view! {
        <details class="fold card" open=open>
            <summary>{move || complain_words().way_code}{icon("down")}</summary>
            <div class="stack">
                <p class="muted">{hint}</p>
                {move || match found.get() {
                    None => view! { <span class="spinner"></span> }.into_any(),
                    Some(Err(_)) => view! { <Notice tone="bad">{complain_words().seal_failed}</Notice> }.into_any(),
                    Some(Ok(code)) => {
                        let text = code.text.clone();
                        let picture = code.qr.clone().map(|text| qr(&text, complain_words().qr_label));
                        let too_long = picture.is_none();
                        view! {
                            <textarea class="input text-code" readonly=true autocomplete="off" rows="5" aria-label=complain_words().way_code>{code.text}</textarea>
                            <CopyButton text label=Signal::derive(|| complain_words().copy_code.to_owned()) on_done=copied/>
                            <h3>{complain_words().way_qr}</h3>
                            {picture.map(|picture| view! { <div class="code-picture">{picture}</div><p class="muted">{complain_words().way_qr_hint}</p> })}
                            {too_long.then(|| view! { <p class="muted">{complain_words().way_qr_long}</p> })}
                        }
                        .into_any()
                    }
                }}
            </div>
        </details>
    }
}

/// Whether it was handed over; on a shared phone everything is cleared away then.
#[component]
fn Sent(page: Page, shared: bool, on_clear: Callback<()>) -> impl IntoView {
    let ctx = page.ctx;
    let (asking, busy, failed) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let clear_now = move |_| {
        if !untrack(|| handed(ctx)) {
            // Nothing went out yet: asked once more.
            page.ask.set(false);
            asking.set(true);
            return;
        }
        busy.set(true);
        failed.set(false);
        leptos::task::spawn_local(async move {
            let done = clear_all(&ctx.id()).await;
            busy.try_set(false);
            if done {
                on_clear.try_run(());
            } else {
                failed.try_set(true);
            }
        });
    };
    let unsent = Signal::derive(move || !handed(ctx));
    view! {
        <section class="card stack" aria-labelledby="sent">
            <h2 id="sent">{move || if shared { complain_words().sent_ask } else { complain_words().clear }}</h2>
            <p class="muted">{move || if shared { complain_words().sent_shared } else { complain_words().sent_clear_offer }}</p>
            <Show when=move || failed.get()><Notice tone="bad">{move || complain_words().clear_failed}</Notice></Show>
            {if shared {
                view! { <button type="button" class="btn primary block" disabled=move || busy.get() on:click=clear_now>{icon("trash")}{move || complain_words().sent_yes_clear}</button> }.into_any()
            } else {
                view! { <button type="button" class="btn block" on:click=move |_| asking.set(true)>{icon("trash")}{move || complain_words().clear_this}</button> }.into_any()
            }}
        </section>
        <ClearSheet open=asking id=ctx.id() unsent on_clear/>
        <Sheet open=page.ask title=Signal::derive(|| complain_words().sent_ask.to_owned())>
            <p>{move || complain_words().sent_shared}</p>
            <button type="button" class="btn primary block" disabled=move || busy.get() on:click=clear_now>{icon("trash")}{move || complain_words().sent_yes_clear}</button>
            <button type="button" class="btn block" on:click=move |_| page.ask.set(false)>{move || complain_words().sent_not_yet}</button>
        </Sheet>
    }
}
