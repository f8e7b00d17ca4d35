//! Who holds the phone, how the app looks, and how safe the data is.

use leptos::prelude::*;

use super::icon::icon;
use super::record::names;
use super::state::{App, Prefs};
use super::widget::{Nav, Notice, OfflineSign, TextField, TopBar};
use super::words::{errors, fill, lang, office_words, words};
use crate::domain::content::Lang;
use crate::port::shelf::Table;
use crate::port::twin::{Scrub, Store as _, StoreError};

/// The page.
#[component]
pub fn Me() -> impl IntoView {
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(move || words().nav_me.to_owned())/>
            <main class="page wide columns even">
                <div class="stack">
                    <People/>
                    <Look/>
                </div>
                <div class="stack">
                    <Keeping/>
                    <About/>
                </div>
            </main>
        </div>
        <Nav/>
    }
}

#[component]
fn People() -> impl IntoView {
    let app = App::get();
    let prefs = app.prefs.get_untracked();
    let save = move |change: fn(&mut Prefs, String)| {
        Callback::new(move |text: String| app.set_prefs(|prefs| change(prefs, text.trim().to_owned())))
    };
    view! {
        <section class="card stack">
            <h2>{move || office_words().me_officer}</h2>
            <p class="muted">{move || words().officer_missing_hint}</p>
            <div class="pair">
                <TextField label=Signal::derive(move || words().person_name.to_owned()) value=prefs.officer.name max=60 on_save=save(|prefs, text| prefs.officer.name = text)/>
                <TextField label=Signal::derive(move || words().cert_no.to_owned()) value=prefs.officer.cert_no max=60 on_save=save(|prefs, text| prefs.officer.cert_no = text)/>
            </div>
            <TextField label=Signal::derive(move || office_words().bureau.to_owned()) value=prefs.bureau max=120
                hint=Signal::derive(move || office_words().bureau_hint.to_owned()) on_save=save(|prefs, text| prefs.bureau = text)/>
        </section>
        <section class="card stack">
            <h2>{move || office_words().me_partner}</h2>
            <p class="muted">{move || office_words().me_partner_hint}</p>
            <div class="pair">
                <TextField label=Signal::derive(move || words().person_name.to_owned()) value=prefs.partner.name max=60 on_save=save(|prefs, text| prefs.partner.name = text)/>
                <TextField label=Signal::derive(move || words().cert_no.to_owned()) value=prefs.partner.cert_no max=60 on_save=save(|prefs, text| prefs.partner.cert_no = text)/>
            </div>
        </section>
    }
}

/// A word that follows the language.
type Word = fn() -> &'static str;

