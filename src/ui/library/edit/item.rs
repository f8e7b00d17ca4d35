//! The sheet of one item: everything about it, each field kept by itself.

use leptos::prelude::*;

use super::super::{describe, opens_with};
use super::answer::AnswerFields;
use super::basis::BasisFields;
use super::ctx::EditCtx;
use super::own_english;
use super::phrases::PhraseFields;
use crate::app::library::draft::{Draft, set_text};
use crate::app::library::fault::TEXT_CHARACTERS;
use crate::domain::checklist::{Evidence, Item, Severity};
use crate::domain::content::Lang;
use crate::ui::icon::icon;
use crate::ui::item::severity_word;
use crate::ui::library::read::evidence_word;
use crate::ui::widget::{FormField, Sheet, TextField};
use crate::ui::words::{Word, fill, lang, library_words, words};

/// The sheet.
#[component]
pub fn ItemSheet(ctx: EditCtx) -> impl IntoView {
    let open = opens_with(ctx.item);
    let title = Signal::derive(move || {
        ctx.item.with(|id| id.as_ref().map(|id| fill(library_words().item_n, &[&ctx.number(id)]))).unwrap_or_default()
    });
    view! {
        <Sheet open title>
            {move || ctx.item.get().map(|id| view! { <ItemForm ctx id open/> })}
        </Sheet>
    }
}

/// Fields for a text in both languages; the English one shows nothing where it was taken from the Chinese one.
pub fn both_languages(
    ctx: EditCtx,
    id: StoredValue<String>,
    texts: impl Fn(&mut Item) -> Option<(&mut String, &mut String)> + Copy + Send + Sync + 'static,
    label: impl Fn(Lang) -> String + Copy + Send + Sync + 'static,
    hint: Option<Word>,
) -> AnyView {
    let field = move |lang: Lang| -> AnyView {
        let start = id.with_value(|id| {
            ctx.now(id, |item| {
                let mut item = item.clone();
                texts(&mut item).map(|(zh, en)| if lang == Lang::Zh { zh.clone() } else { own_english(zh, en) })
            })
        });
        let save = Callback::new(move |text: String| {
            id.with_value(|id| {
                ctx.change(id, |item| {
                    if let Some(pair) = texts(item) {
                        set_text(pair, lang, text.trim());
                    }
                });
            });
        });
        let below = Signal::derive(move || match lang {
            Lang::Zh => hint.map(|hint| hint().to_owned()).unwrap_or_default(),
            Lang::En => library_words().english_hint.to_owned(),
        });
        view! {
            <TextField label=Signal::derive(move || label(lang)) value=start.unwrap_or_default() on_save=save multiline=true max=u32::try_from(TEXT_CHARACTERS).unwrap_or(500) hint=below/>
        }
        .into_any()
    };
    view! { {field(Lang::Zh)}{move || ctx.english.get().then(|| field(Lang::En))} }.into_any()
}

/// A label, marked where it is for English.
pub fn label(lang: Lang, word: &str) -> String {
    if lang == Lang::En { format!("{word} · {}", library_words().in_english) } else { word.to_owned() }
}

#[component]
fn ItemForm(ctx: EditCtx, id: String, open: RwSignal<bool>) -> impl IntoView {
    let id = StoredValue::new(id);
    let retired = Memo::new(move |_| id.with_value(|id| ctx.of(id, |item| item.retired)));
    let faults = move || {
        let own = |fault: &crate::app::library::fault::Fault| match fault {
            crate::app::library::fault::Fault::Item { item, fault } => {
                id.with_value(|id| item == id).then(|| view! { <p class="row-fault">{describe::item_fault(fault)}</p> })
            }
            _ => None,
        };
        ctx.faults.with(|all| all.iter().filter_map(own).collect_view())
    };
    let when = move || {
        id.with_value(|id| {
            ctx.draft.with(|draft| {
                let when = draft.item(id)?.when.as_ref()?;
                Some(ctx.labels.with(|labels| describe::condition(&draft.list, when, labels)))
            })
        })
    };
    view! {
        <div class="item-form stack">
            <div role="alert">{faults}</div>
            <div class="chips-pick">
                <button type="button" aria-pressed=move || ctx.english.get().to_string() on:click=move |_| ctx.english.update(|on| *on = !*on)>{move || library_words().also_english}</button>
            </div>
            {both_languages(ctx, id, |item| Some((&mut item.text_zh, &mut item.text_en)), |lang| label(lang, library_words().item_text), Some(|| library_words().item_text_hint))}
            <AnswerFields ctx id/>
            <SeverityField ctx id/>
            <MeasureField ctx id/>
            <EvidenceField ctx id/>
            {both_languages(ctx, id, |item| Some((&mut item.how_zh, &mut item.how_en)), |lang| label(lang, library_words().item_how), None)}
            <SectionField ctx id/>
            <BasisFields ctx id/>
            <PhraseFields ctx id/>
            {move || when().map(|when| view! {
                <div class="field"><span>{library_words().condition}</span><p>{library_words().asked_when}" "{when}</p><span class="hint">{library_words().condition_hint}</span></div>
            })}
            <EndOfItem ctx id retired open/>
            <UndoBar ctx/>
            <button type="button" class="btn primary block" on:click=move |_| open.set(false)>{move || library_words().closed}</button>
        </div>
    }
}

