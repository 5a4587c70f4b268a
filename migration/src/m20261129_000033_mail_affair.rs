//! Whose affair a mail is, so that those who administer the team see which ones were given up, and since when.

migration! {
    up: [
        "ALTER TABLE mail ADD COLUMN team_id {uuid}",
        "ALTER TABLE mail ADD COLUMN about_partners boolean NOT NULL DEFAULT FALSE",
        "ALTER TABLE mail ADD COLUMN dead_at bigint",
        "CREATE INDEX mail_dead ON mail (team_id, id) WHERE state = 'DEAD'",
    ],
    down: [
        "DROP INDEX mail_dead",
        "ALTER TABLE mail DROP COLUMN dead_at",
        "ALTER TABLE mail DROP COLUMN about_partners",
        "ALTER TABLE mail DROP COLUMN team_id",
    ],
}
