//! The queue of mails. A lease is a due time in the future, so that taken mails are not looked at again.

migration! {
    up: [
        "CREATE TABLE mail (
            id {uuid} PRIMARY KEY NOT NULL,
            recipient text NOT NULL,
            kind text NOT NULL,
            message text NOT NULL,
            remark text,
            subject_kind text,
            subject_id {uuid},
            state text NOT NULL,
            attempts integer NOT NULL,
            due_at bigint NOT NULL,
            leased_until bigint,
            last_error text,
            created_at bigint NOT NULL,
            sent_at bigint
        )",
        "CREATE INDEX mail_due ON mail (state, due_at)",
    ],
    down: ["DROP TABLE mail"],
}
