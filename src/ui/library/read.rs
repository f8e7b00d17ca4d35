//! One list, read through: what it is for, its items with all that stands behind them, and its versions.

use leptos::prelude::*;

use super::history::History;
use super::shelf::{Found, Standing};
use super::{acts, describe, export, standing_chip};
use crate::app::library::draft::is_untranslated;
use crate::app::library::{base_version, count};
use crate::domain::checklist::{BasisRef, Checklist, Evidence, Item, Per};
use crate::domain::content::Lang;
use crate::ui::content::{self, Code};
use crate::ui::icon::icon;
use crate::ui::item::severity_word;
use crate::ui::state::App;
use crate::ui::widget::{Nav, Notice, TopBar};
use crate::ui::words::{fill, lang, library_words, words};

/// The page.
#[component]
pub fn ListPage(id: String) -> impl IntoView {
    let app = App::get();
    app.writing.set(false);
    app.leave_place();
    let changed = RwSignal::new(0_u64);
    let found = LocalResource::new(move || {
        changed.track();
        let id = id.clone();
        async move { Found::of(app, &id).await }
    });
    let page = move || match found.get() {
        None => {
            view! { <main class="page"><div class="empty" role="status"><span class="spinner"></span><p>{words().opening}</p></div></main> }
                .into_any()
        }
        Some(None) => view! { <NoList/> }.into_any(),
        Some(Some(found)) => view! { <Reading found changed/> }.into_any(),
    };
    view! {
        <div class="has-nav">{page}</div>
        <Nav/>
    }
}

/// There is no list of this name.
#[component]
pub fn NoList() -> impl IntoView {
    view! {
        <TopBar title=Signal::derive(|| library_words().gone.to_owned()) back="/library"/>
        <main class="page"><div class="card"><div class="empty">
            {icon("search")}<h2>{move || library_words().gone}</h2><p>{move || library_words().gone_hint}</p>
            <a class="btn primary" href="/library">{move || library_words().to_library}</a>
        </div></div></main>
    }
}

#[component]
fn Reading(found: Found, changed: RwSignal<u64>) -> impl IntoView {
    let list = found.list();
    let draft = found.own.as_ref().and_then(|own| own.draft());
    let head = list.clone().or_else(|| draft.map(|draft| draft.list));
    let (zh, en) = head.as_ref().map(|list| (list.title_zh.clone(), list.title_en.clone())).unwrap_or_default();
    let title = Signal::derive(move || lang().pick(&zh, &en).to_owned());
    let listed = list.as_ref().map(|list| (list.version.clone(), count(list)));
    let sub = Signal::derive(move || {
        let w = library_words();
        listed
            .as_ref()
            .map(|(version, (items, _))| format!("{} · {}", fill(w.version, &[version]), fill(w.n_items, &[items])))
            .unwrap_or_default()
    });
    let history = found.clone();
    view! {
        <TopBar title sub back="/library"/>
        <main class="page list-read">
            <Head found changed/>
            {list.map(|list| view! { <Items list/> })}
            <History found=history/>
        </main>
    }
}

