//! What Weir adds to a stream: time to first token, time per event, CPU per event, against the same Envoy without it.
//!
//! ```text
//! cargo run --release -p weir-e2e --bin stream-latency [-- --quick] [--rounds N] [--record FILE]
//! ```
//!
//! Three Envoys with one worker each run side by side, rendered from the same shipped `envoy/envoy.yaml`: without the Weir
//! filter, with a policy that looks for secrets only, and with the shipped baseline policy. In every round the same stream
//! goes through all of them, in an order that changes; what counts is the difference or ratio within a round.
//!
//! Times: the upstream sends its head and everything up to the first token at once, then one event every 20 ms, and
//! remembers when; the client remembers when each event was complete. The upstream does not think before its first token, so
//! the ratio of the times to first token is the worst there is: a model's own time would stand on both sides of it.
//!
//! CPU time is user and system time of the whole Envoy process over a sample, divided by the events of all streams in it, the
//! cost of their requests, connections and records included. Events come one by one (eight streams at a time, an event every
//! 2 ms, so that Envoy sees each by itself), or all of a stream in one write.

use serde_json::{Value, json};
use std::fmt::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};
use weir_cli::envoy::{Bootstrap, EnvoyProcess, Filter, Launch, Upstream};
use weir_cli::mock::prompt::aws_access_key_id;
use weir_e2e::median::{Median, median};
use weir_e2e::streaming::{Heard, Pace, PacedUpstream, Script, Vendor, listen};
use weir_e2e::{baseline, machine, module};

/// Between two events where times are measured.
const PAUSE: Duration = Duration::from_millis(20);
/// Between two events of one stream where CPU time is measured.
const SHORT_PAUSE: Duration = Duration::from_millis(2);
/// Streams at a time where CPU time is measured.
const STREAMS: usize = 8;
/// An event that came later than this after it was sent was held back until another came.
const HELD: Duration = Duration::from_millis(15);
/// The Envoys, in this order everywhere.
const LANES: [&str; 3] = ["without Weir", "secrets only", "baseline"];

struct Options {
    rounds: usize,
    cpu_rounds: usize,
    sample: Duration,
    record: Option<String>,
}

impl Options {
    fn read() -> Result<Options, String> {
        let mut options = Options { rounds: 15, cpu_rounds: 7, sample: Duration::from_millis(1500), record: None };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("`{argument}` needs a value"));
            match argument.as_str() {
                "--quick" => {
                    (options.rounds, options.cpu_rounds, options.sample) = (1, 1, Duration::from_millis(200));
                }
                "--rounds" => {
                    let text = value()?;
                    options.rounds = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
                    options.cpu_rounds = options.rounds.div_ceil(2);
                }
                "--record" => options.record = Some(value()?),
                _ => return Err(format!("`{argument}` is no option")),
            }
        }
        if options.rounds == 0 { Err("there must be at least one round".to_owned()) } else { Ok(options) }
    }
}

