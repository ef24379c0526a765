//! Logs, time, buffers and properties.

use super::call;
use super::guest::{Halt, put, slice};
use crate::host_call::{HostCall, Status};
use crate::logs::Level;
use crate::proxy::Proxy;
use wasmtime::{Caller, Linker};

type Host<'a> = Caller<'a, Proxy>;

pub(super) fn link(linker: &mut Linker<Proxy>) -> wasmtime::Result<()> {
    linker.func_wrap("env", "proxy_log", |host: Host<'_>, level: u32, at: u32, len: u32| {
        call(host, HostCall::Log, |guest| {
            let level = Level::from_abi(level).ok_or(Status::BadArgument)?;
            let (memory, proxy) = guest.split()?;
            proxy.log(level, slice(memory, at, len)?);
            Ok(())
        })
    })?;
    linker.func_wrap("env", "proxy_get_log_level", |host: Host<'_>, result: u32| {
        call(host, HostCall::GetLogLevel, |guest| {
            let level = guest.proxy().options.log_level;
            guest.write_u32(result, level)
        })
    })?;
    linker.func_wrap("env", "proxy_get_current_time_nanoseconds", |host: Host<'_>, result: u32| {
        call(host, HostCall::GetCurrentTime, |guest| {
            let proxy = guest.proxy();
            let now = proxy.world.time(proxy.options.clock_step);
            guest.write(result, &now.to_le_bytes())
        })
    })?;
    linker.func_wrap("env", "proxy_set_tick_period_milliseconds", |host: Host<'_>, period: u32| {
        call(host, HostCall::SetTickPeriod, |guest| {
            let proxy = guest.proxy();
            let now = proxy.world.now;
            let root = proxy.stream().map_or(proxy.effective, |stream| stream.root);
            let root = proxy.roots.get_mut(&root).ok_or(Status::BadArgument)?;
            root.tick = period;
            root.next_tick = now.saturating_add(u64::from(period) * 1_000_000);
            Ok(())
        })
    })?;
    link_buffers(linker)?;
    link_properties(linker)
}

fn link_buffers(linker: &mut Linker<Proxy>) -> wasmtime::Result<()> {
    linker.func_wrap(
        "env",
        "proxy_get_buffer_bytes",
        |host: Host<'_>, kind: u32, start: u32, max: u32, address: u32, size: u32| {
            call(host, HostCall::GetBuffer, |guest| {
                let len = guest.proxy().buffer(kind).ok_or(Status::NotFound)?.len();
                let start = start as usize;
                let len = len.checked_sub(start).ok_or(Status::BadArgument)?.min(max as usize);
                if len == 0 {
                    return Ok(());
                }
                let at = guest.allocate(len)?;
                let (memory, proxy) = guest.split()?;
                let bytes = proxy.buffer(kind).and_then(|bytes| bytes.get(start..start + len));
                put(memory, at, bytes.ok_or(Status::NotFound)?)?;
                guest.write_u32(address, at)?;
                guest.write_u32(size, len as u32)
            })
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_set_buffer_bytes",
        |host: Host<'_>, kind: u32, start: u32, size: u32, at: u32, len: u32| {
            call(host, HostCall::SetBuffer, |guest| {
                let (memory, proxy) = guest.split()?;
                proxy.set_buffer(kind, start as usize, size as usize, slice(memory, at, len)?)?;
                match &proxy.crash {
                    Some(reason) => Err(Halt::Trap(wasmtime::Error::msg(reason.clone()))),
                    None => Ok(()),
                }
            })
        },
    )?;
    Ok(())
}

fn link_properties(linker: &mut Linker<Proxy>) -> wasmtime::Result<()> {
    linker.func_wrap(
        "env",
        "proxy_get_property",
        |host: Host<'_>, path: u32, path_len: u32, address: u32, size: u32| {
            call(host, HostCall::GetProperty, |guest| {
                let (memory, proxy) = guest.split()?;
                let value = proxy.property(slice(memory, path, path_len)?)?;
                guest.give(&value, address, size)
            })
        },
    )?;
    linker.func_wrap("env", "proxy_set_property", |host: Host<'_>, path: u32, path_len: u32, at: u32, len: u32| {
        call(host, HostCall::SetProperty, |guest| {
            let (memory, proxy) = guest.split()?;
            let path = slice(memory, path, path_len)?.to_vec();
            let value = slice(memory, at, len)?.to_vec();
            proxy.stream_mut().ok_or(Status::NotFound)?.filter_state.insert(path, value);
            Ok(())
        })
    })?;
    Ok(())
}
