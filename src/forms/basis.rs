//! References to laws in a cell: one a line, the id of the sheet `basis` first, then the article.

use crate::domain::checklist::{BasisRef, Checked};

/// What stands behind an article that was not verified.
const UNVERIFIED: &str = "[未核实]";

/// How well a law was checked, by its word.
pub const CHECKED: [(&str, Checked); 3] = [("source", Checked::Source), ("partial", Checked::Partial), ("knowledge", Checked::Knowledge)];

/// `TSSL 第33条`, one line each.
pub fn write(references: &[BasisRef]) -> String {
    let one = |reference: &BasisRef| {
        let article = reference.article.as_deref().unwrap_or_default();
        let mark = if reference.verify { UNVERIFIED } else { "" };
        [reference.basis.as_str(), article, mark].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    references.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// Reads references: lines, or parts between `|`.
pub fn read(text: &str) -> Vec<BasisRef> {
    let one = |line: &str| {
        let verify = [UNVERIFIED, "[unverified]"].iter().find_map(|mark| line.strip_suffix(mark));
        let rest = verify.unwrap_or(line).trim();
        let (basis, article) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let article = Some(article.trim().to_owned()).filter(|article| !article.is_empty());
        BasisRef { basis: basis.to_owned(), article, verify: verify.is_some() }
    };
    text.split(['\n', '|']).map(str::trim).filter(|line| !line.is_empty()).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_they_were_written() {
        let one =
            |basis: &str, article: Option<&str>, verify| BasisRef { basis: basis.to_owned(), article: article.map(str::to_owned), verify };
        let references =
            vec![one("TSSL", Some("第33条、第83条"), false), one("GB7588", None, true), one("TSG08", Some("附件 C 表1"), true)];
        let text = write(&references);
        assert_eq!(text, "TSSL 第33条、第83条\nGB7588 [未核实]\nTSG08 附件 C 表1 [未核实]");
        assert_eq!(read(&text), references);
        assert_eq!(read(" TSSL  第1条 | LAW | "), vec![one("TSSL", Some("第1条"), false), one("LAW", None, false)]);
    }
}
