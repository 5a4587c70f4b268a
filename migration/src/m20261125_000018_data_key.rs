//! The keys that secret values are sealed with, each wrapped by a master key that stands in the configuration and never here.

migration! {
    up: [
        "CREATE TABLE data_key (
            id {uuid} PRIMARY KEY NOT NULL,
            master_key_id text NOT NULL,
            wrapped {bytes} NOT NULL,
            created_at bigint NOT NULL
        ){by_key}",
        "CREATE INDEX data_key_master ON data_key (master_key_id)",
    ],
    down: ["DROP TABLE data_key"],
}
