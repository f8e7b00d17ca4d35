//! The days off of a year: as a list, month by month, with the notice and whose edition it is.

use std::sync::Arc;

use chrono::{Datelike as _, NaiveDate};
use leptos::prelude::*;

use super::Rules;
use crate::app::assign::edition::HOLIDAYS;
use crate::domain::checklist::Checked;
use crate::domain::time::CivilDate;
use crate::rules::Calendar;
use crate::rules::calendar::{DayKind, NoticeDays};
use crate::ui::assign::{content_ids, explain};
use crate::ui::icon::icon;
use crate::ui::ledger::line::today;
use crate::ui::state::App;
use crate::ui::widget::Notice;
use crate::ui::words::{days_words, fill, lang};

/// The days off of the year that is chosen.
#[component]
pub fn CalendarCard(
    rules: Arc<Rules>,
    /// The year that is shown; 0 for this one. It stays while the rules are read anew.
    year: RwSignal<i32>,
    after: Callback<()>,
) -> impl IntoView {
    let app = App::get();
    let this_year = today(app).0.year();
    let known: Vec<i32> = rules.calendar.years().map(|(year, _)| year).collect();
    // The next one, too, to see that it is not known yet.
    let next = known.iter().max().map(|last| last + 1);
    let mut years: Vec<i32> = known.into_iter().chain(next).chain([this_year]).collect();
    years.sort_unstable();
    years.dedup();
    let shown = move || if year.get() == 0 { this_year } else { year.get() };
    let (own, rules) = (!rules.own.is_empty(), StoredValue::new(rules));
    let options = years.into_iter().map(
        |one| view! { <option value=one.to_string() selected=move || shown() == one>{move || fill(days_words().year_n, &[&one])}</option> },
    );
    view! {
        <section class="card stack" aria-labelledby="days-off">
            <h2 id="days-off">{move || days_words().calendar}</h2>
            <label class="field"><span>{move || days_words().year}</span>
                <select class="input" on:change=move |event| year.set(event_target_value(&event).parse().unwrap_or(this_year))>{options.collect_view()}</select>
            </label>
            {move || rules.with_value(|rules| one_year(app, rules, shown(), after))}
            {own.then(|| view! {
                <button type="button" class="btn block" disabled=move || !app.owner.get() on:click=move |_| return_all(app, after)>{icon("undo")}{move || days_words().return_all}</button>
            })}
        </section>
    }
}

fn one_year(app: App, rules: &Rules, year: i32, after: Callback<()>) -> AnyView {
    let d = days_words();
    let source = rules.calendar.years().find(|(known, _)| *known == year).map(|(_, source)| source.clone());
    let Some(source) = source else {
        let local = rules.calendar.notice(year).map(|days| notice_list(&days));
        return view! { <Notice tone="warn"><strong>{d.estimated}</strong>{d.no_year}</Notice>{local} }.into_any();
    };
    let own = rules.own.contains(&year);
    let over = own && rules.shipped.contains(&year);
    let link = source.source_url.clone().filter(|url| url.starts_with("https://")).map(|url| {
        view! { <a href=url target="_blank" rel="noopener noreferrer">{d.source_open}</a> }
    });
    let months = (1..=12).map(|number| month(&rules.calendar, year, number)).collect_view();
    view! {
        <p class="row wrap chips">
            <span class="chip brand">{if own { d.edition_own } else { d.edition_app }}</span>
            {over.then(|| view! { <span class="chip warn">{d.edition_over}</span> })}
            {(source.checked != Checked::Source).then(|| view! { <span class="chip warn">{d.compared_no}</span> })}
        </p>
        <p class="small">{source.source}" · "{fill(d.published, &[&source.published_on])}" "{link}</p>
        {rules.calendar.notice(year).map(|days| notice_list(&days))}
        <details><summary>{d.months}</summary><div class="months">{months}</div></details>
        {own.then(|| view! {
            <button type="button" class="btn block" disabled=move || !app.owner.get() on:click=move |_| drop_year(app, year, after)>{icon("undo")}{fill(d.drop_year, &[&year])}</button>
            <p class="muted small">{d.drop_year_hint}</p>
        })}
    }
    .into_any()
}

