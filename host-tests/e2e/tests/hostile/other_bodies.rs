//! gRPC, WebSocket, CONNECT and binary bodies: not read, so refused, unless a policy says that they pass.

use super::stage::Stage;
use super::{BOTH, CHAT, Trick, chat, policy, run};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;
use weir_cli::Step;
use weir_cli::client::{Http, Request};
use weir_cli::envoy::Upstream;
use weir_cli::mock::Reply;
use weir_e2e::{Lab, Seen, setup};

pub(crate) const TRICKS: &[Trick] = &[
    Trick {
        area: "bodies",
        trick: "a gRPC call with trailers, in Envoy",
        outcome: "refused: `grpc` (grpc-status 7)",
        run: grpc_refused,
    },
    Trick {
        area: "bodies",
        trick: "a gRPC call with trailers, where the policy says `\"grpc\": \"allow\"`",
        outcome: "passed unread, byte for byte, and recorded",
        run: grpc_allowed,
    },
    Trick {
        area: "bodies",
        trick: "a WebSocket or CONNECT, in Envoy",
        outcome: "refused: `upgrade`",
        run: upgrade_refused,
    },
    Trick {
        area: "bodies",
        trick: "a WebSocket or CONNECT, where the policy says `\"upgrade\": \"allow\"`",
        outcome: "passed unread, frame for frame, and recorded",
        run: upgrade_allowed,
    },
    Trick {
        area: "bodies",
        trick: "binary bodies up and down, in Envoy",
        outcome: "refused: `opaque_body`",
        run: binary_refused,
    },
    Trick {
        area: "bodies",
        trick: "binary bodies up and down, where the policy says `\"opaque_body\": \"allow\"`",
        outcome: "passed unread, byte for byte, and recorded",
        run: binary_allowed,
    },
];

#[test]
fn other_bodies() {
    run(TRICKS);
}

const MESSAGE: &[u8] = b"\0\0\0\0\x05\x0a\x03\xff\xfe\x00";

fn call() -> Request {
    let steps = vec![Step::data(MESSAGE.to_vec()), Step::Wait(Duration::from_millis(5)), Step::data(MESSAGE.to_vec())];
    let request =
        Request::new("POST", "/llm.Service/Generate").http(Http::Two).header("content-type", "application/grpc");
    request.header("te", "trailers").steps(steps)
}

fn grpc_refused(stage: &mut Stage) {
    let seen = stage.http2().play(&call());
    assert_eq!((seen.response.status, seen.response.header("grpc-status").as_deref()), (200, Some("7")), "{seen:#?}");
    assert_eq!((seen.faults("request"), seen.upstream.is_none()), (vec!["grpc".to_owned()], true));
}

fn passed(seen: &Seen, fault: &str, sides: &[&str]) {
    for side in sides {
        let verdict = seen.verdict(side);
        assert_eq!((&verdict["action"], &verdict["inspected"]), (&json!("allow"), &json!("none")), "{seen:#?}");
        assert_eq!(verdict["faults"], json!([{"fault": fault, "outcome": "allow"}]), "{seen:#?}");
    }
}

fn grpc_allowed(stage: &mut Stage) {
    let lab = stage.open();
    let status = vec![("grpc-status".to_owned(), "0".to_owned()), ("x-after".to_owned(), "fine".to_owned())];
    let steps = vec![Step::data(MESSAGE.to_vec()), Step::data(MESSAGE.to_vec()), Step::Trailers(status)];
    lab.mock().respond_with(Reply::new(200).header("content-type", "application/grpc").steps(steps));
    let seen = lab.play(&call());
    assert_eq!(seen.received().body, [MESSAGE, MESSAGE].concat());
    assert_eq!((seen.response.status, seen.response.body()), (200, [MESSAGE, MESSAGE].concat()), "{seen:#?}");
    assert!(
        seen.response.trailers.contains(&("grpc-status".to_owned(), b"0".to_vec())),
        "{:?}",
        seen.response.trailers
    );
    passed(&seen, "grpc", &["request", "response"]);
    // The headers of what is not read are read all the same.
    let seen = lab.play(&call().header("x-note", "forbidden"));
    assert_eq!((seen.action("request"), seen.upstream.is_none()), ("block", true), "{seen:#?}");
}

/// A server that takes any handshake, then says back what it hears.
fn echo() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let Ok(head) = head(&mut stream) else { return };
                if head.starts_with("GET") {
                    let accept = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: BACScCJPNqyz+UBoqMH89VmURoA=\r\n\r\n";
                    let _ = stream.write_all(accept.as_bytes());
                }
                let mut piece = [0; 4096];
                while let Ok(count) = stream.read(&mut piece) {
                    if count == 0 || stream.write_all(&piece[..count]).is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
}

