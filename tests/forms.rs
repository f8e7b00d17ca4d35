//! Checklists as forms in spreadsheets and back.

use std::{collections::BTreeSet, path::Path};

use serde_json::{Value, json};
use spotcheck::{
    domain::checklist::{AnswerSpec, Checklist, Condition, Facts, Item, LimitKind, Per, Severity},
    forms::{self, Imported},
};
use spotcheck_expr::{Expr, List, Names, Now, PositionOf, Reference, Scope, Value as Answer};
use spotcheck_sheets::{
    Cell, Sheet, Workbook, XlsxOptions, to_xlsx,
    xlsform::{self, Kind, Severity as Grade},
};

/// A sheet written as text: one line a row, cells apart by `|`; `¶` is a new line within a cell.
fn sheet(name: &str, text: &str) -> Sheet {
    let mut sheet = Sheet::new(name);
    for line in text.lines() {
        sheet.push(line.split('|').map(|cell| cell.trim().replace('¶', "\n")));
    }
    sheet.rows.retain(|row| row.cells.iter().any(|cell| *cell != Cell::Empty));
    sheet
}

fn file(sheets: &[(&str, &str)]) -> Vec<u8> {
    let book = Workbook { sheets: sheets.iter().map(|(name, text)| sheet(name, text)).collect() };
    to_xlsx(&book, &XlsxOptions::default()).expect("writes")
}

fn read(sheets: &[(&str, &str)], previous: Option<&Checklist>) -> Imported {
    forms::import_file(&file(sheets), "示例.xlsx", previous).expect("a workbook")
}

/// The checklist of a file in which nothing is wrong.
#[track_caller]
fn checklist(sheets: &[(&str, &str)]) -> Checklist {
    let Imported { checklist, diagnostics } = read(sheets, None);
    let shown: Vec<String> = diagnostics.shown().iter().map(|one| one.to_string()).collect();
    assert!(checklist.is_some(), "{shown:#?}");
    checklist.expect("just looked")
}

/// Codes of errors and warnings.
fn codes(imported: &Imported) -> Vec<(&'static str, String)> {
    let shown = imported.diagnostics.shown().into_iter().filter(|one| one.problem.severity() != Grade::Note);
    shown.map(|one| (one.problem.code(), one.place.as_ref().map(ToString::to_string).unwrap_or_default())).collect()
}

fn library() -> Vec<Checklist> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("public/content/checklists");
    let mut lists: Vec<Checklist> = std::fs::read_dir(folder)
        .expect("the folder is part of the project")
        .map(|file| file.expect("readable").path())
        .filter(|path| path.file_name().is_some_and(|name| name != "index.json"))
        .map(|path| Checklist::read(&std::fs::read(&path).expect("readable")).expect("a checklist"))
        .collect();
    lists.sort_by(|a, b| a.id.cmp(&b.id));
    lists
}

/// Written and read again, nothing is lost.
#[track_caller]
fn round_trip(list: &Checklist) {
    let bytes = forms::export_file(list).expect("writes");
    let imported = forms::import_file(&bytes, "other name.xlsx", None).expect("a workbook");
    let shown: Vec<String> = imported.diagnostics.shown().iter().map(|one| one.to_string()).collect();
    assert_eq!(codes(&imported), [], "{}: {shown:#?}", list.id);
    let again = imported.checklist.expect("no errors");
    let plain = |list: &Checklist| serde_json::to_value(list).expect("plain data");
    let (before, after) = (plain(list), plain(&again));
    for (key, value) in before.as_object().expect("an object") {
        if let (Some(a), Some(b)) = (value.as_array(), after[key].as_array()) {
            for (a, b) in a.iter().zip(b) {
                assert_eq!(a, b, "{} {key}", list.id);
            }
        }
        assert_eq!(value, &after[key], "{} {key}", list.id);
    }
    assert_eq!(*list, again, "{}", list.id);
    assert_eq!(forms::export_file(&again).expect("writes"), bytes, "{}: the same list gives the same bytes", list.id);
}

#[test]
fn every_list_of_the_library_comes_back_as_it_was() {
    let lists = library();
    assert_eq!(lists.len(), 25);
    lists.iter().for_each(round_trip);
}

