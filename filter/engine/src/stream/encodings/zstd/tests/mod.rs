//! The decoder beside the one of the format's authors, which is in C: what their encoder writes is read, what theirs would
//! refuse is refused, and what both read is the same.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics is a test that fails"
)]

mod by_hand;
mod changed;
mod encoders;
mod flushed;
mod refused;
mod refused_codes;

use std::io::{Read, Write};

use zstd::stream::raw::CParameter;

use super::*;

const ROOM: usize = 1 << 26;

/// What a frame decodes to when it comes in pieces of `size`.
fn decoded(frame: &[u8], size: usize) -> Result<Vec<u8>, Broken> {
    pieces(frame.chunks(size))
}

fn pieces<'f>(pieces: impl IntoIterator<Item = &'f [u8]>) -> Result<Vec<u8>, Broken> {
    let (mut decoder, mut out) = (Zstd::new(), Vec::new());
    for piece in pieces {
        decoder.push(piece, &mut out, ROOM)?;
    }
    decoder.finish()?;
    Ok(out)
}

/// What the decoder in C makes of it, in one go and piece by piece: these are two, and not equally strict.
fn decoded_in_c(frame: &[u8]) -> [Option<Vec<u8>>; 2] {
    let mut out = Vec::new();
    let piecewise = zstd::stream::read::Decoder::new(frame).and_then(|mut decoder| decoder.read_to_end(&mut out));
    [zstd::bulk::decompress(frame, ROOM).ok(), piecewise.ok().map(|_| out)]
}

/// An encoder in C. `size` is what it is told about the length of the text.
fn encoder(parameters: &[CParameter], size: Option<usize>) -> zstd::stream::write::Encoder<'static, Vec<u8>> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 0).expect("there is memory");
    for parameter in parameters {
        encoder.set_parameter(*parameter).expect("there is such a parameter");
    }
    encoder.set_pledged_src_size(size.map(|size| size as u64)).expect("nothing was written");
    encoder
}

fn encoded(text: &[u8], parameters: &[CParameter], knows_size: bool) -> Vec<u8> {
    let mut encoder = encoder(parameters, knows_size.then_some(text.len()));
    encoder.write_all(text).expect("memory can be written to");
    encoder.finish().expect("it is all of the text")
}

/// Numbers that look like chance and are always the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below
    }

    fn noise(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.roll(256) as u8).collect()
    }

    /// Words of a small language, the first ones more often.
    fn words(&mut self, len: usize) -> Vec<u8> {
        let words: Vec<Vec<u8>> = (0..300)
            .map(|_| (0..2 + self.roll(9)).map(|_| b"etaoinshrdlucmfwypvbgkqjxz"[self.roll(26)]).collect())
            .collect();
        let mut text = Vec::new();
        while text.len() < len {
            let most = 1 + self.roll(words.len());
            text.extend_from_slice(&words[self.roll(most)]);
            text.push(b' ');
        }
        text.truncate(len);
        text
    }

    /// Bytes of which each is half as frequent as the one before it.
    fn skewed(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| (self.roll(1 << 20) + 1).ilog2() as u8).collect()
    }

    /// Server-sent events of a model that says words.
    fn events(&mut self, count: usize) -> Vec<Vec<u8>> {
        let event = |number: usize, words: &[u8]| {
            let words = String::from_utf8_lossy(words);
            format!("data: {{\"id\":\"c\",\"n\":{number},\"choices\":[{{\"delta\":{{\"content\":\"{words}\"}}}}]}}\n\n")
                .into_bytes()
        };
        (0..count)
            .map(|number| {
                let len = 1 + self.roll(40);
                event(number, &self.words(len))
            })
            .collect()
    }
}
