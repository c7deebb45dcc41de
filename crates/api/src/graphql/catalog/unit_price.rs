//! Prices by weight, length or volume. No variant has one yet: the measurement has no values.

use async_graphql::{Enum, Object};

/// How much a variant holds, and what amount its unit price is for.
#[derive(Clone, Copy, Debug)]
pub enum UnitPriceMeasurement {}

/// How much a variant holds, and what amount its unit price is for.
#[Object]
impl UnitPriceMeasurement {
    /// What is measured.
    fn measured_type(&self) -> Option<UnitPriceMeasurementMeasuredType> {
        match *self {}
    }

    /// The unit of what the variant holds.
    fn quantity_unit(&self) -> Option<UnitPriceMeasurementMeasuredUnit> {
        match *self {}
    }

    /// How much the variant holds.
    fn quantity_value(&self) -> f64 {
        match *self {}
    }

    /// The unit of the amount that the unit price is for.
    fn reference_unit(&self) -> Option<UnitPriceMeasurementMeasuredUnit> {
        match *self {}
    }

    /// The amount that the unit price is for.
    fn reference_value(&self) -> i32 {
        match *self {}
    }
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UnitPriceMeasurementMeasuredType {
    /// An area.
    Area,
    /// A number of pieces.
    Count,
    /// A length.
    Length,
    /// Something this vocabulary has no word for.
    Unknown,
    /// A volume.
    Volume,
    /// A weight.
    Weight,
}

/// A unit of measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UnitPriceMeasurementMeasuredUnit {
    /// Centilitre.
    Cl,
    /// Centimetre.
    Cm,
    /// Fluid ounce.
    #[graphql(name = "FLOZ")]
    FlOz,
    /// Foot.
    Ft,
    /// Square foot.
    #[graphql(name = "FT2")]
    Ft2,
    /// Gram.
    G,
    /// Gallon.
    Gal,
    /// Inch.
    In,
    /// Piece.
    Item,
    /// Kilogram.
    Kg,
    /// Litre.
    L,
    /// Pound.
    Lb,
    /// Metre.
    M,
    /// Square metre.
    #[graphql(name = "M2")]
    M2,
    /// Cubic metre.
    #[graphql(name = "M3")]
    M3,
    /// Milligram.
    Mg,
    /// Millilitre.
    Ml,
    /// Millimetre.
    Mm,
    /// Ounce.
    Oz,
    /// Pint.
    Pt,
    /// Quart.
    Qt,
    /// Something this vocabulary has no word for.
    Unknown,
    /// Yard.
    Yd,
}
