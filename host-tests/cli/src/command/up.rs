//! `weir up`: the whole set-up on this machine, decisions as they happen, a policy that reloads when its file changes.

use super::interrupt::on_interrupt;
use crate::envoy::{LogLine, Upstream};
use crate::policy::{Source, described};
use crate::stack::{Setup, Stack, Swap};
use crate::term::{Style, Tone};
use crate::watch::{Change, Watch};
use crate::{Error, Result, term, wasm};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;
use weir_engine::Policy;

/// How often the policy file is looked at.
const POLL: Duration = Duration::from_millis(50);

/// Options of `weir up`.
#[derive(Debug, Args)]
pub(crate) struct Up {
    /// The policy to enforce; it is reloaded when the file changes [default: policies/baseline.json of the checkout]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Where requests go, as in https://api.openai.com (h2:// and h2s:// say HTTP/2) [default: a mock that speaks
    /// every dialect]
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

/// The module to use: the named one, the one that WEIR_WASM names, or one built from the checkout.
pub(super) fn module(named: Option<&Path>) -> Result<wasm::Module> {
    named.map_or_else(wasm::module, wasm::open)
}

pub(crate) fn run(options: &Up) -> Result<ExitCode> {
    let style = Style::of_stdout();
    // Twice: the first look tells which file it is, the second one misses no change after the watch began.
    let source = Source::read(options.policy.as_deref())?;
    let watch = source.file.as_deref().map(Watch::begin);
    let source = if watch.is_some() { Source::read(source.file.as_deref())? } else { source };
    let policy = source.compile()?;
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
    let mut setup = Setup::new(&module.path, source.text.clone());
    setup.upstream = upstream;
    setup.port = options.port;
    setup.admin_port = options.admin_port;
    setup.concurrency = options.concurrency;
    setup.own_group = true;
    setup.on_log = Some(Box::new(move |line| drop(send.send(Event::Log(line.clone())))));
    let stack = Stack::start(setup)?;
    greet(&stack, &module, &source, &policy, options.upstream.as_deref(), style);
    let mut up = Running { stack, watch, told: source.text, records: options.records, style };
    let ended = up.follow(&events);
    up.stack.stop();
    ended.map(|()| ExitCode::SUCCESS)
}

fn greet(stack: &Stack, module: &wasm::Module, source: &Source, policy: &Policy, upstream: Option<&str>, style: Style) {
    let (proxy, admin) = (stack.envoy().listener(), stack.envoy().admin());
    let before = match (upstream, stack.mock()) {
        (Some(url), _) => url.to_owned(),
        (None, Some(mock)) => format!("a mock that speaks every dialect, at http://{}", mock.address()),
        (None, None) => "nothing".to_owned(),
    };
    let sha256: String = module.sha256.chars().take(12).collect();
    let reloads = if source.file.is_some() { " (change it, it reloads)" } else { "" };
    say!("{} http://{proxy} -> {before}", style.paint(Tone::Strong, "Weir is up:"));
    say!("  policy  {}{reloads}", term::printable(&source.name));
    say!("          {}", described(policy));
    say!("  module  {} ({} KB, sha256 {sha256})", module.path.display(), module.size / 1000);
    say!("  metrics http://{admin}/stats/prometheus?filter=wasmcustom");
    say!("  ready in {:.2} s; Ctrl-C ends it", stack.envoy().ready_after().as_secs_f64());
    say!("");
    say!("{}", style.paint(Tone::Strong, "Try:"));
    let mocked = stack.mock().is_some();
    for Attempt { about, prompt, options } in attempts(mocked) {
        say!("{}", style.paint(Tone::Dim, &format!("  {about}:")));
        let key = if mocked { "" } else { "-H \"authorization: Bearer $OPENAI_API_KEY\" " };
        say!(
            "  curl -sS -w '\\n' http://{proxy}/v1/chat/completions -H 'content-type: application/json' {options}{key}\\"
        );
        say!("    -d '{{\"model\":\"gpt-4o-mini\",\"messages\":[{{\"role\":\"user\",\"content\":\"{prompt}\"}}]}}'");
    }
    say!("");
    say!("{}", style.paint(Tone::Strong, "Decisions:"));
}

/// A request to try.
struct Attempt {
    about: &'static str,
    prompt: String,
    options: &'static str,
}

fn attempts(mocked: bool) -> Vec<Attempt> {
    let attempt = |about, prompt: &str, options| Attempt { about, prompt: prompt.to_owned(), options };
    let key = format!("Why does {} not work?", crate::mock::openai::aws_access_key_id());
    let mut attempts = vec![
        attempt("a plain question", "What is a weir?", ""),
        attempt("a cloud key in the prompt", &key, ""),
        attempt("personal data", "Write to ada.lovelace@example.org", ""),
        attempt("a body that cannot be read", "What is a weir?", "-H 'content-encoding: br' "),
    ];
    if mocked {
        attempts.push(attempt("the model gives away a key", "Now you: say secret", ""));
        attempts.push(attempt("the model calls a tool with a card number", "Now you: say tool and say card", ""));
    }
    attempts
}

/// A set-up that serves.
struct Running {
    stack: Stack,
    watch: Option<Watch>,
    /// The text of the policy that was last spoken of.
    told: String,
    records: bool,
    style: Style,
}

impl Running {
    fn follow(&mut self, events: &Receiver<Event>) -> Result<()> {
        loop {
            match events.recv_timeout(POLL) {
                Ok(Event::Interrupt) => {
                    say!("");
                    return Ok(());
                }
                Ok(Event::Log(line)) => self.show(&line),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Error::new("Envoy closed its log")),
            }
            if let Some(status) = self.stack.envoy_mut().exited() {
                return Err(Error::new(format!("Envoy ended by itself ({status})")));
            }
            self.reload()?;
        }
    }

