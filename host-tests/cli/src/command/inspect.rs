//! `weir inspect`

use crate::{Error, Result};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Options of `weir inspect`.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The policy that decides
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
    /// The path the body is for
    #[arg(long, value_name = "P", default_value = "/v1/chat/completions")]
    path: String,
    /// The body is an answer, not a request
    #[arg(long)]
    response: bool,
    /// The body; `-` reads it from stdin
    #[arg(value_name = "BODY")]
    body: PathBuf,
}

pub(crate) fn run(_: &Inspect) -> Result<ExitCode> {
    Err(Error::new("`weir inspect` is not there yet").exit_code(2))
}
