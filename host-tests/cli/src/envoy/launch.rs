//! How Envoy is started, and how it is asked whether it would.

use super::log::{self, OnLog};
use super::{Bootstrap, binary};
use crate::error::Context;
use crate::{Error, Result};
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How to start Envoy.
pub struct Launch {
    /// The configuration.
    pub bootstrap: Bootstrap,
    /// The program; `None` for what [`binary::find`] finds.
    pub program: Option<PathBuf>,
    /// Worker threads.
    pub concurrency: u32,
    /// The level below which Envoy does not log.
    pub log_level: String,
    /// Exceptions from the level, in Envoy's own form, as in `wasm:info,config:warning`; may be empty.
    pub component_log_level: String,
    /// Variables for the environment of Envoy (the module sees those its configuration names).
    pub environment: Vec<(String, String)>,
    /// Keep Ctrl-C of the terminal away from it, so that its parent can end it in good order.
    pub own_group: bool,
    /// Called with every log line, from a thread of its own.
    pub on_log: Option<OnLog>,
}

impl Launch {
    /// One worker, everything from `info` up.
    pub fn new(bootstrap: Bootstrap) -> Launch {
        Launch {
            bootstrap,
            program: None,
            concurrency: 1,
            log_level: "info".into(),
            component_log_level: String::new(),
            environment: Vec::new(),
            own_group: false,
            on_log: None,
        }
    }
    /// The command that runs it, with everything it writes in `dir` and its admin address in `admin_file`.
    pub(super) fn command(&mut self, dir: &Path, admin_file: &Path) -> Result<Command> {
        let program = self.program.take().map_or_else(binary::find, Ok)?;
        if self.bootstrap.access_log.as_os_str().is_empty() {
            self.bootstrap.access_log = dir.join("access.log");
        }
        let config = dir.join("envoy.yaml");
        fs::write(&config, self.bootstrap.render()?).context(|| format!("cannot write `{}`", config.display()))?;
        let mut command = Command::new(program);
        command.arg("-c").arg(&config).arg("--admin-address-path").arg(admin_file);
        command.args(["--concurrency", &self.concurrency.to_string(), "--disable-hot-restart"]);
        command.args(["--file-flush-interval-msec", "100"]);
        command.args(["--log-format", log::FORMAT, "-l", &self.log_level]);
        if !self.component_log_level.is_empty() {
            command.args(["--component-log-level", &self.component_log_level]);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        if self.own_group {
            command.process_group(0);
        }
        Ok(command)
    }
}

/// Lets Envoy check a configuration without serving it. It loads the module and gives it its policy, so a refused policy
/// is an error too; a filter from a watched directory is not looked at.
///
/// # Errors
/// What Envoy objects to.
pub fn validate(config: &str) -> Result<()> {
    let program = binary::find()?;
    let dir = tempfile::Builder::new().prefix("weir-envoy-").tempdir().context(|| "no temporary directory")?;
    let file = dir.path().join("envoy.yaml");
    fs::write(&file, config).context(|| format!("cannot write `{}`", file.display()))?;
    let mut command = Command::new(&program);
    command.args(["--mode", "validate", "-l", "error", "-c"]).arg(&file).stdin(Stdio::null());
    let output = command.output().context(|| format!("cannot run `{}`", program.display()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::new(format!("Envoy refuses the configuration: {}", String::from_utf8_lossy(&output.stderr).trim())))
}
