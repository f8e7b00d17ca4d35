//! Words of encrypted files, the bureau's key, and what the bureau says of itself.

super::word_table! {
    /// Words of encrypted files, the bureau's key, and what the bureau says of itself.
    SealedWords {
        locked: "这个文件是加密的", "This file is encrypted";
        locked_hint: "只有本单位的密钥打得开。请选择密钥文件并输入口令；密钥只在本页打开期间留在内存里。没有保存该文件的任何内容。", "Only the bureau's key opens it. Choose the file with the key and type its passphrase; the key stays in memory until this page is closed. Nothing of this file was kept.";
        not_for_us: "已给出的密钥都打不开：可能是给别的单位、或用本单位以前的公钥加密的。请换一个密钥文件，或把文件转给收件单位。没有保存该文件的任何内容。", "None of the keys opens it: it may be for another office, or encrypted with an earlier key of this one. Choose another file with a key, or hand the file to its receiver. Nothing of it was kept.";
        damaged: "加密文件已损坏或不完整，打不开。没有保存该文件的任何内容。请让对方重新发送原文件。", "The encrypted file is damaged or incomplete and can't be opened. Nothing of it was kept. Ask for the original file again.";
        needs_words: "这是用口令加密的文件，不是投诉举报文件。没有保存该文件的任何内容。密钥文件请在导入加密文件时选择。", "This file is encrypted with a passphrase and is no complaint. Nothing of it was kept. A file with a key is chosen when an encrypted file is taken in.";
        too_large: "加密文件太大。没有保存该文件的任何内容。请让对方分几次发送。", "The encrypted file is too large. Nothing of it was kept. Ask for it in several parts.";
        pick_key: "选择密钥文件", "Choose the file with the key";
        passphrase: "密钥口令", "Passphrase of the key";
        passphrase_hint: "试一次约需几秒。", "Trying it takes some seconds.";
        open: "打开", "Open";
        key_none: "这个文件里没有密钥。请选择生成密钥时保存的文件（.age）。", "There is no key in this file. Choose the file that was saved when the key was made (.age).";
        key_unreadable: "密钥文件读取失败，可能已被移动或删除。请重新选择。", "The file with the key can't be read; it may have been moved or deleted. Choose it again.";
        key_wrong_words: "口令不对。请核对大小写和空格后再试。", "Wrong passphrase. Check capitals and blanks, and try again.";
        key_damaged: "密钥文件已损坏，打不开。请用备份的那一份。", "The file with the key is damaged. Use its other copy.";
        key_worker: "本机试不了口令，可能内存不够。请关掉其他页面或换一台电脑，也可用命令 spotcheck open 解密。", "The passphrase can't be tried here; memory may be short. Close other pages or use another computer, or decrypt with the command spotcheck open.";

        bureau: "投诉举报：本单位信息和密钥", "Complaints: the bureau and its key";
        bureau_hint: "投诉人看到的名称、电话、上传地址；给投诉内容加密的公钥。", "Name, telephone and address that consumers see, and the key that complaints are encrypted with.";
        about: "本单位信息", "The bureau";
        name_zh: "名称", "Name in Chinese";
        name_en: "英文名称", "Name in English";
        area_zh: "辖区", "Area in Chinese";
        area_en: "辖区英文", "Area in English";
        phone: "电话", "Telephone";
        upload: "上传地址", "Address for uploads";
        upload_hint: "本站路径（/ 开头）或 https 地址，可不填。https 地址还要由部署本站的人放行，否则浏览器会拦下。", "A path on this site (from /) or an https address; may be empty. Who deploys this site must allow an https address, or browsers block it.";
        upload_bad: "地址要以 / 或 https:// 开头，不能带用户名或空格。", "The address begins with / or https:// and has no user name or blanks in it.";
        public_key: "公钥", "Public key";
        public_key_hint: "age1 开头。不填，投诉举报就不加密。", "Begins with age1. Without it complaints are not encrypted.";
        public_key_bad: "公钥不对：应以 age1 开头，共 62 位。", "Not a public key: it begins with age1 and has 62 characters.";
        public_key_secret: "这是私钥，不能公开！请填 age1 开头的公钥。", "This is the secret key and must not be published! Give the public one, which begins with age1.";
        needed: "请填写。", "Please fill it in.";
        publish: "发布", "Publish";
        published: "已发布。请到“下发”页发给其他设备。", "Published. Hand it out to other devices.";
        hand_out: "去下发", "To the page for handing out";
        save_json: "保存 bureau.json（供部署）", "Save bureau.json for a deployment";
        unreadable: "本单位信息读不出来。请联网后重新打开一次。", "What is said of the bureau can't be read. Connect and open the app again.";
        not_kept: "没有保存：{}", "Not kept: {}";
        not_downloaded: "浏览器没有开始下载。密钥没有启用，请换一个浏览器再试。", "The browser did not start the download. The key is not used; try another browser.";

        key: "密钥", "Key";
        key_hint: "生成一对密钥：公钥随应用公开，私钥保存成一个由口令保护的文件。", "Makes a pair of keys: the public one goes out with the app, the secret one is saved as a file under a passphrase.";
        key_warning: "密钥文件或口令丢了，用它加密的投诉举报就再也打不开，谁也恢复不了。请把文件存两份（如两只 U 盘），口令另行封存。密钥不留在本机。", "When the file or its passphrase is lost, complaints encrypted for it can never be opened again, by anybody. Keep the file in two places, and the passphrase somewhere else. The key does not stay on this device.";
        new_words: "设置口令", "Set a passphrase";
        new_words_hint: "至少 12 个字符。", "At least 12 characters.";
        new_words_again: "再输一次", "Once more";
        words_short: "口令太短，至少 12 个字符。", "Too short: at least 12 characters.";
        words_differ: "两次输入的口令不一样。", "The two are not the same.";
        make: "生成密钥并保存文件", "Make a key and save its file";
        making: "正在生成", "Making the key";
        made: "密钥文件 {} 已交给浏览器下载，公钥已填入。确认文件已存好两份，再点“发布”。", "The browser downloads the file {}, and the public key is filled in. See that the file is kept in two places, then publish.";
        not_made: "没有生成：本机内存可能不够。请关掉其他页面或换一台电脑再试。", "No key was made; memory may be short. Close other pages or use another computer.";
        replaces: "已有公钥。换成新的以后，之前发出的应用仍用旧公钥加密，旧密钥文件要继续保存。", "There is a public key already. Apps that are out there go on encrypting for it, so keep its file.";
    }
}
