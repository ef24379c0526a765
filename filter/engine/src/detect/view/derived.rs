//! A text that was decoded from another one, and the node that scans it.

use std::ops::{Deref, Range};

use super::super::Finding;
use super::super::scanner::Work;
use super::super::set::Set;
use super::map::Map;
use super::{Node, View};

/// Bytes of decoded text that are collected before they are scanned.
const SLICE: usize = 4096;

/// What a decoder needs to have its text scanned.
pub(super) struct Context<'a, S> {
    pub(super) set: &'a S,
    /// How many decoders the text behind this one has passed.
    pub(super) depth: u8,
    pub(super) findings: &'a mut Vec<Finding>,
    pub(super) work: &'a mut Work,
}

/// A decoded text. It is scanned only once it is `least` characters long: what is shorter was hardly meant to be read.
pub(super) struct Derived<S> {
    view: View,
    least: usize,
    node: Option<Box<Node<S>>>,
    /// What the node has not seen yet.
    text: String,
    characters: usize,
    map: Map,
    /// The beginning of a character of several bytes.
    bytes: Vec<u8>,
    /// Where in the source it began.
    bytes_from: usize,
}

impl<S: Deref<Target = Set> + Clone> Derived<S> {
    pub(super) fn new(view: View, least: usize) -> Self {
        Derived {
            view,
            least,
            node: None,
            text: String::new(),
            characters: 0,
            map: Map::default(),
            bytes: Vec::new(),
            bytes_from: 0,
        }
    }

    /// Goes on with a byte of UTF-8. One that is no text ends it. NUL is passed over, which makes UTF-16 of ASCII readable.
    pub(super) fn byte(&mut self, byte: u8, source: Range<usize>, from: usize, context: &mut Context<'_, S>) {
        if byte == 0 && self.bytes.is_empty() {
            return;
        }
        if byte.is_ascii() && self.bytes.is_empty() {
            return self.character(char::from(byte), source, from, context);
        }
        if self.bytes.is_empty() {
            self.bytes_from = source.start;
        }
        self.bytes.push(byte);
        match str::from_utf8(&self.bytes) {
            Ok(text) => {
                let source = self.bytes_from..source.end;
                if let Some(character) = text.chars().next() {
                    self.character(character, source, from, context);
                }
                self.bytes.clear();
            }
            Err(error) if error.error_len().is_none() => {}
            Err(_) => self.end(from, context),
        }
    }

    /// Goes on with a character. Nothing before `from` of the source is part of a finding.
    pub(super) fn character(
        &mut self,
        character: char,
        source: Range<usize>,
        from: usize,
        context: &mut Context<'_, S>,
    ) {
        if character.is_control() && !matches!(character, '\t' | '\n' | '\r') {
            return self.end(from, context);
        }
        self.text.push(character);
        self.characters = self.characters.saturating_add(1);
        self.map.push(character.len_utf8(), source);
        if self.text.len() >= SLICE {
            self.flush(from, context);
        }
    }

    /// Scans what has come.
    pub(super) fn flush(&mut self, from: usize, context: &mut Context<'_, S>) {
        if self.text.is_empty() || self.characters < self.least {
            return;
        }
        let node = self
            .node
            .get_or_insert_with(|| Box::new(Node::at_depth(context.set.clone(), context.depth.saturating_add(1))));
        let mut findings = Vec::new();
        node.feed(&self.text, &mut findings, context.work);
        let settled = node.settled();
        self.text.clear();
        self.report(findings, from, context);
        self.map.forget(settled);
    }

    /// Nothing more comes. Ready for another text.
    pub(super) fn end(&mut self, from: usize, context: &mut Context<'_, S>) {
        if self.characters == 0 && self.bytes.is_empty() {
            return;
        }
        self.flush(from, context);
        if let Some(mut node) = self.node.take() {
            let mut findings = Vec::new();
            node.finish(&mut findings, context.work);
            self.report(findings, from, context);
        }
        self.text.clear();
        self.bytes.clear();
        self.characters = 0;
        self.map = Map::default();
    }

    fn report(&self, findings: Vec<Finding>, from: usize, context: &mut Context<'_, S>) {
        for finding in findings {
            let source = self.map.source(finding.range());
            let start = source.start.max(from);
            if start < source.end {
                context.findings.push(Finding { start, end: source.end, view: self.view, ..finding });
            }
        }
    }

    /// From where on the source may still become part of a finding, of a detector that acts or of any.
    pub(super) fn held(&self, acting: bool) -> Option<usize> {
        let undecided = self.bytes_from;
        match &self.node {
            None if self.characters > 0 => Some(self.map.start(0)),
            None => (!self.bytes.is_empty()).then_some(undecided),
            Some(node) => {
                let settled = if acting { node.releasable() } else { node.settled() };
                let open = settled < self.map.len() || !self.bytes.is_empty();
                open.then(|| if settled < self.map.len() { self.map.start(settled) } else { undecided })
            }
        }
    }
}
