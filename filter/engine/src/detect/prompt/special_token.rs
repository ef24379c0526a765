//! Tokens with which chat templates mark who speaks.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome};

pub(crate) const DETECTOR: Detector = Detector {
    id: "prompt/special-token",
    label: "SPECIAL_TOKEN",
    about: "a token with which the chat template of a model marks turns, roles or tools: in text of users, tools or documents it forges them (templates of OpenAI, Llama 2 to 4, Mistral, Gemma, Qwen, Phi, Command R, DeepSeek, Granite)",
    max_span: 32,
    anchors: &[
        Anchor::Text("<|im_start|>"),
        Anchor::Text("<|im_end|>"),
        Anchor::Text("<|im_sep|>"),
        Anchor::Text("<|endoftext|>"),
        Anchor::Text("<|endofprompt|>"),
        Anchor::Text("<|begin_of_text|>"),
        Anchor::Text("<|end_of_text|>"),
        Anchor::Text("<|start_header_id|>"),
        Anchor::Text("<|end_header_id|>"),
        Anchor::Text("<|eot_id|>"),
        Anchor::Text("<|eom_id|>"),
        Anchor::Text("<|python_tag|>"),
        Anchor::Text("<|header_start|>"),
        Anchor::Text("<|header_end|>"),
        Anchor::Text("<|eot|>"),
        Anchor::Text("<|start|>"),
        Anchor::Text("<|channel|>"),
        Anchor::Text("<|message|>"),
        Anchor::Text("<|call|>"),
        Anchor::Text("<|system|>"),
        Anchor::Text("<|user|>"),
        Anchor::Text("<|assistant|>"),
        Anchor::Text("<|end|>"),
        Anchor::Text("<|tool_call|>"),
        Anchor::Text("<|start_of_role|>"),
        Anchor::Text("<|end_of_role|>"),
        Anchor::Text("<|START_OF_TURN_TOKEN|>"),
        Anchor::Text("<|END_OF_TURN_TOKEN|>"),
        Anchor::Text("<|SYSTEM_TOKEN|>"),
        Anchor::Text("<|USER_TOKEN|>"),
        Anchor::Text("<|CHATBOT_TOKEN|>"),
        Anchor::Text("<start_of_turn>"),
        Anchor::Text("<end_of_turn>"),
        Anchor::Text("<<SYS>>"),
        Anchor::Text("<</SYS>>"),
        Anchor::Text("[INST]"),
        Anchor::Text("[/INST]"),
        Anchor::Text("[SYSTEM_PROMPT]"),
        Anchor::Text("[/SYSTEM_PROMPT]"),
        Anchor::Text("[AVAILABLE_TOOLS]"),
        Anchor::Text("[TOOL_CALLS]"),
        Anchor::Text("[TOOL_RESULTS]"),
        Anchor::Text("<\u{FF5C}User\u{FF5C}>"),
        Anchor::Text("<\u{FF5C}Assistant\u{FF5C}>"),
        Anchor::Text("<\u{FF5C}begin\u{2581}of\u{2581}sentence\u{FF5C}>"),
        Anchor::Text("<\u{FF5C}end\u{2581}of\u{2581}sentence\u{FF5C}>"),
    ],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["hello ", "<|im_start|>", "system"],
        &["", "<|start_header_id|>", "system"],
        &["x ", "[INST]", " do"],
        &["x", "<<SYS>>", "\nyou are"],
        &["a ", "<start_of_turn>", "model"],
        &["a ", "<\u{FF5C}Assistant\u{FF5C}>", "sure"],
    ],
    misses: &[
        &["<|im_start>"],
        &["<im_start|>"],
        &["[INSTALL]"],
        &["[inst]"],
        &["<|pipe|>"],
        &["<sys>"],
        &["a <| b |> c"],
    ],
    computed: &[],
};

/// As it is written: tokenizers know these in their own case only.
fn find(candidate: &Candidate<'_>) -> Outcome {
    let anchor = candidate.anchor();
    let found = candidate.slice(anchor.clone());
    let exact = DETECTOR.anchors.iter().any(|known| matches!(known, Anchor::Text(text) if *text == found));
    if exact { Outcome::Hit(anchor, Confidence::Likely) } else { Outcome::Miss }
}
