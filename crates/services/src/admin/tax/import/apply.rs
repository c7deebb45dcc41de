//! Bringing a table of rates into the shop: all of it, or nothing.

use super::{
    TaxImport, TaxSource,
    rows::{self, CsvProblem, Row, ZoneKey},
};
use crate::{
    Context,
    admin::{
        look_again,
        tax::{
            CATEGORIES, TaxImportError, TaxRateDraft, TaxZoneDraft, TaxZoneError, TaxZones, ZONES,
            category_draft::{STANDARD, TaxCategoryDraft},
            told, zone_draft,
        },
    },
    audit::AuditedTx,
};
use std::collections::{BTreeMap, HashMap};
use stoa_domain::{
    access::{Permit, grants::TaxesWrite},
    shared::{Fault, IdGenerator, TaxCategoryId, TaxZoneId},
    tax::{CategoryKind, PostalRange, TaxCategory, TaxZone},
};
use stoa_persistence::{
    WriteTx,
    db::retrying,
    pricing::{self, Saved},
    tax,
};

impl TaxZones {
    /// Brings a table of rates in. Rates of the same country, province, postal codes and level are one zone: one that the shop has already gets these rates
    /// and no others, and keeps its name and priority; zones that the table does not name stay as they are. Categories that are not there are made. The same
    /// table again changes nothing. With `dry_run` nothing is written, and what would come of it is told.
    ///
    /// # Errors
    /// Lines cannot be read, or there would be more zones or categories than there may be.
    #[tracing::instrument(name = "tax_rates.import", skip_all)]
    pub async fn import(
        &self,
        by: &Permit<TaxesWrite>,
        source: &TaxSource,
        dry_run: bool,
    ) -> Result<TaxImport, TaxImportError> {
        let rows = rows::read(source.text()).map_err(TaxImportError::Csv)?;
        let table = Table { rows: &rows, as_of: rows::as_of(source.text()), dry_run };
        let done = retrying(|| self.import_once(by, &table)).await?;
        if !dry_run {
            look_again(&self.0).await;
        }
        Ok(done)
    }

    async fn import_once(
        &self,
        by: &Permit<TaxesWrite>,
        table: &Table<'_>,
    ) -> Result<TaxImport, TaxImportError> {
        let ctx = &self.0;
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        pricing::take_turn(tx).await?;
        let (categories, made) = categories(ctx, tx, table).await?;
        let (known, _) = tax::all_zones(tx).await?;
        let mut done = TaxImport {
            as_of: table.as_of,
            categories_made: count(made.len()),
            rates: count(table.rows.len()),
            ..TaxImport::default()
        };
        let mut told: Vec<(Option<TaxZone>, TaxZone)> = Vec::new();
        for (key, rows) in by_zone(table.rows) {
            let before = known.iter().find(|zone| is_of(zone, key));
            let to = zone(ctx, (key, &rows), before, &categories)?;
            match before {
                Some(before) if *before == to => done.zones_unchanged += 1,
                Some(before) => {
                    done.zones_changed += 1;
                    replace(ctx, tx, &to).await?;
                    told.push((Some(before.clone()), to));
                }
                None => {
                    done.zones_made += 1;
                    saved(tax::insert_zone(tx, &to, ctx.now()).await?)?;
                    told.push((None, to));
                }
            }
        }
        if u64::from(done.zones_made) + u64::try_from(known.len()).unwrap_or(u64::MAX) > ZONES {
            return Err(TaxImportError::TooManyZones { most: ZONES });
        }
        // What is not committed is not there.
        if !table.dry_run && !(told.is_empty() && made.is_empty()) {
            audited.commit("tax_rates.import", &told::import(&told, &made)).await?;
        }
        Ok(done)
    }
}

/// A table that could be read.
struct Table<'a> {
    rows: &'a [Row],
    as_of: Option<chrono::NaiveDate>,
    dry_run: bool,
}

/// The categories that the table names, by code, and the codes of those that had to be made.
async fn categories(
    ctx: &Context,
    tx: &WriteTx,
    table: &Table<'_>,
) -> Result<(HashMap<String, TaxCategoryId>, Vec<String>), TaxImportError> {
    let (known, _) = tax::all_categories(tx).await?;
    let mut ids: HashMap<String, TaxCategoryId> =
        known.iter().map(|category| (category.code.to_string(), category.id)).collect();
    let (mut made, mut problems) = (Vec::new(), Vec::new());
    for row in table.rows.iter().filter(|row| is_special(row)) {
        if ids.contains_key(&row.category) {
            continue;
        }
        let id = TaxCategoryId::new(ctx.ports.ids.id());
        let code = row.category.clone();
        let draft = TaxCategoryDraft { name: code.clone(), code, kind: CategoryKind::Taxed };
        let new: TaxCategory = match draft.checked(id) {
            Ok(new) => new,
            Err(refusal) => {
                let message = refusal.why.to_string();
                problems.push(CsvProblem { line: row.line, column: Some("category"), message });
                continue;
            }
        };
        saved(tax::insert_category(tx, &new, ctx.now()).await?)?;
        ids.insert(row.category.clone(), id);
        made.push(row.category.clone());
    }
    if !problems.is_empty() {
        return Err(TaxImportError::Csv(problems));
    }
    if u64::try_from(ids.len()).unwrap_or(u64::MAX) > CATEGORIES {
        return Err(TaxImportError::TooManyCategories { most: CATEGORIES });
    }
    Ok((ids, made))
}

