//! Whose account a mail goes to, and the hash of what its link to switch such mails off holds.

migration! {
    up: ["ALTER TABLE mail ADD COLUMN user_id {uuid}", "ALTER TABLE mail ADD COLUMN unsubscribe_hash {bytes}"],
    down: ["ALTER TABLE mail DROP COLUMN unsubscribe_hash", "ALTER TABLE mail DROP COLUMN user_id"],
}
