//! The fields of the ledgers: paths, what a cell of a file may say, and the headers by which files call them.
//!
//! Headers are those of ledgers as units and bureaus keep them; the first one is what exports write. In a path or header
//! `{n}` stands for a number from 1.

use super::Kind;

/// A code and what people write for it; exports write the first name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Choice {
    /// Stored code.
    pub code: &'static str,
    /// Names, Chinese and English.
    pub names: &'static [&'static str],
}

/// What a cell may say.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Cell {
    /// Any text.
    Text,
    /// A code: no white space, narrow, upper case.
    Code,
    /// A unified social credit code: a code that is checked, and kept even when it is odd.
    Uscc,
    /// A registration certificate: a code with narrow brackets.
    Certificate,
    /// A date.
    Date,
    /// A month; of a date the month is taken.
    Month,
    /// A number from … to, with or without a unit behind it.
    Number(f64, f64),
    /// Yes or no.
    YesNo,
    /// One of a few codes.
    Choice(&'static [Choice]),
    /// Kind of equipment (种类), by name or code.
    EquipmentKind,
    /// Type of equipment (类别 or 品种), by name or code.
    EquipmentType,
}

/// A field of a ledger.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Field {
    /// Path in the record. In the sheets of equipment and instruments those of the unit begin with `unit/`.
    pub path: &'static str,
    /// What a cell may say.
    pub cell: Cell,
    /// Headers; the first is the one that exports write.
    pub headers: &'static [&'static str],
}

