//! Which column of a file is which field: found by the headers, corrected by a person, remembered for the next file.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use super::Kind;
use super::field::{CONCLUSIONS, Cell, Field, field_at, fields, number_in};
use crate::domain::uscc::half_width;

/// How many rows at the top may come before the headers: titles, dates, who filled it in.
const TOP_ROWS: usize = 30;
/// How many numbered fields (`许可证1编号`, `许可证2编号`…) a file may have.
const NUMBERS: u32 = 20;

/// A sheet as it was read: texts of cells, and where they stand in the file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    /// Name of the sheet.
    pub sheet: String,
    /// The rows that are not empty, in order.
    pub rows: Vec<TableRow>,
}

/// A row of a sheet.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TableRow {
    /// Its number in the file, from 1.
    pub number: u32,
    /// The texts of its cells.
    pub cells: Vec<String>,
}

impl Table {
    /// A table of rows that follow each other from number 1, such as those of a text file.
    #[must_use]
    pub fn of_rows(sheet: &str, rows: &[Vec<String>]) -> Self {
        let numbered = (1..).zip(rows).map(|(number, cells)| TableRow { number, cells: cells.clone() });
        Self { sheet: sheet.to_owned(), rows: numbered.filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty())).collect() }
    }
}

/// Which column is which field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Columns {
    /// Stored name of the kind that the rows are of.
    pub kind: String,
    /// Number of the row with the headers, from 1.
    pub header_row: u32,
    /// The headers as they stand there.
    pub headers: Vec<String>,
    /// Per column the path of its field; none for a column that is not read.
    pub paths: Vec<Option<String>>,
}

/// What no row can be understood without.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MissingColumn {
    /// One of these paths is needed.
    pub one_of: &'static [&'static str],
}

impl Columns {
    /// Finds the headers of a kind in a table; `None` when no row looks like headers.
    #[must_use]
    pub fn find(kind: Kind, table: &Table) -> Option<Self> {
        let names = Names::of(kind);
        let found = table.rows.iter().take(TOP_ROWS).map(|row| (row, match_headers(&names, &row.cells)));
        // At least two, or a single cell of a title would do; the first of the best, because it stands above the rows.
        let (row, matched) = found
            .filter(|(_, matched)| matched.known() >= 2)
            .reduce(|best, other| if other.1.score > best.1.score { other } else { best })?;
        Some(Self { kind: kind.name().to_owned(), header_row: row.number, headers: row.cells.clone(), paths: matched.paths })
    }

    /// The kind whose headers a table has, when it has any.
    #[must_use]
    pub fn guess_kind(table: &Table) -> Option<Kind> {
        let score = |kind| {
            let names = Names::of(kind);
            let scores =
                table.rows.iter().take(TOP_ROWS).map(|row| match_headers(&names, &row.cells)).filter(|matched| matched.known() >= 2);
            scores.map(|matched| matched.score).max().unwrap_or_default()
        };
        // Equipment first: its ledgers name the units as well.
        let scored = [Kind::Equipment, Kind::Instrument, Kind::Unit].map(|kind| (kind, score(kind)));
        scored
            .into_iter()
            .filter(|(_, score)| *score > 0)
            .reduce(|best, other| if other.1 > best.1 { other } else { best })
            .map(|(kind, _)| kind)
    }

    /// A person says what a column is; whoever had the field before loses it.
    pub fn choose(&mut self, column: usize, path: Option<&str>) {
        for known in &mut self.paths {
            if path.is_some() && known.as_deref() == path {
                *known = None;
            }
        }
        if let Some(place) = self.paths.get_mut(column) {
            *place = path.map(str::to_owned);
        }
    }

    /// What was remembered of a file with the same headers counts; the row of the headers is this file's.
    #[must_use]
    pub fn with_remembered(self, remembered: &Self) -> Self {
        let same = remembered.signature() == self.signature() && remembered.paths.len() == remembered.headers.len();
        if same { Self { header_row: self.header_row, headers: self.headers, ..remembered.clone() } } else { self }
    }