#[test]
fn conditions_on_facts_become_questions() {
    let elevator = library().into_iter().find(|list| list.items.iter().any(|item| item.when.is_some())).expect("some list has conditions");
    let form = forms::export(&elevator);
    let facts: BTreeSet<&str> =
        form.entries.iter().filter_map(|entry| entry.extra.get("fact")?.any()).filter(|fact| *fact != "*").collect();
    let wanted: BTreeSet<&str> = elevator.items.iter().filter_map(|item| item.when.as_ref()).flat_map(|when| when.fields()).collect();
    assert_eq!(facts, wanted.into_iter().filter(|field| !field.starts_with("answer:")).collect());
    let reading = xlsform::read(&xlsform::write(&form), "");
    assert!(!reading.diagnostics.has_errors(), "{:?}", reading.diagnostics.shown());
}

/// Answers to facts, as an expression finds them.
struct Answers<'a> {
    names: &'a [(&'a str, &'a str)],
    facts: &'a Facts,
}

impl Scope for Answers<'_> {
    fn value(&self, _: usize, reference: &Reference) -> Answer {
        let field = self.names.iter().find(|(name, _)| *name == &*reference.name).map_or("", |(_, field)| *field);
        Answer::Text(match self.facts.get(field) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
            Some(other) => other.to_string(),
            None => String::new(),
        })
    }
    fn now(&self) -> Now {
        Now { utc_ms: 0, offset_min: 480, names: &Names::CHINESE }
    }
    fn current(&self) -> String {
        String::new()
    }
    fn indexed(&self, _: usize, _: &Reference, _: &[f64]) -> String {
        String::new()
    }
    fn position(&self, _: PositionOf<'_>) -> f64 {
        f64::NAN
    }
    fn label(&self, _: usize, _: &Reference, _: &str) -> String {
        String::new()
    }
    fn rows(&self, _: List<'_>) -> usize {
        0
    }
    fn cell(&self, _: List<'_>, _: usize, _: &str) -> &str {
        ""
    }
    fn random(&self) -> f64 {
        0.0
    }
    fn uuid(&self) -> String {
        String::new()
    }
}

/// A fact that decides a comparison: nothing, each value that is compared with, or something else.
fn facts_for(field: &str, form: &Condition) -> Vec<Option<Value>> {
    let mut values = vec![None];
    let mut open = vec![form];
    while let Some(condition) = open.pop() {
        match condition {
            Condition::All { all: parts } | Condition::Any { any: parts } => open.extend(parts),
            Condition::Field { field: one, value, .. } if one == field => {
                let listed = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
                for value in listed {
                    values.push(Some(match &value {
                        Value::Bool(yes) => json!(!yes),
                        Value::Number(number) => json!(number.as_f64().unwrap_or_default() + 1.0),
                        Value::String(day) if day.len() == 10 && day.starts_with("20") => json!("2019-12-31"),
                        _ => json!("other"),
                    }));
                    values.push(Some(value));
                }
            }
            Condition::Field { .. } => {}
        }
    }
    values
}

#[test]
fn exported_conditions_hold_where_the_items_are_asked() {
    let mut compared = 0;
    for list in library() {
        let form = forms::export(&list);
        let fact = |entry: &xlsform::Entry| entry.extra.get("fact").and_then(|fact| fact.any()).map(str::to_owned);
        let id = |entry: &xlsform::Entry| entry.extra.get("id").and_then(|id| id.any()).map(|id| format!("answer:{id}"));
        let owned: Vec<(String, String)> =
            form.entries.iter().filter_map(|entry| Some((entry.name.clone(), fact(entry).or_else(|| id(entry))?))).collect();
        let names: Vec<(&str, &str)> = owned.iter().map(|(name, field)| (name.as_str(), field.as_str())).collect();
        for item in &list.items {
            let Some(when) = &item.when else { continue };
            let entry =
                form.entries.iter().find(|entry| id(entry).is_some_and(|id| id == format!("answer:{}", item.id))).expect("the item");
            let expression: Expr = entry.relevant.as_deref().expect("relevant").parse().expect("an expression");
            let fields: BTreeSet<&str> = when.fields().into_iter().collect();
            // All combinations of what each field can be.
            let mut all = vec![Facts::new()];
            for field in fields {
                let values = facts_for(field, when);
                let with = |facts: &Facts, value: &Option<Value>| {
                    let mut facts = facts.clone();
                    facts.extend(value.clone().map(|value| (field.to_owned(), value)));
                    facts
                };
                all = all.iter().flat_map(|facts| values.iter().map(|value| with(facts, value)).collect::<Vec<_>>()).take(5000).collect();
            }
            for facts in all {
                let held = expression.evaluate(&Answers { names: &names, facts: &facts }).truth();
                assert_eq!(held, item.is_relevant(&facts), "{} {facts:?} {expression}", item.id);
                compared += 1;
            }
        }
    }
    assert!(compared > 500, "{compared}");
}

