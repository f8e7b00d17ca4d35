//! Own editions of rules that the app has overtaken: a newer shipped file is there, and the older edition hides it.

use leptos::prelude::*;

use super::hand_out::Stored;
use crate::app::assign::edition::{EntryDifference, There, overtaken};
use crate::domain::library::Holding;
use crate::domain::time::CivilDate;
use crate::ui::content;
use crate::ui::days::set_own;
use crate::ui::icon::icon;
use crate::ui::state::App;
use crate::ui::words::{days_words, fill, lang};

/// How many differences are listed.
const LISTED: usize = 20;

/// One card for each such edition; `after` is called when the shipped file counts again.
#[component]
pub fn Overtaken(content: Stored<Holding>, after: Callback<()>) -> impl IntoView {
    let found = RwSignal::new(Vec::<(Holding, Vec<EntryDifference>)>::new());
    Effect::new(move |_| {
        let holdings = content.with(|content| content.as_ref().and_then(|content| content.as_ref().ok()).cloned()).unwrap_or_default();
        leptos::task::spawn_local(async move {
            let mut all = Vec::new();
            for (_, own) in holdings {
                // Without the shipped file there is nothing to return to.
                let Some(shipped) = rules(&own).await else { continue };
                if let Some(differences) = overtaken(&own, &shipped) {
                    all.push((own, differences));
                }
            }
            found.try_set(all);
        });
    });
    move || found.get().into_iter().map(|(own, differences)| card(&own, &differences, after)).collect_view()
}

/// The shipped file for an edition of rules.
async fn rules(own: &Holding) -> Option<std::rc::Rc<serde_json::Value>> {
    if !own.path.starts_with("rules/") {
        return None;
    }
    content::shipped(&own.path).await.ok()
}

fn card(own: &Holding, differences: &[EntryDifference], after: Callback<()>) -> AnyView {
    let (app, d) = (App::get(), days_words());
    let title = lang().pick(&own.title_zh, &own.title_en).to_owned();
    let path = own.path.clone();
    let rows: Vec<String> = differences.iter().take(LISTED).map(say).collect();
    let more = (differences.len() > LISTED).then(|| view! { <li class="muted">{fill(d.diff_more, &[&(differences.len() - LISTED)])}</li> });
    let rest = differences.is_empty().then(|| view! { <li>{d.diff_rest}</li> });
    view! {
        <section class="card stack">
            <h2>{title}</h2>
            <p class="notice warn">{icon("warn")}<span class="grow"><strong>{d.overtaken}</strong>" "{d.overtaken_hint}</span></p>
            <ul class="bullets">{rows.into_iter().map(|row| view! { <li>{row}</li> }).collect_view()}{more}{rest}</ul>
            <button type="button" class="btn block" disabled=move || !app.owner.get() on:click=move |_| set_own(app, path.clone(), false, after)>{icon("undo")}{d.use_shipped}</button>
        </section>
    }
    .into_any()
}

fn say(one: &EntryDifference) -> String {
    let d = days_words();
    let when = |day: Option<CivilDate>| day.map_or_else(|| d.undated.to_owned(), |day| fill(d.effective, &[&day]));
    let name = one.name.get(lang());
    match one.there {
        There::Both => fill(d.diff_both, &[&name, &when(one.own), &when(one.shipped)]),
        There::Shipped => fill(d.diff_shipped, &[&name, &when(one.shipped)]),
        There::Own => fill(d.diff_own, &[&name, &when(one.own)]),
    }
}
