//! Renders an Envoy configuration for one run: the shipped files of `envoy/` go in, with their ports, paths, upstream
//! and policy replaced, and nothing else changed. What people copy is therefore what the command and the tests run.

use crate::{Error, Result};
use std::path::{Path, PathBuf};

/// The shipped configuration with everything in one file.
pub const STATIC: &str = include_str!("../../../../envoy/envoy.yaml");
/// The shipped configuration that takes the filter from a watched directory.
pub const WATCHED: &str = include_str!("../../../../envoy/envoy-ecds.yaml");
/// The shipped filter resource for that directory.
pub const RESOURCE: &str = include_str!("../../../../envoy/policy/ecds.yaml");

/// Which filter stands before the upstream.
#[derive(Debug, Clone)]
pub enum Filter {
    /// None: the same proxy without Weir, to compare with.
    None,
    /// Weir with a policy that is part of the configuration.
    Inline {
        /// The module.
        wasm: PathBuf,
        /// The text of the policy.
        policy: String,
    },
    /// Weir from a [`PolicyDir`](super::PolicyDir) at this path.
    Watched(PathBuf),
}

/// Where requests go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// TLS, with the host as SNI and the certificate checked against it.
    pub tls: bool,
    /// HTTP/2 instead of HTTP/1.1.
    pub http2: bool,
}

impl Upstream {
    /// Reads `http://host[:port]` or `https://host[:port]`; `h2://` and `h2s://` say HTTP/2. A path is refused, because
    /// the proxy forwards paths unchanged.
    ///
    /// # Errors
    /// When it is not such a URL.
    pub fn parse(url: &str) -> Result<Upstream> {
        let wrong = |why: &str| Error::new(format!("the upstream `{url}` {why}, as in `https://api.openai.com`"));
        let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("must begin with http:// or https://"))?;
        let (tls, http2) = match scheme {
            "http" => (false, false),
            "https" => (true, false),
            "h2" => (false, true),
            "h2s" => (true, true),
            _ => return Err(wrong("must begin with http:// or https://")),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().map_err(|_| wrong("must have a number as its port"))?)
            }
            _ => (rest, if tls { 443 } else { 80 }),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
        if host.is_empty() || !host.chars().all(plain) {
            return Err(wrong("must be a host without a path"));
        }
        Ok(Upstream { host: host.to_owned(), port, tls, http2 })
    }
}

/// One configuration to render.
#[derive(Debug, Clone)]
pub struct Bootstrap {
    /// The port of the proxy on 127.0.0.1; 0 lets the system choose.
    pub port: u16,
    /// The port of Envoy's admin interface on 127.0.0.1; 0 lets the system choose.
    pub admin_port: u16,
    /// Where requests go.
    pub upstream: Upstream,
    /// What stands before it.
    pub filter: Filter,
    /// The file for the access log.
    pub access_log: PathBuf,
    /// Further changes for tests: (text of the shipped file, its replacement). Each text must occur exactly once.
    pub changes: Vec<(String, String)>,
}

impl Bootstrap {
    /// A configuration with both ports chosen by the system, whose access log goes into the process's own directory.
    pub fn new(upstream: Upstream, filter: Filter) -> Bootstrap {
        Bootstrap { port: 0, admin_port: 0, upstream, filter, access_log: PathBuf::new(), changes: Vec::new() }
    }

    /// The text for `envoy -c`.
    ///
    /// # Errors
    /// When the shipped file no longer holds a text that is replaced here, or no root certificates are found for TLS.
    pub fn render(&self) -> Result<String> {
        let mut text = match &self.filter {
            Filter::None => without(STATIC, "weir")?,
            Filter::Inline { wasm, policy } => with_policy(&with_module(STATIC, wasm)?, policy)?,
            Filter::Watched(dir) => {
                let file = format!("path: {}", quote(&dir.join("ecds.yaml").to_string_lossy()));
                let text = replace(WATCHED, "path: /etc/envoy/policy/ecds.yaml", &file)?;
                let watched = format!("watched_directory: {{path: {}}}", quote(&dir.to_string_lossy()));
                replace(&text, "watched_directory: {path: /etc/envoy/policy}", &watched)?
            }
        };
        text = replace(&text, "port_value: 10000", &format!("port_value: {}", self.port))?;
        text = replace(&text, "port_value: 9901", &format!("port_value: {}", self.admin_port))?;
        text = replace(&text, "path: /dev/stdout", &format!("path: {}", quote(&self.access_log.to_string_lossy())))?;
        text = self.with_upstream(&text)?;
        self.changes.iter().try_fold(text, |text, (from, to)| replace(&text, from, to))
    }

    fn with_upstream(&self, text: &str) -> Result<String> {
        let Upstream { host, port, tls, http2 } = &self.upstream;
        let place = format!("address: {}, port_value: {port}", quote(host));
        let mut text = replace(text, "address: api.openai.com, port_value: 443", &place)?;
        if *tls {
            let file = quote(&root_certificates()?.to_string_lossy());
            text = replace(&text, "filename: /etc/ssl/certs/ca-certificates.crt", &format!("filename: {file}"))?;
        } else {
            text = without(&text, "tls")?;
            text = replace(&text, "{auto_sni: true, auto_san_validation: true}", "{}")?;
        }
        if *http2 {
            text = replace(&text, "{http_protocol_options: {}} #", "{http2_protocol_options: {}} #")?;
        }
        Ok(text)
    }
}

