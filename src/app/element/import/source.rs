//! Where a document comes from: memory, or a file that it was put into on its way in.

use crate::domain::document::Limits;
use crate::domain::document::detect::{DocumentKind, detect_kind};
use std::io::{self, Cursor, Read, Seek};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tempfile::SpooledTempFile;

/// A document that can be read from its beginning as often as it takes.
#[derive(Debug, Clone)]
pub enum Source {
    /// In memory.
    Memory(Arc<String>),
    /// In a file, whose length is known.
    File(Arc<Mutex<SpooledTempFile>>, u64),
}

/// A document that is being read.
#[derive(Debug)]
pub enum Reader<'a> {
    /// From memory.
    Memory(Cursor<&'a [u8]>),
    /// From a file.
    File(MutexGuard<'a, SpooledTempFile>),
}

impl Source {
    /// How many bytes it has.
    #[must_use]
    pub fn length(&self) -> u64 {
        match self {
            Self::Memory(text) => text.len() as u64,
            Self::File(_, length) => *length,
        }
    }

    /// Reads it from its beginning.
    ///
    /// # Errors
    /// The disk breaks.
    pub fn open(&self) -> io::Result<Reader<'_>> {
        match self {
            Self::Memory(text) => Ok(Reader::Memory(Cursor::new(text.as_bytes()))),
            Self::File(file, _) => {
                // Whoever panicked while reading has left nothing behind that the next one does not set right.
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.rewind()?;
                Ok(Reader::File(file))
            }
        }
    }

    /// Some of it, from this place on, as much as there is.
    ///
    /// # Errors
    /// The disk breaks.
    pub fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let mut reader = self.open()?;
        reader.seek(io::SeekFrom::Start(at))?;
        reader.read(buffer)
    }

    /// Whether it is an archive, which no text is.
    ///
    /// # Errors
    /// The disk breaks.
    pub(super) fn is_archive(&self) -> io::Result<bool> {
        let Self::File(..) = self else { return Ok(false) };
        let mut beginning = Vec::new();
        self.open()?.take(4).read_to_end(&mut beginning)?;
        Ok(detect_kind(&beginning, &Limits::default()) == Some(DocumentKind::Archive))
    }

    /// All of it.
    ///
    /// # Errors
    /// The disk breaks.
    pub fn bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.length()).unwrap_or(0));
        self.open()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Memory(memory) => memory.read(buffer),
            Self::File(file) => file.read(buffer),
        }
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        match self {
            Self::Memory(memory) => memory.seek(to),
            Self::File(file) => file.seek(to),
        }
    }
}
