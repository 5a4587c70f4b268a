//! The transports over real sockets, in front of a small schema.

#![expect(clippy::unused_async, reason = "resolvers are asynchronous whether they wait or not")]

mod attacks;
mod errors;
mod http;
mod mutations;
mod sse;
mod support;
mod websocket;
mod websocket_limits;
mod websocket_support;
