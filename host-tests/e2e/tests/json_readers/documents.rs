//! Hostile documents: every trick alone, in each place where it can stand in a chat request.

/// A request body.
pub(crate) struct Document {
    /// The trick, and where it stands.
    pub(crate) name: String,
    /// The body.
    pub(crate) bytes: Vec<u8>,
    /// Upstreams that are none of the parsers here read two messages in it, so that it must have a fault.
    pub(crate) must_fault: bool,
}

/// All of them.
pub(crate) fn documents() -> Vec<Document> {
    let mut list = List::default();
    VALUES.iter().for_each(|value| list.value(value));
    TEXTS.iter().for_each(|text| list.text(text));
    GAPS.iter().for_each(|gap| list.gap(gap));
    list.members();
    list.folded();
    list.encodings();
    list.sizes();
    list.0
}

/// What may stand for a value.
const VALUES: &[&[u8]] = &[
    b"null",
    b"true",
    b"\"one\"",
    b"[]",
    b"{}",
    b"[[[\"deep\"]]]",
    b"NaN",
    b"-NaN",
    b"nan",
    b"Infinity",
    b"-Infinity",
    b"inf",
    b"1e400",
    b"-1e400",
    b"1e-400",
    b"0",
    b"-0",
    b"-0.0",
    b"0e0",
    b"01",
    b"-01",
    b"00",
    b"0123",
    b"+1",
    b".5",
    b"-.5",
    b"1.",
    b"1.e5",
    b"1e",
    b"1e+",
    b"1E+5",
    b"1e5",
    b"1.0",
    b"1.50",
    b"0.1",
    b"12345.678e-2",
    b"0x1F",
    b"0b11",
    b"0o17",
    b"1_000",
    b"1,000",
    b"1n",
    b"--1",
    b"- 1",
    b"4111111111111111",
    b"4111111111111111.0",
    b"4.111111111111111e15",
    b"0.4111111111111111e16",
    b"41111111111111110e-1",
    b"4111111111111110.9999999999",
    b"-4111111111111111",
    b"9007199254740993",
    b"9223372036854775808",
    b"18446744073709551616",
    b"4111111111111111111",
    b"4.11111111111e18",
    b"123456789012345678901234567890",
    b"1234567890123456789012345678901234567890123",
    b"1.2345678901234567890123",
    b"123.45678901234567890123",
    b"1e22",
    b"1e30",
    b"1.7976931348623157e308",
    b"5e-324",
    b"0.000000000000000000000000000001234567890123456789",
    b"100000000000000000000000000e-10",
    b"2.5e-7",
    b"'single'",
    b"`ticks`",
    b"bare",
    b"undefined",
    b"None",
    b"True",
    b"FALSE",
    b"nul",
    b"truex",
    b"\"a\" \"b\"",
    b"\"a\" + \"b\"",
    b"[1,]",
    b"[,1]",
    b"[1,,2]",
    b"[1 2]",
    b"[1;2]",
    b"[\"a\",]",
    b"[",
    b"]",
    b"[1}",
    b"(1)",
    b"{\"a\":\"b\",}",
    b"{,}",
    b"{a:\"b\"}",
    b"{'a':'b'}",
    b"{\"a\" \"b\"}",
    b"{\"a\":}",
    b"{\"a\"}",
    b"{1:\"b\"}",
    b"{null:\"b\"}",
    b"{\"a\":\"b\" \"c\":\"d\"}",
    b"{\"a\"=\"b\"}",
    b"{\"a\"::\"b\"}",
    b"{[\"a\"]:\"b\"}",
    b"{:\"b\"}",
    b"{\"a\":\"b\"",
    b"\"never closed",
    b"'mixed\"",
    b"/a/",
    b"Date(1)",
    b"@\"a\"",
    b"\"a\\",
    b"\\u0022a\\u0022",
    b"\\\"a\\\"",
    b"\xef\xbc\x91",
    b"\xe2\x80\x9ca\xe2\x80\x9d",
];

