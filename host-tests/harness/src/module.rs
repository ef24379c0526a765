//! A compiled module, ready to be started any number of times.

use crate::error::HarnessError;
use crate::imports;
use crate::proxy::Proxy;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use wasmtime::{Config, Engine, InstancePre, Linker};

/// How often the deadline of a callback is looked at.
pub(crate) const EPOCH: Duration = Duration::from_millis(20);

/// A compiled proxy-wasm module. Cheap to clone and to share between threads: compile it once for a test binary.
#[derive(Clone)]
pub struct Module {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    instance: InstancePre<Proxy>,
    counting: bool,
}

impl Module {
    /// Compiles the module in a file.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, and as [`from_bytes`](Self::from_bytes).
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, HarnessError> {
        Self::from_bytes(read(path.as_ref())?)
    }

    /// Compiles a module.
    ///
    /// # Errors
    ///
    /// Where the bytes are not a module, or one that imports what a proxy does not offer by another type.
    pub fn from_bytes(bytes: impl AsRef<[u8]>) -> Result<Self, HarnessError> {
        Self::compile(bytes.as_ref(), false)
    }

    /// Compiles the module in a file so that [`Host::instructions`](crate::Host::instructions) counts. That makes it
    /// slower: do not measure time with it.
    ///
    /// # Errors
    ///
    /// As [`from_file`](Self::from_file).
    pub fn counting_from_file(path: impl AsRef<Path>) -> Result<Self, HarnessError> {
        Self::compile(&read(path.as_ref())?, true)
    }

    fn compile(bytes: &[u8], counting: bool) -> Result<Self, HarnessError> {
        let failed = |error: wasmtime::Error| HarnessError::Load { reason: format!("{error:#}") };
        let mut config = Config::new();
        config.epoch_interruption(true).consume_fuel(counting);
        let engine = Engine::new(&config).map_err(failed)?;
        let module = wasmtime::Module::new(&engine, bytes).map_err(failed)?;
        let mut linker = Linker::new(&engine);
        imports::link(&mut linker).map_err(failed)?;
        linker.define_unknown_imports_as_traps(&module).map_err(failed)?;
        let instance = linker.instantiate_pre(&module).map_err(failed)?;
        let weak = engine.weak();
        std::thread::spawn(move || {
            while let Some(engine) = weak.upgrade() {
                engine.increment_epoch();
                drop(engine);
                std::thread::sleep(EPOCH);
            }
        });
        Ok(Self { inner: Arc::new(Inner { engine, instance, counting }) })
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    pub(crate) fn instance(&self) -> &InstancePre<Proxy> {
        &self.inner.instance
    }

    pub(crate) fn is_counting(&self) -> bool {
        self.inner.counting
    }
}

fn read(path: &Path) -> Result<Vec<u8>, HarnessError> {
    std::fs::read(path).map_err(|source| HarnessError::Read { path: path.to_owned(), source })
}
