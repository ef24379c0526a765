//! CPU time per request in Envoy, with Weir and without it.
//!
//! ```text
//! cargo run --release -p weir-e2e --bin cpu-per-request [-- --quick] [--pairs N] [--connections N] [--policy FILE]
//!     [--record FILE]
//! ```
//!
//! Two Envoys with one worker each run side by side, rendered from the same shipped `envoy/envoy.yaml`; one has the Weir filter
//! with the shipped baseline policy (every detector, full records in the log), the other has none. For each size of prompt
//! the same requests go through one and then the other, over and over, in alternating order; what counts is the ratio within
//! each pair. CPU time is user and system time of the whole Envoy process over the time of a sample, divided by the requests
//! answered in it.
//!
//! Client and upstream are plain blocking sockets that write prebuilt bytes, over connections that stay open. Bodies are
//! conversations in English prose without findings, of several messages; sixteen different ones take turns, so that nothing is
//! measured that would only be fast because it was seen a moment ago.

use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};
use weir_cli::envoy::{Bootstrap, EnvoyProcess, Filter, Launch, Upstream};
use weir_cli::term;
use weir_e2e::median::{Median, median};
use weir_e2e::prose::{answer, request};
use weir_e2e::raw::read_message;
use weir_e2e::{baseline, machine, module};

/// Bytes of the answer, and of the smaller prompt.
const SMALL: usize = 4 << 10;
/// Bytes of the larger prompt.
const LARGE: usize = 64 << 10;
/// Different bodies that take turns.
const VARIANTS: usize = 16;
/// What is to be reached for each size of prompt.
const TARGETS: [(usize, f64); 2] = [(SMALL, 1.3), (LARGE, 2.6)];

struct Options {
    pairs: usize,
    connections: usize,
    sample: Duration,
    policy: Option<String>,
    record: Option<String>,
}

impl Options {
    fn read() -> Result<Options, String> {
        let mut options =
            Options { pairs: 15, connections: 4, sample: Duration::from_secs(3), policy: None, record: None };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("`{argument}` needs a value"));
            let number = |text: String| text.parse().map_err(|_| format!("`{text}` is not a number"));
            match argument.as_str() {
                "--quick" => (options.pairs, options.sample) = (2, Duration::from_millis(300)),
                "--pairs" => options.pairs = number(value()?)?,
                "--connections" => options.connections = number(value()?)?,
                "--policy" => options.policy = Some(value()?),
                "--record" => options.record = Some(value()?),
                _ => return Err(format!("`{argument}` is no option")),
            }
        }
        if options.pairs == 0 || options.connections == 0 {
            return Err("there must be at least one pair and one connection".to_owned());
        }
        Ok(options)
    }
}

fn main() {
    let options = Options::read().unwrap_or_else(|problem| {
        eprintln!("cpu-per-request: {problem}");
        std::process::exit(2);
    });
    let upstream = start_upstream(answer(SMALL));
    let without = start(upstream, Filter::None);
    let weir = Filter::Inline { wasm: module().path.clone(), policy: policy(&options) };
    let with = start(upstream, weir);
    let mut report = head(&options, &without, &with);
    print!("{report}");
    let mut figures = Vec::new();
    for (size, target) in TARGETS {
        let measured = measure(&options, &without, &with, size);
        let text = measured.text(size, target);
        print!("{text}");
        report.push_str(&text);
        figures.push(measured.figures(size, target));
    }
    let figures = json!({"wasm_bytes": module().size, "ready_ms": millis(with.ready_after()), "prompts": figures});
    if let Some(file) = &options.record {
        let page = format!("{report}\nFor programs:\n\n```json\n{figures:#}\n```\n");
        std::fs::write(file, page).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
}

fn policy(options: &Options) -> String {
    let Some(file) = &options.policy else { return baseline() };
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn start(upstream: SocketAddr, filter: Filter) -> EnvoyProcess {
    let upstream = Upstream { host: upstream.ip().to_string(), port: upstream.port(), tls: false, http2: false };
    EnvoyProcess::start(Launch::new(Bootstrap::new(upstream, filter))).unwrap_or_else(|error| panic!("{error}"))
}

/// One sample: CPU time per request in microseconds, and how many requests it stands on.
#[derive(Debug, Clone, Copy)]
struct Sample {
    micros: f64,
    requests: usize,
}

/// The samples of one size of prompt, pair by pair: without Weir, with it.
struct Measured {
    pairs: Vec<(Sample, Sample)>,
}

fn measure(options: &Options, without: &EnvoyProcess, with: &EnvoyProcess, size: usize) -> Measured {
    let requests: Arc<Vec<Vec<u8>>> = Arc::new((0..VARIANTS).map(|variant| request(size, variant)).collect());
    // Another policy may mean something else.
    if options.policy.is_none() {
        check(with, &requests);
    }
    let sample = |envoy: &EnvoyProcess| sample(options, envoy, &requests);
    // Caches, connections and the compiler of the VM settle.
    let warm = Options { sample: options.sample / 3, policy: None, record: None, ..*options };
    self::sample(&warm, without, &requests);
    self::sample(&warm, with, &requests);
    let pairs = (0..options.pairs).map(|pair| {
        if pair % 2 == 0 {
            let first = sample(without);
            (first, sample(with))
        } else {
            let first = sample(with);
            (sample(without), first)
        }
    });
    Measured { pairs: pairs.collect() }
}

/// What is measured is a whole inspection that allows: a refusal would be cheap.
fn check(with: &EnvoyProcess, requests: &[Vec<u8>]) {
    let mark = with.log_mark();
    for request in requests {
        exchange(&mut connect(with.listener()), request);
    }
    let begin = Instant::now();
    loop {
        let records: Vec<Value> =
            with.logs_since(mark).iter().filter_map(|line| term::record(line.from_module()?)).collect();
        if records.len() >= requests.len() {
            let plain = |record: &Value| {
                ["request", "response"].iter().all(|side| {
                    let verdict = &record[*side];
                    verdict["action"] == "allow" && verdict["inspected"] == "full" && verdict["findings_total"] == 0
                })
            };
            assert!(records.iter().all(plain), "these bodies must be inspected whole and allowed: {records:#?}");
            return;
        }
        assert!(begin.elapsed() < Duration::from_secs(5), "{} of {} records came", records.len(), requests.len());
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn sample(options: &Options, envoy: &EnvoyProcess, requests: &Arc<Vec<Vec<u8>>>) -> Sample {
    let before = envoy.cpu_time().unwrap_or_else(|error| panic!("{error}"));
    let begin = Instant::now();
    let clients: Vec<_> = (0..options.connections)
        .map(|client| {
            let (requests, address, time) = (Arc::clone(requests), envoy.listener(), options.sample);
            std::thread::spawn(move || {
                let mut stream = connect(address);
                let mut count = 0;
                while begin.elapsed() < time {
                    exchange(&mut stream, &requests[(client + count) % requests.len()]);
                    count += 1;
                }
                count
            })
        })
        .collect();
    let requests = clients.into_iter().map(|client| client.join().expect("a client works")).sum();
    let used = envoy.cpu_time().unwrap_or_else(|error| panic!("{error}")) - before;
    Sample { micros: used.as_secs_f64() * 1e6 / requests as f64, requests }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("the proxy listens");
    stream.set_nodelay(true).expect("a socket option");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a socket option");
    stream
}

fn exchange(stream: &mut TcpStream, request: &[u8]) {
    stream.write_all(request).expect("the proxy reads");
    let mut answer = Vec::with_capacity(8 << 10);
    let body = read_message(stream, &mut answer).expect("the proxy answers");
    assert!(
        answer.starts_with(b"HTTP/1.1 200") && answer.len() - body == SMALL,
        "{}",
        String::from_utf8_lossy(&answer)
    );
}

/// Answers every request on every connection with these bytes.
fn start_upstream(answer: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || {
                let _ = stream.set_nodelay(true);
                let mut bytes = Vec::with_capacity(128 << 10);
                while read_message(&mut stream, &mut bytes).is_ok() && stream.write_all(&answer).is_ok() {
                    bytes.clear();
                }
            });
        }
    });
    address
}

