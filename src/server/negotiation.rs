//! Which media type a client wants and which one it sends.
//!
//! Follows the GraphQL-over-HTTP specification: without a wish it is `application/json`, in
//! which a request that fails validation still answers 200, since old clients read the body of
//! nothing else. `application/graphql-response+json` has honest status codes.

use axum::http::{HeaderMap, HeaderValue, header};

/// The media type of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/json`.
    Json,
    /// `application/graphql-response+json`.
    GraphqlResponse,
}

impl MediaType {
    /// The `Content-Type` of an answer.
    pub fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        })
    }
}

/// Whole thousandths, as precise as a quality may be.
type Quality = u16;

/// How narrowly a range names a media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Breadth {
    Anything,
    AnySubtype,
    Exact,
}

/// One entry of an `Accept` header.
struct Range {
    kind: String,
    subtype: String,
    quality: Quality,
}

/// The media type to answer in, or `None` when the client accepts neither.
pub(super) fn answer_type(headers: &HeaderMap) -> Option<MediaType> {
    let Some(ranges) = ranges(headers) else {
        return Some(MediaType::Json);
    };
    let json = rate(&ranges, "application", "json");
    let graphql = rate(&ranges, "application", "graphql-response+json");
    match (json, graphql) {
        (None, None) => None,
        (None, Some(_)) => Some(MediaType::GraphqlResponse),
        // Named side by side, the newer type wins; under a wildcard, the one that all can read.
        (Some(json), Some(graphql)) if graphql > json => Some(MediaType::GraphqlResponse),
        (Some(json), Some(graphql)) if graphql == json && graphql.1 == Breadth::Exact => Some(MediaType::GraphqlResponse),
        _ => Some(MediaType::Json),
    }
}

/// Whether the client accepts `text/event-stream`.
pub(super) fn accepts_event_stream(headers: &HeaderMap) -> bool {
    ranges(headers).is_none_or(|ranges| rate(&ranges, "text", "event-stream").is_some())
}

/// Whether a body is JSON in UTF-8 without compression.
pub(super) fn is_json_body(headers: &HeaderMap) -> bool {
    let plain = headers.get(header::CONTENT_ENCODING).is_none_or(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None, true) = (values.next(), values.next(), plain) else {
        return false;
    };
    let Ok(value) = value.to_str() else {
        return false;
    };
    let mut parts = split_unquoted(value, ';');
    let essence = parts.next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json") && parts.all(is_utf8_or_no_charset)
}

fn ranges(headers: &HeaderMap) -> Option<Vec<Range>> {
    let values: Vec<&str> = headers
        .get_all(header::ACCEPT)
        .iter()
        .map(|value| value.to_str().unwrap_or("unreadable"))
        .filter(|value| !value.trim().is_empty())
        .collect();
    if values.is_empty() {
        return None;
    }
    let entries = values.into_iter().flat_map(|value| split_unquoted(value, ','));
    Some(entries.filter_map(parse_range).collect())
}

/// Quality and breadth of the narrowest range that covers a media type, unless it is excluded.
fn rate(ranges: &[Range], kind: &str, subtype: &str) -> Option<(Quality, Breadth)> {
    let covering = ranges.iter().filter_map(|range| {
        let breadth = match (range.kind.as_str(), range.subtype.as_str()) {
            ("*", "*") => Breadth::Anything,
            (own, "*") if own == kind => Breadth::AnySubtype,
            (own, own_subtype) if own == kind && own_subtype == subtype => Breadth::Exact,
            _ => return None,
        };
        Some((breadth, range.quality))
    });
    let (breadth, quality) = covering.max()?;
    (quality > 0).then_some((quality, breadth))
}

fn parse_range(entry: &str) -> Option<Range> {
    let mut parts = split_unquoted(entry, ';');
    let (kind, subtype) = parts.next()?.trim().split_once('/')?;
    let mut quality = 1000;
    for parameter in parts {
        match parameter.split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("q") => {
                quality = parse_quality(value.trim())?;
            }
            _ if !is_utf8_or_no_charset(parameter) => return None,
            _ => {}
        }
    }
    Some(Range { kind: kind.to_ascii_lowercase(), subtype: subtype.to_ascii_lowercase(), quality })
}

