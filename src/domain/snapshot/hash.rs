//! What nodes are addressed by.

use sha2::{Digest, Sha256};
use std::fmt;

/// The SHA-256 of a node's bytes: its address. It grants nothing, and it never leaves the server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeHash([u8; 32]);

impl NodeHash {
    /// The address that was kept as these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The address as bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The address of these bytes.
#[must_use]
pub fn hash_of(bytes: &[u8]) -> NodeHash {
    NodeHash(Sha256::digest(bytes).into())
}

impl fmt::Debug for NodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().take(6).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Display for NodeHash {
    /// The whole of it in hexadecimal digits, for whoever looks after the database.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A node that is not stored yet.
#[derive(Clone, PartialEq, Eq)]
pub struct NewNode {
    /// Its address.
    pub hash: NodeHash,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl NewNode {
    /// The node of these bytes.
    #[must_use]
    pub fn of(bytes: Vec<u8>) -> Self {
        Self { hash: hash_of(&bytes), bytes }
    }
}

impl fmt::Debug for NewNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} of {} bytes", self.hash, self.bytes.len())
    }
}
