//! A zip that somebody sent: read with care, since whoever made it may have meant harm.
//!
//! Nothing of what it says of itself is believed, and nothing is unpacked under the name that it has there. Sizes are counted while
//! unpacking.

use super::super::Source;
use crate::app::element::export::MOST_GROWTH;
use crate::domain::document::archive::checked_path;
use flate2::read::DeflateDecoder;
use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder, ZipLocator};
use std::collections::{HashMap, HashSet};
use std::io::{self, Read, Write};

/// The most files and folders of an archive: its elements, the manifest, and folders around them.
const MAX_ENTRIES: usize = 10_100;

/// A file may always grow to so many bytes, and to more only in proportion to what it was.
const HARMLESS: u64 = 4 * 1024 * 1024;

/// How much a file may grow, beyond what one that was made here does.
const WORST_GROWTH: u64 = 2 * MOST_GROWTH as u64;

/// Why an archive is not read.
#[derive(Debug)]
pub enum Wrong {
    /// This entry of it is wrong, or all of it.
    Malformed(Option<String>, String),
    /// This entry has more bytes than allowed, or all of it has.
    TooLarge(Option<String>, String),
    /// It has more entries than allowed.
    TooMany(String),
    /// The disk broke.
    Disk(io::Error),
}

impl From<io::Error> for Wrong {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

/// The bytes of the archive.
#[derive(Debug)]
struct Bytes(Source);

impl ReaderAt for Bytes {
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        self.0.read_at(buffer, at)
    }
}

/// An archive whose table of contents was read.
#[derive(Debug)]
pub struct Zip {
    archive: ZipArchive<Bytes>,
    files: HashMap<String, File>,
}

/// A file in it.
#[derive(Debug, Clone, Copy)]
struct File {
    place: ZipArchiveEntryWayfinder,
    begins: u64,
    method: CompressionMethod,
}

impl Zip {
    /// Reads the table of contents.
    pub fn open(source: Source) -> Result<Self, Wrong> {
        let (length, mut buffer) = (source.length(), vec![0; RECOMMENDED_BUFFER_SIZE]);
        let archive = ZipLocator::new().locate_in_reader(Bytes(source), &mut buffer, length).map_err(|(_, error)| damaged(None, &error))?;
        let (mut files, mut names, mut count) = (HashMap::new(), HashSet::new(), 0_u64);
        let mut entries = archive.entries(&mut buffer);
        while let Some(entry) = entries.next_entry().map_err(|error| damaged(None, &error))? {
            count += 1;
            if count > MAX_ENTRIES as u64 {
                return Err(Wrong::TooMany(format!("the archive has more than {MAX_ENTRIES} entries")));
            }
            let path = entry.file_path();
            let shown = String::from_utf8_lossy(path.as_bytes()).chars().take(200).collect::<String>();
            let name = checked_path(path.as_bytes()).map_err(|problem| malformed(&shown, problem))?;
            if entry.mode().is_symlink() {
                return Err(malformed(name, "it is a link"));
            }
            if entry.flags().is_encrypted() || entry.flags().has_strong_encryption() || entry.flags().is_masked() {
                return Err(malformed(name, "it is encrypted"));
            }
            if !names.insert(name.trim_end_matches('/').to_lowercase()) {
                return Err(malformed(name, "another entry has the same name"));
            }
            let method = entry.compression_method();
            if ![CompressionMethod::STORE, CompressionMethod::DEFLATE].contains(&method) {
                return Err(malformed(name, "it is compressed by a method other than deflate"));
            }
            if !name.ends_with('/') {
                files.insert(name.to_owned(), File { place: entry.wayfinder(), begins: entry.local_header_offset(), method });
            }
        }
        if count != archive.entries_hint() {
            return Err(Wrong::Malformed(None, "its table of contents is cut off".to_owned()));
        }
        let zip = Self { archive, files };
        zip.check_places()?;
        Ok(zip)
    }

    /// Refuses files that lie upon one another: with them, a small archive would be unpacked to a large one.
    fn check_places(&self) -> Result<(), Wrong> {
        let mut places = Vec::with_capacity(self.files.len());
        for (name, file) in &self.files {
            let entry = self.archive.get_entry(file.place).map_err(|error| damaged(Some(name), &error))?;
            let (_, end) = entry.compressed_data_range();
            places.push((file.begins, end, name));
        }
        places.sort_unstable();
        let ends_before = |end: u64, start: u64, name: &str| {
            if end > start { Err(malformed(name, "it lies where something else does")) } else { Ok(()) }
        };
        for pair in places.windows(2) {
            if let [(_, end, _), (start, _, name)] = pair {
                ends_before(*end, *start, name)?;
            }
        }
        places.last().map_or(Ok(()), |(_, end, name)| ends_before(*end, self.archive.directory_offset(), name))
    }

    /// The names of its files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Unpacks a file of up to so many bytes. Answers how many it has.
    pub fn unpack(&self, name: &str, most: u64, into: &mut impl Write) -> Result<u64, Wrong> {
        let missing = || malformed(name, "it is named by the manifest and is not there");
        let file = self.files.get(name).ok_or_else(missing)?;
        let entry = self.archive.get_entry(file.place).map_err(|error| damaged(Some(name), &error))?;
        let (start, end) = entry.compressed_data_range();
        let reader: Box<dyn Read> =
            if file.method == CompressionMethod::STORE { Box::new(entry.reader()) } else { Box::new(DeflateDecoder::new(entry.reader())) };
        let mut reader = entry.verifying_reader(reader);
        let (mut buffer, mut size) = (vec![0; 64 * 1024], 0_u64);
        loop {
            let read = match reader.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if error.raw_os_error().is_some() => return Err(error.into()),
                Err(error) => return Err(malformed(name, &format!("it is damaged ({error})"))),
                Ok(0) => return Ok(size),
                Ok(read) => read,
            };
            size += read as u64;
            if size > most {
                return Err(Wrong::TooLarge(Some(name.to_owned()), format!("it has more than {most} bytes")));
            }
            if size > HARMLESS && size > WORST_GROWTH * (end - start) {
                return Err(malformed(name, &format!("it grows to more than {WORST_GROWTH} times its size")));
            }
            into.write_all(&buffer[..read])?;
        }
    }
}

fn malformed(name: &str, problem: &str) -> Wrong {
    Wrong::Malformed(Some(name.to_owned()), problem.to_owned())
}

fn damaged(name: Option<&str>, error: &rawzip::Error) -> Wrong {
    Wrong::Malformed(name.map(str::to_owned), format!("it is damaged ({error})"))
}
