use super::*;
use crate::app::model::DigestEntry;
use crate::domain::mail::MailKind;
use crate::domain::notification::NotificationKind;
use crate::domain::{MailId, Timestamp};
use mail_parser::MessageParser;
use proptest::prelude::*;
use uuid::Uuid;

fn mail(kind: MailKind, message: &str, secret: Option<&str>) -> QueuedMail {
    QueuedMail {
        id: MailId::from_uuid(Uuid::nil()),
        recipient: "ada@example.com".to_owned(),
        user_id: None,
        affair: None,
        kind,
        message: message.to_owned(),
        remark: Some("Hello\r\n\r\nBcc: all@example.com".to_owned()),
        subject: None,
        entries: Vec::new(),
        secret: secret.map(Into::into),
        unsubscribe_hash: None,
        created_at: Timestamp::from_micros(0),
        attempts: 1,
    }
}

/// A mail that can be switched off.
fn optional(message: &str) -> QueuedMail {
    QueuedMail { unsubscribe_hash: Some([0; 32]), ..mail(MailKind::Notice(NotificationKind::MemberAdded), message, Some("01jd_token")) }
}

/// What a program that reads mails finds.
struct Read {
    headers: Vec<String>,
    subject: String,
    text: String,
    html: String,
    raw_headers: String,
}

fn written(mail: &QueuedMail) -> Option<Read> {
    let sender = Sender { from: "Portico <portico@example.com>".parse().expect("an address"), public_url: "http://localhost".to_owned() };
    let bytes = write(mail, &sender).ok()?.formatted();
    let parsed = MessageParser::new().parse(&bytes).expect("a mail");
    assert_eq!(parsed.parts.len(), 3, "two forms of one mail");
    let raw = String::from_utf8(bytes.clone()).expect("text");
    Some(Read {
        headers: parsed.headers().iter().map(|header| header.name().to_owned()).collect(),
        subject: parsed.subject().unwrap_or_default().to_owned(),
        text: parsed.body_text(0).expect("a text").replace("\r\n", "\n"),
        html: parsed.body_html(0).expect("HTML").into_owned(),
        raw_headers: raw.split_once("\r\n\r\n").expect("headers and a body").0.to_owned(),
    })
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
        let read = written(&mail(kind, message, Some(link))).expect("a mail");
        assert!(!read.raw_headers.lines().any(|line| line.starts_with("Bcc")), "{}", read.raw_headers);
        assert!(read.raw_headers.contains("Message-ID: <mail_00000000000000000000000000@example.com>"), "{}", read.raw_headers);
        assert_eq!(read.subject, "Eve invited you to X  Bcc: all@example.com");
        assert!(kind == MailKind::SignInCode || read.text.contains("> Bcc: all@example.com"), "{}", read.text);
    }
    let two =
        QueuedMail { recipient: "ada@example.com\r\nBcc: all@example.com".to_owned(), ..mail(MailKind::SignInCode, "Hello", Some("1")) };
    assert!(written(&two).is_none(), "this is no address");
}

#[test]
fn an_invitation_leads_to_its_link_and_every_other_notice_to_the_front_door() {
    let invitation = MailKind::Notice(NotificationKind::InvitationReceived);
    let read = written(&mail(invitation, "Ada invited you.", Some("http://localhost/i#secret"))).expect("a mail");
    assert!(read.text.lines().any(|line| line == "Open the invitation: http://localhost/i#secret"), "{}", read.text);
    assert!(read.html.contains("href=\"http://localhost/i#secret\""), "{}", read.html);
    assert!(!read.text.contains("Open Portico") && !read.raw_headers.contains("secret"));
    let read = written(&mail(invitation, "Ada invited you.", None)).expect("a mail");
    assert!(read.text.lines().any(|line| line == "Open Portico: http://localhost"), "{}", read.text);
    let read = written(&mail(MailKind::Notice(NotificationKind::MemberAdded), "You are in.", Some("secret"))).expect("a mail");
    assert!(read.text.contains("Open Portico: http://localhost"), "{}", read.text);
    assert!(!read.text.contains("secret") && !read.html.contains("secret"), "{}", read.text);
}

