//! Authentication: tokens that are let in, forged ones that are not, and keys of a provider.

mod forgery;
mod jwks;
mod provider;
mod tokens;
mod verifier;
