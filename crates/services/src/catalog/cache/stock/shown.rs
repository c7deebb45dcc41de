//! What is shown of a product's stock, and for how long.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use stoa_domain::{
    catalog::Product,
    inventory::StockSnapshot,
    shared::{ProductId, VariantId},
};

/// What is shown of a variant's stock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VariantStock {
    /// Whether a unit can be bought.
    pub available: bool,
    /// How many units can be; `None` where there is no limit.
    pub quantity: Option<i64>,
}

impl VariantStock {
    pub(in crate::catalog) fn of(snapshot: &StockSnapshot, held: i64) -> Self {
        Self::left(snapshot.sellable, held)
    }

    fn left(sellable: Option<i64>, held: i64) -> Self {
        let quantity = sellable.map(|sellable| sellable.saturating_sub(held).max(0));
        Self { available: quantity != Some(0), quantity }
    }
}

/// Whatever has figures of stock: a form of a product.
pub trait Stocked: Sync {
    /// Which product.
    fn product_id(&self) -> ProductId;
    /// When this form of it was written, in microseconds since 1970.
    fn form(&self) -> i64;
    /// Its variants, in order.
    fn variant_ids(&self) -> impl Iterator<Item = VariantId>;
}

impl Stocked for Product {
    fn product_id(&self) -> ProductId {
        self.id
    }

    fn form(&self) -> i64 {
        self.updated_at.timestamp_micros()
    }

    fn variant_ids(&self) -> impl Iterator<Item = VariantId> {
        self.variants.iter().map(|variant| variant.id)
    }
}

/// Its figures tell as much of a product as it takes to read them again.
impl Stocked for ProductStock {
    fn product_id(&self) -> ProductId {
        self.0.product
    }

    fn form(&self) -> i64 {
        self.0.form
    }

    fn variant_ids(&self) -> impl Iterator<Item = VariantId> {
        self.0.variants.iter().map(|units| units.variant)
    }
}

/// Stands for "no limit" among units.
const UNLIMITED: i64 = i64::MAX;
/// The epoch of figures that are not shown any more.
const OVER: u64 = u64::MAX;

/// The stock of a product's variants, in their order. Whoever keeps something made from it asks [`ProductStock::is_shown`]
/// whether the same would be shown now.
#[derive(Clone, Debug)]
pub struct ProductStock(Arc<Figures>);

/// Equal where the same is shown.
impl PartialEq for ProductStock {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

#[derive(Debug)]
struct Figures {
    /// Until when they are shown: as long as the board is in this epoch, or not at all any more.
    epoch: AtomicU64,
    product: ProductId,
    /// The form of the product they were read for.
    form: i64,
    variants: Box<[Units]>,
}

/// Figures of one variant; either may be [`UNLIMITED`].
#[derive(Clone, Copy, Debug)]
struct Units {
    variant: VariantId,
    sellable: i64,
    left: i64,
}

impl ProductStock {
    /// The figures of a form of a product; shown from now on if the board is told of changes.
    pub(super) fn new(
        (product, form): (ProductId, i64),
        snapshots: impl Iterator<Item = StockSnapshot>,
        held: impl Fn(VariantId) -> i64,
        epoch: Option<u64>,
    ) -> Self {
        let units = |snapshot: StockSnapshot| {
            let sellable = snapshot.sellable.unwrap_or(UNLIMITED);
            Units { variant: snapshot.variant, sellable, left: left(sellable, held(snapshot.variant)) }
        };
        Self(Arc::new(Figures {
            epoch: AtomicU64::new(epoch.unwrap_or(OVER)),
            product,
            form,
            variants: snapshots.map(units).collect(),
        }))
    }

    /// The same with other holds, if that shows something else.
    pub(super) fn held_anew(&self, held: impl Fn(VariantId) -> i64) -> Option<Self> {
        let now = |units: &Units| Units { left: left(units.sellable, held(units.variant)), ..*units };
        if self.0.variants.iter().all(|units| now(units).left == units.left) {
            return None;
        }
        Some(Self(Arc::new(Figures {
            epoch: AtomicU64::new(self.0.epoch.load(Ordering::Relaxed)),
            product: self.0.product,
            form: self.0.form,
            variants: self.0.variants.iter().map(now).collect(),
        })))
    }

    /// They are not shown any more.
    pub(super) fn end(&self) {
        self.0.epoch.store(OVER, Ordering::Release);
    }

    /// Figures of nothing.
    pub(in crate::catalog) fn none() -> Self {
        let product = ProductId::new(uuid::Uuid::nil());
        Self::new((product, 0), std::iter::empty(), |_| 0, None)
    }

    /// Whether these figures are those that are shown at a moment.
    pub(in crate::catalog) fn is_shown(&self, epoch: u64) -> bool {
        self.0.epoch.load(Ordering::Acquire) == epoch
    }

    /// Whether the same variants can be bought, however many units of each.
    pub fn is_as_available_as(&self, other: &Self) -> bool {
        self.iter().map(|units| units.available).eq(other.iter().map(|units| units.available))
    }

    /// The stock of the variant at an index.
    pub fn get(&self, at: usize) -> Option<VariantStock> {
        self.0.variants.get(at).map(Units::shown)
    }

    /// The stock of each variant.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = VariantStock> {
        self.0.variants.iter().map(Units::shown)
    }
}

impl Units {
    fn shown(&self) -> VariantStock {
        VariantStock::left((self.left != UNLIMITED).then_some(self.left), 0)
    }
}

fn left(sellable: i64, held: i64) -> i64 {
    if sellable == UNLIMITED { UNLIMITED } else { sellable.saturating_sub(held).max(0) }
}
