//! UTF-8 of what real files hold: plain, with a byte-order mark, or UTF-16 with one.
//!
//! Nothing is replaced silently: bytes that are no text are refused with their place, and so is NUL, which no text file holds.

use super::{DocumentError, ErrorKind, Limits, Place, ReadError};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};
use std::io::{self, Read};

const BUFFER: usize = 16 * 1024;

/// A reader that gives the text of another one as UTF-8, without a byte-order mark.
///
/// What is wrong with the text is an [`io::Error`] with a [`DocumentError`] inside.
pub struct Decoded<R> {
    reader: R,
    decoder: Option<Decoder>,
    input: Box<[u8]>,
    input_at: usize,
    input_end: usize,
    ended: bool,
    output: Box<[u8]>,
    output_at: usize,
    output_end: usize,
    finished: bool,
    failure: Option<DocumentError>,
    bytes: u64,
    limit: u64,
    place: Place,
}

impl<R: Read> Decoded<R> {
    /// The text of `reader`, of up to so many bytes.
    pub fn new(reader: R, limits: &Limits) -> Self {
        Self {
            reader,
            decoder: None,
            input: vec![0; BUFFER].into_boxed_slice(),
            input_at: 0,
            input_end: 0,
            ended: false,
            output: vec![0; 2 * BUFFER].into_boxed_slice(),
            output_at: 0,
            output_end: 0,
            finished: false,
            failure: None,
            bytes: 0,
            limit: limits.bytes,
            place: Place { line: 1, column: 1 },
        }
    }

