//! A document of YAML as JSON text, of which each part knows its place.

use std::collections::HashMap;

use saphyr_parser::{Event, ScalarStyle, Tag};

use crate::carrier::yaml::mask::Masked;
use crate::carrier::yaml::scalar::{self, Part, UNKNOWN, Written};
use crate::carrier::yaml::types::{self, Type};
use crate::text::{Layer, Passage, Rewriter, Span};

/// How deep a scalar may stand that is looked for again as a text of its own.
const DEEPEST_TEXT: usize = 16;

/// A document, transcribed.
pub(super) struct Transcript {
    /// The JSON.
    pub(super) text: Passage<'static>,
    /// The scalars that may be texts of their own, in the order of the file.
    pub(super) scalars: Vec<Scalar>,
}

/// A scalar that says something.
pub(super) struct Scalar {
    /// What.
    parts: Vec<Part>,
    /// How it is written.
    layer: Layer,
    /// Where what it says stands in the file.
    pub(super) place: Span,
}

impl Scalar {
    /// What it says, as it stands in the file.
    pub(super) fn passage(&self, text: &Passage<'_>) -> Passage<'static> {
        scalar::passage(text, &self.parts, self.layer)
    }

    /// What several scalars say, a line each, and the last line's end.
    pub(super) fn lines(text: &Passage<'_>, scalars: &[&Self]) -> Passage<'static> {
        let mut out = text.rewrite();
        for (at, scalar) in scalars.iter().enumerate() {
            if let Some(end) = at
                .checked_sub(1)
                .and_then(|before| scalars[before].parts.last())
                .map(|part| span_of(part).end)
            {
                out.put("\n", Span::empty(end));
            }
            scalar::write(&mut out, &scalar.parts);
        }
        let layer = scalars.first().map(|first| first.layer);
        let is_same = scalars.iter().all(|scalar| Some(scalar.layer) == layer);
        out.finish(if is_same { layer } else { Some(Layer::Mixed) })
    }
}

const fn span_of(part: &Part) -> Span {
    match part {
        Part::Same(span)
        | Part::Character(_, span)
        | Part::Breaks(_, span)
        | Part::Unknown(span)
        | Part::Text(_, span) => *span,
    }
}

/// An event, with bytes for places.
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The column that it begins in.
    pub(super) column: usize,
}

/// An open mapping or sequence.
struct Frame {
    /// What closes it in JSON.
    close: &'static str,
    next: Next,
    /// Whether nothing has been written into it.
    is_empty: bool,
    /// Whether it is written in brackets.
    is_flow: bool,
    anchor: usize,
    /// Where it begins in what is written.
    from: usize,
}

/// What comes next in a mapping or sequence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Item,
    Key,
    Value,
    /// A value of which nothing may be said.
    HiddenValue,
}

/// A node of which nothing is said, while it is passed over.
struct Passed {
    depth: usize,
    start: usize,
    anchor: usize,
}

/// Writes one document.
pub(super) struct Transcriber<'p> {
    passage: &'p Passage<'p>,
    masked: &'p Masked<'p>,
    out: Rewriter<'p>,
    frames: Vec<Frame>,
    passed: Option<Passed>,
    /// Where the last thing that was written ends.
    last: usize,
    /// For each anchor, the range of what was written for its node.
    anchors: HashMap<usize, (usize, usize)>,
    /// How many bytes may still be written for aliases.
    budget: usize,
    scalars: Vec<Scalar>,
}

impl<'p> Transcriber<'p> {
    pub(super) fn new(passage: &'p Passage<'p>, masked: &'p Masked<'p>, start: usize, budget: usize) -> Self {
        Self {
            passage,
            masked,
            out: passage.rewrite(),
            frames: Vec::new(),
            passed: None,
            last: start,
            anchors: HashMap::new(),
            budget,
            scalars: Vec::new(),
        }
    }

    pub(super) fn finish(mut self) -> Transcript {
        self.scalars.sort_by_key(|scalar| scalar.place);
        Transcript { text: self.out.finish(Some(Layer::Transcribed)), scalars: self.scalars }
    }

