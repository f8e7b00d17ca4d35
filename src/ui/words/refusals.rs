//! Words for files that are refused, and for what is odd about those that are not.

use super::{errors, fill};
use crate::app::transfer::TransferError;
use crate::bundle::{BundleError, Limited, Notice, PlanError, Problem};
use crate::domain::content::Lang;
use crate::domain::id::DeviceId;
use crate::evidence::seal::SealFault;

fn tail(device: &DeviceId) -> String {
    let count = device.as_str().chars().count();
    device.as_str().chars().skip(count.saturating_sub(6)).collect()
}

/// What happened, what was kept of the file (nothing), and what to do.
#[must_use]
pub fn explain_refusal(error: &BundleError, lang: Lang) -> String {
    let what = what_is_wrong(&error.problem, lang);
    let todo = what_to_do(&error.problem, lang);
    lang.pick(&format!("{what}没有保存该文件的任何内容。{todo}"), &format!("{what} Nothing of this file was kept. {todo}")).to_owned()
}

/// Where it is, in the words of the format, for those who look into the file.
#[must_use]
pub fn place(error: &BundleError) -> String {
    error.place.to_string()
}

/// What is wrong with a bundle, without what became of it and what to do.
#[must_use]
pub fn what_is_wrong(problem: &Problem, lang: Lang) -> String {
    let say = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    match problem {
        Problem::Encrypted => say("文件是加密的。", "The file is encrypted."),
        Problem::NotABundle => say("这不是巡检通导出的文件。", "This is not a file exported by Spotcheck."),
        Problem::Version { found } => fill(
            lang.pick("文件格式版本为 {}，本程序还不认识。", "The file has format version {}, which this program does not know."),
            &[found],
        ),
        Problem::Truncated => say("文件不完整，后面的内容缺失。", "The file is incomplete; its end is missing."),
        Problem::Trailing => say("文件末尾多出了内容。", "Something was added after the end of the file."),
        Problem::Frame => say("文件的基本结构被改动过。", "The structure of the file was altered."),
        Problem::Utf8 => say("文件中有损坏的文字编码。", "The file contains damaged text."),
        Problem::Json { .. } => say("文件中有一行无法读取，可能已损坏。", "A line of the file can't be read; it may be damaged."),
        Problem::Reformatted => {
            say("文件被其他软件打开并重新保存过，格式已改变。", "Another program opened and saved the file, which changed its form.")
        }
        Problem::Number => say("文件中有超出范围的数字。", "The file contains a number that is out of range."),
        Problem::Limit { what, max } => limit(*what, *max, lang),
        Problem::Missing => say("缺少必需的内容。", "Something that must be there is missing."),
        Problem::Malformed { .. } => say("有一处内容不符合格式要求。", "One value does not have the form that it must have."),
        Problem::Unexpected => say("有一处不应出现的内容。", "There is something that does not belong there."),
        Problem::PartRange { k, n } => {
            fill(lang.pick("分卷编号不对：第 {} 份，共 {} 份。", "The part number is wrong: part {} of {}."), &[k, n])
        }
        Problem::SenderDevice => {
            say("发送设备与其密钥不符，来源不可信。", "The sending device and its key do not match; the origin can't be trusted.")
        }
        Problem::EntryHash => {
            say("有一条修改的内容与其摘要不符，内容被改动过。", "The content of a change does not fit its digest: it was altered.")
        }
        Problem::OtherRecord => say("有一条修改属于别的记录。", "A change belongs to another record."),
        Problem::ChangesOrder => say("修改的排列顺序不对。", "The changes are not in order."),
        Problem::ChainGap { device, seq } => fill(
            lang.pick("设备 {} 的第 {} 条修改之前缺少内容。", "Changes of device {} before number {} are missing."),
            &[&tail(device), seq],
        ),
        Problem::ChainPrev { device, seq } => fill(
            lang.pick("设备 {} 的第 {} 条修改与前一条接不上。", "Of device {}, change {} does not follow the one before it."),
            &[&tail(device), seq],
        ),
        Problem::ChainOrder { device, seq } => fill(
            lang.pick("设备 {} 的第 {} 条修改时间早于前一条。", "Of device {}, change {} is earlier than the one before it."),
            &[&tail(device), seq],
        ),
        Problem::Fork { device, seq } => fill(
            lang.pick("设备 {} 的第 {} 条修改有两个不同版本。", "Of device {}, change {} exists in two versions."),
            &[&tail(device), seq],
        ),
        Problem::RecordSeal { fault } => record_seal(*fault, lang),
        Problem::Kind => say("记录类型与修改内容不一致。", "The kind of a record is not the one that its changes say."),
        Problem::State => {
            say("记录的当前内容与修改历史不一致，内容被改动过。", "A record is not what its history adds up to: it was altered.")
        }
        Problem::RecordTwice => say("同一条记录出现了两次。", "A record stands in the file twice."),
        Problem::PhotoTwice => say("同一张照片出现了两次。", "A photo stands in the file twice."),
        Problem::Base64 => say("照片数据的编码已损坏。", "The data of a photo is damaged."),
        Problem::PhotoSize { stated, found } => fill(
            lang.pick("照片大小不符：应为 {} 字节，实为 {} 字节。", "A photo has the wrong size: {} bytes stated, {} found."),
            &[stated, found],
        ),
        Problem::PhotoHash => say("照片与其摘要不符，照片被替换或损坏。", "A photo does not fit its digest: it was replaced or damaged."),
        Problem::PhotoKind => say("照片数据不是所声明的图片格式。", "The data of a photo is not a picture of the stated kind."),
        Problem::SealKey => say("文件签封用的不是发送设备的密钥。", "The file was sealed with another key than the sender's."),
        Problem::SealCount { stated, found } => fill(
            lang.pick(
                "签封记有 {} 行，文件中有 {} 行，有内容被增删。",
                "The seal counts {} lines and the file has {}: something was added or removed.",
            ),
            &[stated, found],
        ),
        Problem::SealDigest => say("签封摘要不符，文件被改动过。", "The digest of the seal does not fit: the file was altered."),
        Problem::SealSignature => {
            say("签封的数字签名不符，文件被改动过。", "The signature of the seal does not match: the file was altered.")
        }
        Problem::LineDigest => {
            say("有一行内容与签封时不同，文件被改动过。", "A line is not the one that was sealed: the file was altered.")
        }
    }
}

