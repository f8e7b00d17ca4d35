//! The order in which people expect names: 2号 before 10号.

use std::cmp::Ordering;

/// Compares two names; runs of digits count as numbers.
#[must_use]
pub fn compare(a: &str, b: &str) -> Ordering {
    let (mut a_rest, mut b_rest) = (a, b);
    loop {
        let (Some(a_char), Some(b_char)) = (a_rest.chars().next(), b_rest.chars().next()) else {
            return a_rest.len().cmp(&b_rest.len()).then_with(|| a.cmp(b));
        };
        if a_char.is_ascii_digit() && b_char.is_ascii_digit() {
            let (a_number, a_left) = number(a_rest);
            let (b_number, b_left) = number(b_rest);
            // Without zeros in front, the longer number is the larger one.
            match (a_number.len(), a_number).cmp(&(b_number.len(), b_number)) {
                Ordering::Equal => (a_rest, b_rest) = (a_left, b_left),
                different => return different,
            }
        } else {
            match a_char.cmp(&b_char) {
                Ordering::Equal => {
                    let next = |text: &'_ str| text.char_indices().nth(1).map_or(text.len(), |(index, _)| index);
                    a_rest = a_rest.get(next(a_rest)..).unwrap_or_default();
                    b_rest = b_rest.get(next(b_rest)..).unwrap_or_default();
                }
                different => return different,
            }
        }
    }
}

/// The digits at the beginning without zeros in front, and what follows.
fn number(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (digits.trim_start_matches('0'), rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sorts_as_people_count() {
        let mut names = vec!["10号客梯", "2号客梯", "1号客梯", "A座2梯", "A座10梯", "客梯", "02号客梯", "2号货梯"];
        names.sort_by(|a, b| compare(a, b));
        assert_eq!(names, ["1号客梯", "02号客梯", "2号客梯", "2号货梯", "10号客梯", "A座2梯", "A座10梯", "客梯"]);
    }

    proptest! {
        #[test]
        fn is_an_order(a in "[0-9ab客]{0,6}", b in "[0-9ab客]{0,6}", c in "[0-9ab客]{0,6}") {
            prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
            prop_assert_eq!(compare(&a, &a), Ordering::Equal);
            if compare(&a, &b) != Ordering::Greater && compare(&b, &c) != Ordering::Greater {
                prop_assert_ne!(compare(&a, &c), Ordering::Greater);
            }
            prop_assert_eq!(compare(&a, &b) == Ordering::Equal, a == b);
        }
    }
}