    /// Reads on until there is something to decode.
    fn fill_input(&mut self, at_least: usize) -> io::Result<()> {
        self.input.copy_within(self.input_at..self.input_end, 0);
        self.input_end -= self.input_at;
        self.input_at = 0;
        while self.input_end < at_least && !self.ended {
            let read = match self.reader.read(&mut self.input[self.input_end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            self.ended = read == 0;
            self.input_end += read;
            self.bytes += u64::try_from(read).unwrap_or(u64::MAX);
            if self.bytes > self.limit {
                return Err(refusal(too_large(self.limit)));
            }
        }
        Ok(())
    }

    fn fill_output(&mut self) -> io::Result<()> {
        self.output_at = 0;
        self.output_end = 0;
        while self.output_end == 0 && !self.finished {
            if self.decoder.is_none() {
                self.fill_input(3)?;
                let (encoding, mark) = encoding_of(&self.input[..self.input_end]);
                self.input_at = mark;
                self.decoder = Some(encoding.new_decoder_without_bom_handling());
            } else if self.input_at == self.input_end {
                self.fill_input(1)?;
            }
            let Some(decoder) = &mut self.decoder else { break };
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(&self.input[self.input_at..self.input_end], &mut self.output, self.ended);
            self.input_at += read;
            let nul = memchr::memchr(0, &self.output[..written]);
            self.output_end = nul.unwrap_or(written);
            self.advance();
            match result {
                _ if nul.is_some() => self.fail("a NUL character is no text"),
                DecoderResult::InputEmpty => self.finished = self.ended,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.fail("the bytes here are no text in the document's encoding"),
            }
        }
        // What comes before the mistake is given before it is told.
        let failure = self.failure.take_if(|_| self.output_end == 0);
        failure.map_or(Ok(()), |error| Err(refusal(error)))
    }

    fn fail(&mut self, message: &str) {
        self.failure = Some(DocumentError::new(ErrorKind::NotText, message).placed(Some(self.place)));
        self.finished = true;
    }

    /// Counts lines and characters of what was decoded.
    fn advance(&mut self) {
        let mut decoded = &self.output[..self.output_end];
        if let Some(newline) = memchr::memrchr(b'\n', decoded) {
            self.place.line += total(memchr::memchr_iter(b'\n', decoded).count());
            self.place.column = 1;
            decoded = &decoded[newline + 1..];
        }
        self.place.column += total(decoded.iter().filter(|byte| (**byte & 0xc0) != 0x80).count());
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.output_at == self.output_end {
            self.fill_output()?;
        }
        let ready = &self.output[self.output_at..self.output_end];
        let length = ready.len().min(buffer.len());
        buffer[..length].copy_from_slice(&ready[..length]);
        self.output_at += length;
        Ok(length)
    }
}

/// The whole text of bytes that are in memory.
///
/// # Errors
/// [`ErrorKind::TooLarge`] or [`ErrorKind::NotText`].
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<String, DocumentError> {
    let mut text = String::with_capacity(bytes.len());
    Decoded::new(bytes, limits).read_to_string(&mut text).map_err(|error| failure(error).in_memory())?;
    Ok(text)
}

/// What ended the reading of a [`Decoded`].
pub(super) fn failure(error: io::Error) -> ReadError {
    error.downcast::<DocumentError>().map_or_else(ReadError::Input, ReadError::Document)
}

pub(super) fn too_large(limit: u64) -> DocumentError {
    DocumentError::new(ErrorKind::TooLarge, format!("the document has more than {limit} bytes"))
}

fn refusal(error: DocumentError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

fn total(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The encoding, and the length of the mark that tells it.
fn encoding_of(start: &[u8]) -> (&'static Encoding, usize) {
    Encoding::for_bom(start).unwrap_or((UTF_8, 0))
}

/// As much of the bytes as is text.
pub(super) fn beginning(bytes: &[u8], limits: &Limits) -> String {
    let mut text = Vec::new();
    // What ends the text is for whoever reads it to complain about.
    let _ended = Decoded::new(bytes, limits).read_to_end(&mut text);
    String::from_utf8(text).unwrap_or_else(|error| {
        let end = error.utf8_error().valid_up_to();
        String::from_utf8_lossy(&error.as_bytes()[..end]).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
    }

    /// Gives one byte at a time, as a slow connection may.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.0.len().min(1).min(buffer.len());
            self.0.read(&mut buffer[..length])
        }
    }

    #[test]
    fn marks_are_understood_and_taken_off() {
        let text = "{\"é\": \"𝄞\"}\r\n";
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            utf16(text, u16::to_le_bytes),
            utf16(text, u16::to_be_bytes),
        ] {
            assert_eq!(decode(&bytes, &Limits::default()).as_deref(), Ok(text));
            let mut slowly = String::new();
            Decoded::new(Slow(&bytes), &Limits::default()).read_to_string(&mut slowly).unwrap();
            assert_eq!(slowly, text);
        }
        assert_eq!(decode(b"", &Limits::default()).as_deref(), Ok(""));
        assert_eq!(decode(b"\xef\xbb\xbf", &Limits::default()).as_deref(), Ok(""));
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        let cases: [(&[u8], Place); 6] = [
            (b"a\n\xc3\xa9\xff", Place { line: 2, column: 2 }),
            (b"a\n\nb\0c\n", Place { line: 3, column: 2 }),
            (b"cut off \xc3", Place { line: 1, column: 9 }),
            (b"\xff\xfea\0\n\0\x00\xd8a\0", Place { line: 2, column: 1 }),
            (b"\xff\xfea\0b", Place { line: 1, column: 2 }),
            (b"{\0\"\0", Place { line: 1, column: 2 }),
        ];
        for (bytes, place) in cases {
            let error = decode(bytes, &Limits::default()).unwrap_err();
            assert_eq!((error.kind, error.place), (ErrorKind::NotText, Some(place)), "{bytes:?}");
        }
    }

    #[test]
    fn a_large_text_comes_whole_and_only_within_its_limit() {
        let text = "é\n".repeat(50_000);
        assert_eq!(decode(&utf16(&text, u16::to_le_bytes), &Limits::default()).as_deref(), Ok(text.as_str()));
        let limits = Limits { bytes: 149_999, ..Limits::default() };
        assert_eq!(decode(text.as_bytes(), &limits).map_err(|error| error.kind), Err(ErrorKind::TooLarge));
    }
}
