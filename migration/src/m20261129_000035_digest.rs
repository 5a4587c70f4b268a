//! What waits to be told once a day, and what a digest tells.

migration! {
    up: [
        r#"CREATE TABLE digest_entry (
            user_id {uuid} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            id {uuid} NOT NULL,
            kind text NOT NULL,
            message text NOT NULL,
            remark text,
            team_id {uuid},
            about_partners boolean NOT NULL,
            due_at bigint NOT NULL,
            created_at bigint NOT NULL,
            PRIMARY KEY (user_id, id)
        ){by_key}"#,
        "CREATE INDEX digest_entry_due ON digest_entry (due_at)",
        "ALTER TABLE mail ADD COLUMN entries text",
    ],
    down: ["ALTER TABLE mail DROP COLUMN entries", "DROP TABLE digest_entry"],
}
