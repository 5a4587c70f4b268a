//! The trash: deleted collections that can be brought back for a while.

migration! {
    up: [
        r#"CREATE TABLE trash_entry (
            id {uuid} PRIMARY KEY NOT NULL,
            team_id {uuid} NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            element_id {uuid} NOT NULL UNIQUE REFERENCES element (id) ON DELETE CASCADE,
            -- The workspace may be gone by now, so its name is kept too.
            workspace_id {uuid} NOT NULL,
            workspace_name text NOT NULL,
            deleted_by {uuid} NOT NULL REFERENCES "user" (id),
            -- The side on which they were, and that of who made the collection, if they could still open the workspace then: once the workspace is
            -- gone, the entry is theirs while they are on that side.
            deleted_side text NOT NULL,
            creator_side text,
            deleted_at bigint NOT NULL,
            expires_at bigint NOT NULL
        )"#,
        "CREATE INDEX trash_entry_workspace ON trash_entry (workspace_id, id)",
        "CREATE INDEX trash_entry_team ON trash_entry (team_id, id)",
        "CREATE INDEX trash_entry_due ON trash_entry (expires_at)",
    ],
    down: ["DROP TABLE trash_entry"],
}