/// The filter resource with this module, policy and version.
pub(super) fn render_resource(wasm: &Path, policy: &str, version: &str) -> Result<String> {
    let shipped = RESOURCE.lines().find(|line| line.starts_with("version_info: ")).unwrap_or_default();
    let text = replace(RESOURCE, shipped, &format!("version_info: {}", quote(version)))?;
    with_policy(&with_module(&text, wasm)?, policy)
}

fn with_module(text: &str, wasm: &Path) -> Result<String> {
    replace(text, "filename: /etc/envoy/weir.wasm", &format!("filename: {}", quote(&wasm.to_string_lossy())))
}

/// Replaces the block text under `value: |` by the policy as a quoted text, which keeps every byte of it.
fn with_policy(text: &str, policy: &str) -> Result<String> {
    const BEGIN: &str = "value: | # CHANGE: the policy, as JSON\n";
    let (before, rest) = once(text, BEGIN)?;
    let indent = before.len() - before.trim_end_matches(' ').len();
    let inside = |line: &str| line.trim().is_empty() || line.len() - line.trim_start_matches(' ').len() > indent;
    let after: String = rest.split_inclusive('\n').skip_while(|line| inside(line)).collect();
    Ok(format!("{before}value: {}\n{after}", quote(policy)))
}

/// Takes out the lines from `# >>> name` to `# <<< name`.
fn without(text: &str, name: &str) -> Result<String> {
    let (before, rest) = once(text, &format!("# >>> {name}\n"))?;
    let (_, after) = once(rest, &format!("# <<< {name}\n"))?;
    Ok(format!("{}\n{after}", before.trim_end_matches(' ').trim_end_matches('\n')))
}

pub(super) fn replace(text: &str, from: &str, to: &str) -> Result<String> {
    let (before, after) = once(text, from)?;
    Ok(format!("{before}{to}{after}"))
}

fn once<'a>(text: &'a str, part: &str) -> Result<(&'a str, &'a str)> {
    match text.split_once(part) {
        Some((before, after)) if !after.contains(part) => Ok((before, after)),
        found => {
            let count = if found.is_some() { "more than once" } else { "nowhere" };
            Err(Error::new(format!("the shipped Envoy configuration holds `{}` {count}", part.trim())))
        }
    }
}

/// A YAML double-quoted scalar: JSON's escapes, and what YAML would take for a line break or a byte-order mark.
fn quote(text: &str) -> String {
    let mut quoted = serde_json::Value::from(text).to_string();
    for odd in ['\u{7f}', '\u{85}', '\u{a0}', '\u{2028}', '\u{2029}', '\u{feff}'] {
        if quoted.contains(odd) {
            quoted = quoted.replace(odd, &format!("\\u{:04x}", u32::from(odd)));
        }
    }
    quoted
}

/// Where distributions keep the root certificates.
fn root_certificates() -> Result<PathBuf> {
    let named = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    let usual = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ];
    named.into_iter().chain(usual.iter().map(PathBuf::from)).find(|file| file.is_file()).ok_or_else(|| {
        Error::new("no root certificates found for an https upstream; set SSL_CERT_FILE to a PEM file that holds them")
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::envoy::{EnvoyProcess, Launch};

    #[test]
    fn quoted_text_reaches_envoy_unchanged() {
        let odd = "two  spaces\n\ttab\r\n\"quotes\" 'single' \\ back # hash: {x} \u{1}\u{7f}\u{85}\u{a0}\u{2028}\u{feff} \u{e9}\u{1f600} end \n";
        let mut bootstrap = Bootstrap::new(Upstream::parse("http://127.0.0.1:1").unwrap(), Filter::None);
        let node = format!("node: {{id: {}, cluster: weir}}\nadmin:\n", quote(odd));
        bootstrap.changes.push(("admin:\n".into(), node));
        let envoy = EnvoyProcess::start(Launch::new(bootstrap)).unwrap();
        let info: serde_json::Value = serde_json::from_str(&envoy.admin_get("/server_info").unwrap()).unwrap();
        assert_eq!(info.pointer("/node/id").and_then(serde_json::Value::as_str), Some(odd));
    }

    #[test]
    fn a_policy_takes_the_place_of_the_whole_block() {
        let text =
            with_policy("a:\n  value: | # CHANGE: the policy, as JSON\n    {\n\n    }\n  next: 1\n", "{\n}\n").unwrap();
        assert_eq!(text, "a:\n  value: \"{\\n}\\n\"\n  next: 1\n");
    }

    #[test]
    fn a_text_that_is_not_there_once_is_an_error() {
        assert_eq!(
            replace("a a", "a", "b").unwrap_err().to_string(),
            "the shipped Envoy configuration holds `a` more than once"
        );
        assert_eq!(
            replace("b", "a", "b").unwrap_err().to_string(),
            "the shipped Envoy configuration holds `a` nowhere"
        );
    }

    #[test]
    fn upstreams() {
        let upstream = |host: &str, port, tls, http2| Upstream { host: host.into(), port, tls, http2 };
        let parse = |url| Upstream::parse(url).map_err(|error| error.to_string());
        assert_eq!(parse("https://api.openai.com"), Ok(upstream("api.openai.com", 443, true, false)));
        assert_eq!(parse("http://localhost:8080/"), Ok(upstream("localhost", 8080, false, false)));
        assert_eq!(parse("h2://[::1]:50"), Ok(upstream("::1", 50, false, true)));
        assert_eq!(parse("h2s://[::1]"), Ok(upstream("::1", 443, true, true)));
        assert_eq!(
            parse("https://api.openai.com/v1"),
            Err("the upstream `https://api.openai.com/v1` must be a host without a path, as in `https://api.openai.com`".into())
        );
        assert!(parse("http://a:b").is_err());
        assert!(parse("localhost:8080").is_err());
    }
}
