//! The report as `docs/benchmarks.md`.

use super::{
    ColdStart, Host, Import, Pricing, Report, Row, SignIns, SizeReport, TokenCheck,
    goals::{self, goal, verdict},
    numbers::{grouped, megabytes, micros, rate, ratio, time},
};
use crate::scenario::Scenario;

impl Report {
    /// The whole page.
    pub(crate) fn markdown(&self) -> String {
        let mut page = vec![
            "# Benchmarks".to_owned(),
            "Written by `make bench`, never by hand.".to_owned(),
            self.machine(),
            self.method(),
        ];
        page.extend(self.sizes.iter().map(SizeReport::markdown));
        page.extend(self.growth());
        page.push(self.starts());
        page.extend(self.sign_ins.as_ref().map(SignIns::markdown));
        page.extend(self.token_check.as_ref().map(TokenCheck::markdown));
        page.extend(self.pricing.as_ref().map(Pricing::markdown));
        page.extend(self.import.as_ref().map(Import::markdown));
        page.join("\n\n") + "\n"
    }

    fn machine(&self) -> String {
        let machine = &self.machine;
        let cores = match self.setup.cores {
            Some((server, driver)) => format!("the server on core {server}, the driver on core {driver}"),
            None => "**not pinned**: there are fewer than two cores, or no `taskset`, so server and driver were in each \
                     other's way"
                .to_owned(),
        };
        let lines = [
            ("date", machine.date.clone()),
            ("processor", format!("{}, {} cores", machine.cpu, machine.cores)),
            ("cores used", cores),
            ("memory", format!("{} MiB", grouped(machine.memory))),
            ("kernel", format!("Linux {}", machine.kernel)),
            ("compiler", machine.rustc.clone()),
            ("commit", machine.commit.clone()),
            ("program", format!("{:.1} MB", machine.program as f64 / 1e6)),
        ];
        let rows = lines.map(|(what, value)| format!("| {what} | {value} |"));
        format!("## Machine\n\n| | |\n|---|---|\n{}", rows.join("\n"))
    }

    fn method(&self) -> String {
        let setup = &self.setup;
        let each = self.sizes.first().map_or(0, |size| size.catalogue.deep);
        format!(
            "## How it is measured

The server is the release binary (`stoa serve`) with the settings it comes with: on an SQLite file, and on Postgres (which waits \
for its disk) with Redis beside it; those two run on whatever core is free. What stands for Stripe (`stoa sandbox`) is a process of its own on \
the driver's core, as Stripe is elsewhere; until 2026-11-21 it was inside the server that was measured, and until 2026-11-22 it posted one event after \
the other, where now those of up to 16 payments are on their way at once. The driver \
(`stoa-bench`) asks it over HTTP/1.1 on {connections} connections that are kept alive, each sending its next request when \
the last answer has come. The plain route is an axum handler that serialises a struct to 4 kB of JSON for every `GET`, with \
the same runtime, allocator and socket options; it runs on the server's core while the server is idle.

* There are {rounds} rounds after one that only warms up. In each, a slice of {seconds} s of everything stands right behind a \
slice of {half} s of the plain route. Figures are medians over the rounds; *of plain* is the median of the ratios within the pairs. \
A pair of slices in which the host kept more than 2 % of the processors' time for others (*steal*) is taken again, up to four times, and \
the calmest counts.
* *Alone* is the median latency on one connection, with nobody else there. The other latencies are those of a server that is \
kept busy by {connections} callers.
* Every answer is checked: status 200, no `errors`, no `userErrors`. Before the rounds {samples} answers of each kind are looked \
into: 20 products with image, price and availability; 3 variants, the option's values and 5 images; 50 products with 10 variants each.
* Requests differ. Lists are read page after page, as a client walks them, through the first 10,000 products in eight orders, \
forward and backward (up to 8,000 different pages), in a shuffled order; product pages are visited by Zipf's law, the one at rank r in \
proportion to 1/r, so that rare ones go on coming; deep lists through all products of ten variants in three orders, forward and \
backward; lines are added from 10,000 variants.
* Before the rounds each list, each deep list and the page of each product is asked for once, as crawlers do to every shop. What pages cost \
then, which nothing that is kept in memory can help, is the row *each product once*: medians over as many slices as that takes. In the \
rounds memory helps as much as there is room for it, and no more: *statements* shows how often it did not. (Until 2026-11-21 first visits \
were part of the rounds, one page of a large catalogue in eight and one list in sixteen: what was measured was a server that had \
started a minute before.)
* *Statements* are SQL statements that the server ran in the slice, for each unit of it, with whatever its jobs did meanwhile; \
beginning and ending a transaction do not count.
* *Add line* puts one unit of another variant into a cart, five lines to a cart, and reads the whole cart back. The carts are \
made before the clock starts.
* *Whole purchase* is cart, two lines, address, delivery, order, payment at the sandbox as a browser makes it, and the webhook that the sandbox posts, \
until the order reads `PAID`, which is asked after 20 ms and then every 40 ms (until 2026-11-21: at once, after 5 ms, 10, 20, 40, and then \
every 80 ms, nearly four times a purchase).
* Beside its products of 3 variants and 5 images every catalogue has {each} of 10 variants.
* *Busy* is how much of its core each side used. As long as the driver's is not the full one, it is the server that is measured.",
            connections = setup.connections,
            rounds = setup.rounds,
            seconds = setup.seconds,
            half = setup.seconds / 2.0,
            samples = 25,
            each = grouped(each.into()),
        )
    }

