//! Procedures as they are shipped: whether they hold together, and what no walk through them may break.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

use std::path::PathBuf;

use futures::executor::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};
use spotcheck::app::hazard;
use spotcheck::app::matter::{self, About};
use spotcheck::app::workspace::{Record, Workspace};
use spotcheck::domain::change::ClockReading;
use spotcheck::domain::journal::Journal;
use spotcheck::domain::signature::{Signature, Stroke};
use spotcheck::domain::time::{CivilDate, Instant};
use spotcheck::port::memory::{FixedClock, FixedRandom, MemoryShelf};
use spotcheck::port::twin::Twin;
use spotcheck::procedure::{
    Case, Field, FieldKind, Lack, Numbered, Open, Procedure, ProcedureError, Running, StepDef, Timer, field_path, lacks, line, photo_item,
    photos_of, running, timers,
};
use spotcheck::rules::calendar::Calendar;
use spotcheck::rules::clock::Clocks;

type Phone = Workspace<Twin<MemoryShelf, MemoryShelf>, FixedClock, FixedRandom>;

/// 2026-11-24 12:00 in Shanghai.
const NOON: u64 = 1_795_492_800_000;

fn phone(seed: u64) -> Phone {
    let (twin, _) = block_on(Twin::open(MemoryShelf::new(), MemoryShelf::new(), None)).expect("memory opens");
    let clock = FixedClock::new(now());
    block_on(Workspace::open(twin, clock, FixedRandom::new(seed))).expect("memory keeps a key")
}

fn now() -> ClockReading {
    ClockReading { wall_ms: NOON, mono_ms: 0, offset_min: 480 }
}

fn today() -> CivilDate {
    Instant::from_ms(NOON).date(480)
}

/// Every procedure that is shipped, by file name.
fn shipped() -> Vec<(String, Procedure)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("public/content/procedures");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |path: &PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let procedure = Procedure::read(&std::fs::read(path).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, procedure)
    };
    files.iter().map(read).collect()
}

fn signature() -> Value {
    let stroke = Stroke::from_raw(&[(0.1, 0.1), (0.9, 0.9), (0.1, 0.9)], 2.0).unwrap();
    serde_json::to_value(Signature::sign("张示例", "SL000001", vec![stroke], 2.0, NOON)).unwrap()
}

/// An answer that fits, or `None` for photos, which stand elsewhere. `who` tells officers of different steps apart.
fn answer(kind: &FieldKind, who: &str) -> Option<Value> {
    Some(match kind {
        FieldKind::Text | FieldKind::Long => json!("示例"),
        FieldKind::Number { min, .. } => json!(min.unwrap_or(1)),
        FieldKind::Date { .. } => json!(today().to_string()),
        FieldKind::Moment => json!({"ms": NOON, "offset_min": 480}),
        FieldKind::Yes => json!(true),
        FieldKind::Choice { options } => json!(options[0].id),
        FieldKind::Choices { options } => json!([options[0].id]),
        FieldKind::Clauses { .. } => json!(["示例"]),
        FieldKind::Officers { least } => {
            (0..*least).map(|index| json!({"name": format!("{who}{index}"), "cert_no": format!("{who}-{index}")})).collect()
        }
        FieldKind::Person => json!({"name": "王示例", "post": "", "phone": ""}),
        FieldKind::Rows { columns } => json!([{(columns[0].id.as_str()): "示例"}]),
        FieldKind::Signature { .. } => signature(),
        FieldKind::Link { kinds } => json!({"record": "01a20d80-0966-7476-afec-8fcbaae5b1d9", "kind": kinds[0], "title": ""}),
        FieldKind::Photos { .. } => return None,
    })
}

/// A shipped procedure.
fn named(name: &str) -> Procedure {
    shipped().into_iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no procedure {name}")).1
}

/// A matter that is described, with these answers where they are given.
fn begun(name: &str, given: &[(&str, Value)]) -> Walk {
    let procedure = named(name);
    let mut walk = Walk::begin(&procedure);
    walk.fill_with(None, &procedure.fields, "甲", |_| false, given);
    walk
}

/// How it stands with a period.
fn period(walk: &Walk, clock: &str) -> Timer {
    let content = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("public/content/rules");
    let rules = Clocks::read(&std::fs::read(content.join("clocks.json")).unwrap()).unwrap();
    let calendar = Calendar::read(&std::fs::read(content.join("holidays.json")).unwrap()).unwrap();
    let all = timers(&walk.case(), walk.record.state(), &rules, &calendar);
    all.into_iter().find(|timer| timer.period.clock == clock).unwrap_or_else(|| panic!("{clock} does not run"))
}

/// A minute, counted from noon.
fn minutes(from_noon: i64) -> Value {
    json!({"ms": NOON.checked_add_signed(from_noon * 60_000).unwrap(), "offset_min": 480})
}

fn day(text: &str) -> CivilDate {
    CivilDate::parse(text).unwrap()
}

struct Walk {
    phone: Phone,
    record: Record,
    photos: usize,
}

impl Walk {
    fn begin(procedure: &Procedure) -> Self {
        let phone = phone(7);
        let mut record = Record::new(Journal::new(phone.new_record_id()));
        let about =
            About {
                bureau: "示例县市场监督管理局".into(), unit: vec![("name".into(), json!("示例商场有限公司"))], ..About::default()
            };
        let mut walk = Self {
            photos: 0,
            record: {
                write(&phone, &mut record, &matter::begin(procedure, &about, now()));
                record
            },
            phone,
        };
        walk.photos = 0;
        walk
    }

    fn case(&self) -> Case {
        Case::read(self.record.state()).expect("a matter")
    }

    fn write(&mut self, path: &str, value: Value) {
        write(&self.phone, &mut self.record, &[(path.to_owned(), value)]);
    }

    /// Answers fields, signatures last; `skip` says which to leave out.
    fn fill(&mut self, step: Option<&str>, fields: &[Field], who: &str, skip: impl Fn(&Field) -> bool) {
        self.fill_with(step, fields, who, skip, &[]);
    }

    /// As [`Walk::fill`], with these answers where they are given.
    fn fill_with(&mut self, step: Option<&str>, fields: &[Field], who: &str, skip: impl Fn(&Field) -> bool, given: &[(&str, Value)]) {
        let (signatures, others): (Vec<&Field>, Vec<&Field>) =
            fields.iter().partition(|field| matches!(field.kind, FieldKind::Signature { .. }));
        for field in others.into_iter().chain(signatures).filter(|field| !skip(field)) {
            let given = given.iter().find(|(id, _)| *id == field.id).map(|(_, value)| value.clone());
            match given.or_else(|| answer(&field.kind, who)) {
                Some(value) => self.write(&field_path(step, &field.id), value),
                None => {
                    self.photos += 1;
                    let path = format!("photos/p{}", self.photos);
                    self.write(&path, json!({"item": photo_item(step, &field.id), "sha256": "0"}));
                }
            }
        }
    }

