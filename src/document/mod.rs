//! Official documents (文书): what is printed, numbered, signed and served, made from a check or a matter.
//!
//! A template is data (`public/content/documents`), for bureaus have their own forms. A document is one record that carries
//! the template and what was known when it was made, so that it reads the same whenever and wherever it is opened. Once
//! issued it never changes: what stands at `issued` holds all that is printed. A correction is a new document that names
//! the old one.
//!
//! Where things stand in the journal of a document (all paths are documented here and nowhere else):
//!
//! | path | value |
//! |---|---|
//! | `kind` | `"document"` |
//! | `template` | the [`Template`] that it was begun with |
//! | `data` | what was known of its source, see [`data`] |
//! | `fields/<field>` | what the template asks besides, by [`Template::fields`] |
//! | `links/of` | `{"record":…,"kind":…,"title":…,"step":…}`: what it was made from |
//! | `photos/<photo>` | as in an inspection; its `item` is the field of the source; beside it `caption`, `marks`, `deleted` |
//! | `signatures/<name>` | [`crate::domain::signature::Signature`], by [`Template::signatures`] |
//! | `corrects` | `{"record":…,"number":…,"day":…,"reason":…}`: the document that this one corrects |
//! | `number` | [`Number`], given when it is issued |
//! | `issued` | [`Issued`]: the minute, and everything that is printed; the record is sealed with it |
//!
//! After that only these may follow:
//!
//! | path | value |
//! |---|---|
//! | `delivery/<id>` | [`Delivery`]; `<id>` is never given again, on any device |
//! | `receipt/<id>` | [`Delivery`] as well: that it was received |
//! | `photos/<photo>` | whose `item` is that of a delivery or receipt, see [`served_item`]; beside it `caption`, `marks`, `deleted` |
//! | `withdrawn` | `{"reason":…,"ms":…,"offset_min":…}` |
//! | `corrected_by` | `{"record":…,"number":…}` |
//! | `seals/<n>` | [`crate::evidence::seal::RecordSeal`] |
//!
//! A range of numbers that the office has given to a device is a record of kind `number_range`:
//!
//! | path | value |
//! |---|---|
//! | `series` | [`Series::id`] |
//! | `year` | a number |
//! | `mark` | the short name of the bureau in numbers |
//! | `device` | who gives them |
//! | `from`, `to` | first and last |
//! | `voids/<n>` | why a number is never given |
//! | `tag` | instead of `from` and `to`: the voids are of the numbers that the device with this tag counts by itself |

pub mod data;
pub mod fill;
mod index;
mod record;
pub mod register;
mod template;
mod text;
pub mod words;

pub use self::data::{Picture, Source};
pub use self::fill::{Filled, Part, Picked, Signing, fill};
pub use self::index::{Index, Shown};
pub(crate) use self::record::issued_now;
pub use self::record::{Delivery, Document, Issued, Lack, Status, is_after_issue, is_of_service, served_item};
pub use self::register::{Given, NoNumber, Number, Range};
pub use self::template::{Asked, Block, BlockKind, Column, Origin, Row, Series, Template, TemplateError};
pub use self::text::{BLANK, Place, at, places};

/// The kind of the records.
pub const KIND: &str = "document";
/// The kind of the records of ranges.
pub const RANGE_KIND: &str = "number_range";
/// How a document can be served. Stored names; the words are the UI's.
pub const DELIVERIES: [&str; 6] = ["direct", "left", "post", "electronic", "entrusted", "public_notice"];
