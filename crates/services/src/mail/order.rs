//! Mails about orders.

use super::{
    MailKind,
    letter::{Body, Recipient, Writing},
};
use crate::{
    Settings,
    readable::{amount_in, date_in},
};
use minijinja::{Value, context};
use stoa_domain::{
    gift_card::Last4,
    mail::Mail,
    order::{Fulfillment, LineItem, Order},
    shared::{Fault, Money, Timestamp},
};
use uuid::Uuid;

/// What the import and the demo call a product's only variant; buyers need not read it.
const ONLY_VARIANT: &str = "Default Title";

/// What a mail about an order says.
pub(crate) enum OrderLetter<'a> {
    /// It is paid.
    Confirmed,
    /// This was sent; `rest`: more will follow.
    Shipped { parcel: &'a Fulfillment, rest: bool },
    /// So much went back, by this refund.
    Refunded { refund: Uuid, amount: Money },
    /// So much went back to the gift card whose code ends so, by this refund; `None`: to store credit.
    BackOnCard { refund: Uuid, amount: Money, card: Option<Last4> },
    /// These gift cards were sold with it.
    GiftCards { cards: &'a [CodeInMail] },
}

/// A gift card's code, for whoever has bought it.
pub(crate) struct CodeInMail {
    /// As it is easily read out.
    pub(crate) code: String,
    /// What is on it.
    pub(crate) worth: Money,
    /// From when on nothing can be paid with it.
    pub(crate) until: Option<Timestamp>,
}

/// Writes to whoever placed the order, in the language they placed it in.
///
/// # Errors
/// Our own words or templates are broken.
pub(crate) fn write_order(
    settings: &Settings,
    order: &Order,
    letter: &OrderLetter<'_>,
) -> Result<Mail, Fault> {
    let recipient = Recipient { to: &order.email, locale: order.locale };
    let writing = Writing::begin(settings, recipient, letter.kind())?;
    let (about, body) = match *letter {
        OrderLetter::Confirmed => (order.id.uuid(), confirmed(&writing, order)?),
        OrderLetter::Shipped { parcel, rest } => (parcel.id.uuid(), shipped(&writing, order, parcel, rest)?),
        OrderLetter::Refunded { refund, amount } => (refund, refunded(&writing, order, amount)?),
        OrderLetter::BackOnCard { refund, amount, card } => {
            (refund, back_on_card(&writing, order, amount, card)?)
        }
        OrderLetter::GiftCards { cards } => (order.id.uuid(), gift_cards(&writing, order, cards)?),
    };
    writing.finish(&about.to_string(), body)
}

impl OrderLetter<'_> {
    /// Its kind.
    pub(crate) const fn kind(&self) -> MailKind {
        match self {
            Self::Confirmed => MailKind::OrderConfirmed,
            Self::Shipped { .. } => MailKind::OrderShipped,
            Self::Refunded { .. } => MailKind::OrderRefunded,
            Self::BackOnCard { .. } => MailKind::GiftCardRefunded,
            Self::GiftCards { .. } => MailKind::GiftCardIssued,
        }
    }
}

fn confirmed(writing: &Writing<'_>, order: &Order) -> Result<Body, Fault> {
    let lead = writing.say(if order.figures.total == 0 { "free" } else { "paid" }, &[])?;
    let lines: Vec<Value> = order.lines.iter().map(|line| sold(writing, order, line)).collect();
    let values = context! { lead => &lead, lines => lines, order => order_values(writing, order) };
    body(writing, order, "order_confirmed", ["subject", "title"], Some(lead), values)
}

fn shipped(writing: &Writing<'_>, order: &Order, parcel: &Fulfillment, rest: bool) -> Result<Body, Fault> {
    let tracking = &parcel.tracking;
    let track = tracking.urls().first();
    let link_label = match track {
        Some(_) => writing.say("track", &[])?,
        None => writing.say_from("order", "see", &[])?,
    };
    let lines = parcel.lines.iter().filter_map(|sent| {
        let line = order.lines.iter().find(|line| line.id == sent.line)?;
        Some(item(writing, line, sent.quantity, None))
    });
    let values = context! {
        lead => writing.say("lead", &[])?,
        rest => rest.then(|| writing.say("rest", &[])).transpose()?,
        lines => lines.collect::<Vec<_>>(),
        link_label => link_label,
        parcel => context! {
            carrier => tracking.company(),
            numbers => tracking.numbers().to_vec(),
            more_urls => tracking.urls().iter().skip(1).cloned().collect::<Vec<_>>(),
        },
        order => order_values(writing, order),
    };
    let parts = if rest { ["subject_part", "title_part"] } else { ["subject", "title"] };
    let body = body(writing, order, "order_shipped", parts, None, values)?;
    Ok(match track {
        Some(url) => Body { link: Some(url.clone()), ..body },
        None => body,
    })
}

