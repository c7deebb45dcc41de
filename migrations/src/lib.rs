//! The database schema, one file a step, up and down, on SQLite and Postgres.
