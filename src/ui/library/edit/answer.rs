//! What kind of answer an item takes, with its limits and options.

use leptos::prelude::*;

use super::super::describe;
use super::ctx::EditCtx;
use super::own_english;
use crate::app::library::draft::set_text;
use crate::domain::checklist::{AnswerSpec, Choice, Item, LimitKind, read_number};
use crate::domain::content::Lang;
use crate::ui::icon::icon;
use crate::ui::widget::TextField;
use crate::ui::words::{Word, fill, library_words};

/// The kinds that can be chosen. What is computed comes from spreadsheets alone.
const KINDS: [&str; 14] = [
    "yes_no_na",
    "number",
    "date",
    "choice",
    "choices",
    "text",
    "image",
    "range",
    "time",
    "date_time",
    "geopoint",
    "barcode",
    "drawing",
    "note",
];

fn kind_of(answer: &AnswerSpec) -> &'static str {
    match answer {
        AnswerSpec::YesNoNa { .. } => "yes_no_na",
        AnswerSpec::Choice { multiple: false, .. } => "choice",
        AnswerSpec::Choice { multiple: true, .. } => "choices",
        AnswerSpec::Number { .. } => "number",
        AnswerSpec::Range { .. } => "range",
        AnswerSpec::Date { .. } => "date",
        AnswerSpec::Text { .. } => "text",
        AnswerSpec::Time => "time",
        AnswerSpec::DateTime => "date_time",
        AnswerSpec::Geopoint => "geopoint",
        AnswerSpec::Image => "image",
        AnswerSpec::Drawing => "drawing",
        AnswerSpec::Barcode => "barcode",
        AnswerSpec::Note => "note",
        AnswerSpec::Calculate => "calculate",
    }
}

/// A kind as it begins; options are taken along from one choice to another.
fn spec_of(kind: &str, old: &AnswerSpec) -> AnswerSpec {
    let choice = |multiple: bool| match old {
        AnswerSpec::Choice { options, list, .. } => AnswerSpec::Choice { multiple, options: options.clone(), list: list.clone() },
        _ => AnswerSpec::Choice { multiple, options: vec![option(1), option(2)], list: None },
    };
    match kind {
        "choice" => choice(false),
        "choices" => choice(true),
        "number" => AnswerSpec::Number {
            unit: None,
            min: None,
            max: None,
            min_field: None,
            max_field: None,
            limit_kind: None,
            step: None,
            integer: false,
        },
        "range" => AnswerSpec::Range { start: 1.0, end: 5.0, step: 1.0, integer: true },
        "date" => AnswerSpec::Date { rule: None },
        "text" => AnswerSpec::Text { max_length: None },
        "time" => AnswerSpec::Time,
        "date_time" => AnswerSpec::DateTime,
        "geopoint" => AnswerSpec::Geopoint,
        "image" => AnswerSpec::Image,
        "drawing" => AnswerSpec::Drawing,
        "barcode" => AnswerSpec::Barcode,
        "note" => AnswerSpec::Note,
        "calculate" => AnswerSpec::Calculate,
        _ => AnswerSpec::YesNoNa { pass: "yes".to_owned() },
    }
}

fn option(number: usize) -> Choice {
    Choice { value: number.to_string(), zh: String::new(), en: String::new(), pass: true, columns: Default::default() }
}

