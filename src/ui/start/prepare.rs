//! What the last step before a visit looks up: unit and equipment, what is proposed, the campaigns, the words of codes.

use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::prelude::WithUntracked as _;
use serde_json::{Value, json};

use crate::app::suggest::{Known, Question};
use crate::app::unit_visits::UnitVisit;
use crate::app::visit::{Values, with_derived};
use crate::app::workspace::AppError;
use crate::domain::checklist::Checklist;
use crate::domain::content::Lang;
use crate::domain::id::RecordId;
use crate::domain::inspection::Summary;
use crate::domain::task::Task;
use crate::domain::time::CivilDate;
use crate::rules::{Campaigns, VisitCaps};
use crate::ui::content;
use crate::ui::library::describe::{Labels, labels, plain_value};
use crate::ui::pool::{self, Listed};
use crate::ui::state::App;

/// A campaign that the visit can belong to.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Season {
    /// What conditions ask for.
    pub code: String,
    /// Name.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Whether it is on today.
    pub on: bool,
}

/// Everything that was looked up.
pub(super) struct Prepared {
    /// Fields of the unit.
    pub unit: Values,
    /// Fields of each piece of equipment.
    pub equipment: Vec<Values>,
    /// The rules that propose checklists.
    pub rules: Rc<Value>,
    /// All checklists.
    pub library: Vec<Listed>,
    /// The campaigns.
    pub seasons: Vec<Season>,
    /// The words of codes.
    pub labels: Labels,
    /// The task that the visit is made for, with the id of its record.
    pub task: Option<(String, Task)>,
    /// Today.
    pub today: CivilDate,
    /// Visits to the unit since the year began, the latest first; none when they could not be read.
    pub visits: Option<Vec<UnitVisit>>,
    /// Caps on visits, and what is told on arrival; none when they can't be read.
    pub caps: Option<VisitCaps>,
}

/// The task with this id; none when it is not here.
pub(super) async fn task(app: App, id: &str) -> Option<Task> {
    let record = app.workspace().load(&RecordId::parse(id).ok()?).await.ok()?;
    Task::read(record.state())
}

/// Looks everything up. What proposes and what is in words may lack; unit and equipment may not.
///
/// # Errors
/// [`AppError`] when unit or equipment can't be read.
pub(super) async fn prepare(app: App, unit: &str, equipment: &[String], task_id: Option<String>) -> Result<Prepared, AppError> {
    let today = crate::domain::time::Instant::from_ms(app.now_ms()).date(app.offset_min());
    let intervals = pool::intervals().await;
    let task = match task_id {
        Some(id) => task(app, &id).await.map(|task| (id, task)),
        None => None,
    };
    let mut of_equipment = Vec::new();
    for id in equipment {
        of_equipment.push(with_derived(pool::fields_of(app, id).await?, intervals.as_ref(), today));
    }
    let mut all_labels = labels().await;
    let goods = goods().await;
    all_labels.insert("product.kind", goods.0);
    all_labels.insert("product.sub", goods.1);
    Ok(Prepared {
        unit: pool::fields_of(app, unit).await?,
        equipment: of_equipment,
        rules: content::json("suggest.json").await.unwrap_or_default(),
        library: pool::library().await,
        seasons: seasons(today).await,
        labels: all_labels,
        task,
        today,
        visits: visits(app, unit, today).await,
        caps: match content::json("rules/visit-caps.json").await {
            Ok(value) => VisitCaps::read(value.to_string().as_bytes()).ok(),
            Err(_) => None,
        },
    })
}

/// How much earlier than a check its record can have been begun at another place, in milliseconds.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

async fn visits(app: App, unit: &str, today: CivilDate) -> Option<Vec<UnitVisit>> {
    let first = CivilDate::parse(&format!("{}-01-01", today.0.format("%Y")))?;
    let from = u64::try_from(first.0.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis()).ok()?.saturating_sub(DAY_MS);
    let of_year: Vec<Summary> =
        app.summaries.with_untracked(|all| all.iter().filter(|one| one.kind == "inspection" && one.created_ms >= from).cloned().collect());
    app.workspace().unit_visits(&of_year, unit).await.ok()
}

async fn seasons(today: CivilDate) -> Vec<Season> {
    let Ok(value) = content::json("rules/campaigns.json").await else { return Vec::new() };
    let Ok(campaigns) = Campaigns::read(value.to_string().as_bytes()) else { return Vec::new() };
    let mut seasons: Vec<Season> = Vec::new();
    for campaign in &campaigns.campaigns {
        let code = &campaign.code;
        match seasons.iter_mut().find(|season| season.code == *code) {
            Some(season) => season.on |= campaign.is_on(today),
            None => seasons.push(Season {
                code: code.clone(),
                zh: campaign.name.zh.clone(),
                en: campaign.name.en.clone(),
                on: campaign.is_on(today),
            }),
        }
    }
    seasons
}

/// Code, Chinese, English.
type Rows = Vec<(String, String, String)>;

/// Kinds of goods, and their finer kinds.
async fn goods() -> (Rows, Rows) {
    let Ok(value) = content::json("codes/goods-kinds.json").await else { return (Vec::new(), Vec::new()) };
    let list = |value: &Value, field: &str| value.get(field).and_then(Value::as_array).cloned().unwrap_or_default();
    let row = |value: &Value| {
        let text = |field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
        Some((text("code")?, text("zh")?, text("en")?))
    };
    let kinds = list(&value, "rows");
    let subs = kinds.iter().flat_map(|kind| list(kind, "subs")).filter_map(|sub| row(&sub)).collect();
    (kinds.iter().filter_map(row).collect(), subs)
}

