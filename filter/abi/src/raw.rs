//! The foreign functions, and nothing else.

#![allow(unsafe_code, reason = "foreign calls, and taking over memory that the host filled, cannot be safe")]

use crate::Status;

#[cfg(target_arch = "wasm32")]
mod host {
    #[link(wasm_import_module = "env")]
    unsafe extern "C" {
        pub fn proxy_log(level: u32, message: *const u8, len: usize) -> u32;
        pub fn proxy_get_header_map_pairs(map: u32, out: *mut *mut u8, out_len: *mut usize) -> u32;
        pub fn proxy_replace_header_map_value(
            map: u32,
            name: *const u8,
            name_len: usize,
            value: *const u8,
            value_len: usize,
        ) -> u32;
        pub fn proxy_remove_header_map_value(map: u32, name: *const u8, name_len: usize) -> u32;
        pub fn proxy_get_buffer_bytes(
            buffer: u32,
            start: usize,
            len: usize,
            out: *mut *mut u8,
            out_len: *mut usize,
        ) -> u32;
        pub fn proxy_set_buffer_bytes(buffer: u32, start: usize, len: usize, bytes: *const u8, bytes_len: usize)
        -> u32;
        pub fn proxy_get_property(path: *const u8, path_len: usize, out: *mut *mut u8, out_len: *mut usize) -> u32;
        pub fn proxy_set_property(path: *const u8, path_len: usize, value: *const u8, value_len: usize) -> u32;
        pub fn proxy_send_local_response(
            status: u32,
            details: *const u8,
            details_len: usize,
            body: *const u8,
            body_len: usize,
            headers: *const u8,
            headers_len: usize,
            grpc_status: i32,
        ) -> u32;
        pub fn proxy_continue_stream(stream: u32) -> u32;
        pub fn proxy_close_stream(stream: u32) -> u32;
        pub fn proxy_set_effective_context(context: u32) -> u32;
        pub fn proxy_set_tick_period_milliseconds(period: u32) -> u32;
        pub fn proxy_define_metric(kind: u32, name: *const u8, name_len: usize, out: *mut u32) -> u32;
        pub fn proxy_increment_metric(id: u32, by: i64) -> u32;
        pub fn proxy_record_metric(id: u32, value: u64) -> u32;
    }

    #[link(wasm_import_module = "wasi_snapshot_preview1")]
    unsafe extern "C" {
        pub fn random_get(bytes: *mut u8, len: usize) -> u32;
    }
}

/// Outside of a proxy there is no host: every call says so.
#[cfg(not(target_arch = "wasm32"))]
#[allow(clippy::too_many_arguments, reason = "the signatures are the ABI's")]
mod host {
    macro_rules! absent {
        ($($name:ident($($argument:ident: $type:ty),*);)+) => {
            $(pub unsafe fn $name($(_: $type),*) -> u32 { 12 })+
        };
    }
    absent! {
        proxy_log(level: u32, message: *const u8, len: usize);
        proxy_get_header_map_pairs(map: u32, out: *mut *mut u8, out_len: *mut usize);
        proxy_replace_header_map_value(map: u32, n: *const u8, nl: usize, v: *const u8, vl: usize);
        proxy_remove_header_map_value(map: u32, name: *const u8, name_len: usize);
        proxy_get_buffer_bytes(b: u32, start: usize, len: usize, out: *mut *mut u8, out_len: *mut usize);
        proxy_set_buffer_bytes(b: u32, start: usize, len: usize, bytes: *const u8, bytes_len: usize);
        proxy_get_property(path: *const u8, path_len: usize, out: *mut *mut u8, out_len: *mut usize);
        proxy_set_property(path: *const u8, path_len: usize, value: *const u8, value_len: usize);
        proxy_send_local_response(
            s: u32, d: *const u8, dl: usize, b: *const u8, bl: usize, h: *const u8, hl: usize, g: i32);
        proxy_continue_stream(stream: u32);
        proxy_close_stream(stream: u32);
        proxy_set_effective_context(context: u32);
        proxy_set_tick_period_milliseconds(period: u32);
        proxy_define_metric(kind: u32, name: *const u8, name_len: usize, out: *mut u32);
        proxy_increment_metric(id: u32, by: i64);
        proxy_record_metric(id: u32, value: u64);
        random_get(bytes: *mut u8, len: usize);
    }
}

pub(crate) fn log(level: u32, message: &[u8]) -> u32 {
    // SAFETY: the host reads `len` bytes of a live slice during the call.
    unsafe { host::proxy_log(level, message.as_ptr(), message.len()) }
}

pub(crate) fn header_map(map: u32) -> Result<Option<Vec<u8>>, Status> {
    // SAFETY: see `given`.
    given(|out, len| unsafe { host::proxy_get_header_map_pairs(map, out, len) })
}

