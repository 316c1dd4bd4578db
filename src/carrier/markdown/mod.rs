//! Markdown: each code block is read as what its info string names, and where that names nothing, as what
//! its text shows it to be.
//!
//! A block that shows a wrong request on purpose is passed over after `<!-- paylint-ignore -->`, or
//! `{/* paylint-ignore */}` in MDX, and so are those between `paylint-ignore-start` and
//! `paylint-ignore-end`.

mod bare;
mod elision;
mod example;

use std::ops::Range;

use memchr::memmem;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::carrier::mention::speaks_of_platform;
use crate::carrier::{self, Assume, Carrier, Skip, yaml};
use crate::request::{Payload, Request};
use crate::text::{Layer, Passage, Span};

/// The carriers, by name, that the words of info strings stand for.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("json", &["json"]),
    ("http", &["http", "rest"]),
    ("curl", &["bash", "sh", "shell", "console", "zsh", "curl", "shell-session"]),
    ("powershell", &["powershell", "ps1", "pwsh"]),
    ("yaml", &["yaml", "yml"]),
    ("terraform", &["hcl", "terraform", "tf"]),
];

/// JSON with comments, in which more is allowed than in what is sent.
const LOOSE: [&str; 2] = ["jsonc", "json5"];

/// What a block is read as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    /// JSON; loosely, where it may be no JSON after all.
    Json {
        loose: bool,
    },
    Other(Carrier),
    /// What its text shows.
    Untold,
}

impl Language {
    /// The one that an info string names.
    fn of(info: &str) -> Option<Self> {
        let ends = |at: char| at.is_whitespace() || matches!(at, ',' | '{' | '}' | ':' | '"');
        // As in `{.json}` and `{"language": "json"}`, too.
        let mut words =
            info.split(ends).map(|word| word.trim_start_matches('.')).filter(|word| !word.is_empty());
        let first = words.next();
        let Some(word) = first.filter(|word| *word != "language").or_else(|| words.next()) else {
            return Some(Self::Untold);
        };
        let word = word.to_ascii_lowercase();
        if bare::WORDS.contains(&word.as_str()) {
            return Some(Self::Untold);
        }
        if LOOSE.contains(&word.as_str()) {
            return Some(Self::Json { loose: true });
        }
        let (name, _) = LANGUAGES.iter().find(|(_, words)| words.contains(&word.as_str()))?;
        match Carrier::by_id(name)? {
            Carrier::Json => Some(Self::Json { loose: false }),
            carrier => Some(Self::Other(carrier)),
        }
    }
}

/// Yields the requests of a text, in its order.
pub(super) fn requests(text: &Passage<'_>, each: &mut dyn FnMut(&Request<'_>)) -> Result<Carrier, Skip> {
    let source = text.as_str();
    if !may_hold_request(source) {
        return Err(Skip::NoRequest);
    }
    let options = Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options::ENABLE_FOOTNOTES;
    let mut reader = Reader { takes_bodies: speaks_of_platform(source), each, found: false };
    let mut marks = Marks::default();
    let mut events = Parser::new_ext(source, options).into_offset_iter();
    while let Some((event, range)) = events.next() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let mut lines = Vec::new();
                for (event, range) in events.by_ref() {
                    match event {
                        Event::End(TagEnd::CodeBlock) => break,
                        Event::Text(said) => lines.push((said, range)),
                        _ => {}
                    }
                }
                if marks.passes_over() {
                    continue;
                }
                let language = match kind {
                    CodeBlockKind::Fenced(info) => Language::of(&info),
                    CodeBlockKind::Indented => Some(Language::Untold),
                };
                if let Some(language) = language {
                    reader.block(language, &block(text, &lines));
                }
            }
            Event::Start(Tag::HtmlBlock | Tag::Paragraph) => {
                marks.read(source.get(range).unwrap_or_default());
            }
            Event::Start(Tag::Heading { .. } | Tag::Table(_) | Tag::MetadataBlock(_)) | Event::Rule => {
                marks.forget();
            }
            _ => {}
        }
    }
    if reader.found { Ok(Carrier::Markdown) } else { Err(Skip::NoRequest) }
}

/// Whether a text may have a code block, and has a word without which nothing in it is recognised.
fn may_hold_request(text: &str) -> bool {
    let has = |word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    if has("```") || has("~~~") {
        return has("conversations") || speaks_of_platform(text);
    }
    // One that is indented has to show where it goes.
    has(bare::PATH) && (has("    ") || has("\t"))
}

