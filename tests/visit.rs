//! One visit to one unit: several pieces of equipment and checklists, expressions, and records of earlier versions.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use std::rc::Rc;

use futures::executor::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};
use spotcheck::app::session::Session;
use spotcheck::app::visit::{self, VisitError};
use spotcheck::app::workspace::{Record, Workspace};
use spotcheck::domain::change::ClockReading;
use spotcheck::domain::checklist::{Checklist, ChecklistError, Verdict, Wording};
use spotcheck::domain::content::Lang;
use spotcheck::domain::inspection::{Inspection, Missing, Part, Standing, Summary, Visit, next_subject, subject_order};
use spotcheck::domain::journal::Journal;
use spotcheck::domain::time::CivilDate;
use spotcheck::port::memory::{FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::twin::Twin;
use spotcheck::rules::Intervals;
use spotcheck_expr::MAX_COUNTED;

type Phone = Workspace<Twin<MemoryShelf, MemoryShelf>, FixedClock, FixedRandom>;
type Open = Session<Twin<MemoryShelf, MemoryShelf>, FixedClock, FixedRandom>;

const NOON: u64 = 1_795_500_000_000;

fn phone() -> Rc<Phone> {
    phone_of(7)
}

/// A phone with a key, and so an id, of its own for each seed.
fn phone_of(seed: u64) -> Rc<Phone> {
    let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).expect("memory opens");
    let clock = FixedClock::new(ClockReading { wall_ms: NOON, mono_ms: 0, offset_min: 480 });
    Rc::new(block_on(Workspace::open(twin, clock, FixedRandom::new(seed))).expect("memory keeps a key"))
}

fn item(id: &str, answer: Value, more: Value) -> Value {
    let mut item = json!({
        "id": id, "section_zh": "甲", "section_en": "A", "text_zh": format!("{id} 符合要求"), "text_en": format!("{id} is so"),
        "basis": [{"ref": "LAW", "article": "第1条"}], "how_zh": "看", "how_en": "look", "severity": "general",
        "evidence": [], "answer": answer, "on_fail": "rectify_by_deadline"
    });
    item.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    item
}

fn list_with(id: &str, subject: &str, groups: Value, items: Value) -> Value {
    json!({"schema": "checklist/1", "id": id, "version": "1", "status": "draft", "title_zh": "示例表", "title_en": "Sample list",
        "domain": "special_equipment", "applies_to": {"subject": subject, "equipment_code_prefix": if id == "lift" { json!(["3"]) } else { json!([]) }},
        "basis": [{"id": "LAW", "name_zh": "法", "name_en": "Law", "number": "1", "effective": null, "checked": "source"}],
        "groups": groups, "items": items})
}

