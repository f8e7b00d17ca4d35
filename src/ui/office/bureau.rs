//! What consumers see of the bureau, and the key that complaints are encrypted for: made, published, handed out.

use std::rc::Rc;

use leptos::prelude::*;

use super::keys;
use crate::app::workspace::AppError;
use crate::browser::files;
use crate::browser::random::BrowserRandom;
use crate::domain::bureau::{self, Address, Bureau};
use crate::domain::library;
use crate::envelope::{Identity, KeyError, Recipient};
use crate::ui::assign::{content_ids, explain};
use crate::ui::content;
use crate::ui::icon::icon;
use crate::ui::ledger::line::today;
use crate::ui::pen::Pen;
use crate::ui::state::App;
use crate::ui::widget::{FormField, Nav, Notice, TopBar};
use crate::ui::words::{Word, fill, sealed_words, words};

/// Characters that a passphrase must have: the file that it closes may fall into anybody's hands.
const PASSPHRASE_CHARS: usize = 12;

/// What is typed. Cheap to copy.
#[derive(Clone, Copy)]
struct Form {
    name_zh: RwSignal<String>,
    name_en: RwSignal<String>,
    area_zh: RwSignal<String>,
    area_en: RwSignal<String>,
    phone: RwSignal<String>,
    upload: RwSignal<String>,
    key: RwSignal<String>,
    no_name: RwSignal<Option<String>>,
    bad_upload: RwSignal<Option<String>>,
    bad_key: RwSignal<Option<String>>,
}

impl Form {
    fn of(bureau: &Bureau) -> Self {
        let text = |text: &str| RwSignal::new(text.to_owned());
        Self {
            name_zh: text(&bureau.name_zh),
            name_en: text(&bureau.name_en),
            area_zh: text(&bureau.area_zh),
            area_en: text(&bureau.area_en),
            phone: text(&bureau.phone),
            upload: text(bureau.upload_url.as_deref().unwrap_or_default()),
            key: text(bureau.public_key.as_deref().unwrap_or_default()),
            no_name: RwSignal::new(None),
            bad_upload: RwSignal::new(None),
            bad_key: RwSignal::new(None),
        }
    }

    /// The file as typed; `None` when something must be put right first, which is then shown.
    fn read(self, before: &Bureau, today: &str) -> Option<Bureau> {
        let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        let given = |signal: RwSignal<String>| Some(text(signal)).filter(|text| !text.is_empty());
        let w = sealed_words();
        let (name, upload, key) = (text(self.name_zh), given(self.upload), given(self.key));
        self.no_name.set(name.is_empty().then(|| w.needed.to_owned()));
        let bad_address = upload.as_deref().is_some_and(|url| Address::parse(url).is_none());
        self.bad_upload.set(bad_address.then(|| w.upload_bad.to_owned()));
        let bad_key = key.as_deref().and_then(|key| Recipient::parse(key).err()).map(|error| match error {
            KeyError::Secret => w.public_key_secret.to_owned(),
            KeyError::Kind | KeyError::Mistyped => w.public_key_bad.to_owned(),
        });
        let good = !name.is_empty() && !bad_address && bad_key.is_none();
        self.bad_key.set(bad_key);
        good.then(|| Bureau {
            format: bureau::FORMAT.to_owned(),
            version: today.to_owned(),
            published_on: today.to_owned(),
            name_en: given(self.name_en).unwrap_or_else(|| name.clone()),
            name_zh: name,
            area_zh: text(self.area_zh),
            area_en: text(self.area_en),
            phone: text(self.phone),
            upload_url: upload,
            public_key: key,
            emergency: before.emergency.clone(),
        })
    }
}

/// The page: `/bureau`.
#[component]
pub fn BureauPage() -> impl IntoView {
    let app = App::get();
    let found = RwSignal::new(None::<Option<Bureau>>);
    leptos::task::spawn_local(async move {
        let value = content::json(bureau::PATH).await.ok();
        found.try_set(Some(value.and_then(|value| serde_json::from_value((*value).clone()).ok())));
    });
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| sealed_words().bureau.to_owned()) back="/office"/>
            <main class="page wide columns even">
                <Show when=move || !app.owner.get()><Notice tone="warn">{move || words().reader_note}</Notice></Show>
                {move || match found.get() {
                    None => view! { <div class="empty" role="status"><span class="spinner"></span></div> }.into_any(),
                    Some(None) => view! { <Notice tone="bad">{sealed_words().unreadable}</Notice> }.into_any(),
                    Some(Some(bureau)) => {
                        let form = Form::of(&bureau);
                        view! { <About form before=bureau/><MakeKey form/> }.into_any()
                    }
                }}
            </main>
        </div>
        <Nav/>
    }
}

