//! Portico: the open, self-hosted home for partner workspaces.
//!
//! The arrows between the modules go one way: [`domain`] <- [`app`] <- [`graphql`], [`jobs`]; [`store`], [`feed`] and [`mail`]
//! implement what `app` asks for, and so does [`keyring`]; [`server`] carries `graphql` to clients; [`instance`] puts one server together.

pub mod app;
pub mod config;
pub mod domain;
pub mod feed;
pub mod graphql;
pub mod instance;
pub mod jobs;
pub mod keyring;
pub mod mail;
pub mod server;
pub mod store;
