//! Codes to sign in with, one for each address, of which only the hash is kept; and when the last five were sent, newest first, since there is a limit.

migration! {
    up: [
        "CREATE TABLE sign_in_code (
            email_key text PRIMARY KEY NOT NULL,
            salt {bytes} NOT NULL,
            code_hash {bytes} NOT NULL,
            attempts integer NOT NULL,
            expires_at bigint NOT NULL,
            used_at bigint,
            sent_at_1 bigint NOT NULL,
            sent_at_2 bigint,
            sent_at_3 bigint,
            sent_at_4 bigint,
            sent_at_5 bigint
        ){by_key}",
        "CREATE INDEX sign_in_code_age ON sign_in_code (sent_at_1)",
    ],
    down: ["DROP TABLE sign_in_code"],
}
