//! Amounts with what they are amounts of.

use crate::figures::unit::{Dimension, Unit};
use crate::figures::value::Measure;

/// With what is counted: `3.500 Kilowattstunden` that became kilowatts has lost
/// nothing else, and a bare `40` may become forty of something.
pub fn with_unit(wordings: Vec<String>, measure: Measure) -> Vec<String> {
    let with = |endings: &[&str]| {
        let each = wordings.iter();
        each.flat_map(|wording| {
            endings
                .iter()
                .map(move |ending| format!("{wording}{ending}"))
        })
        .collect()
    };
    match measure {
        Measure::Unit(unit) => {
            let names = unit_name(unit).map(|name| {
                let each = wordings.iter();
                each.map(move |wording| match wording.as_str() {
                    "one" | "1" => format!("{wording} {}", name.one),
                    _ => format!("{wording} {}", name.many),
                })
            });
            let symbol = format!(" {}", unit.symbol());
            let symbols = match unit.dimension() {
                Dimension::Time => Vec::new(),
                _ => with(&[&symbol]),
            };
            names.into_iter().flatten().chain(symbols).collect()
        }
        Measure::Percent => with(&[" percent", "%"]),
        Measure::PercentagePoints => with(&[" percentage points", " points"]),
        Measure::Count | Measure::PerMille | Measure::Money(_) | Measure::Age => wordings,
    }
}

/// What English calls a unit.
struct UnitName {
    one: &'static str,
    many: &'static str,
}

/// The English name of a unit that is mostly written out.
fn unit_name(unit: Unit) -> Option<UnitName> {
    let (one, many) = match unit {
        Unit::Second => ("second", "seconds"),
        Unit::Minute => ("minute", "minutes"),
        Unit::Hour => ("hour", "hours"),
        Unit::Day => ("day", "days"),
        Unit::Week => ("week", "weeks"),
        Unit::Month => ("month", "months"),
        Unit::Year => ("year", "years"),
        Unit::Decade => ("decade", "decades"),
        Unit::Century => ("century", "centuries"),
        Unit::Millimetre => ("millimeter", "millimeters"),
        Unit::Centimetre => ("centimeter", "centimeters"),
        Unit::Metre => ("meter", "meters"),
        Unit::Kilometre => ("kilometer", "kilometers"),
        Unit::Mile => ("mile", "miles"),
        Unit::SquareMetre => ("square meter", "square meters"),
        Unit::SquareKilometre => ("square kilometer", "square kilometers"),
        Unit::Hectare => ("hectare", "hectares"),
        Unit::CubicMetre => ("cubic meter", "cubic meters"),
        Unit::Litre => ("liter", "liters"),
        Unit::Barrel => ("barrel", "barrels"),
        Unit::Gram => ("gram", "grams"),
        Unit::Kilogram => ("kilogram", "kilograms"),
        Unit::Tonne => ("ton", "tons"),
        Unit::Degree => ("degree", "degrees"),
        Unit::DegreeCelsius => ("degree Celsius", "degrees Celsius"),
        _ => return None,
    };
    Some(UnitName { one, many })
}
