//! Streams on the engine natively: frames by themselves, and whole exchanges whose answers come event by event.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use weir_benches::{Answer, BASELINE, Native, Streamed};
use weir_engine::stream::frames::Frames;

/// Events of a stream.
const EVENTS: usize = 1000;

fn frames(c: &mut Criterion) {
    let mut group = c.benchmark_group("frames");
    for answer in Answer::ALL {
        let bytes = Streamed::new(answer, EVENTS).events.concat();
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(answer.name()), |b| {
            b.iter(|| {
                let (mut frames, mut found) = (Frames::new(answer.format(), 1 << 20), Vec::new());
                for chunk in bytes.chunks(16_384) {
                    frames.push(black_box(chunk), &mut found).expect("these are frames");
                }
                found.len()
            });
        });
    }
}

fn stream(c: &mut Criterion) {
    let mut group = c.benchmark_group("stream/native");
    let mut native = Native::new(BASELINE);
    for answer in Answer::ALL {
        let streamed = Streamed::new(answer, EVENTS);
        group.throughput(Throughput::Elements(streamed.events.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(answer.name()), |b| {
            b.iter(|| native.stream(black_box(&streamed)));
        });
    }
}

criterion_group!(benches, frames, stream);
criterion_main!(benches);
