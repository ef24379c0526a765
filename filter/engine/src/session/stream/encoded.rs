//! Streams that come compressed: undone as they come, and read as any other.

use super::{Home, Judge, SLICE, Stream};
use crate::exchange::beside_parts;
use crate::policy::{Cause, Mode};

impl Stream {
    /// Takes the next chunk of a stream that is compressed. Where it cannot be decoded it ends, whatever the policy says to the
    /// fault: its headers have promised the client something that it could read.
    pub(super) fn push_encoded(
        &mut self,
        judge: &mut Judge<'_>,
        bytes: &[u8],
        end: bool,
        out: &mut Vec<u8>,
    ) -> Option<Cause> {
        let mut decoder = self.decoder.take()?;
        let (mut result, mut decoded) = (Ok(()), Vec::new());
        for slice in bytes.chunks(SLICE) {
            decoded.clear();
            result = decoder.push(slice, &mut decoded, usize::MAX);
            if let Some(cause) = self.push_decoded(judge, &decoded, false, out) {
                return Some(cause);
            }
            if result.is_err() {
                break;
            }
        }
        decoded.clear();
        if end && result.is_ok() {
            result = decoder.finish(&mut decoded, usize::MAX);
        }
        if let Err(fault) = result {
            self.undecodable = Some(fault);
            judge.fault(fault);
        }
        let ends = end || result.is_err();
        if ends {
            let notes = String::from_utf8_lossy(decoder.notes());
            let before = judge.parts();
            judge.scan(&mut self.spoken, |sink| beside_parts(notes.as_bytes(), sink));
            let number = self.events.saturating_add(1);
            self.homes.extend((before..judge.parts()).map(|part| (part, Home::Event(number))));
        }
        let cause = self.push_decoded(judge, &decoded, ends, out);
        self.decoder = Some(decoder);
        let enforced = judge.policy.mode() == Mode::Enforce;
        cause.or_else(|| result.err().filter(|_| enforced).map(Cause::Fault))
    }
}
