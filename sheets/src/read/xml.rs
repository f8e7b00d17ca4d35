//! XML of one ZIP entry, token by token: no document types, no entities of its own, limited depth and token size.

use std::borrow::Cow;
use std::io::{self, BufReader, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use quick_xml::{XmlVersion, errors::Error};

use super::error::{Fault, ReadError};
use super::limits::{self, Limit};
use crate::zip::Part;

/// A reader of one entry.
pub(crate) struct Xml<'a> {
    reader: Reader<BufReader<Metered<'a>>>,
    buffer: Vec<u8>,
    depth: u64,
    part: String,
}

/// What comes next.
pub(crate) enum Token<'b> {
    Open(Element<'b>),
    Close(Name<'b>),
    /// A text may come in several pieces.
    Text(Cow<'b, str>),
    /// Comments and instructions.
    Other,
    End,
}

/// A start tag; an empty element is one, too, with its end following.
pub(crate) struct Element<'b>(BytesStart<'b>);

/// An end tag.
pub(crate) struct Name<'b>(quick_xml::events::BytesEnd<'b>);

impl<'a> Xml<'a> {
    pub fn new(part: Part<'a>) -> Self {
        let name = part.name.clone();
        let mut reader = Reader::from_reader(BufReader::new(Metered { part, token: 0 }));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0, part: name }
    }

    /// The name of the entry.
    pub fn part(&self) -> &str {
        &self.part
    }

    /// How many elements are open.
    pub fn depth(&self) -> u64 {
        self.depth
    }

    /// The next token. After [`Token::End`] there is none.
    pub fn next(&mut self) -> Result<Token<'_>, ReadError> {
        self.buffer.clear();
        self.reader.get_mut().get_mut().token = 0;
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(Error::Io(_)) => return Err(self.reader.get_mut().get_mut().part.failure()),
            Err(_) => return Err(ReadError::damaged(&self.part, Fault::Xml)),
        };
        Ok(match event {
            Event::Start(start) => {
                self.depth += 1;
                if self.depth > limits::XML_DEPTH {
                    return Err(ReadError::too_much(Limit::XmlDepth, &self.part));
                }
                Token::Open(Element(start))
            }
            Event::End(end) => {
                self.depth = self.depth.saturating_sub(1);
                Token::Close(Name(end))
            }
            Event::Text(text) => Token::Text(text.xml10_content()),
            Event::CData(text) => Token::Text(text.xml10_content()),
            Event::GeneralRef(reference) => Token::Text(Cow::Owned(resolve(&reference, &self.part)?)),
            Event::DocType(_) => return Err(ReadError::damaged(&self.part, Fault::Doctype)),
            Event::Eof if self.depth > 0 => return Err(ReadError::damaged(&self.part, Fault::CutOff)),
            Event::Eof => Token::End,
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Token::Other,
        })
    }

    /// All text of the element just opened, to its end.
    pub fn text(&mut self) -> Result<String, ReadError> {
        let (depth, mut text) = (self.depth, String::new());
        while self.depth >= depth {
            match self.next()? {
                Token::Text(piece) if (text.len() as u64) < limits::XML_TOKEN_BYTES => text.push_str(&piece),
                Token::End => break,
                _ => {}
            }
        }
        Ok(text)
    }
}

impl Element<'_> {
    /// The name without its prefix.
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// An attribute by its name with prefix, as it stands in the file.
    pub fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.find(|key| key == name)
    }

    /// An attribute that has a prefix, whichever, by the rest of its name.
    pub fn prefixed(&self, name: &str) -> Option<Cow<'_, str>> {
        self.find(|key| key.split_once(':').is_some_and(|(_, local)| local == name))
    }

    /// An attribute as a whole number.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.attribute(name)?.trim().parse().ok()
    }

    fn find(&self, wanted: impl Fn(&str) -> bool) -> Option<Cow<'_, str>> {
        let mut attributes = self.0.attributes();
        // Looking for doubles takes time in the square of their number.
        attributes.with_checks(false);
        let found = attributes.flatten().find(|attribute| wanted(attribute.key.into_inner()))?;
        found.normalized_value(XmlVersion::Implicit1_0).ok().map(|value| Cow::Owned(value.into_owned()))
    }
}

impl Name<'_> {
    /// The name without its prefix.
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }
}

fn resolve(reference: &quick_xml::events::BytesRef<'_>, part: &str) -> Result<String, ReadError> {
    let damaged = || ReadError::damaged(part, Fault::Xml);
    if let Some(char) = reference.resolve_char_ref().map_err(|_| damaged())? {
        return Ok(char.to_string());
    }
    let known = match reference.as_ref() {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "apos" => "'",
        "quot" => "\"",
        _ => return Err(damaged()),
    };
    Ok(known.to_owned())
}

/// Counts what one token takes, so that none can fill the memory.
struct Metered<'a> {
    part: Part<'a>,
    token: u64,
}

impl Read for Metered<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.token > limits::XML_TOKEN_BYTES {
            let name = self.part.name.clone();
            return Err(self.part.fail(ReadError::too_much(Limit::XmlTokenBytes, &name)));
        }
        let count = self.part.read(out)?;
        self.token += count as u64;
        Ok(count)
    }
}
