//! The engine without a proxy.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use weir_cli::demo::{cases, sent};
use weir_cli::offline::{Message, decide, texts};
use weir_cli::policy::BASELINE;
use weir_engine::{Policy, Timestamp};

/// What `weir inspect` underlines must be what the record speaks of.
#[test]
fn texts_have_the_numbers_of_the_record() {
    let policy = Arc::new(Policy::compile(BASELINE).unwrap());
    for case in cases() {
        let request = &case.request;
        let mut headers: Vec<(String, Vec<u8>)> =
            vec![(":method".into(), request.method.clone().into()), (":path".into(), request.path.clone().into())];
        headers.extend(request.headers.clone());
        headers.push(("x-note".into(), b"write to ada.lovelace@example.org".to_vec()));
        let message = Message { headers, body: sent(request) };
        let decided = decide(policy.clone(), &message, None, Timestamp::from_millis(0));
        let verdict = decided.record.clone().unwrap().request.unwrap();
        let texts = texts(&policy, &message, None, &decided);
        assert_eq!(texts.len(), verdict.parts, "{}", case.title);
        assert!(!verdict.findings.is_empty());
        for finding in &verdict.findings {
            let [start, end] = finding.span;
            let found = texts[finding.part as usize].get(start..end).unwrap();
            assert!(!found.starts_with(' ') && !found.ends_with(' '), "{}: {found}", case.title);
            assert_eq!(finding.detector == "pii/email", found == "ada.lovelace@example.org", "{}: {found}", case.title);
        }
        assert_eq!(decided.refusal.is_some(), case.expect.request.action == "block", "{}", case.title);
    }
}
