//! Units and currencies: their symbols, what they measure, how they convert.

use serde::{Deserialize, Serialize};

/// What a unit measures. Only units of one dimension convert into each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dimension {
    Time,
    Length,
    Area,
    Volume,
    Mass,
    Speed,
    Angle,
    Power,
    Energy,
    Voltage,
    Current,
    Frequency,
    Data,
    Pressure,
    Sound,
}

macro_rules! units {
    ($($name:ident $symbol:literal $dimension:ident $factor:expr;)*) => {
        /// A unit of measure.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Unit { $($name,)* }

        impl Unit {
            /// The symbol used in canonical values.
            pub const fn symbol(self) -> &'static str {
                match self { $(Unit::$name => $symbol,)* }
            }

            pub const fn dimension(self) -> Dimension {
                match self { $(Unit::$name => Dimension::$dimension,)* }
            }

            /// How many base units of its dimension one of this unit is.
            pub const fn factor(self) -> f64 {
                match self { $(Unit::$name => $factor,)* }
            }
        }
    };
}

// Factors: SI brochure (9th edition), international yard and pound (1959),
// US liquid gallon, oil barrel of 42 gallons. A month is a twelfth of a year:
// newsrooms convert 18 months into a year and a half, not into days.
units! {
    Second "s" Time 1.0;
    Minute "min" Time 60.0;
    Hour "h" Time 3_600.0;
    Day "d" Time 86_400.0;
    Week "wk" Time 604_800.0;
    Month "mo" Time 2_629_800.0;
    Year "a" Time 31_557_600.0;
    Decade "decades" Time 315_576_000.0;
    Century "centuries" Time 3_155_760_000.0;
    Nanometre "nm" Length 1e-9;
    Micrometre "µm" Length 1e-6;
    Millimetre "mm" Length 0.001;
    Centimetre "cm" Length 0.01;
    Metre "m" Length 1.0;
    Kilometre "km" Length 1_000.0;
    Inch "in" Length 0.0254;
    Foot "ft" Length 0.3048;
    Yard "yd" Length 0.9144;
    Mile "mi" Length 1_609.344;
    NauticalMile "nmi" Length 1_852.0;
    LightYear "ly" Length 9.4607e15;
    SquareMillimetre "mm²" Area 1e-6;
    SquareCentimetre "cm²" Area 0.0001;
    SquareMetre "m²" Area 1.0;
    SquareKilometre "km²" Area 1_000_000.0;
    Hectare "ha" Area 10_000.0;
    Acre "ac" Area 4_046.856;
    SquareFoot "ft²" Area 0.092_903;
    SquareMile "mi²" Area 2_589_988.0;
    Millilitre "ml" Volume 0.001;
    Litre "l" Volume 1.0;
    Hectolitre "hl" Volume 100.0;
    CubicCentimetre "cm³" Volume 0.001;
    CubicMetre "m³" Volume 1_000.0;
    CubicKilometre "km³" Volume 1e12;
    Gallon "gal" Volume 3.785_412;
    Barrel "bbl" Volume 158.987;
    Microgram "µg" Mass 1e-9;
    Milligram "mg" Mass 1e-6;
    Gram "g" Mass 0.001;
    Kilogram "kg" Mass 1.0;
    Tonne "t" Mass 1_000.0;
    Ounce "oz" Mass 0.028_349_5;
    Pound "lb" Mass 0.453_592;
    Stone "st" Mass 6.350_29;
    MetrePerSecond "m/s" Speed 1.0;
    KilometrePerHour "km/h" Speed 0.277_778;
    MilePerHour "mph" Speed 0.447_04;
    Knot "kn" Speed 0.514_444;
    Degree "°" Angle 1.0;
    DegreeCelsius "°C" Angle 1.0;
    DegreeFahrenheit "°F" Angle 1.0;
    Kelvin "K" Angle 1.0;
    Watt "W" Power 1.0;
    Kilowatt "kW" Power 1_000.0;
    Megawatt "MW" Power 1e6;
    Gigawatt "GW" Power 1e9;
    Horsepower "hp" Power 735.499;
    Joule "J" Energy 1.0;
    Calorie "cal" Energy 4.184;
    Kilocalorie "kcal" Energy 4_184.0;
    KilowattHour "kWh" Energy 3.6e6;
    MegawattHour "MWh" Energy 3.6e9;
    GigawattHour "GWh" Energy 3.6e12;
    TerawattHour "TWh" Energy 3.6e15;
    Volt "V" Voltage 1.0;
    Kilovolt "kV" Voltage 1_000.0;
    Ampere "A" Current 1.0;
    Hertz "Hz" Frequency 1.0;
    Kilohertz "kHz" Frequency 1_000.0;
    Megahertz "MHz" Frequency 1e6;
    Gigahertz "GHz" Frequency 1e9;
    Bit "bit" Data 0.125;
    Byte "B" Data 1.0;
    Kilobyte "kB" Data 1e3;
    Megabyte "MB" Data 1e6;
    Gigabyte "GB" Data 1e9;
    Terabyte "TB" Data 1e12;
    Hectopascal "hPa" Pressure 100.0;
    Bar "bar" Pressure 100_000.0;
    Decibel "dB" Sound 1.0;
}

