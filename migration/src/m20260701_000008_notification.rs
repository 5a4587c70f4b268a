//! What people are told, in the app.

migration! {
    up: [
        r#"CREATE TABLE notification (
            user_id {uuid} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            seq bigint NOT NULL,
            id {uuid} NOT NULL UNIQUE,
            kind text NOT NULL,
            message text NOT NULL,
            remark text,
            actor_id {uuid} REFERENCES "user" (id),
            subject_kind text,
            subject_id {uuid},
            created_at bigint NOT NULL,
            read_at bigint,
            PRIMARY KEY (user_id, seq)
        ){by_key}"#,
        "CREATE INDEX notification_unread ON notification (user_id, seq) WHERE read_at IS NULL",
    ],
    down: ["DROP TABLE notification"],
}