fn parse_quality(text: &str) -> Option<Quality> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: Quality = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

fn is_utf8_or_no_charset(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let value = value.trim().trim_matches('"');
    !name.trim().eq_ignore_ascii_case("charset") || value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8")
}

fn split_unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let mut escaped = false;
    text.split(move |character| {
        if quoted {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => quoted = false,
                _ => {}
            }
            return false;
        }
        quoted = character == '"';
        character == separator
    })
}

#[cfg(test)]
mod tests {
    use super::{MediaType::*, *};

    fn accept(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(value))])
    }

    fn content(value: &'static str) -> bool {
        let value = HeaderValue::from_static(value);
        is_json_body(&HeaderMap::from_iter([(header::CONTENT_TYPE, value)]))
    }

    #[test]
    fn without_a_wish_the_answer_is_json() {
        assert_eq!(answer_type(&HeaderMap::new()), Some(Json));
        assert_eq!(answer_type(&accept("")), Some(Json));
        assert_eq!(answer_type(&accept("*/*")), Some(Json));
        assert_eq!(answer_type(&accept("application/*")), Some(Json));
    }

    #[test]
    fn the_better_liked_type_wins() {
        for (value, expected) in [
            ("application/json", Some(Json)),
            ("application/graphql-response+json", Some(GraphqlResponse)),
            ("APPLICATION/JSON; charset=UTF-8", Some(Json)),
            ("application/json, application/graphql-response+json", Some(GraphqlResponse)),
            ("application/graphql-response+json;q=0.8, application/json", Some(Json)),
            ("application/json;q=0.9, */*", Some(GraphqlResponse)),
            ("application/graphql-response+json, */*;q=0.1", Some(GraphqlResponse)),
            ("application/json;q=0, */*", Some(GraphqlResponse)),
            ("text/html, */*;q=0.8", Some(Json)),
            ("application/graphql-response+json; charset=utf-8, application/json", Some(GraphqlResponse)),
        ] {
            assert_eq!(answer_type(&accept(value)), expected, "{value}");
        }
    }

    #[test]
    fn nothing_fits_a_client_that_wants_something_else() {
        for value in [
            "text/html",
            "*/*;q=0",
            "application/json;q=0",
            "application/json;charset=latin1",
            "application/json;q=2",
            "application/json;q=0.0001",
            "nonsense",
        ] {
            assert_eq!(answer_type(&accept(value)), None, "{value}");
        }
    }

    #[test]
    fn a_comma_in_quotes_separates_nothing() {
        let value = "text/plain;x=\"a,application/json\"";
        assert_eq!(answer_type(&accept(value)), None);
    }

    #[test]
    fn several_accept_headers_are_one_list() {
        let mut headers = accept("text/html");
        headers.append(header::ACCEPT, HeaderValue::from_static("application/json"));
        assert_eq!(answer_type(&headers), Some(Json));
    }

    #[test]
    fn an_event_stream_is_asked_for_or_at_least_not_excluded() {
        assert!(accepts_event_stream(&HeaderMap::new()));
        assert!(accepts_event_stream(&accept("text/event-stream")));
        assert!(!accepts_event_stream(&accept("application/json")));
    }

    #[test]
    fn only_json_in_utf8_is_a_body() {
        assert!(content("application/json"));
        assert!(content("Application/JSON; charset=\"UTF-8\""));
        assert!(!content("application/json; charset=utf-16"));
        assert!(!content("text/plain"));
        assert!(!content("application/jsonp"));
        assert!(!is_json_body(&HeaderMap::new()));
        let mut compressed = HeaderMap::new();
        compressed.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        compressed.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        assert!(!is_json_body(&compressed));
    }
}