    /// What tells files with the same headers: 16 hexadecimal digits, good in a key of the store.
    #[must_use]
    pub fn signature(&self) -> String {
        let mut digest = sha2::Sha256::new();
        digest.update(self.kind.as_bytes());
        for header in &self.headers {
            digest.update([0]);
            digest.update(plain(header).as_bytes());
        }
        hex::encode(digest.finalize().get(..8).unwrap_or_default())
    }

    /// The column of a field, from 0.
    #[must_use]
    pub fn column_of(&self, path: &str) -> Option<usize> {
        self.paths.iter().position(|known| known.as_deref() == Some(path))
    }

    /// What lacks before rows can be read.
    #[must_use]
    pub fn missing(&self) -> Vec<MissingColumn> {
        let needed: &[&'static [&'static str]] = match Kind::parse(&self.kind) {
            Some(Kind::Unit) => &[&["name"]],
            Some(Kind::Equipment) => &[&["code", "registration_code", "cert_no", "made_no"], &["unit/name", "unit/uscc", "unit/legacy_no"]],
            Some(Kind::Instrument) => &[&["serial_no"], &["unit/name", "unit/uscc", "unit/legacy_no"]],
            None => &[],
        };
        let lacks = |one_of: &&'static [&'static str]| one_of.iter().all(|path| self.column_of(path).is_none());
        needed.iter().copied().filter(lacks).map(|one_of| MissingColumn { one_of }).collect()
    }
}

/// The letters of a column, from 0: `A`, `Z`, `AA`.
#[must_use]
pub fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// What a cell of a path may say; `None` for a path that files can't fill.
#[must_use]
pub fn cell_of(kind: Kind, path: &str) -> Option<Cell> {
    if let Some(field) = field_at(kind, path) {
        return Some(field.cell);
    }
    match inspection_part(path).filter(|_| kind == Kind::Equipment)? {
        "date" => Some(Cell::Date),
        "next" => Some(Cell::Month),
        _ => Some(Cell::Choice(CONCLUSIONS)),
    }
}

struct Matched {
    paths: Vec<Option<String>>,
    score: u32,
}

impl Matched {
    fn known(&self) -> usize {
        self.paths.iter().flatten().count()
    }
}

/// The headers by which the fields of a kind are known.
struct Names {
    kind: Kind,
    /// Per plain header the fields that it may mean, and the place of the header among those of the field.
    exact: HashMap<String, Vec<(u32, String)>>,
    /// Plain headers that may stand within a longer one.
    within: Vec<(String, u32, String)>,
}

impl Names {
    fn of(kind: Kind) -> Self {
        let mut names = Self { kind, exact: HashMap::new(), within: Vec::new() };
        for field in fields(kind) {
            // Without a number the first is meant.
            let numbers = if field.path.contains("{n}") { 0..=NUMBERS } else { 0..=0 };
            for number in numbers {
                let digits = if number == 0 { String::new() } else { number.to_string() };
                let path = field.path.replace("{n}", &number.max(1).to_string());
                for (place, header) in (0..).zip(field.headers) {
                    let name = plain(&header.replace("{n}", &digits));
                    if number == 0 && name.chars().count() >= 4 && !name.is_ascii() {
                        names.within.push((name.clone(), place, path.clone()));
                    }
                    names.exact.entry(name).or_default().push((place, path.clone()));
                }
            }
        }
        names
    }

    /// How well a header fits which fields: the header itself, without what stands in brackets, or a name within it.
    fn fits(&self, header: &str) -> Vec<(u32, String)> {
        if let Some(path) = path_of(self.kind, header.trim()) {
            return vec![(200, path)];
        }
        let mut found = Vec::new();
        for (form, worth) in forms(header).iter().zip([150, 120]) {
            let exact = self.exact.get(form).into_iter().flatten();
            found.extend(exact.map(|(place, path)| (worth - place, path.clone())));
        }
        found
    }

    /// As [`Names::fits`], for a header that is none of the names: a name within it.
    fn near(&self, header: &str) -> Vec<(u32, String)> {
        let forms = forms(header);
        let inside = self.within.iter().filter(|(name, ..)| forms.iter().any(|form| form.contains(name.as_str())));
        inside
            .map(|(name, place, path)| (40 + u32::try_from(name.chars().count()).unwrap_or_default().min(20) - place, path.clone()))
            .collect()
    }
}

