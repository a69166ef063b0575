//! A key: its name, the hash of what its holder shows, and what it may.

use std::fmt;
use std::hint::black_box;
use std::num::NonZeroU32;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::rate::Rate;
use crate::error::{Error, Result};
use crate::store::memory::hex;

/// Longest name in bytes; names are labels of metrics.
const LONGEST_NAME: usize = 64;
/// Random bytes of a fresh key.
const RANDOM: usize = 32;
/// Shortest key that may be chosen: 16 characters at random cannot be guessed.
const SHORTEST: usize = 16;
/// What fresh keys begin with, so that programs that look for leaked secrets
/// recognise them.
const PREFIX: &str = "depesche_";
/// What hashes begin with in the file.
const SCHEME: &str = "sha256:";

/// SHA-256 of a key.
///
/// A slow hash with a salt protects what people choose; a key has 256 random
/// bits, which nobody finds by trying, and is looked at with every request. The
/// file that holds the hash lets nobody in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl Digest {
    pub fn of(secret: &str) -> Self {
        Digest(Sha256::digest(secret.as_bytes()).into())
    }

    /// Reads `sha256:` and 64 hexadecimal digits.
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(SCHEME)?.as_bytes();
        let mut bytes = [0; 32];
        if digits.len() != 2 * bytes.len() {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            let digit = |at: usize| char::from(*pair.get(at)?).to_digit(16);
            *byte = u8::try_from(digit(0)? << 4 | digit(1)?).ok()?;
        }
        Some(Digest(bytes))
    }

    /// Whether they are equal; the time does not depend on where they differ.
    pub fn matches(&self, other: &Digest) -> bool {
        let differing = self
            .0
            .iter()
            .zip(&other.0)
            .fold(0, |differing, (one, other)| {
                black_box(differing | (one ^ other))
            });
        differing == 0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{SCHEME}{}", hex(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// How much somebody may ask for; `None` is for no limit, or for the one that
/// holds for everybody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Allowance {
    pub requests_per_minute: Option<NonZeroU32>,
    /// Requests that may come at once; by default those of a minute.
    pub burst: Option<NonZeroU32>,
    /// Characters of source text in a calendar month (UTC).
    pub characters_per_month: Option<u64>,
}

impl Allowance {
    /// This one, with the other's limits where it has none of its own.
    pub fn or(self, other: Allowance) -> Allowance {
        Allowance {
            requests_per_minute: self.requests_per_minute.or(other.requests_per_minute),
            burst: self.burst.or(other.burst),
            characters_per_month: self.characters_per_month.or(other.characters_per_month),
        }
    }

    /// The rate, if it is limited.
    pub fn rate(&self) -> Option<Rate> {
        self.requests_per_minute.map(|per_minute| Rate {
            per_minute,
            burst: self.burst.unwrap_or(per_minute),
        })
    }
}

/// A key that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub name: Arc<str>,
    pub digest: Digest,
    pub allowance: Allowance,
}

impl Key {
    /// A new key under a name, and what its holder has to show.
    ///
    /// # Errors
    /// [`Error::Config`] for a name that cannot be one, [`Error::Internal`] when
    /// the system has no random bytes.
    pub fn fresh(name: &str, allowance: Allowance) -> Result<(Self, String)> {
        let name = name_of(name).map_err(Error::Config)?;
        let mut random = [0; RANDOM];
        getrandom::fill(&mut random)
            .map_err(|error| Error::Internal(format!("no random bytes for a key: {error}")))?;
        let secret = format!("{PREFIX}{}", hex(&random));
        let key = Key {
            name,
            digest: Digest::of(&secret),
            allowance,
        };
        Ok((key, secret))
    }

    /// Reads `name=key`, and hashes the key at once.
    ///
    /// # Errors
    /// What is wrong with it, without the key.
    pub fn of_pair(pair: &str) -> Result<Self, String> {
        let (name, secret) = pair.trim().split_once('=').ok_or("it is not `name=key`")?;
        let name = name_of(name)?;
        if secret.len() < SHORTEST {
            return Err(format!(
                "the key of {name} is shorter than {SHORTEST} characters"
            ));
        }
        Ok(Key {
            name,
            digest: Digest::of(secret),
            allowance: Allowance::default(),
        })
    }

