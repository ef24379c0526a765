//! Envoy's log, line by line: read from its stderr in a thread, kept, and handed on as it comes.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// How many lines are kept.
const LINES_KEPT: usize = 100_000;

/// For Envoy's `--log-format`: level, component and message with its line breaks escaped, so that one message is one
/// line.
pub(super) const FORMAT: &str = "%l\t%n\t%j";

/// One message of Envoy's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// `info`, `warning` ...; empty for what did not come through Envoy's logger (a crash report).
    pub level: String,
    /// The component, such as `wasm` or `config`.
    pub component: String,
    /// The message; it may hold several lines.
    pub message: String,
}

impl LogLine {
    /// Reads a line that Envoy wrote with the format of this module; any other line is all message.
    pub(super) fn parse(line: &str) -> LogLine {
        let mut fields = line.splitn(3, '\t');
        let parsed = (|| {
            let (level, component, escaped) = (fields.next()?, fields.next()?, fields.next()?);
            let message = serde_json::from_str(&format!("\"{escaped}\"")).ok()?;
            Some(LogLine { level: level.into(), component: component.into(), message })
        })();
        parsed.unwrap_or_else(|| LogLine { level: String::new(), component: String::new(), message: line.to_owned() })
    }

    /// What the module said, without what Envoy puts before it; `None` for a line of Envoy's own.
    pub fn from_module(&self) -> Option<&str> {
        // `wasm log <name> <root_id> <vm_id>: <message>`
        self.message.strip_prefix("wasm log")?.split_once(": ").map(|(_, said)| said)
    }
}

/// Called with every line as it comes.
pub type OnLog = Box<dyn FnMut(&LogLine) + Send>;

/// The lines so far.
#[derive(Debug, Default)]
pub(super) struct Log {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    lines: VecDeque<LogLine>,
    /// How many lines there were before the first one kept.
    dropped: usize,
}

impl Log {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many lines there were so far.
    pub(super) fn len(&self) -> usize {
        let kept = self.lock();
        kept.dropped + kept.lines.len()
    }

    /// The lines from number `first` on, as far as they are kept.
    pub(super) fn since(&self, first: usize) -> Vec<LogLine> {
        let kept = self.lock();
        kept.lines.iter().skip(first.saturating_sub(kept.dropped)).cloned().collect()
    }

    fn push(&self, line: LogLine) {
        let mut kept = self.lock();
        if kept.lines.len() == LINES_KEPT {
            kept.lines.pop_front();
            kept.dropped += 1;
        }
        kept.lines.push_back(line);
    }
}

/// Reads until the process closes its end.
pub(super) fn read(from: impl Read + Send + 'static, log: std::sync::Arc<Log>, mut on_log: Option<OnLog>) {
    thread::spawn(move || {
        let mut reader = BufReader::new(from);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
            let line = LogLine::parse(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']));
            bytes.clear();
            if let Some(call) = &mut on_log {
                call(&line);
            }
            log.push(line);
        }
    });
}
