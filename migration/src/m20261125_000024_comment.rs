//! Comments in threads, on elements and on items of collections, and who watches what.

migration! {
    up: [
        r#"CREATE TABLE comment (
            id {uuid} PRIMARY KEY NOT NULL,
            team_id {uuid} NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            element_id {uuid} NOT NULL REFERENCES element (id) ON DELETE CASCADE,
            -- The comment that begins the thread: itself, for that one.
            thread_id {uuid} NOT NULL REFERENCES comment (id) ON DELETE CASCADE,
            item_id text,
            author_id {uuid} NOT NULL REFERENCES "user" (id),
            -- The organization of a partner who wrote it: in multi-partner mode, partners of another one do not read it.
            organization_id {uuid},
            body text NOT NULL,
            created_at bigint NOT NULL,
            edited_at bigint,
            -- Of the comment that begins a thread: it was deleted, and keeps its place for the replies. Its body is empty then.
            deleted_at bigint,
            -- Of the comment that begins a thread.
            resolved_at bigint,
            resolved_by {uuid} REFERENCES "user" (id)
        )"#,
        "CREATE INDEX comment_element ON comment (element_id, id)",
        "CREATE INDEX comment_thread ON comment (thread_id, id)",
        "CREATE INDEX comment_team ON comment (team_id)",
        r#"CREATE TABLE comment_mention (
            comment_id {uuid} NOT NULL REFERENCES comment (id) ON DELETE CASCADE,
            user_id {uuid} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            PRIMARY KEY (comment_id, user_id)
        ){by_key}"#,
        r#"CREATE TABLE watch (
            element_id {uuid} NOT NULL REFERENCES element (id) ON DELETE CASCADE,
            user_id {uuid} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            created_at bigint NOT NULL,
            PRIMARY KEY (element_id, user_id)
        ){by_key}"#,
        "CREATE INDEX watch_user ON watch (user_id, element_id)",
    ],
    down: ["DROP TABLE watch", "DROP TABLE comment_mention", "DROP TABLE comment"],
}