const fn field(path: &'static str, cell: Cell, headers: &'static [&'static str]) -> Field {
    Field { path, cell, headers }
}

const fn choice(code: &'static str, names: &'static [&'static str]) -> Choice {
    Choice { code, names }
}

/// Status of equipment and instruments.
pub const EQUIPMENT_STATUS: &[Choice] = &[
    choice("in_use", &["在用", "使用", "在用设备", "正常", "正常使用", "使用中", "in use"]),
    choice("stopped", &["停用", "停用设备", "已停用", "stopped"]),
    choice("scrapped", &["报废", "已报废", "scrapped"]),
    choice("cancelled", &["注销", "已注销", "拆除", "已拆除", "cancelled"]),
    choice("not_registered", &["未登记", "未注册", "未办理使用登记", "新增", "not registered"]),
];

/// Status of a unit.
pub const UNIT_STATUS: &[Choice] = &[
    choice("open", &["存续", "在业", "开业", "正常", "营业", "在营", "存续（在营、开业、在册）", "open"]),
    choice("suspended", &["停业", "歇业", "停产", "suspended"]),
    choice("revoked", &["吊销", "已吊销", "吊销未注销", "revoked"]),
    choice("closed", &["注销", "已注销", "closed"]),
    choice("moved", &["迁出", "已迁出", "moved"]),
];

/// Credit-risk class of a unit (信用风险分类).
pub const CREDIT_CLASS: &[Choice] = &[
    choice("A", &["A类（低）", "A", "A类", "信用风险低", "低风险", "A (low)"]),
    choice("B", &["B类（一般）", "B", "B类", "信用风险一般", "一般风险", "B (medium)"]),
    choice("C", &["C类（较高）", "C", "C类", "信用风险较高", "较高风险", "C (raised)"]),
    choice("D", &["D类（高）", "D", "D类", "信用风险高", "高风险", "D (high)"]),
];

/// What an inspection or verification came to.
pub const CONCLUSIONS: &[Choice] = &[
    choice("pass", &["合格", "通过", "符合要求", "符合", "允许使用", "复检合格", "pass"]),
    choice("basically_pass", &["基本合格", "基本符合要求", "监控使用", "整改后允许使用", "basically passed"]),
    choice("fail", &["不合格", "不符合要求", "不符合", "复检不合格", "判废", "停止使用", "fail"]),
    choice("not_inspected", &["未检验", "未检", "未经检验", "not inspected"]),
];

/// Group of the medium of tube trailers.
pub const MEDIUM_GROUPS: &[Choice] = &[choice("A", &["A组", "A", "group A"]), choice("B", &["B组", "B", "group B"])];

/// What a boiler is for.
pub const BOILER_USES: &[Choice] = &[
    choice("power_plant", &["电站锅炉", "电站", "发电", "power plant"]),
    choice("industrial", &["工业锅炉", "工业", "industrial"]),
    choice("domestic", &["生活锅炉", "生活", "采暖", "供热", "domestic"]),
];

/// What a vessel is made of.
pub const VESSEL_MATERIALS: &[Choice] =
    &[choice("metal", &["金属", "metal"]), choice("nonmetal", &["非金属", "石墨", "玻璃钢", "nonmetal"])];

/// What gas cylinders are for.
pub const GAS_CLASSES: &[Choice] = &[
    choice("corrosive", &["腐蚀性气体", "腐蚀性", "corrosive"]),
    choice("marine", &["潜水", "海水中使用", "marine"]),
    choice("ordinary", &["一般气体", "普通气体", "ordinary"]),
    choice("inert", &["惰性气体", "惰性", "inert"]),
    choice("high_purity", &["高纯气体", "高纯", "high purity"]),
    choice("lpg", &["液化石油气", "液化石油气钢瓶", "液化气", "LPG"]),
    choice("lpg_50", &["液化石油气50kg", "50kg液化石油气", "LPG 50 kg"]),
    choice("vehicle_lpg", &["车用液化石油气", "vehicle LPG"]),
    choice("acetylene", &["溶解乙炔", "乙炔", "acetylene"]),
    choice("vehicle_cng", &["车用压缩天然气", "车用天然气", "CNG", "vehicle CNG"]),
];

/// Classes of pipes.
pub const PIPE_CLASSES: &[Choice] = &[
    choice("GC1", &["GC1"]),
    choice("GC2", &["GC2"]),
    choice("GC3", &["GC3"]),
    choice("GCD", &["GCD"]),
    choice("GB1-III", &["GB1-Ⅲ", "GB1-III", "GB1Ⅲ"]),
    choice("GB1-IV", &["GB1-Ⅳ", "GB1-IV", "GB1Ⅳ"]),
    choice("GB1-V", &["GB1-Ⅴ", "GB1-V", "GB1Ⅴ"]),
    choice("GB1-VI", &["GB1-Ⅵ", "GB1-VI", "GB1Ⅵ"]),
    choice("GB2", &["GB2"]),
];

/// What pipes are made of.
pub const PIPE_MATERIALS: &[Choice] = &[
    choice("pe", &["聚乙烯", "PE", "PE管"]),
    choice("cast_iron", &["铸铁", "球墨铸铁", "cast iron"]),
    choice("steel", &["钢", "钢管", "碳钢", "不锈钢", "steel"]),
];

/// What an officer of a unit is.
pub const OFFICER_ROLES: &[Choice] = &[
    choice("principal", &["主要负责人", "principal"]),
    choice("safety_director", &["安全总监", "质量安全总监", "safety director"]),
    choice("safety_officer", &["安全员", "安全管理员", "安全管理人员", "质量安全员", "safety officer"]),
    choice("operator", &["作业人员", "操作人员", "司机", "operator"]),
    choice("emergency_contact", &["应急联系人", "emergency contact"]),
];

/// The paths that a card carries besides `inspections/…`, for the rules of due dates and for filters.
pub const FACTS: &[&str] = &[
    "equipment_kind",
    "type_code",
    "made_no",
    "made_on",
    "commissioned_on",
    "installed_inspection",
    "altered_inspection",
    "relocated_on",
    "printed_next",
    "design_life_years",
    "safety_grade",
    "medium",
    "medium_flammable",
    "medium_toxic",
    "medium_group",
    "fuel",
    "boiler_use",
    "vessel_material",
    "gas_class",
    "pipe_class",
    "pipe_material",
    "molten_metal",
    "has_machine_room",
    "status",
    "stopped_since",
    "restarted_on",
    "major_repair_on",
    "verified_on",
    "valid_until",
    "sector",
    "place_kind",
    "crowded_place",
    "key_unit",
    "roles",
    "instrument_kind",
    "conclusion",
];

/// What drives a vehicle or crane.
const POWER: &[Choice] =
    &[choice("electric", &["电动", "蓄电池", "electric"]), choice("combustion", &["内燃", "柴油", "汽油", "combustion"])];

/// State of the medium.
const MEDIUM_STATE: &[Choice] = &[
    choice("gas", &["气体", "气态", "gas"]),
    choice("liquefied", &["液化气体", "液化", "liquefied gas"]),
    choice("liquid", &["液体", "液态", "liquid"]),
    choice("steam", &["蒸汽", "蒸气", "steam"]),
];

const LAT: Cell = Cell::Number(-90.0, 90.0);
const LON: Cell = Cell::Number(-180.0, 180.0);

const UNIT: &[Field] = &[
    field(
        "name",
        Cell::Text,
        &[
            "单位名称",
            "Unit",
            "经营主体名称",
            "市场主体名称",
            "企业名称",
            "主体名称",
            "使用单位名称",
            "使用单位",
            "名称",
            "商户名称",
            "unit name",
        ],
    ),
    field(
        "uscc",
        Cell::Uscc,
        &["统一社会信用代码", "USCC", "社会信用代码", "统一信用代码", "信用代码", "统一代码", "unified social credit code"],
    ),
    field("legacy_no", Cell::Code, &["注册号", "Legacy number", "组织机构代码", "工商注册号", "营业执照注册号", "营业执照号", "旧代码"]),
    field(
        "address",
        Cell::Text,
        &["地址", "Address", "单位地址", "经营地址", "经营场所", "住所", "注册地址", "使用单位地址", "详细地址", "生产经营地址"],
    ),
    field("town", Cell::Text, &["乡镇街道", "Town", "乡镇", "街道", "所属乡镇", "所属区域", "区域", "所属辖区", "辖区", "area"]),
    field("contact", Cell::Text, &["联系人", "Contact", "联系人姓名", "单位联系人"]),
    field("phone", Cell::Text, &["联系电话", "Phone", "电话", "联系方式", "手机", "手机号码", "联系人电话", "单位电话"]),
    field(
        "legal_representative",
        Cell::Text,
        &["法定代表人", "Legal representative", "法人", "法人代表", "法定代表人（负责人）", "经营者", "负责人"],
    ),
    field("principal", Cell::Text, &["主要负责人", "Principal", "单位负责人", "主要负责人姓名"]),
    field("sector", Cell::Text, &["行业", "Sector", "所属行业", "行业类别", "行业类型"]),
    field("roles", Cell::Text, &["主体类型", "Roles", "单位类型", "主体类别", "单位类别"]),
    field("place_kind", Cell::Text, &["场所类型", "Place kind", "使用场所类别", "场所类别", "使用场所"]),
    field(
        "crowded_place",
        Cell::YesNo,
        &["人员密集场所", "Crowded place", "是否人员密集场所", "公众聚集场所", "是否公众聚集场所", "是否人员聚集场所"],
    ),
    field("key_unit", Cell::YesNo, &["重点单位", "Key unit", "是否重点单位", "重点监管单位", "是否重点监管单位", "是否重点"]),
    field(
        "credit_class",
        Cell::Choice(CREDIT_CLASS),
        &["信用风险分类", "Credit risk class", "信用风险等级", "信用分类", "企业信用风险分类"],
    ),
    field("status", Cell::Choice(UNIT_STATUS), &["单位状态", "Status", "经营状态", "登记状态", "状态", "主体状态"]),
    field(
        "inspector",
        Cell::Text,
        &["责任监管人员", "Inspector", "监管人员", "责任人", "监管责任人", "包保人员", "包保干部", "责任检查员", "监管员", "安全监察员"],
    ),
    field("lat", LAT, &["纬度", "Latitude", "lat"]),
    field("lon", LON, &["经度", "Longitude", "lon", "lng"]),
    field("note", Cell::Text, &["备注", "Note", "说明", "remark"]),
    field(
        "permits/{n}/kind",
        Cell::Text,
        &["许可证{n}种类", "Permit {n} kind", "许可证{n}名称", "许可{n}种类", "许可种类{n}", "许可证名称{n}", "许可证种类{n}"],
    ),
    field("permits/{n}/no", Cell::Certificate, &["许可证{n}编号", "Permit {n} number", "许可{n}编号", "许可证编号{n}", "许可证号{n}"]),
    field("permits/{n}/issued_on", Cell::Date, &["许可证{n}发证日期", "Permit {n} issued on", "许可{n}发证日期", "发证日期{n}"]),
    field(
        "permits/{n}/expires_on",
        Cell::Date,
        &["许可证{n}有效期至", "Permit {n} expires on", "许可{n}有效期至", "许可证有效期至{n}", "许可证有效期{n}", "有效期至{n}"],
    ),
    field("permits/{n}/scope", Cell::Text, &["许可证{n}范围", "Permit {n} scope", "许可{n}范围", "许可范围{n}"]),
    field("officers/{n}/role", Cell::Choice(OFFICER_ROLES), &["人员{n}职务", "Officer {n} role", "人员{n}岗位", "职务{n}", "岗位{n}"]),
    field("officers/{n}/name", Cell::Text, &["人员{n}姓名", "Officer {n} name", "姓名{n}"]),
    field("officers/{n}/phone", Cell::Text, &["人员{n}电话", "Officer {n} phone", "人员{n}联系电话"]),
    field(
        "officers/{n}/cert_no",
        Cell::Certificate,
        &["人员{n}证书编号", "Officer {n} certificate", "人员{n}证件编号", "证书编号{n}", "作业人员证号{n}"],
    ),
    field(
        "officers/{n}/cert_expires_on",
        Cell::Date,
        &["人员{n}证书有效期至", "Officer {n} certificate expires on", "人员{n}证书有效期", "证书有效期至{n}", "证书有效期{n}"],
    ),
];

const USER: &[Field] = &[
    field(
        "unit/name",
        Cell::Text,
        &["使用单位名称", "Use unit", "使用单位", "单位名称", "企业名称", "产权单位", "产权单位名称", "用户名称", "unit"],
    ),
    field(
        "unit/uscc",
        Cell::Uscc,
        &["统一社会信用代码", "USCC", "使用单位统一社会信用代码", "使用单位代码", "社会信用代码", "信用代码", "统一代码"],
    ),
    field("unit/legacy_no", Cell::Code, &["使用单位注册号", "Unit legacy number", "组织机构代码", "使用单位组织机构代码"]),
    field("unit/address", Cell::Text, &["使用单位地址", "Unit address", "单位地址", "使用单位详细地址"]),
    field("unit/contact", Cell::Text, &["使用单位联系人", "Unit contact", "联系人", "单位联系人", "安全管理人员", "安全管理员"]),
    field(
        "unit/phone",
        Cell::Text,
        &["使用单位联系电话", "Unit phone", "联系电话", "使用单位电话", "联系人电话", "单位电话", "电话", "联系方式"],
    ),
    field("unit/legal_representative", Cell::Text, &["使用单位法定代表人", "Unit legal representative", "法定代表人"]),
    field("unit/sector", Cell::Text, &["使用单位行业", "Unit sector", "所属行业", "行业"]),
    field("unit/place_kind", Cell::Text, &["使用场所类别", "Unit place kind", "场所类型", "场所类别", "使用场所"]),
    field(
        "unit/crowded_place",
        Cell::YesNo,
        &["是否人员密集场所", "Unit crowded place", "人员密集场所", "公众聚集场所", "是否公众聚集场所"],
    ),
    field("unit/key_unit", Cell::YesNo, &["是否重点单位", "Unit key unit", "重点单位", "重点监管单位"]),
];

const EQUIPMENT: &[Field] = &[
    field("code", Cell::Code, &["设备代码", "Equipment code", "特种设备代码", "设备识别码", "equipment_code"]),
    field("registration_code", Cell::Code, &["注册代码", "Registration code", "设备注册代码", "登记代码", "原注册代码"]),
    field(
        "cert_no",
        Cell::Certificate,
        &[
            "使用登记证编号",
            "Certificate",
            "使用登记证号",
            "登记证编号",
            "使用证编号",
            "使用证号",
            "登记证号",
            "使用登记编号",
            "使用登记证书编号",
        ],
    ),
    field("equipment_kind", Cell::EquipmentKind, &["设备种类", "Kind", "种类", "特种设备种类"]),
    field("equipment_class", Cell::EquipmentType, &["设备类别", "Class", "类别", "特种设备类别"]),
    field("type_code", Cell::EquipmentType, &["设备品种", "Type", "品种", "品种代码", "设备品种代码", "类型代码", "设备类型", "type_code"]),
    field("type_name", Cell::Text, &["设备品种（原文）", "Type as written"]),
    field("name", Cell::Text, &["设备名称", "Name", "产品名称", "名称", "特种设备名称"]),
    field("internal_no", Cell::Text, &["单位内编号", "Internal number", "内部编号", "设备内编号", "单位内部编号", "使用编号", "设备编号"]),
    field("model", Cell::Text, &["设备型号", "Model", "型号", "规格型号", "型号规格"]),
    field("parameters", Cell::Text, &["主要参数", "Parameters", "技术参数", "参数"]),
    field(
        "place",
        Cell::Text,
        &[
            "设备使用地点",
            "Place",
            "使用地点",
            "设备所在地点",
            "安装地点",
            "设备地点",
            "设备地址",
            "使用地址",
            "设备使用地址",
            "设备详细地址",
            "安装地址",
        ],
    ),
    field(
        "town",
        Cell::Text,
        &["乡镇街道", "Town", "所在乡镇", "设备所在区域", "设备所在街道", "所属乡镇", "乡镇", "街道", "所属区域", "区域", "辖区"],
    ),
    field("status", Cell::Choice(EQUIPMENT_STATUS), &["使用状态", "Status", "设备状态", "状态", "使用情况", "设备使用状态"]),
    field(
        "commissioned_on",
        Cell::Date,
        &["投入使用日期", "Commissioned on", "投用日期", "投入使用时间", "启用日期", "使用日期", "投用时间"],
    ),
    field("made_on", Cell::Date, &["制造日期", "Made on", "出厂日期", "生产日期", "制造年月"]),
    field("maker", Cell::Text, &["制造单位", "Maker", "制造单位名称", "生产单位", "制造厂家", "生产厂家", "制造厂"]),
    field("made_no", Cell::Text, &["出厂编号", "Product number", "产品编号", "制造编号", "产品出厂编号", "出厂编号（产品编号）"]),
    field("maintainer", Cell::Text, &["维保单位", "Maintainer", "维护保养单位", "维保单位名称", "维护保养单位名称", "维保公司"]),
    field(
        "maintainer_phone",
        Cell::Text,
        &["维保电话", "Maintainer phone", "维保单位电话", "维保联系电话", "维保人员电话", "应急救援电话"],
    ),
    field("rescue_code", Cell::Code, &["救援识别码", "Rescue code", "电梯救援识别码", "应急救援识别码", "救援码"]),
    field(
        "installed_inspection",
        Cell::Month,
        &["安装监督检验日期", "Installation inspection", "监督检验日期", "安装监检日期", "监检日期", "首次监督检验日期"],
    ),
    field(
        "inspections/periodic/date",
        Cell::Date,
        &["检验日期", "Inspected on", "上次检验日期", "最近检验日期", "定期检验日期", "本次检验日期", "最近一次检验日期"],
    ),
    field(
        "inspections/periodic/conclusion",
        Cell::Choice(CONCLUSIONS),
        &["检验结论", "Inspection conclusion", "上次检验结论", "检验结果", "定期检验结论", "最近检验结论"],
    ),
    field("inspections/periodic/next", Cell::Month, &["定期检验下次日期", "Next periodic inspection"]),
    field(
        "printed_next",
        Cell::Month,
        &["下次检验日期", "Next inspection", "下次检验时间", "下检日期", "下次定检日期", "检验有效期", "检验有效期至", "下次定期检验日期"],
    ),
    field("inspections/external/date", Cell::Date, &["外部检验日期", "External inspection on", "上次外检日期"]),
    field("inspections/external/conclusion", Cell::Choice(CONCLUSIONS), &["外部检验结论", "External inspection conclusion"]),
    field("inspections/external/next", Cell::Month, &["下次外部检验日期", "Next external inspection", "外部检验下次日期", "下次外检日期"]),
    field("inspections/internal/date", Cell::Date, &["内部检验日期", "Internal inspection on", "上次内检日期"]),
    field("inspections/internal/conclusion", Cell::Choice(CONCLUSIONS), &["内部检验结论", "Internal inspection conclusion"]),
    field("inspections/internal/next", Cell::Month, &["下次内部检验日期", "Next internal inspection", "内部检验下次日期", "下次内检日期"]),
    field("inspections/hydrostatic/date", Cell::Date, &["水压试验日期", "Hydrostatic test on", "耐压试验日期"]),
    field(
        "inspections/hydrostatic/conclusion",
        Cell::Choice(CONCLUSIONS),
        &["水压试验结论", "Hydrostatic test conclusion", "耐压试验结论"],
    ),
    field("inspections/hydrostatic/next", Cell::Month, &["下次水压试验日期", "Next hydrostatic test", "下次耐压试验日期"]),
    field("inspections/annual_check/date", Cell::Date, &["年度检查日期", "Annual check on", "年检日期", "上次年度检查日期"]),
    field("inspections/annual_check/conclusion", Cell::Choice(CONCLUSIONS), &["年度检查结论", "Annual check conclusion"]),
    field("inspections/annual_check/next", Cell::Month, &["下次年度检查日期", "Next annual check"]),
    field("inspections/self_test/date", Cell::Date, &["自行检测日期", "Self-test on", "上次自行检测日期", "检测日期"]),
    field("inspections/self_test/conclusion", Cell::Choice(CONCLUSIONS), &["自行检测结论", "Self-test conclusion", "检测结论"]),
    field("inspections/self_test/next", Cell::Month, &["下次自行检测日期", "Next self-test", "下次检测日期"]),
    field("inspections/full/date", Cell::Date, &["全面检验日期", "Full inspection on"]),
    field("inspections/full/conclusion", Cell::Choice(CONCLUSIONS), &["全面检验结论", "Full inspection conclusion"]),
    field("inspections/full/next", Cell::Month, &["下次全面检验日期", "Next full inspection"]),
    field("inspections/safety_valve/date", Cell::Date, &["安全阀校验日期", "Safety valve checked on", "安全阀检验日期"]),
    field(
        "inspections/safety_valve/next",
        Cell::Month,
        &["下次安全阀校验日期", "Next safety valve check", "安全阀下次校验日期", "安全阀校验有效期"],
    ),
    field("inspections/pressure_gauge/date", Cell::Date, &["压力表检定日期", "Pressure gauge verified on"]),
    field(
        "inspections/pressure_gauge/next",
        Cell::Month,
        &["下次压力表检定日期", "Next pressure gauge verification", "压力表下次检定日期", "压力表检定有效期"],
    ),
    field("inspection_body", Cell::Text, &["检验机构", "Inspection body", "检验单位", "检验机构名称", "检验单位名称"]),
    field("report_no", Cell::Text, &["检验报告编号", "Report number", "报告编号", "检验报告书编号"]),
    field("safety_grade", Cell::Number(1.0, 5.0), &["安全状况等级", "Safety grade", "安全等级"]),
    field("medium", Cell::Text, &["介质", "Medium", "工作介质", "充装介质", "输送介质", "盛装介质"]),
    field("fuel", Cell::Text, &["燃料", "Fuel", "燃料种类", "燃料类型", "燃料(热源)种类"]),
    field("medium_flammable", Cell::YesNo, &["介质易燃易爆", "Flammable medium", "是否易燃易爆"]),
    field("medium_toxic", Cell::YesNo, &["介质有毒", "Toxic medium", "是否有毒"]),
    field("medium_group", Cell::Choice(MEDIUM_GROUPS), &["介质组别", "Medium group"]),
    field("boiler_use", Cell::Choice(BOILER_USES), &["锅炉用途", "Boiler use"]),
    field("vessel_material", Cell::Choice(VESSEL_MATERIALS), &["容器材料", "Vessel material", "容器材质"]),
    field("gas_class", Cell::Choice(GAS_CLASSES), &["气瓶类别", "Gas class", "气瓶种类"]),
    field("pipe_class", Cell::Choice(PIPE_CLASSES), &["管道级别", "Pipe class", "压力管道级别"]),
    field("pipe_material", Cell::Choice(PIPE_MATERIALS), &["管道材料", "Pipe material", "管道材质"]),
    field("design_life_years", Cell::Number(0.0, 100.0), &["设计使用年限", "Design life in years", "设计使用年限（年）"]),
    field("molten_metal", Cell::YesNo, &["吊运熔融金属", "Molten metal", "是否吊运熔融金属", "熔融金属"]),
    field("has_machine_room", Cell::YesNo, &["有机房", "Machine room", "是否有机房", "机房"]),
    field("rated_pressure", Cell::Number(0.0, 1000.0), &["额定压力MPa", "Rated pressure, MPa", "额定工作压力", "额定出口压力"]),
    field(
        "max_working_pressure",
        Cell::Number(0.0, 1000.0),
        &["最高工作压力MPa", "Highest working pressure, MPa", "最高工作压力", "最大工作压力"],
    ),
    field("min_temp", Cell::Number(-273.0, 2000.0), &["最低工作温度℃", "Lowest working temperature, °C", "最低工作温度"]),
    field("max_temp", Cell::Number(-273.0, 2000.0), &["最高工作温度℃", "Highest working temperature, °C", "最高工作温度"]),
    field("max_slope", Cell::Number(0.0, 100.0), &["设计最大爬坡度%", "Steepest slope, %", "最大爬坡度", "适用最大坡度"]),
    field("medium_state", Cell::Choice(MEDIUM_STATE), &["介质状态", "State of the medium"]),
    field("quick_opening", Cell::YesNo, &["快开门式", "Quick-opening door", "是否快开门", "快开门压力容器"]),
    field("has_emergency_shutoff", Cell::YesNo, &["有紧急切断装置", "Emergency shut-off", "是否有紧急切断阀"]),
    field("buried", Cell::YesNo, &["埋地敷设", "Buried", "是否埋地"]),
    field("outdoor", Cell::YesNo, &["露天使用", "Outdoors", "是否露天", "室外使用"]),
    field("has_cabin", Cell::YesNo, &["有司机室", "Cabin", "是否有司机室", "是否有驾驶室"]),
    field("power", Cell::Choice(POWER), &["动力方式", "Power", "驱动方式", "动力形式"]),
    field("stopped_since", Cell::Date, &["停用日期", "Stopped since", "停用时间", "报停日期"]),
    field("restarted_on", Cell::Date, &["启用日期（重新启用）", "Restarted on", "重新启用日期", "恢复使用日期"]),
    field("major_repair_on", Cell::Date, &["重大修理日期", "Major repair on", "重大维修日期", "改造或重大修理日期"]),
    field("altered_inspection", Cell::Month, &["改造监督检验日期", "Alteration inspection", "改造监检日期"]),
    field("relocated_on", Cell::Date, &["移装日期", "Relocated on"]),
    field(
        "inspector",
        Cell::Text,
        &["责任监管人员", "Inspector", "监管人员", "责任人", "监管责任人", "安全监察员", "责任检查员", "监管员"],
    ),
    field("lat", LAT, &["纬度", "Latitude", "lat"]),
    field("lon", LON, &["经度", "Longitude", "lon", "lng"]),
    field("note", Cell::Text, &["备注", "Note", "说明", "remark"]),
];

const INSTRUMENT: &[Field] = &[
    field("name", Cell::Text, &["计量器具名称", "Name", "器具名称", "名称", "仪器名称"]),
    field("instrument_kind", Cell::Text, &["器具种类", "Kind", "强检项目", "种类", "类别", "强制检定项目", "计量器具种类"]),
    field("model", Cell::Text, &["型号规格", "Model", "型号", "规格型号", "规格"]),
    field("serial_no", Cell::Text, &["出厂编号", "Serial number", "器具编号", "编号", "产品编号"]),
    field("range", Cell::Text, &["测量范围", "Range", "量程"]),
    field("accuracy", Cell::Text, &["准确度等级", "Accuracy", "精度", "准确度", "不确定度"]),
    field("maker", Cell::Text, &["制造单位", "Maker", "生产厂家", "制造厂家", "生产单位"]),
    field("place", Cell::Text, &["使用地点", "Place", "安装地点", "使用部位", "使用场所", "安装位置"]),
    field("town", Cell::Text, &["乡镇街道", "Town", "所属乡镇", "乡镇", "街道", "所属区域", "区域", "辖区"]),
    field("verified_on", Cell::Date, &["检定日期", "Verified on", "上次检定日期", "最近检定日期"]),
    field("valid_until", Cell::Date, &["有效期至", "Valid until", "检定有效期", "检定有效期至", "下次检定日期", "有效期"]),
    field("verification_body", Cell::Text, &["检定机构", "Verification body", "检定单位", "检定机构名称"]),
    field("cert_no", Cell::Certificate, &["检定证书编号", "Certificate", "证书编号", "检定证书号"]),
    field("conclusion", Cell::Choice(CONCLUSIONS), &["检定结论", "Conclusion", "检定结果", "结论"]),
    field("status", Cell::Choice(EQUIPMENT_STATUS), &["使用状态", "Status", "状态", "器具状态"]),
    field("inspector", Cell::Text, &["责任监管人员", "Inspector", "监管人员", "责任人", "监管责任人", "监管员"]),
    field("lat", LAT, &["纬度", "Latitude", "lat"]),
    field("lon", LON, &["经度", "Longitude", "lon", "lng"]),
    field("note", Cell::Text, &["备注", "Note", "说明", "remark"]),
];

/// The fields of a kind, in the order of the form. Those of its unit come last.
pub fn fields(kind: Kind) -> impl Iterator<Item = &'static Field> {
    let (own, unit): (&[Field], &[Field]) = match kind {
        Kind::Unit => (UNIT, &[]),
        Kind::Equipment => (EQUIPMENT, USER),
        Kind::Instrument => (INSTRUMENT, USER),
    };
    own.iter().chain(unit)
}

/// The field at a path of a record, whose numbers are written out: `permits/2/kind`.
#[must_use]
pub fn field_at(kind: Kind, path: &str) -> Option<&'static Field> {
    fields(kind).find(|field| number_in(field.path, path).is_some())
}

