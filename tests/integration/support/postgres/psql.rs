//! A session with the server through one `psql` kept open, since starting one costs 50 ms.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// What psql prints when it is through with a statement, before its SQLSTATE.
const DONE: &str = "portico-done";

/// A session on the database `postgres`.
pub struct Psql {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Psql {
    /// Starts the session; a failure to connect shows in the first query.
    pub fn connect(program: &Path, port: u16, user: &str) -> Self {
        let mut command = Command::new(program);
        super::supervisor::forget_settings(&mut command);
        let mut process = command
            .args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--no-password"])
            .args(["--host=127.0.0.1", "--dbname=postgres"])
            .arg(format!("--port={port}"))
            .arg(format!("--username={user}"))
            .env("PGCLIENTENCODING", "UTF8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", program.display()));
        Self { input: process.stdin.take(), output: BufReader::new(process.stdout.take().expect("standard output is piped")), process }
    }

    /// Runs one statement, ended by a semicolon, and answers what the server answered.
    pub fn query(&mut self, statement: &str) -> Result<String, String> {
        let failed = |error| format!("psql is gone: {error}");
        let input = self.input.as_mut().expect("the session is open until it is dropped");
        writeln!(input, "{statement}\n\\echo {DONE} :SQLSTATE :LAST_ERROR_MESSAGE").map_err(failed)?;
        let mut answer = String::new();
        loop {
            let start = answer.len();
            if self.output.read_line(&mut answer).map_err(failed)? == 0 {
                return Err("psql is gone".to_owned());
            }
            if let Some(state) = answer[start..].strip_prefix(DONE) {
                let state = state.trim();
                if state.starts_with("00000") {
                    answer.truncate(start);
                    return Ok(answer);
                }
                return Err(state.to_owned());
            }
        }
    }

    /// Has `statement` run some time later, if it can.
    pub fn send(&mut self, statement: &str) {
        if let Some(input) = &mut self.input {
            drop(writeln!(input, "{statement}"));
        }
    }
}

impl Drop for Psql {
    fn drop(&mut self) {
        // psql ends once its input does.
        self.input = None;
        drop(self.process.wait());
    }
}
