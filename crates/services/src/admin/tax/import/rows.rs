//! A table of rates as text. Each error is a sentence for the merchant, with the line and the column it is about.

use crate::admin::region;
use chrono::{NaiveDate, NaiveTime};
use csv::{ReaderBuilder, StringRecord, Trim};
use std::collections::HashMap;
use stoa_domain::shared::{CountryCode, Rate, Timestamp};

/// Bytes of a table.
const BYTES: usize = 1_048_576;
/// Lines of a table.
const LINES: usize = 20_000;
/// Problems that are told; there may be more.
const PROBLEMS: usize = 50;
/// The columns, of which the header must name all but the last five.
const COLUMNS: [&str; 12] = [
    "country",
    "province",
    "postal_from",
    "postal_to",
    "level",
    "category",
    "name",
    "percent",
    "compound",
    "on_delivery",
    "from",
    "until",
];
const NEEDED: [&str; 3] = ["country", "name", "percent"];

/// A line of a table that cannot be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvProblem {
    /// Which, counted from 1.
    pub line: u64,
    /// Which column; `None`: the line as a whole.
    pub column: Option<&'static str>,
    /// What is wrong.
    pub message: String,
}

/// Where a rate is charged: rows of the same place are one zone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ZoneKey {
    pub(super) country: Option<CountryCode>,
    pub(super) province: Option<Box<str>>,
    pub(super) postal: Option<(String, String)>,
    pub(super) level: u8,
}

/// A rate of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) zone: ZoneKey,
    /// In lower case; empty: of goods without one.
    pub(super) category: String,
    pub(super) name: String,
    pub(super) rate: Rate,
    pub(super) compound: bool,
    pub(super) on_delivery: bool,
    pub(super) from: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
}

/// The day a table says it is of, in a line such as `# as of 2026-11-01`.
pub(super) fn as_of(text: &str) -> Option<NaiveDate> {
    let comments = text.lines().map_while(|line| line.trim_start_matches('\u{feff}').strip_prefix('#'));
    comments.filter_map(|line| line.trim().strip_prefix("as of ")?.trim().parse().ok()).next()
}

/// All rates of a table, or what is wrong with it: the first problems, at least one.
pub(super) fn read(text: &str) -> Result<Vec<Row>, Vec<CsvProblem>> {
    let whole = |message: String| vec![CsvProblem { line: 1, column: None, message }];
    if text.len() > BYTES {
        return Err(whole(format!("a table has at most {BYTES} bytes")));
    }
    let mut reader = ReaderBuilder::new()
        .comment(Some(b'#'))
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().map_err(|e| whole(format!("the header cannot be read: {e}")))?;
    let at = columns(header).map_err(whole)?;
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for record in reader.records() {
        if rows.len() + problems.len() >= LINES {
            problems.push(CsvProblem {
                line: 1,
                column: None,
                message: format!("a table has at most {LINES} lines"),
            });
            break;
        }
        match record {
            Ok(record) => match Line::of(&record, &at).row() {
                Ok(row) => rows.push(row),
                Err(problem) => problems.push(problem),
            },
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                problems.push(CsvProblem { line, column: None, message: "it cannot be read".to_owned() });
            }
        }
        if problems.len() >= PROBLEMS {
            break;
        }
    }
    if problems.is_empty() && rows.is_empty() {
        problems.push(CsvProblem { line: 1, column: None, message: "the table has no rate".to_owned() });
    }
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

/// Where each column stands.
fn columns(header: &StringRecord) -> Result<HashMap<&'static str, usize>, String> {
    let mut at = HashMap::new();
    for (index, cell) in header.iter().enumerate() {
        let known = COLUMNS.into_iter().find(|column| column.eq_ignore_ascii_case(cell));
        let known =
            known.ok_or_else(|| format!("there is no column \"{cell}\": they are {}", COLUMNS.join(", ")))?;
        if at.insert(known, index).is_some() {
            return Err(format!("the column {known} stands there twice"));
        }
    }
    match NEEDED.into_iter().find(|column| !at.contains_key(column)) {
        Some(missing) => Err(format!("the header has no column {missing}")),
        None => Ok(at),
    }
}

/// A line on its way to a rate.
struct Line<'a> {
    record: &'a StringRecord,
    at: &'a HashMap<&'static str, usize>,
    line: u64,
}

