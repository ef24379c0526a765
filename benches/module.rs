//! weir.wasm on wasmtime behind the fake proxy: whole exchanges, host calls and copies included.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use weir_benches::{Answer, BASELINE, SIZES, Streamed, answer, request};
use weir_harness::{Chunking, Host, HostOptions, Module, Request, Response};

fn exchange(c: &mut Criterion) {
    let built = weir_cli::wasm::module().expect("weir.wasm can be built");
    let module = Module::from_file(&built.path).expect("weir.wasm is a module");
    let options = HostOptions::new(BASELINE).request_buffer_limit(32 << 20).response_buffer_limit(32 << 20);
    let mut host = Host::start(&module, options).expect("the baseline is accepted");
    let mut group = c.benchmark_group("exchange/wasmtime");
    for size in SIZES {
        let (request, answer) = (request(size * 1024), answer(4096.min(size * 1024)));
        group.throughput(Throughput::Bytes((request.len() + answer.len()) as u64));
        group.bench_function(BenchmarkId::from_parameter(format!("{size}KiB")), |b| {
            b.iter(|| {
                let sent = Request::post("/v1/chat/completions").json_body(request.clone());
                let result = host.exchange(black_box(sent)).upstream(|_| Response::json(200, answer.clone()));
                result.status()
            });
        });
    }
}

/// Events of a stream, its request and its record included.
const EVENTS: usize = 200;

fn stream(c: &mut Criterion) {
    let built = weir_cli::wasm::module().expect("weir.wasm can be built");
    let module = Module::from_file(&built.path).expect("weir.wasm is a module");
    let mut host = Host::start(&module, HostOptions::new(BASELINE)).expect("the baseline is accepted");
    let mut group = c.benchmark_group("stream/wasmtime");
    for answer in Answer::ALL {
        let streamed = Streamed::new(answer, EVENTS);
        group.throughput(Throughput::Elements(streamed.events.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(answer.name()), |b| {
            b.iter(|| {
                let sent = Request::post(answer.path()).json_body(answer.request());
                let sizes = streamed.events.iter().map(Vec::len).collect();
                let said = Response::new(200).header("content-type", answer.content_type());
                let said = said.body(streamed.events.concat()).chunks(Chunking::Sizes(sizes));
                host.exchange(black_box(sent)).upstream(|_| said).status()
            });
        });
    }
}

fn start(c: &mut Criterion) {
    let built = weir_cli::wasm::module().expect("weir.wasm can be built");
    let module = Module::from_file(&built.path).expect("weir.wasm is a module");
    c.bench_function("start/wasmtime", |b| {
        b.iter(|| Host::start(&module, HostOptions::new(BASELINE)).is_ok());
    });
}

criterion_group!(benches, exchange, stream, start);
criterion_main!(benches);
