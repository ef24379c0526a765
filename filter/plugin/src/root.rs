//! The plugin as a whole: its policy, and the worker that outlives policies.

use std::rc::Rc;
use std::sync::Arc;

use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::ContextType;
use weir_abi::{Buffer, Level};
use weir_engine::Policy;
use weir_engine::audit::Metric;

use crate::exchange::Exchange;
use crate::held::Held;
use crate::host;

/// One loaded configuration. Envoy makes a new root for a new one and lets the old one finish its exchanges.
#[derive(Default)]
pub(crate) struct Root {
    policy: Option<Arc<Policy>>,
    held: Rc<Held>,
}

impl Context for Root {}

impl RootContext for Root {
    fn on_configure(&mut self, _size: usize) -> bool {
        let bytes = weir_abi::buffer(Buffer::PluginConfiguration).unwrap_or_default();
        let accepted = match Policy::from_configuration(&bytes) {
            Ok(policy) => {
                host::log(Level::Info, &format!("weir_policy_accepted {} {}", policy.name(), policy.hash()));
                self.policy = Some(Arc::new(policy));
                true
            }
            Err(diagnostics) => {
                for line in diagnostics.to_string().lines() {
                    host::log(Level::Error, &format!("weir_policy_error {line}"));
                }
                false
            }
        };
        host::measure(&Metric::PolicyLoads { accepted }, 1);
        accepted
    }

    fn on_tick(&mut self) {
        self.held.tick();
    }

    fn create_http_context(&self, context_id: u32) -> Option<Box<dyn HttpContext>> {
        // Envoy opens exchanges only on roots whose configuration was accepted.
        let policy = self.policy.clone()?;
        Some(Box::new(Exchange::open(context_id, policy, self.held.clone())))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}