    /// How lists and pages of the largest catalogue stand to those of the smallest, on the same servers.
    fn growth(&self) -> Option<String> {
        let mut lines = Vec::new();
        for small in &self.sizes {
            let larger = |size: &&SizeReport| {
                size.on == small.on && size.catalogue.ordinary > small.catalogue.ordinary
            };
            let Some(large) = self.sizes.iter().find(larger) else { continue };
            for scenario in [Scenario::List, Scenario::Page] {
                let of = |size: &SizeReport| {
                    size.rows.iter().find(|(s, _)| *s == scenario).map(|(_, row)| row.ratio)
                };
                if let Some((small, of_small)) = of(large).zip(of(small)).map(|(l, s)| (s, l / s))
                    && small > 0.0
                {
                    let kept = verdict(of_small >= goals::LARGE);
                    lines.push(format!(
                        "| {}, {} | {of_small:.2} | 0.7 {kept} |",
                        scenario.title(),
                        large.on
                    ));
                }
            }
        }
        (!lines.is_empty()).then(|| {
            format!(
                "## The large catalogue beside the small one\n\nThe rates of the largest as parts of the smallest one's, both measured \
                 against the plain route.\n\n| | part | at least |\n|---|--:|---|\n{}",
                lines.join("\n")
            )
        })
    }

    fn starts(&self) -> String {
        let line = |what: &str, cold: &ColdStart, loaded: Option<u64>| {
            format!(
                "| {what} | {} | {} | {} | {} | {} |",
                time(cold.time),
                time(cold.slowest),
                verdict(cold.slowest <= goals::COLD_START),
                megabytes(cold.memory.resident),
                loaded.map_or_else(
                    || "-".to_owned(),
                    |peak| format!("{}, 150 MB {}", megabytes(peak), verdict(peak <= goals::MEMORY))
                ),
            )
        };
        let mut rows =
            vec![line("`stoa demo`, first start: makes, migrates and fills the database", &self.demo, None)];
        for size in &self.sizes {
            let what =
                format!("`stoa serve` on {}, {} products", size.on, grouped(size.catalogue.ordinary.into()));
            rows.push(line(&what, &size.cold, Some(size.loaded.peak)));
        }
        format!(
            "## Cold start and memory\n\nFrom the start of the process to the answer of its first query, a product list: five starts \
             each, on the server's core. Memory is resident memory.\n\n\
             | | median | slowest | within 1 s | memory then | peak under all the load above |\n|---|--:|--:|---|--:|--:|\n{}",
            rows.join("\n")
        )
    }
}

impl SizeReport {
    fn markdown(&self) -> String {
        let mut rows = vec![line("plain route", &self.plain, None)];
        rows.extend(self.rows.iter().map(|(scenario, row)| line(scenario.title(), row, Some(*scenario))));
        let mut text = format!(
            "## {} products on {}\n\n\
             | | per second | p50 | p95 | p99 | p99 ≤ 4 × p50 | alone | statements | of plain | at least | aim | busy: server, driver |\n\
             |---|--:|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|\n{}",
            grouped(self.catalogue.ordinary.into()),
            self.on,
            rows.join("\n")
        );
        if let Some((_, purchase)) = self.rows.iter().find(|(scenario, _)| *scenario == Scenario::Purchase) {
            text += &format!(
                "\n\nA purchase is {:.1} requests, the questions whether it is paid among them.",
                purchase.figures.requests
            );
        }
        let Host { pairs, repeated, stolen } = self.host;
        if pairs > 0 {
            text += &format!(
                "\n\nMeanwhile the host of this machine kept {:.1} % of the processors' time to itself; {repeated} of {pairs} pairs of \
                 slices were measured again since it kept more.",
                stolen / f64::from(pairs) * 100.0
            );
        }
        if self.rows.iter().any(|(_, row)| row.statements.is_none()) {
            text += "\n\nThis server does not tell how many statements it runs.";
        }
        text
    }
}

