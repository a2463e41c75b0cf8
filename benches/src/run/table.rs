//! The figures, as a table that people read.

use std::fmt::Write as _;

use anyhow::Result;

use crate::load::Report;
use crate::run::Run;

pub struct Line {
    name: &'static str,
    cells: [String; 8],
}

pub struct Table {
    store: &'static str,
    head: String,
    lines: Vec<Line>,
    notes: Vec<String>,
    results: std::path::PathBuf,
}

/// The middle one, by requests a second.
fn middle(mut reports: Vec<Report>) -> Option<Report> {
    reports.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    let n = reports.len() / 2;
    reports.into_iter().nth(n)
}

fn micros(n: f64) -> String {
    if n >= 10_000.0 { format!("{:.1} ms", n / 1_000.0) } else { format!("{n:.0} µs") }
}

fn rate(report: &Report) -> String {
    if report.events_per_second > report.per_second {
        format!("{:.0} events/s", report.events_per_second)
    } else {
        format!("{:.0}/s", report.per_second)
    }
}

fn verdict(ratio: f64, wanted: f64, at_least: bool) -> String {
    if wanted == 0.0 {
        return String::new();
    }
    let good = if at_least { ratio >= wanted } else { ratio <= wanted };
    format!(
        "{}{wanted}{}",
        if at_least { "≥ " } else { "≤ " },
        if good { "" } else { " **missed**" }
    )
}

impl Line {
    fn new(
        name: &'static str,
        first: Option<&Report>,
        ratio: String,
        wanted: String,
        ours: &Report,
    ) -> Self {
        let cpu = |server: f64, store: f64| format!("{} + {}", micros(server), micros(store));
        let cells = [
            first.map(rate).unwrap_or_default(),
            rate(ours),
            ratio,
            wanted,
            format!("{} · {} · {}", micros(ours.p50), micros(ours.p95), micros(ours.p99)),
            first.map(|first| cpu(first.server_cpu, first.store_cpu)).unwrap_or_default(),
            cpu(ours.server_cpu, ours.store_cpu),
            format!(
                "{:.0} + {:.0} MiB",
                ours.server_memory as f64 / 1024.0,
                ours.store_memory as f64 / 1024.0
            ),
        ];
        Line { name, cells }
    }

    pub fn compared(
        name: &'static str,
        wanted: f64,
        floors: Vec<Report>,
        ours: Vec<Report>,
    ) -> Self {
        // Each turn has its own ratio, so that what disturbs the machine meets both.
        let mut ratios: Vec<f64> = floors
            .iter()
            .zip(&ours)
            .map(|(floor, ours)| ours.per_second / floor.per_second)
            .collect();
        ratios.sort_by(f64::total_cmp);
        let ratio = ratios.get(ratios.len() / 2).copied();
        let ours = middle(ours).unwrap_or_default();
        let wanted = ratio.map(|ratio| verdict(ratio, wanted, true)).unwrap_or_default();
        Line::new(
            name,
            middle(floors).as_ref(),
            ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
            wanted,
            &ours,
        )
    }

    pub fn flat(name: &'static str, wanted: f64, short: Vec<Report>, long: Vec<Report>) -> Self {
        let (short, long) = (middle(short).unwrap_or_default(), middle(long).unwrap_or_default());
        let ratio = long.p50 / short.p50;
        Line::new(name, Some(&short), format!("{ratio:.2}"), verdict(ratio, wanted, false), &long)
    }

    pub fn again(name: &'static str, wanted: f64, without: Vec<Report>, with: Vec<Report>) -> Self {
        let (without, with) =
            (middle(without).unwrap_or_default(), middle(with).unwrap_or_default());
        let ratio = with.per_second / without.per_second;
        Line::new(name, Some(&without), format!("{ratio:.2}"), verdict(ratio, wanted, true), &with)
    }

    fn text(&self) -> String {
        format!("| {} | {} |", self.name, self.cells.join(" | "))
    }
}

const HEAD: &str = "| line | against | rapport | ratio | wanted | p50 · p95 · p99 | CPU against: server + store | CPU rapport: server + store | memory: server + store |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |";

impl Table {
    pub fn new(store: &'static str, customers: i64, options: &Run) -> Self {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let head = format!(
            "# {store}, {customers} customers\n\n{}; {cores} cores shared by client, server and store; {} rounds of {} s; {} connections where the line does not say.\n",
            chrono::Utc::now().format("%Y-%m-%d %H:%M UTC"),
            options.rounds,
            options.seconds,
            options.concurrency
        );
        println!("{head}\n{HEAD}");
        Table {
            store,
            head,
            lines: Vec::new(),
            notes: Vec::new(),
            results: options.results.clone(),
        }
    }

    pub fn add(&mut self, line: Line) {
        println!("{}", line.text());
        self.lines.push(line);
    }

    pub fn say(&mut self, note: String) {
        println!("{note}");
        self.notes.push(note);
    }

    pub fn write(&self) -> Result<()> {
        let mut text = format!("{}\n{HEAD}\n", self.head);
        for line in &self.lines {
            writeln!(text, "{}", line.text())?;
        }
        for note in &self.notes {
            write!(text, "\n- {note}")?;
        }
        std::fs::create_dir_all(&self.results)?;
        let path = self.results.join(format!(
            "{}-{}.md",
            self.store,
            chrono::Utc::now().format("%Y-%m-%d-%H%M")
        ));
        std::fs::write(&path, text.trim_end().to_string() + "\n")?;
        println!("\nwritten to {}", path.display());
        Ok(())
    }
}
