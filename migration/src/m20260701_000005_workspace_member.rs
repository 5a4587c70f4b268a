//! Grants in workspaces, to a person or a group.

migration! {
    up: [
        r#"CREATE TABLE workspace_member (
            id {uuid} PRIMARY KEY NOT NULL,
            team_id {uuid} NOT NULL REFERENCES team (id),
            workspace_id {uuid} NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
            user_id {uuid} REFERENCES "user" (id),
            group_id {uuid},
            side text NOT NULL,
            role text NOT NULL,
            partner_lead boolean NOT NULL,
            organization_id {uuid},
            granted_by {uuid} REFERENCES "user" (id),
            granted_at bigint NOT NULL,
            expires_at bigint,
            -- Whoever leaves the team takes every grant along, one that is being given at the same moment too.
            FOREIGN KEY (team_id, user_id) REFERENCES team_member (team_id, user_id) ON DELETE CASCADE,
            CHECK ((user_id IS NULL) <> (group_id IS NULL)),
            UNIQUE (workspace_id, user_id),
            UNIQUE (workspace_id, group_id)
        )"#,
        "CREATE INDEX workspace_member_user ON workspace_member (user_id, workspace_id)",
        "CREATE INDEX workspace_member_list ON workspace_member (workspace_id, id)",
        // Asked for with each look at a workspace, and few among many.
        "CREATE INDEX workspace_member_partner ON workspace_member (workspace_id) WHERE side = 'PARTNER'",
        "CREATE INDEX workspace_member_admin ON workspace_member (workspace_id) WHERE role = 'ADMIN'",
    ],
    down: ["DROP TABLE workspace_member"],
}
