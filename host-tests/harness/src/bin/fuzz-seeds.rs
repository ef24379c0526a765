//! Writes what the targets of `filter/fuzz` begin with: `fuzz-seeds <folder>` makes a folder for each target there, with the
//! bodies, streams, headers and policies of the corpus, each behind the settings that the target takes first.

#![expect(
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a tool for the terminal of whoever fuzzes; every index is taken modulo the length"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use weir_engine::stream::encodings::Encoding;
use weir_engine::stream::frames::Format;
use weir_harness::corpus::{Case, Header, Message, load};

/// Fuzzers would cut longer ones.
const LONGEST: usize = 16_000;

fn main() -> ExitCode {
    match std::env::args()
        .nth(1)
        .ok_or("usage: fuzz-seeds <folder>".to_owned())
        .and_then(|folder| write(Path::new(&folder)))
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> Result<(), String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut seeds = Seeds::default();
    for (number, case) in (0..=u8::MAX).cycle().zip(load(&root.join("host-tests/corpus"), &root.join("policies"))?) {
        seeds.case(number, &case);
    }
    for kind in 0..14 {
        let text = ["so it is, ", "\u{1E}", "and AKIA", "é [\\\"{ -----BEGIN "][usize::from(kind) % 4];
        seeds.add("session_stream", &[kind, kind, 77, 3, kind, kind], text.as_bytes());
    }
    for text in ["", "Zg==", "Zm8=", "Zm9v", "eyJkZWx0YSI6eyJ0ZXh0IjoiYSJ9fQ=="] {
        seeds.add("base64", &[], text.as_bytes());
    }
    for (number, (target, bytes)) in seeds.all.iter().enumerate() {
        let folder = folder.join(target);
        let written =
            std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(folder.join(number.to_string()), bytes));
        written.map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    Ok(())
}

/// Target and input, each once.
#[derive(Default)]
struct Seeds {
    all: BTreeSet<(&'static str, Vec<u8>)>,
}

impl Seeds {
    fn add(&mut self, target: &'static str, settings: &[u8], bytes: &[u8]) {
        let seed = [settings, bytes].concat();
        if seed.len() <= LONGEST {
            self.all.insert((target, seed));
        }
    }

    fn case(&mut self, number: u8, case: &Case) {
        self.add("policy_json", &[], case.policy.0.as_bytes());
        self.add("policy_protobuf", &[], case.policy.0.as_bytes());
        self.exchange(number, case);
        let lines = |message: &Message| {
            let lines = message.headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
            lines.collect::<String>()
        };
        let pseudo = format!(":method: {}\n:path: {}\n", case.request.method, case.request.path);
        let answer = case.response.as_ref().map(|answer| format!("\n:status: {}\n{}", answer.status, lines(answer)));
        let headers = [pseudo, lines(&case.request), answer.unwrap_or_default()].concat();
        self.add("headers", &[number, number], headers.as_bytes());
        for message in std::iter::once(&case.request).chain(&case.response) {
            self.message(number, message);
        }
    }

    /// One body, for every reader that could be given it.
    fn message(&mut self, number: u8, message: &Message) {
        let Some(body) = &message.body else { return };
        let settings = [number, number.rotate_left(3)];
        self.add("detect", &settings, body);
        let framed: Option<&'static str> = message.format.map(|format| match format {
            Format::Sse => "sse",
            Format::Lines => "lines",
            Format::JsonArray => "json_array",
            Format::AwsEventStream => "aws_event_stream",
            Format::AwsEventStreamChunks => "aws_event_stream_chunks",
        });
        if let Some(target) = framed {
            self.add(target, &[settings[0], settings[1] & 0xFE, 255], body);
        }
        if matches!(body.first(), Some(b'{' | b'[')) {
            self.add("json", &[], body);
            self.add("splice", &[settings[0], settings[1], number], body);
        }
        let media = value(&message.headers, "content-type");
        if media.contains("urlencoded") {
            self.add("form", &[], body);
        }
        if media.contains("multipart") {
            self.add("multipart", &[media.as_bytes(), b"\n"].concat(), body);
        }
        if let Some(encoding) = encoding(&message.headers) {
            self.add("encodings", &[settings[0], settings[1], encoding], body);
        }
    }

    fn exchange(&mut self, number: u8, case: &Case) {
        let (request, none) = (&case.request, Message::default());
        let answer = case.response.as_ref().unwrap_or(&none);
        let bit = |set: bool, at: u8| u8::from(set) << at;
        let flags = bit(!request.trailers.is_empty(), 0)
            | bit(!answer.trailers.is_empty(), 1)
            | bit(answer.declared, 2)
            | bit(answer.status >= 400, 3)
            | encoding(&answer.headers).map_or(0, |encoding| encoding << 4 | 1 << 6);
        let (asked, kind) = (value(&request.headers, "content-type"), value(&answer.headers, "content-type"));
        let (question, said) = (request.body.as_deref(), answer.body.as_deref());
        let fields = [
            request.path.as_bytes(),
            asked.as_bytes(),
            question.unwrap_or_default(),
            kind.as_bytes(),
            said.unwrap_or_default(),
        ];
        self.add("session_whole", &[number, number.rotate_left(5), number, flags], &fields.join(&0x1E));
    }
}

fn value<'h>(headers: &'h [Header], name: &str) -> &'h str {
    headers.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
}

/// The place of the encoding among all.
fn encoding(headers: &[Header]) -> Option<u8> {
    let encoding = Encoding::from_name(value(headers, "content-encoding").as_bytes())?;
    (0..).zip(Encoding::ALL).find(|(_, own)| *own == encoding).map(|(place, _)| place)
}
