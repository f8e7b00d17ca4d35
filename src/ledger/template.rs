//! Empty sheets to fill in: the headers that are known, and one made-up line that shows how.
//!
//! The made-up line says in its first cell what it is. A line that says so is never read as one of the ledger, even where
//! a person forgot to delete it.

use serde_json::{Value, json};

use super::columns::Table;
use super::export::{Headers, Layout, Written};
use super::row::{Fields, Row};
use super::vocabulary::Vocabulary;
use super::{Kind, columns::TableRow};

/// The first header of a template, and what stands below it in the made-up line, per language.
const MARKS: [(&str, &str); 2] = [("示例", "示例，导入时跳过"), ("Example", "Example, skipped by the import")];

/// The sheet to fill in.
#[must_use]
pub fn table(kind: Kind, sheet: &str, language: Headers, vocabulary: &Vocabulary) -> Table {
    let (row, unit) = (Row::from_fields(example(kind)), Row::from_fields(unit()));
    let layout = Layout::of(kind, std::iter::once(&row));
    let written = Written { row: &row, unit: Some(&unit) };
    let mut table = layout.table(sheet, language, std::iter::once(written), vocabulary);
    let (header, mark) = match language {
        Headers::Chinese => MARKS[0],
        Headers::English => MARKS[1],
    };
    for (line, first) in table.rows.iter_mut().zip([header, mark]) {
        line.cells.insert(0, first.to_owned());
    }
    table
}

/// Whether a line is the made-up one of a template.
#[must_use]
pub fn is_example(row: &TableRow) -> bool {
    row.cells.iter().any(|cell| MARKS.iter().any(|(_, mark)| cell.trim() == *mark))
}

fn object(value: Value) -> Fields {
    match value {
        Value::Object(fields) => fields.into_iter().collect(),
        _ => Fields::new(),
    }
}

/// The code is well formed, for a registration authority that does not exist.
fn unit() -> Fields {
    object(json!({
        "name": "示例商场有限公司",
        "uscc": "91990000MA0000001B",
        "address": "示例县示例街道1号",
        "contact": "张示例",
        "phone": "0000-0000000",
        "place_kind": "商场",
        "crowded_place": true,
        "key_unit": false,
    }))
}

fn example(kind: Kind) -> Fields {
    let own = match kind {
        Kind::Unit => json!({
            "town": "示例街道",
            "legal_representative": "李示例",
            "sector": "零售",
            "status": "open",
            "inspector": "王示例",
            "permits/1/kind": "食品经营许可证",
            "permits/1/no": "JY00000000000001",
            "permits/1/expires_on": "2028-05-31",
            "officers/1/role": "safety_officer",
            "officers/1/name": "赵示例",
        }),
        Kind::Equipment => json!({
            "code": "31100000020200001",
            "cert_no": "梯11示A00001(20)",
            "equipment_kind": "3000",
            "type_code": "3110",
            "name": "乘客电梯",
            "internal_no": "1号梯",
            "place": "1号楼东侧",
            "town": "示例街道",
            "made_no": "SL-0001",
            "commissioned_on": "2020-06-15",
            "inspections/periodic/date": "2026-05-12",
            "inspections/periodic/conclusion": "pass",
            "printed_next": "2027-05",
            "status": "in_use",
            "inspector": "王示例",
        }),
        Kind::Instrument => json!({
            "name": "电子计价秤",
            "model": "ACS-30",
            "serial_no": "SL-0001",
            "place": "一层超市收银台",
            "town": "示例街道",
            "verified_on": "2026-05-12",
            "valid_until": "2027-05-11",
            "conclusion": "pass",
            "status": "in_use",
            "inspector": "王示例",
        }),
    };
    let mut fields = if kind == Kind::Unit { unit() } else { Fields::new() };
    fields.extend(object(own));
    fields
}
