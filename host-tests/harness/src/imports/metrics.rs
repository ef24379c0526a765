//! Metrics. As in Envoy, defining a name again gives another id for the same metric, and values outlive the VM.

use super::call;
use crate::host_call::{HostCall, Status};
use crate::proxy::Proxy;
use crate::world::Metric;
use wasmtime::{Caller, Linker};

type Host<'a> = Caller<'a, Proxy>;

pub(super) fn link(linker: &mut Linker<Proxy>) -> wasmtime::Result<()> {
    linker.func_wrap(
        "env",
        "proxy_define_metric",
        |host: Host<'_>, kind: u32, name: u32, name_len: u32, result: u32| {
            call(host, HostCall::DefineMetric, |guest| {
                let name = String::from_utf8_lossy(&guest.bytes(name, name_len)?).into_owned();
                let proxy = guest.proxy();
                let next = proxy.next_metric.get_mut(kind as usize).ok_or(Status::BadArgument)?;
                *next = next.saturating_add(4); // the lower two bits are the kind
                let id = *next;
                let index = proxy.world.define(kind, &name);
                proxy.metric_ids.insert(id, index);
                guest.write_u32(result, id)
            })
        },
    )?;
    linker.func_wrap("env", "proxy_get_metric", |host: Host<'_>, id: u32, result: u32| {
        call(host, HostCall::GetMetric, |guest| {
            let (_, metric) = find(guest.proxy(), id)?;
            let value = match metric {
                Metric::Counter(value) | Metric::Gauge(value) => *value,
                Metric::Histogram(_) => return Err(Status::BadArgument.into()),
            };
            guest.write(result, &value.to_le_bytes())
        })
    })?;
    linker.func_wrap("env", "proxy_increment_metric", |host: Host<'_>, id: u32, offset: i64| {
        call(host, HostCall::IncrementMetric, |guest| {
            let (index, metric) = find(guest.proxy(), id)?;
            match metric {
                Metric::Counter(value) if offset > 0 => *value = value.saturating_add_signed(offset),
                Metric::Gauge(value) => *value = value.saturating_add_signed(offset),
                _ => return Err(Status::BadArgument.into()),
            }
            guest.proxy().world.changes.push((index, offset));
            Ok(())
        })
    })?;
    linker.func_wrap("env", "proxy_record_metric", |host: Host<'_>, id: u32, value: u64| {
        call(host, HostCall::RecordMetric, |guest| {
            let (index, metric) = find(guest.proxy(), id)?;
            let change = i64::try_from(value).unwrap_or(i64::MAX);
            let change = match metric {
                Metric::Counter(sum) => {
                    *sum = sum.saturating_add(value);
                    change
                }
                Metric::Gauge(old) => {
                    let before = i64::try_from(std::mem::replace(old, value)).unwrap_or(i64::MAX);
                    change.saturating_sub(before)
                }
                Metric::Histogram(values) => {
                    values.push(value);
                    1
                }
            };
            guest.proxy().world.changes.push((index, change));
            Ok(())
        })
    })?;
    Ok(())
}

fn find(proxy: &mut Proxy, id: u32) -> Result<(usize, &mut Metric), Status> {
    let index = *proxy.metric_ids.get(&id).ok_or(Status::NotFound)?;
    let (_, _, metric) = proxy.world.metrics.get_mut(index).ok_or(Status::NotFound)?;
    Ok((index, metric))
}
