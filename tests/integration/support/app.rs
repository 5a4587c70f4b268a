//! A server of its own for each test, and people who talk to it.

use super::database::FreshDatabase;
pub use super::mail::Mail;
use portico::app::clock::{Clock, SystemEntropy};
use portico::app::token::{self, CreateToken};
use portico::app::user::EnsureUser;
use portico::app::{DocumentLimits, Settings};
use portico::config::Config;
use portico::domain::Timestamp;
use portico::domain::text::{Email, Name};
use portico::instance::{Instance, Parts};
use portico::server::TransportSettings;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A clock that stands still until it is moved.
#[derive(Debug, Default)]
pub struct FakeClock(AtomicI64);

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

impl FakeClock {
    /// Moves it a little, so that what is made now sorts after what was made before.
    pub fn tick(&self) {
        self.0.fetch_add(1_000, Ordering::SeqCst);
    }
}

/// A running server, and what it stands on.
pub struct TestApp {
    pub parts: Parts,
    pub config: Config,
    pub clock: Arc<FakeClock>,
    instance: Option<Instance>,
    folder: tempfile::TempDir,
    pub client: reqwest::Client,
    pub database: FreshDatabase,
}

/// Another server that shares the database.
pub struct Another {
    pub parts: Parts,
    pub instance: Instance,
}

impl Another {
    pub fn http(&self, path: &str) -> String {
        format!("http://{}{path}", self.instance.address)
    }

    pub fn websocket(&self) -> String {
        format!("ws://{}/graphql", self.instance.address)
    }

    pub async fn stop(self) {
        self.instance.stop(std::future::ready(())).await;
    }
}

async fn listen(parts: &Parts) -> Instance {
    Instance::start("127.0.0.1:0".parse().unwrap(), parts, TransportSettings::default()).await.unwrap()
}

impl TestApp {
    async fn start(database: FreshDatabase) -> Self {
        Self::start_with(database, |_| {}).await
    }

    /// A server that is set up in some other way.
    pub async fn start_with(database: FreshDatabase, set_up: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::defaults().unwrap();
        set_up(&mut config);
        config.database.url = database.url.clone().into();
        config.mail.url = format!("file://{}/mail", folder.path().display()).into();
        config.secrets.key_file = folder.path().join("portico.keys");
        let clock = Arc::new(FakeClock(AtomicI64::new(1_800_000_000_000_000)));
        let parts = Parts::assemble(&config, clock.clone(), Arc::new(SystemEntropy)).await.unwrap();
        parts.database.migrate().await.unwrap();
        let instance = listen(&parts).await;
        Self { parts, config, clock, instance: Some(instance), folder, client: reqwest::Client::new(), database }
    }

    /// Another server over the same database, bus, keys and clock.
    pub async fn another(&self) -> Another {
        self.another_with(&self.config).await
    }

    /// The same, set up in some other way.
    pub async fn another_with(&self, config: &Config) -> Another {
        let parts = Parts::assemble(config, self.clock.clone(), Arc::new(SystemEntropy)).await.unwrap();
        let instance = listen(&parts).await;
        Another { parts, instance }
    }

    fn address(&self) -> std::net::SocketAddr {
        self.instance.as_ref().unwrap().address
    }