/// The kind, and what belongs to it.
#[component]
pub fn AnswerFields(ctx: EditCtx, id: StoredValue<String>) -> impl IntoView {
    let kind = Memo::new(move |_| id.with_value(|id| ctx.of(id, |item| kind_of(&item.answer))));
    let computed = kind.get_untracked() == "calculate";
    let plain = AnswerSpec::Note;
    let choose = move |event| {
        let wanted = event_target_value(&event);
        let said = fill(library_words().item_answer_changed, &[&describe::answer_kind(&spec_of(&wanted, &AnswerSpec::Note))]);
        id.with_value(|id| ctx.act_here(id, &said, |item| item.answer = spec_of(&wanted, &item.answer)));
    };
    let options = KINDS
        .into_iter()
        .chain(computed.then_some("calculate"))
        .map(|one| {
            let spec = spec_of(one, &plain);
            view! { <option value=one selected=move || kind.get() == one>{move || describe::answer_kind(&spec)}</option> }
        })
        .collect_view();
    let details = move || match kind.get() {
        "yes_no_na" => {
            let set = |item: &mut Item, on: bool| {
                if let AnswerSpec::YesNoNa { pass } = &mut item.answer {
                    (if on { "no" } else { "yes" }).clone_into(pass);
                }
            };
            tick(
                ctx,
                id,
                || library_words().item_inverted,
                |item| matches!(&item.answer, AnswerSpec::YesNoNa { pass } if pass == "no"),
                set,
            )
        }
        "number" => view! { <NumberFields ctx id/> }.into_any(),
        "range" => view! { <RangeFields ctx id/> }.into_any(),
        "date" => view! { <DateFields ctx id/> }.into_any(),
        "choice" | "choices" => view! { <OptionFields ctx id/> }.into_any(),
        "text" => {
            let set = |item: &mut Item, number: Option<f64>| {
                if let AnswerSpec::Text { max_length } = &mut item.answer {
                    *max_length = number.filter(|number| (1.0..=10_000.0).contains(number)).map(whole);
                }
            };
            let now = |item: &Item| match item.answer {
                AnswerSpec::Text { max_length: Some(most) } => most.to_string(),
                _ => String::new(),
            };
            number_field(ctx, id, || library_words().item_max_length, now, set)
        }
        _ => ().into_any(),
    };
    let judged = move || !matches!(kind.get(), "note" | "calculate");
    view! {
        <label class="field">
            <span>{move || library_words().item_answer}</span>
            <select class="input" prop:value=kind on:change=choose>{options}</select>
        </label>
        {details}
        {move || judged().then(|| tick(ctx, id, || library_words().record_only, |item| item.record_only, |item, on| item.record_only = on))}
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "only called with whole numbers from 1 to 10,000")]
fn whole(number: f64) -> usize {
    number as usize
}

/// A box to tick.
fn tick(ctx: EditCtx, id: StoredValue<String>, label: Word, now: fn(&Item) -> bool, set: fn(&mut Item, bool)) -> AnyView {
    let on = Memo::new(move |_| id.with_value(|id| ctx.of(id, now)));
    view! {
        <label class="choice">
            <input type="checkbox" prop:checked=on on:change=move |event| {
                let to = event_target_checked(&event);
                id.with_value(|id| ctx.change(id, |item| set(item, to)));
            }/>
            <span>{label}</span>
        </label>
    }
    .into_any()
}

/// A field for a number that may be left empty. What is no number is not kept, and said.
fn number_field(ctx: EditCtx, id: StoredValue<String>, label: Word, now: fn(&Item) -> String, set: fn(&mut Item, Option<f64>)) -> AnyView {
    let odd = RwSignal::new(false);
    let save = Callback::new(move |text: String| {
        let (text, number) = (text.trim(), read_number(&text, None));
        odd.try_set(!text.is_empty() && number.is_none());
        if text.is_empty() || number.is_some() {
            id.with_value(|id| ctx.change(id, |item| set(item, number)));
        }
    });
    let start = id.with_value(|id| ctx.now(id, now));
    let said = Signal::derive(move || if odd.get() { library_words().item_number_odd.to_owned() } else { String::new() });
    view! { <TextField label=Signal::derive(move || label().to_owned()) value=start on_save=save max=12 inputmode="decimal" odd=said/> }
        .into_any()
}

fn shown(number: Option<f64>) -> String {
    number.map(describe::number).unwrap_or_default()
}

#[component]
fn NumberFields(ctx: EditCtx, id: StoredValue<String>) -> impl IntoView {
    let unit = id.with_value(|id| {
        ctx.now(id, |item| match &item.answer {
            AnswerSpec::Number { unit, .. } => unit.clone().unwrap_or_default(),
            _ => String::new(),
        })
    });
    let save_unit = Callback::new(move |text: String| {
        id.with_value(|id| {
            ctx.change(id, |item| {
                if let AnswerSpec::Number { unit, .. } = &mut item.answer {
                    *unit = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
                }
            });
        });
    });
    let set_min = |item: &mut Item, number: Option<f64>| {
        if let AnswerSpec::Number { min, .. } = &mut item.answer {
            *min = number;
        }
    };
    let set_max = |item: &mut Item, number: Option<f64>| {
        if let AnswerSpec::Number { max, .. } = &mut item.answer {
            *max = number;
        }
    };
    let min = |item: &Item| match item.answer {
        AnswerSpec::Number { min, .. } => shown(min),
        _ => String::new(),
    };
    let max = |item: &Item| match item.answer {
        AnswerSpec::Number { max, .. } => shown(max),
        _ => String::new(),
    };
    let is_advisory = |item: &Item| matches!(item.answer, AnswerSpec::Number { limit_kind: Some(LimitKind::Advisory), .. });
    let set_advisory = |item: &mut Item, on: bool| {
        if let AnswerSpec::Number { limit_kind, .. } = &mut item.answer {
            *limit_kind = on.then_some(LimitKind::Advisory);
        }
    };
    let set_whole = |item: &mut Item, on: bool| {
        if let AnswerSpec::Number { integer, .. } = &mut item.answer {
            *integer = on;
        }
    };
    // Limits that come from the equipment's own data are shown, and changed in the spreadsheet.
    let from_fields = id.with_value(|id| {
        ctx.now(id, |item| match &item.answer {
            AnswerSpec::Number { min_field, max_field, .. } if min_field.is_some() || max_field.is_some() => Some(item.answer.clone()),
            _ => None,
        })
    });
    view! {
        <TextField label=Signal::derive(|| library_words().item_unit.to_owned()) value=unit on_save=save_unit max=20 hint=Signal::derive(|| library_words().item_unit_hint.to_owned())/>
        <div class="pair">
            {number_field(ctx, id, || library_words().item_min, min, set_min)}
            {number_field(ctx, id, || library_words().item_max, max, set_max)}
        </div>
        <p class="muted small">{move || library_words().item_limit_hint}</p>
        {from_fields.map(|answer| view! { <p class="muted small">{move || describe::answer(&answer)}</p> })}
        {tick(ctx, id, || library_words().item_advisory, is_advisory, set_advisory)}
        {tick(ctx, id, || library_words().item_integer, |item| matches!(item.answer, AnswerSpec::Number { integer: true, .. }), set_whole)}
    }
}

