//! One field of the form: the question, how to answer, what is odd about the answer.

use leptos::prelude::*;
use serde_json::{Value, json};
use wasm_bindgen::JsCast as _;

use super::ctx::DraftCtx;
use super::inputs::{Asked, Count, Day, Many, Tile, Tiles, YesNo};
use super::photos::Photos;
use crate::complaint::{AnswerKind, Choice, FormField, Lack, Level, Problem};
use crate::scan::decode::Code;
use crate::scan::meaning::{Meaning, meanings};
use crate::ui::icon::icon;
use crate::ui::scan::ScanView;
use crate::ui::widget::{Sheet, TextField};
use crate::ui::words::{complain_words, fill, lang};

/// The element that a field is in.
#[must_use]
pub fn anchor(field: &str) -> String {
    format!("q-{field}")
}

/// Brings a field before the person, ready to be answered.
pub fn go_to(field: &str) {
    let Some(place) = document().get_element_by_id(&anchor(field)) else { return };
    if let Some(fold) = place.closest("details").ok().flatten() {
        // It is unfolded already, or stays one tap away.
        let _ = fold.set_attribute("open", "");
    }
    place.scroll_into_view();
    let inner = place.query_selector("input, textarea, button").ok().flatten();
    if let Some(inner) = inner.and_then(|inner| inner.dyn_into::<web_sys::HtmlElement>().ok()) {
        // It is before the person even where the focus can't be moved.
        let _ = inner.focus();
    }
}

/// What lacks, in words.
#[must_use]
pub fn lack_text(lack: &Lack) -> String {
    let w = complain_words();
    match &lack.problem {
        Problem::Rule { name, .. } => name.get(lang()).to_owned(),
        Problem::NoFiling => w.lack_no_filing.to_owned(),
        Problem::Strange => w.lack_strange.to_owned(),
        Problem::TooLong { have, max } => fill(w.lack_too_long, &[have, max]),
        Problem::Range { max } => fill(w.lack_range, &[max]),
        Problem::Day => w.lack_day.to_owned(),
        Problem::Future => w.lack_future.to_owned(),
        Problem::Phone => w.lack_phone.to_owned(),
        Problem::Identity => w.lack_identity.to_owned(),
        Problem::Uscc(_) => w.lack_uscc.to_owned(),
        Problem::Gtin => w.lack_gtin.to_owned(),
        Problem::Link => w.lack_link.to_owned(),
        Problem::TooManyPhotos { max } => fill(w.lack_photos, &[max]),
    }
}

/// The tiles of what can be chosen.
fn tiles(options: &[Choice]) -> Vec<Tile> {
    let lang = lang();
    let tile = |option: &Choice| Tile {
        id: option.id.clone(),
        name: option.name.get(lang).to_owned(),
        hint: option.help.as_ref().map(|help| help.get(lang).to_owned()).unwrap_or_default(),
        icon: icon_of(&option.id),
    };
    options.iter().map(tile).collect()
}

/// The picture beside what can be chosen, where there is one that helps.
fn icon_of(option: &str) -> &'static str {
    match option {
        "special_equipment" | "equipment" | "lift" => "lift",
        "online" => "phone",
        "shop" | "unlicensed" => "office",
        "goods" => "ledger",
        _ => "",
    }
}

