//! Policies as files: where they come from, and what is said when one is not in order.

use crate::error::Context;
use crate::term::{Style, printable};
use crate::{Error, Result, workspace};
use std::io::Read;
use std::path::{Path, PathBuf};
use weir_engine::Policy;
use weir_engine::policy::Diagnostics;

/// The shipped policy, as it was when this command was built. In a checkout the file is used instead.
pub const BASELINE: &str = include_str!("../../../policies/baseline.json");

/// The text of a policy, and what to call it.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file, when it is one that can be watched.
    pub file: Option<PathBuf>,
    /// Its name for people.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Source {
    /// The named file (`-` is stdin), else the checkout's `policies/baseline.json`, else the built-in copy of it.
    ///
    /// # Errors
    /// When the file cannot be read as text.
    pub fn read(named: Option<&Path>) -> Result<Source> {
        let shipped = || Some(workspace::root().ok()?.join("policies/baseline.json")).filter(|file| file.is_file());
        match named.map(Path::to_path_buf).or_else(shipped) {
            Some(file) if file.as_os_str() == "-" => {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text).context(|| "cannot read the policy from stdin")?;
                Ok(Source { file: None, name: "stdin".into(), text })
            }
            Some(file) => {
                let name = file.display().to_string();
                let text = std::fs::read_to_string(&file)
                    .context(|| format!("cannot read the policy `{}`", file.display()))?;
                Ok(Source { file: Some(file), name, text })
            }
            None => Ok(Source { file: None, name: "baseline (built in)".into(), text: BASELINE.into() }),
        }
    }

    /// Compiles it. What is wrong with it goes to stderr, underlined; the error is the sentence that sums it up.
    ///
    /// # Errors
    /// When it has errors.
    pub fn compile(&self) -> Result<Policy> {
        Policy::compile(&self.text).map_err(|diagnostics| {
            eprintln!("{}", diagnostics.render(&printable(&self.name), Style::of_stderr().colour()));
            Error::new(self.summary(&diagnostics))
        })
    }

    /// How many errors there are, in a sentence.
    pub fn summary(&self, diagnostics: &Diagnostics) -> String {
        format!("the policy `{}` has {}", self.name, counted(diagnostics.errors().len(), "error"))
    }
}

/// A policy in a few words: name, size, hash.
pub fn described(policy: &Policy) -> String {
    format!(
        "{}, {}, {}, {}",
        policy.name(),
        counted(policy.rules().len(), "rule"),
        counted(policy.set().len(), "detector"),
        policy.hash()
    )
}

/// `1 rule`, `2 rules`.
pub fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
