//! The end of a period: which, from when, and how the last day came about.

use std::sync::Arc;

use chrono::Timelike as _;
use leptos::prelude::*;

use super::Rules;
use crate::domain::time::{CivilDate, Instant};
use crate::rules::calendar::Part;
use crate::rules::clock::{Clock, ClockVersion, Due, NoDeadline, Origin, Unit};
use crate::ui::icon::icon;
use crate::ui::ledger::due::basis_text;
use crate::ui::ledger::line::today;
use crate::ui::state::App;
use crate::ui::widget::Notice;
use crate::ui::words::{days_words, fill, lang, words};

/// The longest period that an office can set here.
const LONGEST: u32 = 3_650;
const MINUTE_MS: i64 = 60_000;

/// What was filled in. It stays while the rules are read anew.
#[derive(Clone, Copy, Default)]
pub struct Asked {
    clock: RwSignal<String>,
    start: RwSignal<String>,
    time: RwSignal<String>,
    filed: RwSignal<String>,
    length: RwSignal<String>,
    pub(super) from: RwSignal<String>,
    pub(super) to: RwSignal<String>,
}

impl Asked {
    fn start(self) -> Option<CivilDate> {
        CivilDate::parse(&self.start.get())
    }

    fn filed(self) -> Option<CivilDate> {
        CivilDate::parse(&self.filed.get()).or_else(|| self.start())
    }
}

/// A field for a day, with today at hand.
#[component]
pub fn DayField(
    /// Label, following the language.
    #[prop(into)]
    label: Signal<String>,
    day: RwSignal<String>,
    /// Advice below the field.
    #[prop(optional, into)]
    hint: Option<Signal<String>>,
    /// Called beside setting the day when today is chosen.
    #[prop(optional)]
    today_too: Option<Callback<()>>,
) -> impl IntoView {
    let app = App::get();
    let set_today = move |_| {
        day.set(today(app).to_string());
        if let Some(too) = today_too {
            too.run(());
        }
    };
    view! {
        <div class="day-field">
            <label class="field"><span>{label}</span>
                <input class="input date" type="date" prop:value=move || day.get() on:input=move |event| day.set(event_target_value(&event))/>
            </label>
            <button type="button" class="btn slim" aria-label=move || format!("{} {}", label.get(), days_words().today) on:click=set_today>{move || days_words().today}</button>
            {hint.map(|hint| view! { <p class="muted small">{hint}</p> })}
        </div>
    }
}

/// The calculator.
#[component]
pub fn PeriodCard(rules: Arc<Rules>, asked: Asked) -> impl IntoView {
    let app = App::get();
    let rules = StoredValue::new(rules);
    let options = move || rules.with_value(|rules| options(&rules.clocks.clocks, &asked.clock.get_untracked()));
    let version = Memo::new(move |_| {
        let id = asked.clock.get();
        let filed = asked.filed().unwrap_or_else(|| today(app));
        rules.with_value(|rules| rules.clocks.get(&id).and_then(|clock| clock.on(filed)).cloned())
    });
    let hours = move || version.with(|version| version.as_ref().is_some_and(|version| version.unit == Unit::Hours));
    let open = move || version.with(|version| version.as_ref().is_some_and(|version| version.length.is_none()));
    let start_is =
        move || version.with(|version| version.as_ref().map(|version| lang().pick(&version.start_zh, &version.start_en).to_owned()));
    let unit = move || version.with(|version| version.as_ref().map_or("", |version| unit_word(version.unit)));
    let now = Callback::new(move |()| asked.time.set(Instant::from_ms(app.now_ms()).clock_text(app.offset_min())));
    view! {
        <section class="card stack" aria-labelledby="days-calc">
            <h2 id="days-calc">{move || days_words().calc}</h2>
            <label class="field"><span>{move || days_words().which}</span>
                <select class="input" on:change=move |event| asked.clock.set(event_target_value(&event))>{options}</select>
            </label>
            <DayField label=Signal::derive(|| days_words().start.to_owned()) day=asked.start today_too=now
                hint=Signal::derive(move || start_is().map(|event| fill(days_words().start_is, &[&event])).unwrap_or_default())/>
            <Show when=hours>
                <label class="field"><span>{move || days_words().start_time}</span>
                    <input class="input" type="time" prop:value=move || asked.time.get() on:input=move |event| asked.time.set(event_target_value(&event))/>
                </label>
            </Show>
            <Show when=open>
                <label class="field"><span>{move || fill(days_words().set_length, &[&unit()])}</span>
                    <input class="input" type="text" inputmode="numeric" maxlength="4" autocomplete="off" prop:value=move || asked.length.get() on:input=move |event| asked.length.set(event_target_value(&event))/>
                </label>
            </Show>
            <details>
                <summary>{move || days_words().filed}</summary>
                <DayField label=Signal::derive(|| days_words().filed.to_owned()) day=asked.filed hint=Signal::derive(|| days_words().filed_hint.to_owned())/>
            </details>
            <div role="status">{move || rules.with_value(|rules| result(rules, asked, app.offset_min()))}</div>
        </section>
    }
}

