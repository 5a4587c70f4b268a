//! How large a document may be before the server refuses to look at it further.

/// What one GraphQL document may weigh.
///
/// All counts but the first three are taken after fragments are expanded, so that a short text
/// cannot stand for a long one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest document, in bytes of UTF-8.
    pub max_document_bytes: usize,
    /// Most brackets (round, square and curly together) open at the same time.
    ///
    /// The parser recurses once a bracket; this bound is what keeps its stack finite.
    pub max_brackets_depth: usize,
    /// Most lexical tokens: names, numbers, strings and punctuators.
    pub max_tokens: usize,
    /// Most operations in one document, of which a request runs one.
    pub max_operations: usize,
    /// Most levels of fields inside one another. Fields of the introspection system are not
    /// counted: the usual introspection query is deep, and bounded by `max_nesting` instead.
    pub max_depth: u32,
    /// Most selection sets inside one another, those of fragments included.
    ///
    /// async-graphql recurses once a level and refuses more than 32 by default.
    pub max_nesting: u32,
    /// Most fields, spreads and inline fragments of all operations together.
    pub max_selections: u64,
    /// Highest cost of an operation: one for each field, times the page size of the connections
    /// around it.
    pub max_cost: u64,
    /// Most aliased fields in an operation.
    pub max_aliases: u64,
    /// Most directives in an operation.
    pub max_directives: u64,
    /// Most fields at the root of an operation.
    pub max_root_fields: u64,
    /// How many rows a connection is taken to have when neither `first` nor `last` is given.
    pub default_page_size: u64,
    /// Whether a mutation may cost as much more as the variables that it names weigh, each of them used once.
    pub mutations_use_variables: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_document_bytes: 64 * 1024,
            max_brackets_depth: 64,
            max_tokens: 10_000,
            max_operations: 50,
            max_depth: 15,
            max_nesting: 32,
            max_selections: 10_000,
            max_cost: 100_000,
            max_aliases: 100,
            max_directives: 50,
            max_root_fields: 50,
            default_page_size: 20,
            mutations_use_variables: false,
        }
    }
}

impl Limits {
    /// The limits for a request whose body was let in though it is so large: a mutation may use each of its variables once.
    #[must_use]
    pub fn with_upload(&self) -> Self {
        Self { mutations_use_variables: true, ..self.clone() }
    }
}
