//! Compressed bodies.

use weir_engine::fault::Fault;
use weir_engine::stream::encodings::{Decoder, Encoding, Span};

use crate::cuts::Cuts;

/// Room for what comes out.
const ROOM: usize = 1 << 20;

/// Holds that a body decodes to the same bytes or the same fault however it is cut, that no more comes out than may, and that
/// a decoder which has failed stays so. The first two bytes choose the cuts, the third the encoding, the span and how far it
/// may expand.
pub fn encodings(data: &[u8]) {
    let [first, second, third, body @ ..] = data else { return };
    let encoding = Encoding::ALL[usize::from(*third) % 4];
    let span = if third & 4 == 0 { Span::Body } else { Span::Stream };
    let expansion = if third & 8 == 0 { 200 } else { 2 };
    let whole = decoded(encoding, span, expansion, std::iter::once(body));
    let cut = decoded(encoding, span, expansion, Cuts::new(body, [*first, *second]));
    match (&whole.1, &cut.1) {
        (Ok(()), Ok(())) => assert!(whole == cut, "the cuts change what comes out"),
        // How far it comes before it fails may depend on the cuts, what comes does not. A limit is a limit of what came so far.
        (Err(Fault::ContentEncoding), Err(Fault::ContentEncoding)) => {
            assert!(whole.0.starts_with(&cut.0) || cut.0.starts_with(&whole.0), "the cuts change what comes out");
        }
        (Err(_), Err(_)) => {}
        (Ok(()), Err(fault)) | (Err(fault), Ok(())) => {
            assert!(*fault == Fault::Expansion, "the cuts decide whether it can be decoded");
        }
    }
}

fn decoded<'b>(
    encoding: Encoding,
    span: Span,
    expansion: u32,
    pieces: impl Iterator<Item = &'b [u8]>,
) -> (Vec<u8>, Result<(), Fault>) {
    let (mut decoder, mut out, mut result, mut came) = (Decoder::new(encoding, span, expansion), Vec::new(), Ok(()), 0);
    for piece in pieces {
        came += piece.len();
        let room = ROOM - out.len();
        let next = decoder.push(piece, &mut out, room);
        assert!(result.is_ok() || next == result, "a fault went away");
        result = next;
        assert!(out.len() <= ROOM && out.len() <= 65_536 + came * expansion as usize, "too much comes out");
    }
    let room = ROOM - out.len();
    let end = decoder.finish(&mut out, room);
    assert!(result.is_ok() || end == result, "a fault went away");
    assert!(out.len() <= ROOM && out.len() <= 65_536 + came * expansion as usize, "too much comes out at the end");
    (out, end)
}
