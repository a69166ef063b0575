//! The grammar of figures: at each token the most telling reading wins.

use super::amount::{self, Amount, Count};
use super::decimal::Decimal;
use super::lexicon::Approximation;
use super::numeral::{self, Numeral};
use super::token::{DASHES, HYPHENS, Shape, Tokens};
use super::unit::Unit;
use super::value::{Measure, Value};
use super::words::{self, Spelled};
use super::{Figure, Language, clock, date};

/// A value found at a token, and the token after it.
struct Found {
    value: Value,
    end: usize,
    loose: bool,
}

impl Found {
    const fn firm(value: Value, end: usize) -> Self {
        Found {
            value,
            end,
            loose: false,
        }
    }
}

/// Reads all figures of a text, in order.
pub fn read(text: &str, language: Language) -> Vec<Figure> {
    let reader = Reader {
        tokens: Tokens::lex(text),
        language,
    };
    let mut figures = Vec::new();
    let mut at = 0;
    while at < reader.tokens.len() {
        match reader.found(at) {
            Some(found) => {
                figures.push(Figure {
                    kind: found.value.kind(),
                    value: found.value,
                    span: reader.tokens.span(at, found.end),
                    approximation: reader.approximation(at, found.end),
                    loose: found.loose,
                });
                at = found.end.max(at + 1);
            }
            None => at += 1,
        }
    }
    figures
}

struct Reader<'a> {
    tokens: Tokens<'a>,
    language: Language,
}