/// All periods by field, in the order of the file.
fn options(clocks: &[Clock], chosen: &str) -> AnyView {
    let mut fields: Vec<&str> = Vec::new();
    for clock in clocks {
        if !fields.contains(&clock.field.as_str()) {
            fields.push(&clock.field);
        }
    }
    let of_field = |field: &&str| {
        let own = clocks.iter().filter(|clock| clock.field == *field);
        let rows = own
            .map(|clock| view! { <option value=clock.id.clone() selected=clock.id == chosen>{clock.name.get(lang()).to_owned()}</option> });
        view! { <optgroup label=field_word(field)>{rows.collect_view()}</optgroup> }
    };
    view! { <option value="" selected=chosen.is_empty()>{days_words().choose}</option>{fields.iter().map(of_field).collect_view()} }
        .into_any()
}

fn field_word(field: &str) -> String {
    let d = days_words();
    let word = match field {
        "complaint" => d.field_complaint,
        "special_equipment" => d.field_special_equipment,
        "case" => d.field_case,
        "product" => d.field_product,
        "accident" => d.field_accident,
        "hazard" => d.field_hazard,
        other => other,
    };
    word.to_owned()
}

fn unit_word(unit: Unit) -> &'static str {
    let d = days_words();
    match unit {
        Unit::WorkingDays => d.unit_working_days,
        Unit::CalendarDays => d.unit_calendar_days,
        Unit::Months => d.unit_months,
        Unit::Hours => d.unit_hours,
    }
}

fn result(rules: &Rules, asked: Asked, offset_min: i32) -> AnyView {
    let d = days_words();
    let Some(clock) = rules.clocks.get(&asked.clock.get()) else { return ().into_any() };
    let (Some(start), Some(filed)) = (asked.start(), asked.filed()) else {
        return view! { <p class="muted">{d.needs_start}</p> }.into_any();
    };
    let set = asked.length.get().trim().parse::<u32>().ok().filter(|length| (1..=LONGEST).contains(length));
    match clock.due_within(filed, start, set, &rules.calendar) {
        Ok(due) => ends(rules, clock, (filed, start), &due),
        Err(NoDeadline::Hours) => match clock.on(filed) {
            Some(version) => hours(rules, version, event(start, &asked.time.get(), offset_min), offset_min),
            None => ().into_any(),
        },
        Err(NoDeadline::NotInForce(_) | NoDeadline::NoExtension) => view! { <Notice tone="warn">{d.not_in_force}</Notice> }.into_any(),
        Err(NoDeadline::SetByOffice) => view! { <Notice>{d.set_by_office}</Notice> }.into_any(),
    }
}

/// A day and a time as written in a field, on the wall clock here.
fn event(day: CivilDate, time: &str, offset_min: i32) -> Option<Instant> {
    let time = chrono::NaiveTime::from_hms_opt(time.get(0..2)?.parse().ok()?, time.get(3..5)?.parse().ok()?, 0)?;
    let seconds = i64::from(time.num_seconds_from_midnight());
    let midnight = day.0.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis();
    let ms = midnight + seconds * 1_000 - i64::from(offset_min) * MINUTE_MS;
    u64::try_from(ms).ok().map(Instant::from_ms)
}

