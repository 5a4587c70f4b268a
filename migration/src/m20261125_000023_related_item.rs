//! Monitors, mock servers and integrations: bound to a collection, living in a workspace of their own.

migration! {
    up: [
        r#"CREATE TABLE related_item (
            id {uuid} PRIMARY KEY NOT NULL,
            team_id {uuid} NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            workspace_id {uuid} NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
            element_id {uuid} NOT NULL REFERENCES element (id) ON DELETE CASCADE,
            kind text NOT NULL,
            name text NOT NULL,
            state text NOT NULL,
            created_by {uuid} NOT NULL REFERENCES "user" (id),
            created_at bigint NOT NULL,
            updated_at bigint NOT NULL
        )"#,
        "CREATE INDEX related_item_workspace ON related_item (workspace_id, id)",
        "CREATE INDEX related_item_element ON related_item (element_id, id)",
        "CREATE INDEX related_item_team ON related_item (team_id)",
    ],
    down: ["DROP TABLE related_item"],
}
