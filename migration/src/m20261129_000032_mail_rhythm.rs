//! When the mails of a person go out: each at once, or one a day.

migration! {
    up: [r#"ALTER TABLE "user" ADD COLUMN mail_rhythm text NOT NULL DEFAULT 'AT_ONCE'"#],
    down: [r#"ALTER TABLE "user" DROP COLUMN mail_rhythm"#],
}
