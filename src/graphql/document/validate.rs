//! Parsing and validation of a document. The order is cheap to dear: bytes, syntax, limits (see
//! [`walk`](crate::graphql::document::walk)), rules.

use bluejay_parser::ast::definition::DefinitionDocument;
use bluejay_parser::ast::{Parse, ParseOptions};
use bluejay_parser::error::GraphQLError;
use bluejay_validator::executable::Cache;

use crate::error::Code;
use crate::graphql::document::RequestError;
use crate::graphql::document::limit::Limits;
use crate::graphql::document::lines::Lines;
use crate::graphql::document::messages::{Tally, Teller, Told};
use crate::graphql::document::places::Fragments;
use crate::graphql::document::rules;
use crate::graphql::document::scan::scan;
use crate::graphql::document::syntax::{Parsed, Scalars, Schema};
use crate::graphql::document::{merging, subscription_root, uses};

/// How many errors are shown; a document of mistakes has more than anybody reads.
const SHOWN: usize = 50;

/// How many places an error has at most.
const PLACES: usize = 20;

/// The schema as the validator reads it. One is made for a process and stays to its end.
pub struct ValidatorSchema(Schema<'static>);

impl ValidatorSchema {
    /// Reads the schema's text.
    pub fn new(sdl: &'static str) -> Result<Self, String> {
        let told = |errors: Vec<bluejay_parser::Error>| {
            let errors = bluejay_parser::Error::into_graphql_errors(sdl, errors);
            format!("the schema cannot be read: {errors:?}")
        };
        let document = DefinitionDocument::parse(sdl).result.map_err(told)?;
        let document: &'static DefinitionDocument<'static, Scalars> = Box::leak(Box::new(document));
        let schema = Schema::try_from(document)
            .map_err(|errors| told(errors.into_iter().map(Into::into).collect()))?;
        Ok(ValidatorSchema(schema))
    }
}

/// Scans a text's bytes, then parses it; the text is a [`mended`](crate::graphql::document::mend)
/// one. Only the first mistake of syntax is told: those behind it are mostly its echo.
pub fn parse<'a>(text: &'a str, limits: &Limits) -> Result<Parsed<'a>, Vec<RequestError>> {
    scan(text, limits).map_err(|refused| vec![refused.into()])?;
    let options = ParseOptions {
        // The scan has counted both already, where the text is one of well-formed tokens.
        max_depth: usize::try_from(limits.brackets * 3).unwrap_or(usize::MAX),
        max_tokens: usize::try_from(limits.tokens).ok(),
        ..ParseOptions::default()
    };
    let parsed = Parsed::parse_with_options(text, options).result;
    parsed.map_err(|errors| vec![not_graphql(text, errors)])
}

fn not_graphql(text: &str, errors: Vec<bluejay_parser::Error>) -> RequestError {
    // The parser tells lines and columns only, and knows other ends of lines; in a text of blanks
    // the column is the byte.
    let blanks = " ".repeat(text.len());
    let errors = bluejay_parser::Error::into_graphql_errors(&blanks, errors);
    let byte = |error: &GraphQLError| error.locations.first().map(|at| at.col.saturating_sub(1));
    let first = errors.iter().min_by_key(|error| byte(error).unwrap_or(usize::MAX));
    let at = first.and_then(byte);
    let what = match (first.map(|error| &*error.message), at) {
        (Some("Unexpected EOF"), _) => "it ends too early".into(),
        (Some("Unable to parse"), Some(at)) if text[at..].starts_with('"') => {
            "a string has no end".into()
        }
        (Some("String value invalid"), _) => {
            "a string has a line's end or an escape that strings have not".into()
        }
        (Some("Unable to parse" | "Unexpected token"), Some(at)) => {
            format!("unexpected {}", found(text, at))
        }
        (Some(message), Some(at)) => {
            let expected = lower(message).replacen("to find: ", "", 1);
            format!("{expected}, found {}", found(text, at))
        }
        _ => "it has no operation".into(),
    };
    let message = format!("the document is not GraphQL: {what}");
    let at = at.map(|at| Lines::new(text).location(at));
    RequestError::new(Code::GraphqlParseFailed, message).at(at.into_iter().collect())
}

/// The word or the sign at a byte.
fn found(text: &str, at: usize) -> String {
    let rest = text.get(at..).unwrap_or_default();
    let word = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    let sign = rest.chars().next().map_or(0, char::len_utf8);
    let found = &rest[..word.unwrap_or(rest.len()).max(sign)];
    let short = &found[..found.floor_char_boundary(40)];
    let more = if short == found { "" } else { "…" };
    let seen = short.replace(char::is_control, "?");
    format!("`{seen}{more}`")
}

fn lower(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

/// Holds a document that is within its limits against all rules. Every place where one is broken is
/// an error, in the order of the document; of many only the first are told. `suggestions` says
/// whether they name parts of the schema that may have been meant.
pub fn validate(
    document: &Parsed<'_>,
    text: &str,
    schema: &ValidatorSchema,
    suggestions: bool,
) -> Vec<RequestError> {
    let schema = &schema.0;
    let fragments = Fragments::new(document);
    let merging = match merging::broken(document, &fragments, schema) {
        Ok(tally) => tally,
        Err(refused) => return vec![refused.into()],
    };
    let teller = Teller { document, fragments: &fragments, schema, text, suggestions };
    let mut rules = Tally::default();
    let cache = Cache::new(document, schema);
    for error in rules::broken(document, schema, &cache) {
        rules.add(|| teller.tell(error));
    }
    let uses = uses::broken(document, &fragments);
    let subscriptions = subscription_root::broken(document, &fragments, schema);
    let (mut told, mut further) = (Vec::new(), 0);
    for tally in [rules, merging, uses, subscriptions] {
        told.extend(tally.told);
        further += tally.further;
    }
    further += told.len().saturating_sub(SHOWN);
    told.sort_by(|one, other| (&one.bytes, &one.message).cmp(&(&other.bytes, &other.message)));
    told.truncate(SHOWN);
    let lines = Lines::new(if told.is_empty() { "" } else { text });
    let error = |told: Told| {
        let at = told.bytes.iter().take(PLACES).map(|byte| lines.location(*byte)).collect();
        RequestError::new(Code::GraphqlValidationFailed, told.message).at(at)
    };
    let mut errors: Vec<RequestError> = told.into_iter().map(error).collect();
    if further > 0 {
        let message = format!("{further} further errors are not shown");
        errors.push(RequestError::new(Code::GraphqlValidationFailed, message));
    }
    errors
}
