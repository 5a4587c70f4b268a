//! What people have switched off: by kind, in the app or by mail. Who has said nothing has no row.

migration! {
    up: [
        r#"CREATE TABLE notification_preference (
            user_id {uuid} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            kind text NOT NULL,
            in_app boolean NOT NULL,
            email boolean NOT NULL,
            PRIMARY KEY (user_id, kind)
        ){by_key}"#,
    ],
    down: ["DROP TABLE notification_preference"],
}
