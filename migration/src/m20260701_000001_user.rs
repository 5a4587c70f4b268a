//! People's accounts, found by their address whatever its case.

migration! {
    up: [
        r#"CREATE TABLE "user" (
            id {uuid} PRIMARY KEY NOT NULL,
            email text NOT NULL,
            email_key text NOT NULL UNIQUE,
            name text NOT NULL,
            name_key text NOT NULL,
            created_at bigint NOT NULL
        )"#,
    ],
    down: [r#"DROP TABLE "user""#],
}
