//! What stands in the library: the lists that came with the app, and the bureau's own.

use std::collections::BTreeSet;

use leptos::prelude::*;
use serde_json::Value;

use crate::app::library::{self, Own};
use crate::domain::checklist::Checklist;
use crate::domain::content::Lang;
use crate::domain::id::RecordId;
use crate::domain::library::KIND;
use crate::ui::content::{self, ContentError};
use crate::ui::state::App;

/// The fields of work, in the order of the library.
pub const DOMAINS: [&str; 5] = ["special_equipment", "market_access", "product_quality", "merchandise", "inspection_metrology"];

/// How it stands with a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// As it came with the app.
    Shipped,
    /// The bureau's edition of a list that came with the app.
    Edition,
    /// A list of the bureau's own.
    Own,
    /// Not offered.
    Stopped,
    /// Begun and never published.
    Unpublished,
}

/// A line of the library.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Name of the list.
    pub id: String,
    /// Title.
    pub title_zh: String,
    /// The same in English.
    pub title_en: String,
    /// Field of work.
    pub domain: String,
    /// Version that counts; empty when there is none.
    pub version: String,
    /// How many items are asked.
    pub items: usize,
    /// How many of them are not verified; not known before the list was read.
    pub unverified: Option<usize>,
    /// How it stands.
    pub standing: Standing,
    /// Whether it came with the app.
    pub shipped: bool,
    /// Whether there is a working copy that differs.
    pub draft: bool,
}

impl Entry {
    /// The title in a language.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        lang.pick(&self.title_zh, &self.title_en)
    }

    fn shipped(value: &Value) -> Option<Self> {
        let text = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let items = value.get("items").and_then(Value::as_u64).and_then(|items| usize::try_from(items).ok()).unwrap_or_default();
        let id = Some(text("id")).filter(|id| !id.is_empty())?;
        Some(Self {
            id,
            title_zh: text("title_zh"),
            title_en: text("title_en"),
            domain: text("domain"),
            version: text("version"),
            items,
            unverified: None,
            standing: Standing::Shipped,
            shipped: true,
            draft: false,
        })
    }

    /// Takes over what the bureau has for this list.
    fn take(&mut self, own: &Own) {
        let draft = own.draft();
        self.draft = draft.as_ref().is_some_and(|draft| draft.is_changed() || own.holding().is_none());
        let published = own.checklist();
        if self.shipped && !own.is_offered() {
            return;
        }
        self.standing = match &published {
            None => Standing::Unpublished,
            Some(list) if !own.is_offered() || list.status == "retired" => Standing::Stopped,
            Some(_) if self.shipped => Standing::Edition,
            Some(_) => Standing::Own,
        };
        if let Some(list) = published.or(draft.map(|draft| draft.list)) {
            let (items, unverified) = library::count(&list);
            self.items = items;
            self.unverified = Some(unverified);
            (self.title_zh, self.title_en, self.domain, self.version) = (list.title_zh, list.title_en, list.domain, list.version);
        }
    }

    fn own(own: &Own) -> Self {
        let mut entry = Self {
            id: own.list.clone(),
            title_zh: own.list.clone(),
            title_en: own.list.clone(),
            domain: String::new(),
            version: String::new(),
            items: 0,
            unverified: None,
            standing: Standing::Unpublished,
            shipped: false,
            draft: false,
        };
        entry.take(own);
        entry
    }
}

/// The bureau's own lists.
pub async fn own_lists(app: App) -> Vec<Own> {
    let ids: Vec<RecordId> = app
        .summaries
        .with_untracked(|all| all.iter().filter(|one| one.kind == KIND).filter_map(|one| RecordId::parse(&one.id).ok()).collect());
    app.workspace().own_lists(&ids).await
}

/// All lists.
///
/// # Errors
/// [`ContentError`] when the index of the lists that came with the app can't be read.
pub async fn entries(app: App) -> Result<Vec<Entry>, ContentError> {
    let mut all = shipped_entries().await?;
    for own in own_lists(app).await {
        match all.iter_mut().find(|entry| entry.id == own.list) {
            Some(entry) => entry.take(&own),
            // What was begun and given up again is nothing.
            None if own.holding().is_some() || own.draft().is_some() => all.push(Entry::own(&own)),
            None => {}
        }
    }
    Ok(all)
}

async fn shipped_entries() -> Result<Vec<Entry>, ContentError> {
    let index = content::shipped("checklists/index.json").await?;
    let files = index.get("files").and_then(Value::as_array);
    Ok(files.into_iter().flatten().filter_map(Entry::shipped).collect())
}

/// Names that are taken.
pub async fn taken(app: App) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = own_lists(app).await.into_iter().map(|own| own.list).collect();
    names.extend(entries(app).await.unwrap_or_default().into_iter().map(|entry| entry.id));
    names
}

/// A list with all that is known of it.
#[derive(Clone)]
pub struct Found {
    /// Its name.
    pub id: String,
    /// As it came with the app.
    pub shipped: Option<Checklist>,
    /// What the bureau has.
    pub own: Option<Own>,
}

impl Found {
    /// Looks a list up; `None` when there is none of this name.
    pub async fn of(app: App, id: &str) -> Option<Self> {
        let path = library::path_of(id);
        library::list_of(&path)?;
        // Asking for a file that is not there would cost a request each time.
        let listed = shipped_entries().await.is_ok_and(|all| all.iter().any(|entry| entry.id == id));
        let file = if listed { content::shipped(&path).await.ok() } else { None };
        let shipped = file.and_then(|value| Checklist::from_value(&value).ok());
        let own = own_lists(app).await.into_iter().find(|own| own.list == id);
        let there = shipped.is_some() || own.as_ref().is_some_and(|own| own.holding().is_some() || own.draft().is_some());
        there.then(|| Self { id: id.to_owned(), shipped, own })
    }

    /// The list that counts, or that would if it were in use; none before the first one was published.
    #[must_use]
    pub fn list(&self) -> Option<Checklist> {
        let own = self.own.as_ref().filter(|own| own.is_offered() || self.shipped.is_none());
        own.and_then(Own::checklist).or_else(|| self.shipped.clone())
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let offered = self.own.as_ref().filter(|own| own.is_offered());
        match (offered.and_then(Own::checklist), &self.shipped) {
            (Some(list), _) if list.status == "retired" => Standing::Stopped,
            (Some(_), Some(_)) => Standing::Edition,
            (Some(_), None) => Standing::Own,
            (None, Some(_)) => Standing::Shipped,
            (None, None) if self.own.as_ref().is_some_and(|own| own.holding().is_some()) => Standing::Stopped,
            (None, None) => Standing::Unpublished,
        }
    }

    /// Number of the edition that counts; 0 when it is the list that came with the app.
    #[must_use]
    pub fn edition(&self) -> u32 {
        let own = self.own.as_ref().filter(|own| own.is_offered() || self.shipped.is_none());
        own.and_then(Own::holding).map(|holding| holding.current).unwrap_or_default()
    }

    /// Whether there is a working copy that differs from what counts.
    #[must_use]
    pub fn has_draft(&self) -> bool {
        self.own.as_ref().and_then(Own::draft).is_some_and(|draft| draft.is_changed())
    }
}
