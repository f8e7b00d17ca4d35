//! What became of each file.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::import::{Fate, Incoming, PhotoFate, State, take_answered};
use super::keys::{self, AskKey};
use crate::app::transfer::{Brought, BroughtRules, ImportReport, Outcome, RecordReport, TransferError};
use crate::bundle::Subject;
use crate::domain::content::Lang;
use crate::domain::{library, task};
use crate::envelope::OpenError;
use crate::ledger::Kind;
use crate::ui::icon::icon;
use crate::ui::record::names;
use crate::ui::state::App;
use crate::ui::words::assign::AssignWords;
use crate::ui::words::days::DaysWords;
use crate::ui::words::ledger::LedgerWords;
use crate::ui::words::office::OfficeWords;
use crate::ui::words::{fill, lang, office_words, refusals, sealed_words};

/// How many notices are shown at once.
const NOTICES: usize = 6;

/// One card for each file, the latest first.
#[component]
pub fn IncomingList(incoming: RwSignal<Vec<Incoming>>) -> impl IntoView {
    let app = App::get();
    view! {
        <div class="incoming" aria-live="polite">
            <For each=move || incoming.get() key=|one| one.id let:one>
                {move || {
                    let name = one.name.get_value();
                    match one.state.get() {
                        State::Waiting => waiting(&name, None),
                        State::Working(step) => waiting(&name, Some((step.done, step.total))),
                        State::Asking(brought) => asking(app, one, &name, &brought, lang()),
                        State::Done { report, missing, first_time, photos } => {
                            let taken = Taken { report: &report, missing: &missing, first_time, photos: &photos };
                            done(&name, one.size_bytes, &taken, app.offset_min(), lang())
                        }
                        State::Locked(error) => locked(app, one, &name, error),
                        State::Refused(error) => refused(&name, one.size_bytes, &error, lang()),
                    }
                }}
            </For>
        </div>
    }
}

fn waiting(name: &str, progress: Option<(u64, u64)>) -> AnyView {
    let o = office_words();
    let (done, total) = progress.unwrap_or((0, 1));
    let text = if progress.is_some() { o.importing } else { o.import_waiting };
    view! {
        <section class="card" aria-busy="true">
            <div class="row"><span class="spinner"></span><div class="grow"><h2 class="mono">{name.to_owned()}</h2><p class="muted">{text}</p></div></div>
            <progress class="bar" aria-label=text max=total.to_string() value=done.to_string()></progress>
        </section>
    }
    .into_any()
}

/// The question whether checklists and rules that come along in a file for something else shall count here.
fn asking(app: App, one: Incoming, name: &str, brought: &[BroughtRules], lang: Lang) -> AnyView {
    let d = DaysWords::of(lang);
    let row = |rules: &BroughtRules| {
        let title = if rules.title.zh.is_empty() { rules.path.clone() } else { lang.pick(&rules.title.zh, &rules.title.en).to_owned() };
        let what = if rules.path.starts_with("checklists/") { d.brought_list } else { d.brought_rules };
        let by = if rules.by.is_empty() { String::new() } else { format!(" · {}", fill(d.brought_by, &[&rules.by])) };
        view! { <li><strong>{title}</strong>" "<span class="muted small">{what}" · "{rules.path.clone()}" · "{fill(d.brought_edition, &[&rules.edition])}{by}</span></li> }
    };
    view! {
        <section class="card incoming-card warned stack" role="alert">
            <div class="verify-head">{icon("warn")}<div><h2>{d.brought_title}</h2><p class="mono">{name.to_owned()}</p></div></div>
            <p>{d.brought_hint}</p>
            <ul class="bullets">{brought.iter().map(row).collect_view()}</ul>
            <div class="row wrap">
                <button type="button" class="btn primary grow" on:click=move |_| take_answered(app, one, Brought::Leave)>{d.brought_leave}</button>
                <button type="button" class="btn grow" on:click=move |_| take_answered(app, one, Brought::Take)>{d.brought_take}</button>
            </div>
        </section>
    }
    .into_any()
}

