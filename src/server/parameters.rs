//! The parameters of a request, read strictly and without quoting the JSON parser.

use async_graphql::{Request, Value, Variables};

use super::gate::{Admitted, Limits, Rejection, admit};

/// The most values of a large body. Each takes many times the room of its text.
const MAX_VALUES: usize = 1_000_000;

/// What a client asks for, not yet admitted.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Parameters {
    pub query: String,
    pub operation_name: Option<String>,
    pub variables: Variables,
    extensions: Option<Value>,
}

/// The body of a request: one operation or several.
#[derive(Debug, PartialEq)]
pub(super) enum Body {
    One(Parameters),
    Batch(Vec<Parameters>),
}

/// A request that cannot be understood. Its text is public.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Malformed {
    #[error("{what} is not valid JSON (line {line}, column {column}).")]
    Json { what: &'static str, line: usize, column: usize },
    #[error("A request must be a JSON object with a query.")]
    NotAnObject,
    #[error("The parameter \"{0}\" is missing.")]
    Missing(&'static str),
    #[error("The parameter \"{name}\" must be {kind}.")]
    WrongType { name: &'static str, kind: &'static str },
    #[error("The parameter \"{0}\" was given more than once.")]
    Repeated(&'static str),
    #[error("A batch must have at least one operation.")]
    EmptyBatch,
    #[error("A batch may have at most {limit} operations.")]
    LargeBatch { limit: usize },
    #[error("A request may have at most {limit} values; a document is better sent as one text.")]
    TooManyValues { limit: usize },
}

impl Malformed {
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Json { .. } => "MALFORMED_JSON",
            Self::NotAnObject => "MALFORMED_REQUEST",
            Self::Missing(_) => "MISSING_PARAMETER",
            Self::WrongType { .. } | Self::Repeated(_) => "INVALID_PARAMETER",
            Self::EmptyBatch => "EMPTY_BATCH",
            Self::LargeBatch { .. } => "BATCH_TOO_LARGE",
            Self::TooManyValues { .. } => "TOO_MANY",
        }
    }
}

impl Body {
    /// Reads the body of a POST.
    pub fn from_json(bytes: &[u8], max_batch: usize) -> Result<Self, Malformed> {
        match parse("The request body", bytes)? {
            Value::List(items) if items.is_empty() => Err(Malformed::EmptyBatch),
            Value::List(items) if items.len() > max_batch => Err(Malformed::LargeBatch { limit: max_batch }),
            Value::List(items) => {
                let batch = items.into_iter().map(Parameters::from_value);
                batch.collect::<Result<_, _>>().map(Self::Batch)
            }
            value => Parameters::from_value(value).map(Self::One),
        }
    }
}

