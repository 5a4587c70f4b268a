//! A grant to a group ends with the group. `SQLite` adds no foreign key to a table that exists, so the table is made anew.

/// The table with what follows a column's name.
macro_rules! table {
    ($name:literal, $group:literal, $more:literal) => {
        concat!(
            "CREATE TABLE ",
            $name,
            r#" (
            id {uuid} PRIMARY KEY NOT NULL,
            team_id {uuid} NOT NULL REFERENCES team (id),
            workspace_id {uuid} NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
            user_id {uuid} REFERENCES "user" (id),
            group_id {uuid}"#,
            $group,
            r#",
            side text NOT NULL,
            role text NOT NULL,
            partner_lead boolean NOT NULL,
            organization_id {uuid},
            granted_by {uuid} REFERENCES "user" (id),
            granted_at bigint NOT NULL,
            expires_at bigint"#,
            $more,
            ",
            FOREIGN KEY (team_id, user_id) REFERENCES team_member (team_id, user_id) ON DELETE CASCADE,
            CHECK ((user_id IS NULL) <> (group_id IS NULL)),
            UNIQUE (workspace_id, user_id),
            UNIQUE (workspace_id, group_id)
        )"
        )
    };
}

const COPY: &str = "INSERT INTO workspace_member_new (id, team_id, workspace_id, user_id, group_id, side, role, partner_lead, organization_id, granted_by, granted_at, expires_at)
    SELECT id, team_id, workspace_id, user_id, group_id, side, role, partner_lead, organization_id, granted_by, granted_at, expires_at FROM workspace_member";
const DROP: &str = "DROP TABLE workspace_member";
const RENAME: &str = "ALTER TABLE workspace_member_new RENAME TO workspace_member";
const BY_USER: &str = "CREATE INDEX workspace_member_user ON workspace_member (user_id, workspace_id)";
const BY_WORKSPACE: &str = "CREATE INDEX workspace_member_list ON workspace_member (workspace_id, id)";
const PARTNERS: &str = "CREATE INDEX workspace_member_partner ON workspace_member (workspace_id) WHERE side = 'PARTNER'";
const ADMINS: &str = "CREATE INDEX workspace_member_admin ON workspace_member (workspace_id) WHERE role = 'ADMIN'";

migration! {
    up: [
        // `expiry_told_at`: when the person was told that the grant ends soon.
        table!("workspace_member_new", r#" REFERENCES "group" (id) ON DELETE CASCADE"#, ", expiry_told_at bigint"),
        COPY,
        DROP,
        RENAME,
        BY_USER,
        BY_WORKSPACE,
        PARTNERS,
        ADMINS,
        "CREATE INDEX workspace_member_group ON workspace_member (group_id, workspace_id)",
        "CREATE INDEX workspace_member_of_team ON workspace_member (team_id, user_id)",
        "CREATE INDEX workspace_member_expiry ON workspace_member (expires_at) WHERE expires_at IS NOT NULL",
    ],
    down: [table!("workspace_member_new", "", ""), COPY, DROP, RENAME, BY_USER, BY_WORKSPACE, PARTNERS, ADMINS],
}
