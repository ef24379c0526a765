//! Passwords in connection strings.

use super::url_password::sample;
use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/connection-string",
    label: "CONNECTION_PASSWORD",
    about: "the password in a connection string such as `Server=…;User Id=…;Password=…` (ADO.NET, ODBC, libpq), or in the query of \
            a JDBC address: behind the name of a server or a user, not more than 100 bytes before",
    max_span: MAX,
    anchors: &[Anchor::Name("password="), Anchor::Name("pwd=")],
    find: Find::Code(find),
    tail: None,
    rank: 1,
};

const MAX: usize = 128;

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["Server=db.example.com;Database=app;User Id=sa;Password=", "hunter2!", ";Encrypt=yes"],
        &["DRIVER={x};SERVER=10.0.0.7;UID=sa;PWD=", "Tr0ub4dor", "\""],
        &["host=db.example.com user=app password=", "hunter2", " dbname=app"],
        &["jdbc:mysql://db/app?user=app&password=", "hunter2", "&ssl=true"],
    ],
    misses: &[
        &["Server=db;User Id=sa;Password=<password>;"],
        &["Server=db;User Id=sa;Password={password};"],
        &["Server=db;User Id=sa;Password=your_password;"],
        &["Server=db;User Id=sa;Password=;"],
        &["Server=db;User Id=sa;Password=${PW};"],
        &["the field is password=hunter2"],
        &["Server=db;User Id=sa;Password=********;"],
    ],
    computed: &[],
};

const fn member(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(byte, b'"' | b'\'' | b'`' | b';' | b'&' | b'<' | b'>' | b'\\' | b'{' | b'}' | b',')
}

fn find(candidate: &Candidate<'_>) -> Outcome {
    let anchor = candidate.anchor();
    if !among_others(candidate) {
        return Outcome::Miss;
    }
    let end = candidate.run_up_to(anchor.end, MAX + 1, member);
    if end - anchor.end <= MAX && candidate.must_wait(end) {
        return Outcome::Wait(anchor.end);
    }
    let value = candidate.slice(anchor.end..end);
    if value.len() > MAX || sample(value) { Outcome::Miss } else { Outcome::Hit(anchor.end..end, Confidence::Likely) }
}

/// Whether the password is one of several settings, one of which is a server or a user.
fn among_others(candidate: &Candidate<'_>) -> bool {
    const OTHERS: &[&str] =
        &["server=", "host=", "source=", "id=", "uid=", "user=", "username=", "jdbc:", "database=", "dbname="];
    const LOOKBACK: usize = 100;
    let start = candidate.anchor().start;
    let separated = candidate.before(start).is_some_and(|byte| matches!(byte, b';' | b' ' | b'&' | b'?'));
    if !separated {
        return false;
    }
    let from = candidate.text().ceil_char_boundary(start.saturating_sub(LOOKBACK));
    candidate.charge(start.saturating_sub(from));
    let before = candidate.slice(from..start).to_ascii_lowercase();
    let line = before.rsplit(['\n', '"']).next().unwrap_or_default();
    OTHERS.iter().any(|other| line.contains(other))
}
