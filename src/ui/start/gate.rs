//! What stands between the choice of unit and the first question: approval, the visits of the year, what is told on arrival.

use leptos::prelude::*;

use super::begin::INSPECTION_KINDS;
use super::lists::Looked;
use crate::app::gate::{self, Approval, Frequency, Lack, Moment, Reason, Told};
use crate::app::visit::Values;
use crate::domain::time::Instant;
use crate::rules::VisitCaps;
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::widget::{FormField, Notice};
use crate::ui::words::{Word, aside, assign_words, fill, lang, visit_words, words};

/// What was entered so far.
#[derive(Clone, Copy)]
pub(super) struct Gate {
    looked: Looked,
    kind: RwSignal<&'static str>,
    no: RwSignal<String>,
    by: RwSignal<String>,
    day: RwSignal<String>,
    urgent: RwSignal<bool>,
    why_urgent: RwSignal<String>,
    exception: RwSignal<String>,
    note: RwSignal<String>,
    told: RwSignal<Told>,
}

impl Gate {
    /// As the task and the last visit say.
    pub fn new(looked: Looked, kind: RwSignal<&'static str>) -> Self {
        let (no, by) = looked.with_value(|looked| {
            let no = looked.task.as_ref().map(|(_, task)| task.approval_no.clone()).unwrap_or_default();
            (no, looked.last_visit(|visit| &visit.approved_by))
        });
        let empty = || RwSignal::new(String::new());
        Self {
            looked,
            kind,
            // Who approved the last one did so with a number of its own.
            by: RwSignal::new(if no.is_empty() { String::new() } else { by }),
            no: RwSignal::new(no),
            day: empty(),
            urgent: RwSignal::new(false),
            why_urgent: empty(),
            exception: empty(),
            note: empty(),
            told: RwSignal::default(),
        }
    }

    fn approval(self) -> Approval {
        if self.urgent.get() {
            return Approval { urgent: Some(self.why_urgent.get()), ..Approval::default() };
        }
        Approval { no: self.no.get(), by: self.by.get(), day: self.day.get(), urgent: None }
    }

    /// What must still be done before the check can begin.
    pub fn lacks(self) -> Vec<Lack> {
        gate::lacks(&self.approval(), &self.told.get())
    }

