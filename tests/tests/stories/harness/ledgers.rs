//! The books of prices, added up in SQL past the program: what it keeps as a figure is the sum of what it keeps as rows.

use super::{database, shop::Shop};

/// Each counts rows that contradict others, and says of what; there is none.
const CONTRADICTIONS: [(&str, &str); 11] = [
    (
        "a counter is the number of uses, and the sum of what they took off",
        "SELECT count(*) FROM promotion_counters c
         WHERE c.used <> (SELECT count(*) FROM promotion_uses u WHERE u.promotion_id = c.promotion_id AND u.state = 'taken')
         OR c.spent <> (SELECT COALESCE(SUM(u.amount_shop), 0) FROM promotion_uses u WHERE u.promotion_id = c.promotion_id AND u.state = 'taken')",
    ),
    (
        "no counter is beyond its limit",
        "SELECT count(*) FROM promotion_counters WHERE used > most OR spent > budget",
    ),
    (
        "a code counts the orders it is on",
        "SELECT count(*) FROM promotion_codes c
         WHERE c.used > c.most OR c.used <> (SELECT count(*) FROM promotion_uses u WHERE u.code_key = c.code_key AND u.state = 'taken')",
    ),
    (
        "a buyer's count is the number of their orders",
        "SELECT count(*) FROM promotion_buyers b
         WHERE b.used <> (SELECT count(*) FROM promotion_uses u WHERE u.promotion_id = b.promotion_id AND u.state = 'taken'
           AND u.buyer_keys LIKE '%' || b.buyer_key || '%')",
    ),
    (
        "orders that were given up have given back what they took, and no others",
        "SELECT count(*) FROM promotion_uses u JOIN orders o ON o.id = u.order_id
         WHERE (o.state = 'cancelled' AND u.state <> 'given_back') OR (o.state <> 'cancelled' AND u.state <> 'taken')",
    ),
    (
        "what is off an order is what promotions took off it",
        "SELECT count(*) FROM orders o WHERE o.discount + o.delivery_discount <>
         (SELECT COALESCE(SUM(u.amount), 0) FROM promotion_uses u WHERE u.order_id = o.id)",
    ),
    (
        "what is off an order's goods is the sum of its lines'",
        "SELECT count(*) FROM orders o WHERE o.discount <>
         (SELECT COALESCE(SUM(l.discount), 0) FROM order_lines l WHERE l.order_id = o.id)",
    ),
    (
        "no line is sold for less than nothing",
        "SELECT count(*) FROM order_lines WHERE discount > subtotal",
    ),
    (
        "taxes by rate are the tax",
        "SELECT count(*) FROM orders o WHERE EXISTS (SELECT 1 FROM order_taxes t WHERE t.order_id = o.id)
         AND o.tax <> (SELECT SUM(t.amount) FROM order_taxes t WHERE t.order_id = o.id)",
    ),
    (
        "payments are what the order costs",
        "SELECT count(*) FROM orders o WHERE o.total <>
         (SELECT COALESCE(SUM(p.amount), 0) FROM payments p WHERE p.order_id = o.id)",
    ),
    (
        "a card's balance is the sum of its entries",
        "SELECT count(*) FROM gift_cards g WHERE g.balance < 0 OR g.balance <>
         (SELECT COALESCE(SUM(e.delta), 0) FROM gift_card_entries e WHERE e.gift_card_id = g.id)",
    ),
];

impl Shop {
    /// What every story of prices ends with: the doctor finds nothing, and neither does who adds up the tables by hand.
    pub(crate) async fn ledgers_balance(&self) {
        self.books_balance().await;
        for (what, sql) in CONTRADICTIONS {
            let found = database::number(self.folder.path(), sql).await;
            assert_eq!(found, 0, "{what}:\n{}", self.dump().await);
        }
    }

    /// On how many living orders a promotion is, by its rows, and what it takes off them, in minor units of the shop's currency.
    pub(crate) async fn uses_of(&self, promotion: &str) -> [i64; 2] {
        let mut figures = [0; 2];
        for (figure, of) in
            figures.iter_mut().zip(["count(*)", "CAST(COALESCE(SUM(amount_shop), 0) AS BIGINT)"])
        {
            let sql =
                format!("SELECT {of} FROM promotion_uses WHERE state = 'taken' AND {}", self.is(promotion));
            *figure = database::number(self.folder.path(), &sql).await;
        }
        figures
    }

    /// The same by its counter, which there is of whatever is limited.
    pub(crate) async fn counted(&self, promotion: &str) -> [i64; 2] {
        let mut figures = [0; 2];
        for (figure, of) in figures.iter_mut().zip(["used", "spent"]) {
            let sql = format!("SELECT {of} FROM promotion_counters WHERE {}", self.is(promotion));
            *figure = database::number(self.folder.path(), &sql).await;
        }
        figures
    }

    /// A condition on the promotion with a global id: SQLite keeps ids as bytes.
    fn is(&self, promotion: &str) -> String {
        let id = promotion.rsplit('/').next().expect("an id");
        match database::is_sqlite() {
            true => format!("promotion_id = x'{}'", id.replace('-', "")),
            false => format!("promotion_id = '{id}'"),
        }
    }
}
