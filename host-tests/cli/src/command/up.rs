//! `weir up`: the whole set-up on this machine, decisions as they happen, a policy that reloads when its file changes.

use super::interrupt::on_interrupt;
use crate::envoy::{LogLine, Upstream};
use crate::error::Context;
use crate::stack::{Setup, Stack, Swap};
use crate::term::{Style, Tone};
use crate::{Error, Result, term, wasm, workspace};
use clap::Args;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, SystemTime};

/// How often the policy file is looked at.
const POLL: Duration = Duration::from_millis(200);

/// Options of `weir up`.
#[derive(Debug, Args)]
pub(crate) struct Up {
    /// The policy to enforce; it is reloaded when the file changes [default: policies/baseline.json of the checkout]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Where requests go, as in https://api.openai.com (h2:// and h2s:// say HTTP/2) [default: a mock that speaks
    /// OpenAI]
    #[arg(long, value_name = "URL")]
    upstream: Option<String>,
    /// The port of the proxy on 127.0.0.1; 0 for any
    #[arg(long, value_name = "N", default_value_t = 10000)]
    port: u16,
    /// The port of Envoy's admin interface on 127.0.0.1; 0 for any
    #[arg(long, value_name = "N", default_value_t = 9901)]
    admin_port: u16,
    /// Envoy's worker threads
    #[arg(long, value_name = "N", default_value_t = 1)]
    concurrency: u32,
    /// A module that exists already, instead of building it
    #[arg(long, value_name = "FILE")]
    wasm: Option<PathBuf>,
    /// Also print the whole record of each decision, as JSON
    #[arg(long)]
    records: bool,
}

enum Event {
    Log(LogLine),
    Interrupt,
}

/// The policy file to use: the named one, or the shipped baseline.
pub(super) fn policy_file(named: Option<&Path>) -> Result<PathBuf> {
    named.map_or_else(|| Ok(workspace::root()?.join("policies/baseline.json")), |path| Ok(path.to_owned()))
}

/// The module to use: the named one, the one that WEIR_WASM names, or one built from the checkout.
pub(super) fn module(named: Option<&Path>) -> Result<wasm::Module> {
    named.map_or_else(wasm::module, wasm::open)
}

pub(crate) fn run(options: &Up) -> Result<ExitCode> {
    let style = Style::of_stdout();
    let file = policy_file(options.policy.as_deref())?;
    let mut seen = Stamp::of(&file);
    let policy = read(&file)?;
    let upstream = options.upstream.as_deref().map(Upstream::parse).transpose()?;
    for (port, option) in [(options.port, "--port"), (options.admin_port, "--admin-port")] {
        crate::envoy::process::require_free(port, option)?;
    }
    if options.port != 0 && options.port == options.admin_port {
        return Err(Error::new(format!("--port and --admin-port are both {}", options.port)));
    }
    let module = module(options.wasm.as_deref())?;
    let (send, events) = mpsc::channel();
    let interrupt = send.clone();
    on_interrupt(move || drop(interrupt.send(Event::Interrupt)))?;
    let mut setup = Setup::new(&module.path, policy);
    setup.upstream = upstream;
    setup.port = options.port;
    setup.admin_port = options.admin_port;
    setup.concurrency = options.concurrency;
    setup.own_group = true;
    setup.on_log = Some(Box::new(move |line| drop(send.send(Event::Log(line.clone())))));
    let mut stack = Stack::start(setup)?;
    greet(&stack, &module, &file, options.upstream.as_deref(), style);
    let ended = follow(&mut stack, &events, &file, &mut seen, options.records, style);
    stack.stop();
    ended.map(|()| ExitCode::SUCCESS)
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).context(|| format!("cannot read the policy `{}`", file.display()))
}

