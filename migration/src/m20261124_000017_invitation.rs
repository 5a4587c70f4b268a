//! Invitations to a workspace or to a team. Of the link's secret only the hash is kept.

migration! {
    up: [
        r#"CREATE TABLE invitation (
            id {uuid} PRIMARY KEY NOT NULL,
            team_id {uuid} NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            -- None: to the team itself. The workspace may be gone by now, so its name is kept too.
            workspace_id {uuid},
            workspace_name text,
            email text NOT NULL,
            email_key text NOT NULL,
            side text NOT NULL,
            role text NOT NULL,
            team_roles integer NOT NULL,
            partner_lead boolean NOT NULL,
            organization_id {uuid} REFERENCES organization (id),
            message text,
            status text NOT NULL,
            secret_hash {bytes} NOT NULL,
            invited_by {uuid} NOT NULL REFERENCES "user" (id),
            created_at bigint NOT NULL,
            expires_at bigint NOT NULL,
            access_expires_at bigint,
            decided_at bigint,
            CHECK ((side = 'PARTNER') = (organization_id IS NOT NULL))
        )"#,
        // Of two that invite the same address at once, one does it.
        "CREATE UNIQUE INDEX invitation_open ON invitation (workspace_id, email_key) WHERE status = 'PENDING' AND workspace_id IS NOT NULL",
        "CREATE UNIQUE INDEX invitation_open_to_team ON invitation (team_id, email_key) WHERE status = 'PENDING' AND workspace_id IS NULL",
        "CREATE INDEX invitation_workspace ON invitation (workspace_id, id)",
        "CREATE INDEX invitation_team ON invitation (team_id, id)",
        "CREATE INDEX invitation_email ON invitation (email_key, id)",
        "CREATE INDEX invitation_due ON invitation (expires_at) WHERE status = 'PENDING'",
        // Which entries a partner reads: not those of the team's own affairs, and in multi-partner mode not those of others.
        "ALTER TABLE activity ADD COLUMN organization_id {uuid}",
        "ALTER TABLE activity ADD COLUMN team_only boolean NOT NULL DEFAULT FALSE",
    ],
    down: ["ALTER TABLE activity DROP COLUMN team_only", "ALTER TABLE activity DROP COLUMN organization_id", "DROP TABLE invitation"],
}
