//! The result of a check as a page: the same on the screen and on paper.

use leptos::prelude::*;

use crate::app::verify::{Grade, Problem, RecordLine, Source, Verified, What};
use crate::domain::content::Lang;
use crate::domain::time::Instant;
use crate::ui::icon::icon;
use crate::ui::me::app_version;
use crate::ui::print::qr;
use crate::ui::record::names;
use crate::ui::state::App;
use crate::ui::words::verify::VerifyWords;
use crate::ui::words::{fill, findings};

/// How many problems are listed; of a file with more the rest is counted.
const MOST: usize = 300;

/// The page about one bundle or folder.
pub fn paper(app: App, verified: &Verified, at_ms: u64, lang: Lang) -> AnyView {
    let w = VerifyWords::of(lang);
    let grade = verified.grade();
    let (class, mark) = match grade {
        Grade::Good => ("paper-verdict good", "check"),
        Grade::Odd => ("paper-verdict odd", "info"),
        Grade::Bad => ("paper-verdict bad", "cross"),
    };
    let limit_folder = matches!(verified.source, Source::Folder { .. }).then_some(w.limit_folder);
    view! {
        <article class="paper verify-paper" lang=lang.tag() aria-label=verified.file.clone()>
            <header>
                <p class="paper-bureau">{app.prefs.with_untracked(|prefs| prefs.bureau.clone())}</p>
                <h1>{w.paper_title}</h1>
            </header>
            <section class=class>
                {icon(mark)}
                <div><h2>{w.verdict}</h2><p><strong>{findings::verdict(verified, lang)}</strong></p></div>
            </section>
            {problems(verified, Grade::Bad, w.problems, lang)}
            {problems(verified, Grade::Odd, w.notes, lang)}
            <h2>{w.facts}</h2>
            <table class="paper-table parties"><tbody>
                {facts(app, verified, at_ms, lang).into_iter().map(|(label, value)| view! { <tr><th scope="row">{label}</th><td>{value}</td></tr> }).collect_view()}
            </tbody></table>
            {records(verified, lang)}
            <footer class="paper-foot paper-foot-code">
                {qr(&format!("sha256:{}", verified.sha256), w.code_label)}
                <div>
                    <p>{w.limit}</p>
                    {limit_folder.map(|text| view! { <p>{text}</p> })}
                </div>
            </footer>
        </article>
    }
    .into_any()
}

fn problems(verified: &Verified, grade: Grade, title: &'static str, lang: Lang) -> AnyView {
    let all: Vec<&Problem> = verified.problems.iter().filter(|problem| problem.what.grade() == grade).collect();
    if all.is_empty() {
        return ().into_any();
    }
    let line = |problem: &&Problem| {
        let (place, what) = (findings::place(problem, lang), findings::what(&problem.what, lang));
        let code = matches!(problem.what, What::Refused(_)).then(|| format!(" [{}]", problem.what.code()));
        view! { <li><span class="paper-small">{place}</span><p>{what}{code}</p></li> }
    };
    let more = (all.len() > MOST).then(|| view! { <li>{fill(VerifyWords::of(lang).more, &[&(all.len() - MOST)])}</li> });
    view! {
        <section class="paper-block"><h2>{title}</h2>
            <ol class="paper-problems">{all.iter().take(MOST).map(line).collect_view()}{more}</ol>
        </section>
    }
    .into_any()
}

/// What was checked, by whom, and with what.
fn facts(app: App, verified: &Verified, at_ms: u64, lang: Lang) -> Vec<(&'static str, String)> {
    let w = VerifyWords::of(lang);
    let bundle = matches!(verified.source, Source::Bundle);
    let size = match verified.source {
        Source::Bundle => fill(w.bytes, &[&verified.size_bytes]),
        Source::Folder { files } => fill(w.bytes_in_files, &[&verified.size_bytes, &files]),
    };
    let mut facts = vec![
        (if bundle { w.file } else { w.folder }, if verified.file.is_empty() { w.chosen.to_owned() } else { verified.file.clone() }),
        (w.size, size),
        (if bundle { w.sha256 } else { w.sha256_of_list }, verified.sha256.to_string()),
    ];
    if let Some(header) = &verified.header {
        let who = [header.from.name.as_str(), header.from.bureau.as_str()];
        let who = who.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(" · ");
        // What a refused file says of itself proves nothing.
        let said = |text: String| if verified.grade() == Grade::Bad { fill(w.as_stated, &[&text]) } else { text };
        facts.push((w.sender, said(who)));
        facts.push((w.device, said(header.from.device.to_string())));
        facts.push((w.made, said(header.created_at.minute_text(app.offset_min()))));
        if header.part.n > 1 {
            facts.push((w.part, fill(w.n_of_n, &[&header.part.k, &header.part.n])));
        }
    }
    if verified.grade() != Grade::Bad || !bundle {
        facts.push((w.counts, fill(w.counts_n, &[&verified.records.len(), &verified.sealed(), &verified.changes, &verified.photos])));
    }
    facts.push((w.checked, if bundle { w.checked_bundle } else { w.checked_folder }.to_owned()));
    facts.push((w.verified_at, Instant::from_ms(at_ms).minute_text(app.offset_min())));
    facts.push((w.verified_on, app.workspace().device().to_string()));
    facts.push((w.program, fill(w.program_n, &[&app_version()])));
    facts
}

fn records(verified: &Verified, lang: Lang) -> AnyView {
    let w = VerifyWords::of(lang);
    if verified.records.is_empty() {
        return view! { <section class="paper-block"><h2>{w.records}</h2><p>{w.no_records}</p></section> }.into_any();
    }
    let row = |(index, line): (usize, &RecordLine)| {
        let grade = verified.grade_of(&line.id);
        let class = if grade == Grade::Bad { "fail" } else { "" };
        view! {
            <tr class=class>
                <td class="no">{index + 1}</td>
                <td><strong>{line.title.clone()}</strong>" "{line.subtitle.clone()}<div class="paper-small">{findings::about(line, lang)}</div><div class="paper-small mono">{line.id.to_string()}</div></td>
                <td class="res">{findings::found(grade, lang)}</td>
                <td class="bas">{seal(line, lang)}</td>
                <td class="rem" data-label=w.col_signers>{line.signers.iter().map(|signer| view! { <div>{findings::signer(signer, lang)}</div> }).collect_view()}</td>
            </tr>
        }
    };
    view! {
        <h2>{w.records}</h2>
        <table class="paper-table items verify-table">
            <thead><tr><th class="no" scope="col">{w.col_no}</th><th scope="col">{w.col_record}</th><th class="res" scope="col">{w.col_found}</th><th class="bas" scope="col">{w.col_digest}</th><th class="rem" scope="col">{w.col_signers}</th></tr></thead>
            <tbody>{verified.records.iter().enumerate().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// When a record was sealed, by which devices, and the digits that stand on its prints.
fn seal(line: &RecordLine, lang: Lang) -> AnyView {
    let w = VerifyWords::of(lang);
    let Some((digest, (at_ms, offset_min))) = line.digest.zip(line.sealed_at) else { return view! { {w.unsealed} }.into_any() };
    let digits: String = digest.to_string().chars().take(crate::evidence::paper::DIGITS).collect();
    let devices = line.sealed_by.iter().map(names::device).collect::<Vec<_>>().join(" ");
    let at = Instant::from_ms(at_ms).minute_text(offset_min);
    view! { {fill(w.sealed, &[&at, &digits])}<div class="mono">{devices}</div> }.into_any()
}
