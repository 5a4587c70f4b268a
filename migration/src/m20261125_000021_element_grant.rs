//! Roles on single elements, which add to what people may in the workspace.

migration! {
    up: [
        r#"CREATE TABLE element_grant (
            id {uuid} PRIMARY KEY NOT NULL,
            team_id {uuid} NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            element_id {uuid} NOT NULL REFERENCES element (id) ON DELETE CASCADE,
            user_id {uuid},
            group_id {uuid} REFERENCES "group" (id) ON DELETE CASCADE,
            side text NOT NULL,
            role text NOT NULL,
            granted_by {uuid} REFERENCES "user" (id),
            granted_at bigint NOT NULL,
            -- Whoever leaves the team leaves these roles, and whoever is given one at that moment is given none.
            FOREIGN KEY (team_id, user_id) REFERENCES team_member (team_id, user_id) ON DELETE CASCADE,
            CHECK ((user_id IS NULL) <> (group_id IS NULL)),
            UNIQUE (element_id, user_id),
            UNIQUE (element_id, group_id)
        )"#,
        "CREATE INDEX element_grant_user ON element_grant (user_id, element_id) WHERE user_id IS NOT NULL",
        "CREATE INDEX element_grant_group ON element_grant (group_id, element_id) WHERE group_id IS NOT NULL",
        "CREATE INDEX element_grant_team ON element_grant (team_id, user_id)",
    ],
    down: ["DROP TABLE element_grant"],
}
