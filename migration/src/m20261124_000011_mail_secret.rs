//! What only the recipient of a mail may read, a link or a code: kept until the mail is sent or given up, and no longer.

migration! {
    up: ["ALTER TABLE mail ADD COLUMN secret text"],
    down: ["ALTER TABLE mail DROP COLUMN secret"],
}
