//! The kind and size of a picture, read from its first bytes before anything decodes it.
//!
//! This module never trusts a name or a declared type, and never allocates by a number that it read.

use crate::domain::photo::PhotoError;

/// The most bytes that a picture may have: 40 MiB.
pub const MAX_BYTES: u64 = 40 << 20;
/// The most pixels that a picture may have: 64 million.
pub const MAX_PIXELS: u64 = 64_000_000;

/// What a file is by its content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ImageKind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
    /// GIF; only its first picture counts.
    Gif,
    /// Windows bitmap.
    Bmp,
    /// HEIC and HEIF, which phones write and few browsers read.
    Heic,
    /// AVIF.
    Avif,
    /// TIFF and most raw formats of cameras.
    Tiff,
    /// JPEG XL.
    JpegXl,
}

impl ImageKind {
    /// The media type.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Gif => "image/gif",
            Self::Bmp => "image/bmp",
            Self::Heic => "image/heic",
            Self::Avif => "image/avif",
            Self::Tiff => "image/tiff",
            Self::JpegXl => "image/jxl",
        }
    }

    /// Whether every browser that the app runs in can decode it.
    #[must_use]
    pub fn is_supported(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::WebP | Self::Gif | Self::Bmp)
    }
}

/// What the first bytes of a picture say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ImageHeader {
    /// Its kind.
    pub kind: ImageKind,
    /// Width in pixels as stored, before any turning. Never 0.
    pub width: u32,
    /// Height in pixels as stored, before any turning. Never 0.
    pub height: u32,
}

/// Why a file is not taken as a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The file has no bytes.
    #[error("empty file")]
    Empty,
    /// Not a picture of any known kind (SVG is a document and counts as none).
    #[error("not an image")]
    NotAnImage,
    /// A picture, but of a kind that not every browser decodes.
    #[error("unsupported image kind {}", kind.mime())]
    Unsupported {
        /// The kind.
        kind: ImageKind,
    },
    /// Begins as a picture, but its size can't be read: cut off, damaged, or further on than the bytes that were given.
    #[error("damaged or truncated {}", kind.mime())]
    Damaged {
        /// The kind that it begins as.
        kind: ImageKind,
    },
    /// Too many bytes.
    #[error("{bytes} bytes, the limit is {limit}")]
    TooLarge {
        /// Size of the file.
        bytes: u64,
        /// [`MAX_BYTES`].
        limit: u64,
    },
    /// Too many pixels; it would not fit in memory when decoded.
    #[error("{width} by {height} pixels, the limit is {limit}")]
    TooManyPixels {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// [`MAX_PIXELS`].
        limit: u64,
    },
}

impl From<HeaderError> for PhotoError {
    fn from(error: HeaderError) -> Self {
        match error {
            HeaderError::Empty => Self::Empty,
            HeaderError::NotAnImage => Self::NotAnImage,
            HeaderError::Unsupported { kind } => Self::Unsupported { mime: kind.mime().to_owned() },
            HeaderError::Damaged { .. } => Self::Damaged,
            HeaderError::TooLarge { bytes, limit } => Self::TooLarge { bytes, limit },
            HeaderError::TooManyPixels { width, height, limit } => Self::TooManyPixels { width, height, limit },
        }
    }
}

/// Checks the size of a file before any of it is read.
///
/// # Errors
/// [`HeaderError::Empty`] and [`HeaderError::TooLarge`].
pub fn check_size(bytes: u64) -> Result<(), HeaderError> {
    match bytes {
        0 => Err(HeaderError::Empty),
        bytes if bytes > MAX_BYTES => Err(HeaderError::TooLarge { bytes, limit: MAX_BYTES }),
        _ => Ok(()),
    }
}

/// Reads what the first bytes of a file say. A JPEG's size can stand behind a long preview: a megabyte is enough for
/// what cameras write; on [`HeaderError::Damaged`] the caller may come again with more bytes.
///
/// # Errors
/// [`HeaderError`]; the file must then not be given to a decoder.
pub fn read_header(head: &[u8]) -> Result<ImageHeader, HeaderError> {
    if head.is_empty() {
        return Err(HeaderError::Empty);
    }
    let kind = kind_of(head).ok_or(HeaderError::NotAnImage)?;
    let size = match kind {
        ImageKind::Jpeg => jpeg_size(head),
        ImageKind::Png => png_size(head),
        ImageKind::WebP => webp_size(head),
        ImageKind::Gif => Some((le16(head, 6).unwrap_or(0), le16(head, 8).unwrap_or(0))),
        ImageKind::Bmp => bmp_size(head),
        ImageKind::Heic | ImageKind::Avif | ImageKind::Tiff | ImageKind::JpegXl => return Err(HeaderError::Unsupported { kind }),
    };
    match size {
        Some((width, height)) if width > 0 && height > 0 => {
            if u64::from(width) * u64::from(height) > MAX_PIXELS {
                return Err(HeaderError::TooManyPixels { width, height, limit: MAX_PIXELS });
            }
            Ok(ImageHeader { kind, width, height })
        }
        _ => Err(HeaderError::Damaged { kind }),
    }
}

