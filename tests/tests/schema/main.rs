//! What is written down and must not drift: the committed schema, and the README's purchase.

mod purchase;
mod sdl;
