//! Root contexts: one for each plugin configuration that has been given to a VM.

use crate::error::HarnessError;
use crate::logs::LogLine;
use crate::outcome::Failure;
use crate::proxy::Root;
use crate::vm::Vm;

impl Vm {
    /// Creates a root context, starts and configures it; where the module refuses, the context is removed again.
    pub(crate) fn start_root(&mut self, configuration: &[u8]) -> Result<u32, HarnessError> {
        let lines = self.proxy().logs.len();
        let since = |vm: &mut Self| -> Vec<LogLine> { vm.proxy_mut().logs.split_off(lines) };
        let id = self.next_context();
        self.proxy_mut().roots.insert(id, Root::default());
        match self.configure(id, configuration) {
            Ok(None) => Ok(id),
            Ok(Some(callback)) => {
                self.drop_root(id);
                Err(HarnessError::Rejected { callback, logs: since(self) })
            }
            Err(failure) => {
                self.proxy_mut().roots.remove(&id);
                Err(HarnessError::Failed { failure, logs: since(self) })
            }
        }
    }

    /// The callback that refused, if one did.
    fn configure(&mut self, id: u32, configuration: &[u8]) -> Result<Option<&'static str>, Failure> {
        let exports = self.exports();
        self.tell(id, &exports.context_create, (id, 0))?;
        let size = self.proxy().options.vm_configuration.len() as u32;
        if self.ask(id, &exports.vm_start, (id, size), 1)? == 0 {
            return Ok(Some("on_vm_start"));
        }
        self.proxy_mut().configuration = Some(configuration.to_vec());
        let accepted = self.ask(id, &exports.configure, (id, configuration.len() as u32), 1);
        self.proxy_mut().configuration = None;
        Ok(if accepted? == 0 { Some("on_configure") } else { None })
    }

    fn drop_root(&mut self, id: u32) {
        let exports = self.exports();
        if self.ask(id, &exports.done, id, 1).is_ok() {
            let _ = self.tell(id, &exports.delete, id); // a failure here is kept in `dead`
        }
        self.proxy_mut().roots.remove(&id);
    }

    /// Removes root contexts that have been replaced and serve no stream any more.
    pub(crate) fn drop_retired(&mut self) {
        let proxy = self.proxy();
        let used = |id: &u32| proxy.streams.values().any(|stream| stream.root == *id);
        let retired = proxy.roots.iter().filter(|(id, root)| root.retired && !used(id)).map(|(id, _)| *id);
        for id in retired.collect::<Vec<_>>() {
            self.drop_root(id);
        }
    }
}