/// What may stand inside the quotes of a string or key.
const TEXTS: &[&[u8]] = &[
    b"plain",
    b"\\u0041KIA",
    b"\\u0041\\u0042",
    b"\\u00e9",
    b"\\u00E9",
    b"\\u{41}",
    b"\\u00",
    b"\\u004",
    b"\\u00g1",
    b"\\u 041",
    b"\\u+041",
    b"\\u-041",
    b"\\U0041",
    b"\\U00000041",
    b"\\x41",
    b"\\x4",
    b"\\101",
    b"\\0",
    b"\\00",
    b"\\'",
    b"'",
    b"\\`",
    b"\\a",
    b"\\v",
    b"\\e",
    b"\\A",
    b"\\ ",
    b"\\\n",
    b"\\\r\n",
    b"\\/",
    b"\\\\",
    b"\\\\u0041",
    b"\\\"",
    b"\\b\\f\\n\\r\\t",
    b"\\N{DIGIT ONE}",
    b"&#65;",
    b"%41",
    b"\\\\x41",
    b"\\ud83d\\ude00",
    b"\\uD83D\\uDE00",
    b"\\ud83d",
    b"\\ude00",
    b"\\ude00\\ud83d",
    b"\\ud83d\\ud83d\\ude00",
    b"\\ud83dx",
    b"\\ud83d\\n",
    b"\\ud83d\\u0041",
    b"\\ud83d\\\\ude00",
    b"\\ud83d \\ude00",
    b"\\ud83d\\uXXXX",
    b"\\udbff\\udfff",
    b"\\ud800\\udc00",
    b"\\u0000",
    b"a\\u0000b",
    b"\\u001f",
    b"\\u007f",
    b"\\u0080",
    b"\\u2028",
    b"\\ufeff",
    b"\\ufffe",
    b"\\uffff",
    b"\\ufffd",
    b"\\u200b",
    b"\\u202e",
    b"\\u00a0",
    b"\x00",
    b"a\x00b",
    b"\x01",
    b"\x08",
    b"\t",
    b"\n",
    b"\r",
    b"\x0b",
    b"\x0c",
    b"\x1b[0m",
    b"\x1f",
    b"\x7f",
    b"\xc2\x80",
    b"\xc2\x85",
    b"\xc2\xa0",
    b"\xe2\x80\xa8",
    b"\xe2\x80\xa9",
    b"\xef\xbb\xbf",
    b"\xef\xbf\xbe",
    b"\xef\xbf\xbf",
    b"\xef\xbf\xbd",
    b"\xf0\x9f\x98\x80",
    b"\xf4\x8f\xbf\xbf",
    b"\x80",
    b"\xbf",
    b"\xc3",
    b"\xc3x",
    b"\xe2\x82",
    b"\xf0\x9f\x98",
    b"\xff",
    b"\xfe\xff",
    b"\xc0\x80",
    b"\xc1\x81",
    b"\xc0\xa2",
    b"\xe0\x80\xaf",
    b"\xe0\x81\x81",
    b"\xf0\x80\x80\xaf",
    b"\xf8\x88\x80\x80\x80",
    b"\xfc\x84\x80\x80\x80\x80",
    b"\xf4\x90\x80\x80",
    b"\xed\xa0\x80",
    b"\xed\xb0\x80",
    b"\xed\xa0\xbd\xed\xb8\x80",
    b"\xe9",
    b"caf\xe9",
    b"\x93a\x94",
    b"+AEE-",
    b"__proto__",
    b"toString",
    b"constructor",
    b"4.111111111111111e15",
    b"{\\\"a\\\":\\\"\\\\u0041\\\"}",
    b"[\\\"\\\\x41\\\"]",
    b"{'a':'\\\\x41'}",
];

