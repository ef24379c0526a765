//! A trap takes the VM of a worker with it. No input of the shipped module reaches one; a module that is built for this test
//! alone traps on demand, under the shipped settings.

use super::{PLACEHOLDER, body, chat, key, policy};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use weir_cli::client::Request;
use weir_cli::wasm;
use weir_e2e::{Lab, module, setup};

/// How long a worker may be without its VM, as `SECURITY.md` promises.
const BACK_WITHIN: Duration = Duration::from_millis(200);

/// The module with the trap, built once.
pub(crate) fn trapping() -> PathBuf {
    static MODULE: OnceLock<PathBuf> = OnceLock::new();
    MODULE.get_or_init(|| wasm::build_that_traps().unwrap_or_else(|error| panic!("{error}")).path).clone()
}

#[test]
fn the_shipped_module_has_no_trap() {
    let holds = |path: &PathBuf| {
        /// What it says before it traps.
        const MARK: &[u8] = b"weir_trap on purpose";
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(MARK.len()).any(|window| window == MARK)
    };
    assert!(holds(&trapping()), "the trap is told by what it says");
    assert!(!holds(&module().path));
}

#[test]
fn a_worker_is_back_with_its_policy() {
    let mut setup = setup(policy(|_| {}));
    setup.wasm = trapping();
    let mut lab = Lab::start(setup);
    // Envoy waits before it makes the next VM, counted from when it made the last: a VM that is lost at once is the worst case.
    for rest in [Duration::from_millis(300), Duration::ZERO] {
        let mut times: Vec<Duration> = (0..8).map(|_| trap_and_wait(&mut lab, rest)).collect();
        times.sort();
        println!("a VM that was lost {rest:?} after its first request is back with its policy after {times:?}");
        // The machine does other things too.
        assert!(times[0] < BACK_WITHIN, "{times:?}");
        assert!(times.iter().all(|time| *time < BACK_WITHIN * 10), "{times:?}");
    }
}

/// Traps a VM that has had this rest since it was used first, and answers how long it takes until a request is redacted again. Until then each is refused; none passes unread.
pub(crate) fn trap_and_wait(lab: &mut Lab, rest: Duration) -> Duration {
    let address = lab.stack.envoy().listener();
    if let Some(mock) = lab.stack.mock() {
        mock.take_requests();
    }
    let secret = chat(&key());
    assert_eq!(secret.send(address).unwrap().status, 200);
    std::thread::sleep(rest);
    let trapped = Request::new("GET", "/v1/models").header("x-weir-trap", "now").send(address);
    let begin = Instant::now();
    assert!(trapped.as_ref().map_or(true, |response| response.status == 503), "{trapped:?}");
    let back = loop {
        match secret.send(address) {
            Ok(response) if response.status == 200 => break begin.elapsed(),
            Ok(response) => assert_eq!(response.status, 503, "{response:?}"),
            Err(error) => panic!("{error}"),
        }
        assert!(begin.elapsed() < Duration::from_secs(5), "the VM does not come back");
        std::thread::sleep(Duration::from_millis(2));
    };
    assert_eq!(chat("forbidden").send(address).unwrap().status, 403, "the policy blocks again");
    if let Some(mock) = lab.stack.mock() {
        let texts: Vec<String> = mock.take_requests().iter().map(|one| one.text()).collect();
        assert_eq!(texts, [body(PLACEHOLDER), body(PLACEHOLDER)], "one before the trap, one after it");
    }
    back
}

/// An exchange that was held when its VM went is never let go, whatever comes of it still.
#[test]
fn what_was_held_in_a_trap_does_not_go_on() {
    let mut setup = setup(policy(|_| {}));
    setup.wasm = trapping();
    setup.bootstrap_changes.push(("stream_idle_timeout: 300s".into(), "stream_idle_timeout: 1s".into()));
    let lab = Lab::start(setup);
    let address = lab.stack.envoy().listener();
    let text = body(&key());
    let (first, rest) = text.split_at(30);
    let mut held = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{first}",
        text.len()
    );
    held.write_all(head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(50));
    let _ = Request::new("GET", "/v1/models").header("x-weir-trap", "now").send(address);
    let _ = held.write_all(rest.as_bytes());
    held.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut answer = [0; 4096];
    let count = held.read(&mut answer).expect("nobody waits longer than the idle timeout");
    let answer = String::from_utf8_lossy(&answer[..count]).into_owned();
    println!("what was held ends with {:?}", answer.lines().next());
    assert!(!answer.starts_with("HTTP/1.1 2"), "{answer}");
    assert!(lab.mock().take_requests().is_empty(), "it went on");
}
