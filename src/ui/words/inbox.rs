//! Words for the inbox of complaints and reports, and for what is hidden of persons.

super::word_table! {
    /// Words for the inbox of complaints and reports, and for what is hidden of persons.
    InboxWords {
        title: "投诉举报收件箱", "Complaints and reports";
        link_hint: "先看急的、快到期的，查重，再受理、核查", "What is urgent or due first; duplicates; then acceptance and checks";
        sub: "急的在前，其次是最近的期限", "Urgent first, then the nearest end of a period";
        incoming: "待受理", "Incoming";
        handled: "办理中", "In hand";
        closed: "已办结", "Closed";
        all: "全部", "All";
        which: "显示哪些", "Which ones";
        panel: "期限", "Periods";
        overdue: "已超期", "Overdue";
        today: "今天到期", "Due today";
        soon: "{}个工作日内", "Within {} working days";
        later: "以后到期", "Later";
        urgent: "急的原因", "Why urgent";
        own_rule: "内部规定", "Own rule";
        kind: "类别", "Kind";
        new_complaint_kind: "投诉", "Complaint";
        new_report_kind: "举报", "Report";
        kind_all: "投诉和举报", "Complaints and reports";
        goods: "商品、服务种类", "Kind of goods or service";
        goods_all: "全部种类", "All kinds";
        area: "区域", "Area";
        area_all: "全部区域", "All areas";
        search: "按事项、主体、商品、回执号查找", "Find by subject, business, goods or receipt";
        none: "还没有投诉举报", "No complaints or reports yet";
        none_hint: "打开消费者交来的文件，或者登记电话、来访、信函收到的投诉举报。", "Open a file from a consumer, or register what came by telephone, visit or letter.";
        nothing_found: "没有符合条件的", "Nothing matches";
        no_rules: "分流和期限的规则读不出来。请联网后重新打开一次。", "The rules for triage and periods can't be read. Connect and open the app again.";
        more: "再显示 {} 条", "Show {} more";
        take_in: "收进来", "Take in";
        open_file: "打开文件", "Open a file";
        open_hint: "消费者交来的投诉举报文件，先整份核对再入库。", "A file from a consumer; checked as a whole before anything is kept.";
        paste: "粘贴文本码", "Paste a text code";
        paste_hint: "消费者发来的一段文字，从头到尾全部粘贴。", "The whole text that a consumer sent, from its first sign to its last.";
        paste_go: "核对并收进来", "Check and take in";
        paste_bad: "这段文字不完整或者不是投诉举报的文本码。请让对方重新复制全文。", "This text is not whole, or no text code of a complaint. Ask for a copy of all of it.";
        paste_sealed: "这段文本码是给本机关加密的，要在持有本机关密钥的设备上打开。", "This text code is encrypted for the bureau; open it on a device that has the bureau’s key.";
        new_complaint: "登记投诉", "Register a complaint";
        new_report: "登记举报", "Register a report";
        received: "{} 收到", "Received {}";
        by_law: "依据：{}", "By {}";
        may_be_double: "可能重复 {}", "May be double: {}";

        near: "可能相同的投诉举报", "May be about the same";
        near_hint: "只是提示。是不是同一件，请核对后选择；选择会留痕，什么都不会删除。", "Only a hint. Compare, then choose; the choice leaves a trace, and nothing is deleted.";
        strong: "很可能", "Very likely";
        medium: "可能", "Likely";
        weak: "也许", "Perhaps";
        is_double: "是重复", "It is a duplicate";
        is_other: "不是同一件", "Not the same";
        was_double: "已认定重复", "Found to be a duplicate";
        was_other: "已认定不是同一件", "Found to be another";
        merge_hint: "认定重复后，用下一步里的“并案”办结这一件。", "After that, close this one by the step “Merge”.";
        near_reason: "查重", "Compared with another";

        hidden: "个人信息已遮盖", "Personal data are hidden";
        hidden_hint: "姓名、电话、证件等平时遮盖。显示会记入办理经过。", "Names, telephones and documents are hidden. Showing them is written into the history.";
        show: "显示个人信息", "Show personal data";
        shown: "个人信息已显示，本次查看已记录", "Personal data are shown; this look is on record";
        show_field: "显示并修改", "Show and change";
        photos_hidden: "{} 张照片，已遮盖", "{} photos, hidden";
        looked: "查看了个人信息", "Had personal data shown";
        look_reason: "查看个人信息", "Personal data shown";

        for_others: "给其他单位（不含投诉人、举报人信息）", "For another authority (without who complained or reported)";
        for_others_hint: "选中的记录里有投诉、举报。上面的文件含投诉人、举报人信息，只交本机关。给其他单位的，用下面的摘编：不含姓名、电话、证件、住址、签名和照片，并写明略去了什么。", "Complaints or reports are chosen. The files above name who complained or reported and are for this bureau alone. For others make an extract: no name, telephone, document, address, signature or photo, and it says what was left out.";
        extract_made: "摘编已生成", "The extract is ready";
        extract_failed: "没有可以摘编的案件", "There is no matter to extract";
        is_extract: "这是其他单位的摘编，不含投诉人、举报人信息。原记录状态：{}。略去：{}；照片 {} 张。", "An extract from another office, without who complained or reported. The original stands at: {}. Left out: {}; {} photos.";
    }
}
