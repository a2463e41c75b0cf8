//! What can go wrong, free of any transport, each with a stable code. The table in `docs/errors.md` is tested against
//! [`Code::ALL`].

pub mod operator;

use std::fmt;

use crate::ids::CustomerId;

/// `extensions.code` of a GraphQL error, and `error.code` over REST.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Code {
    BadRequest,
    GraphqlParseFailed,
    GraphqlValidationFailed,
    InvalidArgument,
    InvalidCursor,
    Unauthenticated,
    Forbidden,
    MethodNotAllowed,
    NotAcceptable,
    RequestTimeout,
    IdempotencyInFlight,
    PayloadTooLarge,
    UnsupportedMediaType,
    IdempotencyMismatch,
    DocumentTooComplex,
    RateLimited,
    PersistedQueryNotFound,
    DocumentNotTrusted,
    Timeout,
    Unavailable,
    Internal,
}

/// One row of that table.
pub struct CodeRow {
    pub code: Code,
    pub name: &'static str,
    pub status: u16,
    pub when: &'static str,
    pub then: &'static str,
}

macro_rules! codes {
    ($($code:ident $name:literal $status:literal $when:literal $then:literal;)+) => {
        impl Code {
            pub const ALL: &'static [CodeRow] = &[$(CodeRow {
                code: Code::$code,
                name: $name,
                status: $status,
                when: $when,
                then: $then,
            },)+];
        }
    };
}

codes! {
    BadRequest "BAD_REQUEST" 400 "The body, a parameter or a header is not what the route takes" "Correct the request; the message says what is wrong";
    GraphqlParseFailed "GRAPHQL_PARSE_FAILED" 400 "The document is not GraphQL" "Correct the document";
    GraphqlValidationFailed "GRAPHQL_VALIDATION_FAILED" 400 "The document or its variables do not fit the schema" "Correct the document";
    InvalidArgument "INVALID_ARGUMENT" 400 "An argument is outside what the field takes" "Correct the argument";
    InvalidCursor "INVALID_CURSOR" 400 "A cursor is forged, of another list or, of what is live, of another customer" "Start the list again without it";
    Unauthenticated "UNAUTHENTICATED" 401 "No token, or one that is expired, tampered with or of an unknown key" "Get a new token";
    Forbidden "FORBIDDEN" 403 "The token's role does not allow it" "Use a token of another role";
    MethodNotAllowed "METHOD_NOT_ALLOWED" 405 "The route does not take the method, or GET carries a mutation" "Use a method of the Allow header";
    NotAcceptable "NOT_ACCEPTABLE" 406 "No media type of the Accept header can be served" "Accept application/graphql-response+json or application/json";
    RequestTimeout "REQUEST_TIMEOUT" 408 "The request did not arrive in time" "Send it again, faster";
    IdempotencyInFlight "IDEMPOTENCY_IN_FLIGHT" 409 "A request with this Idempotency-Key is still running" "Ask again with the same key after Retry-After seconds";
    PayloadTooLarge "PAYLOAD_TOO_LARGE" 413 "The body, the token or a header is over its limit" "Send less at once";
    UnsupportedMediaType "UNSUPPORTED_MEDIA_TYPE" 415 "The body is not application/json" "Send application/json";
    IdempotencyMismatch "IDEMPOTENCY_MISMATCH" 422 "This Idempotency-Key was used with another request" "Use a new key for a new request";
    DocumentTooComplex "DOCUMENT_TOO_COMPLEX" 400 "The document is over a limit of depth, cost, aliases, directives, root fields, tokens or expansion" "Ask for less at once; extensions tell limit and value";
    RateLimited "RATE_LIMITED" 429 "The token's or address's allowance is used up" "Wait Retry-After seconds";
    PersistedQueryNotFound "PERSISTED_QUERY_NOT_FOUND" 200 "The hash of an automatic persisted query is not known (yet)" "Send the hash with the document";
    DocumentNotTrusted "DOCUMENT_NOT_TRUSTED" 400 "The server only runs documents of its manifest" "Add the document to the manifest";
    Timeout "TIMEOUT" 504 "The execution took longer than the limit" "Ask for less; a mutation may still complete";
    Unavailable "UNAVAILABLE" 503 "The store cannot be reached, or the server is stopping" "Try again after Retry-After seconds";
    Internal "INTERNAL" 500 "A fault of ours; the log has the detail under the request id" "Report it with the request id";
}

impl Code {
    pub fn row(self) -> &'static CodeRow {
        Code::ALL.iter().find(|row| row.code == self).expect("every code has a row")
    }

    pub fn name(self) -> &'static str {
        self.row().name
    }

    pub fn status(self) -> u16 {
        self.row().status
    }

    /// Whether only we can mend it: the log warns of it.
    pub fn is_our_fault(self) -> bool {
        matches!(self, Code::Unavailable | Code::Internal | Code::Timeout)
    }

    /// Whether the same request would fail the same way again. What fails for reasons of ours may be tried again.
    pub fn is_final(self) -> bool {
        !matches!(self, Code::Unavailable | Code::Internal | Code::RateLimited | Code::Timeout)
    }
}

