//! Warnings to consumers and what they should know of their rights (消费警示与维权知识): data, read offline.
//!
//! A notice is a file `notices/<id>.json`: one that came with the app, or an edition that the bureau published, see
//! [`crate::domain::library`]. It is plain text; nothing in it becomes markup.

use serde::{Deserialize, Serialize};

use crate::domain::checklist::BasisRef;
use crate::domain::content::Lang;
use crate::domain::time::CivilDate;
use crate::domain::uscc::half_width;

/// The format of the file, see `public/content/schema/notice.schema.json`.
pub const SCHEMA: &str = "notice/1";
/// Where the files are.
pub const FOLDER: &str = "notices/";
/// The most blocks, products or measures.
const MOST: usize = 60;
/// The most characters of one text.
const MOST_CHARS: usize = 4000;

/// A text in both languages. Of a bureau's own notices the English one may be empty; the Chinese one is shown then.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    #[serde(default)]
    pub en: String,
}

impl Text {
    /// The text in a language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        let text = lang.pick(&self.zh, &self.en);
        if text.is_empty() { &self.zh } else { text }
    }
}

/// What a notice is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A warning (消费警示).
    Warning,
    /// A recall.
    Recall,
    /// What consumers should know (维权知识).
    Rights,
}

impl NoticeKind {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Warning, Self::Recall, Self::Rights];
}

/// A part of the text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A heading.
    Heading(Text),
    /// A paragraph.
    Paragraph(Text),
    /// A list.
    List(Vec<Text>),
}

/// A product that a notice is about. What is empty is not said.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Product {
    /// What it is called.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Brand.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub brand: String,
    /// Model.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// Batch, or day of production.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub batch: String,
    /// Bar code.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub gtin: String,
}

impl Product {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a product that somebody has may be one of these.
    ///
    /// The bar code decides where both have one, else brand and model; a notice for all models of a brand names no model. A
    /// batch parts them only where both say one: who does not know the batch should read the notice and look.
    #[must_use]
    pub fn covers(&self, own: &Self) -> bool {
        let same = |a: &str, b: &str| plain(a) == plain(b);
        let said = |text: &str| !plain(text).is_empty();
        let batch = !said(&self.batch) || !said(&own.batch) || same(&self.batch, &own.batch);
        if said(&self.gtin) && said(&own.gtin) {
            return batch && digits(&self.gtin) == digits(&own.gtin);
        }
        let brand = said(&self.brand) && same(&self.brand, &own.brand);
        let model = !said(&self.model) || same(&self.model, &own.model);
        batch && brand && model
    }
}

/// A notice, format `notice/1`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Notice {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Stable name; that of the file.
    pub id: String,
    /// What it is.
    pub kind: NoticeKind,
    /// Title.
    pub title: Text,
    /// The gist in a sentence.
    pub summary: Text,
    /// The text.
    pub body: Vec<Block>,
    /// The products that it is about; none when it is about none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<Product>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Text>,
    /// When it was published.
    pub published_on: CivilDate,
    /// The last day on which it holds; open where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<CivilDate>,
    /// Who says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Text>,
    /// What it rests on in law.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub basis: Vec<BasisRef>,
    /// Whether what it says of the law was compared with the text; otherwise shown as 未核实.
    #[serde(default)]
    pub verified: bool,
    /// Advice of common sense that says nothing of the law.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub advice: bool,
}

/// Why a file is no notice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// Not JSON of this form.
    #[error("{problem}")]
    Json {
        /// What the reader says.
        problem: String,
    },
    /// Of a format that this version does not know.
    #[error("unknown format {0}")]
    Schema(String),
    /// A text that must be there is not.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// More than any true notice has.
    #[error("too much in {0}")]
    TooMany(&'static str),
    /// It ends before it begins.
    #[error("ends before it begins")]
    Order,
}

impl Notice {
    /// Reads a file.
    ///
    /// # Errors
    /// [`NoticeError`] says what is wrong.
    pub fn read(value: &serde_json::Value) -> Result<Self, NoticeError> {
        let read: Self = Self::deserialize(value).map_err(|error| NoticeError::Json { problem: error.to_string() })?;
        read.check()?;
        Ok(read)
    }

