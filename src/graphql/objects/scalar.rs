//! Scalars of our own.

use crate::domain::Timestamp;
use async_graphql::{Description, InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// A moment in UTC, as RFC 3339 writes it: `2026-01-31T09:30:00Z`, with up to six digits after the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Description)]
pub struct DateTime(pub Timestamp);

#[Scalar(name = "DateTime", use_type_description, specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let moment = Timestamp::from_rfc3339(text);
        moment.map(Self).ok_or_else(|| InputValueError::custom("A moment reads like 2026-01-31T09:30:00Z."))
    }

    fn to_value(&self) -> Value {
        self.0.to_rfc3339().map_or(Value::Null, Value::String)
    }
}

/// Any JSON value.
#[derive(Debug, Clone, PartialEq, Description)]
pub struct Json(pub serde_json::Value);

#[Scalar(name = "JSON", use_type_description, specified_by_url = "https://www.rfc-editor.org/rfc/rfc8259")]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        value.into_json().map(Self).map_err(|_| InputValueError::custom("This is no JSON value."))
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_it_is_read() {
        for (text, micros) in [("2026-01-31T09:30:00Z", 1_769_851_800_000_000), ("2026-01-31T09:30:00.25Z", 1_769_851_800_250_000)] {
            assert_eq!(DateTime::parse(Value::from(text)).expect("well formed"), DateTime(Timestamp::from_micros(micros)));
            assert_eq!(DateTime(Timestamp::from_micros(micros)).to_value(), Value::from(text));
        }
        assert!(DateTime::parse(Value::from("yesterday")).is_err());
        assert!(DateTime::parse(Value::from(1)).is_err());
    }
}
