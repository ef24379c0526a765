//! The encoding `deflate`: the zlib format by its definition, bare DEFLATE by a habit of old servers. Readers take either.

use miniz_oxide::DataFormat;

use super::Broken;
use super::inflate::Inflate;

/// Bytes at the beginning that tell which it is, and whether it could be the other as well.
const HEAD: usize = 5;

/// One body.
pub(super) struct Deflate {
    /// The first bytes, until there are enough of them.
    head: Vec<u8>,
    inflate: Option<Inflate>,
}

impl Deflate {
    pub(super) fn new() -> Self {
        Deflate { head: Vec::new(), inflate: None }
    }

    pub(super) fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>, most: usize) -> Result<(), Broken> {
        let mut bytes = bytes;
        if self.inflate.is_none() {
            let missing = HEAD.saturating_sub(self.head.len()).min(bytes.len());
            let (ours, rest) = bytes.split_at_checked(missing).unwrap_or((bytes, &[]));
            self.head.extend_from_slice(ours);
            bytes = rest;
            if self.head.len() < HEAD {
                return Ok(());
            }
            self.begin(out, most)?;
        }
        self.more(bytes, out, most)
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>, most: usize) -> Result<(), Broken> {
        if self.inflate.is_none() {
            self.begin(out, most)?;
        }
        if self.inflate.as_ref().is_some_and(Inflate::done) { Ok(()) } else { Err(Broken::Syntax) }
    }

    fn begin(&mut self, out: &mut Vec<u8>, most: usize) -> Result<(), Broken> {
        self.inflate = Some(Inflate::new(format(&self.head)?));
        let head = std::mem::take(&mut self.head);
        self.more(&head, out, most)
    }

    fn more(&mut self, bytes: &[u8], out: &mut Vec<u8>, most: usize) -> Result<(), Broken> {
        let Some(inflate) = &mut self.inflate else { return Ok(()) };
        let taken = inflate.push(bytes, out, most)?;
        // Nothing may follow.
        if taken == bytes.len() { Ok(()) } else { Err(Broken::Syntax) }
    }
}

/// Which of the two formats begins so.
fn format(head: &[u8]) -> Result<DataFormat, Broken> {
    let [method, flags, ..] = *head else { return Ok(DataFormat::Raw) };
    let zlib = method & 0x0F == 8 && u16::from_be_bytes([method, flags]) % 31 == 0;
    if !zlib {
        return Ok(DataFormat::Raw);
    }
    // The header of the zlib format is, to a reader of bare DEFLATE, the header of a stored block: its length, and the length
    // again with every bit inverted. Where those fit, both readers find something.
    match *head {
        [_, low, high, not_low, not_high] if not_low == !low && not_high == !high => Err(Broken::Syntax),
        _ => Ok(DataFormat::Zlib),
    }
}
