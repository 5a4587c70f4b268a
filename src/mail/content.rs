//! The words of a mail: what the templates in `templates/mail` are given.
//!
//! What people wrote stands in the HTML escaped, and in the text in lines of its own, each of which shows that it is a quotation.

use crate::app::model::{DigestEntry, QueuedMail};
use crate::domain::mail::MailKind;
use crate::domain::notification::NotificationKind;
use askama::Template;
use secrecy::ExposeSecret;

/// Both forms of a mail.
#[derive(Debug)]
pub(super) struct Content {
    /// For those who read text.
    pub text: String,
    /// For those who read HTML.
    pub html: String,
}

/// What the templates say.
struct Words<'a> {
    message: String,
    remark: Vec<String>,
    entries: Vec<Entry>,
    action: &'static str,
    link: &'a str,
    code: &'a str,
    public_url: &'a str,
    unsubscribe: Option<&'a str>,
}

/// One thing that a digest tells.
struct Entry {
    message: String,
    remark: Vec<String>,
}

impl Entry {
    fn of(entry: &DigestEntry) -> Self {
        Self { message: in_one_line(&entry.message), remark: lines(entry.remark.as_deref()) }
    }
}

macro_rules! templates {
    ($($name:ident $path:literal)+) => {$(
        #[derive(Template)]
        #[template(path = $path)]
        struct $name<'a> {
            it: &'a Words<'a>,
        }
    )+};
}

templates! {
    NoticeText "mail/notice.txt"
    NoticeHtml "mail/notice.html"
    CodeText "mail/code.txt"
    CodeHtml "mail/code.html"
    DigestText "mail/digest.txt"
    DigestHtml "mail/digest.html"
}

/// The mail in words.
///
/// # Errors
/// It has lost the code that it is for.
pub(super) fn content(
    mail: &QueuedMail,
    public_url: &str,
    unsubscribe: Option<&str>,
) -> Result<Content, Box<dyn std::error::Error + Send + Sync>> {
    let mut it = Words {
        message: in_one_line(&mail.message),
        remark: lines(mail.remark.as_deref()),
        entries: mail.entries.iter().map(Entry::of).collect(),
        action: "Open Portico",
        link: public_url,
        code: "",
        public_url,
        unsubscribe,
    };
    let secret = mail.secret.as_ref().map(ExposeSecret::expose_secret);
    // A secret stands here and nowhere else: subjects are shown on locked screens and kept in logs.
    match (mail.kind, secret) {
        (MailKind::SignInCode, None) => return Err("a mail with a code has lost it".into()),
        (MailKind::SignInCode, Some(code)) => {
            it.code = code;
            return Ok(Content { text: CodeText { it: &it }.render()?, html: CodeHtml { it: &it }.render()? });
        }
        (MailKind::Digest, _) => return Ok(Content { text: DigestText { it: &it }.render()?, html: DigestHtml { it: &it }.render()? }),
        (MailKind::Notice(NotificationKind::InvitationReceived), Some(link)) => (it.action, it.link) = ("Open the invitation", link),
        (MailKind::Notice(_), _) => {}
    }
    Ok(Content { text: NoticeText { it: &it }.render()?, html: NoticeHtml { it: &it }.render()? })
}

/// The text without whatever ends a line: nobody begins a line of a mail, of a header or of a log who is not meant to.
#[must_use]
pub fn in_one_line(text: &str) -> String {
    text.chars().map(|character| if ends_line(character) { ' ' } else { character }).collect()
}

fn ends_line(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

fn lines(remark: Option<&str>) -> Vec<String> {
    remark.unwrap_or_default().lines().map(in_one_line).collect()
}
