//! The command line: parse, connect, call.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use rapport::auth::{Role, sign};
use rapport::config::{
    AuthConfig, Level, Read, ServeConfig, StoreConfig, read_command_line, unknown_variables,
};
use rapport::domain::live::begin_epoch;
use rapport::graphql::Api;
use rapport::server::doctor;
use rapport::server::serve::problems;
use rapport::server::telemetry::start_log;
use rapport::server::welcome::Welcome;
use rapport::store::Store;
use tokio_util::sync::CancellationToken;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One customer, every channel, one live history: a GraphQL backend-for-frontend
#[derive(Parser)]
#[command(name = "rapport", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Migrate the store, then serve
    Serve(Box<ServeConfig>),
    /// Apply the migrations that are missing, and stop
    Migrate(StoreConfig),
    /// After the store was restored from a backup, and before a server starts: live cursors from before are answered
    /// with HistoryReset
    Restored(StoreConfig),
    /// Print the GraphQL schema (SDL)
    Schema,
    /// Print a token signed with RAPPORT_JWT_HS256_SECRET
    Token(TokenArgs),
    /// Check configuration, machine, store, Redis and files, and change nothing; say what is wrong and how to correct it. It
    /// ends with 1 where there is an error
    Doctor(Box<DoctorArgs>),
}

#[derive(clap::Args)]
struct DoctorArgs {
    #[command(flatten)]
    config: ServeConfig,
    /// Print one JSON object: whether all is well, and what was found
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct TokenArgs {
    /// The tenant whose data the token opens
    #[arg(long)]
    tenant: String,
    /// viewer, agent, ingest or admin
    #[arg(long, default_value = "agent")]
    role: String,
    /// Who holds it
    #[arg(long)]
    subject: String,
    /// How long it lasts: 90s, 15m, 1h, 7d
    #[arg(long, default_value = "1h", value_parser = duration)]
    expires_in: Duration,
    #[command(flatten)]
    auth: AuthConfig,
}

fn duration(text: &str) -> Result<Duration, String> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..split]
        .parse()
        .map_err(|_| "a duration is a number and a unit: 90s, 15m, 1h, 7d".to_string())?;
    let unit = match &text[split..] {
        "s" | "" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err("a duration's unit is s, m, h or d".into()),
    };
    number
        .checked_mul(unit)
        .filter(|seconds| *seconds > 0 && *seconds <= 10 * 365 * 86_400)
        .map(Duration::from_secs)
        .ok_or_else(|| "a duration is from 1s to 10 years".into())
}

fn main() -> ExitCode {
    // Where it is refused, the server only takes more memory.
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_thp_disable(true);
    let Read { command: Cli { command }, problems: mut wrong } = match read_command_line() {
        Ok(read) => read,
        Err((error, wrong)) => {
            for line in &wrong {
                failed(line);
            }
            error.exit();
        }
    };
    match &command {
        Command::Serve(config) => wrong.extend(problems(config)),
        Command::Migrate(config) | Command::Restored(config) => wrong.extend(config.problems()),
        _ => {}
    }
    // The doctor tells them with everything else.
    if !wrong.is_empty() && !matches!(command, Command::Doctor(_)) {
        for line in &wrong {
            failed(line);
        }
        return ExitCode::FAILURE;
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("the runtime could not start: {error}")),
    };
    match runtime.block_on(run(command, wrong)) {
        Ok(code) => code,
        Err(line) => failed(&line),
    }
}

fn failed(line: &str) -> ExitCode {
    eprintln!("rapport: {line}");
    ExitCode::FAILURE
}

/// Prints a command's answer. Whoever reads it may have enough and close the pipe: that is no failure, but a full disk is.
fn print(answer: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    match out.write_all(answer.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("the standard output cannot be written: {error}"))
        }
        _ => Ok(()),
    }
}

/// `wrong` is what could not be read of the environment.
async fn run(command: Command, wrong: Vec<String>) -> Result<ExitCode, String> {
    match command {
        Command::Serve(config) => serve(&config).await.map(|()| ExitCode::SUCCESS),
        Command::Migrate(config) => {
            let store = connect(&config).await?;
            store.migrate().await.map_err(|error| error.for_operator())?;
            store.close().await;
            print("the store is up to date\n")?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Restored(config) => {
            let store = connect(&config).await?;
            begin_epoch(&store).await.map_err(|error| error.for_operator())?;
            store.close().await;
            print("the store begins anew: live cursors from before are told to read again\n")?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Schema => {
            print(&Api::sdl())?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Token(args) => {
            let secret = args.auth.jwt_hs256_secret.as_deref().ok_or(
                "RAPPORT_JWT_HS256_SECRET: set it to the secret that the server checks tokens with",
            )?;
            if secret.len() < 32 {
                return Err("RAPPORT_JWT_HS256_SECRET: must be at least 32 bytes long".into());
            }
            let role =
                Role::parse(&args.role).ok_or("--role: must be viewer, agent, ingest or admin")?;
            let (issuer, audience) =
                (args.auth.jwt_issuer.as_deref(), args.auth.jwt_audience.as_deref());
            let token = sign(
                secret.as_bytes(),
                &args.subject,
                &args.tenant,
                role,
                args.expires_in,
                issuer,
                audience,
            )?;
            print(&format!("{token}\n"))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Doctor(args) => examine(&args, wrong).await,
    }
}

async fn connect(config: &StoreConfig) -> Result<Store, String> {
    let clock = std::sync::Arc::new(rapport::ids::Clock::default());
    Store::connect(config, clock).await.map_err(|error| error.for_operator())
}

async fn examine(args: &DoctorArgs, wrong: Vec<String>) -> Result<ExitCode, String> {
    let findings = doctor::examine(&args.config, wrong).await;
    let well = findings.iter().all(|finding| finding.level != Level::Error);
    if args.json {
        print(&format!("{}\n", serde_json::json!({ "ok": well, "findings": findings })))?;
    } else {
        let lines: Vec<String> = findings.iter().map(|finding| format!("{finding}\n")).collect();
        print(&lines.concat())?;
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn serve(config: &ServeConfig) -> Result<(), String> {
    start_log(&config.log)?;
    doctor::raise_open_files();
    for line in unknown_variables() {
        tracing::warn!("{line}");
    }
    // First: who cannot listen must not have migrated the store.
    let listen = &config.http.listen;
    let listener = tokio::net::TcpListener::bind(&*listen.addresses("RAPPORT_LISTEN")?)
        .await
        .map_err(|error| format!("RAPPORT_LISTEN: {listen}: {error}"))?;
    let address = listener.local_addr().map_err(|error| format!("RAPPORT_LISTEN: {error}"))?;
    let app = rapport::server::serve::build(config).await?;
    let welcome = Welcome {
        address,
        metrics: app.metrics_address(),
        token: app.development_token().transpose()?,
        deliveries: app.demo_deliveries(&format!("http://{address}")).await?,
    };
    // The server serves whether or not anybody reads this.
    if let Err(error) = print(&welcome.text(config)) {
        tracing::warn!(error, "nobody can be told where the server listens");
    }
    let shutdown = CancellationToken::new();
    tokio::spawn(signals(shutdown.clone()));
    app.serve(listener, shutdown).await.map_err(|error| format!("the server stopped: {error}"))
}

/// SIGTERM and Ctrl-C stop the server gracefully.
async fn signals(shutdown: CancellationToken) {
    let mut terminate =
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(signal) => signal,
            Err(error) => {
                tracing::error!(%error, "SIGTERM cannot be heard");
                return;
            }
        };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    tracing::info!("stopping: what is in flight is finished");
    shutdown.cancel();
}
