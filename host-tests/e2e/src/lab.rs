//! A running set-up and the witness of what happens in it.

use serde_json::Value;
use std::fmt;
use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError, Weak};
use std::time::{Duration, Instant};
use weir_cli::client::{Request, Response};
use weir_cli::envoy::LogLine;
use weir_cli::mock::{Mock, Received};
use weir_cli::stack::{Setup, Stack, Swap};
use weir_cli::{term, wasm, workspace};

/// Longer than anything takes that is not broken.
const PATIENCE: Duration = Duration::from_secs(10);

/// The root of the checkout.
pub fn root() -> PathBuf {
    workspace::root().expect("the tests run inside a checkout")
}

/// The module under test, built once for each test program.
pub fn module() -> &'static wasm::Module {
    static MODULE: OnceLock<wasm::Module> = OnceLock::new();
    MODULE.get_or_init(|| wasm::module().unwrap_or_else(|error| panic!("{error}")))
}

/// The text of the shipped baseline policy.
pub fn baseline() -> String {
    let file = root().join("policies/baseline.json");
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The module under a policy before a mock, everything as shipped.
pub fn setup(policy: impl Into<String>) -> Setup {
    Setup::new(&module().path, policy)
}

/// A running set-up.
pub struct Lab {
    /// Envoy, Weir and the upstream.
    pub stack: Stack,
    /// How far the access log has been read.
    read: u64,
    /// The policy that decides.
    active: String,
}

/// One exchange, as everybody saw it.
#[derive(Clone)]
pub struct Seen {
    /// What the client received.
    pub response: Response,
    /// What the mock received: nothing, or one request.
    pub upstream: Option<Received>,
    /// The record, if the exchange was decided.
    pub record: Option<Value>,
    /// The line of the access log.
    pub access: Value,
}

impl Lab {
    /// Starts a set-up.
    pub fn start(setup: Setup) -> Lab {
        let active = setup.policy.clone();
        let stack = Stack::start(setup).unwrap_or_else(|error| panic!("{error}"));
        Lab { stack, read: 0, active }
    }

    /// The mock upstream.
    pub fn mock(&self) -> &Mock {
        self.stack.mock().expect("this set-up has a mock")
    }

    /// Puts another policy in place and waits until every thread of Envoy decides by it.
    pub fn swap(&mut self, policy: &str) {
        let mark = self.stack.envoy().log_mark();
        if self.active == policy {
            return;
        }
        match self.stack.swap(policy).unwrap_or_else(|error| panic!("{error}")) {
            Swap::Accepted(_) => self.active = policy.to_owned(),
            Swap::Refused(reason) => panic!("the policy was refused: {reason}\n{policy}"),
        }
        // One after the other: a trial in a VM of its own, the main thread, each worker.
        let begin = Instant::now();
        loop {
            let logs = self.stack.envoy().logs_since(mark);
            let accepted =
                |line: &&LogLine| line.from_module().is_some_and(|said| said.starts_with("weir_policy_accepted"));
            if logs.iter().filter(accepted).count() >= 3 {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "the policy did not reach every thread: {logs:#?}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Sends a request and gathers what everybody saw.
    pub fn play(&mut self, request: &Request) -> Seen {
        let address = self.stack.envoy().listener();
        let (response, mut seen) = self.witness(1, || request.send(address));
        let (access, record) = seen.remove(0);
        let response = response.unwrap_or_else(|error| panic!("{error}; the access log says {access}"));
        let mut upstream = self.stack.mock().map(Mock::take_requests).unwrap_or_default();
        assert!(upstream.len() <= 1, "the upstream was asked {} times", upstream.len());
        Seen { response, upstream: upstream.pop(), record, access }
    }

    /// Lets `exchanges` exchanges happen and waits until they are over. Answers, in the order of their end, each one's line
    /// in the access log and the record in it, which must be the same as in Envoy's log.
    pub fn witness<T>(&mut self, exchanges: usize, happen: impl FnOnce() -> T) -> (T, Vec<(Value, Option<Value>)>) {
        if let Some(mock) = self.stack.mock() {
            mock.take_requests();
        }
        let mark = self.stack.envoy().log_mark();
        let result = happen();
        let begin = Instant::now();
        let mut lines = Vec::new();
        while lines.len() < exchanges {
            lines.extend(self.new_access_lines());
            assert!(
                begin.elapsed() < PATIENCE,
                "{} of {exchanges} exchanges are in the access log; Envoy's log: {:#?}",
                lines.len(),
                self.stack.envoy().logs_since(mark)
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        let seen: Vec<(Value, Option<Value>)> = lines
            .into_iter()
            .map(|line| {
                let record = line["weir"].as_str().map(|text| serde_json::from_str(text).expect("a record is JSON"));
                (line, record)
            })
            .collect();
        self.compare_records(mark, seen.iter().filter_map(|(_, record)| record.as_ref()).collect());
        (result, seen)
    }

    /// The log has a record exactly where filter state has one, and the same; but where the policy does not want it logged.
    fn compare_records(&self, mark: usize, kept: Vec<&Value>) {
        let logs = self.stack.envoy().logs_since(mark);
        let logged: Vec<Value> = logs.iter().filter_map(|line| term::record(line.from_module()?)).collect();
        for record in &logged {
            assert!(kept.contains(&record), "the log holds a record that filter state does not: {record}");
        }
        let quiet = kept.iter().all(|record| !logged.contains(record));
        assert!(
            logged.len() == kept.len() || quiet,
            "{} records in filter state, {} in the log",
            kept.len(),
            logged.len()
        );
    }

    fn new_access_lines(&mut self) -> Vec<Value> {
        let path = self.stack.envoy().access_log();
        let mut text = Vec::new();
        if let Ok(mut file) = fs::File::open(&path) {
            file.seek(SeekFrom::Start(self.read)).expect("the access log only grows");
            file.read_to_end(&mut text).expect("the access log can be read");
        }
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        self.read += whole as u64;
        let lines = text[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        lines.map(|line| serde_json::from_slice(line).expect("the access log is JSON")).collect()
    }

    /// A metric of the module at `/stats/prometheus`, such as `weir_faults_total{fault="stream",outcome="block"}`; labels in
    /// any order, and those that Envoy adds not looked at. 0 where there is none.
    pub fn metric(&self, name: &str, labels: &[(&str, &str)]) -> u64 {
        let text = self.stack.envoy().admin_get("/stats/prometheus").expect("the admin interface answers");
        let wanted = |line: &&str| {
            let named = line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' ']));
            named && labels.iter().all(|(label, value)| line.contains(&format!("{label}=\"{value}\"")))
        };
        let values = text.lines().filter(wanted).filter_map(|line| line.rsplit_once(' ')?.1.parse::<u64>().ok());
        values.sum()
    }

    /// Fails if a VM of the module has ended, or was refused something, or Envoy is gone.
    pub fn survived(&mut self) {
        let ended = self.stack.envoy_mut().exited();
        let logs = self.stack.envoy().logs();
        let bad =
            ["panicked", "Uncaught", "Segmentation fault", "restricted proxy-wasm capability", "Proxy-Wasm plugin in"];
        let said: Vec<_> = logs.iter().filter(|line| bad.iter().any(|word| line.message.contains(word))).collect();
        assert!(ended.is_none() && said.is_empty(), "Envoy ended: {ended:?}; it said {said:#?}");
        let stats = self.stack.envoy().stats("^wasm\\.weir\\.vm_reload").expect("the admin interface answers");
        assert!(!stats.is_empty(), "Envoy counts lost VMs under another name");
        assert!(stats.values().all(|count| *count == 0), "a VM was lost: {stats:?}");
    }
}

/// Short enough to be read when a test fails.
impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers = |headers: &[(String, Vec<u8>)]| -> Vec<String> {
            headers.iter().map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value))).collect()
        };
        let body = |text: String| if text.len() > 2_000 { format!("{} bytes", text.len()) } else { text };
        let record = self.record.as_ref().map(Value::to_string);
        writeln!(f, "client: {} {:?}", self.response.status, headers(&self.response.headers))?;
        writeln!(f, "  {} {:?}", body(self.response.text()), self.response.broken)?;
        match &self.upstream {
            Some(sent) => writeln!(f, "upstream: {} {:?}\n  {}", sent.path, headers(&sent.headers), body(sent.text()))?,
            None => writeln!(f, "upstream: nothing")?,
        }
        write!(f, "record: {}\naccess log: {}", record.unwrap_or_default(), self.access)
    }
}

