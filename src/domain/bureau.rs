//! The bureau that complaints go to: `bureau.json`, format `bureau/1`. A bureau puts a file of its own in the place of the
//! shipped one: an edition that goes out with the rules, or in its own deployment.

use serde::{Deserialize, Serialize};

/// Its format.
pub const FORMAT: &str = "bureau/1";
/// Where it lies below `content/`.
pub const PATH: &str = "bureau.json";

/// The bureau.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Bureau {
    /// [`FORMAT`].
    pub format: String,
    /// Version of the file.
    pub version: String,
    /// The day since which it stands, `2026-11-24`.
    pub published_on: String,
    /// Name.
    pub name_zh: String,
    /// The same in English.
    pub name_en: String,
    /// For which area.
    #[serde(default)]
    pub area_zh: String,
    /// The same in English.
    #[serde(default)]
    pub area_en: String,
    /// Telephone; empty where there is none.
    #[serde(default)]
    pub phone: String,
    /// Where complaints can be sent to; none where the bureau has set no address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_url: Option<String>,
    /// The key that complaints are encrypted for, `age1…`; none where the bureau has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    /// Numbers for danger.
    #[serde(default)]
    pub emergency: Vec<Number>,
}

/// A number to call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Number {
    /// Whose.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// The number.
    pub number: String,
}

/// Where complaints may be sent to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Address<'a> {
    /// A path on the app's own origin.
    Own(&'a str),
    /// Another origin, over https. The content policy of the deployment must allow it.
    Other(&'a str),
}

impl<'a> Address<'a> {
    /// Reads an address; `None` when it is none that anything is sent to: http, with a name and password, or with anything that could
    /// lead elsewhere.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~' | '?' | '=' | '&' | '%');
        if text.len() > 300 || text.contains("..") {
            return None;
        }
        if let Some(rest) = text.strip_prefix("https://") {
            let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
            return (is_host(host) && path.chars().all(plain)).then_some(Self::Other(text));
        }
        (text.starts_with('/') && !text.contains("//") && text.len() > 1 && text.chars().all(plain)).then_some(Self::Own(text))
    }

    /// The origin to be allowed by a deployment; none for its own.
    #[must_use]
    pub fn origin(self) -> Option<&'a str> {
        let Self::Other(text) = self else { return None };
        let host = text.strip_prefix("https://")?.split('/').next()?;
        text.get(.."https://".len() + host.len())
    }
}

fn is_host(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    name.split('.').all(label) && (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_nowhere_else() {
        let check = |text: &str, origin: Option<Option<&str>>| assert_eq!(Address::parse(text).map(Address::origin), origin, "{text}");
        check("/inbox/complaints", Some(None));
        check("https://upload.example.gov.cn/complaints?area=1", Some(Some("https://upload.example.gov.cn")));
        check("https://upload.example.gov.cn:8443", Some(Some("https://upload.example.gov.cn:8443")));
        for bad in [
            "",
            "/",
            "//evil.example/x",
            "/a/../b",
            "/a b",
            "http://a.example/x",
            "https://name:word@a.example/x",
            "https://a.example/;script-src *",
            "https:///x",
            "https://a..example/",
            "https://*.example/",
            "https://a.example:port/",
            "javascript:alert(1)",
            "upload",
        ] {
            check(bad, None);
        }
    }
}
