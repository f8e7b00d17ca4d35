//! The functions: names and how many arguments they take.

/// How many arguments there may be when there is no limit.
pub(crate) const ANY: u8 = u8::MAX;

macro_rules! functions {
    ($($id:ident $name:literal $min:literal $max:expr;)*) => {
        /// A function that is evaluated from its arguments' values.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Func { $($id,)* }

        const TABLE: &[(Func, &str, u8, u8)] = &[$((Func::$id, $name, $min, $max),)*];
    };
}

functions! {
    Abs "abs" 1 1;
    Acos "acos" 1 1;
    Area "area" 1 ANY;
    Asin "asin" 1 1;
    Atan "atan" 1 1;
    Atan2 "atan2" 2 2;
    Boolean "boolean" 1 1;
    BooleanFromString "boolean-from-string" 1 1;
    Ceiling "ceiling" 1 1;
    Checklist "checklist" 3 ANY;
    Coalesce "coalesce" 1 ANY;
    Concat "concat" 1 ANY;
    Contains "contains" 2 2;
    Cos "cos" 1 1;
    Count "count" 1 1;
    CountNonEmpty "count-non-empty" 1 1;
    CountSelected "count-selected" 1 1;
    Date "date" 1 1;
    DateTime "date-time" 1 1;
    DecimalDateTime "decimal-date-time" 1 1;
    DecimalTime "decimal-time" 1 1;
    Distance "distance" 1 ANY;
    EndsWith "ends-with" 2 2;
    Exp "exp" 1 1;
    Exp10 "exp10" 1 1;
    False "false" 0 0;
    Floor "floor" 1 1;
    FormatDate "format-date" 2 2;
    FormatDateTime "format-date-time" 2 2;
    If "if" 3 3;
    Int "int" 1 1;
    Join "join" 2 ANY;
    Log "log" 1 1;
    Log10 "log10" 1 1;
    LowerCase "lower-case" 1 1;
    Max "max" 1 ANY;
    Min "min" 1 ANY;
    NormalizeSpace "normalize-space" 0 1;
    Not "not" 1 1;
    Now "now" 0 0;
    Number "number" 0 1;
    Once "once" 1 1;
    Pi "pi" 0 0;
    Pow "pow" 2 2;
    Random "random" 0 0;
    Regex "regex" 2 2;
    Round "round" 1 2;
    Selected "selected" 2 2;
    SelectedAt "selected-at" 2 2;
    Sin "sin" 1 1;
    Sqrt "sqrt" 1 1;
    StartsWith "starts-with" 2 2;
    String "string" 0 1;
    StringLength "string-length" 0 1;
    Substr "substr" 2 3;
    Substring "substring" 2 3;
    SubstringAfter "substring-after" 2 2;
    SubstringBefore "substring-before" 2 2;
    Sum "sum" 1 1;
    Tan "tan" 1 1;
    Today "today" 0 0;
    Translate "translate" 3 3;
    True "true" 0 0;
    UpperCase "upper-case" 1 1;
    Uuid "uuid" 0 1;
    WeightedChecklist "weighted-checklist" 4 ANY;
}

/// Functions whose arguments are not just values: the parser knows them.
pub(crate) const SPECIAL: [&str; 6] = ["current", "index", "indexed-repeat", "instance", "jr:choice-name", "position"];

/// Functions of ODK that are not supported, so that the error can say so instead of "unknown".
pub(crate) const UNSUPPORTED: [&str; 12] = [
    "base64-decode",
    "digest",
    "extract-signed",
    "geofence",
    "id",
    "intersects",
    "jr:itext",
    "last",
    "local-name",
    "property",
    "pulldata",
    "randomize",
];

impl Func {
    pub fn find(name: &str) -> Option<Self> {
        TABLE.binary_search_by(|row| row.1.cmp(name)).ok().map(|index| TABLE[index].0)
    }

    pub fn name(self) -> &'static str {
        TABLE[self as usize].1
    }

    /// Least and most arguments; [`ANY`] is no limit.
    pub fn arguments(self) -> (u8, u8) {
        let row = &TABLE[self as usize];
        (row.2, row.3)
    }
}

/// The names of all functions that may be written.
pub(crate) fn all() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|row| row.1).chain(SPECIAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_in_the_order_of_the_enum() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.0 as usize, index);
            assert_eq!(Func::find(row.1), Some(row.0), "{}", row.1);
        }
    }
}