fn refunded(writing: &Writing<'_>, order: &Order, amount: Money) -> Result<Body, Fault> {
    let (name, amount) = (order.name(), amount_in(amount, writing.locale));
    let said = [("order", name.as_str()), ("amount", amount.as_str())];
    let values = context! {
        lead => writing.say("lead", &said)?,
        amount => &amount,
        order => order_values(writing, order),
    };
    let title = writing.say("title", &said)?;
    let body = body(writing, order, "order_refunded", ["subject", "refunded"], None, values)?;
    Ok(Body { title, ..body })
}

fn back_on_card(
    writing: &Writing<'_>,
    order: &Order,
    amount: Money,
    card: Option<Last4>,
) -> Result<Body, Fault> {
    let (name, amount) = (order.name(), amount_in(amount, writing.locale));
    let last = card.map(|last| last.to_string()).unwrap_or_default();
    let said = [("order", name.as_str()), ("amount", amount.as_str()), ("last", last.as_str())];
    let [title, lead] = if card.is_some() { ["title", "lead"] } else { ["title_credit", "lead_credit"] };
    let values = context! {
        lead => writing.say(lead, &said)?,
        amount => &amount,
        order => order_values(writing, order),
    };
    let title = writing.say(title, &said)?;
    let body = body(writing, order, "gift_card_refunded", ["subject", "refunded"], None, values)?;
    Ok(Body { title, ..body })
}

fn gift_cards(writing: &Writing<'_>, order: &Order, cards: &[CodeInMail]) -> Result<Body, Fault> {
    let card = |card: &CodeInMail| -> Result<Value, Fault> {
        let until = card.until.map(|until| date_in(until, writing.locale));
        let until = until.map(|until| writing.say("until", &[("date", until.as_str())])).transpose()?;
        Ok(context! { code => &card.code, worth => amount_in(card.worth, writing.locale), until => until })
    };
    let values = context! {
        lead => writing.say("lead", &[])?,
        secret => writing.say("secret", &[])?,
        cards => cards.iter().map(card).collect::<Result<Vec<_>, _>>()?,
        order => order_values(writing, order),
    };
    body(writing, order, "gift_card_issued", ["subject", "title"], None, values)
}

fn body(
    writing: &Writing<'_>,
    order: &Order,
    template: &'static str,
    [subject, title]: [&str; 2],
    preheader: Option<String>,
    values: Value,
) -> Result<Body, Fault> {
    let name = order.name();
    Ok(Body {
        template,
        subject: writing.say(subject, &[("order", name.as_str())])?,
        title: writing.say(title, &[])?,
        preheader,
        link: Some(writing.settings.link(&format!("orders/{}", order.token))),
        why: writing.say_from("order", "why", &[])?,
        values,
    })
}

fn order_values(writing: &Writing<'_>, order: &Order) -> Value {
    let figures = &order.figures;
    let money = |minor| amount_in(Money::new(minor, figures.currency), writing.locale);
    context! {
        name => order.name(),
        placed_at => date_in(order.placed_at, writing.locale),
        subtotal => money(figures.subtotal),
        delivery => order.delivery_title.as_ref().map(|_| money(figures.delivery)),
        delivery_title => &order.delivery_title,
        tax => (figures.tax > 0).then(|| money(figures.tax)),
        total => money(figures.total),
        prices_include_tax => figures.prices_include_tax,
        shipping_address_lines => order.shipping_address.as_ref().map_or_else(Vec::new, |a| a.formatted(true, true)),
        note => &order.note,
    }
}

fn sold(writing: &Writing<'_>, order: &Order, line: &LineItem) -> Value {
    let money = |minor| amount_in(Money::new(minor, order.figures.currency), writing.locale);
    item(writing, line, line.quantity, Some([money(line.unit_price), money(line.subtotal)]))
}

/// A line; `price` is that of one unit and of all.
fn item(writing: &Writing<'_>, line: &LineItem, quantity: u32, price: Option<[String; 2]>) -> Value {
    let absolute = |url: &String| if url.starts_with('/') { writing.settings.link(url) } else { url.clone() };
    let [unit_price, total] = price.map_or([None, None], |prices| prices.map(Some));
    context! {
        title => &line.title,
        variant_title => Some(&line.variant_title).filter(|title| *title != ONLY_VARIANT),
        quantity => quantity,
        unit_price => unit_price,
        total => total,
        image_url => line.image_url.as_ref().map(absolute),
    }
}
