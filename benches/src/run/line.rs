//! A line of the tables.

use crate::load::Report;
use crate::run::table::middle;

/// Lines of one table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Section {
    /// rapport against both floors
    Floors,
    /// rapport against itself
    Itself,
    Alone,
}

impl Section {
    pub const ALL: [Section; 3] = [Section::Floors, Section::Alone, Section::Itself];

    pub fn head(self) -> String {
        let columns: &[&str] = match self {
            Section::Floors => &[
                "line",
                "shared floor",
                "lean floor",
                "rapport",
                "to the shared floor",
                "to the lean floor",
                "p50 · p95 · p99",
                "CPU shared: server + store",
                "CPU lean",
                "CPU rapport",
                "WAL a request: shared · lean · rapport",
                "memory: server + store",
            ],
            Section::Itself => &[
                "line",
                "against",
                "rapport",
                "ratio",
                "p50 · p95 · p99",
                "CPU against: server + store",
                "CPU rapport",
                "memory: server + store",
            ],
            Section::Alone => &[
                "line",
                "rapport",
                "p50 · p95 · p99",
                "CPU: server + store",
                "found nothing",
                "memory: server + store",
            ],
        };
        format!("| {} |\n|{}", columns.join(" | "), " --- |".repeat(columns.len()))
    }
}

pub struct Line {
    pub section: Section,
    name: String,
    cells: Vec<String>,
}

/// What is wanted of a line; nothing where it is 0.
#[derive(Clone, Copy, Default, Debug)]
pub struct Wanted {
    /// Answers a second, by those of the floor on rapport's tables.
    pub shared: f64,
    /// By those of the lean floor.
    pub lean: f64,
    pub events_per_second: f64,
}

/// The reports of each turn.
#[derive(Default)]
pub struct Turns {
    pub shared: Vec<Report>,
    pub lean: Vec<Report>,
    pub ours: Vec<Report>,
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

/// A figure with what is wanted of it.
fn judged(text: &str, value: f64, wanted: f64, at_least: bool) -> String {
    if wanted == 0.0 {
        return text.to_owned();
    }
    let good = if at_least { value >= wanted } else { value <= wanted };
    let sign = if at_least { "≥" } else { "≤" };
    format!("{text} ({sign} {wanted}{})", if good { "" } else { ", **missed**" })
}

fn cpu(report: &Report) -> String {
    format!("{} + {}", micros(report.server_cpu), micros(report.store_cpu))
}

fn times(report: &Report) -> String {
    let at_least = if report.unanswered > 0 { "≥ " } else { "" };
    let [a, b, c] =
        [report.p50, report.p95, report.p99].map(|time| format!("{at_least}{}", micros(time)));
    let late = report.unanswered;
    let late =
        if late > 0 { format!(" ({late} of {} waiting)", report.requests) } else { String::new() };
    format!("{a} · {b} · {c}{late}")
}

fn memory(report: &Report) -> String {
    let mib = |kib: u64| kib as f64 / 1024.0;
    format!("{:.0} + {:.0} MiB", mib(report.server_memory), mib(report.store_memory))
}

/// Each turn has its own ratio, so that what disturbs the machine meets both.
fn ratio(floors: &[Report], ours: &[Report], wanted: f64) -> String {
    let mut ratios: Vec<f64> =
        floors.iter().zip(ours).map(|(floor, ours)| ours.per_second / floor.per_second).collect();
    ratios.sort_by(f64::total_cmp);
    let Some(ratio) = ratios.get(ratios.len() / 2) else { return String::new() };
    judged(&format!("{ratio:.2}"), *ratio, wanted, true)
}

impl Line {
    /// `writes`: whether what goes to the store's log is of interest.
    pub fn compared(name: &str, wanted: Wanted, turns: Turns, writes: bool) -> Self {
        let Turns { shared, lean, ours } = turns;
        let ratios = [ratio(&shared, &ours, wanted.shared), ratio(&lean, &ours, wanted.lean)];
        let [shared, lean, ours] = [shared, lean, ours].map(middle);
        let of = |tell: fn(&Report) -> String| {
            [&shared, &lean, &ours].map(|report| report.as_ref().map(tell).unwrap_or_default())
        };
        let [shared_rate, lean_rate, _] = of(rate);
        let [shared_cpu, lean_cpu, our_cpu] = of(cpu);
        let wal = of(|report| format!("{:.0} B", report.wal));
        let ours = ours.unwrap_or_default();
        let our_rate = judged(&rate(&ours), ours.events_per_second, wanted.events_per_second, true);
        let [to_shared, to_lean] = ratios;
        let cells = vec![
            shared_rate,
            lean_rate,
            our_rate,
            to_shared,
            to_lean,
            times(&ours),
            shared_cpu,
            lean_cpu,
            our_cpu,
            if writes { wal.join(" · ") } else { String::new() },
            memory(&ours),
        ];
        Line { section: Section::Floors, name: name.to_owned(), cells }
    }

