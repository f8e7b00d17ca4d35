//! Words of the ledgers' screens.

super::word_table! {
    /// Words of the ledgers' screens.
    LedgerWords {
        title: "台账", "Ledgers";
        search: "搜索台账", "Search the ledgers";
        search_hint: "名称、拼音首字母、编号、地址", "Name, pinyin initials, number, address";
        all: "全部", "All";
        units: "单位", "Units";
        equipment: "设备", "Equipment";
        instruments: "计量器具", "Instruments";
        unit: "单位", "Unit";
        one_equipment: "设备", "Equipment";
        instrument: "计量器具", "Instrument";
        near: "附近", "Near me";
        near_finding: "正在定位", "Finding where you are";
        near_none: "2 公里内没有登记了位置的单位或设备", "Nothing with a known position within 2 km";
        near_failed: "定位不了。请在浏览器和系统设置中允许使用位置，或直接搜索。", "Your position can't be found. Allow it in the browser's and the system's settings, or search instead.";
        mine: "我负责的", "Mine";
        unassigned: "未落实责任人", "No inspector";
        metres: "{} 米", "{} m";
        kilometres: "{} 公里", "{} km";
        loading: "正在读取台账", "Reading the ledgers";
        preparing: "正在整理台账 {}/{}", "Preparing the ledgers {}/{}";
        unreadable: "台账读不出来", "The ledgers can't be read";
        found_n: "找到 {} 条", "{} found";
        more: "再显示 {} 条", "Show {} more";
        none: "还没有台账", "The ledgers are empty";
        none_hint: "从电子表格导入，导入办公室下发的文件，或逐条新建。", "Import a spreadsheet, take in a file from the office, or add entries one by one.";
        none_found: "没有找到", "Nothing found";
        none_found_hint: "换个写法试试：名称的一部分、拼音首字母、设备代码的后几位。", "Try part of the name, pinyin initials, or the end of the code.";
        add: "新建", "Add";
        add_unit: "新建单位", "Add a unit";
        add_equipment: "新建设备", "Add equipment";
        add_instrument: "新建计量器具", "Add an instrument";
        import: "导入表格", "Import";
        export: "导出表格", "Export";
        due: "到期清单", "Due list";
        scan: "扫码", "Scan";
        labels: "打印标签", "Labels";
        library: "检查表库", "Checklists";

        edit: "编辑", "Edit";
        gone: "没有这条台账", "No such entry";
        gone_hint: "它可能在别的设备上，或者链接不对。", "It may be on another device, or the link is wrong.";
        start_check: "开始检查", "Start a check";
        check_this: "检查这台设备", "Check this equipment";
        history: "修改历史", "History";
        call: "拨打 {}", "Call {}";
        of_unit: "使用单位", "Use unit";
        no_unit: "未填使用单位", "No unit";
        facts: "基本情况", "Facts";
        permits: "许可证", "Permits";
        officers: "人员", "People";
        n_sets: "{} 台（套）", "{}";
        no_equipment: "没有设备", "No equipment";
        no_instruments: "没有计量器具", "No instruments";
        expires: "有效期至 {}", "until {}";
        expired: "已过期", "Expired";
        conflict: "多人填写不一致，请核对后重新保存", "Entered differently by several people: check and save again";
        imported: "来自表格", "From a spreadsheet";
        yes: "是", "Yes";
        no: "否", "No";
        unknown: "未填", "Not given";
        visits: "检查记录", "Checks";
        visits_none: "还没有检查过", "Not checked yet";
        visits_year: "今年已检查 {} 次", "Checked {} times this year";
        hazards: "上次发现的问题", "Found last time";
        hazards_none: "上次检查没有发现问题", "Nothing was found last time";
        dues: "检验与检定到期", "Due dates";
        dues_none: "没有要到期的项目", "Nothing is due";

        form_new: "新建{}", "New: {}";
        form_edit: "编辑{}", "Edit: {}";
        form_main: "基本信息", "Basics";
        form_place: "地点与责任", "Place and inspector";
        form_dates: "日期与检验", "Dates and inspections";
        form_more: "其他信息", "More";
        form_permit: "许可证 {}", "Permit {}";
        form_officer: "人员 {}", "Person {}";
        form_add_permit: "添加许可证", "Add a permit";
        form_add_officer: "添加人员", "Add a person";
        form_name_needed: "请填写名称，或至少一个编号", "Give a name or at least one number";
        form_unit: "使用单位", "Use unit";
        form_unit_search: "搜索单位", "Search units";
        form_unit_change: "更换单位", "Another unit";
        form_position: "取当前位置", "Take the position here";
        form_position_taken: "已取位置，精度 {} 米", "Taken, within {} m";
        form_odd: "{}：认不出“{}”", "{}: “{}” is not understood";
        form_date_hint: "如 2026-05-01", "such as 2026-05-01";
        form_month_hint: "如 2026-05", "such as 2026-05";
        form_fix: "有 {} 处要改", "{} to put right";
        form_kept: "已保存到台账", "Kept in the ledger";
        choose: "请选择", "Choose";
    }
}