    fn begin_step(&mut self, step: &str) -> Open {
        let id = self.phone.new_record_id().to_string();
        write(&self.phone, &mut self.record, &matter::begin_step(&id, step));
        self.case().open.into_iter().find(|open| open.id == id).expect("the step is open")
    }

    /// Does a step with everything that it asks, and these answers; by others than those who began the matter.
    fn go(&mut self, step: &str, given: &[(&str, Value)]) -> Result<String, Vec<Lack>> {
        let fields = self.case().procedure.step(step).unwrap_or_else(|| panic!("no step {step}")).fields.clone();
        let open = self.begin_step(step);
        self.fill_with(Some(&open.id), &fields, "乙", |_| false, given);
        self.finish(&open)?;
        Ok(self.case().state)
    }

    fn finish(&mut self, open: &Open) -> Result<(), Vec<Lack>> {
        let changes = matter::finish_step(&self.case(), self.record.state(), open, now())?;
        write(&self.phone, &mut self.record, &changes);
        Ok(())
    }
}

fn write(phone: &Phone, record: &mut Record, changes: &[(String, Value)]) {
    let values: Vec<(&str, Value)> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    phone.write(record, &values, Some("示例")).expect("written");
}

#[test]
fn files_are_named_as_their_procedures_and_fit_together() {
    let all = shipped();
    assert!(all.iter().any(|(name, _)| name == "hazard"));
    for (name, procedure) in all {
        assert_eq!(name, procedure.id);
        assert!(procedure.check().is_ok());
    }
}

#[test]
fn a_hazard_goes_from_finding_to_closure() {
    let (_, procedure) = shipped().into_iter().find(|(name, _)| name == "hazard").unwrap();
    let mut walk = Walk::begin(&procedure);
    walk.fill(None, &procedure.fields, "甲", |_| false);
    assert_eq!(lacks(&walk.case(), walk.record.state(), None, today()), []);
    for (step, state) in
        [("order", "ordered"), ("report", "reported"), ("reinspect_fail", "ordered"), ("report", "reported"), ("reinspect_pass", "closed")]
    {
        let open = walk.begin_step(step);
        assert!(walk.finish(&open).is_err(), "{step} without answers");
        walk.fill(Some(&open.id), &procedure.step(step).unwrap().fields, "乙", |_| false);
        walk.finish(&open).unwrap_or_else(|lacking| panic!("{step}: {lacking:?}"));
        assert_eq!(walk.case().state, state);
    }
    assert!(walk.case().is_closed());
    let shown = line(walk.record.state()).unwrap();
    assert!(shown.closed && shown.periods.is_empty());
    assert_eq!(shown.flags, ["serious", "major"]);
}

/// Begins the step that closes a hazard, and answers all but the reason why the same people do it.
fn reinspect(walk: &mut Walk, who: &str) -> Open {
    let fields = walk.case().procedure.step("reinspect_pass").unwrap().fields.clone();
    let open = walk.begin_step("reinspect_pass");
    walk.fill(Some(&open.id), &fields, who, |field| field.id == "same_people_reason");
    open
}

#[test]
fn those_who_found_it_close_it_alone_only_with_a_reason_that_is_shown() {
    let fresh = |reason: Option<&str>| vec![Lack::FreshEyes { field: "officers".into(), reason: reason.map(str::to_owned) }];
    let mut walk = begun("hazard", &[]);
    for step in ["order", "report"] {
        let open = walk.begin_step(step);
        walk.fill(Some(&open.id), &walk.case().procedure.step(step).unwrap().fields.clone(), "甲", |_| false);
        walk.finish(&open).unwrap();
    }
    let open = reinspect(&mut walk, "甲");
    assert_eq!(walk.finish(&open), Err(fresh(Some("same_people_reason"))));
    walk.write(&field_path(Some(&open.id), "same_people_reason"), json!("  "));
    assert_eq!(walk.finish(&open).unwrap_err()[..1], fresh(Some("same_people_reason")), "blanks are no reason");
    walk.write(&field_path(Some(&open.id), "same_people_reason"), json!("本所只有两名执法人员"));
    assert!(walk.finish(&open).is_err(), "what was signed gave no reason");
    for sign in ["sign_officer1", "sign_officer2", "sign_unit"] {
        walk.write(&field_path(Some(&open.id), sign), Value::Null);
        walk.write(&field_path(Some(&open.id), sign), signature());
    }
    walk.finish(&open).unwrap();
    assert!(walk.case().is_closed() && walk.case().has_same_eyes(walk.record.state(), &open.id));

    // Others give no reason, and are asked for none.
    let mut walk = begun("hazard", &[]);
    climbs(&mut walk, &[("order", &[], "ordered"), ("report", &[], "reported")]);
    let open = reinspect(&mut walk, "乙");
    let case = walk.case();
    let reason = case.procedure.field("same_people_reason").unwrap();
    assert!(!case.asks(walk.record.state(), Some(&open.id), reason));
    walk.finish(&open).unwrap();
    assert!(!walk.case().has_same_eyes(walk.record.state(), &open.id));

    // Where the procedure allows no reason there is no way.
    let mut strict = named("hazard");
    strict.steps.iter_mut().for_each(|step| step.fresh_eyes_unless = None);
    let mut walk = Walk::begin(&strict);
    walk.fill(None, &strict.fields, "甲", |_| false);
    climbs(&mut walk, &[("order", &[], "ordered"), ("report", &[], "reported")]);
    let open = reinspect(&mut walk, "甲");
    assert_eq!(walk.finish(&open), Err(fresh(None)));
}

#[test]
fn a_hazard_is_not_over_while_something_is_preserved_and_not_decided_on() {
    let waits = Err(vec![Lack::Waits { clock: "preserve".into() }]);
    for (before, last) in
        [(&["order", "report"][..], "reinspect_pass"), (&[], "on_spot"), (&[], "end"), (&["transfer"], "transfer_receipt")]
    {
        let mut walk = begun("hazard", &[]);
        climbs(&mut walk, &[("preserve", &[("preserved_on", json!("2026-11-17"))], "found")]);
        assert_eq!(period(&walk, "preserve").end.due, Some(day("2026-11-26")), "seven working days");
        for step in before {
            walk.go(step, &[]).unwrap();
        }
        assert_eq!(walk.go(last, &[]), waits, "{last}");
        walk.go("preserve_decide", &[]).unwrap();
        walk.go(last, &[]).unwrap_or_else(|lacking| panic!("{last}: {lacking:?}"));
        assert!(walk.case().is_closed(), "{last}");
    }
    // What is preserved again waits again.
    let mut walk = begun("hazard", &[]);
    climbs(&mut walk, &[("preserve", &[], "found"), ("preserve_decide", &[], "found"), ("preserve", &[], "found")]);
    assert_eq!(walk.go("on_spot", &[]), waits);
}

