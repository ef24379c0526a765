//! A running Envoy: started with a rendered configuration in a directory of its own, asked through its admin interface,
//! ended with the value that stands for it.

use super::Launch;
use super::log::{self, Log, LogLine};
use crate::client::Request;
use crate::error::Context;
use crate::{Error, Result};
use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A second of CPU time in the unit of `/proc/PID/stat`; fixed on Linux whatever the kernel's own tick is.
const TICKS_PER_SECOND: u64 = 100;

/// An Envoy that runs as long as this value lives.
#[derive(Debug)]
pub struct EnvoyProcess {
    child: Child,
    listener: SocketAddr,
    admin: SocketAddr,
    log: Arc<Log>,
    ready_after: Duration,
    dir: tempfile::TempDir,
}

impl EnvoyProcess {
    /// Starts Envoy and waits until it serves.
    ///
    /// # Errors
    /// When there is no Envoy, a port is taken, it refuses its configuration (the error says why), or it is not ready
    /// within half a minute.
    pub fn start(mut launch: Launch) -> Result<EnvoyProcess> {
        let dir = tempfile::Builder::new().prefix("weir-envoy-").tempdir().context(|| "no temporary directory")?;
        require_free(launch.bootstrap.port, "--port")?;
        require_free(launch.bootstrap.admin_port, "--admin-port")?;
        let admin_file = dir.path().join("admin");
        let mut command = launch.command(dir.path(), &admin_file)?;
        let begin = Instant::now();
        let mut child = command.spawn().context(|| "cannot run Envoy")?;
        let log = Arc::<Log>::default();
        if let Some(stderr) = child.stderr.take() {
            log::read(stderr, Arc::clone(&log), launch.on_log.take());
        }
        let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut envoy =
            EnvoyProcess { child, listener: nowhere, admin: nowhere, log, ready_after: Duration::ZERO, dir };
        envoy.wait_ready(&admin_file, begin)?;
        envoy.ready_after = begin.elapsed();
        Ok(envoy)
    }

    fn wait_ready(&mut self, admin_file: &Path, begin: Instant) -> Result<()> {
        loop {
            if let Some(status) = self.exited() {
                // Let the log thread read the last words.
                std::thread::sleep(Duration::from_millis(100));
                return Err(Error::new(format!("Envoy did not start ({status}): {}", self.last_words())));
            }
            if begin.elapsed() > Duration::from_secs(30) {
                return Err(Error::new(format!("Envoy was not ready within 30 s: {}", self.last_words())));
            }
            std::thread::sleep(Duration::from_millis(10));
            let Ok(Ok(admin)) = fs::read_to_string(admin_file).map(|text| text.trim().parse()) else { continue };
            self.admin = admin;
            if let Some(listener) = self.listening() {
                self.listener = listener;
                return Ok(());
            }
        }
    }

    fn listening(&self) -> Option<SocketAddr> {
        self.admin_get("/ready").ok().filter(|text| text.trim() == "LIVE")?;
        let text = self.admin_get("/listeners?format=json").ok()?;
        let json: serde_json::Value = serde_json::from_str(&text).ok()?;
        let address = json.pointer("/listener_statuses/0/local_address/socket_address")?;
        let ip = address.get("address")?.as_str()?.parse().ok()?;
        let port = u16::try_from(address.get("port_value")?.as_u64()?).ok().filter(|port| *port != 0)?;
        Some(SocketAddr::new(ip, port))
    }

    /// What Envoy said last at `error` level or above, for an error message.
    fn last_words(&self) -> String {
        let lines = self.logs();
        let bad = |line: &&LogLine| matches!(line.level.as_str(), "critical" | "error" | "");
        lines.iter().rev().find(bad).or(lines.last()).map_or("it said nothing".into(), |line| line.message.clone())
    }

    /// Where the proxy listens.
    pub fn listener(&self) -> SocketAddr {
        self.listener
    }

