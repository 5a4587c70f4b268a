//! What a mail says.

use crate::app::model::QueuedMail;
use crate::domain::mail::MailKind;
use lettre::Message;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
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
/// The address cannot stand in a mail.
pub fn write(mail: &QueuedMail, sender: &Sender) -> Result<Message, Box<dyn std::error::Error + Send + Sync>> {
    let sent_at = UNIX_EPOCH + Duration::from_millis(mail.created_at.as_millis());
    let remark = mail.remark.as_deref().map(quote).unwrap_or_default();
    let body = format!("{}\n{remark}\n{}\n", mail.message, what_to_do(mail, sender));
    let message = Message::builder()
        .message_id(Some(format!("<{}@{}>", mail.id, sender.from.email.domain())))
        .date(sent_at)
        .from(sender.from.clone())
        .to(Mailbox::new(None, mail.recipient.parse()?))
        .subject(&mail.message)
        .header(ContentType::TEXT_PLAIN)
        .body(body)?;
    Ok(message)
}

/// The end of the text: where to go, or what to type.
fn what_to_do(mail: &QueuedMail, sender: &Sender) -> String {
    match (mail.kind, mail.secret.as_ref().map(ExposeSecret::expose_secret)) {
        (MailKind::SignInCode, Some(code)) => format!(
            "    {code}\n\nIt is good for ten minutes, and once. If you did not ask for it, somebody typed your address by mistake: \
             ignore this mail."
        ),
        (MailKind::Notice(_), Some(link)) => format!("Open the invitation: {link}"),
        (_, None) => format!("Open Portico: {}", sender.public_url),
    }
}

fn quote(remark: &str) -> String {
    let lines: Vec<String> = remark.lines().map(|line| format!("> {line}")).collect();
    format!("\n{}\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::notification::NotificationKind;
    use crate::domain::{MailId, Timestamp};
    use uuid::Uuid;

    #[test]
    fn what_people_wrote_cannot_become_a_header() {
        let mail = QueuedMail {
            id: MailId::from_uuid(Uuid::nil()),
            recipient: "ada@example.com".to_owned(),
            kind: MailKind::Notice(NotificationKind::MemberAdded),
            message: "Eve added you to X\r\nBcc: all@example.com".to_owned(),
            remark: Some("Hello\r\n\r\nBcc: all@example.com".to_owned()),
            subject: None,
            secret: None,
            created_at: Timestamp::from_micros(0),
            attempts: 1,
        };
        let sender =
            Sender { from: "Portico <portico@example.com>".parse().expect("an address"), public_url: "http://localhost".to_owned() };
        let text = String::from_utf8(write(&mail, &sender).expect("a mail").formatted()).expect("text");
        let (headers, body) = text.split_once("\r\n\r\n").expect("headers and a body");
        assert!(!headers.lines().any(|line| line.starts_with("Bcc")), "{headers}");
        assert!(headers.contains("Message-ID: <mail_00000000000000000000000000@example.com>"), "{headers}");
        assert!(body.contains("> Bcc: all@example.com"), "{body}");
    }
}