    pub fn http(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    pub fn websocket(&self) -> String {
        format!("ws://{}/graphql", self.address())
    }

    pub fn advance(&self, by: Duration) {
        self.clock.0.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }

    /// A person with an account and a token: `ada` is Ada, ada@example.com.
    pub async fn person(&self, name: &str) -> Person {
        self.person_at(name, &format!("{}@example.com", name.to_lowercase())).await
    }

    /// The same with another address.
    pub async fn person_at(&self, name: &str, email: &str) -> Person {
        self.clock.tick();
        let email = email.to_owned();
        let command = EnsureUser { email: Email::parse(&email).unwrap(), name: Name::parse(name).unwrap() };
        let user = self.parts.app.execute(None, None, &command).await.unwrap().id();
        let command = CreateToken { on_behalf_of: Some(user), ..CreateToken::new(Name::parse("Test").unwrap(), None) };
        let (_, token) = token::create(&self.parts.app, None, None, command).await.unwrap();
        Person {
            id: user.to_string(),
            name: name.to_owned(),
            email,
            token: Some(token.unwrap().expose_secret().to_owned()),
            url: self.http("/graphql"),
            client: self.client.clone(),
            clock: self.clock.clone(),
        }
    }

    pub fn anonymous(&self) -> Person {
        Person {
            id: String::new(),
            name: String::new(),
            email: String::new(),
            token: None,
            url: self.http("/graphql"),
            client: self.client.clone(),
            clock: self.clock.clone(),
        }
    }

    /// A team of this founder, with these people in it.
    pub async fn team(&self, founder: &Person, people: &[(&Person, &[&str])]) -> String {
        static NEXT: AtomicI64 = AtomicI64::new(1);
        let slug = format!("team-{}", NEXT.fetch_add(1, Ordering::SeqCst));
        let answer = founder.mutate("createTeam", "team { id }", json!({ "name": format!("Team {slug}"), "slug": slug })).await;
        let team = answer.text("/team/id");
        for (person, roles) in people {
            let input = json!({ "teamId": team, "emails": [person.email], "roles": roles });
            let answer = founder.mutate("addTeamMembers", "results { outcome code }", input).await;
            // The founder makes the first Super Admin; after that it takes one.
            assert_eq!(answer.text("/results/0/outcome"), "ADDED", "{answer:?}");
        }
        team
    }

    /// Runs a statement on the database itself, for what no use case does. Answers how many rows it wrote.
    pub async fn sql(&self, text: &str, values: Vec<sea_orm::Value>) -> u64 {
        use sea_orm::ConnectionTrait;
        let connection = sea_orm::Database::connect(&self.database.url).await.unwrap();
        let statement = sea_orm::Statement::from_sql_and_values(self.parts.database.backend(), text, values);
        let written = connection.execute_raw(statement).await.unwrap().rows_affected();
        connection.close().await.unwrap();
        written
    }

    /// The number that a statement on the database itself answers as `number`.
    pub async fn number(&self, text: &str) -> i64 {
        use sea_orm::ConnectionTrait;
        let connection = sea_orm::Database::connect(&self.database.url).await.unwrap();
        let statement = sea_orm::Statement::from_string(self.parts.database.backend(), text);
        let number = connection.query_one_raw(statement).await.unwrap().unwrap().try_get("", "number").unwrap();
        connection.close().await.unwrap();
        number
    }

    /// A moment so long from now, as the API writes it.
    pub fn moment(&self, from_now: Duration) -> String {
        let micros = (self.clock.now() + from_now).as_micros();
        let moment = time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap();
        moment.format(&time::format_description::well_known::Rfc3339).unwrap()
    }

    pub async fn run_jobs(&self) {
        self.parts.jobs.run_due().await.unwrap();
    }

    /// Hands mails to this carrier from now on. One is given a second.
    pub fn carry_by(&mut self, url: &str, authority: Option<&Path>) {
        self.carry_within(1, url, authority);
    }

    /// The same, with so many seconds for each.
    pub fn carry_within(&mut self, seconds: u32, url: &str, authority: Option<&Path>) {
        self.config.mail.url = url.into();
        self.config.mail.ca_file = authority.map(Path::to_owned).unwrap_or_default();
        self.config.mail.timeout_seconds = seconds;
        let transport = portico::instance::transport(&self.config.mail, "portico.example").unwrap();
        self.parts.jobs = self.parts.jobs.clone().with_transport(transport);
    }

    /// The mails that went out and were not seen by this before. Runs the jobs.
    pub async fn mails(&self) -> Vec<Mail> {
        self.run_jobs().await;
        let folder = self.folder.path().join("mail");
        let mut mails = Vec::new();
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            mails.push(Mail::read(&path));
            std::fs::remove_file(path).unwrap();
        }
        mails.sort_by(|one, other| (&one.to, &one.subject).cmp(&(&other.to, &other.subject)));
        mails
    }

    /// Stops the server, starts it again on the same port, and does something as soon as it is there.
    pub async fn restart(&mut self, then: impl AsyncFnOnce(&Person), person: &Person) {
        let address = self.address();
        if let Some(instance) = self.instance.take() {
            instance.stop(std::future::ready(())).await;
        }
        self.instance = Some(Instance::start(address, &self.parts, TransportSettings::default()).await.unwrap());
        then(person).await;
    }

    /// Stops the server and starts it again, with other limits of documents and other bounds.
    pub async fn restart_with(&mut self, documents: Option<DocumentLimits>, settings: TransportSettings) {
        let address = self.address();
        if let Some(instance) = self.instance.take() {
            instance.stop(std::future::ready(())).await;
        }
        let documents = documents.unwrap_or(self.parts.app.settings.documents);
        self.parts.app.settings = Arc::new(Settings { documents, ..Settings::clone(&self.parts.app.settings) });
        self.instance = Some(Instance::start(address, &self.parts, settings).await.unwrap());
    }

    pub async fn stop(mut self) {
        if let Some(instance) = self.instance.take() {
            instance.stop(std::future::ready(())).await;
        }
    }
}

/// Somebody who talks to the server over HTTP.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub email: String,
    pub token: Option<String>,
    pub url: String,
    pub client: reqwest::Client,
    pub clock: Arc<FakeClock>,
}

impl Person {
    pub async fn ask(&self, query: &str, variables: Value) -> Answer {
        let mut request = self.client.post(&self.url).json(&json!({ "query": query, "variables": variables }));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.header("accept", "application/graphql-response+json").send().await.unwrap();
        Answer { status: response.status().as_u16(), field: None, body: response.json().await.unwrap() }
    }

