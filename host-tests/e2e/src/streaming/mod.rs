//! A stream with a clock at both ends: an upstream that writes events one by one and remembers when, and a client that
//! remembers when each of them came. Plain blocking sockets and HTTP/1.1 chunks, over connections that stay open.

mod script;

use crate::raw::{head_length, read_message};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use script::Vendor;

/// A whole stream.
#[derive(Debug, Clone)]
pub struct Script {
    /// Its events, each with the empty line that ends it.
    pub events: Vec<Vec<u8>>,
    /// The index of the first event that holds a piece of the text.
    pub first_token: usize,
}

/// How an upstream says its script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Everything up to the first token at once, then each event after this pause.
    Each(Duration),
    /// Everything in one write.
    AtOnce,
}

/// Answers every request with the script that it was last given.
pub struct PacedUpstream {
    address: SocketAddr,
    script: Arc<Mutex<(Arc<Script>, Pace)>>,
    sent: Arc<Mutex<Vec<Instant>>>,
}

impl PacedUpstream {
    /// Starts on any free port.
    ///
    /// # Panics
    /// When there is none.
    pub fn start() -> PacedUpstream {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let nothing = Script { events: Vec::new(), first_token: 0 };
        let script = Arc::new(Mutex::new((Arc::new(nothing), Pace::AtOnce)));
        let sent = Arc::<Mutex<Vec<Instant>>>::default();
        let (shared, times) = (Arc::clone(&script), Arc::clone(&sent));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (script, sent) = (Arc::clone(&shared), Arc::clone(&times));
                std::thread::spawn(move || serve(stream, &script, &sent));
            }
        });
        PacedUpstream { address, script, sent }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on it answers with this.
    pub fn say(&self, script: &Arc<Script>, pace: Pace) {
        *self.script.lock().unwrap_or_else(PoisonError::into_inner) = (Arc::clone(script), pace);
    }

    /// When each event of the last answer was sent; right only where one request is under way at a time.
    pub fn sent(&self) -> Vec<Instant> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

const HEAD: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n";

fn serve(mut stream: TcpStream, script: &Mutex<(Arc<Script>, Pace)>, sent: &Mutex<Vec<Instant>>) {
    let _ = stream.set_nodelay(true);
    let mut bytes = Vec::new();
    while read_message(&mut stream, &mut bytes).is_ok() {
        bytes.clear();
        let (script, pace) = script.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut times = Vec::with_capacity(script.events.len());
        if speak(&mut stream, &script, pace, &mut times).is_err() {
            return;
        }
        *sent.lock().unwrap_or_else(PoisonError::into_inner) = times;
        // Times are there before the answer is complete.
        if stream.write_all(b"0\r\n\r\n").is_err() {
            return;
        }
    }
}

fn speak(stream: &mut TcpStream, script: &Script, pace: Pace, times: &mut Vec<Instant>) -> io::Result<()> {
    let mut ready = HEAD.to_vec();
    for (index, event) in script.events.iter().enumerate() {
        if let Pace::Each(pause) = pace
            && index > script.first_token
        {
            std::thread::sleep(pause);
        }
        write!(ready, "{:x}\r\n", event.len())?;
        ready.extend_from_slice(event);
        ready.extend_from_slice(b"\r\n");
        times.push(Instant::now());
        if matches!(pace, Pace::Each(_)) && index >= script.first_token {
            stream.write_all(&ready)?;
            ready.clear();
        }
    }
    stream.write_all(&ready)
}

/// What a client saw of one stream.
#[derive(Debug, Clone)]
pub struct Heard {
    /// When the request was sent.
    pub asked: Instant,
    /// When the first byte came.
    pub first_byte: Instant,
    /// When each event was complete.
    pub events: Vec<Instant>,
    /// When the answer was complete.
    pub end: Instant,
    /// The body, without the chunks it came in.
    pub body: Vec<u8>,
}

/// Sends a request and listens until the answer is complete.
///
/// # Errors
/// When the connection ends or is silent before that, or when the answer is no stream.
pub fn listen(stream: &mut TcpStream, request: &[u8]) -> io::Result<Heard> {
    let asked = Instant::now();
    stream.write_all(request)?;
    let (mut bytes, mut body, mut events) = (Vec::new(), Vec::new(), Vec::new());
    let (mut first_byte, mut at, mut looked) = (None, None, 0);
    let mut piece = vec![0; 65_536];
    loop {
        let count = stream.read(&mut piece)?;
        let now = Instant::now();
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&piece[..count]);
        let first_byte = *first_byte.get_or_insert(now);
        if at.is_none() {
            at = head_length(&bytes);
            if at.is_some() && !bytes.starts_with(b"HTTP/1.1 200") {
                return Err(io::Error::other(String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        let Some(place) = &mut at else { continue };
        let ended = dechunk(&bytes, place, &mut body)?;
        while let Some(end) = body[looked..].windows(2).position(|two| two == b"\n\n") {
            looked += end + 2;
            events.push(now);
        }
        if ended {
            return Ok(Heard { asked, first_byte, events, end: now, body });
        }
    }
}

/// Moves whole chunks from `at` on to the body; whether the last one was among them.
fn dechunk(bytes: &[u8], at: &mut usize, body: &mut Vec<u8>) -> io::Result<bool> {
    while let Some(line) = bytes[*at..].windows(2).position(|two| two == b"\r\n") {
        let digits = String::from_utf8_lossy(&bytes[*at..*at + line]).into_owned();
        let length = usize::from_str_radix(&digits, 16).map_err(|_| io::Error::other("no length of a chunk"))?;
        let begin = *at + line + 2;
        let Some(chunk) = bytes.get(begin..begin + length + 2) else { return Ok(false) };
        body.extend_from_slice(&chunk[..length]);
        *at = begin + length + 2;
        if length == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every event is counted once and comes after it was sent, in both paces, for every vendor.
    #[test]
    fn a_stream_is_heard_as_it_was_said() {
        let upstream = PacedUpstream::start();
        for vendor in [Vendor::OpenAi, Vendor::Anthropic] {
            for pace in [Pace::Each(Duration::from_millis(1)), Pace::AtOnce] {
                let script = Arc::new(vendor.script(Some("a key of many letters")));
                upstream.say(&script, pace);
                let mut stream = TcpStream::connect(upstream.address()).unwrap();
                let heard = listen(&mut stream, &vendor.request()).unwrap();
                assert_eq!(heard.body, script.events.concat());
                assert_eq!(heard.events.len(), script.events.len());
                assert!(upstream.sent().iter().zip(&heard.events).all(|(sent, came)| sent <= came));
                let text = vendor.text(&String::from_utf8(heard.body).unwrap());
                assert!(text.contains(" a key of many letters "), "{text}");
            }
        }
    }
}
