//! Groups: named sets of people of one side.

migration! {
    up: [
        r#"CREATE TABLE "group" (
            id {uuid} PRIMARY KEY NOT NULL,
            team_id {uuid} NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            name text NOT NULL,
            name_key text NOT NULL,
            side text NOT NULL,
            organization_id {uuid} REFERENCES organization (id),
            -- Who made it, and manages it.
            created_by {uuid} NOT NULL REFERENCES "user" (id),
            created_at bigint NOT NULL,
            CHECK ((side = 'PARTNER') = (organization_id IS NOT NULL)),
            UNIQUE (team_id, name_key)
        )"#,
        r#"CREATE INDEX group_list ON "group" (team_id, id)"#,
        r#"CREATE TABLE group_member (
            group_id {uuid} NOT NULL REFERENCES "group" (id) ON DELETE CASCADE,
            user_id {uuid} NOT NULL,
            team_id {uuid} NOT NULL,
            added_at bigint NOT NULL,
            PRIMARY KEY (group_id, user_id),
            -- Whoever leaves the team leaves its groups.
            FOREIGN KEY (team_id, user_id) REFERENCES team_member (team_id, user_id) ON DELETE CASCADE
        ){by_key}"#,
        "CREATE INDEX group_member_user ON group_member (user_id, group_id)",
        "CREATE INDEX group_member_team ON group_member (team_id, user_id)",
    ],
    down: ["DROP TABLE group_member", r#"DROP TABLE "group""#],
}