impl<'a> Line<'a> {
    fn of(record: &'a StringRecord, at: &'a HashMap<&'static str, usize>) -> Self {
        Self { record, at, line: record.position().map_or(1, csv::Position::line) }
    }

    fn cell(&self, column: &'static str) -> &'a str {
        self.at.get(column).and_then(|at| self.record.get(*at)).unwrap_or_default()
    }

    fn wrong(&self, column: &'static str, message: impl Into<String>) -> CsvProblem {
        CsvProblem { line: self.line, column: Some(column), message: message.into() }
    }

    fn row(&self) -> Result<Row, CsvProblem> {
        if self.record.len() > self.at.len() {
            let message = format!("it has {} cells, and the header {}", self.record.len(), self.at.len());
            return Err(CsvProblem { line: self.line, column: None, message });
        }
        let zone = self.zone()?;
        let name = self.cell("name");
        if name.is_empty() || name.chars().count() > 64 {
            return Err(self.wrong("name", "what buyers read of a tax has 1 to 64 characters"));
        }
        let percent = self.cell("percent");
        let rate = Rate::parse_percent(percent).ok().filter(|rate| rate.millionths() <= 1_000_000);
        let rate = rate.ok_or_else(|| {
            self.wrong(
                "percent",
                format!("\"{percent}\" is no rate from 0 to 100 with at most four decimals"),
            )
        })?;
        let category = self.cell("category").to_lowercase();
        let (from, until) = (self.moment("from")?, self.moment("until")?);
        if from.zip(until).is_some_and(|(from, until)| until <= from) {
            return Err(self.wrong("until", "it must lie behind the column from"));
        }
        Ok(Row {
            line: self.line,
            zone,
            category,
            name: name.to_owned(),
            rate,
            compound: self.flag("compound", false)?,
            on_delivery: self.flag("on_delivery", true)?,
            from,
            until,
        })
    }

    fn zone(&self) -> Result<ZoneKey, CsvProblem> {
        let country = match self.cell("country") {
            "" => None,
            code => Some(CountryCode::parse(&code.to_uppercase()).ok_or_else(|| {
                self.wrong("country", format!("\"{code}\" is no country code of two letters"))
            })?),
        };
        let (from, to) = (self.cell("postal_from"), self.cell("postal_to"));
        let postal = match (from, to) {
            ("", "") => None,
            (from, "") => Some((from.to_owned(), from.to_owned())),
            (from, to) => Some((from.to_owned(), to.to_owned())),
        };
        let province = Some(self.cell("province")).filter(|text| !text.is_empty());
        if country.is_none() && (province.is_some() || postal.is_some()) {
            return Err(self.wrong("country", "provinces and postal codes are of a country: say which"));
        }
        let place = crate::admin::InputPlace::default();
        let province = province.map(|text| region::province(country, text, &place)).transpose();
        let province = province.map_err(|refusal| self.wrong("province", refusal.why.to_string()))?;
        if let Some(ends) = &postal {
            region::range(ends, &place)
                .map_err(|refusal| self.wrong("postal_to", refusal.why.to_string()))?;
        }
        let level = match self.cell("level") {
            "" => 0,
            text => text
                .parse()
                .ok()
                .filter(|level| *level <= 3)
                .ok_or_else(|| self.wrong("level", format!("\"{text}\" is no level from 0 to 3")))?,
        };
        Ok(ZoneKey { country, province, postal, level })
    }

    fn flag(&self, column: &'static str, default: bool) -> Result<bool, CsvProblem> {
        match self.cell(column).to_lowercase().as_str() {
            "" => Ok(default),
            "true" | "yes" | "1" => Ok(true),
            "false" | "no" | "0" => Ok(false),
            other => Err(self.wrong(column, format!("it must be true or false, not \"{other}\""))),
        }
    }

    /// A day is its first moment, in UTC.
    fn moment(&self, column: &'static str) -> Result<Option<Timestamp>, CsvProblem> {
        let text = self.cell(column);
        if text.is_empty() {
            return Ok(None);
        }
        let day = text.parse::<NaiveDate>().map(|day| day.and_time(NaiveTime::MIN).and_utc());
        let moment = day.ok().or_else(|| text.parse::<Timestamp>().ok());
        let wrong = || self.wrong(column, format!("\"{text}\" is no day such as 2026-01-31"));
        moment.map(Some).ok_or_else(wrong)
    }
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
