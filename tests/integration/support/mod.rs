//! What the tests share: servers, people, clients.

pub mod actors;
pub mod app;
pub mod database;
pub mod dice;
pub mod mail;
pub mod matrix;
pub mod nats;
pub mod npm;
pub mod packages;
pub mod postgres;
pub mod process;
pub mod python;
pub mod smtp;
pub mod socket;

pub(crate) use app::on_both;
pub use app::{Answer, Kind, Person, TestApp};