impl Unit {
    /// Whether `amount` of this unit is `other_amount` of `other`, as exactly
    /// as a newsroom rounds (3 %).
    pub fn converts(self, amount: f64, other: Unit, other_amount: f64) -> bool {
        const ROUNDING: f64 = 0.03;
        let celsius = match (self, other) {
            (Unit::DegreeFahrenheit, Unit::DegreeCelsius | Unit::Degree) => {
                Some((fahrenheit_to_celsius(amount), other_amount))
            }
            (Unit::DegreeCelsius | Unit::Degree, Unit::DegreeFahrenheit) => {
                Some((amount, fahrenheit_to_celsius(other_amount)))
            }
            _ => None,
        };
        if let Some((left, right)) = celsius {
            return (left - right).abs() <= 1.0;
        }
        if self.dimension() != other.dimension() || self.dimension() == Dimension::Angle {
            return false;
        }
        let (left, right) = (amount * self.factor(), other_amount * other.factor());
        (left - right).abs() <= ROUNDING * left.abs().max(right.abs())
    }
}

fn fahrenheit_to_celsius(degrees: f64) -> f64 {
    (degrees - 32.0) / 1.8
}

/// A currency by its ISO 4217 code. Subunits (cent, penny) are hundredths of
/// their currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    Eur,
    Usd,
    Aud,
    Cad,
    Hkd,
    Nzd,
    Gbp,
    Chf,
    Jpy,
    Cny,
    Inr,
    Rub,
    Uah,
    Try,
    Pln,
    Czk,
    Huf,
    Sek,
    Nok,
    Dkk,
    Dem,
    Ats,
    Ils,
    Krw,
    Brl,
    Zar,
    Btc,
}

impl Currency {
    /// The ISO 4217 code (BTC is the customary code of bitcoin).
    pub const fn code(self) -> &'static str {
        match self {
            Currency::Eur => "EUR",
            Currency::Usd => "USD",
            Currency::Aud => "AUD",
            Currency::Cad => "CAD",
            Currency::Hkd => "HKD",
            Currency::Nzd => "NZD",
            Currency::Gbp => "GBP",
            Currency::Chf => "CHF",
            Currency::Jpy => "JPY",
            Currency::Cny => "CNY",
            Currency::Inr => "INR",
            Currency::Rub => "RUB",
            Currency::Uah => "UAH",
            Currency::Try => "TRY",
            Currency::Pln => "PLN",
            Currency::Czk => "CZK",
            Currency::Huf => "HUF",
            Currency::Sek => "SEK",
            Currency::Nok => "NOK",
            Currency::Dkk => "DKK",
            Currency::Dem => "DEM",
            Currency::Ats => "ATS",
            Currency::Ils => "ILS",
            Currency::Krw => "KRW",
            Currency::Brl => "BRL",
            Currency::Zar => "ZAR",
            Currency::Btc => "BTC",
        }
    }

    /// Whether both may be meant by one name: „Dollar" without a country is
    /// any dollar, „Krone" any crown.
    pub fn compatible(self, other: Currency) -> bool {
        use Currency::{Aud, Cad, Czk, Dkk, Hkd, Nok, Nzd, Sek, Usd};
        const DOLLARS: [Currency; 5] = [Usd, Aud, Cad, Hkd, Nzd];
        const CROWNS: [Currency; 4] = [Sek, Nok, Dkk, Czk];
        let either = |plain: Currency, family: &[Currency]| {
            (self == plain || other == plain) && family.contains(&self) && family.contains(&other)
        };
        self == other || either(Usd, &DOLLARS) || either(Sek, &CROWNS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_as_newsrooms_do() {
        assert!(Unit::Kilometre.converts(100.0, Unit::Mile, 62.0));
        assert!(Unit::Month.converts(18.0, Unit::Year, 1.5));
        assert!(Unit::Week.converts(2.0, Unit::Day, 14.0));
        assert!(Unit::DegreeCelsius.converts(20.0, Unit::DegreeFahrenheit, 68.0));
        assert!(!Unit::Kilometre.converts(100.0, Unit::Mile, 100.0));
        assert!(!Unit::Kilometre.converts(100.0, Unit::Kilogram, 100.0));
    }

    #[test]
    fn a_plain_dollar_is_any_dollar() {
        assert!(Currency::Usd.compatible(Currency::Aud));
        assert!(!Currency::Cad.compatible(Currency::Aud));
        assert!(!Currency::Usd.compatible(Currency::Eur));
    }
}
