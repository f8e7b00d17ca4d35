//! The result of a check as a page for the file: A4, as text or as HTML that stands alone and runs nothing.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use spotcheck::app::verify::{Grade, Problem, RecordLine, Source, Verified};
use spotcheck::domain::time::Instant;
use spotcheck::evidence::paper::DIGITS;
use spotcheck::scan::label::Drawing;

use crate::text::clean;
use crate::verify_words::{self as words, filled, word};
use crate::words::{Lang, io_error};

/// How many problems are listed; the rest is counted.
const MOST: usize = 300;
/// The offset of China, in minutes: the command knows of no other place.
const OFFSET_MIN: i32 = 480;

/// How a page is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Html,
    Text,
}

impl Form {
    /// The form that the ending of a path asks for.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "html" | "htm" => Some(Self::Html),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }
}

/// Writes the page into a new file; gives the exit code.
pub fn write(path: &Path, found: &[Verified], lang: Lang) -> u8 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|time| u64::try_from(time.as_millis()).ok());
    let at = format!("{} (UTC+08:00)", Instant::from_ms(now.unwrap_or_default()).minute_text(OFFSET_MIN));
    let page = match Form::of(path) {
        Some(Form::Html) => html(found, &at, lang),
        _ => text(found, &at, lang),
    };
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    match file.and_then(|mut file| file.write_all(page.as_bytes())) {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("{}: {}", clean(&path.to_string_lossy()), io_error(lang, &error));
            2
        }
    }
}

