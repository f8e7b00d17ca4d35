//! Words of the screens, in both languages. A text that lacks one language does not compile.

pub mod assign;
pub mod cases;
pub mod common;
pub mod complain;
pub mod conditions;
pub mod days;
pub mod documents;
pub mod due;
pub mod errors;
pub mod findings;
pub mod forms;
pub mod get;
pub mod inbox;
pub mod ledger;
pub mod ledger_import;
pub mod library;
pub mod notices;
pub mod office;
pub mod refusals;
pub mod scan;
pub mod sealed;
pub mod signals;
pub mod verify;
pub mod visit;

use leptos::prelude::*;

use crate::domain::content::Lang;

/// Declares a table of words: a struct and its two languages.
macro_rules! word_table {
    ($(#[$meta:meta])* $name:ident { $($key:ident: $zh:literal, $en:literal;)* }) => {
        $(#[$meta])*
        #[allow(missing_docs, reason = "each field is documented by its own text")]
        #[derive(Debug)]
        pub struct $name { $(pub $key: &'static str,)* }

        impl $name {
            /// Chinese.
            pub const ZH: Self = Self { $($key: $zh,)* };
            /// English.
            pub const EN: Self = Self { $($key: $en,)* };
            /// Every word with its name, for tests.
            pub const ALL: &'static [(&'static str, &'static str, &'static str)] = &[$((stringify!($key), $zh, $en),)*];

            /// The words in a language.
            #[must_use]
            pub fn of(lang: $crate::domain::content::Lang) -> &'static Self {
                match lang {
                    $crate::domain::content::Lang::Zh => &Self::ZH,
                    $crate::domain::content::Lang::En => &Self::EN,
                }
            }
        }
    };
}
pub(crate) use word_table;

thread_local! {
    static LANG: ArcRwSignal<Lang> = ArcRwSignal::new(Lang::Zh);
}

/// The language of the screens; screens that ask follow a change.
#[must_use]
pub fn lang() -> Lang {
    LANG.with(|lang| lang.get())
}

/// The language now, without following a change.
#[must_use]
pub fn lang_now() -> Lang {
    LANG.with(|lang| lang.get_untracked())
}

/// Switches the language.
pub fn set_lang(to: Lang) {
    LANG.with(|lang| {
        if lang.get_untracked() != to {
            lang.set(to);
        }
    });
}

/// A word that follows the language when it is asked for.
pub type Word = fn() -> &'static str;

/// The words of the inspector's screens, in the language of the screens.
#[must_use]
pub fn words() -> &'static common::Common {
    common::Common::of(lang())
}

/// The words of the screens for scanning and labels, in the language of the screens.
#[must_use]
pub fn scan_words() -> &'static scan::ScanWords {
    scan::ScanWords::of(lang())
}

/// The words of the checklist library, in the language of the screens.
#[must_use]
pub fn library_words() -> &'static library::LibraryWords {
    library::LibraryWords::of(lang())
}

/// The words for conditions of checklists, in the language of the screens.
#[must_use]
pub fn condition_words() -> &'static conditions::ConditionWords {
    conditions::ConditionWords::of(lang())
}

/// The words for forms in spreadsheets, in the language of the screens.
#[must_use]
pub fn form_words() -> &'static forms::FormWords {
    forms::FormWords::of(lang())
}

/// The words of the screens for tasks and for what an office hands out, in the language of the screens.
#[must_use]
pub fn assign_words() -> &'static assign::AssignWords {
    assign::AssignWords::of(lang())
}

/// The words of the page for files from a link, in the language of the screens.
#[must_use]
pub fn get_words() -> &'static get::GetWords {
    get::GetWords::of(lang())
}

/// The words of the screens of a visit, in the language of the screens.
#[must_use]
pub fn visit_words() -> &'static visit::VisitWords {
    visit::VisitWords::of(lang())
}

/// The words of the pages that read and write ledgers as spreadsheets, in the language of the screens.
#[must_use]
pub fn table_words() -> &'static ledger_import::TableWords {
    ledger_import::TableWords::of(lang())
}

/// The words for working days and periods, in the language of the screens.
#[must_use]
pub fn days_words() -> &'static days::DaysWords {
    days::DaysWords::of(lang())
}

/// The words for hazards and other matters, in the language of the screens.
#[must_use]
pub fn cases_words() -> &'static cases::CasesWords {
    cases::CasesWords::of(lang())
}

/// The words of the consumer's pages, in the language of the screens.
#[must_use]
pub fn complain_words() -> &'static complain::ComplainWords {
    complain::ComplainWords::of(lang())
}

/// The words for official documents, in the language of the screens.
#[must_use]
pub fn document_words() -> &'static documents::DocumentWords {
    documents::DocumentWords::of(lang())
}

/// The words of the inbox, and for what is hidden of persons, in the language of the screens.
#[must_use]
pub fn inbox_words() -> &'static inbox::InboxWords {
    inbox::InboxWords::of(lang())
}

/// The words for due dates, in the language of the screens.
#[must_use]
pub fn due_words() -> &'static due::DueWords {
    due::DueWords::of(lang())
}

/// The words of the ledgers' screens, in the language of the screens.
#[must_use]
pub fn ledger_words() -> &'static ledger::LedgerWords {
    ledger::LedgerWords::of(lang())
}

/// The words of the office's screens, in the language of the screens.
#[must_use]
pub fn office_words() -> &'static office::OfficeWords {
    office::OfficeWords::of(lang())
}

/// The words of encrypted files and the bureau's key, in the language of the screens.
#[must_use]
pub fn sealed_words() -> &'static sealed::SealedWords {
    sealed::SealedWords::of(lang())
}

/// The words of the check of evidence, in the language of the screens.
#[must_use]
pub fn verify_words() -> &'static verify::VerifyWords {
    verify::VerifyWords::of(lang())
}

/// A text with something in brackets behind it, as the language writes them.
#[must_use]
pub fn aside(text: &str, note: &str) -> String {
    fill(lang().pick("{}（{}）", "{} ({})"), &[&text, &note])
}

/// The words for warnings to consumers, in the language of the screens.
#[must_use]
pub fn notice_words() -> &'static notices::NoticeWords {
    notices::NoticeWords::of(lang())
}

/// The words for signals, leads and statistics, in the language of the screens.
#[must_use]
pub fn signal_words() -> &'static signals::SignalWords {
    signals::SignalWords::of(lang())
}

/// Puts values into a text, each `{}` in turn.
#[must_use]
pub fn fill(text: &str, values: &[&dyn std::fmt::Display]) -> String {
    let mut parts = text.split("{}");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    let mut values = values.iter();
    for part in parts {
        if let Some(value) = values.next() {
            filled.push_str(&value.to_string());
        }
        filled.push_str(part);
    }
    filled
}