fn hours(rules: &Rules, version: &ClockVersion, event: Option<Instant>, offset_min: i32) -> AnyView {
    let d = days_words();
    let Some(end) = event.and_then(|event| version.hours_after(event)) else {
        return view! { <p class="muted">{d.needs_time}</p> }.into_any();
    };
    let length = version.length.map(|length| fill(d.length, &[&length, &unit_word(version.unit)]));
    view! {
        <p class="row wrap"><span>{d.last_minute}</span><strong class="num days-last">{end.minute_text(offset_min)}</strong>{marks(version, version.verified, false)}</p>
        <p class="muted">{length}</p>
        {basis(rules, version)}
    }
    .into_any()
}

/// The chips: whether it is estimated, not verified, and whose rule it is.
fn marks(version: &ClockVersion, verified: bool, estimated: bool) -> AnyView {
    let d = days_words();
    view! {
        {estimated.then(|| view! { <span class="chip warn">{d.estimated}</span> })}
        {(!verified && !estimated).then(|| view! { <span class="chip warn">{words().unverified}</span> })}
        {(version.origin == Origin::Own).then(|| view! { <span class="chip">{d.own_rule}</span> })}
    }
    .into_any()
}

fn ends(rules: &Rules, clock: &Clock, (filed, start): (CivilDate, CivilDate), due: &Due<'_>) -> AnyView {
    let d = days_words();
    let end = due.deadline.date;
    let estimated: Vec<String> = due
        .deadline
        .parts
        .iter()
        .filter_map(|part| if let Part::Estimated { year } = part { Some(year.to_string()) } else { None })
        .collect();
    let tally = rules.calendar.tally(start, end);
    let counted = fill(d.counted, &[&tally.all_working(), &tally.make_up, &tally.off, &tally.weekends]);
    let steps: Vec<String> = due.explain().iter().map(|said| said.get(lang()).to_owned()).collect();
    let longer = clock.extended(filed, end, &rules.calendar).ok().map(|more| {
        let condition = due.rule.extension.as_ref().map(|more| {
            let length = fill(d.length, &[&more.length, &unit_word(more.unit)]);
            fill(d.in_words, &[&more.condition.get(lang()), &length])
        });
        let estimated = more.deadline.estimated;
        view! {
            <p class="row wrap"><span>{fill(d.extended, &[&condition.unwrap_or_default()])}</span><strong class="num">{more.deadline.date.to_string()}</strong>{marks(more.rule, more.verified, estimated)}</p>
        }
    });
    view! {
        <p class="row wrap"><span>{d.last_day}</span><strong class="num days-last">{end.to_string()}</strong>{marks(due.rule, due.verified, due.deadline.estimated)}</p>
        {(!estimated.is_empty()).then(|| view! { <Notice tone="warn">{fill(d.estimated_hint, &[&estimated.join(lang().pick("、", ", "))])}</Notice> })}
        {longer}
        <h3>{d.how}</h3>
        <ol class="reasons">{steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}<li class="num">{counted}</li></ol>
        {basis(rules, due.rule)}
    }
    .into_any()
}

fn basis(rules: &Rules, version: &ClockVersion) -> Option<AnyView> {
    let d = days_words();
    let unread = !version.verified;
    let rows = version.basis.iter().map(|one| {
        let doubt = one.verify.then(|| view! { " "<span class="chip warn">{words().unverified}</span> });
        view! { <li>{basis_text(one, &rules.names, lang())}{doubt}</li> }
    });
    (!version.basis.is_empty() || unread).then(|| {
        view! {
            {(!version.basis.is_empty()).then(|| view! { <h3>{d.basis}</h3> })}
            <ul class="reasons small">{rows.collect_view()}</ul>
            {unread.then(|| view! { <p class="muted small row">{icon("info")}{d.not_verified}</p> })}
        }
        .into_any()
    })
}
