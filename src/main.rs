//! The command line: parse, connect, call.

use std::error::Error as _;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, CommandFactory, FromArgMatches, Parser, Subcommand};
use rapport::auth::{Role, sign};
use rapport::config::{AuthConfig, LogConfig, LogFormat, ServeConfig, StoreConfig, Switch};
use rapport::domain::live::begin_epoch;
use rapport::domain::tenant::settings::Settings;
use rapport::graphql::Api;
use rapport::server::doctor;
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
    /// Check configuration, store and Redis; say what is wrong and how to correct it
    Doctor(Box<ServeConfig>),
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
    let cli = match parse() {
        Ok(cli) => cli,
        Err(error) => match wrong_variable(&error) {
            Some(line) => return failed(&line),
            None => error.exit(),
        },
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("the runtime could not start: {error}")),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(code) => code,
        Err(line) => failed(&line),
    }
}

/// The command line, filled up from the environment.
fn parse() -> Result<Cli, clap::Error> {
    // Compose files set every variable that they name, to nothing where nobody gave a value.
    let empty =
        |arg: &Arg| arg.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
    let unset = |arg: Arg| if empty(&arg) { arg.env(Resettable::Reset) } else { arg };
    let mut command = Cli::command().mut_subcommands(|command| command.mut_args(unset));
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// One line for a wrong value that came from the environment; clap would speak of the flag, which nobody gave.
fn wrong_variable(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg) else { return None };
    let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) else {
        return None;
    };
    let name = flag.split([' ', '=']).next()?.strip_prefix("--")?;
    let given = |word: String| {
        word.strip_prefix("--").is_some_and(|word| word.split('=').next() == Some(name))
    };
    if std::env::args().any(given) {
        return None;
    }
    let command = Cli::command();
    let variable = command
        .get_subcommands()
        .flat_map(clap::Command::get_arguments)
        .find(|arg| arg.get_long() == Some(name))?
        .get_env()?;
    let why = match (error.get(ContextKind::ValidValue), error.source()) {
        (Some(ContextValue::Strings(valid)), _) => format!("must be one of {}", valid.join(", ")),
        (_, Some(source)) => source.to_string(),
        _ => "cannot be read".into(),
    };
    Some(format!("{}: {value:?}: {why}", variable.to_string_lossy()))
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

async fn run(command: Command) -> Result<ExitCode, String> {
    match command {
        Command::Serve(config) => serve(&config).await.map(|()| ExitCode::SUCCESS),
        Command::Migrate(config) => {
            let store = connect(&config).await?;
            store.migrate().await.map_err(|error| error.for_operator())?;
            print("the store is up to date\n")?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Restored(config) => {
            let store = connect(&config).await?;
            begin_epoch(&store).await.map_err(|error| error.for_operator())?;
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
        Command::Doctor(config) => {
            let findings = doctor::examine(&config).await;
            let mut code = ExitCode::SUCCESS;
            for finding in findings {
                print(&format!("{finding}\n"))?;
                if !finding.well {
                    code = ExitCode::FAILURE;
                }
            }
            Ok(code)
        }
    }
}

async fn connect(config: &StoreConfig) -> Result<Store, String> {
    let clock = std::sync::Arc::new(rapport::ids::Clock::default());
    Store::connect(config, clock).await.map_err(|error| error.for_operator())
}

async fn serve(config: &ServeConfig) -> Result<(), String> {
    telemetry(&config.log)?;
    let app = rapport::server::serve::build(config).await?;
    let address = config.http.listen;
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .map_err(|error| format!("RAPPORT_LISTEN: {address}: {error}"))?;
    let address = listener.local_addr().map_err(|error| format!("RAPPORT_LISTEN: {error}"))?;
    let mut welcome = vec![format!("rapport listens on http://{address}")];
    if let Some(metrics) = app.metrics_address() {
        welcome.push(format!("metrics on http://{metrics}/metrics"));
    }
    if let Some(token) = app.development_token() {
        let token = token?;
        welcome.push("development mode: no key is configured, so this run made its own".into());
        welcome.push(format!("  token      {token}"));
        if config.http.dashboard == Switch::On {
            welcome.push(format!("  dashboard  http://{address}/app#token={token}"));
        }
        welcome.push(format!("  GraphiQL   http://{address}/graphiql#token={token}"));
    } else if config.http.dashboard == Switch::On {
        welcome.push(format!("  dashboard  http://{address}/app"));
    }
    welcome.push(format!(
        "phone numbers without a country code are read as of {} where a tenant's settings name no other region",
        Settings::default().region
    ));
    if config.http.demo {
        welcome.push("demo: requests from this machine need no token; try".into());
        welcome.push(format!(
            "  curl http://{address}/identify -H 'Content-Type: application/json' -d '{{\"email\":\"ada@example.com\",\"phoneNumber\":\"+14155550100\"}}'"
        ));
    }
    let deliveries = app.demo_deliveries(&format!("http://{address}")).await?;
    if !deliveries.is_empty() {
        welcome.push("demo: deliver as real systems do, one line for each kind of source".into());
        welcome.extend(deliveries.into_iter().map(|line| format!("  {line}")));
    }
    // The server serves whether or not anybody reads this.
    if let Err(error) = print(&(welcome.join("\n") + "\n")) {
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

fn telemetry(config: &LogConfig) -> Result<(), String> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log)
        .map_err(|error| format!("RAPPORT_LOG: {error}"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => builder.with_ansi(false).init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
    Ok(())
}
