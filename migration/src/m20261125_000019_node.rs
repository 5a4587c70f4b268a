//! What documents are made of: nodes by the hash of their bytes. Several documents, and their revisions, share them.

migration! {
    up: [
        // `touched_at`: when somebody last asked for it to be there. What is younger than a while is never collected. It stands before the bytes,
        // which can be long, so that it is read without them.
        r"CREATE TABLE node (
            hash {bytes} PRIMARY KEY NOT NULL,
            touched_at bigint NOT NULL,
            bytes {bytes} NOT NULL
        )",
        // What a collection of garbage has found to be in use, and whether what it needs in turn is followed. Empty but while one runs.
        "CREATE TABLE node_mark (hash {bytes} PRIMARY KEY NOT NULL, followed boolean NOT NULL){by_key}",
        // What was let go of lately: the roots of revisions that are gone, and whether what those need in turn is followed. Without a root: nodes
        // that may never come to have a revision.
        "CREATE TABLE node_release (released_at bigint NOT NULL, root_hash {bytes}, followed boolean)",
        "CREATE INDEX node_release_root ON node_release (root_hash) WHERE root_hash IS NOT NULL",
        // The only row says who collects, until when nobody else does, and when the last collection began.
        "CREATE TABLE node_collection (id integer PRIMARY KEY NOT NULL, run {uuid}, began_at bigint, lease_until bigint)",
        "INSERT INTO node_collection (id) VALUES (1)",
    ],
    down: ["DROP TABLE node_collection", "DROP TABLE node_release", "DROP TABLE node_mark", "DROP TABLE node"],
}
