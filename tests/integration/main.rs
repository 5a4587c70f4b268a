//! Everything, from outside: a real server on a free port, a fresh database for each test, on `SQLite` and on `PostgreSQL`.
#![expect(clippy::disallowed_methods, reason = "a test measures real time")]
#![expect(clippy::print_stdout, reason = "what a test measures is printed with it")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking, its helpers too")]

mod architecture;
mod audit;
mod backup;
mod check;
mod clients;
mod command_line;
mod comments;
mod crash;
mod documents;
mod element_grants;
mod ends;
mod feeds;
mod fleet;
mod forks;
mod groups;
mod invitations;
mod isolation;
mod live;
mod mail;
mod matrix;
mod model;
mod moves;
mod multi_partner;
mod partner_workspace;
mod pull_requests;
mod races;
mod refusals;
mod schema;
mod sign_in;
mod statements;
mod store;
mod support;
mod teams;
mod transfer;
mod transport;
mod trash;
mod vault;
mod wire_matrix;
mod workspaces;
