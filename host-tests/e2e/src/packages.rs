//! Packages of other languages that tests need: installed once below `target`, from lists that name every file by its hash.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A Python with everything that these lists name, in the virtual environment at `place`, whose parent folder is its own.
///
/// # Panics
/// When it cannot be had.
pub fn python_with(place: &Path, lists: &[PathBuf]) -> PathBuf {
    let wanted: String = lists.iter().map(|list| read(list)).collect();
    let python = place.join("bin/python");
    once(place.parent().expect("it is below `target`"), &wanted, || {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(place));
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
        pip.args(["--require-hashes", "--only-binary=:all:"]);
        run(pip.args(lists.iter().flat_map(|list| [Path::new("-r"), list])));
    });
    python
}

/// Does `install` unless `home` says that it was done for just this; others wait meanwhile.
///
/// # Panics
/// When the folder cannot be written.
pub fn once(home: &Path, wanted: &str, install: impl FnOnce()) {
    fs::create_dir_all(home).unwrap();
    // Beside the folder, which the installation may replace.
    let lock = File::create(home.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let installed = home.join("installed.txt");
    if fs::read_to_string(&installed).ok().as_deref() != Some(wanted) {
        install();
        fs::write(&installed, wanted).unwrap();
    }
}

/// The files of a folder whose names are wanted, in order.
///
/// # Panics
/// When the folder cannot be read.
pub fn files(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        entries.filter(|path| path.file_name().is_some_and(|name| wanted(&name.to_string_lossy()))).collect();
    found.sort();
    found
}

/// The text of a file.
///
/// # Panics
/// When it has none.
pub fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Runs a command to its end.
///
/// # Panics
/// When it fails.
pub fn run(command: &mut Command) {
    let told = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{told}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "a package cannot be had; {told} said: {said}");
}
