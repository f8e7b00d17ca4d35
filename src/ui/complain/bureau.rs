//! The bureau that complaints go to: `bureau.json`, format `bureau/1`.

use serde::Deserialize;

use crate::domain::content::Lang;
use crate::ui::content;

const FORMAT: &str = "bureau/1";

/// The bureau. A bureau puts a file of its own in the place of the shipped one.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Bureau {
    format: String,
    name_zh: String,
    name_en: String,
    /// Telephone; empty where there is none.
    pub phone: String,
    /// Where complaints can be sent to; none where the bureau has set no address.
    pub upload_url: Option<String>,
    /// The key that complaints are encrypted for; none where the bureau has none.
    pub public_key: Option<String>,
    /// Numbers for danger.
    pub emergency: Vec<Number>,
}

/// A number to call.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Number {
    zh: String,
    en: String,
    /// The number.
    pub number: String,
}

impl Bureau {
    /// Its name.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name_zh, &self.name_en)
    }
}

impl Number {
    /// Whose number it is.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// The bureau; `None` when its file can't be fetched or read.
pub async fn get() -> Option<Bureau> {
    let value = content::json("bureau.json").await.ok()?;
    let bureau = Bureau::deserialize(&*value).ok()?;
    (bureau.format == FORMAT).then_some(bureau)
}