fn record_seal(fault: SealFault, lang: Lang) -> String {
    let say = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    match fault {
        SealFault::Malformed => say("有一条记录的签封格式不对。", "The seal of a record has a wrong form."),
        SealFault::Device => say("有一条记录的签封密钥不属于签封设备。", "The key of a record's seal is not that of the sealing device."),
        SealFault::Signature => {
            say("有一条记录的签封数字签名不符，记录被改动过。", "The signature of a record's seal does not match: the record was altered.")
        }
        SealFault::Time => {
            say("有一条记录的签封自称早于它所覆盖的修改。", "A record's seal claims to be older than the changes it covers.")
        }
        SealFault::Heads => {
            say("有一条记录签封过的内容缺失或被替换。", "Something that was sealed in a record is missing or was replaced.")
        }
    }
}

fn limit(what: Limited, max: u64, lang: Lang) -> String {
    let (zh, en) = match what {
        Limited::PartBytes => ("文件太大，上限 {} 字节。", "The file is too large; the limit is {} bytes."),
        Limited::Parts => ("分卷太多，上限 {} 份。", "There are too many parts; the limit is {}."),
        Limited::LineBytes => ("有一行太长，上限 {} 字节。", "A line is too long; the limit is {} bytes."),
        Limited::Depth => ("内容嵌套太深，上限 {} 层。", "Something is nested too deeply; the limit is {}."),
        Limited::Values => ("一行中的内容太多，上限 {} 个。", "A line holds too many values; the limit is {}."),
        Limited::StringBytes => ("有一段文字太长，上限 {} 字节。", "A text is too long; the limit is {} bytes."),
        Limited::Records => ("记录太多，上限 {} 条。", "There are too many records; the limit is {}."),
        Limited::Changes => ("一条记录的修改太多，上限 {} 条。", "A record has too many changes; the limit is {}."),
        Limited::Photos => ("照片太多，上限 {} 张。", "There are too many photos; the limit is {}."),
        Limited::PhotoBytes => ("有一张照片太大，上限 {} 字节。", "A photo is too large; the limit is {} bytes."),
        Limited::NameChars => ("有一个名称太长，上限 {} 字。", "A name is too long; the limit is {} characters."),
    };
    fill(lang.pick(zh, en), &[&max])
}

