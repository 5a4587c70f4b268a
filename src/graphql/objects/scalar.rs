//! Scalars of our own.

use crate::domain::Timestamp;
use async_graphql::{Description, InputValueError, InputValueResult, Name, Scalar, ScalarType, Value};

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

/// The key of an object that async-graphql writes as the JSON text that it holds: what is written so keeps its numbers as they are, which
/// its own values cannot.
const RAW: &str = "$serde_json::private::RawValue";

/// Any JSON value.
#[derive(Debug, Clone, PartialEq, Description)]
pub enum Json {
    /// One that was read, or made.
    Value(serde_json::Value),
    /// One that is written as the text that it is.
    Text(String),
}

impl Json {
    /// The value.
    ///
    /// # Errors
    /// The text is no JSON.
    pub fn into_value(self) -> Result<serde_json::Value, serde_json::Error> {
        match self {
            Self::Value(value) => Ok(value),
            Self::Text(text) => serde_json::from_str(&text),
        }
    }
}

#[Scalar(name = "JSON", use_type_description, specified_by_url = "https://www.rfc-editor.org/rfc/rfc8259")]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        value.into_json().map(Self::Value).map_err(|_| InputValueError::custom("This is no JSON value."))
    }

    fn to_value(&self) -> Value {
        // Always as text: an object of somebody's that has this very key is then what it is.
        let text = match self {
            Self::Value(value) => value.to_string(),
            Self::Text(text) => text.clone(),
        };
        Value::Object([(Name::new(RAW), Value::String(text))].into_iter().collect())
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

    #[test]
    fn json_is_written_as_it_stands_whatever_its_keys_are() {
        for text in [r#"{"b":1.10,"a":123456789012345678901234567890,"":[]}"#, r#"{"$serde_json::private::RawValue":"1"}"#, "null", "1e400"]
        {
            assert_eq!(serde_json::to_string(&Json::Text(text.to_owned()).to_value()).expect("it can be written"), text);
        }
        let value = serde_json::json!({ RAW: "[1]" });
        assert_eq!(serde_json::to_string(&Json::Value(value.clone()).to_value()).expect("it can be written"), value.to_string());
    }
}
