//! Builds the module: in goes the checkout, out comes `target/weir.wasm`.
//!
//! Cargo decides whether anything has to be compiled; the file at the fixed place is replaced by a rename and only when
//! its content changed, so a running Envoy never reads half a module.

use crate::error::Context;
use crate::{Error, Result, workspace};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A module on disk.
#[derive(Debug, Clone)]
pub struct Module {
    /// Where it lies.
    pub path: PathBuf,
    /// Its length in bytes.
    pub size: u64,
    /// SHA-256 of its content, in hex.
    pub sha256: String,
}

/// Builds `weir-plugin` for wasm32-wasip1 with the `wasm` profile and puts it at `target/weir.wasm`. What cargo prints
/// goes to stderr.
///
/// # Errors
/// When cargo is missing or fails, or the result cannot be put in place.
pub fn build() -> Result<Module> {
    compile("wasm", &[], "weir.wasm")
}

/// Builds the module that traps where a request has the header `x-weir-trap`, and puts it at `target/weir-trap.wasm`: for
/// tests of what a proxy does then.
///
/// # Errors
/// As [`build`].
pub fn build_that_traps() -> Result<Module> {
    // In a folder of its own: cargo gives both the same name.
    compile("wasm-trap", &["--features", "trap-on-header"], "weir-trap.wasm")
}

fn compile(folder: &str, features: &[&str], name: &str) -> Result<Module> {
    let root = workspace::root()?;
    let target = workspace::target()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(&cargo)
        .current_dir(&root)
        .args(["build", "--quiet", "-p", "weir-plugin", "--profile", "wasm", "--target", "wasm32-wasip1"])
        .args(features)
        .arg("--target-dir")
        .arg(target.join(folder))
        // Set by an outer cargo for the host; the module is built the same way from everywhere.
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTFLAGS")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .context(|| format!("cannot run `{}`", cargo.to_string_lossy()))?;
    if !status.success() {
        return Err(Error::new("the module does not build; cargo's messages are above"));
    }
    let built = target.join(folder).join("wasm32-wasip1/wasm/weir_plugin.wasm");
    let bytes = fs::read(&built).context(|| format!("cannot read `{}`", built.display()))?;
    let path = target.join(name);
    if fs::read(&path).ok().as_deref() != Some(bytes.as_slice()) {
        replace(&path, &bytes)?;
    }
    Ok(describe(path, &bytes))
}

/// The module to run: the one that the variable `WEIR_WASM` names, as for tests of a released file, else [`build`].
///
/// # Errors
/// As [`open`] and [`build`].
pub fn module() -> Result<Module> {
    match std::env::var_os("WEIR_WASM").filter(|name| !name.is_empty()) {
        Some(named) => open(Path::new(&named)),
        None => build(),
    }
}

/// A module that exists already.
///
/// # Errors
/// When the file cannot be read or is not WebAssembly.
pub fn open(path: &Path) -> Result<Module> {
    let path = fs::canonicalize(path).context(|| format!("cannot read the module `{}`", path.display()))?;
    let bytes = fs::read(&path).context(|| format!("cannot read the module `{}`", path.display()))?;
    if !bytes.starts_with(b"\0asm") {
        return Err(Error::new(format!("`{}` is not a WebAssembly module", path.display())));
    }
    Ok(describe(path, &bytes))
}

fn describe(path: PathBuf, bytes: &[u8]) -> Module {
    Module { path, size: bytes.len() as u64, sha256: hex(&Sha256::digest(bytes)) }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Writes `bytes` beside `path` and renames onto it.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(dir).context(|| format!("cannot write in `{}`", dir.display()))?;
    file.write_all(bytes).context(|| format!("cannot write `{}`", path.display()))?;
    // A temporary file is private; what is put in place may be read by an Envoy that runs as someone else.
    use std::os::unix::fs::PermissionsExt;
    let readable = fs::Permissions::from_mode(0o644);
    file.as_file().set_permissions(readable).context(|| format!("cannot write `{}`", path.display()))?;
    file.persist(path).context(|| format!("cannot write `{}`", path.display()))?;
    Ok(())
}
