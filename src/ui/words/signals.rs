//! Words for signals, leads and statistics.

super::word_table! {
    /// Words for signals, leads and statistics.
    SignalWords {
        leads: "风险线索", "Leads";
        leads_hint: "投诉举报里反复出现的产品、批次、经营者和设备", "Products, batches, businesses and equipment that keep coming up";
        waiting: "待立线索（{}）", "Not raised yet ({})";
        raised: "办理中的线索", "Leads in hand";
        all_leads: "全部线索", "All leads";
        none_waiting: "目前没有达到标准的信号", "No signal at present";
        none_waiting_hint: "达到本单位规则的件数和分值时，这里会提示。", "It shows here when the numbers of the office's rules are reached.";
        no_rules: "风险信号的规则读不出来。请联网后重新打开一次。", "The rules of signals can't be read. Connect and open the app again.";
        raise: "立为线索", "Raise a lead";
        add_to: "并入线索（新增 {} 件）", "Add to the lead ({} new)";
        open_lead: "打开线索", "Open the lead";
        was_raised: "已立线索", "Lead raised";
        was_added: "已并入 {} 件", "{} added";
        n_filings: "{} 件", "{} filings";
        n_injuries: "{} 件有人受伤", "{} with somebody hurt";
        n_deaths: "{} 人死亡", "{} deaths";
        points: "{} 分", "{} points";
        window: "{} 至 {}", "{} to {}";
        by_rule: "本单位规则：{} 天内 {} 件以上、达到 {} 分", "Rule of the office: {} days, {} filings or more, {} points";
        own_rule: "本单位规则", "Own rule";
        show_filings: "涉及的投诉举报", "The complaints and reports";
        alike: "同类投诉举报 {} 件", "{} similar complaints and reports";
        alike_hint: "产品、批次、经营者或者设备相同，不限时间。", "The same product, batch, business or equipment, at any time.";
        of_lead: "所属线索", "Its lead";
        checks: "为线索做的检查", "Checks made for the lead";
        draft_check: "检查中", "Being checked";
        sealed_check: "已签封", "Sealed";
        tasks: "检查任务", "Tasks";
        make_task: "建检查任务", "Make a task";
        enter_check: "带入已签封的检查", "Bring in the sealed check";
        start_recall: "启动召回", "Start a recall";
        draft_notice: "起草消费警示", "Draft a warning";
        handle: "由线索办理", "From this lead";
        led_to: "由线索引出", "What came from it";
        recall_started: "已建召回案件，请补全基本情况", "Recall begun; fill in what it is about";
        unit_not_in_ledger: "台账里没有找到“{}”。请在下面查找单位；没有的，先在台账里新建。", "“{}” is not in the ledgers. Look for the unit below, or add it to the ledger first.";
        task_open: "待办", "To do";
        task_done: "已办", "Done";

        stats: "投诉举报统计", "Statistics";
        stats_hint: "只统计件数和伤亡人数，不含个人信息", "Numbers of records and of persons harmed; nothing personal";
        period: "统计期间", "Period";
        this_month: "本月", "This month";
        this_year: "本年", "This year";
        whole: "全部", "All";
        own_period: "自定", "Other";
        from: "从", "From";
        to: "到", "To";
        total: "共 {} 件", "{} in all";
        nothing: "这段时间没有投诉举报", "No complaints or reports in this period";
        by_kind: "按类别", "By kind";
        by_goods: "按商品、服务种类", "By kind of goods or service";
        by_equipment: "按设备种类", "By kind of equipment";
        by_area: "按乡镇、街道", "By town";
        by_month: "按月份", "By month";
        by_state: "按办理状态", "By state";
        col_what: "项目", "What";
        col_count: "件数", "Number";
        col_injuries: "有人受伤", "Somebody hurt";
        col_deaths: "死亡人数", "Deaths";
        col_table: "统计表", "Table";
        unknown: "未填", "Not known";
        complaints: "投诉", "Complaints";
        reports: "举报", "Reports";
        records_of: "{}：{} 件", "{}: {}";
        close_records: "收起", "Close";
        csv: "导出表格", "Export as a table";
        print: "打印", "Print";
        file: "投诉举报统计", "statistics";
        share: "占比", "Share";
    }
}