impl Reader<'_> {
    fn found(&self, at: usize) -> Option<Found> {
        let (tokens, language) = (&self.tokens, self.language);
        if let Some(found) = self.code(at) {
            return Some(found);
        }
        if !self.counted_year(at)
            && let Some((value, end)) = date::read(tokens, at, language)
        {
            return Some(Found::firm(value, end));
        }
        if let Some((value, end)) = clock::read(tokens, at, language) {
            // „Mitternacht“ is a part of the day as often as a time.
            return Some(Found {
                value,
                end,
                loose: tokens.word(at).is_some() && end == at + 1,
            });
        }
        self.slash(at)
            .or_else(|| self.colons(at))
            .or_else(|| self.part(at))
            .or_else(|| self.amounts(at))
            .or_else(|| self.spelled(at))
            .or_else(|| self.leftover(at))
    }

    /// „über 2000 Menschen“ and „2000 Euro“ look like years and are none.
    fn counted_year(&self, at: usize) -> bool {
        date::year(&self.tokens, at).is_some()
            && (!date::is_plain_year(&self.tokens, at, self.language)
                && date::read(&self.tokens, at, self.language)
                    .is_some_and(|(_, end)| end == at + 1)
                || self
                    .approximation(at, at + 1)
                    .is_some_and(|a| a != Approximation::AtMost))
    }

    /// A380, G7, 5G, B-52, § 219a, phone numbers.
    fn code(&self, at: usize) -> Option<Found> {
        let tokens = &self.tokens;
        let token = tokens.get(at)?;
        match token.shape {
            Shape::Mark if token.text == "§" => {
                let at = if tokens.is_mark(at + 1, &['§']) {
                    at + 1
                } else {
                    at
                };
                let number = tokens.numeral(at + 1)?;
                let letter =
                    tokens.is_glued(at + 2) && tokens.word(at + 2).is_some_and(|w| w.len() == 1);
                let text = if letter {
                    format!("{number}{}", tokens.word(at + 2)?)
                } else {
                    number.to_owned()
                };
                Some(Found::firm(
                    Value::Code { text },
                    if letter { at + 3 } else { at + 2 },
                ))
            }
            Shape::Mark if token.text == "+" => self.phone(at),
            Shape::Word => {
                let number = tokens.after_hyphen(at + 1);
                let glued = tokens.is_glued(number) && tokens.numeral(number).is_some();
                let capitals = token.text.chars().filter(|c| c.is_uppercase()).count();
                let short = token.text.chars().count() <= 5;
                let hyphen = number > at + 1;
                // „Covid-19“ and „Formel-1“ are a name and a number; „B-52“,
                // „SARS2“ are one thing.
                let one_thing = if hyphen {
                    capitals == token.text.chars().count() && capitals <= 3
                } else {
                    short
                };
                let money =
                    super::lexicon::currency_sign(token.text).is_some() && token.text.len() > 1;
                (glued && one_thing && !money && !tokens.is_glued(at))
                    .then(|| self.run(at))
                    .flatten()
            }
            Shape::Numeral | Shape::Mark => None,
        }
    }

    /// Glued words and numerals, with single hyphens, as one code.
    fn run(&self, start: usize) -> Option<Found> {
        const LONGEST: usize = 6;
        let tokens = &self.tokens;
        let mut end = start + 1;
        while end < start + LONGEST && tokens.is_glued(end) {
            let next = tokens.after_hyphen(end);
            let numeral = tokens.numeral(next).is_some();
            let letters = next == end && tokens.word(next).is_some_and(|w| w.len() <= 2);
            if !numeral && !letters {
                break;
            }
            end = next + 1;
        }
        let text: String = (start..end)
            .filter_map(|i| tokens.get(i))
            .map(|token| token.text)
            .filter(|text| !text.starts_with(HYPHENS))
            .collect();
        (text.len() <= 40).then(|| {
            Found::firm(
                Value::Code {
                    text: text.to_uppercase(),
                },
                end,
            )
        })
    }

    /// `+49 30 1234567`.
    fn phone(&self, start: usize) -> Option<Found> {
        const GROUPS: usize = 12;
        let tokens = &self.tokens;
        if !tokens.is_glued(start + 1) {
            return None;
        }
        let mut digits = String::from("+");
        let mut end = start + 1;
        for at in (start + 1..).take(GROUPS) {
            match tokens.get(at) {
                Some(token) if token.shape == Shape::Numeral => {
                    digits.extend(token.text.chars().filter(char::is_ascii_digit));
                    end = at + 1;
                }
                Some(token) if matches!(token.text, "(" | ")" | "/" | "-" | "–") => {}
                _ => break,
            }
        }
        (8..=20)
            .contains(&digits.len())
            .then(|| Found::firm(Value::Code { text: digits }, end))
    }

    /// `2/3`, `24/7`.
    fn slash(&self, at: usize) -> Option<Found> {
        let tokens = &self.tokens;
        let (left, right) = (tokens.numeral(at)?, tokens.numeral(at + 2)?);
        if !tokens.is_glued_mark(at + 1, &['/']) || !tokens.is_glued(at + 2) {
            return None;
        }
        let fraction = left
            .parse::<u64>()
            .ok()
            .zip(right.parse::<u64>().ok())
            .filter(|(numerator, denominator)| {
                numerator < denominator
                    && *numerator > 0
                    && *denominator <= 100
                    && !left.starts_with('0')
            });
        let value = match fraction {
            Some((numerator, denominator)) => Value::Fraction {
                numerator,
                denominator,
            },
            None if left.len() + right.len() <= 24 => Value::Code {
                text: format!("{left}/{right}"),
            },
            None => return None,
        };
        Some(Found::firm(value, at + 3))
    }

    /// `2:1`, and `20:15` where nothing says that it is a time.
    fn colons(&self, at: usize) -> Option<Found> {
        let Numeral::Colons(points) = numeral::read(self.tokens.numeral(at)?, self.language) else {
            return None;
        };
        Some(Found::firm(Value::Score { points }, at + 1))
    }

    /// Fractions in words and marks: `zwei Drittel`, `two-thirds`, `½`.
    fn part(&self, at: usize) -> Option<Found> {
        let tokens = &self.tokens;
        let word = tokens.word(at);
        let fraction = |numerator, denominator, end, loose| {
            Some(Found {
                value: Value::Fraction {
                    numerator,
                    denominator,
                },
                end,
                loose,
            })
        };
        match tokens.get(at)?.text {
            "½" => return fraction(1, 2, at + 1, false),
            "¼" => return fraction(1, 4, at + 1, false),
            "¾" => return fraction(3, 4, at + 1, false),
            "⅓" => return fraction(1, 3, at + 1, false),
            "⅔" => return fraction(2, 3, at + 1, false),
            _ => {}
        }
        match self.language {
            Language::German => {
                if matches!(word, Some("hälfte")) {
                    return fraction(1, 2, at + 1, true);
                }
                if matches!(word, Some("dreiviertel")) {
                    return fraction(3, 4, at + 1, false);
                }
                if word.is_some_and(|w| {
                    w.strip_prefix("jede")
                        .is_some_and(|e| matches!(e, "r" | "" | "s" | "m" | "n"))
                }) && let Some((number, end)) = self
                    .german_ordinal(at + 1)
                    .filter(|(number, _)| *number > 1)
                {
                    return fraction(1, number, end, false);
                }
                let numerator = match word {
                    Some(w) if amount::is_german_article(w) => Some((1, at + 1)),
                    _ => amount::count(tokens, at, self.language)
                        .and_then(|count| Some((count.value.natural()?, count.end))),
                };
                let (numerator, end) = numerator?;
                let Some(Spelled::Part(denominator)) = words::german(tokens.word(end)?) else {
                    return None;
                };
                (numerator < 100)
                    .then(|| fraction(numerator, denominator, end + 1, false))
                    .flatten()
            }
            Language::English => self.english_part(at),
        }
    }

    /// An ordinal in digits or words.
    fn german_ordinal(&self, at: usize) -> Option<(u64, usize)> {
        let tokens = &self.tokens;
        if let Some(text) = tokens.numeral(at) {
            let number = text.parse().ok()?;
            return tokens
                .is_glued_mark(at + 1, &['.'])
                .then_some((number, at + 2));
        }
        match words::german(tokens.word(at)?)? {
            Spelled::Ordinal(number) => Some((number, at + 1)),
            _ => None,
        }
    }

    fn english_part(&self, at: usize) -> Option<Found> {
        let tokens = &self.tokens;
        let fraction = |numerator, denominator, end| {
            Some(Found::firm(
                Value::Fraction {
                    numerator,
                    denominator,
                },
                end,
            ))
        };
        let word = tokens.word(at)?;
        if word == "every"
            && let Some((Spelled::Ordinal(number), end)) = words::english(tokens, at + 1)
            && number > 1
        {
            return fraction(1, number, end);
        }
        if word == "one" {
            let out = if tokens.is_word(at + 1, &["out"]) {
                at + 2
            } else {
                at + 1
            };
            let of = tokens.is_word(out, &["in"]) || (out > at + 1 && tokens.is_word(out, &["of"]));
            if of && let Some(count) = amount::count(tokens, out + 1, self.language) {
                let (measure, ..) = amount::measured(tokens, &count, self.language);
                let denominator = count.value.natural().filter(|n| (2..=1000).contains(n));
                if let Some(denominator) =
                    denominator.filter(|_| measure == Measure::Count && count.scale.is_none())
                {
                    return fraction(1, denominator, count.end);
                }
            }
        }
        if word == "half" {
            // „half past“ and „half a million“ are read elsewhere.
            let counted = amount::count(tokens, at, self.language).is_some();
            return (!counted).then_some(Found {
                value: Value::Fraction {
                    numerator: 1,
                    denominator: 2,
                },
                end: at + 1,
                loose: true,
            });
        }
        let (numerator, end) = match word {
            "a" | "an" => (1, at + 1),
            _ => match words::english(tokens, at)? {
                (Spelled::Cardinal(value), end) => (value.natural()?, end),
                _ => return None,
            },
        };
        let noun = tokens.after_hyphen(end);
        let part = tokens.word(noun)?;
        let denominator = words::english_part(part)?;
        let plural = part.ends_with('s') || part == "halves";
        let article = matches!(word, "a" | "an");
        // „a third person“ is one more; „a third of the people“ is not.
        let certain = if article || numerator == 1 {
            tokens.is_word(noun + 1, &["of"])
                || noun > end
                || (numerator == 1 && !article)
                || (matches!(part, "quarter" | "half")
                    && !tokens.is_word(noun + 1, &["past", "to"]))
        } else {
            plural
        };
        let halves = denominator == 2 && article;
        (certain && !halves && numerator < 100)
            .then(|| fraction(numerator, denominator, noun + 1))
            .flatten()
    }

    /// Amounts, ordinals in digits, multiples, ages, ranges.
    fn amounts(&self, at: usize) -> Option<Found> {
        let tokens = &self.tokens;
        let first = amount::read(tokens, at, self.language)?;
        if let Some(found) = self.ordinal_digits(at, &first) {
            return Some(found);
        }
        if let Some(found) = self.multiple(&first) {
            return Some(found);
        }
        if let Some(found) = self.range(at, &first) {
            return Some(found);
        }
        if let Some(found) = self.suffixed(at, &first) {
            return Some(found);
        }
        if first.count.several {
            let value = Value::Several {
                of: first.count.value,
                measure: first.measure,
            };
            return Some(Found::firm(value, first.end));
        }
        Some(Found {
            value: Value::Amount {
                amount: first.count.value,
                measure: self.age(at, &first),
            },
            end: first.end,
            loose: first.count.loose,
        })
    }

    /// English ages whose words come before the number: `aged 95`.
    fn age(&self, at: usize, amount: &Amount) -> Measure {
        let aged = match self.language {
            Language::English => self.tokens.word_before(at, 1) == Some("aged"),
            Language::German => false,
        };
        if aged && amount.measure == Measure::Count {
            Measure::Age
        } else {
            amount.measure
        }
    }

    /// `12.` before a German word, `21st`.
    fn ordinal_digits(&self, at: usize, first: &Amount) -> Option<Found> {
        let tokens = &self.tokens;
        if !first.count.plain || first.end != at + 1 {
            return None;
        }
        let number = first.count.value.natural()?;
        let ordinal = |end| Some(Found::firm(Value::Ordinal { number }, end));
        match self.language {
            Language::English => {
                let suffix =
                    tokens.is_glued(at + 1) && tokens.is_word(at + 1, &["st", "nd", "rd", "th"]);
                suffix.then(|| ordinal(at + 2)).flatten()
            }
            Language::German => {
                let stop = tokens.is_glued_mark(at + 1, &['.']);
                let continues = tokens.word(at + 2).is_some() || tokens.is_mark(at + 2, &DASHES);
                let article = tokens.word_before(at, 1).is_some_and(|w| {
                    matches!(
                        w,
                        "der"
                            | "die"
                            | "das"
                            | "dem"
                            | "den"
                            | "des"
                            | "am"
                            | "im"
                            | "zum"
                            | "zur"
                            | "vom"
                            | "beim"
                            | "ins"
                            | "ihr"
                            | "ihre"
                            | "ihren"
                            | "ihrem"
                            | "sein"
                            | "seine"
                            | "seinen"
                            | "seinem"
                            | "seiner"
                            | "ihrer"
                            | "jeder"
                            | "jede"
                            | "jedes"
                            | "unser"
                            | "vor"
                    )
                });
                let lower = tokens.word(at + 2).is_some() && !tokens.is_capitalised(at + 2);
                (stop
                    && continues
                    && number <= 1000
                    && (article || lower || tokens.is_capitalised(at + 2) && number < 100))
                    .then(|| ordinal(at + 2))
                    .flatten()
            }
        }
    }

    /// `20-mal`, `drei Mal`, `three times`, `3fach`, `ten-fold`, `2x`.
    fn multiple(&self, first: &Amount) -> Option<Found> {
        let tokens = &self.tokens;
        if first.measure != Measure::Count || first.count.several {
            return None;
        }
        let next = tokens.after_hyphen(first.end);
        let word = tokens.word(next)?;
        let counted = match self.language {
            Language::German => matches!(
                word,
                "mal" | "malige" | "maligen" | "maliger" | "fach" | "fache" | "fachen" | "faches"
            ),
            Language::English => matches!(word, "times" | "fold" | "time"),
        } || (word == "x" && tokens.is_glued(next));
        counted.then(|| Found {
            value: Value::Multiple {
                factor: first.count.value,
            },
            end: next + 1,
            loose: first.count.loose,
        })
    }

    /// `10 bis 15 Prozent`, `5-10 %`, `between 2 and 3 million`, `2-1`.
    fn range(&self, at: usize, first: &Amount) -> Option<Found> {
        let tokens = &self.tokens;
        if first.count.several {
            return None;
        }
        // „16- bis 17-Jährige“ leaves a hyphen behind the first number.
        let open = tokens.is_glued_mark(first.end, &HYPHENS) && !tokens.is_glued(first.end + 1);
        let connector = if open { first.end + 1 } else { first.end };
        let before = tokens.word_before(at, 1);
        let spoken = match (self.language, tokens.word(connector)) {
            (Language::German, Some("bis")) => true,
            (Language::German, Some("und")) => before == Some("zwischen"),
            (Language::English, Some("to")) => !first.count.loose,
            (Language::English, Some("and")) => before == Some("between"),
            _ => false,
        };
        let dash = !open
            && tokens.is_mark(connector, &DASHES)
            && tokens.is_glued(connector) == tokens.is_glued(connector + 1);
        if !spoken && !dash {
            return None;
        }
        let second = amount::read(tokens, connector + 1, self.language)?;
        if dash && tokens.numeral(connector + 1).is_none() && second.measure != first.measure {
            return None;
        }
        let measure = match (first.measure, second.measure) {
            (one, other) if one == other => one,
            (Measure::Count, measure) | (measure, Measure::Count) => measure,
            _ => return None,
        };
        // A second number that is a time, a date or an ordinal is its own.
        let other_sort = clock::read(tokens, connector + 1, self.language).is_some()
            || date::read(tokens, connector + 1, self.language)
                .is_some_and(|(value, _)| !matches!(value, Value::Date { month: None, .. }))
            || self.ordinal_digits(connector + 1, &second).is_some();
        if other_sort || second.count.several || second.count.loose {
            return None;
        }
        let (mut low, mut high) = (first.count.value, second.count.value);
        if let (None, Some(power), true) =
            (first.count.scale, second.count.scale, low.to_f64() < 1000.0)
        {
            low = low.times(Decimal::new(1, power)?)?;
        }
        if let (Some(power), None, true) = (
            first.count.scale,
            second.count.scale,
            high.to_f64() < 1000.0 && dash,
        ) {
            high = high.times(Decimal::new(1, power)?)?;
        }
        if low.to_f64() < high.to_f64() {
            return Some(Found::firm(Value::Range { low, high, measure }, second.end));
        }
        let points: Option<Vec<u32>> = [low, high]
            .iter()
            .map(|n| n.natural().and_then(|n| u32::try_from(n).ok()))
            .collect();
        let score = dash && first.count.plain && second.count.plain && measure == Measure::Count;
        score.then_some(Found::firm(Value::Score { points: points? }, second.end))
    }

    /// Digits with letters glued on that are no unit: `5G`, `219a`, `3D`.
    fn suffixed(&self, at: usize, first: &Amount) -> Option<Found> {
        let tokens = &self.tokens;
        let letters = tokens.word(first.end)?;
        let glued = tokens.is_glued(first.end) && first.end == at + 1;
        let code = first.count.plain
            && letters.chars().count() <= 3
            && !matches!(letters, "er" | "ern" | "s" | "ers");
        (glued && code).then(|| self.run(at)).flatten()
    }

    /// Ordinals, multiples and measured compounds in words.
    fn spelled(&self, at: usize) -> Option<Found> {
        let tokens = &self.tokens;
        let word = tokens.word(at)?;
        match self.language {
            Language::German => self.german_spelled(at, word),
            Language::English => {
                let multiple = |factor: u64, loose| {
                    Some(Found {
                        value: Value::Multiple {
                            factor: Decimal::from(factor),
                        },
                        end: at + 1,
                        loose,
                    })
                };
                match word {
                    "once" => return multiple(1, true),
                    "twice" => return multiple(2, true),
                    "thrice" => return multiple(3, false),
                    "double" | "doubled" | "doubles" | "doubling" | "twofold" => {
                        return multiple(2, true);
                    }
                    "triple" | "tripled" | "threefold" | "treble" | "trebled" | "tripling" => {
                        return multiple(3, true);
                    }
                    "quadruple" | "quadrupled" | "fourfold" => return multiple(4, true),
                    "fivefold" => return multiple(5, true),
                    "tenfold" => return multiple(10, true),
                    "fortnight" | "fortnights" => {
                        let value = Value::Amount {
                            amount: Decimal::from(2),
                            measure: Measure::Unit(Unit::Week),
                        };
                        return Some(Found {
                            value,
                            end: at + 1,
                            loose: true,
                        });
                    }
                    _ => {}
                }
                let (Spelled::Ordinal(number), end) = words::english(tokens, at)? else {
                    return None;
                };
                let seconds = word == "second" && number == 2;
                Some(Found {
                    value: Value::Ordinal { number },
                    end,
                    loose: number <= 3 || seconds,
                })
            }
        }
    }

    fn german_spelled(&self, at: usize, word: &str) -> Option<Found> {
        let tokens = &self.tokens;
        match word {
            "beide" | "beiden" | "beider" | "beidem" | "beides" => {
                return Some(Found {
                    value: Value::count(Decimal::from(2)),
                    end: at + 1,
                    loose: true,
                });
            }
            "halb" | "halbe" | "halben" | "halber" | "halbes" => {
                let half = Count {
                    loose: true,
                    ..Count::spelled(Decimal::HALF, at + 1)
                };
                let (measure, end, _) = amount::measured(tokens, &half, self.language);
                let value = match measure {
                    Measure::Count => Value::Fraction {
                        numerator: 1,
                        denominator: 2,
                    },
                    measure => Value::Amount {
                        amount: Decimal::HALF,
                        measure,
                    },
                };
                return Some(Found {
                    value,
                    end,
                    loose: true,
                });
            }
            "verdoppelt" | "verdoppeln" | "verdoppelte" | "verdoppelten" | "verdopplung"
            | "verdoppelung" => {
                return Some(Found {
                    value: Value::Multiple {
                        factor: Decimal::from(2),
                    },
                    end: at + 1,
                    loose: true,
                });
            }
            "verdreifacht" | "verdreifachen" | "verdreifachte" => {
                return Some(Found {
                    value: Value::Multiple {
                        factor: Decimal::from(3),
                    },
                    end: at + 1,
                    loose: true,
                });
            }
            _ => {}
        }
        match words::german(word)? {
            Spelled::Ordinal(number) => {
                // „achten“ is a verb, „die achten Klassen“ are not.
                let verb = number == 8
                    && word == "achten"
                    && !tokens.is_capitalised(at)
                    && self.no_article(at);
                (!verb).then_some(Found {
                    value: Value::Ordinal { number },
                    end: at + 1,
                    loose: number <= 3,
                })
            }
            Spelled::Multiple(factor) => Some(Found {
                value: Value::Multiple { factor },
                end: at + 1,
                loose: factor == Decimal::ONE,
            }),
            Spelled::Measured(amount, measure) => {
                let person = measure == Measure::Unit(Unit::Year) && tokens.is_capitalised(at);
                let measure = if person { Measure::Age } else { measure };
                let loose = amount == Decimal::ONE;
                Some(Found {
                    value: Value::Amount { amount, measure },
                    end: at + 1,
                    loose,
                })
            }
            Spelled::Cardinal(_) | Spelled::Several(_) | Spelled::Part(_) | Spelled::Decade(_) => {
                None
            }
        }
    }

    fn no_article(&self, at: usize) -> bool {
        !self.tokens.word_before(at, 1).is_some_and(|w| {
            matches!(
                w,
                "der" | "die" | "das" | "dem" | "den" | "des" | "am" | "im" | "zum" | "zur" | "vom"
            )
        })
    }

    /// Numerals that nothing else explains are copied.
    fn leftover(&self, at: usize) -> Option<Found> {
        let text = self.tokens.numeral(at)?;
        Some(Found::firm(
            Value::Code {
                text: text.replace(',', "."),
            },
            at + 1,
        ))
    }

    /// The word of approximation around a figure.
    fn approximation(&self, start: usize, end: usize) -> Option<Approximation> {
        use Approximation::{About, AtLeast, AtMost, Nearly, Over, Under};
        let tokens = &self.tokens;
        let one = tokens.word_before(start, 1).unwrap_or("");
        let two = tokens.word_before(start, 2).unwrap_or("");
        match self.language {
            Language::German => match (two, one) {
                ("mehr", "als") => Some(Over),
                ("weniger", "als") => Some(Under),
                ("bis", "zu") => Some(AtMost),
                (
                    _,
                    "rund" | "etwa" | "ca" | "circa" | "zirka" | "ungefähr" | "schätzungsweise",
                ) => Some(About),
                (_, "fast" | "knapp" | "nahezu" | "beinahe") => Some(Nearly),
                (_, "über" | "gut") => Some(Over),
                (_, "unter") => Some(Under),
                (_, "mindestens" | "wenigstens") => Some(AtLeast),
                (_, "höchstens" | "maximal") => Some(AtMost),
                _ => tokens
                    .word_before(start, 2)
                    .filter(|w| *w == "ca")
                    .map(|_| About),
            },
            Language::English => match (two, one) {
                ("more", "than") => Some(Over),
                ("less" | "fewer", "than") => Some(Under),
                ("up", "to") | ("at", "most") => Some(AtMost),
                ("at", "least") => Some(AtLeast),
                (_, "over" | "exceeding") => Some(Over),
                (_, "under" | "below") => Some(Under),
                (_, "about" | "around" | "roughly" | "approximately" | "some" | "circa") => {
                    Some(About)
                }
                (_, "almost" | "nearly") => Some(Nearly),
                _ if tokens.is_word(end, &["or"]) && tokens.is_word(end + 1, &["more"]) => {
                    Some(AtLeast)
                }
                _ => None,
            },
        }
    }
}
