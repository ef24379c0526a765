//! What a module does to a stream: answer, resume, close; and which stream it means.

use super::call;
use super::guest::slice;
use crate::headers::Headers;
use crate::host_call::{HostCall, Status};
use crate::outcome::{Cause, Side};
use crate::proxy::{Deferred, LocalReply, Proxy};
use wasmtime::{Caller, Linker};

type Host<'a> = Caller<'a, Proxy>;

pub(super) fn link(linker: &mut Linker<Proxy>) -> wasmtime::Result<()> {
    linker.func_wrap("env", "proxy_send_local_response", send_local_response)?;
    linker.func_wrap("env", "proxy_continue_stream", |host: Host<'_>, kind: u32| {
        call(host, HostCall::ContinueStream, |guest| {
            let side = match kind {
                0 => Side::Request,
                1 => Side::Response,
                _ => return Err(Status::BadArgument.into()),
            };
            let proxy = guest.proxy();
            if let Some(stream) = proxy.stream_mut() {
                stream.request.forget(); // of either kind, as in Envoy
                proxy.defer(Deferred::Continue(side));
            }
            Ok(())
        })
    })?;
    linker.func_wrap("env", "proxy_close_stream", |host: Host<'_>, kind: u32| {
        call(host, HostCall::CloseStream, |guest| {
            if kind > 3 {
                return Err(Status::BadArgument.into());
            }
            if kind < 2 && guest.proxy().stream().is_some() {
                guest.proxy().defer(Deferred::Close(Cause::Module));
            }
            Ok(())
        })
    })?;
    linker.func_wrap("env", "proxy_set_effective_context", |host: Host<'_>, id: u32| {
        call(host, HostCall::SetEffectiveContext, |guest| {
            let proxy = guest.proxy();
            if !proxy.streams.contains_key(&id) && !proxy.roots.contains_key(&id) {
                return Err(Status::BadArgument.into());
            }
            proxy.effective = id;
            Ok(())
        })
    })?;
    linker.func_wrap("env", "proxy_done", |host: Host<'_>| call(host, HostCall::Done, |_| Ok(())))?;
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "the signature is the specification's")]
fn send_local_response(
    host: Host<'_>,
    status: u32,
    details: u32,
    details_len: u32,
    body: u32,
    body_len: u32,
    headers: u32,
    headers_len: u32,
    grpc_status: u32,
) -> wasmtime::Result<u32> {
    call(host, HostCall::SendLocalResponse, |guest| {
        let (memory, proxy) = guest.split()?;
        let reply = LocalReply {
            status: u16::try_from(status).map_err(|_| Status::BadArgument)?,
            details: String::from_utf8_lossy(slice(memory, details, details_len)?).into_owned(),
            headers: Headers::decode(slice(memory, headers, headers_len)?).ok_or(Status::BadArgument)?,
            body: slice(memory, body, body_len)?.to_vec(),
            grpc_status: (grpc_status <= 16).then_some(grpc_status),
            by_module: true,
        };
        if proxy.stream().is_some() {
            proxy.defer(Deferred::Reply(reply));
        }
        Ok(())
    })
}
