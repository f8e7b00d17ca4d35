//! Words for warnings to consumers and for what they should know of their rights.

super::word_table! {
    /// Words for warnings to consumers and for what they should know of their rights.
    NoticeWords {
        title: "消费警示与维权知识", "Warnings and rights";
        hint: "没有网络也能看", "Readable offline";
        warnings: "消费警示", "Warnings";
        recalls: "召回信息", "Recalls";
        rights: "维权知识", "Rights";
        warning: "消费警示", "Warning";
        recall: "召回", "Recall";
        right: "维权知识", "Rights";
        none: "还没有内容", "Nothing yet";
        gone: "没有这一篇，或者已经撤下。", "There is no such page, or it was taken down.";
        products: "涉及的产品", "Products";
        measures: "应当怎样做", "What to do";
        basis: "依据", "Basis";
        source: "来源：{}", "Source: {}";
        published_on: "{} 发布", "Published on {}";
        until: "有效至 {}", "Holds until {}";
        over: "已过有效期", "Out of date";
        unverified: "未核实", "Not verified";
        advice: "一般建议，不是法律规定", "General advice, not a rule of law";
        own: "本单位发布", "Published by the bureau";
        print: "打印", "Print";
        complain: "我要投诉举报", "File a complaint or a report";
        name: "产品名称", "Product";
        brand: "品牌", "Brand";
        model: "规格型号", "Model";
        batch: "批号或者生产日期", "Batch or production date";
        gtin: "商品条码", "Bar code";
        matches: "这种产品有消费警示或者召回", "There is a warning or a recall for this product";
        matches_hint: "请先看看批号和应当怎样做。", "Look at the batch and at what to do first.";

        write: "起草消费警示", "Write a warning";
        write_hint: "发布后成为本单位的内容；下发的“规则”文件里带着，手机和其他电脑导入后就能看。不写投诉人、举报人的身份。", "Becomes the bureau's own content and goes along with the rules that are handed out. Never say who complained or reported.";
        edit: "修改", "Change";
        kind: "类型", "Kind";
        field_title: "标题", "Title";
        field_summary: "一句话提示", "The gist in a sentence";
        field_body: "正文", "Text";
        field_body_hint: "空一行分段；行首写“-”是列表，写“#”是小标题", "A blank line parts paragraphs; lines beginning with - are a list, with # a heading";
        english: "英文（选填，段落要和中文对应）", "English (optional, with the same parts as the Chinese)";
        field_measures: "应当怎样做（一行一条）", "What to do (one a line)";
        field_until: "有效至（选填）", "Holds until (optional)";
        field_source: "来源（选填）", "Source (optional)";
        product_n: "产品 {}", "Product {}";
        add_product: "增加产品", "Add a product";
        remove_product: "删除产品 {}", "Remove product {}";
        publish: "发布", "Publish";
        published: "已发布。下发规则文件后，手机上也能看到。", "Published. Phones have it once the rules have been handed out.";
        take_down: "撤下", "Take down";
        taken_down: "已撤下", "Taken down";
        again: "重新发布", "Publish again";
        hand_out: "下发给手机", "Hand out to phones";
        download: "下载文件，放到网站上", "Download the file for the web site";
        missing: "还要填：{}", "Still to fill in: {}";
        too_much: "内容太多或者日期不对，请精简后再发布。", "Too much, or the dates are the wrong way round.";
        not_kept: "没有保存成功，请再试一次。", "It was not kept; try again.";
        from_lead: "按线索起草：核对内容后再发布", "From the lead: check it before it goes out";
    }
}