#[component]
fn About(form: Form, before: Bureau) -> impl IntoView {
    let app = App::get();
    let before = StoredValue::new(before);
    let (busy, done) = (RwSignal::new(false), RwSignal::new(false));
    let read = move || before.with_value(|before| form.read(before, &today(app).to_string()));
    let publish = move |_| {
        let Some(bureau) = read() else { return };
        busy.set(true);
        leptos::task::spawn_local(async move {
            let kept = keep(app, &bureau).await;
            busy.try_set(false);
            match kept {
                Ok(()) => {
                    done.try_set(true);
                }
                Err(error) => app.toast(fill(sealed_words().not_kept, &[&explain(&error)])),
            }
        });
    };
    let save = move |_| {
        let Some(bureau) = read() else { return };
        let text = serde_json::to_string_pretty(&bureau).unwrap_or_default();
        let blob = files::blob_of(text.as_bytes(), "application/json");
        if blob.is_none_or(|blob| files::download(&blob, bureau::PATH).is_err()) {
            app.toast(sealed_words().not_downloaded);
        }
    };
    let label = |word: Word| Signal::derive(move || word().to_owned());
    view! {
        <section class="card stack">
            <h2>{move || sealed_words().about}</h2>
            <FormField label=label(|| sealed_words().name_zh) text=form.name_zh problem=form.no_name/>
            <FormField label=label(|| sealed_words().name_en) text=form.name_en/>
            <div class="pair">
                <FormField label=label(|| sealed_words().area_zh) text=form.area_zh/>
                <FormField label=label(|| sealed_words().area_en) text=form.area_en/>
            </div>
            <FormField label=label(|| sealed_words().phone) text=form.phone inputmode="tel"/>
            <FormField label=label(|| sealed_words().upload) text=form.upload hint=label(|| sealed_words().upload_hint) problem=form.bad_upload/>
            <label class="field">
                <span>{move || sealed_words().public_key}</span>
                <input class="input mono" type="text" autocomplete="off" maxlength="200" prop:value=move || form.key.get()
                    aria-invalid=move || form.bad_key.with(Option::is_some).then_some("true")
                    on:change=move |event| {
                        form.key.set(event_target_value(&event));
                        form.bad_key.set(None);
                    }/>
                <span class="error" role="alert">{move || form.bad_key.get()}</span>
                <span class="hint">{move || sealed_words().public_key_hint}</span>
            </label>
            <button type="button" class="btn primary block" disabled=move || busy.get() || !app.owner.get() on:click=publish>{move || sealed_words().publish}</button>
            {move || done.get().then(|| view! {
                <div class="notice good" role="status">{icon("check")}<div class="grow">{sealed_words().published}</div><a class="btn slim" href="/assign">{sealed_words().hand_out}</a></div>
            })}
            <button type="button" class="btn block" on:click=save>{icon("export")}{move || sealed_words().save_json}</button>
        </section>
    }
}

/// Publishes the file as the next edition of the bureau's own.
async fn keep(app: App, bureau: &Bureau) -> Result<(), AppError> {
    let value = serde_json::to_value(bureau).unwrap_or_default();
    let mut own = None;
    for id in content_ids(app) {
        let record = app.workspace().load(&id).await?;
        if library::read(record.state()).is_some_and(|holding| holding.path == bureau::PATH) {
            own = Some(id);
        }
    }
    let pen = match &own {
        Some(id) => Pen::on(app, id).await?,
        None => Pen::fresh(app),
    };
    let titles = (bureau.name_zh.as_str(), bureau.name_en.as_str());
    let changes = pen.with_state(|state| library::publish(own.as_ref().map(|_| state), bureau::PATH, titles, value));
    pen.keep(&changes).await
}

#[component]
fn MakeKey(form: Form) -> impl IntoView {
    let app = App::get();
    let (first, again) = (StoredValue::new(String::new()), StoredValue::new(String::new()));
    let busy = RwSignal::new(false);
    let said = RwSignal::new(None::<(&'static str, String)>);
    let make = move || {
        let w = sealed_words();
        let (passphrase, other) = (first.get_value(), again.get_value());
        if passphrase.chars().count() < PASSPHRASE_CHARS {
            return said.set(Some(("bad", w.words_short.to_owned())));
        }
        if passphrase != other {
            return said.set(Some(("bad", w.words_differ.to_owned())));
        }
        said.set(None);
        busy.set(true);
        leptos::task::spawn_local(async move {
            let identity = Rc::new(Identity::generate(&BrowserRandom));
            let day = today(app).to_string();
            let name = format!("spotcheck-key-{day}.age");
            let result = match keys::lock(&identity, &format!("created: {day}"), passphrase).await {
                None => ("bad", w.not_made.to_owned()),
                Some(file) => {
                    let blob = files::blob_of(&file, "application/octet-stream");
                    if blob.is_some_and(|blob| files::download(&blob, &name).is_ok()) {
                        // Never a public key whose secret half was not even handed to the downloads.
                        form.key.try_set(identity.recipient().to_text());
                        form.bad_key.try_set(None);
                        keys::learn(vec![(*identity).clone()]);
                        ("good", fill(w.made, &[&name]))
                    } else {
                        ("bad", w.not_downloaded.to_owned())
                    }
                }
            };
            busy.try_set(false);
            said.try_set(Some(result));
        });
    };
    view! {
        <form class="card stack" on:submit=move |event| {
            event.prevent_default();
            make();
        }>
            <h2>{move || sealed_words().key}</h2>
            <p class="muted">{move || sealed_words().key_hint}</p>
            <Notice tone="warn">{move || sealed_words().key_warning}</Notice>
            {move || form.key.with(|key| !key.is_empty()).then(|| view! { <p class="muted">{sealed_words().replaces}</p> })}
            <label class="field">
                <span>{move || sealed_words().new_words}</span>
                <input class="input" type="password" autocomplete="new-password" on:input=move |event| first.set_value(event_target_value(&event))/>
                <span class="hint">{move || sealed_words().new_words_hint}</span>
            </label>
            <label class="field">
                <span>{move || sealed_words().new_words_again}</span>
                <input class="input" type="password" autocomplete="new-password" on:input=move |event| again.set_value(event_target_value(&event))/>
            </label>
            <button type="submit" class="btn block" disabled=move || busy.get()>
                {icon("lock")}{move || if busy.get() { sealed_words().making } else { sealed_words().make }}
            </button>
            {move || said.get().map(|(tone, text)| view! { <Notice tone>{text}</Notice> })}
        </form>
    }
}
