//! Keys of Azure, most of which carry a signature and a checksum.
//!
//! The layouts, seeds and checksums are those that Microsoft's security-utilities (MIT) document: an identifiable key ends in
//! a signature of its service and the Marvin32 hash of the bytes before it.

use super::class::{ALNUM, BASE64, PADDING};
use super::jwt::decode;
use crate::detect::declared::infix;
use crate::detect::{Anchor, Certainty, Class, Detector, Part::Run, Part::Text, check};

/// The unreserved characters of a URL (RFC 3986).
const UNRESERVED: Class = Class::of("A-Za-z0-9._~-");
const KIND: Class = Class::of("9DH");
const URL: Class = Class::of("A-Za-z0-9_-");

pub(crate) const FAMILIES: &[Detector] = &[
    infix(
        "secret/azure-account-key",
        "AZURE_ACCOUNT_KEY",
        "an identifiable key of 64 bytes, of Azure Storage, Cosmos DB, Batch, API Management or Machine Learning: 86 base64 \
         characters and `==`, with a signature and a Marvin32 checksum (Microsoft security-utilities)",
        (BASE64, 76),
        &[Anchor::Text("+ASt"), Anchor::Text("ACDb"), Anchor::Text("+ABa"), Anchor::Text("+AMC"), Anchor::Text("APIM")],
        &[Run(BASE64, 6, 6), Text("==")],
        Certainty::Checked(identifiable),
    ),
    infix(
        "secret/azure-service-key",
        "AZURE_SERVICE_KEY",
        "an identifiable key of 32 bytes, of Azure Service Bus, Event Hubs, Relay, Redis, IoT or Event Grid: 43 base64 characters \
         and `=`, with a signature and a Marvin32 checksum (Microsoft security-utilities)",
        (BASE64, 33),
        &[
            Anchor::Text("+ASb"),
            Anchor::Text("+AEh"),
            Anchor::Text("+ARm"),
            Anchor::Text("AzCa"),
            Anchor::Text("AIoT"),
            Anchor::Text("AZEG"),
        ],
        &[Run(BASE64, 6, 6), Text("=")],
        Certainty::Checked(identifiable),
    ),
    infix(
        "secret/azure-search-key",
        "AZURE_SEARCH_KEY",
        "an identifiable key of 39 bytes, of Azure AI Search or a container registry: 52 base64 characters, with a signature and a \
         Marvin32 checksum (Microsoft security-utilities)",
        (BASE64, 42),
        &[Anchor::Text("AzSe"), Anchor::Text("+ACR")],
        &[Run(BASE64, 6, 6)],
        Certainty::Checked(identifiable),
    ),
    infix(
        "secret/azure-function-key",
        "AZURE_FUNCTION_KEY",
        "an identifiable key of an Azure function: 54 base64url characters and `==`, with a signature and a Marvin32 checksum \
         (Microsoft security-utilities)",
        (URL, 44),
        &[Anchor::Text("AzFu")],
        &[Run(URL, 6, 6), Text("==")],
        Certainty::Checked(identifiable),
    ),
    infix(
        "secret/azure-annotated-key",
        "AZURE_ANNOTATED_KEY",
        "a common annotated security key of Azure, also an Azure DevOps token of the new form: 52 letters or digits, `JQQJ9`, a \
         kind and 26 to 28 more, with a Marvin32 checksum (Microsoft security-utilities)",
        (ALNUM, 52),
        &[Anchor::Text("JQQJ9")],
        &[Run(KIND, 1, 1), Run(ALNUM, 26, 28), Run(PADDING, 0, 2)],
        Certainty::Checked(annotated),
    ),
    infix(
        "secret/entra-client-secret",
        "ENTRA_CLIENT_SECRET",
        "the secret of a Microsoft Entra application: 3 characters, `7Q~` or `8Q~`, and 31 to 34 more, of which the last three are a \
         part of a Marvin32 checksum (Microsoft security-utilities)",
        (UNRESERVED, 3),
        &[Anchor::Text("7Q~"), Anchor::Text("8Q~")],
        &[Run(UNRESERVED, 31, 34)],
        Certainty::Checked(entra),
    ),
];

/// The seeds of the checksums, as eight letters and digits.
const SEEDS: &[&[u8; 8]] = &[
    b"Default0",
    b"SysAll00",
    b"Resour00",
    b"MastRO00",
    b"SystRO00",
    b"Encryp00",
    b"MastRW00",
    b"SystRW00",
    b"AbAcct00",
    b"Classic0",
    b"Tenant00",
    b"IotHub00",
    b"Gatewy00",
    b"GitKey00",
    b"Send0000",
    b"Listen00",
    b"Manage00",
    b"Access00",
    b"DpsKey00",
    b"Device00",
    b"Query000",
    b"PAdmin00",
    b"ACRDflt0",
    b"Functi00",
    b"Master00",
    b"System00",
];

/// Whether the last four bytes of a key are the checksum of those before.
fn identifiable(key: &str) -> bool {
    let standard = key.trim_end_matches('=').replace('+', "-").replace('/', "_");
    let Some(bytes) = decode(&standard) else { return false };
    let Some((signed, sum)) = bytes.split_last_chunk::<4>() else { return false };
    SEEDS.iter().any(|seed| check::marvin_32(signed, **seed).to_le_bytes() == *sum)
}

