//! Texts for people that name answers, as in `${name}的电梯`.

use crate::ast::Expr;
use crate::names::is_name;

/// A piece of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// As it is written.
    Plain(Box<str>),
    /// The answer that is named: an index for [`Engine::mention`](crate::Engine::mention).
    Mention(usize),
}

/// Cuts a text into pieces. `mention` says what an expression `${name}` is, if it is anything; what is not stays as written.
pub(crate) fn pieces(text: &str, mention: &mut dyn FnMut(Expr) -> Option<usize>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut plain, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("${") {
        plain.push_str(before);
        let named = after.split_once('}').filter(|(name, _)| is_name(name));
        let found = named.and_then(|(name, next)| Some((mention(Expr::parse(&format!("${{{name}}}")).ok()?)?, next)));
        match found {
            Some((index, next)) => {
                if !plain.is_empty() {
                    pieces.push(Piece::Plain(std::mem::take(&mut plain).into()));
                }
                pieces.push(Piece::Mention(index));
                rest = next;
            }
            None => {
                plain.push_str("${");
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Plain(plain.into()));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_nothing_stays_as_written() {
        for (text, expected) in [
            ("", ""),
            ("甲 $5 {a} }", "[甲 $5 {a} }]"),
            ("${a}", "<0>"),
            ("${a}${b}的${a}", "<0><1>[的]<0>"),
            ("${none} ${a}", "[${none} ]<0>"),
            ("${ a } ${${a}", "[${ a } ${]<0>"),
            ("${last-saved#a}${a", "[${last-saved#a}${a]"),
        ] {
            let mut mention = |expr: Expr| ["${a}", "${b}"].iter().position(|known| *known == expr.to_string());
            let shown = |piece: Piece| match piece {
                Piece::Plain(text) => format!("[{text}]"),
                Piece::Mention(index) => format!("<{index}>"),
            };
            assert_eq!(pieces(text, &mut mention).into_iter().map(shown).collect::<String>(), expected, "{text}");
        }
    }
}