#[test]
fn a_directive_begins_with_the_hazard_that_is_overdue_and_both_name_each_other() {
    let mut walk = begun("hazard", &[]);
    climbs(&mut walk, &[("order", &[("order_no", json!("示例〔2026〕1号"))], "ordered")]);
    let record = walk.record.id().to_string();
    let about = hazard::directive(&walk.case(), walk.record.state(), &record, Some(("单位改正", day("2026-11-14"))), today());
    let field = |name: &str| about.fields.iter().find(|(id, _)| id == name).map(|(_, value)| value.clone()).unwrap();
    assert_eq!(field("facts"), json!("示例\n指令编号：示例〔2026〕1号。\n单位改正期限2026-11-14，已超期10天。"));
    assert_eq!((field("subject"), field("source"), field("major")), (json!("示例商场有限公司 示例"), json!("hazard"), json!(true)));
    assert_eq!(field("hazard")["record"], record);
    // It is described but for what only people know, and can climb.
    let procedure = named("directive");
    let phone = phone(9);
    let mut directive = Record::new(Journal::new(phone.new_record_id()));
    write(&phone, &mut directive, &matter::begin(&procedure, &about, now()));
    assert_eq!(lacks(&Case::read(directive.state()).unwrap(), directive.state(), None, today()), []);
    assert!(line(directive.state()).unwrap().links.contains(&record));
    let (path, link) = hazard::linked_directive(directive.id().as_str(), "督办");
    walk.write(&path, link);
    assert!(line(walk.record.state()).unwrap().links.contains(&directive.id().to_string()));
}

#[test]
fn names_of_procedures_that_point_nowhere_are_refused() {
    let check = |change: &dyn Fn(&mut Procedure), place: &str, name: &str| {
        let mut procedure = named("hazard");
        change(&mut procedure);
        assert_eq!(procedure.check(), Err(ProcedureError::Unknown { place: place.into(), name: name.into() }));
    };
    let step = |procedure: &mut Procedure, id: &str, change: &dyn Fn(&mut StepDef)| {
        procedure.steps.iter_mut().filter(|step| step.id == id).for_each(change);
    };
    let numbered = |field: &str, by: &[&str]| Some(Numbered { field: field.into(), by: by.iter().map(|one| (*one).to_owned()).collect() });
    check(&|it| step(it, "order", &|step| step.numbered = numbered("deadline", &[])), "steps.order", "deadline");
    check(&|it| step(it, "order", &|step| step.numbered = numbered("transfer_no", &[])), "steps.order", "transfer_no");
    check(&|it| step(it, "order", &|step| step.numbered = numbered("order_no", &["preservation"])), "steps.order", "preservation");
    check(&|it| step(it, "reinspect_pass", &|step| step.fresh_eyes_unless = Some("after".into())), "steps.reinspect_pass", "after");
    check(
        &|it| it.clocks.iter_mut().filter(|clock| clock.id == "preserve").for_each(|clock| clock.blocks = vec!["dance".into()]),
        "clocks.preserve",
        "dance",
    );
}

#[test]
fn a_signature_before_the_last_change_is_stale() {
    let (_, procedure) = shipped().into_iter().find(|(name, _)| name == "hazard").unwrap();
    let mut walk = Walk::begin(&procedure);
    walk.fill(None, &procedure.fields, "甲", |_| false);
    let open = walk.begin_step("order");
    walk.fill(Some(&open.id), &procedure.step("order").unwrap().fields, "甲", |_| false);
    walk.write(&field_path(Some(&open.id), "order_content"), json!("改过的内容"));
    let stale = |field: &str| Lack::Stale(field.to_owned());
    assert_eq!(walk.finish(&open), Err(vec![stale("sign_officer1"), stale("sign_officer2"), stale("sign_unit")]));
}

#[test]
fn two_phones_at_once_the_second_step_moves_nothing_and_is_kept() {
    let (_, procedure) = shipped().into_iter().find(|(name, _)| name == "hazard").unwrap();
    let mut walk = Walk::begin(&procedure);
    walk.fill(None, &procedure.fields, "甲", |_| false);
    let other = phone(11);
    let mut theirs = Record::new(walk.record.journal().clone());
    let open = walk.begin_step("order");
    walk.fill(Some(&open.id), &procedure.step("order").unwrap().fields, "甲", |_| false);
    walk.finish(&open).unwrap();
    let id = other.new_record_id().to_string();
    write(&other, &mut theirs, &matter::begin_step(&id, "on_spot"));
    let there = Walk { phone: other, record: theirs, photos: 90 };
    let mut there = there;
    let open = there.case().open[0].clone();
    there.fill(Some(&open.id), &procedure.step("on_spot").unwrap().fields, "丙", |_| false);
    there.finish(&open).unwrap();
    assert_eq!(there.case().state, "closed");
    let mut merged = Record::new(walk.record.journal().clone());
    merged.merge(there.record.journal());
    let case = Case::read(merged.state()).unwrap();
    assert_eq!(case.done.len(), 2);
    assert_eq!(case.done.iter().filter(|done| done.misfit).count(), 1);
    let mut the_other_way = Record::new(there.record.journal().clone());
    the_other_way.merge(walk.record.journal());
    assert_eq!(Case::read(the_other_way.state()).unwrap(), case);
}

#[test]
fn a_change_after_a_step_is_noticed() {
    let (_, procedure) = shipped().into_iter().find(|(name, _)| name == "hazard").unwrap();
    let mut walk = Walk::begin(&procedure);
    walk.fill(None, &procedure.fields, "甲", |_| false);
    let open = walk.begin_step("order");
    walk.fill(Some(&open.id), &procedure.step("order").unwrap().fields, "甲", |_| false);
    walk.finish(&open).unwrap();
    assert!(walk.case().done[0].changed_after.is_empty());
    let path = field_path(Some(&open.id), "deadline");
    walk.write(&path, json!("2027-01-01"));
    assert_eq!(walk.case().done[0].changed_after, [path]);
}

/// Another phone with what is known of a matter by now.
fn copy_of(walk: &Walk, seed: u64) -> Walk {
    Walk { phone: phone(seed), record: Record::new(walk.record.journal().clone()), photos: walk.photos + 100 }
}

#[test]
fn what_another_phone_had_changed_before_a_step_was_done_is_noticed_when_they_meet() {
    let mut walk = begun("hazard", &[]);
    let fields = named("hazard").step("order").unwrap().fields.clone();
    let open = walk.begin_step("order");
    walk.fill(Some(&open.id), &fields, "甲", |_| false);
    // Both have the step as it was begun; the other phone writes first, this one does the step without having seen that.
    let mut there = copy_of(&walk, 11);
    let path = |field: &str| field_path(Some(&open.id), field);
    there.write(&path("deadline"), json!("2027-01-01"));
    there.write(&path("order_no"), Value::Null);
    there.write("photos/p900", json!({"item": photo_item(Some(&open.id), "deadline"), "sha256": "0"}));
    walk.finish(&open).unwrap();
    assert_eq!(walk.case().done[0].changed_after, [""; 0]);
    walk.record.merge(there.record.journal());
    assert_eq!(walk.case().done[0].changed_after, [path("deadline"), path("order_no"), "photos/p900".to_owned()]);
    // What says the same again is no change.
    let mut walk = begun("hazard", &[]);
    walk.go("order", &[]).unwrap();
    let done = walk.case().done[0].id.clone();
    let path = field_path(Some(&done), "deadline");
    let same = walk.record.state().get(&path).cloned().unwrap();
    walk.write(&path, Value::Null);
    assert_eq!(walk.case().done[0].changed_after, std::slice::from_ref(&path));
    walk.write(&path, same);
    assert!(walk.case().done[0].changed_after.is_empty());
}

