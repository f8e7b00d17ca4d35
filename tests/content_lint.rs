//! What the shipped checklists, procedures, code tables and proposals must keep: every rule passes on the content as it is, and every
//! rule notices when the content is spoiled.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests say what they expect")]

#[path = "content_lint/complaint.rs"]
mod complaint;
#[path = "content_lint/content.rs"]
mod content;
#[path = "content_lint/documents.rs"]
mod documents;
#[path = "content_lint/fields.rs"]
mod fields;
#[path = "content_lint/gradings.rs"]
mod gradings;
#[path = "content_lint/items.rs"]
mod items;
#[path = "content_lint/lists.rs"]
mod lists;
#[path = "content_lint/notices.rs"]
mod notices_of_consumers;
#[path = "content_lint/procedures.rs"]
mod procedures;
#[path = "content_lint/signals.rs"]
mod signals;
#[path = "content_lint/tables.rs"]
mod tables;
#[path = "content_lint/texts.rs"]
mod texts;
#[path = "content_lint/triage.rs"]
mod triage;
#[path = "content_lint/visits.rs"]
mod visits;

use content::Content;
use serde_json::{Value, json};

/// A rule: what it finds wrong, each with its place.
type Rule = fn(&Content) -> Vec<String>;

const RULES: &[(&str, Rule)] = &[
    ("schema", tables::schemas),
    ("bureau", tables::bureau),
    ("ids", lists::ids),
    ("readable", lists::readable),
    ("basis", lists::basis),
    ("verified", lists::verified),
    ("applies_to", lists::applies_to),
    ("index", lists::index),
    ("common", lists::common),
    ("seasons", lists::seasons),
    ("languages", texts::languages),
    ("punctuation", texts::punctuation),
    ("length", texts::length),
    ("phrases", texts::phrases),
    ("conditions", fields::conditions),
    ("measures", items::measures),
    ("authorities", items::authorities),
    ("options", items::options),
    ("numbers", items::numbers),
    ("texts once", items::texts_once),
    ("codes", tables::codes),
    ("type codes", tables::type_codes),
    ("suggestions", tables::suggestions),
    ("obligations", tables::obligations),
    ("visit caps", visits::caps),
    ("triage", triage::rules),
    ("masks", triage::masks),
    ("procedures", procedures::readable),
    ("procedure index", procedures::index),
    ("verified steps", procedures::verified),
    ("carried", procedures::carried),
    ("periods", procedures::clocks),
    ("documents", documents::origins),
    ("closing", procedures::closing),
    ("signers", procedures::signers),
    ("names", procedures::names),
    ("procedure conditions", procedures::conditions),
    ("gradings", gradings::readable),
    ("graded items", gradings::items),
    ("grades and severities", gradings::severities),
    ("grades and matters", gradings::references),
    ("templates", documents::readable),
    ("template index", documents::index),
    ("verified templates", documents::verified),
    ("places", documents::known_places),
    ("whole documents", documents::whole),
    ("printed punctuation", documents::punctuation),
    ("complaint form", complaint::readable),
    ("complaint fields", complaint::fills),
    ("verified complaint rules", complaint::verified),
    ("signals", signals::readable),
    ("notices", notices_of_consumers::readable),
];

fn rule(name: &str) -> Rule {
    RULES.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no rule {name}")).1
}

