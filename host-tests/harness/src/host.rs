//! One worker VM of a proxy: its life, its configuration, and its streams one step at a time.

use crate::call::CallAnswer;
use crate::chain::Step;
use crate::direction::Action;
use crate::error::HarnessError;
use crate::exchange::Exchange;
use crate::headers::Headers;
use crate::message::Request;
use crate::module::Module;
use crate::options::{HostOptions, Property};
use crate::outcome::{Failure, Side};
use crate::proxy::LocalReply;
use crate::result::ExchangeResult;
use crate::stream::{End, Stream};
use crate::vm::Vm;
use crate::world::World;
use std::sync::Arc;
use std::time::Duration;

/// A stream of a [`Host`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StreamId(pub(crate) u32);

/// A module that has been started, and the proxy around it.
pub struct Host {
    module: Module,
    options: Arc<HostOptions>,
    pub(crate) vm: Vm,
    root: u32,
    configuration: Vec<u8>,
}

impl Host {
    /// Starts a VM: `_initialize`, `on_vm_start`, `on_configure`. What the module logs meanwhile is in
    /// [`take_logs`](Self::take_logs), or in the error.
    ///
    /// # Errors
    ///
    /// [`Rejected`](HarnessError::Rejected) where the module does not accept its configuration,
    /// [`Failed`](HarnessError::Failed) where it traps.
    pub fn start(module: &Module, options: HostOptions) -> Result<Self, HarnessError> {
        let options = Arc::new(options);
        let mut world = World::new(&options);
        let mut logs = Vec::new();
        let configuration = options.configuration.clone();
        if options.canary {
            let mut canary = Vm::new(module, &options, &mut world)?;
            canary.start_root(&configuration)?;
            logs = canary.take_logs();
            world = std::mem::take(&mut canary.proxy_mut().world);
        }
        let mut vm = Vm::new(module, &options, &mut world)?;
        let root = vm.start_root(&configuration)?;
        vm.proxy_mut().logs.splice(0..0, logs);
        Ok(Self { module: module.clone(), options, vm, root, configuration })
    }

    /// Gives the VM a new configuration, as Envoy's ECDS does: on a new root context, with the same statics. Streams
    /// that are open stay with the old one, which goes when the last of them does.
    ///
    /// # Errors
    ///
    /// [`Rejected`](HarnessError::Rejected) where the module refuses: the old configuration keeps serving. A trap
    /// kills the VM, unless [`HostOptions::canary`] had the canary die first.
    pub fn reconfigure(&mut self, configuration: impl Into<Vec<u8>>) -> Result<(), HarnessError> {
        self.alive()?;
        let configuration = configuration.into();
        if self.options.canary {
            let world = &mut self.vm.proxy_mut().world;
            let mut canary = Vm::new(&self.module, &self.options, world)?;
            let outcome = canary.start_root(&configuration);
            let logs = canary.take_logs();
            let proxy = self.vm.proxy_mut();
            proxy.logs.extend(logs);
            proxy.world = std::mem::take(&mut canary.proxy_mut().world);
            outcome?;
        }
        let root = self.vm.start_root(&configuration)?;
        if let Some(old) = self.vm.proxy_mut().roots.get_mut(&self.root) {
            old.retired = true;
        }
        self.root = root;
        self.configuration = configuration;
        self.vm.drop_retired();
        Ok(())
    }

    /// Builds the VM anew, as Envoy's `FAIL_RELOAD` does after a trap. Its streams are lost; shared data and metrics
    /// stay.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start), and [`ProxyGone`](HarnessError::ProxyGone) after a crash of the proxy.
    pub fn reload(&mut self) -> Result<(), HarnessError> {
        if let Some(Failure::ProxyCrash { .. }) = self.vm.dead {
            return Err(HarnessError::ProxyGone);
        }
        let logs = self.vm.take_logs();
        self.vm = Vm::new(&self.module, &self.options, &mut self.vm.proxy_mut().world)?;
        self.root = self.vm.start_root(&self.configuration)?;
        self.vm.proxy_mut().logs.splice(0..0, logs);
        Ok(())
    }

