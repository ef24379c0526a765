//! An upstream without an HTTP library: each connection plays the next part, and every byte it was sent is kept.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use weir_e2e::raw::{head_length, read_message};

/// What an upstream does on a connection whose first bytes have come; it may read on.
type Part = Box<dyn FnOnce(&mut TcpStream, &mut Vec<u8>) + Send>;

#[derive(Default)]
struct State {
    parts: VecDeque<Part>,
    /// Connections that have brought bytes, and those of them that have ended.
    begun: usize,
    captured: Vec<Vec<u8>>,
}

pub(crate) struct Scripted {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    stopping: Arc<AtomicBool>,
}

impl Scripted {
    pub(crate) fn start() -> Scripted {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (state, stopping) = (Arc::<Mutex<State>>::default(), Arc::<AtomicBool>::default());
        let (shared, stop) = (Arc::clone(&state), Arc::clone(&stopping));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let state = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &state));
            }
        });
        Scripted { address, state, stopping }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the next connection without a part does.
    pub(crate) fn then(&self, part: impl FnOnce(&mut TcpStream, &mut Vec<u8>) + Send + 'static) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).parts.push_back(Box::new(part));
    }

    /// Answers the next request with these bytes once it is complete, and closes once Envoy has.
    pub(crate) fn answer(&self, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        self.then(move |stream, captured| {
            let _ = whole_request(stream, captured);
            let _ = stream.write_all(&bytes);
            let _ = stream.set_read_timeout(Some(Duration::from_millis(300)));
            let _ = stream.read_to_end(captured);
        });
    }

    /// Answers the next request with these bytes once it is complete, and closes at once.
    pub(crate) fn answer_and_close(&self, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        self.then(move |stream, captured| {
            let _ = whole_request(stream, captured);
            let _ = stream.write_all(&bytes);
            let _ = stream.shutdown(Shutdown::Both);
        });
    }

    /// The bytes of every connection since the last call, once all of them have ended.
    pub(crate) fn captured(&self) -> Vec<String> {
        let begin = Instant::now();
        loop {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if state.captured.len() == state.begun {
                state.begun = 0;
                state.parts.clear();
                let captured = std::mem::take(&mut state.captured);
                return captured.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
            }
            drop(state);
            assert!(begin.elapsed() < Duration::from_secs(5), "a connection to the upstream does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

/// Reads on until a request with a `content-length`, or in chunks, or without a body is complete.
pub(crate) fn whole_request(stream: &mut TcpStream, captured: &mut Vec<u8>) -> std::io::Result<()> {
    let head = read_message(stream, captured)?;
    let chunked =
        String::from_utf8_lossy(&captured[..head]).to_ascii_lowercase().contains("transfer-encoding: chunked");
    let mut piece = [0; 4096];
    while chunked && !captured.ends_with(b"0\r\n\r\n") {
        match stream.read(&mut piece)? {
            0 => break,
            count => captured.extend_from_slice(&piece[..count]),
        }
    }
    Ok(())
}

fn serve(mut stream: TcpStream, state: &Mutex<State>) {
    let _ = (stream.set_nodelay(true), stream.set_read_timeout(Some(Duration::from_secs(5))));
    let mut bytes = vec![0; 65_536];
    let count = stream.read(&mut bytes).unwrap_or(0);
    bytes.truncate(count);
    // Envoy may open a connection that it then does not need.
    if bytes.is_empty() {
        return;
    }
    while head_length(&bytes).is_none() {
        let mut piece = [0; 4096];
        match stream.read(&mut piece) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&piece[..count]),
            _ => break,
        }
    }
    let part = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.begun += 1;
        state.parts.pop_front()
    };
    if let Some(part) = part {
        part(&mut stream, &mut bytes);
    }
    drop(stream);
    state.lock().unwrap_or_else(PoisonError::into_inner).captured.push(bytes);
}
