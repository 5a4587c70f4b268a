//! How often who may read a feed has changed, so that servers find out which did not hear of it.

migration! {
    up: ["ALTER TABLE feed ADD COLUMN access_changes bigint NOT NULL DEFAULT 0"],
    down: ["ALTER TABLE feed DROP COLUMN access_changes"],
}
