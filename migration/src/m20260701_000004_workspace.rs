//! Workspaces.

migration! {
    up: [
        r#"CREATE TABLE workspace (
            id {uuid} PRIMARY KEY NOT NULL,
            team_id {uuid} NOT NULL REFERENCES team (id),
            name text NOT NULL,
            name_key text NOT NULL,
            summary text NOT NULL,
            description text NOT NULL,
            visibility text NOT NULL,
            multi_partner boolean NOT NULL,
            version integer NOT NULL,
            created_at bigint NOT NULL,
            created_by {uuid} NOT NULL REFERENCES "user" (id),
            updated_at bigint NOT NULL,
            updated_by {uuid} NOT NULL REFERENCES "user" (id),
            left_partner_at bigint
        )"#,
        "CREATE INDEX workspace_visibility ON workspace (team_id, visibility, id)",
        "CREATE INDEX workspace_list ON workspace (team_id, id)",
        "CREATE INDEX workspace_former_partner ON workspace (team_id, id) WHERE left_partner_at IS NOT NULL",
    ],
    down: ["DROP TABLE workspace"],
}
