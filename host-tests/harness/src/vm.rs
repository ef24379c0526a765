//! One instance of the module, and the calls into it.

use crate::direction::Action;
use crate::error::HarnessError;
use crate::module::{EPOCH, Module};
use crate::options::HostOptions;
use crate::outcome::Failure;
use crate::proxy::Proxy;
use crate::world::World;
use std::sync::Arc;
use wasmtime::{Instance, Store, StoreLimitsBuilder, Trap, TypedFunc, WasmBacktrace, WasmParams};

/// A callback that the module may or may not export.
pub(crate) struct Callback<P> {
    name: &'static str,
    func: Option<TypedFunc<P, u32>>,
}

/// One that answers nothing.
pub(crate) struct Notice<P> {
    name: &'static str,
    func: Option<TypedFunc<P, ()>>,
}

pub(crate) struct Exports {
    pub(crate) context_create: Notice<(u32, u32)>,
    pub(crate) vm_start: Callback<(u32, u32)>,
    pub(crate) configure: Callback<(u32, u32)>,
    pub(crate) tick: Notice<u32>,
    pub(crate) request_headers: Callback<(u32, u32, u32)>,
    pub(crate) request_body: Callback<(u32, u32, u32)>,
    pub(crate) request_trailers: Callback<(u32, u32)>,
    pub(crate) response_headers: Callback<(u32, u32, u32)>,
    pub(crate) response_body: Callback<(u32, u32, u32)>,
    pub(crate) response_trailers: Callback<(u32, u32)>,
    pub(crate) call_response: Notice<(u32, u32, u32, u32, u32)>,
    pub(crate) done: Callback<u32>,
    pub(crate) log: Notice<u32>,
    pub(crate) delete: Notice<u32>,
}

pub(crate) struct Vm {
    pub(crate) store: Store<Proxy>,
    exports: Arc<Exports>,
    /// Why nothing more can be called.
    pub(crate) dead: Option<Failure>,
    deadline: u64,
    next_context: u32,
    counting: bool,
}

impl Vm {
    /// Builds and initialises a VM, which takes over `world`; where that fails, `world` stays where it was.
    pub(crate) fn new(module: &Module, options: &Arc<HostOptions>, world: &mut World) -> Result<Self, HarnessError> {
        let failed = |error: wasmtime::Error| HarnessError::Load { reason: format!("{error:#}") };
        let limits = StoreLimitsBuilder::new().memory_size(options.memory_limit).build();
        let mut store = Store::new(module.engine(), Proxy::new(Arc::clone(options), World::default(), limits));
        store.limiter(|proxy| &mut proxy.limits);
        if module.is_counting() {
            store.set_fuel(u64::MAX).map_err(failed)?;
        }
        store.set_epoch_deadline(u64::MAX / 2);
        let instance = module.instance().instantiate(&mut store).map_err(failed)?;
        let memory = instance.get_memory(&mut store, "memory");
        store.data_mut().memory = Some(memory.ok_or(HarnessError::MissingExport { name: "memory" })?);
        let allocate = ["proxy_on_memory_allocate", "malloc"]
            .into_iter()
            .find_map(|name| instance.get_typed_func::<u32, u32>(&mut store, name).ok());
        store.data_mut().allocate =
            Some(allocate.ok_or(HarnessError::MissingExport { name: "proxy_on_memory_allocate" })?);
        let exports = Exports::find(&instance, &mut store);
        if exports.context_create.func.is_none() {
            return Err(HarnessError::MissingExport { name: "proxy_on_context_create" });
        }
        let ticks = options.deadline.as_millis() / EPOCH.as_millis();
        let mut vm = Self {
            store,
            exports: Arc::new(exports),
            dead: None,
            deadline: u64::try_from(ticks).unwrap_or(u64::MAX / 2).saturating_add(2).min(u64::MAX / 2),
            next_context: 1,
            counting: module.is_counting(),
        };
        std::mem::swap(world, &mut vm.proxy_mut().world);
        for name in ["_initialize", "_start"] {
            let Ok(start) = instance.get_typed_func::<(), ()>(&mut vm.store, name) else { continue };
            if let Err(failure) = vm.enter(0, name, |store| start.call(store, ())) {
                std::mem::swap(world, &mut vm.proxy_mut().world);
                return Err(HarnessError::Failed { failure, logs: vm.take_logs() });
            }
            break;
        }
        Ok(vm)
    }

    pub(crate) fn proxy(&self) -> &Proxy {
        self.store.data()
    }

