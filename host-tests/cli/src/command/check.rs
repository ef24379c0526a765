//! `weir check`

use crate::{Error, Result};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// Options of `weir check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Policies to check
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How to report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: the line, underlined, and what would be right
    Text,
    /// For programs: one JSON document
    Json,
}

pub(crate) fn run(_: &Check) -> Result<ExitCode> {
    Err(Error::new("`weir check` is not there yet").exit_code(2))
}
