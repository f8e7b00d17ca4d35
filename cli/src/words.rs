//! What the command says, in Chinese and in English.

use std::io::ErrorKind;

use spotcheck::bundle::{BundleError, BundlePurpose, Limited, Notice, Problem, Subject};
use spotcheck::domain::id::{DeviceId, RecordId};
use spotcheck::envelope::OpenError;
use spotcheck::evidence::seal::SealFault;

use crate::args::UsageError;
use crate::text::clean;

/// A language.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    Zh,
    En,
}

impl Lang {
    /// One of two texts.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    fn own(self, zh: String, en: String) -> String {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// The help text.
pub fn help(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => {
            "spotcheck：核验、查看、解密、解出巡检通数据包。全程离线。

用法：
  spotcheck verify 文件… [--page 结果.html|结果.txt]
                                      核验数据包（可同时给出多个、各分卷）
  spotcheck verify 目录 [--page …]    核验 extract 解出的案卷目录
  spotcheck show 文件… [--record 编号] [--json]
                                      以可读形式显示记录
  spotcheck extract 文件… 目录        核验后把记录和照片解到新目录，附 SHA256SUMS
  spotcheck open 文件 --key 密钥文件 [--out 文件]
                                      解密投诉举报文件（.age）；密钥口令从终端或标准输入读取

选项：
  --page 文件     另写一份供存档打印的核验结果（A4，.html 或 .txt）
  --lang zh|en    语言（默认按系统语言）
  --help          本说明
  --version       版本

退出码：0 全部完好；1 有文件被拒收或彼此矛盾；2 用法有误或文件无法读写。
"
        }
        Lang::En => {
            "spotcheck: checks, shows, decrypts and unpacks Spotcheck bundles, without any network.

Usage:
  spotcheck verify FILE... [--page RESULT.html|RESULT.txt]
                                        check bundles, several files or parts at once
  spotcheck verify DIR [--page ...]     check a case folder that extract wrote
  spotcheck show FILE... [--record ID] [--json]
                                        show records for people to read
  spotcheck extract FILE... DIR         check, then unpack records and photos into a new folder, with SHA256SUMS
  spotcheck open FILE --key KEY [--out FILE]
                                        decrypt a complaint (.age); the passphrase of the key is read from
                                        the terminal or the standard input

Options:
  --page FILE     also write the result as a page for the file (A4, .html or .txt)
  --lang zh|en    language (by default that of the system)
  --help          this text
  --version       the version

Exit codes: 0 all good; 1 a file was refused or two contradict each other; 2 wrong use, or a file can't be read or written.
"
        }
    }
}

/// What is wrong with a command line.
pub fn usage_error(lang: Lang, error: &UsageError) -> String {
    match error {
        UsageError::NoCommand => {
            lang.pick("请给出命令：verify、show、open 或 extract", "give a command: verify, show, open or extract").to_owned()
        }
        UsageError::Command(word) => lang.own(format!("没有命令 {}", clean(word)), format!("no command {}", clean(word))),
        UsageError::Option(word) => lang.own(format!("此处没有选项 {}", clean(word)), format!("no option {} here", clean(word))),
        UsageError::NoValue(name) => lang.own(format!("{name} 缺少取值"), format!("{name} needs a value")),
        UsageError::Value(name) => lang.own(format!("{name} 的取值有误"), format!("{name} has a wrong value")),
        UsageError::NoFile => lang.pick("请给出文件", "give a file").to_owned(),
        UsageError::NoKey => lang.pick("请用 --key 给出密钥文件", "give the key file with --key").to_owned(),
        UsageError::OneFile => lang.pick("一次只能解密一个文件", "one file at a time").to_owned(),
        UsageError::NoFolder => lang.pick("请给出文件和目标目录", "give a file and a folder").to_owned(),
    }
}

/// Why a file can't be read or written.
pub fn io_error(lang: Lang, error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => lang.pick("文件不存在", "no such file").to_owned(),
        ErrorKind::PermissionDenied => lang.pick("没有权限", "permission denied").to_owned(),
        ErrorKind::AlreadyExists => lang.pick("已经存在，不会覆盖", "exists already and is not overwritten").to_owned(),
        ErrorKind::FileTooLarge => lang.pick("文件太大", "the file is too large").to_owned(),
        ErrorKind::StorageFull => lang.pick("磁盘已满", "the disk is full").to_owned(),
        ErrorKind::InvalidData => lang.pick("文件在核验之后被改动", "the file changed after it was checked").to_owned(),
        _ => clean(&error.to_string()),
    }
}

