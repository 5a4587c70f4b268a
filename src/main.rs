//! The command line.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints")]

use clap::{Parser, Subcommand, ValueEnum};
use portico::app::clock::{Clock, SystemClock, SystemEntropy};
use portico::app::demo::{self, Demo, DemoPerson};
use portico::app::error::checked;
use portico::app::mail::RequeueAnyMail;
use portico::app::model::DeadMail;
use portico::app::token::{self, CreateToken};
use portico::app::user::EnsureUser;
use portico::app::vault::{KeyState, Rotation};
use portico::app::{AppError, Refusal, parse_id};
use portico::config::Config;
use portico::domain::text::{Email, Name};
use portico::instance::{Instance, Parts};
use portico::server::TransportSettings;
use portico::store::Inspection;
use secrecy::ExposeSecret;
use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome = Result<(), Box<dyn Error>>;

/// The open, self-hosted home for partner workspaces.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server (the default).
    Serve {
        /// Fills an empty database with a team, its people and documents, and prints a token for each person and a first query.
        #[arg(long)]
        demo: bool,
    },
    /// Brings the database to the newest schema (up), one step back (down), or tells where it is (status).
    Migrate {
        /// What to do.
        #[arg(value_enum, default_value_t = Direction::Up)]
        direction: Direction,
    },
    /// Prints the GraphQL schema.
    Schema,
    /// Makes the user with this address if there is none, and prints the id.
    User {
        /// The address.
        email: String,
        /// The name of a new user; the address's first part if it is not given.
        #[arg(long)]
        name: Option<String>,
    },
    /// Prints a fresh access token for the user with this address, and nothing else.
    Token {
        /// The address.
        email: String,
    },
    /// Copies the SQLite database into a file while servers run. The key file of secrets is not in it.
    Backup {
        /// The file.
        file: PathBuf,
        /// Puts it in the place of what is there already.
        #[arg(long)]
        force: bool,
    },
    /// Looks whether the database is whole, while servers run, and fails if it is not. Changes nothing.
    Check,
    /// Mails that could not be delivered.
    Mail {
        #[command(subcommand)]
        command: Mail,
    },
    /// The master keys that secrets are sealed under.
    Keys {
        #[command(subcommand)]
        command: Keys,
    },
}

#[derive(Subcommand)]
enum Mail {
    /// Lists the mails that were given up, oldest first: id, address, what it is about, tries, reason.
    Dead,
    /// Queues mails again that were given up, with all their tries.
    Requeue {
        /// The id of one.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// All of them, but for those whose code or link is forgotten.
        #[arg(long)]
        all: bool,
    },
}

#[derive(Subcommand)]
enum Keys {
    /// Tells the ids of the master keys, which one is current, and how many data keys are under each.
    Status,
    /// Makes a fresh master key the current one and wraps every data key anew under it. Servers may run meanwhile.
    Rotate,
}

#[derive(Clone, Copy, ValueEnum)]
enum Direction {
    Up,
    Down,
    Status,
}

