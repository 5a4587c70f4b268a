//! A mail as it goes out: headers, text and HTML.

use super::content::{Content, content, in_one_line};
use crate::app::model::QueuedMail;
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use secrecy::ExposeSecret;
use std::time::{Duration, UNIX_EPOCH};

/// Who mails come from, and where the server is.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The sender.
    pub from: Mailbox,
    /// Where people reach the server.
    pub public_url: String,
}

/// The mail, with a `Message-ID` that is the same each time it is written.
///
/// # Errors
/// The address cannot stand in a mail, or the mail has lost the code that it is for.
pub fn write(mail: &QueuedMail, sender: &Sender) -> Result<Message, Box<dyn std::error::Error + Send + Sync>> {
    let unsubscribe = unsubscribe(mail, sender);
    let Content { text, html } = content(mail, &sender.public_url, unsubscribe.as_deref())?;
    let sent_at = UNIX_EPOCH + Duration::from_millis(mail.created_at.as_millis());
    let mut message = Message::builder()
        .message_id(Some(format!("<{}@{}>", mail.id, sender.from.email.domain())))
        .date(sent_at)
        .from(sender.from.clone())
        .to(Mailbox::new(None, mail.recipient.parse()?))
        .subject(in_one_line(&mail.message))
        .multipart(MultiPart::alternative_plain_html(text, html))?;
    // Nobody's automatic answer is wanted (RFC 3834).
    let mut headers = vec![("Auto-Submitted", "auto-generated".to_owned())];
    if let Some(link) = unsubscribe {
        // Both, so that programs switch it off by a POST of their own, without showing the page (RFC 8058).
        headers.push(("List-Unsubscribe", format!("<{link}>")));
        headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    for (name, value) in headers {
        // A link must not be folded or encoded: it is ASCII, as the configuration is checked to be and tokens are made to be.
        let value = HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value);
        message.headers_mut().insert_raw(value);
    }
    Ok(message)
}

/// The link that switches such mails off, where there is one.
fn unsubscribe(mail: &QueuedMail, sender: &Sender) -> Option<String> {
    let token = mail.secret.as_ref().filter(|_| mail.unsubscribe_hash.is_some() && mail.kind.is_optional())?;
    Some(format!("{}/unsubscribe/{}", sender.public_url.trim_end_matches('/'), token.expose_secret()))
}

#[cfg(test)]
mod tests;
