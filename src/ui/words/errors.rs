//! Words for everything that can go wrong: what happened, what was kept, what to do.

use super::lang;
use crate::browser::photos::PhotoError;
use crate::domain::content::Lang;
use crate::port::shelf::ShelfError;
use crate::port::twin::StoreError;

fn pick(zh: &str, en: &str) -> String {
    match lang() {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    }
}

/// What to say when the store failed.
#[must_use]
pub fn explain_store(error: &StoreError) -> String {
    match error {
        StoreError::Shelf(ShelfError::Full) => pick(
            "手机存储已满，最近的修改还没有保存，但仍在屏幕上。请先导出记录或清理手机空间，然后再试。",
            "Storage is full. The latest changes are not saved but still on the screen. Export records or free space on the phone, then try again.",
        ),
        StoreError::Shelf(ShelfError::Closed) => pick(
            "系统关闭了数据库，正在重新连接。请不要关闭页面，内容仍在屏幕上。",
            "The system closed the database; reconnecting. Don't close the page; everything is still on the screen.",
        ),
        StoreError::Shelf(ShelfError::Refused) => pick(
            "浏览器不允许保存数据（可能是无痕模式或被设置禁止）。请用普通窗口打开；这里填写的内容无法保存。",
            "The browser refuses to keep data (private mode or a setting). Open the app in an ordinary window; nothing entered here can be kept.",
        ),
        StoreError::Shelf(ShelfError::Failed { name }) => match lang() {
            Lang::Zh => format!("保存失败（{name}）。内容仍在屏幕上，系统会自动重试；如多次失败请先导出。"),
            Lang::En => format!(
                "Saving failed ({name}). Everything is still on the screen and will be tried again; if it keeps failing, export first."
            ),
        },
        StoreError::Unverified => pick(
            "保存后核对不一致，已保留屏幕上的内容并会重试。如反复出现请导出并重启手机。",
            "What was read back differs from what was saved. The screen keeps everything and saving is tried again; if it recurs, export and restart the phone.",
        ),
        StoreError::NotOwner => pick(
            "另一个标签页正在写入，这里只能查看。请关闭其他标签页后重新打开。",
            "Another tab is writing; this one can only show. Close the other tabs and open the app again.",
        ),
        other => match lang() {
            Lang::Zh => format!("本机数据有一处损坏（{other}）。其余数据不受影响，请导出后联系办公室。"),
            Lang::En => format!("Some data on this device is damaged ({other}). The rest is not affected; export it and tell the office."),
        },
    }
}

/// What to say when a photo could not be taken in.
#[must_use]
pub fn explain_photo(error: &PhotoError) -> String {
    let what = match error {
        PhotoError::Empty => pick("这个文件是空的（0 字节），不是照片。", "This file is empty (0 bytes), not a photo."),
        PhotoError::NotAnImage => pick("这个文件不是照片。", "This file is not a photo."),
        PhotoError::Unsupported { mime: kind } => match lang() {
            Lang::Zh => format!("浏览器打不开 {kind} 格式。请在相机设置中改用 JPEG（“兼容性最佳”）后重拍。"),
            Lang::En => format!("The browser can't open {kind}. Set the camera to JPEG (“most compatible”) and take it again."),
        },
        PhotoError::TooLarge { bytes, limit } => match lang() {
            Lang::Zh => format!("照片太大（{} MB，上限 {} MB）。", bytes / 1_048_576, limit / 1_048_576),
            Lang::En => format!("The photo is too large ({} MB; the limit is {} MB).", bytes / 1_048_576, limit / 1_048_576),
        },
        PhotoError::TooManyPixels { width, height, .. } => match lang() {
            Lang::Zh => format!("照片像素过大（{width}×{height}）。请降低相机分辨率后重拍。"),
            Lang::En => format!("The photo has too many pixels ({width}×{height}). Lower the camera's resolution and take it again."),
        },
        _ => pick(
            "照片处理失败，可能文件已损坏。请重拍或换一张。",
            "The photo could not be processed; the file may be damaged. Take it again or choose another.",
        ),
    };
    let kept = pick("其他照片和填写内容都已保留。", "All other photos and entries were kept.");
    format!("{what}{}{kept}", if lang() == Lang::En { " " } else { "" })
}