/// Gives each header the field that it fits best, and each field one header.
fn match_headers(names: &Names, headers: &[String]) -> Matched {
    let exact: Vec<Vec<(u32, String)>> = headers.iter().map(|header| names.fits(header)).collect();
    // A row without a single known name is no row of headers, whatever its cells contain.
    let has_names = exact.iter().any(|found| !found.is_empty());
    let mut fits: Vec<(u32, usize, String)> = Vec::new();
    for (column, (found, header)) in exact.into_iter().zip(headers).enumerate() {
        let found = if found.is_empty() && has_names { names.near(header) } else { found };
        fits.extend(found.into_iter().map(|(score, path)| (score, column, path)));
    }
    // Best first; of equals the column further left, and the order of the form.
    fits.sort_by(|a, b| (b.0, a.1).cmp(&(a.0, b.1)));
    let mut matched = Matched { paths: vec![None; headers.len()], score: 0 };
    for (score, column, path) in fits {
        let taken = matched.paths.iter().any(|known| known.as_deref() == Some(path.as_str()));
        if let Some(place) = matched.paths.get_mut(column)
            && place.is_none()
            && !taken
        {
            *place = Some(path);
            matched.score += score;
        }
    }
    matched
}

/// The path that a header itself is, as in files of this program's own making.
fn path_of(kind: Kind, header: &str) -> Option<String> {
    let own = |field: &Field| number_in(field.path, header).is_some();
    let inspection = kind == Kind::Equipment && inspection_part(header).is_some();
    (fields(kind).any(own) || inspection).then(|| header.to_owned())
}

/// What the last segment of a path `inspections/<obligation>/…` is, whatever the obligation.
#[must_use]
pub fn inspection_part(path: &str) -> Option<&str> {
    let (obligation, part) = path.strip_prefix("inspections/")?.split_once('/')?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let known = (1..=40).contains(&obligation.len()) && obligation.chars().all(plain) && matches!(part, "date" | "conclusion" | "next");
    known.then_some(part)
}

/// The forms in which a header is compared: whole, and without what stands in brackets.
fn forms(header: &str) -> Vec<String> {
    let mut outside = String::new();
    let mut depth = 0_u32;
    for character in header.chars().map(half_width) {
        match character {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            other if depth == 0 => outside.push(other),
            _ => {}
        }
    }
    vec![plain(header), plain(&outside)]
}