/// Why an encrypted file can't be opened.
pub fn open_error(lang: Lang, error: OpenError) -> String {
    match error {
        OpenError::NotAnEnvelope => lang.pick("没有加密，请直接核验", "not encrypted; check it as it is").to_owned(),
        OpenError::Header => lang.pick("加密文件的开头已损坏", "the beginning of the encrypted file is damaged").to_owned(),
        OpenError::NotForUs => {
            lang.pick("这把密钥打不开：文件是给别的密钥加密的", "this key does not open it: it is encrypted for another one").to_owned()
        }
        OpenError::NeedsPassphrase => {
            lang.pick("文件是用口令加密的，不是给密钥加密的", "it is encrypted with a passphrase and not for a key").to_owned()
        }
        OpenError::WrongPassphrase => lang.pick("口令不对", "wrong passphrase").to_owned(),
        OpenError::TooCostly { log_n, most } => lang
            .own(format!("口令的计算强度为 {log_n}，最多 {most}"), format!("the passphrase is too costly to try: {log_n}, at most {most}")),
        OpenError::Damaged { offset } => {
            lang.own(format!("加密文件已损坏（第 {offset} 字节起）"), format!("the encrypted file is damaged from byte {offset}"))
        }
        OpenError::Truncated { len } => {
            lang.own(format!("加密文件不完整，只有 {len} 字节"), format!("the encrypted file is incomplete; it ends at byte {len}"))
        }
        OpenError::TooLarge { len, most } => {
            lang.own(format!("文件有 {len} 字节，最多 {most}"), format!("the file has {len} bytes, at most {most}"))
        }
    }
}

/// The purpose of a bundle.
pub fn purpose(lang: Lang, purpose: &BundlePurpose) -> String {
    let zh = match purpose {
        BundlePurpose::Submit => "提交",
        BundlePurpose::Complaint => "投诉举报",
        BundlePurpose::Assign => "派发",
        BundlePurpose::Receipt => "回执",
        BundlePurpose::Backup => "备份",
        BundlePurpose::Rules => "规则",
        BundlePurpose::Extract => "摘编",
        BundlePurpose::Other(_) => "未知用途",
    };
    lang.own(format!("{zh} ({})", clean(purpose.as_str())), clean(purpose.as_str()))
}

/// The record or photo that an error is about.
pub fn subject(lang: Lang, subject: &Subject) -> (&'static str, String) {
    match subject {
        Subject::Record(id) => (lang_static(lang, "记录", "record"), id.to_string()),
        Subject::Photo(sha) => (lang_static(lang, "照片", "photo"), sha.to_string()),
    }
}

fn lang_static(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// Why a bundle is refused.
pub fn explain(lang: Lang, error: &BundleError) -> String {
    match lang {
        Lang::En => error.problem.to_string(),
        Lang::Zh => explain_zh(&error.problem),
    }
}

fn explain_zh(problem: &Problem) -> String {
    match problem {
        Problem::Encrypted => "文件已加密：先用 spotcheck open 解密，再核验".to_owned(),
        Problem::NotABundle => "不是巡检通数据包".to_owned(),
        Problem::Version { found } => format!("格式版本 {found} 较新，本程序不认识，请更新程序"),
        Problem::Truncated => "文件不完整，可能没有传完，请重新索取".to_owned(),
        Problem::Trailing => "数据包结尾之后还有内容".to_owned(),
        Problem::Frame => "文件框架与规定的唯一写法不符，可能被重新排版".to_owned(),
        Problem::Utf8 => "不是 UTF-8 文本".to_owned(),
        Problem::Json { column } => format!("第 {column} 列不是合法的 JSON"),
        Problem::Reformatted => "不是规范写法：被重新排版，或有重复的字段名".to_owned(),
        Problem::Number => "数值超出 2 的 53 次方".to_owned(),
        Problem::Limit { what, max } => format!("{}超过上限 {max}", limited_zh(*what)),
        Problem::Missing => "缺少该字段".to_owned(),
        Problem::Malformed { expected } => format!("字段形式有误，应为：{expected}"),
        Problem::Unexpected => "有不应出现的字段".to_owned(),
        Problem::PartRange { k, n } => format!("分卷编号 {k}/{n} 有误"),
        Problem::SenderDevice => "设备编号与发送方公钥不一致".to_owned(),
        Problem::EntryHash => "修改内容与其摘要不一致：内容被改动".to_owned(),
        Problem::OtherRecord => "修改属于另一条记录".to_owned(),
        Problem::ChangesOrder => "修改没有按设备和序号排列".to_owned(),
        Problem::ChainGap { device, seq } => format!("设备 {device} 第 {seq} 号修改之前有缺失"),
        Problem::ChainPrev { device, seq } => format!("设备 {device} 第 {seq} 号修改与前一号不衔接"),
        Problem::ChainOrder { device, seq } => format!("设备 {device} 第 {seq} 号修改的时间不晚于前一号"),
        Problem::Fork { device, seq } => format!("设备 {device} 有两个不同的第 {seq} 号修改"),
        Problem::RecordSeal { fault } => format!("记录的签封不成立：{}", seal_fault(Lang::Zh, *fault)),
        Problem::Kind => "记录类型与修改不一致".to_owned(),
        Problem::State => "记录现状与全部修改的结果不一致：现状被改动".to_owned(),
        Problem::RecordTwice => "同一记录出现两次".to_owned(),
        Problem::PhotoTwice => "同一照片出现两次".to_owned(),
        Problem::Base64 => "照片数据不是规范的 base64".to_owned(),
        Problem::PhotoSize { stated, found } => format!("照片应为 {stated} 字节，实为 {found} 字节"),
        Problem::PhotoHash => "照片与其摘要不一致：照片被改动或调换".to_owned(),
        Problem::PhotoKind => "照片不是所称的图片格式".to_owned(),
        Problem::SealKey => "签封不是发送方的密钥所作".to_owned(),
        Problem::SealCount { stated, found } => format!("签封记有 {stated} 项，实有 {found} 项：有增删"),
        Problem::SealDigest => "签封的摘要与所列各项不一致".to_owned(),
        Problem::SealSignature => "签封的数字签名不成立".to_owned(),
        Problem::LineDigest => "与签封时的内容不一致：此处被改动".to_owned(),
    }
}

fn limited_zh(what: Limited) -> &'static str {
    match what {
        Limited::PartBytes => "文件字节数",
        Limited::Parts => "分卷数",
        Limited::LineBytes => "单行字节数",
        Limited::Depth => "嵌套层数",
        Limited::Values => "单行数值个数",
        Limited::StringBytes => "文本字节数",
        Limited::Records => "记录数",
        Limited::Changes => "修改数",
        Limited::Photos => "照片数",
        Limited::PhotoBytes => "照片字节数",
        Limited::NameChars => "名称字数",
    }
}