const PLAIN: &[(&str, &str)] = &[
    (
        "survey",
        "type|name|label::中文 (zh)|label::English (en)|hint::中文 (zh)|relevant|constraint|constraint_message::中文 (zh)|required|calculation|choice_filter|default|appearance|parameters|repeat_count|media::image::中文 (zh)\n\
         begin_group|basic|基本情况|Basics||||||||||||\n\
         text|address|地址|Address|以执照为准||||yes||||multiline|||\n\
         select_one province|province|省|Province||||||||||||\n\
         select_one city|city|市|City|||||||province = ${province}|||||\n\
         geopoint|where|位置|Position||||||||||||\n\
         end_group|||||||||||||||\n\
         begin_repeat|tank|罐|Tank|||||||||||3|\n\
         integer|volume|容积|Volume|升||. > 0|须大于零|||||||||\n\
         range|level|液位|Level||||||||||start=0 end=1 step=0.1||\n\
         begin_group|inner|内部|Inside||${volume} > 10|||||||field-list|||\n\
         image|photo|照片|Photo|||||||||||| plate.png\n\
         end_group|||||||||||||||\n\
         end_repeat|||||||||||||||\n\
         calculate|total||||||||sum(${volume})||||||\n\
         note|shown|共 ${total} 升|${total} litres||||||||||||\n\
         date|until|有效期|Valid until||||||||today()||||\n\
         time|at|时间|Time||||||||||||\n\
         dateTime|both|日期时间|Date and time||||||||||||\n\
         barcode|code|条码|Code||||||||||||\n\
         image|sign|签名|Signature|||||||||signature|||\n\
         image|sketch|草图|Sketch|||||||||draw|||\n\
         select_multiple goods or_other|goods|商品|Goods||||||||||||\n\
         acknowledge|ok|已告知|Told||||||||||||\n\
         select_one open|open|营业|Open||||||||||||\n\
         select_one fit|fire|消防器材|Extinguishers||||||||||||",
    ),
    (
        "choices",
        "list_name|name|label::中文 (zh)|label::English (en)|province\n\
         province|ah|安徽|Anhui|\nprovince|js|江苏|Jiangsu|\ncity|hf|合肥|Hefei|ah\ncity|nj|南京|Nanjing|js\n\
         goods|food|食品|Food|\ngoods|toys|玩具|Toys|\nopen|yes|是|Yes|\nopen|no|否|No|\nfit|1|符合|Good|\nfit|2|不符合|Bad|\nfit|3|不适用|None|",
    ),
    ("settings", "form_title|form_id|version|default_language\n示例商场检查表|mall|2026.1|中文 (zh)"),
];

#[test]
fn a_form_of_the_standard_becomes_questions_that_are_recorded() {
    let list = checklist(PLAIN);
    assert_eq!(
        (list.id.as_str(), list.version.as_str(), list.title_zh.as_str(), list.title_en.as_str()),
        ("mall", "2026.1", "示例商场检查表", "示例商场检查表")
    );
    let item = |name: &str| {
        let found = list.items.iter().find(|item| item.logic.as_ref().is_some_and(|logic| logic.name == name));
        found.unwrap_or_else(|| panic!("no {name}"))
    };
    let address = item("address");
    assert_eq!((address.id.as_str(), address.text_en.as_str(), address.how_zh.as_str()), ("mall-001", "Address", "以执照为准"));
    assert_eq!((address.section_zh.as_str(), address.group.as_deref(), address.record_only), ("基本情况", None, true));
    assert_eq!(address.logic.as_ref().and_then(|logic| logic.required.as_deref()), Some("true()"));
    assert_eq!(item("city").logic.as_ref().and_then(|logic| logic.choice_filter.as_deref()), Some("province = ${province}"));
    let AnswerSpec::Choice { options, list: name, multiple: false } = &item("city").answer else { panic!("{:?}", item("city").answer) };
    assert_eq!((name.as_deref(), options[0].columns.get("province").map(String::as_str)), (Some("city"), Some("ah")));
    assert_eq!(item("where").answer, AnswerSpec::Geopoint);
    assert_eq!(item("level").answer, AnswerSpec::Range { start: 0.0, end: 1.0, step: 0.1, integer: false });
    assert!(matches!(item("volume").answer, AnswerSpec::Number { integer: true, .. }));
    assert_eq!((item("photo").group.as_deref(), item("photo").section_zh.as_str()), (Some("inner"), "罐"));
    assert_eq!(item("photo").logic.as_ref().and_then(|logic| logic.media.get("image").cloned()), Some("plate.png".to_owned()));
    assert_eq!(item("sign").answer, AnswerSpec::Drawing);
    assert_eq!(item("sketch").answer, AnswerSpec::Drawing);
    assert_eq!(item("total").answer, AnswerSpec::Calculate);
    assert_eq!(item("goods_other").text_zh, "请说明");
    assert!(matches!(item("open").answer, AnswerSpec::Choice { .. }), "是 and 否 answer any question");
    assert!(item("open").record_only);
    assert_eq!(item("fire").answer, AnswerSpec::YesNoNa { pass: "yes".to_owned() });
    assert!(!item("fire").record_only);
    let groups: Vec<(&str, Option<&str>, bool)> =
        list.groups.iter().map(|group| (group.id.as_str(), group.parent.as_deref(), group.repeat)).collect();
    assert_eq!(groups, [("tank", None, true), ("inner", Some("tank"), false)]);
    assert_eq!(list.groups[0].count.as_deref(), Some("3"));
    assert_eq!(list.groups[1].relevant.as_deref(), Some("${volume} > 10"));
    round_trip(&list);
}