impl Seen {
    /// The verdict on one side of the exchange: `request` or `response`.
    ///
    /// # Panics
    /// When there is none.
    pub fn verdict(&self, side: &str) -> &Value {
        let verdict = self.record.as_ref().and_then(|record| record.get(side));
        verdict.unwrap_or_else(|| panic!("there is no verdict on the {side}: {self:#?}"))
    }

    /// What was done on one side; `none` without a verdict.
    pub fn action(&self, side: &str) -> &str {
        let record = self.record.as_ref();
        record.and_then(|record| record[side]["action"].as_str()).unwrap_or("none")
    }

    /// The names of the faults on one side.
    pub fn faults(&self, side: &str) -> Vec<String> {
        let list = self.verdict(side)["faults"].as_array().cloned().unwrap_or_default();
        list.iter().filter_map(|fault| fault["fault"].as_str().map(str::to_owned)).collect()
    }

    /// What the upstream received.
    ///
    /// # Panics
    /// When it received nothing.
    pub fn received(&self) -> &Received {
        self.upstream.as_ref().unwrap_or_else(|| panic!("the upstream received nothing: {self:#?}"))
    }

    /// Fails unless Weir refused one side for this fault, told the client so in OpenAI's shape, and wrote it down.
    pub fn assert_refused_for(&self, side: &str, fault: &str) {
        assert_eq!((self.action(side), self.faults(side)), ("block", vec![fault.to_owned()]), "{self:#?}");
        self.assert_told(side);
    }

