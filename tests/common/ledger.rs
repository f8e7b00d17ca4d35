//! Made-up ledgers, the same in every run: an example county with units and their equipment.
#![allow(dead_code, reason = "each test uses a part of it")]

use serde_json::{Value, json};
use spotcheck::ledger::columns::Table;
use spotcheck::ledger::export::{Headers, Layout, Written};
use spotcheck::ledger::vocabulary::Vocabulary;
use spotcheck::ledger::{Card, Fields, Kind, Row};

const TOWNS: [&str; 6] = ["示例街道", "城关镇", "重庆路街道", "长河镇", "绿源镇", "乐亭乡"];
const FIRST: [&str; 20] = [
    "示例",
    "宏达",
    "永兴",
    "鑫源",
    "华信",
    "金桥",
    "东方",
    "新世纪",
    "惠民",
    "安泰",
    "瑞丰",
    "恒通",
    "天和",
    "盛世",
    "万家",
    "同心",
    "阳光",
    "长城",
    "银河",
    "百姓",
];
const SECOND: [&str; 10] = ["商贸", "机械", "食品", "物业", "热力", "化工", "酒店", "建材", "医院", "购物中心"];
const KINDS: [(&str, &str); 8] = [
    ("3110", "曳引驱动乘客电梯"),
    ("3310", "自动扶梯"),
    ("2150", "储气罐"),
    ("1100", "蒸汽锅炉"),
    ("5110", "叉车"),
    ("4100", "桥式起重机"),
    ("8310", "工艺管道"),
    ("3120", "载货电梯"),
];

/// A number that looks random and follows from two others.
pub fn noise(seed: u64, salt: u64) -> u64 {
    let mut state = (seed ^ salt.rotate_left(32)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

fn pick<'a>(all: &[&'a str], seed: u64, salt: u64) -> &'a str {
    all[usize::try_from(noise(seed, salt) % all.len() as u64).expect("small")]
}

/// A well-formed credit code of the example county.
pub fn uscc(index: usize) -> String {
    let body = format!("91130227MA{index:07}");
    let alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    alphabet
        .chars()
        .map(|last| format!("{body}{last}"))
        .find(|code| spotcheck::domain::uscc::Uscc::parse(code).is_ok())
        .expect("one of them fits")
}

/// What a file says of a unit.
pub fn unit(index: usize) -> Fields {
    let seed = index as u64;
    let town = pick(&TOWNS, seed, 1);
    let name = format!("{}{}{}有限公司", pick(&FIRST, seed, 2), pick(&SECOND, seed, 3), index);
    let fields = json!({
        "name": name,
        "uscc": uscc(index),
        "address": format!("示例县{town}建设路{}号", noise(seed, 4) % 300 + 1),
        "town": town,
        "contact": format!("{}示例", pick(&["张", "王", "李", "赵", "单", "曾"], seed, 5)),
        "phone": format!("0315-{:07}", noise(seed, 6) % 10_000_000),
        "place_kind": pick(&["商场", "医院", "学校", "工厂"], seed, 7),
        "crowded_place": noise(seed, 8).is_multiple_of(3),
        "inspector": pick(&["甲检查员", "乙检查员", "丙检查员"], seed, 9),
        "lat": 40.0 + (noise(seed, 10) % 2000) as f64 / 10_000.0,
        "lon": 118.0 + (noise(seed, 11) % 4000) as f64 / 10_000.0,
        "permits/1/kind": "食品经营许可证",
        "permits/1/no": format!("JY1130227{index:06}"),
        "permits/1/expires_on": format!("{}-{:02}-15", 2026 + noise(seed, 12) % 4, noise(seed, 13) % 12 + 1),
    });
    object(fields)
}

/// What a file says of a piece of equipment, without its unit.
pub fn equipment(index: usize) -> Fields {
    let seed = index as u64 + 1_000_000;
    let (type_code, name) = KINDS[usize::try_from(noise(seed, 1) % KINDS.len() as u64).expect("small")];
    let year = 2005 + noise(seed, 2) % 20;
    let fields = json!({
        "code": format!("{type_code}10890{year}{index:05}"),
        "type_code": type_code,
        "equipment_kind": format!("{}000", type_code.get(..1).expect("ASCII")),
        "name": format!("{}号{name}", noise(seed, 3) % 20 + 1),
        "internal_no": format!("NB-{index}"),
        "cert_no": format!("{}{}冀B{index:05}({:02})", short(type_code), type_code.get(1..3).expect("ASCII"), year % 100),
        "place": format!("{}号楼{}", noise(seed, 4) % 12 + 1, pick(&["东侧", "西侧", "地下一层", "车间", "屋顶"], seed, 5)),
        "maker": "示例电梯制造有限公司",
        "made_no": format!("M{index}"),
        "maintainer": pick(&["示例维保有限公司", "安行维保有限公司"], seed, 6),
        "commissioned_on": format!("{year}-{:02}-01", noise(seed, 7) % 12 + 1),
        "inspections/periodic/date": format!("{}-{:02}-20", 2024 + noise(seed, 8) % 2, noise(seed, 9) % 12 + 1),
        "inspections/periodic/conclusion": "pass",
        "printed_next": format!("{}-{:02}", 2026 + noise(seed, 10) % 2, noise(seed, 11) % 12 + 1),
        "status": if noise(seed, 12).is_multiple_of(12) { "stopped" } else { "in_use" },
        "inspector": pick(&["甲检查员", "乙检查员", "丙检查员"], seed, 13),
    });
    object(fields)
}

fn short(type_code: &str) -> &'static str {
    match type_code.chars().next() {
        Some('1') => "锅",
        Some('2') => "容",
        Some('4') => "起",
        Some('5') => "车",
        Some('8') => "管",
        _ => "梯",
    }
}

fn object(value: Value) -> Fields {
    let Value::Object(fields) = value else { unreachable!("an object was written") };
    fields.into_iter().collect()
}

/// The names of equipment that come with the app.
pub fn vocabulary() -> &'static Vocabulary {
    static READ: std::sync::LazyLock<Vocabulary> = std::sync::LazyLock::new(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/public/content/codes/equipment-types.json");
        let bytes = std::fs::read(path).expect("part of the project");
        Vocabulary::read(&serde_json::from_slice(&bytes).expect("JSON"))
    });
    &READ
}

/// A file with so many machines, `per_unit` of which belong to each unit.
pub fn equipment_file(machines: usize, per_unit: usize) -> Table {
    let units: Vec<Row> = (0..machines.div_ceil(per_unit)).map(|index| Row::from_fields(unit(index))).collect();
    let rows: Vec<Row> = (0..machines).map(|index| Row::from_fields(equipment(index))).collect();
    let layout = Layout::of(Kind::Equipment, rows.iter());
    let records = rows.iter().enumerate().map(|(index, row)| Written { row, unit: units.get(index / per_unit) });
    layout.table("设备台账", Headers::Chinese, records, vocabulary())
}

/// Cards of so many machines and their units, four to a unit.
pub fn cards(machines: usize) -> Vec<Card> {
    let unit_id = |index: usize| format!("00000000-0000-7000-8000-{index:012}");
    let units = (0..machines.div_ceil(4)).map(|index| Card::of_row(Kind::Unit, &unit_id(index), &Row::from_fields(unit(index))));
    let machines = (0..machines).map(|index| {
        let mut fields = equipment(index);
        fields.insert("unit_id".to_owned(), json!(unit_id(index / 4)));
        Card::of_row(Kind::Equipment, &format!("00000000-0000-7000-9000-{index:012}"), &Row::from_fields(fields))
    });
    units.chain(machines).collect()
}