const FULL: &[(&str, &str)] = &[
    (
        "survey",
        "type|name|label::中文 (zh)|label::English (en)|spotcheck::id|spotcheck::severity|spotcheck::on_fail|spotcheck::basis|spotcheck::how::中文 (zh)|spotcheck::how::English (en)|spotcheck::evidence|spotcheck::per|spotcheck::common|spotcheck::limits|spotcheck::answer|spotcheck::pass\n\
         begin_group|papers|资料|Papers||||||||||||\n\
         select_one yn|mark|使用标志在有效期内|Mark valid|mall-900|严重|stop_use_and_report|TSSL 第33条¶ORDER57 第25条 [未核实]|看标志|Look at it|photo 文件|||||\n\
         decimal|gap|门间隙|Gap||general||TSSL||||unit|door_gap|unit=mm min=0 max=6 kind=advisory||\n\
         date|tested|检测日期|Tested on||major||||||设备||rule=gte_today_minus_12m||\n\
         select_one yn|leak|是否泄漏|Is there a leak||||||||||| yes_no_na | no\n\
         end_group|||||||||||||||",
    ),
    ("choices", "list_name|name|label::中文 (zh)|label::English (en)\nyn|yes|是|Yes\nyn|no|否|No"),
    (
        "settings",
        "form_title|form_id|version|default_language|spotcheck::title::English (en)|spotcheck::note::中文 (zh)|spotcheck::domain|spotcheck::subject|spotcheck::equipment_code_prefix|spotcheck::applies_to|spotcheck::status\n\
         示例检查表|mall|2|中文 (zh)|Demo list|一台一表|special_equipment|equipment|31 32|{\"excludes\":[\"construction_site\"]}|draft",
    ),
    (
        "basis",
        "id|name::中文 (zh)|name::English (en)|number|effective|checked\nTSSL|特种设备安全法|Special Equipment Safety Law|主席令第四号|2014-01-01|source\nORDER57|监督检查办法|Measures|第57号||",
    ),
    (
        "phrases",
        "item|text::中文 (zh)|text::English (en)|measure::中文 (zh)|measure::English (en)\nmark|标志过期|Mark expired|立即停用|Stop at once\nmark|无标志|No mark|补办|Obtain one",
    ),
];