/// What was done last in this sheet. A message below the page could not be reached from here.
#[component]
fn UndoBar(ctx: EditCtx) -> impl IntoView {
    view! {
        <div class="undo-place" role="status">
            {move || ctx.undo.get().map(|undo| view! {
                <div class="undo-bar">
                    <span class="grow">{undo.said}</span>
                    <button type="button" class="btn slim" on:click=move |_| { ctx.undo.set(None); undo.back.run(()); }>{icon("undo")}{words().undo}</button>
                </div>
            })}
        </div>
    }
}

#[component]
fn SeverityField(ctx: EditCtx, id: StoredValue<String>) -> impl IntoView {
    let chosen = Memo::new(move |_| id.with_value(|id| ctx.of(id, |item| Some(item.severity))));
    view! {
        <div class="field" role="group" aria-labelledby="item-severity">
            <span id="item-severity">{move || library_words().item_severity}</span>
            <div class="segmented">
                {Severity::ALL.map(|one| view! {
                    <button type="button" aria-pressed=move || (chosen.get() == Some(one)).to_string()
                        on:click=move |_| { id.with_value(|id| ctx.change(id, |item| item.severity = one)); }>{move || severity_word(one)}</button>
                })}
            </div>
        </div>
    }
}

#[component]
fn MeasureField(ctx: EditCtx, id: StoredValue<String>) -> impl IntoView {
    let chosen = Memo::new(move |_| id.with_value(|id| ctx.of(id, |item| item.on_fail.clone())));
    let options = move || {
        let measures = ctx.measures.get();
        let unknown = chosen.with_untracked(|chosen| measures.iter().all(|one| one.code != *chosen)).then(|| chosen.get_untracked());
        let known = measures.into_iter().map(|one| {
            let (code, value) = (one.code.clone(), one.code.clone());
            view! { <option value=value selected=move || chosen.with(|chosen| *chosen == code)>{move || one.label(lang()).to_owned()}</option> }.into_any()
        });
        let unknown = unknown.map(|code| view! { <option value=code.clone() selected=true>{code.clone()}</option> }.into_any());
        known.chain(unknown).collect_view()
    };
    let choose = move |event| {
        let code = event_target_value(&event);
        id.with_value(|id| ctx.change(id, |item| item.on_fail = code));
    };
    view! {
        <label class="field">
            <span>{move || library_words().item_measure}</span>
            <select class="input" prop:value=chosen on:change=choose>{options}</select>
        </label>
    }
}

#[component]
fn EvidenceField(ctx: EditCtx, id: StoredValue<String>) -> impl IntoView {
    let chosen = Memo::new(move |_| id.with_value(|id| ctx.of(id, |item| item.evidence.clone())));
    let toggle = move |one: Evidence| {
        id.with_value(|id| {
            ctx.change(id, |item| match item.evidence.iter().position(|known| *known == one) {
                Some(at) => drop(item.evidence.remove(at)),
                None => item.evidence.push(one),
            })
        });
    };
    view! {
        <div class="field" role="group" aria-labelledby="item-evidence">
            <span id="item-evidence">{move || library_words().item_evidence}</span>
            <div class="chips-pick">
                {[Evidence::Photo, Evidence::Document, Evidence::Measurement].map(|one| view! {
                    <button type="button" aria-pressed=move || chosen.with(|chosen| chosen.contains(&one)).to_string() on:click=move |_| toggle(one)>{move || evidence_word(one)}</button>
                })}
            </div>
        </div>
    }
}