    pub(super) fn event(&mut self, event: Event<'_>, place: &Place) {
        if self.pass_over(&event, place) {
            return;
        }
        match event {
            Event::Scalar(said, style, anchor, tag) => {
                self.scalar(&said, style, anchor, tag.as_deref(), place);
            }
            Event::Alias(anchor) => self.alias(anchor, place),
            Event::MappingStart(anchor, tag) => self.open(true, anchor, tag.as_deref(), place),
            Event::SequenceStart(anchor, tag) => self.open(false, anchor, tag.as_deref(), place),
            Event::MappingEnd | Event::SequenceEnd => self.close(place),
            _ => {}
        }
    }

    /// Reads an event as part of a node of which nothing is said, if one is being read.
    fn pass_over(&mut self, event: &Event<'_>, place: &Place) -> bool {
        let Some(mut passed) = self.passed.take() else { return false };
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) => passed.depth += 1,
            Event::MappingEnd | Event::SequenceEnd => {
                passed.depth -= 1;
                if matches!(self.masked.text.as_bytes().get(place.start), Some(b'}' | b']')) {
                    self.last = self.last.max(place.start + 1);
                }
            }
            Event::Scalar(said, ..) => {
                let end = if said.is_empty() { place.start } else { place.end };
                self.last = self.last.max(self.without_space(place.start, end));
            }
            _ => self.last = self.last.max(place.end),
        }
        if passed.depth > 0 {
            self.passed = Some(passed);
            return true;
        }
        let from = self.out.as_str().len();
        self.unknown(passed.start, self.last);
        self.keep(passed.anchor, from);
        self.done(self.last);
        true
    }

    /// The end of a range without white space at its end.
    fn without_space(&self, start: usize, end: usize) -> usize {
        self.masked.text.get(start..end).map_or(end, |said| start + said.trim_end().len())
    }

    /// Whether the next node is a key.
    fn at_key(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.next == Next::Key)
    }

    /// Writes what stands before a node.
    fn lead_in(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        let leads = matches!(frame.next, Next::Item | Next::Key);
        let is_item_of_block = frame.next == Next::Item && !frame.is_flow;
        let is_flow = frame.is_flow;
        if !leads || std::mem::replace(&mut frame.is_empty, false) {
            return;
        }
        // What is cut with the comma is cut up to the next key, so that no empty line is left.
        let end = if is_item_of_block { self.last } else { self.after_separator(is_flow) };
        self.out.put(",", Span::from_usize(self.last, end));
    }

    /// The offset after the space that follows what was written last, and the comma of a flow style.
    fn after_separator(&self, is_flow: bool) -> usize {
        let bytes = self.masked.text.as_bytes();
        let after_space = |from: usize| {
            let rest = bytes.get(from..).unwrap_or_default();
            from + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count()
        };
        let end = after_space(self.last);
        match bytes.get(end) {
            Some(b',') if is_flow => after_space(end + 1),
            _ => end,
        }
    }

    /// Ends a node.
    fn done(&mut self, end: usize) {
        self.last = end;
        let Some(frame) = self.frames.last_mut() else { return };
        frame.next = match frame.next {
            Next::Item => Next::Item,
            Next::Value | Next::HiddenValue => Next::Key,
            Next::Key => {
                self.out.put(":", at(end));
                Next::Value
            }
        };
    }

    /// Writes something of which nothing is said.
    fn unknown(&mut self, start: usize, end: usize) {
        let place = Span::from_usize(start, end.max(start));
        if self.at_key() {
            self.out.put(&format!("\"{UNKNOWN}\""), place);
        } else {
            self.out.put(UNKNOWN, place);
        }
    }

    /// Keeps what was written from an offset on under an anchor.
    fn keep(&mut self, anchor: usize, from: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (from, self.out.as_str().len()));
        }
    }

    fn alias(&mut self, anchor: usize, place: &Place) {
        self.lead_in();
        let span = Span::from_usize(place.start, place.end);
        let held = self.anchors.get(&anchor).map(|(from, to)| self.out.as_str()[*from..*to].to_owned());
        let held = held.filter(|held| held.len() <= self.budget && (!self.at_key() || held.starts_with('"')));
        match held.filter(|_| !self.hides_value()) {
            Some(held) => {
                self.budget -= held.len();
                self.out.put_shared(&held, span);
            }
            None => self.unknown(place.start, place.end),
        }
        self.done(place.end);
    }

    /// Whether nothing may be said of the value that comes next.
    fn hides_value(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.next == Next::HiddenValue)
    }

    fn open(&mut self, is_mapping: bool, anchor: usize, tag: Option<&Tag>, place: &Place) {
        self.lead_in();
        let is_plain = tag.is_none_or(|tag| {
            tag.is_yaml_core_schema() && tag.suffix == if is_mapping { "map" } else { "seq" }
        });
        if self.at_key() || self.hides_value() || !is_plain {
            self.passed = Some(Passed { depth: 1, start: place.start, anchor });
            self.last = self.last.max(place.start);
            return;
        }
        let start = self.after_properties(place.start, anchor, tag);
        let (open, close) = if is_mapping { ("{", "}") } else { ("[", "]") };
        let is_flow = place.start < place.end && self.masked.text[start..].starts_with(open);
        let from = self.out.as_str().len();
        if is_flow {
            self.out.copy(Span::from_usize(start, start + 1));
        } else {
            self.out.put(open, at(start));
        }
        self.last = start + usize::from(is_flow);
        self.frames.push(Frame {
            close,
            next: if is_mapping { Next::Key } else { Next::Item },
            is_empty: true,
            is_flow,
            anchor,
            from,
        });
    }

    fn close(&mut self, place: &Place) {
        let Some(frame) = self.frames.pop() else { return };
        if frame.is_flow && self.masked.text[place.start..].starts_with(frame.close) {
            self.out.copy(Span::from_usize(place.start, place.start + 1));
            self.last = place.start + 1;
        } else {
            self.out.put(frame.close, at(self.last));
        }
        self.keep(frame.anchor, frame.from);
        self.done(self.last);
    }

    fn scalar(&mut self, said: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, place: &Place) {
        self.lead_in();
        let is_key = self.at_key();
        let hidden = self.hides_value();
        let from = self.out.as_str().len();
        let end = if said.is_empty() && style == ScalarStyle::Plain {
            self.nothing(tag, hidden, place)
        } else {
            self.text(said, style, anchor, tag, hidden, place)
        };
        self.keep(anchor, from);
        self.done(end);
        let merges = is_key && style == ScalarStyle::Plain && said == "<<";
        if let Some(frame) = self.frames.last_mut().filter(|_| merges) {
            frame.next = Next::HiddenValue;
        }
    }

    /// Writes a scalar of which there is nothing: `key:`.
    fn nothing(&mut self, tag: Option<&Tag>, hidden: bool, place: &Place) -> usize {
        let colon = self.masked.text[place.start..].starts_with(':');
        let end = if tag.is_some() { place.end } else { place.start + usize::from(colon) };
        let end = if end < self.last { self.last } else { end };
        match kind_of(tag) {
            TagKind::None if !self.at_key() && !hidden => self.out.put("null", at(end)),
            TagKind::String if !hidden => self.out.put("\"\"", at(end)),
            _ => self.unknown(end, end),
        }
        end
    }

    fn text(
        &mut self,
        said: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        hidden: bool,
        place: &Place,
    ) -> usize {
        let text = &*self.masked.text;
        let has_properties = anchor > 0 || tag.is_some();
        let start = self.after_properties(place.start, anchor, tag);
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let written = Written {
            text,
            start,
            end: place.end,
            style,
            indent: (is_block && !has_properties).then_some(place.column),
            value: said,
        };
        let (parts, end) = scalar::read(&written);
        let parts = scalar::without_expressions(parts, &self.masked.expressions);
        let is_template = parts.iter().any(|part| matches!(part, Part::Unknown(_)));
        let kind = kind_of(tag);
        let is_key = self.at_key();
        let type_of = || {
            let original = Span::from_usize(start, end).slice(self.passage.as_str());
            types::type_of(if is_template { original } else { said }, is_template)
        };
        let of_type = match kind {
            _ if is_key && style == ScalarStyle::Plain && said == "<<" => Type::Unknown,
            TagKind::Other if !is_key => Type::Unknown,
            TagKind::Own(name) if !is_key && !hidden && !is_template => types::type_by_tag(name, said),
            _ if hidden => Type::Unknown,
            _ if is_key => Type::String,
            TagKind::None if style == ScalarStyle::Plain => type_of(),
            _ => Type::String,
        };
        let whole = Span::from_usize(start, end);
        match of_type {
            Type::Null => self.out.put("null", whole),
            Type::True if tag.is_some() => self.out.put_shared("true", whole),
            Type::False if tag.is_some() => self.out.put_shared("false", whole),
            Type::True => self.out.put("true", whole),
            Type::False => self.out.put("false", whole),
            // A tag takes the quotes for what they hold.
            Type::Number if tag.is_some() => {
                self.out.put_shared(&types::number(said).unwrap_or_default(), whole);
            }
            Type::Number => match types::number(said) {
                Some(other) if other != said => self.out.put(&other, whole),
                _ => self.out.copy(whole),
            },
            Type::Unknown => self.unknown(start, end),
            Type::String => {
                self.out.put("\"", at(start));
                scalar::write_json(&mut self.out, text, &parts);
                self.out.put("\"", at(end));
                self.remember(parts, style);
            }
        }
        end
    }

    /// Keeps a scalar that may be a text of its own.
    fn remember(&mut self, parts: Vec<Part>, style: ScalarStyle) {
        if self.frames.len() > DEEPEST_TEXT || self.at_key() || parts.is_empty() {
            return;
        }
        let layer = match style {
            ScalarStyle::DoubleQuoted => Layer::JsonString,
            ScalarStyle::SingleQuoted => Layer::YamlSingle,
            ScalarStyle::Literal | ScalarStyle::Folded => Layer::Lines,
            ScalarStyle::Plain if self.frames.iter().any(|frame| frame.is_flow) => Layer::Transcribed,
            ScalarStyle::Plain => Layer::YamlPlain,
        };
        let place_of = |part: &Part| self.passage.span_of(span_of(part));
        if let (Some(first), Some(last)) = (parts.first(), parts.last()) {
            let place = Span::new(place_of(first).start, place_of(last).end);
            self.scalars.push(Scalar { parts, layer, place });
        }
    }

    /// The offset after a tag and an anchor, and what stands between them and the node.
    fn after_properties(&self, start: usize, anchor: usize, tag: Option<&Tag>) -> usize {
        if anchor == 0 && tag.is_none() {
            return start;
        }
        let bytes = self.masked.text.as_bytes();
        let mut at = start;
        loop {
            match bytes.get(at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => at += 1,
                Some(b'#') => at += memchr::memchr2(b'\n', b'\r', &bytes[at..]).unwrap_or(bytes.len() - at),
                Some(b'!' | b'&') => {
                    let ends = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b']' | b'}');
                    at += bytes[at..].iter().position(ends).unwrap_or(bytes.len() - at);
                    // A comma that belongs to the tag would not end here otherwise.
                    if matches!(bytes.get(at), Some(b',' | b']' | b'}')) {
                        return at;
                    }
                }
                _ => return at,
            }
        }
    }
}

/// What a tag says of the type of its scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TagKind<'t> {
    None,
    String,
    /// One of YAML's own, of this name.
    Own(&'t str),
    Other,
}

fn kind_of(tag: Option<&Tag>) -> TagKind<'_> {
    match tag {
        None => TagKind::None,
        Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => TagKind::String,
        Some(tag) if tag.handle.is_empty() && tag.suffix == "!" => TagKind::String,
        Some(tag) if tag.is_yaml_core_schema() => TagKind::Own(&tag.suffix),
        Some(_) => TagKind::Other,
    }
}

fn at(offset: usize) -> Span {
    Span::from_usize(offset, offset)
}
