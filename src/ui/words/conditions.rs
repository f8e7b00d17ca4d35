//! Words for what conditions and limits of checklists ask for.

super::word_table! {
    /// Words for what conditions and limits of checklists ask for.
    ConditionWords {
        action_seal: "采取查封、扣押", "Sealing or detention";
        derived_due_type: "电梯本次应做", "What the elevator is due for";
        derived_over_design_life: "超过设计使用年限", "Beyond its design life";
        equipment_type_code: "设备品种", "Type code";
        equipment_buried: "埋地敷设", "Buried";
        equipment_fuel: "燃料", "Fuel";
        equipment_has_cabin: "有司机室", "Has a cabin";
        equipment_has_emergency_shutoff: "有紧急切断装置", "Has an emergency shut-off";
        equipment_has_machine_room: "有机房", "Has a machine room";
        equipment_made_on: "制造日期", "Date of manufacture";
        equipment_max_slope: "最大坡度", "Largest slope";
        equipment_max_temp: "最高工作温度", "Highest working temperature";
        equipment_min_temp: "最低工作温度", "Lowest working temperature";
        equipment_max_working_pressure: "最高工作压力", "Highest working pressure";
        equipment_rated_pressure: "额定压力", "Rated pressure";
        equipment_medium_flammable: "介质易燃", "Flammable medium";
        equipment_medium_state: "介质状态", "State of the medium";
        equipment_medium_toxic: "介质有毒", "Toxic medium";
        equipment_molten_metal: "吊运熔融金属", "Lifts molten metal";
        equipment_outdoor: "室外使用", "Used outdoors";
        equipment_power: "动力方式", "Kind of drive";
        equipment_quick_opening: "有快开门", "Has a quick-opening door";
        inspection_kind: "检查类别", "Kind of check";
        instrument_kind: "计量器具种类", "Kind of instrument";
        place_kind: "场所类型", "Kind of place";
        product_class: "产品类别", "Product class";
        product_energy_label: "应贴能效标识", "Needs an energy label";
        product_has_recall: "有召回信息", "Was recalled";
        product_kind: "产品种类", "Kind of product";
        product_sub: "商品种类", "Kind of goods";
        product_needs_ccc: "属强制性认证产品", "Needs CCC certification";
        product_needs_licence: "属生产许可证产品", "Needs a production licence";
        product_diameter: "公称直径", "Nominal diameter";
        product_thickness: "公称厚度", "Nominal thickness";
        product_octane: "汽油牌号", "Octane grade";
        season_campaign: "专项时段", "Campaign";
        unit_body_kind: "机构类型", "Kind of body";
        unit_exempt: "免于登记", "Exempt from registration";
        unit_medium: "充装介质", "Filled medium";
        unit_rents_site: "租用场地", "Rents its site";
        unit_role: "单位类型", "Role of the unit";

        value_biomass_gas: "生物质燃气", "biomass gas";
        value_gas: "燃气", "gas";
        value_oil: "燃油", "oil";
        value_electric: "电动", "electric";
        value_liquefied: "液化气体", "liquefied";
        value_lpg: "液化石油气", "LPG";
        value_oxygen: "氧气", "oxygen";
        value_self_test: "自行检测", "self-test";
        value_special: "专项检查", "special check";
    }
}