fn main() -> ExitCode {
    let outcome = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => {
            let outcome = runtime.block_on(run());
            // What computes on a thread of its own, such as an archive that is unpacked, is not waited for: the time for that is over.
            runtime.shutdown_background();
            outcome
        }
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprint!("portico: {error}");
            let mut source = error.source();
            while let Some(cause) = source {
                eprint!(": {cause}");
                source = cause.source();
            }
            eprintln!();
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Outcome {
    match Arguments::parse().command.unwrap_or(Command::Serve { demo: false }) {
        Command::Serve { demo } => serve(demo).await,
        Command::Migrate { direction } => migrate(direction).await,
        Command::Schema => {
            print!("{}", portico::graphql::sdl());
            Ok(())
        }
        Command::User { email, name } => user(&email, name.as_deref()).await,
        Command::Token { email } => print_token(&email).await,
        Command::Backup { file, force } => backup(&file, force).await,
        Command::Check => check().await,
        Command::Mail { command: Mail::Dead } => mail_dead().await,
        Command::Mail { command: Mail::Requeue { id, all: _ } } => mail_requeue(id.as_deref()).await,
        Command::Keys { command: Keys::Status } => keys_status().await,
        Command::Keys { command: Keys::Rotate } => keys_rotate().await,
    }
}

async fn assemble() -> Result<(Config, Parts), Box<dyn Error>> {
    let config = Config::load()?;
    let parts = Parts::assemble(&config, Arc::new(SystemClock), Arc::new(SystemEntropy)).await?;
    Ok((config, parts))
}

/// Parts over a database that has the newest schema: `SQLite` is brought there, `PostgreSQL` by `portico migrate`.
async fn assemble_ready() -> Result<(Config, Parts), Box<dyn Error>> {
    let (config, parts) = assemble().await?;
    if config.database.url.expose_secret().starts_with("sqlite") {
        parts.database.migrate().await?;
    }
    Ok((config, parts))
}

async fn serve(with_demo: bool) -> Outcome {
    let (config, parts) = assemble_ready().await?;
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log.filter)?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let demo = if with_demo { Some(demo::fill(&parts.app).await.map_err(readable)?) } else { None };
    let instance = Instance::start(config.server.listen, &parts, TransportSettings::default()).await?;
    println!("Portico listens on http://{}", instance.address);
    match demo {
        Some(Demo::Ready(people)) => print_demo(instance.address, &people),
        Some(Demo::NotEmpty) => println!("The database is not empty, so there is no demo in it."),
        None => {}
    }
    let jobs = tokio::spawn(parts.jobs.clone().run(instance.stops()));
    let (mut interrupted, mut terminated) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    tracing::info!("shutting down");
    instance
        .stop(async {
            if let Err(error) = jobs.await {
                tracing::error!(%error, "the jobs ended with an error");
            }
        })
        .await;
    Ok(())
}

fn print_demo(address: SocketAddr, people: &[DemoPerson]) {
    println!("\nThe people of the demo, each with a token of their own:\n");
    for person in people {
        let roles: Vec<String> = person.roles.iter().map(ToString::to_string).collect();
        println!("  {:<22} {:<20} {}\n      {}", person.name, person.email, roles.join(", "), person.token.expose_secret());
    }
    let Some(last) = people.last() else { return };
    println!("\nA first query, as {}:\n", last.name);
    println!("  curl -s http://{address}/graphql -H 'content-type: application/json' \\");
    println!("    -H 'authorization: Bearer {}' \\", last.token.expose_secret());
    println!(
        "    -d '{{\"query\":\"{{ viewer {{ user {{ name }} workspaces(first: 10) {{ nodes {{ id name visibility viewerRole }} }} }} }}\"}}'\n"
    );
}

async fn migrate(direction: Direction) -> Outcome {
    let (_, parts) = assemble().await?;
    match direction {
        Direction::Up => parts.database.migrate().await?,
        Direction::Down => parts.database.migrate_down(1).await?,
        Direction::Status => {}
    }
    for migration in parts.database.migration_status().await? {
        println!("{} {}", if migration.applied { "applied" } else { "pending" }, migration.name);
    }
    Ok(())
}

async fn user(email: &str, name: Option<&str>) -> Outcome {
    let (_, parts) = assemble_ready().await?;
    let name = name.or_else(|| email.split('@').next()).unwrap_or(email);
    let command = EnsureUser {
        email: checked("email", Email::parse(email)).map_err(readable)?,
        name: checked("name", Name::parse(name)).map_err(readable)?,
    };
    println!("{}", parts.app.execute(None, None, &command).await.map_err(readable)?.id());
    Ok(())
}

async fn print_token(email: &str) -> Outcome {
    let (_, parts) = assemble_ready().await?;
    let key = checked("email", Email::parse(email)).map_err(readable)?.key();
    let user = parts
        .app
        .queries()
        .find_user_by_email(&key)
        .await?
        .ok_or("nobody has this address: make the user first, with portico user EMAIL")?;
    let name = checked("name", Name::parse("Command line")).map_err(readable)?;
    let command = CreateToken { on_behalf_of: Some(user.id), ..CreateToken::new(name, None) };
    let (_, token) = token::create(&parts.app, None, None, command).await.map_err(readable)?;
    println!("{}", token.unwrap_or_default().expose_secret());
    Ok(())
}

