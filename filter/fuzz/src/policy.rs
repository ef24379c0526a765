//! Loading policies.

use serde_json::Value;
use weir_engine::Policy;
use weir_engine::policy::Diagnostics;

/// Holds that errors have places in the text and can be shown, and that a policy that loads says the same in another spelling.
pub fn policy_json(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return assert!(Policy::from_configuration(data).is_ok() || !data.is_empty());
    };
    let policy = match Policy::compile(text) {
        Ok(policy) => policy,
        Err(errors) => return shown(&errors, Some(text)),
    };
    let value: Value = serde_json::from_str(text).expect("a policy is JSON");
    for spelling in [value.to_string(), format!("{value:#}")] {
        let again = Policy::compile(&spelling).expect("a policy loads again");
        assert!(again.hash() == policy.hash(), "another spelling has another hash");
    }
    let again = Policy::from_configuration(&fields(&value)).expect("a policy loads as a Struct");
    assert!(again.hash() == policy.hash(), "a Struct has another hash");
}

/// Holds the same for any bytes as configuration, and that JSON means the same as a Struct.
pub fn policy_protobuf(data: &[u8]) {
    if let Err(errors) = Policy::from_configuration(data) {
        shown(&errors, None);
    }
    if let Ok(value @ Value::Object(_)) = serde_json::from_slice::<Value>(data) {
        let (text, fields) = (Policy::compile(&value.to_string()), Policy::from_configuration(&fields(&value)));
        assert!(text.is_ok() == fields.is_ok(), "JSON and Struct disagree");
    }
}

fn shown(errors: &Diagnostics, source: Option<&str>) {
    assert!(!errors.errors().is_empty(), "refused without a reason");
    for error in errors.errors() {
        assert!(!error.message.is_empty());
        let Some(source) = source else { continue };
        assert!(source.get(error.span.clone()).is_some(), "an error is outside of the text: {error:?}");
        let line = source.split('\n').nth(error.line - 1).expect("a line of the text");
        assert!(error.column >= 1 && error.column <= line.chars().count() + 1, "an error is outside of its line");
    }
    errors.render("policy.json", false);
    errors.render("policy.json", true);
    assert!(serde_json::from_str::<Value>(&errors.to_json()).is_ok(), "errors are no JSON");
}

fn field(number: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(number << 3 | 2);
    let mut length = bytes.len();
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend_from_slice(bytes);
}

/// `google.protobuf.Struct`
fn fields(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    for (key, value) in value.as_object().into_iter().flatten() {
        let mut entry = Vec::new();
        field(1, key.as_bytes(), &mut entry);
        field(2, &value_of(value), &mut entry);
        field(1, &entry, &mut out);
    }
    out
}

/// `google.protobuf.Value`
fn value_of(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    match value {
        Value::Null => out.extend([1 << 3, 0]),
        Value::Bool(value) => out.extend([4 << 3, u8::from(*value)]),
        Value::Number(number) => {
            out.push(2 << 3 | 1);
            out.extend(number.as_f64().unwrap_or_default().to_bits().to_le_bytes());
        }
        Value::String(text) => field(3, text.as_bytes(), &mut out),
        Value::Object(_) => field(5, &fields(value), &mut out),
        Value::Array(elements) => {
            let mut list = Vec::new();
            elements.iter().for_each(|element| field(1, &value_of(element), &mut list));
            field(6, &list, &mut out);
        }
    }
    out
}