#[test]
fn our_own_columns_make_inspection_items() {
    let list = checklist(FULL);
    assert_eq!((list.title_en.as_str(), list.note_zh.as_deref(), list.status.as_str()), ("Demo list", Some("一台一表"), "draft"));
    assert_eq!(
        (list.applies_to.subject.as_str(), list.applies_to.equipment_code_prefix.clone()),
        ("equipment", vec!["31".to_owned(), "32".to_owned()])
    );
    assert_eq!(list.applies_to.extra.get("excludes"), Some(&json!(["construction_site"])));
    assert_eq!(list.basis.len(), 2);
    let [mark, gap, tested, leak] = list.items.as_slice() else { panic!("{:?}", list.items) };
    assert_eq!(
        (mark.id.as_str(), mark.severity, mark.on_fail.as_str(), mark.record_only),
        ("mall-900", Severity::Serious, "stop_use_and_report", false)
    );
    assert_eq!((mark.how_zh.as_str(), mark.how_en.as_str(), mark.section_en.as_str()), ("看标志", "Look at it", "Papers"));
    let basis: Value = serde_json::to_value(&mark.basis).expect("plain data");
    assert_eq!(basis, json!([{"ref": "TSSL", "article": "第33条"}, {"ref": "ORDER57", "article": "第25条", "verify": true}]));
    assert_eq!((mark.evidence.len(), mark.phrases.len(), mark.phrases[1].measure_en.as_str()), (2, 2, "Obtain one"));
    // 是 and 否 judge where the columns say that something is judged.
    assert_eq!(mark.answer, AnswerSpec::YesNoNa { pass: "yes".to_owned() });
    assert_eq!((gap.per, gap.common.as_deref(), gap.on_fail.as_str()), (Per::Unit, Some("door_gap"), "rectify_by_deadline"));
    let AnswerSpec::Number { unit, min, max, limit_kind, .. } = &gap.answer else { panic!("{:?}", gap.answer) };
    assert_eq!((unit.as_deref(), *min, *max, *limit_kind), (Some("mm"), Some(0.0), Some(6.0), Some(LimitKind::Advisory)));
    assert_eq!((&tested.answer, tested.severity), (&AnswerSpec::Date { rule: Some("gte_today_minus_12m".to_owned()) }, Severity::Major));
    assert_eq!(leak.answer, AnswerSpec::YesNoNa { pass: "no".to_owned() });
    assert_eq!([&gap.id, &tested.id, &leak.id], ["mall-001", "mall-002", "mall-003"]);
    round_trip(&list);
}

#[test]
fn a_judging_list_with_other_values_stays_a_choice_where_expressions_ask_for_them() {
    let choices = ("choices", "list_name|name|label\nfit|合格|合格\nfit|不合格|不合格");
    let list = checklist(&[("survey", "type|name|label|relevant\nselect_one fit|a|甲|\ntext|b|乙|${a} = '不合格'"), choices]);
    let AnswerSpec::Choice { options, .. } = &list.items[0].answer else { panic!("{:?}", list.items[0].answer) };
    assert_eq!(options.iter().map(|option| option.pass).collect::<Vec<_>>(), [true, false]);
    round_trip(&list);
    let list = checklist(&[("survey", "type|name|label\nselect_one fit|a|甲"), choices]);
    assert_eq!(list.items[0].answer, AnswerSpec::YesNoNa { pass: "yes".to_owned() });
}

#[test]
fn the_next_version_keeps_ids_by_name_and_what_is_gone_as_retired() {
    let settings = ("settings", "form_title|form_id\n示例|demo");
    let first = checklist(&[("survey", "type|name|label\ntext|a|甲\ntext|b|乙\ntext|c|丙"), settings]);
    let ids = |list: &Checklist| {
        list.items
            .iter()
            .map(|item| format!("{} {}{}", item.id, item.text_zh, if item.retired { " retired" } else { "" }))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&first), ["demo-001 甲", "demo-002 乙", "demo-003 丙"]);
    let next = read(&[("survey", "type|name|label\ntext|d|丁\ntext|c|丙改\ntext|a|甲"), settings], Some(&first));
    let second = next.checklist.expect("no errors");
    assert_eq!(ids(&second), ["demo-004 丁", "demo-003 丙改", "demo-001 甲", "demo-002 乙 retired"]);
    // A retired item is never asked, elsewhere neither, and comes back by its name.
    let form = forms::export(&second);
    let retired = form.entries.iter().find(|entry| entry.label.any() == Some("乙")).expect("the retired item");
    assert_eq!(retired.relevant.as_deref(), Some("false()"));
    round_trip(&second);
    let third = read(&[("survey", "type|name|label\ntext|b|乙又来"), settings], Some(&second)).checklist.expect("no errors");
    assert_eq!(ids(&third), ["demo-002 乙又来", "demo-004 丁 retired", "demo-003 丙改 retired", "demo-001 甲 retired"]);
}

