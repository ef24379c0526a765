//! What a reader takes for the same: characters that are not shown left out, other forms of a letter or digit read as that
//! letter, escapes read as what they stand for.

use std::ops::Range;

use unicode_normalization::char::{decompose_canonical, decompose_compatible, is_combining_mark};

use super::escape::{self, Escape};

/// Letters that look like others, in a row, after which they are taken for what they are.
const ALIKE: usize = 32;

/// Takes the steps of [`Fold::read`].
pub(super) trait Steps {
    /// This text stays.
    fn same(&mut self, range: Range<usize>);
    /// This text reads as another one. What is left out because it is not shown reads as nothing.
    fn change(&mut self, range: Range<usize>, reads_as: &str);
}

/// What a character reads as.
#[derive(Debug, PartialEq, Eq)]
enum Reading {
    Same,
    /// It is not shown, or belongs to the letter before it.
    Nothing,
    As(char),
    /// Several characters, or compatible ones.
    Compatible,
    /// This, where letters of ASCII stand beside it.
    Like(char),
    /// The beginning of an escape, perhaps.
    Escape,
}

/// Reads texts, piece by piece.
#[derive(Debug, Default)]
pub(super) struct Fold {
    /// The last character, as it was read.
    before: Option<char>,
}

impl Fold {
    /// Whether a text reads as it is written, whatever comes before or behind it.
    pub(super) fn plain(text: &str) -> bool {
        !text.bytes().any(marked)
    }

