//! Numbers of people: read once, judged by every type that they may be.
//!
//! Flows in: a place where a run of digits begins. Flows out: at most one finding, of the type that fits best. A number is
//! read once with its letters and separators ([`place`]); its length and the place of its first separator lead to the few
//! [`Kind`]s that are written so; their check digits decide, and only for what is left the words before the number are
//! looked up, in one pass for all types ([`context`]). What has no fixed form has a reader of its own ([`own`]).
//!
//! A check digit alone is weak: one number in ten has the right one. So each kind says what it is worth without words
//! ([`Trust`]); with them a right check makes certain.

/// Writes down kinds: id, label, description; how it is read; trust; words; evidence.
macro_rules! kinds {
    ($($id:literal $label:literal $about:literal $read:expr, $trust:ident, [$($word:literal),* $(,)?]
        hits [$([$($hit:literal),+ $(,)?]),+ $(,)?] misses [$($miss:literal),+ $(,)?];)+) => {
        pub(super) const KINDS: &[super::Kind] = &[$(super::Kind {
            id: $id,
            label: $label,
            about: $about,
            read: $read,
            words: &[$($word),*],
            trust: super::$trust,
            evidence: crate::detect::Evidence {
                hits: &[$(&[$($hit),+]),+],
                misses: &[$(&[$miss]),+],
                computed: &[],
            },
        }),+];
    };
}

mod americas;
mod asia;
mod context;
mod europe_north;
mod europe_south;
mod europe_west;
mod list;
mod own;
mod place;
mod south;
mod world;

use std::ops::Range;

use self::context::Context;
use self::place::Place;
use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome};

pub(crate) use list::{DETECTORS, EVIDENCE};

/// One type of number.
#[derive(Debug)]
pub(crate) struct Kind {
    /// As [`Detector::id`].
    id: &'static str,
    /// As [`Detector::label`].
    label: &'static str,
    /// As [`Detector::about`].
    about: &'static str,
    read: Read,
    /// Words that stand before such a number, in the languages of the country and in English: lower case, words apart by
    /// one space. Also the names of JSON keys, in which `_`, `-` and a change of case divide words.
    words: &'static [&'static str],
    trust: Trust,
    evidence: Evidence,
}

/// How a number is read.
#[derive(Debug)]
enum Read {
    /// In one of these forms: `9` is a digit, `A` a letter, `X` either, everything else stands for itself. The function, if
    /// there is one, checks it without separators and in upper case; without one, the words alone tell what it is.
    Forms(&'static [&'static str], Option<fn(&[u8]) -> bool>),
    /// By a function, which finds at most so many bytes.
    Own(Reader, usize),
}

/// Reads a number that has no fixed form.
type Reader = fn(&Place<'_, '_>) -> Result<Option<Seen>, More>;

/// What a number is worth that has no words before it.
#[derive(Debug, Clone, Copy)]
struct Trust {
    /// In one run.
    bare: Option<Confidence>,
    /// In groups with spaces between them.
    spaced: Option<Confidence>,
    /// With other separators.
    joined: Option<Confidence>,
}

/// Nothing: the number needs its words.
const CONTEXT: Trust = Trust { bare: None, spaced: None, joined: None };
/// Only its separators make it worth something.
const JOINED: Trust = Trust { joined: Some(Confidence::Likely), ..CONTEXT };
/// Only its groups do.
const GROUPED: Trust = Trust { spaced: Some(Confidence::Likely), ..JOINED };
/// A rare form, which can still be something else.
const HINT: Trust = Trust { bare: Some(Confidence::Possible), ..JOINED };
/// A rare form, and rarer in groups.
const GROUPED_HINT: Trust = Trust { bare: Some(Confidence::Possible), ..GROUPED };
/// The same, where it is separators that make it possible.
const JOINED_HINT: Trust = Trust { joined: Some(Confidence::Possible), ..CONTEXT };
/// Hardly anything else.
const STRONG: Trust = Trust { bare: Some(Confidence::Likely), ..GROUPED };

/// More text must come before this can be decided.
#[derive(Debug)]
struct More;

/// What a reader has seen: where, and what it is worth without and with words.
#[derive(Debug)]
struct Seen {
    range: Range<usize>,
    alone: Option<Confidence>,
    named: Option<Confidence>,
    /// Its words must stand close before it, with no other number between.
    close: bool,
}

