//! Evidence: what is counted, and what is written down.
//!
//! Flows in: verdicts. Flows out: a [`Record`] per decided exchange and [`Metric`]s. Promises: no text of an exchange is
//! in either, metric labels come from closed lists or from the policy, and a record is bounded.

mod metric;
mod record;

pub use metric::{Metric, Sample};
pub use record::{
    Judged, MAX_FINDINGS, Message, PolicyName, Record, RecordedDecision, RecordedFault, RecordedFinding, StreamRecord,
};