    /// Asks, and answers the body as its text.
    pub async fn ask_text(&self, query: &str, variables: Value) -> String {
        let request = self.client.post(&self.url).json(&json!({ "query": query, "variables": variables }));
        let request = self.token.iter().fold(request, reqwest::RequestBuilder::bearer_auth);
        request.send().await.unwrap().text().await.unwrap()
    }

    /// Runs one mutation; the answer's pointers begin inside of its payload.
    pub async fn mutate(&self, mutation: &str, selection: &str, input: Value) -> Answer {
        self.clock.tick();
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} }} }}");
        let answer = self.ask(&query, json!({ "input": input })).await;
        Answer { field: Some(mutation.to_owned()), ..answer }
    }

    /// The kinds of this person's notifications, oldest first.
    pub async fn told(&self) -> Vec<String> {
        let answer = self.ask("{ viewer { notifications(last: 100) { nodes { kind } } } }", json!({})).await;
        answer.list("/viewer/notifications/nodes").iter().map(|node| node["kind"].as_str().unwrap().to_owned()).collect()
    }

    /// The kinds of what happened in a workspace, oldest first.
    pub async fn activity(&self, workspace: &str) -> Vec<String> {
        let answer =
            self.ask("query($id: ID!) { workspace(id: $id) { activity(last: 100) { nodes { kind } } } }", json!({ "id": workspace })).await;
        answer.list("/workspace/activity/nodes").iter().map(|node| node["kind"].as_str().unwrap().to_owned()).collect()
    }

    /// Creates a workspace of this visibility and answers its id.
    pub async fn workspace(&self, team: &str, name: &str, visibility: &str) -> String {
        let input = json!({ "teamId": team, "name": name, "visibility": visibility });
        self.mutate("createWorkspace", "workspace { id }", input).await.text("/workspace/id")
    }

    /// Invites a teammate and answers the id of the grant.
    pub async fn invite(&self, workspace: &str, person: &Person, role: &str) -> String {
        let input = json!({ "workspaceId": workspace, "invitees": [{ "email": person.email }], "role": role });
        let answer = self.mutate("inviteTeamMembers", "results { outcome code member { id } }", input).await;
        assert_eq!(answer.text("/results/0/outcome"), "ADDED", "{answer:?}");
        answer.text("/results/0/member/id")
    }
}

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    field: Option<String>,
}

impl Answer {
    /// Something in the data; fails where there were errors.
    pub fn at(&self, pointer: &str) -> &Value {
        assert!(self.body.get("errors").is_none(), "{}", self.body);
        let data = &self.body["data"];
        let data = self.field.as_ref().map_or(data, |field| &data[field]);
        data.pointer(pointer).unwrap_or(&Value::Null)
    }

    pub fn text(&self, pointer: &str) -> String {
        self.at(pointer).as_str().unwrap_or_else(|| panic!("no text at {pointer}: {}", self.body)).to_owned()
    }

    pub fn list(&self, pointer: &str) -> &Vec<Value> {
        self.at(pointer).as_array().unwrap_or_else(|| panic!("no list at {pointer}: {}", self.body))
    }

    /// The only error's code, reason and argument, as `CODE/REASON/argument`.
    pub fn refusal(&self) -> String {
        let errors = self.body["errors"].as_array().unwrap_or_else(|| panic!("no errors: {}", self.body));
        assert_eq!(errors.len(), 1, "{}", self.body);
        let extensions = &errors[0]["extensions"];
        let parts = ["code", "reason", "argument"].map(|key| extensions[key].as_str().unwrap_or("-").to_owned());
        parts.join("/")
    }

    pub fn is_ok(&self) -> bool {
        self.body.get("errors").is_none()
    }
}

/// Runs something asynchronous on a runtime of its own.
pub fn on_runtime<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(future)
}

/// Runs a story against a server.
pub fn run<F: Future<Output = ()>>(kind: Kind, story: impl FnOnce(TestApp) -> F) {
    let database = FreshDatabase::create(kind);
    on_runtime(async { story(TestApp::start(database).await).await });
}

/// Makes two tests of each story: one on `SQLite`, one on `PostgreSQL`. A story is given a server, or what else `by` runs it with.
macro_rules! on_both {
    (by $run:path, with $context:ty; $($(#[$attribute:meta])* async fn $name:ident($given:ident) $body:block)+) => {$(
        mod $name {
            #[expect(clippy::allow_attributes, reason = "not every story uses every import")]
            #[allow(unused_imports)]
            use super::*;

            async fn story($given: $context) $body

            #[test]
            $(#[$attribute])*
            fn on_sqlite() {
                $run($crate::support::Kind::Sqlite, story);
            }

            #[test]
            $(#[$attribute])*
            fn on_postgres() {
                $run($crate::support::Kind::Postgres, story);
            }
        }
    )+};
    ($($stories:tt)+) => {
        $crate::support::on_both! { by $crate::support::app::run, with $crate::support::TestApp; $($stories)+ }
    };
}

pub(crate) use on_both;
