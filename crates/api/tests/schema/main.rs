//! The schema as clients meet it.

mod shapes;