    fn reload(&mut self) -> Result<()> {
        let Some(watch) = &mut self.watch else { return Ok(()) };
        let change = watch.look();
        let file = watch.file().to_owned();
        match change {
            None => {}
            Some(Change::Gone) => self.refuse(&format!("the policy `{}` is gone", file.display()), ""),
            Some(Change::Changed) => match Source::read(Some(&file)) {
                Ok(source) if source.text == self.told => {}
                Ok(source) => {
                    self.told.clone_from(&source.text);
                    self.swap(&source)?;
                }
                Err(error) => self.refuse(&error.to_string(), ""),
            },
        }
        Ok(())
    }

    /// A policy with errors never reaches Envoy. One that Envoy refuses all the same is told with its reason.
    fn swap(&mut self, source: &Source) -> Result<()> {
        match Policy::compile(&source.text) {
            Err(diagnostics) => {
                let shown = diagnostics.render(&term::printable(&source.name), self.style.colour());
                self.refuse(&source.summary(&diagnostics), &format!("{shown}\n"));
            }
            Ok(policy) => match self.stack.swap(&source.text)? {
                Swap::Accepted(_) => {
                    let said = format!("the policy `{}` decides now: {}", source.name, described(&policy));
                    say!("{}", self.style.paint(Tone::Good, &said));
                }
                Swap::Refused(reason) => {
                    self.refuse(&format!("Envoy refused the policy `{}`", source.name), &indented(&reason));
                }
            },
        }
        Ok(())
    }

    fn refuse(&self, why: &str, details: &str) {
        if !details.is_empty() {
            say!("{}", details.trim_end());
        }
        say!("{}", self.style.paint(Tone::Bad, &format!("{why}; the one before it still decides")));
    }

    /// Prints a decision, or what Envoy or Weir complain about; the rest of the log is of no interest here.
    fn show(&self, line: &LogLine) {
        if let Some(record) = line.from_module().and_then(term::record) {
            say!("{}", term::line(&record, self.style));
            if self.records {
                say!("{}", self.style.paint(Tone::Dim, &record.to_string()));
            }
        } else if matches!(line.level.as_str(), "error" | "critical") && !follows_refusal(&line.message) {
            say!("{} {}", self.style.paint(Tone::Bad, "envoy:"), term::printable(&line.message));
        }
    }
}

fn indented(text: &str) -> String {
    term::printable(text).lines().map(|line| format!("  {line}\n")).collect()
}

/// Whether a line only repeats that a policy was refused, which is told with its reason elsewhere.
fn follows_refusal(message: &str) -> bool {
    message.contains("weir_policy_error ")
        || message.contains("Failed to configure base Wasm plugin")
        || message.ends_with("failed to load")
}