/// An encrypted file: the key is asked for, or why it can't be opened.
fn locked(app: App, one: Incoming, name: &str, error: OpenError) -> AnyView {
    let w = sealed_words();
    let text = match error {
        OpenError::NotForUs if keys::known().is_empty() => w.locked_hint,
        OpenError::NotForUs => w.not_for_us,
        OpenError::NeedsPassphrase => w.needs_words,
        OpenError::TooLarge { .. } => w.too_large,
        _ => w.damaged,
    };
    let again = Callback::new(move |()| take_answered(app, one, Brought::Ask));
    view! {
        <section class="card incoming-card warned stack" role="alert">
            <div class="verify-head">{icon("shield")}<div><h2>{w.locked}</h2><p class="mono">{name.to_owned()}</p></div></div>
            <p>{text}</p>
            {(error == OpenError::NotForUs).then(|| view! { <AskKey on_keys=again/> })}
        </section>
    }
    .into_any()
}

fn refused(name: &str, size_bytes: u64, error: &TransferError, lang: Lang) -> AnyView {
    let o = OfficeWords::of(lang);
    // An empty file was not cut off on its way: nothing was ever in it.
    let empty = size_bytes == 0;
    let text = if empty { o.refused_empty.to_owned() } else { refusals::explain_transfer(error, lang) };
    let place = if let (TransferError::Refused(error), false) = (error, empty) {
        let subject = error.subject.as_ref().map(|subject| match subject.as_ref() {
            Subject::Record(id) => fill(o.about_record, &[&names::short(id.as_str())]),
            Subject::Photo(sha256) => fill(o.about_photo, &[&sha256.short()]),
        });
        Some(view! {
            <dl class="facts">
                <dt>{o.place_in_file}</dt><dd class="mono">{refusals::place(error)}</dd>
                {subject.map(|subject| view! { <dt>{o.concerns}</dt><dd>{subject}</dd> })}
                <dt>{o.problem_code}</dt><dd class="mono">{error.problem.code()}</dd>
            </dl>
        })
    } else {
        None
    };
    view! {
        <section class="card incoming-card refused" role="alert">
            <div class="verify-head">{icon("cross")}<div><h2>{o.refused_title}</h2><p class="mono">{name.to_owned()}</p></div></div>
            <p>{text}</p>
            {place}
        </section>
    }
    .into_any()
}

/// What an import did, with what the page found out besides.
struct Taken<'a> {
    report: &'a ImportReport,
    missing: &'a [u32],
    first_time: bool,
    photos: &'a BTreeMap<String, Vec<PhotoFate>>,
}