#[component]
fn RangeFields(ctx: EditCtx, id: StoredValue<String>) -> impl IntoView {
    fn part(item: &mut Item, which: u8) -> Option<&mut f64> {
        match (&mut item.answer, which) {
            (AnswerSpec::Range { start, .. }, 0) => Some(start),
            (AnswerSpec::Range { end, .. }, 1) => Some(end),
            (AnswerSpec::Range { step, .. }, _) => Some(step),
            _ => None,
        }
    }
    fn now(item: &Item, which: u8) -> String {
        part(&mut item.clone(), which).map(|number| describe::number(*number)).unwrap_or_default()
    }
    fn set(item: &mut Item, which: u8, number: Option<f64>) {
        if let (Some(part), Some(number)) = (part(item, which), number) {
            *part = number;
        }
        if let AnswerSpec::Range { start, end, step, integer } = &mut item.answer {
            *integer = [*start, *end, *step].iter().all(|number| number.fract() == 0.0);
        }
    }
    view! {
        <div class="pair">
            {number_field(ctx, id, || library_words().item_start, |item| now(item, 0), |item, number| set(item, 0, number))}
            {number_field(ctx, id, || library_words().item_end, |item| now(item, 1), |item, number| set(item, 1, number))}
        </div>
        {number_field(ctx, id, || library_words().item_step, |item| now(item, 2), |item, number| set(item, 2, number))}
    }
}

/// `gte_today_minus_<n>m`: how many months; none for any other rule.
fn within(rule: &str) -> Option<&str> {
    rule.strip_prefix("gte_today_minus_")?.strip_suffix('m')
}

