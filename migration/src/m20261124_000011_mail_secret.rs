//! The link or code that a mail carries, until it is sent.

migration! {
    up: ["ALTER TABLE mail ADD COLUMN secret text"],
    down: ["ALTER TABLE mail DROP COLUMN secret"],
}
