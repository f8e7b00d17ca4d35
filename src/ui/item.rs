//! One question of a visit: what is asked, its answer, and what follows when it fails.

mod failure;
mod value;

use leptos::prelude::*;
use serde_json::{Value, json};

pub use self::failure::Failure;
use self::value::ValueInput;
pub use self::value::limits_text;
use super::check::{CheckCtx, Past};
use super::icon::icon;
use super::photo::PhotoStrip;
use super::widget::TextField;
use super::words::{fill, lang, visit_words, words};
use crate::domain::checklist::{AnswerSpec, BasisRef, Checklist, Item, Judgement, Severity, Verdict, Wording};
use crate::domain::inspection::Standing;

/// The word for a verdict.
#[must_use]
pub fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => words().verdict_pass,
        Verdict::Fail => words().verdict_fail,
        Verdict::Na => words().verdict_na,
    }
}

/// The word for a severity.
#[must_use]
pub fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::General => words().severity_general,
        Severity::Serious => words().severity_serious,
        Severity::Major => words().severity_major,
    }
}

/// A question as its card has it: which one, its item, what stands for it in paths.
#[derive(Clone, Copy)]
pub struct Asked {
    /// The open inspection.
    pub ctx: CheckCtx,
    /// Index of the slot.
    pub index: usize,
    /// The item.
    pub item: StoredValue<Item>,
    /// See [`crate::domain::inspection::key`].
    pub key: StoredValue<String>,
}

impl Asked {
    fn of(ctx: CheckCtx, index: usize) -> Option<Self> {
        let (item, key) = ctx.with(|inspection| Some((inspection.item(index)?.clone(), inspection.key(index)?.to_owned())))?;
        Some(Self { ctx, index, item: StoredValue::new(item), key: StoredValue::new(key) })
    }

    /// Sets one field of the answer.
    pub fn set(self, field: &str, value: Value) {
        self.key.with_value(|key| self.ctx.set_answer(key, field, value));
    }

    /// What one of its texts says now.
    fn wording(self, which: Wording) -> String {
        self.ctx.wording(self.index, which)
    }

    /// Reads the checklist that it stands in.
    fn with_list<T>(self, read: impl FnOnce(&Checklist) -> T) -> Option<T> {
        self.ctx.with(|inspection| inspection.list(self.index).map(read))
    }
}

/// One question.
#[component]
pub fn ItemCard(ctx: CheckCtx, index: usize) -> impl IntoView {
    let Some(asked) = Asked::of(ctx, index) else { return ().into_any() };
    let silent = asked.item.with_value(|item| matches!(item.answer, AnswerSpec::Calculate));
    if silent {
        return ().into_any();
    }
    let status = ctx.status(index);
    let hidden = Memo::new(move |_| status.with(|status| status.standing == Standing::Hidden));
    (move || if hidden.get() { view! { <HiddenCard asked/> }.into_any() } else { view! { <OpenCard asked/> }.into_any() }).into_any()
}

/// A question that is not asked now: one line, and whether something is kept there.
#[component]
fn HiddenCard(asked: Asked) -> impl IntoView {
    let given = asked.ctx.answer(asked.index).with_untracked(crate::domain::inspection::Answer::is_given);
    let text = move || fill(visit_words().hidden_item, &[&asked.wording(Wording::Text)]);
    view! {
        <p class="check-hidden muted small" id=asked.key.get_value() tabindex="-1">{text}
            {given.then(|| view! { " "<span class="chip">{move || visit_words().hidden_kept}</span> })}
        </p>
    }
}

