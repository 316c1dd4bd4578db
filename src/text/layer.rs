//! The ways in which a text is written inside another one, and how a change of it has to be written there.

/// A way in which a text is written inside another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Between the quotes of a JSON string.
    JsonString,
    /// Between the double quotes of a string of Terraform's.
    TerraformString,
    /// In a here-document of Terraform's.
    TerraformHereDocument,
    /// In a template of Terraform's that stands in a text of another kind.
    TerraformTemplate,
    /// As an expression of Terraform's, of which JSON was made.
    TerraformValue,
    /// As structure of another language, of which JSON was made: nothing but a scalar can be written
    /// into it.
    Transcribed,
    /// Between a shell's single quotes.
    ShellSingle,
    /// Between a shell's double quotes.
    ShellDouble,
    /// In a shell's `$'…'`.
    ShellAnsi,
    /// In a here-document in which a shell puts the values of variables.
    ShellDocument,
    /// Between `PowerShell`'s single quotes.
    PowerShellSingle,
    /// Between `PowerShell`'s double quotes.
    PowerShellDouble,
    /// In a here-string of `PowerShell`'s in which the values of variables are put.
    PowerShellBlock,
    /// In parts, each of which is written in a way of its own: nothing can be written that would do
    /// for all of them.
    Mixed,
    /// On lines that each begin with an indent or another mark, which are no part of the text.
    Lines,
    /// Without quotes, in YAML's block style.
    YamlPlain,
    /// Between single quotes, which are doubled inside: YAML.
    YamlSingle,
    /// As it is, in a place from which others take it too, who may not want it changed.
    UsedElsewhere,
    /// As one of two copies, which would be at odds if it were changed.
    Copied,
}

/// The ways in which a text is written, innermost first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Layers([Option<Layer>; 8]);

impl Layers {
    /// One, or none.
    pub(super) const fn only(layer: Option<Layer>) -> Self {
        let mut layers = [None; 8];
        layers[0] = layer;
        Self(layers)
    }

    /// With one more inside of them. Of more than there is room for nothing can be written.
    pub(super) fn inside(self, layer: Option<Layer>) -> Self {
        match (layer, self.0) {
            (None, _) => self,
            (Some(_), [.., Some(_)]) => Self::only(Some(Layer::Mixed)),
            (Some(_), [one, two, three, four, five, six, seven, None]) => {
                Self([layer, one, two, three, four, five, six, seven])
            }
        }
    }

    /// Whether one is among them.
    pub(super) fn contains(self, layer: Layer) -> bool {
        self.0.contains(&Some(layer))
    }

    /// Text as it has to be written through all of them; `None` where it cannot be.
    pub(super) fn encode(self, text: &str) -> Option<String> {
        self.0.into_iter().flatten().try_fold(text.to_owned(), |text, layer| layer.encode(&text))
    }
}

impl Layer {
    /// Text as it has to be written; `None` where it cannot be.
    fn encode(self, text: &str) -> Option<String> {
        match self {
            Self::JsonString => {
                let quoted = serde_json::Value::from(text).to_string();
                Some(quoted[1..quoted.len() - 1].to_owned())
            }
            Self::TerraformString => {
                let text = without_markers(text)?;
                let is_plain =
                    |character: char| !character.is_control() || matches!(character, '\n' | '\r' | '\t');
                text.chars().all(is_plain).then(|| {
                    let quoted = serde_json::Value::from(text).to_string();
                    quoted[1..quoted.len() - 1].to_owned()
                })
            }
            Self::TerraformHereDocument => without_markers(text).filter(|text| !text.contains(['\n', '\r'])),
            Self::TerraformTemplate => without_markers(text),
            Self::TerraformValue => is_terraforms(text).then(|| without_markers(text))?,
            Self::Transcribed => {
                // An escape is JSON's, and may be none there.
                let is_structure =
                    |byte: &u8| matches!(byte, b'{' | b'}' | b'[' | b']' | b':' | b',' | b'\\' | b'\n');
                (!text.bytes().any(|byte| is_structure(&byte))).then(|| text.to_owned())
            }
            Self::ShellSingle => Some(text.replace('\'', r"'\''")),
            Self::ShellDouble => Some(escaped(text, '\\', &['"', '\\', '$', '`'])),
            Self::ShellAnsi => {
                let text = escaped(text, '\\', &['\\', '\'']);
                Some(text.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t"))
            }
            Self::ShellDocument => Some(escaped(text, '\\', &['\\', '$', '`'])),
            Self::PowerShellSingle => Some(text.replace('\'', "''")),
            Self::PowerShellDouble => Some(escaped(text, '`', &['"', '`', '$'])),
            Self::PowerShellBlock => Some(escaped(text, '`', &['`', '$'])),
            Self::Lines => (!text.contains(['\n', '\r'])).then(|| text.to_owned()),
            Self::YamlPlain => {
                let ends = text.contains(": ") || text.ends_with(':') || text.contains(['#', '\n', '\r']);
                let is_plain = !ends && !text.starts_with(['"', '\'', ' ']) && !text.ends_with(' ');
                is_plain.then(|| text.to_owned())
            }
            Self::YamlSingle => {
                let is_written = !text.contains(|character: char| character.is_control());
                is_written.then(|| text.replace('\'', "''"))
            }
            Self::UsedElsewhere => Some(text.to_owned()),
            Self::Mixed | Self::Copied => None,
        }
    }
}

/// A text with a mark before each of some characters.
fn escaped(text: &str, mark: char, characters: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if characters.contains(&character) {
            out.push(mark);
        }
        out.push(character);
    }
    out
}

/// Text in which `${` and `%{` stand for themselves; `None` where what follows it may make one of its
/// end.
fn without_markers(text: &str) -> Option<String> {
    (!text.ends_with(['$', '%'])).then(|| text.replace("${", "$${").replace("%{", "%%{"))
}

/// Whether a part of JSON reads the same as a part of an expression of Terraform's, wherever it stands.
fn is_terraforms(text: &str) -> bool {
    // A reference stands in a string only.
    let inner = match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(inner) => inner,
        None if matches!(text, "" | "\"") => return true,
        None if text.contains('$') => text,
        None => {
            return text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        }
    };
    !inner.contains(|character: char| matches!(character, '"' | '\\') || character.is_control())
}
