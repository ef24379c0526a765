//! Where the checkout is: the command builds from it and keeps what it fetched in its `target` directory.

use crate::{Error, Result};
use std::env;
use std::path::{Path, PathBuf};

/// The root of the checkout: searched upwards from `CARGO_MANIFEST_DIR` (set by `cargo run` and `cargo test`), then from
/// the current directory.
///
/// # Errors
/// When neither lies inside a Weir checkout.
pub fn root() -> Result<PathBuf> {
    let starts = [env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from), env::current_dir().ok()];
    starts
        .iter()
        .flatten()
        .find_map(|start| start.ancestors().find(|dir| is_root(dir)))
        .map(Path::to_path_buf)
        .ok_or_else(|| Error::new("this is not a checkout of Weir; run the command inside one (`cargo weir ...`)"))
}

fn is_root(dir: &Path) -> bool {
    dir.join("Cargo.toml").is_file() && dir.join("filter/plugin/Cargo.toml").is_file()
}

/// The `target` directory of the checkout, created if missing.
///
/// # Errors
/// Outside of a checkout, or when the directory cannot be created.
pub fn target() -> Result<PathBuf> {
    use crate::error::Context;
    let target = root()?.join("target");
    std::fs::create_dir_all(&target).context(|| format!("cannot create `{}`", target.display()))?;
    Ok(target)
}