#[component]
fn Head(found: Found, changed: RwSignal<u64>) -> impl IntoView {
    let app = App::get();
    let busy = RwSignal::new(false);
    let standing = found.standing();
    let after = Callback::new(move |()| changed.update(|count| *count += 1));
    let list = found.list();
    let stopped = standing == Standing::Stopped;
    let (own_version, shipped_version) =
        (list.as_ref().map(|list| list.version.clone()), found.shipped.as_ref().map(|list| list.version.clone()));
    let (to_export, to_switch, to_restore) = (found.id.clone(), found.id.clone(), StoredValue::new_local(found.clone()));
    let edit = format!("/library/{}/edit", found.id);
    let edit_again = edit.clone();
    let note = list.as_ref().map(|list| (list.note_zh.clone(), list.note_en.clone()));
    let for_what = list.clone();
    let published = list.is_some();
    let doubtful = list.as_ref().map(|list| count(list).1).unwrap_or_default();
    let edition = matches!((standing, &shipped_version), (Standing::Edition, Some(_)));
    let notices = {
        let (shipped, has_draft) = (shipped_version.clone(), found.has_draft() && published);
        move || {
            let w = library_words();
            let own_note = edition.then(|| fill(w.own_note, &[&shipped.clone().unwrap_or_default()]));
            let newer = shipped.as_deref().zip(own_version.as_deref()).filter(|(shipped, own)| edition && base_version(own) != *shipped);
            let newer = newer.map(|(shipped, own)| fill(w.shipped_newer, &[&shipped, &base_version(own)]));
            let again = has_draft.then(|| edit_again.clone());
            view! {
                {stopped.then(|| view! { <Notice tone="warn">{w.stopped_note}</Notice> })}
                {(standing == Standing::Unpublished).then(|| view! { <Notice tone="warn">{w.unpublished_note}</Notice> })}
                {own_note.map(|note| view! { <Notice>{note}</Notice> })}
                {newer.map(|newer| view! { <Notice tone="warn">{newer}</Notice> })}
                {again.map(|href| view! { <Notice tone="warn">{w.draft_note}<a class="btn slim" href=href>{w.draft_go_on}</a></Notice> })}
            }
        }
    };
    view! {
        <section class="card stack">
            <div class="row wrap chips">
                {move || standing_chip(standing)}
                {(doubtful > 0).then(|| view! { <span class="chip warn num">{move || fill(library_words().n_unverified, &[&doubtful])}</span> })}
            </div>
            {(doubtful > 0).then(|| view! { <p class="muted small">{move || library_words().unverified_hint}</p> })}
            {move || for_what.as_ref().map(|list| view! {
                <dl class="facts">
                    <dt>{library_words().form_domain}</dt><dd>{describe::domain(&list.domain)}</dd>
                    <dt>{library_words().applies_to}</dt><dd>{applies_to(list)}</dd>
                </dl>
            })}
            {move || note.as_ref().and_then(|(zh, en)| match lang() { Lang::Zh => zh.clone(), Lang::En => en.clone() }).map(|note| view! { <p class="muted">{note}</p> })}
            {notices}
            <div class="record-acts">
                <a class="btn primary" href=edit>{icon("pen")}{move || library_words().edit}</a>
                {published.then(|| view! {
                    <button type="button" class="btn" disabled=move || busy.get() on:click=move |_| export::export_list(app, to_export.clone(), busy)>
                        {icon("export")}{move || if busy.get() { library_words().exporting } else { library_words().export }}
                    </button>
                    <button type="button" class=if stopped { "btn" } else { "btn danger" } disabled=move || !app.owner.get() on:click=move |_| acts::switch(app, to_switch.clone(), after)>
                        {icon(if stopped { "check" } else { "minus" })}{move || if stopped { library_words().resume } else { library_words().stop }}
                    </button>
                })}
                {edition.then(|| view! {
                    <button type="button" class="btn" disabled=move || !app.owner.get() on:click=move |_| acts::restore_shipped(app, to_restore.get_value(), after)>
                        {icon("undo")}{move || library_words().restore_shipped}
                    </button>
                })}
            </div>
        </section>
    }
}

fn applies_to(list: &Checklist) -> String {
    let w = library_words();
    let mut parts = vec![if list.is_for_equipment() { w.applies_equipment } else { w.applies_unit }.to_owned()];
    let prefixes = &list.applies_to.equipment_code_prefix;
    parts.extend((!prefixes.is_empty()).then(|| fill(w.code_prefix, &[&prefixes.join(w.when_list)])));
    parts.join(" · ")
}

#[component]
fn Items(list: Checklist) -> impl IntoView {
    let labels = describe::load_labels();
    let measures = LocalResource::new(|| content::codes("measures"));
    let has_logic = list.has_logic();
    let list = StoredValue::new(list);
    let rows = move |retired: bool| {
        list.with_value(|list| {
            let sections = list.sections().into_iter().filter_map(|section| {
                let items: Vec<usize> =
                    section.items.into_iter().filter(|&at| list.items.get(at).is_some_and(|item| item.retired == retired)).collect();
                (!items.is_empty()).then_some((section.title_zh, section.title_en, items))
            });
            sections.collect::<Vec<_>>()
        })
    };
    let retired: usize = rows(true).iter().map(|(_, _, items)| items.len()).sum();
    let section = move |(zh, en, items): (String, String, Vec<usize>)| {
        view! {
            <section class="card flush">
                <header class="part-head"><h2>{move || lang().pick(&zh, &en).to_owned()}</h2><span class="muted num">{items.len()}</span></header>
                <ol>{items.into_iter().map(|at| view! {
                    <li class="entry list-item">{move || list.with_value(|list| list.items.get(at).map(|item| body(list, at, item, &labels.get(), &measures.get().unwrap_or_default())))}</li>
                }).collect_view()}</ol>
            </section>
        }
    };
    view! {
        {has_logic.then(|| view! { <Notice>{move || library_words().formula_note}</Notice> })}
        {rows(false).into_iter().map(section).collect_view()}
        {(retired > 0).then(|| view! {
            <details class="card fold">
                <summary><h2>{move || fill(library_words().retired_items, &[&retired])}</h2>{icon("down")}</summary>
                <div class="stack">{rows(true).into_iter().map(section).collect_view()}</div>
            </details>
        })}
    }
}

