//! The cart's pages: what is in it, changing it, and links that make one.
//!
//! Which cart is the browser's says a `Secure` cookie. Safari keeps none over plain http, not even of `http://localhost`: there the cart is empty
//! again after each line that was added, and nothing is wrong. Look at the pages in Chrome or Firefox, or over https (`tls.certificate`).

mod lines;
mod note;
mod notice;
mod page;
mod permalink;
mod view;

pub(crate) use lines::{add_line, change_line};
pub(crate) use note::set_note;
pub(crate) use notice::{Notice, NoticeQuery, Notices};
pub(crate) use page::show_cart;
pub(crate) use permalink::follow_link;
pub(crate) use view::line_values;