    /// `finds`: whether an answer that found nothing is a bad one.
    pub fn alone(name: &str, ours: Vec<Report>, finds: bool) -> Self {
        let ours = middle(ours).unwrap_or_default();
        let nothing = ours.found_nothing;
        let cells = vec![
            rate(&ours),
            times(&ours),
            cpu(&ours),
            match (nothing > 0.0, finds) {
                (true, true) => format!("{:.1} % (0 wanted, **missed**)", nothing * 100.0),
                (true, false) => format!("{:.1} %", nothing * 100.0),
                (false, _) => String::new(),
            },
            memory(&ours),
        ];
        Line { section: Section::Alone, name: name.to_owned(), cells }
    }

    /// One p50 by another.
    pub fn flat(name: &str, wanted: f64, short: Vec<Report>, long: Vec<Report>) -> Self {
        let (short, long) = (middle(short).unwrap_or_default(), middle(long).unwrap_or_default());
        let ratio = long.p50 / short.p50;
        Line::itself(name, &short, &judged(&format!("{ratio:.2}"), ratio, wanted, false), &long)
    }

    pub fn again(name: &str, wanted: f64, without: Vec<Report>, with: Vec<Report>) -> Self {
        let (without, with) =
            (middle(without).unwrap_or_default(), middle(with).unwrap_or_default());
        let ratio = with.per_second / without.per_second;
        Line::itself(name, &without, &judged(&format!("{ratio:.2}"), ratio, wanted, true), &with)
    }

    fn itself(name: &str, against: &Report, ratio: &str, ours: &Report) -> Self {
        let cells = vec![
            rate(against),
            rate(ours),
            ratio.to_owned(),
            times(ours),
            cpu(against),
            cpu(ours),
            memory(ours),
        ];
        Line { section: Section::Itself, name: name.to_owned(), cells }
    }

    pub fn text(&self) -> String {
        format!("| {} | {} |", self.name, self.cells.join(" | "))
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, Section, Turns, Wanted};
    use crate::load::Report;

    fn report(per_second: f64) -> Report {
        Report { per_second, wal: 1_000.0, ..Report::default() }
    }

    #[test]
    fn each_floor_has_its_ratio() {
        let turns = Turns {
            shared: vec![report(100.0), report(200.0), report(400.0)],
            lean: vec![report(200.0), report(400.0), report(800.0)],
            ours: vec![report(50.0), report(120.0), report(200.0)],
        };
        let wanted = Wanted { shared: 0.5, lean: 0.4, events_per_second: 0.0 };
        let text = Line::compared("page", wanted, turns, true).text();
        assert!(
            text.starts_with(
                "| page | 200/s | 400/s | 120/s | 0.50 (≥ 0.5) | 0.25 (≥ 0.4, **missed**) |"
            ),
            "{text}"
        );
        assert!(text.contains("1000 B · 1000 B · 1000 B"), "{text}");
        for section in Section::ALL {
            let columns = |line: &str| line.matches('|').count();
            let head = section.head();
            let lines: Vec<&str> = head.lines().collect();
            assert_eq!(columns(lines[0]), columns(lines[1]));
        }
        assert_eq!(
            text.matches('|').count(),
            Section::Floors.head().lines().next().unwrap().matches('|').count()
        );
    }

    #[test]
    fn a_line_that_waits_says_so() {
        let late = Report { requests: 40, unanswered: 30, p50: 900_000.0, ..Report::default() };
        let text = Line::alone("words", vec![late], true).text();
        let nobody = Report { found_nothing: 0.25, ..Report::default() };
        let found = |finds| Line::alone("names", vec![nobody.clone()], finds).text();
        assert!(found(true).contains("25.0 % (0 wanted, **missed**)"));
        assert!(found(false).contains("25.0 % |"));
        assert!(text.contains("≥ 900.0 ms") && text.contains("(30 of 40 waiting)"), "{text}");
    }
}
