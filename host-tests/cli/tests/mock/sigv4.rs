//! Signatures, against vectors that botocore 1.44.5 computed.
//!
//! How they were made: `botocore.auth.SigV4Auth(Credentials(ID, SECRET[, TOKEN]), "bedrock", "us-east-1").add_auth(r)` on
//! an `AWSRequest(method="POST", url=URL, data=BODY, headers=HEADERS)`, with `botocore.auth.get_current_datetime`
//! replaced by one that says 2026-01-02 03:04:05 UTC; ID and SECRET are those of the mock.

use weir_cli::mock::Received;
use weir_cli::mock::sigv4::{Refusal, access_key_id, verify};

/// A request as botocore signed it.
struct Vector {
    path: &'static str,
    host: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
    signed: &'static str,
    signature: &'static str,
}

const VECTORS: [Vector; 5] = [
    Vector {
        path: "/model/amazon.titan-text-express-v1/converse",
        host: "bedrock.example:8080",
        headers: &[("content-type", "application/json")],
        body: r#"{"messages":[]}"#,
        signed: "content-type;host;x-amz-date",
        signature: "9ba56d07c95556fdbd9327c71fb60955f627af25bda9d25ef24dc3b457e8b2b9",
    },
    Vector {
        path: "/model/anthropic.claude-3-5-sonnet-20241022-v2:0/converse",
        host: "bedrock.example",
        headers: &[("content-type", "application/json")],
        body: r#"{"messages":[]}"#,
        signed: "content-type;host;x-amz-date",
        signature: "efc8124e3c8e89ecccf039f9703b9940fb89a47b83361ad920d379b685b11dee",
    },
    Vector {
        path: "/model/anthropic.claude-3-5-sonnet-20241022-v2%3A0/converse",
        host: "bedrock.example",
        headers: &[("content-type", "application/json")],
        body: r#"{"messages":[]}"#,
        signed: "content-type;host;x-amz-date",
        signature: "970930c115b576acc02c4295727b1f0715d7136223cdc42ec372e69bcc1b7e6e",
    },
    Vector {
        path: "/model/meta.llama3-8b-instruct-v1%3A0/invoke?b=2&a=x%20y&a=1",
        host: "bedrock.example",
        headers: &[
            ("content-type", "application/json"),
            ("x-amzn-bedrock-trace", "  a   b  "),
            ("x-amz-security-token", "tok/en+1=="),
        ],
        body: "{\"prompt\":\"h\u{e9}\"}",
        signed: "content-type;host;x-amz-date;x-amz-security-token;x-amzn-bedrock-trace",
        signature: "bc178e1e12694603a4deccfd5013d216a1e965b32185d911451068cc3a1a206b",
    },
    Vector {
        path: "/model/amazon.titan-text-express-v1/invoke",
        host: "bedrock.example",
        headers: &[("x-amz-content-sha256", "8f95c142ae8cde6711fb70eccfab61c2e9ef061685d028bcbc5275b1d6ca876e")],
        body: r#"{"inputText":"x"}"#,
        signed: "host;x-amz-content-sha256;x-amz-date",
        signature: "6d9e4ec5b1ec80c44070bb333942d9af347421af6332737fd5865cbe704f80bd",
    },
];

impl Vector {
    fn request(&self) -> Received {
        let (key, signed, signature) = (access_key_id(), self.signed, self.signature);
        let credential = format!("{key}/20260102/us-east-1/bedrock/aws4_request");
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={signed}, Signature={signature}");
        let fixed = [("host", self.host), ("x-amz-date", "20260102T030405Z"), ("authorization", &authorization)];
        let headers = fixed.iter().chain(self.headers);
        Received {
            method: "POST".into(),
            path: self.path.into(),
            version: "HTTP/1.1".into(),
            headers: headers.map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect(),
            body: self.body.into(),
            trailers: Vec::new(),
            complete: true,
        }
    }
}

/// The first vector, changed.
fn changed(change: impl Fn(&mut Received)) -> Result<(), Refusal> {
    let mut request = VECTORS[0].request();
    change(&mut request);
    verify(&request, "bedrock")
}

fn set(request: &mut Received, name: &str, value: &str) {
    request.headers.retain(|(candidate, _)| candidate != name);
    request.headers.push((name.to_owned(), value.as_bytes().to_vec()));
}

#[test]
fn what_botocore_signs_is_right() {
    for vector in &VECTORS {
        assert_eq!(verify(&vector.request(), "bedrock"), Ok(()), "{}", vector.path);
    }
    // Over HTTP/2 the host is the authority.
    let authority = |request: &mut Received| request.headers[0].0 = ":authority".into();
    assert_eq!(changed(authority), Ok(()));
    assert_eq!(changed(|request| set(request, "x-request-id", "added by a proxy")), Ok(()));
}

#[test]
fn any_change_is_noticed() {
    for vector in &VECTORS {
        let mut tampered = vector.request();
        tampered.body.push(b' ');
        assert_eq!(verify(&tampered, "bedrock"), Err(Refusal::Mismatch), "{}", vector.path);
    }
    let changes: [fn(&mut Received); 7] = [
        |request| request.method = "PUT".into(),
        |request| request.path = "/model/amazon.titan-text-express-v2/converse".into(),
        |request| request.path += "?a=1",
        |request| set(request, "host", "elsewhere.example"),
        |request| set(request, "content-type", "text/plain"),
        |request| set(request, "x-amz-date", "20260102T030406Z"),
        |request| set(request, "x-amz-target", "not signed"),
    ];
    for (place, change) in changes.into_iter().enumerate() {
        assert_eq!(changed(change), Err(Refusal::Mismatch), "change {place}");
    }
    let mut unsigned_body = VECTORS[4].request();
    set(&mut unsigned_body, "x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    assert_eq!(verify(&unsigned_body, "bedrock"), Err(Refusal::Mismatch));
}

#[test]
fn refusals_are_told_apart() {
    let drop_header =
        |name: &'static str| move |request: &mut Received| request.headers.retain(|(candidate, _)| candidate != name);
    assert_eq!(changed(drop_header("authorization")), Err(Refusal::Missing));
    assert_eq!(changed(drop_header("x-amz-date")), Err(Refusal::Malformed));
    assert_eq!(changed(|request| set(request, "authorization", "Bearer x")), Err(Refusal::Malformed));
    assert_eq!(changed(|request| set(request, "x-amz-date", "20260103T030405Z")), Err(Refusal::Scope));
    assert_eq!(verify(&VECTORS[0].request(), "s3"), Err(Refusal::Scope));
    let other_key = |request: &mut Received| {
        let header = request.header("authorization").unwrap().replace(&access_key_id(), "somebody");
        set(request, "authorization", &header);
    };
    assert_eq!(changed(other_key), Err(Refusal::UnknownKey));
}
