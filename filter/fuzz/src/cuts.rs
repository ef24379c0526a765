//! How bytes and texts are cut into pieces: by two bytes of the input, so that a cut that matters can be found.

/// Pieces of up to 16 bytes, empty ones included.
pub struct Cuts<'s> {
    stream: &'s [u8],
    state: u32,
}

impl<'s> Cuts<'s> {
    /// Cuts of these bytes, which the settings choose.
    pub fn new(stream: &'s [u8], settings: [u8; 2]) -> Self {
        Cuts { stream, state: u32::from(settings[0]) << 8 | u32::from(settings[1]) }
    }
}

impl<'s> Iterator for Cuts<'s> {
    type Item = &'s [u8];

    fn next(&mut self) -> Option<&'s [u8]> {
        if self.stream.is_empty() {
            return None;
        }
        let most = self.stream.len() + 1;
        let (piece, rest) = self.stream.split_at((next(&mut self.state) >> 28) as usize % 17 % most);
        self.stream = rest;
        Some(piece)
    }
}

/// The same for a text: every piece ends with a character.
pub fn text_cuts(mut text: &str, settings: [u8; 2]) -> Vec<&str> {
    let (mut pieces, mut state) = (Vec::new(), u32::from(settings[0]) << 8 | u32::from(settings[1]));
    while !text.is_empty() {
        let (piece, rest) = text.split_at(text.floor_char_boundary((next(&mut state) >> 28) as usize));
        pieces.push(piece);
        text = rest;
    }
    pieces
}

/// The next of a row of numbers that looks random.
pub fn next(state: &mut u32) -> u32 {
    *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    *state
}
