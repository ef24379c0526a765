//! The engine natively: JSON reading, detection, whole exchanges.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use weir_benches::{BASELINE, Native, SIZES, answer, prose, request};
use weir_engine::Policy;
use weir_engine::detect::Scanner;
use weir_engine::stream::json::{Bounds, Document};

const BOUNDS: Bounds = Bounds { depth: 96, nodes: 1_000_000 };

fn json(c: &mut Criterion) {
    let mut group = c.benchmark_group("json");
    for size in SIZES {
        let body = request(size * 1024);
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(format!("{size}KiB")), &body, |b, body| {
            b.iter(|| Document::parse(black_box(body), BOUNDS).map(|document| document.len()));
        });
    }
}

fn detect(c: &mut Criterion) {
    let Ok(policy) = Policy::compile(BASELINE) else { return };
    let mut group = c.benchmark_group("detect");
    let digits = "order 20261121 of 17:45, 3 items at 12.50, total 37.50; ref 8841-22. ";
    for (name, text) in [("prose", prose(64 << 10)), ("digits", digits.repeat(1000))] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(name), &text, |b, text| {
            let mut scanner = Scanner::new(policy.set(), u64::MAX);
            let mut findings = Vec::new();
            b.iter(|| {
                findings.clear();
                scanner.whole(black_box(text), &mut findings);
                findings.len()
            });
        });
    }
}

fn exchange(c: &mut Criterion) {
    let mut group = c.benchmark_group("exchange/native");
    let mut native = Native::new(BASELINE);
    for size in SIZES {
        let (request, answer) = (request(size * 1024), answer(4096.min(size * 1024)));
        group.throughput(Throughput::Bytes((request.len() + answer.len()) as u64));
        group.bench_function(BenchmarkId::from_parameter(format!("{size}KiB")), |b| {
            b.iter(|| native.exchange(black_box(&request), black_box(&answer)));
        });
    }
}

fn load(c: &mut Criterion) {
    c.bench_function("policy/baseline", |b| b.iter(|| Policy::compile(black_box(BASELINE)).is_ok()));
}

criterion_group!(benches, json, detect, exchange, load);
criterion_main!(benches);
