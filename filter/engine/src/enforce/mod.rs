//! Verdict to bytes: what is put in the place of a finding, and how it gets there without touching anything else.
//!
//! Flows in: the redactions of a verdict, the layers of the message, the bytes. Flows out: rewritten bytes, and the
//! header values that change. Promises: every byte outside an edit is the byte that came in; an edit is escaped for every
//! layer around it; edits that overlap or leave the body are a fault, never a guess.

mod cut;
mod placeholder;
mod replacement;
mod splice;

pub use cut::{Cut, cuts_of_piece};
pub use placeholder::{Original, Placeholders, lookalikes};
pub use replacement::replacement;
pub use splice::{Overlap, splice, splice_bytes};

use crate::exchange::{Edit, Layers, Part, Place};
use crate::fault::Fault;
use crate::policy::{Redaction, Verdict};

/// Everything about a message that rewriting needs.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The parts that the verdict speaks of.
    pub parts: &'a [Part],
    /// The way from parts to bytes of the body.
    pub layers: &'a Layers,
    /// The way from parts to bytes of header values.
    pub header_layers: &'a Layers,
    /// Byte ranges to be emptied when anything is changed.
    pub echoes: &'a [std::ops::Range<usize>],
    /// Where placeholders stand that are restored, in the order of parts and places.
    pub restorations: &'a [Restoration],
    /// What they stand for.
    pub placeholders: &'a Placeholders,
}

/// A place where a placeholder stands in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restoration {
    /// Index of the part.
    pub part: u32,
    /// Where in the part's decoded text.
    pub range: std::ops::Range<usize>,
    /// Which of the [`Placeholders`].
    pub index: u32,
}

/// Changes that a verdict asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Of the body, in order.
    pub body: Vec<Edit>,
    /// Of header values: number of the header, and the change of its value.
    pub headers: Vec<(u32, Edit)>,
    /// How many placeholders are restored by them.
    pub restored: usize,
}

impl Changes {
    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        self.body.is_empty() && self.headers.is_empty()
    }
}

/// Works out the changes. `text_of` gives what replaces a redaction.
///
/// # Errors
/// [`Fault::Rewrite`] when a redaction has no place in the bytes.
pub fn changes(
    verdict: &Verdict,
    source: Source<'_>,
    text_of: impl Fn(&Redaction) -> String,
) -> Result<Changes, Fault> {
    let mut changes = Changes::default();
    for redaction in &verdict.redactions {
        let part = usize::try_from(redaction.part).ok().and_then(|index| source.parts.get(index));
        let with = text_of(redaction);
        match part.ok_or(Fault::Rewrite)?.place {
            place @ (Place::Body(_) | Place::Within(..)) => {
                let (layer, range) = place.in_body(&redaction.range).ok_or(Fault::Rewrite)?;
                changes.body.push(source.layers.edit(layer, range, &with).ok_or(Fault::Rewrite)?);
            }
            Place::Header(number) => changes.headers.push((number, Edit { range: redaction.range.clone(), with })),
            Place::Url(number, layer) => {
                let edit = source.header_layers.edit(layer, redaction.range.clone(), &with);
                changes.headers.push((number, edit.ok_or(Fault::Rewrite)?));
            }
            Place::Unplaced => return Err(Fault::Rewrite),
        }
    }
    changes.body.sort_by_key(|edit| (edit.range.start, edit.range.end));
    // A number that holds two findings is replaced as a whole, twice: once is enough.
    changes.body.dedup_by(|later, earlier| later.range == earlier.range);
    let restored = restorations(source)?;
    let restored = beside(restored, &changes.body);
    changes.restored = restored.len();
    changes.body.extend(restored);
    if !changes.body.is_empty() {
        blank_echoes(&mut changes.body, source.echoes);
    }
    changes.body.sort_by_key(|edit| (edit.range.start, edit.range.end));
    Ok(changes)
}