#[component]
fn DateFields(ctx: EditCtx, id: StoredValue<String>) -> impl IntoView {
    let rule = Memo::new(move |_| {
        id.with_value(|id| {
            ctx.of(id, |item| match &item.answer {
                AnswerSpec::Date { rule } => rule.clone().unwrap_or_default(),
                _ => String::new(),
            })
        })
    });
    // Rules that the choices below do not say are kept.
    let other = rule.with_untracked(|rule| rule.clone());
    let other = Some(other).filter(|rule| !matches!(rule.as_str(), "" | "gte_today" | "lte_today") && within(rule).is_none());
    let is_within = Memo::new(move |_| rule.with(|rule| within(rule).is_some()));
    let set = move |text: String| {
        id.with_value(|id| {
            ctx.change(id, |item| {
                if let AnswerSpec::Date { rule } = &mut item.answer {
                    *rule = Some(text).filter(|text| !text.is_empty());
                }
            });
        });
    };
    let choose = move |event| {
        let value = event_target_value(&event);
        set(if value == "within" { "gte_today_minus_12m".to_owned() } else { value });
    };
    let plain: [(&'static str, Word); 3] =
        [("", || library_words().rule_none), ("gte_today", || library_words().rule_valid), ("lte_today", || library_words().rule_past)];
    let set_months = |item: &mut Item, number: Option<f64>| {
        let months = number.filter(|months| (1.0..=1200.0).contains(months));
        if let (AnswerSpec::Date { rule }, Some(months)) = (&mut item.answer, months) {
            *rule = Some(format!("gte_today_minus_{}m", months.round()));
        }
    };
    let months = |item: &Item| match &item.answer {
        AnswerSpec::Date { rule: Some(rule) } => within(rule).unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    view! {
        <label class="field">
            <span>{move || library_words().item_rule}</span>
            <select class="input" prop:value=move || if is_within.get() { "within".to_owned() } else { rule.get() } on:change=choose>
                {plain.map(|(value, label)| view! { <option value=value selected=move || rule.with(|rule| rule == value)>{label}</option> })}
                <option value="within" selected=move || is_within.get()>{move || library_words().rule_within}</option>
                {other.map(|kept| {
                    let (value, same) = (kept.clone(), kept.clone());
                    view! { <option value=value selected=move || rule.with(|rule| *rule == same)>{move || fill(library_words().rule_kept, &[&describe::date_rule(&kept)])}</option> }
                })}
            </select>
        </label>
        {move || is_within.get().then(|| number_field(ctx, id, || library_words().rule_months, months, set_months))}
    }
}

fn options_of(item: &mut Item) -> Option<&mut Vec<Choice>> {
    match &mut item.answer {
        AnswerSpec::Choice { options, .. } => Some(options),
        _ => None,
    }
}

/// The smallest number that no option has as its value.
fn next_value(options: &[Choice]) -> usize {
    options.iter().filter_map(|option| option.value.parse::<usize>().ok()).max().unwrap_or_default() + 1
}

#[component]
fn OptionFields(ctx: EditCtx, id: StoredValue<String>) -> impl IntoView {
    // Rows are made anew when their number changes, never while someone types.
    let values = Memo::new(move |_| {
        id.with_value(|id| {
            ctx.of(id, |item| match &item.answer {
                AnswerSpec::Choice { options, .. } => options.iter().map(|option| option.value.clone()).collect::<Vec<_>>(),
                _ => Vec::new(),
            })
        })
    });
    let add = move |_| {
        id.with_value(|id| {
            ctx.change(id, |item| {
                if let Some(options) = options_of(item) {
                    let next = next_value(options);
                    options.push(option(next));
                }
            })
        });
    };
    let row = move |(at, value): (usize, String)| {
        let value = StoredValue::new(value);
        let change = move |change: &dyn Fn(&mut Choice)| {
            id.with_value(|id| {
                ctx.change(id, |item| {
                    let wanted = value.get_value();
                    options_of(item).into_iter().flatten().filter(|option| option.value == wanted).for_each(change);
                });
            });
        };
        let now = move || {
            id.with_value(|id| {
                ctx.now(id, |item| match &item.answer {
                    AnswerSpec::Choice { options, .. } => {
                        options.iter().find(|option| value.with_value(|value| option.value == *value)).cloned()
                    }
                    _ => None,
                })
            })
        };
        let (zh, pass) = now().map(|now| (now.zh, now.pass)).unwrap_or_default();
        let save = move |lang: Lang| {
            Callback::new(move |text: String| change(&|option| set_text((&mut option.zh, &mut option.en), lang, text.trim())))
        };
        let number = at + 1;
        let remove = move |_| {
            id.with_value(|id| {
                ctx.act_here(id, library_words().option_removed, |item| {
                    if let Some(options) = options_of(item) {
                        options.retain(|option| value.with_value(|value| option.value != *value));
                    }
                });
            });
        };
        view! {
            <li class="part-row">
                <TextField label=Signal::derive(move || fill(library_words().option_n, &[&number])) value=zh on_save=save(Lang::Zh) max=100/>
                {move || ctx.english.get().then(|| {
                    let start = now().map(|now| own_english(&now.zh, &now.en)).unwrap_or_default();
                    view! { <TextField label=Signal::derive(move || fill(library_words().option_en_n, &[&number])) value=start on_save=save(Lang::En) max=100/> }
                })}
                <div class="row">
                    <label class="choice grow">
                        <input type="checkbox" checked=pass on:change=move |event| {
                            let to = event_target_checked(&event);
                            change(&|option| option.pass = to);
                        }/>
                        <span>{move || fill(library_words().option_passes, &[&number])}</span>
                    </label>
                    <button type="button" class="icon-btn" aria-label=move || fill(library_words().option_remove, &[&number]) on:click=remove>{icon("trash")}</button>
                </div>
            </li>
        }
    };
    view! {
        <fieldset class="part">
            <legend class="legend-name">{move || library_words().options}</legend>
            <ol class="stack">{move || values.get().into_iter().enumerate().map(row).collect_view()}</ol>
            <button type="button" class="btn quiet block" on:click=add>{icon("plus")}{move || library_words().option_add}</button>
        </fieldset>
    }
}
