//! Partner organizations, the mail domains that point to them, and which of them a partner belongs to.

migration! {
    up: [
        "CREATE TABLE organization (
            id {uuid} PRIMARY KEY NOT NULL,
            team_id {uuid} NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            name text NOT NULL,
            name_key text NOT NULL,
            created_at bigint NOT NULL,
            UNIQUE (team_id, name_key)
        )",
        "CREATE INDEX organization_list ON organization (team_id, id)",
        // In one team, a domain points to one organization.
        "CREATE TABLE organization_domain (
            team_id {uuid} NOT NULL,
            domain text NOT NULL,
            organization_id {uuid} NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
            PRIMARY KEY (team_id, domain)
        ){by_key}",
        "CREATE INDEX organization_domain_of ON organization_domain (organization_id)",
        "ALTER TABLE team_member ADD COLUMN organization_id {uuid} REFERENCES organization (id)",
        "CREATE INDEX team_member_organization ON team_member (organization_id, id)",
    ],
    down: [
        "DROP INDEX team_member_organization",
        "ALTER TABLE team_member DROP COLUMN organization_id",
        "DROP TABLE organization_domain",
        "DROP TABLE organization",
    ],
}
