//! The overview of the templates: what lists and menus need, without reading all of them.

use serde::{Deserialize, Serialize};

use super::template::{Origin, Series, Template};
use crate::procedure::Named;

/// `document-index.json`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Index {
    /// Always `document-index/1`.
    pub schema: String,
    /// In the order in which they are shown.
    pub documents: Vec<Shown>,
}

/// A template as lists show it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Shown {
    /// The name of its file.
    pub id: String,
    /// What it is called.
    pub title: Named,
    /// How it is numbered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Series>,
    /// What it can be made from.
    pub of: Vec<Origin>,
}

impl Shown {
    /// What a template shows of itself.
    #[must_use]
    pub fn of_template(template: &Template) -> Self {
        Self { id: template.id.clone(), title: template.title.clone(), series: template.series.clone(), of: template.of.clone() }
    }

    /// Whether it can be made from such a record, at such a step of it; without steps named, from all of it.
    #[must_use]
    pub fn is_of(&self, kind: &str, step: Option<&str>) -> bool {
        self.of.iter().any(|origin| origin.fits(kind, step))
    }
}