/// What may stand between the tokens of a document.
const GAPS: &[&[u8]] = &[
    b" ",
    b"\t",
    b"\r\n",
    b"\n\n",
    b"\x0b",
    b"\x0c",
    b"\x1c",
    b"\x1f",
    b"\x00",
    b"\x7f",
    b"\xc2\x85",
    b"\xc2\xa0",
    b"\xe2\x80\x83",
    b"\xe2\x80\xa8",
    b"\xe2\x80\xa9",
    b"\xe2\x80\x8b",
    b"\xe3\x80\x80",
    b"\xef\xbb\xbf",
    b"\xef\xbb\xbf\xef\xbb\xbf",
    b"/* a */",
    b"/**/",
    b"/* a",
    b"// a\n",
    b"// a\r",
    b"//",
    b"# a\n",
    b"<!-- a -->",
    b"-- a\n",
    b"; a\n",
    b"\\\n",
    b"\\",
    b"\x1a",
    b"\x04",
    b"\x1e",
];

const BEFORE: &[u8] = b"{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"metadata\":";

#[derive(Default)]
struct List(Vec<Document>);

impl List {
    fn push(&mut self, name: String, pieces: &[&[u8]]) {
        self.0.push(Document { name, bytes: pieces.concat(), must_fault: false });
    }

    /// The same document where it stands: as metadata, and as the arguments of a tool call, which are JSON again.
    fn places(&mut self, name: &str, document: &[u8]) {
        self.push(format!("{name}, as metadata"), &[BEFORE, document, b"}"]);
        let mut escaped = Vec::new();
        for byte in document {
            match byte {
                b'"' | b'\\' => escaped.extend([b'\\', *byte]),
                0..0x20 => escaped.extend(format!("\\u{byte:04x}").bytes()),
                _ => escaped.push(*byte),
            }
        }
        let call: &[u8] = b"{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"";
        self.push(
            format!("{name}, as arguments"),
            &[call, &escaped, b"\"}}]},{\"role\":\"user\",\"content\":\"go on\"}]}"],
        );
    }

    fn value(&mut self, value: &[u8]) {
        let shown = value.escape_ascii();
        self.push(format!("value {shown}, alone"), &[value]);
        self.push(
            format!("value {shown}, as content"),
            &[b"{\"messages\":[{\"role\":\"user\",\"content\":", value, b"}]}"],
        );
        self.places(&format!("value {shown} of a member"), &[b"{\"k\":", value, b",\"l\":\"after\"}"].concat());
        self.places(&format!("value {shown} among elements"), &[b"[\"before\",", value, b",\"after\"]"].concat());
    }

    fn text(&mut self, text: &[u8]) {
        let shown = text.escape_ascii();
        self.push(
            format!("text {shown}, as content"),
            &[b"{\"messages\":[{\"role\":\"user\",\"content\":\"a", text, b"b\"}]}"],
        );
        self.push(
            format!("text {shown}, as a name of a message"),
            &[b"{\"messages\":[{\"role\":\"user\",\"content\":\"hello\",\"x", text, b"\":\"y\"}]}"],
        );
        self.places(&format!("text {shown} in a value"), &[b"{\"k\":\"", text, b"\"}"].concat());
        self.places(&format!("text {shown} in a key"), &[b"{\"", text, b"\":\"v\"}"].concat());
    }

    fn gap(&mut self, gap: &[u8]) {
        let shown = gap.escape_ascii();
        let whole = [BEFORE, b"{\"k\":\"\\u0041\"}}"].concat();
        self.push(format!("gap {shown}, before all"), &[gap, &whole]);
        self.push(format!("gap {shown}, after all"), &[&whole, gap]);
        self.push(format!("gap {shown}, before a second document"), &[&whole, gap, b"{\"messages\":[]}"]);
        self.places(&format!("gap {shown} before"), &[gap, b"{\"k\":\"\\u0041\"}"].concat());
        self.places(&format!("gap {shown} inside"), &[b"{\"k\"", gap, b":", gap, b"\"v\"", gap, b"}"].concat());
        self.places(&format!("gap {shown} after"), &[b"{\"k\":\"\\u0041\"}".as_slice(), gap].concat());
    }

