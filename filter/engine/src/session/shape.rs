//! What a body turns out to be, whatever its headers call it.

use super::content::Kind;
use super::inspect::Look;
use crate::exchange::{Reading, Sink, also_as_form, body_form, body_json, body_multipart, body_text};
use crate::limits::Limits;
use crate::stream::frames::Format;
use crate::stream::json::{Bounds, Document, Error};
use crate::stream::multipart::Boundary;
use crate::stream::percent::any_encoded;
use crate::wire::Dialect;

/// How a body is read.
#[derive(Clone, Copy)]
pub(super) enum Shape<'b> {
    /// As JSON.
    Json(&'b str),
    /// As JSON, and again as a form: it is JSON and is called a form, and nobody knows who reads it.
    JsonAndForm(&'b str),
    /// As text.
    Text(&'b str),
    /// As an urlencoded form.
    Form(&'b [u8]),
    /// As a multipart form.
    Multipart(&'b [u8], Boundary),
}

impl Shape<'_> {
    pub(super) fn is_json(self) -> bool {
        matches!(self, Shape::Json(_) | Shape::JsonAndForm(_))
    }

    pub(super) fn is_fields(self) -> bool {
        matches!(self, Shape::Form(_) | Shape::Multipart(..))
    }
}

impl Look<'_> {
    /// What a body is; `None` for text that is not UTF-8.
    pub(super) fn shape<'b>(&self, body: &'b [u8]) -> Option<Shape<'b>> {
        let text = || std::str::from_utf8(body).ok();
        match self.kind {
            Kind::Form | Kind::Multipart(_) if self.no_form(body) => text().map(Shape::Json),
            Kind::Multipart(boundary) => Some(Shape::Multipart(body, boundary)),
            Kind::Form => match text().filter(|text| self.dialect == Dialect::Unknown && self.is_json(text)) {
                Some(text) if any_encoded(body) || body.contains(&b'+') => Some(Shape::JsonAndForm(text)),
                Some(text) => Some(Shape::Json(text)),
                None => Some(Shape::Form(body)),
            },
            Kind::Json => text().map(Shape::Json),
            Kind::Text | Kind::Encoded | Kind::Events(_) => {
                text().map(|text| if looks_like_json(body) { Shape::Json(text) } else { Shape::Text(text) })
            }
        }
    }

    /// Hands every part of a body to a sink.
    pub(super) fn read(&self, shape: Shape<'_>, sink: &mut impl Sink) -> Reading {
        let (fields, limits) = (self.dialect.fields(self.direction), self.policy.limits());
        match shape {
            Shape::Json(text) => body_json(text, self.dialect, self.direction, self.error, limits, sink),
            Shape::JsonAndForm(text) => {
                let reading = body_json(text, self.dialect, self.direction, self.error, limits, sink);
                also_as_form(text.as_bytes(), sink);
                reading
            }
            Shape::Text(text) => body_text(text, sink),
            Shape::Form(body) => body_form(body, fields, limits, sink),
            Shape::Multipart(body, boundary) => body_multipart(body, boundary, fields, limits, sink),
        }
    }

    /// Whether it breaks a promise when this shape is no JSON: its headers say it is, or it goes to a server that reads
    /// JSON whatever a client calls it.
    pub(super) fn promises_json(&self, shape: Shape<'_>) -> bool {
        let called_form = matches!(self.kind, Kind::Form | Kind::Multipart(_));
        self.kind == Kind::Json || (called_form && self.dialect != Dialect::Unknown && shape.is_json())
    }

    /// Whether a body that is called a form can be none: it goes to a server that reads JSON, and holds what a form
    /// encodes and JSON is made of.
    fn no_form(&self, body: &[u8]) -> bool {
        if self.dialect == Dialect::Unknown || self.dialect.fields(self.direction).is_some() {
            return false;
        }
        match self.kind {
            Kind::Form => body.iter().any(|byte| matches!(byte, b'{' | b'[' | b'"' | b'\\')),
            _ => looks_like_json(body),
        }
    }

    /// Whether a text is strict JSON, or would be within larger bounds.
    fn is_json(&self, text: &str) -> bool {
        let limits = self.policy.limits();
        let bounds = Bounds { depth: limits.json_depth as usize, nodes: limits.json_nodes as usize };
        looks_like_json(text.as_bytes()) && !matches!(Document::parse(text, bounds), Err(Error::Syntax(..)))
    }
}

/// How a text is cut into events, if it looks like a stream of them: data lines with JSON in them, or lines of JSON.
pub(super) fn shape_of_stream(body: &[u8], limits: &Limits) -> Option<Format> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii();
    let data = |line: &[u8]| line.trim_ascii().strip_prefix(b"data:").is_some_and(looks_like_json);
    if body.split(|byte| matches!(byte, b'\n' | b'\r')).any(data) {
        return Some(Format::Sse);
    }
    let end = body.iter().position(|byte| *byte == b'\n')?;
    let first = std::str::from_utf8(body.get(..end)?).ok().filter(|line| line.starts_with('{'))?;
    let bounds = Bounds { depth: limits.json_depth as usize, nodes: limits.json_nodes as usize };
    Document::parse(first, bounds).is_ok().then_some(Format::Lines)
}

fn looks_like_json(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'{' | b'[' | b'"'))
}