impl Prepared {
    /// A field of the unit.
    pub fn unit_text(&self, field: &str) -> &str {
        self.unit.iter().find(|(path, _)| path == field).and_then(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// Something that the latest visit to the unit says; the earlier ones where it says nothing. Empty when none does.
    pub fn last_visit(&self, field: impl Fn(&UnitVisit) -> &String) -> String {
        self.visits.iter().flatten().map(field).find(|text| !text.is_empty()).cloned().unwrap_or_default()
    }

    /// The codes that a text of the ledger means: several names with a comma between, or codes.
    fn codes(&self, field: &str, text: &str) -> Vec<String> {
        let rows = self.labels.get(field).map(Vec::as_slice).unwrap_or_default();
        let names = text.split(['、', ',', '，', ';', '；']).map(str::trim).filter(|name| !name.is_empty());
        names
            .filter_map(|name| {
                rows.iter().find(|(code, zh, en)| [code, zh, en].into_iter().any(|known| known == name)).map(|row| row.0.clone())
            })
            .collect()
    }

    /// What the ledger already answers of the questions that conditions ask.
    pub fn answers(&self) -> BTreeMap<String, Vec<String>> {
        let mut answers = BTreeMap::new();
        for (field, text) in [("unit.role", self.unit_text("roles")), ("place.kind", self.unit_text("place_kind"))] {
            let codes = self.codes(field, text);
            if !codes.is_empty() {
                answers.insert(field.to_owned(), codes);
            }
        }
        answers
    }

    /// What the proposing rules may know.
    pub fn known(&self, answers: &BTreeMap<String, Vec<String>>, seasons: &[String]) -> Known {
        let of = |field: &str| answers.get(field).cloned().unwrap_or_default();
        let text = |fields: &Values, name: &str| {
            fields.iter().find(|(path, _)| path == name).and_then(|(_, value)| value.as_str()).unwrap_or_default().to_owned()
        };
        let types = self.equipment.iter().map(|fields| [text(fields, "type_code"), text(fields, "equipment_kind")]);
        let types = types.filter_map(|codes| codes.into_iter().find(|code| !code.is_empty())).collect();
        let nameless = self.unit_text("uscc").is_empty() && self.unit_text("legacy_no").is_empty();
        let licence = match self.unit_text("status") {
            status @ ("revoked" | "cancelled") => vec![status.to_owned()],
            _ if nameless => vec!["unknown".to_owned()],
            _ => Vec::new(),
        };
        Known::from([
            ("equipment_code_prefix", types),
            ("unit_role", of("unit.role")),
            ("body_kind", of("unit.body_kind")),
            ("instrument_kind", of("instrument.kind")),
            ("place_kind", of("place.kind")),
            ("product_kind", of("product.kind")),
            ("sector", self.codes("unit.sector", self.unit_text("sector"))),
            ("campaign", seasons.to_vec()),
            ("licence", licence),
        ])
    }

    /// The questions of a visit that is not about equipment, before any list is chosen: what it is about proposes the lists.
    pub fn first_questions(&self) -> Vec<Question> {
        let of = |field: &str, key: &str| {
            let mut values: Vec<String> = Vec::new();
            let rules = self.rules.get("rules").and_then(Value::as_array).into_iter().flatten();
            let wanted = rules.filter_map(|rule| rule.get("if")?.get(key)?.as_array());
            for value in wanted.flatten().filter_map(Value::as_str) {
                if !values.iter().any(|known| known == value) {
                    values.push(value.to_owned());
                }
            }
            Question { field: field.to_owned(), values }
        };
        let all = [
            of("unit.role", "unit_role"),
            of("product.kind", "product_kind"),
            of("unit.body_kind", "body_kind"),
            of("instrument.kind", "instrument_kind"),
        ];
        all.into_iter().filter(|question| !question.values.is_empty()).collect()
    }

    /// A value of a field in words.
    pub fn label(&self, field: &str, code: &str, lang: Lang) -> String {
        let row = self.labels.get(field).and_then(|rows| rows.iter().find(|(known, _, _)| known == code));
        row.map_or_else(|| plain_value(code), |(_, zh, en)| lang.pick(zh, en)).to_owned()
    }

    /// Whether a chosen list is for equipment although there is none.
    pub fn lacks_equipment(&self, lists: &[Checklist]) -> bool {
        self.equipment.is_empty() && lists.iter().any(Checklist::is_for_equipment)
    }
}

/// What the answers to the questions write into the record: yes and no as such, one value as a text, several as a list.
pub(super) fn answer_values(answers: &BTreeMap<String, Vec<String>>) -> Values {
    let value = |codes: &Vec<String>| match codes.as_slice() {
        [] => Value::Null,
        [one] if one == "true" || one == "false" => json!(one == "true"),
        [one] => json!(one),
        many => json!(many),
    };
    answers.iter().filter(|(_, codes)| !codes.is_empty()).map(|(field, codes)| (field.replace('.', "/"), value(codes))).collect()
}
