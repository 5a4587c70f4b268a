//! Teams and who is in them. `team_member.roles` is a set of bits.

migration! {
    up: [
        "CREATE TABLE team (
            id {uuid} PRIMARY KEY NOT NULL,
            name text NOT NULL,
            slug text NOT NULL UNIQUE,
            plan text NOT NULL,
            policies text NOT NULL,
            created_at bigint NOT NULL
        )",
        r#"CREATE TABLE team_member (
            id {uuid} PRIMARY KEY NOT NULL,
            team_id {uuid} NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            user_id {uuid} NOT NULL REFERENCES "user" (id),
            roles integer NOT NULL,
            joined_at bigint NOT NULL,
            UNIQUE (team_id, user_id)
        )"#,
        "CREATE INDEX team_member_user ON team_member (user_id)",
        "CREATE INDEX team_member_list ON team_member (team_id, id)",
        // Super Admins (1) and Partner Managers (32): asked for with each look at the team, and few among many.
        "CREATE INDEX team_member_manager ON team_member (team_id, roles) WHERE (roles & 33) <> 0",
    ],
    down: ["DROP TABLE team_member", "DROP TABLE team"],
}
