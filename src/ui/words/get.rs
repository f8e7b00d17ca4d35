//! Words of the page that takes in a file from a link.

super::word_table! {
    /// Words of the page that takes in a file from a link.
    GetWords {
        title: "导入下发文件", "Take in a file from the office";
        hint: "链接指向本站上的一个文件。导入前会核对整个文件；核对不通过则什么都不改动。", "The link points at a file on this site. All of it is checked first; when it does not pass, nothing changes.";
        fetch: "下载并导入", "Fetch and import";
        fetching: "正在下载", "Fetching";
        bad_path: "链接里的文件地址不对：只能是本站上的文件。本机数据没有改动。请向办公室要新的链接。", "The address in the link is wrong: only files on this site can be taken in. Nothing on this device was changed. Ask the office for a new link.";
        offline: "下载不了：没有网络。本机数据没有改动。请联网后再试，或请办公室把文件发给您。", "It can't be fetched: there is no network. Nothing on this device was changed. Connect and try again, or ask the office to send you the file.";
        absent: "本站上没有这个文件，可能已被撤下。本机数据没有改动。请向办公室要新的链接。", "There is no such file on this site; it may have been taken down. Nothing on this device was changed. Ask the office for a new link.";
        large: "文件太大。本机数据没有改动。请办公室分成几份下发。", "The file is too large. Nothing on this device was changed. Ask the office to send it in several parts.";
    }
}
