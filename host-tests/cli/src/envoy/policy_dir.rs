//! The directory a policy is delivered through, laid out as Kubernetes lays out a mounted ConfigMap:
//!
//! ```text
//! policy/ecds.yaml -> ..data/ecds.yaml
//! policy/..data    -> ..2
//! policy/..2/ecds.yaml
//! ```
//!
//! A change writes a new version directory, renames a new `..data` link over the old one (the one step that Envoy sees)
//! and removes the old version.

use super::config::{render_resource, replace};
use crate::Result;
use crate::error::Context;
use crate::wasm::hex;
use sha2::{Digest, Sha256};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use weir_engine::Policy;

/// A directory that Envoy watches.
#[derive(Debug)]
pub struct PolicyDir {
    dir: PathBuf,
    wasm: PathBuf,
    changes: Vec<(String, String)>,
    generation: u64,
}

impl PolicyDir {
    /// Creates `dir` with a first policy. `changes` are for tests, as in [`Bootstrap`](super::Bootstrap).
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn create(dir: &Path, wasm: &Path, policy: &str, changes: Vec<(String, String)>) -> Result<PolicyDir> {
        fs::create_dir_all(dir).context(|| format!("cannot create `{}`", dir.display()))?;
        let mut created = PolicyDir { dir: dir.to_owned(), wasm: wasm.to_owned(), changes, generation: 0 };
        created.swap(policy)?;
        let link = created.dir.join("ecds.yaml");
        symlink("..data/ecds.yaml", &link).context(|| format!("cannot create `{}`", link.display()))?;
        Ok(created)
    }

    /// Puts another policy in place and returns its version, the text that Envoy shows as `version_text`.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn swap(&mut self, policy: &str) -> Result<String> {
        let version = version(policy);
        let text = render_resource(&self.wasm, policy, &version)?;
        let text = self.changes.iter().try_fold(text, |text, (from, to)| replace(&text, from, to))?;
        self.swap_text(&text)?;
        Ok(version)
    }

    /// Puts any text in place of `ecds.yaml`, for tests of what Envoy does with it.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn swap_text(&mut self, text: &str) -> Result<()> {
        let old = self.dir.join(format!("..{}", self.generation));
        self.generation += 1;
        let name = format!("..{}", self.generation);
        let new = self.dir.join(&name);
        let said = || format!("cannot change the policy in `{}`", self.dir.display());
        fs::create_dir(&new).context(said)?;
        fs::write(new.join("ecds.yaml"), text).context(said)?;
        let link = self.dir.join("..data_tmp");
        symlink(&name, &link).context(said)?;
        fs::rename(&link, self.dir.join("..data")).context(said)?;
        if old.exists() {
            fs::remove_dir_all(&old).context(said)?;
        }
        Ok(())
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.dir
    }
}

/// The version of a policy: the hash that its records carry. A text that is no policy has the hash of its bytes, so that
/// Envoy can be shown it in tests.
pub fn version(policy: &str) -> String {
    match Policy::compile(policy) {
        Ok(policy) => policy.hash().to_owned(),
        Err(_) => format!("refused-{}", hex(&Sha256::digest(policy.as_bytes()))),
    }
}
