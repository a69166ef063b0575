//! Just enough of the protocol buffer wire format to walk over the fields of
//! a message: <https://protobuf.dev/programming-guides/encoding/>.

use crate::error::{Error, Result};

/// One field's value, by wire type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    Varint(u64),
    Fixed64([u8; 8]),
    /// A string, bytes or a nested message.
    Bytes(&'a [u8]),
    Fixed32([u8; 4]),
}

/// Iterates over the fields of one message, in file order. Ends after the
/// first error.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub fn new(message: &'a [u8]) -> Self {
        Fields { rest: message }
    }

    fn field(&mut self) -> Result<(u64, Value<'a>)> {
        let key = self.varint()?;
        let value = match key & 7 {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed64(self.array()?),
            2 => {
                let length = self.varint()?;
                let length = usize::try_from(length).map_err(|_| cut_short())?;
                Value::Bytes(self.take(length)?)
            }
            5 => Value::Fixed32(self.array()?),
            wire_type => {
                return Err(Error::Corrupt(format!(
                    "wire type {wire_type} in a protocol buffer"
                )));
            }
        };
        Ok((key >> 3, value))
    }

    fn varint(&mut self) -> Result<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Error::Corrupt(
            "a number in a protocol buffer is longer than 64 bits".into(),
        ))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk::<N>().ok_or_else(cut_short)?;
        self.rest = rest;
        Ok(*head)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(length).ok_or_else(cut_short)?;
        self.rest = rest;
        Ok(head)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

fn cut_short() -> Error {
    Error::Corrupt("a protocol buffer ends in the middle of a field".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_wire_type() {
        let message = [
            0x08, 0x96, 0x01, // 1: varint 150
            0x12, 0x02, b'h', b'i', // 2: "hi"
            0x1d, 0, 0, 0x80, 0x3f, // 3: 1.0f32
            0x21, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, // 4: 1.0f64
        ];
        let fields: Vec<_> = Fields::new(&message).collect::<Result<_>>().unwrap();
        assert_eq!(
            fields,
            [
                (1, Value::Varint(150)),
                (2, Value::Bytes(b"hi")),
                (3, Value::Fixed32(1f32.to_le_bytes())),
                (4, Value::Fixed64(1f64.to_le_bytes())),
            ]
        );
    }

    #[test]
    fn refuses_damaged_messages_once() {
        let damaged: [&[u8]; 6] = [
            &[0x08],             // no value
            &[0x12, 0x05, b'x'], // shorter than it says
            &[0x1d, 0, 0],       // cut fixed32
            &[0x0b],             // wire type 3, withdrawn long ago
            &[
                0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1,
            ],
            &[0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
        ];
        for message in damaged {
            let fields: Vec<_> = Fields::new(message).collect();
            assert!(
                matches!(fields[..], [Err(Error::Corrupt(_))]),
                "{message:?}: {fields:?}"
            );
        }
    }
}
