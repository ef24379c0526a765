//! A [`Context`] made ready for conditions: the same host and path, however they are spelled.

use std::borrow::Cow;

use super::context::Context;
use super::glob::Glob;
use super::tri::Tri;

/// What conditions ask of a message.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) context: &'a Context<'a>,
    /// The host without port and without the dot that may end it.
    bare_host: Option<&'a str>,
    path: Path<'a>,
}

/// How the path reads once everything is undone that servers undo before they route.
#[derive(Debug, PartialEq, Eq)]
enum Path<'a> {
    /// As below; often as it came.
    Plain(Cow<'a, str>),
    /// Its escapes cannot be decoded, so that nobody knows what a server makes of it.
    Unclear,
}

impl<'a> Facts<'a> {
    pub(super) fn new(context: &'a Context<'a>) -> Self {
        Facts { context, bare_host: context.host.map(bare_host), path: plain_path(context.path) }
    }

    /// A host fits with or without its port. Upper and lower case are the same.
    pub(super) fn host(&self, globs: &[Glob]) -> Tri {
        let (Some(host), Some(bare)) = (self.context.host, self.bare_host) else { return Tri::Unknown };
        globs.iter().any(|glob| glob.fits_any_case(host) || glob.fits_any_case(bare)).into()
    }

    /// A path fits when it does as it came and as a server may read it. Where the two disagree, nobody knows.
    pub(super) fn path(&self, globs: &[Glob]) -> Tri {
        let came = any(globs, self.context.path);
        match &self.path {
            Path::Plain(Cow::Borrowed(_)) => came,
            Path::Plain(Cow::Owned(plain)) if any(globs, plain) == came => came,
            Path::Plain(Cow::Owned(_)) | Path::Unclear => Tri::Unknown,
        }
    }

    pub(super) fn route(&self, globs: &[Glob]) -> Tri {
        self.context.route.map_or(Tri::Unknown, |route| any(globs, route))
    }

    pub(super) fn model(&self, globs: &[Glob]) -> Tri {
        self.context.model.map_or(Tri::Unknown, |model| any(globs, model))
    }

    /// Methods are compared exactly; where only the case differs, servers do not agree.
    pub(super) fn method(&self, methods: &[String]) -> Tri {
        let method = self.context.method;
        if methods.iter().any(|one| one == method) {
            return Tri::True;
        }
        if methods.iter().any(|one| one.eq_ignore_ascii_case(method)) { Tri::Unknown } else { Tri::False }
    }
}

fn any(globs: &[Glob], text: &str) -> Tri {
    globs.iter().fold(Tri::False, |found, glob| found.or(glob.fits(text)))
}

fn bare_host(host: &str) -> &str {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') || name.ends_with(']') => {
            if port.bytes().all(|byte| byte.is_ascii_digit()) { name } else { host }
        }
        _ => host,
    };
    name.strip_suffix('.').unwrap_or(name)
}

/// Percent-escapes decoded once, `\` read as `/`, empty and dot segments removed (RFC 3986, section 5.2.4).
fn plain_path(path: &str) -> Path<'_> {
    if !path.contains(['%', '\\']) && !path.contains("//") && !path.contains("/.") {
        return Path::Plain(Cow::Borrowed(path));
    }
    let Some(decoded) = percent_decoded(path) else { return Path::Unclear };
    let mut segments: Vec<&str> = Vec::new();
    let mut ends_in_slash = false;
    for segment in decoded.split(['/', '\\']) {
        ends_in_slash = matches!(segment, "" | "." | "..");
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    let mut plain = String::with_capacity(decoded.len());
    for segment in &segments {
        plain.push('/');
        plain.push_str(segment);
    }
    if ends_in_slash || plain.is_empty() {
        plain.push('/');
    }
    if plain == path { Path::Plain(Cow::Borrowed(path)) } else { Path::Plain(Cow::Owned(plain)) }
}

fn percent_decoded(path: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut digit = || bytes.next().and_then(|byte| char::from(byte).to_digit(16));
        let (high, low) = (digit()?, digit()?);
        decoded.push(u8::try_from(high << 4 | low).ok()?);
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::test_support::context;

    fn path(path: &str, glob: &str) -> Tri {
        let context = Context { path, ..context() };
        Facts::new(&context).path(&[Glob::new(glob)])
    }

    #[test]
    fn a_path_cannot_be_spelled_past_a_condition() {
        for (spelled, expected) in [
            ("/v1/chat/completions", Tri::True),
            ("/v1/chat%2Fcompletions", Tri::Unknown),
            ("/v1//chat/completions", Tri::Unknown),
            ("/health/../v1/chat/completions", Tri::Unknown),
            ("/V1/chat/completions", Tri::Unknown),
            ("/v1\\chat\\completions", Tri::Unknown),
            ("/%", Tri::Unknown),
            ("/%ff", Tri::Unknown),
            ("/v1/embeddings", Tri::False),
            ("/v1/embedd%69ngs", Tri::False),
            ("/.well-known/x", Tri::False),
        ] {
            assert_eq!(path(spelled, "/v1/chat/completions"), expected, "{spelled}");
        }
    }

    #[test]
    fn a_path_cannot_be_spelled_into_a_permit() {
        assert_eq!(path("/health/live", "/health/*"), Tri::True);
        assert_eq!(path("/health/../v1/chat/completions", "/health/*"), Tri::Unknown);
        assert_eq!(path("/health/%2e%2e/v1/chat/completions", "/health/*"), Tri::Unknown);
        assert_eq!(path("/health/%6Cive", "/health/*"), Tri::True);
    }

    #[test]
    fn hosts_without_port_case_and_last_dot() {
        for (host, bare) in [
            ("api.example.com", "api.example.com"),
            ("api.example.com:443", "api.example.com"),
            ("api.example.com.:443", "api.example.com"),
            ("[::1]:8080", "[::1]"),
            ("[::1]", "[::1]"),
            ("::1", "::1"),
            ("", ""),
        ] {
            assert_eq!(bare_host(host), bare, "{host}");
        }
        let context = Context { host: Some("API.Example.com:8443"), ..context() };
        let fits = |glob| Facts::new(&context).host(&[Glob::new(glob)]);
        assert_eq!((fits("api.example.com"), fits("*:8443"), fits("example.com")), (Tri::True, Tri::True, Tri::False));
    }

    #[test]
    fn what_nobody_knows_is_unknown() {
        let context = Context { host: None, route: None, model: None, method: "post", ..context() };
        let facts = Facts::new(&context);
        let globs = [Glob::new("*")];
        assert_eq!([facts.host(&globs), facts.route(&globs), facts.model(&globs)], [Tri::Unknown; 3]);
        assert_eq!(facts.method(&["POST".to_owned()]), Tri::Unknown);
        assert_eq!(facts.method(&["GET".to_owned()]), Tri::False);
    }
}