impl Kind {
    /// The detector of this kind.
    const fn detector(&'static self) -> Detector {
        Detector {
            id: self.id,
            label: self.label,
            about: self.about,
            max_span: self.longest(),
            anchors: &[Anchor::Number],
            find: Find::Code(|_| Outcome::Miss),
            tail: None,
            rank: 0,
        }
    }

    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler: an index out of bounds does not build")]
    const fn longest(&self) -> usize {
        match self.read {
            Read::Own(_, longest) => longest,
            Read::Forms(forms, _) => {
                let (mut longest, mut at) = (0, 0);
                while at < forms.len() {
                    if forms[at].len() > longest {
                        longest = forms[at].len();
                    }
                    at += 1;
                }
                longest
            }
        }
    }
}

/// A form, made ready for comparison.
#[derive(Debug)]
struct Form {
    /// Its length, and the offset of its first separator or its length.
    key: (u8, u8),
    /// Which bytes are digits, letters or either, one bit each.
    digits: u64,
    letters: u64,
    either: u64,
    template: &'static [u8],
    /// Index in [`Numbers::kinds`].
    kind: u8,
}

impl Form {
    fn new(template: &'static str, kind: u8) -> Form {
        let bits = |wanted: u8| {
            template.bytes().enumerate().filter(|(_, byte)| *byte == wanted).fold(0_u64, |bits, (at, _)| bits | 1 << at)
        };
        let (digits, letters, either) = (bits(b'9'), bits(b'A'), bits(b'X'));
        let first = (!(digits | letters | either)).trailing_zeros() as usize;
        let narrow = |length: usize| u8::try_from(length).unwrap_or(u8::MAX);
        let key = (narrow(template.len()), narrow(first.min(template.len())));
        Form { key, digits, letters, either, template: template.as_bytes(), kind }
    }

    fn fits(&self, text: &[u8], digits: u64, letters: u64) -> bool {
        let separator = |(byte, form): (&u8, &u8)| matches!(form, b'9' | b'A' | b'X') || byte == form;
        self.digits & !digits == 0
            && self.letters & !letters == 0
            && self.either & !(digits | letters) == 0
            && text.iter().zip(self.template).all(separator)
    }
}

/// The kinds that a set enables.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    kinds: Vec<(u16, &'static Kind)>,
    /// The kinds with a reader of their own.
    own: Vec<(u8, Reader)>,
    /// Sorted by their keys.
    forms: Vec<Form>,
    /// For each length of a form, where those of this length begin.
    lengths: Vec<u16>,
    context: Context,
}

/// The most kinds that a set can have; each is one bit and one byte somewhere.
const KINDS_MAX: usize = 192;

