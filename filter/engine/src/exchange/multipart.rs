//! From `multipart/form-data` bodies to parts: header lines, fields and files.

use std::ops::Range;

use super::Sink;
use super::fields::{FieldWalk, Spelling, UNKNOWN};
use super::layers::Written;
use super::media::{Charset, ambiguous, json, media_type, opaque, typed};
use super::walk::{Reading, Voice, Walk};
use crate::fault::Fault;
use crate::limits::Limits;
use crate::stream::json::{Bounds, Document};
use crate::stream::multipart::{Boundary, Section, Sections};
use crate::stream::part_head::Head;
use crate::stream::percent::Escapes;
use crate::wire::{Fields, Scope};

const CONTENT: Spelling = Spelling { escapes: Escapes::None, written: Written::Plain, fixed: false };
const HEADER: Spelling = Spelling { escapes: Escapes::Percent, written: Written::PartHeader, fixed: false };

/// Types that say no more than "bytes".
const ANY_BYTES: &[&str] = &["", "application/octet-stream", "binary/octet-stream"];

/// Reads a `multipart/form-data` body. Every header line is a part, and so is every body that is text; files that are not
/// are a fault. `fields`: those of the dialect, if it documents any.
pub fn body_multipart(
    body: &[u8],
    boundary: Boundary,
    fields: Option<Fields>,
    limits: &Limits,
    sink: &mut impl Sink,
) -> Reading {
    let mut walk = FieldWalk { walk: Walk::new(limits, sink), body, fields };
    let mut before = Sections::new(body, boundary);
    before.by_ref().for_each(drop);
    let disputed = before.malformed();
    let mut sections = Sections::new(body, boundary);
    for section in sections.by_ref() {
        let (Section::Outside(span) | Section::Part(span)) = &section;
        if !walk.walk.count() {
            walk.octets(span.start..body.len(), CONTENT, None, UNKNOWN);
            break;
        }
        match section {
            Section::Outside(span) => walk.octets(span, CONTENT, None, UNKNOWN),
            Section::Part(span) => walk.part(&span, disputed, limits),
        }
    }
    if sections.malformed() {
        walk.walk.reading.fault(Fault::UnknownShape);
    }
    if !sections.found() {
        // This is no multipart body, whatever it is.
        walk.walk.reading.fault(Fault::OpaqueBody);
    }
    walk.walk.reading
}

impl<'b, S: Sink> FieldWalk<'b, '_, '_, S> {
    /// `disputed`: another reader may find other parts in the body, this one inside of a field.
    fn part(&mut self, span: &Range<usize>, disputed: bool, limits: &Limits) {
        let part = self.body.get(span.clone()).unwrap_or_default();
        let head = Head::of(part);
        let place = |range: &Range<usize>| {
            span.start.saturating_add(range.start).min(span.end)..span.start.saturating_add(range.end).min(span.end)
        };
        if head.malformed {
            self.walk.reading.fault(Fault::UnknownShape);
        }
        // A length that a replacement would make wrong, and that some readers believe.
        let fixed = head.has_length;
        for line in &head.lines {
            if !self.walk.count() {
                return self.octets(span.clone(), CONTENT, None, UNKNOWN);
            }
            self.octets(place(line), Spelling { fixed, ..HEADER }, None, UNKNOWN);
        }
        let name = head.name.as_ref().map(|name| self.decoded(&place(name), Escapes::None));
        let name = name.as_deref().unwrap_or_default();
        let documented = self.field(name);
        let body = place(&head.body);
        let content = self.body.get(body.clone()).unwrap_or_default();
        if documented.is_some_and(|field| field.model) {
            self.model(&String::from_utf8_lossy(content));
        }
        let utf8 = |content: &[u8]| content.trim_ascii().eq_ignore_ascii_case(b"utf-8");
        if name == "_charset_" && !utf8(content) {
            // RFC 7578, section 4.6: it says how the other fields are to be read.
            self.walk.reading.fault(Fault::Charset);
        }
        let value = |range: &Option<Range<usize>>| range.clone().and_then(|range| part.get(range));
        let encoding = value(&head.transfer_encoding).unwrap_or_default().to_ascii_lowercase();
        if !matches!(encoding.trim_ascii(), b"" | b"7bit" | b"8bit" | b"binary") {
            self.walk.reading.fault(Fault::ContentEncoding);
        }
        let content_type = value(&head.content_type).unwrap_or(if head.file { b"" } else { b"text/plain" });
        let media = media_type(content_type);
        // What has no file name is a field to most readers, whatever type it says it has.
        let file = head.file && !head.malformed && !disputed;
        if !self.readable(&media, content_type, content) && file {
            return;
        }
        let scope = documented.map_or(Scope::Unknown, |field| field.scope);
        let voice = Voice { scope, json: json(&media), ..UNKNOWN };
        let spelling = Spelling { fixed, ..CONTENT };
        if json_lines(content, limits) {
            return self.json_lines(body, spelling, voice);
        }
        self.octets(body, spelling, Some(name), voice);
    }

    /// Whether the body of a part is to be read as text, with the faults that say why not, or why that is not all.
    fn readable(&mut self, media: &str, content_type: &[u8], content: &[u8]) -> bool {
        let nested = media.starts_with("multipart/") || media.starts_with("message/");
        if nested {
            self.walk.reading.fault(Fault::UnknownShape);
        }
        let any_bytes = ANY_BYTES.contains(&media);
        let (says_text, is_text) = (nested || (!any_bytes && !opaque(media)), typed(content));
        if ambiguous(content_type) {
            self.walk.reading.fault(Fault::ContentType);
        }
        if !Charset::of(content_type).reads(content) {
            self.walk.reading.fault(Fault::Charset);
        }
        // UTF-16 looks like text with zeros.
        if content.contains(&0) || !(says_text || (any_bytes && is_text)) {
            self.walk.reading.fault(Fault::OpaquePart);
        }
        says_text || is_text
    }

    /// Reads JSON lines one by one; what stands between them is text.
    fn json_lines(&mut self, span: Range<usize>, spelling: Spelling, voice: Voice) {
        let content = self.body.get(span.clone()).unwrap_or_default();
        let (mut at, mut text) = (span.start, span.start);
        for line in content.split_inclusive(|byte| *byte == b'\n') {
            let end = at.saturating_add(line.len());
            if begins_json(line) {
                if !self.walk.count() {
                    break;
                }
                self.octets(text..at, spelling, None, voice);
                self.octets(at..end, spelling, None, voice);
                text = end;
            }
            at = end;
        }
        self.octets(text..span.end, spelling, None, voice);
    }
}

fn begins_json(text: &[u8]) -> bool {
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// Whether the first line is a whole JSON document, and not the only one.
fn json_lines(content: &[u8], limits: &Limits) -> bool {
    let Some(end) = content.trim_ascii().iter().position(|byte| *byte == b'\n') else { return false };
    let first = content.trim_ascii_start().get(..end).and_then(|line| std::str::from_utf8(line).ok());
    let bounds = Bounds { depth: limits.json_depth as usize, nodes: limits.json_nodes as usize };
    first.is_some_and(|line| begins_json(line.as_bytes()) && Document::parse(line, bounds).is_ok())
}
