//! Who speaks.

/// Whose words a part holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The operator: system and developer messages.
    System,
    /// The person or program that asks.
    User,
    /// Retrieved or quoted material.
    Document,
    /// The model's answer, refusals included.
    Assistant,
    /// The model's reasoning, where a dialect shows it.
    Reasoning,
    /// Names, descriptions and schemas of tools on offer.
    ToolDefinition,
    /// What the model wants a tool to do: its name and arguments.
    ToolInput,
    /// What a tool gave back.
    ToolOutput,
    /// A header value, the path or the query.
    Header,
    /// Text whose speaker the dialect does not tell.
    Unknown,
}

impl Scope {
    /// Every scope.
    pub const ALL: &'static [Scope] = &[
        Scope::System,
        Scope::User,
        Scope::Document,
        Scope::Assistant,
        Scope::Reasoning,
        Scope::ToolDefinition,
        Scope::ToolInput,
        Scope::ToolOutput,
        Scope::Header,
        Scope::Unknown,
    ];

    /// The name used in policies and records.
    pub const fn name(self) -> &'static str {
        match self {
            Scope::System => "system",
            Scope::User => "user",
            Scope::Document => "document",
            Scope::Assistant => "assistant",
            Scope::Reasoning => "reasoning",
            Scope::ToolDefinition => "tool_definition",
            Scope::ToolInput => "tool_input",
            Scope::ToolOutput => "tool_output",
            Scope::Header => "header",
            Scope::Unknown => "unknown",
        }
    }
}
