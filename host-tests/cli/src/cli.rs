//! The command line: options in, exit code out.

use crate::Result;
use crate::command::{build, check, demo, inspect, up};
use clap::{CommandFactory, Parser, Subcommand};
use std::process::ExitCode;

/// Weir, the firewall for language-model and agent traffic, on this machine: build it, run it, test policies with it.
#[derive(Debug, Parser)]
#[command(name = "weir", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the module
    ///
    /// Compiles the filter to WebAssembly, puts it at target/weir.wasm and prints its size and SHA-256.
    Build(build::Build),
    /// Run Envoy with Weir in front of a model and watch what it decides
    ///
    /// Builds the module if needed, finds Envoy (the ENVOY variable, then PATH, else a pinned one that is fetched once),
    /// puts it in front of the upstream and prints each decision in one line as it happens. The upstream is a mock that
    /// echoes what it was sent, unless one is named. Ctrl-C ends everything that was started.
    Up(up::Up),
    /// Check policies
    ///
    /// Reports every error of every file with its place and what would be right. Exit code 0: all good, 1: a policy has
    /// errors, 2: a file could not be read.
    Check(check::Check),
    /// Show what a policy decides about one body
    ///
    /// Asks the engine itself, without a proxy, and prints the verdict for a request or an answer with the findings
    /// underlined. Exit code 0: it passes (allowed, flagged or redacted), 1: it is blocked, 2: it could not be asked.
    Inspect(inspect::Inspect),
    /// Send a dozen telling requests through the whole set-up
    ///
    /// Shows for each one the request, the decision and what the upstream really received. Exit code 1 if any decision
    /// is not what it should be.
    Demo(demo::Demo),
}

/// The names of the subcommands, so that tests can hold documents against them.
pub fn subcommands() -> Vec<String> {
    Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

/// Runs the command of this process.
pub fn main() -> ExitCode {
    match run(&Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("weir: {error}");
            ExitCode::from(error.code())
        }
    }
}

fn run(command: &Command) -> Result<ExitCode> {
    match command {
        Command::Build(options) => build::run(options),
        Command::Up(options) => up::run(options),
        Command::Check(options) => check::run(options),
        Command::Inspect(options) => inspect::run(options),
        Command::Demo(options) => demo::run(options),
    }
}
