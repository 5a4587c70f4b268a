//! Approval requests. They outlive their workspace, so they do not refer to it; at most one a workspace is pending.

migration! {
    up: [
        r#"CREATE TABLE approval_request (
            id {uuid} PRIMARY KEY NOT NULL,
            team_id {uuid} NOT NULL REFERENCES team (id),
            workspace_id {uuid} NOT NULL,
            workspace_name text NOT NULL,
            kind text NOT NULL,
            requester_id {uuid} NOT NULL REFERENCES "user" (id),
            note text,
            status text NOT NULL,
            reviewer_id {uuid} REFERENCES "user" (id),
            comment text,
            created_at bigint NOT NULL,
            decided_at bigint,
            expires_at bigint NOT NULL
        )"#,
        "CREATE UNIQUE INDEX approval_request_pending ON approval_request (workspace_id) WHERE status = 'PENDING'",
        "CREATE INDEX approval_request_queue ON approval_request (team_id, status, id)",
        "CREATE INDEX approval_request_requester ON approval_request (requester_id, id)",
        "CREATE INDEX approval_request_term ON approval_request (status, expires_at)",
    ],
    down: ["DROP TABLE approval_request"],
}