#[test]
fn what_is_wrong_in_our_columns_has_its_place() {
    let wrong = read(
        &[
            (
                "survey",
                "type|name|label|spotcheck::id|spotcheck::severity|spotcheck::basis|spotcheck::evidence|spotcheck::limits|spotcheck::per|spotcheck::answer|spotcheck::when|spotcheck::retired\n\
                 decimal|a|甲|x/y|grave|LAW 第1条|smell|min=low|nobody||{|perhaps\ntext|b|乙|demo-7||||max||||\ntext|c|丙|demo-7||||||||\nselect_one l|d|丁|||||||quiz||",
            ),
            ("choices", "list_name|name|label\nl|yes|是\nl|no|否"),
            ("basis", "id|name|checked\nTSSL|法|maybe\nTSSL|法|"),
            ("settings", "form_id|spotcheck::subject|spotcheck::applies_to\ndemo|planet|[]"),
        ],
        None,
    );
    let expected = [
        ("bad_json", "settings!C2"),
        ("not_one_of", "settings!B2"),
        ("not_one_of", "basis!C2"),
        ("double_id", "basis!A3"),
        ("bad_id", "survey!D2"),
        ("double_id", "survey!D4"),
        ("not_one_of", "survey!H2"),
        ("unknown_basis", "survey!F2"),
        ("not_one_of", "survey!E2"),
        ("not_one_of", "survey!G2"),
        ("bad_json", "survey!K2"),
        ("not_one_of", "survey!I2"),
        ("not_one_of", "survey!L2"),
        ("not_one_of", "survey!H3"),
        ("not_one_of", "survey!J5"),
    ];
    assert_eq!(codes(&wrong), expected.map(|(code, place)| (code, place.to_owned())));
    assert!(wrong.checklist.is_none());
}

#[test]
fn warnings_say_what_is_lost() {
    let imported = read(
        &[(
            "survey",
            "type|name|label::中文 (zh)|label::French (fr)|relevant|spotcheck::when\naudio|s|声音|Son||\ntext|a|甲|A|${b} = 'x'|{\"field\":\"unit.role\",\"op\":\"eq\",\"value\":\"user\"}\ntext|b|乙|B||",
        )],
        None,
    );
    let codes: Vec<&str> = codes(&imported).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["unsupported_type", "language_left_out", "relevant_not_used"]);
    assert!(imported.checklist.is_some());
}

#[test]
fn ids_of_forms_become_ids_of_items() {
    for (form_id, expected) in [("mall", "mall-001"), ("a/b", "form-c14cddc0-001"), ("商场", "form-15c391c5-001")] {
        let list = checklist(&[("survey", "type|name|label\ntext|a|甲"), ("settings", &format!("form_id\n{form_id}"))]);
        assert_eq!(list.items[0].id, expected);
    }
}

#[test]
fn groups_that_were_torn_apart_are_put_together() {
    let mut list =
        checklist(&[("survey", "type|name|label|relevant\nbegin group|g|组|true()\ntext|a|甲|\ntext|b|乙|\nend group|||\ntext|c|丙|")]);
    list.items.swap(1, 2);
    let form = forms::export(&list);
    let names: Vec<&str> =
        form.entries.iter().filter(|entry| !matches!(entry.kind, Kind::Group)).map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
    // An item that changed its section stays in its group and says its section itself.
    list.items.swap(1, 2);
    list.items[1].section_zh = "别处".to_owned();
    round_trip(&list);
}

#[test]
fn lists_of_one_name_and_different_choices_stay_apart() {
    let mut list = checklist(&[
        ("survey", "type|name|label\nselect_one l|a|甲\nselect_one l|b|乙"),
        ("choices", "list_name|name|label\nl|x|一\nl|y|二"),
    ]);
    let AnswerSpec::Choice { options, .. } = &mut list.items[1].answer else { panic!("a choice") };
    options.pop();
    let form = forms::export(&list);
    let lists: Vec<&str> = form.lists.iter().map(|list| list.name.as_str()).collect();
    assert_eq!(lists, ["l", "l_2"]);
}

