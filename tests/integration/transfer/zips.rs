//! Zips as nobody well-meaning writes them.

use flate2::write::DeflateEncoder;
use flate2::{Compress, Compression, FlushCompress};
use std::io::Write;

/// An entry, and what its headers say of it, whether that is true or not.
#[derive(Debug, Clone)]
pub struct Entry {
    pub name: Vec<u8>,
    /// As it lies in the zip.
    pub packed: Vec<u8>,
    pub method: u16,
    pub flags: u16,
    pub crc: u32,
    pub size: u32,
    /// Mode of Unix.
    pub mode: u32,
    /// Lies where this entry does, instead of having a place of its own.
    pub upon: Option<usize>,
}

/// A deflated file.
pub fn file(name: &str, content: &[u8]) -> Entry {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(content).unwrap();
    Entry {
        name: name.as_bytes().to_vec(),
        packed: packed.finish().unwrap(),
        method: 8,
        flags: 0,
        crc: rawzip::crc32(content),
        size: u32::try_from(content.len()).unwrap(),
        mode: 0o100_644,
        upon: None,
    }
}

/// A file of so many MiB of spaces, that takes hardly any place.
pub fn bomb(name: &str, mebibytes: usize) -> Entry {
    let (mut compress, mut block) = (Compress::new(Compression::best(), false), Vec::with_capacity(100_000));
    compress.compress_vec(&vec![b' '; 1 << 20], &mut block, FlushCompress::Full).unwrap();
    let mut packed = block.repeat(mebibytes);
    packed.extend([3, 0]);
    Entry { packed, size: u32::try_from(mebibytes << 20).unwrap(), ..file(name, b"") }
}

/// The zip of these entries.
pub fn zip(entries: &[Entry]) -> Vec<u8> {
    let (mut zip, mut directory, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap();
        let name = u16::try_from(entry.name.len()).unwrap().to_le_bytes();
        let mut shared = Vec::new();
        shared.extend(20_u16.to_le_bytes());
        shared.extend((entry.flags | 0x800).to_le_bytes());
        shared.extend(entry.method.to_le_bytes());
        shared.extend([0; 4]);
        shared.extend(entry.crc.to_le_bytes());
        shared.extend(length(&entry.packed).to_le_bytes());
        shared.extend(entry.size.to_le_bytes());
        shared.extend(name);
        shared.extend([0; 2]);
        let place = entry.upon.map_or(length(&zip), |other| places[other]);
        places.push(place);
        if entry.upon.is_none() {
            zip.extend(b"PK\x03\x04");
            zip.extend(&shared);
            zip.extend(&entry.name);
            zip.extend(&entry.packed);
        }
        directory.extend(b"PK\x01\x02");
        // Made by Unix, so that the mode counts.
        directory.extend([20, 3]);
        directory.extend(&shared);
        directory.extend([0; 6]);
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(place.to_le_bytes());
        directory.extend(&entry.name);
    }
    let (begins, count) = (u32::try_from(zip.len()).unwrap(), u16::try_from(entries.len()).unwrap().to_le_bytes());
    let length = u32::try_from(directory.len()).unwrap();
    zip.extend(directory);
    zip.extend(b"PK\x05\x06\0\0\0\0");
    zip.extend(count);
    zip.extend(count);
    zip.extend(length.to_le_bytes());
    zip.extend(begins.to_le_bytes());
    zip.extend([0; 2]);
    zip
}

/// The entries of a zip that somebody well-meaning wrote: names and contents.
pub fn unzip(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let archive = rawzip::ZipArchive::from_slice(bytes).unwrap();
    let entries = archive.entries().map(|entry| {
        let entry = entry.unwrap();
        let name = String::from_utf8(entry.file_path().as_bytes().to_vec()).unwrap();
        let packed = archive.get_entry(entry.wayfinder()).unwrap();
        let mut content = Vec::new();
        std::io::copy(&mut packed.verifying_reader(flate2::read::DeflateDecoder::new(packed.data())), &mut content).unwrap();
        (name, content)
    });
    entries.collect()
}
