//! The harness behaves as the real Envoy was measured to: a probe filter does what its requests tell it, and the
//! tests look at both ends.

#![expect(clippy::indexing_slicing, reason = "a test that panics is a test that fails")]

mod failure;
mod life;
mod reply;
mod request;
mod response;
mod state;
mod steps;

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use weir_harness::{ExchangeResult, HarnessError, Host, HostOptions, Module, Request};

type Test = Result<(), HarnessError>;

/// The probe, built and compiled once.
fn probe() -> Result<Module, HarnessError> {
    static PROBE: OnceLock<Result<Module, String>> = OnceLock::new();
    let module = PROBE.get_or_init(|| Module::from_file(build_probe()?).map_err(|error| error.to_string()));
    module.clone().map_err(|reason| HarnessError::Load { reason })
}

/// Builds the probe into the target directory of the workspace.
fn build_probe() -> Result<std::path::PathBuf, String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("probe");
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--locked", "--release", "--target", "wasm32-wasip1", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/probe/Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .env_remove("RUSTFLAGS")
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(target.join("wasm32-wasip1/release/weir_harness_probe.wasm"))
}

fn start(options: HostOptions) -> Result<Host, HarnessError> {
    Host::start(&probe()?, options)
}

fn host() -> Result<Host, HarnessError> {
    start(HostOptions::new("v1"))
}

/// A POST of `body` with these commands.
fn post(commands: &str, body: &str) -> Request {
    Request::post("/v1/chat?x=1").header("x-probe", commands).body(body)
}

fn get(commands: &str) -> Request {
    Request::get("/").header("x-probe", commands)
}

/// The log lines that tell the order of callbacks.
fn callbacks(result: &ExchangeResult) -> Vec<&str> {
    let phases = ["qh ", "qb ", "qt ", "rh ", "rb ", "rt ", "log ", "done "];
    let texts = result.logs.iter().map(|line| line.text.as_str());
    texts.filter(|text| phases.iter().any(|phase| text.starts_with(phase))).collect()
}