/// Where the item stands. Items of a group stay in it: expressions count on that.
#[component]
fn SectionField(ctx: EditCtx, id: StoredValue<String>) -> impl IntoView {
    let grouped = id.with_value(|id| ctx.now(id, |item| item.group.is_some()));
    let here = Memo::new(move |_| id.with_value(|id| ctx.of(id, |item| item.section_zh.clone())));
    let sections = Memo::new(move |_| {
        ctx.draft.with(|draft| draft.list.sections().into_iter().map(|one| (one.title_zh, one.title_en)).collect::<Vec<_>>())
    });
    let naming = RwSignal::new(false);
    let (name, problem) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let go = move |section: (String, String)| {
        let changes = id.with_value(|id| ctx.draft.with_untracked(|draft: &Draft| draft.move_to(id, (&section.0, &section.1))));
        ctx.write(&changes);
    };
    let choose = move |event| {
        let value = event_target_value(&event);
        naming.set(value.is_empty());
        let wanted = sections.with_untracked(|all| all.iter().find(|(zh, _)| *zh == value).cloned());
        if let Some(section) = wanted {
            go(section);
        }
    };
    let add = move |_| {
        let text = name.get_untracked().trim().to_owned();
        if text.is_empty() {
            problem.set(Some(library_words().fault_no_section.to_owned()));
            return;
        }
        go((text.clone(), text));
        naming.set(false);
        name.set(String::new());
    };
    let option = move |(zh, en): (String, String)| {
        let (value, name) = (zh.clone(), zh.clone());
        view! { <option value=value selected=move || !naming.get() && here.with(|here| *here == name)>{move || lang().pick(&zh, &en).to_owned()}</option> }
    };
    (!grouped).then(|| {
        view! {
            <label class="field">
                <span>{move || library_words().section}</span>
                <select class="input" prop:value=move || if naming.get() { String::new() } else { here.get() } on:change=choose>
                    {move || sections.get().into_iter().map(option).collect_view()}
                    <option value="" selected=move || naming.get()>{move || library_words().section_new}</option>
                </select>
            </label>
            <Show when=move || naming.get()>
                <FormField label=Signal::derive(|| library_words().section_name.to_owned()) text=name problem/>
                <button type="button" class="btn block" on:click=add>{move || library_words().section_to}</button>
            </Show>
        }
    })
}

/// Retires an item that was published, takes away one that was not.
#[component]
fn EndOfItem(ctx: EditCtx, id: StoredValue<String>, retired: Memo<bool>, open: RwSignal<bool>) -> impl IntoView {
    let new = id.with_value(|id| ctx.draft.with_untracked(|draft| draft.is_new(id)));
    let number = move || id.with_value(|id| untrack(|| ctx.number(id)));
    let remove = move |_| {
        let (said, changes) =
            (fill(library_words().item_removed, &[&number()]), id.with_value(|id| ctx.draft.with_untracked(|draft| draft.remove(id))));
        open.set(false);
        ctx.act(&changes, &said);
    };
    let switch = move |_| {
        let to = !retired.get_untracked();
        let said = if to { library_words().item_retired } else { library_words().item_restored };
        let said = fill(said, &[&number()]);
        let changes = id
            .with_value(|id| {
                ctx.draft.with_untracked(|draft| draft.item(id).map(|item| Draft::set_item(&Item { retired: to, ..item.clone() })))
            })
            .unwrap_or_default();
        open.set(false);
        ctx.act(&changes, &said);
    };
    if new {
        view! { <button type="button" class="btn block danger" on:click=remove>{icon("trash")}{move || library_words().item_remove}</button> }.into_any()
    } else {
        view! {
            <div class="stack tight">
                <button type="button" class="btn block" class:danger=move || !retired.get() on:click=switch>
                    {move || if retired.get() { library_words().item_restore } else { library_words().item_retire }}
                </button>
                <p class="muted small">{move || library_words().item_retire_hint}</p>
            </div>
        }
        .into_any()
    }
}
