//! How Chinese characters are read, for search: every reading of a character counts (重 is zhong and chong).
//!
//! The table holds the 6,763 characters of GB 2312 and about 170 more that stand in names of people and places; a character
//! that it lacks is found by itself. Lines of `<reading> <characters>`, `v` for ü, without tones. Made from pinyin-data
//! (mozillazg, MIT), as the crate `pinyin` 0.11 carries it. Not that crate: its tables cover 42,000 characters and are ten
//! times as large, and what search needs of a reading is only how it is typed.

use std::collections::HashMap;

/// The table.
const TABLE: &str = include_str!("pinyin.txt");

/// Readings of characters.
pub struct Pinyin(HashMap<char, Readings>);

/// The readings of one character, none longer than six letters.
pub type Readings = std::rc::Rc<[&'static str]>;

impl Default for Pinyin {
    fn default() -> Self {
        let mut readings: HashMap<char, Vec<&'static str>> = HashMap::new();
        for (reading, characters) in TABLE.lines().filter_map(|line| line.split_once(' ')) {
            for character in characters.chars() {
                readings.entry(character).or_default().push(reading);
            }
        }
        Self(readings.into_iter().map(|(character, readings)| (character, readings.into())).collect())
    }
}

impl Pinyin {
    /// All readings of a character, lower case; none when it has none or is not in the table.
    #[must_use]
    pub fn readings(&self, character: char) -> Readings {
        self.0.get(&character).cloned().unwrap_or_else(|| Readings::from([]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_all_readings() {
        let pinyin = Pinyin::default();
        for (character, readings) in [
            ('重', &["chong", "tong", "zhong"][..]),
            ('庆', &["qing"]),
            ('绿', &["lu", "lv"]),
            ('梯', &["ti"]),
            ('堃', &["kun"]),
            ('a', &[]),
            ('あ', &[]),
        ] {
            assert_eq!(*pinyin.readings(character), *readings, "{character}");
        }
        let all = pinyin.0.values().flat_map(|readings| readings.iter());
        assert!(all.clone().all(|reading| reading.bytes().all(|byte| byte.is_ascii_lowercase()) && reading.len() <= 6));
        assert!(pinyin.0.len() > 6763);
    }
}
