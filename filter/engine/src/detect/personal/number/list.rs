//! All kinds of numbers, in one list.

#![expect(clippy::indexing_slicing, reason = "evaluated by the compiler: an index out of bounds does not build")]

use super::{Kind, americas, asia, europe_north, europe_south, europe_west, south, world};
use crate::detect::{Detector, Evidence};

const PARTS: &[&[Kind]] = &[
    world::KINDS,
    europe_west::KINDS,
    europe_south::KINDS,
    europe_north::KINDS,
    americas::KINDS,
    asia::KINDS,
    south::KINDS,
];

const COUNT: usize = {
    let (mut count, mut part) = (0, PARTS);
    while let [first, rest @ ..] = part {
        count += first.len();
        part = rest;
    }
    assert!(count <= super::KINDS_MAX, "more kinds than there is room for");
    count
};

/// Every kind. Of two that a number fits equally well the first is found.
pub(super) const KINDS: [&Kind; COUNT] = {
    let first = &PARTS[0][0];
    let mut kinds = [first; COUNT];
    let (mut at, mut part) = (0, 0);
    while part < PARTS.len() {
        let mut own = 0;
        while own < PARTS[part].len() {
            kinds[at] = &PARTS[part][own];
            (at, own) = (at + 1, own + 1);
        }
        part += 1;
    }
    kinds
};

static OWN: [Detector; COUNT] = {
    let mut detectors = [const { KINDS[0].detector() }; COUNT];
    let mut at = 0;
    while at < COUNT {
        detectors[at] = KINDS[at].detector();
        at += 1;
    }
    detectors
};

/// The detector of each kind.
pub(crate) const DETECTORS: [&Detector; COUNT] = {
    let mut detectors = [&OWN[0]; COUNT];
    let mut at = 0;
    while at < COUNT {
        detectors[at] = &OWN[at];
        at += 1;
    }
    detectors
};

/// The proof of each, in the same order.
pub(crate) const EVIDENCE: [&Evidence; COUNT] = {
    let mut evidence = [&KINDS[0].evidence; COUNT];
    let mut at = 0;
    while at < COUNT {
        evidence[at] = &KINDS[at].evidence;
        at += 1;
    }
    evidence
};
