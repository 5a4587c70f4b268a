//! Feeds (how far each has come), and the activity of workspaces.

migration! {
    up: [
        "CREATE TABLE feed (
            owner_id {uuid} PRIMARY KEY NOT NULL,
            last_seq bigint NOT NULL
        ){by_key}",
        r#"CREATE TABLE activity (
            workspace_id {uuid} NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
            seq bigint NOT NULL,
            id {uuid} NOT NULL UNIQUE,
            kind text NOT NULL,
            message text NOT NULL,
            actor_id {uuid} REFERENCES "user" (id),
            target_id text,
            data text NOT NULL,
            created_at bigint NOT NULL,
            PRIMARY KEY (workspace_id, seq)
        ){by_key}"#,
    ],
    down: ["DROP TABLE activity", "DROP TABLE feed"],
}
