//! The audit logs of teams. An event outlives what it is about, so it refers to the team alone, and keeps its actor's name.

migration! {
    up: [
        r#"CREATE TABLE audit_event (
            team_id {uuid} NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            id {uuid} NOT NULL UNIQUE,
            kind text NOT NULL,
            actor_id {uuid} REFERENCES "user" (id),
            actor_name text,
            address text,
            user_agent text,
            workspace_id {uuid},
            target_id text,
            about_partners boolean NOT NULL,
            before_value text,
            after_value text,
            created_at bigint NOT NULL,
            PRIMARY KEY (team_id, id)
        ){by_key}"#,
        "CREATE INDEX audit_event_age ON audit_event (created_at)",
    ],
    down: ["DROP TABLE audit_event"],
}