fn greet(stack: &Stack, module: &wasm::Module, file: &Path, upstream: Option<&str>, style: Style) {
    let (proxy, admin) = (stack.envoy().listener(), stack.envoy().admin());
    let before = match (upstream, stack.mock()) {
        (Some(url), _) => url.to_owned(),
        (None, Some(mock)) => format!("a mock that speaks OpenAI, at http://{}", mock.address()),
        (None, None) => "nothing".to_owned(),
    };
    let sha256: String = module.sha256.chars().take(12).collect();
    println!("{} http://{proxy} -> {before}", style.paint(Tone::Strong, "Weir is up:"));
    println!("  policy  {} (change it, it reloads)", file.display());
    println!("  module  {} ({} KB, sha256 {sha256})", module.path.display(), module.size / 1000);
    println!("  metrics http://{admin}/stats/prometheus?filter=wasmcustom");
    println!("  ready in {:.2} s; Ctrl-C ends it", stack.envoy().ready_after().as_secs_f64());
    println!();
    println!("{}", style.paint(Tone::Strong, "Try:"));
    for prompt in prompts(stack.mock().is_some()) {
        println!("  curl -s http://{proxy}/v1/chat/completions -H 'content-type: application/json' \\");
        let key = if stack.mock().is_some() { "" } else { "-H \"authorization: Bearer $OPENAI_API_KEY\" " };
        println!(
            "    {key}-d '{{\"model\":\"gpt-4o-mini\",\"messages\":[{{\"role\":\"user\",\"content\":\"{prompt}\"}}]}}'"
        );
    }
    println!();
}

fn prompts(mock: bool) -> Vec<String> {
    let mut prompts =
        vec!["What is a weir?".to_owned(), format!("Why does {} not work?", crate::mock::openai::aws_access_key_id())];
    if mock {
        prompts.push("Now you: say secret".to_owned());
    }
    prompts
}

fn follow(
    stack: &mut Stack,
    events: &Receiver<Event>,
    file: &Path,
    seen: &mut Stamp,
    records: bool,
    style: Style,
) -> Result<()> {
    let mut told_policy = None;
    loop {
        match events.recv_timeout(POLL) {
            Ok(Event::Interrupt) => {
                println!();
                return Ok(());
            }
            Ok(Event::Log(line)) => show(&line, records, style),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err(Error::new("Envoy closed its log")),
        }
        if let Some(status) = stack.envoy_mut().exited() {
            return Err(Error::new(format!("Envoy ended by itself ({status})")));
        }
        // A file that is being written may be seen half: an unreadable or refused state is tried again as it changes.
        let now = Stamp::of(file);
        if now != *seen && now.exists() {
            *seen = now;
            let text = read(file)?;
            if told_policy.as_ref() != Some(&text) {
                println!("{}", told(&stack.swap(&text)?, file, style));
                told_policy = Some(text);
            }
        }
    }
}

fn told(swap: &Swap, file: &Path, style: Style) -> String {
    match swap {
        Swap::Accepted(version) => {
            let version: String = version.chars().take(12).collect();
            style.paint(Tone::Good, &format!("policy {} accepted, version {version}", file.display()))
        }
        Swap::Refused(reason) => {
            let said = format!("policy {} refused, the one before it still decides:", file.display());
            format!("{}\n{}", style.paint(Tone::Bad, &said), indented(reason))
        }
    }
}

fn indented(text: &str) -> String {
    term::printable(text).lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// Prints a decision, or what Envoy or Weir complain about; the rest of the log is of no interest here.
fn show(line: &LogLine, records: bool, style: Style) {
    if let Some(record) = line.from_module().and_then(term::record) {
        println!("{}", term::line(&record, style));
        if records {
            println!("{}", style.paint(Tone::Dim, &record.to_string()));
        }
    } else if matches!(line.level.as_str(), "error" | "critical") && !follows_refusal(&line.message) {
        println!("{} {}", style.paint(Tone::Bad, "envoy:"), term::printable(&line.message));
    }
}

/// Whether a line only repeats that a policy was refused, which is told with its reason elsewhere.
fn follows_refusal(message: &str) -> bool {
    message.contains("weir_policy_error ")
        || message.contains("Failed to configure base Wasm plugin")
        || message.ends_with("failed to load")
}

/// What tells two states of a file apart without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp(Option<(SystemTime, u64, u64)>);

impl Stamp {
    fn of(file: &Path) -> Stamp {
        let of = |meta: fs::Metadata| Some((meta.modified().ok()?, meta.len(), meta.ino()));
        Stamp(fs::metadata(file).ok().and_then(of))
    }

    fn exists(self) -> bool {
        self.0.is_some()
    }
}