/// What helps: fetch it again, update, or keep the file as evidence.
fn what_to_do(problem: &Problem, lang: Lang) -> String {
    let (zh, en) = match problem {
        Problem::Encrypted => (
            "请在“办公室”页用本单位的密钥导入，或用命令 spotcheck open 解密。",
            "Take it in on the page “Office” with the bureau's key, or decrypt it with the command spotcheck open.",
        ),
        Problem::NotABundle => ("请选择文件名以 spotcheck 开头的文件。", "Choose a file whose name begins with “spotcheck”."),
        Problem::Version { .. } => ("请先更新巡检通，再导入。", "Update Spotcheck, then import the file again."),
        Problem::Truncated | Problem::Utf8 | Problem::Json { .. } | Problem::Base64 => {
            ("多半是传输中断，请让对方重新发送。", "It was probably cut off on its way; ask for it again.")
        }
        Problem::Trailing | Problem::Frame | Problem::Reformatted => (
            "请让对方重新导出并直接发送，不要用其他软件打开另存。",
            "Ask for a fresh export, sent directly and not saved by another program.",
        ),
        Problem::Limit { .. } => ("请让对方减少记录后分几次导出。", "Ask for several exports with fewer records each."),
        Problem::Number
        | Problem::Missing
        | Problem::Malformed { .. }
        | Problem::Unexpected
        | Problem::PartRange { .. }
        | Problem::ChangesOrder
        | Problem::Kind
        | Problem::RecordTwice
        | Problem::PhotoTwice
        | Problem::PhotoSize { .. }
        | Problem::PhotoKind => ("请让对方更新巡检通后重新导出。", "Ask the sender to update Spotcheck and export again."),
        Problem::SenderDevice
        | Problem::EntryHash
        | Problem::OtherRecord
        | Problem::ChainGap { .. }
        | Problem::ChainPrev { .. }
        | Problem::ChainOrder { .. }
        | Problem::Fork { .. }
        | Problem::RecordSeal { .. }
        | Problem::State
        | Problem::PhotoHash
        | Problem::SealKey
        | Problem::SealCount { .. }
        | Problem::SealDigest
        | Problem::SealSignature
        | Problem::LineDigest => (
            "请保留该文件备查，并让对方从原设备重新导出。",
            "Keep the file as it is for enquiry and ask for a fresh export from the original device.",
        ),
    };
    lang.pick(zh, en).to_owned()
}

/// Why an export or import did not come to its end.
#[must_use]
pub fn explain_transfer(error: &TransferError, lang: Lang) -> String {
    let say = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    match error {
        TransferError::Store(error) => errors::explain_store(error),
        TransferError::App(_) => say(
            "有一条记录无法读取，没有生成文件。请到“我的”检查全部数据后再试。",
            "A record can't be read; no file was made. Check all data under “Me” and try again.",
        ),
        TransferError::Refused(error) => explain_refusal(error, lang),
        TransferError::Plan(PlanError::TooManyParts { parts, max }) => fill(
            lang.pick(
                "内容太多，需要 {} 份，上限 {} 份。请少选一些记录。",
                "Too much for one export: {} parts needed, {} allowed. Choose fewer records.",
            ),
            &[parts, max],
        ),
        TransferError::Unreadable => say(
            "文件读取失败，可能已被移动或删除。没有保存该文件的任何内容，请重新选择。",
            "The file can't be read; it may have been moved or deleted. Nothing of it was kept. Choose it again.",
        ),
        TransferError::Changed => say(
            "读取过程中文件发生了变化。没有保存该文件的任何记录，请等文件传输完成后再导入。",
            "The file changed while it was read. No record of it was kept. Wait until it has arrived completely, then import it again.",
        ),
        TransferError::BringsRules(brought) => fill(
            lang.pick(
                "文件夹带 {} 份检查表或规则，还没有说要不要用。没有保存该文件的任何内容。",
                "The file brings {} checklists or rules along, and nobody has said whether to use them. Nothing of it was kept.",
            ),
            &[&brought.len()],
        ),
        TransferError::RulesStay => say(
            "检查表和规则不随检查记录上交，请到“下发”页生成文件。",
            "Checklists and rules are not submitted with checks; make a file on the page for handing out.",
        ),
    }
}

