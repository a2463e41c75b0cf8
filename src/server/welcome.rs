//! What the server says once it listens: for people as lines, for programs as one JSON object.

use std::net::SocketAddr;

use chrono::{SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use crate::config::{Environment, LogFormat, ServeConfig, Switch};
use crate::domain::tenant::settings::Settings;

/// What there is to say.
pub struct Welcome {
    pub address: SocketAddr,
    /// Where the metrics are, where that is an address of their own.
    pub metrics: Option<SocketAddr>,
    /// A token for trying things, where no key is configured.
    pub token: Option<String>,
    /// Lines of a shell that deliver something; with the demo only.
    pub deliveries: Vec<String>,
}

impl Welcome {
    /// As the log's format wants it, with its last newline.
    pub fn text(&self, config: &ServeConfig) -> String {
        match config.log.log_format {
            LogFormat::Text => self.lines(config).join("\n") + "\n",
            LogFormat::Json => format!("{}\n", self.json(config)),
        }
    }

    fn facts(config: &ServeConfig) -> [(&'static str, String); 4] {
        let sqlite = config.store.database_url.starts_with("sqlite:");
        let mode = match config.http.environment(&config.auth) {
            Environment::Production => "production",
            Environment::Development => "development",
        };
        let mode = if config.http.demo { "demo" } else { mode };
        [
            ("version", env!("CARGO_PKG_VERSION").into()),
            ("store", if sqlite { "SQLite" } else { "PostgreSQL" }.into()),
            ("mode", mode.into()),
            // Of phone numbers without a country code, where a tenant's settings name no other.
            ("region", Settings::default().region),
        ]
    }

    fn links(&self, config: &ServeConfig) -> Vec<(&'static str, String)> {
        let address = self.address;
        let mut links = Vec::new();
        if let Some(metrics) = self.metrics {
            links.push(("metrics", format!("http://{metrics}/metrics")));
        }
        let with = self.token.as_ref().map(|token| format!("#token={token}")).unwrap_or_default();
        if config.http.dashboard == Switch::On {
            links.push(("dashboard", format!("http://{address}/app{with}")));
        }
        if let Some(token) = &self.token {
            links.push(("GraphiQL", format!("http://{address}/graphiql{with}")));
            links.insert(0, ("token", token.clone()));
        }
        links
    }

    fn lines(&self, config: &ServeConfig) -> Vec<String> {
        let address = self.address;
        let [(_, version), (_, store), (_, mode), (_, region)] = Welcome::facts(config);
        let mut lines = vec![format!(
            "rapport {version} listens on http://{address} ({store}, {mode}, phone numbers without a country code are of {region})"
        )];
        if self.token.is_some() {
            lines.push("development mode: no key is configured, so this run made its own".into());
        }
        let links = self.links(config).into_iter();
        lines.extend(links.map(|(name, link)| format!("  {name:<10} {link}")));
        if config.http.demo {
            lines.push("demo: requests from this machine need no token; try".into());
            lines.push(format!(
                "  curl http://{address}/identify -H 'Content-Type: application/json' -d '{{\"email\":\"ada@example.com\",\"phoneNumber\":\"+14155550100\"}}'"
            ));
        }
        if !self.deliveries.is_empty() {
            lines.push("demo: deliver as real systems do, one line for each kind of source".into());
            lines.extend(self.deliveries.iter().map(|line| format!("  {line}")));
        }
        lines
    }

    /// In the form of the log's lines.
    fn json(&self, config: &ServeConfig) -> Value {
        let mut fields = Map::new();
        fields.insert("message".into(), json!("rapport listens"));
        fields.insert("address".into(), json!(format!("http://{}", self.address)));
        let facts = Welcome::facts(config).into_iter();
        for (name, value) in facts.chain(self.links(config)) {
            fields.insert(name.to_lowercase(), value.into());
        }
        let at = Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true);
        for (name, value) in [("timestamp", at.as_str()), ("level", "INFO"), ("target", "rapport")]
        {
            fields.insert(name.into(), value.into());
        }
        fields.into()
    }
}
