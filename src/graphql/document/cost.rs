//! What an operation costs, as a sum that is made once for a document and added up for each
//! request, since a variable may say how many rows it wants.

use std::sync::Arc;

use async_graphql::Value;
use bluejay_core::{AsIter, Value as _, ValueReference};
use bluejay_parser::ast::VariableArgument;

use crate::graphql::document::limit::Usual;
use crate::graphql::document::places::each;
use bluejay_parser::ast::executable::Field;

/// The value of a variable of a request.
pub type Variables<'v> = dyn Fn(&str) -> Option<&'v Value> + 'v;

/// The points of an operation. Its steps are shared by the operations of a document, and there are
/// no more of them than the document has selections and arguments.
#[derive(Clone, Debug)]
pub struct Cost {
    steps: Arc<[Step]>,
    total: Term,
}

/// A number of points, known or the result of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Term {
    Known(u64),
    Step(usize),
}

impl Default for Term {
    fn default() -> Self {
        Term::Known(0)
    }
}

/// How many rows a field asks for: the most of what is written and of what variables say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Rows {
    written: Option<u64>,
    variables: Vec<Asked>,
    /// Where nothing says it.
    usual: u64,
    /// Whether all that is below the field is asked of each row.
    plain: bool,
}

/// A variable that says how many rows a field answers: by its number, or by its length.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Asked {
    Number(Box<str>),
    Length(Box<str>),
}

#[derive(Debug)]
enum Step {
    Add(Term, Term),
    Multiply(Rows, Term),
}

/// Puts the steps of a document together; sums saturate.
#[derive(Default)]
pub struct Steps(Vec<Step>);

impl Steps {
    pub fn add(&mut self, one: Term, other: Term) -> Term {
        match (one, other) {
            (Term::Known(one), Term::Known(other)) => Term::Known(one.saturating_add(other)),
            (Term::Known(0), term) | (term, Term::Known(0)) => term,
            _ => self.push(Step::Add(one, other)),
        }
    }

    fn multiply(&mut self, rows: Rows, points: Term) -> Term {
        match points {
            Term::Known(0) => points,
            Term::Known(points) if rows.variables.is_empty() => {
                Term::Known(rows.count(&|_| None).saturating_mul(points))
            }
            _ => self.push(Step::Multiply(rows, points)),
        }
    }

    fn push(&mut self, step: Step) -> Term {
        self.0.push(step);
        Term::Step(self.0.len() - 1)
    }

    /// What a field costs once, and for each row of the connection that it is part of, where its
    /// selections cost `inner`. `usual` is how many rows a field of its name answers.
    pub fn field(
        &mut self,
        field: &Field<'_>,
        usual: Option<Usual>,
        (once, per_row): (Term, Term),
    ) -> (Term, Term) {
        const NOTHING: Term = Term::Known(0);
        const ONE: Term = Term::Known(1);
        if let Some(rows) = Rows::of(field, usual) {
            let (once, per_row) =
                if rows.plain { (NOTHING, self.add(once, per_row)) } else { (once, per_row) };
            let row = self.add(ONE, per_row);
            let rows = self.multiply(rows, row);
            let once = self.add(ONE, once);
            return (self.add(once, rows), NOTHING);
        }
        if field.selection_set().is_none() {
            return (NOTHING, NOTHING);
        }
        let all = self.add(once, per_row);
        match field.name().as_str() {
            "edges" | "nodes" => (NOTHING, all),
            "node" | "pageInfo" => (all, NOTHING),
            _ => (self.add(ONE, all), NOTHING),
        }
    }

    /// The costs of operations, from what each adds up to.
    pub fn costs(self, totals: &[Term]) -> Vec<Cost> {
        let steps: Arc<[Step]> = self.0.into();
        let cost = |total: &Term| Cost { steps: steps.clone(), total: *total };
        totals.iter().map(cost).collect()
    }
}

impl Cost {
    /// The points for a request: rows asked for, at least 1. Defaults are the caller's to add.
    pub fn points(&self, variables: &Variables<'_>) -> u64 {
        let Term::Step(last) = self.total else { return value(self.total, &[]).max(1) };
        let mut results = Vec::with_capacity(last + 1);
        for step in &self.steps[..=last] {
            results.push(match step {
                Step::Add(one, other) => {
                    value(*one, &results).saturating_add(value(*other, &results))
                }
                Step::Multiply(rows, points) => {
                    rows.count(variables).saturating_mul(value(*points, &results))
                }
            });
        }
        results[last].max(1)
    }
}

fn value(term: Term, results: &[u64]) -> u64 {
    match term {
        Term::Known(points) => points,
        Term::Step(step) => results[step],
    }
}

impl Rows {
    /// The rows of a field; nothing for one that answers one thing.
    fn of(field: &Field<'_>, usual: Option<Usual>) -> Option<Rows> {
        let (count, plain) = match usual {
            Some(Usual::Connection(count)) => (count, false),
            Some(Usual::List(count)) => (count, true),
            None => (1, false),
        };
        let mut rows = Rows { usual: count, plain, ..Rows::default() };
        let mut is_list = usual.is_some();
        for argument in each(field.arguments()) {
            match argument.name().as_str() {
                "first" | "last" | "days" => rows.number(argument),
                "inputs" => rows.length(argument),
                "ids" => {
                    rows.plain = true;
                    rows.length(argument);
                }
                _ => continue,
            }
            is_list = true;
        }
        is_list.then_some(rows)
    }

    fn number(&mut self, argument: &VariableArgument<'_>) {
        let written = match argument.value().as_ref() {
            ValueReference::Variable(name) => {
                return self.variables.push(Asked::Number(name.name().into()));
            }
            ValueReference::Integer(number) => number.as_u64().or(number.as_i64().map(|_| 0)),
            _ => None,
        };
        self.written = self.written.max(Some(written.unwrap_or(self.usual)));
    }

    fn length(&mut self, argument: &VariableArgument<'_>) {
        let written = match argument.value().as_ref() {
            ValueReference::Variable(name) => {
                return self.variables.push(Asked::Length(name.name().into()));
            }
            ValueReference::List(items) => items.len() as u64,
            _ => 1,
        };
        self.written = self.written.max(Some(written));
    }

    fn count(&self, variables: &Variables<'_>) -> u64 {
        let asked = |asked: &Asked| match asked {
            Asked::Number(name) => Some(variables(name).and_then(number).unwrap_or(self.usual)),
            Asked::Length(name) => variables(name).map(length),
        };
        let most = self.variables.iter().filter_map(asked).max();
        most.max(self.written).unwrap_or(self.usual)
    }
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().or(number.as_i64().map(|_| 0)),
        _ => None,
    }
}

/// What is no list stands for a list of itself.
fn length(value: &Value) -> u64 {
    match value {
        Value::List(items) => items.len() as u64,
        _ => 1,
    }
}
