//! Whether a request carries a right AWS Signature Version 4, after AWS's public description ("Create a signed AWS API
//! request" in the IAM User Guide).
//!
//! A request comes in as it arrived, what AWS would say about its signature goes out. The canonical request is the
//! method, the path (encoded once more, as for every service but S3), the sorted query, the signed headers with their
//! values trimmed, their names, and the SHA-256 of the body. The hash is computed over what arrived: an
//! `x-amz-content-sha256` that says otherwise is refused, and so is `UNSIGNED-PAYLOAD`, which Bedrock does not take.
//!
//! The age of a request is not judged, so that a recorded one can be played again. Presigned URLs are not known.

use super::Received;
use super::delivery::percent_decoded;
use crate::Step;
use crate::client::Request;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// The access key id that the mock knows; it belongs to nobody.
pub fn access_key_id() -> String {
    ["AKIA", "MOCKWEIR", "UPSTREAM"].concat()
}

/// The secret that goes with it.
pub fn secret_access_key() -> String {
    ["mock/", "upstream+", "secret", "/of/weir/", "0123456789a"].concat()
}

/// Why AWS would not take a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is no signature.
    Missing,
    /// The `authorization` header, or what it needs beside it, cannot be understood.
    Malformed,
    /// The access key id is not known.
    UnknownKey,
    /// The signature is for another service, or the scope's date is not that of the request.
    Scope,
    /// The signature is not the one that the request should have.
    Mismatch,
}

impl Refusal {
    /// The name of the exception, as in `x-amzn-errortype`.
    pub fn exception(self) -> &'static str {
        match self {
            Refusal::Missing => "MissingAuthenticationTokenException",
            Refusal::Malformed => "IncompleteSignatureException",
            Refusal::UnknownKey => "UnrecognizedClientException",
            Refusal::Scope | Refusal::Mismatch => "InvalidSignatureException",
        }
    }

    /// What AWS says.
    pub fn message(self) -> &'static str {
        match self {
            Refusal::Missing => "Missing Authentication Token",
            Refusal::Malformed => "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders'.",
            Refusal::UnknownKey => "The security token included in the request is invalid.",
            Refusal::Scope => "Credential should be scoped to correct service and date.",
            Refusal::Mismatch => {
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
                 Access Key and signing method. Consult the service documentation for details."
            }
        }
    }
}

/// What an `authorization` header says.
struct Claim {
    key: String,
    date: String,
    region: String,
    service: String,
    signed: Vec<String>,
    signature: String,
}

impl Claim {
    /// `AWS4-HMAC-SHA256 Credential=ID/date/region/service/aws4_request, SignedHeaders=a;b, Signature=hex`
    fn read(header: &str) -> Option<Claim> {
        let rest = header.strip_prefix("AWS4-HMAC-SHA256")?;
        let field = |name: &str| {
            let mut fields = rest.split(',').map(str::trim);
            fields.find_map(|field| field.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
        };
        let (credential, signed, signature) = (field("Credential")?, field("SignedHeaders")?, field("Signature")?);
        let mut scope = credential.split('/').map(str::to_owned);
        let claim = Claim {
            key: scope.next()?,
            date: scope.next()?,
            region: scope.next()?,
            service: scope.next()?,
            signed: signed.split(';').map(str::to_owned).collect(),
            signature,
        };
        (scope.next()? == "aws4_request" && scope.next().is_none()).then_some(claim)
    }

    fn scope(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.date, self.region, self.service)
    }
}

/// Verifies the signature of a request to `service` against the credentials of the mock.
///
/// # Errors
/// What AWS would refuse the request for.
pub fn verify(request: &Received, service: &str) -> Result<(), Refusal> {
    let header = request.header("authorization").ok_or(Refusal::Missing)?;
    let claim = Claim::read(&header).ok_or(Refusal::Malformed)?;
    let time = request.header("x-amz-date").ok_or(Refusal::Malformed)?;
    if claim.key != access_key_id() {
        return Err(Refusal::UnknownKey);
    }
    if claim.service != service || !time.starts_with(&claim.date) {
        return Err(Refusal::Scope);
    }
    let is_signed = |name: &str| claim.signed.iter().any(|signed| signed == name);
    // AWS wants the host signed, and every header of its own that is there.
    let own = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).filter(|n| n.starts_with("x-amz-"));
    if !is_signed("host") || own.into_iter().any(|name| !is_signed(&name)) {
        return Err(Refusal::Mismatch);
    }
    let body = hex(&Sha256::digest(&request.body));
    if request.header("x-amz-content-sha256").is_some_and(|told| told != body) {
        return Err(Refusal::Mismatch);
    }
    if signature(request, &claim, &time, &body).is_some_and(|right| right == claim.signature) {
        return Ok(());
    }
    Err(Refusal::Mismatch)
}

