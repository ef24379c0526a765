//! The corpus: cases as data, one loader, several runners.
//!
//! A case is a JSON file anywhere below `host-tests/corpus`. Its name in reports is its path without `.json`.
//!
//! ```json
//! {
//!   "about": "one sentence: what this shows",
//!   "policy": "baseline",
//!   "request": {
//!     "method": "POST", "path": "/v1/chat/completions",
//!     "headers": {"content-type": "application/json"},
//!     "json": {"model": "m", "messages": [{"role": "user", "content": "key {{aws-access-key-id}}"}]}
//!   },
//!   "response": {"status": 200, "json": {"choices": []}},
//!   "expect": {
//!     "request": {
//!       "action": "redact", "inspected": "full", "rules": ["redact-secrets"],
//!       "findings": ["secret/aws-access-key-id user"], "faults": []
//!     },
//!     "response": {"action": "allow"},
//!     "upstream": {"json": {"model": "m", "messages": [{"role": "user", "content": "key [AWS_ACCESS_KEY_ID]"}]}},
//!     "client": "unchanged"
//!   },
//!   "not_on": {"envoy": "why the real Envoy cannot run this"}
//! }
//! ```
//!
//! - `policy`: the name of a file in `policies/`, or a policy itself.
//! - A body is one of `json` (written compactly, keys sorted), `text` (exactly these characters) or `base64`. A request
//!   without one has no body. `trailers` may follow a body.
//! - `{{name}}` stands for a sample built when the case is run, so that no live-looking credential is in the repository
//!   (`samples.rs` lists them); `{{repeat 100000 [}}` for a hundred thousand brackets.
//! - `encode` compresses a body as `gzip`, `deflate` (the zlib format), `raw_deflate`, `br` or `zstd`; `gzip:NAME` gives the
//!   member that file name. A stream is flushed behind each event. The header `content-encoding` is the case's own affair.
//! - The body of an answer may be a `stream`: `{"format", "events", "line_end", "content_length"}`. `format` is one of `sse`,
//!   `lines`, `aws_event_stream`, `aws_event_stream_chunks` and `json_array`; an event is `{"name", "data", "comment", "id",
//!   "message_type"}`, all optional: `data` is JSON, or a string for a text that is no JSON; `comment` and `id` are of
//!   server-sent events, `message_type` (`exception`, `error`) of AWS messages. `line_end` is `lf`, `crlf` or `cr`.
//!   `content_length: true` declares the length.
//! - `expect.request` and `expect.response`: the verdicts, as the record has them. A member that is absent is not checked;
//!   findings are `detector scope`, with ` carried` where they stood in an earlier turn, in order. `faults` are
//!   `name outcome`. `null` for a verdict that must not exist.
//! - `upstream`: `"unchanged"` (byte for byte), `"none"` (it never hears of the request), or what it receives.
//! - `client`: `"unchanged"`, or `status`, `headers` (those named must be so) and a body; `<exchange>` in it stands for the
//!   id of the exchange. The body may be a `stream` of `events` as above (in the answer's format when it names none): the
//!   bytes are cut into events, and those compared one by one: names where given, payloads as values, texts exactly. Only a
//!   client that expects a stream of a blocked answer may see it broken off behind its last event.
//! - `not_on`: runners (`engine`, `harness`, `envoy`) that cannot run the case, each with its reason.
//!
//! Whatever a case says, the record must be there exactly once and must hold none of the samples.

mod check;
mod cut;
mod encode;
mod engine;
mod load;
mod module;
mod samples;
mod stream;

pub use check::{Observed, check};
pub use cut::Cut;
pub use engine::run_on_engine;
pub use load::{Case, Expected, Header, Message, Policy, Verdict, Whole, load};
pub use module::{FINGERPRINT_KEY, ModuleRun};
pub use samples::{expand, names, sample};
pub use stream::StreamEvent;
