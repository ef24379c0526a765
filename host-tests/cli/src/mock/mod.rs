//! A language model that is not one: it echoes what it was sent, and does on request what a real one does by accident
//! (see [`prompt`] for what a prompt can ask for), over HTTP/1.1 and HTTP/2 on one port.
//!
//! It speaks every vendor's dialect on the vendor's paths, whole and as streams, well enough for the vendors' own SDKs:
//!
//! | file | dialects |
//! |---|---|
//! | `openai` | Chat Completions, Completions, Embeddings, Moderations, models; Azure's paths |
//! | `responses` | OpenAI Responses |
//! | `transcription` | OpenAI audio transcriptions |
//! | `anthropic` | Messages, their token counts, Text Completions; Vertex's paths |
//! | `gemini` | generateContent, streamGenerateContent, countTokens, embeddings; Vertex's paths |
//! | `bedrock` | Converse, ConverseStream, InvokeModel and its stream; signatures are verified |
//! | `cohere` | chat, version 2 |
//! | `ollama` | chat, generate, embed |
//!
//! Every request is recorded as it arrived. Tests may script answers down to single frames with [`Mock::respond_with`];
//! scripted answers are used up in order, one for each request, before the model answers by itself again.

mod anthropic;
mod bedrock;
mod cohere;
mod delivery;
pub mod event_stream;
mod gemini;
mod ollama;
pub mod openai;
pub mod prompt;
mod responses;
mod server;
pub mod sigv4;
mod transcription;

use crate::error::Context;
use crate::{Error, Result, Step};
use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// `HTTP/1.1` or `HTTP/2.0`.
    pub version: String,
    /// Headers in order. For HTTP/2 the authority stands as `:authority`.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
    /// Trailers in order.
    pub trailers: Vec<(String, Vec<u8>)>,
    /// False when the request broke off before its end.
    pub complete: bool,
}

impl Received {
    /// The path without the query.
    pub fn route(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }

    /// The body as text, with replacement characters where it is not UTF-8.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; `Null` when it is not JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The first value of a header, as text.
    pub fn header(&self, name: &str) -> Option<String> {
        let found = self.headers.iter().find(|(candidate, _)| candidate.eq_ignore_ascii_case(name));
        found.map(|(_, value)| String::from_utf8_lossy(value).into_owned())
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Headers in order; `content-length` is added by itself where the body is one data step.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<Step>,
}

impl Reply {
    /// An answer without a body.
    pub fn new(status: u16) -> Reply {
        Reply { status, headers: Vec::new(), body: Vec::new() }
    }

    /// A JSON answer in one piece.
    pub fn json(status: u16, body: impl Into<hyper::body::Bytes>) -> Reply {
        Reply::new(status).header("content-type", "application/json").steps(vec![Step::data(body)])
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Reply {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    /// Plays these steps as the body.
    #[must_use]
    pub fn steps(mut self, steps: Vec<Step>) -> Reply {
        self.body = steps;
        self
    }

    /// Cuts the body into pieces of at most `size` bytes.
    #[must_use]
    pub fn chunked(mut self, size: usize) -> Reply {
        let cut = |step: Step| match step {
            Step::Data(bytes) => bytes.chunks(size.max(1)).map(|piece| Step::data(piece.to_vec())).collect(),
            other => vec![other],
        };
        self.body = self.body.into_iter().flat_map(cut).collect();
        self
    }
}

/// The model's own answer to a request; `number` makes ids differ.
fn answer(request: &Received, number: u64) -> Reply {
    let dialects = [anthropic::answer, gemini::answer, bedrock::answer, cohere::answer, ollama::answer, openai::answer];
    dialects
        .iter()
        .find_map(|dialect| dialect(request, number))
        .unwrap_or_else(|| openai::error(404, &format!("there is no {} {} here", request.method, request.route())))
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    scripted: VecDeque<Reply>,
    answered: u64,
    abandoned: u64,
}

type Shared = Arc<Mutex<State>>;

fn lock(state: &Shared) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running mock; it ends with the value.
pub struct Mock {
    address: SocketAddr,
    state: Shared,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Mock {
    /// Starts on any free port of 127.0.0.1.
    ///
    /// # Errors
    /// When the system refuses the port or the thread.
    pub fn start() -> Result<Mock> {
        Mock::start_on(0)
    }

    /// Starts on a port of 127.0.0.1; 0 for any.
    ///
    /// # Errors
    /// When the port is taken.
    pub fn start_on(port: u16) -> Result<Mock> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().context(|| "cannot start a reactor")?;
        let place = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind(place))
            .map_err(|_| Error::new(format!("port {port} of 127.0.0.1 is taken")))?;
        let address = listener.local_addr().context(|| "the mock has no address")?;
        let state = Shared::default();
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&state);
        let thread = std::thread::Builder::new()
            .name("mock-llm".into())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::select! {
                        () = server::serve(listener, shared) => {}
                        _ = stopped => {}
                    }
                });
            })
            .context(|| "cannot start a thread")?;
        Ok(Mock { address, state, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Received> {
        lock(&self.state).received.clone()
    }

    /// Every request since the last call.
    pub fn take_requests(&self) -> Vec<Received> {
        std::mem::take(&mut lock(&self.state).received)
    }

    /// How many answers the peer did not want to the end: it closed the connection or reset the stream before their last
    /// step.
    pub fn abandoned(&self) -> u64 {
        lock(&self.state).abandoned
    }

    /// Scripts the answer to the next request that has none yet.
    pub fn respond_with(&self, reply: Reply) {
        lock(&self.state).scripted.push_back(reply);
    }

    /// Forgets scripted answers that were not used.
    pub fn clear_script(&self) {
        lock(&self.state).scripted.clear();
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