#[component]
fn Look() -> impl IntoView {
    let app = App::get();
    let themes: [(&'static str, Word); 4] = [
        ("auto", || office_words().theme_auto),
        ("light", || office_words().theme_light),
        ("dark", || office_words().theme_dark),
        ("sun", || office_words().theme_sun),
    ];
    let theme = move || app.prefs.with(|prefs| if prefs.theme.is_empty() { "auto".to_owned() } else { prefs.theme.clone() });
    view! {
        <section class="card stack">
            <h2>{move || office_words().look}</h2>
            <div class="field">
                <span id="me-lang">"语言 Language"</span>
                <div class="segmented" role="group" aria-labelledby="me-lang">
                    {[(Lang::Zh, "中文"), (Lang::En, "English")].into_iter().map(|(this, label)| view! {
                        <button type="button" lang=this.tag() aria-pressed=move || (lang() == this).to_string()
                            on:click=move |_| app.set_prefs(|prefs| prefs.lang = this)>{label}</button>
                    }).collect_view()}
                </div>
            </div>
            <div class="field">
                <span id="me-theme">{move || office_words().theme}</span>
                <div class="segmented" role="group" aria-labelledby="me-theme">
                    {themes.into_iter().map(|(this, label)| view! {
                        <button type="button" aria-pressed=move || (theme() == this).to_string()
                            on:click=move |_| app.set_prefs(|prefs| prefs.theme = this.to_owned())>{label}</button>
                    }).collect_view()}
                </div>
                <span class="hint">{move || office_words().theme_hint}</span>
            </div>
            <label class="choice">
                <input type="checkbox" prop:checked=move || app.prefs.with(|prefs| prefs.large) on:change=move |event| {
                    let on = event_target_checked(&event);
                    app.set_prefs(|prefs| prefs.large = on);
                }/>
                <span class="grow">{move || office_words().large}<span class="hint">{move || office_words().large_hint}</span></span>
            </label>
            <label class="choice">
                <input type="checkbox" prop:checked=move || app.prefs.with(|prefs| prefs.keep_originals) on:change=move |event| {
                    let on = event_target_checked(&event);
                    app.set_prefs(|prefs| prefs.keep_originals = on);
                }/>
                <span class="grow">{move || office_words().keep_originals}<span class="hint">{move || office_words().keep_originals_hint}</span></span>
            </label>
        </section>
    }
}

/// How a check of all data stands.
#[derive(Clone, PartialEq)]
enum Check {
    Idle,
    Working(u64, u64),
    Done(Scrub),
    Failed(StoreError),
}

#[component]
fn Keeping() -> impl IntoView {
    let app = App::get();
    let photos = RwSignal::new(None::<usize>);
    let apart = RwSignal::new(true);
    let check = RwSignal::new(Check::Idle);
    leptos::task::spawn_local(async move {
        apart.try_set(crate::browser::idb::bucket_factory().await.is_some());
    });
    leptos::task::spawn_local(async move {
        // Only a number to look at: without it the row is left out.
        photos.try_set(app.workspace().store.keys(Table::Blobs, "").await.ok().map(|keys| keys.len()));
    });
    let start = move |_| {
        check.set(Check::Working(0, 1));
        leptos::task::spawn_local(async move {
            let workspace = app.workspace();
            let found = workspace.store.verify_all(|step| {
                check.try_set(Check::Working(step.done, step.total));
            });
            let found = found.await;
            check.try_set(found.map_or_else(Check::Failed, Check::Done));
        });
    };
    let inspections = move || app.summaries.with(|all| all.iter().filter(|one| one.kind == "inspection").count());
    view! {
        <section class="card stack">
            <h2>{move || office_words().keeping}</h2>
            <div class="row wrap">
                <OfflineSign/>
                {move || if app.persisted.get() {
                    view! { <span class="chip good">{icon("lock")}{office_words().persisted}</span> }.into_any()
                } else {
                    view! { <span class="chip warn">{icon("warn")}{office_words().not_persisted}</span> }.into_any()
                }}
            </div>
            <Show when=move || !app.persisted.get()><Notice tone="warn"><strong>{move || words().install_note}</strong>{move || words().install_how}</Notice></Show>
            <dl class="facts">
                <dt>{move || office_words().records}</dt><dd class="num">{inspections}</dd>
                {move || photos.get().map(|count| view! { <dt>{office_words().photos}</dt><dd class="num">{count}</dd> })}
                <dt>{move || office_words().repaired}</dt><dd class="num">{move || app.repaired.get()}</dd>
                <dt>{move || office_words().copies}</dt><dd>{move || if apart.get() { office_words().copies_text } else { office_words().copies_text_one }}</dd>
            </dl>
            <div aria-live="polite">{move || check_card(&check.get())}</div>
            <button type="button" class="btn block" disabled=move || matches!(check.get(), Check::Working(..)) on:click=start>{icon("shield")}{move || office_words().check_all}</button>
            <a class="btn block" href="/export">{icon("export")}{move || office_words().to_backup}</a>
        </section>
    }
}

fn check_card(check: &Check) -> AnyView {
    let o = office_words();
    match check {
        Check::Idle => ().into_any(),
        Check::Working(done, total) => view! {
            <p class="muted num">{fill(o.checking_all, &[done, total])}</p>
            <progress class="bar" aria-label=o.check_all max=total.to_string() value=done.to_string()></progress>
        }
        .into_any(),
        Check::Failed(error) => {
            let text = errors::explain_store(error);
            view! { <Notice tone="bad">{text}</Notice> }.into_any()
        }
        Check::Done(scrub) if scrub.damaged.is_empty() && scrub.waiting.is_empty() => {
            let text = fill(o.check_all_good, &[&scrub.checked, &scrub.repaired]);
            view! { <Notice tone="good">{text}</Notice> }.into_any()
        }
        Check::Done(scrub) => {
            let title = fill(o.check_all_bad, &[&scrub.damaged.len(), &scrub.waiting.len()]);
            let keys = scrub.damaged.iter().take(5).map(|damage| view! { <li class="mono small">{damage.key.clone()}</li> }).collect_view();
            view! {
                <Notice tone="bad">
                    <strong>{title}</strong>
                    {o.check_all_bad_hint}<ul>{keys}</ul>
                </Notice>
            }
            .into_any()
        }
    }
}

/// The version of the program, as it was built.
#[must_use]
pub fn app_version() -> String {
    let meta = document().query_selector("meta[name=app-version]").ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_else(|| "dev".to_owned())
}

#[component]
fn About() -> impl IntoView {
    let app = App::get();
    let device = app.workspace().device().to_string();
    let version = app_version();
    let short = names::short(&device);
    let key = names::fingerprint(app.workspace().key().public());
    view! {
        <section class="card stack">
            <h2>{move || office_words().limits_title}</h2>
            <ul class="bullets">
                <li>{move || office_words().limit_lost}</li>
                <li>{move || office_words().limit_network}</li>
                <li>{move || office_words().limit_plain}</li>
                <li>{move || office_words().limit_seal}</li>
                <li>{move || office_words().limit_law}</li>
            </ul>
        </section>
        <section class="card">
            <h2>{move || office_words().about}</h2>
            <dl class="facts">
                <dt>{move || office_words().version}</dt><dd class="mono">{version}</dd>
                <dt>{move || office_words().device}</dt><dd><span class="mono">{device}</span>" "<span class="muted">{move || fill(office_words().device_short, &[&short])}</span></dd>
                <dt>{move || office_words().fingerprint}</dt><dd><span class="mono">{key}</span><p class="muted small">{move || office_words().fingerprint_hint}</p></dd>
            </dl>
        </section>
    }
}
