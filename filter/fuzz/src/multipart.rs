//! Multipart bodies and the heads of their parts.

use weir_engine::stream::multipart::{Boundary, Section, Sections};
use weir_engine::stream::part_head::Head;

/// Holds that sections are in order and lie in the body, that what stands between them is a delimiter, and that every byte of
/// a head is in one of its lines. What comes before the first line feed is a content type, the rest a body.
pub fn multipart(data: &[u8]) {
    let line = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (content_type, body) = (&data[..line], data.get(line + 1..).unwrap_or_default());
    let Some(boundary) = Boundary::of(content_type) else {
        return head(body);
    };
    let mut sections = Sections::new(body, boundary);
    let (mut at, mut count) = (0, 0);
    for section in sections.by_ref() {
        let (Section::Outside(span) | Section::Part(span)) = &section;
        assert!(at <= span.start && span.start <= span.end && span.end <= body.len(), "sections overlap");
        let between = String::from_utf8_lossy(&body[at..span.start]);
        let line = between.trim_matches(['\r', '\n', ' ', '\t']);
        assert!(line.is_empty() || (line.starts_with("--") && !line.contains('\n')), "a section is lost");
        at = span.end;
        count += 1;
        if let Section::Part(span) = section {
            head(&body[span]);
        }
    }
    assert!(count > 0 && (sections.found() || at == body.len()), "the end is lost");
}

fn head(part: &[u8]) {
    let head = Head::of(part);
    let mut at = 0;
    for line in &head.lines {
        assert!(at <= line.start && line.start <= line.end, "lines overlap");
        assert!(part[at..line.start].iter().all(|byte| matches!(byte, b'\r' | b'\n')), "bytes before a line are lost");
        at = line.end;
    }
    assert!(at <= head.body.start && head.body.end == part.len(), "the body is not the rest");
    assert!(part[at..head.body.start].iter().all(|byte| matches!(byte, b'\r' | b'\n')), "bytes of a head are lost");
    for range in [head.name, head.content_type, head.transfer_encoding].into_iter().flatten() {
        assert!(
            head.lines.iter().any(|line| line.start <= range.start && range.end <= line.end),
            "a value is in no line"
        );
    }
}
