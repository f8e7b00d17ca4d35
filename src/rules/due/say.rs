//! Steps, warnings and reasons in words.

use super::{Clause, Reason, Step, Warning};
use crate::rules::said::Said;

impl Step {
    /// The rule that the step applied.
    #[must_use]
    pub fn clause(&self) -> Option<&Clause> {
        match self {
            Self::Interval(interval) => Some(&interval.clause),
            Self::Year { rule, .. } => Some(&rule.clause),
            Self::Repaired { clause, .. } => Some(clause),
            Self::KeptBase(rule) => Some(&rule.clause),
            Self::Restarted { rule, .. } => Some(&rule.clause),
            Self::After { rule, .. } => Some(&rule.clause),
            Self::Rule(..) | Self::RecordedAs { .. } | Self::Base { .. } | Self::Last { .. } | Self::Computed(_) | Self::Printed(_) => None,
        }
    }

    /// The step in words.
    #[must_use]
    pub fn say(&self) -> Said {
        match self {
            Self::Rule(rule, since) => {
                let (zh, en) = since.map_or_else(Default::default, |day| (format!("（{day}起的规则）"), format!(" (rule since {day})")));
                Said::new(format!("{}{zh}", rule.name.zh), format!("{}{en}", rule.name.en))
            }
            Self::RecordedAs { name, obligation } => {
                let column = match name.as_str() {
                    "periodic" => Said::new("“检验日期、检验结论”栏", "The columns “Inspected on” and “Inspection conclusion”"),
                    _ => Said::new("以别的名称登记的检验", "What is recorded under another name"),
                };
                Said::new(format!("{}按{}计", column.zh, obligation.name.zh), format!("{} counted as: {}", column.en, obligation.name.en))
            }
            Self::Base { path: Some(path), when } => {
                let name = name_of(path);
                Said::new(format!("基准：{}{when}", name.zh), format!("Base: {} {when}", name.en))
            }
            Self::Base { path: None, when } => {
                Said::new(format!("基准：停用后重新检验{when}"), format!("Base: inspection before restart {when}"))
            }
            Self::Last { obligation, when } => {
                Said::new(format!("最近一次{}：{when}", obligation.name.zh), format!("Last time ({}): {when}", obligation.name.en))
            }
            Self::Interval(interval) => interval.clause.said.clone(),
            Self::Year { year, rule, due } => {
                Said::new(format!("第{year}年，{due}（{}）", rule.clause.said.zh), format!("Year {year}, {due} ({})", rule.clause.said.en))
            }
            Self::Repaired { year, on, clause } => Said::new(
                format!("第{year}年由{on}的重大修理监督检验代替（{}）", clause.said.zh),
                format!("Year {year}: the major repair of {on} did for it ({})", clause.said.en),
            ),
            Self::KeptBase(rule) => rule.clause.said.clone(),
            Self::Restarted { on, months, rule } => Said::new(
                format!("停用{months}个月后于{on}恢复使用，其间没有检验（{}）", rule.clause.said.zh),
                format!("Use resumed on {on} after {months} months without an inspection ({})", rule.clause.said.en),
            ),
            Self::After { on, rule } => Said::new(format!("{on}：{}", rule.clause.said.zh), format!("{on}: {}", rule.clause.said.en)),
            Self::Computed(when) => Said::new(format!("按规则推算：{when}"), format!("By the rule: {when}")),
            Self::Printed(when) => {
                Said::new(format!("报告或者标志载明：{when}，以此为准"), format!("Printed on the report or mark: {when}, which prevails"))
            }
        }
    }
}

impl Warning {
    /// The warning in words.
    #[must_use]
    pub fn say(&self) -> Said {
        match self {
            Self::PrintedLater { printed, allowed } => Said::new(
                format!("载明的{printed}晚于规则允许的{allowed}，请核对报告"),
                format!("The printed {printed} is later than {allowed} that the rule allows: check the report"),
            ),
            Self::PrintedStale(when) => Said::new(
                format!("载明的{when}早于或者就是最近一次检验，可能没有更新，未采用"),
                format!("The printed {when} was met by the last inspection and seems not renewed: not used"),
            ),
            Self::PrintedSoon { printed, last } => Said::new(
                format!("载明的{printed}离最近一次检验{last}不到半年，可能没有更新，请核对"),
                format!("The printed {printed} comes within half a year of the last inspection of {last} and may not be renewed: check"),
            ),
            Self::NotCompared(paths) => {
                let (zh, en) = names_of(paths);
                Said::new(format!("没有与规则核对，缺少：{zh}"), format!("Not compared with the rule; missing: {en}"))
            }
            Self::PrintedBefore { printed, event } => Said::new(
                format!("载明的{printed}出自{event}之前的报告，未采用"),
                format!("The printed {printed} is from a report before {event}: not used"),
            ),
            Self::BaseMoved { from, to } => Said::new(format!("基准由{from}变为{to}"), format!("The base moved from {from} to {to}")),
            Self::RelocatedSince(when) => Said::new(
                format!("{when}移装后没有安装监督检验记录"),
                format!("Moved in {when}, with no inspection of the installation recorded since"),
            ),
            Self::InspectBeforeRestart { months: Some(months) } => Said::new(
                format!("已停用{months}个月，恢复使用前应当检验"),
                format!("Out of use for {months} months: inspect before use resumes"),
            ),
            Self::InspectBeforeRestart { months: None } => {
                Said::new("停用期间检验到期，恢复使用前应当检验", "Fell due while out of use: inspect before use resumes")
            }
            Self::TooEarly { done, due, rule } => Said::new(
                format!("{done}的检验比{due}提前超过{}个月，不能代替", rule.months),
                format!("Done in {done}, more than {} months before {due}: does not do for it", rule.months),
            ),
            Self::NoRecord(when) => Said::new(
                format!("没有{when}应当进行的那一次的记录，请核对"),
                format!("Nothing is recorded of the one due in {when}: check"),
            ),
            Self::BodyDecides { earliest: Some(earliest), latest } => Said::new(
                format!("由检验机构在{earliest}至{latest}之间确定，看报告；这里是最迟日期"),
                format!("The inspection body sets a date from {earliest} to {latest}, see the report; this is the latest"),
            ),
            Self::BodyDecides { earliest: None, latest } => Said::new(
                format!("由检验机构确定，看报告；最迟{latest}"),
                format!("The inspection body sets it, see the report; {latest} at the latest"),
            ),
            Self::Monitored(when) => Said::new(format!("监控使用，累计不超过{when}"), format!("Monitored use, until {when} in all")),
            Self::Assumed(paths) => {
                let (zh, en) = names_of(paths);
                Said::new(format!("没有填写{zh}，按一般情况推算"), format!("Not recorded: {en}; the ordinary case was assumed"))
            }
            Self::InFuture { path, when } => {
                let name = name_of(path);
                Said::new(format!("{}{when}在今天之后，请核对", name.zh), format!("{} {when} lies in the future: check", name.en))
            }
            Self::Unreadable(path) => {
                let name = name_of(path);
                Said::new(format!("{}无法识别，按未填写处理", name.zh), format!("{} can’t be read and counts as missing", name.en))
            }
        }
    }
}