/// Whether a rate is for some goods only.
fn is_special(row: &Row) -> bool {
    !row.category.is_empty() && row.category != STANDARD
}

/// The rows of each zone, in the table's order.
fn by_zone(rows: &[Row]) -> BTreeMap<&ZoneKey, Vec<&Row>> {
    let mut zones: BTreeMap<&ZoneKey, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        zones.entry(&row.zone).or_default().push(row);
    }
    zones
}

/// Whether a zone is just where a table says.
fn is_of(zone: &TaxZone, key: &ZoneKey) -> bool {
    let range = key.postal.as_ref().and_then(|(from, to)| PostalRange::parse(from, to));
    zone.level == key.level
        && zone.country == key.country
        && zone.provinces.iter().eq(key.province.iter())
        && zone.postal_ranges.iter().eq(range.iter())
}

/// The zone as the table has it.
fn zone(
    ctx: &Context,
    (key, rows): (&ZoneKey, &[&Row]),
    before: Option<&TaxZone>,
    categories: &HashMap<String, TaxCategoryId>,
) -> Result<TaxZone, TaxImportError> {
    let ids: &dyn IdGenerator = &*ctx.ports.ids;
    let rate = |row: &&Row| TaxRateDraft {
        category: categories.get(&row.category).copied().filter(|_| is_special(row)),
        name: row.name.clone(),
        rate: Some(row.rate),
        compound: row.compound,
        on_delivery: row.on_delivery,
        valid_from: row.from,
        valid_until: row.until,
    };
    let draft = TaxZoneDraft {
        name: before.map_or_else(|| name(key), |known| known.name.to_string()),
        level: key.level,
        country: key.country,
        provinces: key.province.iter().map(ToString::to_string).collect(),
        postal_ranges: key.postal.iter().cloned().collect(),
        priority: before.map_or(0, |known| known.priority),
        rates: rows.iter().map(rate).collect(),
    };
    let id = before.map_or_else(|| TaxZoneId::new(ids.id()), |known| known.id);
    let first = rows.first().map_or(1, |row| row.line);
    let wrong = |index: Option<usize>, message: String| {
        let line = index.and_then(|index| rows.get(index)).map_or(first, |row| row.line);
        TaxImportError::Csv(vec![CsvProblem { line, column: None, message }])
    };
    let to = draft.checked(id, ids).map_err(|error| match error {
        TaxZoneError::TooManyCompound { index, .. } => wrong(Some(index), error.to_string()),
        TaxZoneError::Fault(fault) => fault.into(),
        other => wrong(None, format!("the zone that begins here: {other}")),
    })?;
    Ok(before.map_or_else(|| to.clone(), |known| zone_draft::with_known_ids(to.clone(), known)))
}

/// What a zone is called that nobody has named.
fn name(key: &ZoneKey) -> String {
    let country = key.country.map_or_else(|| "everywhere".to_owned(), |country| country.to_string());
    let province = key.province.as_ref().map(|province| format!("-{province}")).unwrap_or_default();
    let postal = key.postal.as_ref().map(|(from, to)| format!(" {from} to {to}")).unwrap_or_default();
    format!("{country}{province}{postal}")
}

async fn replace(ctx: &Context, tx: &WriteTx, to: &TaxZone) -> Result<(), TaxImportError> {
    let gone = Fault::bug("tax_rates.import: a zone is gone behind the turn");
    let known = tax::find_zone(tx, to.id).await?.ok_or(gone)?;
    saved(tax::update_zone(tx, known.version, to, ctx.now()).await?)
}

/// Behind the turn of whoever writes rules nobody else has changed anything.
fn saved(saved: Saved) -> Result<(), TaxImportError> {
    match saved {
        Saved::Saved => Ok(()),
        Saved::Stale | Saved::Taken | Saved::Unknown => {
            Err(Fault::bug("tax_rates.import: somebody else wrote behind the turn").into())
        }
    }
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