    /// Where the admin interface listens.
    pub fn admin(&self) -> SocketAddr {
        self.admin
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// From start to ready.
    pub fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// A directory that lives as long as the process; the access log is `access.log` in it, unless the configuration
    /// says otherwise.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The default access log; Envoy writes it with a tenth of a second's delay.
    pub fn access_log(&self) -> PathBuf {
        self.dir.path().join("access.log")
    }

    /// The exit status, if the process has ended.
    pub fn exited(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// GET from the admin interface.
    ///
    /// # Errors
    /// When it does not answer with 200.
    pub fn admin_get(&self, path: &str) -> Result<String> {
        self.ask_admin("GET", path)
    }

    /// POST to the admin interface, as `/logging?wasm=debug` needs.
    ///
    /// # Errors
    /// When it does not answer with 200.
    pub fn admin_post(&self, path: &str) -> Result<String> {
        self.ask_admin("POST", path)
    }

    fn ask_admin(&self, method: &str, path: &str) -> Result<String> {
        let response = Request::new(method, path).send(self.admin)?;
        if response.status != 200 {
            return Err(Error::new(format!("Envoy's admin answered {} to {path}", response.status)));
        }
        Ok(response.text())
    }

    /// Counters and gauges whose name matches `filter` (a regular expression; empty for all).
    ///
    /// # Errors
    /// When the admin interface does not answer.
    pub fn stats(&self, filter: &str) -> Result<BTreeMap<String, u64>> {
        let text = self.admin_get(&format!("/stats?filter={}", percent(filter)))?;
        let lines = text.lines().filter_map(|line| line.rsplit_once(": "));
        Ok(lines.filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?))).collect())
    }

    /// One counter or gauge by its exact name; 0 when Envoy does not have it (yet).
    ///
    /// # Errors
    /// When the admin interface does not answer.
    pub fn stat(&self, name: &str) -> Result<u64> {
        let filter = format!("^{}$", name.replace('.', "\\."));
        Ok(self.stats(&filter)?.get(name).copied().unwrap_or(0))
    }

    /// CPU time used so far by all threads (user and system), in steps of 10 ms.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn cpu_time(&self) -> Result<Duration> {
        let stat = self.proc_file("stat")?;
        // The command name, in parentheses, may hold spaces; the 12th and 13th field after it are utime and stime.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok());
        let (user, system) =
            ticks(11).zip(ticks(12)).ok_or_else(|| Error::new("the CPU time of Envoy cannot be read"))?;
        Ok(Duration::from_millis((user + system) * 1000 / TICKS_PER_SECOND))
    }

    /// Resident memory in bytes.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn rss(&self) -> Result<u64> {
        let status = self.proc_file("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        let kib = line.split_whitespace().next().and_then(|number| number.parse::<u64>().ok());
        kib.map(|kib| kib * 1024).ok_or_else(|| Error::new("the memory of Envoy cannot be read"))
    }

    fn proc_file(&self, name: &str) -> Result<String> {
        let path = format!("/proc/{}/{name}", self.id());
        fs::read_to_string(&path).context(|| format!("cannot read `{path}`"))
    }

    /// The log so far (the last 100,000 lines of it).
    pub fn logs(&self) -> Vec<LogLine> {
        self.log.since(0)
    }

    /// How many lines the log has so far; a mark for [`EnvoyProcess::logs_since`].
    pub fn log_mark(&self) -> usize {
        self.log.len()
    }

    /// The log since a mark.
    pub fn logs_since(&self, mark: usize) -> Vec<LogLine> {
        self.log.since(mark)
    }

    /// Waits until the log holds a line that `wanted` accepts, and returns it.
    ///
    /// # Errors
    /// When there is none within `timeout`.
    pub fn wait_log(&self, timeout: Duration, wanted: impl Fn(&LogLine) -> bool) -> Result<LogLine> {
        let begin = Instant::now();
        loop {
            if let Some(line) = self.logs().into_iter().find(&wanted) {
                return Ok(line);
            }
            if begin.elapsed() > timeout {
                return Err(Error::new(format!("Envoy did not log the expected line within {timeout:?}")));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks Envoy to end, so that its logs are flushed, and kills it if it does not within two seconds.
    pub fn stop(mut self) {
        let _ = self.admin_post("/quitquitquit");
        let begin = Instant::now();
        while self.exited().is_none() && begin.elapsed() < Duration::from_secs(2) {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for EnvoyProcess {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Envoy shares ports between processes (SO_REUSEPORT), so two of them would silently split the requests.
pub(crate) fn require_free(port: u16, option: &str) -> Result<()> {
    std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(drop).map_err(|_| {
        Error::new(format!("port {port} of 127.0.0.1 is taken; choose another one with {option}, 0 for any"))
    })
}

/// Percent-encodes what may not stand in a query.
fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
