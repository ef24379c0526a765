//! What can go wrong before an exchange even starts.

use crate::logs::LogLine;
use crate::outcome::Failure;
use std::fmt;
use std::path::PathBuf;

/// Why a module could not be loaded, started or reconfigured.
///
/// Everything that happens *during* an exchange is an [`Outcome`](crate::Outcome) instead: a trap in the module is a
/// result of the test, not an error of the harness.
#[derive(Debug)]
#[non_exhaustive]
pub enum HarnessError {
    /// The module file could not be read.
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The bytes are not a WebAssembly module that can be compiled and linked.
    Load {
        /// The reason, as the compiler or linker gave it.
        reason: String,
    },
    /// The module does not export something that every proxy-wasm module must.
    MissingExport {
        /// The name of the export.
        name: &'static str,
    },
    /// `on_vm_start` or `on_configure` answered false.
    Rejected {
        /// The callback that refused.
        callback: &'static str,
        /// What the module logged while it was starting.
        logs: Vec<LogLine>,
    },
    /// The module trapped, ran out of time or crashed the proxy while it was starting.
    Failed {
        /// What happened.
        failure: Failure,
        /// What the module logged while it was starting.
        logs: Vec<LogLine>,
    },
    /// The proxy process is gone (see [`Failure::ProxyCrash`]); start another [`Host`](crate::Host).
    ProxyGone,
    /// The VM is dead; call [`Host::reload`](crate::Host::reload).
    VmDead,
    /// A stream id, call token or name that does not exist (any more).
    Unknown {
        /// What was looked for.
        what: String,
    },
    /// [`ExchangeResult::ok`](crate::ExchangeResult::ok) was asked for, and the exchange did not go well.
    Exchange {
        /// What happened, with the log lines.
        report: String,
    },
}

impl fmt::Display for HarnessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { path, source } => write!(f, "cannot read `{}`: {source}", path.display()),
            Self::Load { reason } => write!(f, "cannot load the module: {reason}"),
            Self::MissingExport { name } => write!(f, "the module does not export `{name}`"),
            Self::Rejected { callback, logs } => {
                write!(f, "the module refused to start: `{callback}` answered false")?;
                logs.iter().try_for_each(|line| write!(f, "\n  {line}"))
            }
            Self::Failed { failure, logs } => {
                write!(f, "the module failed while starting: {failure}")?;
                logs.iter().try_for_each(|line| write!(f, "\n  {line}"))
            }
            Self::ProxyGone => write!(f, "the proxy has crashed; start another host"),
            Self::VmDead => write!(f, "the VM is dead; reload it"),
            Self::Unknown { what } => write!(f, "there is no {what}"),
            Self::Exchange { report } => f.write_str(report),
        }
    }
}

impl std::error::Error for HarnessError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { source, .. } => Some(source),
            _ => None,
        }
    }
}
