//! The command as people use it: its sentences, its exit codes, and `weir up` from start to Ctrl-C.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use weir_cli::client::Request;
use weir_cli::{wasm, workspace};

fn weir(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
    command.args(arguments).stdin(Stdio::null()).env("NO_COLOR", "1");
    command
}

fn fails(mut command: Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    assert_eq!(status.code(), Some(1));
    String::from_utf8(stderr).unwrap()
}

fn baseline(dir: &Path) -> String {
    let file = dir.join("policy.json");
    fs::copy(workspace::root().unwrap().join("policies/baseline.json"), &file).unwrap();
    file.display().to_string()
}

#[test]
fn what_is_wrong_is_said_in_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let policy = baseline(dir.path());
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    assert_eq!(
        fails(weir(&["up", "--policy", &policy, "--port", &port])),
        format!("weir: port {port} of 127.0.0.1 is taken; choose another one with --port, 0 for any\n")
    );
    assert_eq!(
        fails(weir(&["up", "--policy", "/nowhere.json"])),
        "weir: cannot read the policy `/nowhere.json`: No such file or directory (os error 2)\n"
    );
    assert_eq!(
        fails(weir(&["up", "--policy", &policy, "--port", "0", "--admin-port", "0", "--wasm", &policy])),
        format!("weir: `{}` is not a WebAssembly module\n", fs::canonicalize(&policy).unwrap().display())
    );
    let module = wasm::module().unwrap().path.display().to_string();
    let up = ["up", "--policy", &policy, "--port", "0", "--admin-port", "0", "--wasm", &module];
    let mut command = weir(&up);
    command.env("ENVOY", "/nowhere/envoy");
    assert_eq!(fails(command), "weir: ENVOY names `/nowhere/envoy`, which is not a program\n");
    fs::write(&policy, "{ \"bad\": tru }").unwrap();
    let said = fails(weir(&up));
    assert!(said.starts_with("error[") && said.contains(&format!("--> {policy}:1:")), "{said}");
    assert!(said.ends_with(&format!("weir: the policy `{policy}` has 1 error\n")), "{said}");
}

/// A running `weir up` whose output can be waited for.
struct Up {
    child: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Up {
    fn start(arguments: &[&str]) -> Up {
        let mut child = weir(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        let (send, lines) = channel();
        std::thread::spawn(move || {
            BufReader::new(stdout).lines().map_while(Result::ok).try_for_each(|line| send.send(line))
        });
        Up { child, lines, seen: Vec::new() }
    }

    fn wait(&mut self, part: &str) -> String {
        loop {
            let Ok(line) = self.lines.recv_timeout(Duration::from_secs(60)) else {
                panic!("no line with `{part}`, only:\n{}", self.seen.join("\n"));
            };
            self.seen.push(line.clone());
            if line.contains(part) {
                return line;
            }
        }
    }
}

fn interrupt(child: &Child) {
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(status.is_ok_and(|status| status.success()));
}

impl Drop for Up {
    fn drop(&mut self) {
        // A killed one could not end its Envoy.
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            interrupt(&self.child);
            let _ = self.child.wait();
        }
    }
}

#[test]
fn up_shows_decisions_reloads_and_cleans_up() {
    let home = tempfile::tempdir().unwrap();
    let policy = baseline(home.path());
    let module = wasm::module().unwrap().path.display().to_string();
    let mut up = Up::start(&["up", "--policy", &policy, "--port", "0", "--admin-port", "0", "--wasm", &module]);
    let line = up.wait("Weir is up: http://");
    let address: SocketAddr = line.split(['/', ' ']).find_map(|word| word.parse().ok()).unwrap();
    up.wait("Try:");
    let ask =
        || Request::json("/v1/chat/completions", r#"{"messages":[{"role":"user","content":"hi"}]}"#).send(address);
    assert_eq!(ask().unwrap().status, 200);
    up.wait("openai/chat");

    let good = fs::read_to_string(&policy).unwrap();
    fs::write(&policy, "{ \"bad\": tru }").unwrap();
    up.wait("error[");
    up.wait("has 1 error; the one before it still decides");
    assert_eq!(ask().unwrap().status, 200);
    fs::write(&policy, good.replace("\"baseline\"", "\"changed\"")).unwrap();
    up.wait("decides now: changed, ");
    assert_eq!(ask().unwrap().status, 200);
    fs::remove_file(&policy).unwrap();
    up.wait("is gone; the one before it still decides");
    fs::write(&policy, good).unwrap();
    up.wait("decides now: baseline, ");

    interrupt(&up.child);
    assert_eq!(up.child.wait().unwrap().code(), Some(0));
    assert!(ask().is_err(), "Envoy is still there");
}

/// The lines of `Try:` that belong together, each command as it is pasted.
fn commands(lines: &[String]) -> Vec<String> {
    let text = lines.join("\n").replace("\\\n", " ");
    text.lines().map(str::trim).filter(|line| line.starts_with("curl ")).map(str::to_owned).collect()
}

#[test]
fn what_up_tells_to_try_works_when_pasted() {
    let module = wasm::module().unwrap().path.display().to_string();
    let mut up = Up::start(&["up", "--port", "0", "--admin-port", "0", "--wasm", &module]);
    up.wait("Decisions:");
    let decided = ["ALLOW", "REDACT", "FLAG", "BLOCK", "REDACT", "REDACT"];
    let commands = commands(&up.seen);
    assert_eq!(commands.len(), decided.len());
    for (command, decided) in commands.iter().zip(decided) {
        let output = Command::new("sh").args(["-c", command]).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success() && serde_json::from_str::<serde_json::Value>(&said).is_ok(),
            "{command}: {said}"
        );
        let line = up.wait("openai/chat");
        assert!(line.contains(decided), "{command}: {line}");
    }
}

#[test]
fn help_names_every_command() {
    let output = weir(&["--help"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for command in ["build", "up", "check", "inspect", "demo"] {
        assert!(text.lines().any(|line| line.trim_start().starts_with(command)), "{command} is not in:\n{text}");
    }
}