/// Why a record or photo could not go along with an export.
#[must_use]
pub fn explain_left_out(error: &TransferError, lang: Lang) -> String {
    match error {
        TransferError::Store(error) => errors::explain_store(error),
        TransferError::Refused(error) => what_is_wrong(&error.problem, lang),
        TransferError::RulesStay => explain_transfer(error, lang),
        TransferError::App(_)
        | TransferError::Plan(_)
        | TransferError::Unreadable
        | TransferError::Changed
        | TransferError::BringsRules(_) => lang.pick("本机数据无法读取。", "Its data on this device can't be read.").to_owned(),
    }
}

/// What is odd about an imported file, in words.
#[must_use]
pub fn explain_notice(notice: &Notice, lang: Lang) -> String {
    let short = |id: &str| id.chars().skip(id.chars().count().saturating_sub(6)).collect::<String>();
    match notice {
        Notice::UnknownPurpose { purpose } => {
            let purpose: String = purpose.chars().take(24).collect();
            fill(
                lang.pick(
                    "用途“{}”本程序不认识，内容仍已接收。",
                    "The purpose “{}” is not known here; the content was taken in all the same.",
                ),
                &[&purpose],
            )
        }
        Notice::PhotoUnnamed { sha256 } => {
            fill(lang.pick("照片 {} 没有记录引用，已保存。", "Photo {} is named by no record; it was kept."), &[&sha256.short()])
        }
        Notice::PhotoElsewhere { record, sha256 } => fill(
            lang.pick(
                "记录 {} 的照片 {} 不在这份文件中，可能在其他分卷。",
                "Record {}: photo {} is not in this file; it may be in another part.",
            ),
            &[&short(record.as_str()), &sha256.short()],
        ),
        Notice::Unsealed { record } => fill(lang.pick("记录 {} 尚未签封。", "Record {} is not sealed."), &[&short(record.as_str())]),
        Notice::Amended { record, changes } => fill(
            lang.pick("记录 {} 签封后有 {} 处更正。", "Record {} has {} amendments after its seal."),
            &[&short(record.as_str()), changes],
        ),
        Notice::Unattested { record, device, changes } => fill(
            lang.pick(
                "记录 {} 中有 {} 处修改自称来自设备 {}，但没有该设备的签封为证，请向本人核实。",
                "Record {} has {} changes said to be of device {}; no seal of that device proves it. Ask the person.",
            ),
            &[&short(record.as_str()), changes, device],
        ),
        Notice::AfterBundle { record, device, seq } => fill(
            lang.pick(
                "记录 {} 中设备 {} 的第 {} 条修改，时间晚于文件生成时间，该设备时钟可能不准。",
                "In record {}, device {}, change {} says that it was made after the file; the clock of that device may be wrong.",
            ),
            &[&short(record.as_str()), &tail(device), seq],
        ),
        Notice::ClockJump { record, device, seq, by_ms } => fill(
            lang.pick(
                "记录 {} 中设备 {} 的第 {} 条修改前，时钟被拨动约 {} 分钟。",
                "In record {}, device {}, before change {}, the clock was moved by about {} minutes.",
            ),
            &[&short(record.as_str()), &tail(device), seq, &(by_ms / 60_000)],
        ),
    }
}
