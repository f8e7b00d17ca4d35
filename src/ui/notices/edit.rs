//! Writing a notice of the bureau's own, and taking it down.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use serde_json::{Value, json};

use super::{all, kind_words, today};
use crate::app::workspace::{AppError, Record};
use crate::browser::files;
use crate::domain::id::RecordId;
use crate::domain::journal::Journal;
use crate::domain::library;
use crate::domain::time::CivilDate;
use crate::notice::{FOLDER, Notice, NoticeError, NoticeKind, Product, SCHEMA, Text, blocks, typed};
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{FormField, Nav, Notice as Note, TopBar};
use crate::ui::words::{Word, fill, notice_words, words};

/// What the form begins with.
#[derive(Clone, PartialEq, Debug)]
struct Draft {
    notice: Notice,
    /// It is the bureau's own already, and can be taken down.
    own: bool,
    from_lead: bool,
}

/// The page: `/notices/new?lead=<id>` and `/notices/<id>/edit`.
#[component]
pub fn EditPage(id: Option<String>) -> impl IntoView {
    let app = App::get();
    app.writing.set(true);
    on_cleanup(move || app.writing.set(false));
    let lead = use_query_map().with_untracked(|query| query.get("lead"));
    let wanted = StoredValue::new((id, lead));
    let draft = LocalResource::new(move || async move {
        match wanted.get_value() {
            (Some(id), _) => {
                let known = all().await.into_iter().find(|known| known.notice.id == id)?;
                Some(Draft { notice: known.notice, own: known.own, from_lead: false })
            }
            (None, Some(lead)) => Some(of_lead(app, &lead).await.unwrap_or_else(|| empty(app))),
            (None, None) => Some(empty(app)),
        }
    });
    view! {
        <div class="has-nav">
            <TopBar title=Signal::derive(|| notice_words().write.to_owned()) back="/notices"/>
            {move || draft.get().map(|draft| match draft {
                Some(draft) => view! { <Form draft/> }.into_any(),
                None => view! { <main class="page"><div class="card"><div class="empty">{icon("search")}<p>{notice_words().gone}</p></div></div></main> }.into_any(),
            })}
            <Nav/>
        </div>
    }
}

/// A new one, under a name that no other has.
fn empty(app: App) -> Draft {
    let bureau = app.prefs.with_untracked(|prefs| prefs.bureau.clone());
    let notice = Notice {
        schema: SCHEMA.to_owned(),
        id: format!("n-{}", app.workspace().new_record_id()),
        kind: NoticeKind::Warning,
        title: Text::default(),
        summary: Text::default(),
        body: Vec::new(),
        products: Vec::new(),
        measures: Vec::new(),
        published_on: today(app),
        until: None,
        source: (!bureau.is_empty()).then(|| Text { zh: bureau, en: String::new() }),
        basis: Vec::new(),
        verified: false,
        advice: false,
    };
    Draft { notice, own: false, from_lead: false }
}

/// What a lead says of the product. Not what it says of complaints: that is for people to write.
async fn of_lead(app: App, id: &str) -> Option<Draft> {
    let record = app.workspace().load(&RecordId::parse(id).ok()?).await.ok()?;
    let text = |field: &str| record.state().text(&format!("fields/{field}")).unwrap_or_default().to_owned();
    let mut draft = empty(app);
    let product =
        Product { name: text("goods_name"), brand: text("brand"), model: text("model"), batch: text("batch"), gtin: text("gtin") };
    let named = [product.brand.as_str(), &product.name, &product.model].join(" ");
    draft.notice.title.zh = named.split_whitespace().collect::<Vec<_>>().join(" ");
    draft.notice.products = (!product.is_empty()).then_some(product).into_iter().collect();
    draft.from_lead = true;
    Some(draft)
}

/// A product as it is typed.
#[derive(Clone, Copy, PartialEq)]
struct Typed {
    key: usize,
    texts: [RwSignal<String>; 5],
}

impl Typed {
    fn of(key: usize, product: Product) -> Self {
        Self { key, texts: [product.name, product.brand, product.model, product.batch, product.gtin].map(RwSignal::new) }
    }

    fn product(self) -> Product {
        let [name, brand, model, batch, gtin] = self.texts.map(|text| text.get_untracked().trim().to_owned());
        Product { name, brand, model, batch, gtin }
    }
}

