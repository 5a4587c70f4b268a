//! The rules of partner workspaces, as pure values and functions.
//!
//! Nothing here knows of a database, GraphQL, the clock or the network: what a rule needs is passed in,
//! and what it decides is returned. That makes every rule testable by calling it, and lets the server, the
//! jobs and the schema all ask the same one.
//!
//! * [`policy`] is the one authority for permission.
//! * [`request`], [`invitation`] and [`visibility`] hold the state machines of approval, invitation and workspace visibility.
//! * [`element`] names what people work on together, and says what becomes of it when it is deleted; [`trash`] whose it is then.
//! * [`document`] reads and writes collections, environments and API definitions as their authors wrote them.
//! * [`merge`] brings together two documents that began as one.
//! * [`snapshot`] keeps collections as nodes that are addressed by their content.
//! * [`fork`] says what becomes of a fork that is merged.
//! * [`text`] holds the values that people type, which are valid once they exist.
//! * [`notification`] and [`activity`] name what happened and say it in a sentence; [`audit`] keeps what changed. [`preference`] says who wants
//!   to be told how, and [`mail`] when a mail is sent, sent again and given up.

pub mod activity;
pub mod audit;
pub mod document;
pub mod element;
pub mod fork;
pub mod id;
pub mod invitation;
pub mod mail;
pub mod merge;
pub mod notification;
pub mod partnership;
pub mod policy;
pub mod preference;
pub mod pull_request;
pub mod reason;
pub mod request;
pub mod role;
pub mod snapshot;
pub mod team;
pub mod text;
pub mod time;
pub mod trash;
pub mod visibility;

pub use id::*;
pub use reason::{Code, Reason};
pub use role::{Side, TeamRole, TeamRoles, WorkspaceRole};
pub use time::{Timestamp, days};
pub use visibility::Visibility;
