//! What documents are made of: nodes by the hash of their bytes. Several documents, and their revisions, share them.

migration! {
    up: [
        r"CREATE TABLE node (
            hash {bytes} PRIMARY KEY NOT NULL,
            bytes {bytes} NOT NULL,
            -- When somebody last asked for it to be there: what is younger than a while is never collected.
            touched_at bigint NOT NULL
        )",
        // What a collection of garbage has found to be in use. Empty but while one runs.
        "CREATE TABLE node_mark (hash {bytes} PRIMARY KEY NOT NULL){by_key}",
    ],
    down: ["DROP TABLE node_mark", "DROP TABLE node"],
}
