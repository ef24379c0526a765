//! Replacing what was found in a JSON body, in every layer.

use std::ops::Range;

use weir_engine::Direction;
use weir_engine::enforce::splice;
use weir_engine::exchange::{Edit, Part, Place, Sink, body_json};
use weir_engine::fault::Fault;
use weir_engine::limits::Limits;
use weir_engine::wire::Dialect;

use crate::cuts::next;

/// What is put in the place of what was found.
const WITH: [&str; 2] = ["[LABEL]", "<\"é\\\n>"];

/// Reads a body, finds ranges in its texts that the first two bytes choose, replaces them, reads the result and holds that it is
/// JSON and says the same but for what was replaced, and that every byte outside is the one that came. The third byte chooses
/// the dialect and the direction.
pub fn splice_json(data: &[u8]) {
    let [first, second, third, body @ ..] = data else { return };
    let Ok(body) = std::str::from_utf8(body) else { return };
    let (mut state, with) = (u32::from(*first) << 8 | u32::from(*second), WITH[usize::from(*third) & 1]);
    let direction = if third & 2 == 0 { Direction::Request } else { Direction::Response };
    let dialect =
        Dialect::ALL[(Dialect::ALL.len() - 1).saturating_sub(usize::from(*third >> 2) % (2 * Dialect::ALL.len()))];
    let limits = Limits { json_nodes: 10_000, ..Limits::default() };
    let mut before = Finder { chance: Some(&mut state), parts: Vec::new() };
    let reading = body_json(body, dialect, direction, false, &limits, &mut before);
    let blind = [Fault::InvalidJson, Fault::Depth, Fault::TooManyNodes, Fault::Nesting];
    if reading.faults.iter().any(|fault| blind.contains(fault)) {
        return;
    }
    let (mut edits, mut wanted) = (Vec::new(), Vec::new());
    for (part, text, found) in before.parts {
        let mut new = text.clone();
        for range in found.iter().rev() {
            new.replace_range(range.clone(), with);
        }
        // With something else in its place a text may have become a document, or a text that is read in no other way.
        if new != text && is_json(&new) {
            return;
        }
        let (mut said, mut number) = (new, false);
        for range in found {
            let (layer, range) = part.place.in_body(&range).expect("a part of a body has a place in it");
            let edit = reading.layers.edit(layer, range, with).expect("the place of a part can be changed");
            // A number that holds a finding becomes a string, whatever else stood in it.
            if !edit.with.starts_with(&with[..1]) {
                (said, number) = (with.to_owned(), true);
            }
            edits.push(edit);
        }
        wanted.push((part.place, said, number));
    }
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    edits.dedup_by(|later, earlier| later.range == earlier.range);
    let spliced = splice(body, &edits).expect("edits are in order and disjoint");
    unchanged_outside(body, &spliced, &edits);
    let theirs = serde_json::from_str::<serde_json::Value>(body).is_ok();
    assert!(!theirs || serde_json::from_str::<serde_json::Value>(&spliced).is_ok(), "the result is no JSON");
    let mut after = Finder { chance: None, parts: Vec::new() };
    let again = body_json(&spliced, dialect, direction, false, &limits, &mut after);
    assert!(!again.faults.contains(&Fault::InvalidJson), "the result is no JSON to us");
    let mut found: Vec<String> = after.parts.into_iter().map(|(_, text, _)| text).collect();
    // A number can be several texts, one for each way of reading it; the string in its place is one.
    let mut strings: Vec<Place> = wanted.iter().filter(|(_, _, number)| *number).map(|(place, _, _)| *place).collect();
    strings.dedup();
    wanted.retain(|(place, _, _)| !strings.contains(place));
    let mut wanted: Vec<String> = wanted.into_iter().map(|(_, said, _)| said).collect();
    wanted.extend(strings.iter().map(|_| with.to_owned()));
    if [&reading, &again].iter().any(|reading| reading.dialect != Some(Dialect::Unknown)) {
        // A word that means something to a dialect is no text; with another in its place it is one, and others may be none.
        return;
    }
    found.sort_unstable();
    wanted.sort_unstable();
    assert!(found == wanted, "the result says something else:\n{body}\n{spliced}");
}

fn unchanged_outside(body: &str, spliced: &str, edits: &[Edit]) {
    let (mut from, mut to) = (0, 0);
    for edit in edits {
        let kept = edit.range.start - from;
        assert!(body[from..edit.range.start] == spliced[to..to + kept], "a byte outside has changed");
        (from, to) = (edit.range.end, to + kept + edit.with.len());
    }
    assert!(body[from..] == spliced[to..], "a byte behind has changed");
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text).is_ok()
}

/// Keeps every part, and finds ranges in some where there is chance.
struct Finder<'c> {
    chance: Option<&'c mut u32>,
    parts: Vec<(Part, String, Vec<Range<usize>>)>,
}

impl Sink for Finder<'_> {
    fn part(&mut self, part: Part, text: &str) -> bool {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(state) = &mut self.chance
            && next(state) >> 30 == 0
        {
            let start = text.floor_char_boundary(at + (next(state) >> 28) as usize);
            let end = text.ceil_char_boundary((start + 1 + (next(state) >> 28) as usize).min(text.len()));
            if start < at || start >= end {
                break;
            }
            found.push(start..end);
            at = end;
        }
        self.parts.push((part, text.to_owned(), found.clone()));
        !found.is_empty()
    }
}
