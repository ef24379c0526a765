//! What the end-to-end tests share: the parts of the `weir` command (`weir_cli`) with a witness around them.
//!
//! [`Lab`] is a running set-up (client, Envoy with Weir, upstream) that answers, for every exchange, what each side saw
//! and what was written down about it. [`raw`] is an upstream and a client that know no HTTP library, so that tests see the
//! very bytes, [`chat`] makes exchanges. [`prose`], [`median`], [`machine`] and [`streaming`] belong to the measurements (`src/bin`), [`packages`] to the tests that call Python and Node.
//!
//! Everything here panics when the set-up itself fails: a test that cannot run must not look like one that passed.

pub mod chat;
mod lab;
pub mod machine;
pub mod median;
pub mod packages;
pub mod prose;
pub mod raw;
pub mod streaming;

pub use lab::{Lab, Seen, Shared, baseline, findings, module, root, setup};
