//! A zip that is written while somebody reads it.

use super::parts::{Outgoing, Outlet};
use super::unwritten;
use crate::app::element::blocking;
use crate::app::error::Result;
use crate::domain::Timestamp;
use flate2::{Compress, Compression, FlushCompress};
use rawzip::time::UtcDateTime;
use rawzip::{CompressionMethod, Crc32, DataDescriptorOutput, ZipArchiveWriter, ZipEntryWriter};
use std::io::{self, Write};

/// A part that becomes smaller than this part of itself is stored as it is: whoever unpacks an archive is wary of what grows more.
pub(in crate::app::element) const MOST_GROWTH: usize = 100;

/// What ends a deflated file: a last block with nothing in it.
const LAST_BLOCK: &[u8] = &[0x03, 0x00];

/// What a block of a deflated file has beside its bytes, at the most.
const BLOCK_HEAD: usize = 64;

/// A zip in the making.
pub(super) struct Zip {
    archive: ZipArchiveWriter<Outgoing>,
    outgoing: Outgoing,
    outlet: Outlet,
}

/// A file of it in the making. Its parts are compressed one by one, so that no more than one is in memory.
pub(super) struct File<'a> {
    entry: ZipEntryWriter<'a, Outgoing>,
    outgoing: &'a Outgoing,
    outlet: &'a Outlet,
    crc: Crc32,
    size: u64,
}

/// Nobody reads any more.
pub(super) struct Gone;

impl Zip {
    /// A zip that goes out there.
    pub fn new(outlet: Outlet) -> Self {
        let outgoing = Outgoing::default();
        Self { archive: ZipArchiveWriter::new(outgoing.clone()), outgoing, outlet }
    }

    /// Begins a file.
    pub fn file(&mut self, name: &str, changed_at: Timestamp) -> Result<File<'_>> {
        let time = UtcDateTime::from_unix(changed_at.as_micros().div_euclid(1_000_000));
        let file = self.archive.new_file(name).compression_method(CompressionMethod::DEFLATE).last_modified(time);
        let (entry, _) = file.start().map_err(|error| unwritten(io::Error::other(error)))?;
        Ok(File { entry, outgoing: &self.outgoing, outlet: &self.outlet, crc: Crc32::new(), size: 0 })
    }

    /// Ends the zip.
    pub async fn finish(self) -> Result<()> {
        self.archive.finish().map_err(|error| unwritten(io::Error::other(error)))?;
        if let Some(part) = self.outgoing.part(0) {
            self.outlet.put(part).await;
        }
        Ok(())
    }
}

impl File<'_> {
    /// Adds a part.
    pub async fn add(&mut self, part: Vec<u8>) -> Result<Result<(), Gone>> {
        self.crc.update(&part);
        self.size += part.len() as u64;
        let packed = blocking(move || deflated(&part)).await?.map_err(unwritten)?;
        self.entry.write_all(&packed).map_err(unwritten)?;
        let is_read = self.outlet.put(self.outgoing.part(0).unwrap_or_default()).await;
        Ok(if is_read { Ok(()) } else { Err(Gone) })
    }

    /// Ends the file.
    pub fn finish(mut self) -> Result<()> {
        self.entry.write_all(LAST_BLOCK).map_err(unwritten)?;
        let end = DataDescriptorOutput::new(self.crc.checksum(), self.size);
        self.entry.finish(end).map(drop).map_err(|error| unwritten(io::Error::other(error)))
    }
}

/// The part as whole blocks of a deflated file, which stand for themselves.
fn deflated(part: &[u8]) -> io::Result<Vec<u8>> {
    let packed = blocks(part, Compression::default())?;
    if part.len() > MOST_GROWTH * packed.len().max(BLOCK_HEAD) { blocks(part, Compression::none()) } else { Ok(packed) }
}

fn blocks(part: &[u8], level: Compression) -> io::Result<Vec<u8>> {
    let mut compress = Compress::new(level, false);
    let mut packed = Vec::with_capacity(part.len() / 4 + BLOCK_HEAD);
    loop {
        let read = usize::try_from(compress.total_in()).unwrap_or(usize::MAX);
        compress.compress_vec(&part[read.min(part.len())..], &mut packed, FlushCompress::Full)?;
        // What fills all the room may have more to say.
        if packed.len() < packed.capacity() && compress.total_in() >= part.len() as u64 {
            return Ok(packed);
        }
        packed.reserve(part.len() / 4 + BLOCK_HEAD);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::DeflateDecoder;
    use std::io::Read;

    #[test]
    fn parts_make_one_file_that_does_not_grow_too_much() {
        let noise: Vec<u8> = (0..300_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let parts = [b"[".to_vec(), vec![b' '; 500_000], noise, b"]".to_vec(), Vec::new(), b"{}".repeat(40)];
        let mut file = Vec::new();
        for part in &parts {
            file.extend(deflated(part).expect("memory"));
        }
        file.extend(LAST_BLOCK);
        let mut back = Vec::new();
        DeflateDecoder::new(&file[..]).read_to_end(&mut back).expect("a deflated file");
        assert!(back == parts.concat());
        let spaces = deflated(&parts[1]).expect("memory");
        assert!(spaces.len() >= parts[1].len(), "{}", spaces.len());
    }
}