    /// Whether everything is there.
    ///
    /// # Errors
    /// [`NoticeError`] with the first thing that is not.
    pub fn check(&self) -> Result<(), NoticeError> {
        if self.schema != SCHEMA {
            return Err(NoticeError::Schema(self.schema.clone()));
        }
        for (name, text) in [("title", &self.title), ("summary", &self.summary)] {
            if text.zh.trim().is_empty() {
                return Err(NoticeError::Empty(name));
            }
        }
        if self.body.is_empty() {
            return Err(NoticeError::Empty("body"));
        }
        let many = [("body", self.body.len()), ("products", self.products.len()), ("measures", self.measures.len())];
        if let Some((name, _)) = many.into_iter().find(|(_, count)| *count > MOST) {
            return Err(NoticeError::TooMany(name));
        }
        if self.texts().any(|text| text.zh.chars().count() > MOST_CHARS || text.en.chars().count() > MOST_CHARS) {
            return Err(NoticeError::TooMany("text"));
        }
        if self.until.is_some_and(|until| until < self.published_on) {
            return Err(NoticeError::Order);
        }
        Ok(())
    }

    /// Every text.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        let body = self.body.iter().flat_map(|block| match block {
            Block::Heading(text) | Block::Paragraph(text) => std::slice::from_ref(text),
            Block::List(texts) => texts.as_slice(),
        });
        [&self.title, &self.summary].into_iter().chain(body).chain(&self.measures).chain(&self.source)
    }

    /// Whether it holds on a day.
    #[must_use]
    pub fn holds_on(&self, day: CivilDate) -> bool {
        self.until.is_none_or(|until| day <= until)
    }
}

/// The notices that hold today about a product that somebody has, in their order.
#[must_use]
pub fn matching<'a>(product: &Product, notices: &'a [Notice], today: CivilDate) -> Vec<&'a Notice> {
    let fits = |notice: &&Notice| notice.holds_on(today) && notice.products.iter().any(|one| one.covers(product));
    notices.iter().filter(fits).collect()
}

/// What a typed text says: paragraphs parted by blank lines, lines that begin with `-`, `·` or `•` as lists, lines that begin
/// with `#` as headings. The English text, where there is one, has its parts in the same order; where the two do not fit
/// together, English is left out.
#[must_use]
pub fn blocks(zh: &str, en: &str) -> Vec<Block> {
    let (zh, en) = (parts(zh), parts(en));
    let fits = zh.len() == en.len() && zh.iter().zip(&en).all(|(a, b)| a.0 == b.0 && a.1.len() == b.1.len());
    let pair = |(at, (shape, texts)): (usize, (Shape, Vec<String>))| {
        let other = en.get(at).filter(|_| fits).map(|(_, texts)| texts.clone()).unwrap_or_default();
        let text = |index: usize, zh: String| Text { zh, en: other.get(index).cloned().unwrap_or_default() };
        let mut texts: Vec<Text> = texts.into_iter().enumerate().map(|(index, zh)| text(index, zh)).collect();
        match shape {
            Shape::List => Block::List(texts),
            Shape::Heading => Block::Heading(texts.pop().unwrap_or_default()),
            Shape::Paragraph => Block::Paragraph(texts.pop().unwrap_or_default()),
        }
    };
    zh.into_iter().enumerate().map(pair).collect()
}

