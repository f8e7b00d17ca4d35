//! The bureau that complaints go to, as its file says.

use serde::Deserialize as _;

use crate::domain::bureau::{Bureau, FORMAT, PATH};
use crate::domain::content::Lang;
use crate::ui::content;

/// The bureau; `None` when its file can't be fetched or read.
pub async fn get() -> Option<Bureau> {
    let value = content::json(PATH).await.ok()?;
    let bureau = Bureau::deserialize(&*value).ok()?;
    (bureau.format == FORMAT).then_some(bureau)
}

/// Its name.
#[must_use]
pub fn name(bureau: &Bureau, lang: Lang) -> &str {
    lang.pick(&bureau.name_zh, &bureau.name_en)
}