#[test]
fn the_content_keeps_every_rule() {
    let content = Content::load();
    let faults: Vec<String> =
        RULES.iter().flat_map(|(name, rule)| rule(&content).into_iter().map(move |fault| format!("{name}: {fault}"))).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// Puts a value (or nothing, for [`Value::Null`]) at a place of a file; the rule must then say something.
fn notices(name: &str, file: &str, pointer: &str, value: Value) {
    let mut content = Content::load();
    let before = rule(name)(&content);
    content.put(file, pointer, value);
    let after = rule(name)(&content);
    assert!(after.iter().any(|fault| !before.contains(fault)), "{name} does not notice {file}{pointer}");
}

#[test]
fn notices_what_is_wrong_with_a_list() {
    let toys = "checklists/merchandise-childrens-toys.json";
    let retail = "checklists/merchandise-retail.json";
    notices("schema", toys, "/items/0/severity", json!("grave"));
    notices("schema", toys, "/items/0/answer/rule", json!("gte_today"));
    notices("ids", toys, "/items/1/id", json!("merchandise-childrens-toys-001"));
    notices("ids", toys, "/items/0/id", json!("toys-001"));
    notices("ids", toys, "/items/0/id", json!("merchandise-childrens-toys-01"));
    notices("ids", toys, "/id", json!("toys"));
    notices("readable", toys, "/items/0/answer", json!({"type": "date", "rule": "gte_tomorrow"}));
    notices("readable", toys, "/items", json!([]));
    notices("basis", toys, "/items/0/basis/0/ref", json!("NOLAW"));
    notices("basis", toys, "/basis/0/number", json!("第一号"));
    notices("basis", toys, "/items/0/basis", json!([]));
    notices("applies_to", retail, "/applies_to/unit_role/0", json!("shop"));
    notices("applies_to", toys, "/applies_to/product_kinds/0", json!("games"));
    notices("applies_to", "checklists/crane.json", "/applies_to/equipment_code_prefix/0", json!("7"));
    notices("index", toys, "/version", json!("9.9.9"));
    notices("index", toys, "/title_en", json!("Toys"));
    notices("index", toys, "/items/0", Value::Null);
    notices("index", "checklists/index.json", "/files/0", Value::Null);
    notices("common", retail, "/items/0/answer/pass", json!("no"));
    notices("common", retail, "/items/0/severity", json!("serious"));
    notices("common", retail, "/items/5/common", json!("unit.only-here"));
}

#[test]
fn notices_what_is_wrong_with_the_bureau() {
    notices("schema", "bureau.json", "/name_zh", Value::Null);
    notices("schema", "bureau.json", "/phone", json!("call us"));
    notices("schema", "bureau.json", "/upload_url", json!("http://upload.example.gov.cn/"));
    notices("bureau", "bureau.json", "/upload_url", json!("https://upload.example.gov.cn/; script-src *"));
    let mistyped = format!("age1{}", "q".repeat(58));
    notices("bureau", "bureau.json", "/public_key", json!(mistyped));
    notices("bureau", "bureau.json", "/name_zh", json!(7));
}

#[test]
fn notices_what_is_wrong_with_texts() {
    let toys = "checklists/merchandise-childrens-toys.json";
    notices("languages", toys, "/items/0/text_en", json!("玩具"));
    notices("languages", toys, "/items/0/text_zh", json!("Toys"));
    notices("languages", toys, "/items/0/how_en", json!(" "));
    notices("languages", toys, "/items/0/how_zh", Value::Null);
    notices("languages", "suggest.json", "/rules/0/reason_zh", json!("No licence"));
    notices("languages", "codes/sectors.json", "/rows/0/en", json!("化学品"));
    notices("punctuation", toys, "/items/0/text_zh", json!("玩具有标志,证书有效"));
    notices("length", toys, "/items/0/text_zh", json!("玩".repeat(41)));
    notices("phrases", toys, "/items/0/phrases", json!([]));
    notices("phrases", toys, "/items/0/phrases/0/zh", json!("在售某某玩具未见标志"));
    notices("phrases", toys, "/items/0/phrases/0/zh", json!("在售{name}未见标志"));
    notices("phrases", toys, "/items/0/phrases/0/zh", json!("在售_未见标志"));
    notices("phrases", toys, "/items/0/phrases/0/en", json!("A toy bears no mark"));
    notices("phrases", toys, "/items/0/phrases/0/measure_zh", json!(""));
}

#[test]
fn notices_what_is_wrong_with_an_item() {
    let toys = "checklists/merchandise-childrens-toys.json";
    let entry = "checklists/unlicensed-operation.json";
    let season = |value: Value| json!({"field": "season.campaign", "op": "in", "value": value});
    notices("conditions", toys, "/items/0/when", json!({"field": "shop.size", "op": "eq", "value": true}));
    notices("conditions", toys, "/items/0/when", season(json!(["spring"])));
    notices("conditions", toys, "/items/0/when", json!({"field": "season.campaign", "op": "eq", "value": "winter"}));
    notices("conditions", toys, "/items/0/when", json!({"field": "product.kind", "op": "in", "value": ["games"]}));
    notices("conditions", toys, "/items/0/when", json!({"field": "equipment.type_code", "op": "startsWith", "value": ["7"]}));
    notices("conditions", toys, "/items/0/when", json!({"field": "answer:nowhere-001", "op": "in", "value": ["yes"]}));
    notices("conditions", toys, "/items/0/when", json!({"all": [season(json!(["winter"])), season(json!(["spring"]))]}));
    notices("conditions", toys, "/items/0/when", json!({"any": []}));
    notices("conditions", toys, "/items/0/when", json!({"field": "unit.rents_site", "op": "eq", "value": "yes"}));
    notices("conditions", entry, "/items/0/when", json!({"field": "answer:unlicensed-operation-006", "op": "in", "value": ["never"]}));
    notices("measures", toys, "/items/0/on_fail", json!("advise"));
    notices("measures", toys, "/items/0/on_fail", json!("record_only"));
    notices("measures", toys, "/items/0/on_fail", json!("rectify_by_deadline"));
    notices("measures", toys, "/items/0/severity", json!("major"));
    notices("measures", toys, "/items/0/severity_basis", Value::Null);
    notices("authorities", "checklists/merchandise-fireworks.json", "/items/1/transfer_to/0", json!("公安局"));
    notices("authorities", "checklists/merchandise-fireworks.json", "/items/1/transfer_to", Value::Null);
    notices("options", entry, "/items/0/answer/options/1/value", json!("registered"));
    notices("options", entry, "/items/0/answer/options/1/zh", json!("已登记"));
    notices("options", entry, "/items/0/answer/options", json!([{"value": "a", "zh": "有", "en": "Yes", "pass": false}]));
    let number = |value: Value| json!({"type": "number", "unit": "mm", "limit_kind": "advisory"}).merged(&value);
    notices("numbers", toys, "/items/0/answer", number(json!({"min": 2, "max": 1})));
    notices("numbers", toys, "/items/0/answer", number(json!({})));
    notices("numbers", toys, "/items/0/answer", number(json!({"max": 1, "unit": ""})));
    notices("numbers", toys, "/items/0/answer", number(json!({"max": 1, "maxField": "product.nominal_diameter"})));
    notices("numbers", toys, "/items/0/answer", number(json!({"maxField": "product.weight"})));
    notices("numbers", toys, "/items/7/answer", number(json!({"max": 1, "limit_kind": "rule"})));
    notices("texts once", toys, "/items/0/text_zh", json!("无锐利边缘、尖端、夹手缝隙"));
}

#[test]
fn notices_what_is_wrong_with_tables_and_proposals() {
    notices("schema", "codes/sectors.json", "/rows/0/verified", Value::Null);
    notices("schema", "suggest.json", "/rules/0/if", json!({"weather": ["rain"]}));
    notices("schema", "basis.json", "/basis/0/checked", json!("maybe"));
    notices("verified", "rules/intervals.json", "/request/basis/0/verify", json!(true));
    notices("verified", "rules/intervals.json", "/request/basis/0/ref", json!("TSG21"));
    notices("verified", "rules/clocks.json", "/clocks/0/versions/1/verified", json!(true));
    let caps = "rules/visit-caps.json";
    notices("schema", caps, "/caps/0/versions/0/count", json!(0));
    notices("visit caps", caps, "/caps/0/id", json!("general"));
    notices("visit caps", caps, "/caps/4/credit_class", json!(["B"]));
    notices("visit caps", caps, "/exceptions/0/versions/0/basis/0/ref", json!("NOSUCH"));
    notices("visit caps", caps, "/notices/0/purpose_en", json!("We come to check."));
    notices("verified", caps, "/notices/0/verified", json!(true));
    let boiler = "/rules/0/versions/0/obligations";
    notices("obligations", "rules/intervals.json", &format!("{boiler}/0/also_recorded_as"), json!(["periodic", "internal"]));
    notices("obligations", "rules/intervals.json", &format!("{boiler}/0/also_recorded_as"), Value::Null);
    notices("obligations", "rules/intervals.json", &format!("{boiler}/1/also_recorded_as"), json!(["periodic"]));
    notices("obligations", "rules/intervals.json", &format!("{boiler}/0/takes_printed_next"), Value::Null);
    notices("obligations", "rules/intervals.json", &format!("{boiler}/0/replaced_by"), json!(["periodic"]));
    notices("schema", "rules/intervals.json", &format!("{boiler}/0/also_recorded_as"), json!([]));
    notices("codes", "codes/sectors.json", "/rows/1/code", json!("hazchem"));
    notices("codes", "codes/permit-kinds.json", "/rows/0/authority", json!("somebody"));
    notices("codes", "codes/campaigns.json", "/rows/0/code", json!("harvest"));
    notices("codes", "codes/sectors.json", "/schema", json!("codes/branches/1"));
    notices("codes", "codes/instrument-kinds.json", "/rows/0/use", json!("fun"));
    notices("type codes", "codes/equipment-types.json", "/kinds/0/classes/0/code", json!("2100"));
    notices("type codes", "codes/equipment-types.json", "/kinds/2/classes/0/types/1/code", json!("3110"));
    notices("suggestions", "suggest.json", "/rules/0/checklists/0", json!("unknown-list"));
    notices("suggestions", "suggest.json", "/rules/1/id", json!("no-licence"));
    notices("suggestions", "suggest.json", "/rules/2/if/unit_role/0", json!("king"));
    notices("suggestions", "suggest.json", "/rules", json!([]));
    notices("seasons", "suggest.json", "/rules/0/if", json!({"campaign": ["winter"]}));
    notices("seasons", "codes/campaigns.json", "/rows/0/code", json!("harvest"));
}

#[test]
fn notices_what_is_wrong_with_signals() {
    let signals = "rules/signals.json";
    notices("schema", signals, "/rules/0/least", json!(1));
    notices("schema", signals, "/rules/0/match", json!("town"));
    notices("signals", signals, "/rules/1/id", json!("product"));
    notices("signals", signals, "/rules/0/window_days", json!(0));
    notices("signals", signals, "/rules/0/kinds", json!(["hazard"]));
    notices("signals", signals, "/rules/0/verified", json!(true));
    notices("signals", signals, "/rules/0/basis", json!([{"ref": "NOLAW"}]));
    notices("signals", signals, "/weights/1/flag", json!("deaths"));
    notices("signals", signals, "/plain_points", json!(3));
    notices("signals", signals, "/left_out/0/states", json!(["accepted"]));
    let kinds = at("procedures/lead.json", "/fields", "signal_kind");
    notices("signals", "procedures/lead.json", &format!("{kinds}/options/0"), Value::Null);
}

#[test]
fn notices_what_is_wrong_with_what_consumers_read() {
    let how_long = "notices/how-long-it-takes.json";
    notices("schema", how_long, "/kind", json!("law"));
    notices("schema", how_long, "/body/0", json!({"html": {"zh": "字", "en": "a"}}));
    notices("notices", how_long, "/id", json!("other"));
    notices("notices", how_long, "/until", json!("2020-01-01"));
    notices("notices", how_long, "/basis/0/ref", json!("NOLAW"));
    notices("notices", how_long, "/basis/3/verify", Value::Null);
    notices("notices", how_long, "/verified", json!(true));
    notices("notices", how_long, "/basis", Value::Null);
    notices("notices", "notices/trapped-in-a-lift.json", "/basis", json!([{"ref": "CPL"}]));
    notices("notices", "notices/index.json", "/files/0", Value::Null);
    notices("notices", "notices/index.json", "/files/0", json!("nowhere"));
    notices("languages", how_long, "/title/en", json!("多久"));
}

/// The place of a field in a form, or of a step in a procedure.
fn at(file: &str, list: &str, id: &str) -> String {
    let content = Content::load();
    let all = content.file(file).pointer(list).and_then(Value::as_array).unwrap_or_else(|| panic!("no {file}{list}"));
    let index = all.iter().position(|one| content::text(one, "id") == id).unwrap_or_else(|| panic!("no {id} in {file}{list}"));
    format!("{list}/{index}")
}

#[test]
fn notices_what_is_wrong_with_a_procedure() {
    let hazard = "procedures/hazard.json";
    let step = |id: &str| at(hazard, "/steps", id);
    let field = |form: &str, id: &str| at(hazard, &format!("{form}/fields"), id);
    let (order, pass, end) = (step("order"), step("reinspect_pass"), step("end"));
    notices("schema", hazard, "/schema", json!("procedure/2"));
    notices("schema", hazard, &format!("{order}/form"), json!(1));
    notices("schema", hazard, &format!("{}/least", field("", "place")), json!(1));
    notices("schema", hazard, &format!("{}/options", field(&order, "measures")), Value::Null);
    notices("schema", hazard, "/clocks/0/until", Value::Null);
    notices("schema", hazard, &format!("{order}/zh"), json!("责".repeat(81)));
    notices("procedures", hazard, "/id", json!("danger"));
    notices("procedures", hazard, "/start", json!("nowhere"));
    notices("procedures", hazard, &format!("{}/to", step("report")), Value::Null);
    notices("signers", hazard, &format!("{}/who", field(&order, "sign_unit")), json!("nobody"));
    notices("procedures", hazard, "/clocks/0/met_on", json!(["never"]));
    notices("schema", "procedure-index.json", "/groups/0/procedures", json!([]));
    notices("procedure index", "procedure-index.json", "/groups/0/procedures/0", json!("danger"));
    notices("procedure index", "procedure-index.json", "/groups/0/procedures/1", json!("hazard"));
    notices("carried", hazard, &format!("{}/carry", field(&order, "order_content")), json!(true));
    notices("basis", hazard, &format!("{order}/basis/0/ref"), json!("NOLAW"));
    notices("verified steps", hazard, &format!("{order}/basis/0/ref"), json!("ORDER50"));
    notices("verified steps", hazard, "/basis/0/verify", json!(true));
    notices("verified steps", "basis.json", "/basis/0/checked", json!("knowledge"));
    notices("periods", hazard, &format!("{}/period", at(hazard, "/clocks", "reinspect")), json!("someday"));
    notices("periods", hazard, &format!("{}/from_day", at(hazard, "/clocks", "reinspect")), json!("stopped_on"));
    notices("periods", hazard, &format!("{}/until", at(hazard, "/clocks", "rectify")), json!("asked_until"));
    notices("periods", hazard, &format!("{}/met_on", at(hazard, "/clocks", "rectify")), json!(["stopped_on"]));
    notices("documents", hazard, &format!("{order}/documents/0"), json!("fine"));
    notices("closing", hazard, &format!("{pass}/seals"), Value::Null);
    notices("closing", hazard, &format!("{}/required", field(&pass, "after")), json!({"field": "serious", "op": "eq", "value": true}));
    notices("closing", hazard, &format!("{}/when", field(&pass, "after")), json!({"field": "serious", "op": "eq", "value": true}));
    notices("closing", hazard, &format!("{}/type", field(&end, "sign_approver")), json!("text"));
    notices("closing", hazard, &format!("{}/closed", at(hazard, "/states", "ended")), Value::Null);
    notices("signers", hazard, &format!("{}/who", field(&order, "sign_unit")), json!("order_content"));
    notices("names", hazard, "/title/zh", json!("隐".repeat(81)));
    notices("names", hazard, &format!("{}/options/0/en", field(&order, "measures")), json!("o".repeat(81)));
    let condition = |field: &str, op: &str, value: Value| json!({"field": field, "op": op, "value": value});
    let when = format!("{order}/when");
    notices("procedure conditions", hazard, &when, condition("colour", "eq", json!(true)));
    notices("procedure conditions", hazard, &when, condition("serious", "eq", json!("yes")));
    notices("procedure conditions", hazard, &when, condition("measures", "in", json!(["dance"])));
    notices("procedure conditions", hazard, &when, condition("measures", "gte", json!("case")));
    notices("procedure conditions", hazard, &when, condition("state", "eq", json!("nowhere")));
    notices("procedure conditions", hazard, &when, condition("deadline", "eq", json!("2026-01-01")));
    notices("procedure conditions", hazard, &when, json!({"any": [condition("sign_unit", "eq", json!(true))]}));
    notices("languages", hazard, &format!("{order}/en"), json!("责令"));
    notices("punctuation", hazard, &format!("{order}/note/zh"), json!("先口头,后书面"));
}

/// The place of the block with the signatures of a template.
fn signing(file: &str) -> String {
    let content = Content::load();
    let blocks = content::array(content.file(file), "blocks");
    let index =
        blocks.iter().position(|block| content::text(block, "type") == "signatures").unwrap_or_else(|| panic!("nobody signs {file}"));
    format!("/blocks/{index}")
}

#[test]
fn notices_what_is_wrong_with_a_template() {
    let order = "documents/supervision_order.json";
    let field = |id: &str| at(order, "/fields", id);
    notices("schema", order, "/schema", json!("document/2"));
    notices("schema", order, "/blocks/0/colour", json!("red"));
    notices("schema", order, "/blocks/0/type", json!("picture"));
    notices("schema", order, "/signatures/0/type", json!("text"));
    notices("schema", order, &format!("{}/type", field("facts")), json!("photos"));
    notices("templates", order, "/id", json!("order"));
    notices("templates", order, "/blocks/0/text", json!("{bureau"));
    notices("templates", order, "/series/format", json!("{mark}责改〔{year}〕{n}号"));
    notices("template index", "document-index.json", "/documents/0", Value::Null);
    notices("template index", "document-index.json", "/documents/0/id", json!("fine"));
    notices("template index", order, "/of/0", Value::Null);
    notices("schema", "document-index.json", "/documents/0/of", json!([]));
    notices("verified templates", order, "/basis/0/ref", json!("ORDER50"));
    notices("verified templates", order, "/verified", json!(true));
    notices("documents", order, "/of/1/steps", json!(["order"]));
    notices("documents", order, "/of/1/steps/0", json!("dance"));
    notices("documents", order, "/of/1/kind", json!("danger"));
    notices("documents", "procedures/hazard.json", "/steps/0/documents", json!(["fine"]));
    notices("documents", order, "/series", Value::Null);
    notices("places", order, "/blocks/0/text", json!("{bureau}{office.name}"));
    notices("places", order, "/blocks/0/text", json!("{bureau}{doc.colour?}"));
    notices("places", order, "/blocks/0/text", json!("{bureau}{doc.party.name?}"));
    notices("places", order, "/blocks/0/text", json!("{bureau}{about.colour?}"));
    notices("places", order, "/blocks/0/text", json!("{bureau}{about.order_no}"));
    notices("places", order, "/blocks/0/when", json!({"field": "codes.colour", "op": "eq", "value": true}));
    notices("places", order, &format!("{}/preset/0", field("deadline")), json!("about.description"));
    notices("places", order, &format!("{}/preset/0", field("violated")), json!("{about.colour}"));
    let preservation = "documents/preservation.json";
    notices("places", preservation, &format!("{}/columns/0/id", at(preservation, "/fields", "list")), json!("what"));
    notices("whole documents", order, "/blocks/0/text", json!("指令书"));
    notices("whole documents", order, "/blocks/2", Value::Null);
    notices("whole documents", order, "/blocks/1", Value::Null);
    notices("whole documents", order, "/series", Value::Null);
    notices("whole documents", order, &format!("{}/id", field("oral")), json!("spoken"));
    notices("whole documents", order, &format!("{}/of/0", signing(order)), Value::Null);
    notices("printed punctuation", order, "/blocks/0/text", json!("{bureau}指令,书"));
    notices("languages", order, &format!("{}/en", field("facts")), json!("事实"));
    notices("basis", order, "/basis/0/ref", json!("NOLAW"));
}

#[test]
fn notices_what_is_wrong_with_gradings_and_consequences() {
    let (gradings, consequences, accidents) = ("rules/gradings.json", "rules/consequences.json", "rules/accident-grades.json");
    let boiler = "/gradings/1/clauses/2";
    notices("schema", gradings, &format!("{boiler}/kinds/0"), json!("boiler"));
    notices("schema", gradings, &format!("{boiler}/triggers/0/fact"), json!("overdue_in_use"));
    notices("schema", consequences, "/consequences/0/may", json!({}));
    notices("schema", accidents, "/grades/0/any/0/all", json!([{"field": "age", "at_least": 3}]));
    notices("gradings", gradings, &format!("{boiler}/id"), json!("order57-25-1"));
    notices("gradings", consequences, "/consequences/0/fines/0/low", json!(1_000_000));
    notices("gradings", accidents, "/grades/0/rank", json!(1));
    notices("graded items", gradings, &format!("{boiler}/triggers/0/items/0"), json!("boiler-099"));
    notices("graded items", gradings, &format!("{boiler}/kinds/0"), json!("7"));
    notices("graded items", gradings, &format!("{boiler}/kinds/0"), json!("3"));
    notices("graded items", consequences, "/consequences/0/may/items/0/items/0", json!("boiler-099"));
    notices("grades and severities", gradings, &format!("{boiler}/triggers"), json!([]));
    notices("grades and severities", gradings, &format!("{boiler}/triggers/0/items/0"), json!("boiler-001"));
    notices("grades and severities", "checklists/boiler.json", "/items/4/severity", json!("serious"));
    let sealed = at(consequences, "/consequences", "tssl-95-2");
    notices("grades and matters", consequences, &format!("{sealed}/may/when/value"), json!("weld"));
    notices("grades and matters", consequences, &format!("{sealed}/may/clauses"), json!(["order57-25-9"]));
    notices("grades and matters", accidents, "/grades/0/id", json!("huge"));
    notices("grades and matters", accidents, "/grades/0/any/3/all/0/special/0", json!("flood"));
    notices("grades and matters", gradings, "/gradings/0/basis/0/ref", json!("ORDER50"));
    notices("verified", consequences, "/consequences/0/basis/0/ref", json!("ORDER50"));
    notices("basis", consequences, "/consequences/0/basis/0/ref", json!("NOLAW"));
    notices("punctuation", gradings, &format!("{boiler}/zh"), json!("锅炉,继续使用"));
    notices("languages", accidents, "/grades/0/en", json!("特别重大"));
}

trait Merged {
    fn merged(self, other: &Value) -> Value;
}

impl Merged for Value {
    fn merged(mut self, other: &Value) -> Value {
        for (key, value) in other.as_object().unwrap() {
            self[key] = value.clone();
        }
        self
    }
}

#[test]
fn notices_what_is_wrong_with_the_form_of_consumers() {
    let form = "complaint-form.json";
    notices("schema", form, "/steps/1/fields/0/type", json!("dropdown"));
    notices("schema", form, "/rules/0/level", json!("grave"));
    notices("languages", form, "/steps/0/zh", json!("Safety"));
    notices("complaint form", form, "/steps/2/fields/2/when", json!({"field": "moon", "op": "eq", "value": true}));
    notices("complaint form", form, "/rules/0/has/0/0", json!("moon"));
    notices("complaint form", form, "/fit/0/when/field", json!("moon"));
    notices("complaint form", form, "/steps/1/fields/1/id", json!("about"));
    notices("complaint fields", form, "/steps/1/fields/1/fills/report", json!("moon"));
    notices("complaint fields", form, "/steps/1/fields/1/options/0/id", json!("cars"));
    notices("complaint fields", form, "/steps/1/fields/0/options/0/sets/trade", json!("moon"));
    notices("complaint fields", form, "/rules/0", Value::Null);
    notices("verified complaint rules", form, "/rules/0/basis/0/verify", Value::Null);
}

#[test]
fn notices_what_is_wrong_with_triage() {
    let file = "rules/triage.json";
    notices("schema", file, "/origin", json!("law"));
    notices("schema", file, "/urgent/0/rank", json!(0));
    notices("triage", file, "/urgent/1/id", json!("deaths"));
    notices("triage", file, "/procedures/0/id", json!("petition"));
    notices("triage", file, "/procedures/0/incoming/0", json!("nowhere"));
    notices("triage", file, "/urgent/1/when/field", json!("harm"));
    notices("triage", file, "/near/0/same/0/0", json!("harm"));
    notices("masks", "procedures/complaint.json", "/confidential", Value::Null);
    notices("masks", "procedures/report.json", "/listed/0", json!("harm"));
}
