pub mod graphiql;
