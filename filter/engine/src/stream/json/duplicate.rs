//! Keys that one object has twice.

use std::borrow::Cow;

use super::{Document, Kind, NodeId};

/// Objects up to this many members are compared pair by pair, which beats sorting for the sizes that chat traffic has.
const PAIRWISE: usize = 12;

pub(super) fn find(document: &Document<'_>) -> Vec<NodeId> {
    let mut duplicates = Vec::new();
    let mut keys: Vec<NodeId> = Vec::new();
    for id in document.subtree(document.root()) {
        if document.kind(id) != Kind::Object {
            continue;
        }
        keys.clear();
        keys.extend(document.members(id).map(|(key, _)| key));
        if keys.len() <= PAIRWISE {
            pairwise(document, &keys, &mut duplicates);
        } else {
            sorted(document, &keys, &mut duplicates);
        }
    }
    duplicates
}

fn pairwise(document: &Document<'_>, keys: &[NodeId], duplicates: &mut Vec<NodeId>) {
    for (i, key) in keys.iter().enumerate() {
        let same = |earlier: &NodeId| match (document.kind(*earlier), document.kind(*key)) {
            (Kind::Key, Kind::Key) => document.raw(*earlier) == document.raw(*key),
            _ => document.string(*earlier) == document.string(*key),
        };
        if keys.iter().take(i).any(same) {
            duplicates.push(*key);
        }
    }
}

fn sorted(document: &Document<'_>, keys: &[NodeId], duplicates: &mut Vec<NodeId>) {
    let mut decoded: Vec<(Cow<'_, str>, NodeId)> =
        keys.iter().map(|key| (document.string(*key).unwrap_or_default(), *key)).collect();
    decoded.sort_unstable();
    for pair in decoded.windows(2) {
        if let [(earlier, _), (later, id)] = pair
            && earlier == later
        {
            duplicates.push(*id);
        }
    }
}