/// What puts back the texts that placeholders stand for, in order and disjoint.
fn restorations(source: Source<'_>) -> Result<Vec<Edit>, Fault> {
    let mut edits = Vec::with_capacity(source.restorations.len());
    for Restoration { part, range, index } in source.restorations {
        let part = usize::try_from(*part).ok().and_then(|index| source.parts.get(index));
        let Some((layer, range)) = part.and_then(|part| part.place.in_body(range)) else { continue };
        edits.push(source.layers.edit(layer, range, source.placeholders.original(*index)).ok_or(Fault::Rewrite)?);
    }
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    // A text with delimiters in it can be both a part and several.
    edits.dedup_by(|later, earlier| later.range == earlier.range);
    Ok(edits)
}

/// Those of `edits` that overlap none of `others`, which are in order and disjoint.
pub fn beside(mut edits: Vec<Edit>, others: &[Edit]) -> Vec<Edit> {
    edits.retain(|edit| {
        let next = others.get(others.partition_point(|other| other.range.end <= edit.range.start));
        next.is_none_or(|other| other.range.start >= edit.range.end)
    });
    edits
}

/// Echoes, which are in order and disjoint, become `null`, and edits inside them are no longer needed.
fn blank_echoes(edits: &mut Vec<Edit>, echoes: &[std::ops::Range<usize>]) {
    let inside = |edit: &Edit| {
        let after = echoes.partition_point(|echo| echo.start <= edit.range.start);
        after.checked_sub(1).and_then(|last| echoes.get(last)).is_some_and(|echo| edit.range.end <= echo.end)
    };
    edits.retain(|edit| !inside(edit));
    edits.extend(echoes.iter().map(|echo| Edit { range: echo.clone(), with: "null".to_owned() }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Direction;
    use crate::exchange::{Sink, body_json};
    use crate::limits::Limits;
    use crate::stream::json::{Bounds, Document};
    use crate::wire::Dialect;

    /// Finds one word in every part.
    struct Finder(Vec<Part>, Vec<(u32, std::ops::Range<usize>)>);

    impl Sink for Finder {
        fn part(&mut self, part: Part, text: &str) -> bool {
            let index = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
            self.0.push(part);
            let found = text.match_indices("SECRET").map(|(at, word)| (index, at..at + word.len()));
            let before = self.1.len();
            self.1.extend(found);
            self.1.len() > before
        }
    }

    fn rewrite(body: &str, with: &str) -> String {
        let mut finder = Finder(Vec::new(), Vec::new());
        let reading = body_json(body, Dialect::OpenAiChat, Direction::Request, false, &Limits::default(), &mut finder);
        let edits: Vec<Edit> = finder
            .1
            .into_iter()
            .filter_map(|(part, range)| match finder.0.get(part as usize)?.place {
                Place::Body(layer) => reading.layers.edit(layer, range, with),
                Place::Within(..) | Place::Header(_) | Place::Url(..) | Place::Unplaced => None,
            })
            .collect();
        splice(body, &edits).unwrap_or_default()
    }

    #[test]
    fn only_the_finding_changes_in_every_layer() {
        let with = "<\"é\\\n>";
        for (body, expected) in [
            (
                r#"{"messages":[{"role":"user","content":"a SECRET b"}] , "x":1.0e5}"#,
                r#"{"messages":[{"role":"user","content":"a <\"é\\\n> b"}] , "x":1.0e5}"#,
            ),
            (
                r#"{"messages":[{"role":"user","content":"\u0053ECRET\/\u00e9"}]}"#,
                r#"{"messages":[{"role":"user","content":"<\"é\\\n>\/\u00e9"}]}"#,
            ),
            (
                r#"{"messages":[{"role":"tool","content":"{\"a\":[\"SECRET\",1]}"}]}"#,
                r#"{"messages":[{"role":"tool","content":"{\"a\":[\"<\\\"é\\\\\\n>\",1]}"}]}"#,
            ),
            (
                r#"{"messages":[{"role":"tool","content":"{\"a\":\"{\\\"b\\\":\\\"xSECRET\\\"}\"}"}]}"#,
                r#"{"messages":[{"role":"tool","content":"{\"a\":\"{\\\"b\\\":\\\"x<\\\\\\\"é\\\\\\\\\\\\n>\\\"}\"}"}]}"#,
            ),
        ] {
            let bounds = Bounds { depth: 50, nodes: 1000 };
            let rewritten = rewrite(body, with);
            assert_eq!(rewritten, expected);
            assert!(Document::parse(&rewritten, bounds).is_ok());
        }
    }
}
