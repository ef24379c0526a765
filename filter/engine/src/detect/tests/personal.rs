//! Data about people: what words and forms are worth, and what other detectors get wrong.

use super::super::Confidence;
use super::*;

fn found(text: &str) -> Vec<(String, &str, Confidence)> {
    let name = |finding: &Finding| (id(&CATALOG, finding).to_owned(), &text[finding.range()], finding.confidence);
    whole(&CATALOG, text).iter().map(name).collect()
}

/// The one finding in a text.
fn only(text: &str) -> Option<(String, Confidence)> {
    match found(text).as_slice() {
        [(id, _, sure)] => Some((id.clone(), *sure)),
        _ => None,
    }
}

fn sure(id: &str, confidence: Confidence) -> Option<(String, Confidence)> {
    Some((id.to_owned(), confidence))
}

#[test]
fn there_are_numbers_of_many_countries() {
    let ids: Vec<&str> = DETECTORS.iter().filter_map(|detector| detector.id.strip_prefix("pii/")).collect();
    let mut countries: Vec<&str> = ids
        .iter()
        .filter_map(|id| id.split_once('-'))
        .filter(|(country, _)| country.len() == 2 && *country != "ip")
        .map(|(country, _)| country)
        .collect();
    countries.sort_unstable();
    countries.dedup();
    assert!(ids.len() >= 100, "{}", ids.len());
    assert!(countries.len() >= 50, "{}: {countries:?}", countries.len());
}

#[test]
fn words_make_certain_what_its_check_digit_alone_does_not() {
    assert_eq!(only("it is 943 476 5919"), None);
    assert_eq!(only("her NHS number is 943 476 5919"), sure("pii/gb-nhs-number", Confidence::Certain));
    assert_eq!(only("12.345.678-Z"), sure("pii/es-nif", Confidence::Likely));
    assert_eq!(only("DNI 12.345.678-Z"), sure("pii/es-nif", Confidence::Certain));
    assert_eq!(only("76543210794"), sure("pii/tr-tckn", Confidence::Possible));
    assert_eq!(only("account number 12345678901"), sure("pii/us-bank-account", Confidence::Likely));
}

#[test]
fn of_several_types_the_one_whose_words_are_nearest_is_found() {
    // A number of eleven digits that passes both checks.
    let both = "37605030299";
    assert_eq!(only(&format!("isikukood {both}")), sure("pii/ee-isikukood", Confidence::Certain));
    assert_eq!(only(&format!("asmens kodas {both}")), sure("pii/lt-asmens-kodas", Confidence::Certain));
    let text = format!("isikukood or asmens kodas: {both}");
    assert_eq!(only(&text), sure("pii/lt-asmens-kodas", Confidence::Certain));
}

#[test]
fn the_key_of_a_value_is_its_words_and_other_keys_are_not() {
    assert_eq!(only(r#"{"bsn": "111222333"}"#), sure("pii/nl-bsn", Confidence::Certain));
    assert_eq!(only(r#"{"bsn":111222333}"#), sure("pii/nl-bsn", Confidence::Certain));
    assert_eq!(only(r#"{\"userBsn\": \"111222333\"}"#), sure("pii/nl-bsn", Confidence::Certain));
    assert_eq!(only("customer_bsn=111222333&x=1"), sure("pii/nl-bsn", Confidence::Certain));
    assert_eq!(only(r#"{"bsn": null, "order": "111222333"}"#), None);
    assert_eq!(only("bsn: none\norder: 111222333"), None);
}

#[test]
fn a_key_of_its_own_is_known() {
    for key in
        ["ssn_backup_dob", "dateOfBirth", "phone", "first_name", "homeAddress", "iban_bic", "nhsNumber", "身份证号"]
    {
        assert!(CATALOG.mentions(key), "{key}");
    }
    for key in ["content", "role", "index", "temperature", "finish_reason", "arguments"] {
        assert!(!CATALOG.mentions(key), "{key}");
    }
}

/// The nine characters are the serial number, and the check digit is the tenth.
#[test]
fn the_specimens_of_german_documents_are_valid() {
    assert_eq!(only("Reisepass C01X00T478"), sure("pii/de-passport", Confidence::Certain));
    assert_eq!(only("Reisepass C01X00T47"), sure("pii/de-passport", Confidence::Certain));
    assert_eq!(only("Personalausweis LZ6311T475"), sure("pii/de-id-card", Confidence::Certain));
    assert_eq!(only("Reisepass C01X00T479"), None);
}

#[test]
fn cards_of_the_second_series_are_cards() {
    assert_eq!(only("2223 0031 2200 3222"), sure("pii/payment-card", Confidence::Certain));
}

#[test]
fn areas_that_are_never_given_out_are_no_ssn() {
    for text in ["ssn 900-45-6789", "ssn 987-65-4320", "ssn 666-45-6789", "ssn 000-45-6789"] {
        assert!(found(text).iter().all(|(id, ..)| id != "pii/us-ssn"), "{text}");
    }
}

#[test]
fn the_check_character_of_a_gstin_is_computed() {
    assert_eq!(only("27AAPFU0939F1ZV"), sure("pii/in-gstin", Confidence::Likely));
    assert_eq!(only("GSTIN 27AAPFU0939F1ZA"), None);
}

/// The sum doubles every second digit from the right, as everywhere.
#[test]
fn an_amka_passes_luhn() {
    assert_eq!(only("AMKA 01013099997"), sure("pii/gr-amka", Confidence::Certain));
    assert_eq!(only("AMKA 01013099992"), None);
}

#[test]
fn the_readme_names_every_detector_of_personal_data() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md")).unwrap();
    let missing: Vec<&str> = DETECTORS
        .iter()
        .map(|detector| detector.id)
        .filter(|id| id.starts_with("pii/") && !readme.contains(&format!("`{}`", &id["pii/".len()..])))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_looks_like_a_number_of_a_person_is_none() {
    for text in [
        "2024-11-29T07:01:22.123456Z",
        "at 1700000000000 ms",
        "1700000000",
        "3.141592653589793",
        "550e8400-e29b-41d4-a716-446655440000",
        "d41d8cd98f00b204e9800998ecf8427e",
        "sha1 356a192b7913b04c54574d18c28d46e6395428ab",
        "v1.2.3.4 and 10.15.7",
        "lodash@4.17.21",
        "12:34:56",
        "2019 2020 2021 2022",
        "RFC 2616, ISO 9001, GB 11643",
        "order 123456789 of 987654321",
        "0x7fffffff",
        "$1,234,567.89",
        "€ 12.345.678",
        "tokens: 4096, 8192, 128000",
        "[0.0123, -0.4567, 0.8910]",
        "2024/11/29 10:00:00",
        "https://example.com/users/123456789/posts/12345678",
        "call_9aBcDe12345678",
        "chatcmpl-123456789",
        "port 8080 of 65535",
        "1 234 567",
        "page 12 of 345",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}
