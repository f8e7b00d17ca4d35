//! The names that documents print: laws, clauses, measures. In Chinese, as all that is printed.

use std::rc::Rc;

use serde_json::Value;

use crate::app::library::official::{Official, template_path, usable};
use crate::document::words::Term;
use crate::document::{Index, Shown, Template};
use crate::domain::content::Lang;
use crate::ui::cases::rules::{Law, law_names};
use crate::ui::content::{self, Code};
use crate::ui::record::names;

/// The registries behind the names.
pub struct Terms {
    laws: Vec<Law>,
    measures: Vec<Code>,
    gradings: Option<Rc<Value>>,
}

impl Terms {
    /// Fetches them; what can't be fetched knows no names.
    pub async fn fetch() -> Self {
        Self {
            laws: law_names().await,
            measures: content::codes("measures").await,
            gradings: content::json("rules/gradings.json").await.ok(),
        }
    }

    /// What a code is called.
    #[must_use]
    pub fn name(&self, term: Term<'_>) -> Option<String> {
        match term {
            Term::Law(id) => self.laws.iter().find(|law| law.id == id).map(|law| law.zh.clone()),
            Term::Measure(code) => self.measures.iter().find(|known| known.code == code).map(|known| known.zh.clone()),
            Term::Clause { grading, id } => self.clause(grading, id),
            Term::Severity(severity) => Some(names::severity(severity, Lang::Zh).to_owned()),
            Term::InspectionKind(kind) => Some(names::inspection_kind(kind, Lang::Zh)),
            Term::Outcome(code) => Some(names::result(code, Lang::Zh)),
        }
    }

    fn clause(&self, grading: &str, id: &str) -> Option<String> {
        let is = |value: &&Value, wanted: &str| value.get("id").and_then(Value::as_str) == Some(wanted);
        let known = self.gradings.as_ref()?.get("gradings")?.as_array()?.iter().find(|one| is(one, grading))?;
        let clause = known.get("clauses")?.as_array()?.iter().find(|one| is(one, id))?;
        let text = |name: &str| clause.get(name).and_then(Value::as_str).unwrap_or_default();
        Some([text("no"), text("zh")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
    }
}

/// The templates as menus show them, in their order, the bureau's own editions and additions among them; none when they can't
/// be fetched.
pub async fn index() -> Vec<Shown> {
    let Ok(value) = content::json("document-index.json").await else { return Vec::new() };
    let mut all = serde_json::from_value::<Index>((*value).clone()).map(|index| index.documents).unwrap_or_default();
    for holding in content::own_files().await {
        let Some(Official::Template(template)) = usable(&holding) else { continue };
        let shown = Shown::of_template(&template);
        match all.iter_mut().find(|known| known.id == shown.id) {
            Some(known) => *known = shown,
            None => all.push(shown),
        }
    }
    all
}

/// A template by its name; the bureau's own edition unless it can't be used. `None` when it can't be fetched or read.
pub async fn template(id: &str) -> Option<Template> {
    let path = template_path(id);
    let own = content::own_files().await.into_iter().find(|holding| holding.path == path);
    if let Some(Official::Template(template)) = own.as_ref().and_then(usable) {
        return Some(*template);
    }
    Template::read(content::shipped(&path).await.ok()?.to_string().as_bytes()).ok()
}
