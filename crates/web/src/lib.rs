//! The pages of our own that a person can buy from, in any browser, without JavaScript: shop, product, cart, checkout,
//! thank you, and an account.
//!
//! ```text
//! GET  /shop  /products/{handle}              what there is
//! GET  /cart                                  the cart of the cookie
//! GET  /cart/{variant}:{quantity},…           a link that makes a cart and goes to its checkout
//! POST /cart/lines  /cart/lines/{line}  /cart/note
//! GET  /checkout/{cart}   POST the same       contact, address, delivery; places the order
//! POST /checkout/{cart}/edit                  makes this cart the browser's, and shows it
//! GET  /orders/{token}    …/pay               how it stands; paying it
//! GET  /orders            POST the same       finding an order by number and e-mail address
//! GET  /account                               orders, addresses, sign-ins, and what is known of one
//!      /account/register  /sign-in  /recover  and what their mails lead to: /activate  /reset  /email, each with a token
//!      /account/orders  /addresses  /details  /email  /password  /sessions  /consent  /archive  /erase  /sign-out
//!      /staff/accept  /reset  /recover        what the mails to staff lead to
//! ```
//!
//! A handler decodes, calls one use case of [`stoa_services`] and maps the outcome. Whoever knows a cart's id or an
//! order's token may see it, as in the API; a cookie only remembers the cart's id. Another one, the API's own, says who is signed
//! in. Posted forms are believed only when
//! they come from our own pages, and every page carries a policy that lets no script in.

mod account;
mod assets;
mod cart;
mod catalog;
mod checkout;
mod countries;
mod error;
mod forms;
mod http;
mod order;
mod price;
mod router;
mod settings;
mod staff;
mod state;
mod templates;

pub use router::router;
pub use settings::WebSettings;
