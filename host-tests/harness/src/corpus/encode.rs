//! Compressed bodies of cases.

use std::io::Write;

use flate2::write::{DeflateEncoder, ZlibEncoder};
use flate2::{Compression, GzBuilder};

/// Compresses pieces, each so that it can be decoded when its own bytes have come. Answers them compressed, in as many pieces
/// or fewer.
///
/// # Errors
/// When there is no such encoding.
pub(super) fn encode(name: &str, pieces: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, String> {
    let level = Compression::default();
    let wrong = |error: std::io::Error| error.to_string();
    match name.split_once(':').unwrap_or((name, "")) {
        ("gzip", "") => flushed(GzBuilder::new().write(Vec::new(), level), pieces, |it| it.get_mut(), |it| it.finish()),
        ("gzip", file) => {
            let gzip = GzBuilder::new().filename(file).write(Vec::new(), level);
            flushed(gzip, pieces, |it| it.get_mut(), |it| it.finish())
        }
        ("deflate", _) => flushed(ZlibEncoder::new(Vec::new(), level), pieces, |it| it.get_mut(), |it| it.finish()),
        ("raw_deflate", _) => {
            flushed(DeflateEncoder::new(Vec::new(), level), pieces, |it| it.get_mut(), |it| it.finish())
        }
        ("br", _) => {
            let br = brotli::CompressorWriter::new(Vec::new(), 4_096, 5, 20);
            flushed(br, pieces, |it| it.get_mut(), |it| Ok(it.into_inner()))
        }
        ("zstd", _) => zstd::Encoder::new(Vec::new(), zstd::DEFAULT_COMPRESSION_LEVEL)
            .and_then(|zstd| flushed(zstd, pieces, |it| it.get_mut(), |it| it.finish())),
        _ => return Err(format!("`{name}` is no encoding")),
    }
    .map_err(wrong)
}

fn flushed<W: Write>(
    mut writer: W,
    pieces: &[Vec<u8>],
    mut written: impl FnMut(&mut W) -> &mut Vec<u8>,
    finish: impl FnOnce(W) -> std::io::Result<Vec<u8>>,
) -> std::io::Result<Vec<Vec<u8>>> {
    let mut out = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        writer.write_all(piece)?;
        if index + 1 < pieces.len() {
            writer.flush()?;
            out.push(std::mem::take(written(&mut writer)));
        }
    }
    out.push(finish(writer)?);
    Ok(out)
}
