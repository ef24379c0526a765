//! Shared data and shared queues.

use super::call;
use super::guest::slice;
use crate::host_call::{HostCall, Status};
use crate::proxy::Proxy;
use std::collections::VecDeque;
use wasmtime::{Caller, Linker};

type Host<'a> = Caller<'a, Proxy>;

pub(super) fn link(linker: &mut Linker<Proxy>) -> wasmtime::Result<()> {
    linker.func_wrap(
        "env",
        "proxy_get_shared_data",
        |host: Host<'_>, key: u32, key_len: u32, address: u32, size: u32, cas: u32| {
            call(host, HostCall::GetSharedData, |guest| {
                let (memory, proxy) = guest.split()?;
                let key = slice(memory, key, key_len)?;
                let (value, number) = proxy.world.shared.get(key).cloned().ok_or(Status::NotFound)?;
                guest.give(&value, address, size)?;
                guest.write_u32(cas, number)
            })
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_set_shared_data",
        |host: Host<'_>, key: u32, key_len: u32, at: u32, len: u32, cas: u32| {
            call(host, HostCall::SetSharedData, |guest| {
                let (memory, proxy) = guest.split()?;
                let key = slice(memory, key, key_len)?;
                let value = slice(memory, at, len)?.to_vec();
                if proxy.world.set_shared(key, value, cas) { Ok(()) } else { Err(Status::CasMismatch.into()) }
            })
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_register_shared_queue",
        |host: Host<'_>, name: u32, name_len: u32, result: u32| {
            call(host, HostCall::RegisterQueue, |guest| {
                let name = guest.bytes(name, name_len)?;
                let queues = &mut guest.proxy().world.queues;
                let index = queues.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
                    queues.push((name, VecDeque::new()));
                    queues.len() - 1
                });
                guest.write_u32(result, index as u32 + 1)
            })
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_resolve_shared_queue",
        |host: Host<'_>, _vm: u32, _vm_len: u32, name: u32, name_len: u32, result: u32| {
            call(host, HostCall::ResolveQueue, |guest| {
                let name = guest.bytes(name, name_len)?;
                let index = guest.proxy().world.queues.iter().position(|(known, _)| *known == name);
                guest.write_u32(result, index.ok_or(Status::NotFound)? as u32 + 1)
            })
        },
    )?;
    linker.func_wrap("env", "proxy_dequeue_shared_queue", |host: Host<'_>, id: u32, address: u32, size: u32| {
        call(host, HostCall::Dequeue, |guest| {
            let value = queue(guest.proxy(), id)?.pop_front().ok_or(Status::Empty)?;
            guest.give(&value, address, size)
        })
    })?;
    linker.func_wrap("env", "proxy_enqueue_shared_queue", |host: Host<'_>, id: u32, at: u32, len: u32| {
        call(host, HostCall::Enqueue, |guest| {
            let value = guest.bytes(at, len)?;
            queue(guest.proxy(), id)?.push_back(value);
            Ok(())
        })
    })?;
    Ok(())
}

fn queue(proxy: &mut Proxy, id: u32) -> Result<&mut VecDeque<Vec<u8>>, Status> {
    let index = id.checked_sub(1).ok_or(Status::NotFound)? as usize;
    proxy.world.queues.get_mut(index).map(|(_, queue)| queue).ok_or(Status::NotFound)
}
