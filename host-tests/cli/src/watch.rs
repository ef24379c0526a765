//! Watches one file by looking at it: editors write in place, rename, or delete and write anew, and all of it must be seen.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// How long a file must stay as it is before it counts as changed: a file that is being written is seen half.
const SETTLED: Duration = Duration::from_millis(100);
/// The same for a file that is gone: editors that delete before they write take a moment.
const GONE: Duration = Duration::from_millis(1000);

/// A watched file.
#[derive(Debug)]
pub(crate) struct Watch {
    file: PathBuf,
    told: Option<Stamp>,
    seen: Option<Stamp>,
    since: Instant,
}

/// What happened to the file since it was last asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// There is another content, maybe.
    Changed,
    /// There is no file any more.
    Gone,
}

/// What tells two states of a file apart without reading it: modification time, length, inode.
type Stamp = (SystemTime, u64, u64);

fn stamp(file: &Path) -> Option<Stamp> {
    let meta = fs::metadata(file).ok()?;
    Some((meta.modified().ok()?, meta.len(), meta.ino()))
}

impl Watch {
    /// Watches from the present state on. Begin before the file is read, so that no change falls between.
    pub(crate) fn begin(file: &Path) -> Watch {
        let now = stamp(file);
        Watch { file: file.to_owned(), told: now, seen: now, since: Instant::now() }
    }

    /// The file.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Looks at the file; each change is told once.
    pub(crate) fn look(&mut self) -> Option<Change> {
        let now = stamp(&self.file);
        if now != self.seen {
            (self.seen, self.since) = (now, Instant::now());
        }
        let (change, patience) = if now.is_some() { (Change::Changed, SETTLED) } else { (Change::Gone, GONE) };
        if now == self.told || self.since.elapsed() < patience {
            return None;
        }
        self.told = now;
        Some(change)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn wait(watch: &mut Watch) -> Option<Change> {
        let begin = Instant::now();
        while begin.elapsed() < GONE * 2 {
            if let Some(change) = watch.look() {
                return Some(change);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }

    #[test]
    fn each_change_is_told_once() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("policy.json");
        fs::write(&file, "a").unwrap();
        let mut watch = Watch::begin(&file);
        assert_eq!(watch.look(), None);
        fs::write(&file, "bb").unwrap();
        assert_eq!(wait(&mut watch), Some(Change::Changed));
        let other = dir.path().join("other");
        fs::write(&other, "cc").unwrap();
        fs::rename(&other, &file).unwrap();
        assert_eq!(wait(&mut watch), Some(Change::Changed));
        fs::remove_file(&file).unwrap();
        assert_eq!(wait(&mut watch), Some(Change::Gone));
        fs::write(&file, "cc").unwrap();
        assert_eq!(wait(&mut watch), Some(Change::Changed));
        assert_eq!(watch.look(), None);
    }
}