    pub(crate) fn proxy_mut(&mut self) -> &mut Proxy {
        self.store.data_mut()
    }

    pub(crate) fn exports(&self) -> Arc<Exports> {
        Arc::clone(&self.exports)
    }

    pub(crate) fn take_logs(&mut self) -> Vec<crate::logs::LogLine> {
        std::mem::take(&mut self.proxy_mut().logs)
    }

    /// The instructions that have run so far, where the module counts them.
    pub(crate) fn instructions(&self) -> Option<u64> {
        if self.counting { self.store.get_fuel().ok().map(|left| u64::MAX - left) } else { None }
    }

    pub(crate) fn next_context(&mut self) -> u32 {
        let id = self.next_context;
        self.next_context = self.next_context.saturating_add(1);
        id
    }

    /// Calls a callback; what the module does not export answers `otherwise`.
    pub(crate) fn ask<P: WasmParams>(
        &mut self,
        context: u32,
        callback: &Callback<P>,
        parameters: P,
        otherwise: u32,
    ) -> Result<u32, Failure> {
        match &callback.func {
            Some(func) => self.enter(context, callback.name, |store| func.call(store, parameters)),
            None => Ok(otherwise),
        }
    }

    /// Calls a callback whose answer is an action.
    pub(crate) fn decide<P: WasmParams>(
        &mut self,
        context: u32,
        callback: &Callback<P>,
        parameters: P,
    ) -> Result<Action, Failure> {
        let answer = self.ask(context, callback, parameters, 0)?;
        Ok(if answer == 0 { Action::Continue } else { Action::Pause })
    }

    /// Calls a callback that answers nothing.
    pub(crate) fn tell<P: WasmParams>(
        &mut self,
        context: u32,
        callback: &Notice<P>,
        parameters: P,
    ) -> Result<(), Failure> {
        match &callback.func {
            Some(func) => self.enter(context, callback.name, |store| func.call(store, parameters)),
            None => Ok(()),
        }
    }

    fn enter<R>(
        &mut self,
        context: u32,
        name: &'static str,
        call: impl FnOnce(&mut Store<Proxy>) -> wasmtime::Result<R>,
    ) -> Result<R, Failure> {
        match &self.dead {
            Some(crash @ Failure::ProxyCrash { .. }) => return Err(crash.clone()),
            Some(_) => return Err(Failure::VmDead),
            None => {}
        }
        let proxy = self.proxy_mut();
        proxy.current = context;
        proxy.effective = context;
        self.store.set_epoch_deadline(self.deadline);
        call(&mut self.store).map_err(|error| {
            let failure = self.explain(name, &error);
            self.dead = Some(failure.clone());
            self.proxy_mut().deferred.clear();
            failure
        })
    }

    fn explain(&self, callback: &'static str, error: &wasmtime::Error) -> Failure {
        if let Some(reason) = &self.proxy().crash {
            return Failure::ProxyCrash { reason: reason.clone() };
        }
        if error.downcast_ref::<Trap>() == Some(&Trap::Interrupt) {
            return Failure::EndlessLoop { callback };
        }
        let message = match error.downcast_ref::<Trap>() {
            Some(trap) => trap.to_string(),
            None => error.root_cause().to_string(),
        };
        let backtrace = error.downcast_ref::<WasmBacktrace>().map_or_else(String::new, |frames| frames.to_string());
        Failure::Trap { callback, message, backtrace }
    }
}

impl Exports {
    fn find(instance: &Instance, store: &mut Store<Proxy>) -> Self {
        macro_rules! export {
            ($kind:ident, $name:literal) => {
                $kind { name: $name, func: instance.get_typed_func(&mut *store, $name).ok() }
            };
        }
        Self {
            context_create: export!(Notice, "proxy_on_context_create"),
            vm_start: export!(Callback, "proxy_on_vm_start"),
            configure: export!(Callback, "proxy_on_configure"),
            tick: export!(Notice, "proxy_on_tick"),
            request_headers: export!(Callback, "proxy_on_request_headers"),
            request_body: export!(Callback, "proxy_on_request_body"),
            request_trailers: export!(Callback, "proxy_on_request_trailers"),
            response_headers: export!(Callback, "proxy_on_response_headers"),
            response_body: export!(Callback, "proxy_on_response_body"),
            response_trailers: export!(Callback, "proxy_on_response_trailers"),
            call_response: export!(Notice, "proxy_on_http_call_response"),
            done: export!(Callback, "proxy_on_done"),
            log: export!(Notice, "proxy_on_log"),
            delete: export!(Notice, "proxy_on_delete"),
        }
    }
}
