//! `weir demo`: the cases of [`crate::demo`], shown one by one.

use super::up::module;
use crate::demo::{Case, Outcome, cases, play, said, sent};
use crate::policy::{Source, described};
use crate::stack::{Setup, Stack};
use crate::term::{Style, Tone};
use crate::{Result, term};
use clap::Args;
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
    let source = Source::read(options.policy.as_deref())?;
    let policy = source.compile()?;
    let module = module(options.wasm.as_deref())?;
    // Ctrl-C reaches Envoy too, as it shares the terminal's process group.
    let mut stack = Stack::start(Setup::new(&module.path, source.text.clone()))?;
    say!("client -> Envoy with Weir at http://{} -> mock model", stack.envoy().listener());
    say!("policy {}: {}\n", term::printable(&source.name), described(&policy));
    let cases = cases();
    let mut wrong = 0;
    for (index, case) in cases.iter().enumerate() {
        let outcome = play(&mut stack, case)?;
        wrong += usize::from(!outcome.problems.is_empty());
        show(index + 1, case, &outcome, style);
    }
    stack.stop();
    let (tone, code) = if wrong == 0 { (Tone::Good, ExitCode::SUCCESS) } else { (Tone::Bad, ExitCode::FAILURE) };
    say!("{}", style.paint(tone, &format!("{} of {} decisions as they should be", cases.len() - wrong, cases.len())));
    Ok(code)
}

fn show(number: usize, case: &Case, outcome: &Outcome, style: Style) {
    let sent = sent(&case.request);
    let line = |name: &str, text: &str| say!("   {}{text}", style.paint(Tone::Dim, &format!("{name:10}")));
    say!("{}", style.paint(Tone::Strong, &format!("{number}. {}", case.title)));
    if let Some(rule) = case.rule {
        line("rule", &format!("besides, for this one: {rule}"));
    }
    line("sent", &format!("{} {} {}", case.request.method, case.request.path, excerpt(&sent)));
    match &outcome.record {
        Some(record) => line("decision", &term::line(record, style)),
        None => line("decision", &style.paint(Tone::Bad, "no record")),
    }
    match &outcome.upstream {
        Some(received) => {
            let flag =
                received.header("x-weir-flag").map(|flag| format!(", with x-weir-flag: {flag}")).unwrap_or_default();
            let same = received.body == sent;
            let body = if same { "exactly what was sent".to_owned() } else { excerpt(&received.body) };
            line("upstream", &format!("{body}{}", term::printable(&flag)));
        }
        None => line("upstream", "received nothing"),
    }
    line("client", &format!("{} {}", outcome.response.status, excerpt(said(&outcome.response.body()).as_bytes())));
    for problem in &outcome.problems {
        say!("   {}", style.paint(Tone::Bad, &format!("WRONG     {problem}")));
    }
    say!("");
}

/// A body in one line: short ones whole, of long ones both ends.
fn excerpt(body: &[u8]) -> String {
    const SHOWN: usize = 420;
    let text = term::printable(&String::from_utf8_lossy(body)).replace(['\n', '\t'], " ");
    let count = text.chars().count();
    if count <= SHOWN {
        return text;
    }
    let (head, tail) = (SHOWN / 2, SHOWN / 8);
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(count - tail).collect();
    format!("{start} ... ({} bytes) ... {end}", body.len())
}