#[test]
fn a_step_that_two_phones_finished_is_shown_as_disputed() {
    let mut walk = begun("hazard", &[]);
    let fields = named("hazard").step("order").unwrap().fields.clone();
    let open = walk.begin_step("order");
    let mut there = copy_of(&walk, 11);
    walk.fill_with(Some(&open.id), &fields, "甲", |_| false, &[("deadline", json!("2026-12-01"))]);
    walk.finish(&open).unwrap();
    there.fill_with(Some(&open.id), &fields, "丙", |_| false, &[("deadline", json!("2026-12-24"))]);
    there.finish(&open).unwrap();
    assert!(!walk.case().done[0].disputed);
    walk.record.merge(there.record.journal());
    let case = walk.case();
    assert_eq!((case.done.len(), case.state.as_str(), case.done[0].disputed), (1, "ordered", true));
}

#[test]
fn a_matter_that_was_reopened_is_sealed_anew_when_it_is_closed_again() {
    let mut walk = begun("hazard", &[]);
    climbs(&mut walk, &[("on_spot", &[], "closed")]);
    walk.phone.seal(&mut walk.record).unwrap();
    climbs(&mut walk, &[("reopen", &[], "ordered"), ("reinspect_pass", &[], "closed")]);
    walk.phone.seal(&mut walk.record).unwrap();
    let seals = spotcheck::evidence::seal::verify_seals(walk.record.journal());
    assert_eq!(seals.iter().map(|(path, seal)| (path.as_str(), seal.is_ok())).collect::<Vec<_>>(), [("seals/1", true), ("seals/2", true)]);
    // The last one covers the second closing, whatever the first one did not.
    let (_, Ok(last)) = seals.last().unwrap() else { panic!("a seal that holds") };
    let head = walk.record.journal().entries().map(|entry| entry.change.seq).max().unwrap();
    assert!(last.heads.values().any(|covered| covered.seq + 1 == head));
}

#[test]
fn a_signature_without_ink_and_a_refusal_without_reason_are_none() {
    let blank = |signature: Signature| serde_json::to_value(signature).unwrap();
    for (field, value, good) in [
        ("sign_officer1", blank(Signature::sign("张示例", "SL000001", Vec::new(), 2.0, NOON)), false),
        ("sign_officer1", blank(Signature::refuse("不愿签", "王示例", NOON)), false),
        ("sign_unit", blank(Signature::refuse(" ", "王示例", NOON)), false),
        ("sign_unit", blank(Signature::refuse("不愿签", "", NOON)), true),
    ] {
        let mut walk = begun("hazard", &[]);
        let expected = if good { Ok("ordered".to_owned()) } else { Err(vec![Lack::Signature(field.to_owned())]) };
        assert_eq!(walk.go("order", &[(field, value.clone())]), expected, "{field} {value}");
    }
}

#[test]
fn a_signature_counts_for_what_was_there_when_it_was_given() {
    let mut walk = begun("hazard", &[]);
    let fields = named("hazard").step("order").unwrap().fields.clone();
    let open = walk.begin_step("order");
    let signs = |field: &Field| matches!(field.kind, FieldKind::Signature { .. });
    walk.fill(Some(&open.id), &fields, "甲", signs);
    let mut there = copy_of(&walk, 11);
    there.write(&field_path(Some(&open.id), "deadline"), json!("2027-01-01"));
    for field in fields.iter().filter(|field| signs(field)) {
        let value = matter::signed(walk.record.state(), Some(&open.id), signature());
        walk.write(&field_path(Some(&open.id), &field.id), value);
    }
    assert_eq!(lacks(&walk.case(), walk.record.state(), Some(&open), today()), []);
    // By the clocks the other change came before the signatures, but nobody who signed had seen it.
    walk.record.merge(there.record.journal());
    let stale = |field: &str| Lack::Stale(field.to_owned());
    assert_eq!(walk.finish(&open), Err(vec![stale("sign_officer1"), stale("sign_officer2"), stale("sign_unit")]));
}

/// What somebody does to the answers of a step.
type Spoil<'a> = &'a dyn Fn(&mut Walk, &str);

#[test]
fn nothing_is_closed_by_a_step_without_evidence_or_signature_whoever_wrote_it() {
    let photo = |walk: &mut Walk, step: &str| {
        let all: Vec<String> = photos_of(walk.record.state(), &photo_item(Some(step), "after")).map(str::to_owned).collect();
        for id in all {
            walk.write(&format!("photos/{id}/deleted"), json!(true));
        }
    };
    let none = |field: &'static str| move |walk: &mut Walk, step: &str| walk.write(&field_path(Some(step), field), Value::Null);
    let refused = |walk: &mut Walk, step: &str| {
        let value = serde_json::to_value(Signature::refuse("不愿签", "", NOON)).unwrap();
        walk.write(&field_path(Some(step), "sign_officer1"), value);
    };
    let ways: [(&str, Spoil<'_>, bool); 5] = [
        ("nothing", &|_, _| {}, true),
        ("photos", &photo, false),
        ("no signature", &none("sign_officer2"), false),
        ("refused by an officer", &refused, false),
        ("an answer", &none("done_what"), true),
    ];
    for (what, spoil, closes) in ways {
        let mut walk = begun("hazard", &[]);
        let fields = named("hazard").step("on_spot").unwrap().fields.clone();
        let open = walk.begin_step("on_spot");
        walk.fill(Some(&open.id), &fields, "乙", |_| false);
        spoil(&mut walk, &open.id);
        walk.write(&format!("steps/{}/done", open.id), json!({"ms": NOON, "offset_min": 480}));
        let case = walk.case();
        assert_eq!((case.is_closed(), case.done[0].misfit), (closes, !closes), "{what}");
    }
    // What was there when it was closed and is taken away afterwards opens nothing again; it is shown.
    let mut walk = begun("hazard", &[]);
    walk.go("on_spot", &[]).unwrap();
    let id = walk.case().done[0].id.clone();
    photo(&mut walk, &id);
    assert!(walk.case().is_closed());
    assert_eq!(walk.case().done[0].changed_after.len(), 1);
}

#[test]
fn a_step_begins_with_what_was_said_before_where_it_takes_that_over() {
    let mut walk = begun("incident", &[("deaths", json!(1)), ("loss", json!(20))]);
    walk.go("report_up", &[]).unwrap();
    walk.go("follow_up", &[("deaths", json!(2)), ("loss", json!(30))]).unwrap();
    let carried = matter::carried(&walk.case(), walk.record.state(), "s", "follow_up");
    let of = |field: &str| carried.iter().find(|(path, _)| *path == field_path(Some("s"), field)).map(|(_, value)| value.clone());
    assert_eq!((of("deaths"), of("loss"), of("news"), of("up_at")), (Some(json!(2)), Some(json!(30)), None, None));
    assert_eq!(matter::carried(&walk.case(), walk.record.state(), "s", "nothing"), []);
}

/// A step, what is answered, and the state that it leads to.
type Leads<'a> = (&'a str, &'a [(&'a str, Value)], &'a str);

