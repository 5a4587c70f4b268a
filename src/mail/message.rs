//! What a mail says.

use crate::app::model::QueuedMail;
use crate::domain::mail::MailKind;
use crate::domain::notification::NotificationKind;
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
/// The address cannot stand in a mail, or the mail has lost the code that it is for.
pub fn write(mail: &QueuedMail, sender: &Sender) -> Result<Message, Box<dyn std::error::Error + Send + Sync>> {
    let sent_at = UNIX_EPOCH + Duration::from_millis(mail.created_at.as_millis());
    let remark = mail.remark.as_deref().map(quote).unwrap_or_default();
    let body = format!("{}\n{remark}\n{}\n", mail.message, way_on(mail, sender)?);
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

/// What the recipient can do next. A secret stands here and nowhere else: subjects are shown on locked screens and kept in logs.
fn way_on(mail: &QueuedMail, sender: &Sender) -> Result<String, &'static str> {
    let secret = mail.secret.as_ref().map(ExposeSecret::expose_secret);
    match (mail.kind, secret) {
        (MailKind::SignInCode, Some(code)) => Ok(format!(
            "{code}\n\nIt is good for ten minutes, and once. If you did not ask for it,\nignore this mail: nobody signs in as you without it.\n\nPortico: {}",
            sender.public_url
        )),
        (MailKind::SignInCode, None) => Err("a mail with a code has lost it"),
        (MailKind::Notice(NotificationKind::InvitationReceived), Some(link)) => Ok(format!("Open the invitation: {link}")),
        (MailKind::Notice(_), _) => Ok(format!("Open Portico: {}", sender.public_url)),
    }
}

fn quote(remark: &str) -> String {
    let lines: Vec<String> = remark.lines().map(|line| format!("> {line}")).collect();
    format!("\n{}\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{MailId, Timestamp};
    use uuid::Uuid;

    fn mail(kind: MailKind, message: &str, secret: Option<&str>) -> QueuedMail {
        QueuedMail {
            id: MailId::from_uuid(Uuid::nil()),
            recipient: "ada@example.com".to_owned(),
            kind,
            message: message.to_owned(),
            remark: Some("Hello\r\n\r\nBcc: all@example.com".to_owned()),
            subject: None,
            secret: secret.map(Into::into),
            created_at: Timestamp::from_micros(0),
            attempts: 1,
        }
    }

    /// The headers and the body.
    fn written(mail: &QueuedMail) -> Option<(String, String)> {
        let sender =
            Sender { from: "Portico <portico@example.com>".parse().expect("an address"), public_url: "http://localhost".to_owned() };
        let text = String::from_utf8(write(mail, &sender).ok()?.formatted()).expect("text");
        let (headers, body) = text.split_once("\r\n\r\n").expect("headers and a body");
        Some((headers.to_owned(), body.to_owned()))
    }

    #[test]
    fn what_people_wrote_cannot_become_a_header() {
        let message = "Eve invited you to X\r\nBcc: all@example.com";
        let link = "http://localhost/i\r\nBcc: all@example.com";
        for kind in [NotificationKind::MemberAdded, NotificationKind::InvitationReceived]
            .map(MailKind::Notice)
            .into_iter()
            .chain([MailKind::SignInCode])
        {
            let (headers, body) = written(&mail(kind, message, Some(link))).expect("a mail");
            assert!(!headers.lines().any(|line| line.starts_with("Bcc")), "{headers}");
            assert!(headers.contains("Message-ID: <mail_00000000000000000000000000@example.com>"), "{headers}");
            assert!(body.contains("> Bcc: all@example.com"), "{body}");
        }
        let two = QueuedMail {
            recipient: "ada@example.com\r\nBcc: all@example.com".to_owned(),
            ..mail(MailKind::SignInCode, "Hello", Some("1"))
        };
        assert!(written(&two).is_none(), "this is no address");
    }

    #[test]
    fn an_invitation_leads_to_its_link_and_every_other_notice_to_the_front_door() {
        let invitation = MailKind::Notice(NotificationKind::InvitationReceived);
        let (headers, body) = written(&mail(invitation, "Ada invited you.", Some("http://localhost/i#secret"))).expect("a mail");
        assert!(body.lines().any(|line| line == "Open the invitation: http://localhost/i#secret"), "{body}");
        assert!(!body.contains("Open Portico") && !headers.contains("secret"));
        let (_, body) = written(&mail(invitation, "Ada invited you.", None)).expect("a mail");
        assert!(body.lines().any(|line| line == "Open Portico: http://localhost"), "{body}");
        let (_, body) = written(&mail(MailKind::Notice(NotificationKind::MemberAdded), "You are in.", Some("secret"))).expect("a mail");
        assert!(body.contains("Open Portico: http://localhost") && !body.contains("secret"), "{body}");
    }

    #[test]
    fn a_code_stands_on_a_line_of_its_own_and_not_in_the_headers() {
        let (headers, body) = written(&mail(MailKind::SignInCode, "Your code for Portico", Some("012345"))).expect("a mail");
        assert!(body.lines().any(|line| line == "012345"), "{body}");
        assert!(body.contains("ten minutes, and once") && body.contains("ignore this mail"), "{body}");
        assert!(headers.contains("Subject: Your code for Portico") && !headers.contains("012345"), "{headers}");
        assert!(written(&mail(MailKind::SignInCode, "Your code for Portico", None)).is_none(), "a mail about nothing");
    }

    #[test]
    fn a_secret_is_not_printed() {
        assert!(!format!("{:?}", mail(MailKind::SignInCode, "Your code", Some("012345"))).contains("012345"));
    }
}
