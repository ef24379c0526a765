//! Samples that look like the real thing, built at run time from documented formats.

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The names that may stand between double braces.
pub fn names() -> &'static [&'static str] {
    &[
        "aws-access-key-id",
        "aws-secret-access-key",
        "github-token",
        "openai-api-key",
        "slack-token",
        "jwt",
        "private-key",
        "card",
        "card-dashed",
        "iban",
        "email",
        "ssn",
    ]
}

/// The sample of this name.
pub fn sample(name: &str) -> Option<String> {
    Some(match name {
        "aws-access-key-id" => ["AKIA", "QYLPMN5HXY4K2ZTB"].concat(),
        "aws-secret-access-key" => ["wq7Lw2Xn5Rv8Tb1Yc4Md", "6Kf9Hg3J/0PaQeUi+Zx8"].concat(),
        "github-token" => {
            let body = "x7Kq2Lm9Zr4Tn8Wb1Vc6Hd3Fg5Jp0S";
            format!("gh{}_{body}{}", "p", checksum(body))
        }
        "openai-api-key" => {
            let half = "Zk3vQ8mT1xWc5RnY7bLa";
            ["sk-proj-", half, "T3Blbk", "FJ", half].concat()
        }
        "slack-token" => ["xoxb", "-123456789012-1234567890123-", "AbCdEfGhIjKlMnOpQrStUvWx"].concat(),
        "jwt" => [
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
            ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.",
            "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        ]
        .concat(),
        "private-key" => {
            let line = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";
            format!("-----BEGIN {0} KEY-----\n{line}\n-----END {0} KEY-----", "PRIVATE")
        }
        "card" => ["4111", "1111", "1111", "1111"].concat(),
        "card-dashed" => ["5555", "5555", "5555", "4444"].join("-"),
        "iban" => ["DE89", "3704", "0044", "0532", "0130", "00"].join(" "),
        "email" => "ada.lovelace@example.com".to_owned(),
        "ssn" => ["536", "22", "8726"].join("-"),
        _ => return None,
    })
}

/// Replaces every `{{name}}`, and every `{{repeat NUMBER TEXT}}` by the text so many times.
///
/// # Errors
/// The name that is no sample.
pub fn expand(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, tail)) = after.split_once("}}") else {
            out.push_str("{{");
            rest = after;
            continue;
        };
        if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
            out.push_str(&sample(name).ok_or_else(|| format!("`{name}` is no sample"))?);
            rest = tail;
        } else if let Some((number, text)) = name.strip_prefix("repeat ").and_then(|name| name.split_once(' ')) {
            let number = number.parse().map_err(|_| format!("`{number}` is no number of times"))?;
            out.push_str(&text.repeat(number));
            rest = tail;
        } else {
            out.push_str("{{");
            rest = after;
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// The last six characters of a GitHub token: CRC-32 (IEEE) of the thirty before, in base 62.
fn checksum(body: &str) -> String {
    let mut crc = u32::MAX;
    for byte in body.bytes() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    let mut value = !crc;
    let mut digits = vec![b'0'; 6];
    for slot in digits.iter_mut().rev() {
        *slot = BASE62.get((value % 62) as usize).copied().unwrap_or_default();
        value /= 62;
    }
    String::from_utf8_lossy(&digits).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_sample_and_braces_of_templates_stay() {
        for name in names() {
            assert!(sample(name).is_some(), "{name}");
        }
        assert_eq!(expand("a {{card}} {{ x }} {{").as_deref(), Ok("a 4111111111111111 {{ x }} {{"));
        assert_eq!(expand("{{repeat 3 [1,}}0").as_deref(), Ok("[1,[1,[1,0"));
        assert_eq!(expand("{{repeat x 0}}"), Err("`x` is no number of times".to_owned()));
        assert_eq!(expand("{{nonsense}}"), Err("`nonsense` is no sample".to_owned()));
    }
}
