//! How much of a stream is held back: every stream of the corpus, on the engine.
//!
//! ```text
//! cargo run -p weir-benches --bin hold-back [-- --record FILE]
//! ```
//!
//! Each answer that is a stream comes byte by byte once, and then once for each of its events, cut behind it. The record of the
//! engine says how many bytes were held between two pieces: byte by byte that is at least the longest event, since no part
//! of an event goes on; behind a whole event it is what waits for more, because a finding may not be complete or because a
//! tool call is not. An event of clean text that waits is a cost that no policy asked for.

use std::fmt::Write as _;
use std::path::PathBuf;

use weir_harness::Chunking;
use weir_harness::corpus::{Case, Cut, Message, load, run_on_engine};

/// What one stream held back.
struct Held {
    name: String,
    /// Nothing of it was redacted or blocked, and no tool was called.
    clean: bool,
    events: usize,
    /// Byte by byte: the incomplete event and everything that waits.
    by_bytes: usize,
    /// The longest event.
    longest: usize,
    /// Behind each event: bytes that wait.
    waiting: Vec<usize>,
}

impl Held {
    fn most(&self) -> usize {
        self.waiting.iter().copied().max().unwrap_or(0)
    }

    fn held_events(&self) -> usize {
        self.waiting.iter().filter(|bytes| **bytes > 0).count()
    }
}

fn main() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let cases = load(&root.join("host-tests/corpus"), &root.join("policies")).unwrap_or_else(|problem| fail(&problem));
    let streams = cases.iter().filter(|case| {
        let streams = case.response.as_ref().is_some_and(Message::streams);
        streams && case.not_on.iter().all(|(runner, _)| runner != "engine")
    });
    let mut held: Vec<Held> = streams.filter_map(measure).collect();
    held.sort_by_key(|held| std::cmp::Reverse(held.most()));
    let page = page(&held);
    print!("{page}");
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => {}
        (Some("--record"), Some(file)) => {
            std::fs::write(&file, page).unwrap_or_else(|error| fail(&format!("{file}: {error}")));
        }
        (Some(argument), _) => fail(&format!("`{argument}` is no option")),
    }
}

fn fail(problem: &str) -> ! {
    eprintln!("hold-back: {problem}");
    std::process::exit(2);
}

/// None for an answer that is refused at its headers, or judged whole.
fn measure(case: &Case) -> Option<Held> {
    let answer = case.response.as_ref()?;
    let body = answer.body.as_deref()?;
    let (by_bytes, clean) = run(case, Chunking::OneByte)?;
    let ends = answer.events.iter().scan(0, |at, length| {
        *at += length;
        Some(*at)
    });
    let waiting = ends
        .take_while(|end| *end < body.len())
        .map(|end| run(case, Chunking::Sizes(vec![end, body.len() - end])).map_or(0, |(held, _)| held))
        .collect();
    Some(Held {
        name: case.name.clone(),
        clean,
        events: answer.events.len(),
        by_bytes,
        longest: answer.events.iter().copied().max().unwrap_or(0),
        waiting,
    })
}

/// The most bytes that were held, and whether the answer was clean.
fn run(case: &Case, chunks: Chunking) -> Option<(usize, bool)> {
    let observed = run_on_engine(case, &Cut::answer(chunks)).unwrap_or_else(|problem| fail(&problem));
    let record = observed.records.first()?;
    if record.pointer("/response/stream/buffered").is_some() {
        return None;
    }
    let held = record.pointer("/response/stream/held_bytes")?.as_u64()?;
    let action = record.pointer("/response/action")?.as_str()?;
    Some((usize::try_from(held).unwrap_or(usize::MAX), action == "allow"))
}

fn page(held: &[Held]) -> String {
    let mut page = String::from("# Held back on the corpus\n\n");
    page += "Measured by `cargo run -p weir-benches --bin hold-back` (`benches/src/bin/hold-back.rs`, which says how). It counts \
             bytes on the engine, so the machine does not matter.\n\n";
    let events = |held: &mut dyn Iterator<Item = &Held>| {
        held.fold((0, 0, 0), |(streams, events, waited), held| {
            (streams + 1, events + held.events, waited + held.held_events())
        })
    };
    let (streams, all, waited) = events(&mut held.iter());
    let (clean, clean_all, clean_waited) = events(&mut held.iter().filter(|held| held.clean));
    let most = held.first();
    let by_bytes = held.iter().max_by_key(|held| held.by_bytes);
    let _ = writeln!(page, "| | |\n|---|---|");
    let _ = writeln!(page, "| streams | {streams}, of them allowed as they came: {clean} |");
    let _ = writeln!(
        page,
        "| events after which something waited | {waited} of {all}; in allowed streams {clean_waited} of {clean_all} |"
    );
    if let (Some(most), Some(by_bytes)) = (most, by_bytes) {
        let _ = writeln!(page, "| most bytes that waited behind a whole event | {} (`{}`) |", most.most(), most.name);
        let _ = writeln!(
            page,
            "| most bytes held byte by byte, an incomplete event included | {} (`{}`, longest event {}) |",
            by_bytes.by_bytes, by_bytes.name, by_bytes.longest
        );
    }
    page += "\n| stream | allowed | events | waited after | most bytes waiting | longest event | byte by byte |\n|---|---|---|---|---|---|---|\n";
    for held in held.iter().filter(|held| held.most() > 0) {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {} |",
            held.name,
            if held.clean { "yes" } else { "no" },
            held.events,
            held.held_events(),
            held.most(),
            held.longest,
            held.by_bytes
        );
    }
    page += "\nStreams that are not in the table let every event go on as soon as it was there.\n";
    page
}