#[test]
fn answers_in_words_come_back_and_what_names_nothing_has_its_place() {
    let survey = |label: &str, hint: &str, message: &str| {
        format!(
            "type|name|label::中文 (zh)|label::English (en)|hint::中文 (zh)|constraint|constraint_message::中文 (zh)|repeat_count\n\
             text|who|姓名|Name||||\nselect_one yn|ok|可以吗|OK?||||\n\
             begin_repeat|tank|${{who}}的储罐|Tank of ${{who}}||||201\n\
             decimal|speed|{label}|Speed, ${{who}}|{hint}|. < 3|{message}|\nend_repeat|||||||"
        )
    };
    const YES_NO: (&str, &str) = ("choices", "list_name|name|label::中文 (zh)|label::English (en)\nyn|yes|行|Yes\nyn|no|不行|No");
    let text = survey("${who}${ok}的速度", "问${who}", "${who}不能填 ${speed}");
    let imported = read(&[("survey", &text), YES_NO], None);
    assert_eq!(codes(&imported), [("count_beyond", "survey!H4".to_owned())]);
    let list = imported.checklist.expect("no errors");
    let item = &list.items[2];
    assert_eq!((item.text_zh.as_str(), item.text_en.as_str(), item.how_zh.as_str()), ("${who}${ok}的速度", "Speed, ${who}", "问${who}"));
    let pieces = list.form().expect("compiles").expect("has expressions");
    assert!(pieces.texts(list.node(2)).iter().flatten().any(|piece| matches!(piece, spotcheck_expr::Piece::Mention(_))));
    let entry = |name: &str| forms::export(&list).entries.into_iter().find(|entry| entry.name == name).expect("is there");
    assert!(entry("speed").label.0.values().any(|text| text == "${who}${ok}的速度"));
    assert!(entry("speed").constraint_message.0.values().any(|text| text == "${who}不能填 ${speed}"));
    assert!(entry("tank").label.0.values().any(|text| text == "${who}的储罐"));
    for (label, hint, message, place) in
        [("${wo}", "", "", "survey!C5"), ("速度", "${wo}", "", "survey!E5"), ("速度", "", "${wo}", "survey!G5")]
    {
        let imported = read(&[("survey", &survey(label, hint, message)), YES_NO], None);
        assert_eq!(codes(&imported)[0], ("unknown_name", place.to_owned()));
        assert!(imported.checklist.is_none());
    }
}

#[test]
fn words_that_look_like_references_are_spared() {
    let mut list = checklist(&[("survey", "type|name|label\ntext|a|甲\nnote|b|见 ${a}")]);
    list.items[0].text_zh = "缴纳 ${ 元".to_owned();
    let label = |name: &str| {
        forms::export(&list).entries.iter().find(|entry| entry.name == name).and_then(|entry| entry.label.any().map(str::to_owned))
    };
    assert_eq!(label("b").as_deref(), Some("见 ${a}"));
    let again = forms::import_file(&forms::export_file(&list).expect("writes"), "", None).expect("a workbook");
    assert_eq!(again.checklist.map(|list| list.items[0].text_zh.clone()).as_deref(), Some("缴纳 ＄{ 元"));
}

#[test]
fn a_list_of_two_thousand_items_is_written_and_read() {
    let mut list = checklist(PLAIN);
    let model: Item = list.items[0].clone();
    for number in 0..2000 {
        let mut item = model.clone();
        item.id = format!("mall-{number:04}x");
        item.logic = None;
        list.items.push(item);
    }
    round_trip(&list);
}

mod any {
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use spotcheck::domain::checklist::Checklist;

    fn answer() -> impl Strategy<Value = Value> {
        let option = |n: usize| json!({"value": format!("v{n}"), "zh": format!("选项{n}"), "en": format!("Option {n}"), "pass": n != 1});
        let options = move |count: usize| (0..count).map(option).collect::<Vec<_>>();
        let number = || prop_oneof![Just(0.0), Just(0.1), Just(-2.5), Just(1e6), -1e9..1e9];
        prop_oneof![
            prop_oneof![Just("yes"), Just("no")].prop_map(|pass| json!({"type": "yes_no_na", "pass": pass})),
            (any::<bool>(), 1..4usize, proptest::option::of("[a-z]{3,8}")).prop_map(move |(multiple, count, list)| merge(
                json!({"type": "choice", "multiple": multiple, "options": options(count)}),
                "list",
                list.map(|list| format!("{list}{count}")).into()
            )),
            Just(json!({"type": "choice", "multiple": false, "options": [
                {"value": "1", "zh": "符合", "en": "Yes", "pass": true}, {"value": "2", "zh": "不符合", "en": "No", "pass": false}]})),
            (
                proptest::option::of("[a-z% /=³]{1,6}"),
                proptest::option::of(number()),
                any::<bool>(),
                proptest::option::of(prop_oneof![Just("rule"), Just("advisory")])
            )
                .prop_map(|(unit, min, integer, kind)| {
                    let unit = unit.map(|unit| unit.trim().to_owned());
                    let plain = merge(
                        merge(merge(json!({"type": "number", "maxField": "equipment.max_load"}), "unit", unit.into()), "min", min.into()),
                        "limit_kind",
                        kind.into(),
                    );
                    if integer { merge(plain, "integer", true.into()) } else { plain }
                }),
            (any::<bool>(), prop_oneof![Just((0.0, 10.0, 1.0)), Just((1.0, 0.0, 0.25))]).prop_map(|(integer, (start, end, step))| {
                let plain = json!({"type": "range", "start": start, "end": end, "step": step});
                if integer { merge(plain, "integer", true.into()) } else { plain }
            }),
            Just(json!({"type": "date", "rule": "lte_today_minus_6y"})),
            Just(json!({"type": "text", "maxLength": 200})),
            prop_oneof![
                Just("time"),
                Just("date_time"),
                Just("geopoint"),
                Just("image"),
                Just("drawing"),
                Just("barcode"),
                Just("note"),
                Just("text")
            ]
            .prop_map(|kind| json!({"type": kind})),
        ]
    }

