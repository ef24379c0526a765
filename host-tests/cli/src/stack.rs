//! The whole set-up in one value: a mock (or a given upstream), Envoy before it, Weir in Envoy with a policy that can be
//! swapped. `weir up`, `weir demo` and the tests all stand on this.

use crate::envoy::{Bootstrap, EnvoyProcess, Filter, Launch, LogLine, OnLog, PolicyDir, Upstream};
use crate::error::Context;
use crate::mock::Mock;
use crate::{Error, Result};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What to set up.
pub struct Setup {
    /// The module.
    pub wasm: PathBuf,
    /// The text of the policy.
    pub policy: String,
    /// Where requests go; `None` starts a mock.
    pub upstream: Option<Upstream>,
    /// Speak HTTP/2 to the mock.
    pub mock_http2: bool,
    /// The port of the proxy; 0 for any.
    pub port: u16,
    /// The port of Envoy's admin interface; 0 for any.
    pub admin_port: u16,
    /// The Envoy to run; `None` for the one that [`find`](crate::envoy::binary::find) finds.
    pub envoy: Option<PathBuf>,
    /// Envoy's worker threads.
    pub concurrency: u32,
    /// Variables for Envoy's environment.
    pub environment: Vec<(String, String)>,
    /// See [`Launch::own_group`].
    pub own_group: bool,
    /// Called with every line of Envoy's log.
    pub on_log: Option<OnLog>,
    /// Changes to the shipped bootstrap, for tests.
    pub bootstrap_changes: Vec<(String, String)>,
    /// Changes to the shipped filter resource, for tests.
    pub resource_changes: Vec<(String, String)>,
}

impl Setup {
    /// A module and a policy before a mock, on ports that the system chooses.
    pub fn new(wasm: impl Into<PathBuf>, policy: impl Into<String>) -> Setup {
        Setup {
            wasm: wasm.into(),
            policy: policy.into(),
            upstream: None,
            mock_http2: false,
            port: 0,
            admin_port: 0,
            envoy: None,
            concurrency: 1,
            environment: Vec::new(),
            own_group: false,
            on_log: None,
            bootstrap_changes: Vec::new(),
            resource_changes: Vec::new(),
        }
    }
}

/// A running set-up. It ends with the value; [`Stack::stop`] ends it in good order.
pub struct Stack {
    envoy: EnvoyProcess,
    mock: Option<Mock>,
    policy: PolicyDir,
    active: String,
    _dir: tempfile::TempDir,
}

/// What became of a new policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Swap {
    /// It decides now; its version is here.
    Accepted(String),
    /// It was refused, for this reason; the one before it still decides.
    Refused(String),
}

/// Where Envoy counts what became of policies.
const DISCOVERY: &str = "extension_config_discovery.http_filter.weir";

/// How often each thing happened to the filter's configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Counts {
    attempts: u64,
    successes: u64,
    refusals: u64,
}

impl Stack {
    /// Starts everything and waits until it serves under the policy.
    ///
    /// # Errors
    /// When a part does not start, or the policy is refused (the error gives the reason).
    pub fn start(setup: Setup) -> Result<Stack> {
        let dir = tempfile::Builder::new().prefix("weir-").tempdir().context(|| "no temporary directory")?;
        let mock = if setup.upstream.is_none() { Some(Mock::start()?) } else { None };
        let upstream = match (setup.upstream, &mock) {
            (Some(upstream), _) => upstream,
            (None, Some(mock)) => {
                let address = mock.address();
                let host = address.ip().to_string();
                Upstream { host, port: address.port(), tls: false, http2: setup.mock_http2 }
            }
            (None, None) => return Err(Error::new("there is no upstream")),
        };
        let place = dir.path().join("policy");
        let policy = PolicyDir::create(&place, &setup.wasm, &setup.policy, setup.resource_changes)?;
        let mut bootstrap = Bootstrap::new(upstream, Filter::Watched(place));
        bootstrap.port = setup.port;
        bootstrap.admin_port = setup.admin_port;
        bootstrap.changes = setup.bootstrap_changes;
        let mut launch = Launch::new(bootstrap);
        launch.program = setup.envoy;
        launch.concurrency = setup.concurrency;
        launch.environment = setup.environment;
        launch.own_group = setup.own_group;
        launch.on_log = setup.on_log;
        let envoy = EnvoyProcess::start(launch)?;
        let stack = Stack { envoy, mock, policy, active: setup.policy, _dir: dir };
        if stack.counts()?.successes == 0 {
            return Err(Error::new(format!("the policy was refused: {}", stack.reason(0))));
        }
        Ok(stack)
    }

