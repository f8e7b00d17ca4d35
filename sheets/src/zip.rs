//! ZIP files: read so that nothing in them is believed unchecked, written so that the same content gives the same
//! bytes.

mod read;
mod write;

pub(crate) use read::{Archive, Part};
pub(crate) use write::ZipWriter;
