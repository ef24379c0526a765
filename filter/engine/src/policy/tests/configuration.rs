//! The forms in which a policy arrives.

use crate::policy::Policy;
use crate::policy::protobuf::tests::encode;

const YAML_OR_JSON: &str = r#"{"version": 1, "name": "same", "limits": {"json_depth": 32},
    "rules": [{"id": "r", "when": {"model": ["gpt-\u0034o"]}, "then": {"action": "block"}}]}"#;

#[test]
fn json_and_struct_have_the_same_hash() {
    let json: serde_json::Value = serde_json::from_str(YAML_OR_JSON).unwrap();
    let bytes = encode(&json);
    let (text, decoded) = (Policy::from_configuration(YAML_OR_JSON.as_bytes()), Policy::from_configuration(&bytes));
    let (text, decoded) = (text.unwrap(), decoded.unwrap());
    assert_eq!(text.hash(), decoded.hash());
    assert_eq!(text.hash().len(), "sha256:".len() + 64);
    assert_eq!(decoded.limits().json_depth, 32);
    let padded = format!("\n\t {YAML_OR_JSON}\n");
    assert_eq!(Policy::from_configuration(padded.as_bytes()).unwrap().hash(), text.hash());
    let other = YAML_OR_JSON.replace("same", "other");
    assert_ne!(Policy::compile(&other).unwrap().hash(), text.hash());
}

#[test]
fn a_struct_with_errors_has_paths_and_no_places() {
    let json = serde_json::json!({"version": 1, "name": "x", "rules": [{"id": "r", "then": {"action": "blok"}}], "limits": {"work": 1.5}});
    let diagnostics = Policy::from_configuration(&encode(&json)).unwrap_err();
    let lines = diagnostics.to_string();
    assert!(lines.contains("rules[0].then.action: `blok` is not an action (help: did you mean `block`)"), "{lines}");
    assert!(lines.contains("limits.work: `1.5e0` is not an integer"), "{lines}");
    assert!(diagnostics.errors().iter().all(|error| error.line == 0 && error.span.is_empty()));
}

#[test]
fn what_is_neither_json_nor_a_struct() {
    for bytes in [&b""[..], b"   ", b"[1]", b"nonsense", b"\n[]"] {
        let diagnostics = Policy::from_configuration(bytes).unwrap_err();
        assert!(diagnostics.errors()[0].line >= 1, "{diagnostics}");
    }
    assert_eq!(Policy::from_configuration(b"\xff\xfe").unwrap_err().errors()[0].code, "not_text");
}
