//! Text on a terminal.

use std::io::Write as _;

/// Prints and gives the exit code: 0, or 2 when nobody takes the text.
pub fn print(text: &str) -> u8 {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => 0,
        Err(_) => 2,
    }
}

/// A text out of a file, safe to print: nothing in it can move the cursor, recolour or turn around what stands beside it.
pub fn clean(text: &str) -> String {
    let hidden = |char: char| {
        char.is_control()
            || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
    };
    text.chars().flat_map(|char| if hidden(char) { char.escape_unicode().collect::<Vec<_>>() } else { vec![char] }).collect()
}

/// A line of a block: a label padded to a common width, counting Chinese signs as two, and its text.
pub fn field(label: &str, text: &str) -> String {
    let width: usize = label.chars().map(|char| if char.is_ascii() { 1 } else { 2 }).sum();
    format!("  {label}{}  {text}\n", " ".repeat(12_usize.saturating_sub(width)))
}