    fn merge(mut object: Value, key: &str, value: Value) -> Value {
        if !value.is_null() {
            object[key] = value;
        }
        object
    }

    /// Words for people: Chinese quotes, newlines and signs of spreadsheets are as good as letters.
    fn words() -> impl Strategy<Value = String> {
        "[一-十a-zA-Z0-9“”‘’=+@|,;'\"<>&-]([一-十a-z “”\n|&=_-]?[一-十a-z“”%]){0,12}"
            .prop_filter("no two spaces", |text| !text.contains("  "))
    }

    fn item(number: usize) -> impl Strategy<Value = Value> {
        let logic =
            (proptest::option::of("name_[a-z]{1,3}"), proptest::option::of(Just("1 = 1")), proptest::option::of(words()), any::<bool>());
        let judged = (
            any::<bool>(),
            prop_oneof![Just("general"), Just("serious"), Just("major")],
            prop_oneof![Just("rectify_by_deadline"), Just("record_only"), Just("stop_use")],
        );
        let when = prop_oneof![
            Just(Value::Null),
            Just(json!({"field": "unit.role", "op": "in", "value": ["user", "producer"]})),
            Just(json!({"all": [{"field": "equipment.age", "op": "gte", "value": 15}]}))
        ];
        (answer(), judged, logic, when, words(), words(), 0..3usize, (any::<bool>(), any::<bool>(), any::<bool>())).prop_map(
            move |(
                answer,
                (record_only, severity, on_fail),
                (name, relevant, message, required),
                when,
                text,
                how,
                section,
                (retired, per, common),
            )| {
                let mut item = json!({
                    "id": format!("demo-{number:03}"), "section_zh": format!("部分{section}"), "section_en": format!("Part {section}"),
                    "text_zh": text, "text_en": how, "how_zh": how, "how_en": text, "severity": severity, "on_fail": on_fail,
                    "basis": [{"ref": "LAW", "article": "第1条"}, {"ref": "LAW", "verify": true}], "evidence": ["photo"], "answer": answer,
                    "phrases": [{"zh": text, "en": how, "measure_zh": how, "measure_en": text}],
                });
                for (key, value) in [("record_only", record_only), ("retired", retired)] {
                    if value {
                        item[key] = true.into()
                    }
                }
                if per {
                    item["per"] = "unit".into()
                }
                if common {
                    item["common"] = "shared".into()
                }
                item = merge(item, "when", when);
                if name.is_some() || relevant.is_some() || required {
                    let mut logic = json!({"name": name.map_or_else(String::new, |name| format!("{name}{number}"))});
                    logic = merge(logic, "relevant", relevant.into());
                    if required {
                        logic["required"] = "true()".into()
                    }
                    if let Some(message) = message {
                        logic["constraint_message_zh"] = message.clone().into();
                        logic["constraint_message_en"] = message.into();
                    }
                    item["logic"] = logic;
                }
                item
            },
        )
    }

    /// A checklist out of the editor.
    pub fn checklist() -> impl Strategy<Value = Checklist> {
        let items = (1..8usize).prop_flat_map(|count| (0..count).map(item).collect::<Vec<_>>());
        (items, words()).prop_map(|(items, title)| {
            let list = json!({
                "schema": "checklist/1", "id": "demo", "version": "1.10", "status": "draft", "title_zh": title, "title_en": "Demo", "domain": "merchandise",
                "applies_to": {"subject": "unit", "product_kinds": ["toys"]}, "items": items,
                "basis": [{"id": "LAW", "name_zh": "法", "name_en": "Law", "number": "1", "effective": null, "checked": "partial"}],
            });
            Checklist::read(list.to_string().as_bytes()).expect("a checklist")
        })
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(150))]

    #[test]
    fn any_list_comes_back_as_it_was(list in any::checklist()) {
        round_trip(&list);
    }
}
