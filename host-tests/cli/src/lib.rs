//! The parts behind the `weir` command, as a library so that the end-to-end tests run exactly what the command runs.
//!
//! Reading order: [`wasm`] builds the module, [`envoy`] finds Envoy, renders the shipped configuration and runs it,
//! [`mock`] is the language model behind it, [`stack`] puts the three together, [`client`] talks to the result,
//! [`term`] shows what was decided, [`policy`] reads and checks policies, [`offline`] asks the engine for a verdict
//! without any proxy, [`underline`] shows it in the text, [`demo`] plays telling requests, [`cli`] is the command itself.
//!
//! Everything here is blocking and may be called from any thread; what needs a reactor brings its own.

/// Prints a line. A reader that has gone away (`weir inspect x | head -1`) is no reason to fail, as it is for `println`.
macro_rules! say {
    ($($line:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($line)*);
    }};
}

pub mod cli;
pub mod client;
mod command;
pub mod demo;
pub mod envoy;
mod error;
mod frames;
pub mod mock;
pub mod offline;
pub mod policy;
pub mod stack;
pub mod term;
pub mod underline;
pub mod wasm;
mod watch;
pub mod workspace;

pub use error::{Error, Result};
pub use frames::Step;
