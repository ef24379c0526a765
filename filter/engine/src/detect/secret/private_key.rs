//! Private keys in PEM and OpenPGP armor.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex};

/// An RSA key of 16384 bits takes 12.5 KiB. Of a longer block, this much is found.
const MAX: usize = 16 * 1024;
/// Longest `RSA PRIVATE KEY` between `BEGIN` or `END` and its dashes.
const LABEL_MAX: usize = 48;
const DASHES: &str = "-----";

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/private-key",
    label: "PRIVATE_KEY",
    about: "a private key block in PEM (RFC 7468, RFC 1421) or OpenPGP armor (RFC 9580), from `BEGIN` to `END`, or to the \
            end of its base64; also where line breaks are written as `\\n`",
    max_span: MAX + 128,
    anchors: &[Anchor::Text("-----BEGIN ")],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

const LINE: &str = "MIIEpAIBAAKCAQEAq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiWz8Kq3Lr6Tn1X";

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &[
            "key:\n",
            "-----BEGIN ",
            "RSA PRIVATE KEY-----\n",
            LINE,
            "\n",
            LINE,
            "\nab3=\n",
            "-----END RSA PRIVATE KEY-----",
            "\nbye",
        ],
        &[
            "\"",
            "-----BEGIN ",
            "PRIVATE KEY-----\\n",
            LINE,
            "\\n",
            LINE,
            "\\nab3=\\n",
            "-----END PRIVATE KEY-----",
            "\\n\"",
        ],
        &["a ", "-----BEGIN ", "OPENSSH PRIVATE KEY-----\r\n", LINE, "\r\n", "-----END OPENSSH PRIVATE KEY-----", " b"],
        &[
            "",
            "-----BEGIN ",
            "RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF\n\n",
            LINE,
            "\nq8==\n",
            "-----END RSA PRIVATE KEY-----",
            "\n",
        ],
        &[
            "",
            "-----BEGIN ",
            "PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\nComment: made by hand\n\n",
            LINE,
            "\nab3=\n=njUN\n",
            "-----END PGP PRIVATE KEY BLOCK-----",
            "\n",
        ],
        &["x ", "-----BEGIN ", "EC PRIVATE KEY----- ", LINE, " ", LINE, " ab3= ", "-----END EC PRIVATE KEY-----", " y"],
        &["'", "-----BEGIN ", "PRIVATE KEY-----\\n'\n + '", LINE, "\\n' + '", "-----END PRIVATE KEY-----", "'"],
        // Cut off.
        &["it was ", "-----BEGIN ", "PRIVATE KEY-----\n", LINE, "\n", LINE, "\nHello again, this is all"],
        &["", "-----BEGIN ", "PRIVATE KEY-----\n", LINE, "\n", LINE, " [cut]"],
        &["-----BEGIN PRIVATE KEY-----\n", LINE],
    ],
    misses: &[
        &["-----BEGIN ", "PUBLIC KEY-----\n", LINE, "\n-----END PUBLIC KEY-----"],
        &["-----BEGIN ", "CERTIFICATE-----\n", LINE, "\n-----END CERTIFICATE-----"],
        &["-----BEGIN ", "PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----"],
        &["-----BEGIN ", "PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----"],
        &["look for -----BEGIN ", "PRIVATE KEY----- in the file, and for -----END PRIVATE KEY----- below"],
        &["-----begin ", "private key-----\n", LINE, "\n-----end private key-----"],
        &["-----BEGIN ", "PRIVATE KEY\n", LINE, "\n"],
        &["-----BEGIN ", "PRIVATE KEY-----"],
        &["-----BEGIN ", "PRIVATE KEY-----\n-----BEGIN PRIVATE KEY-----\nshort"],
    ],
    computed: &[long],
};

fn long() -> String {
    ["-----BEGIN ", "RSA PRIVATE KEY-----\n", &[LINE, "\n"].concat().repeat(190), "-----END RSA PRIVATE KEY-----"]
        .concat()
}

fn find(candidate: &Candidate<'_>) -> Outcome {
    look(candidate).unwrap_or_else(|outcome| outcome)
}

fn look(candidate: &Candidate<'_>) -> Result<Outcome, Outcome> {
    let anchor = candidate.anchor();
    if candidate.slice(anchor.clone()) != "-----BEGIN " {
        return Err(Outcome::Miss);
    }
    let body = label(candidate, anchor.end)?;
    let end = end(candidate, body, anchor.start.saturating_add(MAX))?;
    if random(candidate.slice(body..end)) {
        Ok(Outcome::Hit(anchor.start..end, Confidence::Certain))
    } else {
        Err(Outcome::Miss)
    }
}

