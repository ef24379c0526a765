//! Bodies written by other encoders, cut everywhere, shortened, changed, and larger than they should be.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test that panics is a test that fails")]

use std::io::Write;

use flate2::write::{DeflateEncoder, ZlibEncoder};
use flate2::{Compression, GzBuilder};

use super::*;

const ROOM: usize = 1 << 24;

/// Texts that compressors treat differently.
fn texts() -> Vec<Vec<u8>> {
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    vec![
        Vec::new(),
        b"x".to_vec(),
        br#"{"model":"m","messages":[{"role":"user","content":"hello, hello, hello"}]}"#.to_vec(),
        b"the same words again and again. ".repeat(3_000),
        (0..70_000).map(|_| noise()).collect(),
    ]
}

/// The same body in every form that can be undone.
fn forms(text: &[u8]) -> Vec<(Encoding, Vec<u8>)> {
    let finish = "memory can be written to";
    let mut gzip = GzBuilder::new().filename("a.json").comment("c").write(Vec::new(), Compression::default());
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    let mut bare = DeflateEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(text).expect(finish);
    zlib.write_all(text).expect(finish);
    bare.write_all(text).expect(finish);
    let mut br = Vec::new();
    {
        let mut writer = brotli::CompressorWriter::new(&mut br, 4_096, 5, 22);
        writer.write_all(text).expect(finish);
    }
    let zstd = ::zstd::bulk::compress(text, 3).expect(finish);
    vec![
        (Encoding::Gzip, gzip.finish().expect(finish)),
        (Encoding::Deflate, zlib.finish().expect(finish)),
        (Encoding::Deflate, bare.finish().expect(finish)),
        (Encoding::Br, br),
        (Encoding::Zstd, zstd),
    ]
}

fn in_pieces(encoding: Encoding, body: &[u8], size: usize) -> Result<Vec<u8>, Fault> {
    let (mut decoder, mut out) = (Decoder::new(encoding, Span::Body, 2_000), Vec::new());
    for piece in body.chunks(size) {
        decoder.push(piece, &mut out, ROOM)?;
    }
    decoder.finish(&mut out, ROOM)?;
    Ok(out)
}

#[test]
fn what_others_compress_comes_back_however_it_is_cut() {
    for text in texts() {
        for (encoding, body) in forms(&text) {
            let (whole, notes) = decode(encoding, &body, 2_000, ROOM).expect("it is whole");
            assert!(whole == text, "{encoding:?} of {} bytes", text.len());
            assert_eq!(notes, if encoding == Encoding::Gzip { b"a.json\nc\n".as_slice() } else { b"" });
            for size in [1, 2, 3, 5, 7, 1_000, 65_536] {
                assert!(in_pieces(encoding, &body, size).as_deref() == Ok(&text), "{encoding:?} in pieces of {size}");
            }
        }
    }
}

#[test]
fn what_is_flushed_comes_out_at_once() {
    let level = Compression::default();
    let gzip = GzBuilder::new().write(Vec::new(), level);
    let br = brotli::CompressorWriter::new(Vec::new(), 4_096, 5, 20);
    let zstd = ::zstd::Encoder::new(Vec::new(), 3).expect("there is memory");
    comes_out_at_once(Encoding::Gzip, gzip, |it| it.get_mut());
    comes_out_at_once(Encoding::Deflate, ZlibEncoder::new(Vec::new(), level), |it| it.get_mut());
    comes_out_at_once(Encoding::Deflate, DeflateEncoder::new(Vec::new(), level), |it| it.get_mut());
    comes_out_at_once(Encoding::Br, br, |it| it.get_mut());
    comes_out_at_once(Encoding::Zstd, zstd, |it| it.get_mut());
}

fn comes_out_at_once<W: Write>(encoding: Encoding, mut writer: W, mut written: impl FnMut(&mut W) -> &mut Vec<u8>) {
    let text = b"data: {}\n\n";
    let mut decoder = Decoder::new(encoding, Span::Stream, 100);
    for count in 1..20 {
        writer.write_all(text).and_then(|()| writer.flush()).expect("memory can be written to");
        let mut out = Vec::new();
        decoder.push(&std::mem::take(written(&mut writer)), &mut out, ROOM).expect("it is this encoding");
        assert_eq!(out, text, "{encoding:?}, piece {count}");
    }
}

