//! Whole exchanges.

use serde_json::Value;
use weir_bare_proxy::{Header, Message, Outcome};
use weir_engine::Worker;
use weir_engine::event::Direction;
use weir_engine::fault::{Fault, Inspected};
use weir_engine::policy::{FaultOutcome, Mode};

use crate::cuts::Cuts;
use crate::policies::policy;

/// What stands between the fields of an exchange.
const SEPARATOR: u8 = 0x1E;

/// Plays an exchange whole and cut, and holds that both come to the same, and that nothing of a request goes on before all of it
/// has come, unless the policy lets pass what cannot be read.
///
/// Four bytes of settings (policy, two for the cuts, flags), then fields with 0x1E between them: path, content type and body
/// of the request, content type and body of the answer. Flags: trailers of the request, of the answer; declared lengths; an
/// error status; compressed as by the next two bits, where the last is set.
pub fn session_whole(data: &[u8]) {
    let [number, first, second, flags, rest @ ..] = data else { return };
    let mut fields = rest.splitn(5, |byte| *byte == SEPARATOR);
    let mut field = || fields.next().unwrap_or_default().to_vec();
    let (path, asked, question, kind, answer) = (field(), field(), field(), field(), field());
    let set = |bit: u8| flags >> bit & 1 == 1;
    let pseudo = [(":method", b"POST".to_vec()), (":authority", b"llm.example".to_vec()), (":path", path)];
    let status = [(":status", if set(3) { b"500".to_vec() } else { b"200".to_vec() })];
    let encoding = ["gzip", "deflate", "br", "zstd"][usize::from(flags >> 4 & 3)];
    let request = message(pseudo.to_vec(), asked, question, set(0), set(2), None);
    let response = message(status.to_vec(), kind, answer, set(1), set(2), set(6).then_some(encoding));
    same(*number, [*first, *second], &request, &response);
}

fn message(
    mut headers: Vec<(&str, Vec<u8>)>,
    media: Vec<u8>,
    body: Vec<u8>,
    trailers: bool,
    declared: bool,
    encoding: Option<&str>,
) -> Message {
    headers.push(("content-type", media));
    headers.extend(declared.then(|| ("content-length", body.len().to_string().into_bytes())));
    headers.extend(encoding.map(|name| ("content-encoding", name.as_bytes().to_vec())));
    let trailers = if trailers { vec![(b"x-sum".to_vec(), b"1".to_vec())] } else { Vec::new() };
    let headers = headers.into_iter().map(|(name, value)| (name.as_bytes().to_vec(), value)).collect();
    Message { headers, body: (!body.is_empty()).then_some(body), trailers }
}

fn play(number: u8, request: &Message, response: &Message, cut: impl for<'b> Fn(&'b [u8]) -> Vec<&'b [u8]>) -> Outcome {
    let worker = Worker::new(b"a fuzzer's run is not random", Some(b"fuzz"));
    let mut outcome = weir_bare_proxy::play(worker, policy(number), request, Some(response), |_, body| cut(body));
    outcome.records.iter_mut().for_each(without_pieces);
    outcome
}

/// Removes from a record what depends on how pieces arrived.
fn without_pieces(record: &mut Value) {
    if let Some(stream) = record.pointer_mut("/response/stream").and_then(Value::as_object_mut) {
        stream.remove("held_bytes");
        // Of a stream that is blocked no more comes.
        record["response"]["bytes"].take();
    }
}

/// Plays both ways, and answers what came of it.
pub fn same(number: u8, cuts: [u8; 2], request: &Message, response: &Message) -> Outcome {
    let whole = play(number, request, response, |body| vec![body]);
    let mut cut = play(number, request, response, |body| Cuts::new(body, cuts).collect());
    let early = std::mem::replace(&mut cut.early, whole.early);
    // Where a stream is blocked, only one that goes on is broken off.
    cut.broken_off = whole.broken_off;
    assert!(whole.records.len() == 1, "there are {} records", whole.records.len());
    let undone = response.headers.iter().any(|(name, _)| name == b"content-encoding");
    let broken = |outcome: &Outcome| {
        let record = outcome.records[0].to_string();
        [Fault::ContentEncoding, Fault::Expansion].iter().any(|fault| record.contains(fault.name()))
    };
    if undone && (broken(&whole) || broken(&cut)) {
        // How much comes out of what cannot be decoded to its end depends on the pieces, and so does what it holds.
        return whole;
    }
    assert!(whole.records == cut.records, "the cuts change the record:\n{:?}\n{:?}", whole.records, cut.records);
    assert!(whole.upstream == cut.upstream, "the cuts change what goes upstream");
    assert!(whole.client == cut.client, "the cuts change what the client gets:\n{:?}\n{:?}", whole.client, cut.client);
    let lenient =
        |fault: &&Fault| fault.leaves() == Inspected::None && policy(number).fault(**fault) != FaultOutcome::Block;
    let passes = policy(number).mode() == Mode::Monitor || Fault::ALL.iter().any(|fault| lenient(&fault));
    assert!(passes || !early, "some of a request goes on before it is judged");
    whole
}

/// Plays exchanges with any headers: lines of names and values, those of the answer behind an empty line. The first byte chooses
/// the policy, the second says which message has a body.
pub fn headers(data: &[u8]) {
    let [number, flags, rest @ ..] = data else { return };
    let mut messages = [Message::default(), Message::default()];
    let mut at = 0;
    for line in rest.split(|byte| *byte == b'\n') {
        if line.is_empty() {
            at = 1;
            continue;
        }
        messages[at].headers.push(header(line));
    }
    for (direction, message) in [Direction::Request, Direction::Response].into_iter().zip(&mut messages) {
        let bit = if direction == Direction::Request { 1 } else { 2 };
        message.body = (flags & bit != 0).then(|| b"{\"a\":\"b\"}".to_vec());
        if flags & bit << 2 != 0 {
            message.trailers = message.headers.clone();
        }
    }
    let [request, response] = messages;
    let whole = play(*number, &request, &response, |body| vec![body]);
    let cut = play(*number, &request, &response, |body| body.chunks(1).collect());
    assert!(whole.records == cut.records && whole.upstream == cut.upstream, "the cuts change what comes of it");
    assert!(whole.records.len() == 1, "there are {} records", whole.records.len());
}

fn header(line: &[u8]) -> Header {
    // The first colon belongs to the name of a pseudo-header.
    let colon = line.iter().skip(1).position(|byte| *byte == b':').map_or(line.len(), |at| at + 1);
    let (name, value) = line.split_at(colon);
    (name.to_ascii_lowercase(), value.get(1..).unwrap_or_default().trim_ascii().to_vec())
}