#[component]
fn OpenCard(asked: Asked) -> impl IntoView {
    let Asked { ctx, index, item, key } = asked;
    let status = ctx.status(index);
    let verdict = Memo::new(move |_| status.with(|status| status.verdict));
    let id = key.get_value();
    let touched = id.clone();
    let failed = move || verdict.get() == Some(Verdict::Fail);
    let text = move || asked.wording(Wording::Text);
    let concerned = Memo::new(move |_| status.with(|status| status.standing == Standing::Asked));
    let open = move || status.with(|status| status.is_open());
    let heading = format!("{id}-t");
    let label = heading.clone();
    let number = ctx.with(|inspection| inspection.number(index));
    let (record_only, note) = item.with_value(|item| (item.record_only, matches!(item.answer, AnswerSpec::Note)));
    let required = Memo::new(move |_| status.with(|status| record_only && status.said.required));
    let photos = item.with_value(|item| !item.record_only || matches!(item.answer, AnswerSpec::Image));
    if note {
        return view! { <article class="card check-item note" id=id tabindex="-1" aria-labelledby=label><p class="item-text" id=heading>{icon("info")}<span class="grow">{text}</span></p></article> }.into_any();
    }
    view! {
        <article class="card check-item" id=id tabindex="-1" aria-labelledby=label
            class:open=open class:failed=failed class:irrelevant=move || !concerned.get()
            on:focusin=move |_| ctx.at(&touched)>
            <h3 class="item-text" id=heading><span class="item-no num">{number}</span><span class="grow">{text}</span>
                <Show when=move || required.get()><span class="chip">{move || visit_words().required}</span></Show>
            </h3>
            {(!record_only).then(|| view! { <SeverityLine asked failed=Signal::derive(failed)/> })}
            <Show when=move || !concerned.get()><p class="muted small">{move || words().not_relevant}</p></Show>
            <EarlierLine asked/>
            <ValueInput asked/>
            <Constraint asked/>
            {(!record_only).then(|| view! { <Verdicts asked verdict/> })}
            <Show when=failed><Failure asked/></Show>
            {photos.then(|| view! { <PhotoStrip album=ctx.album item=Some((Some(number), key.get_value()))/> })}
            <ItemHelp asked/>
        </article>
    }
    .into_any()
}

/// What is said when the value is not allowed, or when it lacks although it is required.
#[component]
fn Constraint(asked: Asked) -> impl IntoView {
    let status = asked.ctx.status(asked.index);
    let answered = Memo::new(move |_| asked.ctx.answer(asked.index).with(|answer| answer.value.is_some()));
    let wrong = Memo::new(move |_| status.with(|status| !status.valid) && answered.get());
    let text = move || {
        let own = asked.wording(Wording::Constraint);
        if own.is_empty() { visit_words().constraint.to_owned() } else { own }
    };
    view! { <Show when=move || wrong.get()><p class="error" role="alert">{text}</p></Show> }
}

