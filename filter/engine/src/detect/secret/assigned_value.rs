//! Values that a name calls secret.

use crate::detect::declared::assigned;
use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex, rarity};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/assigned-value",
    label: "SECRET",
    about: "a value assigned to a name such as `password`, `secret`, `token` or `api_key`, of 10 (a token of 16) to 150 characters that look \
            drawn at random: by which letters follow which, not by entropy; what another detector of secrets recognises is left \
            to it",
    max_span: MAX,
    anchors: &[
        Anchor::Name("password"),
        Anchor::Name("passwd"),
        Anchor::Name("passphrase"),
        Anchor::Name("pwd"),
        Anchor::Name("secret"),
        Anchor::Name("token"),
        Anchor::Name("credential"),
        Anchor::Name("api_key"),
        Anchor::Name("apikey"),
        Anchor::Name("api-key"),
        Anchor::Name("api key"),
        Anchor::Name("access_key"),
        Anchor::Name("access-key"),
        Anchor::Name("accesskey"),
        Anchor::Name("auth_key"),
        Anchor::Name("authkey"),
        Anchor::Name("private_key"),
        Anchor::Name("privatekey"),
        Anchor::Name("encryption_key"),
        Anchor::Name("signing_key"),
        Anchor::Name("account_key"),
    ],
    find: Find::Code(find),
    tail: None,
    rank: 2,
};

const MIN: usize = 10;
/// Of a token, which may also be a piece of text.
const TOKEN_MIN: usize = 16;
const MAX: usize = 150;

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["password = \"", "Zq7Lw2Xn5", "Rv8Tb1Yc", "4Md", "\""],
        &["DB_PASSWORD=", "xT9#mK2$v", "Lq8!nR4", "\n"],
        &["{\"api_key\": \"", "3f9a1c7e", "5b2d8046", "0b8e6d4c", "2a1f7593", "\"}"],
        &["my secret is ", "hT5kQ9wZ", "2xN7", "mB4vC1dF", "6g", " and"],
        &["client_secret: ", "r8Lp3Xs6", "Vn1Qk9Tz", "4Wc7Yb2M", "d5", ""],
        &["auth.token=\\\"", "k8s9x2m4", "q7w1", "z5v3b6n8", "\\\""],
    ],
    misses: &[
        &["use jsonwebtoken::jwk::JwkSetB2x9Q7zK"],
        &["{\"token\": \"", "Zq7Lw2Xn", "5Rv8", "\"}"],
        &["password = \"", "correct-horse-battery-staple", "\""],
        &["password: ${DB_PASSWORD}"],
        &["token = os.environ[\"SERVICE_TOKEN\"]"],
        &["secret: process.env.CLIENT_SECRET_VALUE"],
        &["api_key = get_key_from_vault(name)"],
        &["api_key: <your-api-key>"],
        &["api_key: your_api_key_goes_here_123"],
        &["token: ", "xxxxxxxxxxxxxxxxxxxxxxxx"],
        &["token = \"", "123e4567", "-e89b-12", "d3-a456-", "42661417", "4000", "\""],
        &["token_hash: ", "3f9a1c7e", "5b2d8046", "0b8e6d4c", "2a1f7593"],
        &["token: sha256:", "3f9a1c7e", "5b2d8046", "0b8e6d4c", "2a1f7593"],
        &["max_tokens: 4096, temperature: 0.2"],
        &["secret_path = /etc/ssl/private/server.key"],
        &["password = \"", "Zq7Lw2Xn5", "\""],
        &["the password may be anything, ", "Zq7Lw2Xn5", "Rv8Tb1Yc", "4Md"],
        &["password\n", "Zq7Lw2Xn5", "Rv8Tb1Yc", "4Md"],
        &["token: {{ vault.token }}"],
        &["tokenizer = AutoTokenizer.from_pretrained(x)"],
        &["public_key_secret_name: my-kubernetes-tls-secret-v2"],
    ],
    computed: &[],
};

/// What a value is made of.
const fn member(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(
            byte,
            b'"' | b'\'' | b'`' | b',' | b';' | b'<' | b'>' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'\\' | b'|'
        )
}

fn find(candidate: &Candidate<'_>) -> Outcome {
    look(candidate).unwrap_or_else(|outcome| outcome)
}

fn look(candidate: &Candidate<'_>) -> Result<Outcome, Outcome> {
    let start = assigned(candidate, candidate.anchor().end)?;
    let end = candidate.run_up_to(start, MAX + 1, member);
    if end - start <= MAX && candidate.must_wait(end) {
        return Err(Outcome::Wait(start));
    }
    // A call, an index, a template: the value is made elsewhere.
    let computed = matches!(candidate.at(end), Some(b'(' | b'[' | b'{' | b'<' | b'|'));
    let value = candidate.slice(start..end).trim_end_matches(['.', ':', '!', '?', '*']);
    let name = candidate.slice(candidate.anchor().start..start);
    // Models answer with tokens of text under the same name.
    let least = if candidate.slice(candidate.anchor()).eq_ignore_ascii_case("token") { TOKEN_MIN } else { MIN };
    if !(least..=MAX).contains(&value.len()) || computed || ordinary(value.as_bytes()) || digest(name, value) {
        return Err(Outcome::Miss);
    }
    Ok(Outcome::Hit(start..start + value.len(), Confidence::Likely))
}

/// Whether a value is a reference, a placeholder, or something that was written.
pub(super) fn ordinary(value: &[u8]) -> bool {
    let reference = matches!(value, [b'$' | b'%' | b'/' | b'.' | b'~' | b'&' | b'@', ..])
        || value.array_windows().any(|pair| pair == b"//");
    let example = value.windows(7).any(|seven| seven.eq_ignore_ascii_case(b"example"));
    reference || example || lex::placeholder(value) || !rarity::random(value)
}

/// Whether a value is public: a UUID, or a digest that its name does not call a secret.
fn digest(name: &str, value: &str) -> bool {
    const PUBLIC: &[&str] =
        &["hash", "sha", "md5", "digest", "checksum", "fingerprint", "_id", "-id", "public", "commit"];
    let name = name.to_ascii_lowercase();
    let value = value.strip_prefix("0x").unwrap_or(value);
    let hex = matches!(value.len(), 32 | 40 | 64 | 96 | 128) && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let uuid = value.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let tagged = ["sha256:", "sha512:", "sha1:", "sha256-", "sha384-", "sha512-", "md5:"];
    let named = PUBLIC.iter().any(|word| name.contains(word));
    uuid || tagged.iter().any(|tag| value.starts_with(tag)) || (hex && named)
}
