//! The system of record: SeaORM on SQLite and Postgres from one code base.
