//! Evidence for the detectors that are data, made from what they declare: every one is found in its shortest and longest
//! form, and is not when one thing is wrong. No text of this kind is stored.

use super::super::{Anchor, Class, Detector, Find, Part, lex};
use super::*;

/// A generator of pseudo-random numbers (xorshift64, Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

fn members(class: Class) -> Vec<char> {
    (0..128).filter(|byte| class.has(*byte)).map(char::from).collect()
}

/// How the runs of a secret are filled.
#[derive(Clone, Copy)]
enum Fill {
    Random,
    One,
    Ascending,
    Words,
}

fn filled(class: Class, len: usize, fill: Fill, random: &mut Random) -> String {
    let members = members(class);
    match fill {
        Fill::One => members.iter().cycle().skip(members.len() / 2).take(1).cycle().take(len).collect(),
        Fill::Ascending => members.iter().cycle().take(len).collect(),
        Fill::Words => "colony_is_not_a_key-".chars().filter(|one| class.has(*one as u8)).cycle().take(len).collect(),
        Fill::Random => loop {
            let run: String = (0..len).map(|_| members[random.below(members.len())]).collect();
            let ordinary = lex::placeholder(run.as_bytes()) || lex::words(run.as_bytes());
            if len < 12 || members.len() < 5 || !ordinary {
                return run;
            }
        },
    }
}

/// A secret in its shortest or longest form.
fn body(parts: &[Part], longest: bool, fill: Fill, random: &mut Random) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => (*text).to_owned(),
        Part::Run(class, least, most) => filled(*class, if longest { *most } else { *least }, fill, random),
        Part::Uuid => {
            let hex = Class::of("a-f0-9");
            [8, 4, 4, 4, 12].map(|len| filled(hex, len, fill, random)).join("-")
        }
    };
    parts.iter().map(part).collect()
}

/// What stands before a secret, the secret, what stands behind it; and the parts of which it is made.
struct Text {
    before: String,
    secret: String,
    after: &'static str,
}

impl Text {
    fn sample(self, id: &'static str) -> Sample {
        let finding = Some(self.before.len()..self.before.len() + self.secret.len());
        Sample { id, text: [&self.before, self.secret.as_str(), self.after].concat(), finding }
    }
}

fn anchor(anchor: &Anchor) -> &'static str {
    match anchor {
        Anchor::Text(text) | Anchor::Prefix(text) | Anchor::Name(text) => text,
        Anchor::Digits | Anchor::DigitsBehindLetters | Anchor::Number | Anchor::Unseen(_) => "",
    }
}

/// A secret of a detector around or behind one of its anchors, with what must stand before it.
fn secret(detector: &Detector, text: &str, longest: bool, fill: Fill, random: &mut Random) -> (String, String) {
    match &detector.find {
        Find::Token(token) => {
            let front = token.before.map(|(class, len)| filled(class, len, fill, random)).unwrap_or_default();
            let (plain, front) = front.split_at(lex::plain(front.as_bytes()));
            (plain.to_owned(), [front, text, &body(token.parts, longest, fill, random)].concat())
        }
        Find::Named(named) => (format!("{text}_api_key = "), body(named.value, longest, fill, random)),
        Find::Code(_) => (String::new(), String::new()),
    }
}

fn declared() -> impl Iterator<Item = &'static Detector> {
    DETECTORS.iter().copied().filter(|detector| !matches!(detector.find, Find::Code(_)))
}

pub(super) fn hits() -> Vec<Sample> {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut hits = Vec::new();
    for detector in declared() {
        for text in detector.anchors.iter().map(anchor) {
            for (open, close) in [("", ""), ("\"", "\"")] {
                let (before, secret) = secret(detector, text, !close.is_empty(), Fill::Random, &mut random);
                let before =
                    if matches!(detector.find, Find::Token(_)) { open.to_owned() + &before } else { before + open };
                hits.push(Text { before, secret, after: close }.sample(detector.id));
            }
        }
        if let Find::Named(named) = &detector.find {
            let name = anchor(&detector.anchors[0]);
            for before in [
                format!("export {}_TOKEN=", name.to_uppercase()),
                format!("{{\"{name}\": {{\"secret\": \""),
                format!("{name}:\n  auth_token: "),
                format!("the {name} token is "),
            ] {
                let secret = body(named.value, true, Fill::Random, &mut random);
                hits.push(Text { before, secret, after: "\n" }.sample(detector.id));
            }
        }
    }
    hits
}

/// Texts in which one thing is wrong, and what that is.
fn misses(detector: &Detector, text: &str, random: &mut Random) -> Vec<(&'static str, String)> {
    let mut of = |longest, fill| {
        let (before, secret) = secret(detector, text, longest, fill, random);
        if matches!(detector.find, Find::Token(_)) { (String::new(), before + &secret) } else { (before, secret) }
    };
    let (before, short) = of(false, Fill::Random);
    let (_, long) = of(true, Fill::Random);
    let (_, one) = of(true, Fill::One);
    let (_, ascending) = of(true, Fill::Ascending);
    let (_, words) = of(true, Fill::Words);
    let parts = match &detector.find {
        Find::Token(token) => token.parts,
        Find::Named(named) => named.value,
        Find::Code(_) => &[],
    };
    let more = match parts.last() {
        Some(Part::Run(class, ..)) => members(*class)[0],
        _ => '0',
    };
    let mut misses = vec![
        ("too short", format!("{before}{} ", &short[..short.len() - 1])),
        ("too long", format!("{before}{long}{more} ")),
        ("goes on", format!("{before}{long}__ ")),
        ("one character", format!("{before}{one} ")),
        ("ascending", format!("{before}{ascending} ")),
        ("in an identifier", format!("x{before}{long} ")),
    ];
    let wordy = |part: &Part| matches!(part, Part::Run(class, _, most) if *most >= 24 && class.has(b'z'));
    if parts.iter().any(wordy) && parts.iter().all(|part| !matches!(part, Part::Uuid | Part::Text(_))) {
        let spelled =
            parts.iter().all(|part| matches!(part, Part::Run(class, ..) if class.has(b'z') || class.has(b'=')));
        misses.extend(spelled.then(|| ("words", format!("{before}{words} "))));
    }
    match &detector.find {
        Find::Token(_) => {
            let other: String = text
                .chars()
                .map(|one| if one.is_ascii_lowercase() { one.to_ascii_uppercase() } else { one.to_ascii_lowercase() })
                .collect();
            if other != text {
                misses.push(("other case", long.replacen(text, &other, 1)));
            }
        }
        Find::Named(_) => {
            misses.push(("nothing is assigned", format!("{text} key and {long} ")));
            misses.push(("another line", format!("{text}_key\nand {long} ")));
            if !text.contains("key") && !text.contains("token") && !text.contains("auth") {
                misses.push(("no word for a secret", format!("{text}_build = {long} ")));
            }
        }
        Find::Code(_) => {}
    }
    misses
}

#[test]
fn one_wrong_thing_makes_a_miss() {
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let mut wrong = Vec::new();
    for detector in declared() {
        for text in detector.anchors.iter().map(anchor) {
            for (what, miss) in misses(detector, text, &mut random) {
                let found = whole(&CATALOG, &miss);
                if found.iter().any(|finding| id(&CATALOG, finding) == detector.id) {
                    wrong.push(format!("{} {what}: {miss:?}", detector.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_at_least_two_hundred_families_of_secrets() {
    let secrets = DETECTORS.iter().filter(|detector| detector.id.starts_with("secret/")).count();
    assert!(secrets >= 200, "{secrets}");
}