#[component]
fn Form(draft: Draft) -> impl IntoView {
    let app = App::get();
    let Draft { notice, own, from_lead } = draft;
    let kind = RwSignal::new(notice.kind);
    let signal = |text: &str| RwSignal::new(text.to_owned());
    let (title, title_en) = (signal(&notice.title.zh), signal(&notice.title.en));
    let (summary, summary_en) = (signal(&notice.summary.zh), signal(&notice.summary.en));
    let body = RwSignal::new(typed(&notice.body, |text| &text.zh));
    let body_en = RwSignal::new(typed(&notice.body, |text| &text.en));
    let lines = |of: fn(&Text) -> &String| notice.measures.iter().map(|text| of(text).clone()).collect::<Vec<_>>().join("\n");
    let (measures, measures_en) = (RwSignal::new(lines(|text| &text.zh)), RwSignal::new(lines(|text| &text.en)));
    let source = signal(notice.source.as_ref().map(|text| text.zh.as_str()).unwrap_or_default());
    let until = RwSignal::new(notice.until);
    let products = RwSignal::new(notice.products.iter().cloned().enumerate().map(|(key, one)| Typed::of(key, one)).collect::<Vec<_>>());
    let next_key = StoredValue::new(notice.products.len());
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let first = StoredValue::new(notice);
    let navigate = StoredValue::new_local(use_navigate());
    let made = move || {
        let text = |zh: RwSignal<String>, en: RwSignal<String>| Text {
            zh: zh.get_untracked().trim().to_owned(),
            en: en.get_untracked().trim().to_owned(),
        };
        let rows = |text: RwSignal<String>| {
            text.get_untracked().lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect::<Vec<_>>()
        };
        let (zh, en) = (rows(measures), rows(measures_en));
        let paired = if zh.len() == en.len() { en } else { Vec::new() };
        let known = first.get_value();
        Notice {
            kind: kind.get_untracked(),
            title: text(title, title_en),
            summary: text(summary, summary_en),
            body: blocks(&body.get_untracked(), &body_en.get_untracked()),
            products: products.get_untracked().into_iter().map(Typed::product).filter(|product| !product.is_empty()).collect(),
            measures: zh.into_iter().enumerate().map(|(at, zh)| Text { zh, en: paired.get(at).cloned().unwrap_or_default() }).collect(),
            published_on: today(app),
            until: until.get_untracked(),
            source: Some(source.get_untracked().trim().to_owned()).filter(|zh| !zh.is_empty()).map(|zh| Text { zh, en: String::new() }),
            ..known
        }
    };
    let publish = move |_| {
        if busy.get_untracked() {
            return;
        }
        let notice = made();
        if let Err(error) = notice.check() {
            problem.set(Some(explain(&error)));
            return;
        }
        problem.set(None);
        busy.set(true);
        leptos::task::spawn_local(async move {
            let kept = keep(app, &notice, false).await;
            app.refresh().await;
            busy.try_set(false);
            match kept {
                Ok(()) => {
                    app.toast(notice_words().published);
                    let options = NavigateOptions { replace: true, ..Default::default() };
                    navigate.try_with_value(|navigate| navigate(&format!("/notices/{}", notice.id), options));
                }
                Err(_) => drop(problem.try_set(Some(notice_words().not_kept.to_owned()))),
            }
        });
    };
    let take_down = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let kept = keep(app, &first.get_value(), true).await;
            app.refresh().await;
            busy.try_set(false);
            match kept {
                Ok(()) => {
                    app.toast(notice_words().taken_down);
                    navigate.try_with_value(|navigate| navigate("/notices", NavigateOptions::default()));
                }
                Err(_) => drop(problem.try_set(Some(notice_words().not_kept.to_owned()))),
            }
        });
    };
    let download = move |_| {
        let notice = first.get_value();
        let bytes = serde_json::to_vec_pretty(&notice).unwrap_or_default();
        if let Some(blob) = files::blob_of(&bytes, "application/json") {
            // Where nothing can be downloaded the bureau still has it in its rules.
            let _ = files::download(&blob, &format!("{}.json", notice.id));
        }
    };
    let add = move |_| {
        let key = next_key.get_value();
        next_key.set_value(key + 1);
        products.update(|all| all.push(Typed::of(key, Product::default())));
    };
    let area = move |label: Word, text: RwSignal<String>, hint: Option<Word>| {
        let at_first = text.get_untracked();
        view! {
            <label class="field"><span>{label}</span>
                <textarea class="input" rows="6" prop:value=at_first on:input=move |event| text.set(event_target_value(&event))></textarea>
                {hint.map(|hint| view! { <span class="hint">{hint}</span> })}
            </label>
        }
    };
    let at_first_until = until.get_untracked().map(|day| day.to_string()).unwrap_or_default();
    view! {
        <main class="page">
            <Show when=move || !app.owner.get()><Note tone="warn">{move || words().reader_note}</Note></Show>
            <Note>{move || notice_words().write_hint}</Note>
            {from_lead.then(|| view! { <Note tone="warn">{move || notice_words().from_lead}</Note> })}
            <section class="card stack">
                <div class="field" role="group" aria-labelledby="notice-kind"><span id="notice-kind">{move || notice_words().kind}</span>
                    <div class="segmented fit">{NoticeKind::ALL.map(|one| view! {
                        <button type="button" aria-pressed=move || (kind.get() == one).to_string() on:click=move |_| kind.set(one)>{kind_words(one).0}</button>
                    })}</div>
                </div>
                <FormField label=Signal::derive(|| notice_words().field_title.to_owned()) text=title/>
                <FormField label=Signal::derive(|| notice_words().field_summary.to_owned()) text=summary/>
                {area(|| notice_words().field_body, body, Some(|| notice_words().field_body_hint))}
                {area(|| notice_words().field_measures, measures, None)}
                <label class="field"><span>{move || notice_words().field_until}</span>
                    <input class="input" type="date" value=at_first_until on:change=move |event| until.set(CivilDate::parse(&event_target_value(&event)))/>
                </label>
                <FormField label=Signal::derive(|| notice_words().field_source.to_owned()) text=source/>
            </section>
            <section class="card stack"><h2>{move || notice_words().products}</h2>
                <For each=move || products.get() key=|one| one.key let:one><ProductForm one products/></For>
                <button type="button" class="btn block" on:click=add>{icon("plus")}{move || notice_words().add_product}</button>
            </section>
            <details class="card fold"><summary>{move || notice_words().english}{icon("down")}</summary>
                <div class="stack">
                    <FormField label=Signal::derive(|| format!("{} · English", notice_words().field_title)) text=title_en/>
                    <FormField label=Signal::derive(|| format!("{} · English", notice_words().field_summary)) text=summary_en/>
                    {area(|| notice_words().english, body_en, None)}
                    {area(|| notice_words().field_measures, measures_en, None)}
                </div>
            </details>
            <Show when=move || problem.with(Option::is_some)><Note tone="bad">{move || problem.get()}</Note></Show>
            <button type="button" class="btn primary big block" disabled=move || busy.get() || !app.owner.get() on:click=publish>{icon("check")}{move || notice_words().publish}</button>
            {own.then(|| view! {
                <a class="btn block" href="/assign">{icon("share")}{move || notice_words().hand_out}</a>
                <button type="button" class="btn block" on:click=download>{icon("export")}{move || notice_words().download}</button>
                <button type="button" class="btn danger block" disabled=move || busy.get() || !app.owner.get() on:click=take_down>{icon("trash")}{move || notice_words().take_down}</button>
            })}
        </main>
    }
}