/// What was found here at the last visit.
#[component]
fn EarlierLine(asked: Asked) -> impl IntoView {
    let past = Memo::new(move |_| asked.key.with_value(|key| asked.ctx.earlier.with(|all| all.get(key).cloned())));
    let line = move |past: Past| {
        let tone = if past.verdict == Verdict::Fail { "earlier failed" } else { "earlier" };
        let text = fill(visit_words().earlier_line, &[&past.day, &verdict_word(past.verdict)]);
        let photos = (past.photos > 0).then(|| fill(visit_words().earlier_photos, &[&past.photos]));
        let more =
            [past.finding.clone(), photos.unwrap_or_default()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        view! { <p class=tone>{icon("clock")}<span class="grow">{text}{(!more.is_empty()).then(|| format!(" · {more}"))}</span><a class="small" href=format!("/record/{}", past.record)>{words().open_record}</a></p> }
    };
    move || past.get().map(line)
}

/// How grave a failure of an item is; before it has failed, how grave it would be.
#[component]
fn SeverityLine(asked: Asked, #[prop(into)] failed: Signal<bool>) -> impl IntoView {
    let own = asked.item.with_value(|item| item.severity);
    let unverified = asked.with_list(|list| asked.item.with_value(|item| item.severity_basis.iter().any(|one| list.is_unverified(one))));
    let unverified = unverified == Some(true);
    let answer = asked.ctx.answer(asked.index);
    let severity = Memo::new(move |_| {
        let chosen = answer.with(|answer| answer.severity);
        if failed.get() { chosen.unwrap_or(own) } else { own }
    });
    move || {
        let severity = severity.get();
        if severity == Severity::General {
            return None;
        }
        let tone = match (failed.get(), severity) {
            (true, Severity::Major) => "chip bad",
            (true, _) => "chip warn",
            (false, _) => "chip",
        };
        let text = move || {
            if failed.get() {
                format!("{} · {}", words().severity, severity_word(severity))
            } else {
                fill(words().if_failed, &[&severity_word(severity)])
            }
        };
        let doubt = unverified && severity == own;
        Some(view! {
            <p class="row wrap"><span class=tone>{text}</span>{doubt.then(|| view! { <span class="chip warn">{move || words().unverified}</span> })}</p>
        })
    }
}

/// The three buttons. A verdict that follows from a limit is shown as chosen, with a word why.
#[component]
fn Verdicts(asked: Asked, verdict: Memo<Option<Verdict>>) -> impl IntoView {
    let Asked { ctx, index, item, .. } = asked;
    let answer = ctx.answer(index);
    let button = move |one: Verdict| {
        let choose = move |_| {
            let again = answer.with_untracked(|answer| answer.chosen) == Some(one);
            asked.set("verdict", if again { Value::Null } else { json!(one.name()) });
        };
        let name = match one {
            Verdict::Pass => "check",
            Verdict::Fail => "cross",
            Verdict::Na => "minus",
        };
        view! {
            <button type="button" class=format!("verdict {}", one.name()) aria-pressed=move || (verdict.get() == Some(one)).to_string() on:click=choose>
                {icon(name)}<span>{move || verdict_word(one)}</span>
            </button>
        }
    };
    let why = move || {
        let (chosen, value) = answer.with(|answer| (answer.chosen, answer.value.clone()));
        let value = value?;
        let subject = ctx.with(|inspection| inspection.slots.get(index).and_then(|slot| slot.subject));
        let judged = ctx.with(|inspection| item.with_value(|item| item.judge(&value, inspection.day, inspection.facts_of(subject))));
        match judged {
            Judgement::Decided(_) if chosen.is_none() => Some(words().by_rule),
            Judgement::Advised(Verdict::Fail) if chosen.is_none() => Some(words().by_rule_advice),
            _ => None,
        }
    };
    view! {
        <div class="verdicts" role="group" aria-label=move || asked.wording(Wording::Text)>{Verdict::ALL.map(button)}</div>
        {move || why().map(|why| view! { <p class="muted small" role="status">{why}</p> })}
    }
}

/// How to check it and why: folded away until asked for.
#[component]
fn ItemHelp(asked: Asked) -> impl IntoView {
    let item = asked.item;
    let start = asked.ctx.answer(asked.index).with_untracked(|answer| answer.note.clone());
    let save = Callback::new(move |text: String| asked.set("note", if text.trim().is_empty() { Value::Null } else { json!(text.trim()) }));
    let refs = item.with_value(|item| item.basis.iter().chain(&item.severity_basis).cloned().collect::<Vec<_>>());
    let version = asked.with_list(|list| (list.title_zh.clone(), list.title_en.clone(), list.version.clone()));
    let how = item.with_value(|item| !item.how_zh.is_empty());
    view! {
        <details class="help">
            <summary>{icon("book")}{move || format!("{} · {} · {}", words().how, words().basis, words().note)}</summary>
            <div class="stack tight">
                {how.then(|| view! { <p>{move || asked.wording(Wording::How)}</p> })}
                <ul class="basis">{refs.into_iter().map(|one| view! { <BasisLine asked one/> }).collect_view()}</ul>
                {version.map(|(zh, en, version)| view! { <p class="muted small">{move || format!("{} {version}", lang().pick(&zh, &en))}</p> })}
                <TextField label=Signal::derive(|| words().note.to_owned()) value=start on_save=save multiline=true/>
            </div>
        </details>
    }
}

#[component]
fn BasisLine(asked: Asked, one: BasisRef) -> impl IntoView {
    let (basis, unverified) = asked.with_list(|list| (list.basis(&one.basis).cloned(), list.is_unverified(&one))).unwrap_or_default();
    view! {
        <li>
            {move || basis.as_ref().map(|basis| format!("{}（{}）", lang().pick(&basis.name_zh, &basis.name_en), basis.number))}
            " "{one.article.clone()}" "
            {unverified.then(|| view! { <span class="chip warn">{move || words().unverified}</span> })}
        </li>
    }
}
