//! From the text of a part, through every layer that contains it, to the bytes of the body.

use std::fmt;
use std::ops::Range;

use crate::stream::json::escape_into;
use crate::stream::percent;
use crate::stream::text_map::TextMap;

/// The place of a layer among the [`Layers`] of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LayerId(u32);

/// How a text is written in what contains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// As it is.
    Plain,
    /// Between the quotes of a JSON string.
    JsonString,
    /// As a JSON number; what replaces it must bring its own quotes.
    JsonNumber,
    /// Percent-encoded where it has to be: in a form, a path or a query.
    Percent,
    /// In a header line of a multipart body.
    PartHeader,
}

#[derive(Debug)]
struct Layer {
    parent: Option<LayerId>,
    written: Written,
    /// Where its source begins in the text of the parent, or in the body.
    start: u32,
    /// Length of the source.
    len: u32,
    /// Index into `maps`; none where text and source are the same bytes.
    map: Option<u32>,
}

/// All layers of one message. A layer is a text inside another text: a JSON string in a body, a JSON string in a JSON
/// document in a JSON string.
#[derive(Debug, Default)]
pub struct Layers {
    layers: Vec<Layer>,
    maps: Vec<TextMap>,
}

/// No map has this index.
const UNMAPPED: u32 = u32::MAX;

/// A replacement of bytes. `Debug` does not show what comes in their place: it may be a text that is given back to a user.
#[derive(Clone, PartialEq, Eq)]
pub struct Edit {
    /// Which bytes.
    pub range: Range<usize>,
    /// What comes in their place.
    pub with: String,
}

impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Edit({:?} by {} bytes)", self.range, self.with.len())
    }
}

impl Layers {
    /// Adds the text at `source` of `parent` (of the body, for none). Text that is `escaped` there can be changed once
    /// its map is known.
    pub(super) fn push(
        &mut self,
        parent: Option<LayerId>,
        written: Written,
        source: &Range<usize>,
        escaped: bool,
    ) -> LayerId {
        let id = LayerId(narrow(self.layers.len()));
        let map = escaped.then_some(UNMAPPED);
        self.layers.push(Layer { parent, written, start: narrow(source.start), len: narrow(source.len()), map });
        id
    }

    /// Keeps the map of an escaped text. Only texts in which something was found get one: the maps of long texts with
    /// many escapes would be the largest thing a message costs.
    pub(super) fn map(&mut self, layer: LayerId, map: TextMap) {
        if let Some(layer) = self.layers.get_mut(layer.0 as usize) {
            layer.map = Some(narrow(self.maps.len()));
            self.maps.push(map);
        }
    }

    /// The change of the body's bytes that replaces `range` of a layer's text by `with`, escaped for every layer around
    /// it. `None` for a layer that is not of this message.
    pub fn edit(&self, layer: LayerId, range: Range<usize>, with: &str) -> Option<Edit> {
        let mut edit = Edit { range, with: with.to_owned() };
        let mut at = Some(layer);
        while let Some(id) = at {
            let layer = self.layers.get(id.0 as usize)?;
            edit = layer.outwards(&edit, layer.map.map(|map| self.maps.get(map as usize)))?;
            at = layer.parent;
        }
        Some(edit)
    }
}

impl Layer {
    /// `map`: none where text and source are the same bytes; some none where nobody asked for it.
    fn outwards(&self, edit: &Edit, map: Option<Option<&TextMap>>) -> Option<Edit> {
        let (start, len) = (self.start as usize, self.len as usize);
        let inside = match (self.written, map) {
            (Written::JsonNumber, _) => 0..len,
            (_, None) => edit.range.start.min(len)..edit.range.end.min(len),
            (_, Some(map)) => map?.source(&edit.range),
        };
        let mut with = String::with_capacity(edit.with.len());
        match self.written {
            Written::Plain => with.push_str(&edit.with),
            Written::JsonString => escape_into(&edit.with, &mut with),
            Written::JsonNumber => {
                with.push('"');
                escape_into(&edit.with, &mut with);
                with.push('"');
            }
            Written::Percent => percent::encode_into(&edit.with, &mut with),
            Written::PartHeader => percent::quote_into(&edit.with, &mut with),
        }
        Some(Edit { range: start.checked_add(inside.start)?..start.checked_add(inside.end)?, with })
    }
}

/// Bodies are below 4 GiB (the JSON reader refuses larger ones), so nothing is lost.
fn narrow(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
