//! Ordered header maps of bytes, and the form in which they cross the ABI.

use std::fmt;

/// An ordered map of header names (lower case) to byte values; names may repeat.
///
/// Pseudo-headers (`:path`, `:status` ..) stay in front, as in Envoy's own map.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Headers(Vec<(Vec<u8>, Vec<u8>)>);

impl Headers {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.0.iter().map(|(name, value)| (name.as_slice(), value.as_slice()))
    }

    /// The first value of `name`, as bytes.
    pub fn bytes(&self, name: impl AsRef<[u8]>) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// The first value of `name`, if it is UTF-8.
    pub fn text(&self, name: impl AsRef<[u8]>) -> Option<&str> {
        std::str::from_utf8(self.bytes(name)?).ok()
    }

    /// Every value of `name`, in order.
    pub fn all(&self, name: impl AsRef<[u8]>) -> impl Iterator<Item = &[u8]> {
        self.0.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name.as_ref())).map(|(_, value)| value.as_slice())
    }

    /// Whether `name` occurs.
    pub fn contains(&self, name: impl AsRef<[u8]>) -> bool {
        self.bytes(name).is_some()
    }

    /// Adds an entry behind those of the same name.
    pub fn add(&mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        let (name, value) = (name.as_ref().to_ascii_lowercase(), value.as_ref().to_vec());
        let at = match name.first() {
            Some(b':') => self.0.iter().take_while(|(key, _)| key.first() == Some(&b':')).count(),
            _ => self.0.len(),
        };
        self.0.insert(at, (name, value));
    }

    /// Replaces every entry of `name` by one, in the place of the first.
    pub fn set(&mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        let name = name.as_ref().to_ascii_lowercase();
        let mut value = Some(value.as_ref().to_vec());
        self.0.retain_mut(|(key, old)| {
            if *key != name {
                return true;
            }
            value.take().map(|new| *old = new).is_some()
        });
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    /// Removes every entry of `name`.
    pub fn remove(&mut self, name: impl AsRef<[u8]>) {
        self.0.retain(|(key, _)| !key.eq_ignore_ascii_case(name.as_ref()));
    }

    /// The `:status` of a response.
    pub fn status(&self) -> Option<u16> {
        self.text(":status")?.parse().ok()
    }

    /// The map in the ABI's form: `u32` count, then the sizes of each name and value, then each with a zero byte
    /// behind it (proxy-wasm specification 0.2.1, "serialized map").
    pub(crate) fn encode(&self) -> Vec<u8> {
        let size = 4 + self.0.iter().map(|(name, value)| name.len() + value.len() + 10).sum::<usize>();
        let mut out = Vec::with_capacity(size);
        let number = |n: usize, out: &mut Vec<u8>| out.extend_from_slice(&(n as u32).to_le_bytes());
        number(self.0.len(), &mut out);
        for (name, value) in &self.0 {
            number(name.len(), &mut out);
            number(value.len(), &mut out);
        }
        for part in self.0.iter().flat_map(|(name, value)| [name, value]) {
            out.extend_from_slice(part);
            out.push(0);
        }
        out
    }

    /// Reads the ABI's form; `None` where it is malformed. No bytes at all is the empty map.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Self::new());
        }
        let number = |at: usize| -> Option<usize> {
            let word: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
            Some(u32::from_le_bytes(word) as usize)
        };
        let count = number(0)?;
        let mut at = count.checked_mul(8)?.checked_add(4)?;
        let mut part = |size: usize| -> Option<&[u8]> {
            let bytes = bytes.get(at..at.checked_add(size)?)?;
            at += size + 1;
            Some(bytes)
        };
        let mut map = Self::new();
        for entry in 0..count {
            let (name, value) = (number(4 + entry * 8)?, number(8 + entry * 8)?);
            let (name, value) = (part(name)?, part(value)?);
            map.add(name, value);
        }
        Some(map)
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        entries.into_iter().for_each(|(name, value)| map.add(name, value));
        map
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        f.debug_list().entries(self.iter().map(|(name, value)| format!("{}: {}", text(name), text(value)))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_abi_form_keeps_order_duplicates_and_bytes() {
        let map: Headers = [("b", &b"1"[..]), ("A", b"\xff\xfe"), ("b", b""), (":path", b"/")].into_iter().collect();
        assert_eq!(Headers::decode(&map.encode()), Some(map.clone()));
        assert_eq!(map.iter().next(), Some((&b":path"[..], &b"/"[..])));
        assert_eq!(map.all("B").count(), 2);
    }

    #[test]
    fn a_malformed_form_is_refused() {
        let whole = [("name", "value")].into_iter().collect::<Headers>().encode();
        for end in 1..whole.len() - 1 {
            assert_eq!(Headers::decode(whole.get(..end).unwrap_or_default()), None, "cut at {end}");
        }
        assert_eq!(Headers::decode(&[0xff; 12]), None);
    }

    #[test]
    fn set_leaves_one_entry_in_the_place_of_the_first() {
        let mut map: Headers = [("a", "1"), ("b", "2"), ("a", "3")].into_iter().collect();
        map.set("A", "4");
        assert_eq!(map, [("a", "4"), ("b", "2")].into_iter().collect());
    }
}
