//! Words of the check of evidence: its screen, its printed result, and that of the `spotcheck` command.

super::word_table! {
    /// Words of the check of evidence.
    VerifyWords {
        title: "核验证据", "Check evidence";
        link_hint: "核验数据包或解出的案卷目录，只看不导入", "Check a bundle or an extracted case folder without importing it";
        choose: "选择要核验的文件", "Choose what to check";
        choose_hint: "数据包（可一次选多个分卷），或 spotcheck extract 解出的案卷目录。全程在本机进行，不联网，不保存任何内容。", "A bundle (several parts at once), or a case folder written by spotcheck extract. All of it happens on this device, without a network; nothing is kept.";
        pick_files: "选择文件", "Choose files";
        pick_folder: "选择目录", "Choose a folder";
        no_folder: "本浏览器不能选目录。请选中目录里的全部文件，包括 SHA256SUMS。", "This browser can't choose folders. Choose all files of the folder, SHA256SUMS too.";
        working: "正在核验 {}", "Checking {}";
        print: "打印核验结果", "Print the result";
        again: "核验其他文件", "Check something else";

        paper_title: "电子证据核验结果", "Result of a check of electronic evidence";
        verdict: "结论", "Verdict";
        good_bundle: "核验通过：本文件自发送设备签封以来没有任何改动，其中记录的修改链、签封和照片摘要全部相符。", "The check passed: this file has not been altered since the sending device sealed it; the chains, seals and photo digests of its records all hold.";
        odd_bundle: "核验通过，另有 {} 处情况应当知悉：本文件自发送设备签封以来没有任何改动，须知情况逐条列在下面。", "The check passed, with {} things to know: this file has not been altered since the sending device sealed it; what should be known is listed below.";
        bad_bundle: "核验未通过：本文件不完整，或者与签封时不一致，不应当作未经改动的原件使用。", "The check failed: this file is incomplete or not what was sealed, and must not be used as an unaltered original.";
        good_folder: "核验通过：目录中各项记录的修改链、签封和照片摘要全部相符，没有改动。", "The check passed: the chains, seals and photo digests of the records in this folder all hold; nothing was altered.";
        odd_folder: "核验通过，另有 {} 处情况应当知悉：目录中现有的记录和照片没有改动，须知情况逐条列在下面。", "The check passed, with {} things to know: the records and photos that are in this folder were not altered; what should be known is listed below.";
        bad_folder: "核验未通过：目录中有内容被改动、调换或者缺失，不应当作未经改动的原件使用。", "The check failed: something in this folder was altered, exchanged or taken away; it must not be used as an unaltered original.";
        unread: "未能核验：文件没有读完，不能作出结论。", "Not checked: the file could not be read to its end, so there is no verdict.";

        facts: "核验对象", "What was checked";
        file: "文件", "File";
        folder: "目录", "Folder";
        chosen: "所选的文件", "the chosen files";
        size: "大小", "Size";
        bytes: "{} 字节", "{} bytes";
        bytes_in_files: "{} 字节，{} 个文件", "{} bytes in {} files";
        sha256: "SHA-256", "SHA-256";
        sha256_of_list: "文件清单的 SHA-256", "SHA-256 of the list of files";
        sender: "签封人", "Sealed by";
        as_stated: "{}（仅为文件所称，未经核实）", "{} (only as the file says, not verified)";
        device: "签封设备", "Sealing device";
        made: "签封时间", "Sealed at";
        part: "分卷", "Part";
        n_of_n: "{} / {}", "{} of {}";
        counts: "内容", "Content";
        counts_n: "记录 {} 项（已签封 {} 项），修改 {} 处，照片 {} 张", "records: {} (sealed: {}), changes: {}, photos: {}";
        checked: "核验项目", "Checks made";
        checked_bundle: "格式和逐字节摘要，整体签封，每台设备的修改链，每项记录的签封和更正，每张照片的摘要，多人填写冲突", "form and digest of every byte, the seal of the whole, the chain of each device, the seals and amendments of each record, the digest of each photo, conflicting entries";
        checked_folder: "文件清单，每台设备的修改链，每项记录的签封和更正，每张照片的摘要，多人填写冲突", "the list of files, the chain of each device, the seals and amendments of each record, the digest of each photo, conflicting entries";

        problems: "发现的问题", "Problems";
        notes: "应当知悉的情况", "What should be known";
        more: "另有 {} 条，未列出", "{} more are not listed";
        no_problems: "没有发现问题", "No problems were found";

        records: "记录", "Records";
        no_records: "没有可以采信的记录", "There are no records that can be relied on";
        col_no: "序号", "No.";
        col_record: "记录", "Record";
        col_digest: "签封和摘要", "Seal and digest";
        col_signers: "签名", "Signatures";
        col_found: "核验", "Found";
        sealed: "{} 签封，摘要 {}", "sealed {}, digest {}";
        unsealed: "未签封", "not sealed";
        amended_n: "签封后更正 {} 处", "amendments after the seal: {}";
        voided: "已作废", "voided";
        photos_n: "照片 {} 张", "photos: {}";
        refused: "拒绝签名：{}", "refused: {}";
        found_good: "相符", "holds";
        found_odd: "相符，见说明", "holds, see above";
        found_bad: "不符", "does not hold";
        inspector1: "检查人员一", "inspector 1";
        inspector2: "检查人员二", "inspector 2";
        attendant: "被检查单位", "for the unit";

        verified_at: "核验时间", "Checked at";
        verified_on: "核验设备", "Checked on";
        program: "核验程序", "Program";
        program_n: "巡检通 {}", "Spotcheck {}";
        code_label: "核验对象摘要的二维码", "QR code of the digest of what was checked";
        limit: "核验说明内容自签封以来是否改动，不证明设备当时由谁持有，也不证明设备时钟准确。签封设备应与单位的设备登记核对。", "A check tells whether the content was altered since it was sealed. It does not prove who held the device, nor that its clock was right. Compare the sealing device with the bureau's list of devices.";
        limit_folder: "目录本身没有签封：是否少了整项记录，要用原数据包核对。", "A folder has no seal of its own: only the original bundle can tell whether whole records are missing.";

        at_file: "文件 {}", "file {}";
        at_record: "记录 {}", "record {}";
        at_photo: "照片 {}", "photo {}";
        at_byte: "位置 {}，第 {} 字节", "{}, byte {}";

        p_unreadable: "文件没有读完", "The file could not be read to its end";
        p_too_large: "文件超过上限 {} 字节，没有核验", "The file is larger than {} bytes and was not checked";
        p_empty: "目录中没有记录", "There is no record in the folder";
        p_no_list: "没有文件清单 SHA256SUMS，不能核对文件是否齐全", "There is no list SHA256SUMS, so it can't be told whether files are missing";
        p_list_line: "文件清单第 {} 行形式有误", "Line {} of the list of files is malformed";
        p_absent: "清单列有此文件，目录中没有", "The list names this file and it is not there";
        p_not_as_listed: "文件与清单记载的摘要不符：被改动或者调换", "The file has not the digest that the list states: it was altered or exchanged";
        p_unlisted: "清单没有列出此文件", "The list does not name this file";
        p_no_record: "不是规定形式的记录文件，可能已损坏", "It is no record in the form in which they are written; it may be damaged";
        p_change: "第 {} 条修改与其摘要不符：内容被改动", "Change {} has not the digest that it carries: it was altered";
        p_chain_gap: "设备 {} 第 {} 号修改之前有缺失", "Changes of device {} before number {} are missing";
        p_chain_prev: "设备 {} 第 {} 号修改与前一号不衔接", "Of device {}, change {} does not follow the one before it";
        p_chain_order: "设备 {} 第 {} 号修改的时间不晚于前一号", "Of device {}, change {} is not later than the one before it";
        p_fork: "设备 {} 有两个不同的第 {} 号修改", "Device {} has two different changes with number {}";
        p_other_file: "设备 {} 第 {} 号修改与文件“{}”中的不同：可能被篡改，或者手机数据被复制", "Device {}, change {} differs from that in file “{}”: tampering, or a copied phone";
        p_record_seal: "第 {} 次签封不成立：{}", "Seal {} does not hold: {}";
        p_state: "记录现状与修改历史的结果不一致：现状被改动", "The state of the record is not what its history adds up to: it was altered";
        p_rewritten: "修改历史相符，但文件被重新编写过，文字可能与历史不一致", "The history holds, but the file was written anew; what people read in it may differ from the history";
        p_other_record: "文件里是另一项记录，与文件名不符", "The file has another record in it than its name says";
        p_photo_hash: "照片与其摘要不符：被改动或者调换", "The photo has not the digest of its name: it was altered or exchanged";
        p_photo_kind: "照片不是文件名所说的图片格式", "The photo is no picture of the kind that its name says";
        p_photo_absent: "记录列有此照片，目录中没有", "The record names this photo and it is not in the folder";
        p_photo_unnamed: "没有记录引用此照片", "No record names this photo";
        p_unknown_purpose: "用途“{}”本程序不认识", "The purpose “{}” is not known to this program";
        p_amended: "签封后有 {} 处更正，更正的时间、人员和原因都在历史里", "There are {} amendments after the seal; their history says when, who and why";
        p_unsealed: "尚未签封：只能说明内容与其修改链相符", "Not sealed: only its chains vouch for it";
        p_conflicts: "有 {} 处由多人分别填写且不一致", "Values entered differently by several people: {}";
        p_parts_absent: "同一次导出共 {} 卷，未见第 {} 卷", "Of the {} parts of this export these are not here: {}";
        fault_malformed: "格式不对", "malformed";
        fault_device: "密钥不属于签封的设备", "the key is not that of the sealing device";
        fault_signature: "数字签名不符", "the signature does not match";
        fault_heads: "签封过的内容缺失或者被替换", "something that was sealed is missing or was replaced";
        fault_time: "自称早于它所覆盖的修改", "it claims to be older than what it covers";

        kind_inspection: "现场检查", "Inspection";
        kind_document: "文书", "Document";
        kind_hazard: "隐患", "Hazard";
        kind_directive: "督办", "Directive";
        kind_sampling: "抽样", "Sampling";
        kind_incident: "事件", "Incident";
        kind_transfer: "移送", "Transfer";
        kind_unlicensed: "无证无照", "Unlicensed operation";
        kind_dual_notice: "双告知", "Dual notice";
        kind_online_evidence: "网络取证", "Online evidence";
        kind_recall: "召回", "Recall";
        kind_complaint: "投诉", "Complaint";
        kind_report: "举报", "Report";
        kind_number_range: "文书号段", "Range of document numbers";
        kind_unit: "单位", "Unit";
        kind_equipment: "设备", "Equipment";
        kind_instrument: "计量器具", "Instrument";
        kind_task: "任务", "Task";
        kind_content: "检查表、规则或模板", "Checklist, rules or form";

        code_of_record: "记录核对码", "Code for checking this record";
        code_hint: "用巡检通扫码，打开本机上的记录并核对签封", "Scan it in Spotcheck to open the record on the device and compare its seal";
        paper_same: "纸质件与本机记录的签封一致", "The print agrees with the seal of the record on this device";
        paper_same_hint: "摘要前 16 位 {}", "First 16 digits of the digest: {}";
        paper_earlier: "纸质件印自较早的签封，之后记录有更正并重新签封", "The print is of an earlier seal; the record was amended and sealed again after that";
        paper_other: "纸质件的摘要与本机记录的任何一次签封都不一致", "The digest of the print is that of no seal of the record on this device";
        paper_other_hint: "纸质件 {}。请核对纸质件来源，或先导入最新数据包。", "The print says {}. Ask where the print comes from, or import the latest bundle first.";
        paper_unsealed: "纸质件载有签封摘要，本机记录尚未签封", "The print has the digest of a seal; the record on this device is not sealed";
        paper_draft: "纸质件是未签封时打印的，没有可以核对的摘要", "The print was made before the record was sealed; there is no digest to compare";
        paper_read: "纸质件核对码", "Code of a printed record";
        paper_unknown: "本机没有这份纸质件对应的记录", "The record of this print is not on this device";
        paper_unknown_hint: "请先在办公室导入含该记录的数据包。", "Import the bundle with this record at the office first.";
    }
}
