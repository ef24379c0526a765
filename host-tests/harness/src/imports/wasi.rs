//! As much of WASI preview 1 as the Rust standard library asks for: no files, no arguments, a clock and random
//! numbers that are the test's, standard output and error as log lines.

use super::guest::{Guest, Halt, put, slice};
use crate::logs::Level;
use crate::proxy::Proxy;
use wasmtime::{Caller, Linker};

type Host<'a> = Caller<'a, Proxy>;

const SUCCESS: u32 = 0;
const BADF: u32 = 8;
const FAULT: u32 = 21;
const NOENT: u32 = 44;
const NOSYS: u32 = 52;

const WASI: &str = "wasi_snapshot_preview1";

pub(super) fn link(linker: &mut Linker<Proxy>) -> wasmtime::Result<()> {
    linker.func_wrap(WASI, "args_sizes_get", |host: Host<'_>, count: u32, size: u32| {
        errno(host, |guest| {
            guest.write_u32(count, 0)?;
            guest.write_u32(size, 0)
        })
    })?;
    linker.func_wrap(WASI, "args_get", |_: Host<'_>, _: u32, _: u32| SUCCESS)?;
    linker.func_wrap(WASI, "environ_sizes_get", |host: Host<'_>, count: u32, size: u32| {
        errno(host, |guest| {
            let entries = environment(guest);
            guest.write_u32(count, entries.len() as u32)?;
            guest.write_u32(size, entries.iter().map(Vec::len).sum::<usize>() as u32)
        })
    })?;
    linker.func_wrap(WASI, "environ_get", |host: Host<'_>, pointers: u32, mut at: u32| {
        errno(host, |guest| {
            for (index, entry) in (0..).zip(environment(guest)) {
                guest.write_u32(pointers.saturating_add(4 * index), at)?;
                guest.write(at, &entry)?;
                at = at.saturating_add(entry.len() as u32);
            }
            Ok(())
        })
    })?;
    linker.func_wrap(WASI, "clock_res_get", |host: Host<'_>, _: u32, result: u32| {
        errno(host, |guest| guest.write(result, &1_u64.to_le_bytes()))
    })?;
    linker.func_wrap(WASI, "clock_time_get", |host: Host<'_>, clock: u32, _: u64, result: u32| {
        errno(host, |guest| {
            let proxy = guest.proxy();
            let now = proxy.world.time(proxy.options.clock_step);
            let now = if clock == 0 { now } else { now.saturating_sub(proxy.world.started) };
            guest.write(result, &now.to_le_bytes())
        })
    })?;
    linker.func_wrap(WASI, "random_get", |host: Host<'_>, at: u32, len: u32| {
        errno(host, |guest| {
            slice(guest.split()?.0, at, len)?; // so that a wild length allocates nothing here
            let mut random = Vec::with_capacity(len as usize + 8);
            while random.len() < len as usize {
                random.extend_from_slice(&guest.proxy().world.random().to_le_bytes());
            }
            random.truncate(len as usize);
            guest.write(at, &random)
        })
    })?;
    linker.func_wrap(WASI, "proc_exit", |_: Host<'_>, code: u32| -> wasmtime::Result<()> {
        Err(wasmtime::Error::msg(format!("the module called proc_exit({code})")))
    })?;
    linker.func_wrap(WASI, "sched_yield", |_: Host<'_>| SUCCESS)?;
    linker.func_wrap(WASI, "poll_oneoff", |_: Host<'_>, _: u32, _: u32, _: u32, _: u32| NOSYS)?;
    link_files(linker)
}

fn link_files(linker: &mut Linker<Proxy>) -> wasmtime::Result<()> {
    linker.func_wrap(WASI, "fd_write", |host: Host<'_>, fd: u32, vectors: u32, count: u32, written: u32| {
        let level = match fd {
            1 => Level::Info,
            2 => Level::Error,
            _ => return BADF,
        };
        errno(host, |guest| {
            let (memory, proxy) = guest.split()?;
            let mut text = Vec::new();
            for index in 0..count {
                let vector = slice(memory, vectors.saturating_add(index.saturating_mul(8)), 8)?;
                let word = |at: usize| vector.get(at..at + 4).and_then(|word| word.try_into().ok());
                let (Some(at), Some(len)) = (word(0), word(4)) else { continue };
                text.extend_from_slice(slice(memory, u32::from_le_bytes(at), u32::from_le_bytes(len))?);
            }
            put(memory, written, &(text.len() as u32).to_le_bytes())?;
            proxy.log(level, text.strip_suffix(b"\n").unwrap_or(&text));
            Ok(())
        })
    })?;
    linker.func_wrap(WASI, "fd_fdstat_get", |host: Host<'_>, fd: u32, result: u32| {
        if fd > 2 {
            return BADF;
        }
        errno(host, |guest| {
            let mut stat = [0; 24];
            if let Some(kind) = stat.first_mut() {
                *kind = 2; // a character device
            }
            guest.write(result, &stat)
        })
    })?;
    linker.func_wrap(WASI, "fd_fdstat_set_flags", |_: Host<'_>, _: u32, _: u32| BADF)?;
    linker.func_wrap(WASI, "fd_filestat_get", |_: Host<'_>, _: u32, _: u32| BADF)?;
    linker.func_wrap(WASI, "fd_prestat_get", |_: Host<'_>, _: u32, _: u32| BADF)?;
    linker.func_wrap(WASI, "fd_prestat_dir_name", |_: Host<'_>, _: u32, _: u32, _: u32| BADF)?;
    linker.func_wrap(WASI, "fd_close", |_: Host<'_>, _: u32| BADF)?;
    linker.func_wrap(WASI, "fd_read", |_: Host<'_>, _: u32, _: u32, _: u32, _: u32| BADF)?;
    linker.func_wrap(WASI, "fd_seek", |_: Host<'_>, _: u32, _: u64, _: u32, _: u32| BADF)?;
    linker.func_wrap(
        WASI,
        "path_open",
        |_: Host<'_>, _: u32, _: u32, _: u32, _: u32, _: u32, _: u64, _: u64, _: u32, _: u32| NOENT,
    )?;
    Ok(())
}

/// Runs a call whose result is a WASI error number.
fn errno(mut host: Host<'_>, body: impl FnOnce(&mut Guest<'_, '_>) -> Result<(), Halt>) -> u32 {
    if body(&mut Guest::new(&mut host)).is_ok() { SUCCESS } else { FAULT }
}

/// `NAME=value\0` for each variable.
fn environment(guest: &mut Guest<'_, '_>) -> Vec<Vec<u8>> {
    let entry = |(name, value): (&String, &String)| format!("{name}={value}\0").into_bytes();
    guest.proxy().options.environment.iter().map(entry).collect()
}