/// Does steps one after the other; each leads to the state that is named.
fn climbs(walk: &mut Walk, steps: &[Leads<'_>]) {
    for (step, given, state) in steps {
        let reached = walk.go(step, given).unwrap_or_else(|lacking| panic!("{step}: {lacking:?}"));
        assert_eq!(reached, *state, "after {step}");
    }
}

#[test]
fn the_grade_decides_what_is_asked() {
    let no = json!(false);
    let procedure = named("hazard");
    for (serious, reasoned) in [(true, true), (false, false)] {
        let mut walk = Walk::begin(&procedure);
        let given = [("serious", json!(serious)), ("major", no.clone())];
        walk.fill_with(
            None,
            &procedure.fields,
            "甲",
            |field| ["grading_reason", "serious_clauses", "proposed"].contains(&field.id.as_str()),
            &given,
        );
        let lacking = lacks(&walk.case(), walk.record.state(), None, today());
        let expected: &[Lack] =
            if reasoned { &[Lack::Answer("serious_clauses".into()), Lack::Answer("grading_reason".into())] } else { &[] };
        assert_eq!(lacking, expected, "serious: {serious}");
        walk.fill(None, &procedure.fields, "甲", |field| !["grading_reason", "serious_clauses"].contains(&field.id.as_str()));
        let fields = procedure.step("on_spot").unwrap().fields.clone();
        let open = walk.begin_step("on_spot");
        walk.fill(Some(&open.id), &fields, "乙", |field| field.id == "reported_up");
        let expected = if serious { Err(vec![Lack::Answer("reported_up".into())]) } else { Ok(()) };
        assert_eq!(walk.finish(&open), expected, "serious: {serious}");
    }
}

#[test]
fn what_the_program_proposed_and_somebody_did_not_follow_needs_a_reason() {
    let procedure = named("hazard");
    let mut walk = Walk::begin(&procedure);
    let given = [("serious", json!(false)), ("major", json!(false)), ("proposed", json!(["serious"]))];
    walk.fill_with(None, &procedure.fields, "甲", |field| field.id == "grading_reason", &given);
    assert_eq!(lacks(&walk.case(), walk.record.state(), None, today()), [Lack::Answer("grading_reason".into())]);
}

#[test]
fn hours_run_from_the_minute_that_was_told_to_the_minute_that_was_reported() {
    for (told, reported, in_time) in [(-170, -55, true), (-170, -45, false), (-90, -10, true)] {
        let mut walk = begun("incident", &[("received_at", minutes(told))]);
        let timer = period(&walk, "level");
        assert_eq!((timer.period.start_ms, timer.running), (NOON.checked_add_signed(told * 60_000).unwrap(), Running::Yes));
        walk.go("report_up", &[("up_at", minutes(reported))]).unwrap();
        assert_eq!(period(&walk, "level").running, Running::Met { on: today(), in_time: Some(in_time) }, "{told} {reported}");
    }
}

#[test]
fn a_unit_that_reports_itself_is_under_no_period_any_more() {
    let of = |source: &str| {
        let walk = begun("incident", &[("source", json!(source)), ("unit_knew_at", minutes(-30))]);
        line(walk.record.state()).unwrap().periods.into_iter().map(|period| period.clock).collect::<Vec<_>>()
    };
    assert_eq!(of("unit"), ["level"]);
    assert_eq!(of("police"), ["unit", "level"]);
}

#[test]
fn days_run_from_the_day_of_receipt_over_the_holidays() {
    // 15 days after 20 September end on 5 October, a holiday; 8 October is the next working day.
    for (objected, in_time) in [("2026-10-08", true), ("2026-10-09", false)] {
        let mut walk = begun("sampling", &[]);
        let told = json!("2026-09-20");
        climbs(
            &mut walk,
            &[
                ("sample", &[], "sampled"),
                ("send", &[], "testing"),
                ("result", &[("conclusion", json!("fail"))], "tested"),
                ("tell", &[("told_on", told)], "told"),
            ],
        );
        let timer = period(&walk, "objection");
        assert_eq!((timer.end.due, timer.running), (Some(day("2026-10-08")), Running::Yes));
        walk.go("object", &[("objected_on", json!(objected))]).unwrap();
        assert_eq!(period(&walk, "objection").running, Running::Met { on: day(objected), in_time: Some(in_time) });
    }
}

#[test]
fn a_re_inspection_counts_on_its_day_however_late_it_is_written_down() {
    // Ten working days after 28 September: 1 to 7 October are days off, 10 October is worked.
    let mut walk = begun("hazard", &[]);
    climbs(&mut walk, &[("order", &[], "ordered"), ("report", &[("reported_on", json!("2026-09-28"))], "reported")]);
    assert_eq!(period(&walk, "reinspect").end.due, Some(day("2026-10-16")));
    walk.go("reinspect_pass", &[("reinspected_on", json!("2026-10-16"))]).unwrap();
    assert_eq!(period(&walk, "reinspect").running, Running::Met { on: day("2026-10-16"), in_time: Some(true) });
}

#[test]
fn goods_are_sealed_for_no_longer_than_the_law_allows() {
    for (until, good) in [("2026-12-20", true), ("2026-12-21", false)] {
        let mut walk = begun("hazard", &[]);
        let given = [("sealed_on", json!("2026-11-20")), ("seal_until", json!(until))];
        let expected =
            if good { Ok("found".to_owned()) } else { Err(vec![Lack::TooLate { field: "seal_until".into(), latest: day("2026-12-20") }]) };
        assert_eq!(walk.go("seal_detain", &given), expected, "{until}");
    }
}

#[test]
fn a_result_is_not_confirmed_before_it_can_no_longer_be_objected_to() {
    let told = [("told_on", json!("2026-11-09"))];
    for (why, on, good) in [("expired", "2026-11-24", false), ("expired", "2026-11-25", true), ("waived", "2026-11-24", true)] {
        let mut walk = begun("sampling", &[]);
        let fail = [("conclusion", json!("fail"))];
        climbs(&mut walk, &[("sample", &[], "sampled"), ("send", &[], "testing"), ("result", &fail, "tested"), ("tell", &told, "told")]);
        let open = walk.begin_step("confirm_fail");
        let fields = named("sampling").step("confirm_fail").unwrap().fields.clone();
        walk.fill_with(Some(&open.id), &fields, "乙", |_| false, &[("confirm_why", json!(why)), ("confirmed_on", json!(on))]);
        let lacking = lacks(&walk.case(), walk.record.state(), Some(&open), day("2026-11-25"));
        let early = Lack::TooEarly { field: "confirmed_on".into(), earliest: day("2026-11-25") };
        assert_eq!(lacking, if good { vec![] } else { vec![early] }, "{why} {on}");
    }
}

#[test]
fn a_re_inspection_that_is_no_longer_ours_to_make_is_not_overdue() {
    for step in ["transfer", "refuse"] {
        let mut walk = begun("hazard", &[]);
        climbs(&mut walk, &[("order", &[], "ordered"), ("report", &[], "reported")]);
        walk.go(step, &[]).unwrap();
        let periods = line(walk.record.state()).unwrap().periods;
        assert!(periods.iter().all(|period| period.clock != "reinspect"), "{step}");
    }
}

#[test]
fn a_directive_climbs_every_rung_and_is_closed_by_evidence() {
    let mut walk = begun("directive", &[]);
    let until = |text: &str| [("deadline", json!(text))];
    climbs(
        &mut walk,
        &[
            ("assign", &until("2026-11-24"), "assigned"),
            ("remind", &until("2026-11-25"), "reminded"),
            ("supervise", &until("2026-11-26"), "supervised"),
            ("list", &until("2026-11-27"), "listed"),
            ("committee", &until("2026-11-28"), "committee"),
        ],
    );
    assert_eq!(period(&walk, "answer").end.due, Some(day("2026-11-28")));
    assert_eq!(walk.go("close", &[]), Err(vec![Lack::NotHere]));
    climbs(
        &mut walk,
        &[("answer", &[], "answered"), ("list", &until("2026-12-01"), "listed"), ("answer", &[], "answered"), ("close", &[], "closed")],
    );
    assert!(walk.case().is_closed());
}

#[test]
fn a_failed_sample_is_put_right_and_a_passed_re_test_ends_it() {
    let fail = [("conclusion", json!("fail"))];
    let to_told: [Leads<'_>; 4] =
        [("sample", &[], "sampled"), ("send", &[], "testing"), ("result", &fail, "tested"), ("tell", &[], "told")];
    let mut walk = begun("sampling", &[("product", json!("示例玩具车"))]);
    climbs(&mut walk, &to_told);
    assert_eq!(walk.go("close_pass", &[]), Err(vec![Lack::NotHere]), "a failed one is not closed as passed");
    climbs(
        &mut walk,
        &[
            ("confirm_fail", &[("confirm_why", json!("waived"))], "failed"),
            ("order", &[], "rectifying"),
            ("report", &[], "recheck"),
            ("recheck_fail", &[], "rectifying"),
            ("report", &[], "recheck"),
            ("recheck_pass", &[], "closed"),
        ],
    );
    let mut walk = begun("sampling", &[]);
    climbs(&mut walk, &to_told);
    climbs(
        &mut walk,
        &[("object", &[], "objected"), ("retest", &[], "retesting"), ("retest_result", &[("conclusion", json!("pass"))], "retested")],
    );
    assert_eq!(walk.go("retest_fail", &[]), Err(vec![Lack::NotHere]));
    climbs(&mut walk, &[("retest_pass", &[], "closed")]);
}

#[test]
fn an_unlicensed_filling_point_is_transferred_and_may_come_back() {
    let given = [("activity", json!("充装液化石油气")), ("licence_state", json!("no_permit")), ("ours", json!(false))];
    let mut walk = begun("unlicensed", &given);
    climbs(
        &mut walk,
        &[
            ("transfer", &[], "transferred"),
            ("transfer_back", &[], "found"),
            ("transfer", &[], "transferred"),
            ("transfer_receipt", &[], "ended"),
        ],
    );
    let mut walk = begun("transfer", &[]);
    climbs(
        &mut walk,
        &[
            ("approve", &[], "approved"),
            ("send", &[], "sent"),
            ("send_back", &[], "returned"),
            ("again", &[], "draft"),
            ("approve", &[], "approved"),
            ("send", &[], "sent"),
            ("receipt", &[], "received"),
            ("close", &[], "closed"),
        ],
    );
    let procedure = named("unlicensed");
    let mut walk = Walk::begin(&procedure);
    walk.fill_with(None, &procedure.fields, "甲", |field| field.id.starts_with("permit"), &given);
    let lacking = lacks(&walk.case(), walk.record.state(), None, today());
    assert_eq!(lacking, [Lack::Answer("permit".into()), Lack::Answer("permit_authority".into())]);
}

#[test]
fn a_complaint_is_accepted_mediated_and_closed_in_time() {
    // Seven working days after 28 September: 1 to 7 October are days off, 10 October is worked. 60 days after 3 August end on
    // 2 October; 8 October is the next working day.
    let mut walk = begun("complaint", &[("received_on", json!("2026-09-28"))]);
    assert_eq!(period(&walk, "accept").end.due, Some(day("2026-10-13")));
    climbs(&mut walk, &[("triage", &[], "triaged"), ("accept", &[("told_on", json!("2026-10-13"))], "accepted")]);
    assert_eq!(period(&walk, "accept").running, Running::Met { on: day("2026-10-13"), in_time: Some(true) });
    let mut walk = begun("complaint", &[("received_on", json!("2026-07-30"))]);
    climbs(
        &mut walk,
        &[("triage", &[], "triaged"), ("accept", &[("accepted_on", json!("2026-08-03"))], "accepted"), ("notify", &[], "mediating")],
    );
    assert_eq!(period(&walk, "mediation").end.due, Some(day("2026-10-08")));
    climbs(&mut walk, &[("session", &[], "mediating"), ("appraise_begin", &[("appraisal_from", json!("2026-09-01"))], "appraising")]);
    assert_ne!(period(&walk, "mediation").running, Running::Yes, "the time of the appraisal is left out");
    climbs(&mut walk, &[("appraise_end", &[("mediation_until", json!("2026-10-26"))], "mediating")]);
    assert_eq!((period(&walk, "mediation").end.due, period(&walk, "mediation").running), (Some(day("2026-10-26")), Running::Yes));
    climbs(&mut walk, &[("agree", &[("agreed_on", json!("2026-10-26"))], "agreed")]);
    assert_eq!(period(&walk, "mediation").running, Running::Met { on: day("2026-10-26"), in_time: Some(true) });
    climbs(&mut walk, &[("close", &[], "closed"), ("follow_up", &[], "closed")]);
}

#[test]
fn a_complaint_without_what_the_law_asks_is_not_accepted_but_refused_with_its_ground() {
    let procedure = named("complaint");
    let mut walk = Walk::begin(&procedure);
    walk.fill_with(None, &procedure.fields, "甲", |field| field.id == "complainant_phone", &[("received_on", json!("2026-02-10"))]);
    assert_eq!(period(&walk, "accept").end.due, Some(day("2026-02-26")), "over the Spring Festival");
    climbs(&mut walk, &[("triage", &[], "triaged")]);
    let (accept, case) = (procedure.step("accept").unwrap(), walk.case());
    let open = walk.begin_step("accept");
    for (path, value) in matter::carried(&case, walk.record.state(), &open.id, "accept") {
        walk.write(&path, value);
    }
    walk.fill(Some(&open.id), &accept.fields, "乙", |field| field.carry && field.id != "handler");
    assert_eq!(walk.finish(&open), Err(vec![Lack::Answer("complainant_phone".into())]));
    climbs(&mut walk, &[("ask_identity", &[("identity_due", json!("2026-11-30"))], "materials")]);
    assert_eq!(period(&walk, "identity").end.due, Some(day("2026-11-30")));
    climbs(&mut walk, &[("refuse", &[("refuse_ground", json!("papers"))], "refused")]);
    assert!(walk.case().is_closed());
    climbs(&mut walk, &[("reopen", &[], "triaged"), ("supplement", &[], "triaged"), ("accept", &[], "accepted")]);
}

/// The rules of complaints changed on 15 April 2026: mediation took 45 working days, and takes 60 days.
#[test]
fn the_rules_of_the_day_of_receipt_count_whenever_it_is_entered() {
    let entered = |day: u64| json!({"ms": 1_776_139_200_000_u64 + day * 86_400_000, "offset_min": 480});
    let check =
        |name: &str, clock: &str, answers: &[(&str, Value)], (received, entered_on): (Option<&str>, u64), filed: &str, due: &str| {
            let procedure = named(name);
            let mut walk = Walk::begin(&procedure);
            walk.write("opened", entered(entered_on));
            let given: Vec<(&str, Value)> = received.map(|day| ("received_on", json!(day))).into_iter().collect();
            walk.fill_with(None, &procedure.fields, "甲", |field| field.id == "received_on" && received.is_none(), &given);
            if !answers.is_empty() {
                climbs(&mut walk, &[("triage", &[], "triaged"), ("accept", answers, "accepted")]);
            }
            let filed_on = running(&walk.case(), walk.record.state()).into_iter().map(|period| period.filed.to_string()).next();
            assert_eq!(filed_on.as_deref(), Some(filed), "{name} received {received:?}");
            if received.is_some() {
                assert_eq!(period(&walk, clock).end.due, Some(day(due)), "{name} received {received:?}, entered on day {entered_on}");
            }
        };
    let accepted = [("accepted_on", json!("2026-04-20"))];
    // 14 April 2026 is day 0. 45 working days after 20 April end on 25 June, without 1 to 5 May and 19 June, with 9 May; 60 days
    // end on 19 June, the Dragon Boat Festival, so on 22 June.
    check("complaint", "mediation", &accepted, (Some("2026-04-14"), 0), "2026-04-14", "2026-06-25");
    check("complaint", "mediation", &accepted, (Some("2026-04-14"), 1), "2026-04-14", "2026-06-25");
    check("complaint", "mediation", &accepted, (Some("2026-04-14"), 30), "2026-04-14", "2026-06-25");
    check("complaint", "mediation", &accepted, (Some("2026-04-15"), 1), "2026-04-15", "2026-06-22");
    check("complaint", "mediation", &accepted, (Some("2026-04-15"), 2), "2026-04-15", "2026-06-22");
    // Nobody has said when it came in: the day of entry counts.
    check("complaint", "accept", &[], (None, 0), "2026-04-14", "");
    check("report", "filing", &[], (None, 1), "2026-04-15", "");
    check("report", "filing", &[], (Some("2026-04-14"), 1), "2026-04-14", "2026-05-08");
}

#[test]
fn a_day_of_receipt_that_is_corrected_changes_the_rules_and_stays_in_the_history() {
    let mut walk = begun("complaint", &[("received_on", json!("2026-04-15"))]);
    climbs(&mut walk, &[("triage", &[], "triaged"), ("accept", &[("accepted_on", json!("2026-04-20"))], "accepted")]);
    assert_eq!(period(&walk, "mediation").end.due, Some(day("2026-06-22")));
    walk.write("fields/received_on", json!("2026-04-14"));
    assert_eq!(period(&walk, "mediation").end.due, Some(day("2026-06-25")));
    let listed = line(walk.record.state()).unwrap().periods;
    assert!(listed.iter().all(|period| period.filed == day("2026-04-14")), "lists say the same");
    let entries = walk.record.journal().entries();
    let said: Vec<&Value> =
        entries.filter(|entry| entry.change.path.as_str() == "fields/received_on").map(|entry| &entry.change.value).collect();
    assert_eq!(said, [&json!("2026-04-15"), &json!("2026-04-14")]);
}

#[test]
fn the_day_of_receipt_must_be_a_field_of_the_matter_with_a_day() {
    for (name, good) in [("received_on", true), ("subject", false), ("accepted_on", false), ("no_such", false)] {
        let procedure = Procedure { filed: Some(name.to_owned()), ..named("complaint") };
        let expected = if good { Ok(()) } else { Err(ProcedureError::Unknown { place: "filed".into(), name: name.into() }) };
        assert_eq!(procedure.check(), expected);
    }
}

#[test]
fn both_are_told_that_mediation_has_ended_and_a_clue_goes_its_own_way() {
    let mut walk = begun("complaint", &[("received_on", json!("2026-08-03"))]);
    let ended = [("terminated_on", json!("2026-09-28"))];
    climbs(
        &mut walk,
        &[
            ("triage", &[("urgency", json!("today")), ("urgent_due", json!("2026-11-24"))], "triaged"),
            ("propose_inspection", &[], "triaged"),
            ("accept", &[], "accepted"),
            ("clue", &[("clue_on", json!("2026-04-29"))], "accepted"),
            ("terminate", &ended, "terminated"),
        ],
    );
    assert!(matches!(period(&walk, "urgent").running, Running::Met { in_time: Some(true), .. }));
    assert_eq!(period(&walk, "notice").end.due, Some(day("2026-10-13")));
    climbs(&mut walk, &[("tell_termination", &[("told_on", json!("2026-10-14"))], "ended")]);
    assert_eq!(period(&walk, "notice").running, Running::Met { on: day("2026-10-14"), in_time: Some(false) });
    climbs(&mut walk, &[("clue_result", &[], "ended")]);
    assert!(matches!(period(&walk, "clue").running, Running::Met { in_time: Some(_), .. }));
}

#[test]
fn a_named_report_is_checked_filed_and_answered() {
    // Fifteen working days after 29 April end on 22 May, five after 28 September on 10 October, a Saturday that is worked.
    let given = [("named", json!(true)), ("received_on", json!("2026-04-29"))];
    let mut walk = begun("report", &given);
    assert_eq!(period(&walk, "filing").end.due, Some(day("2026-05-22")));
    climbs(&mut walk, &[("triage", &[], "checking"), ("check", &[], "checking")]);
    climbs(&mut walk, &[("extend", &[("extended_on", json!("2026-05-22")), ("filing_until", json!("2026-06-12"))], "checking")]);
    assert_eq!(period(&walk, "filing_extended").end.due, Some(day("2026-06-12")));
    climbs(&mut walk, &[("file", &[("decided_on", json!("2026-09-28"))], "filed")]);
    assert_eq!(period(&walk, "notice").end.due, Some(day("2026-10-10")));
    assert_eq!(walk.go("no_notice", &[]), Err(vec![Lack::NotHere]), "a named reporter is told");
    climbs(&mut walk, &[("tell", &[("told_on", json!("2026-10-10"))], "told"), ("reward", &[], "told"), ("close", &[], "closed")]);
    assert_eq!(period(&walk, "notice").running, Running::Met { on: day("2026-10-10"), in_time: Some(true) });
}

#[test]
fn an_anonymous_report_needs_no_name_and_nobody_is_told() {
    let procedure = named("report");
    let mut walk = Walk::begin(&procedure);
    walk.fill_with(None, &procedure.fields, "甲", |field| field.id.starts_with("reporter"), &[("named", json!(false))]);
    climbs(&mut walk, &[("triage", &[], "checking"), ("not_file", &[], "not_filed")]);
    assert_eq!(walk.go("tell", &[]), Err(vec![Lack::NotHere]));
    climbs(&mut walk, &[("no_notice", &[], "told"), ("close", &[], "closed")]);
}

/// Who complains or reports stands in private fields alone, and no name of a matter in lists is one of them.
#[test]
fn who_complains_or_reports_is_private_everywhere() {
    for name in ["complaint", "report"] {
        let procedure = named(name);
        assert!(!procedure.field(&procedure.headline).unwrap().private, "{name}");
        let fields = procedure.fields.iter().chain(procedure.steps.iter().flat_map(|step| &step.fields));
        let personal = |id: &str| ["complainant_", "reporter_", "agent_", "id_"].iter().any(|begin| id.starts_with(begin));
        let open: Vec<&str> = fields
            .filter(|field| personal(&field.id) && !["complainant_kind", "complainant_says"].contains(&field.id.as_str()))
            .filter(|field| !field.private)
            .map(|field| field.id.as_str())
            .collect();
        assert!(open.is_empty(), "{name}: {open:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Two phones go on with one hazard without knowing of each other: whoever merges whom, it stands the same, nothing that
    /// was done is lost, and it is closed only by a step with its photos and signatures.
    #[test]
    fn two_phones_that_meet_agree_and_close_nothing_bare(turns in prop::collection::vec((any::<bool>(), 0..12_usize, any::<bool>()), 1..6)) {
        let mut here = begun("hazard", &[]);
        let mut there = copy_of(&here, 11);
        for (which, step, bare) in turns {
            let walk = if which { &mut here } else { &mut there };
            let next: Vec<_> = walk.case().next(walk.record.state()).cloned().collect();
            let Some(def) = next.get(step % next.len().max(1)) else { continue };
            let open = walk.begin_step(&def.id);
            let evidence = |field: &Field| matches!(field.kind, FieldKind::Signature { .. } | FieldKind::Photos { .. });
            let who = if which { "乙" } else { "丙" };
            walk.fill(Some(&open.id), &def.fields, who, |field| bare && evidence(field));
            if walk.finish(&open).is_err() && bare {
                // Somebody whose program lets it pass.
                walk.write(&format!("steps/{}/done", open.id), json!({"ms": NOON, "offset_min": 480}));
            }
        }
        let merged = |one: &Walk, other: &Walk| {
            let mut record = Record::new(one.record.journal().clone());
            record.merge(other.record.journal());
            record
        };
        let record = merged(&here, &there);
        let case = Case::read(record.state()).unwrap();
        prop_assert_eq!(&case, &Case::read(merged(&there, &here).state()).unwrap());
        prop_assert_eq!(case.done.len(), here.case().done.len() + there.case().done.len());
        for done in case.done.iter().filter(|done| !done.misfit && done.from != done.to) {
            let def = case.procedure.step(&done.step).unwrap();
            if !case.procedure.state(&done.to).unwrap().closed {
                continue;
            }
            let signed = def.fields.iter().any(|field| {
                let value = record.state().get(&field_path(Some(&done.id), &field.id));
                matches!(value.and_then(Signature::read), Some(Signature::Signed(signed)) if !signed.strokes.is_empty())
            });
            let shown = def.fields.iter().any(|field| photos_of(record.state(), &photo_item(Some(&done.id), &field.id)).count() > 0);
            prop_assert!(signed && shown, "closed bare by {}", done.step);
        }
    }

    /// Whatever is left out: what counts as done had all that it asks, and what is over as wanted was signed with evidence.
    #[test]
    fn no_way_around_what_a_step_asks(which in any::<prop::sample::Index>(), choices in prop::collection::vec((any::<prop::sample::Index>(), any::<u64>()), 1..14)) {
        let all = shipped();
        let (_, procedure) = which.get(&all);
        let mut walk = Walk::begin(procedure);
        walk.fill(None, &procedure.fields, "甲", |_| false);
        for (choice, left_out) in choices {
            let case = walk.case();
            let next: Vec<String> = case.next(walk.record.state()).map(|step| step.id.clone()).collect();
            if next.is_empty() {
                prop_assert!(case.is_closed(), "stuck in {}", case.state);
                break;
            }
            let chosen: &String = choice.get(&next);
            let step = procedure.step(chosen).unwrap();
            let open = walk.begin_step(&step.id);
            // One field in four is left out, another set in every run.
            walk.fill(Some(&open.id), &step.fields, "乙", |field| (left_out >> (step.fields.iter().position(|other| other.id == field.id).unwrap() % 32 * 2)) & 3 == 0);
            let before = walk.case();
            let asked: Vec<&Field> = step.fields.iter().filter(|field| before.asks(walk.record.state(), Some(&open.id), field) && before.requires(walk.record.state(), Some(&open.id), field)).collect();
            let whole = asked.iter().all(|field| match field.kind {
                FieldKind::Photos { least } => photos_of(walk.record.state(), &photo_item(Some(&open.id), &field.id)).count() >= least.max(1),
                _ => walk.record.state().get(&field_path(Some(&open.id), &field.id)).is_some(),
            });
            let finished = walk.finish(&open).is_ok();
            prop_assert!(whole || !finished, "{} was done without all that it asks", step.id);
            let leads = step.to.as_deref().and_then(|to| procedure.state(to));
            if finished && leads.is_some_and(|state| state.tone == spotcheck::procedure::Tone::Good) {
                prop_assert!(asked.iter().any(|field| matches!(field.kind, FieldKind::Signature { .. })), "{} ends without a signature", step.id);
            }
        }
    }
}

/// Hazards are closed with evidence and a signature, whichever way.
#[test]
fn every_step_that_closes_a_hazard_asks_for_evidence_and_a_signature() {
    let (_, procedure) = shipped().into_iter().find(|(name, _)| name == "hazard").unwrap();
    for step in &procedure.steps {
        let closes = step.to.as_deref().and_then(|to| procedure.state(to)).is_some_and(|state| state.closed);
        let asks = |wanted: fn(&FieldKind) -> bool| {
            step.fields.iter().any(|field| wanted(&field.kind) && field.required == spotcheck::procedure::Required::Plain(true))
        };
        if closes {
            assert!(asks(|kind| matches!(kind, FieldKind::Photos { least: 1.. })), "{}", step.id);
            assert!(asks(|kind| matches!(kind, FieldKind::Signature { .. })), "{}", step.id);
            assert!(step.seals, "{}", step.id);
        }
    }
}
