//! How much of each feed is kept: up to which number its entries were forgotten, and when the oldest one that is left was made.

migration! {
    up: [
        "ALTER TABLE feed ADD COLUMN forgotten_seq bigint NOT NULL DEFAULT 0",
        "ALTER TABLE feed ADD COLUMN oldest_at bigint",
        "UPDATE feed SET oldest_at = COALESCE(
            (SELECT created_at FROM activity WHERE workspace_id = feed.owner_id AND seq = 1),
            (SELECT created_at FROM notification WHERE user_id = feed.owner_id AND seq = 1))",
        // There are far fewer feeds than entries, and this changes only when the oldest entry does.
        "CREATE INDEX feed_age ON feed (oldest_at) WHERE oldest_at IS NOT NULL",
    ],
    down: ["DROP INDEX feed_age", "ALTER TABLE feed DROP COLUMN oldest_at", "ALTER TABLE feed DROP COLUMN forgotten_seq"],
}
