//! Mails as those read them who get them.

use std::path::Path;

/// A mail that went out.
#[derive(Debug, Clone)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    /// The form in text, its lines ended by `\n`.
    pub text: String,
    /// The form in HTML.
    pub html: String,
    /// As it went over the wire.
    pub source: String,
}

impl Mail {
    /// A mail as it went over the wire, as a program that reads mails understands it.
    pub fn parse(source: &[u8]) -> Self {
        let mail = mail_parser::MessageParser::new().parse(source).unwrap();
        Self {
            to: mail.to().unwrap().first().unwrap().address().unwrap().to_owned(),
            subject: mail.subject().unwrap().to_owned(),
            text: mail.body_text(0).unwrap().replace("\r\n", "\n"),
            html: mail.body_html(0).unwrap().into_owned(),
            source: String::from_utf8(source.to_vec()).unwrap(),
        }
    }

    /// A header as it stands in the source, in one line.
    pub fn header(&self, name: &str) -> Option<String> {
        let (headers, _) = self.source.split_once("\r\n\r\n").unwrap();
        let unfolded = headers.replace("\r\n ", " ");
        unfolded.lines().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(": ")?.to_owned()))
    }

    /// A mail in a folder.
    pub fn read(path: &Path) -> Self {
        Self::parse(&std::fs::read(path).unwrap())
    }
}