#[test]
fn what_ends_too_early_or_too_late_is_refused() {
    for text in texts() {
        for (encoding, body) in forms(&text) {
            let step = (body.len() / 200).max(1);
            for end in (0..body.len()).step_by(step) {
                assert_eq!(
                    decode(encoding, &body[..end], 2_000, ROOM).err(),
                    Some(Fault::ContentEncoding),
                    "{encoding:?}"
                );
            }
            for behind in [b"x".as_slice(), b"\0", &body] {
                let longer = [&body, behind].concat();
                assert_eq!(decode(encoding, &longer, 2_000, ROOM).err(), Some(Fault::ContentEncoding), "{encoding:?}");
            }
        }
    }
}

#[test]
fn what_is_changed_is_refused_or_harmless() {
    let text = &texts()[2];
    for (encoding, body) in forms(text) {
        let (checked, mut accepted) = (matches!(encoding, Encoding::Gzip), 0);
        for at in 0..body.len() {
            for bit in 0..8 {
                let mut changed = body.clone();
                changed[at] ^= 1 << bit;
                let whole = decode(encoding, &changed, 2_000, ROOM).map(|(out, _)| out);
                assert_eq!(whole, in_pieces(encoding, &changed, 1), "{encoding:?} {at}.{bit}");
                if checked && let Ok(out) = whole {
                    assert_eq!(&out, text, "{at}.{bit}");
                    accepted += 1;
                }
            }
        }
        // Time, flags of the compressor, its system, and the letters of name and comment may be anything.
        assert!(accepted < 8 * 16, "{encoding:?}: {accepted}");
    }
}

#[test]
fn no_more_comes_out_than_there_is_room_for() {
    let zeros = vec![0; 8 << 20];
    for (encoding, body) in forms(&zeros) {
        let mut out = Vec::new();
        let result = Decoder::new(encoding, Span::Body, 200).push(&body, &mut out, ROOM);
        assert_eq!(result, Err(Fault::Expansion), "{encoding:?}");
        assert!(out.len() <= FREE + 200 * body.len(), "{encoding:?}: {}", out.len());
        let mut decoder = Decoder::new(encoding, Span::Body, u32::MAX);
        let mut out = Vec::new();
        assert_eq!(decoder.push(&body, &mut out, 1_000), Err(Fault::BodyTooLarge), "{encoding:?}");
        assert_eq!(out.len(), 1_000);
        assert_eq!(decoder.push(b"", &mut out, ROOM), Err(Fault::BodyTooLarge), "an error stays");
    }
}

#[test]
fn what_two_readers_read_differently_is_refused() {
    let refused = |encoding, body: &[u8]| {
        assert_eq!(decode(encoding, body, 2_000, ROOM).err(), Some(Fault::ContentEncoding), "{body:x?}");
    };
    // A header of the zlib format that is the header of a stored block to a reader of bare deflate.
    refused(Encoding::Deflate, &[[0x78, 0x01, 2, 0xFE, 0xFD].as_slice(), b"[]", &[3, 0]].concat());
    // A preset dictionary.
    refused(Encoding::Deflate, &[0x78, 0x20, 0, 0, 0, 1, 3, 0, 0, 0, 0, 1]);
    // A frame of zstd that decoders skip.
    refused(Encoding::Zstd, &[0x50, 0x2A, 0x4D, 0x18, 1, 0, 0, 0, b'x']);
    // A window of 24 in a stream: 16 MiB for as long as it lasts.
    let mut decoder = Decoder::new(Encoding::Br, Span::Stream, 200);
    assert_eq!(decoder.push(&[0x0F], &mut Vec::new(), ROOM), Err(Fault::ContentEncoding));
    // Reserved flags of gzip.
    refused(Encoding::Gzip, &[0x1F, 0x8B, 8, 0x80, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for name in ["compress", "", "gzip2", "zlib"] {
        assert_eq!(Encoding::from_name(name.as_bytes()), None);
    }
}

/// Found by fuzzing: the library holds the last byte where what it made before fills its window, and all bytes have come.
#[test]
fn what_a_decoder_holds_comes_out() {
    let body = include_bytes!("tests/held.deflate");
    for size in 1..=body.len() {
        let out = in_pieces(Encoding::Deflate, body, size).expect("a fuzzer wrote DEFLATE");
        assert_eq!(out.len(), 32_769, "in pieces of {size}");
    }
    for len in (32_764..32_774).chain(65_532..65_542) {
        let text: Vec<u8> = (0..len).map(|at: u32| (at.wrapping_mul(at) >> 7) as u8).collect();
        for (encoding, body) in forms(&text) {
            for size in [body.len(), 1_000] {
                assert!(
                    in_pieces(encoding, &body, size).as_deref() == Ok(text.as_slice()),
                    "{encoding:?}, {len} bytes"
                );
            }
        }
    }
}