    /// The visits of the year against the cap; none when they or the rules can't be read.
    fn frequency<T>(self, then: impl FnOnce(&VisitCaps, &Frequency<'_>) -> T) -> Option<T> {
        let kind = self.kind.get();
        self.looked.with_value(|looked| {
            let (rules, visits) = (looked.caps.as_ref()?, looked.visits.as_ref()?);
            Some(then(rules, &gate::frequency(rules, &gate::unit_class(&looked.unit), visits, kind, looked.today)))
        })
    }

    fn asks_reason(self) -> bool {
        self.frequency(|_, frequency| frequency.asks_reason()) == Some(true)
    }

    /// What goes into the record.
    pub fn values(self) -> Values {
        untrack(|| {
            let reason = Reason { exception: self.exception.get(), note: self.note.get() };
            let mut values = gate::approval_values(&self.approval());
            values.extend(self.frequency(|rules, frequency| gate::frequency_values(rules, frequency, &reason)).unwrap_or_default());
            values.extend(gate::told_values(&self.told.get()));
            values
        })
    }
}

/// A day, in a form that is kept by its button.
#[component]
pub fn DayField(label: Word, day: RwSignal<String>) -> impl IntoView {
    view! {
        <label class="field"><span>{label}</span>
            <input class="input date" type="date" min="2000-01-01" max="2999-12-31" prop:value=move || day.get() on:change=move |event| day.set(event_target_value(&event))/>
        </label>
    }
}

/// Who approved the check, or why it can't wait.
#[component]
pub(super) fn Approve(gate: Gate) -> impl IntoView {
    let ways: [(bool, Word); 2] = [(false, || visit_words().approved), (true, || visit_words().approve_later)];
    let open = move || gate.no.with(|no| no.trim().is_empty()) && gate.by.with(|by| by.trim().is_empty());
    let optional = |word: Word| Signal::derive(move || aside(word(), words().optional));
    view! {
        <div class="field" role="group" aria-labelledby="gate-approval">
            <span id="gate-approval">{move || visit_words().approval}</span>
            <div class="segmented fit">
                {ways.map(|(urgent, label)| view! {
                    <button type="button" aria-pressed=move || (gate.urgent.get() == urgent).to_string() on:click=move |_| gate.urgent.set(urgent)>{label}</button>
                })}
            </div>
        </div>
        <Show when=move || gate.urgent.get()>
            <FormField label=Signal::derive(|| visit_words().urgent_reason.to_owned()) text=gate.why_urgent hint=Signal::derive(|| visit_words().urgent_hint.to_owned())/>
        </Show>
        <Show when=move || !gate.urgent.get()>
            <FormField label=Signal::derive(|| assign_words().approval_no.to_owned()) text=gate.no/>
            <FormField label=optional(|| visit_words().approved_by) text=gate.by/>
            <DayField label=|| visit_words().approved_on day=gate.day/>
            <Show when=open><p class="muted small">{move || visit_words().no_approval}</p></Show>
        </Show>
    }
}

/// How often the unit was visited this year; beyond the cap, which exception it is.
#[component]
pub(super) fn YearVisits(gate: Gate) -> impl IntoView {
    let line = move || {
        let said = gate.frequency(|_, frequency| {
            let v = visit_words();
            let mut parts = vec![fill(v.year_line, &[&frequency.count])];
            parts.push(frequency.cap.map_or_else(
                || v.year_no_cap.to_owned(),
                |(cap, version)| {
                    let said = fill(v.year_cap, &[&cap.name.get(lang()), &version.count]);
                    if version.verified { said } else { aside(&said, words().unverified) }
                },
            ));
            if frequency.joint {
                parts.push(v.year_joint.to_owned());
            }
            if frequency.excepted > 0 {
                parts.push(fill(v.year_excepted, &[&frequency.excepted]));
            }
            parts.join(lang().pick("；", "; "))
        });
        said.unwrap_or_else(|| visit_words().year_unread.to_owned())
    };
    let over = move || gate.frequency(|_, frequency| frequency.is_over()) == Some(true);
    let excluded = move || {
        gate.frequency(|_, frequency| {
            frequency.exclusion.map(|(one, version)| {
                let said = one.name.get(lang()).to_owned();
                if version.verified { said } else { aside(&said, words().unverified) }
            })
        })
        .flatten()
    };
    let of_year = gate.looked.with_value(|looked| {
        let visits = looked.visits.iter().flatten();
        visits.map(|visit| (visit.day.to_string(), visit.kind.clone())).collect::<Vec<_>>()
    });
    let kind_word = |kind: &str| INSPECTION_KINDS.iter().find(|(name, _)| *name == kind).map_or("", |(_, word)| word());
    view! {
        <section class="card stack" aria-labelledby="gate-year">
            <h2 id="gate-year">{move || visit_words().year_visits}</h2>
            <p class="num">{line}</p>
            {move || over().then(|| view! { <Notice tone="warn"><strong>{visit_words().year_over}</strong>{visit_words().year_over_hint}</Notice> })}
            {move || excluded().map(|said| view! { <Notice tone="warn">{said}</Notice> })}
            <Show when=move || gate.asks_reason()><Exceptions gate/></Show>
            <details class="fold-in"><summary>{icon("info")}{move || visit_words().year_list}</summary>
                <div class="stack tight">
                    {(!of_year.is_empty()).then(|| view! { <ul>{of_year.into_iter().map(|(day, kind)| view! { <li class="num">{day}" "{move || kind_word(&kind)}</li> }).collect_view()}</ul> })}
                    <p class="muted small">{move || visit_words().year_known}</p>
                </div>
            </details>
        </section>
    }
}

/// The lawful reasons to come all the same.
#[component]
fn Exceptions(gate: Gate) -> impl IntoView {
    let all = gate.looked.with_value(|looked| {
        let rules = looked.caps.iter().flat_map(|rules| rules.exceptions_on(looked.today));
        rules.map(|(one, version)| (one.id.clone(), one.name.clone(), version.verified)).collect::<Vec<_>>()
    });
    let button = move |(id, name, verified): (String, crate::rules::Said, bool)| {
        let (this, act) =
            (id.clone(), move |_| gate.exception.update(|chosen| *chosen = if *chosen == id { String::new() } else { id.clone() }));
        let label = move || {
            let said = name.get(lang());
            if verified { said.to_owned() } else { aside(said, words().unverified) }
        };
        view! { <button type="button" aria-pressed=move || gate.exception.with(|chosen| *chosen == this).to_string() on:click=act>{label}</button> }
    };
    view! {
        <div class="field" role="group" aria-labelledby="gate-exception">
            <span id="gate-exception">{move || visit_words().exception}</span>
            <div class="chips-pick">{all.into_iter().map(button).collect_view()}</div>
        </div>
        <FormField label=Signal::derive(|| aside(visit_words().exception_note, words().optional)) text=gate.note/>
    }
}

/// A part of what is told: its words and where it stands.
type Part = (Word, fn(&mut Told) -> &mut Option<Moment>);

/// What is done at the door, each with its time, and what is said.
#[component]
pub(super) fn Arrival(
    gate: Gate,
    /// Name and certificate number of both inspectors.
    people: [(RwSignal<String>, RwSignal<String>); 2],
    /// Why it is checked.
    source: RwSignal<String>,
    /// The titles of the checklists.
    titles: Signal<String>,
) -> impl IntoView {
    let app = App::get();
    let parts: [Part; 3] = [
        (|| visit_words().told_credentials, |told| &mut told.credentials),
        (|| visit_words().told_purpose, |told| &mut told.purpose),
        (|| visit_words().told_rights, |told| &mut told.rights),
    ];
    let row = move |(label, part): Part| {
        let at = move || *part(&mut gate.told.get());
        let change = move |event| {
            let now = event_target_checked(&event).then(|| Moment { ms: app.now_ms(), offset_min: app.offset_min() });
            gate.told.update(|told| *part(told) = now);
        };
        let time = move || {
            at().map(|moment| view! { <span class="num muted">{Instant::from_ms(moment.ms).minute_text(moment.offset_min)}</span> })
        };
        view! {
            <label class="choice">
                <input type="checkbox" on:change=change/>
                <span class="grow">{label}</span>{time}
            </label>
        }
    };
    let asked = move || {
        gate.lacks().into_iter().next().map(|lack| match lack {
            Lack::UrgentReason => visit_words().urgent_needed,
            Lack::Credentials | Lack::Purpose | Lack::Rights => visit_words().told_needed,
        })
    };
    let purpose = move || {
        let kind = INSPECTION_KINDS.iter().find(|(name, _)| *name == gate.kind.get()).map_or("", |(_, word)| word());
        let names = people.map(|(name, _)| name.with(|name| name.trim().to_owned()));
        let known = [
            ("bureau", app.prefs.with(|prefs| prefs.bureau.clone())),
            ("inspectors", names.iter().filter(|name| !name.is_empty()).cloned().collect::<Vec<_>>().join(lang().pick("、", ", "))),
            ("kind", kind.to_owned()),
            ("source", source.get()),
            ("lists", titles.get()),
        ];
        gate.looked.with_value(|looked| Some(looked.caps.as_ref()?.notice(looked.today)?.purpose(lang(), &known)))
    };
    let notice = move || {
        gate.looked.with_value(|looked| {
            let notice = looked.caps.as_ref()?.notice(looked.today)?;
            let list = |all: &[crate::rules::Said]| {
                let items = all.iter().map(|one| view! { <li>{one.get(lang()).to_owned()}</li> }).collect_view();
                view! { <ol>{items}</ol> }
            };
            let mark = (!notice.verified).then(|| view! { <span class="chip warn">{words().unverified}</span> });
            Some(view! {
                <h3>{visit_words().told_rights_of}" "{mark}</h3>{list(&notice.rights)}
                <h3>{visit_words().told_prohibitions}</h3>{list(&notice.prohibitions)}
            })
        })
    };
    view! {
        <section class="card stack" aria-labelledby="gate-arrival">
            <h2 id="gate-arrival">{move || visit_words().arrival}</h2>
            <div class="choices">{parts.map(row)}</div>
            <details class="fold-in"><summary>{icon("info")}{move || visit_words().told_text}</summary>
                <div class="stack tight"><p>{purpose}</p>{notice}</div>
            </details>
            <p class="muted" role="status">{asked}</p>
        </section>
    }
}
