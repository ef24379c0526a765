//! What a decision knows of an exchange besides its text.

use crate::event::Direction;
use crate::timestamp::Timestamp;
use crate::wire::Dialect;

/// The facts of one message that conditions speak of. `None` means that nobody could tell, which is not the same as
/// "no": it restricts and never permits.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Which half of the exchange.
    pub direction: Direction,
    /// The wire format; [`Dialect::Unknown`] when it could not be told.
    pub dialect: Dialect,
    /// The method of the request.
    pub method: &'a str,
    /// The authority of the request, with or without port.
    pub host: Option<&'a str>,
    /// The path of the request, without query.
    pub path: &'a str,
    /// The name of the route that the proxy chose.
    pub route: Option<&'a str>,
    /// The model that the request asks for.
    pub model: Option<&'a str>,
    /// The time of the decision.
    pub now: Timestamp,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Context({} of {})", self.direction.name(), self.dialect.name())
    }
}
