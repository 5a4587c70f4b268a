//! GraphQL over HTTP, WebSocket and server-sent events; and beside it what is better streamed: documents, archives, the audit log; and the links of mails.
//!
//! Our own thin transports over async-graphql's types, since the stock ones run mutations on GET,
//! ignore `Accept` and bound nothing. A document passes the [`gate`] before anything else reads
//! it, each operation authenticates anew, and a mutation that has begun runs to its end whatever
//! the client does.

mod answer;
mod api;
pub mod audit_log;
mod credentials;
pub mod documents;
mod endpoint;
mod execution;
pub mod gate;
pub mod health;
mod http;
mod in_flight;
mod listener;
mod negotiation;
mod parameters;
mod routes;
mod service;
mod settings;
mod slots;
mod sse;
pub mod unsubscribe;
mod upload;
mod websocket;

pub use self::{
    in_flight::InFlight,
    listener::giving_up_after,
    routes::router,
    service::{AuthenticationError, GraphqlService, RequestInfo},
    settings::{TransportSettings, WebSocketSettings},
};
