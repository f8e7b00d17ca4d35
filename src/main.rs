//! Starts the app in the browser. The only file that knows every layer, and in which file of the program a screen is.

#[cfg(any(target_arch = "wasm32", web_lint))]
mod parts {
    use leptos::prelude::*;
    use leptos::wasm_split::{SplitLoaderError, wasm_split};
    use spotcheck::domain::inspection::Summarise;
    use spotcheck::ui::later::{Later, Part, Parts, Summarising};
    use spotcheck::ui::{cases, check, complain, export, finish, get, ledger, library, me, office, print, record, start};

    /// Names a screen and the file that it is in.
    macro_rules! screen {
        ($name:ident, $file:ident, $fetch:ident, $view:path) => {
            #[wasm_split($file, wasm_split_path = ::leptos::wasm_split, preload($fetch), fallible)]
            fn $name() -> Result<AnyView, SplitLoaderError> {
                Ok($view().into_any())
            }
        };
    }

    screen!(start_screen, inspect, fetch_start, start::Start);
    screen!(check_screen, inspect, fetch_check, check::Check);
    screen!(finish_screen, inspect, fetch_finish, finish::Finish);
    screen!(cases_screen, cases, fetch_cases, cases::Pages);
    screen!(complain_screen, complain, fetch_complain, complain::Pages);
    screen!(ledger_screen, ledger, fetch_ledger, ledger::pages::Pages);
    screen!(library_screen, ledger, fetch_library, library::pages::Pages);
    screen!(record_screen, office, fetch_record, record::RecordPage);
    screen!(print_screen, office, fetch_print, print::PrintPage);
    screen!(export_screen, office, fetch_export, export::Export);
    screen!(office_screen, office, fetch_office, office::Pages);
    screen!(get_screen, office, fetch_get, get::Get);
    screen!(me_screen, office, fetch_me, me::Me);

    /// Counting the questions of a record takes all that knows checklists, which the first screen does without.
    #[wasm_split(inspect, wasm_split_path = ::leptos::wasm_split, fallible)]
    fn summarising() -> Result<Summarise, SplitLoaderError> {
        Ok(spotcheck::app::matter::summary)
    }

    const FILES: [Part; 5] = [
        Part { paths: &["/start", "/check/"], fetch: || Box::pin(fetch_check()) },
        Part { paths: &["/case", "/doc", "/inbox", "/leads", "/stats", "/notices"], fetch: || Box::pin(fetch_cases()) },
        Part {
            paths: &["/ledger", "/library", "/due", "/days", "/scan", "/labels", "/assign", "/task/"],
            fetch: || Box::pin(fetch_ledger()),
        },
        Part { paths: &["/record/", "/export", "/office", "/verify", "/bureau", "/get", "/me"], fetch: || Box::pin(fetch_record()) },
        Part { paths: &["/complain"], fetch: || Box::pin(fetch_complain()) },
    ];

    pub const PARTS: Parts = Parts {
        start: Later(|| Box::pin(start_screen())),
        check: Later(|| Box::pin(check_screen())),
        finish: Later(|| Box::pin(finish_screen())),
        record: Later(|| Box::pin(record_screen())),
        print: Later(|| Box::pin(print_screen())),
        cases: Later(|| Box::pin(cases_screen())),
        complain: Later(|| Box::pin(complain_screen())),
        ledger: Later(|| Box::pin(ledger_screen())),
        library: Later(|| Box::pin(library_screen())),
        export: Later(|| Box::pin(export_screen())),
        office: Later(|| Box::pin(office_screen())),
        get: Later(|| Box::pin(get_screen())),
        me: Later(|| Box::pin(me_screen())),
        summarising: Summarising(|| Box::pin(summarising())),
        files: &FILES,
    };
}

#[cfg(any(target_arch = "wasm32", web_lint))]
fn main() {
    spotcheck::ui::start(parts::PARTS);
}

#[cfg(not(any(target_arch = "wasm32", web_lint)))]
fn main() {
    eprintln!("This program runs in a browser. Build and serve it with `cargo xtask serve`.");
    std::process::exit(2);
}