/// A field: what is asked, the way to answer, the hint, and what is odd about the answer.
#[component]
pub fn FieldView(ctx: DraftCtx, field: FormField) -> impl IntoView {
    let id = field.id.clone();
    let name = field.name.clone();
    let label = Signal::derive(move || name.get(lang()).to_owned());
    let (hint_id, odd_id) = (format!("h-{id}"), format!("e-{id}"));
    let described = if field.help.is_some() { format!("{hint_id} {odd_id}") } else { odd_id.clone() };
    let of_answer = id.clone();
    let now = Memo::new(move |_| ctx.read(|reading| reading.answer(&of_answer).cloned().unwrap_or_default()));
    let kept = id.clone();
    let keep = Callback::new(move |value: Value| ctx.set(&kept, value));
    let asked = Asked { id: id.clone(), label, described, now: now.into(), keep };
    // What is wrong with an answer that is there; what lacks is said below the step, so that nobody is told off beforehand.
    let odd_of = id.clone();
    let odd = move || {
        let lacks = ctx.lacks();
        let one = lacks.iter().find(|lack| lack.field == odd_of && !matches!(lack.problem, Problem::Rule { .. }));
        one.map(lack_text)
    };
    let help = field.help.clone().map(|help| view! { <p class="hint" id=hint_id>{move || help.get(lang()).to_owned()}</p> });
    view! {
        <div class="form-field" id=anchor(&id)>
            {input(ctx, field.kind, asked)}
            {help}
            <p class="lack" id=odd_id role="status">{odd}</p>
        </div>
    }
}

fn input(ctx: DraftCtx, kind: AnswerKind, asked: Asked) -> AnyView {
    // Browsers write what stands in a field that they may complete onto the disk, to bring it back: so no field is one.
    let text = |max: usize, multiline: bool, mode: &'static str| {
        let Asked { label, described, now, keep, .. } = asked.clone();
        let start = now.with_untracked(|value| value.as_str().unwrap_or_default().to_owned());
        let on_save = Callback::new(move |text: String| keep.run(json!(text.trim())));
        let max = u32::try_from(max).unwrap_or(u32::MAX);
        view! { <TextField label value=start on_save multiline=multiline inputmode=mode max described/> }.into_any()
    };
    match kind {
        AnswerKind::Choice { options } => chosen(asked, options, Many::One),
        AnswerKind::Choices { options } => chosen(asked, options, Many::Some),
        AnswerKind::Flags { options } => chosen(asked, options, Many::OrNone),
        AnswerKind::Yes => view! { <YesNo asked/> }.into_any(),
        AnswerKind::Date { offer } => view! { <Day asked offer/> }.into_any(),
        AnswerKind::Count { max } => view! { <Count asked max/> }.into_any(),
        AnswerKind::Photos { most } => view! { <Photos ctx asked most/> }.into_any(),
        AnswerKind::Number { unit, .. } => number(asked, unit),
        AnswerKind::Text { max } => text(max, false, "text"),
        AnswerKind::Long { max } => text(max, true, "text"),
        AnswerKind::Phone => text(30, false, "tel"),
        AnswerKind::Identity => text(30, false, "text"),
        AnswerKind::Link { max } => text(max, false, "url"),
        AnswerKind::Uscc => view! { <Scanned asked max=30 mode=Scan::Licence/> }.into_any(),
        AnswerKind::Gtin => view! { <Scanned asked max=30 mode=Scan::Goods/> }.into_any(),
        AnswerKind::Code { max } => view! { <Scanned asked max mode=Scan::Equipment/> }.into_any(),
    }
}

fn chosen(asked: Asked, options: Vec<Choice>, many: Many) -> AnyView {
    // Made anew when the language changes, which keeps the names in it.
    (move || view! { <Tiles asked=asked.clone() tiles=tiles(&options) many/> }).into_any()
}

fn number(asked: Asked, unit: String) -> AnyView {
    let Asked { label, described, now, keep, .. } = asked;
    let start = now.with_untracked(|value| value.as_f64().map(|number| number.to_string()).or_else(|| value.as_str().map(str::to_owned)));
    let on_save = Callback::new(move |text: String| {
        let plain: String = text.chars().map(crate::domain::uscc::half_width).filter(|c| !c.is_whitespace() && *c != ',').collect();
        // What is no number is kept as it is typed, and said to be odd.
        keep.run(plain.parse::<f64>().ok().filter(|number| number.is_finite()).map_or(json!(text.trim()), |number| json!(number)));
    });
    view! { <TextField label value=start.unwrap_or_default() on_save inputmode="decimal" unit max=20 described/> }.into_any()
}

/// What a scan looks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scan {
    Goods,
    Licence,
    Equipment,
}

