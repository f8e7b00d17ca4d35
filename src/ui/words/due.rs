//! Words for due dates.

super::word_table! {
    /// Words for due dates.
    DueWords {
        title: "到期清单", "Due list";
        computing: "正在计算 {}/{}", "Computing {}/{}";
        no_rules: "检验周期规则读不出来，无法计算。请联网后重新打开一次。", "The rules can't be read, so nothing can be computed. Connect and open the app again.";
        overdue: "已超期", "Overdue";
        this_month: "本月到期", "Due this month";
        within: "{} 到期", "Due in {}";
        later: "以后到期", "Later";
        unknown: "资料不全，算不出", "Can't be computed";
        stopped: "停用中", "Out of use";
        all: "全部", "All";
        mine: "我负责的", "Mine";
        by: "分组", "Grouped";
        by_month: "按月份", "By month";
        by_unit: "按单位", "By unit";
        by_inspector: "按责任人", "By inspector";
        nobody: "未落实责任人", "No inspector";
        no_unit: "未填单位", "No unit";
        permit: "许可证有效期", "Permit";
        officer: "人员证书有效期", "Certificate of a person";
        more_groups: "再显示 {} 组", "Show {} more groups";
        search: "按名称、单位或编号筛选", "Filter by name, unit or number";
        none: "没有要到期的项目", "Nothing is due";
        none_hint: "台账里的设备都在有效期内，或还没有录入检验日期。", "Everything in the ledgers is in time, or no dates have been entered.";
        n: "{} 项", "{}";
        more: "再显示 {} 项", "Show {} more";
        state_fine: "有效期内", "In time";
        state_warn: "临近到期", "Due soon";
        state_apply: "应申报检验", "Request it now";
        state_month: "本月到期", "Due this month";
        state_overdue: "超期 {} 天", "{} days overdue";
        state_stopped: "停用", "Out of use";
        state_none: "算不出", "Unknown";
        by_printed: "以报告或标志载明日期为准", "As printed on the report or mark";
        by_rule: "按规则推算", "Computed by the rule";
        why: "为什么", "Why";
        flag: "疑似严重事故隐患：{}", "Perhaps a serious hazard: {}";
        basis: "依据", "Basis";
        basis_unknown: "依据表里没有的文件", "A text that is not in the table of bases";
        by_body: "检验机构", "by the inspection body";
        due_on: "{} 前", "by {}";
        export: "导出表格", "Export";
        file: "到期清单", "due-list";
        col_due: "到期", "Due";
        col_state: "状态", "State";
        col_what: "项目", "What";
        col_name: "名称", "Name";
        col_unit: "单位", "Unit";
        col_code: "编号", "Number";
        col_place: "地点", "Place";
        col_inspector: "责任人", "Inspector";
        col_verified: "核实", "Verified";
    }
}