impl Parameters {
    /// Reads the body of a POST, or a payload, that may not be a batch.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Malformed> {
        Self::from_value(parse("The request body", bytes)?)
    }

    /// The same for a body that is so large that what it becomes in memory has to be bounded too.
    pub fn from_large_json(bytes: &[u8]) -> Result<Self, Malformed> {
        if has_more_values(bytes, MAX_VALUES) {
            return Err(Malformed::TooManyValues { limit: MAX_VALUES });
        }
        Self::from_json(bytes)
    }

    /// Reads a JSON value.
    pub fn from_value(value: Value) -> Result<Self, Malformed> {
        let Value::Object(mut fields) = value else {
            return Err(Malformed::NotAnObject);
        };
        let mut take = |name: &str| match fields.swap_remove(name) {
            None | Some(Value::Null) => None,
            Some(value) => Some(value),
        };
        Ok(Self {
            query: match take("query") {
                Some(Value::String(query)) => query,
                Some(_) => return Err(wrong_type("query", "a string")),
                None => return Err(Malformed::Missing("query")),
            },
            operation_name: match take("operationName") {
                Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
                Some(_) => return Err(wrong_type("operationName", "a string or null")),
                None => None,
            },
            variables: variables(take("variables"))?,
            extensions: extensions(take("extensions"))?,
        })
    }

    /// Reads the query string of a GET.
    pub fn from_query_string(pairs: Vec<(String, String)>) -> Result<Self, Malformed> {
        const NAMES: [&str; 4] = ["query", "operationName", "variables", "extensions"];
        let mut values: [Option<String>; 4] = Default::default();
        for (name, value) in pairs {
            if let Some(index) = NAMES.iter().position(|known| *known == name)
                && values[index].replace(value).is_some()
            {
                return Err(Malformed::Repeated(NAMES[index]));
            }
        }
        let [query, operation_name, variables_json, extensions_json] = values;
        let json = |what, text: Option<String>| match text.filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => match parse(what, text.as_bytes())? {
                Value::Null => Ok(None),
                value => Ok(Some(value)),
            },
        };
        Ok(Self {
            query: query.ok_or(Malformed::Missing("query"))?,
            operation_name: operation_name.filter(|name| !name.is_empty()),
            variables: variables(json("The parameter \"variables\"", variables_json)?)?,
            extensions: extensions(json("The parameter \"extensions\"", extensions_json)?)?,
        })
    }

    /// Lets the gate judge the document.
    pub fn admit(&self, limits: &Limits) -> Result<Admitted, Rejection> {
        let name = self.operation_name.as_deref();
        admit(&self.query, name, &self.variables, limits)
    }

    /// The request for async-graphql, with the document that was admitted.
    pub fn into_request(self, admitted: Admitted) -> Request {
        let mut request = Request::new(self.query).variables(self.variables);
        request.operation_name = self.operation_name;
        if let Some(Value::Object(fields)) = self.extensions {
            let fields = fields.into_iter().map(|(name, value)| (name.to_string(), value));
            request.extensions.0.extend(fields);
        }
        request.set_parsed_query(admitted.document);
        request
    }
}

fn parse(what: &'static str, bytes: &[u8]) -> Result<Value, Malformed> {
    serde_json::from_slice(bytes).map_err(|error| Malformed::Json { what, line: error.line(), column: error.column() })
}

/// Whether a text could be more values than this as JSON: every value but the first has a comma before it, or a bracket, outside of strings.
fn has_more_values(bytes: &[u8], most: usize) -> bool {
    let (mut count, mut rest) = (1, bytes);
    while let Some((byte, behind)) = rest.split_first() {
        rest = match byte {
            b'"' => behind_string(behind),
            _ => behind,
        };
        count += usize::from(matches!(byte, b',' | b'[' | b'{'));
        if count > most {
            return true;
        }
    }
    false
}

/// What follows a string that has begun.
fn behind_string(mut text: &[u8]) -> &[u8] {
    while let Some(at) = memchr::memchr2(b'"', b'\\', text) {
        let is_end = text[at] == b'"';
        text = text.get(at + if is_end { 1 } else { 2 }..).unwrap_or_default();
        if is_end {
            return text;
        }
    }
    &[]
}

fn wrong_type(name: &'static str, kind: &'static str) -> Malformed {
    Malformed::WrongType { name, kind }
}

fn variables(value: Option<Value>) -> Result<Variables, Malformed> {
    match value {
        None => Ok(Variables::default()),
        Some(value @ Value::Object(_)) => Ok(Variables::from_value(value)),
        Some(_) => Err(wrong_type("variables", "an object or null")),
    }
}

