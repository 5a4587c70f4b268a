mod bombs;

use std::fmt::Write;

use async_graphql::value;
use proptest::prelude::*;

use super::*;

fn judge(document: &str, variables: async_graphql::Value) -> Result<Admitted, Rejection> {
    let variables = Variables::from_value(variables);
    admit(document, None, &variables, &Limits::default())
}

fn reason(document: &str) -> &'static str {
    judge(document, value!({})).map_or_else(|rejection| rejection.reason(), |_| "ADMITTED")
}

fn cost(document: &str, variables: async_graphql::Value) -> u64 {
    judge(document, variables).unwrap().cost
}

#[test]
fn fields_nest_up_to_the_limit_with_or_without_fragments() {
    let plain = |levels: usize| format!("{}a{}", "{a".repeat(levels), "}".repeat(levels));
    assert_eq!(reason(&plain(14)), "ADMITTED");
    let deep = format!("{}{{a}}{}", "{a".repeat(15), "}".repeat(15));
    assert_eq!(reason(&deep), "TOO_DEEP");
    let split = format!("{}{{...F}}{} fragment F on Q{{a{{a{{a}}}}}}", "{a".repeat(13), "}".repeat(13));
    assert_eq!(reason(&split), "TOO_DEEP");
}

#[test]
fn each_field_costs_one() {
    assert_eq!(cost("{a b{c d}}", value!({})), 4);
    assert_eq!(cost("{...F ...F} fragment F on Q{a{b}}", value!({})), 4);
}

#[test]
fn a_page_multiplies_what_is_selected_in_it() {
    assert_eq!(cost("{list(first:10){a}}", value!({})), 11);
    assert_eq!(cost("{list(last:10){a}}", value!({})), 11);
    assert_eq!(cost("{list(first:3 last:10){a}}", value!({})), 11);
    assert_eq!(cost("{list{nodes{a}}}", value!({})), 41);
    assert_eq!(cost("{list{edges{node{a}}}}", value!({})), 61);
    assert_eq!(cost("{list{...F}} fragment F on L{nodes{a}}", value!({})), 41);
}

#[test]
fn a_page_size_outside_of_its_range_is_clamped() {
    assert_eq!(cost("{list(first:1000){a}}", value!({})), 101);
    assert_eq!(cost("{list(first:99999999999999999999){a}}", value!({})), 101);
    assert_eq!(cost("{list(first:0){a}}", value!({})), 2);
    assert_eq!(cost("{list(first:-5){a}}", value!({})), 2);
}

#[test]
fn a_page_size_may_come_from_a_variable_or_its_default() {
    let document = "query($n:Int=7){list(first:$n){a}}";
    assert_eq!(cost(document, value!({"n": 10})), 11);
    assert_eq!(cost(document, value!({})), 8);
    let document = "query($n:Int){list(first:$n){nodes{a}}}";
    assert_eq!(cost(document, value!({})), 41);
    assert_eq!(cost(document, value!({"n": null})), 41);
}

#[test]
fn nested_connections_multiply_until_they_cost_too_much() {
    let nested = |levels| format!("{{{}id{}}}", "list(first:100){nodes{".repeat(levels), "}}".repeat(levels));
    assert_eq!(reason(&nested(2)), "ADMITTED");
    assert_eq!(reason(&nested(3)), "TOO_COSTLY");
    assert_eq!(reason(&nested(7)), "TOO_COSTLY");
}

#[test]
fn a_large_body_lets_a_mutation_use_its_variables_once_and_nothing_more() {
    let limits = Limits { max_cost: 20, ..Limits::default() };
    let judge = |document: &str, variables: async_graphql::Value| {
        let judged = admit(document, None, &Variables::from_value(variables), &limits.with_upload());
        judged.map_or_else(|rejection| rejection.reason(), |_| "ADMITTED")
    };
    let large = "x".repeat(256 * 100);
    assert_eq!(judge("mutation($v:S){f(x:$v)}", value!({ "v": large.clone() })), "ADMITTED");
    assert_eq!(judge("mutation($v:S){f(x:$v) g(x:$v)}", value!({ "v": large.clone() })), "TOO_COSTLY");
    assert_eq!(judge("query($v:S){f(x:$v)}", value!({ "v": large.clone() })), "TOO_COSTLY");
    assert_eq!(judge("mutation{f{list(first:50){a}}}", value!({ "padding": large })), "TOO_COSTLY");
}

#[test]
fn a_large_variable_costs_wherever_it_is_used() {
    let document = format!("query($v:S){{{}}}", "a{f(x:$v)}".repeat(40));
    let large = "x".repeat(1024 * 1024);
    let rejection = judge(&document, value!({"v": large})).unwrap_err();
    assert_eq!(rejection.reason(), "TOO_COSTLY");
    assert_eq!(cost(&document, value!({"v": "small"})), 80);
    let list: Vec<i32> = vec![0; 1000];
    assert_eq!(cost("query($v:[Int]){f(x:{y:[$v]})}", value!({"v": list})), 4);
}