fn done(name: &str, size_bytes: u64, taken: &Taken<'_>, offset_min: i32, lang: Lang) -> AnyView {
    let o = OfficeWords::of(lang);
    let (report, missing) = (taken.report, taken.missing);
    let all_known = report.photos_new == 0 && report.records.iter().all(|record| record.outcome == Outcome::Known);
    let trouble = report.records.iter().any(|record| matches!(record.outcome, Outcome::Refused));
    let (class, mark, title) = match (trouble, all_known) {
        (true, _) => ("card incoming-card warned", "warn", o.import_partly),
        (false, true) => ("card incoming-card known", "check", o.import_all_known),
        (false, false) => ("card incoming-card taken", "check", o.import_done),
    };
    let from = &report.header.from;
    let who = [from.name.as_str(), from.bureau.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let who = if who.is_empty() { o.somebody.to_owned() } else { who };
    let part = &report.header.part;
    let missing_list = missing.iter().map(ToString::to_string).collect::<Vec<_>>().join(lang.pick("、", ", "));
    let fold = folds(report);
    let absent: usize = report.records.iter().map(|record| record.photos_absent).sum();
    view! {
        <section class=class>
            <div class="verify-head">{icon(mark)}<div class="grow"><h2>{title}</h2><p class="mono small">{name.to_owned()}" · "{names::size(size_bytes)}</p></div></div>
            <dl class="facts">
                <dt>{o.sender}</dt><dd>{who}</dd>
                <dt>{o.device}</dt><dd><span class="mono">{from.device.to_string()}</span>
                    {taken.first_time.then(|| view! { " "<span class="chip warn">{o.device_first}</span> })}</dd>
                {taken.first_time.then(|| view! { <dt>{o.fingerprint}</dt><dd class="mono">{names::fingerprint(from.key)}</dd> })}
                <dt>{o.made_at}</dt><dd class="num">{report.header.created_at.minute_text(offset_min)}</dd>
                <dt>{o.purpose}</dt><dd>{names::purpose(report.header.purpose.as_str(), lang)}{(part.n > 1).then(|| format!(" · {}", fill(o.part_of, &[&part.k, &part.n])))}</dd>
                <dt>{o.photos}</dt><dd>{fill(o.photos_report, &[&report.photos_new, &report.photos_known])}</dd>
                <dt>{o.digest}</dt><dd class="mono">{report.digest.chars().take(16).collect::<String>()}</dd>
            </dl>
            {taken.first_time.then(|| view! { <p class="notice warn">{icon("warn")}<span>{o.device_first_hint}</span></p> })}
            {(!missing.is_empty()).then(|| view! { <p class="notice warn">{icon("warn")}<span>{fill(o.parts_missing, &[&missing_list])}</span></p> })}
            {(absent > 0 && missing.is_empty()).then(|| view! { <p class="notice warn">{icon("warn")}<span>{fill(o.photos_not_here, &[&absent])}</span></p> })}
            {lines(report, lang)}
            <ul class="list outcomes">{report.records.iter().filter(|record| !fold || !is_plain_line(record)).map(|record| outcome(record, lang)).collect_view()}</ul>
            {photo_list(taken, lang)}
            {notices(report, lang)}
        </section>
    }
    .into_any()
}

/// Lines of the ledgers from which on they are counted and not listed: thousands may arrive at once.
const MANY_LINES: usize = 20;

/// Whether it is a line of a ledger about which there is nothing to tell.
fn is_plain_line(record: &RecordReport) -> bool {
    Kind::parse(&record.summary.kind).is_some() && matches!(record.outcome, Outcome::New | Outcome::Known | Outcome::Newer { .. })
}

fn folds(report: &ImportReport) -> bool {
    report.records.iter().filter(|record| is_plain_line(record)).nth(MANY_LINES).is_some()
}

/// The counts of the lines that are not listed.
fn lines(report: &ImportReport, lang: Lang) -> Option<AnyView> {
    let count = |fits: fn(&Outcome) -> bool| report.records.iter().filter(|record| is_plain_line(record) && fits(&record.outcome)).count();
    let [new, newer, known] = [
        count(|outcome| matches!(outcome, Outcome::New)),
        count(|outcome| matches!(outcome, Outcome::Newer { .. })),
        count(|outcome| matches!(outcome, Outcome::Known)),
    ];
    folds(report).then(|| view! { <p class="num">{fill(AssignWords::of(lang).lines_outcome, &[&new, &newer, &known])}</p> }.into_any())
}

fn outcome(record: &RecordReport, lang: Lang) -> AnyView {
    let o = OfficeWords::of(lang);
    let (class, word) = match record.outcome {
        Outcome::New => ("chip good", o.outcome_new.to_owned()),
        Outcome::Known => ("chip", o.outcome_known.to_owned()),
        Outcome::Newer { changes } => ("chip brand", fill(o.outcome_newer, &[&changes])),
        Outcome::Conflicting { places, .. } => ("chip warn", fill(o.outcome_conflicting, &[&places])),
        Outcome::LeftOut => ("chip", DaysWords::of(lang).brought_left.to_owned()),
        Outcome::Refused => ("chip bad", o.outcome_refused.to_owned()),
    };
    let summary = &record.summary;
    let title = if summary.title.is_empty() { names::short(&summary.id) } else { summary.title.clone() };
    if record.outcome == Outcome::LeftOut {
        // It is not here, so there is nothing to open.
        let what = kind_word(&summary.kind, lang);
        return view! { <li class="list-row"><span class="grow"><span class="title">{title}</span><span class="sub">{what}</span></span><span class=class>{word}</span></li> }.into_any();
    }
    let hint = (record.outcome == Outcome::Refused).then(|| view! { <span class="sub">{o.outcome_refused_hint}</span> });
    let what = [kind_word(&summary.kind, lang), summary.subtitle.clone()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    view! {
        <li><a class="list-row" href=place_of(&summary.kind, &summary.id)>
            <span class="grow"><span class="title">{title}</span><span class="sub">{what}</span>{hint}</span>
            <span class=class>{word}</span>{icon("next")}
        </a></li>
    }
    .into_any()
}

/// Where a record is shown.
fn place_of(kind: &str, id: &str) -> String {
    match Kind::parse(kind) {
        Some(_) => format!("/ledger/{id}"),
        None if kind == task::KIND => format!("/task/{id}"),
        None => format!("/record/{id}"),
    }
}

fn kind_word(kind: &str, lang: Lang) -> String {
    match kind {
        task::KIND => AssignWords::of(lang).task.to_owned(),
        library::KIND => AssignWords::of(lang).kind_content.to_owned(),
        "instrument" => LedgerWords::of(lang).instrument.to_owned(),
        other => names::kind(other, lang),
    }
}

/// The photos of the records, each with what became of it.
fn photo_list(taken: &Taken<'_>, lang: Lang) -> Option<AnyView> {
    let o = OfficeWords::of(lang);
    let total: usize = taken.photos.values().map(Vec::len).sum();
    if total == 0 {
        return None;
    }
    let of_record = |record: &RecordReport| {
        let fates = taken.photos.get(&record.summary.id)?;
        let title = if record.summary.title.is_empty() { names::short(&record.summary.id) } else { record.summary.title.clone() };
        let rows = fates.iter().map(|photo| photo_row(photo, lang)).collect_view();
        Some(view! { <li><strong>{title}</strong><ul class="photo-fates">{rows}</ul></li> })
    };
    let records = taken.report.records.iter().filter_map(of_record).collect::<Vec<_>>();
    Some(
        view! { <details class="more"><summary>{fill(o.photo_list, &[&total])}</summary><ul class="bullets">{records}</ul></details> }
            .into_any(),
    )
}

fn photo_row(photo: &PhotoFate, lang: Lang) -> AnyView {
    let o = OfficeWords::of(lang);
    let (class, word) = match photo.fate {
        Fate::New => ("chip good", o.outcome_new),
        Fate::Known => ("chip", o.outcome_known),
        Fate::Absent => ("chip warn", o.photo_absent),
    };
    let item = photo.item.map_or_else(|| o.whole_record.to_owned(), |number| fill(o.item_n, &[&number]));
    let digest: String = photo.sha256.chars().take(12).collect();
    view! {
        <li><span class="grow">{item}{photo.original.then(|| format!(" · {}", o.original))}</span><span class="mono">{digest}</span><span class=class>{word}</span></li>
    }
    .into_any()
}

fn notices(report: &ImportReport, lang: Lang) -> Option<AnyView> {
    let o = OfficeWords::of(lang);
    // Photos in another part are told by the parts that are missing; units are never sealed.
    let inspections: Vec<&str> =
        report.records.iter().filter(|record| record.summary.kind == "inspection").map(|record| record.summary.id.as_str()).collect();
    let worth = |notice: &&crate::bundle::Notice| match notice {
        crate::bundle::Notice::PhotoElsewhere { .. } => report.header.part.n == 1,
        crate::bundle::Notice::Unsealed { record } => inspections.contains(&record.as_str()),
        _ => true,
    };
    let texts: Vec<String> = report.notices.iter().filter(worth).map(|notice| refusals::explain_notice(notice, lang)).collect();
    if texts.is_empty() {
        return None;
    }
    let rows = texts.iter().cloned().map(|text| view! { <li>{text}</li> });
    let open = texts.len() <= NOTICES;
    Some(view! { <details class="more" open=open><summary>{fill(o.notices_n, &[&texts.len()])}</summary><ul class="bullets">{rows.collect_view()}</ul></details> }.into_any())
}