fn main() {
    let options = Options::read().unwrap_or_else(|problem| {
        eprintln!("stream-latency: {problem}");
        std::process::exit(2);
    });
    let upstream = PacedUpstream::start();
    let weir = |policy: String| Filter::Inline { wasm: module().path.clone(), policy };
    let lanes = [Filter::None, weir(secrets_only()), weir(baseline())].map(|filter| start(upstream.address(), filter));
    let mut report = head(&options);
    print!("{report}");
    let mut figures = Vec::new();
    for vendor in [Vendor::OpenAi, Vendor::Anthropic] {
        for key in [None, Some(aws_access_key_id())] {
            let script = Arc::new(vendor.script(key.as_deref()));
            check(&lanes, &upstream, vendor, &script, key.as_deref());
            let times = times(&options, &lanes, &upstream, vendor, &script);
            let paced = cpu(&options, &lanes, &upstream, vendor, &script, Pace::Each(SHORT_PAUSE));
            let at_once = cpu(&options, &lanes, &upstream, vendor, &script, Pace::AtOnce);
            let cell = Cell { vendor, redacted: key.is_some(), events: script.events.len(), times, paced, at_once };
            let text = cell.text();
            print!("{text}");
            report.push_str(&text);
            figures.push(cell.figures());
        }
    }
    if let Some(file) = &options.record {
        let figures = json!({ "streams": figures });
        let page = format!("{report}\nFor programs:\n\n```json\n{figures:#}\n```\n");
        std::fs::write(file, page).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
}

/// The baseline with no rule but the one about secrets.
fn secrets_only() -> String {
    let mut policy: Value = serde_json::from_str(&baseline()).expect("the baseline is JSON");
    let rules = policy["rules"].as_array_mut().expect("the baseline has rules");
    rules.retain(|rule| rule["id"] == "redact-secrets");
    assert_eq!(rules.len(), 1, "the baseline has a rule about secrets");
    policy.to_string()
}

fn start(upstream: SocketAddr, filter: Filter) -> EnvoyProcess {
    let upstream = Upstream { host: upstream.ip().to_string(), port: upstream.port(), tls: false, http2: false };
    EnvoyProcess::start(Launch::new(Bootstrap::new(upstream, filter))).unwrap_or_else(|error| panic!("{error}"))
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("the proxy listens");
    stream.set_nodelay(true).expect("a socket option");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a socket option");
    stream
}

/// What is measured is what is meant: clean streams go out as they came, and a secret goes out of Envoy alone.
fn check(lanes: &[EnvoyProcess; 3], upstream: &PacedUpstream, vendor: Vendor, script: &Arc<Script>, key: Option<&str>) {
    for pace in [Pace::AtOnce, Pace::Each(SHORT_PAUSE)] {
        upstream.say(script, pace);
        for (lane, envoy) in lanes.iter().enumerate() {
            let heard = listen(&mut connect(envoy.listener()), &vendor.request()).expect("a stream comes");
            assert_eq!(heard.events.len(), script.events.len(), "every event arrives");
            let text = vendor.text(&String::from_utf8_lossy(&heard.body));
            match key {
                Some(key) if lane > 0 => {
                    assert!(!text.contains(key) && text.contains("[AWS_ACCESS_KEY_ID]"), "{lane}: {text}");
                }
                _ => assert!(heard.body == script.events.concat(), "{lane}: the bytes are those of the upstream"),
            }
        }
    }
}

/// The times of one stream, in microseconds.
#[derive(Debug, Clone, Copy)]
struct Times {
    first_byte: f64,
    first_token: f64,
    /// From the upstream to the client: the median and the longest of all events behind the first token.
    event: f64,
    longest: f64,
    total: f64,
    /// Events that were held back until another came.
    held: f64,
}

impl Times {
    fn of(heard: &Heard, sent: &[Instant], first_token: usize) -> Times {
        let since = |at: Instant| micros(at.saturating_duration_since(heard.asked));
        let delays: Vec<Duration> =
            heard.events.iter().zip(sent).skip(first_token + 1).map(|(came, sent)| *came - *sent).collect();
        let in_micros: Vec<f64> = delays.iter().map(|delay| micros(*delay)).collect();
        Times {
            first_byte: since(heard.first_byte),
            first_token: since(heard.events[first_token]),
            event: median(&in_micros).value,
            longest: in_micros.iter().copied().fold(0.0, f64::max),
            total: since(heard.end),
            held: delays.iter().filter(|delay| **delay > HELD).count() as f64,
        }
    }
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// One measurement of every lane in each round; the lane that begins changes.
fn rounds<T>(count: usize, mut sample: impl FnMut(usize) -> T) -> Vec<[T; 3]> {
    let round = |round: usize| {
        let mut samples: [Option<T>; 3] = [None, None, None];
        for turn in 0..3 {
            let lane = (round + turn) % 3;
            samples[lane] = Some(sample(lane));
        }
        samples.map(|sample| sample.expect("every lane had its turn"))
    };
    (0..count).map(round).collect()
}

fn times(
    options: &Options,
    lanes: &[EnvoyProcess; 3],
    upstream: &PacedUpstream,
    vendor: Vendor,
    script: &Arc<Script>,
) -> Vec<[Times; 3]> {
    upstream.say(script, Pace::Each(PAUSE));
    let request = vendor.request();
    let mut streams = [0, 1, 2].map(|lane: usize| connect(lanes[lane].listener()));
    rounds(options.rounds, |lane| {
        let heard = listen(&mut streams[lane], &request).expect("a stream comes");
        Times::of(&heard, &upstream.sent(), script.first_token)
    })
}

/// CPU time of Envoy per event, in microseconds.
fn cpu(
    options: &Options,
    lanes: &[EnvoyProcess; 3],
    upstream: &PacedUpstream,
    vendor: Vendor,
    script: &Arc<Script>,
    pace: Pace,
) -> Vec<[f64; 3]> {
    upstream.say(script, pace);
    rounds(options.cpu_rounds, |lane| {
        let envoy = &lanes[lane];
        let (begin, time) = (Instant::now(), options.sample);
        let before = envoy.cpu_time().unwrap_or_else(|error| panic!("{error}"));
        let clients: Vec<_> = (0..STREAMS)
            .map(|_| {
                let (address, request) = (envoy.listener(), vendor.request());
                std::thread::spawn(move || {
                    let mut stream = connect(address);
                    let mut events = 0;
                    while begin.elapsed() < time {
                        events += listen(&mut stream, &request).expect("a stream comes").events.len();
                    }
                    events
                })
            })
            .collect();
        let events: usize = clients.into_iter().map(|client| client.join().expect("a client works")).sum();
        let used = envoy.cpu_time().unwrap_or_else(|error| panic!("{error}")) - before;
        micros(used) / events as f64
    })
}

/// Everything about one stream.
struct Cell {
    vendor: Vendor,
    redacted: bool,
    events: usize,
    times: Vec<[Times; 3]>,
    paced: Vec<[f64; 3]>,
    at_once: Vec<[f64; 3]>,
}

/// What a lane took, and what that is beside the lane without Weir in the same rounds.
struct Row {
    value: f64,
    added: Median,
    ratio: Median,
}

fn row<T>(rounds: &[[T; 3]], lane: usize, pick: impl Fn(&T) -> f64) -> Row {
    let of = |what: &dyn Fn(f64, f64) -> f64| {
        median(&rounds.iter().map(|round| what(pick(&round[lane]), pick(&round[0]))).collect::<Vec<_>>())
    };
    Row { value: of(&|own, _| own).value, added: of(&|own, plain| own - plain), ratio: of(&|own, plain| own / plain) }
}

impl Cell {
    /// What is measured: its name, its key, and a row for a lane.
    fn rows(&self, lane: usize) -> [(&'static str, &'static str, Row); 7] {
        let times = |pick: fn(&Times) -> f64| row(&self.times, lane, pick);
        [
            ("time to first byte", "first_byte_us", times(|times| times.first_byte)),
            ("time to first token", "first_token_us", times(|times| times.first_token)),
            ("upstream to client, median event", "event_us", times(|times| times.event)),
            ("upstream to client, longest event", "longest_event_us", times(|times| times.longest)),
            ("whole stream", "total_us", times(|times| times.total)),
            ("CPU per event, one by one", "cpu_paced_us", row(&self.paced, lane, |micros| *micros)),
            ("CPU per event, all at once", "cpu_at_once_us", row(&self.at_once, lane, |micros| *micros)),
        ]
    }

    fn held(&self, lane: usize) -> f64 {
        median(&self.times.iter().map(|round| round[lane].held).collect::<Vec<_>>()).value
    }

    fn text(&self) -> String {
        let what = if self.redacted { "a secret across four deltas" } else { "clean text" };
        let mut text = format!("\n## {}, {what}, {} events\n\n", self.vendor.name(), self.events);
        text += "| | without Weir | policy | with Weir | added | ratio |\n|---|---|---|---|---|---|\n";
        for (plain, lanes) in self.rows(0).iter().zip(self.rows(1).into_iter().zip(self.rows(2))) {
            for (policy, row) in [(LANES[1], lanes.0), (LANES[2], lanes.1)] {
                let ((name, _, plain), (_, _, Row { value, added, ratio })) = (plain, row);
                let _ = writeln!(
                    text,
                    "| {name} | {:.0} µs | {policy} | {value:.0} µs | {:.0} µs ({:.0} to {:.0}) | {:.2} ({:.2} to {:.2}) |",
                    plain.value,
                    added.value,
                    added.interval.0,
                    added.interval.1,
                    ratio.value,
                    ratio.interval.0,
                    ratio.interval.1
                );
            }
        }
        let _ = writeln!(
            text,
            "\nEvents that came more than {} ms after they were sent (median of the streams): {} {}, {} {}, {} {}.",
            HELD.as_millis(),
            self.held(0),
            LANES[0],
            self.held(1),
            LANES[1],
            self.held(2),
            LANES[2]
        );
        text
    }

    fn figures(&self) -> Value {
        let lane = |lane: usize| {
            let mut figures = json!({"lane": LANES[lane], "held_events": self.held(lane)});
            for (_, key, Row { value, added, ratio }) in self.rows(lane) {
                figures[key] = json!({
                    "median": value,
                    "added": {"median": added.value, "interval": [added.interval.0, added.interval.1]},
                    "ratio": {"median": ratio.value, "interval": [ratio.interval.0, ratio.interval.1]},
                });
            }
            figures
        };
        json!({"vendor": self.vendor.name(), "redacted": self.redacted, "events": self.events,
            "lanes": [lane(0), lane(1), lane(2)]})
    }
}

fn head(options: &Options) -> String {
    format!(
        "# Streams through Envoy, with Weir and without it\n\n\
         Measured by `cargo run --release -p weir-e2e --bin stream-latency` (`host-tests/e2e/src/bin/stream-latency.rs`, which \
         says how).\n\n\
         | | |\n|---|---|\n\
         | date | {} |\n| machine | {}, also running client and upstream; load average at the start {} |\n\
         | Envoy | {}, one worker, shipped `envoy.yaml`, log level info |\n\
         | module | {} bytes, SHA-256 {} |\n\
         | times | medians of {} rounds with their intervals, an event every {} ms |\n\
         | CPU | medians of {} rounds of {:.1} s with their intervals, {STREAMS} streams at a time |\n",
        machine::date(),
        machine::processor(),
        machine::load(),
        weir_cli::envoy::binary::VERSION,
        module().size,
        module().sha256,
        options.rounds,
        PAUSE.as_millis(),
        options.cpu_rounds,
        options.sample.as_secs_f64(),
    )
}
