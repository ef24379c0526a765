//! Header maps. A map that the module cannot reach now (its headers have gone out, its trailers have not come) reads
//! as empty and answers `BadArgument` to everything else, as in Envoy.

use super::call;
use super::guest::slice;
use crate::headers::Headers;
use crate::host_call::{HostCall, Status};
use crate::proxy::Proxy;
use wasmtime::{Caller, Linker};

type Host<'a> = Caller<'a, Proxy>;

/// How a header map is changed.
type Change = fn(&mut Headers, &[u8], &[u8]);

pub(super) fn link(linker: &mut Linker<Proxy>) -> wasmtime::Result<()> {
    linker.func_wrap("env", "proxy_get_header_map_pairs", |host: Host<'_>, kind: u32, address: u32, size: u32| {
        call(host, HostCall::GetMap, |guest| {
            let map = guest.proxy().map(kind).filter(|map| !map.is_empty()).map(Headers::encode);
            guest.give(&map.unwrap_or_default(), address, size)
        })
    })?;
    linker.func_wrap("env", "proxy_set_header_map_pairs", |host: Host<'_>, kind: u32, at: u32, len: u32| {
        call(host, HostCall::SetMap, |guest| {
            let (memory, proxy) = guest.split()?;
            let map = Headers::decode(slice(memory, at, len)?).ok_or(Status::BadArgument)?;
            *target(proxy, kind)? = map;
            Ok(())
        })
    })?;
    linker.func_wrap(
        "env",
        "proxy_get_header_map_value",
        |host: Host<'_>, kind: u32, key: u32, key_len: u32, address: u32, size: u32| {
            call(host, HostCall::GetMapValue, |guest| {
                let (memory, proxy) = guest.split()?;
                let key = slice(memory, key, key_len)?;
                let map = proxy.map(kind).ok_or(Status::BadArgument)?;
                let value = map.bytes(key).ok_or(Status::NotFound)?.to_vec();
                guest.give(&value, address, size)
            })
        },
    )?;
    linker.func_wrap("env", "proxy_remove_header_map_value", |host: Host<'_>, kind: u32, key: u32, key_len: u32| {
        change(host, HostCall::RemoveMapValue, kind, (key, key_len), (0, 0), |map, key, _| map.remove(key))
    })?;
    linker.func_wrap(
        "env",
        "proxy_replace_header_map_value",
        |host: Host<'_>, kind: u32, key: u32, key_len: u32, value: u32, value_len: u32| {
            let set: Change = |map, key, value| map.set(key, value);
            change(host, HostCall::ReplaceMapValue, kind, (key, key_len), (value, value_len), set)
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_add_header_map_value",
        |host: Host<'_>, kind: u32, key: u32, key_len: u32, value: u32, value_len: u32| {
            let add: Change = |map, key, value| map.add(key, value);
            change(host, HostCall::AddMapValue, kind, (key, key_len), (value, value_len), add)
        },
    )?;
    Ok(())
}

fn change(
    host: Host<'_>,
    which: HostCall,
    kind: u32,
    key: (u32, u32),
    value: (u32, u32),
    change: Change,
) -> wasmtime::Result<u32> {
    call(host, which, |guest| {
        let (memory, proxy) = guest.split()?;
        let (key, value) = (slice(memory, key.0, key.1)?, slice(memory, value.0, value.1)?);
        change(target(proxy, kind)?, key, value);
        Ok(())
    })
}

fn target(proxy: &mut Proxy, kind: u32) -> Result<&mut Headers, Status> {
    proxy.stream_mut().and_then(|stream| stream.map_mut(kind)).ok_or(Status::BadArgument)
}
