//! Nodes on their way from a document to the store: in memory while they are few, then in a file of their own.

use crate::domain::snapshot::{NewNode, NodeHash, hash_of};
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use tempfile::SpooledTempFile;

/// How many bytes stay in memory.
const IN_MEMORY: usize = 4 * 1024 * 1024;

/// Nodes that wait to be stored.
#[derive(Debug)]
pub struct Spool {
    file: BufWriter<SpooledTempFile>,
    nodes: u64,
}

/// The nodes of a spool, in the order in which they came.
#[derive(Debug)]
pub struct Nodes {
    file: BufReader<SpooledTempFile>,
    left: u64,
}

impl Default for Spool {
    fn default() -> Self {
        Self { file: BufWriter::new(SpooledTempFile::new(IN_MEMORY)), nodes: 0 }
    }
}

impl Spool {
    /// Adds a node. Answers its address.
    ///
    /// # Errors
    /// The disk is full, or breaks.
    pub fn push(&mut self, content: &[u8]) -> io::Result<NodeHash> {
        let length = u32::try_from(content.len()).map_err(io::Error::other)?;
        self.file.write_all(&length.to_le_bytes())?;
        self.file.write_all(content)?;
        self.nodes += 1;
        Ok(hash_of(content))
    }

    /// The nodes again.
    ///
    /// # Errors
    /// The disk is full, or breaks.
    pub fn read(self) -> io::Result<Nodes> {
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(Nodes { file: BufReader::new(file), left: self.nodes })
    }
}

impl Nodes {
    /// The next nodes, until they have so many bytes; nothing: those were all.
    ///
    /// # Errors
    /// The disk breaks.
    pub fn next(&mut self, most: usize) -> io::Result<Vec<NewNode>> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while bytes < most && self.left > 0 {
            let mut length = [0; 4];
            self.file.read_exact(&mut length)?;
            let mut content = vec![0; u32::from_le_bytes(length) as usize];
            self.file.read_exact(&mut content)?;
            bytes += content.len();
            self.left -= 1;
            batch.push(NewNode::of(content));
        }
        Ok(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_come_back_in_their_order_whether_in_memory_or_not() {
        let mut spool = Spool::default();
        let contents: Vec<Vec<u8>> = (0..600_u32).map(|number| number.to_le_bytes().repeat(4_096)).collect();
        for content in &contents {
            spool.push(content).expect("a disk");
        }
        assert!(contents.iter().map(Vec::len).sum::<usize>() > IN_MEMORY);
        let mut nodes = spool.read().expect("a disk");
        let mut back = Vec::new();
        loop {
            let batch = nodes.next(100_000).expect("a disk");
            if batch.is_empty() {
                break;
            }
            assert!(batch.len() <= 7);
            back.extend(batch);
        }
        assert!(back.iter().map(|node| &node.bytes).eq(contents.iter()));
    }
}
