//! "Thank you for your order."

use super::templates::render;
use crate::{
    Context, Settings, meters,
    readable::{amount, date_and_time},
};
use minijinja::{Value, context};
use stoa_domain::{
    mail::Mail,
    order::{LineItem, Order},
    shared::{Fault, Money, OrderId},
};
use stoa_persistence::order;

/// What the import and the demo call a product's only variant; buyers need not read it.
const ONLY_VARIANT: &str = "Default Title";

/// Writes to the buyer. May run twice: the mail carries the same id then.
pub(crate) async fn confirm_order(ctx: &Context, id: OrderId) -> Result<(), Fault> {
    let order =
        order::find(ctx.db().read(), id).await?.ok_or(Fault::bug("mail.confirm_order: no such order"))?;
    let mail = compose(&ctx.settings, &order)?;
    let sent = ctx.ports.mailer.send(&mail).await;
    meters::mail(sent.is_ok());
    sent
}

fn compose(settings: &Settings, order: &Order) -> Result<Mail, Fault> {
    let values = values(settings, order);
    let subject = render("order_confirmed.subject.txt", &values)?;
    Ok(Mail {
        id: format!("order-confirmed-{}", order.id),
        to: order.email.clone(),
        // A line break in a subject would begin a header of its own.
        subject: subject.split_whitespace().collect::<Vec<_>>().join(" "),
        text: render("order_confirmed.txt", &values)?,
        html: render("order_confirmed.html", &values)?,
    })
}

fn values(settings: &Settings, order: &Order) -> Value {
    let figures = &order.figures;
    let money = |minor| amount(Money::new(minor, figures.currency));
    let lines: Vec<Value> = order.lines.iter().map(|line| line_values(settings, line, &money)).collect();
    let address = order.shipping_address.as_ref().map_or_else(Vec::new, |a| a.formatted(true, true));
    context! {
        shop => context! { name => &settings.shop_name, url => settings.public_url.as_str() },
        order => context! {
            name => order.name(),
            number => order.number,
            email => order.email.as_str(),
            status_url => settings.link(&format!("orders/{}", order.token)),
            placed_at => date_and_time(order.placed_at),
            lines => lines,
            subtotal => money(figures.subtotal),
            delivery => order.delivery_title.as_ref().map(|_| money(figures.delivery)),
            delivery_title => &order.delivery_title,
            tax => (figures.tax > 0).then(|| money(figures.tax)),
            total => money(figures.total),
            prices_include_tax => figures.prices_include_tax,
            shipping_address_lines => address,
            note => &order.note,
        },
    }
}

fn line_values(settings: &Settings, line: &LineItem, money: &impl Fn(i64) -> String) -> Value {
    let variant = Some(&line.variant_title).filter(|t| *t != ONLY_VARIANT);
    let absolute = |url: &String| if url.starts_with('/') { settings.link(url) } else { url.clone() };
    context! {
        title => &line.title,
        variant_title => variant,
        quantity => line.quantity,
        unit_price => money(line.unit_price),
        total => money(line.subtotal),
        image_url => line.image_url.as_ref().map(absolute),
    }
}
