//! The figures, as tables that people read.

use std::fmt::Write as _;

use anyhow::Result;

use crate::load::Report;
use crate::run::Run;
use crate::run::line::{Line, Section};

pub struct Table {
    store: &'static str,
    head: String,
    lines: Vec<Line>,
    notes: Vec<String>,
    results: std::path::PathBuf,
}

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
        println!("{head}");
        Table {
            store,
            head,
            lines: Vec::new(),
            notes: Vec::new(),
            results: options.results.clone(),
        }
    }

    pub fn add(&mut self, line: Line) {
        if self.lines.last().is_none_or(|last| last.section != line.section) {
            println!("\n{}", line.section.head());
        }
        println!("{}", line.text());
        self.lines.push(line);
    }

    pub fn say(&mut self, note: String) {
        println!("\n{note}");
        self.notes.push(note);
    }

    pub fn write(&self) -> Result<()> {
        let mut text = self.head.clone();
        for section in Section::ALL {
            let lines: Vec<&Line> =
                self.lines.iter().filter(|line| line.section == section).collect();
            if !lines.is_empty() {
                writeln!(text, "\n{}", section.head())?;
            }
            for line in lines {
                writeln!(text, "{}", line.text())?;
            }
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

/// The middle one, by requests a second.
pub fn middle(mut reports: Vec<Report>) -> Option<Report> {
    reports.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    let n = reports.len() / 2;
    reports.into_iter().nth(n)
}
