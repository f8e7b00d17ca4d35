//! Regular expressions as XLSForm authors write them (Java's), for an engine that knows less.

use regex_lite::{Regex, RegexBuilder};

/// A pattern that was compiled once. Two are equal if they were written alike.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    pub source: Box<str>,
    regex: Regex,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Pattern {
    /// # Errors
    /// What the compiler says about the pattern.
    pub fn new(source: &str) -> Result<Self, String> {
        let java = translate(source);
        let regex = compile(&["^(?:", &java, ")$"].concat())?;
        // Alone too: `a)(b` is wrong although the brackets around it make it right.
        if java.contains(')') {
            compile(&java)?;
        }
        Ok(Self { source: source.into(), regex })
    }

    /// The whole text must match.
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern).size_limit(1 << 20).build().map_err(|error| error.to_string())
}

/// Classes by name, without their brackets, so that they can stand inside a class as well.
const CLASSES: [(&str, &str); 18] = [
    ("Alpha", "A-Za-z"),
    ("Digit", "0-9"),
    ("Nd", "0-9"),
    ("Alnum", "0-9A-Za-z"),
    ("Upper", "A-Z"),
    ("Lower", "a-z"),
    ("Space", r"\t\n\x0B\f\r "),
    ("XDigit", "0-9A-Fa-f"),
    ("Punct", r"!-/:-@\[-`{-~"),
    ("ASCII", r"\x00-\x7F"),
    ("IsHan", HAN),
    ("IsIdeographic", HAN),
    ("Han", HAN),
    ("Script=Han", HAN),
    ("script=Han", HAN),
    ("sc=Han", HAN),
    ("InCJK_Unified_Ideographs", r"\u{4E00}-\u{9FFF}"),
    ("InCJKUnifiedIdeographs", r"\u{4E00}-\u{9FFF}"),
];

const HAN: &str = r"\u{3005}\u{3007}\u{3400}-\u{4DBF}\u{4E00}-\u{9FFF}\u{F900}-\u{FAFF}\u{20000}-\u{323AF}";

/// Rewrites `\p{…}`, `\Q…\E`, `\u` with four hexadecimal digits and escapes of letters that mean themselves.
fn translate(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut in_class = false;
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        i += 1;
        match c {
            '[' if !in_class => {
                in_class = true;
                out.push('[');
                // A `]` that comes first, after `^` too, is a member.
                if chars.get(i) == Some(&'^') {
                    out.push('^');
                    i += 1;
                }
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            '\\' => i = escape(&chars, i, in_class, &mut out),
            _ => out.push(c),
        }
    }
    out
}

/// Rewrites what follows a backslash; returns where to go on.
fn escape(chars: &[char], i: usize, in_class: bool, out: &mut String) -> usize {
    match chars.get(i) {
        Some('Q') => {
            let mut end = i + 1;
            while end < chars.len() && !(chars[end] == '\\' && chars.get(end + 1) == Some(&'E')) {
                literal(chars[end], out);
                end += 1;
            }
            (end + 2).min(chars.len())
        }
        Some(&kind @ ('p' | 'P')) => {
            let name: String = chars.iter().skip(i + 2).take_while(|&&c| c != '}').collect();
            let class = CLASSES.iter().find(|(known, _)| *known == name).map(|(_, class)| *class);
            let after = i + 3 + name.chars().count();
            match class {
                Some(class) if chars.get(i + 1) == Some(&'{') && after <= chars.len() && !(in_class && kind == 'P') => {
                    if !in_class {
                        out.push_str(if kind == 'P' { "[^" } else { "[" });
                    }
                    out.push_str(class);
                    if !in_class {
                        out.push(']');
                    }
                    after
                }
                // Left as it is: the compiler refuses it and says why.
                _ => {
                    out.push('\\');
                    i
                }
            }
        }
        Some('h') => {
            out.push_str(if in_class { r" \t" } else { r"[ \t]" });
            i + 1
        }
        Some('Z') => {
            out.push_str(r"\z");
            i + 1
        }
        Some(&c) if c != '_' && !c.is_alphanumeric() => {
            literal(c, out);
            i + 1
        }
        Some('_') => {
            out.push('_');
            i + 1
        }
        Some(&c) => {
            out.push('\\');
            out.push(c);
            i + 1
        }
        None => {
            out.push('\\');
            i
        }
    }
}

/// One character that means itself.
fn literal(c: char, out: &mut String) {
    if c.is_ascii_punctuation() && c != '_' {
        out.push('\\');
    }
    out.push(c);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: bool) {
        assert_eq!(Pattern::new(pattern).unwrap().matches(text), expected, "{pattern} on {text}");
    }

    #[test]
    fn the_whole_text_must_match() {
        check("[0-9]+", "12", true);
        check("[0-9]+", "12a", false);
        check("a|ab", "ab", true);
        check("", "", true);
        check("a", "a\n", false);
    }

    #[test]
    fn java_is_translated() {
        check(r"[\u4e00-\u9fa5]{2,4}", "张三", true);
        check(r"\p{IsHan}+", "示例", true);
        check(r"[\p{IsHan}·]+", "示·例", true);
        check(r"\P{Alpha}", "1", true);
        check(r"\Qa.b\E\d", "a.b1", true);
        check(r"\Qa.b\E", "axb", false);
        check(r"1\-2\/3\_4\@", "1-2/3_4@", true);
        check(r"\w+@[\w.\-]+", "a@b.c-d", true);
        check(r"1[3-9]\d{9}", "13800000000", true);
        check(r"^\d{6}$", "123456", true);
    }

    #[test]
    fn what_cannot_be_translated_is_refused() {
        for pattern in [r"(?=a)b", r"\p{Lu}", "(", "[a", "a{3000000}", r"\", "a)(b", r"\1"] {
            assert!(Pattern::new(pattern).is_err(), "{pattern}");
        }
    }
}