#[test]
fn aliases_directives_and_root_fields_are_counted_after_expansion() {
    let aliases = format!("{{{}}} fragment F on Q{{a:b c:d e:f}}", "r{...F}".repeat(34));
    assert_eq!(reason(&aliases), "TOO_MANY_ALIASES");
    let directives = format!("{{{}}} fragment F on Q{{a @b c @d}}", "r{...F}".repeat(26));
    assert_eq!(reason(&directives), "TOO_MANY_DIRECTIVES");
    assert_eq!(reason(&format!("query {} {{a}}", "@a".repeat(51))), "TOO_MANY_DIRECTIVES");
    let roots = "{...F ...F ...F} fragment F on Q{a b c d e f g h i j k l m n o p q}";
    assert_eq!(reason(roots), "TOO_MANY_ROOT_FIELDS");
}

#[test]
fn operations_are_counted() {
    let mut document = String::new();
    for number in 0..51 {
        write!(document, "query Q{number}{{a}}").unwrap();
    }
    assert_eq!(reason(&document), "TOO_MANY_OPERATIONS");
}

#[test]
fn the_usual_introspection_query_is_admitted() {
    assert_eq!(reason(INTROSPECTION), "ADMITTED");
    assert_eq!(reason("{__type(name:\"A\"){name fields{name}}}"), "ADMITTED");
}

#[test]
fn introspection_that_multiplies_is_refused() {
    let circle = "{__schema{types{fields{type{fields{type{fields{name}}}}}}}}";
    assert_eq!(reason(circle), "INTROSPECTION_TOO_DEEP");
    let repeated = "a:__schema{types{fields{type{fields{args{name}}}}}}";
    let repeated = format!("{{{}}}", repeated.repeat(10));
    assert_eq!(reason(&repeated), "TOO_COSTLY");
}

#[test]
fn the_operation_that_runs_is_found_by_name() {
    let kind = |name| {
        let document = "query A{a} mutation B{b}";
        admit(document, name, &Variables::default(), &Limits::default())
            .map(|admitted| admitted.operation_type)
            .map_err(|rejection| rejection.reason())
    };
    assert_eq!(kind(Some("A")), Ok(OperationType::Query));
    assert_eq!(kind(Some("B")), Ok(OperationType::Mutation));
    assert_eq!(kind(Some("C")), Err("UNKNOWN_OPERATION"));
    assert_eq!(kind(None), Err("OPERATION_NAME_REQUIRED"));
}

#[test]
fn a_required_variable_must_have_a_value() {
    let document = "query($a:Int!){f(a:$a)}";
    let rejection = judge(document, value!({})).unwrap_err();
    assert_eq!(rejection.to_string(), "Variable \"$a\" of required type \"Int!\" was not provided.");
    assert!(judge(document, value!({"a": null})).is_err());
    assert!(judge(document, value!({"a": 1})).is_ok());
    assert!(judge("query($a:Int!=1){f(a:$a)}", value!({})).is_ok());
    assert!(judge("query($a:Int!=1){f(a:$a)}", value!({"a": null})).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_text_of_brackets_strings_and_names_overflows_or_panics(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "{", "}", "[", "]", "(", ")", ":", "$", "@", "!", "...", "\"", "\"\"\"", "\\",
                "\\\"", "#", "\n", "a", "on", "query", "fragment", "1", "1.5e3", "=", "é", ",",
                "first", "nodes",
            ]),
            0..300,
        )
    ) {
        let _ = judge(&pieces.concat(), value!({}));
    }

    #[test]
    fn a_fragment_weighs_as_much_as_its_text_in_its_place(
        levels in prop::collection::vec((1_usize..4, 1_u32..6), 1..4)
    ) {
        let mut fragments = "{r{...F0}}".to_owned();
        let mut inline = "a".to_owned();
        for (times, page) in levels.iter().rev() {
            let below = format!("list(first:{page}){{{inline}}} ");
            inline = below.repeat(*times);
        }
        for (level, (times, page)) in levels.iter().enumerate() {
            let next = level + 1;
            let spread = format!("list(first:{page}){{...F{next}}} ").repeat(*times);
            write!(fragments, "fragment F{level} on Q{{{spread}}}").unwrap();
        }
        write!(fragments, "fragment F{} on Q{{a}}", levels.len()).unwrap();
        let expanded = judge(&format!("{{r{{{inline}}}}}"), value!({})).unwrap();
        let spread = judge(&fragments, value!({})).unwrap();
        prop_assert_eq!(expanded.cost, spread.cost);
    }
}

/// What tools send, with every option of graphql-js on.
const INTROSPECTION: &str = include_str!("introspection.graphql");