/// What a user can cause, named in the payload's `userErrors`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UserErrorCode {
    Invalid,
    NotFound,
    Conflict,
    VersionConflict,
    Blocked,
    LimitExceeded,
    IllegalTransition,
}

impl UserErrorCode {
    pub fn name(self) -> &'static str {
        match self {
            UserErrorCode::Invalid => "INVALID",
            UserErrorCode::NotFound => "NOT_FOUND",
            UserErrorCode::Conflict => "CONFLICT",
            UserErrorCode::VersionConflict => "VERSION_CONFLICT",
            UserErrorCode::Blocked => "BLOCKED",
            UserErrorCode::LimitExceeded => "LIMIT_EXCEEDED",
            UserErrorCode::IllegalTransition => "ILLEGAL_TRANSITION",
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UserError {
    pub code: UserErrorCode,
    pub message: String,
    /// Names of input fields and indexes of list items, from the mutation's argument inwards.
    pub path: Vec<String>,
    pub customer: Option<CustomerId>,
}

impl UserError {
    pub fn new(code: UserErrorCode, message: impl Into<String>) -> Self {
        UserError { code, message: message.into(), path: Vec::new(), customer: None }
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        UserError::new(UserErrorCode::Invalid, message)
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        UserError::new(UserErrorCode::NotFound, message)
    }

    #[must_use]
    pub fn at<P: Into<String>>(mut self, path: impl IntoIterator<Item = P>) -> Self {
        self.path = path.into_iter().map(Into::into).collect();
        self
    }

    /// The same error seen from one level further out.
    #[must_use]
    pub fn under(mut self, outer: impl Into<String>) -> Self {
        self.path.insert(0, outer.into());
        self
    }

    #[must_use]
    pub fn customer(mut self, customer: CustomerId) -> Self {
        self.customer = Some(customer);
        self
    }
}

/// The one error of everything below the transports.
#[derive(Debug)]
pub enum Error {
    /// The user can correct it: over GraphQL a `userErrors` entry, over REST a 400.
    User(UserError),
    /// A code with a safe message.
    Coded(Code, String),
    /// What was read has moved meanwhile: the transaction is tried again. Clients only ever see it as a busy store.
    Retry,
    /// The store failed; the detail is for the log only.
    Store(sea_orm::DbErr),
    /// A fault of ours; the detail is for the log only.
    Internal(String),
    /// The store cannot be used as it is: one line for the operator, at a start.
    Unusable(String),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub fn coded(code: Code, message: impl Into<String>) -> Self {
        Error::Coded(code, message.into())
    }

    pub fn code(&self) -> Code {
        match self {
            Error::User(_) => Code::InvalidArgument,
            Error::Coded(code, _) => *code,
            Error::Retry => Code::Unavailable,
            Error::Store(error) if unreachable(error) || refused(error) => Code::Unavailable,
            Error::Store(_) | Error::Internal(_) | Error::Unusable(_) => Code::Internal,
        }
    }

    /// What a client may read.
    pub fn message(&self) -> String {
        match self {
            Error::User(error) => error.message.clone(),
            Error::Coded(_, message) => message.clone(),
            _ if self.code() == Code::Unavailable => {
                "the store cannot be reached at the moment".into()
            }
            _ => "something went wrong on our side".into(),
        }
    }

    /// What the log may say: never shown to a client.
    pub fn detail(&self) -> String {
        match self {
            Error::User(error) => error.message.clone(),
            Error::Coded(_, message) => message.clone(),
            Error::Retry => "too many writers at once on the same customers".into(),
            Error::Store(error) => error.to_string(),
            Error::Internal(detail) | Error::Unusable(detail) => detail.clone(),
        }
    }

    /// What an operator reads when the store cannot be used: one line without the password of `DATABASE_URL`.
    pub fn for_operator(&self) -> String {
        match self {
            Error::Unusable(line) => line.clone(),
            Error::Store(error) => format!("DATABASE_URL: {}", operator::cause(error)),
            _ => format!("DATABASE_URL: {}", self.detail().replace('\n', " ")),
        }
    }
}

/// Whether the store was reached and took no connection: it starts, stops, or is full.
fn refused(error: &sea_orm::DbErr) -> bool {
    matches!(error, sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(_)))
}

/// Whether the store was not reached at all, as opposed to refusing a statement.
fn unreachable(error: &sea_orm::DbErr) -> bool {
    use sea_orm::{DbErr, RuntimeErr, sqlx};
    match error {
        DbErr::ConnectionAcquire(_) => true,
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            match &**error {
                sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::Tls(_)
                | sqlx::Error::WorkerCrashed => true,
                // 57P01 to 57P03: the server is stopping or starting; 53300: too many connections; 08: the
                // link broke; 57014: the statement took too long.
                sqlx::Error::Database(error) => error.code().is_some_and(|code| {
                    code.starts_with("57P")
                        || code.starts_with("08")
                        || code == "53300"
                        || code == "57014"
                }),
                _ => false,
            }
        }
        _ => false,
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        Error::Store(error)
    }
}

impl From<UserError> for Error {
    fn from(error: UserError) -> Self {
        Error::User(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code().name(), self.message())
    }
}

impl std::error::Error for Error {}
