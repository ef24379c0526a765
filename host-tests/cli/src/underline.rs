//! A piece of text with a range of it underlined, for one line of a terminal.
//!
//! Where the terminal has colours the range itself is underlined; elsewhere a second line of `^` stands below it. Each
//! character of the text takes one character of the line, so that both agree.

use crate::term::{Style, printable};
use std::ops::Range;

/// Characters shown before and after the range ...
const AROUND: usize = 36;
/// ... and of the range itself, half from its beginning and half from its end.
const INSIDE: usize = 64;

/// The text around `range` (in bytes), each line behind `margin`.
pub fn underline(text: &str, range: Range<usize>, margin: &str, style: Style) -> String {
    let start = text.floor_char_boundary(range.start);
    let end = text.floor_char_boundary(range.end).max(start);
    let (before, found, after) = (&text[..start], &text[start..end], &text[end..]);
    let head: Vec<char> = before.chars().rev().take(AROUND + 1).collect();
    let mut lead: String = head.iter().take(AROUND).rev().collect();
    if head.len() > AROUND {
        lead.insert(0, '…');
    }
    let mut tail: String = after.chars().take(AROUND).collect();
    if after.chars().nth(AROUND).is_some() {
        tail.push('…');
    }
    let (lead, found, tail) = (flat(&lead), flat(&middle(found)), flat(&tail));
    if style.colour() {
        return format!("{margin}{lead}\u{1b}[1;4;31m{found}\u{1b}[0m{tail}\n");
    }
    let (blank, carets) = (" ".repeat(lead.chars().count()), "^".repeat(found.chars().count()));
    format!("{margin}{lead}{found}{tail}\n{margin}{blank}{carets}\n")
}

/// A long text without its middle.
fn middle(text: &str) -> String {
    let count = text.chars().count();
    if count <= INSIDE {
        return text.to_owned();
    }
    let half = INSIDE / 2;
    let ends = text.chars().enumerate().filter(|(at, _)| *at < half || *at >= count - half);
    let mut shown = String::new();
    for (at, c) in ends {
        if at == count - half {
            shown.push('…');
        }
        shown.push(c);
    }
    shown
}

/// One line, one character for each.
fn flat(text: &str) -> String {
    printable(text)
        .chars()
        .map(|c| {
            if c == '\n' {
                '↵'
            } else if c == '\t' {
                ' '
            } else {
                c
            }
        })
        .collect()
}
