//! The page of a made-up run.

use super::{
    Busy, ColdStart, Host, Import, Pricing, PricingCase, Report, Row, Setup, SignIns, SizeReport, TokenCheck,
};
use crate::{
    catalogue::Catalogue,
    load::Figures,
    process::{Machine, Memory},
    scenario::Scenario,
};
use std::time::Duration;

fn row(rate: f64, ratio: f64, statements: Option<f64>) -> Row {
    let ms = Duration::from_millis;
    Row {
        figures: Figures { rate, p50: ms(2), p95: ms(4), p99: ms(9), requests: 9.5 },
        alone: ms(1),
        ratio,
        statements,
        busy: Busy { server: 0.99, driver: 0.31 },
    }
}

fn report(statements: Option<f64>, cores: Option<(usize, usize)>) -> Report {
    let catalogue = Catalogue { ordinary: 100_000, deep: 1_000 };
    let cold = ColdStart {
        time: Duration::from_millis(120),
        slowest: Duration::from_millis(1_400),
        memory: Memory { resident: 40_000, peak: 41_000 },
    };
    let rows = vec![
        (Scenario::List, row(9_000.0, 0.12, statements)),
        (Scenario::Deep, row(200.0, 0.004, statements)),
        (Scenario::Purchase, row(80.0, 0.001, statements)),
    ];
    let machine = Machine {
        cpu: "A Fine Processor".to_owned(),
        cores: 2,
        memory: 24_000,
        kernel: "6.1.0".to_owned(),
        rustc: "rustc 1.95.0".to_owned(),
        commit: "abc1234".to_owned(),
        date: "2026-11-20".to_owned(),
        program: 20_000_000,
    };
    Report {
        machine,
        setup: Setup { cores, connections: 16, rounds: 5, seconds: 2.0 },
        demo: cold,
        sizes: vec![SizeReport {
            on: "SQLite",
            catalogue,
            cold,
            loaded: Memory { resident: 90_000, peak: 100_000 },
            plain: row(70_000.0, 1.0, None),
            rows,
            host: Host { pairs: 40, repeated: 3, stolen: 0.2 },
        }],
        sign_ins: Some(SignIns {
            at_once: 200,
            figures: row(40.0, 1.0, None).figures,
            before: 45_000,
            peak: 220_000,
        }),
        token_check: Some(TokenCheck {
            first: Duration::from_micros(31),
            again: Duration::from_nanos(400),
            mixed: Duration::from_nanos(706),
        }),
        pricing: Some(Pricing {
            cases: vec![
                PricingCase { name: "100 lines, a rule".to_owned(), time: Duration::from_micros(625) },
                PricingCase { name: "100 lines, more".to_owned(), time: Duration::from_micros(1_250) },
            ],
        }),
        import: Some(Import {
            catalogue,
            file_bytes: 200_000_000,
            time: Duration::from_secs(40),
            peak: 300_000,
            again: Duration::from_secs(10),
            database: 400_000_000,
        }),
    }
}

/// The one line of the page that begins with these words.
fn line<'p>(page: &'p str, begins: &str) -> &'p str {
    let mut found = page.lines().filter(|line| line.starts_with(begins));
    let line = found.next().unwrap_or_else(|| panic!("no line begins with {begins}"));
    assert!(found.next().is_none(), "several lines begin with {begins}");
    line
}

#[test]
fn every_figure_stands_beside_its_bound() {
    let page = report(Some(3.0), Some((0, 1))).markdown();
    assert_eq!(
        line(&page, "| product list"),
        "| product list (20 products) | 9,000 | 2.00 ms | 4.00 ms | 9.00 ms | 4.5 **missed** | 1.00 ms | 3.00 | 0.12 | 0.1 kept | 0.25 **missed** | \
         99 %, 31 % |"
    );
    assert!(line(&page, "| deep list").contains("0.0040 | 0.01 **missed** | 0.05 **missed**"));
    assert!(line(&page, "| plain route").contains("| 70,000 |"));
    assert!(line(&page, "| `stoa demo`").contains("| 120 ms | 1,400 ms | **missed** |"));
    assert!(line(&page, "| time").contains("60 s: kept"));
    assert!(line(&page, "| peak memory").contains("307.2 MB | 250 MB: **missed**"));
    assert!(page.contains("A purchase is 9.5 requests"));
    assert!(page.contains("kept 0.5 % of the processors' time") && page.contains("3 of 40 pairs"), "{page}");
    assert!(line(&page, "| peak, the making").contains("225.3 MB | 217.1 MB: **missed**"));
    assert!(line(&page, "| 100 lines, a rule").contains("0.625 ms | 1.00 ms: kept"));
    assert!(line(&page, "| 100 lines, more").contains("1.25 ms | 1.00 ms: **missed**"));
    assert!(line(&page, "| the mean of 100").contains("0.71 µs | 20.00 µs: kept"));
}

#[test]
fn what_is_not_known_is_said() {
    let page = report(None, None).markdown();
    assert!(line(&page, "| product list").contains("| n/a |"));
    assert!(page.contains("does not tell how many statements"));
    assert!(line(&page, "| cores used").contains("**not pinned**"));
    let page = Report { sign_ins: None, token_check: None, pricing: None, ..report(None, None) }.markdown();
    assert!(!page.contains("Signing in") && !page.contains("Checking a token"));
    assert!(!page.contains("Pricing a cart"));
    let page = report(Some(0.0), Some((0, 1))).markdown();
    assert!(!page.contains("does not tell") && !page.contains("not pinned"));
}

#[test]
fn every_row_of_a_table_has_as_many_cells_as_its_head() {
    let page = report(Some(3.0), Some((0, 1))).markdown();
    let mut width = None;
    for line in page.lines() {
        let cells = line.starts_with('|').then(|| line.matches('|').count());
        assert!(width.is_none() || cells.is_none() || width == cells, "{line}");
        width = cells;
    }
}