impl Measured {
    fn ratios(&self) -> Vec<f64> {
        self.pairs.iter().map(|(without, with)| with.micros / without.micros).collect()
    }

    fn of(&self, pick: impl Fn(&(Sample, Sample)) -> f64) -> Median {
        median(&self.pairs.iter().map(pick).collect::<Vec<_>>())
    }

    fn text(&self, size: usize, target: f64) -> String {
        let mut text = format!("\n## {} KB prompt, {} KB answer\n\n", size >> 10, SMALL >> 10);
        text += "| pair | without Weir | with Weir | ratio | requests without, with |\n|---|---|---|---|---|\n";
        for (index, (without, with)) in self.pairs.iter().enumerate() {
            let ratio = with.micros / without.micros;
            let _ = writeln!(
                text,
                "| {} | {:.1} µs | {:.1} µs | {ratio:.3} | {}, {} |",
                index + 1,
                without.micros,
                with.micros,
                without.requests,
                with.requests
            );
        }
        let (ratio, without, with) =
            (median(&self.ratios()), self.of(|pair| pair.0.micros), self.of(|pair| pair.1.micros));
        let met = if ratio.value <= target { "met" } else { "not met" };
        let _ = writeln!(
            text,
            "\nMedian ratio **{:.3}** ({:.1} % interval {:.3} to {:.3}); to reach: at most {target} ({met}).\n\
             CPU time per request: {:.1} µs without Weir, {:.1} µs with it (medians).",
            ratio.value,
            ratio.coverage * 100.0,
            ratio.interval.0,
            ratio.interval.1,
            without.value,
            with.value
        );
        text
    }

    fn figures(&self, size: usize, target: f64) -> Value {
        let ratio = median(&self.ratios());
        json!({
            "prompt_bytes": size, "answer_bytes": SMALL, "pairs": self.pairs.len(), "target": target,
            "ratio": {"median": ratio.value, "interval": [ratio.interval.0, ratio.interval.1], "coverage": ratio.coverage},
            "cpu_us": {"without": self.of(|pair| pair.0.micros).value, "with": self.of(|pair| pair.1.micros).value},
        })
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn head(options: &Options, without: &EnvoyProcess, with: &EnvoyProcess) -> String {
    format!(
        "# CPU time per request in Envoy, with Weir and without it\n\n\
         Measured by `cargo run --release -p weir-e2e --bin cpu-per-request` (`host-tests/e2e/src/bin/cpu-per-request.rs`, which says \
         how).\n\n\
         | | |\n|---|---|\n\
         | date | {} |\n| machine | {}, also running client and upstream |\n\
         | Envoy | {}, one worker, shipped `envoy.yaml`, log level info |\n\
         | policy | {} |\n\
         | module | {} bytes, SHA-256 {} |\n\
         | ready after | {} ms with Weir, {} ms without (one start each, all of Envoy) |\n\
         | samples | {} pairs of {:.1} s, {} connections that stay open, HTTP/1.1 on both sides |\n",
        machine::date(),
        machine::processor(),
        weir_cli::envoy::binary::VERSION,
        options.policy.as_deref().unwrap_or("shipped `baseline.json`"),
        module().size,
        module().sha256,
        millis(with.ready_after()),
        millis(without.ready_after()),
        options.pairs,
        options.sample.as_secs_f64(),
        options.connections,
    )
}