/// The number that stands in `path` where the pattern has `{n}`; 0 when the pattern has none. `None` when they differ.
#[must_use]
pub fn number_in(pattern: &str, path: &str) -> Option<u32> {
    let Some((before, after)) = pattern.split_once("{n}") else { return (pattern == path).then_some(0) };
    let digits = path.strip_prefix(before)?.strip_suffix(after)?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0') && digits.len() <= 2;
    if plain { digits.parse().ok() } else { None }
}

/// The code that people mean by a name.
#[must_use]
pub fn choose(choices: &[Choice], name: &str) -> Option<&'static str> {
    let name = name.trim();
    let means = |choice: &&Choice| choice.code == name || choice.names.iter().any(|known| known.eq_ignore_ascii_case(name));
    choices.iter().find(means).map(|choice| choice.code)
}

/// What exports write for a code; the code itself when it is unknown.
#[must_use]
pub fn name_of<'a>(choices: &[Choice], code: &'a str) -> &'a str {
    choices.iter().find(|choice| choice.code == code).and_then(|choice| choice.names.first().copied()).unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_fields_with_numbers() {
        assert_eq!(field_at(Kind::Unit, "permits/12/expires_on").map(|field| field.cell), Some(Cell::Date));
        assert_eq!(field_at(Kind::Equipment, "unit/uscc").map(|field| field.cell), Some(Cell::Uscc));
        for path in ["permits/0/kind", "permits/x/kind", "permits//kind", "permits/100/kind", "permits/01/kind", "name/x"] {
            assert_eq!(field_at(Kind::Unit, path), None, "{path}");
        }
    }

    #[test]
    fn no_two_fields_of_a_kind_share_a_written_header() {
        for kind in Kind::ALL {
            let mut headers: Vec<&str> = fields(kind).filter_map(|field| field.headers.first().copied()).collect();
            let all = headers.len();
            headers.sort_unstable();
            headers.dedup();
            assert_eq!(headers.len(), all, "{kind:?}");
        }
    }

    #[test]
    fn chooses_by_name_or_code() {
        assert_eq!(choose(EQUIPMENT_STATUS, " 停用 "), Some("stopped"));
        assert_eq!(choose(EQUIPMENT_STATUS, "In Use"), Some("in_use"));
        assert_eq!(choose(EQUIPMENT_STATUS, "cancelled"), Some("cancelled"));
        assert_eq!(choose(EQUIPMENT_STATUS, "丢失"), None);
        assert_eq!(name_of(CONCLUSIONS, "fail"), "不合格");
        assert_eq!(name_of(CONCLUSIONS, "unknown"), "unknown");
    }
}
