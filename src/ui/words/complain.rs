//! Words of the consumer's pages: a complaint or report written, handed over and cleared away. Plain words, for people
//! who do this once in their life.

super::word_table! {
    /// Words of the consumer's pages.
    ComplainWords {
        title: "消费者投诉举报", "Complain or report";
        lead: "不用注册，三分钟写完，没有网络也能写。", "No account, done in three minutes, works without a network.";

        danger: "现在有危险？先打电话", "In danger now? Call first";
        danger_hint: "着火、燃气泄漏、电梯困人、有人受伤，先离开危险的地方，再打电话。", "Fire, a gas leak, people caught in a lift, somebody hurt: leave the danger first, then call.";
        numbers_failed: "本局的电话读不出来。报警 110，火警 119，急救 120。", "The bureau's number can't be read. Police 110, fire 119, ambulance 120.";

        shared: "借用或者公用手机：发出后清除", "A borrowed or shared phone: clear it afterwards";
        shared_hint: "发出并确认以后，您写的内容和照片从这台手机上清除。", "Once it is handed over, what you wrote and your photos are cleared from this phone.";
        elder: "大字模式", "Large type";
        elder_hint: "字更大，一页只问一个问题。", "Larger type, one question on each page.";

        which: "投诉和举报有什么不同？", "Complaint or report: what is the difference?";
        which_end: "两样可以一起提。填完以后按您的回答建议，您可以改。", "You can do both. It is proposed from your answers, and you can change it.";

        about: "您要反映什么？", "What is it about?";
        photos_first: "先拍照，再说情况", "Photos first, words after";
        photos_first_hint: "拍商品、标签、票据、受伤的地方都行。拍好后再选反映什么。", "The goods, labels, bills, the injury. Then say what it is about.";
        begin_this: "就反映这里的问题", "Complain about this";
        from_poster: "已从二维码带入", "Taken from the code";
        poster_unit: "单位", "Who";
        poster_place: "地点", "Where";
        poster_equipment: "设备编号", "Equipment";
        poster_product: "商品", "Product";
        poster_gtin: "商品条码", "Bar code";
        from_poster_none: "二维码里没有能读的内容，请从下面选。", "The code says nothing that can be read; choose below.";

        mine: "我写的投诉举报", "What I wrote";
        mine_none: "还没有写过", "Nothing yet";
        mine_none_hint: "写了一半的和已经提交的，都在这里，只存在这台手机上。", "What is half written and what was filed is here, on this phone alone.";
        drafts: "没写完的", "Not finished";
        filed: "已经提交的", "Filed";
        untitled: "还没写事情", "Nothing written yet";
        last_kept: "{} 保存", "Kept {}";
        at_step: "写到第 {} 步，共 {} 步", "At step {} of {}";
        shared_mark: "发出后清除", "Cleared afterwards";
        handed_over: "已经发出", "Handed over";
        not_handed_over: "还没有发出", "Not handed over yet";
        clear: "清除", "Clear";
        clear_one: "清除：{}", "Clear: {}";
        clear_ask: "清除这一份？", "Clear this one?";
        clear_ask_hint: "内容和照片从这台手机上抹掉，任何人都找不回来。", "Text and photos are erased from this phone; nobody can bring them back.";
        clear_ask_unsent: "这一份还没有发出。清除以后就没有了。", "This one was not handed over yet. Cleared, it is gone.";
        clear_yes: "清除，不要了", "Clear it";
        clear_no: "先留着", "Keep it";
        cleared: "已清除。这台手机上没有您写的内容和照片了。", "Cleared. Nothing of what you wrote and no photo is left on this phone.";
        cleared_title: "已清除", "Cleared";
        cleared_hint: "请保存好回执号：{}。查询办理情况时要用。", "Keep the receipt number: {}. You need it to ask how it stands.";
        clear_failed: "没有清除干净。请关闭其他打开本应用的页面，再试一次。", "Not everything was cleared. Close other pages of this app and try again.";
        new_one: "再写一份", "Write another";
        to_start: "回到开始", "Back to the start";

        step_of: "第 {} 步，共 {} 步", "Step {} of {}";
        next: "下一步", "Next";
        previous: "上一步", "Back";
        to_check: "核对", "Check it";
        saved_here: "写的内容随时保存在这台手机上，退出也不会丢。", "What you write is kept on this phone all the time; leaving loses nothing.";
        no_such: "这台手机上没有这一份，可能已经清除。", "It is not on this phone; it may have been cleared.";
        vault_failed: "这台手机的浏览器存不了内容。您可以换一个浏览器，或者直接打电话。", "This browser can't keep anything. Use another browser, or call.";
        vault_failed_private: "无痕模式或者很旧的浏览器常见这种情况。", "Private windows and very old browsers do this.";
        save_failed: "没有保存上，正在再试。请先不要关闭页面。", "Not kept yet; trying again. Don't close the page.";
        form_failed: "表格读不出来。请联网后重新打开一次，或者直接打电话。", "The form can't be read. Connect and open it again, or call.";

        yes: "是", "Yes";
        no: "不是", "No";
        none_of_them: "都没有", "None of them";
        days_ago: "{} 天前", "{} days ago";
        more_to_say: "还有要补充的（选填）", "More to say (optional)";
        today: "今天", "Today";
        yesterday: "昨天", "Yesterday";
        before_yesterday: "前天", "The day before";
        other_day: "别的日期", "Another day";
        other_day_label: "日期", "Day";
        more: "多一个：{}", "One more: {}";
        fewer: "少一个：{}", "One fewer: {}";
        people: "{} 人", "{}";

        photos: "照片", "Photos";
        take_photo: "拍照", "Take a photo";
        pick_photo: "从相册选", "From the gallery";
        photo_n: "照片 {}", "Photo {}";
        photo_remove: "删除照片 {}", "Remove photo {}";
        photo_working: "正在处理照片", "Working on the photo";
        photo_failed: "这张照片读不了，请换一张，或者重新拍。", "This photo can't be read; pick another, or take it again.";
        photo_full: "手机存满了，照片没有存上。请先清出一些空间。", "The phone is full; the photo was not kept. Make some room first.";
        photo_most: "最多 {} 张，先删掉不要的再加。", "At most {}; remove some first.";
        photos_private: "照片只放在这份投诉举报里，不进手机相册；拍摄地点不会写进去。", "Photos stay in this file alone and not in the phone's album; where they were taken is left out.";
        photo_removed: "已删除 1 张照片", "Photo removed";

        scan_goods: "扫商品条码", "Scan the bar code";
        scan_licence: "扫营业执照或者二维码", "Scan the licence or a code";
        scan_equipment: "扫设备上的二维码", "Scan the code on the equipment";
        scanned: "已读出：{}", "Read: {}";
        scan_other: "这个码不是这里要的。请换一个，或者手工填写。", "This code is another kind. Try another, or type it.";
        lack_no_filing: "还没有选投诉还是举报", "Choose complaint or report";
        lack_strange: "这个答案读不懂，请重新填", "This answer can't be read; give it again";
        lack_too_long: "太长了：{} 个字，最多 {} 个", "Too long: {} characters, at most {}";
        lack_range: "应在 0 到 {} 之间", "Between 0 and {}";
        lack_day: "日期不对", "Not a day";
        lack_future: "这一天还没有到", "This day has not come yet";
        lack_phone: "电话号码好像不对，请再看一下", "The telephone number looks wrong; look again";
        lack_identity: "证件号码对不上，请再看一下", "The number of the document doesn't fit; look again";
        lack_uscc: "信用代码对不上，请再看一下", "The credit code doesn't fit; look again";
        lack_gtin: "条码的数字对不上，请再看一下", "The digits of the bar code don't fit; look again";
        lack_link: "好像不是网址", "Does not look like an address on the net";
        lack_photos: "照片太多，最多 {} 张", "Too many photos, at most {}";

        lacks: "还差 {} 处", "{} still needed";
        lacks_none: "都填好了，可以提交", "All there; it can be filed";
        lacks_step: "这一步还差（可以先往下走，回头再补）", "Still needed here (you can go on and come back)";
        warns: "可以更好（不影响提交）", "Could be better (it can be filed all the same)";

        check_hint: "请看一遍。要改的，点“修改”。", "Read it once. Tap “Change” where it is not right.";
        change: "修改：{}", "Change: {}";
        change_short: "修改", "Change";
        nothing: "没有填", "Nothing";
        n_photos: "{} 张照片", "{} photos";
        kind: "这份提交作为", "Filed as";
        kind_hint: "按您的回答建议，可以改；两样可以一起提。", "Proposed from your answers; you can change it and can choose both.";
        kind_only: "只{}", "{} only";
        kind_both: "投诉和举报都提", "Both";
        kind_proposed: "{}（建议）", "{} (proposed)";
        truth: "以上是我知道的真实情况", "This is true as far as I know";
        truth_hint: "故意捏造要承担法律责任。", "Who knowingly makes things up is liable.";
        file: "提交", "File it";
        filing: "正在提交", "Filing";
        file_failed: "没有提交成功，内容还在。请再试一次。", "It was not filed; everything is still here. Try again.";
        file_truth: "请勾选“以上是我知道的真实情况”。", "Tick “This is true as far as I know”.";

        done: "已写好，还要发出", "Written; now hand it over";
        done_sent: "已经发出", "Handed over";
        done_hint: "文件在这台手机上。请用下面任意一种办法交给市场监管局。", "The file is on this phone. Get it to the bureau in any of these ways.";
        receipt: "回执号", "Receipt number";
        receipt_hint: "请记下或者截屏。查询办理情况时要用。", "Write it down or take a screenshot; you need it to ask how it stands.";
        copy_receipt: "复制回执号", "Copy the receipt number";
        copied: "已复制", "Copied";
        copy_failed: "没能复制。请按住文字，自己选“复制”。", "Not copied. Press on the text and choose “copy” yourself.";
        sealed: "已加密，只有{}能打开。", "Encrypted: only {} can open it.";
        open_note: "没有加密：拿到这个文件的人都能看到内容。请直接交给市场监管局，不要发到群里。", "Not encrypted: whoever gets this file can read it. Give it to the bureau itself, not to a group.";
        seal_failed: "加密没有成功，请再试一次。没有加密的文件不会发出。", "Encrypting failed; try again. Nothing is handed over in the clear.";
        making: "正在生成文件", "Making the file";
        make_failed: "文件没有生成。请再试一次，或者复制文字码。", "The file was not made. Try again, or copy the text code.";

        ways: "交给市场监管局", "Hand it over";
        way_upload: "直接上传", "Upload it";
        way_upload_hint: "传给{}，需要网络。", "To {}; needs a network.";
        uploading: "正在上传", "Uploading";
        uploaded: "已上传，市场监管局收到了。", "Uploaded; the bureau has it.";
        upload_offline: "没有回音，可能没有传上。联网后再试，或者用别的办法。", "No answer; it may not have arrived. Try again with a network, or use another way.";
        upload_refused: "对方没有收下（{}）。请再试一次，或者用别的办法。", "Not taken ({}). Try again, or use another way.";
        upload_blocked: "上传地址用不了。请用别的办法。", "The address can't be used. Use another way.";
        way_share: "发给市场监管局（微信、邮件等）", "Send it (messenger, mail)";
        way_save: "保存文件到手机", "Save the file";
        saved_file: "已交给浏览器保存，请到“下载”里看一下文件在不在。", "Given to the browser; look in your downloads whether the file is there.";
        save_blocked: "浏览器没有保存文件。请用别的办法。", "The browser did not save the file. Use another way.";
        shared_file: "已交给您选的应用。请确认真的发出了。", "Given to the app you chose. Make sure that it was sent.";
        share_failed: "没有发出。请保存文件，或者复制文字码。", "Not sent. Save the file, or copy the text code.";
        wechat: "您正在微信里打开", "You are in WeChat";
        wechat_hint: "微信里一般不能保存文件。可以点右上角“…”选“在浏览器打开”（要重新写），或者在这里复制文字码发给市场监管局。", "WeChat often saves no files. Choose “Open in browser” from the “…” menu (you would write it anew), or copy the text code here and send it.";
        way_code: "文字码", "Text code";
        way_code_hint: "一段文字，里面有全部内容，不含照片。复制后发短信、微信、邮件给市场监管局都行。", "A piece of text with all that you wrote, without photos. Copy it and send it by message or mail.";
        way_code_hint_photos: "一段文字，里面有您写的内容；{} 张照片不在里面，请另外发送或者保存文件。", "A piece of text with all that you wrote; your {} photos are not in it. Send them apart, or save the file.";
        copy_code: "复制文字码", "Copy the text code";
        way_qr: "二维码", "QR code";
        way_qr_hint: "到窗口时给工作人员扫。", "Let the officer at the counter scan it.";
        way_qr_long: "内容太长，放不进一个二维码。请用文字码或者文件。", "Too long for one QR code. Use the text code or the file.";
        qr_label: "投诉举报的二维码", "QR code of the complaint";
        way_print: "打印出来", "Print it";
        way_print_hint: "A4 纸，可以签名后寄出或者送到窗口。", "A4, to sign and send by post or hand in.";
        way_call: "打电话说：{}", "Call: {}";

        sent_ask: "发出了吗？", "Was it handed over?";
        sent_yes_clear: "已经发出，现在清除", "Yes; clear it now";
        sent_shared: "这是借用或者公用手机。确认发出以后，马上清除您写的内容和照片。", "This is a shared phone. Once it is handed over, what you wrote and your photos are cleared at once.";
        sent_not_yet: "还没有发出", "Not yet";
        clear_this: "从这台手机清除", "Clear it from this phone";
        sent_clear_offer: "不再需要留在手机上的话，可以清除。", "If you don't need it on this phone any more, clear it.";

        what_next: "接下来", "What happens next";
        next_complaint: "投诉：是否受理", "Complaint: accepted or not";
        next_complaint_text: "如果市场监管局今天收到，最晚在 {} 以前告诉您受不受理。", "If the bureau gets it today, it tells you by {} whether it is accepted.";
        next_mediation: "受理以后：调解", "Once accepted: mediation";
        next_mediation_text: "从受理那天起 {} 内调解；调解不成的会终止，您可以起诉或者用别的办法。", "Mediation within {} of acceptance; if it fails it ends, and you may go to court or use other ways.";
        next_report: "举报：核查", "Report: looked into";
        next_report_text: "如果今天收到，一般在 {} 以前决定立不立案，可以延长。", "If it gets it today, it normally decides by {} whether to open a case; this may be extended.";
        next_named: "实名举报：告知结果", "Named report: the answer";
        next_named_text: "决定以后 {} 内告诉您。", "You are told within {} of the decision.";
        next_anonymous: "不留名的举报不会有答复。", "An unnamed report gets no answer.";
        next_danger: "有人受伤、起火、涉及儿童、燃气、电梯的，优先处理。", "Harm, fire, children, gas and lifts come first.";
        next_failed: "期限读不出来，请向市场监管局询问。", "The periods can't be read just now. Ask the bureau.";
        working_days: "{} 个工作日", "{} working days";
        calendar_days: "{} 天", "{} days";
        months: "{} 个月", "{} months";
        hours: "{} 小时", "{} hours";
        unverified: "未核实", "Not verified";
        estimated: "估算", "Estimated";

        print: "打印", "Print";
        print_title_complaint: "消费者投诉书", "Consumer complaint";
        print_title_report: "举报书", "Report";
        print_title_both: "投诉举报书", "Complaint and report";
        print_to: "{}：", "To {}:";
        print_sign: "签名：", "Signature:";
        print_date: "日期：", "Date:";
        print_note: "本件由本人在手机上填写后打印。照片附后。", "Written on a phone and printed by the person. Photos follow.";
        print_photos: "照片", "Photos";
        print_ready: "可以打印", "Ready to print";
    }
}

#[cfg(test)]
mod tests {
    use super::ComplainWords;

    #[test]
    fn blanks_are_the_same_in_both_languages() {
        for (name, zh, en) in ComplainWords::ALL {
            assert_eq!(zh.matches("{}").count(), en.matches("{}").count(), "{name}");
        }
    }
}
