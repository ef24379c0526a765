//! Content encodings (RFC 9110, section 8.4.1), undone as the bytes come.
//!
//! Flows in: the bytes of a body or stream that is compressed, in whatever chunks they arrive. Flows out: what they decode
//! to, as soon as it can be told. Promises:
//! - What comes out depends on the bytes alone, not on how they were cut into chunks (up to the place of an error).
//! - Nothing is decoded that two readers may decode to two things: one member, one frame, nothing behind it, checksums that
//!   fit, no dictionary, no window beyond what HTTP allows.
//! - No more comes out than the caller has room for, and no more memory is held than the window of the format.
//! - What a format lets its writer say beside the content (a file name, a comment) comes out as [`Decoder::notes`].

mod br;
mod deflate;
mod gzip;
mod inflate;
mod zstd;

use crate::fault::Fault;

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// `gzip` and its older name `x-gzip` (RFC 1952).
    Gzip,
    /// `deflate`: the zlib format (RFC 1950), or the bare DEFLATE (RFC 1951) that some send in its name.
    Deflate,
    /// `br` (RFC 7932).
    Br,
    /// `zstd` (RFC 8878).
    Zstd,
}

impl Encoding {
    /// Every encoding that can be undone.
    pub const ALL: [Encoding; 4] = [Encoding::Gzip, Encoding::Deflate, Encoding::Br, Encoding::Zstd];

    /// The name that HTTP gives it.
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Gzip => "gzip",
            Encoding::Deflate => "deflate",
            Encoding::Br => "br",
            Encoding::Zstd => "zstd",
        }
    }

    /// The encoding of this name, in any case.
    pub fn from_name(name: &[u8]) -> Option<Encoding> {
        if name.eq_ignore_ascii_case(b"x-gzip") {
            return Some(Encoding::Gzip);
        }
        Self::ALL.into_iter().find(|encoding| name.eq_ignore_ascii_case(encoding.name().as_bytes()))
    }
}

/// Why a body cannot be decoded any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Broken {
    /// The bytes are not of the encoding, or could be decoded to several things.
    Syntax,
    /// More comes out than there is room for.
    TooMuch,
}

/// Whether a body is decoded at once, or as a stream that may last, beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The decoder lives for one call.
    Body,
    /// The decoder lives as long as the exchange, so that less memory may be spent on it.
    Stream,
}

/// What may come out before anybody counts how much went in: short texts repeat themselves without being bombs.
const FREE: usize = 65_536;

/// Undoes one encoding.
pub struct Decoder {
    format: Format,
    expansion: usize,
    came: usize,
    gave: usize,
    fault: Option<Fault>,
}

/// Each lives on the heap, and only while there is something to decode.
enum Format {
    Gzip(gzip::Gzip),
    Deflate(deflate::Deflate),
    Br(br::Br),
    Zstd(zstd::Zstd),
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Decoder({} bytes to {}, {:?})", self.came, self.gave, self.fault)
    }
}

impl Decoder {
    /// A decoder before its first byte. Beyond 64 KiB no more than `expansion` bytes come out for one that went in.
    pub fn new(encoding: Encoding, span: Span, expansion: u32) -> Self {
        let format = match encoding {
            Encoding::Gzip => Format::Gzip(gzip::Gzip::new()),
            Encoding::Deflate => Format::Deflate(deflate::Deflate::new()),
            Encoding::Br => Format::Br(br::Br::new(span)),
            Encoding::Zstd => Format::Zstd(zstd::Zstd::new()),
        };
        Decoder { format, expansion: expansion as usize, came: 0, gave: 0, fault: None }
    }

    /// Takes the next bytes and appends to `out` what they decode to, of which `out` has `room` bytes.
    ///
    /// # Errors
    /// [`Fault::ContentEncoding`] where the bytes are not of the encoding or could be decoded to several things,
    /// [`Fault::Expansion`] where they decode to too many for so few, [`Fault::BodyTooLarge`] where there is no room. What came
    /// before that place is in `out`; later calls give the same error.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>, room: usize) -> Result<(), Fault> {
        self.came = self.came.saturating_add(bytes.len());
        self.step(out, room, |format, out, most| match format {
            Format::Gzip(gzip) => gzip.push(bytes, out, most),
            Format::Deflate(deflate) => deflate.push(bytes, out, most),
            Format::Br(br) => br.push(bytes, out, most),
            Format::Zstd(zstd) => zstd.push(bytes, out, most),
        })
    }

    /// Takes the end of the body.
    ///
    /// # Errors
    /// As [`Decoder::push`]; [`Fault::ContentEncoding`] where the body ends too early.
    pub fn finish(&mut self, out: &mut Vec<u8>, room: usize) -> Result<(), Fault> {
        self.step(out, room, |format, out, most| match format {
            Format::Gzip(gzip) => gzip.finish(),
            Format::Deflate(deflate) => deflate.finish(out, most),
            Format::Br(br) => br.finish(),
            Format::Zstd(zstd) => zstd.finish(),
        })
    }

    /// What the writer said beside the content, so far.
    pub fn notes(&self) -> &[u8] {
        match &self.format {
            Format::Gzip(gzip) => gzip.notes(),
            Format::Deflate(_) | Format::Br(_) | Format::Zstd(_) => &[],
        }
    }

    fn step(
        &mut self,
        out: &mut Vec<u8>,
        room: usize,
        step: impl FnOnce(&mut Format, &mut Vec<u8>, usize) -> Result<(), Broken>,
    ) -> Result<(), Fault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let fair = self.came.saturating_mul(self.expansion).saturating_add(FREE).saturating_sub(self.gave);
        let before = out.len();
        let result = step(&mut self.format, out, before.saturating_add(fair.min(room)));
        self.gave = self.gave.saturating_add(out.len().saturating_sub(before));
        result.map_err(|broken| {
            let fault = match broken {
                Broken::Syntax => Fault::ContentEncoding,
                Broken::TooMuch if fair < room => Fault::Expansion,
                Broken::TooMuch => Fault::BodyTooLarge,
            };
            self.fault = Some(fault);
            fault
        })
    }
}

/// Decodes a whole body, of which no more than `room` bytes may come out, and what its writer said beside it.
///
/// # Errors
/// As [`Decoder::push`].
pub fn decode(encoding: Encoding, body: &[u8], expansion: u32, room: usize) -> Result<(Vec<u8>, Vec<u8>), Fault> {
    let (mut decoder, mut out) = (Decoder::new(encoding, Span::Body, expansion), Vec::new());
    decoder.push(body, &mut out, room)?;
    let left = room.saturating_sub(out.len());
    decoder.finish(&mut out, left)?;
    Ok((out, decoder.notes().to_vec()))
}

#[cfg(test)]
mod tests;