#[test]
fn a_code_stands_on_a_line_of_its_own_and_not_in_the_headers() {
    let read = written(&mail(MailKind::SignInCode, "Your code for Portico", Some("012345"))).expect("a mail");
    assert!(read.text.lines().any(|line| line == "012345"), "{}", read.text);
    assert!(read.text.contains("ten minutes, and once") && read.text.contains("ignore this mail"), "{}", read.text);
    assert!(read.html.contains(">012345<"), "{}", read.html);
    assert_eq!(read.subject, "Your code for Portico");
    assert!(!read.raw_headers.contains("012345"), "{}", read.raw_headers);
    assert!(written(&mail(MailKind::SignInCode, "Your code for Portico", None)).is_none(), "a mail about nothing");
}

#[test]
fn what_can_be_switched_off_says_how_and_nothing_else_does() {
    let read = written(&optional("You are in.")).expect("a mail");
    let link = "http://localhost/unsubscribe/01jd_token";
    assert!(read.raw_headers.contains(&format!("List-Unsubscribe: <{link}>\r\n")), "{}", read.raw_headers);
    assert!(read.raw_headers.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{}", read.raw_headers);
    assert!(read.text.contains(&format!("No more mails like this: {link}")) && read.html.contains(&format!("href=\"{link}\"")));
    for kind in [NotificationKind::WorkspaceDeleted, NotificationKind::InvitationReceived]
        .map(MailKind::Notice)
        .into_iter()
        .chain([MailKind::SignInCode])
    {
        let read = written(&QueuedMail { kind, ..optional("It is so.") }).expect("a mail");
        assert!(!read.raw_headers.contains("Unsubscribe") && !read.text.contains("unsubscribe"), "{kind}");
    }
}

#[test]
fn a_digest_tells_everything_in_the_order_in_which_it_happened() {
    let entry = |message: &str, remark: Option<&str>| DigestEntry {
        kind: NotificationKind::MemberAdded,
        message: message.to_owned(),
        remark: remark.map(str::to_owned),
        created_at: Timestamp::from_micros(0),
    };
    let entries = vec![entry("First.", None), entry("Second.", Some("With <b>words</b>"))];
    let read = written(&QueuedMail { kind: MailKind::Digest, entries, remark: None, ..optional("Your day: 2 things") }).expect("a mail");
    let lines: Vec<&str> = read.text.lines().filter(|line| !line.is_empty()).take(5).collect();
    assert_eq!(lines, ["Your day: 2 things", "* First.", "* Second.", "  > With <b>words</b>", "Open Portico: http://localhost"]);
    assert!(read.html.contains("First.") && read.html.contains("With &#60;b&#62;words&#60;/b&#62;"), "{}", read.html);
}

#[test]
fn a_secret_is_not_printed() {
    assert!(!format!("{:?}", mail(MailKind::SignInCode, "Your code", Some("012345"))).contains("012345"));
}

/// The same without anything that could mean something in HTML, with as many lines.
fn harmless(text: &str) -> String {
    text.lines().map(|_| "x\n").collect()
}

fn marks(html: &str) -> [usize; 3] {
    ['<', '>', '"'].map(|mark| html.matches(mark).count())
}

fn wild() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[\r\n\t <>&\"':=-]{0,8}",
        Just("\r\nBcc: all@example.com\r\n\r\n".to_owned()),
        Just("</p><script>alert(1)</script>".to_owned()),
        Just("\u{2028}--\u{85}> ".to_owned()),
        Just("{{ it.code }}{% raw %}".to_owned()),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_that_people_write_becomes_a_header_a_line_or_a_tag(message in wild(), remark in wild(), entry in wild(), is_digest in any::<bool>()) {
        let kind = if is_digest { MailKind::Digest } else { MailKind::Notice(NotificationKind::MemberAdded) };
        let entries = |message: &str, remark: &str| vec![DigestEntry {
            kind: NotificationKind::MemberAdded,
            message: message.to_owned(),
            remark: Some(remark.to_owned()),
            created_at: Timestamp::from_micros(0),
        }];
        let of = |message: &str, remark: &str, entry: &str| {
            written(&QueuedMail { kind, remark: Some(remark.to_owned()), entries: entries(entry, remark), ..optional(message) }).expect("a mail")
        };
        let (wild, tame) = (of(&message, &remark, &entry), of("x", &harmless(&remark), "x"));
        prop_assert_eq!(&wild.headers, &tame.headers);
        prop_assert_eq!(wild.text.split('\n').count(), tame.text.split('\n').count(), "{}", wild.text);
        prop_assert_eq!(marks(&wild.html), marks(&tame.html), "{}", wild.html);
    }
}
