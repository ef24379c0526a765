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
//! - An answer that comes in events has, in the place of a body, `"stream": {"format": "sse", "events": [..]}` with the formats
//!   `sse`, `lines`, `aws_event_stream`, `aws_event_stream_chunks` (base64 in `bytes`) and `json_array`. An event has `data`
//!   (JSON, or a string for text that is none), and a `name` where the format has names; a server-sent event may have `id`
//!   and `comment`, and a stream of them a `line_end`: `lf`, `crlf` or `cr`. What the client receives is read again and
//!   compared event by event. An error of an AWS event-stream has its code as `name` and its message as `data`.
//! - A body is one of `json` (written compactly, keys sorted), `text` (exactly these characters) or `base64`. A request
//!   without one has no body. `trailers` may follow a body.
//! - `{{name}}` stands for a sample built when the case is run, so that no live-looking credential is in the repository
//!   (`samples.rs` lists them).
//! - `expect.request` and `expect.response`: the verdicts, as the record has them. A member that is absent is not checked;
//!   findings are `detector scope`, with ` carried` where they stood in an earlier turn, in order. `faults` are
//!   `name outcome`. `null` for a verdict that must not exist.
//! - `upstream`: `"unchanged"` (byte for byte), `"none"` (it never hears of the request), or what it receives.
//! - `client`: `"unchanged"`, or `status`, `headers` (those named must be so) and a body; `<exchange>` in it stands for the
//!   id of the exchange.
//! - `not_on`: runners (`engine`, `harness`, `envoy`) that cannot run the case, each with its reason.
//!
//! Whatever a case says, the record must be there exactly once and must hold none of the samples.

mod check;
mod engine;
mod load;
mod module;
mod samples;
mod streams;

pub use check::{Observed, check};
pub use engine::run_on_engine;
pub use load::{Case, Expected, Header, Message, Policy, Verdict, Whole, load};
pub use module::{FINGERPRINT_KEY, run_on_module};
pub use samples::{expand, names, sample};
pub use streams::{CaseEvent, Written};
