//! The first outcome of a mutation under a client's key.

migration! {
    up: [
        r#"CREATE TABLE idempotency_key (
            user_id {uuid} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            mutation text NOT NULL,
            key text NOT NULL,
            input_digest {bytes} NOT NULL,
            outcome text,
            created_at bigint NOT NULL,
            PRIMARY KEY (user_id, mutation, key)
        ){by_key}"#,
        "CREATE INDEX idempotency_key_age ON idempotency_key (created_at)",
    ],
    down: ["DROP TABLE idempotency_key"],
}