fn body(list: &Checklist, at: usize, item: &Item, labels: &describe::Labels, measures: &[Code]) -> AnyView {
    let w = library_words();
    let lang = lang();
    let plain = lang == Lang::En && is_untranslated(&item.text_zh, &item.text_en);
    let when = item.when.as_ref().map(|when| describe::condition(list, when, labels));
    let formula = item.logic.as_ref().and_then(|logic| logic.relevant.clone());
    let measure =
        measures.iter().find(|one| one.code == item.on_fail).map_or_else(|| item.on_fail.clone(), |one| one.label(lang).to_owned());
    let evidence: Vec<&str> = item.evidence.iter().map(|one| evidence_word(*one)).collect();
    let how = item.how(lang).to_owned();
    let transfer = item.transfer_to.join(w.when_list);
    let phrases: Vec<(String, String)> = item
        .phrases
        .iter()
        .map(|one| (lang.pick(&one.zh, &one.en).to_owned(), lang.pick(&one.measure_zh, &one.measure_en).to_owned()))
        .collect();
    view! {
        <span class="entry-no num">{at + 1}</span>
        <p class="entry-text">{item.text(lang).to_owned()}</p>
        <span class="entry-verdict">
            <span class=severity_tone(item)>{severity_word(item.severity)}</span>
            {plain.then(|| view! { <span class="chip warn">{w.untranslated}</span> })}
        </span>
        <dl class="facts entry-main">
            {(!how.is_empty()).then(|| view! { <dt>{words().how}</dt><dd>{how.clone()}</dd> })}
            <dt>{w.answer}</dt><dd>{describe::answer(&item.answer)}{item.record_only.then(|| format!(" · {}", w.record_only))}</dd>
            {when.map(|when| view! { <dt>{w.asked_when}</dt><dd>{when}</dd> })}
            {formula.map(|formula| view! { <dt>{w.asked_by_formula}</dt><dd class="mono">{formula}</dd> })}
            {(!item.record_only).then(|| view! { <dt>{w.on_fail}</dt><dd>{measure.clone()}</dd> })}
            {(!evidence.is_empty()).then(|| view! { <dt>{w.evidence}</dt><dd>{evidence.join(" · ")}</dd> })}
            {(!transfer.is_empty()).then(|| view! { <dt>{w.transfer_to}</dt><dd>{transfer.clone()}</dd> })}
            {(!item.basis.is_empty()).then(|| view! { <dt>{words().basis}</dt><dd>{cites(list, &item.basis)}</dd> })}
            {(!item.severity_basis.is_empty()).then(|| view! { <dt>{words().severity}</dt><dd>{cites(list, &item.severity_basis)}</dd> })}
            {(list.is_for_equipment() && item.per == Per::Unit).then(|| view! { <dt>{w.applies_to}</dt><dd>{w.per_unit}</dd> })}
            {item.common.is_some().then(|| view! { <dt>{w.applies_to}</dt><dd>{w.common}</dd> })}
        </dl>
        {(!phrases.is_empty()).then(|| view! {
            <details class="help entry-main">
                <summary>{icon("down")}{fill(w.n_phrases, &[&phrases.len()])}</summary>
                <ul class="bullets">{phrases.iter().cloned().map(|(text, measure)| view! { <li>{text}<span class="muted">" → "{measure}</span></li> }).collect_view()}</ul>
            </details>
        })}
    }
    .into_any()
}

fn severity_tone(item: &Item) -> &'static str {
    match item.severity {
        crate::domain::checklist::Severity::General => "chip",
        crate::domain::checklist::Severity::Serious => "chip warn",
        crate::domain::checklist::Severity::Major => "chip bad",
    }
}

/// The word for what should prove an answer.
#[must_use]
pub fn evidence_word(evidence: Evidence) -> &'static str {
    let w = library_words();
    match evidence {
        Evidence::Photo => w.evidence_photo,
        Evidence::Document => w.evidence_document,
        Evidence::Measurement => w.evidence_measurement,
    }
}

fn cites(list: &Checklist, basis: &[BasisRef]) -> AnyView {
    let lang = lang();
    let one = |one: &BasisRef| {
        let law = list.basis(&one.basis);
        let name = law.map_or_else(|| one.basis.clone(), |law| lang.pick(&law.name_zh, &law.name_en).to_owned());
        let number = law.map(|law| law.number.clone()).filter(|number| !number.is_empty());
        let article = one.article.clone();
        let unverified = list.is_unverified(one);
        view! {
            <li>{name}{number.map(|number| format!("（{number}）"))}" "{article}" "{unverified.then(|| view! { <span class="unread">{words().unverified}</span> })}</li>
        }
    };
    view! { <ul class="plain">{basis.iter().map(one).collect_view()}</ul> }.into_any()
}