    /// Sends a request through; say what the upstream answers with [`Exchange::upstream`].
    pub fn exchange(&mut self, request: Request) -> Exchange<'_> {
        Exchange::new(self, request)
    }

    /// Opens a stream to be driven step by step. On a dead VM it is answered with 503 at once.
    pub fn open(&mut self) -> StreamId {
        self.open_with(Vec::new())
    }

    pub(crate) fn open_with(&mut self, properties: Vec<(Vec<u8>, Property)>) -> StreamId {
        let id = self.vm.next_context();
        let mut stream = Stream::new(self.root);
        stream.properties = properties.into_iter().collect();
        self.vm.proxy_mut().streams.insert(id, stream);
        let exports = self.vm.exports();
        if let Err(failure) = self.vm.tell(id, &exports.context_create, (id, self.root)) {
            self.vm.fail(id, &failure);
        }
        StreamId(id)
    }

    /// Delivers headers; `end` says that nothing follows them.
    pub fn headers(&mut self, id: StreamId, side: Side, headers: Headers, end: bool) -> Step {
        self.vm.headers(id.0, side, headers, end)
    }

    /// Delivers a piece of body; `end` says that it is the last and no trailers follow.
    pub fn body(&mut self, id: StreamId, side: Side, chunk: impl AsRef<[u8]>, end: bool) -> Step {
        self.vm.body(id.0, side, chunk.as_ref(), end)
    }

    /// Delivers trailers, which end this side.
    pub fn trailers(&mut self, id: StreamId, side: Side, trailers: Headers) -> Step {
        self.vm.trailers(id.0, side, trailers)
    }

    /// Answers in place of the upstream, as the proxy itself does: 413, 503 ..
    pub fn reply(&mut self, id: StreamId, reply: LocalReply) {
        self.vm.reply(id.0, reply);
    }

    /// Ends a stream because the client has left.
    pub fn client_leaves(&mut self, id: StreamId) {
        if let Some(stream) = self.vm.proxy_mut().streams.get_mut(&id.0).filter(|stream| stream.end.is_none()) {
            stream.end = Some(End::ClientLeft);
        }
    }

    /// An open stream, to look at what has been let through so far.
    pub fn stream(&self, id: StreamId) -> Option<&Stream> {
        self.vm.stream(id.0)
    }

    /// Ends a stream as the proxy does (`on_log`, `on_done`, `on_delete`) and says how it went.
    ///
    /// # Errors
    ///
    /// Where the stream does not exist (any more), such as after a reload.
    pub fn finish(&mut self, id: StreamId) -> Result<ExchangeResult, HarnessError> {
        let unknown = || HarnessError::Unknown { what: format!("stream {}", id.0) };
        self.vm.proxy_mut().streams.get_mut(&id.0).ok_or_else(unknown)?.log_phase = true;
        let exports = self.vm.exports();
        let mut last = Ok(());
        if self.vm.dead.is_none() {
            last = self.vm.tell(id.0, &exports.log, id.0);
            last = last.and_then(|()| self.vm.ask(id.0, &exports.done, id.0, 1).map(drop));
            last = last.and_then(|()| self.vm.tell(id.0, &exports.delete, id.0));
        }
        let proxy = self.vm.proxy_mut();
        proxy.deferred.retain(|(stream, _)| *stream != id.0);
        let (own, others) = std::mem::take(&mut proxy.logs).into_iter().partition(|line| line.context == id.0);
        proxy.logs = others;
        let (calls, pending) = std::mem::take(&mut proxy.calls).into_iter().partition(|call| call.context == id.0);
        proxy.calls = pending;
        let metrics = proxy.world.take_changes();
        let mut stream = proxy.streams.remove(&id.0).ok_or_else(unknown)?;
        if let Err(failure) = last {
            stream.end = Some(End::Failed(failure));
        }
        self.vm.drop_retired();
        Ok(ExchangeResult::new(stream, own, calls, metrics))
    }

    /// Answers a call of the module (see [`calls`](Self::calls)).
    ///
    /// # Errors
    ///
    /// Where there is no such call, or the module fails in its callback; the stream that made the call then fails too.
    pub fn answer_call(&mut self, token: u32, answer: CallAnswer) -> Result<(), HarnessError> {
        let proxy = self.vm.proxy_mut();
        let at = proxy.calls.iter().position(|call| call.token == token);
        let at = at.ok_or_else(|| HarnessError::Unknown { what: format!("pending call {token}") })?;
        let context = proxy.calls.remove(at).context;
        let sizes = (answer.headers.len() as u32, answer.body.len() as u32, answer.trailers.len() as u32);
        proxy.answer = Some(answer);
        let exports = self.vm.exports();
        let parameters = (context, token, sizes.0, sizes.1, sizes.2);
        let told = self.vm.tell(context, &exports.call_response, parameters);
        self.vm.proxy_mut().answer = None;
        self.settle(context, told)
    }

    /// Runs `on_tick` of every root context that has asked for it.
    ///
    /// # Errors
    ///
    /// Where the module fails.
    pub fn tick(&mut self) -> Result<(), HarnessError> {
        let proxy = self.vm.proxy();
        let due: Vec<u32> = proxy.roots.iter().filter(|(_, root)| root.tick > 0).map(|(id, _)| *id).collect();
        due.into_iter().try_for_each(|root| self.tick_root(root))
    }

    /// Moves the clock on, and runs the ticks that fall due on the way, at most 10000.
    ///
    /// # Errors
    ///
    /// Where the module fails in one of them.
    pub fn advance(&mut self, by: Duration) -> Result<(), HarnessError> {
        let by = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        let until = self.vm.proxy().world.now.saturating_add(by);
        for _ in 0..10_000 {
            let Some((root, at)) = self.next_tick().filter(|(_, at)| *at <= until) else { break };
            let proxy = self.vm.proxy_mut();
            proxy.world.now = proxy.world.now.max(at);
            self.tick_root(root)?;
        }
        let proxy = self.vm.proxy_mut();
        proxy.world.now = proxy.world.now.max(until);
        Ok(())
    }

    /// The root context whose tick is next, and when.
    pub(crate) fn next_tick(&self) -> Option<(u32, u64)> {
        let roots = self.vm.proxy().roots.iter().filter(|(_, root)| root.tick > 0);
        roots.map(|(id, root)| (*id, root.next_tick)).min_by_key(|(_, at)| *at)
    }

    fn tick_root(&mut self, id: u32) -> Result<(), HarnessError> {
        let proxy = self.vm.proxy_mut();
        let now = proxy.world.now;
        if let Some(root) = proxy.roots.get_mut(&id) {
            root.next_tick = now.saturating_add(u64::from(root.tick) * 1_000_000);
        }
        let exports = self.vm.exports();
        let told = self.vm.tell(id, &exports.tick, id);
        self.settle(id, told)
    }

    /// After a callback that is not part of a stream's own sequence.
    fn settle(&mut self, context: u32, told: Result<(), Failure>) -> Result<(), HarnessError> {
        match told {
            Ok(()) => {
                self.vm.run_deferred();
                Ok(())
            }
            Err(failure) => {
                self.vm.fail(context, &failure);
                Err(HarnessError::Failed { failure, logs: Vec::new() })
            }
        }
    }

    fn alive(&self) -> Result<(), HarnessError> {
        match &self.vm.dead {
            None => Ok(()),
            Some(Failure::ProxyCrash { .. }) => Err(HarnessError::ProxyGone),
            Some(_) => Err(HarnessError::VmDead),
        }
    }
}

impl Step {
    /// The action, where the callback ran.
    pub fn action(&self) -> Option<Action> {
        match self {
            Self::Called(action) => Some(*action),
            _ => None,
        }
    }
}
