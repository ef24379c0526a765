//! The host calls by name, their statuses, and calls that a test makes fail.

use std::fmt;

/// The status of a host call, with the numbers of proxy-wasm 0.2.1. The Rust SDK's own `Status` lacks 5, 6, 9, 11 and
/// 12: give those only to a module that reads statuses as plain numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of the specification")]
pub enum Status {
    Ok = 0,
    NotFound = 1,
    BadArgument = 2,
    SerializationFailure = 3,
    ParseFailure = 4,
    BadExpression = 5,
    InvalidMemoryAccess = 6,
    Empty = 7,
    CasMismatch = 8,
    ResultMismatch = 9,
    InternalFailure = 10,
    BrokenConnection = 11,
    Unimplemented = 12,
}

impl Status {
    /// Every status but `Ok`.
    pub const FAILURES: [Self; 12] = [
        Self::NotFound,
        Self::BadArgument,
        Self::SerializationFailure,
        Self::ParseFailure,
        Self::BadExpression,
        Self::InvalidMemoryAccess,
        Self::Empty,
        Self::CasMismatch,
        Self::ResultMismatch,
        Self::InternalFailure,
        Self::BrokenConnection,
        Self::Unimplemented,
    ];
}

macro_rules! host_calls {
    ($($variant:ident => $name:literal,)*) => {
        /// A host call of proxy-wasm 0.2.1.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the names are those of the specification")]
        pub enum HostCall {
            $($variant,)*
        }

        impl HostCall {
            /// Every host call.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name under which a module imports it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The call with this import name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

host_calls! {
    Log => "proxy_log",
    GetLogLevel => "proxy_get_log_level",
    GetCurrentTime => "proxy_get_current_time_nanoseconds",
    SetTickPeriod => "proxy_set_tick_period_milliseconds",
    GetBuffer => "proxy_get_buffer_bytes",
    SetBuffer => "proxy_set_buffer_bytes",
    GetMap => "proxy_get_header_map_pairs",
    SetMap => "proxy_set_header_map_pairs",
    GetMapValue => "proxy_get_header_map_value",
    RemoveMapValue => "proxy_remove_header_map_value",
    ReplaceMapValue => "proxy_replace_header_map_value",
    AddMapValue => "proxy_add_header_map_value",
    GetProperty => "proxy_get_property",
    SetProperty => "proxy_set_property",
    GetSharedData => "proxy_get_shared_data",
    SetSharedData => "proxy_set_shared_data",
    RegisterQueue => "proxy_register_shared_queue",
    ResolveQueue => "proxy_resolve_shared_queue",
    Dequeue => "proxy_dequeue_shared_queue",
    Enqueue => "proxy_enqueue_shared_queue",
    ContinueStream => "proxy_continue_stream",
    CloseStream => "proxy_close_stream",
    SendLocalResponse => "proxy_send_local_response",
    HttpCall => "proxy_http_call",
    GrpcCall => "proxy_grpc_call",
    GrpcStream => "proxy_grpc_stream",
    GrpcSend => "proxy_grpc_send",
    GrpcCancel => "proxy_grpc_cancel",
    GrpcClose => "proxy_grpc_close",
    GetStatus => "proxy_get_status",
    SetEffectiveContext => "proxy_set_effective_context",
    CallForeignFunction => "proxy_call_foreign_function",
    Done => "proxy_done",
    DefineMetric => "proxy_define_metric",
    GetMetric => "proxy_get_metric",
    RecordMetric => "proxy_record_metric",
    IncrementMetric => "proxy_increment_metric",
}

impl fmt::Display for HostCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A host call that fails without doing anything, see [`Host::inject`](crate::Host::inject).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub(crate) call: HostCall,
    pub(crate) status: Status,
    pub(crate) from: u64,
    pub(crate) until: u64,
}

impl Fault {
    /// Makes the `nth` call (the first is 1, counted from the injection) answer `status`.
    pub fn nth(call: HostCall, nth: u64, status: Status) -> Self {
        Self { call, status, from: nth, until: nth }
    }

    /// Makes every call answer `status`, as a proxy does that restricts the capability.
    pub fn always(call: HostCall, status: Status) -> Self {
        Self { call, status, from: 1, until: u64::MAX }
    }
}

/// Counts the calls and decides which fail.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    counts: Vec<u64>,
    armed: Vec<(Fault, u64)>,
}

impl Gate {
    /// Counts one call; a status where it is to fail.
    pub(crate) fn enter(&mut self, call: HostCall) -> Option<Status> {
        if self.counts.is_empty() {
            self.counts.resize(HostCall::ALL.len(), 0);
        }
        let count = self.counts.get_mut(call as usize)?;
        *count += 1;
        let count = *count;
        let hit = |(fault, base): &&(Fault, u64)| {
            fault.call == call && (fault.from..=fault.until).contains(&count.saturating_sub(*base))
        };
        self.armed.iter().find(hit).map(|(fault, _)| fault.status)
    }

    pub(crate) fn count(&self, call: HostCall) -> u64 {
        self.counts.get(call as usize).copied().unwrap_or(0)
    }

    pub(crate) fn arm(&mut self, fault: Fault) {
        self.armed.push((fault, self.count(fault.call)));
    }

    pub(crate) fn disarm(&mut self) {
        self.armed.clear();
    }
}
