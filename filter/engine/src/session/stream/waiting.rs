//! The events that wait, and which of them may go on.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::pending::Pending;
use super::texts::Texts;

/// The events that wait, in the order in which they came.
///
/// Invariants: `lanes` has the numbers of exactly these events, those of a lane in order, and no lane without any; `heads`
/// has the first of each lane. So looking for what may go on costs as much as there are lanes, however many events wait.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    events: BTreeMap<u64, Pending>,
    lanes: BTreeMap<Option<u64>, VecDeque<u64>>,
    heads: BTreeSet<u64>,
    /// Of all of them.
    bytes: usize,
}

impl Waiting {
    /// Bytes of all of them.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The number of the last.
    pub(super) fn last(&self) -> Option<u64> {
        self.events.keys().next_back().copied()
    }

    pub(super) fn get_mut(&mut self, number: u64) -> Option<&mut Pending> {
        self.events.get_mut(&number)
    }

    pub(super) fn holds(&self, number: u64) -> bool {
        self.events.contains_key(&number)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Pending> {
        self.events.values()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Pending> {
        self.events.values_mut()
    }

    /// Takes an event that comes after all others.
    pub(super) fn push(&mut self, event: Pending, texts: &mut Texts) {
        self.bytes = self.bytes.saturating_add(event.frame.bytes().len());
        event.pieces.iter().for_each(|piece| texts.wait(piece.text));
        let lane = self.lanes.entry(event.lane).or_default();
        if lane.is_empty() {
            self.heads.insert(event.number);
        }
        lane.push_back(event.number);
        self.events.insert(event.number, event);
    }

    /// The first event that may go on: everything that it says is decided, and no event waits that it may not overtake.
    pub(super) fn first_decided(&self, texts: &Texts) -> Option<u64> {
        let mut any_before = false;
        for number in &self.heads {
            let event = self.events.get(number)?;
            let waits_for_others = event.lane.is_none() && any_before;
            if !waits_for_others && event.decided(texts) {
                return Some(*number);
            }
            // What came after one without a lane waits for it.
            event.lane?;
            any_before = true;
        }
        None
    }

    /// The first event, whether it may go on or not.
    pub(super) fn first(&self) -> Option<&Pending> {
        self.events.values().next()
    }

    /// Takes the first event of a lane out. What it says of its texts can be asked for as long as they are not pruned.
    pub(super) fn remove(&mut self, number: u64, texts: &mut Texts) -> Option<Pending> {
        let event = self.events.remove(&number)?;
        self.bytes = self.bytes.saturating_sub(event.frame.bytes().len());
        event.pieces.iter().for_each(|piece| texts.let_go(piece.text));
        self.heads.remove(&number);
        let lane = self.lanes.get_mut(&event.lane)?;
        lane.pop_front();
        match lane.front() {
            Some(next) => self.heads.insert(*next),
            None => self.lanes.remove(&event.lane).is_some(),
        };
        Some(event)
    }

    /// Forgets all of them.
    pub(super) fn clear(&mut self, texts: &mut Texts) {
        self.events.values().flat_map(|event| &event.pieces).for_each(|piece| texts.let_go(piece.text));
        *self = Waiting::default();
    }
}