    /// Members that are one to some readers.
    fn members(&mut self) {
        for (first, second) in [
            ("k", "k"),
            ("k", "\\u006b"),
            ("k", "\\u006B"),
            ("\\u006b", "\\u006b"),
            ("", ""),
            ("k", "K"),
            ("k", "k "),
            ("k", "k\\u0000"),
            ("k", "k\\u0000x"),
            ("\\ud83d", "\\ud83d"),
            ("\\ud83d", "\\ud83e"),
            ("\\ufffd", "\\ud83d"),
            ("\u{e9}", "e\u{301}"),
            ("1", "1.0"),
            ("__proto__", "__proto__"),
            ("k", "\u{ff4b}"),
        ] {
            for (one, two) in
                [("\"one\"", "\"two\""), ("[\"one\"]", "{\"k\":\"two\"}"), ("\"one\"", "null"), ("1", "\"two\"")]
            {
                let members = format!("{{\"{first}\":{one},\"x\":1,\"{second}\":{two}}}");
                self.places(&format!("keys {first} and {second}"), members.as_bytes());
            }
        }
        let many: Vec<String> = (0..40).map(|index| format!("\"k{index}\":\"v{index}\"")).collect();
        self.places("many keys, one twice", format!("{{{},\"k7\":\"again\"}}", many.join(",")).as_bytes());
        for (name, members) in [
            ("content twice", "\"role\":\"user\",\"content\":\"one\",\"content\":\"two\""),
            ("content twice, once escaped", "\"role\":\"user\",\"content\":\"one\",\"c\\u006fntent\":\"two\""),
            ("role twice", "\"role\":\"user\",\"role\":\"system\",\"content\":\"one\""),
            ("content as text and as null", "\"role\":\"user\",\"content\":\"one\",\"content\":null"),
        ] {
            self.fault(name, &format!("{{\"messages\":[{{{members}}}]}}"));
        }
        self.fault("messages twice", "{\"messages\":[],\"messages\":[{\"role\":\"user\",\"content\":\"one\"}]}");
    }

    /// What Go, .NET, Java and Protocol Buffers take for a documented member.
    fn folded(&mut self) {
        for content in ["Content", "CONTENT", "con_tent", "\\u0043ontent", "con-tent"] {
            for members in [
                format!("\"role\":\"user\",\"content\":\"one\",\"{content}\":\"two\""),
                format!("\"role\":\"user\",\"{content}\":\"two\",\"content\":\"one\""),
                format!("\"role\":\"user\",\"{content}\":\"two\""),
            ] {
                self.fault(&format!("content as {content}"), &format!("{{\"messages\":[{{{members}}}]}}"));
            }
        }
        for role in ["Role", "ROLE", "\\u0052ole"] {
            for members in [
                format!("\"role\":\"user\",\"{role}\":\"system\",\"content\":\"one\""),
                format!("\"{role}\":\"system\",\"content\":\"one\""),
            ] {
                self.fault(&format!("role as {role}"), &format!("{{\"messages\":[{{{members}}}]}}"));
            }
        }
        for messages in ["Messages", "MESSAGES", "me\u{17f}\u{17f}ages", "messages_", "me\\u017fsages"] {
            let turns = "[{\"role\":\"user\",\"content\":\"one\"}]";
            self.fault(&format!("messages as {messages}"), &format!("{{\"messages\":{turns},\"{messages}\":{turns}}}"));
            self.fault(&format!("only {messages}"), &format!("{{\"{messages}\":{turns}}}"));
        }
        self.fault("model as Model", "{\"model\":\"m\",\"Model\":\"n\",\"messages\":[]}");
        self.fault("a kelvin sign", "{\"messages\":[{\"role\":\"tool\",\"tool_call_id\":\"1\",\"TOOL_CALL_\u{130}D\":\"2\",\"content\":\"c\"}]}");
    }