async fn backup(file: &Path, force: bool) -> Outcome {
    let config = Config::load()?;
    let began = SystemClock.now();
    let backup = portico::store::backup(config.database.url.expose_secret(), file, force).await?;
    let took = SystemClock.now().as_micros() - began.as_micros();
    println!("Wrote {}: {} bytes in {} ms.", backup.file.display(), backup.size, took / 1_000);
    println!("Secrets in it open only with the master keys, which are not in it: keep a copy of those apart from it.");
    Ok(())
}

async fn check() -> Outcome {
    let config = Config::load()?;
    let inspection = Inspection::open(config.database.url.expose_secret()).await?;
    let report = portico::app::check::check(inspection.queries()).await?;
    inspection.close().await?;
    print!("{report}");
    if report.is_clean() { Ok(()) } else { Err("the database is not as it should be".into()) }
}

/// How many mails are listed at once.
const MAILS_AT_ONCE: u64 = 100;

async fn mail_dead() -> Outcome {
    let (_, parts) = assemble_ready().await?;
    for mail in dead_mails(&parts).await? {
        println!("{} {} {} {} {}", mail.id, mail.recipient, mail.kind, mail.attempts, mail.reason);
    }
    Ok(())
}

async fn mail_requeue(id: Option<&str>) -> Outcome {
    let (_, parts) = assemble_ready().await?;
    if let Some(id) = id {
        let mail = parse_id(id, "id").map_err(readable)?;
        println!("{}", parts.app.execute(None, None, &RequeueAnyMail { mail }).await.map_err(readable)?);
        return Ok(());
    }
    for mail in dead_mails(&parts).await?.into_iter().filter(|mail| mail.kind.can_be_requeued()) {
        println!("{}", parts.app.execute(None, None, &RequeueAnyMail { mail: mail.id }).await.map_err(readable)?);
    }
    Ok(())
}

async fn dead_mails(parts: &Parts) -> Result<Vec<DeadMail>, Box<dyn Error>> {
    let mut mails: Vec<DeadMail> = Vec::new();
    loop {
        let more = parts.app.queries().list_dead_mails(mails.last().map(|mail| mail.id), MAILS_AT_ONCE).await?;
        if more.is_empty() {
            return Ok(mails);
        }
        mails.extend(more);
    }
}

async fn keys_status() -> Outcome {
    let (_, parts) = assemble_ready().await?;
    let report = parts.app.vault.report(parts.app.queries()).await?;
    println!("Master keys in {}:", report.place);
    for key in &report.keys {
        let state = match key.state {
            KeyState::Current => "current",
            KeyState::Known => "known",
            KeyState::Missing => "MISSING",
        };
        println!("{} {state} {}", key.id, data_keys(key.data_keys));
    }
    if report.keys.is_empty() {
        println!("none yet");
    }
    Ok(())
}

async fn keys_rotate() -> Outcome {
    let (_, parts) = assemble_ready().await?;
    let Rotation { wrapped, not_unwrapped, report } = parts.app.vault.rotate(&*parts.app.store).await?;
    println!("{} is the current master key, in {}.", report.current().unwrap_or_default(), report.place);
    println!("Wrapped anew under it: {}.", data_keys(i64::try_from(wrapped)?));
    println!("Servers that read their keys from elsewhere need it too, and a restart.");
    for id in report.unused() {
        println!("Nothing is under {id} any more. It may be removed once every server has the current key and keys status still says so.");
    }
    if not_unwrapped.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = not_unwrapped.iter().map(ToString::to_string).collect();
    Err(format!("some data keys are not opened by their master key and stay as they were: {}", ids.join(", ")).into())
}

fn data_keys(count: i64) -> String {
    if count == 1 { "1 data key".to_owned() } else { format!("{count} data keys") }
}

/// An operator may read causes too.
fn readable(error: AppError) -> Box<dyn Error> {
    match error {
        AppError::Refused(refusal) => {
            let Refusal { message, .. } = *refusal;
            message.into_owned().into()
        }
        AppError::Failed(cause) => cause.into(),
    }
}
