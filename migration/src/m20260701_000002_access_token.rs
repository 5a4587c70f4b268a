//! Access tokens, of whose secret only the hash is kept.

migration! {
    up: [
        r#"CREATE TABLE access_token (
            id {uuid} PRIMARY KEY NOT NULL,
            user_id {uuid} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            name text NOT NULL,
            secret_hash {bytes} NOT NULL,
            created_at bigint NOT NULL,
            expires_at bigint,
            revoked_at bigint
        )"#,
        "CREATE INDEX access_token_user ON access_token (user_id, id)",
    ],
    down: ["DROP TABLE access_token"],
}
