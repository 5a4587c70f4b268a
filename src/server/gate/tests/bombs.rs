//! Documents made to hurt: each is refused at once, on a small stack.
#![expect(clippy::disallowed_methods, reason = "how long it really takes is what is tested")]

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use super::*;

/// What the house promises for a bomb over the wire, far above what one takes here.
const PATIENCE: Duration = Duration::from_millis(50);

/// For documents so long that the parser itself needs a while when it is not optimized.
const LONG_PATIENCE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 1000 } else { 50 });

/// Half of what a tokio worker has.
const SMALL_STACK: usize = 1024 * 1024;

/// Answers the reason given on a small stack, and insists on a quick answer.
fn bomb(document: String) -> &'static str {
    bomb_within(PATIENCE, document)
}

fn bomb_within(patience: Duration, document: String) -> &'static str {
    let thread = std::thread::Builder::new().stack_size(SMALL_STACK);
    let handle = thread.spawn(move || {
        // The best of three, since other tests share the processor.
        let rounds = (0..3).map(|_| {
            let start = Instant::now();
            (reason(&document), start.elapsed())
        });
        rounds.min_by_key(|(_, elapsed)| *elapsed).unwrap()
    });
    let (reason, elapsed) = handle.unwrap().join().unwrap();
    assert!(elapsed < patience, "{reason} took {elapsed:?}");
    reason
}

#[test]
fn a_parser_bomb_of_any_kind_is_refused_at_once() {
    let many = 4096;
    for (open, prefix) in [
        ("[", "{a(b:"),
        ("{a:", "{a(b:"),
        ("[{a:", "query($x:A="),
        ("[", "query($x:"),
        ("{a", ""),
        ("{...on A", ""),
        ("{a @b(c:[", ""),
        ("(", "{a"),
    ] {
        let unclosed = format!("{prefix}{}", open.repeat(many));
        assert_eq!(bomb(unclosed), "TOO_DEEP", "{prefix}{open}");
    }
    let closed = format!("{{a(b:{}{})}}", "[".repeat(many), "]".repeat(many));
    assert_eq!(bomb(closed), "TOO_DEEP");
}

#[test]
fn a_bomb_behind_strings_that_end_early_is_refused_at_once() {
    let hidden = format!("{{a(b:[\"\"\"x\" {}", "[".repeat(4096));
    assert_eq!(bomb(hidden), "SYNTAX_ERROR");
}

#[test]
fn brackets_up_to_the_limit_fit_a_small_stack() {
    let value = format!("{{a(b:{}{})}}", "[".repeat(62), "]".repeat(62));
    assert_eq!(bomb(value), "ADMITTED");
    let fields = format!("{}{}", "{a".repeat(64), "}".repeat(64));
    assert_eq!(bomb(fields), "TOO_DEEP");
    let kinds = format!("query($x:{}A{}){{a(b:$x)}}", "[".repeat(63), "]".repeat(63));
    assert_eq!(bomb(kinds), "ADMITTED");
}

#[test]
fn long_rubbish_is_refused_at_once() {
    assert_eq!(bomb_within(LONG_PATIENCE, "{".repeat(64 * 1024)), "TOO_DEEP");
    assert_eq!(bomb_within(LONG_PATIENCE, "a".repeat(64 * 1024)), "SYNTAX_ERROR");
    assert_eq!(bomb_within(LONG_PATIENCE, "{a}".repeat(3000)), "SYNTAX_ERROR");
    assert_eq!(bomb_within(LONG_PATIENCE, "a ".repeat(32 * 1024)), "TOO_MANY_TOKENS");
    assert_eq!(bomb_within(LONG_PATIENCE, "#".repeat(65 * 1024)), "DOCUMENT_TOO_LARGE");
    assert_eq!(bomb_within(LONG_PATIENCE, format!("{{a(b:\"{}\")}}", "x".repeat(60_000))), "ADMITTED");
}

#[test]
fn fragments_that_double_twenty_four_times_are_counted_without_being_expanded() {
    let mut document = "{...F0}".to_owned();
    for level in 0..24 {
        let next = level + 1;
        write!(document, "fragment F{level} on Q{{...F{next} ...F{next}}}").unwrap();
    }
    document.push_str("fragment F24 on Q{a}");
    assert_eq!(bomb(document), "TOO_MANY_ROOT_FIELDS");
}

#[test]
fn doubling_fragments_without_fields_at_the_root_are_refused() {
    let mut document = "{r{...F0}}".to_owned();
    for level in 0..24 {
        let next = level + 1;
        write!(document, "fragment F{level} on Q{{...F{next} ...F{next}}}").unwrap();
    }
    document.push_str("fragment F24 on Q{a}");
    assert_eq!(bomb(document.clone()), "TOO_COSTLY");
    let empty_end = document.replace("F24 on Q{a}", "F24 on Q{...Missing}");
    assert_eq!(bomb(empty_end), "TOO_MANY_SELECTIONS");
}

#[test]
fn a_wide_fragment_spread_many_times_is_refused() {
    let fields = "a ".repeat(2000);
    let spreads = "x{...F}".repeat(45);
    let document = format!("{{{spreads}}} fragment F on Q{{{fields}}}");
    assert_eq!(bomb_within(LONG_PATIENCE, document), "TOO_MANY_SELECTIONS");
}

#[test]
fn a_fragment_spread_by_many_operations_is_counted_for_each() {
    let mut document = String::new();
    for number in 0..50 {
        write!(document, "query Q{number}{{a{{...F}}}}").unwrap();
    }
    write!(document, "fragment F on Q{{{}}}", "a ".repeat(500)).unwrap();
    let variables = Variables::default();
    let refused = admit(&document, Some("Q1"), &variables, &Limits::default());
    assert_eq!(refused.unwrap_err().reason(), "TOO_MANY_SELECTIONS");
}

#[test]
fn a_long_chain_of_fragments_is_refused_before_anything_recurses_along_it() {
    let mut document = "{...F0}".to_owned();
    for level in 0..1400 {
        write!(document, "fragment F{level} on Q{{...F{}}}", level + 1).unwrap();
    }
    document.push_str("fragment F1400 on Q{a}");
    assert_eq!(bomb_within(LONG_PATIENCE, document.clone()), "TOO_DEEP");
    assert_eq!(bomb_within(LONG_PATIENCE, document.replace("{...F0}", "{a}")), "UNUSED_FRAGMENT");
}

#[test]
fn a_fragment_weighed_near_the_root_is_still_too_deep_further_down() {
    let inner = format!("{}a{}", "...{".repeat(20), "}".repeat(20));
    let outer = format!("{}...F{}", "...{".repeat(20), "}".repeat(20));
    let document = format!("{{...F {outer}}} fragment F on Q{{{inner}}}");
    assert_eq!(bomb(document), "TOO_DEEP");
}

#[test]
fn fragment_cycles_are_refused() {
    assert_eq!(bomb("{...A} fragment A on Q{...B} fragment B on Q{a{...A}}".to_owned()), "FRAGMENT_CYCLE");
    assert_eq!(bomb("{...A} fragment A on Q{...A ...A}".to_owned()), "FRAGMENT_CYCLE");
    let circle = "{a} fragment A on Q{...B} fragment B on Q{...A}".to_owned();
    assert_eq!(bomb(circle), "UNUSED_FRAGMENT");
}

#[test]
fn inline_fragments_nest_only_so_deep() {
    let nested = |levels| format!("{{{}a{}}}", "...{".repeat(levels), "}".repeat(levels));
    assert_eq!(bomb(nested(30)), "ADMITTED");
    assert_eq!(bomb(nested(33)), "TOO_DEEP");
}