/// Whether the characters behind the first 80 are the checksum of the bytes that those encode.
fn annotated(key: &str) -> bool {
    let Some((signed, sum)) = key.split_at_checked(80) else { return false };
    let Some(bytes) = decode(signed) else { return false };
    let [first, second, third, _] = check::marvin_32(&bytes, *b"Default0").to_le_bytes();
    decode(sum.get(..4).unwrap_or_default()).is_some_and(|found| found == [first, second, third])
}

/// Whether the last three characters are the first three of the checksum of those before, in base 66.
fn entra(secret: &str) -> bool {
    const ALPHABET: &[u8; 66] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
    let Some((signed, sum)) = secret.as_bytes().split_last_chunk::<3>() else { return false };
    let mut rest = check::marvin_32(signed, *b"AadPwd00");
    let mut digits = [b'a'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET.get((rest % 66) as usize).copied().unwrap_or(b'a');
        rest /= 66;
    }
    digits.starts_with(sum)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

    use super::*;
    use crate::detect::catalog::by_id;
    use crate::detect::{Confidence, Scanner, SetBuilder};

    fn encode(bytes: &[u8], last: [u8; 2]) -> String {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let digit = |value: u32| match value {
            62 => last[0],
            63 => last[1],
            value => alphabet[value as usize],
        };
        let mut text = Vec::new();
        for three in bytes.chunks(3) {
            let bits = three.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
            text.extend((0..=three.len()).map(|at| digit(bits >> (18 - 6 * at) & 63)));
            text.extend((three.len()..3).map(|_| b'='));
        }
        String::from_utf8(text).unwrap()
    }

    fn confidence(id: &str, text: &str) -> Option<Confidence> {
        let mut builder = SetBuilder::new();
        builder.built_in(by_id(id).unwrap()).unwrap();
        let (set, mut findings) = (builder.build().unwrap(), Vec::new());
        Scanner::new(&set, 1 << 20).whole(text, &mut findings);
        findings.first().map(|finding| finding.confidence)
    }

    /// A key of `len` bytes with a signature before its checksum.
    fn key(len: usize, signature: &str, seed: [u8; 8], last: [u8; 2]) -> String {
        let mut bytes: Vec<u8> = (0..len).map(|at| (at * 89 + at * at * 7 + 13) as u8).collect();
        let plain = encode(&bytes, last);
        let trimmed = plain.trim_end_matches('=');
        let at = trimmed.len() - 10;
        let signed = [trimmed.get(..at).unwrap(), signature, "AAAAAA"].concat();
        bytes = decode(&signed.replace('+', "-").replace('/', "_")).unwrap();
        let sum = check::marvin_32(&bytes[..len - 4], seed).to_le_bytes();
        bytes.splice(len - 4..len, sum);
        encode(&bytes[..len], last)
    }

    #[test]
    fn a_valid_checksum_makes_certain() {
        for (id, key) in [
            ("secret/azure-account-key", key(64, "+ASt", *b"Default0", *b"+/")),
            ("secret/azure-account-key", key(64, "ACDb", *b"MastRW00", *b"+/")),
            ("secret/azure-service-key", key(32, "+AEh", *b"Send0000", *b"+/")),
            ("secret/azure-search-key", key(39, "AzSe", *b"PAdmin00", *b"+/")),
            ("secret/azure-function-key", key(40, "AzFu", *b"Functi00", *b"-_")),
        ] {
            assert_eq!(confidence(id, &key), Some(Confidence::Certain), "{id}: {key}");
            let other = if key.starts_with('Q') { "R" } else { "Q" };
            let wrong = [other, key.get(1..).unwrap()].concat();
            assert_eq!(confidence(id, &wrong), Some(Confidence::Likely), "{id}: {wrong}");
        }
    }

    #[test]
    fn an_entra_secret_and_an_annotated_key_have_checksums_too() {
        let signed = ["Zq7", "8Q~", "Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQe"].concat();
        let found = ('!'..='~').flat_map(|a| ('!'..='~').flat_map(move |b| ('!'..='~').map(move |c| [a, b, c])));
        let valid = found.map(|sum| [signed.as_str(), &String::from_iter(sum)].concat()).find(|secret| entra(secret));
        assert_eq!(confidence("secret/entra-client-secret", &valid.unwrap()), Some(Confidence::Certain));
        let body = ["Zq7Lw2Xn5Rv8Tb1Y"; 4].concat();
        let signed = [body.get(..52).unwrap(), "JQQJ99", "AJ", "AAAABBBBCCCCDDDD", "Zq7L"].concat();
        let sum = check::marvin_32(&decode(&signed).unwrap(), *b"Default0").to_le_bytes();
        let sum = encode(sum.get(..3).unwrap(), *b"-_");
        assert!(annotated(&[signed.as_str(), &sum].concat()));
        assert!(!annotated(&[signed.as_str(), "AAAA"].concat()));
    }
}
