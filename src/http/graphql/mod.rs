//! `/graphql`: one path for all transports. [`route`] reads the request, [`single`] and [`batch`] run what it asks for.

mod batch;
mod request;
mod route;
mod single;

pub use route::handle;