/// What is odd.
pub fn notice(lang: Lang, notice: &Notice) -> String {
    match notice {
        Notice::UnknownPurpose { purpose } => {
            lang.own(format!("未知用途 {}", clean(purpose)), format!("unknown purpose {}", clean(purpose)))
        }
        Notice::PhotoUnnamed { sha256 } => lang.own(format!("照片 {sha256} 没有记录引用"), format!("photo {sha256} is named by no record")),
        Notice::PhotoElsewhere { record, sha256 } => lang.own(
            format!("记录 {record} 的照片 {sha256} 不在所给文件中"),
            format!("photo {sha256} of record {record} is not in the given files"),
        ),
        Notice::Unsealed { record } => lang.own(format!("记录 {record} 尚未签封"), format!("record {record} is not sealed")),
        Notice::Amended { record, changes } => {
            lang.own(format!("记录 {record} 签封后有 {changes} 处更正"), format!("record {record} has {changes} amendments after its seal"))
        }
        Notice::Unattested { record, device, changes } => lang.own(
            format!("记录 {record} 中有 {changes} 处修改自称来自设备 {device}，没有该设备的签封为证"),
            format!("{changes} changes in record {record} are said to be of {device}; no seal of that device proves it"),
        ),
        Notice::AfterBundle { record, device, seq } => lang.own(
            format!("记录 {record} 中设备 {device} 第 {seq} 号修改的时间晚于数据包"),
            format!("number {seq} of {device} in record {record} says it is later than the bundle"),
        ),
        Notice::ClockJump { record, device, seq, by_ms } => lang.own(
            format!("记录 {record} 中设备 {device} 的时钟在第 {seq} 号修改前被调动 {} 秒", by_ms / 1000),
            format!("the clock of {device} moved by {} s before number {seq} in record {record}", by_ms / 1000),
        ),
    }
}

/// Two different changes with one number.
pub fn fork(lang: Lang, record: &RecordId, device: &DeviceId, seq: u64) -> String {
    lang.own(
        format!("记录 {record} 中设备 {device} 有两个不同的第 {seq} 号修改：可能被篡改，或手机数据被复制"),
        format!("record {record} has two different changes number {seq} of {device}: tampering, or a copied phone"),
    )
}

/// The name of a seal, from its place.
pub fn seal(lang: Lang, path: &str) -> String {
    let number = path.strip_prefix("seals/").unwrap_or(path);
    lang.own(format!("第{}次签封", clean(number)), clean(path))
}

/// Why a seal does not hold.
pub fn seal_fault(lang: Lang, fault: SealFault) -> String {
    let zh = match fault {
        SealFault::Malformed => "格式不对",
        SealFault::Device => "密钥不属于签封的设备",
        SealFault::Signature => "数字签名不符",
        SealFault::Heads => "签封过的内容缺失或被替换",
        SealFault::Time => "自称早于它所覆盖的修改",
    };
    lang.own(zh.to_owned(), fault.to_string())
}
