//! `weir build`

use crate::{Result, wasm};
use clap::Args;
use std::process::ExitCode;

/// Options of `weir build`.
#[derive(Debug, Args)]
pub(crate) struct Build {}

pub(crate) fn run(_: &Build) -> Result<ExitCode> {
    let module = wasm::build()?;
    say!("{}", module.path.display());
    say!("  size    {} bytes ({:.0} KB)", module.size, module.size as f64 / 1000.0);
    say!("  sha256  {}", module.sha256);
    Ok(ExitCode::SUCCESS)
}
