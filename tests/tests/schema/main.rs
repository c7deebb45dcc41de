//! What is written down and must not drift: the committed schema, the README's purchase, the list of errors.

mod errors;
mod purchase;
mod sdl;
