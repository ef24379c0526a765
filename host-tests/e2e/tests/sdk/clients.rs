//! The scripts: installed once, run one process for each call, never waited for longer than [`PATIENCE`].

use serde_json::Value;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use weir_cli::workspace;
use weir_e2e::packages::{files, once, python_with, read, run};
use weir_e2e::root;

/// Longer than any call takes that does not hang: the SDKs themselves give up after 20 s.
const PATIENCE: Duration = Duration::from_secs(30);

/// What runs a script.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Runtime {
    /// The Python in `target/venv`.
    Python,
    /// Node, in `target/npm`.
    Node,
}

impl Runtime {
    /// Starts a script of this folder and gives its process.
    pub(crate) fn start(self, script: &str, arguments: &[&str]) -> Child {
        let mut command = match self {
            Runtime::Python => {
                let mut command = Command::new(python());
                command.arg("-B").arg(folder().join(script));
                command
            }
            Runtime::Node => {
                let mut command = Command::new("node");
                command.arg(packages().join(script));
                command
            }
        };
        // Nothing of the machine's own settings: no proxy, no credentials, no tracing.
        command.env_clear().envs(["PATH", "HOME"].iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.env("AWS_EC2_METADATA_DISABLED", "true").env("AWS_CONFIG_FILE", "/dev/null");
        command.env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap_or_else(|error| panic!("{script} cannot be started: {error}"))
    }

    /// Runs a script with a URL and what to do, and gives what it printed.
    ///
    /// # Panics
    /// When it hangs, crashes, or prints something else than JSON.
    pub(crate) fn call(self, script: &str, url: &str, what: &Value) -> Value {
        let mut child = self.start(script, &[url, &what.to_string()]);
        let (out, said) = (drain(child.stdout.take()), drain(child.stderr.take()));
        let status = wait(&mut child);
        let (out, said) = (out.join().unwrap(), said.join().unwrap());
        let status = status.unwrap_or_else(|| panic!("{script} hangs in {what}; it said {said}{out}"));
        assert!(status.success(), "{script} ended with {status} in {what}: {said}");
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{script} in {what}: {error}: {out}"))
    }
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.expect("it is piped").read_to_end(&mut bytes).expect("a pipe can be read");
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// How a process ended; one that does not is ended, and `None`.
fn wait(child: &mut Child) -> Option<ExitStatus> {
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}

fn folder() -> PathBuf {
    root().join("host-tests/e2e/tests/sdk")
}

/// The Python that has every SDK: what they need does not disagree, so one environment is enough.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let lists = files(&folder(), |name| name.starts_with("requirements-"));
        python_with(&workspace::target().unwrap().join("venv/sdk"), &lists)
    })
}

/// The folder that has the npm packages, and the Node scripts beside them: Node looks for packages nowhere else.
fn packages() -> &'static Path {
    static PACKAGES: OnceLock<PathBuf> = OnceLock::new();
    PACKAGES.get_or_init(|| {
        let home = workspace::target().unwrap().join("npm");
        let folders = [(folder(), home.clone()), (folder().join("mcp"), home.join("mcp"))];
        let wanted: String = folders
            .iter()
            .flat_map(|(from, _)| files(from, |name| name.ends_with(".json") || name.ends_with("js")))
            .map(|file| read(&file))
            .collect();
        once(&home, &wanted, || {
            for (from, to) in &folders {
                fs::create_dir_all(to).unwrap();
                for file in files(from, |name| name.ends_with(".json") || name.ends_with("js")) {
                    fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
                }
                let locked = read(&to.join("package-lock.json"));
                once(&to.join("node_modules"), &locked, || {
                    run(Command::new("npm")
                        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                        .current_dir(to));
                    fs::create_dir_all(to.join("node_modules")).unwrap();
                });
            }
        });
        home
    })
}