/// The machine's name, where it says one.
fn machine() -> String {
    let set = ["COMPUTERNAME", "HOSTNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    let name = set.or_else(|| std::fs::read_to_string("/etc/hostname").ok()).unwrap_or_default();
    if name.trim().is_empty() { "-".to_owned() } else { clean(name.trim()) }
}

/// How much is in it.
pub fn counts(verified: &Verified, lang: Lang) -> String {
    let numbers = [verified.records.len(), verified.sealed(), verified.changes, verified.photos].map(|number| number.to_string());
    filled("counts_n", &numbers.each_ref().map(String::as_str), lang)
}

/// What was checked, by whom and with what.
fn facts(verified: &Verified, at: &str, lang: Lang) -> Vec<(String, String)> {
    let bundle = matches!(verified.source, Source::Bundle);
    let size = verified.size_bytes.to_string();
    let mut facts = vec![
        (if bundle { "file" } else { "folder" }, clean(&verified.file)),
        (
            "size",
            match verified.source {
                Source::Bundle => filled("bytes", &[&size], lang),
                Source::Folder { files } => filled("bytes_in_files", &[&size, &files.to_string()], lang),
            },
        ),
        (if bundle { "sha256" } else { "sha256_of_list" }, verified.sha256.to_string()),
    ];
    if let Some(header) = &verified.header {
        let who = [header.from.name.as_str(), header.from.bureau.as_str()];
        let who = who.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(" · ");
        // What a refused file says of itself proves nothing.
        let said = |text: &str| if verified.grade() == Grade::Bad { filled("as_stated", &[text], lang) } else { clean(text) };
        facts.push(("sender", said(&who)));
        facts.push(("device", said(header.from.device.as_str())));
        facts.push(("made", said(&format!("{} (UTC+08:00)", header.created_at.minute_text(OFFSET_MIN)))));
        if header.part.n > 1 {
            facts.push(("part", filled("n_of_n", &[&header.part.k.to_string(), &header.part.n.to_string()], lang)));
        }
    }
    if verified.grade() != Grade::Bad || !bundle {
        facts.push(("counts", counts(verified, lang)));
    }
    facts.push(("checked", word(if bundle { "checked_bundle" } else { "checked_folder" }, lang)));
    facts.push(("verified_at", at.to_owned()));
    facts.push(("verified_on", machine()));
    facts.push(("program", filled("program_n", &[env!("CARGO_PKG_VERSION")], lang)));
    facts.into_iter().map(|(key, value)| (word(key, lang), value)).collect()
}

/// The problems of a grade, each with its place, and how many more there are.
fn problems(verified: &Verified, grade: Grade, lang: Lang) -> Vec<(String, String)> {
    let all: Vec<&Problem> = verified.problems.iter().filter(|problem| problem.what.grade() == grade).collect();
    let mut lines: Vec<(String, String)> =
        all.iter().take(MOST).map(|problem| (words::place(problem, lang), words::what(&problem.what, lang))).collect();
    if let Some(more) = all.len().checked_sub(MOST).filter(|more| *more > 0) {
        lines.push((String::new(), filled("more", &[&more.to_string()], lang)));
    }
    lines
}

fn seal(line: &RecordLine, lang: Lang) -> String {
    let Some((digest, (at_ms, offset_min))) = line.digest.zip(line.sealed_at) else { return word("unsealed", lang) };
    let digits: String = digest.to_string().chars().take(DIGITS).collect();
    let devices: Vec<&str> = line.sealed_by.iter().map(|device| device.as_str()).collect();
    format!("{} {}", filled("sealed", &[&Instant::from_ms(at_ms).minute_text(offset_min), &digits], lang), devices.join(" "))
}

fn limits(verified: &Verified, lang: Lang) -> Vec<String> {
    let folder = matches!(verified.source, Source::Folder { .. }).then(|| word("limit_folder", lang));
    std::iter::once(word("limit", lang)).chain(folder).collect()
}

const SECTIONS: [(Grade, &str); 2] = [(Grade::Bad, "problems"), (Grade::Odd, "notes")];

fn text(found: &[Verified], at: &str, lang: Lang) -> String {
    let mut page = String::new();
    for (index, verified) in found.iter().enumerate() {
        if index > 0 {
            page += "\u{c}\n";
        }
        page += &format!(
            "{}\n\n{}{}{}\n\n",
            word("paper_title", lang),
            word("verdict", lang),
            lang.pick("：", ": "),
            words::verdict(verified, lang)
        );
        for (grade, title) in SECTIONS {
            let lines = problems(verified, grade, lang);
            if !lines.is_empty() {
                page += &format!("{}\n", word(title, lang));
                for (number, (place, what)) in lines.iter().enumerate() {
                    page += &format!("  {}. {place}\n     {what}\n", number + 1);
                }
                page += "\n";
            }
        }
        page += &format!("{}\n", word("facts", lang));
        for (label, value) in facts(verified, at, lang) {
            page += &format!("  {label}{}{value}\n", lang.pick("：", ": "));
        }
        page += &format!("\n{}\n", word("records", lang));
        if verified.records.is_empty() {
            page += &format!("  {}\n", word("no_records", lang));
        }
        for (number, line) in verified.records.iter().enumerate() {
            let title = clean(format!("{} {}", line.title, line.subtitle).trim());
            page += &format!("  {}. {title} ({})\n", number + 1, words::about(line, lang));
            page += &format!("     {}\n     {}\n", line.id, seal(line, lang));
            for signer in &line.signers {
                page += &format!("     {}\n", words::signer(signer, lang));
            }
            page +=
                &format!("     {}{}{}\n", word("col_found", lang), lang.pick("：", ": "), words::found(verified.grade_of(&line.id), lang));
        }
        page += "\n";
        for limit in limits(verified, lang) {
            page += &format!("{limit}\n");
        }
    }
    page
}

/// The layout. No rule fetches anything.
const STYLE: &str = "@page{size:A4;margin:12mm 15mm}body{font:10.5pt/1.5 'Songti SC','Noto Serif CJK SC',SimSun,serif;color:#000;background:#fff;max-width:180mm;margin:0 auto;padding:8mm}\
h1{font-size:18pt;text-align:center;margin:0 0 4mm}h2{font-size:11.5pt;margin:4mm 0 1mm}\
.verdict{border:2px solid;padding:2mm 3mm;font-weight:bold}.good{border-color:#1b6e2c}.odd{border-color:#8a5a00}.bad{border-color:#b00000;color:#b00000}\
table{width:100%;border-collapse:collapse;table-layout:fixed}th,td{border:1px solid #222;padding:1mm 1.5mm;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
.facts th{width:28%;background:#f4f4f4}.records .no{width:9mm}.records .found{width:20mm}small,.records{font-size:9pt}.bad-row{color:#b00000}\
footer{display:flex;gap:4mm;margin-top:5mm;border-top:1px solid #222;padding-top:2mm;font-size:8.5pt}footer svg{width:28mm;height:28mm;flex:none}\
article+article{break-before:page}tr,footer,.verdict,li{break-inside:avoid}thead{display:table-header-group}@media print{body{padding:0;font-size:9.5pt;line-height:1.4}h1{font-size:16pt;margin:0 0 2mm}ol{margin:1mm 0}}";

fn html(found: &[Verified], at: &str, lang: Lang) -> String {
    let articles: String = found.iter().map(|verified| article(verified, at, lang)).collect();
    let tag = lang.pick("zh-CN", "en");
    let title = escape(&word("paper_title", lang));
    format!(
        "<!doctype html>\n<html lang=\"{tag}\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
<meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\n<body>\n{articles}</body></html>\n"
    )
}

fn article(verified: &Verified, at: &str, lang: Lang) -> String {
    let label = |key: &str| escape(&word(key, lang));
    let class = match verified.grade() {
        Grade::Good => "good",
        Grade::Odd => "odd",
        Grade::Bad => "bad",
    };
    let mut page = format!("<article>\n<h1>{}</h1>\n", label("paper_title"));
    page += &format!("<p class=\"verdict {class}\">{}</p>\n", escape(&words::verdict(verified, lang)));
    for (grade, title) in SECTIONS {
        let lines = problems(verified, grade, lang);
        if !lines.is_empty() {
            let line = |(place, what): &(String, String)| format!("<li><small>{}</small><br>{}</li>\n", escape(place), escape(what));
            page += &format!("<h2>{}</h2>\n<ol>\n{}</ol>\n", label(title), lines.iter().map(line).collect::<String>());
        }
    }
    let row = |(label, value): (String, String)| format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escape(&label), escape(&value));
    let rows: String = facts(verified, at, lang).into_iter().map(row).collect();
    page += &format!("<h2>{}</h2>\n<table class=\"facts\"><tbody>\n{rows}</tbody></table>\n", label("facts"));
    page += &format!("<h2>{}</h2>\n{}", label("records"), records(verified, lang));
    let code = Drawing::of(&format!("sha256:{}", verified.sha256)).map(|drawing| {
        let (view_box, name) = (drawing.view_box(), label("code_label"));
        format!(
            "<svg viewBox=\"{view_box}\" shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"{name}\"><path d=\"{}\"/></svg>",
            drawing.path
        )
    });
    let limits: String = limits(verified, lang).iter().map(|limit| format!("<p>{}</p>", escape(limit))).collect();
    page + &format!("<footer>{}<div>{limits}</div></footer>\n</article>\n", code.unwrap_or_default())
}

fn records(verified: &Verified, lang: Lang) -> String {
    let label = |key: &str| escape(&word(key, lang));
    if verified.records.is_empty() {
        return format!("<p>{}</p>\n", label("no_records"));
    }
    let row = |(index, line): (usize, &RecordLine)| {
        let grade = verified.grade_of(&line.id);
        let class = if grade == Grade::Bad { " class=\"bad-row\"" } else { "" };
        let signers: String = line.signers.iter().map(|signer| format!("<div>{}</div>", escape(&words::signer(signer, lang)))).collect();
        format!(
            "<tr{class}><td class=\"no\">{}</td><td><b>{}</b> {}<br><small>{}<br>{}</small></td><td>{}</td><td>{signers}</td><td class=\"found\">{}</td></tr>\n",
            index + 1,
            escape(&line.title),
            escape(&line.subtitle),
            escape(&words::about(line, lang)),
            line.id,
            escape(&seal(line, lang)),
            escape(&words::found(grade, lang)),
        )
    };
    let heads =
        [("col_no", " class=\"no\""), ("col_record", ""), ("col_digest", ""), ("col_signers", ""), ("col_found", " class=\"found\"")];
    let heads: String = heads.into_iter().map(|(key, class)| format!("<th scope=\"col\"{class}>{}</th>", label(key))).collect();
    let rows: String = verified.records.iter().enumerate().map(row).collect();
    format!("<table class=\"records\"><thead><tr>{heads}</tr></thead><tbody>\n{rows}</tbody></table>\n")
}

/// A text that becomes no markup and turns nothing around.
fn escape(text: &str) -> String {
    clean(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
