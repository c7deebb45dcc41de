//! GraphQL over HTTP, to the letter of its specification, with guards in front of the schema.