    /// Reads a line of the file: `name sha256:HEX`, then limits as `name=number`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of_line(line: &str) -> Result<Self, String> {
        let mut words = line.split_whitespace();
        let name = name_of(words.next().unwrap_or_default())?;
        let digest = words
            .next()
            .and_then(Digest::read)
            .ok_or("the name is not followed by `sha256:` and 64 hexadecimal digits")?;
        let mut allowance = Allowance::default();
        for word in words {
            let (limit, value) = word
                .split_once('=')
                .ok_or("behind the hash only limits may stand, as name=number")?;
            let fault = |_| format!("the value of {limit} is not a number from 1 on");
            match limit {
                "requests_per_minute" => {
                    allowance.requests_per_minute = Some(value.parse().map_err(fault)?);
                }
                "burst" => allowance.burst = Some(value.parse().map_err(fault)?),
                "characters_per_month" => {
                    allowance.characters_per_month = Some(value.parse().map_err(fault)?);
                }
                _ => {
                    return Err("the limits are requests_per_minute, burst and \
                                characters_per_month"
                        .into());
                }
            }
        }
        Ok(Key {
            name,
            digest,
            allowance,
        })
    }
}

/// The line of the file.
impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.name, self.digest)?;
        let Allowance {
            requests_per_minute,
            burst,
            characters_per_month,
        } = self.allowance;
        if let Some(limit) = requests_per_minute {
            write!(formatter, " requests_per_minute={limit}")?;
        }
        if let Some(limit) = burst {
            write!(formatter, " burst={limit}")?;
        }
        if let Some(limit) = characters_per_month {
            write!(formatter, " characters_per_month={limit}")?;
        }
        Ok(())
    }
}

/// A name: letters, digits, `-`, `_` and `.`.
fn name_of(text: &str) -> Result<Arc<str>, String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    match (1..=LONGEST_NAME).contains(&text.len()) && text.bytes().all(fits) {
        true => Ok(text.into()),
        false => Err(format!(
            "a key's name has from 1 to {LONGEST_NAME} letters, digits, `-`, `_` and `.`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_fresh_key_writes_is_read_again() {
        let allowance = Allowance {
            requests_per_minute: NonZeroU32::new(60),
            burst: None,
            characters_per_month: Some(500_000),
        };
        let (key, secret) = Key::fresh("desk", allowance).expect("a key");
        assert!(secret.starts_with("depesche_") && secret.len() == 73);
        assert_eq!(Key::of_line(&key.to_string()), Ok(key.clone()));
        assert!(key.digest.matches(&Digest::of(&secret)));
        let line = key.to_string();
        assert!(line.ends_with(" requests_per_minute=60 characters_per_month=500000"));
        assert!(!line.contains(&secret));
        let (other, _) = Key::fresh("desk", allowance).expect("a key");
        assert!(!other.digest.matches(&key.digest));
        assert!(Key::fresh("two words", allowance).is_err());
    }

    #[test]
    fn a_digest_is_sha256_in_hexadecimal_digits() {
        // FIPS 180-2, appendix B.1.
        let text = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::read(text), Some(Digest::of("abc")));
        assert_eq!(Digest::of("abc").to_string(), text);
        for wrong in [
            &text[..70],
            &text.replace('b', "g"),
            &text.replace("sha256", "md5"),
        ] {
            assert_eq!(Digest::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn faults_are_named_and_keys_are_not() {
        let pair = Key::of_pair("desk=sixteen-letters!").expect("a key");
        assert_eq!(&*pair.name, "desk");
        assert!(pair.digest.matches(&Digest::of("sixteen-letters!")));
        for wrong in ["", "desk", "=sixteen-letters!", "desk=secret", "a b=secret"] {
            let fault = Key::of_pair(wrong).expect_err("no pair");
            assert!(!fault.contains("secret"), "{fault}");
        }
        let hash = Digest::of("x");
        for (line, fault) in [
            ("desk".to_owned(), "sha256"),
            (format!("desk {hash} fast"), "name=number"),
            (format!("desk {hash} burst=0"), "burst"),
            (format!("desk {hash} speed=1"), "requests_per_minute"),
            (format!("de/sk {hash}"), "name"),
        ] {
            let told = Key::of_line(&line).expect_err("no line");
            assert!(told.contains(fault), "{line}: {told}");
        }
    }

    proptest! {
        #[test]
        fn any_line_is_read_or_refused(line in "\\PC*") {
            Key::of_line(&line).ok();
            Key::of_pair(&line).ok();
        }
    }
}
