//! Text that its reader does not see: characters that are not shown, and sequences that a terminal carries out.
//!
//! Each finds the hidden characters themselves, whatever they say. What they decode to is also scanned for everything else:
//! see [`super::view`].

pub(super) mod bidi_override;
pub(super) mod tags;
pub(super) mod terminal_escape;
pub(super) mod variation_selectors;
pub(super) mod zero_width;

/// Bytes of a run of hidden characters, above which it is found in pieces.
pub(super) const LONGEST: usize = 2048;

/// Which characters a detector finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unseen {
    /// Tags.
    Tags,
    /// Variation selectors.
    Selectors,
    /// Overrides of the direction.
    Override,
    /// Characters without width.
    ZeroWidth,
}

impl Unseen {
    /// Number of kinds.
    pub(super) const COUNT: usize = 4;

    /// Which kind a character is of.
    pub(super) const fn of(character: char) -> Option<Self> {
        match character {
            '\u{E0000}'..='\u{E007F}' => Some(Unseen::Tags),
            '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => Some(Unseen::Selectors),
            '\u{202D}' | '\u{202E}' => Some(Unseen::Override),
            '\u{34F}'
            | '\u{115F}'
            | '\u{1160}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200D}'
            | '\u{2060}'..='\u{2064}'
            | '\u{3164}'
            | '\u{FEFF}'
            | '\u{FFA0}' => Some(Unseen::ZeroWidth),
            _ => None,
        }
    }

    /// Its place among the kinds.
    pub(super) const fn index(self) -> usize {
        self as usize
    }
}