impl Scan {
    fn word(self) -> &'static str {
        let w = complain_words();
        match self {
            Self::Goods => w.scan_goods,
            Self::Licence => w.scan_licence,
            Self::Equipment => w.scan_equipment,
        }
    }

    /// What the code says for this field; `None` when it is another kind of code.
    fn read(self, code: &Code) -> Option<String> {
        let found = meanings(&code.text);
        let known = found.into_iter().find_map(|meaning| match (self, meaning) {
            (Self::Goods, Meaning::Goods(digits)) => Some(digits),
            (Self::Licence, Meaning::Unit(uscc)) => Some(uscc.to_string()),
            (Self::Equipment, Meaning::Equipment(code) | Meaning::Certificate(code)) => Some(code),
            _ => None,
        });
        // What is typed is taken as it is; of what is scanned for a machine the text itself may be the code.
        let plain = || code.text.trim().to_owned();
        let as_is = code.format == "typed" || self == Self::Equipment && code.text.chars().count() <= 60;
        known.or_else(|| as_is.then(plain)).filter(|text| !text.is_empty())
    }
}

/// A number that a code says: scanned, or typed.
#[component]
fn Scanned(asked: Asked, max: usize, mode: Scan) -> impl IntoView {
    let Asked { label, described, now, keep, .. } = asked;
    let open = RwSignal::new(false);
    let read = RwSignal::new(None::<String>);
    let other = RwSignal::new(false);
    let start = now.with_untracked(|value| value.as_str().unwrap_or_default().to_owned());
    let on_save = Callback::new(move |text: String| keep.run(json!(text.trim())));
    let on_code = Callback::new(move |code: Code| {
        let found = mode.read(&code);
        other.set(found.is_none());
        if let Some(found) = found {
            // The same code again must be taken too, after something else was typed.
            read.set(None);
            read.set(Some(found));
        }
        open.set(false);
    });
    let max = u32::try_from(max).unwrap_or(u32::MAX);
    view! {
        <div class="stack tight">
            <TextField label value=start on_save inputmode="text" max described replace=read/>
            <button type="button" class="btn" on:click=move |_| { other.set(false); open.set(true); }>{icon("scan")}{move || mode.word()}</button>
            <p class="lack" role="status">{move || match (other.get(), read.get()) {
                (true, _) => complain_words().scan_other.to_owned(),
                (false, Some(found)) => fill(complain_words().scanned, &[&found]),
                _ => String::new(),
            }}</p>
            <Sheet open title=Signal::derive(move || mode.word().to_owned())><ScanView on_code/></Sheet>
        </div>
    }
}

/// What lacks, each as a way to its place: errors, then what could be better.
#[component]
pub fn LackList(
    /// What lacks.
    lacks: Memo<Vec<Lack>>,
    /// The way to the place.
    go: Callback<Lack>,
    /// The words over it.
    title: Signal<String>,
    /// What is said when nothing lacks.
    good: Signal<String>,
) -> impl IntoView {
    let row = move |lack: Lack| {
        let text = lack_text(&lack);
        view! { <li><button type="button" class="list-row" on:click=move |_| go.run(lack.clone())><span class="grow">{text}</span>{icon("next")}</button></li> }
    };
    view! {
        <div aria-live="polite">
            {move || {
                let (errors, warnings): (Vec<_>, Vec<_>) = lacks.get().into_iter().partition(|lack| lack.level == Level::Error);
                let none = errors.is_empty();
                let good = none.then(|| good.get()).filter(|text| !text.is_empty());
                view! {
                    {good.map(|text| view! { <div class="notice good">{icon("check")}<strong class="grow">{text}</strong></div> })}
                    {(!none).then(|| view! { <section class="card flush"><h3 class="card-head">{title.get()}</h3><ul class="list">{errors.into_iter().map(row).collect_view()}</ul></section> })}
                    {(!warnings.is_empty()).then(|| view! { <section class="card flush"><h3 class="card-head">{complain_words().warns}</h3><ul class="list">{warnings.into_iter().map(row).collect_view()}</ul></section> })}
                }
            }}
        </div>
    }
}