/// The text that [`blocks`] reads back, in one language.
#[must_use]
pub fn typed(blocks: &[Block], of: fn(&Text) -> &str) -> String {
    let part = |block: &Block| match block {
        Block::Heading(text) => format!("# {}", of(text)),
        Block::Paragraph(text) => of(text).to_owned(),
        Block::List(texts) => texts.iter().map(|text| format!("- {}", of(text))).collect::<Vec<_>>().join("\n"),
    };
    if blocks.iter().all(|block| part(block).trim_matches(['#', '-', ' ', '\n']).is_empty()) {
        return String::new();
    }
    blocks.iter().map(part).collect::<Vec<_>>().join("\n\n")
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shape {
    Heading,
    Paragraph,
    List,
}

fn parts(text: &str) -> Vec<(Shape, Vec<String>)> {
    let mut parts: Vec<(Shape, Vec<String>)> = Vec::new();
    let mut open = false;
    for line in text.lines().map(str::trim) {
        let listed = ['-', '·', '•', '－'].into_iter().find_map(|mark| line.strip_prefix(mark)).map(str::trim);
        let heading = line.strip_prefix(['#', '＃']).map(|rest| rest.trim_start_matches(['#', '＃']).trim());
        match (listed, heading, parts.last_mut()) {
            (Some(""), ..) => {}
            (_, Some(""), _) => {}
            (Some(text), _, Some((Shape::List, texts))) if open => texts.push(text.to_owned()),
            (Some(text), ..) => {
                parts.push((Shape::List, vec![text.to_owned()]));
                open = true;
            }
            (_, Some(text), _) => {
                parts.push((Shape::Heading, vec![text.to_owned()]));
                open = false;
            }
            _ if line.is_empty() => open = false,
            (_, _, Some((Shape::Paragraph, texts))) if open => {
                // A line that goes on: Chinese needs no blank between.
                if let Some(text) = texts.last_mut() {
                    let blank = text.ends_with(|c: char| c.is_ascii()) && line.starts_with(|c: char| c.is_ascii());
                    text.push_str(if blank { " " } else { "" });
                    text.push_str(line);
                }
            }
            _ => {
                parts.push((Shape::Paragraph, vec![line.to_owned()]));
                open = true;
            }
        }
    }
    parts
}

fn plain(text: &str) -> String {
    text.chars().map(half_width).filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

fn digits(text: &str) -> String {
    let all: String = plain(text).chars().filter(char::is_ascii_digit).collect();
    all.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(brand: &str, model: &str, batch: &str, gtin: &str) -> Product {
        let [brand, model, batch, gtin] = [brand, model, batch, gtin].map(str::to_owned);
        Product { name: String::new(), brand, model, batch, gtin }
    }

    #[track_caller]
    fn check(warned: [&str; 4], own: [&str; 4], covered: bool) {
        let of = |[brand, model, batch, gtin]: [&str; 4]| product(brand, model, batch, gtin);
        assert_eq!(of(warned).covers(&of(own)), covered, "{warned:?} {own:?}");
    }

    #[test]
    fn a_product_is_known_by_bar_code_or_by_brand_and_model() {
        check(["示例", "A-1", "", ""], ["示 例", "a1", "", ""], true);
        check(["示例", "A-1", "", ""], ["示例", "A-2", "", ""], false);
        check(["示例", "", "", ""], ["示例", "A-2", "", ""], true);
        check(["示例", "A-1", "", ""], ["示例", "", "", ""], false);
        check(["", "", "", "6901234567892"], ["", "", "", "06901234567892"], true);
        // The bar code decides where both have one.
        check(["示例", "A-1", "", "6901234567892"], ["示例", "A-1", "", "6901234567885"], false);
        check(["示例", "A-1", "", "6901234567892"], ["示例", "A-1", "", ""], true);
        // The batch parts them only where both say one.
        check(["示例", "A-1", "20260101", ""], ["示例", "A-1", "20260202", ""], false);
        check(["示例", "A-1", "20260101", ""], ["示例", "A-1", "", ""], true);
        // Nothing is like nothing.
        check(["", "", "", ""], ["", "", "", ""], false);
        check(["", "A-1", "", ""], ["", "A-1", "", ""], false);
    }

    #[test]
    fn what_is_typed_is_read_and_written_back() {
        let text = "# 标题\n\n第一段\n接着写\n\n- 一\n- 二\n\n第二段";
        let read = blocks(text, "");
        let zh = |text: &str| Text { zh: text.to_owned(), en: String::new() };
        let expected = [
            Block::Heading(zh("标题")),
            Block::Paragraph(zh("第一段接着写")),
            Block::List(vec![zh("一"), zh("二")]),
            Block::Paragraph(zh("第二段")),
        ];
        assert_eq!(read, expected);
        assert_eq!(blocks(&typed(&read, |text| &text.zh), &typed(&read, |text| &text.en)), expected);
        let both = blocks("- 一\n- 二", "- one\n- two");
        assert_eq!(
            both,
            [Block::List(vec![Text { zh: "一".to_owned(), en: "one".to_owned() }, Text { zh: "二".to_owned(), en: "two".to_owned() }])]
        );
        // English that does not fit is left out rather than put beside the wrong text.
        assert_eq!(blocks("- 一\n- 二", "one"), [Block::List(vec![zh("一"), zh("二")])]);
    }
}
