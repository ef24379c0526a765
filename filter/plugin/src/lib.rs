//! weir.wasm: the thin shell between proxy-wasm callbacks and the engine.
//!
//! Callback -> [`Event`](weir_engine::Event) -> [`Worker::step`](weir_engine::Worker::step) -> [`Effect`]
//! (weir_engine::Effect) -> host call. There is no branch on content or policy here; what the shell decides by itself is
//! only what the proxy's own rules demand, and each such place says so. What the real Envoy does is written down, with
//! the reasons for the settings it needs, in `envoy/README.md`.

#![expect(missing_docs, reason = "the entry points that the SDK's macro writes are all this crate exports")]

mod exchange;
mod held;
mod host;
mod root;
#[cfg(feature = "trap-on-header")]
mod trap;

proxy_wasm::main! {{
    // Also installs the SDK's panic hook: should the impossible happen, the proxy's log says where.
    proxy_wasm::set_log_level(proxy_wasm::types::LogLevel::Info);
    proxy_wasm::set_root_context(|_| Box::new(root::Root::default()));
}}
