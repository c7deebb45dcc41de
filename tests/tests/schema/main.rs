//! What is written down and must not drift: the committed schema, the README's purchase, the list of errors, the tests that the threat
//! model and the stories name, the list of what sockets do, the decisions.

mod adrs;
mod errors;
mod purchase;
mod sdl;
mod sockets;
mod stories;
mod threats;
