//! The bus in one process, between servers, and the same promises for both.

mod memory;
mod redis;
mod redis_server;
mod shared;