fn kind_of(head: &[u8]) -> Option<ImageKind> {
    let at = |offset: usize, text: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(text));
    if at(0, &[0xFF, 0xD8, 0xFF]) {
        Some(ImageKind::Jpeg)
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        Some(ImageKind::Png)
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Some(ImageKind::WebP)
    } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
        Some(ImageKind::Gif)
    } else if at(0, b"BM") && (bmp_size(head).is_some() || head.len() < 26) {
        // Two letters alone would make pictures of texts that begin with them.
        Some(ImageKind::Bmp)
    } else if at(4, b"ftyp") {
        brand_kind(head)
    } else if at(0, b"II*\0") || at(0, b"MM\0*") {
        Some(ImageKind::Tiff)
    } else if at(0, &[0xFF, 0x0A]) || at(0, b"\0\0\0\x0cJXL \r\n\x87\n") {
        Some(ImageKind::JpegXl)
    } else {
        None
    }
}

/// The brands of an ISO media file: a picture only when one of them says so (a video begins the same way).
fn brand_kind(head: &[u8]) -> Option<ImageKind> {
    let end = usize::try_from(be32(head, 0)?).ok()?.min(head.len()).min(256);
    let brands = head.get(8..end)?;
    let has = |names: &[&[u8]]| brands.chunks_exact(4).any(|brand| names.contains(&brand));
    if has(&[b"avif", b"avis"]) {
        Some(ImageKind::Avif)
    } else if has(&[b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"]) {
        Some(ImageKind::Heic)
    } else {
        None
    }
}

/// Walks the segments of a JPEG to its frame header.
fn jpeg_size(head: &[u8]) -> Option<(u32, u32)> {
    let mut offset = 2;
    loop {
        // Fill bytes before a marker are allowed.
        if *head.get(offset)? != 0xFF {
            return None;
        }
        let marker = *head.get(offset + 1)?;
        match marker {
            0xFF => offset += 1,
            // Markers without content. SOI again or the end is damage.
            0x01 | 0xD0..=0xD7 => offset += 2,
            // Frame headers, but not the tables that share their range (DHT, JPG, DAC).
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let height = be16(head, offset + 5)?;
                let width = be16(head, offset + 7)?;
                return Some((width, height));
            }
            // Picture data before a frame header, or an end.
            0x00 | 0xD8..=0xDA => return None,
            _ => {
                let length = usize::try_from(be16(head, offset + 2)?).ok()?;
                if length < 2 {
                    return None;
                }
                offset += 2 + length;
            }
        }
    }
}

fn png_size(head: &[u8]) -> Option<(u32, u32)> {
    (head.get(12..16)? == b"IHDR").then_some(())?;
    let (width, height) = (be32(head, 16)?, be32(head, 20)?);
    // The format allows 31 bits.
    (width < 1 << 31 && height < 1 << 31).then_some((width, height))
}

fn webp_size(head: &[u8]) -> Option<(u32, u32)> {
    match head.get(12..16)? {
        b"VP8 " => {
            (head.get(23..26)? == [0x9D, 0x01, 0x2A]).then_some(())?;
            Some((le16(head, 26)? & 0x3FFF, le16(head, 28)? & 0x3FFF))
        }
        b"VP8L" => {
            (*head.get(20)? == 0x2F).then_some(())?;
            let bits = le32(head, 21)?;
            Some(((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1))
        }
        b"VP8X" => Some((le24(head, 24)? + 1, le24(head, 27)? + 1)),
        _ => None,
    }
}

fn bmp_size(head: &[u8]) -> Option<(u32, u32)> {
    match le32(head, 14)? {
        12 => Some((le16(head, 18)?, le16(head, 20)?)),
        40 | 52 | 56 | 64 | 108 | 124 => {
            let width = le32(head, 18)?;
            // A negative height says that the first row is on top.
            let height = i32::from_le_bytes(le32(head, 22)?.to_le_bytes()).unsigned_abs();
            (width < 1 << 31).then_some((width, height))
        }
        _ => None,
    }
}

fn bytes<const N: usize>(head: &[u8], offset: usize) -> Option<[u8; N]> {
    head.get(offset..offset.checked_add(N)?)?.try_into().ok()
}

fn be16(head: &[u8], offset: usize) -> Option<u32> {
    bytes(head, offset).map(u16::from_be_bytes).map(u32::from)
}

fn be32(head: &[u8], offset: usize) -> Option<u32> {
    bytes(head, offset).map(u32::from_be_bytes)
}

fn le16(head: &[u8], offset: usize) -> Option<u32> {
    bytes(head, offset).map(u16::from_le_bytes).map(u32::from)
}

fn le24(head: &[u8], offset: usize) -> Option<u32> {
    bytes(head, offset).map(|[a, b, c]: [u8; 3]| u32::from_le_bytes([a, b, c, 0]))
}

fn le32(head: &[u8], offset: usize) -> Option<u32> {
    bytes(head, offset).map(u32::from_le_bytes)
}
