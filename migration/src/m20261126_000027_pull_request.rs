//! Pull requests: proposals to bring the changes of a fork into its parent, who reviews them, and what is said about them.

migration! {
    up: [
        // Whether one is approved is not kept: it follows from what its reviewers said of the fork as it is now.
        r#"CREATE TABLE pull_request (
            id {uuid} PRIMARY KEY NOT NULL,
            team_id {uuid} NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            parent_id {uuid} NOT NULL REFERENCES element (id) ON DELETE CASCADE,
            -- Null once the fork is gone for good.
            fork_id {uuid} REFERENCES element (id) ON DELETE SET NULL,
            fork_version integer NOT NULL,
            title text NOT NULL,
            description text NOT NULL,
            status text NOT NULL,
            author_id {uuid} NOT NULL REFERENCES "user" (id),
            -- The organization of a partner who opened it: in multi-partner mode, partners of another one do not find it.
            organization_id {uuid},
            created_at bigint NOT NULL,
            updated_at bigint NOT NULL,
            decided_at bigint,
            decided_by {uuid} REFERENCES "user" (id),
            -- The version of the parent that the merge left.
            merged_version integer,
            version integer NOT NULL
        )"#,
        "CREATE INDEX pull_request_parent ON pull_request (parent_id, id)",
        "CREATE INDEX pull_request_fork ON pull_request (fork_id)",
        "CREATE INDEX pull_request_team ON pull_request (team_id)",
        // At most one of a fork is open.
        "CREATE UNIQUE INDEX pull_request_open ON pull_request (fork_id) WHERE status = 'OPEN'",
        r#"CREATE TABLE pull_request_reviewer (
            pull_request_id {uuid} NOT NULL REFERENCES pull_request (id) ON DELETE CASCADE,
            user_id {uuid} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            state text NOT NULL,
            -- The version of the fork that it was said of.
            fork_version integer,
            -- Whether it was said by an Editor of the parent.
            counts boolean NOT NULL,
            reviewed_at bigint,
            PRIMARY KEY (pull_request_id, user_id)
        ){by_key}"#,
        r#"CREATE TABLE pull_request_comment (
            id {uuid} PRIMARY KEY NOT NULL,
            pull_request_id {uuid} NOT NULL REFERENCES pull_request (id) ON DELETE CASCADE,
            author_id {uuid} NOT NULL REFERENCES "user" (id),
            -- The organization of a partner who wrote it.
            organization_id {uuid},
            body text NOT NULL,
            created_at bigint NOT NULL,
            edited_at bigint
        )"#,
        "CREATE INDEX pull_request_comment_list ON pull_request_comment (pull_request_id, id)",
    ],
    down: ["DROP TABLE pull_request_comment", "DROP TABLE pull_request_reviewer", "DROP TABLE pull_request"],
}