pub(crate) fn replace_header(map: u32, name: &[u8], value: &[u8]) -> u32 {
    // SAFETY: the host reads two live slices during the call.
    unsafe { host::proxy_replace_header_map_value(map, name.as_ptr(), name.len(), value.as_ptr(), value.len()) }
}

pub(crate) fn remove_header(map: u32, name: &[u8]) -> u32 {
    // SAFETY: the host reads a live slice during the call.
    unsafe { host::proxy_remove_header_map_value(map, name.as_ptr(), name.len()) }
}

pub(crate) fn buffer(buffer: u32, start: u32, len: u32) -> Result<Option<Vec<u8>>, Status> {
    // SAFETY: see `given`.
    given(|out, out_len| unsafe { host::proxy_get_buffer_bytes(buffer, start as usize, len as usize, out, out_len) })
}

pub(crate) fn set_buffer(buffer: u32, start: u32, len: u32, bytes: &[u8]) -> u32 {
    // SAFETY: the host reads a live slice during the call.
    unsafe { host::proxy_set_buffer_bytes(buffer, start as usize, len as usize, bytes.as_ptr(), bytes.len()) }
}

pub(crate) fn property(path: &[u8]) -> Result<Option<Vec<u8>>, Status> {
    // SAFETY: the host reads a live slice during the call; see also `given`.
    given(|out, len| unsafe { host::proxy_get_property(path.as_ptr(), path.len(), out, len) })
}

pub(crate) fn set_property(path: &[u8], value: &[u8]) -> u32 {
    // SAFETY: the host reads two live slices during the call.
    unsafe { host::proxy_set_property(path.as_ptr(), path.len(), value.as_ptr(), value.len()) }
}

pub(crate) fn send_local_response(status: u32, details: &[u8], headers: &[u8], body: &[u8]) -> u32 {
    const NO_GRPC_STATUS: i32 = -1;
    // SAFETY: the host reads three live slices during the call.
    unsafe {
        host::proxy_send_local_response(
            status,
            details.as_ptr(),
            details.len(),
            body.as_ptr(),
            body.len(),
            headers.as_ptr(),
            headers.len(),
            NO_GRPC_STATUS,
        )
    }
}

pub(crate) fn continue_stream(stream: u32) -> u32 {
    // SAFETY: only numbers cross.
    unsafe { host::proxy_continue_stream(stream) }
}

pub(crate) fn close_stream(stream: u32) -> u32 {
    // SAFETY: only numbers cross.
    unsafe { host::proxy_close_stream(stream) }
}

pub(crate) fn set_effective_context(context: u32) -> u32 {
    // SAFETY: only numbers cross.
    unsafe { host::proxy_set_effective_context(context) }
}

pub(crate) fn set_tick_period(milliseconds: u32) -> u32 {
    // SAFETY: only numbers cross.
    unsafe { host::proxy_set_tick_period_milliseconds(milliseconds) }
}

pub(crate) fn define_metric(kind: u32, name: &[u8]) -> Result<u32, Status> {
    let mut id = 0;
    // SAFETY: the host reads a live slice and writes one u32 of ours during the call.
    let code = unsafe { host::proxy_define_metric(kind, name.as_ptr(), name.len(), &raw mut id) };
    Status::check(code).map(|()| id)
}

pub(crate) fn increment_metric(id: u32, by: i64) -> u32 {
    // SAFETY: only numbers cross.
    unsafe { host::proxy_increment_metric(id, by) }
}

pub(crate) fn record_metric(id: u32, value: u64) -> u32 {
    // SAFETY: only numbers cross.
    unsafe { host::proxy_record_metric(id, value) }
}

pub(crate) fn random(bytes: &mut [u8]) -> u32 {
    // SAFETY: the host writes within a live, exclusive slice during the call.
    unsafe { host::random_get(bytes.as_mut_ptr(), bytes.len()) }
}

/// Makes a call through which the host hands over memory, and takes that over.
fn given(call: impl FnOnce(*mut *mut u8, *mut usize) -> u32) -> Result<Option<Vec<u8>>, Status> {
    let (mut data, mut len) = (std::ptr::null_mut::<u8>(), 0usize);
    Status::check(call(&raw mut data, &raw mut len))?;
    if data.is_null() {
        return Ok(None);
    }
    // SAFETY: the host got `data` from the SDK's `proxy_on_memory_allocate(len)`, which leaks a `Vec<u8>` of exactly
    // that capacity; it has written all `len` bytes and given up the pointer.
    Ok(Some(unsafe { Vec::from_raw_parts(data, len, len) }))
}
