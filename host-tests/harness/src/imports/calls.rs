//! Calls to other services. gRPC calls are not modelled: they fail with `InternalFailure`, and foreign functions do
//! not exist.

use super::call;
use super::guest::slice;
use crate::call::HttpCall;
use crate::headers::Headers;
use crate::host_call::{HostCall, Status};
use crate::proxy::Proxy;
use wasmtime::{Caller, Linker};

type Host<'a> = Caller<'a, Proxy>;

pub(super) fn link(linker: &mut Linker<Proxy>) -> wasmtime::Result<()> {
    linker.func_wrap("env", "proxy_http_call", http_call)?;
    linker.func_wrap("env", "proxy_get_status", |host: Host<'_>, code: u32, address: u32, size: u32| {
        call(host, HostCall::GetStatus, |guest| {
            guest.write_u32(code, 0)?;
            guest.give(&[], address, size)
        })
    })?;
    linker.func_wrap(
        "env",
        "proxy_call_foreign_function",
        |host: Host<'_>, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32| fail(host, HostCall::CallForeignFunction, 1),
    )?;
    linker.func_wrap(
        "env",
        "proxy_grpc_call",
        |host: Host<'_>,
         _: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32,
         _: u32| fail(host, HostCall::GrpcCall, 10),
    )?;
    linker.func_wrap(
        "env",
        "proxy_grpc_stream",
        |host: Host<'_>, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32, _: u32| {
            fail(host, HostCall::GrpcStream, 10)
        },
    )?;
    linker.func_wrap("env", "proxy_grpc_send", |host: Host<'_>, _: u32, _: u32, _: u32, _: u32| {
        fail(host, HostCall::GrpcSend, 1)
    })?;
    linker.func_wrap("env", "proxy_grpc_cancel", |host: Host<'_>, _: u32| fail(host, HostCall::GrpcCancel, 1))?;
    linker.func_wrap("env", "proxy_grpc_close", |host: Host<'_>, _: u32| fail(host, HostCall::GrpcClose, 1))?;
    Ok(())
}

fn fail(host: Host<'_>, which: HostCall, status: u32) -> wasmtime::Result<u32> {
    let status = if status == 1 { Status::NotFound } else { Status::InternalFailure };
    call(host, which, |_| Err(status.into()))
}

#[expect(clippy::too_many_arguments, reason = "the signature is the specification's")]
fn http_call(
    host: Host<'_>,
    cluster: u32,
    cluster_len: u32,
    headers: u32,
    headers_len: u32,
    body: u32,
    body_len: u32,
    trailers: u32,
    trailers_len: u32,
    timeout: u32,
    result: u32,
) -> wasmtime::Result<u32> {
    call(host, HostCall::HttpCall, |guest| {
        let (memory, proxy) = guest.split()?;
        let cluster = slice(memory, cluster, cluster_len)?;
        let headers = Headers::decode(slice(memory, headers, headers_len)?).ok_or(Status::BadArgument)?;
        let trailers = Headers::decode(slice(memory, trailers, trailers_len)?).ok_or(Status::BadArgument)?;
        let needed = [":method", ":path", ":authority"].iter().all(|name| headers.contains(name));
        if !proxy.options.clusters.contains(cluster) || !needed || timeout > i32::MAX as u32 {
            return Err(Status::BadArgument.into());
        }
        let token = proxy.next_token;
        proxy.next_token = token.checked_add(1).unwrap_or(1);
        let cluster = String::from_utf8_lossy(cluster).into_owned();
        let body = slice(memory, body, body_len)?.to_vec();
        let context = proxy.effective;
        proxy.calls.push(HttpCall { token, cluster, headers, body, trailers, timeout, context });
        guest.write_u32(result, token)
    })
}
