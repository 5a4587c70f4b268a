//! What an API definition is, beside its bytes: so that nobody has to read all of them to know.

migration! {
    up: [
        r"CREATE TABLE definition (
            hash {bytes} PRIMARY KEY NOT NULL REFERENCES node (hash) ON DELETE CASCADE,
            kind text NOT NULL,
            syntax text NOT NULL,
            version text NOT NULL
        ){by_key}",
    ],
    down: ["DROP TABLE definition"],
}
