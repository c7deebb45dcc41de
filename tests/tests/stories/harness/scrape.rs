//! `/metrics`, read as Prometheus reads it.

use super::shop::Shop;
use std::collections::{BTreeMap, BTreeSet};

/// One family of figures.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Family {
    pub(crate) kind: String,
    pub(crate) labels: BTreeSet<String>,
}

/// What was read.
pub(crate) struct Scrape {
    pub(crate) families: BTreeMap<String, Family>,
    samples: Vec<(String, f64)>,
}

impl Shop {
    /// Asks the shop's metrics.
    pub(crate) async fn scrape(&self) -> Scrape {
        let address = self.app.metrics_address().expect("the shop is measured");
        let response =
            self.endpoint.http.get(format!("http://{address}/metrics")).send().await.expect("an answer");
        assert_eq!(response.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        Scrape::parse(&response.text().await.expect("text"))
    }
}

impl Scrape {
    fn parse(text: &str) -> Self {
        let mut scrape = Self { families: BTreeMap::new(), samples: Vec::new() };
        let mut helped = BTreeSet::new();
        for line in text.lines().filter(|line| !line.is_empty()) {
            if let Some(help) = line.strip_prefix("# HELP ") {
                helped.insert(help.split(' ').next().expect("a name").to_owned());
            } else if let Some(kind) = line.strip_prefix("# TYPE ") {
                let (name, kind) = kind.split_once(' ').expect("a type");
                assert!(helped.contains(name), "{name} is not explained");
                let family = Family { kind: kind.to_owned(), labels: BTreeSet::new() };
                assert!(scrape.families.insert(name.to_owned(), family).is_none(), "{name} comes twice");
            } else {
                scrape.sample(line);
            }
        }
        scrape
    }

    fn sample(&mut self, line: &str) {
        let (series, value) = line.rsplit_once(' ').expect("a sample");
        let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
        let labels = labels.strip_suffix('}').expect("labels end");
        let base = ["_bucket", "_sum", "_count"]
            .iter()
            .filter_map(|suffix| name.strip_suffix(suffix))
            .find(|base| self.families.contains_key(*base))
            .unwrap_or(name);
        let family = self.families.get_mut(base).unwrap_or_else(|| panic!("{name} has no type"));
        // No value of ours holds a comma.
        let names =
            labels.split(',').filter(|l| !l.is_empty()).map(|l| l.split_once('=').expect("a label").0);
        family.labels.extend(names.filter(|name| *name != "le").map(str::to_owned));
        self.samples.push((series.to_owned(), value.parse().expect("a number")));
    }

    /// Every series, as it is written.
    pub(crate) fn series(&self) -> impl Iterator<Item = &str> {
        self.samples.iter().map(|(series, _)| series.as_str())
    }

    /// The sum of the samples of a metric that have all these labels, written as in the text: `outcome="ok"`.
    pub(crate) fn sum(&self, name: &str, labels: &[&str]) -> f64 {
        let of = |series: &str| {
            let rest = series.strip_prefix(name)?;
            (rest.is_empty() || rest.starts_with('{')).then(|| rest.to_owned())
        };
        let fits = |rest: &str| labels.iter().all(|label| rest.contains(label));
        let found: Vec<f64> =
            self.samples.iter().filter(|(s, _)| of(s).is_some_and(|r| fits(&r))).map(|(_, v)| *v).collect();
        assert!(!found.is_empty(), "there is no {name} with {labels:?}");
        found.iter().sum()
    }
}
