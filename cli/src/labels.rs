//! What stands in a record, in words: its places, its codes, its items.

use std::collections::BTreeMap;

use serde_json::Value;
use spotcheck::domain::inspection::{parse_key, subject_order};
use spotcheck::domain::journal::State;
use spotcheck::domain::time::Instant;

use crate::text::clean;
use crate::words::Lang;

/// Puts places and values of one record into words.
pub struct Labels<'a> {
    lang: Lang,
    /// The items of the checklists that the record carries, each with its number.
    items: BTreeMap<&'a str, (usize, &'a Value)>,
    /// What people call the equipment of the visit, by its number.
    subjects: BTreeMap<u32, String>,
    offset_min: i32,
}

impl<'a> Labels<'a> {
    pub fn of(state: &'a State, lang: Lang) -> Self {
        let of_list = |list: &'a Value| {
            let items = list.get("items").and_then(Value::as_array).into_iter().flatten().enumerate();
            items.filter_map(|(index, item)| Some((item.get("id")?.as_str()?, (index + 1, item))))
        };
        let items = checklists(state).into_iter().flat_map(of_list).collect();
        let mut subjects = BTreeMap::new();
        for (rest, _) in state.under("subjects") {
            if let Some(number) = rest.split('/').next().and_then(|number| number.parse::<u32>().ok()) {
                subjects.entry(number).or_insert_with(|| subject_title(state, number, lang));
            }
        }
        Self { lang, items, subjects, offset_min: spotcheck::domain::inspection::started(state).1 }
    }

    /// A place; one that has no word stays as it is.
    pub fn path(&self, path: &str) -> String {
        let known = match path.split('/').collect::<Vec<_>>().as_slice() {
            ["answers", key, name] => return format!("{} {}", self.question(key), self.field(name)),
            ["subjects", number, rest @ ..] => {
                let title = number.parse().ok().and_then(|number| self.subjects.get(&number)).cloned().unwrap_or_else(|| clean(number));
                return format!("{title} {}", self.field(&rest.join("/")));
            }
            ["checklists", _] => return self.field("checklist"),
            ["seals", number] if self.lang == Lang::Zh => return format!("第{}次签封", clean(number)),
            ["photos", photo, rest @ ..] if self.lang == Lang::Zh => {
                let tail: String = photo.chars().skip(photo.chars().count().saturating_sub(6)).collect();
                return clean(&[&["照片", tail.as_str()], rest].concat().iter().map(|part| self.field(part)).collect::<Vec<_>>().join(" "));
            }
            ["signatures", role] => return format!("{} {}", self.lang.pick("签名", "signature"), self.field(role)),
            ["equipment", "name"] => ("设备名称或编号", "equipment/name"),
            ["equipment", "code"] => ("设备代码", "equipment/code"),
            ["equipment", "cert_no"] => ("使用登记证编号", "equipment/cert_no"),
            ["unit", "name"] => ("单位名称", "unit/name"),
            ["unit", "uscc"] => ("统一社会信用代码", "unit/uscc"),
            ["inspectors", "1"] => ("检查人员一", "inspector 1"),
            ["inspectors", "2"] => ("检查人员二", "inspector 2"),
            ["conclusion", "result"] => ("检查结论", "conclusion"),
            [group @ ("unit" | "equipment" | "conclusion"), name] => {
                return if self.lang == Lang::Zh { self.field(name) } else { format!("{group}/{}", clean(name)) };
            }
            [name] => return self.field(name),
            _ => return clean(path),
        };
        self.lang.pick(known.0, known.1).to_owned()
    }

    /// A question by its key: the equipment where it is about one, and the number of the item.
    pub fn question(&self, key: &str) -> String {
        let (item, subject, repeat) = parse_key(key);
        let number = self.items.get(item).map_or_else(|| clean(key), |(number, _)| self.number(*number));
        let repeat: String = repeat.iter().map(|number| format!(" #{number}")).collect();
        match subject.and_then(|number| self.subjects.get(&number)) {
            Some(title) => format!("{title} {number}{repeat}"),
            None => format!("{number}{repeat}"),
        }
    }

    /// What people call a piece of equipment of the visit.
    pub fn subject(&self, number: u32) -> String {
        self.subjects.get(&number).cloned().unwrap_or_else(|| number.to_string())
    }

    fn number(&self, number: usize) -> String {
        match self.lang {
            Lang::Zh => format!("第{number}项"),
            Lang::En => format!("item {number}"),
        }
    }

    /// The last segment of a place.
    pub fn field(&self, name: &str) -> String {
        let (zh, en) = match name {
            "verdict" => ("结果", "verdict"),
            "value" => ("填写值", "value"),
            "finding" => ("问题描述", "finding"),
            "severity" => ("隐患等级", "severity"),
            "measure" => ("处理措施", "measure"),
            "requirement" => ("整改要求", "requirement"),
            "deadline" => ("整改期限", "deadline"),
            "note" => ("备注", "note"),
            "id" => ("编号", "id"),
            "name" => ("名称", "name"),
            "uscc" => ("统一社会信用代码", "credit code"),
            "address" => ("地址", "address"),
            "contact" => ("联系人", "contact"),
            "phone" => ("电话", "phone"),
            "code" => ("代码", "code"),
            "type_code" => ("品种代码", "type code"),
            "cert_no" => ("证号", "certificate"),
            "place" => ("位置", "place"),
            "maintainer" => ("维保单位", "maintainer"),
            "rescue_code" => ("救援识别码", "rescue code"),
            "has_machine_room" => ("有机房", "machine room"),
            "next_due" => ("下次检验日期", "next inspection"),
            "lists" => ("适用检查表", "checklists"),
            "removed" => ("未列入检查的原因", "taken out"),
            "campaign" => ("专项", "campaign"),
            "1" => ("检查人员一", "inspector 1"),
            "2" => ("检查人员二", "inspector 2"),
            "inspector1" => ("检查人员一", "inspector 1"),
            "inspector2" => ("检查人员二", "inspector 2"),
            "attendant" => ("陪同人员", "attendant"),
            "result" => ("检查结论", "result"),
            "opinion" => ("单位意见", "opinion"),
            "remark" => ("其他情况", "remark"),
            "caption" => ("说明", "caption"),
            "marks" => ("圈画", "marks"),
            "deleted" => ("删除", "deleted"),
            "kind" => ("记录类型", "kind"),
            "checklist" => ("检查表", "checklist"),
            "started" => ("开始时间", "started"),
            "bureau" => ("检查单位", "bureau"),
            "inspection_kind" => ("检查类别", "inspection kind"),
            "task_source" => ("任务来源", "task source"),
            "credentials_shown" => ("出示证件", "credentials shown"),
            "purpose_told" => ("说明来意", "purpose explained"),
            "rights_told" => ("告知权利", "rights told"),
            "approval_no" => ("审批编号", "approval number"),
            "approval/by" => ("审批人", "approved by"),
            "approval/day" => ("审批日期", "approved on"),
            "approval/urgent" => ("紧急情况，事后补办", "urgent, approved afterwards"),
            "frequency/count" => ("今年此前检查次数", "visits this year before"),
            "frequency/joint" => ("与当天另一次算同一次", "one with another of that day"),
            "frequency/cap" => ("年度次数上限", "visits a year at most"),
            "frequency/exclusion" => ("同年不再检查的规定", "rule against another check this year"),
            "frequency/exception" => ("例外情形", "exception"),
            "frequency/note" => ("例外说明", "about the exception"),
            "voided" => ("作废原因", "voided"),
            "unit_id" => ("单位编号", "unit id"),
            other => return clean(other),
        };
        self.lang.pick(zh, en).to_owned()
    }

    /// A value as one line of text.
    pub fn value(&self, path: &str, value: &Value) -> String {
        let code = value.as_str().unwrap_or_default();
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        if value.is_null() {
            return self.lang.pick("（已清除）", "(removed)").to_owned();
        }
        match path.split('/').collect::<Vec<_>>().as_slice() {
            ["answers", _, "verdict" | "severity" | "measure"] | ["conclusion", "result"] | ["kind" | "inspection_kind"] => self.code(code),
            ["answers", item, "value"] => self.answer(item, value),
            ["inspectors", _] | ["signatures", _] if value.get("refused").is_none() => {
                brief_text(format!("{} {}", text("name"), text("cert_no")).trim())
            }
            ["signatures", _] => {
                let refused = self.lang.pick("拒绝签名", "refused");
                brief_text(&format!("{refused}: {} · {}", text("reason"), text("witness")))
            }
            ["seals", _] => self.lang.pick("签封", "sealed").to_owned(),
            ["photos", _] => brief_text(text("sha256")),
            ["photos", _, "marks"] => {
                let count = value.get("strokes").and_then(Value::as_array).map_or(0, Vec::len);
                match self.lang {
                    Lang::Zh => format!("{count} 处圈画"),
                    Lang::En => format!("{count} marks"),
                }
            }
            ["checklist"] | ["checklists", _] => {
                let title = value.get(self.lang.pick("title_zh", "title_en")).or_else(|| value.get("title_zh"));
                brief_text(&format!("{} ({})", title.and_then(Value::as_str).unwrap_or_default(), text("version")))
            }
            ["frequency", "cap" | "exclusion" | "exception"] => {
                let said = value.get(self.lang.pick("zh", "en")).and_then(Value::as_str).unwrap_or_default();
                let count = value.get("count").and_then(Value::as_u64).map(|count| format!("{count} · ")).unwrap_or_default();
                let doubtful = value.get("verified").and_then(Value::as_bool) == Some(false);
                brief_text(&format!("{count}{said}{}", if doubtful { self.lang.pick("（未核实）", " (unverified)") } else { "" }))
            }
            ["started" | "credentials_shown" | "purpose_told" | "rights_told"] => match value.get("ms").and_then(Value::as_u64) {
                Some(ms) => Instant::from_ms(ms).minute_text(self.offset_min),
                None => self.plain(value),
            },
            _ => self.plain(value),
        }
    }

    fn plain(&self, value: &Value) -> String {
        match value {
            Value::Bool(true) => self.lang.pick("是", "yes").to_owned(),
            Value::Bool(false) => self.lang.pick("否", "no").to_owned(),
            Value::String(text) => brief_text(text),
            other => brief_text(&other.to_string()),
        }
    }

    fn answer(&self, key: &str, value: &Value) -> String {
        let spec = self.items.get(parse_key(key).0).and_then(|(_, item)| item.get("answer"));
        let options = spec.and_then(|spec| spec.get("options")).and_then(Value::as_array);
        let word = |code: &str| {
            let option = options.into_iter().flatten().find(|option| option.get("value").and_then(Value::as_str) == Some(code));
            let label = option.and_then(|option| option.get(self.lang.pick("zh", "en"))).and_then(Value::as_str);
            brief_text(label.unwrap_or(code))
        };
        match value {
            Value::String(code) => word(code),
            Value::Array(codes) => codes.iter().filter_map(Value::as_str).map(word).collect::<Vec<_>>().join(self.lang.pick("、", ", ")),
            other => match spec.and_then(|spec| spec.get("unit")).and_then(Value::as_str) {
                Some(unit) => format!("{} {}", self.plain(other), clean(unit)),
                None => self.plain(other),
            },
        }
    }

    /// A stored code; one that this version does not know stays a code.
    pub fn code(&self, code: &str) -> String {
        let (zh, en) = match code {
            "pass" => ("符合", "pass"),
            "fail" => ("不符合", "fail"),
            "na" => ("不适用", "n/a"),
            "general" => ("一般", "general"),
            "serious" => ("严重", "serious"),
            "major" => ("重大", "major"),
            "no_problem" => ("未发现问题", "no problem found"),
            "corrected_on_spot" => ("问题已当场改正", "corrected on the spot"),
            "rectify" => ("责令限期改正", "order to correct by a date"),
            "stop_use" => ("责令停止使用", "order to stop use"),
            "file_case" => ("移交立案查处", "referred for a case"),
            "record_only" => ("仅记录", "record only"),
            "rectify_by_deadline" => ("责令限期改正", "order to correct by a date"),
            "stop_use_and_report" => ("责令停止使用并报告上一级", "stop use and report one level up"),
            "stop_use_report_and_supervise" => ("停止使用、报告并督办", "stop use, report and supervise"),
            "stop_sale_and_file_clue" => ("停止销售并登记案源线索", "stop the sale and record a case lead"),
            "stop_use_and_file_clue" => ("停止使用并登记案源线索", "stop use and record a case lead"),
            "sample_and_file_clue" => ("抽样送检并登记线索", "sample and record a lead"),
            "stop_and_file_case" => ("责令停止并登记案源", "stop the act and register a case source"),
            "transfer" => ("移送有关部门", "transfer to another authority"),
            "transfer_or_file" => ("判断管辖后移送或者立案", "transfer or file after a jurisdiction check"),
            "stop_and_transfer" => ("责令停止并移送", "stop the act and transfer"),
            "routine" => ("常规", "routine"),
            "special" => ("专项", "special"),
            "post_licence" => ("证后", "after licensing"),
            "other" => ("其他", "other"),
            "inspection" => ("现场检查", "inspection"),
            "unit" => ("单位", "unit"),
            "equipment" => ("设备", "equipment"),
            other => return brief_text(other),
        };
        self.lang.pick(zh, en).to_owned()
    }
}

/// The checklists that a record carries, in the order in which they were added.
pub fn checklists(state: &State) -> Vec<&Value> {
    let mut cells: Vec<_> = state.cell("checklist").into_iter().chain(state.under("checklists").map(|(_, cell)| cell)).collect();
    cells.sort_by_key(|cell| cell.at);
    cells.into_iter().map(|cell| &cell.value).collect()
}

fn subject_title(state: &State, number: u32, lang: Lang) -> String {
    let fields = ["name", "code", "cert_no"].into_iter().map(|field| state.text(&format!("subjects/{number}/{field}")).unwrap_or_default());
    let title = fields.filter(|text| !text.is_empty()).map(brief_text).next();
    title.unwrap_or_else(|| format!("{} {}", lang.pick("设备", "equipment"), subject_order(number).0))
}

/// A text as one short line.
pub fn brief_text(text: &str) -> String {
    let cut: String = text.chars().take(200).collect();
    clean(&if cut.len() < text.len() { format!("{cut}…") } else { cut })
}
