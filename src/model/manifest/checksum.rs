//! SHA-256 of a file, as the manifest writes it and as a file on disk has it.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

const READ_SIZE: usize = 1 << 20;

/// A SHA-256 digest (FIPS 180-4), written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Checksum([u8; 32]);

impl Checksum {
    /// Digests a file piece by piece; `read` hears of the bytes read so far.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read.
    pub fn of_file(path: &Path, mut read: impl FnMut(u64)) -> Result<Self> {
        let unreadable = |source| Error::io(format!("cannot read {}", path.display()), source);
        let mut file = File::open(path).map_err(unreadable)?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; READ_SIZE];
        let mut total = 0;
        loop {
            let count = match file.read(&mut buffer) {
                Ok(0) => return Ok(Checksum(hasher.finalize().into())),
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(unreadable(error)),
            };
            hasher.update(buffer.get(..count).unwrap_or_default());
            total += count as u64;
            read(total);
        }
    }
}

impl FromStr for Checksum {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let bytes: Option<Vec<u8>> = text
            .as_bytes()
            .chunks(2)
            .map(|pair| match *pair {
                [high, low] => u8::try_from(digit(high)? * 16 + digit(low)?).ok(),
                _ => None,
            })
            .collect();
        bytes
            .and_then(|bytes| bytes.try_into().ok())
            .map(Checksum)
            .ok_or_else(|| format!("{text:?} is not a SHA-256 of 64 hexadecimal digits"))
    }
}

impl TryFrom<String> for Checksum {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Checksum> for String {
    fn from(checksum: Checksum) -> Self {
        checksum.to_string()
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checksum({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digest of "abc" that FIPS 180-4 gives as its first example.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn digests_a_file_as_the_standard_says() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        let mut seen = 0;
        let checksum = Checksum::of_file(&path, |bytes| seen = bytes).unwrap();
        assert_eq!(checksum.to_string(), ABC);
        assert_eq!(seen, 3);
    }

    #[test]
    fn reads_what_it_writes_in_either_case() {
        let checksum: Checksum = ABC.parse().unwrap();
        assert_eq!(ABC.to_uppercase().parse(), Ok(checksum));
        assert_eq!(String::from(checksum), ABC);
    }

    #[test]
    fn refuses_what_is_no_digest() {
        for wrong in [
            "",
            "abc",
            &ABC[1..],
            &ABC.replace('b', "ß"),
            &format!("{ABC}00"),
            &ABC.replace('b', "+"),
        ] {
            assert!(wrong.parse::<Checksum>().is_err(), "{wrong}");
        }
    }
}