    fn fault(&mut self, name: &str, document: &str) {
        self.0.push(Document { name: name.to_owned(), bytes: document.as_bytes().to_vec(), must_fault: true });
    }

    fn encodings(&mut self) {
        let text = "{\"messages\":[{\"role\":\"user\",\"content\":\"caf\u{e9}\"}]}";
        for text in [text, "{\"messages\":[{\"role\":\"user\",\"content\":\"one\"}]}", "\"one\"", "[\"one\"]"] {
            let (utf16, utf32) =
                (text.encode_utf16().collect::<Vec<u16>>(), text.chars().map(u32::from).collect::<Vec<u32>>());
            for (name, mark, bytes) in [
                ("UTF-16LE", &b"\xff\xfe"[..], utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<u8>>()),
                ("UTF-16BE", b"\xfe\xff", utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect()),
                ("UTF-32LE", b"\xff\xfe\0\0", utf32.iter().flat_map(|unit| unit.to_le_bytes()).collect()),
                ("UTF-32BE", b"\0\0\xfe\xff", utf32.iter().flat_map(|unit| unit.to_be_bytes()).collect()),
                ("UTF-8", b"\xef\xbb\xbf", text.bytes().collect()),
                ("Latin-1", b"", text.chars().map(|letter| letter as u8).collect()),
            ] {
                self.push(format!("{name} of {text}"), &[&bytes]);
                self.push(format!("{name} of {text}, behind its mark"), &[mark, &bytes]);
                self.push(format!("{name} of {text}, behind a mark of UTF-8"), &[b"\xef\xbb\xbf", &bytes]);
                self.push(format!("{name} of {text}, broken off"), &[bytes.get(..bytes.len() - 1).unwrap()]);
            }
        }
        for bytes in [
            &b""[..],
            b" ",
            b"\n\t ",
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            b"\0",
            b"\0\0\0\0",
            b")]}',\n{\"a\":\"b\"}",
            b"while(1);{\"a\":\"b\"}",
            b"f({\"a\":\"b\"})",
        ] {
            self.push(format!("only {}", bytes.escape_ascii()), &[bytes]);
        }
    }

    fn sizes(&mut self) {
        for depth in [50, 94, 95, 96, 97, 200, 900, 1100, 100_000] {
            let (open, close) = ("[".repeat(depth), "]".repeat(depth));
            self.places(&format!("{depth} arrays"), format!("{open}\"in\"{close}").as_bytes());
            self.places(&format!("{depth} arrays, never closed"), open.as_bytes());
            let objects = format!("{}\"in\"{}", "{\"a\":".repeat(depth), "}".repeat(depth));
            self.places(&format!("{depth} objects"), objects.as_bytes());
        }
        self.push("a million elements".to_owned(), &[BEFORE, b"[", "1,".repeat(1_000_000).as_bytes(), b"1]}"]);
        self.push(
            "almost a million elements".to_owned(),
            &[BEFORE, b"[", "1,".repeat(900_000).as_bytes(), b"\"last\"]}"],
        );
        let long = "k".repeat(1 << 20);
        self.places("a key of a megabyte", format!("{{\"{long}\":\"v\"}}").as_bytes());
        self.places("a number of a megabyte", "1".repeat(1 << 20).as_bytes());
        let digits = format!("0.{}4111111111111111e100016", "0".repeat(100_000));
        self.places("a card behind many zeros", digits.as_bytes());
        let mut inner = "{\"a\":\"\\u0041\"}".to_owned();
        for level in 1..7 {
            self.places(&format!("JSON in {level} strings"), inner.as_bytes());
            inner = format!("{{\"arguments\":{}}}", serde_json::Value::from(inner));
        }
        let twice = format!("{{\"arguments\":{}}}", serde_json::Value::from("{\"k\":\"one\",\"k\":\"two\"}"));
        self.places("a key twice in JSON in a string", twice.as_bytes());
    }
}
