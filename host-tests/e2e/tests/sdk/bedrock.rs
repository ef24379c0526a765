//! boto3's client of the Bedrock runtime: Converse and InvokeModel, whole and as AWS event streams. Its requests are signed,
//! and the mock upstream verifies the signatures: what arrives there is what was signed.

use super::clients::Runtime;
use super::policy;
use super::scenarios::{Client, Cut, Raised, scenarios, with};
use serde_json::{Value, json};
use weir_cli::mock::openai::aws_access_key_id;
use weir_e2e::{Lab, Shared, setup};

/// The proxy must hand on the host that the client signed.
static LABS: Shared = Shared::several(2, || {
    let mut setup = setup(policy());
    setup.bootstrap_changes.push((", auto_host_rewrite: true".into(), String::new()));
    Lab::start(setup)
});

const REFUSED: Raised = Raised {
    class: "AccessDeniedException",
    package: "botocore",
    status: Some(403),
    code: Some("AccessDeniedException"),
};

const CONVERSE: Client = Client {
    labs: &LABS,
    runtime: Runtime::Python,
    script: "bedrock_client.py",
    base: "",
    always: || json!({}),
    dialect: "bedrock/converse",
    thinks: true,
    refused: REFUSED,
    cut: Cut::Raised(Raised {
        class: "EventStreamError",
        package: "botocore",
        status: None,
        code: Some("blocked_by_policy"),
    }),
};
const INVOKE: Client = Client { always: || json!({"api": "invoke"}), dialect: "bedrock/invoke", ..CONVERSE };

scenarios!(
    converse,
    CONVERSE,
    [
        whole_answers_arrive,
        streams_arrive,
        tools_are_called,
        streams_are_redacted,
        requests_are_refused,
        whole_answers_are_refused,
        streams_are_cut,
        streamed_tool_calls_are_withheld,
        the_models_own_errors_arrive,
    ]
);
scenarios!(
    invoke,
    INVOKE,
    [
        whole_answers_arrive,
        streams_arrive,
        tools_are_called,
        streams_are_redacted,
        requests_are_refused,
        whole_answers_are_refused,
        streams_are_cut,
        streamed_tool_calls_are_withheld,
        the_models_own_errors_arrive,
    ]
);

/// The client signed the bytes of the body, so nobody can change one: a secret in it refuses the request, unless the policy
/// lets it pass and says so.
#[test]
fn signed_requests_cannot_be_redacted() {
    let key = aws_access_key_id();
    let what = json!({"do": "plain", "prompt": format!("My key is {key}, keep it.")});
    for client in [&CONVERSE, &INVOKE] {
        with(client, |desk| {
            let refused = desk.call(1, &what);
            refused.assert_raised(&Raised { ..REFUSED }, "request");
            let faults = &refused.record()["request"]["faults"];
            assert_eq!(faults, &json!([{"fault": "signed_body", "outcome": "block"}]), "{refused:#?}");

            let mut flagging: Value = serde_json::from_str(&policy()).unwrap();
            flagging["faults"]["signed_body"] = "flag".into();
            desk.lab.swap(&flagging.to_string());
            let passed = desk.call(1, &what);
            assert_eq!(passed.result["raised"], json!(null), "{passed:#?}");
            assert!(passed.sent().text().contains(&key), "{passed:#?}");
            let record = passed.record();
            assert_eq!(record["request"]["action"], "flag", "{passed:#?}");
            assert_eq!(record["request"]["faults"], json!([{"fault": "signed_body", "outcome": "flag"}]));
            assert!(passed.text().contains("My key is [AWS_ACCESS_KEY_ID], keep it."), "{passed:#?}");
        });
    }
}

/// Unless the answer has an error, the mock found the signature right: Weir changed nothing of what was signed. This is how
/// it says that one is wrong.
#[test]
fn signatures_are_verified() {
    with(&CONVERSE, |desk| {
        let wrong = ["AKIA", "MOCKWEIR", "UPSTREAM"].concat();
        let called = desk.call(1, &json!({"do": "plain", "prompt": "hello", "credentials": [wrong, "not the secret"]}));
        assert_eq!(called.result["raised"]["code"], "InvalidSignatureException", "{called:#?}");
        assert_eq!(called.record()["answered_by"], "upstream", "{called:#?}");
    });
}