fn read(value: &Value) -> Checklist {
    Checklist::read(value.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn yes() -> Value {
    json!({"type": "yes_no_na"})
}

/// A list for the unit that shares a question with [`lift`].
fn duties() -> Checklist {
    read(&list_with(
        "duties",
        "unit",
        json!([]),
        json!([
            item("duties-001", yes(), json!({"common": "officer"})),
            item("duties-002", yes(), json!({"when": {"field": "season.campaign", "op": "eq", "value": "flood"}})),
        ]),
    ))
}

/// A list for equipment: two questions of the unit, one of them shared, and four of each piece.
fn lift() -> Checklist {
    read(&list_with(
        "lift",
        "equipment",
        json!([]),
        json!([
            item("lift-001", yes(), json!({"per": "unit", "common": "officer"})),
            item(
                "lift-002",
                json!({"type": "choice", "options": [{"value": "a", "zh": "甲", "en": "A"}, {"value": "b", "zh": "乙", "en": "B", "pass": false}]}),
                json!({})
            ),
            item("lift-003", yes(), json!({"when": {"field": "answer:lift-002", "op": "eq", "value": "a"}})),
            item("lift-004", yes(), json!({"per": "unit"})),
            item("lift-005", json!({"type": "number", "max": 10}), json!({})),
            item("lift-006", yes(), json!({"retired": true})),
            item("lift-007", yes(), json!({"when": {"field": "equipment.has_machine_room", "op": "eq", "value": true}})),
        ]),
    ))
}

/// A list with expressions: relevance, a constraint, a calculation, a filter, a repeat.
fn form() -> Checklist {
    let logic = |fields: Value| json!({"record_only": true, "logic": fields});
    let list = list_with(
        "form",
        "unit",
        json!([{"id": "tank", "title_zh": "储罐", "title_en": "Tank", "repeat": true}]),
        json!([
            item(
                "form-001",
                json!({"type": "number", "integer": true}),
                logic(json!({"name": "count", "required": "true()", "constraint": ". >= 0"}))
            ),
            item("form-002", json!({"type": "text"}), logic(json!({"name": "why", "relevant": "${count} > 5", "required": "true()"}))),
            item("form-003", json!({"type": "calculate"}), logic(json!({"name": "double", "calculate": "${count} * 2"}))),
            item(
                "form-004",
                json!({"type": "choice", "options": [
                {"value": "n", "zh": "北", "en": "North", "columns": {"side": "up"}}, {"value": "s", "zh": "南", "en": "South", "columns": {"side": "down"}}]}),
                logic(json!({"name": "where", "choice_filter": "side = ${side}"}))
            ),
            item("form-005", json!({"type": "text"}), logic(json!({"name": "side", "default": "up"}))),
            item(
                "form-006",
                json!({"type": "number"}),
                json!({"group": "tank", "record_only": true, "logic": {"name": "volume", "default": "10"}})
            ),
            item("form-007", json!({"type": "calculate"}), logic(json!({"name": "all", "calculate": "sum(${volume})"}))),
        ]),
    );
    read(&list)
}

fn lifts(count: u32) -> Vec<Vec<(String, Value)>> {
    let one = |number: u32| {
        vec![
            ("id".to_owned(), json!(format!("e{number}"))),
            ("name".to_owned(), json!(format!("{number}号梯"))),
            ("type_code".to_owned(), json!("3110")),
            ("code".to_owned(), json!(format!("3110230102015{number:04}"))),
        ]
    };
    (1..=count).map(one).collect()
}

/// A visit as it is begun.
fn begin(phone: &Rc<Phone>, lists: &[Checklist], equipment: &[Vec<(String, Value)>]) -> Open {
    let mut record = Record::new(Journal::new(phone.new_record_id()));
    let write = |record: &mut Record, values: Vec<(String, Value)>| {
        let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
        phone.write(record, &values, None).expect("not sealed");
    };
    write(
        &mut record,
        vec![
            ("kind".to_owned(), json!("inspection")),
            ("started".to_owned(), json!({"ms": NOON, "offset_min": 480})),
            ("unit/name".to_owned(), json!("示例商场有限公司")),
        ],
    );
    for list in lists {
        let there = Inspection::read(record.state()).ok();
        let values = visit::add_list(record.state(), there.as_ref(), list).expect("fits");
        write(&mut record, values);
    }
    for fields in equipment {
        let values = visit::subject_at(record.state(), next_subject(record.state(), None), lists, fields);
        write(&mut record, values);
    }
    let open = Session::new(phone.clone(), record, Box::new(|_| {}));
    open.settle().expect("not sealed");
    open
}

fn set(open: &Open, values: &[(&str, Value)]) {
    open.set(values, None).expect("not sealed");
}

#[track_caller]
fn whole(open: &Open) {
    let visit = open.visit();
    let anew = Visit::read(open.record().state()).expect("has a checklist");
    assert!(*visit.as_ref().unwrap() == anew, "what was followed differs from what is read anew");
}

fn with<T>(open: &Open, read: impl FnOnce(&Inspection) -> T) -> T {
    read(open.visit().as_ref().expect("an inspection").inspection())
}

fn keys(open: &Open) -> Vec<String> {
    with(open, |inspection| inspection.slots.iter().map(|slot| slot.key.clone()).collect())
}

#[test]
fn asks_once_what_is_of_the_unit_and_the_rest_of_each_piece() {
    let phone = phone();
    let open = begin(&phone, &[duties(), lift()], &lifts(2));
    assert_eq!(
        keys(&open),
        [
            "duties-001",
            "duties-002",
            "lift-004",
            "lift-002.s1",
            "lift-003.s1",
            "lift-005.s1",
            "lift-007.s1",
            "lift-002.s2",
            "lift-003.s2",
            "lift-005.s2",
            "lift-007.s2"
        ]
    );
    with(&open, |inspection| {
        assert_eq!(inspection.parts(), [Part::Unit, Part::Subject(0), Part::Subject(1)]);
        let [one] = inspection.elsewhere.as_slice() else { panic!("one item is asked elsewhere") };
        assert_eq!((inspection.lists[one.list].items[one.item].id.as_str(), one.slot), ("lift-001", 0));
        assert_eq!(inspection.counts().total, 11);
    });
    set(&open, &[("answers/lift-005.s2/value", json!(11))]);
    with(&open, |inspection| {
        assert_eq!(inspection.part_counts(Part::Subject(1)).failed, 1);
        assert_eq!(inspection.part_counts(Part::Subject(0)).failed, 0);
        assert_eq!(inspection.failed().collect::<Vec<_>>(), [9]);
    });
    whole(&open);
}

#[test]
fn one_piece_of_equipment_stands_in_one_page_in_the_order_of_the_list() {
    let open = begin(&phone(), &[lift()], &lifts(1));
    assert_eq!(keys(&open), ["lift-001", "lift-002.s1", "lift-003.s1", "lift-004", "lift-005.s1", "lift-007.s1"]);
    with(&open, |inspection| {
        assert_eq!(inspection.parts(), [Part::Whole]);
        assert_eq!(inspection.sections.len(), 1);
    });
}

#[test]
fn conditions_read_other_answers_of_the_same_piece() {
    let open = begin(&phone(), &[lift()], &lifts(2));
    let standing = |key: &str| with(&open, |inspection| inspection.status(inspection.at_key(key).unwrap()).unwrap().standing);
    assert_eq!(standing("lift-003.s1"), Standing::Asked);
    set(&open, &[("answers/lift-002.s1/value", json!("b"))]);
    assert_eq!((standing("lift-003.s1"), standing("lift-003.s2")), (Standing::NotConcerned, Standing::Asked));
    set(&open, &[("answers/lift-002.s1/value", json!("a"))]);
    assert_eq!(standing("lift-003.s1"), Standing::Asked);
    set(&open, &[("subjects/2/has_machine_room", json!(false))]);
    assert_eq!((standing("lift-007.s1"), standing("lift-007.s2")), (Standing::Asked, Standing::NotConcerned));
    set(&open, &[("season/campaign", json!(["winter", "flood"]))]);
    whole(&open);
}

#[test]
fn equipment_and_lists_come_and_go_during_the_visit() {
    let phone = phone();
    let open = begin(&phone, &[lift()], &lifts(1));
    set(&open, &[("answers/lift-003.s1/verdict", json!("pass"))]);
    let values = visit::add_subject(open.record().state(), &[lift()], &lifts(2)[1], &phone.device());
    let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    let change = open.edit(&values, None).unwrap().unwrap();
    assert!(change.layout);
    with(&open, |inspection| {
        assert_eq!(inspection.parts().len(), 3);
        assert_eq!(inspection.verdict(inspection.at_key("lift-003.s1").unwrap()), Some(Verdict::Pass), "what was answered stays");
    });
    let added = with(&open, |inspection| visit::add_list(open.record().state(), Some(inspection), &duties())).unwrap();
    let added: Vec<(&str, Value)> = added.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    set(&open, &added);
    assert!(keys(&open).contains(&"duties-002".to_owned()));
    let again = with(&open, |inspection| visit::add_list(open.record().state(), Some(inspection), &duties()));
    assert_eq!(again, Err(VisitError::ListTwice { list: "duties".to_owned() }));
    set(&open, &[("subjects/1/removed", json!("停用，未检查"))]);
    with(&open, |inspection| {
        assert_eq!((inspection.subjects.len(), inspection.removed.len()), (1, 1));
        assert_eq!(inspection.at_key("lift-003.s1"), None);
    });
    assert_eq!(open.record().state().text("answers/lift-003.s1/verdict"), Some("pass"), "and is still in the record");
    let third = visit::add_subject(open.record().state(), &[lift()], &lifts(3)[2], &phone.device());
    let number = third[0].0.split('/').nth(1).and_then(|number| number.parse().ok()).unwrap();
    assert_eq!(subject_order(number).0, 3, "a number is never given again");
    whole(&open);
}

#[test]
fn two_phones_that_add_equipment_to_one_visit_do_not_take_each_others_place() {
    let (here, there) = (phone_of(7), phone_of(8));
    let begun = begin(&here, &[lift()], &lifts(2)).record().journal().clone();
    let added = |phone: &Rc<Phone>, journal: &Journal, name: &str, value: u32| {
        let mut record = Record::new(journal.clone());
        let fields = [("name".to_owned(), json!(name))];
        let mut values = visit::add_subject(record.state(), &[lift()], &fields, &phone.device());
        let number = values[0].0.split('/').nth(1).unwrap().to_owned();
        values.push((format!("answers/lift-005.s{number}/value"), json!(value)));
        let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
        phone.write(&mut record, &values, None).unwrap();
        record.journal().clone()
    };
    let mut mine = added(&here, &begun, "甲", 3);
    let mut theirs = added(&there, &begun, "乙", 4);
    let (first, second) = (mine.clone(), theirs.clone());
    mine.merge(&second).unwrap();
    theirs.merge(&first).unwrap();
    // One more, when both are known.
    let mine = added(&here, &mine, "丙", 5);
    theirs.merge(&mine).unwrap();
    let shown = |journal: &Journal| {
        let inspection = Inspection::read(&journal.fold()).unwrap();
        let value = |number: u32| inspection.answer(inspection.at_key(&format!("lift-005.s{number}")).unwrap()).value.clone();
        inspection.subjects.iter().map(|one| (one.number, one.name.clone(), one.nth(), value(one.number))).collect::<Vec<_>>()
    };
    let all = shown(&mine);
    assert_eq!(all, shown(&theirs), "whoever merges");
    assert_eq!(all.iter().map(|one| one.2).collect::<Vec<_>>(), [1, 2, 3, 3, 4]);
    let mut both: Vec<_> = all[2..4].iter().map(|one| (one.1.as_str(), one.3.clone())).collect();
    both.sort_by_key(|one| one.0.to_owned());
    assert_eq!(both, [("乙", Some(json!(4))), ("甲", Some(json!(3)))]);
    assert_eq!((all[4].1.as_str(), &all[4].3), ("丙", &Some(json!(5))));
    assert!(mine.fold().conflicts().is_empty());
}

#[test]
fn a_list_that_comes_later_hides_no_answer_to_a_shared_question() {
    let open = begin(&phone(), &[lift()], &lifts(2));
    set(&open, &[("answers/lift-001/verdict", json!("fail")), ("answers/lift-001/finding", json!("示例"))]);
    let added = with(&open, |inspection| visit::add_list(open.record().state(), Some(inspection), &duties())).unwrap();
    let added: Vec<(&str, Value)> = added.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    set(&open, &added);
    with(&open, |inspection| {
        let failed: Vec<&str> = inspection.failed().filter_map(|slot| inspection.key(slot)).collect();
        assert_eq!(failed, ["lift-001"]);
        assert_eq!(inspection.at_key("duties-001"), None, "asked once");
    });
    whole(&open);
    // Nothing is entered any more: the list of the unit asks it.
    set(&open, &[("answers/lift-001/verdict", Value::Null), ("answers/lift-001/finding", Value::Null)]);
    assert!(keys(&open).contains(&"duties-001".to_owned()) && !keys(&open).contains(&"lift-001".to_owned()));
    whole(&open);
}

#[test]
fn expressions_and_conditions_hear_of_an_answer_that_another_list_asks_for_them() {
    let logic = |fields: Value| json!({"record_only": true, "logic": fields});
    let number = json!({"type": "number"});
    let first = list_with("duties", "unit", json!([]), json!([item("duties-001", number.clone(), json!({"common": "staff"}))]));
    let second = list_with(
        "form",
        "unit",
        json!([{"id": "person", "title_zh": "人员", "title_en": "Person", "repeat": true, "count": "${staff}"}]),
        json!([
            item("form-001", number, json!({"common": "staff", "logic": {"name": "staff"}})),
            item("form-002", json!({"type": "text"}), logic(json!({"name": "why", "relevant": "${staff} > 2"}))),
            item("form-003", json!({"type": "calculate"}), logic(json!({"name": "twice", "calculate": "${staff} * 2"}))),
            item("form-004", yes(), json!({"when": {"field": "answer:form-001", "op": "gte", "value": 3}})),
            item("form-005", json!({"type": "text"}), json!({"group": "person", "record_only": true})),
        ]),
    );
    // Of each piece of equipment too.
    let third = list_with(
        "lift",
        "equipment",
        json!([]),
        json!([
            item("lift-001", json!({"type": "number"}), json!({"common": "staff", "per": "unit", "logic": {"name": "staff"}})),
            item("lift-002", json!({"type": "text"}), logic(json!({"relevant": "${staff} > 2"}))),
        ]),
    );
    let open = begin(&phone(), &[read(&first), read(&second), read(&third)], &lifts(2));
    assert!(!keys(&open).iter().any(|key| key == "form-001" || key == "lift-001"), "asked once");
    let check = |typed: Value, asked: bool, twice: Option<&str>, persons: usize| {
        set(&open, &[("answers/duties-001/value", typed.clone())]);
        let at = |key: &str| with(&open, |inspection| inspection.at_key(key).map(|index| inspection.is_shown(index))).unwrap();
        assert_eq!((at("form-002"), at("lift-002.s1"), at("lift-002.s2")), (asked, asked, asked), "{typed}");
        let concerned = with(&open, |inspection| inspection.status(inspection.at_key("form-004").unwrap()).unwrap().standing);
        let expected = if typed.is_null() || asked { Standing::Asked } else { Standing::NotConcerned };
        assert_eq!(concerned, expected, "{typed}");
        assert_eq!(open.record().state().text("answers/form-003/value"), twice, "{typed}");
        assert_eq!(keys(&open).iter().filter(|key| key.starts_with("form-005.")).count(), persons, "{typed}");
        whole(&open);
    };
    check(Value::Null, false, None, 0);
    check(json!(3), true, Some("6"), 3);
    check(json!(1), false, Some("2"), 1);
    check(Value::Null, false, None, 0);
}

#[test]
fn expressions_decide_what_is_asked_and_what_may_be_answered() {
    let open = begin(&phone(), &[form()], &[]);
    let status = |key: &str| with(&open, |inspection| inspection.status(inspection.at_key(key).unwrap()).unwrap().clone());
    let flaws = || with(&open, |inspection| inspection.missing(open.record().state()));
    let slot = |key: &str| with(&open, |inspection| inspection.at_key(key).unwrap());
    assert_eq!(open.record().state().get("answers/form-006.r1/value"), Some(&json!(10)), "presets are answers");
    assert!(flaws().contains(&Missing::Required(slot("form-001"))));
    assert_eq!(status("form-002").standing, Standing::Hidden);
    set(&open, &[("answers/form-001/value", json!(7))]);
    assert!(flaws().contains(&Missing::Required(slot("form-002"))));
    assert_eq!(open.record().state().text("answers/form-003/value"), Some("14"), "what is computed is written");
    set(&open, &[("answers/form-002/value", json!("示例"))]);
    set(&open, &[("answers/form-001/value", json!(3))]);
    assert_eq!((status("form-002").standing, status("form-002").counts), (Standing::Hidden, false));
    assert_eq!(with(&open, Inspection::hidden_answers), 1, "kept, but not counted");
    set(&open, &[("answers/form-001/value", json!(-1))]);
    assert!(flaws().contains(&Missing::Constraint(slot("form-001"))));
    set(&open, &[("answers/form-001/value", json!(1.5))]);
    assert!(flaws().contains(&Missing::Constraint(slot("form-001"))), "whole numbers only");
    assert_eq!(status("form-004").said.options.as_deref(), Some(&[0_u32][..]));
    set(&open, &[("answers/form-004/value", json!("n")), ("answers/form-005/value", json!("down"))]);
    assert!(flaws().contains(&Missing::Constraint(slot("form-004"))), "what is chosen is offered no more");
    whole(&open);
}

#[test]
fn texts_show_the_answers_that_they_name() {
    let logic = |fields: Value| json!({"record_only": true, "logic": fields});
    let text = |zh: &str, en: &str| json!({"text_zh": zh, "text_en": en, "record_only": true});
    let with = |mut value: Value, more: Value| {
        value.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        value
    };
    let options = json!([{"value": "a", "zh": "甲级", "en": "Grade A"}, {"value": "b", "zh": "乙级", "en": ""}]);
    let choice = |multiple: bool| json!({"type": "choice", "multiple": multiple, "options": options});
    let list = read(&list_with(
        "form",
        "equipment",
        json!([{"id": "tank", "title_zh": "${who}的储罐：${content}", "title_en": "Tank", "repeat": true}]),
        json!([
            item("form-001", json!({"type": "text"}), with(logic(json!({"name": "who"})), json!({"per": "unit"}))),
            item("form-002", choice(false), logic(json!({"name": "grade"}))),
            item("form-003", choice(true), logic(json!({"name": "grades"}))),
            item("form-004", yes(), json!({"logic": {"name": "judged"}})),
            item(
                "form-005",
                json!({"type": "number"}),
                with(
                    logic(
                        json!({"name": "speed", "constraint": ". < 3", "constraint_message_zh": "${who}不能填 ${speed}", "required": "true()",
                        "required_message_en": "${who}, answer"})
                    ),
                    json!({"how_zh": "问${who}", "section_zh": "${grade}设备"})
                )
            ),
            item(
                "form-006",
                json!({"type": "note"}),
                text("${who}：${grade}、${grades}、${judged}、${speed}、${nobody}、${", "${who}: ${grade}, ${grades}, ${judged}")
            ),
            item("form-007", json!({"type": "calculate"}), logic(json!({"name": "double", "calculate": "${speed} * 2"}))),
            item("form-008", yes(), with(text("两倍是 ${double}", "${double} ${secret}"), json!({"section_zh": "丙"}))),
            item("form-009", json!({"type": "text"}), logic(json!({"name": "secret", "relevant": "${speed} > 1"}))),
            item("form-010", json!({"type": "text"}), with(logic(json!({"name": "content"})), json!({"group": "tank"}))),
            item("form-011", yes(), with(text("${content}有标识", "${content} is marked"), json!({"group": "tank"}))),
        ]),
    ));
    let open = begin(&phone(), &[list], &lifts(2));
    let said = |key: &str, which: Wording, lang: Lang| {
        let read = |inspection: &Inspection| inspection.wording(inspection.at_key(key).expect(key), which, lang).to_owned();
        read(open.visit().as_ref().unwrap().inspection())
    };
    let zh = |key: &str| said(key, Wording::Text, Lang::Zh);
    let title = |key: &str| {
        let visit = open.visit();
        let inspection = visit.as_ref().unwrap().inspection();
        inspection.section_title(inspection.slots[inspection.at_key(key).unwrap()].section, Lang::Zh).to_owned()
    };
    assert_eq!(zh("form-006.s1"), "：、、、、${nobody}、${", "nothing where there is no answer");
    assert_eq!(zh("form-001"), "form-001 符合要求");
    set(&open, &[("answers/form-001/value", json!("示例员")), ("answers/form-005.s1/value", json!(2.5))]);
    set(&open, &[("answers/form-002.s1/value", json!("a")), ("answers/form-003.s1/value", json!(["a", "b"]))]);
    set(&open, &[("answers/form-004.s1/verdict", json!("fail")), ("answers/form-002.s2/value", json!("b"))]);
    assert_eq!(zh("form-006.s1"), "示例员：甲级、甲级、乙级、不符合、2.5、${nobody}、${");
    assert_eq!(said("form-006.s1", Wording::Text, Lang::En), "示例员: Grade A, Grade A, b, Not compliant");
    assert_eq!(zh("form-006.s2"), "示例员：乙级、、、、${nobody}、${", "of each piece its own, of the unit the same");
    assert_eq!((title("form-005.s1").as_str(), title("form-005.s2").as_str()), ("甲级设备", "乙级设备"));
    assert_eq!(zh("form-008.s1"), "两倍是 5");
    assert_eq!(said("form-005.s1", Wording::How, Lang::Zh), "问示例员");
    assert_eq!(said("form-005.s1", Wording::Constraint, Lang::Zh), "示例员不能填 2.5");
    assert_eq!(said("form-005.s1", Wording::Constraint, Lang::En), "示例员不能填 2.5", "in the other language where there is none");
    assert_eq!(said("form-005.s1", Wording::Required, Lang::Zh), "示例员, answer");
    // What is not asked any more is not shown.
    set(&open, &[("answers/form-009.s1/value", json!("暗号"))]);
    assert_eq!(said("form-008.s1", Wording::Text, Lang::En), "5 暗号");
    let change = open.edit(&[("answers/form-005.s1/value", json!(1))], None).unwrap().unwrap();
    assert_eq!(said("form-008.s1", Wording::Text, Lang::En), "2 ");
    let index = open.visit().as_ref().unwrap().inspection().at_key("form-008.s1").unwrap();
    assert!(change.slots.contains(&index), "the screen is told");
    // Each instance of a repeat has its own.
    set(&open, &[("repeats/form/g0.s1/2", json!(true))]);
    set(&open, &[("answers/form-010.s1.r1/value", json!("汽油")), ("answers/form-010.s1.r2/value", json!("柴油"))]);
    assert_eq!((zh("form-011.s1.r1").as_str(), zh("form-011.s1.r2").as_str()), ("汽油有标识", "柴油有标识"));
    assert_eq!(title("form-011.s1.r2"), "示例员的储罐：柴油");
    whole(&open);
}

#[test]
fn a_text_that_looks_as_if_it_named_an_answer_is_no_reason_to_refuse_a_list() {
    let list = read(&list_with(
        "duties",
        "unit",
        json!([]),
        json!([item("1-duties", yes(), json!({"text_zh": "${2-duties}齐全", "how_zh": "${1-duties}"}))]),
    ));
    let open = begin(&phone(), &[list], &[]);
    with(&open, |inspection| assert_eq!(inspection.text(0, Lang::Zh), "${2-duties}齐全"));
}

#[test]
fn repeats_are_added_and_taken_away() {
    let phone = phone();
    let open = begin(&phone, &[form()], &[]);
    let total = || open.record().state().text("answers/form-007/value").unwrap_or_default().to_owned();
    let section = || with(&open, |inspection| inspection.sections.iter().rev().find_map(|section| section.repeat.clone()).unwrap());
    assert_eq!(section().number, Some(1));
    let mut numbers = vec![1];
    for (place, expected) in [(2, "20"), (3, "30")] {
        let device = phone.device();
        let values = with(&open, |inspection| visit::add_repeat(open.record().state(), &inspection.lists[0], None, &section(), &device));
        let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
        set(&open, &values);
        numbers.push(section().number.unwrap());
        assert_eq!((section().place, subject_order(numbers[place - 1]).0 as usize), (place, place));
        assert_eq!(total(), expected);
    }
    set(&open, &[(&format!("answers/form-006.r{}/value", numbers[1]), json!(5))]);
    assert_eq!(total(), "25");
    set(&open, &[(&format!("repeats/form/g0/{}", numbers[1]), json!(false))]);
    assert_eq!(total(), "20");
    let left = ["form-006.r1".to_owned(), format!("form-006.r{}", numbers[2])];
    assert_eq!(keys(&open).into_iter().filter(|key| key.starts_with("form-006")).collect::<Vec<_>>(), left);
    whole(&open);
}

#[test]
fn two_phones_that_add_an_instance_of_a_repeat_do_not_mix_their_answers() {
    let (here, there) = (phone_of(7), phone_of(8));
    let begun = begin(&here, &[form()], &[]).record().journal().clone();
    let added = |phone: &Rc<Phone>, value: u32| {
        let mut record = Record::new(begun.clone());
        let section = Inspection::read(record.state()).unwrap().sections.iter().find_map(|section| section.repeat.clone()).unwrap();
        let mut values = visit::add_repeat(record.state(), &form(), None, &section, &phone.device());
        let number = values[0].0.rsplit('/').next().unwrap().to_owned();
        values.retain(|(path, _)| !path.starts_with("answers/"));
        values.push((format!("answers/form-006.r{number}/value"), json!(value)));
        let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
        phone.write(&mut record, &values, None).unwrap();
        record.journal().clone()
    };
    let (mut mine, theirs) = (added(&here, 3), added(&there, 4));
    mine.merge(&theirs).unwrap();
    let inspection = Inspection::read(&mine.fold()).unwrap();
    let of_repeat = (0..inspection.slots.len()).filter(|slot| inspection.key(*slot).is_some_and(|key| key.starts_with("form-006")));
    let mut values: Vec<String> = of_repeat.filter_map(|slot| inspection.answer(slot).value.as_ref().map(Value::to_string)).collect();
    values.sort();
    assert_eq!(values, ["10", "3", "4"]);
    assert!(mine.fold().conflicts().is_empty());
}

#[test]
fn a_date_typed_as_the_number_of_instances_stops_nothing() {
    let logic = |fields: Value| json!({"record_only": true, "logic": fields});
    let list = read(&list_with(
        "form",
        "unit",
        json!([{"id": "tank", "title_zh": "储罐", "title_en": "Tank", "repeat": true, "count": "${tanks}"}]),
        json!([
            item("form-001", json!({"type": "number", "integer": true}), logic(json!({"name": "tanks"}))),
            item("form-002", json!({"type": "text"}), json!({"group": "tank", "record_only": true, "logic": {"name": "content"}})),
        ]),
    ));
    let open = begin(&phone(), &[list], &[]);
    let most = MAX_COUNTED;
    for (typed, expected) in [(20_261_124_u64, most), (3, 3), (20_261_124, most), (201, most), (200, 200), (1, 1)] {
        set(&open, &[("answers/form-001/value", json!(typed))]);
        assert_eq!(keys(&open).iter().filter(|key| key.starts_with("form-002.")).count(), expected, "{typed}");
        let sections =
            with(&open, |inspection| inspection.sections.iter().filter_map(|section| section.repeat.clone()).collect::<Vec<_>>());
        assert_eq!(sections.len(), expected, "{typed}");
        let cut = (typed > MAX_COUNTED as u64).then_some((typed, MAX_COUNTED));
        assert!(sections.iter().all(|section| section.cut == cut), "{typed}");
        set(&open, &[("answers/form-002.r1/value", json!("示例"))]);
        whole(&open);
    }
}

#[test]
fn a_list_whose_expressions_can_not_be_used_is_refused_with_the_place() {
    let broken = |expression: &str| {
        let items = json!([item("form-001", json!({"type": "text"}), json!({"logic": {"name": "a", "relevant": expression}}))]);
        Checklist::read(list_with("form", "unit", json!([]), items).to_string().as_bytes())
    };
    for expression in ["${nothing} = 1", "1 +", "${a} = 1"] {
        let error = broken(expression).expect_err(expression);
        assert!(matches!(&error, ChecklistError::Logic { index: Some(0), name, .. } if name == "a"), "{expression}: {error}");
    }
    let odd = list_with("form", "unit", json!([]), json!([item("第一项", json!({"type": "text"}), json!({}))]));
    assert_eq!(Checklist::read(odd.to_string().as_bytes()), Err(ChecklistError::Name { name: "第一项".to_owned() }));
}

#[test]
fn records_of_the_first_version_are_read_as_they_were() {
    let phone = phone();
    let mut record = Record::new(Journal::new(phone.new_record_id()));
    let list = lift();
    let values = [
        ("kind", json!("inspection")),
        ("checklist", list.for_record()),
        ("started", json!({"ms": NOON, "offset_min": 480})),
        ("unit/name", json!("示例商场有限公司")),
        ("equipment/name", json!("1号客梯")),
        ("equipment/place", json!("中庭")),
        ("equipment/code", json!("31102301020150098")),
        ("answers/lift-002/value", json!("b")),
        ("answers/lift-005/value", json!(3)),
    ];
    phone.write(&mut record, &values, None).unwrap();
    let inspection = Inspection::read(record.state()).unwrap();
    let ids: Vec<&str> = list.items.iter().filter(|item| !item.retired).map(|item| item.id.as_str()).collect();
    assert_eq!(inspection.slots.iter().map(|slot| slot.key.as_str()).collect::<Vec<_>>(), ids);
    assert_eq!(inspection.parts(), [Part::Whole]);
    assert_eq!(
        (inspection.verdict(1), inspection.verdict(2), inspection.verdict(4)),
        (Some(Verdict::Fail), Some(Verdict::Na), Some(Verdict::Pass))
    );
    let summary = Summary::of(record.journal(), record.state());
    assert_eq!((summary.title.as_str(), summary.subtitle.as_str()), ("示例商场有限公司", "1号客梯 中庭"));
    assert_eq!((summary.counts.total, summary.counts.answered, summary.counts.failed), (6, 3, 1));
    // Such a draft can be given a second piece of equipment; its own answers keep their keys.
    let values = visit::subject_at(record.state(), next_subject(record.state(), None), &inspection.lists, &lifts(2)[1]);
    assert!(values.iter().all(|(path, _)| path.starts_with("subjects/2/")));
    let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    phone.write(&mut record, &values, None).unwrap();
    let both = Inspection::read(record.state()).unwrap();
    assert_eq!(both.subjects.iter().map(|one| one.base.as_str()).collect::<Vec<_>>(), ["equipment", "subjects/2"]);
    assert_eq!(both.verdict(both.at_key("lift-005").unwrap()), Some(Verdict::Pass));
    assert!(both.at_key("lift-005.s2").is_some());
}

/// What a piece of equipment on site is known by beside what was entered.
fn follows(fields: &[(&str, &str)], today: &str) -> Vec<(String, Value)> {
    let rules = Intervals::read(include_bytes!("../public/content/rules/intervals.json")).unwrap();
    let entered: Vec<(String, Value)> = fields.iter().map(|(field, value)| ((*field).to_owned(), json!(value))).collect();
    let all = visit::with_derived(entered.clone(), Some(&rules), CivilDate::parse(today).unwrap());
    all.into_iter().filter(|one| !entered.contains(one)).collect()
}

#[test]
fn equipment_that_is_added_on_site_gets_what_follows_from_its_fields() {
    let is = |field: &str, value: Value| (field.to_owned(), value);
    let lift = [("name", "9号梯"), ("type_code", "3110"), ("installed_inspection", "2018-06")];
    assert_eq!(follows(&lift, "2026-11-24"), [is("derived/elevator_due_type", json!("self_test"))]);
    let vessel = [("type_code", "2170"), ("commissioned_on", "2006-11-23"), ("next_due", "2027-01")];
    assert_eq!(follows(&vessel, "2026-11-24"), [is("derived/over_design_life", json!(true))]);
    // Entered by hand with the code on its plate alone: the type stands in it.
    let by_hand = [("name", "9号梯"), ("code", "31102301020150009")];
    assert_eq!(follows(&by_hand, "2026-11-24"), [is("type_code", json!("3110"))]);
    assert_eq!(follows(&[("code", "31102301020150009"), ("type_code", "3120")], "2026-11-24"), []);
    assert_eq!(follows(&[("name", "9号梯"), ("code", "内9")], "2026-11-24"), []);
}

#[test]
fn an_answer_costs_the_same_however_many_questions_there_are() {
    let many: Vec<Value> = (1..=200).map(|number| item(&format!("lift-{number:03}"), yes(), json!({}))).collect();
    let list = read(&list_with("lift", "equipment", json!([]), json!(many)));
    let open = begin(&phone(), &[list], &lifts(50));
    assert_eq!(with(&open, |inspection| inspection.counts().total), 10_000);
    for number in 1..=200 {
        let path = format!("answers/lift-{number:03}.s{}/verdict", number % 50 + 1);
        let change = open.edit(&[(path.as_str(), json!("pass"))], None).unwrap().unwrap();
        // The work of an answer is that of the questions that it touches.
        assert_eq!((change.layout, change.slots.len()), (false, 1));
    }
    assert_eq!(with(&open, |inspection| inspection.counts().answered), 200);
    assert_eq!(open.summary().counts.answered, 200);
}

#[test]
fn a_visit_is_begun_in_one_piece() {
    let phone = phone();
    let setting =
        [("kind", json!("inspection")), ("started", json!({"ms": NOON, "offset_min": 480})), ("unit/name", json!("示例商场有限公司"))];
    let setting: Vec<(String, Value)> = setting.into_iter().map(|(path, value)| (path.to_owned(), value)).collect();
    let mut equipment = lifts(8);
    equipment[0].push(("derived/elevator_due_type".to_owned(), json!("self_test")));
    let record = block_on(phone.begin_visit(&setting, &[duties(), lift(), form()], &equipment)).expect("kept");
    let kept = block_on(phone.load(record.id())).expect("there");
    assert!(kept.state() == record.state());
    let visit = Visit::read(kept.state()).unwrap();
    assert_eq!(visit.calculated(), vec![], "everything computed is there from the beginning");
    assert_eq!(kept.state().text("answers/form-007/value"), Some("10"));
    let inspection = visit.inspection();
    assert_eq!((inspection.subjects.len(), inspection.parts().len()), (8, 9));
    assert_eq!(inspection.facts_of(Some(0)).get("derived.elevator_due_type"), Some(&json!("self_test")));
    assert_eq!(inspection.facts_of(Some(1)).get("derived.elevator_due_type"), None);
    let summary = Summary::of(kept.journal(), kept.state());
    assert_eq!(summary.subtitle, "1号梯 2号梯 3号梯 +5");
    assert!(summary.search.contains("31102301020150008") && summary.search.contains("e8"), "every piece is found");
}

#[derive(Clone, Debug)]
enum Step {
    Verdict(usize, Option<&'static str>),
    Value(usize, Value),
    Finding(usize, bool),
    Campaign(bool),
    AddSubject,
    Remove(u32),
    Repeat(u32, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let verdict = prop_oneof![Just(None), Just(Some("pass")), Just(Some("fail")), Just(Some("na"))];
    let value = prop_oneof![
        Just(Value::Null),
        Just(json!("a")),
        Just(json!("b")),
        Just(json!(7)),
        Just(json!(11)),
        Just(json!(-2)),
        Just(json!("down"))
    ];
    prop_oneof![
        6 => (0_usize..40, verdict).prop_map(|(at, verdict)| Step::Verdict(at, verdict)),
        8 => (0_usize..40, value).prop_map(|(at, value)| Step::Value(at, value)),
        2 => (0_usize..40, any::<bool>()).prop_map(|(at, given)| Step::Finding(at, given)),
        1 => any::<bool>().prop_map(Step::Campaign),
        1 => Just(Step::AddSubject),
        1 => (1_u32..4).prop_map(Step::Remove),
        2 => (1_u32..4, any::<bool>()).prop_map(|(number, there)| Step::Repeat(number, there)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn following_changes_is_the_same_as_reading_anew(count in 0_u32..3, steps in proptest::collection::vec(step(), 1..40)) {
        let lists = [duties(), lift(), form()];
        let phone = phone();
        let open = begin(&phone, &lists, &lifts(count));
        for step in steps {
            let all = keys(&open);
            let at = |index: usize, field: &str| format!("answers/{}/{field}", all[index % all.len()]);
            let values: Vec<(String, Value)> = match step {
                Step::Verdict(index, verdict) => vec![(at(index, "verdict"), json!(verdict))],
                Step::Value(index, value) => vec![(at(index, "value"), value)],
                Step::Finding(index, given) => vec![(at(index, "finding"), if given { json!("示例__") } else { Value::Null })],
                Step::Campaign(on) => vec![("season/campaign".to_owned(), if on { json!(["flood"]) } else { json!([]) })],
                Step::AddSubject => visit::add_subject(open.record().state(), &lists, &lifts(1)[0], &phone.device()),
                Step::Remove(number) => {
                    let base = with(&open, |inspection| inspection.subjects.get(number as usize - 1).map(|one| one.base.clone()));
                    base.map(|base| (format!("{base}/removed"), json!("示例"))).into_iter().collect()
                }
                Step::Repeat(number, there) => vec![(format!("repeats/form/g0/{number}"), json!(there))],
            };
            let values: Vec<(&str, Value)> = values.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
            open.set(&values, None).unwrap();
            let anew = Visit::read(open.record().state()).unwrap();
            prop_assert!(*open.visit().as_ref().unwrap() == anew);
            prop_assert_eq!(anew.calculated(), vec![], "everything computed is written");
            let missing = anew.inspection().missing(open.record().state());
            let open_slots = (0..anew.inspection().slots.len()).filter(|&slot| anew.inspection().status(slot).unwrap().is_open()).count();
            let counts = anew.inspection().counts();
            prop_assert_eq!(open_slots, counts.total - counts.answered);
            prop_assert_eq!(missing.iter().filter(|one| matches!(one, Missing::Answer(_) | Missing::Required(_))).filter_map(Missing::slot).filter(|&slot| anew.inspection().status(slot).unwrap().is_open()).count(), open_slots);
        }
    }
}
