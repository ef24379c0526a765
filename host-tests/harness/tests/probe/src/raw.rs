//! Host calls with their statuses as numbers: the SDK panics on most of those that the tests want to see.

use proxy_wasm::hostcalls;
use proxy_wasm::types::{LogLevel, MetricType};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

type Ptr = *const u8;

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn proxy_log(level: LogLevel, at: Ptr, len: usize) -> u32;
    fn proxy_get_buffer_bytes(kind: u32, start: usize, max: usize, at: *mut *mut u8, len: *mut usize) -> u32;
    fn proxy_set_buffer_bytes(kind: u32, start: usize, size: usize, at: Ptr, len: usize) -> u32;
    fn proxy_get_header_map_value(kind: u32, k: Ptr, kl: usize, at: *mut *mut u8, len: *mut usize) -> u32;
    fn proxy_replace_header_map_value(kind: u32, k: Ptr, kl: usize, v: Ptr, vl: usize) -> u32;
    fn proxy_remove_header_map_value(kind: u32, k: Ptr, kl: usize) -> u32;
    fn proxy_get_property(path: Ptr, len: usize, at: *mut *mut u8, size: *mut usize) -> u32;
    fn proxy_set_property(path: Ptr, len: usize, v: Ptr, vl: usize) -> u32;
    fn proxy_continue_stream(kind: u32) -> u32;
    fn proxy_close_stream(kind: u32) -> u32;
    fn proxy_set_effective_context(id: u32) -> u32;
    fn proxy_get_current_time_nanoseconds(at: *mut u64) -> u32;
    fn proxy_call_foreign_function(n: Ptr, nl: usize, a: Ptr, al: usize, r: *mut *mut u8, rl: *mut usize) -> u32;
    fn proxy_send_local_response(c: u32, d: Ptr, dl: usize, b: Ptr, bl: usize, h: Ptr, hl: usize, grpc: i32) -> u32;
}

thread_local! {
    static WAITING: Cell<u32> = const { Cell::new(0) };
    static METRICS: RefCell<HashMap<String, u32>> = RefCell::new(HashMap::new());
}

pub fn log(text: &str) {
    unsafe { proxy_log(LogLevel::Info, text.as_ptr(), text.len()) };
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn status(what: &str, status: u32) {
    if status != 0 {
        log(&format!("{what} status {status}"));
    }
}

fn taken(status: u32, at: *mut u8, len: usize) -> Result<Vec<u8>, u32> {
    match status {
        0 if at.is_null() => Ok(Vec::new()),
        0 => Ok(unsafe { Vec::from_raw_parts(at, len, len) }),
        status => Err(status),
    }
}

pub fn buffer(kind: u32) -> Result<Vec<u8>, u32> {
    let (mut at, mut len) = (std::ptr::null_mut(), 0);
    let status = unsafe { proxy_get_buffer_bytes(kind, 0, usize::MAX, &mut at, &mut len) };
    taken(status, at, len)
}

pub fn set_buffer(kind: u32, value: &[u8]) -> u32 {
    set_part(kind, 0, usize::MAX, value)
}

pub fn set_part(kind: u32, start: usize, size: usize, value: &[u8]) -> u32 {
    unsafe { proxy_set_buffer_bytes(kind, start, size, value.as_ptr(), value.len()) }
}

pub fn header(kind: u32, name: &str) -> Result<String, u32> {
    let (mut at, mut len) = (std::ptr::null_mut(), 0);
    let status = unsafe { proxy_get_header_map_value(kind, name.as_ptr(), name.len(), &mut at, &mut len) };
    taken(status, at, len).map(|value| value.escape_ascii().to_string())
}

pub fn pairs(kind: u32) -> Vec<(String, Vec<u8>)> {
    use proxy_wasm::types::MapType;
    let kind = if kind == 0 { MapType::HttpRequestHeaders } else { MapType::HttpResponseHeaders };
    hostcalls::get_map_bytes(kind).unwrap_or_default()
}

pub fn set_header(kind: u32, name: &str, value: &str) -> u32 {
    unsafe { proxy_replace_header_map_value(kind, name.as_ptr(), name.len(), value.as_ptr(), value.len()) }
}

pub fn remove_header(kind: u32, name: &str) -> u32 {
    unsafe { proxy_remove_header_map_value(kind, name.as_ptr(), name.len()) }
}

pub fn property(path: &str) -> Result<String, u32> {
    let (mut at, mut len) = (std::ptr::null_mut(), 0);
    let status = unsafe { proxy_get_property(path.as_ptr(), path.len(), &mut at, &mut len) };
    taken(status, at, len).map(|value| value.escape_ascii().to_string())
}

pub fn set_property(path: &str, value: &str) -> u32 {
    unsafe { proxy_set_property(path.as_ptr(), path.len(), value.as_ptr(), value.len()) }
}

pub fn reply(code: u32, body: &[u8], details: &str) {
    let headers = b"\x01\0\0\0\x08\0\0\0\x01\0\0\0x-probed\x001\0"; // one pair, of 8 and 1 bytes
    let status = unsafe {
        let (d, b, h) = (details.as_ptr(), body.as_ptr(), headers.as_ptr());
        proxy_send_local_response(code, d, details.len(), b, body.len(), h, headers.len(), -1)
    };
    self::status("reply", status);
}

pub fn resume(kind: u32) {
    status("resume", unsafe { proxy_continue_stream(kind) });
}

pub fn close(kind: u32) {
    status("close", unsafe { proxy_close_stream(kind) });
}

pub fn wait(id: u32) {
    WAITING.set(id);
}

pub fn resume_waiting() {
    let id = WAITING.take();
    if id != 0 {
        status("context", unsafe { proxy_set_effective_context(id) });
        resume(0);
    }
}

pub fn time() -> u64 {
    let mut now = 0;
    status("time", unsafe { proxy_get_current_time_nanoseconds(&mut now) });
    now
}

pub fn foreign(name: &str) -> u32 {
    let (mut at, mut len) = (std::ptr::null_mut(), 0);
    unsafe { proxy_call_foreign_function(name.as_ptr(), name.len(), std::ptr::null(), 0, &mut at, &mut len) }
}

/// Adds one to a counter, and logs whether defining it twice gave two ids.
pub fn count(name: &str) {
    let id = METRICS.with_borrow_mut(|known| {
        *known.entry(name.to_owned()).or_insert_with(|| {
            let first = hostcalls::define_metric(MetricType::Counter, name).unwrap_or_default();
            let second = hostcalls::define_metric(MetricType::Counter, name).unwrap_or_default();
            log(&format!("ids differ {}", first != second));
            first
        })
    });
    if let Err(error) = hostcalls::increment_metric(id, 1) {
        log(&format!("count {error:?}"));
    }
}

/// Sets a key with the right, then with a stale compare-and-swap number.
pub fn shared(key: &str) {
    let before = hostcalls::get_shared_data(key);
    log(&format!("shared {before:?}"));
    let first = hostcalls::set_shared_data(key, Some(b"1"), before.ok().and_then(|(_, cas)| cas));
    let Ok((_, cas)) = hostcalls::get_shared_data(key) else { return };
    let second = hostcalls::set_shared_data(key, Some(b"2"), cas);
    let third = hostcalls::set_shared_data(key, Some(b"3"), cas);
    log(&format!("shared {first:?} {second:?} {third:?}"));
}
