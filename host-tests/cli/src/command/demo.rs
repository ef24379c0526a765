//! `weir demo`: the cases of [`crate::demo`], shown one by one.

use super::up::{module, policy_file};
use crate::demo::{Case, Outcome, cases, play, sent};
use crate::error::Context;
use crate::stack::{Setup, Stack};
use crate::term::{Style, Tone};
use crate::{Result, term};
use clap::Args;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

/// Options of `weir demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Another policy than policies/baseline.json; the expected decisions stay those of the baseline
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// A module that exists already, instead of building it
    #[arg(long, value_name = "FILE")]
    wasm: Option<PathBuf>,
}

pub(crate) fn run(options: &Demo) -> Result<ExitCode> {
    let style = Style::of_stdout();
    let file = policy_file(options.policy.as_deref())?;
    let policy = fs::read_to_string(&file).context(|| format!("cannot read the policy `{}`", file.display()))?;
    let module = module(options.wasm.as_deref())?;
    // Ctrl-C reaches Envoy too, as it shares the terminal's process group.
    let stack = Stack::start(Setup::new(&module.path, policy))?;
    println!("client -> Envoy with Weir at http://{} -> mock model", stack.envoy().listener());
    println!("policy: {}\n", file.display());
    let cases = cases();
    let mut wrong = 0;
    for (index, case) in cases.iter().enumerate() {
        let outcome = play(&stack, case)?;
        wrong += usize::from(!outcome.problems.is_empty());
        show(index + 1, case, &outcome, style);
    }
    stack.stop();
    let (tone, code) = if wrong == 0 { (Tone::Good, ExitCode::SUCCESS) } else { (Tone::Bad, ExitCode::FAILURE) };
    println!(
        "{}",
        style.paint(tone, &format!("{} of {} decisions as they should be", cases.len() - wrong, cases.len()))
    );
    Ok(code)
}

fn show(number: usize, case: &Case, outcome: &Outcome, style: Style) {
    println!("{}", style.paint(Tone::Strong, &format!("{number}. {}", case.title)));
    println!("   sent      {} {} {}", case.request.method, case.request.path, excerpt(&sent(&case.request)));
    match &outcome.record {
        Some(record) => println!("   decision  {}", term::line(record, style)),
        None => println!("   decision  {}", style.paint(Tone::Bad, "no record")),
    }
    match &outcome.upstream {
        Some(received) => println!("   upstream  {}", excerpt(&received.body)),
        None => println!("   upstream  {}", style.paint(Tone::Dim, "received nothing")),
    }
    println!("   client    {} {}", outcome.response.status, excerpt(&outcome.response.body()));
    for problem in &outcome.problems {
        println!("   {}", style.paint(Tone::Bad, &format!("WRONG     {problem}")));
    }
    println!();
}

/// A body in one line: short ones whole, of long ones both ends.
fn excerpt(body: &[u8]) -> String {
    const SHOWN: usize = 360;
    let text = term::printable(&String::from_utf8_lossy(body)).replace(['\n', '\t'], " ");
    let count = text.chars().count();
    if count <= SHOWN {
        return text;
    }
    let half = SHOWN / 2;
    let head: String = text.chars().take(half).collect();
    let tail: String = text.chars().skip(count - half).collect();
    format!("{head} ... ({} bytes) ... {tail}", body.len())
}
