//! What people and models say to each other, as far as a measurement needs it: English prose without findings, in the
//! shape of real requests and answers.

use serde_json::json;
use std::fmt::Write as _;

const SENTENCES: [&str; 24] = [
    "The river had been low since the spring, and nobody in the village could remember a summer as dry as this one.",
    "Please rewrite the second paragraph so that it is easier to read for people who are new to the subject.",
    "We moved the nightly job to the new cluster last week, and since then it has finished before six every morning.",
    "Could you compare both options and say which one you would choose, and what you would want to know before?",
    "A weir is a low barrier across a river; it raises the water upstream and lets it flow over the top in a steady sheet.",
    "Her notes describe the experiment in detail, but the table with the measured values seems to be missing two rows.",
    "I would like a short summary in plain words, no longer than five sentences, and a list of open questions.",
    "The library returns an iterator, so nothing is computed until the first element is asked for.",
    "They agreed to meet again in the autumn, when the harvest was in and the roads were still good enough to travel.",
    "In the first quarter revenue grew by eleven percent, mostly because of two large customers in the north.",
    "If the cache is cold the first request takes about two seconds; every later one is answered in a few milliseconds.",
    "He wrote: \u{201c}the garden is finished, and the wall along the lane has been repaired\u{201d} \u{2013} which was only half true.",
    "Add a test that fails without the change, then make the change, then run the whole suite once more.",
    "The recipe needs four eggs, a little flour, and more patience than most people have on a Sunday morning.",
    "What would happen if we removed the retry and let the caller decide how often it wants to try again?",
    "Most of the errors come from a single host, which was replaced in March and has a different network card.",
    "The museum opens at nine; on Mondays it is closed, and guided tours begin at the main entrance every hour.",
    "Here is the function:\n\n    fn area(width: u32, height: u32) -> u64 {\n        u64::from(width) * u64::from(height)\n    }\n",
    "Translate the letter into French, keep the tone polite, and do not change the names of the places.",
    "It is not obvious why the second index is needed, since every query filters by the same column first.",
    "Sailors used to say that a red sky in the evening promised fair weather, and quite often they were right.",
    "The contract runs for three years and may be extended twice, each time by one year, with three months' notice.",
    "You asked about the difference between a mutex and a semaphore: the first has an owner, the second only counts.",
    "Finally, check the spelling, number the pages, and send the draft to everybody who was at the meeting.",
];

/// `size` bytes of prose, another one for each `seed`.
pub fn prose(size: usize, mut seed: usize) -> String {
    let mut text = String::new();
    while text.len() < size {
        // A linear congruential generator (Knuth, MMIX), of which the high bits are good enough to shuffle sentences.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        text.push_str(SENTENCES[(seed >> 33) % SENTENCES.len()]);
        text.push(if (seed >> 60).is_multiple_of(5) { '\n' } else { ' ' });
    }
    let mut end = size;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

/// An HTTP/1.1 request with a chat whose body has exactly `size` bytes: a system prompt, earlier turns, a question.
pub fn request(size: usize, variant: usize) -> Vec<u8> {
    let turns = if size > 16 << 10 { 12 } else { 5 };
    let body = |room: usize| {
        let mut messages = vec![json!({"role": "system", "content": prose(room / (turns + 1), variant)})];
        for turn in 0..turns {
            let role = if turn % 2 == 0 { "user" } else { "assistant" };
            messages.push(json!({"role": role, "content": prose(room / (turns + 1), variant * 100 + turn + 1)}));
        }
        json!({"model": "gpt-4o", "temperature": 0.2, "messages": messages}).to_string()
    };
    let exact = fit(size, body);
    let mut head =
        String::from("POST /v1/chat/completions HTTP/1.1\r\nhost: llm.example\r\ncontent-type: application/json\r\n");
    head += "accept: application/json\r\nuser-agent: OpenAI/Python 3.52.0\r\naccept-encoding: gzip, deflate\r\n";
    head += "authorization: Bearer none\r\nx-stainless-lang: python\r\nx-stainless-retry-count: 0\r\n";
    let _ = write!(head, "content-length: {}\r\n\r\n", exact.len());
    (head + &exact).into_bytes()
}

/// An HTTP/1.1 answer with a chat completion whose body has exactly `size` bytes.
pub fn answer(size: usize) -> Vec<u8> {
    let body = |room: usize| {
        let message = json!({"role": "assistant", "content": prose(room, 7), "refusal": null});
        let usage = json!({"prompt_tokens": 900, "completion_tokens": 800, "total_tokens": 1700});
        json!({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o", "usage": usage,
            "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": "stop"}],
        })
        .to_string()
    };
    let body = fit(size, body);
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}

/// A body of exactly `size` bytes: the longest that is not longer, and spaces, which JSON allows at the end.
fn fit(size: usize, body: impl Fn(usize) -> String) -> String {
    let mut room = size;
    loop {
        let text = body(room);
        if text.len() <= size {
            return text.clone() + &" ".repeat(size - text.len());
        }
        room -= (text.len() - size).max(1).min(room);
    }
}
