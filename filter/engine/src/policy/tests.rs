//! What rules mean.
