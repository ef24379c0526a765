//! The Weir engine: everything that decides, and nothing that acts.
//!
//! Events flow in, effects flow out, both are plain data. There is no host call, clock, randomness, global, thread or
//! print in this crate; time and random bytes are inputs. The modules form a one-way flow, and each imports only
//! modules to its left (`tests/architecture.rs` holds this):
//!
//! ```text
//! foundations -> stream -> wire -> exchange -> detect -> policy -> enforce -> audit -> effect -> session
//! ```
//!
//! Start reading at [`session`]: [`Worker::step`] is the only way in.

pub mod audit;
pub mod detect;
pub mod effect;
pub mod enforce;
pub mod event;
pub mod exchange;
pub mod fault;
pub mod keyed;
pub mod limits;
pub mod policy;
pub mod sensitive;
pub mod session;
pub mod stream;
pub mod timestamp;
pub mod wire;

pub use effect::Effect;
pub use event::{Direction, Event, Flow};
pub use fault::Fault;
pub use policy::Policy;
pub use session::{Session, Worker};
pub use timestamp::Timestamp;