    /// Reads a text from its beginning, as far as what comes next does not matter. Returns how far that is; the next text
    /// begins there.
    pub(super) fn read(&mut self, text: &str, ended: bool, steps: &mut impl Steps) -> usize {
        let bytes = text.as_bytes();
        let (mut same, mut at) = (0, 0);
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let Some(marked) = rest.iter().position(|byte| marked(*byte)) else { break };
            if marked > 0 {
                at = at.saturating_add(marked);
                self.before = bytes.get(at.saturating_sub(1)).map(|byte| char::from(*byte));
            }
            let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
            let end = at.saturating_add(character.len_utf8());
            let mut change = |this: &mut Self, end: usize, reads_as: &str| {
                if same < at {
                    steps.same(same..at);
                }
                steps.change(at..end, reads_as);
                this.before = reads_as.chars().next_back().or(this.before);
                same = end;
            };
            match self.reading(character) {
                Reading::Same => {
                    self.before = Some(character);
                    at = end;
                }
                Reading::Nothing => {
                    change(self, end, "");
                    at = end;
                }
                Reading::As(other) => {
                    change(self, end, other.encode_utf8(&mut [0; 4]));
                    at = end;
                }
                Reading::Compatible => {
                    let mut reads_as = String::new();
                    decompose_compatible(character, |part| {
                        if !is_combining_mark(part) && reads_as.len() < 64 {
                            reads_as.push(if part == '\u{2044}' { '/' } else { part });
                        }
                    });
                    change(self, end, &reads_as);
                    at = end;
                }
                Reading::Escape => match escape::read(bytes.get(at..).unwrap_or_default()) {
                    Escape::Open if !ended => break,
                    Escape::Open | Escape::No => {
                        self.before = Some(character);
                        at = end;
                    }
                    Escape::Of(character, len) => {
                        let end = at.saturating_add(len);
                        match self.reading(character) {
                            Reading::Nothing => change(self, end, ""),
                            Reading::As(other) | Reading::Like(other) => {
                                change(self, end, other.encode_utf8(&mut [0; 4]));
                            }
                            _ => change(self, end, character.encode_utf8(&mut [0; 4])),
                        }
                        at = end;
                    }
                },
                Reading::Like(_) => match self.alike(text, at, ended) {
                    None => break,
                    Some((end, true)) => {
                        for (place, character) in text.get(at..end).unwrap_or_default().char_indices() {
                            let from = at.saturating_add(place);
                            if same < from {
                                steps.same(same..from);
                            }
                            same = from.saturating_add(character.len_utf8());
                            if let Some(other) = alike(character) {
                                steps.change(from..same, other.encode_utf8(&mut [0; 4]));
                                self.before = Some(other);
                            }
                        }
                        at = end;
                    }
                    Some((end, false)) => {
                        self.before = text.get(at..end).and_then(|text| text.chars().next_back());
                        at = end;
                    }
                },
            }
        }
        // Where it broke off, or the end.
        let open =
            at < bytes.len() && bytes.get(at..).is_some_and(|rest| rest.first().is_some_and(|byte| marked(*byte)));
        let read = if open && !ended { at } else { bytes.len() };
        if same < read {
            steps.same(same..read);
            self.before = text.get(..read).and_then(|text| text.chars().next_back()).or(self.before);
        }
        read
    }

    /// Whether the letters from `at` on, all of which look like letters of ASCII, stand in a word with such, and where they
    /// end. `None` when that depends on text to come.
    fn alike(&self, text: &str, at: usize, ended: bool) -> Option<(usize, bool)> {
        let beside = self.before.is_some_and(|before| before.is_ascii_alphanumeric());
        let rest = text.get(at..).unwrap_or_default();
        for (count, (place, character)) in rest.char_indices().enumerate() {
            let here = at.saturating_add(place);
            if alike(character).is_none() {
                return Some((here, beside || character.is_ascii_alphanumeric()));
            }
            if count >= ALIKE {
                return Some((here, beside));
            }
        }
        // In a word of ASCII already, what comes does not matter.
        (ended || beside).then_some((text.len(), beside))
    }

    fn reading(&self, character: char) -> Reading {
        match character {
            '%' | '&' | '\\' => Reading::Escape,
            '\t' | '\n' | '\r' => Reading::Same,
            '\0'..='\u{1F}' | '\u{7F}' => Reading::Nothing,
            '\u{20}'..='\u{7E}' => Reading::Same,
            _ if not_shown(character) => Reading::Nothing,
            _ if character.is_whitespace() => Reading::As(' '),
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => self.dash(),
            '\u{2024}' | '\u{FE52}' => Reading::As('.'),
            _ if is_combining_mark(character) => match self.before {
                Some(before) if takes_no_marks(before) => Reading::Nothing,
                _ => Reading::Same,
            },
            _ => other_form(character),
        }
    }

    /// Between words a dash is a dash.
    fn dash(&self) -> Reading {
        if self.before.is_some_and(|before| before.is_ascii_alphanumeric() || before == '-') {
            Reading::As('-')
        } else {
            Reading::Same
        }
    }
}