/// The end of `… PRIVATE KEY-----` or `… PRIVATE KEY BLOCK-----` at an offset.
fn label(candidate: &Candidate<'_>, from: usize) -> Result<usize, Outcome> {
    let end =
        candidate.run_up_to(from, LABEL_MAX, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' ');
    if candidate.must_wait(end) && end - from < LABEL_MAX {
        return Err(Outcome::Wait(candidate.anchor().start));
    }
    let name = candidate.slice(from..end);
    if !name.ends_with("PRIVATE KEY") && !name.ends_with("PRIVATE KEY BLOCK") {
        return Err(Outcome::Miss);
    }
    match candidate.goes_on(end, DASHES) {
        Some(true) => Ok(end.saturating_add(DASHES.len())),
        Some(false) => Err(Outcome::Miss),
        None => Err(Outcome::Wait(candidate.anchor().start)),
    }
}

/// Whether there is enough base64 in a body, and more than a few different characters.
fn random(body: &str) -> bool {
    let longest = body
        .split(|character: char| !character.is_ascii() || !lex::base64(character as u8))
        .max_by_key(|run| run.len());
    longest.is_some_and(|run| run.len() >= 32 && !lex::placeholder(run.as_bytes()))
}

/// Where the block that has its body from `from` on ends.
///
/// The body is lines of base64 and header lines (`Name: text`), between line breaks that may be escaped, quotes, and
/// whatever else holds lines together in source code. Two short runs of letters in one line are prose, not base64: there
/// a body without its `END` is over.
fn end(candidate: &Candidate<'_>, from: usize, limit: usize) -> Result<usize, Outcome> {
    /// Shorter runs of base64 characters may be words.
    const WORD: usize = 16;
    let wait = || Outcome::Wait(candidate.anchor().start);
    let (mut at, mut end, mut words) = (from, from, 0);
    while at < limit {
        let (next, fresh) = between(candidate, at, limit);
        at = next;
        if at >= limit {
            break;
        }
        if fresh {
            words = 0;
        }
        if candidate.at(at).is_none() {
            if candidate.ended() {
                break;
            }
            return Err(wait());
        }
        match candidate.goes_on(at, "-----END ") {
            None => return Err(wait()),
            Some(true) => match label(candidate, at.saturating_add(9)) {
                Ok(whole) => return Ok(whole),
                Err(Outcome::Wait(_)) => return Err(wait()),
                Err(_) => break,
            },
            Some(false) => {}
        }
        let run = candidate.run_up_to(at, limit - at, lex::base64);
        if candidate.must_wait(run) && run < limit {
            return Err(wait());
        }
        if fresh && let Some(line) = header(candidate, at)? {
            at = line;
            continue;
        }
        if run == at {
            break;
        }
        let line = fresh && line_ends(candidate, run);
        if run - at >= WORD || line || candidate.before(run) == Some(b'=') {
            end = run;
        } else {
            words += 1;
            if words > 1 {
                break;
            }
        }
        at = run;
    }
    Ok(end)
}

/// Whether nothing but base64 stands between the beginning of a line and this offset, where the line or the text ends.
fn line_ends(candidate: &Candidate<'_>, at: usize) -> bool {
    matches!(candidate.at(at), None | Some(b'\n' | b'\r' | b'\\'))
}

/// Skips what stands between runs of base64. Also whether there was a line break, which may be written as `\n`.
fn between(candidate: &Candidate<'_>, from: usize, limit: usize) -> (usize, bool) {
    let (mut at, mut fresh, mut escaped) = (from, false, false);
    while let Some(byte) = candidate.at(at).filter(|_| at < limit) {
        match byte {
            b'\n' | b'\r' => fresh = true,
            b'n' | b'r' if escaped => fresh = true,
            b't' if escaped => {}
            b' ' | b'\t' | b'\\' | b'"' | b'\'' | b',' | b'>' | b'|' | b'`' | b';' | b'(' | b')' => {}
            _ => break,
        }
        escaped = byte == b'\\';
        at = at.saturating_add(1);
    }
    candidate.charge(at - from);
    // A backslash at the end of what is known may be half a line break.
    let undecided = escaped && !candidate.ended() && candidate.at(at).is_none();
    (at, fresh && !undecided)
}

/// The end of a header line (`Proc-Type: 4,ENCRYPTED`) that begins here.
fn header(candidate: &Candidate<'_>, at: usize) -> Result<Option<usize>, Outcome> {
    const NAME_MAX: usize = 24;
    const LINE_MAX: usize = 128;
    let name = candidate.run_up_to(at, NAME_MAX, |byte| byte.is_ascii_alphabetic() || byte == b'-');
    if candidate.must_wait(name.saturating_add(1)) && name - at < NAME_MAX {
        return Err(Outcome::Wait(candidate.anchor().start));
    }
    if name == at || candidate.at(name) != Some(b':') || candidate.at(name + 1) != Some(b' ') {
        return Ok(None);
    }
    let end = candidate.run_up_to(name, LINE_MAX, |byte| !matches!(byte, b'\n' | b'\r' | b'\\'));
    if candidate.must_wait(end) && end - name < LINE_MAX {
        return Err(Outcome::Wait(candidate.anchor().start));
    }
    Ok(Some(end))
}
