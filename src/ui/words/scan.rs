//! Words of the screens for scanning codes and printing labels.

super::word_table! {
    /// Words of the screens for scanning codes and printing labels.
    ScanWords {
        title: "扫码", "Scan";
        hint: "对准使用标志、营业执照或本单位标签上的码", "Point at the code on a use mark, a licence or a label of ours";
        view: "相机画面", "Camera view";
        starting: "正在打开相机", "Opening the camera";
        refused: "未获准使用相机。请在浏览器设置中允许，或选择图片、手工输入。", "The camera is not allowed. Allow it in the browser's settings, pick a picture, or type the code.";
        busy: "相机打不开，可能被其他应用占用。可选择图片或手工输入。", "The camera can't be opened; another app may be using it. Pick a picture or type the code.";
        missing: "没有找到相机。可选择图片或手工输入。", "No camera was found. Pick a picture or type the code.";
        unsupported: "此浏览器不给网页使用相机。可选择图片或手工输入。", "This browser gives pages no camera. Pick a picture or type the code.";
        reopen: "重新打开相机", "Open the camera again";
        lamp_on: "开灯", "Lamp on";
        lamp_off: "关灯", "Lamp off";
        pick: "选择图片", "Pick a picture";
        reading: "正在识别", "Reading";
        none_in_picture: "这张图片里没有识别出码。请靠近些、拍正些再试，或手工输入。", "No code was found in this picture. Take it closer and straighter, or type the code.";
        type_code: "手工输入", "Type it";
        type_label: "编号", "Number";
        type_hint: "设备代码、使用登记证编号或统一社会信用代码", "Equipment code, certificate number or credit code";
        look_up: "查找", "Look it up";
        read_as: "码的内容", "What the code says";
        again: "再扫一次", "Scan again";
        unknown: "台账中没有这个编号", "Not in the ledgers";
        unknown_hint: "可以新建，或在台账中按名称搜索。", "Add it, or search the ledgers by name.";
        unknown_record: "本机没有这张标签对应的台账", "The record of this label is not on this device";
        unknown_record_hint: "请先导入办公室下发的台账。", "Import the ledgers that the office sent first.";
        several: "找到多条，请选择", "Several fit; choose one";
        is_equipment: "设备代码", "Equipment code";
        is_certificate: "使用登记证编号", "Certificate number";
        is_unit: "统一社会信用代码", "Credit code";
        is_goods: "商品条码", "Trade item number";
        is_text: "文字", "Text";
        new_equipment: "新建设备", "Add equipment";
        new_unit: "新建单位", "Add a unit";
        search_ledger: "在台账中搜索", "Search the ledgers";

        labels: "标签打印", "Labels";
        labels_hint: "每台设备一张标签，扫码即打开台账。用 A4 不干胶纸打印，比例选 100%。", "One label for each piece of equipment; scanning it opens its record. Print on A4 label sheets at 100 %.";
        labels_none: "没有可打印的设备", "There is no equipment to print";
        labels_none_hint: "先在台账中选择单位。", "Choose a unit in the ledgers first.";
        labels_layout: "每页", "Per page";
        labels_n: "{} 张", "{}";
        labels_skip: "跳过前几格（用过的标签纸）", "Leave out the first cells of a used sheet";
        labels_print: "打印 {} 张标签", "Print {} labels";
        label_code: "设备代码", "Code";
        label_cert: "使用登记证", "Certificate";
        label_place: "地点", "Place";
        label_qr: "{} 的二维码", "QR code of {}";
    }
}
