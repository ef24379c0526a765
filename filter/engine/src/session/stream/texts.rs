//! All texts of a stream that grow, or that waiting events still speak of.

use std::collections::BTreeMap;
use std::collections::VecDeque;

use super::growing::Growing;
use crate::sensitive::Sensitive;
use crate::wire::{Channel, Position};

/// The number of a text in its stream.
pub(super) type TextId = u64;

/// All texts of a stream that grow, or that waiting events still speak of.
///
/// Invariant: no two texts that have not ended belong to the same channel.
#[derive(Debug, Default)]
pub(super) struct Texts {
    texts: BTreeMap<TextId, Growing>,
    next: TextId,
    /// The ends of texts that are complete, the oldest first: clients go on with them should their channel speak again.
    tails: VecDeque<(Channel, Sensitive<String>)>,
    tail_bytes: usize,
}

/// How many ends of texts are remembered, and how many bytes of them.
const MOST_TAILS: usize = 1_024;
const MOST_TAIL_BYTES: usize = 524_288;

impl Texts {
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    pub(super) fn get(&self, id: TextId) -> Option<&Growing> {
        self.texts.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: TextId) -> Option<&mut Growing> {
        self.texts.get_mut(&id)
    }

    /// The text of this channel that still grows.
    pub(super) fn of(&self, channel: Channel) -> Option<TextId> {
        self.texts.iter().rev().find(|(_, text)| text.channel == channel && !text.ended).map(|(id, _)| *id)
    }

    /// The text that this part stands for.
    pub(super) fn of_part(&self, part: u32) -> Option<TextId> {
        self.texts.iter().find(|(_, text)| text.part == Some(part)).map(|(id, _)| *id)
    }

    pub(super) fn add(&mut self, text: Growing) -> TextId {
        let id = self.next;
        self.next = self.next.saturating_add(1);
        self.texts.insert(id, text);
        id
    }

    /// Remembers the end of a text that is complete.
    pub(super) fn remember(&mut self, id: TextId) {
        let Some(text) = self.texts.get(&id).filter(|text| text.len > 0) else { return };
        let tail = Sensitive::new(text.tail().to_owned());
        self.tail_bytes = self.tail_bytes.saturating_add(tail.len());
        self.tails.push_back((text.channel, tail));
        while self.tails.len() > MOST_TAILS || self.tail_bytes > MOST_TAIL_BYTES {
            let oldest = self.tails.pop_front();
            self.tail_bytes = self.tail_bytes.saturating_sub(oldest.map_or(0, |(_, tail)| tail.len()));
        }
    }

    /// What the last complete text of this channel ended with.
    pub(super) fn recall(&mut self, channel: Channel) -> Option<Sensitive<String>> {
        let at = self.tails.iter().rposition(|(own, _)| *own == channel)?;
        let (_, tail) = self.tails.remove(at)?;
        self.tail_bytes = self.tail_bytes.saturating_sub(tail.len());
        Some(tail)
    }

    /// Those at a position that still grow; all that do for none.
    pub(super) fn growing(&self, at: Option<Position>) -> Vec<TextId> {
        let here = |text: &Growing| at.is_none_or(|at| at.holds(&text.channel.position));
        self.texts.iter().filter(|(_, text)| !text.ended && here(text)).map(|(id, _)| *id).collect()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (TextId, &Growing)> {
        self.texts.iter().map(|(id, text)| (*id, text))
    }

    pub(super) fn each(&mut self, change: impl FnMut(&mut Growing)) {
        self.texts.values_mut().for_each(change);
    }

    /// One more piece of it waits.
    pub(super) fn wait(&mut self, id: TextId) {
        if let Some(text) = self.texts.get_mut(&id) {
            text.waiting = text.waiting.saturating_add(1);
        }
    }

    /// A piece of it waits no more.
    pub(super) fn let_go(&mut self, id: TextId) {
        if let Some(text) = self.texts.get_mut(&id) {
            text.waiting = text.waiting.saturating_sub(1);
        }
    }

    /// Forgets texts that have ended, once no event waits that speaks of them.
    pub(super) fn prune(&mut self) {
        self.texts.retain(|_, text| !text.ended || text.waiting > 0);
    }
}
