//! ZIP files and workbooks made by hand, so that they can be wrong in one place.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// An entry, and what the directory is to say of it.
#[derive(Clone)]
pub struct Entry {
    pub name: String,
    pub local_name: String,
    pub packed: Vec<u8>,
    pub unpacked: u64,
    pub crc: u32,
    pub method: u16,
    pub flags: u16,
    /// Points to this entry's data instead of having its own.
    pub shares: Option<usize>,
}

/// An honest entry.
pub fn entry(name: &str, content: impl AsRef<[u8]>) -> Entry {
    packed(name, content.as_ref(), Compression::fast())
}

/// The same, as small as Deflate can.
pub fn well_packed(name: &str, content: &[u8]) -> Entry {
    packed(name, content, Compression::best())
}

fn packed(name: &str, content: &[u8], level: Compression) -> Entry {
    let mut crc = Crc::new();
    crc.update(content);
    let mut encoder = DeflateEncoder::new(Vec::new(), level);
    encoder.write_all(content).expect("memory takes all");
    Entry {
        name: name.to_owned(),
        local_name: name.to_owned(),
        packed: encoder.finish().expect("memory takes all"),
        unpacked: content.len() as u64,
        crc: crc.sum(),
        method: 8,
        flags: 0,
        shares: None,
    }
}

/// The file; sizes of 4 GiB and more take the 64-bit form.
pub fn zip(entries: &[Entry]) -> Vec<u8> {
    let (mut out, mut directory, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        let large = entry.unpacked >= u64::from(u32::MAX);
        let size = if large { u32::MAX } else { entry.unpacked as u32 };
        let extra = if large { [&[1, 0, 8, 0][..], &entry.unpacked.to_le_bytes()].concat() } else { Vec::new() };
        let header = |name: &str, extra: usize| {
            let mut header = Vec::new();
            for field in [20, entry.flags, entry.method, 0, 33] {
                header.extend(field.to_le_bytes());
            }
            for field in [entry.crc, entry.packed.len() as u32, size] {
                header.extend(field.to_le_bytes());
            }
            header.extend((name.len() as u16).to_le_bytes());
            header.extend((extra as u16).to_le_bytes());
            header
        };
        let place = entry.shares.map_or(out.len(), |index| places[index]);
        places.push(place);
        if entry.shares.is_none() {
            out.extend(b"PK\x03\x04");
            out.extend(header(&entry.local_name, 0));
            out.extend(entry.local_name.as_bytes());
            out.extend(&entry.packed);
        }
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(header(&entry.name, extra.len()));
        directory.extend([0; 10]);
        directory.extend((place as u32).to_le_bytes());
        directory.extend(entry.name.as_bytes());
        directory.extend(extra);
    }
    let (start, length, count) = (out.len() as u32, directory.len() as u32, entries.len() as u16);
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(length.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// Where the only sheet is.
pub const SHEET: &str = "xl/worksheets/sheet1.xml";
pub const TEXTS: &str = "xl/sharedStrings.xml";
pub const STYLES: &str = "xl/styles.xml";

/// The entries of a workbook with one sheet `a` of this XML.
pub fn workbook(sheet: &str) -> Vec<Entry> {
    vec![
        entry("[Content_Types].xml", "<Types/>"),
        entry("_rels/.rels", relations(&[("rId1", "officeDocument", "xl/workbook.xml")])),
        entry("xl/workbook.xml", outline("", &[("a", "")])),
        entry("xl/_rels/workbook.xml.rels", relations(&[("rId1", "worksheet", "worksheets/sheet1.xml")])),
        entry(SHEET, sheet),
    ]
}

/// A workbook with one sheet `a` of these rows.
pub fn rows(rows: &str) -> Vec<Entry> {
    workbook(&worksheet(rows))
}

/// The XML of a sheet.
pub fn worksheet(rows: &str) -> String {
    format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>")
}

/// The list of sheets: names and further attributes; the n-th has the relation `rId<n>`.
pub fn outline(before: &str, sheets: &[(&str, &str)]) -> String {
    let mut out = format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\">{before}<sheets>");
    for (index, (name, more)) in sheets.iter().enumerate() {
        out += &format!("<sheet name=\"{name}\" sheetId=\"{0}\" r:id=\"rId{0}\" {more}/>", index + 1);
    }
    out + "</sheets></workbook>"
}

/// Relations: id, last part of the kind, target.
pub fn relations(all: &[(&str, &str, &str)]) -> String {
    let relation =
        |(id, kind, target): &(&str, &str, &str)| format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>");
    format!("<Relationships xmlns=\"{PACKAGE}\">{}</Relationships>", all.iter().map(relation).collect::<String>())
}

/// Puts an entry in place of the one of its name, or adds it.
pub fn with(mut entries: Vec<Entry>, new: Entry) -> Vec<Entry> {
    match entries.iter_mut().find(|entry| entry.name == new.name) {
        Some(old) => *old = new,
        None => entries.push(new),
    }
    entries
}

/// Adds a table of shared texts and a table of styles, given as XML.
pub fn with_tables(entries: Vec<Entry>, texts: &str, styles: &str) -> Vec<Entry> {
    let all =
        [("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "sharedStrings", "sharedStrings.xml"), ("rId3", "styles", "styles.xml")];
    let entries = with(entries, entry("xl/_rels/workbook.xml.rels", relations(&all)));
    let entries = with(entries, entry(TEXTS, texts));
    with(entries, entry(STYLES, styles))
}

/// An OpenDocument spreadsheet with this inside its `office:spreadsheet`.
pub fn open_document(tables: &str) -> Vec<Entry> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content><office:automatic-styles><style:style style:name=\"h\"><style:table-properties \
         table:display=\"false\"/></style:style></office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet>\
         </office:body></office:document-content>"
    );
    let mimetype = Entry { method: 0, ..entry("mimetype", "") };
    vec![Entry { packed: Vec::new(), ..mimetype }, entry("content.xml", content)]
}