/// Whether a text may read differently from this byte on.
const fn marked(byte: u8) -> bool {
    !byte.is_ascii()
        || matches!(byte, b'%' | b'&' | b'\\' | 0x7F)
        || (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r'))
}

/// Characters that no font shows, or that only change how others are shown (Unicode 16, `Default_Ignorable_Code_Point`,
/// and the fillers and joiners beside it).
pub(super) const fn not_shown(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{9F}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Scripts whose letters are complete without a mark: one that no letter of its own contains is decoration. In others a mark
/// is a vowel.
const fn takes_no_marks(character: char) -> bool {
    (character.is_ascii() && !character.is_ascii_control())
        || matches!(character, '\u{C0}'..='\u{24F}' | '\u{370}'..='\u{52F}' | '\u{1E00}'..='\u{1FFF}')
}

/// A letter or digit of ASCII in another form.
fn other_form(character: char) -> Reading {
    if let Some(digit) = digit(character) {
        return Reading::As(digit);
    }
    if let Some(letter) = in_a_box(character).or_else(|| braille(character)) {
        return Reading::As(letter);
    }
    if let Some(letter) = alike(character) {
        return Reading::Like(letter);
    }
    let (mut compatible, mut canonical) = (Characters::default(), Characters::default());
    decompose_compatible(character, |part| compatible.push(part));
    decompose_canonical(character, |part| canonical.push(part));
    if compatible == canonical { Reading::Same } else { Reading::Compatible }
}

/// The first few characters of a decomposition, which tell two apart.
#[derive(Debug, Default, PartialEq, Eq)]
struct Characters {
    first: [char; 4],
    count: usize,
}

impl Characters {
    fn push(&mut self, character: char) {
        if let Some(place) = self.first.get_mut(self.count) {
            *place = character;
        }
        self.count = self.count.saturating_add(1);
    }
}

/// A decimal digit of another script (Unicode 16, `Nd`): each script has its ten in a row.
fn digit(character: char) -> Option<char> {
    const ZEROS: &[u32] = &[
        0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50,
        0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50,
        0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136,
        0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0,
        0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950,
    ];
    let point = u32::from(character);
    let zero = *ZEROS.get(ZEROS.partition_point(|zero| *zero <= point).checked_sub(1)?)?;
    char::from_digit(point.checked_sub(zero)?, 10)
}

/// Letters in white on black, and the indicators that flags are made of, have no decomposition.
fn in_a_box(character: char) -> Option<char> {
    let first = match character {
        '\u{1F150}'..='\u{1F169}' => 0x1F150,
        '\u{1F170}'..='\u{1F189}' => 0x1F170,
        '\u{1F1E6}'..='\u{1F1FF}' => 0x1F1E6,
        _ => return None,
    };
    let place = u8::try_from(u32::from(character).checked_sub(first)?).ok()?;
    Some(char::from(b'a'.saturating_add(place)))
}

/// Unified English Braille, grade 1: letters and the signs that addresses need. A pattern's number is its dots, the first
/// in the lowest bit (Unicode 16, block Braille Patterns).
fn braille(character: char) -> Option<char> {
    const LETTERS: &[(u8, char)] = &[
        (0x00, ' '),
        (0x01, 'a'),
        (0x03, 'b'),
        (0x09, 'c'),
        (0x19, 'd'),
        (0x11, 'e'),
        (0x0B, 'f'),
        (0x1B, 'g'),
        (0x13, 'h'),
        (0x0A, 'i'),
        (0x1A, 'j'),
        (0x05, 'k'),
        (0x07, 'l'),
        (0x0D, 'm'),
        (0x1D, 'n'),
        (0x15, 'o'),
        (0x0F, 'p'),
        (0x1F, 'q'),
        (0x17, 'r'),
        (0x0E, 's'),
        (0x1E, 't'),
        (0x25, 'u'),
        (0x27, 'v'),
        (0x3A, 'w'),
        (0x2D, 'x'),
        (0x3D, 'y'),
        (0x35, 'z'),
        (0x32, '.'),
        (0x02, ','),
        (0x24, '-'),
        (0x12, ':'),
    ];
    let dots = u8::try_from(u32::from(character).checked_sub(0x2800)?).ok()?;
    LETTERS.iter().find(|(pattern, _)| *pattern == dots).map(|(_, letter)| *letter)
}

/// The letter of ASCII that a letter of another script looks like in most fonts (from the shapes; compare UTS #39).
fn alike(character: char) -> Option<char> {
    const OTHERS: &[(&str, &str)] = &[
        // Cyrillic.
        ("АВЕЅІЈКМНОРСТХУаеѕіјорсхуһԁԛԝѵᴦ", "ABESIJKMHOPCTXYaesijopcxyhdqwvr"),
        ("ҮүӀӏԌԍ", "YyIlGg"),
        // Greek.
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳανορυχϲγικ", "ABEZHIKMNOPTYXCjavopuxcyik"),
        // Armenian.
        ("ՕՍԼհոսօցզ", "OULhnuogq"),
        // Cherokee.
        ("ᎪᎫᎬᎳᎷᎻᏀᏃᏆᏎᏔᏚᏞᏟᏢᏦᏩᏴᏙᏒ", "AJEWMHGZIAWSLCPKGBVR"),
        // Latin letters of their own.
        ("ıɩɑɡƖοᴏᴄᴜᴠᴡᴢꜱʀɪʏɴʟᴊᴋᴍᴘᴛᴅᴇɢʜʙ", "iiaglooCuvwzsriynljkmptdeghb"),
    ];
    if !matches!(character, '\u{131}'..='\u{58F}' | '\u{13A0}'..='\u{13F4}' | '\u{1D00}'..='\u{1D7F}' | '\u{A731}') {
        return None;
    }
    OTHERS.iter().find_map(|(others, letters)| {
        let place = others.chars().position(|other| other == character)?;
        letters.chars().nth(place)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes what a text reads as, and checks that the steps cover it.
    struct Reader<'t> {
        text: &'t str,
        at: usize,
        reads_as: String,
    }

    impl Steps for Reader<'_> {
        fn same(&mut self, range: Range<usize>) {
            assert_eq!(range.start, self.at);
            self.at = range.end;
            self.reads_as.push_str(self.text.get(range).unwrap_or_default());
        }

        fn change(&mut self, range: Range<usize>, reads_as: &str) {
            assert_eq!(range.start, self.at);
            self.at = range.end;
            self.reads_as.push_str(reads_as);
        }
    }

    fn read(text: &str) -> String {
        let mut reader = Reader { text, at: 0, reads_as: String::new() };
        assert_eq!(Fold::default().read(text, true, &mut reader), text.len());
        assert_eq!(reader.at, text.len());
        reader.reads_as
    }

    #[test]
    fn disguises_are_read_as_what_they_show() {
        for (text, expected) in [
            ("plain text", "plain text"),
            ("ｉｇｎｏｒｅ", "ignore"),
            ("𝐢𝓰𝔫𝕠𝗋𝙚", "ignore"),
            ("ⓘⓖⓝⓞⓡⓔ", "ignore"),
            ("🅸🅶🅽🅾🆁🅴", "ignore"),
            ("🇮🇬", "ig"),
            ("ﬁle №", "file No"),
            ("i\u{200B}g\u{AD}n\u{2060}o\u{FEFF}re", "ignore"),
            ("i\u{E0041}g\u{FE0F}", "ig"),
            ("i\u{301}g\u{336}n\u{327}", "ign"),
            ("іgnоrе", "ignore"),
            ("Іgnore", "Ignore"),
            ("сеrt", "cert"),
            ("все сети", "все сети"),
            ("за ас", "за ас"),
            ("%69%67n", "ign"),
            ("&#105;gn&amp;#111;", "igno"),
            ("\\u0069\\x67", "ig"),
            ("٤١١١ ४", "4111 4"),
            ("4111–1111 — yes", "4111-1111 — yes"),
            ("a\u{A0}b\u{3000}c\u{2028}d", "a b c d"),
            ("⠊⠛⠝⠕⠗⠑⠀⠁", "ignore a"),
            ("i\u{8}g\u{7F}", "ig"),
            ("café à la ﬂeur", "café à la fleur"),
            ("नमस्ते दुनिया", "नमस्ते दुनिया"),
            ("می\u{200C}خواهم", "میخواهم"),
            ("100% & more \\n", "100% & more \\n"),
            ("漢字，", "漢字,"),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn every_letter_that_looks_like_another_has_one() {
        for character in ('\u{80}'..='\u{FFFF}').filter(|character| alike(*character).is_some()) {
            assert!(alike(character).is_some_and(|letter| letter.is_ascii_alphabetic()), "{character:?}");
        }
        assert_eq!(alike('Ѕ'), Some('S'));
        assert_eq!(alike('ԝ'), Some('w'));
        assert_eq!(alike('κ'), Some('k'));
        assert_eq!(alike('զ'), Some('q'));
        assert_eq!(alike('Ꮢ'), Some('R'));
        assert_eq!(alike('ʙ'), Some('b'));
    }
}