fn extensions(value: Option<Value>) -> Result<Option<Value>, Malformed> {
    match value {
        None | Some(Value::Object(_)) => Ok(value),
        Some(_) => Err(wrong_type("extensions", "an object or null")),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Name;

    use super::*;

    fn reason(json: &str) -> &'static str {
        Body::from_json(json.as_bytes(), 2).map_or_else(|error| error.reason(), |_| "READ")
    }

    #[test]
    fn one_operation_and_a_batch_are_read() {
        assert_eq!(reason(r#"{"query":"{a}","variables":{"x":1}}"#), "READ");
        assert_eq!(reason(r#"[{"query":"{a}"},{"query":"{b}"}]"#), "READ");
    }

    #[test]
    fn a_batch_is_bounded_and_not_empty() {
        assert_eq!(reason("[]"), "EMPTY_BATCH");
        let three = r#"[{"query":""},{"query":""},{"query":""}]"#;
        assert_eq!(reason(three), "BATCH_TOO_LARGE");
        assert_eq!(reason(r#"[["{a}"]]"#), "MALFORMED_REQUEST");
    }

    #[test]
    fn parameters_of_another_type_are_refused() {
        for (json, expected) in [
            (r#"{"query":1}"#, "INVALID_PARAMETER"),
            (r#"{"query":null}"#, "MISSING_PARAMETER"),
            (r"{}", "MISSING_PARAMETER"),
            (r#"{"query":"{a}","operationName":1}"#, "INVALID_PARAMETER"),
            (r#"{"query":"{a}","variables":[]}"#, "INVALID_PARAMETER"),
            (r#"{"query":"{a}","variables":"{}"}"#, "INVALID_PARAMETER"),
            (r#"{"query":"{a}","extensions":1}"#, "INVALID_PARAMETER"),
            (r#""{a}""#, "MALFORMED_REQUEST"),
            ("{", "MALFORMED_JSON"),
            ("", "MALFORMED_JSON"),
        ] {
            assert_eq!(reason(json), expected, "{json}");
        }
    }

    #[test]
    fn values_are_counted_outside_of_strings() {
        for (json, count) in
            [("1", 1), (r"[0,0,0]", 4), (r#"{"a":[{},[]],"b":"[,{"}"#, 7), (r#"["a\\",0,"b\",0,",0]"#, 5), (r#"["\"#, 2), (r"[", 2)]
        {
            assert!(!has_more_values(json.as_bytes(), count) && has_more_values(json.as_bytes(), count - 1), "{json}");
        }
        let many = |count: usize| format!(r#"{{"query":"{{a}}","variables":{{"a":[{}0]}}}}"#, "0,".repeat(count));
        assert_eq!(Parameters::from_large_json(many(MAX_VALUES).as_bytes()), Err(Malformed::TooManyValues { limit: MAX_VALUES }));
        assert!(Parameters::from_large_json(many(10).as_bytes()).is_ok());
        let text = format!(r#"{{"query":"{{a}}","variables":{{"a":"{}"}}}}"#, "[0],".repeat(MAX_VALUES));
        assert!(Parameters::from_large_json(text.as_bytes()).is_ok());
    }

    #[test]
    fn json_nested_without_end_is_refused() {
        assert_eq!(reason(&"[".repeat(500_000)), "MALFORMED_JSON");
        let variables = format!(r#"{{"query":"{{a}}","variables":{}"#, r#"{"a":"#.repeat(4000));
        assert_eq!(reason(&variables), "MALFORMED_JSON");
    }

    #[test]
    fn the_place_of_a_json_error_is_told_and_nothing_else() {
        let error = Body::from_json(b"{\"query\": nope}", 1).unwrap_err();
        assert_eq!(error.to_string(), "The request body is not valid JSON (line 1, column 12).");
    }

    #[test]
    fn a_query_string_is_read_once_a_name() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let read = Parameters::from_query_string(vec![
            pair("query", "{a}"),
            pair("operationName", ""),
            pair("variables", r#"{"x":1}"#),
            pair("other", "ignored"),
        ]);
        let read = read.unwrap();
        assert_eq!(read.operation_name, None);
        assert_eq!(read.variables[&Name::new("x")], Value::from(1));
        let twice = vec![pair("query", "{a}"), pair("query", "{b}")];
        let twice = Parameters::from_query_string(twice);
        assert_eq!(twice, Err(Malformed::Repeated("query")));
        let text = vec![pair("query", "{a}"), pair("variables", "x")];
        let text = Parameters::from_query_string(text).unwrap_err();
        assert_eq!(text.reason(), "MALFORMED_JSON");
    }
}
