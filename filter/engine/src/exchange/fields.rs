//! From forms to parts: urlencoded bodies, and what a field of any form is.

use std::borrow::Cow;
use std::ops::Range;

use super::layers::Written;
use super::walk::{Reading, Stand, Voice, Walk};
use super::{Part, Place, Sink};
use crate::fault::Fault;
use crate::limits::Limits;
use crate::sensitive::Sensitive;
use crate::stream::form::pairs;
use crate::stream::json::{Bounds, Document, Error, hides};
use crate::stream::percent::{self, Escapes};
use crate::wire::{Field, Fields, Scope};

/// Text that nobody documents.
pub(super) const UNKNOWN: Voice = Voice { scope: Scope::Unknown, carried: false, json: false, json_within: false };

/// Reads an `application/x-www-form-urlencoded` body. `fields`: those of the dialect, if it documents any. Names that it
/// documents are no parts, all others are.
pub fn body_form(body: &[u8], fields: Option<Fields>, limits: &Limits, sink: &mut impl Sink) -> Reading {
    let mut walk = FieldWalk { walk: Walk::new(limits, sink), body, fields };
    for pair in pairs(body) {
        // Name and value are a text each.
        if !walk.walk.count() || !(pair.value.is_empty() || walk.walk.count()) {
            walk.octets(pair.name.start..body.len(), FORM, None, UNKNOWN);
            break;
        }
        let name = walk.decoded(&pair.name, Escapes::Form);
        let documented = walk.field(&name);
        if documented.is_none() {
            walk.octets(pair.name, FORM, None, UNKNOWN);
        }
        if documented.is_some_and(|field| field.model) {
            let model = walk.decoded(&pair.value, Escapes::Form);
            walk.model(&model);
        }
        let voice = Voice { scope: documented.map_or(Scope::Unknown, |field| field.scope), ..UNKNOWN };
        walk.octets(pair.value, FORM, Some(&name), voice);
    }
    walk.walk.reading
}

/// Hands on what a reader of forms would see in a body that was read as something else. It can be judged, not rewritten.
pub fn also_as_form(body: &[u8], sink: &mut impl Sink) {
    for pair in pairs(body) {
        for span in [pair.name, pair.value] {
            if !sink.examine(span.len()) {
                return;
            }
            let decoded = percent::decode(body.get(span).unwrap_or_default(), Escapes::Form);
            if decoded.mapped {
                let len = u32::try_from(decoded.text.len()).unwrap_or(u32::MAX);
                sink.part(Part { scope: Scope::Unknown, carried: false, place: Place::Unplaced, len }, &decoded.text);
            }
        }
    }
}

/// How bytes of a body are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spelling {
    pub(super) escapes: Escapes,
    pub(super) written: Written,
    /// What is found cannot be replaced.
    pub(super) fixed: bool,
}

const FORM: Spelling = Spelling { escapes: Escapes::Form, written: Written::Percent, fixed: false };

/// A walk over the fields of a body.
pub(super) struct FieldWalk<'b, 'l, 's, S> {
    pub(super) walk: Walk<'l, 's, S>,
    pub(super) body: &'b [u8],
    pub(super) fields: Option<Fields>,
}

impl<'b, S: Sink> FieldWalk<'b, '_, '_, S> {
    /// The field of this name. A dialect that documents its fields has no others.
    pub(super) fn field(&mut self, name: &str) -> Option<Field> {
        let fields = self.fields?;
        let documented = fields(name);
        if documented.is_none() {
            self.walk.reading.fault(Fault::UnknownShape);
        }
        documented
    }

    /// Keeps the name of the model. Of two, readers take different ones.
    pub(super) fn model(&mut self, name: &str) {
        if self.walk.reading.told.model.replace(Sensitive::new(name.to_owned())).is_some() {
            self.walk.reading.fault(Fault::DuplicateKey);
        }
    }

    /// The text at a place of the body.
    pub(super) fn decoded(&self, span: &Range<usize>, escapes: Escapes) -> Cow<'b, str> {
        percent::decode(self.body.get(span.clone()).unwrap_or_default(), escapes).text
    }

    /// Hands on the text at a place of the body.
    pub(super) fn octets(&mut self, span: Range<usize>, spelling: Spelling, key: Option<&str>, voice: Voice) {
        if span.is_empty() || !self.walk.sink.examine(span.len()) {
            return;
        }
        let Spelling { escapes, written, fixed } = spelling;
        let raw = self.body.get(span.clone()).unwrap_or_default();
        let decoded = percent::decode(raw, escapes);
        let reading = &mut self.walk.reading;
        if decoded.invalid {
            reading.fault(Fault::InvalidUtf8);
        }
        // A layer that waits for its map is one that nothing can be changed in.
        let layer = reading.layers.push(None, written, &span, decoded.mapped || fixed);
        let needed = self.walk.text(&decoded.text, voice, Stand { layer, written, key, level: 0 });
        if hides(&decoded.text) {
            self.hidden(&decoded.text, voice);
        }
        if needed && decoded.mapped && !fixed {
            self.walk.reading.layers.map(layer, percent::text_map(raw, escapes));
        }
    }

    /// A text that a patient reader may take for JSON and undo the escapes of: if it is none, what they hide was not read.
    fn hidden(&mut self, text: &str, voice: Voice) {
        let bounds =
            Bounds { depth: self.walk.limits.json_depth as usize, nodes: self.walk.limits.json_nodes as usize };
        if self.walk.sink.examine(text.len()) && matches!(Document::parse(text, bounds), Err(Error::Syntax(..))) {
            self.walk.reading.fault(if voice.json { Fault::InvalidJson } else { Fault::UnknownShape });
        }
    }
}
