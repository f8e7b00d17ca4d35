//! All records of this device: found, filtered, sorted. A table on wide screens, cards on phones.

use leptos::prelude::*;

use crate::domain::inspection::{Stage, Summary};
use crate::domain::time::Instant;
use crate::ui::icon::icon;
use crate::ui::record::names;
use crate::ui::state::App;
use crate::ui::words::{fill, lang, office_words, words};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Filter {
    All,
    Stage(Stage),
    Failed,
    Conflicts,
    Other,
}

impl Filter {
    const ALL: [Self; 7] = [
        Self::All,
        Self::Stage(Stage::Sealed),
        Self::Stage(Stage::Amended),
        Self::Stage(Stage::Draft),
        Self::Failed,
        Self::Conflicts,
        Self::Other,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::All => words().filter_all,
            Self::Stage(stage) => names::stage(stage, lang()).0,
            Self::Failed => office_words().failed_items,
            Self::Conflicts => office_words().with_conflicts,
            Self::Other => office_words().units_and_equipment,
        }
    }

    fn takes(self, one: &Summary) -> bool {
        let inspection = one.kind == "inspection";
        match self {
            Self::All => inspection,
            Self::Stage(stage) => inspection && one.stage == stage,
            Self::Failed => one.counts.failed > 0,
            Self::Conflicts => one.conflicts > 0,
            Self::Other => !inspection,
        }
    }
}

/// How many rows are shown at first.
const STEP: usize = 100;

/// Search, filter, table.
#[component]
pub fn RecordTable() -> impl IntoView {
    let app = App::get();
    let wanted = RwSignal::new(String::new());
    let filter = RwSignal::new(Filter::All);
    let oldest_first = RwSignal::new(false);
    let most = RwSignal::new(STEP);
    let found = Memo::new(move |_| {
        let wanted = wanted.get().to_ascii_lowercase();
        let words: Vec<&str> = wanted.split_whitespace().collect();
        let hit = |one: &Summary| {
            let text = format!("{} {} {}", one.title, one.subtitle, one.search).to_ascii_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let mut found: Vec<Summary> = app.summaries.get().into_iter().filter(|one| filter.get().takes(one) && hit(one)).collect();
        found.sort_by_key(|one| std::cmp::Reverse(one.created_ms));
        if oldest_first.get() {
            found.reverse();
        }
        found
    });
    let body = move || {
        let found = found.get();
        if found.is_empty() {
            let (text, hint) = if app.summaries.with(Vec::is_empty) {
                (words().records_none, office_words().office_empty_hint)
            } else {
                (words().nothing_found, "")
            };
            return view! { <div class="empty">{icon("office")}<p>{text}</p><p class="muted">{hint}</p></div> }.into_any();
        }
        let rest = found.len().saturating_sub(most.get());
        let rows = found.iter().take(most.get()).map(|one| row(app, one)).collect_view();
        view! { {table(rows.into_any(), oldest_first)}{(rest > 0).then(|| view! {
            <button type="button" class="btn block quiet" on:click=move |_| most.update(|most| *most += STEP)>{fill(office_words().show_more, &[&rest])}</button>
        })} }
        .into_any()
    };
    view! {
        <section class="card flush records">
            <header class="records-head">
                <div class="spread"><h2>{move || words().all_records}</h2><span class="muted num">{move || fill(office_words().n_records, &[&found.with(Vec::len)])}</span></div>
                <label class="search">{icon("search")}
                    <span class="sr">{move || words().search_records}</span>
                    <input class="input" type="search" placeholder=move || words().search_records on:input=move |event| wanted.set(event_target_value(&event))/>
                </label>
                <div class="chips-pick" role="group" aria-label=move || office_words().filter>
                    {Filter::ALL.into_iter().map(|this| view! {
                        <button type="button" aria-pressed=move || (filter.get() == this).to_string() on:click=move |_| filter.set(this)>{move || this.label()}</button>
                    }).collect_view()}
                </div>
            </header>
            {body}
        </section>
    }
}

fn table(rows: AnyView, oldest_first: RwSignal<bool>) -> AnyView {
    let o = office_words();
    let sort = move || if oldest_first.get() { "ascending" } else { "descending" };
    view! {
        <table class="records-table" role="table">
            <thead role="rowgroup"><tr role="row">
                <th role="columnheader" scope="col" aria-sort=sort>
                    <button type="button" class="sort" on:click=move |_| oldest_first.update(|oldest| *oldest = !*oldest)>{o.check_time}{move || if oldest_first.get() { " ↑" } else { " ↓" }}</button>
                </th>
                <th role="columnheader" scope="col">{words().unit}</th><th role="columnheader" scope="col">{words().equipment}</th>
                <th role="columnheader" scope="col">{o.column_stage}</th><th role="columnheader" scope="col">{o.column_answers}</th>
                <th role="columnheader" scope="col">{words().photos}</th><th role="columnheader" scope="col">{o.column_updated}</th>
            </tr></thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(app: App, one: &Summary) -> AnyView {
    let o = office_words();
    let (stage, class) = names::stage(one.stage, lang());
    let inspection = one.kind == "inspection";
    let at = |ms: u64| Instant::from_ms(ms).minute_text(app.offset_min());
    let title = if one.title.is_empty() { names::short(&one.id) } else { one.title.clone() };
    let answers = inspection.then(|| fill(words().n_items, &[&one.counts.answered, &one.counts.total]));
    view! {
        <tr role="row">
            <td role="cell" class="num when">{at(one.created_ms)}</td>
            <td role="cell" class="what"><a href=format!("/record/{}", one.id)>{title}</a></td>
            <td role="cell" class="sub-what">{one.subtitle.clone()}</td>
            <td role="cell" class="chips">
                {if inspection { view! { <span class=class>{stage}</span> }.into_any() } else { view! { <span class="chip">{names::kind(&one.kind, lang())}</span> }.into_any() }}
                {(one.conflicts > 0).then(|| view! { <span class="chip warn">{fill(o.conflicts_n, &[&one.conflicts])}</span> })}
            </td>
            <td role="cell" class="num">{answers}" "{(one.counts.failed > 0).then(|| view! { <span class="chip bad">{fill(words().n_failed, &[&one.counts.failed])}</span> })}</td>
            <td role="cell" class="num">{fill(words().n_photos, &[&one.photos])}</td>
            <td role="cell" class="num updated">{at(one.updated_ms)}</td>
        </tr>
    }
    .into_any()
}