/// A header without white space and punctuation, narrow, small letters.
fn plain(header: &str) -> String {
    let keep = |c: &char| c.is_alphanumeric();
    header.chars().map(half_width).filter(keep).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        Table::of_rows("示例", &rows)
    }

    #[track_caller]
    fn check(kind: Kind, headers: &[&str], expected: &[&str]) {
        let columns = Columns::find(kind, &table(&[&["示例县特种设备台账"], &[], headers, &["1"]])).expect("headers");
        assert_eq!(columns.header_row, 3);
        let paths: Vec<&str> = columns.paths.iter().map(|path| path.as_deref().unwrap_or("-")).collect();
        assert_eq!(paths, expected);
    }

    #[test]
    fn finds_fields_by_their_headers() {
        check(
            Kind::Equipment,
            &[
                "序号",
                "设备代码",
                "使用登记证编号",
                "使用单位名称",
                "产品名称",
                "单位内编号",
                "设备使用地点",
                "下次检验日期",
                "检验日期",
                "检验结论",
            ],
            &[
                "-",
                "code",
                "cert_no",
                "unit/name",
                "name",
                "internal_no",
                "place",
                "printed_next",
                "inspections/periodic/date",
                "inspections/periodic/conclusion",
            ],
        );
        check(
            Kind::Equipment,
            &[
                "＊设备代码（必填）",
                " 注 册 代 码 ",
                "使用单位",
                "统一社会信用代码",
                "设备种类",
                "设备类别",
                "设备品种",
                "安全状况等级(级)",
                "投用日期",
            ],
            &[
                "code",
                "registration_code",
                "unit/name",
                "unit/uscc",
                "equipment_kind",
                "equipment_class",
                "type_code",
                "safety_grade",
                "commissioned_on",
            ],
        );
        check(
            Kind::Equipment,
            &[
                "制造单位名称",
                "出厂编号（产品编号）",
                "维保单位名称",
                "使用状态",
                "Equipment code",
                "inspections/internal/next",
                "联系电话",
                "单位地址",
            ],
            &["maker", "made_no", "maintainer", "status", "code", "inspections/internal/next", "unit/phone", "unit/address"],
        );
        check(
            Kind::Unit,
            &[
                "企业名称",
                "社会信用代码",
                "住所",
                "法定代表人（负责人）",
                "许可证编号",
                "许可证有效期至",
                "许可证2编号",
                "人员2姓名",
                "人员2职务",
            ],
            &[
                "name",
                "uscc",
                "address",
                "legal_representative",
                "permits/1/no",
                "permits/1/expires_on",
                "permits/2/no",
                "officers/2/name",
                "officers/2/role",
            ],
        );
        check(
            Kind::Instrument,
            &["计量器具名称", "型号规格", "出厂编号", "检定日期", "有效期至", "检定机构", "使用单位名称"],
            &["name", "model", "serial_no", "verified_on", "valid_until", "verification_body", "unit/name"],
        );
    }

    #[test]
    fn every_written_header_finds_its_own_field() {
        for kind in Kind::ALL {
            for language in [0, 1] {
                let (headers, paths): (Vec<String>, Vec<String>) =
                    fields(kind).map(|field| (field.headers[language].replace("{n}", "3"), field.path.replace("{n}", "3"))).unzip();
                let found = match_headers(&Names::of(kind), &headers);
                let found: Vec<String> = found.paths.into_iter().map(Option::unwrap_or_default).collect();
                assert_eq!(found, paths, "{kind:?}");
            }
        }
    }

    #[test]
    fn guesses_the_kind_and_says_what_lacks() {
        let equipment = table(&[&["设备代码", "设备种类", "使用单位名称", "检验日期"]]);
        assert_eq!(Columns::guess_kind(&equipment), Some(Kind::Equipment));
        assert_eq!(Columns::guess_kind(&table(&[&["计量器具名称", "检定日期", "有效期至"]])), Some(Kind::Instrument));
        assert_eq!(Columns::guess_kind(&table(&[&["企业名称", "统一社会信用代码", "住所", "法定代表人"]])), Some(Kind::Unit));
        assert_eq!(Columns::guess_kind(&table(&[&["天气", "心情"]])), None);
        assert_eq!(Columns::find(Kind::Unit, &table(&[&["单位名称"]])), None, "one header is no row of headers");
        let columns = Columns::find(Kind::Equipment, &table(&[&["设备种类", "检验日期"]])).expect("headers");
        assert_eq!(columns.missing().len(), 2);
        assert_eq!(Columns::find(Kind::Equipment, &equipment).expect("headers").missing(), []);
    }

    #[test]
    fn remembers_what_a_person_chose() {
        let sheet = table(&[&["设备代码", "甲", "使用单位名称"]]);
        let mut chosen = Columns::find(Kind::Equipment, &sheet).expect("headers");
        chosen.choose(1, Some("code"));
        assert_eq!(chosen.paths, [None, Some("code".to_owned()), Some("unit/name".to_owned())]);
        let kept: Columns = serde_json::from_str(&serde_json::to_string(&chosen).expect("written")).expect("read");
        let next = Columns::find(Kind::Equipment, &table(&[&["标题"], &["设备代码 ", "甲", "使用单位名称"]])).expect("headers");
        let next = next.with_remembered(&kept);
        assert_eq!((next.header_row, next.paths), (2, chosen.paths.clone()));
        let other = Columns::find(Kind::Equipment, &table(&[&["设备代码", "乙", "使用单位名称"]])).expect("headers");
        assert_eq!(other.clone().with_remembered(&kept), other);
    }

    #[test]
    fn names_columns_as_spreadsheets_do() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), name);
        }
    }
}
