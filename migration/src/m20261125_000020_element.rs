//! Elements and their revisions. An element without a workspace is in the trash.

migration! {
    up: [
        r#"CREATE TABLE element (
            id {uuid} PRIMARY KEY NOT NULL,
            team_id {uuid} NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            workspace_id {uuid} REFERENCES workspace (id) ON DELETE CASCADE,
            kind text NOT NULL,
            format text NOT NULL,
            name text NOT NULL,
            name_key text NOT NULL,
            description text NOT NULL,
            api_id {uuid} REFERENCES element (id) ON DELETE SET NULL,
            version integer NOT NULL,
            size_bytes bigint NOT NULL,
            root_hash {bytes} NOT NULL,
            created_at bigint NOT NULL,
            created_by {uuid} NOT NULL REFERENCES "user" (id),
            updated_at bigint NOT NULL,
            updated_by {uuid} NOT NULL REFERENCES "user" (id)
        )"#,
        "CREATE INDEX element_workspace ON element (workspace_id, id)",
        "CREATE INDEX element_workspace_kind ON element (workspace_id, kind, id)",
        "CREATE INDEX element_team ON element (team_id, id)",
        "CREATE INDEX element_api ON element (api_id) WHERE api_id IS NOT NULL",
        r#"CREATE TABLE revision (
            element_id {uuid} NOT NULL REFERENCES element (id) ON DELETE CASCADE,
            version integer NOT NULL,
            root_hash {bytes} NOT NULL,
            size_bytes bigint NOT NULL,
            author_id {uuid} NOT NULL REFERENCES "user" (id),
            message text,
            restored_version integer,
            -- What was done, as JSON: the ids of items and what became of them, not their contents.
            changes text NOT NULL,
            created_at bigint NOT NULL,
            PRIMARY KEY (element_id, version)
        ){by_key}"#,
        "CREATE INDEX revision_root ON revision (root_hash)",
    ],
    down: ["DROP TABLE revision", "DROP TABLE element"],
}
