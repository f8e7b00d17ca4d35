//! What was typed on the command line.

use std::ffi::OsString;
use std::path::PathBuf;

use spotcheck::domain::id::RecordId;

use crate::page::Form;
use crate::words::Lang;

/// A command line that makes sense.
pub struct Args {
    pub lang: Lang,
    pub command: Command,
}

/// What to do.
pub enum Command {
    Help,
    Version,
    Verify { files: Vec<PathBuf>, page: Option<PathBuf> },
    Show { files: Vec<PathBuf>, record: Option<RecordId>, json: bool },
    Open { file: PathBuf, key: PathBuf, out: Option<PathBuf> },
    Extract { files: Vec<PathBuf>, folder: PathBuf },
}

/// Why a command line makes no sense.
pub enum UsageError {
    NoCommand,
    Command(String),
    Option(String),
    NoValue(&'static str),
    Value(&'static str),
    NoFile,
    NoFolder,
    NoKey,
    OneFile,
}

impl Args {
    /// Reads what was typed; `language` is what the environment asks for, such as `zh_CN.UTF-8`.
    pub fn parse(typed: &[OsString], language: &str) -> Result<Self, (Lang, UsageError)> {
        let mut lang = if language.starts_with("zh") { Lang::Zh } else { Lang::En };
        let command = parse(typed, &mut lang).map_err(|error| (lang, error))?;
        Ok(Self { lang, command })
    }
}

fn parse(typed: &[OsString], lang: &mut Lang) -> Result<Command, UsageError> {
    let (mut words, mut record, mut page, mut json, mut only_files) = (Vec::new(), None, None, false, false);
    let (mut key, mut out) = (None, None);
    let (mut help, mut version) = (false, false);
    let mut rest = typed.iter();
    while let Some(word) = rest.next() {
        let option = word.to_str().filter(|text| text.starts_with("--") && !only_files);
        match option.map(|text| text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value.to_owned())))) {
            None if !only_files && word == "-h" => help = true,
            None if !only_files && word == "-V" => version = true,
            None if !only_files && word.to_str().is_some_and(|text| text.starts_with('-') && text.len() > 1) => {
                return Err(UsageError::Option(word.to_string_lossy().into_owned()));
            }
            None => words.push(word.clone()),
            Some(("--", None)) => only_files = true,
            Some(("--help", None)) => help = true,
            Some(("--version", None)) => version = true,
            Some(("--json", None)) => json = true,
            Some(("--lang", value)) => {
                *lang = match value.or_else(|| next_text(&mut rest)).ok_or(UsageError::NoValue("--lang"))?.as_str() {
                    "zh" => Lang::Zh,
                    "en" => Lang::En,
                    _ => return Err(UsageError::Value("--lang")),
                };
            }
            Some(("--key", value)) => key = Some(next_path(value, &mut rest).ok_or(UsageError::NoValue("--key"))?),
            Some(("--out", value)) => out = Some(next_path(value, &mut rest).ok_or(UsageError::NoValue("--out"))?),
            Some(("--page", value)) => {
                let path = value.map(OsString::from).or_else(|| rest.next().cloned()).ok_or(UsageError::NoValue("--page"))?;
                page = Some(PathBuf::from(path));
                if page.as_deref().is_none_or(|path| Form::of(path).is_none()) {
                    return Err(UsageError::Value("--page"));
                }
            }
            Some(("--record", value)) => {
                let id = value.or_else(|| next_text(&mut rest)).ok_or(UsageError::NoValue("--record"))?;
                record = Some(RecordId::parse(&id).map_err(|_| UsageError::Value("--record"))?);
            }
            Some((name, _)) => return Err(UsageError::Option(name.to_owned())),
        }
    }
    if help || version {
        return Ok(if help { Command::Help } else { Command::Version });
    }
    if words.first().is_some_and(|word| word == "open") {
        return choose_open(words, key, out, [record.is_some(), page.is_some(), json]);
    }
    match (key, out) {
        (Some(_), _) => Err(UsageError::Option("--key".to_owned())),
        (_, Some(_)) => Err(UsageError::Option("--out".to_owned())),
        (None, None) => choose(words, record, page, json),
    }
}

fn next_text(rest: &mut std::slice::Iter<'_, OsString>) -> Option<String> {
    rest.next().and_then(|word| word.to_str()).map(str::to_owned)
}

fn next_path(value: Option<String>, rest: &mut std::slice::Iter<'_, OsString>) -> Option<PathBuf> {
    value.map(OsString::from).or_else(|| rest.next().cloned()).map(PathBuf::from)
}

fn choose_open(words: Vec<OsString>, key: Option<PathBuf>, out: Option<PathBuf>, others: [bool; 3]) -> Result<Command, UsageError> {
    for (given, name) in others.into_iter().zip(["--record", "--page", "--json"]) {
        if given {
            return Err(UsageError::Option(name.to_owned()));
        }
    }
    let mut files = words.into_iter().skip(1).map(PathBuf::from);
    let file = files.next().ok_or(UsageError::NoFile)?;
    if files.next().is_some() {
        return Err(UsageError::OneFile);
    }
    Ok(Command::Open { file, key: key.ok_or(UsageError::NoKey)?, out })
}

fn choose(words: Vec<OsString>, record: Option<RecordId>, page: Option<PathBuf>, json: bool) -> Result<Command, UsageError> {
    let mut words = words.into_iter();
    let command = words.next().ok_or(UsageError::NoCommand)?;
    let mut files: Vec<PathBuf> = words.map(PathBuf::from).collect();
    let command = match command.to_str() {
        Some("help") => return Ok(Command::Help),
        Some("verify") => Command::Verify { files: files.clone(), page: page.clone() },
        Some("show") => Command::Show { files: files.clone(), record: record.clone(), json },
        Some("extract") => {
            let folder = files.pop().ok_or(UsageError::NoFile)?;
            if files.is_empty() {
                return Err(UsageError::NoFolder);
            }
            Command::Extract { files: files.clone(), folder }
        }
        _ => return Err(UsageError::Command(command.to_string_lossy().into_owned())),
    };
    let verifies = matches!(command, Command::Verify { .. });
    let shows = matches!(command, Command::Show { .. });
    match () {
        () if files.is_empty() => Err(UsageError::NoFile),
        () if record.is_some() && !shows => Err(UsageError::Option("--record".to_owned())),
        () if page.is_some() && !verifies => Err(UsageError::Option("--page".to_owned())),
        () if json && !shows => Err(UsageError::Option("--json".to_owned())),
        () => Ok(command),
    }
}
