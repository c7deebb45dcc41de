//! The use cases: where persistence, state and payments meet, and transactions open and commit.