fn line(what: &str, row: &Row, scenario: Option<Scenario>) -> String {
    let Row { figures, alone, busy, .. } = row;
    let goal = scenario.and_then(goal);
    let minimum = goal
        .map_or_else(String::new, |goal| format!("{} {}", goal.minimum, verdict(row.ratio >= goal.minimum)));
    let aim =
        goal.map_or_else(String::new, |goal| format!("{} {}", goal.aim, verdict(row.ratio >= goal.aim)));
    let statements = match (scenario, row.statements) {
        (None, _) => String::new(),
        (Some(_), Some(statements)) => format!("{statements:.2}"),
        (Some(_), None) => "n/a".to_owned(),
    };
    let tail = figures.p99.as_secs_f64() / figures.p50.as_secs_f64();
    format!(
        "| {what} | {} | {} | {} | {} | {tail:.1} {} | {} | {statements} | {} | {minimum} | {aim} | {:.0} %, {:.0} % |",
        rate(figures.rate),
        time(figures.p50),
        time(figures.p95),
        time(figures.p99),
        verdict(tail <= goals::TAIL),
        time(*alone),
        scenario.map_or_else(|| "1".to_owned(), |_| ratio(row.ratio)),
        busy.server * 100.0,
        busy.driver * 100.0,
    )
}

impl SignIns {
    fn markdown(&self) -> String {
        let figures = &self.figures;
        format!(
            "## Signing in\n\n{} customers at once, each with an account, a network and a connection of their own, sign in with the right \
             password over and over, at a shop on SQLite that does nothing else, on the server's core. Passwords are hashed by argon2id with the \
             parameters the program comes with; what a hash takes is bounded by how many are made at once and not by how many wait.\n\n\
             | | | bound |\n|---|--:|---|\n\
             | sign-ins a second | {} | |\n\
             | p50 | {} | |\n\
             | p99 | {} | |\n\
             | memory before | {} | |\n\
             | peak, the making of the accounts included | {} | {}: {} |",
            self.at_once,
            rate(figures.rate),
            time(figures.p50),
            time(figures.p99),
            megabytes(self.before),
            megabytes(self.peak),
            megabytes(goals::SIGN_INS),
            verdict(self.peak <= goals::SIGN_INS),
        )
    }
}

impl TokenCheck {
    fn markdown(&self) -> String {
        format!(
            "## Checking a token\n\nHow long it takes to tell whose an access token (a JWT, signed with Ed25519) is, without what the \
             database is asked then. One that was verified is remembered; 2,000 tokens of 100 uses each.\n\n\
             | | | bound |\n|---|--:|---|\n\
             | the first time | {} | |\n\
             | again | {} | |\n\
             | the mean of 100 uses | {} | {}: {} |",
            micros(self.first),
            micros(self.again),
            micros(self.mixed),
            micros(goals::TOKEN_CHECK),
            verdict(self.mixed <= goals::TOKEN_CHECK),
        )
    }
}

impl Pricing {
    fn markdown(&self) -> String {
        let row = |case: &super::PricingCase| {
            let kept = verdict(case.time <= goals::PRICING);
            format!("| {} | {} | {}: {kept} |", case.name, time(case.time), time(goals::PRICING))
        };
        let rows: Vec<String> = self.cases.iter().map(row).collect();
        format!(
            "## Pricing a cart\n\nThe pure function that turns a cart and a shop's rules into figures and steps, on one core (criterion, \
             `cargo bench -p stoa-domain --bench pricing`): no server, no database.\n\n| | | bound |\n|---|--:|---|\n{}",
            rows.join("\n")
        )
    }
}

impl Import {
    fn markdown(&self) -> String {
        let products = u64::from(self.catalogue.ordinary);
        let seconds = self.time.as_secs_f64();
        let judged = products >= 100_000;
        let within = |kept: bool| if judged { verdict(kept) } else { "-" };
        format!(
            "## Import\n\n`stoa import` of {} products with 3 variants and 5 images each, a CSV of {:.0} MB, into an empty SQLite \
             database; every core may be used.\n\n\
             | | | bound |\n|---|--:|---|\n\
             | time | {seconds:.1} s | 60 s: {} |\n\
             | products a second | {} | |\n\
             | peak memory | {} | 250 MB: {} |\n\
             | the same file once more, which changes nothing | {:.1} s | |\n\
             | database | {:.0} MB | |",
            grouped(products),
            self.file_bytes as f64 / 1e6,
            within(self.time <= goals::IMPORT),
            rate(products as f64 / seconds),
            megabytes(self.peak),
            within(self.peak <= goals::IMPORT_PEAK),
            self.again.as_secs_f64(),
            self.database as f64 / 1e6,
        )
    }
}
