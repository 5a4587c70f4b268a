//! Forks: elements that were taken from others, and where they stand towards them.

migration! {
    up: [
        // `parent_id` is null once the parent is gone for good. `parent_version` and `parent_root` are what the parent was when the two last met; where it
        // has another root now, the fork is behind. `base_root` is what both had then: the next merge starts from it.
        r"CREATE TABLE fork (
            element_id {uuid} PRIMARY KEY NOT NULL REFERENCES element (id) ON DELETE CASCADE,
            parent_id {uuid} REFERENCES element (id) ON DELETE SET NULL,
            label text NOT NULL,
            parent_version integer NOT NULL,
            parent_root {bytes} NOT NULL,
            base_root {bytes} NOT NULL,
            created_at bigint NOT NULL,
            created_by {uuid} NOT NULL
        ){by_key}",
        // A change of the parent looks for those that it leaves behind.
        "CREATE INDEX fork_parent ON fork (parent_id, parent_root)",
        // A collection of garbage goes through what is needed in its order.
        "CREATE INDEX fork_base ON fork (base_root)",
    ],
    down: ["DROP TABLE fork"],
}
