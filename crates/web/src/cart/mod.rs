//! The cart's pages: what is in it, changing it, and links that make one.

mod codes;
mod figures;
mod lines;
mod note;
mod notice;
mod page;
mod permalink;
mod view;

pub(crate) use codes::{change_cards, change_codes};
pub(crate) use figures::figure_values;
pub(crate) use lines::{add_line, change_line};
pub(crate) use note::set_note;
pub(crate) use notice::{Notice, NoticeQuery, Notices};
pub(crate) use page::show_cart;
pub(crate) use permalink::follow_link;
pub(crate) use view::line_values;