impl Reason {
    /// The reason in words.
    #[must_use]
    pub fn say(&self) -> Said {
        match self {
            Self::Missing(paths) => {
                let (zh, en) = names_of(paths);
                Said::new(format!("无法推算，缺少：{zh}"), format!("Can’t be computed; missing: {en}"))
            }
            Self::NoInterval => Said::new("没有适用的周期，以报告为准", "No interval applies: see the report"),
            Self::OutOfRange => {
                Said::new("无法推算，规则的数字超出日期范围", "Can’t be computed: the numbers of the rule go beyond any date")
            }
            Self::NotInForce => Said::new("当时没有可用的规则版本", "No version of the rule was in force then"),
            Self::BodyDecides => Said::new("由检验机构确定，看报告", "The inspection body sets it: see the report"),
            Self::LastFailed => Said::new("最近一次检验不合格", "The last inspection was failed"),
            Self::DoNotUse => Said::new("不得使用", "Not to be used"),
            Self::RelocatedSince(when) => Said::new(
                format!("{when}移装，应当先进行安装监督检验"),
                format!("Moved in {when}: the installation must be inspected first"),
            ),
        }
    }
}

fn names_of(paths: &[String]) -> (String, String) {
    let names: Vec<Said> = paths.iter().map(|path| name_of(path)).collect();
    let join = |part: fn(&Said) -> &str, with: &str| names.iter().map(part).collect::<Vec<_>>().join(with);
    (join(|said| &said.zh, "、"), join(|said| &said.en, ", "))
}

/// What people call a path that rules ask for.
fn name_of(path: &str) -> Said {
    let (zh, en) = match path {
        "type_code" => ("设备品种", "type"),
        "equipment_kind" => ("设备种类", "kind of equipment"),
        "equipment_class" => ("设备类别", "class of equipment"),
        "status" => ("使用状态", "status"),
        "instrument_kind" => ("器具种类", "kind of instrument"),
        "made_on" => ("制造日期", "date of manufacture"),
        "commissioned_on" => ("投入使用日期", "date on which use began"),
        "installed_inspection" => ("安装监督检验（首次检验）合格月份", "month of the installation or first inspection"),
        "altered_inspection" => ("改造监督检验合格月份", "month of the inspection of the alteration"),
        "relocated_on" => ("移装日期", "date of relocation"),
        "major_repair_on" => ("重大修理日期", "date of the major repair"),
        "stopped_since" => ("停用日期", "stopped since"),
        "restarted_on" => ("恢复使用日期", "date on which use resumed"),
        "printed_next" => ("下次检验日期", "printed next inspection"),
        "design_life_years" => ("设计使用年限", "design life"),
        "safety_grade" => ("安全状况等级", "safety grade"),
        "molten_metal" => ("是否吊运熔融金属", "whether it lifts molten metal"),
        "boiler_use" => ("是否电站锅炉", "whether it is a power-plant boiler"),
        "vessel_material" => ("是否非金属容器", "whether it is a non-metal vessel"),
        "medium" => ("介质", "medium"),
        "medium_flammable" => ("介质是否易燃", "whether the medium is flammable"),
        "medium_toxic" => ("介质是否有毒", "whether the medium is toxic"),
        "fuel" => ("燃料", "fuel"),
        "has_machine_room" => ("有无机房", "whether it has a machine room"),
        "medium_group" => ("介质组别", "group of the medium"),
        "gas_class" => ("气瓶介质类别", "class of the gas"),
        "pipe_class" => ("管道级别", "class of the pipe"),
        "pipe_material" => ("管道材料", "material of the pipe"),
        "verified_on" => ("检定日期", "date of verification"),
        "valid_until" => ("有效期至", "valid until"),
        "conclusion" => ("结论", "conclusion"),
        other => return last_of(other),
    };
    Said::new(zh, en)
}

fn last_of(path: &str) -> Said {
    match path.rsplit_once('/') {
        Some((_, "date")) => Said::new("最近一次检验（检查）日期", "date of the last inspection"),
        Some((_, "next")) => Said::new("报告载明的下次日期", "next date as printed"),
        Some((_, "conclusion")) => Said::new("最近一次检验结论", "conclusion of the last inspection"),
        // A path is nothing that people know.
        _ => Said::new("规则要求的其他资料", "another detail that the rule asks for"),
    }
}
