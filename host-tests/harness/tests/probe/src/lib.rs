//! A filter that does what it is told. The request header `x-probe` holds commands `phase:name` or `phase:name=value`,
//! separated by spaces; the phases are `qh qb qt rh rb rt log done call tick` (q: request, r: response; headers, body,
//! trailers). A command `end-name` runs only where the callback says that the stream ends. Each callback logs
//! `phase size end`, and each host call that fails logs its status.

mod raw;

use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType, LogLevel};
use raw::status;
use std::cell::RefCell;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Trace);
    proxy_wasm::set_root_context(|_| Box::new(Root { version: String::new() }));
}}

thread_local! {
    /// Survives a new configuration, but not a new VM.
    static CONFIGURED: RefCell<u32> = const { RefCell::new(0) };
}

struct Root {
    version: String,
}

impl Context for Root {
    fn on_done(&mut self) -> bool {
        raw::log(&format!("root done {}", self.version));
        true
    }
}

impl RootContext for Root {
    fn on_configure(&mut self, _: usize) -> bool {
        let text = self.get_plugin_configuration().unwrap_or_default();
        self.version = String::from_utf8_lossy(&text).into_owned();
        let count = CONFIGURED.with_borrow_mut(|count| {
            *count += 1;
            *count
        });
        raw::log(&format!("configured {count} {}", self.version));
        if self.version.contains("panic") {
            panic!("told to panic");
        }
        if self.version.contains("tick") {
            self.set_tick_period(Duration::from_millis(100));
        }
        !self.version.contains("reject")
    }

    fn on_tick(&mut self) {
        raw::log("tick");
        raw::resume_waiting();
    }

    fn create_http_context(&self, id: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Probe { id, version: self.version.clone(), commands: Vec::new() }))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

struct Probe {
    id: u32,
    version: String,
    commands: Vec<String>,
}

impl Probe {
    fn run(&mut self, phase: &str, size: usize, end: bool) -> Action {
        raw::log(&format!("{phase} {size} {end}"));
        let mut action = Action::Continue;
        for command in self.commands.clone() {
            let Some(command) = command.strip_prefix(phase).and_then(|rest| rest.strip_prefix(':')) else { continue };
            let (command, wanted) = match command.strip_prefix("end-") {
                Some(rest) => (rest, end),
                None => (command, true),
            };
            if !wanted {
                continue;
            }
            let (name, value) = command.split_once('=').unwrap_or((command, ""));
            match name {
                "pause" => action = Action::Pause,
                "hold" if !end => action = Action::Pause,
                "hold" => {}
                _ => self.command(phase, name, value),
            }
        }
        action
    }

    fn command(&mut self, phase: &str, name: &str, value: &str) {
        let response = phase.starts_with('r') as u32;
        let number = value.parse::<usize>().unwrap_or(0);
        match name {
            "reply" => raw::reply(number as u32, b"blocked", "probe_blocked"),
            "big-reply" => raw::reply(200, &vec![b'x'; number], ""),
            "body" => raw::log(&format!("body {:?}", raw::buffer(response).map(|body| raw::text(&body)))),
            "set-body" => status("set-body", raw::set_buffer(response, value.as_bytes())),
            "prepend" => status("prepend", raw::set_part(response, 0, 0, value.as_bytes())),
            "grow" => status("grow", raw::set_buffer(response, &vec![b'x'; number])),
            "length" => status("length", raw::set_header(response * 2, "content-length", value)),
            "no-length" => status("no-length", raw::remove_header(response * 2, "content-length")),
            "set" => status("set", raw::set_header(response * 2, value, "1")),
            "set-request" => status("set-request", raw::set_header(0, value, "1")),
            "split" => status("split", raw::set_header(response * 2, "x-split", "a\r\nset-cookie: b")),
            "trailer" => status("trailer", raw::set_header(response * 2 + 1, value, "1")),
            "get" => raw::log(&format!("got {:?}", raw::header(response * 2, value))),
            "pairs" => raw::log(&format!("pairs {}", raw::pairs(response * 2).len())),
            "trap" => panic!("told to trap"),
            "loop" => loop {
                std::hint::black_box(0);
            },
            "exit" => std::process::exit(3),
            "print" => println!("{value}"),
            "memory" => drop(std::hint::black_box(vec![1_u8; number])),
            "property" => raw::log(&format!("property {:?}", raw::property(&value.replace('.', "\0")))),
            "set-property" => status("set-property", raw::set_property("verdict", value)),
            "version" => raw::log(&format!("version {}", self.version)),
            "env" => raw::log(&format!("env {:?}", std::env::var(value))),
            "time" => raw::log(&format!("time {}", raw::time())),
            "instant" => raw::log(&format!("instant {:?}", SystemTime::now().duration_since(UNIX_EPOCH))),
            "random" => raw::log(&format!("random {}", RandomState::new().hash_one(1))),
            "count" => raw::count(value),
            "shared" => raw::shared(value),
            "call" => match self.dispatch_http_call(
                value,
                vec![(":method", "POST"), (":path", "/ask"), (":authority", "a")],
                Some(b"question"),
                vec![],
                Duration::from_millis(300),
            ) {
                Ok(_) => {}
                Err(error) => raw::log(&format!("call {error:?}")),
            },
            "wait" => raw::wait(self.id),
            "resume-request" => raw::resume(0),
            "resume-response" => raw::resume(1),
            "reset" => raw::close(response),
            "foreign" => status("foreign", raw::foreign(value)),
            other => raw::log(&format!("unknown command {other}")),
        }
    }
}

impl Context for Probe {
    fn on_http_call_response(&mut self, _: u32, headers: usize, body: usize, _: usize) {
        let status = self.get_http_call_response_header_bytes(":status").map(|status| raw::text(&status));
        raw::log(&format!("answer {status:?} {headers} {body}"));
        self.run("call", body, true);
    }

    fn on_done(&mut self) -> bool {
        self.run("done", 0, true);
        true
    }
}

impl HttpContext for Probe {
    fn on_http_request_headers(&mut self, size: usize, end: bool) -> Action {
        let text = self.get_http_request_header_bytes("x-probe").unwrap_or_default();
        self.commands = String::from_utf8_lossy(&text).split(' ').map(str::to_owned).collect();
        self.run("qh", size, end)
    }

    fn on_http_request_body(&mut self, size: usize, end: bool) -> Action {
        self.run("qb", size, end)
    }

    fn on_http_request_trailers(&mut self, size: usize) -> Action {
        self.run("qt", size, true)
    }

    fn on_http_response_headers(&mut self, size: usize, end: bool) -> Action {
        self.run("rh", size, end)
    }

    fn on_http_response_body(&mut self, size: usize, end: bool) -> Action {
        self.run("rb", size, end)
    }

    fn on_http_response_trailers(&mut self, size: usize) -> Action {
        self.run("rt", size, true)
    }

    fn on_log(&mut self) {
        self.run("log", 0, true);
    }
}