#[component]
fn ProductForm(one: Typed, products: RwSignal<Vec<Typed>>) -> impl IntoView {
    let labels: [Word; 5] =
        [|| notice_words().name, || notice_words().brand, || notice_words().model, || notice_words().batch, || notice_words().gtin];
    let number = move || products.with(|all| all.iter().position(|other| other.key == one.key)).unwrap_or_default() + 1;
    let remove = move |_| products.update(|all| all.retain(|other| other.key != one.key));
    let fields =
        labels.into_iter().zip(one.texts).map(|(word, text)| view! { <FormField label=Signal::derive(move || word().to_owned()) text/> });
    view! {
        <fieldset class="boxed stack"><legend>{move || fill(notice_words().product_n, &[&number()])}</legend>
            {fields.collect_view()}
            <button type="button" class="btn" on:click=remove>{icon("trash")}{move || fill(notice_words().remove_product, &[&number()])}</button>
        </fieldset>
    }
}

fn explain(error: &NoticeError) -> String {
    let w = notice_words();
    let field = match error {
        NoticeError::Empty("title") => w.field_title,
        NoticeError::Empty("summary") => w.field_summary,
        NoticeError::Empty(_) => w.field_body,
        NoticeError::TooMany(_) | NoticeError::Order | NoticeError::Json { .. } | NoticeError::Schema(_) => return w.too_much.to_owned(),
    };
    fill(w.missing, &[&field])
}

/// Keeps a notice as the next edition, or takes it down.
async fn keep(app: App, notice: &Notice, retire: bool) -> Result<(), AppError> {
    let path = format!("{FOLDER}{}.json", notice.id);
    let workspace = app.workspace();
    let mut known: Option<Record> = None;
    for id in crate::ui::assign::content_ids(app) {
        let record = workspace.load(&id).await?;
        let same = library::read(record.state()).is_some_and(|holding| holding.path == path);
        let newer = known.as_ref().is_none_or(|other| other.journal().latest() < record.journal().latest());
        if same && newer {
            known = Some(record);
        }
    }
    let changes = if retire {
        vec![("retired".to_owned(), json!(true))]
    } else {
        let value = serde_json::to_value(notice).unwrap_or(Value::Null);
        library::publish(known.as_ref().map(Record::state), &path, (&notice.title.zh, &notice.title.en), value)
    };
    let mut record = known.unwrap_or_else(|| Record::new(Journal::new(workspace.new_record_id())));
    let values: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    workspace.save(&mut record, &values, None).await?;
    app.after_save();
    Ok(())
}