/// Everything up to the empty line. (CONNECT is ended by Envoy, so what follows it is a tunnel without a head.)
fn head(stream: &mut TcpStream) -> std::io::Result<String> {
    let (mut bytes, mut byte) = (Vec::new(), [0]);
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        bytes.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn upgrading(policy: String) -> Lab {
    let mut setup = setup(policy);
    let address = echo();
    setup.upstream = Some(Upstream { host: address.ip().to_string(), port: address.port(), tls: false, http2: false });
    let upgrades = "codec_type: AUTO\n          upgrade_configs: [{upgrade_type: websocket}, {upgrade_type: CONNECT}]\n          http2_protocol_options: {allow_connect: true} #";
    setup.bootstrap_changes.push(("codec_type: AUTO #".into(), upgrades.into()));
    let connect = "- match: {connect_matcher: {}}\n                route: {cluster: upstream, upgrade_configs: [{upgrade_type: CONNECT, connect_config: {}}]}\n              - match: {prefix: /}";
    setup.bootstrap_changes.push(("- match: {prefix: /}".into(), connect.into()));
    Lab::start(setup)
}

const HANDSHAKE: &str = "GET /v1/realtime HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: MDEyMzQ1Njc4OTAxMjM0NQ==\r\n\r\n";
const CONNECT: &str = "CONNECT db.internal:5432 HTTP/1.1\r\nhost: db.internal:5432\r\n\r\n";
/// A masked text frame "hi" (RFC 6455, section 5.2), a ping, and a binary frame.
const FRAMES: [&[u8]; 3] =
    [b"\x81\x82\x01\x02\x03\x04\x69\x6b", b"\x89\x80\x01\x02\x03\x04", b"\x82\x83\x00\x00\x00\x00\x00\xff\x0a"];

/// Opens a tunnel and answers the status and what came back for each frame.
fn tunnel(lab: &mut Lab, opening: &str) -> (String, Vec<Vec<u8>>, Value) {
    let address = lab.stack.envoy().listener();
    let ((status, echoes), seen) = lab.witness(1, || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        stream.write_all(opening.as_bytes()).unwrap();
        let status = head(&mut stream).unwrap();
        if !(status.contains(" 101 ") || status.contains(" 200 ")) {
            return (status, Vec::new());
        }
        if opening == CONNECT {
            // The echo waits for a head of its own.
            stream.write_all(b"hello\r\n\r\n").unwrap();
        }
        let echoes = FRAMES.map(|frame| {
            stream.write_all(frame).unwrap();
            let mut back = vec![0; frame.len()];
            stream.read_exact(&mut back).unwrap();
            back
        });
        (status, echoes.to_vec())
    });
    (status, echoes, seen[0].1.clone().expect("it is recorded"))
}

fn upgrade_refused(stage: &mut Stage) {
    let lab = stage.custom("upgrades", || upgrading(policy(|_| {})));
    for opening in [HANDSHAKE, CONNECT] {
        let (status, echoes, record) = tunnel(lab, opening);
        assert!(status.starts_with("HTTP/1.1 403") && echoes.is_empty(), "{status}");
        assert_eq!(record["request"]["faults"], json!([{"fault": "upgrade", "outcome": "block"}]), "{record:#}");
    }
}

fn upgrade_allowed(stage: &mut Stage) {
    let lab =
        stage.custom("open upgrades", || upgrading(policy(|policy| policy["faults"]["upgrade"] = json!("allow"))));
    for opening in [HANDSHAKE, CONNECT] {
        let (status, echoes, record) = tunnel(lab, opening);
        assert_eq!(echoes, FRAMES.map(<[u8]>::to_vec), "{status}");
        for side in ["request", "response"] {
            assert_eq!(
                (&record[side]["action"], &record[side]["inspected"]),
                (&json!("allow"), &json!("none")),
                "{record:#}"
            );
            assert_eq!(record[side]["faults"], json!([{"fault": "upgrade", "outcome": "allow"}]), "{record:#}");
        }
    }
    // A path is read also where what follows is not.
    let (status, ..) = tunnel(lab, &HANDSHAKE.replacen("/v1/realtime", "/v1/forbidden", 1));
    assert!(status.starts_with("HTTP/1.1 403"), "{status}");
}

const BINARY: &[u8] = b"\x89PNG\r\n\x1a\n\0\xff\xfe";

fn binary(http: Http) -> Request {
    Request::new("POST", CHAT).header("content-type", "image/png").body(BINARY.to_vec()).http(http)
}

fn binary_answer() -> Reply {
    Reply::new(200).header("content-type", "audio/mpeg").steps(vec![Step::data(BINARY.to_vec())])
}

fn binary_refused(stage: &mut Stage) {
    let lab = stage.http1();
    for http in BOTH {
        let seen = lab.play(&binary(http));
        seen.assert_refused_for("request", "opaque_body");
        assert!(seen.upstream.is_none());
        lab.mock().respond_with(binary_answer());
        lab.play(&chat("hello").http(http)).assert_refused_for("response", "opaque_body");
    }
}

fn binary_allowed(stage: &mut Stage) {
    let lab = stage.open();
    for http in BOTH {
        lab.mock().respond_with(binary_answer());
        let seen = lab.play(&binary(http));
        assert_eq!((seen.received().body.as_slice(), seen.response.body().as_slice()), (BINARY, BINARY), "{seen:#?}");
        passed(&seen, "opaque_body", &["request", "response"]);
    }
}
