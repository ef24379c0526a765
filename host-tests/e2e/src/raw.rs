//! TCP without an HTTP library: an upstream that captures the very bytes it was sent, and a client that sends any.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Nothing here waits longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What an upstream does once it has one whole request.
#[derive(Debug, Clone)]
pub enum Act {
    /// Writes these bytes, then reads until the other side closes. Let them say `connection: close`.
    Answer(Vec<u8>),
    /// Writes these bytes (or none) and closes.
    Close(Vec<u8>),
}

#[derive(Default)]
struct State {
    acts: VecDeque<Act>,
    captured: Vec<Vec<u8>>,
}

/// An upstream that speaks HTTP/1.1 by script and keeps every byte of every connection.
pub struct RawUpstream {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl RawUpstream {
    /// Starts on any free port. Connections without a script are closed after their request.
    pub fn start() -> RawUpstream {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let state = Arc::<Mutex<State>>::default();
        let stopping = Arc::<AtomicBool>::default();
        let (shared, stop) = (Arc::clone(&state), Arc::clone(&stopping));
        let thread = std::thread::spawn(move || {
            let mut serving = Vec::new();
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let state = Arc::clone(&shared);
                serving.push(std::thread::spawn(move || serve(stream, &state)));
            }
            for thread in serving {
                let _ = thread.join();
            }
        });
        RawUpstream { address, state, stopping, thread: Some(thread) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Scripts the next connection that has no script yet.
    pub fn then(&self, act: Act) {
        lock(&self.state).acts.push_back(act);
    }

    /// Everything that each finished connection was sent, since the last call.
    pub fn take_captured(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut lock(&self.state).captured)
    }

    /// The one connection that was captured since the last call; waits until it has ended.
    pub fn captured(&self) -> Vec<u8> {
        for _ in 0..1_000 {
            let mut captured = self.take_captured();
            if let Some(bytes) = captured.pop() {
                assert!(captured.is_empty(), "more than one connection came");
                return bytes;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("no connection came and ended");
    }
}

impl Drop for RawUpstream {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(mut stream: TcpStream, state: &Mutex<State>) {
    let _ = stream.set_read_timeout(Some(PATIENCE));
    let mut bytes = Vec::new();
    let _ = read_message(&mut stream, &mut bytes);
    if bytes.is_empty() {
        // Envoy may open a connection that it then does not need.
        return;
    }
    let act = lock(state).acts.pop_front().unwrap_or(Act::Close(Vec::new()));
    match act {
        Act::Answer(answer) => {
            let _ = stream.write_all(&answer);
            let _ = stream.read_to_end(&mut bytes);
        }
        Act::Close(answer) => {
            let _ = stream.write_all(&answer);
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
    lock(state).captured.push(bytes);
}

/// Reads one HTTP/1.1 message that says its length, or has no body, and appends what comes. Answers the offset of its body.
///
/// # Errors
/// When the connection ends or is silent before the message is complete.
pub fn read_message(stream: &mut impl Read, bytes: &mut Vec<u8>) -> io::Result<usize> {
    let mut chunk = [0; 65_536];
    loop {
        if let Some(head) = head_length(bytes)
            && bytes.len() >= head + content_length(&bytes[..head]).unwrap_or(0)
        {
            return Ok(head);
        }
        match stream.read(&mut chunk)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

/// The length of the head with its empty line, once it is there.
pub fn head_length(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
}

/// The value of `content-length` in a head.
pub fn content_length(head: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(head);
    let line = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())
    });
    line.flatten()
}

/// Sends these bytes and reads until the other side closes or is silent for `silence`.
pub fn send(address: SocketAddr, bytes: &[u8], silence: Duration) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).expect("the proxy listens");
    stream.set_read_timeout(Some(silence)).expect("a timeout can be set");
    stream.write_all(bytes).expect("the proxy reads");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}