    /// Fails unless the client was told of a refusal in the words and under the id of the record.
    pub fn assert_told(&self, side: &str) {
        let record = self.record.as_ref().expect("a refusal is recorded");
        let error = &self.response.json()["error"];
        let exchange = record["exchange"].as_str().expect("a record has an id");
        assert!((400..600).contains(&self.response.status), "{self:#?}");
        assert_eq!(record["status"], self.response.status, "{self:#?}");
        assert_eq!(
            (&record["answered_by"], record[side]["action"].as_str()),
            (&"weir".into(), Some("block")),
            "{self:#?}"
        );
        assert!(error["message"].as_str().is_some_and(|message| message.contains(exchange)), "{self:#?}");
        assert_eq!(self.response.header("x-weir-exchange").as_deref(), Some(exchange));
        assert!(self.access["details"].as_str().is_some_and(|details| details.starts_with("weir:")), "{self:#?}");
    }
}

/// The findings of one side of a record, as `detector scope`.
pub fn findings(verdict: &Value) -> Vec<String> {
    let list = verdict["findings"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    list.iter().map(|finding| format!("{} {}", text(&finding["detector"]), text(&finding["scope"]))).collect()
}

/// Set-ups that the tests of one program share, each used by one test at a time. They end with the last test that runs.
pub struct Shared {
    make: fn() -> Lab,
    most: usize,
    current: Mutex<Weak<Labs>>,
}

/// What is shared: places for set-ups, filled when they are first needed.
type Labs = Vec<Mutex<Option<Lab>>>;

impl Shared {
    /// A set-up that is made when the first test needs it.
    pub const fn new(make: fn() -> Lab) -> Shared {
        Shared::several(1, make)
    }

    /// At most so many set-ups: a test takes any that no other test has.
    pub const fn several(most: usize, make: fn() -> Lab) -> Shared {
        Shared { make, most, current: Mutex::new(Weak::new()) }
    }

    /// Runs a test with a set-up, and fails it if Envoy or the module did not survive it.
    pub fn with<T>(&self, test: impl FnOnce(&mut Lab) -> T) -> T {
        let labs = {
            let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
            current.upgrade().unwrap_or_else(|| {
                let labs: Arc<Labs> = Arc::new((0..self.most).map(|_| Mutex::new(None)).collect());
                *current = Arc::downgrade(&labs);
                labs
            })
        };
        let mut place = free(&labs);
        let lab = place.get_or_insert_with(self.make);
        if let Some(mock) = lab.stack.mock() {
            mock.clear_script();
        }
        let result = test(lab);
        lab.survived();
        result
    }
}

/// A place that nobody has; waits for one.
fn free(labs: &Labs) -> MutexGuard<'_, Option<Lab>> {
    loop {
        for place in labs {
            match place.try_lock() {
                Ok(place) => return place,
                // A test that failed while it had the set-up must not fail the others.
                Err(TryLockError::Poisoned(place)) => return place.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