impl Numbers {
    /// These detectors, each with its number in the set. Those that are no numbers are left out.
    pub(crate) fn new(entries: &[(u16, &'static str)]) -> Option<Numbers> {
        let kind =
            |(entry, id): &(u16, &str)| list::KINDS.iter().find(|kind| kind.id == *id).map(|kind| (*entry, *kind));
        let kinds: Vec<(u16, &Kind)> = entries.iter().filter_map(kind).take(KINDS_MAX).collect();
        let (mut forms, mut own) = (Vec::new(), Vec::new());
        for (index, (_, kind)) in (0..).zip(&kinds) {
            match kind.read {
                Read::Forms(templates, _) => forms.extend(templates.iter().map(|template| Form::new(template, index))),
                Read::Own(read, _) => own.push((index, read)),
            }
        }
        forms.sort_by_key(|form| (form.key, form.kind));
        let before = |len: usize| forms.partition_point(|form| usize::from(form.key.0) < len);
        let lengths = (0..=64).map(|len| u16::try_from(before(len)).unwrap_or(u16::MAX)).collect();
        let context = Context::new(kinds.iter().map(|(_, kind)| kind.words));
        (!kinds.is_empty()).then_some(Numbers { kinds, own, forms, lengths, context })
    }

    /// Whether the words of some kind stand in a text.
    pub(crate) fn mentions(&self, text: &str) -> bool {
        self.context.mentions(text)
    }

    /// Judges the number at an anchor: the outcome, and the detector that it is of.
    pub(crate) fn look(&self, candidate: &Candidate<'_>) -> (Outcome, u16) {
        match self.judge(candidate) {
            Ok(found) => found.map_or((Outcome::Miss, 0), |(range, sure, entry)| (Outcome::Hit(range, sure), entry)),
            // What may belong to the number before its first digit is what was not released before that came.
            Err(More) => {
                let digit = candidate.anchor().start;
                (Outcome::Wait(digit.saturating_sub(tail(candidate.slice(0..digit)))), 0)
            }
        }
    }

    fn judge(&self, candidate: &Candidate<'_>) -> Result<Option<(Range<usize>, Confidence, u16)>, More> {
        if !place::may_begin(candidate) {
            return Ok(None);
        }
        let Some(place) = Place::read(candidate)? else { return Ok(None) };
        let mut fits = Vec::new();
        for (index, read) in &self.own {
            if let Some(seen) = read(&place)? {
                let alone = seen.alone.filter(|_| !place.weak);
                fits.push((usize::from(*index), Seen { alone, ..seen }));
            }
        }
        if !place.joined {
            self.forms(&place, &mut fits);
        }
        if fits.is_empty() {
            return Ok(None);
        }
        let near = self.context.near(candidate, place.start);
        let judged = fits.into_iter().filter_map(|(index, seen)| {
            let named = near.of(index, seen.close);
            let sure = if named > 0 { seen.named } else { seen.alone }?;
            Some(((sure, named, seen.range.len()), index, seen.range))
        });
        // Of several that are worth the same, the first.
        let best = judged.reduce(|best, other| if other.0 > best.0 { other } else { best });
        Ok(best.and_then(|((sure, ..), index, range)| Some((range, sure, self.kinds.get(index)?.0))))
    }

    /// The forms of a length.
    fn of_length(&self, len: usize) -> &[Form] {
        let place = |len: usize| self.lengths.get(len).copied().map_or(0, usize::from);
        self.forms.get(place(len)..place(len + 1)).unwrap_or_default()
    }

    /// Adds the kinds in whose forms the number is written and whose check it passes.
    fn forms(&self, place: &Place<'_, '_>, fits: &mut Vec<(usize, Seen)>) {
        let starts = place.prefix.into_iter().chain(std::iter::once((place.start, place.weak)));
        for ((start, weak), end) in starts.flat_map(|start| place.ends().map(move |end| (start, end))) {
            let text = place.candidate.bytes().get(start..end).unwrap_or_default();
            let (digits, letters) = classes(text);
            let first = ((!(digits | letters)).trailing_zeros() as usize).min(text.len());
            let same = |form: &&Form| usize::from(form.key.1) == first;
            let mut alike = self.of_length(text.len()).iter().filter(same).peekable();
            if alike.peek().is_none() {
                continue;
            }
            let compact: Vec<u8> =
                text.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_uppercase).collect();
            let lower = text.iter().any(u8::is_ascii_lowercase);
            for form in alike.filter(|form| form.fits(text, digits, letters)) {
                let index = usize::from(form.kind);
                let Some((_, Kind { read: Read::Forms(_, check), trust, .. })) = self.kinds.get(index) else {
                    continue;
                };
                place.candidate.charge(text.len());
                if check.is_some_and(|check| !check(&compact)) {
                    continue;
                }
                let alone = match text.iter().find(|byte| !byte.is_ascii_alphanumeric()) {
                    _ if lower || weak => None,
                    None => trust.bare,
                    Some(b' ') => trust.spaced,
                    Some(_) => trust.joined,
                };
                let named = Some(if check.is_some() { Confidence::Certain } else { Confidence::Likely });
                fits.push((index, Seen { range: start..end, alone, named, close: false }));
            }
        }
    }
}

/// Which bytes are digits and which are letters, one bit each. Texts are shorter than 64.
fn classes(text: &[u8]) -> (u64, u64) {
    text.iter().take(64).enumerate().fold((0, 0), |(digits, letters), (at, byte)| {
        let bit = 1_u64 << at;
        (
            if byte.is_ascii_digit() { digits | bit } else { digits },
            if byte.is_ascii_alphabetic() { letters | bit } else { letters },
        )
    })
}

/// How much of the end of a text may still become the beginning of a number before its first digit has come.
pub(crate) fn tail(text: &str) -> usize {
    place::tail(text).max(own::tail(text))
}
