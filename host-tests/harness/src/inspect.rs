//! What a test can see of the proxy, and make it do.

use crate::call::HttpCall;
use crate::host::Host;
use crate::host_call::{Fault, HostCall};
use crate::logs::LogLine;
use crate::outcome::Failure;
use crate::world::Metric;

impl Host {
    /// Makes a host call fail from now on; see [`Fault`].
    pub fn inject(&mut self, fault: Fault) {
        self.vm.proxy_mut().gate.arm(fault);
    }

    /// Takes every injected fault back.
    pub fn clear_faults(&mut self) {
        self.vm.proxy_mut().gate.disarm();
    }

    /// How often the module has made this host call since the VM was built.
    pub fn call_count(&self, call: HostCall) -> u64 {
        self.vm.proxy().gate.count(call)
    }

    /// The calls to other services that nobody has answered yet.
    pub fn calls(&self) -> &[HttpCall] {
        &self.vm.proxy().calls
    }

    /// The log lines that belong to no finished stream: of start, configuration, ticks and open streams.
    pub fn take_logs(&mut self) -> Vec<LogLine> {
        self.vm.take_logs()
    }

    /// The metric of this name; where a counter and a gauge share it, the one that was defined first.
    pub fn metric(&self, name: &str) -> Option<&Metric> {
        self.metrics().find(|(known, _)| *known == name).map(|(_, metric)| metric)
    }

    /// Every metric, in the order of definition.
    pub fn metrics(&self) -> impl Iterator<Item = (&str, &Metric)> {
        self.vm.proxy().world.metrics.iter().map(|(_, name, metric)| (name.as_str(), metric))
    }

    /// A value of shared data.
    pub fn shared_data(&self, key: impl AsRef<[u8]>) -> Option<&[u8]> {
        self.vm.proxy().world.shared.get(key.as_ref()).map(|(value, _)| value.as_slice())
    }

    /// Writes shared data as another VM would, whatever is there.
    pub fn set_shared_data(&mut self, key: impl AsRef<[u8]>, value: impl Into<Vec<u8>>) {
        self.vm.proxy_mut().world.set_shared(key.as_ref(), value.into(), 0);
    }

    /// The time that the module sees, in nanoseconds since 1970.
    pub fn now(&self) -> u64 {
        self.vm.proxy().world.now
    }

    /// The size of the module's memory in bytes. It never shrinks.
    pub fn memory_size(&self) -> usize {
        self.vm.proxy().memory.map_or(0, |memory| memory.data_size(&self.vm.store))
    }

    /// The wasm instructions (as fuel) that have run since the VM was built; only for a module that was compiled with
    /// [`Module::counting_from_file`](crate::Module::counting_from_file).
    pub fn instructions(&self) -> Option<u64> {
        self.vm.instructions()
    }

    /// Why the VM is dead, if it is.
    pub fn failure(&self) -> Option<&Failure> {
        self.vm.dead.as_ref()
    }

    /// The number of contexts that have not been deleted: root contexts and open streams.
    pub fn contexts(&self) -> usize {
        self.vm.proxy().roots.len() + self.vm.proxy().streams.len()
    }
}