    /// Puts another policy in place and waits until Envoy has taken or refused it.
    ///
    /// # Errors
    /// When Envoy says neither within ten seconds.
    pub fn swap(&mut self, policy: &str) -> Result<Swap> {
        let (before, mark) = (self.counts()?, self.envoy.log_mark());
        let version = self.policy.swap(policy)?;
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(10));
            let now = self.counts()?;
            if now.refusals > before.refusals {
                return Ok(Swap::Refused(self.reason(mark)));
            }
            // Envoy takes what it has already for no update.
            if now.successes > before.successes || (now.attempts > before.attempts && policy == self.active) {
                self.active = policy.to_owned();
                return Ok(Swap::Accepted(version));
            }
        }
        Err(Error::new("Envoy did not take the new policy within 10 s"))
    }

    fn counts(&self) -> Result<Counts> {
        let stats = self.envoy.stats(&DISCOVERY.replace('.', "\\."))?;
        let sum = |names: &[&str]| {
            let ends = |name: &str| names.iter().any(|end| name.ends_with(&format!("{DISCOVERY}.{end}")));
            stats.iter().filter(|(name, _)| ends(name)).map(|(_, count)| count).sum()
        };
        Ok(Counts {
            attempts: sum(&["update_attempt"]),
            successes: sum(&["update_success"]),
            refusals: sum(&["update_rejected", "update_failure", "config_fail"]),
        })
    }

    /// Why the policy was refused: what Weir said, else what Envoy said.
    fn reason(&self, mark: usize) -> String {
        let begin = Instant::now();
        let lines = loop {
            let lines = self.envoy.logs_since(mark);
            // Envoy's own last word on it. The counter may be ahead of the thread that reads the log.
            let complete =
                lines.iter().any(|line| line.component == "config" && line.message.contains("config update"));
            if complete || begin.elapsed() > Duration::from_millis(500) {
                break lines;
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        let error = |line: &LogLine| Some(line.from_module()?.strip_prefix("weir_policy_error ")?.to_owned());
        let said: Vec<String> = lines.iter().filter_map(error).collect();
        if !said.is_empty() {
            return once(&said).join("\n");
        }
        let bad = lines.iter().rev().find(|line| matches!(line.level.as_str(), "warning" | "error" | "critical"));
        bad.map_or("Envoy gave no reason".into(), |line| line.message.clone())
    }

    /// The text of the policy that decides.
    pub fn active_policy(&self) -> &str {
        &self.active
    }

    /// The Envoy.
    pub fn envoy(&self) -> &EnvoyProcess {
        &self.envoy
    }

    /// The Envoy, to ask whether it has ended.
    pub fn envoy_mut(&mut self) -> &mut EnvoyProcess {
        &mut self.envoy
    }

    /// The mock, unless an upstream was given.
    pub fn mock(&self) -> Option<&Mock> {
        self.mock.as_ref()
    }

    /// The directory the policy is delivered through.
    pub fn policy_dir(&mut self) -> &mut PolicyDir {
        &mut self.policy
    }

    /// Ends Envoy so that its logs are flushed, then everything else.
    pub fn stop(self) {
        self.envoy.stop();
    }
}

/// Lines that several VMs said one after the other, once.
fn once(lines: &[String]) -> &[String] {
    let repeats = |size: &usize| lines.chunks(*size).all(|block| lines.starts_with(block) && block.len() == *size);
    let size = (1..lines.len()).find(repeats).unwrap_or(lines.len());
    lines.get(..size).unwrap_or(lines)
}
