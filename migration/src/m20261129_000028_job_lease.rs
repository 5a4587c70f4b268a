//! Which server does the jobs that one does at a time.

migration! {
    up: [
        "CREATE TABLE job_lease (
            name text PRIMARY KEY NOT NULL,
            holder {uuid} NOT NULL,
            lease_until bigint NOT NULL
        ){by_key}",
    ],
    down: ["DROP TABLE job_lease"],
}
