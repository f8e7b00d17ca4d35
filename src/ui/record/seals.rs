//! The seals of a record: who, when, with which key, and what each covers.

use leptos::prelude::*;

use super::{Shown, names, verify};
use crate::domain::content::Lang;
use crate::domain::journal::is_seal_path;
use crate::domain::time::Instant;
use crate::evidence::seal::verify_seals;
use crate::ui::icon::icon;
use crate::ui::words::fill;
use crate::ui::words::office::OfficeWords;

/// All seals, the latest first.
#[must_use]
pub fn seals(shown: &Shown, lang: Lang) -> AnyView {
    let o = OfficeWords::of(lang);
    let journal = shown.record.journal();
    let checked = verify_seals(journal);
    if checked.is_empty() {
        return view! { <div class="card empty">{icon("lock")}<p>{o.seal_none}</p><p class="muted">{o.seal_none_hint}</p></div> }
            .into_any();
    }
    // In the same order as the checks: that of the timeline.
    let entries = journal.timeline().into_iter().filter(|entry| is_seal_path(&entry.change.path) && !entry.change.value.is_null());
    let cards = entries
        .zip(checked)
        .map(|(entry, (path, seal))| {
            let change = &entry.change;
            let number = path.strip_prefix("seals/").unwrap_or(&path).to_owned();
            let at = Instant::from_ms(change.clock.wall_ms).minute_text(change.clock.offset_min);
            let (class, word) = match &seal {
                Ok(_) => ("chip good", o.seal_holds.to_owned()),
                Err(fault) => ("chip bad", verify::seal_fault(*fault, lang).to_owned()),
            };
            let covers = seal.as_ref().ok().map(|seal| {
                let heads = seal.heads.iter().map(|(device, head)| {
                    let text = fill(o.seal_covers, &[&names::device(device), &head.seq]);
                    view! { <li>{text}<span class="mono">{head.hash.to_string()}</span></li> }
                });
                view! { <ul class="seal-heads">{heads.collect_view()}</ul> }
            });
            let key = seal.as_ref().ok().map(|seal| String::from(seal.key));
            view! {
                <section class="card seal-card">
                    <div class="spread"><h2>{fill(o.seal_n, &[&number])}</h2><span class=class>{word}</span></div>
                    <dl class="facts">
                        <dt>{o.who}</dt><dd>{change.by.clone()}</dd>
                        <dt>{o.when}</dt><dd class="num">{at}</dd>
                        <dt>{o.device}</dt><dd class="mono">{change.device.to_string()}</dd>
                        {key.map(|key| view! { <dt>{o.key}</dt><dd class="mono">{key}</dd> })}
                        <dt>{o.covers}</dt><dd>{covers}</dd>
                        <dt>{o.digest}</dt><dd class="mono">{entry.hash.to_string()}</dd>
                    </dl>
                </section>
            }
        })
        .collect::<Vec<_>>();
    view! { <p class="muted">{o.seals_explain}</p>{cards.into_iter().rev().collect_view()} }.into_any()
}