/// The days off and the make-up working days of a notice.
pub fn notice_list(days: &NoticeDays) -> AnyView {
    let d = days_words();
    let off = days.days_off.iter().map(|(from, to, name)| {
        let (name, length) = (name.get(lang()), (to.0 - from.0).num_days() + 1);
        let text = if length == 1 { fill(d.off_one, &[&name, from]) } else { fill(d.off_line, &[&name, from, to, &length]) };
        view! { <li>{text}</li> }
    });
    let work = days.workdays.iter().map(|(day, name)| view! { <li>{fill(d.in_words, &[day, &name.get(lang())])}</li> });
    view! {
        <ul class="bullets num">{off.collect_view()}</ul>
        {(!days.workdays.is_empty()).then(|| view! { <h3>{d.work_days}</h3><ul class="bullets num">{work.collect_view()}</ul> })}
    }
    .into_any()
}

/// A month as a table of weeks.
fn month(calendar: &Calendar, year: i32, number: u32) -> Option<AnyView> {
    let d = days_words();
    let first = NaiveDate::from_ymd_opt(year, number, 1)?;
    let before = usize::try_from(first.weekday().num_days_from_monday()).ok()?;
    let days: Vec<Option<CivilDate>> = std::iter::repeat_n(None, before)
        .chain(first.iter_days().take_while(|day| day.month() == number).map(|day| Some(CivilDate(day))))
        .collect();
    let cell = |day: Option<CivilDate>| {
        let Some(day) = day else { return view! { <td></td> }.into_any() };
        let (class, mark) = match calendar.kind_of(day) {
            DayKind::Off => ("off", Some(d.mark_off)),
            DayKind::MakeUp => ("make-up", Some(d.mark_work)),
            DayKind::Weekend => ("weekend", None),
            DayKind::Working => ("", None),
        };
        view! { <td class=class><span class="num">{day.0.day()}</span>{mark.map(|mark| view! { <span class="mark">{mark}</span> })}</td> }
            .into_any()
    };
    let weeks = days.chunks(7).map(|week| {
        let lacking = std::iter::repeat_n(None, 7 - week.len());
        view! { <tr>{week.iter().copied().chain(lacking).map(cell).collect_view()}</tr> }
    });
    let heads = d.weekdays.split(' ').map(|head| view! { <th scope="col">{head}</th> });
    Some(
        view! {
            <table class="month">
                <caption>{fill(d.month, &[&year, &number])}</caption>
                <thead><tr>{heads.collect_view()}</tr></thead>
                <tbody>{weeks.collect_view()}</tbody>
            </table>
        }
        .into_any(),
    )
}

/// Gives up a year of the bureau's own. It can be taken in again; the editions stay in the history.
fn drop_year(app: App, year: i32, after: Callback<()>) {
    leptos::task::spawn_local(async move {
        match app.workspace().drop_year(&content_ids(app), year).await {
            Ok(_) => {
                app.after_save();
                app.refresh().await;
                app.toast(fill(days_words().dropped, &[&year]));
                after.try_run(());
            }
            Err(error) => app.toast(explain(&error)),
        }
    });
}

/// Puts the whole edition of the bureau away, and offers to bring it back.
fn return_all(app: App, after: Callback<()>) {
    set_own(app, HOLIDAYS.to_owned(), false, after);
}

/// Uses the bureau's own edition of a file or the shipped one, and offers the way back.
pub fn set_own(app: App, path: String, used: bool, after: Callback<()>) {
    leptos::task::spawn_local(async move {
        match app.workspace().set_own_edition(&content_ids(app), &path, used).await {
            Ok(_) => {
                app.after_save();
                app.refresh().await;
                after.try_run(());
                if used {
                    app.toast(days_words().kept_back);
                } else {
                    let back = Callback::new(move |()| set_own(app, path.clone(), true, after));
                    app.toast_with(days_words().returned, Some((days_words().undo.to_owned(), back)));
                }
            }
            Err(error) => app.toast(explain(&error)),
        }
    });
}
