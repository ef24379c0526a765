//! Envoy: [`binary`] finds or fetches it, [`config`] renders the shipped configuration for one run, [`policy_dir`] is
//! the directory a policy is delivered through, [`process`] runs it and answers questions about it.

pub mod binary;
pub mod config;
mod launch;
mod log;
pub mod policy_dir;
pub mod process;

pub use config::{Bootstrap, Filter, Upstream};
pub use launch::{Launch, validate};
pub use log::{LogLine, OnLog};
pub use policy_dir::PolicyDir;
pub use process::EnvoyProcess;