/// The text of a block: without what its lines begin with in a list or a quotation.
fn block<'t>(text: &Passage<'t>, lines: &[(pulldown_cmark::CowStr<'_>, Range<usize>)]) -> Passage<'t> {
    let is_whole = lines.windows(2).all(|pair| pair[0].1.end == pair[1].1.start);
    let same = |said: &str, range: &Range<usize>| text.as_str().get(range.clone()) == Some(said);
    if let (Some(first), Some(last)) = (lines.first(), lines.last())
        && is_whole
        && lines.iter().all(|(said, range)| same(said, range))
    {
        return text.piece(Span::from_usize(first.1.start, last.1.end));
    }
    let mut out = text.rewrite();
    for (said, range) in lines {
        let span = Span::from_usize(range.start, range.end);
        if same(said, range) {
            out.copy(span);
        } else {
            out.put(said, span);
        }
    }
    out.finish(Some(Layer::Lines))
}

/// The comments that pass blocks over.
#[derive(Default)]
struct Marks {
    /// Whether the next block is.
    next: bool,
    /// Whether all are, up to the end of the range.
    range: bool,
}

impl Marks {
    /// Reads a block of HTML or a paragraph.
    fn read(&mut self, text: &str) {
        self.next = false;
        let text = text.trim();
        let comment = text
            .strip_prefix("<!--")
            .and_then(|rest| rest.strip_suffix("-->"))
            .or_else(|| text.strip_prefix("{/*")?.strip_suffix("*/}"));
        // A reason may follow.
        let word = comment.and_then(|said| {
            said.split(|at: char| at.is_whitespace() || at == ':').find(|word| !word.is_empty())
        });
        match word {
            Some("paylint-ignore") => self.next = true,
            Some("paylint-ignore-start") => self.range = true,
            Some("paylint-ignore-end") => self.range = false,
            _ => {}
        }
    }

    fn forget(&mut self) {
        self.next = false;
    }

    /// Whether the block that begins here is passed over.
    fn passes_over(&mut self) -> bool {
        std::mem::take(&mut self.next) || self.range
    }
}

struct Reader<'e> {
    /// Whether what stands alone may be a body, and a path without one a request.
    takes_bodies: bool,
    each: &'e mut dyn FnMut(&Request<'_>),
    found: bool,
}

impl Reader<'_> {
    fn block(&mut self, language: Language, block: &Passage<'_>) {
        let is_untold = language == Language::Untold;
        let language = match language {
            Language::Untold => match bare::carrier_of(block.as_str()) {
                Some(Carrier::Json) => Language::Json { loose: true },
                Some(carrier) => Language::Other(carrier),
                None => return,
            },
            named => named,
        };
        let takes_bodies = self.takes_bodies;
        let (each, found) = (&mut *self.each, &mut self.found);
        let mut each = |request: &Request<'_>| {
            let is_bodiless = matches!(request.payload, Payload::Absent);
            // Another service may have such a route.
            if is_bodiless && !takes_bodies {
                return;
            }
            if is_untold && !bare::is_request(request, takes_bodies) {
                return;
            }
            *found = true;
            let mut request = request.clone();
            // Documentation has no real ids to show.
            request.is_sample = true;
            // The body may stand in the next block. Of one that is written for the eye, nothing is said.
            if is_bodiless || is_shortened(&request) || (is_untold && bare::is_doubtful(&request, language)) {
                request.payload = Payload::Opaque;
            }
            each(&request);
        };
        let mut each_example = |request: &Request<'_>| {
            if example::is_request(request, takes_bodies) {
                each(request);
            }
        };
        // What is no request is none of ours: a page is full of other examples.
        let _: Result<Carrier, Skip> = match language {
            Language::Untold => return,
            Language::Json { loose } => {
                let shortened = elision::without_elisions(block);
                let text = shortened.as_ref().unwrap_or(block);
                // Nothing is said of the syntax of what is written for the eye.
                if (loose || shortened.is_some()) && !example::is_json(text) {
                    return;
                }
                if is_untold && example::is_record(text) {
                    return;
                }
                carrier::requests(Carrier::Json, text, Assume::Nothing, &mut each_example)
            }
            Language::Other(Carrier::Yaml) => {
                yaml::read(block, Assume::Nothing, takes_bodies, &mut each_example)
            }
            Language::Other(other) => carrier::requests(other, block, Assume::Nothing, &mut each),
        };
    }
}

/// Whether something of a request's body is left out.
fn is_shortened(request: &Request<'_>) -> bool {
    let Payload::Text(body) = &request.payload else { return false };
    (body.as_str().contains("...") || body.as_str().contains('…')) && !example::is_json(body)
}