/// Signs `request` to Bedrock at `host` as a client with the mock's credentials would: host, date and content type. The
/// date is always the same.
#[must_use]
pub fn sign(request: Request, host: &str) -> Request {
    let time = "20260102T030405Z";
    let request = request.header("host", host).header("x-amz-date", time);
    let data = request.body.iter().filter_map(|step| match step {
        Step::Data(data) => Some(data.to_vec()),
        _ => None,
    });
    let arriving = Received {
        method: request.method.clone(),
        path: request.path.clone(),
        version: String::new(),
        headers: request.headers.clone(),
        body: data.flatten().collect(),
        trailers: Vec::new(),
        complete: true,
    };
    let signed = ["content-type", "host", "x-amz-date"].into_iter().filter(|name| arriving.header(name).is_some());
    let mut claim = Claim {
        key: access_key_id(),
        date: "20260102".into(),
        region: "us-east-1".into(),
        service: "bedrock".into(),
        signed: signed.map(str::to_owned).collect(),
        signature: String::new(),
    };
    let body = hex(&Sha256::digest(&arriving.body));
    claim.signature = signature(&arriving, &claim, time, &body).unwrap_or_default();
    let Claim { key, signed, signature, .. } = &claim;
    let (scope, signed) = (claim.scope(), signed.join(";"));
    let header = format!("AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={signed}, Signature={signature}");
    request.header("authorization", header)
}

/// The signature that a request should have; nothing when a signed header did not arrive.
fn signature(request: &Received, claim: &Claim, time: &str, body: &str) -> Option<String> {
    let canonical = canonical_request(request, &claim.signed, body)?;
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{}\n{}", claim.scope(), hex(&Sha256::digest(canonical)));
    let mut key = format!("AWS4{}", secret_access_key()).into_bytes();
    for part in [&claim.date, &claim.region, &claim.service, "aws4_request"] {
        key = keyed(&key, part);
    }
    Some(hex(&keyed(&key, &to_sign)))
}

/// Nothing when a signed header did not arrive.
fn canonical_request(request: &Received, signed: &[String], body: &str) -> Option<String> {
    let mut headers = String::new();
    for name in signed {
        headers += &format!("{name}:{}\n", values(request, name)?);
    }
    let query = request.path.split_once('?').map_or("", |(_, query)| query);
    let (method, path, query) = (&request.method, canonical_path(request.route()), canonical_query(query));
    Some(format!("{method}\n{path}\n{query}\n{headers}\n{}\n{body}", signed.join(";")))
}

/// The values of a header, trimmed, runs of spaces as one, with commas between.
fn values(request: &Received, name: &str) -> Option<String> {
    let name = if name == "host" && request.header("host").is_none() { ":authority" } else { name };
    let found = request.headers.iter().filter(|(candidate, _)| candidate.eq_ignore_ascii_case(name));
    let values: Vec<String> = found
        .map(|(_, value)| String::from_utf8_lossy(value).split_ascii_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// The path without dot segments and double slashes, each segment encoded once more.
fn canonical_path(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    let encoded: Vec<String> = segments.iter().map(|segment| encoded(segment)).collect();
    let end = if path.ends_with('/') && !encoded.is_empty() { "/" } else { "" };
    format!("/{}{end}", encoded.join("/"))
}

/// Names and values encoded, sorted.
fn canonical_query(query: &str) -> String {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<(String, String)> = pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (encoded(&percent_decoded(name)), encoded(&percent_decoded(value)))
        })
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// Everything but unreserved characters as `%XY`.
fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn keyed(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
