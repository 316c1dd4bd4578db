//! What holds, of all that is said: by flags, inline settings, the file, and where nothing is said.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::api::Operation;
use crate::config::file::{
    Attributes, Bodies, FailOn, Glob, HostName, Level, OperationName, Override, Token,
};
use crate::config::read::{Entry, Several};
use crate::config::show::Origin;
use crate::config::{File, Patterns, clamped};
use crate::diagnostic::{Draft, Finding, Severity, Sink, Wants};
use crate::lint::Settings;
use crate::rules::{self, ALL, Agreement, NamePattern, Rule, Team};
use crate::text::Span;

/// The folder that globs are relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// That of the file that they stand in.
    Own,
    /// The working folder: they stand on the command line.
    Working,
}

/// A path, as seen from each [`Base`].
#[derive(Clone, Copy, Debug)]
pub struct Seen<'p> {
    /// From the configuration's folder.
    pub own: &'p Path,
    /// From the working folder.
    pub working: &'p Path,
}

impl<'p> Seen<'p> {
    const fn from(self, base: Base) -> &'p Path {
        match base {
            Base::Own => self.own,
            Base::Working => self.working,
        }
    }
}

/// A text of settings.
#[derive(Clone, Debug)]
pub struct Layer {
    /// How it is called where it is spoken of.
    pub name: String,
    /// The text.
    pub text: String,
    /// What it says.
    pub file: File,
    /// What its globs are relative to.
    pub base: Base,
}

/// What the command says of how files are judged: it is stronger than any text.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// Rules that are errors.
    pub deny: Vec<&'static str>,
    /// Rules that are warnings.
    pub warn: Vec<&'static str>,
    /// Rules that are off.
    pub allow: Vec<&'static str>,
    /// The only rules that are on, where any are given.
    pub only: Vec<&'static str>,
    /// The lightest level that fails.
    pub fail_on: Option<FailOn>,
    /// What bare bodies are for.
    pub operation: Option<OperationName>,
    /// What findings carry; as ever, where nothing is said.
    pub wants: Option<Wants>,
}

/// How the files under one configuration are judged.
#[derive(Debug)]
pub struct Config {
    /// The texts, the strongest last.
    pub layers: Vec<Arc<Layer>>,
    /// What the command says.
    pub flags: Arc<Flags>,
    /// How requests are judged, but for those that [`Self::mapping`] knows more of.
    pub settings: Settings,
    /// The lightest level that fails, if any does.
    pub fail_on: Option<Severity>,
    include: Vec<(Base, Patterns)>,
    exclude: Vec<(Base, Patterns)>,
    mappings: Vec<Mapping>,
    exceptions: Vec<Exception>,
}

/// Where an entry stands: in which layer, and where in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The layer's index in [`Config::layers`].
    pub layer: usize,
    /// The place in its text.
    pub span: Span,
}

/// What the bare bodies of files are for.
#[derive(Debug)]
struct Mapping {
    files: (Base, Patterns),
    settings: Settings,
    place: Place,
    used: AtomicBool,
}

/// Findings that get another level, or are not told.
#[derive(Debug)]
struct Exception {
    files: Option<(Base, Patterns)>,
    /// All, where there are none.
    rules: Vec<&'static str>,
    pointer: Option<Vec<Token>>,
    level: Option<Severity>,
    /// Whether this is a rule that is off, and not an entry of `[[overrides]]`.
    is_level: bool,
    place: Place,
    used: AtomicBool,
}

impl Config {
    /// Puts together what texts and flags say.
    #[must_use]
    pub fn new(layers: Vec<Arc<Layer>>, flags: Arc<Flags>) -> Self {
        let mut exceptions = Vec::new();
        let revived = revived(&layers);
        let mut settings = Settings::default().with_levels(|rule| level(&layers, &flags, rule).0);
        let mut muted = Vec::new();
        for rule in ALL {
            if let (None, Origin::At(place)) = level(&layers, &flags, rule)
                && revived.contains(&rule.id)
            {
                muted.push(rule.id);
                exceptions.push(Exception::off(rule, place));
            }
        }
        if !muted.is_empty() {
            settings = settings.with_levels(|rule| {
                let own = level(&layers, &flags, rule).0;
                if muted.contains(&rule.id) { Some(rule.level) } else { own }
            });
        }
        let mut mappings = Vec::new();
        settings.wants = flags.wants.unwrap_or(settings.wants);
        settings.operation = flags.operation.and_then(|name| name.0);
        settings.team = team(&layers).map(Arc::new);
        for (at, layer) in layers.iter().enumerate() {
            let bodies = layer.file.bodies.iter().flat_map(|bodies| &bodies.value);
            mappings
                .extend(bodies.filter_map(|entry| Mapping::new(entry, at, layer.base, &flags, &settings)));
            let overrides = layer.file.overrides.iter().flat_map(|overrides| &overrides.value);
            exceptions.extend(overrides.map(|entry| Exception::new(entry, at, layer.base)));
        }
        let said = layers.iter().filter_map(|layer| layer.file.fail_on.as_ref()).next_back();
        let said = said.map_or(Some(Severity::Error), |entry| entry.value.0);
        Self {
            fail_on: flags.fail_on.map_or(said, |level| level.0),
            include: globs(&layers, |file| file.include.as_ref()),
            exclude: globs(&layers, |file| file.exclude.as_ref()),
            settings,
            mappings,
            exceptions,
            layers,
            flags,
        }
    }

    /// The level of a rule, and who says so.
    #[must_use]
    pub fn level(&self, rule: &'static Rule) -> (Option<Severity>, Origin) {
        level(&self.layers, &self.flags, rule)
    }

    /// Whether a file or folder is left out.
    #[must_use]
    pub fn excludes(&self, seen: Seen<'_>, is_folder: bool) -> bool {
        self.exclude.iter().any(|(base, globs)| globs.fit(seen.from(*base), is_folder))
    }

    /// Whether a file, or a folder that it is in, is left out.
    #[must_use]
    pub fn excludes_file(&self, seen: Seen<'_>) -> bool {
        self.exclude.iter().any(|(base, globs)| globs.hold(seen.from(*base)))
    }

    /// Whether it says which files to look at in folders.
    #[must_use]
    pub const fn selects(&self) -> bool {
        !self.include.is_empty()
    }

    /// Whether it has any globs by which a path must be judged on a walk.
    #[must_use]
    pub const fn looks_at_paths(&self) -> bool {
        !self.include.is_empty() || !self.exclude.is_empty() || !self.mappings.is_empty()
    }

    /// Whether a file is one of those to look at in folders.
    #[must_use]
    pub fn includes(&self, seen: Seen<'_>) -> bool {
        self.include.iter().any(|(base, globs)| globs.hold(seen.from(*base)))
    }

    /// Whether it says what the bodies of any files are for.
    #[must_use]
    pub const fn maps(&self) -> bool {
        !self.mappings.is_empty()
    }

    /// The entry that says what a file's bare bodies are for, if one does: the last that fits.
    #[must_use]
    pub fn mapping(&self, seen: Seen<'_>) -> Option<usize> {
        self.mappings.iter().rposition(|mapping| mapping.files.1.hold(seen.from(mapping.files.0)))
    }

    /// How the requests of a file are judged that has such an entry, or none. The entry counts as used.
    #[must_use]
    pub fn settings_of(&self, mapping: Option<usize>) -> &Settings {
        mapping.and_then(|at| self.mappings.get(at)).map_or(&self.settings, |mapping| {
            mark(&mapping.used);
            &mapping.settings
        })
    }

    /// What an entry says that bodies are for, and where it stands.
    pub(super) fn mapped(&self, mapping: usize) -> Option<(Place, Option<&'static Operation>)> {
        self.mappings.get(mapping).map(|mapping| (mapping.place, mapping.settings.operation))
    }

    /// Whether an override may hold in a file, by its place.
    pub(super) fn overrides_in(&self, place: Place, seen: Seen<'_>) -> bool {
        self.exceptions.iter().any(|one| one.place == place && one.is_of_file(seen))
    }

    /// Whether findings may get another level.
    #[must_use]
    pub const fn has_exceptions(&self) -> bool {
        !self.exceptions.is_empty()
    }

    /// The level of a finding, or that it is not told. The function gives the pointer of its place.
    pub fn judge(
        &self,
        finding: &Finding,
        seen: Seen<'_>,
        pointer: &mut dyn FnMut() -> String,
    ) -> Option<Severity> {
        let mut level = Some(finding.severity);
        let mut known = None;
        for exception in &self.exceptions {
            let of_rule = exception.rules.is_empty() || exception.rules.contains(&finding.rule);
            if !of_rule || !exception.is_of_file(seen) {
                continue;
            }
            let fits = exception
                .pointer
                .as_ref()
                .is_none_or(|tokens| fits(tokens, known.get_or_insert_with(&mut *pointer)));
            if fits {
                mark(&exception.used);
                level = exception.level;
            }
        }
        level
    }

    /// The entries under which nothing came, each as a finding in its layer; none of those that stand on
    /// the command line.
    #[must_use]
    pub fn unused(&self) -> Vec<(&Layer, Vec<Finding>)> {
        let Some(rule) = rules::by_id("unused-override") else { return Vec::new() };
        let Some(level) = self.level(rule).0 else { return Vec::new() };
        let mut found = Vec::new();
        for (at, layer) in self.layers.iter().enumerate().filter(|(_, layer)| layer.base == Base::Own) {
            let mut findings = Vec::new();
            let mut sink = Sink::new(rule.id, rule.level, level, self.settings.wants, &mut findings);
            let here = |place: Place, used: &AtomicBool| place.layer == at && !used.load(Ordering::Relaxed);
            // That a rule is off is a rule of its own, for what may come, and is never stale.
            let entries = self.exceptions.iter().filter(|one| !one.is_level);
            for exception in entries.filter(|one| here(one.place, &one.used)) {
                let said = "no finding came under this entry in the whole run";
                let draft = Draft::new(exception.place.span, said);
                sink.push(draft.help("remove it, or mend its `files`, `rules` or `pointer`"));
            }
            for mapping in self.mappings.iter().filter(|one| here(one.place, &one.used)) {
                let draft = Draft::new(mapping.place.span, "no file was checked that fits these `files`");
                sink.push(draft.help("mend `files`, or remove the entry"));
            }
            for finding in &mut findings {
                let place = finding.primary.range();
                finding.primary = clamped(&layer.text, place.start, place.end);
            }
            findings.sort_by_key(|finding| finding.primary);
            if !findings.is_empty() {
                found.push((&**layer, findings));
            }
        }
        found
    }
}

impl Mapping {
    fn new(
        entry: &Entry<Bodies>,
        layer: usize,
        base: Base,
        flags: &Flags,
        settings: &Settings,
    ) -> Option<Self> {
        let Bodies { files, operation, request } = &entry.value;
        let said = operation.as_ref().map(|name| name.value);
        let said = said.or_else(|| Some(OperationName(Some(request.as_ref()?.value.0))))?;
        let mut settings = settings.clone();
        settings.operation = flags.operation.unwrap_or(said).0;
        Some(Self {
            files: (base, patterns(files.as_ref()?)),
            settings,
            place: Place { layer, span: entry.key },
            used: AtomicBool::new(false),
        })
    }
}

impl Exception {
    fn new(entry: &Entry<Override>, layer: usize, base: Base) -> Self {
        let Override { files, rules, pointer, level, .. } = &entry.value;
        let rules = rules.iter().flat_map(|rules| &rules.value.0).map(|rule| rule.value.0.id);
        Self {
            files: files.as_ref().map(|files| (base, patterns(files))),
            rules: rules.collect(),
            pointer: pointer.as_ref().map(|pointer| pointer.value.0.clone()),
            level: level.as_ref().and_then(|level| level.value.0),
            is_level: false,
            place: Place { layer, span: entry.key },
            used: AtomicBool::new(false),
        }
    }

    fn is_of_file(&self, seen: Seen<'_>) -> bool {
        self.files.as_ref().is_none_or(|(base, globs)| globs.hold(seen.from(*base)))
    }

    fn off(rule: &'static Rule, place: Place) -> Self {
        Self {
            files: None,
            rules: vec![rule.id],
            pointer: None,
            level: None,
            is_level: true,
            place,
            used: AtomicBool::new(false),
        }
    }
}

/// The rules that an override gives a level, though they may be off elsewhere.
fn revived(layers: &[Arc<Layer>]) -> Vec<&'static str> {
    let overrides = layers.iter().filter_map(|layer| layer.file.overrides.as_ref());
    let levelled = overrides
        .flat_map(|entry| &entry.value)
        .filter(|entry| entry.value.level.as_ref().is_some_and(|level| level.value.0.is_some()));
    let rules = levelled.filter_map(|entry| entry.value.rules.as_ref());
    rules.flat_map(|rules| &rules.value.0).map(|rule| rule.value.0.id).collect()
}

fn level(layers: &[Arc<Layer>], flags: &Flags, rule: &'static Rule) -> (Option<Severity>, Origin) {
    let id = rule.id;
    if flags.allow.contains(&id) {
        return (None, Origin::Flag("--allow"));
    }
    if !flags.only.is_empty() && !flags.only.contains(&id) {
        return (None, Origin::Flag("--only"));
    }
    if flags.deny.contains(&id) {
        return (Some(Severity::Error), Origin::Flag("--deny"));
    }
    if flags.warn.contains(&id) {
        return (Some(Severity::Warning), Origin::Flag("--warn"));
    }
    let said = |(layer, text): (usize, &Arc<Layer>)| {
        let levels = &text.file.rules.as_ref()?.value.0;
        let (_, Entry { key, value: Level(level), .. }) = levels.iter().find(|(of, _)| of.id == id)?;
        Some((*level, Origin::At(Place { layer, span: *key })))
    };
    match layers.iter().enumerate().rev().find_map(said) {
        // It is asked for by its name.
        Some((None, _)) if flags.only.contains(&id) => (Some(rule.level), Origin::Flag("--only")),
        Some(said) => said,
        None => (Some(rule.level), Origin::Default),
    }
}

fn team(layers: &[Arc<Layer>]) -> Option<Team> {
    let region = layers.iter().rev().find_map(|layer| layer.file.region.as_ref());
    let hosts = layers.iter().filter_map(|layer| layer.file.extra_hosts.as_ref());
    let hosts =
        hosts.flat_map(|hosts| &hosts.value.0).map(|Entry { value: HostName(host), .. }| host.clone());
    let team = Team {
        region: region.map(|region| region.value.0),
        hosts: hosts.collect(),
        agreement: agreement(layers),
    };
    (team.region.is_some() || !team.hosts.is_empty() || team.agreement.is_some()).then_some(team)
}

fn agreement(layers: &[Arc<Layer>]) -> Option<Agreement> {
    let tables = || layers.iter().rev().filter_map(|layer| Some(&layer.file.attributes.as_ref()?.value));
    tables().next()?;
    let names = |key: fn(&Attributes) -> Option<&Entry<Several<String>>>| {
        let said = tables().find_map(key)?;
        Some(said.value.0.iter().map(|name| name.value.clone()).collect::<Vec<_>>())
    };
    let number = |key: fn(&Attributes) -> Option<&Entry<u32>>| Some(tables().find_map(key)?.value);
    let pattern = tables().find_map(|table| table.attribute_pattern.as_ref());
    Some(Agreement {
        required: names(|table| table.required_attributes.as_ref()).unwrap_or_default(),
        allowed: names(|table| table.allowed_attributes.as_ref()),
        pattern: pattern.map(|pattern| {
            let regex = pattern.value.0.clone();
            NamePattern { text: written(&regex).to_owned(), regex }
        }),
        most: number(|table| table.max_attributes.as_ref()),
        longest_name: number(|table| table.max_key_length.as_ref()),
        longest_value: number(|table| table.max_value_length.as_ref()),
    })
}

/// A pattern without what makes it match whole names.
fn written(regex: &regex_lite::Regex) -> &str {
    let text = regex.as_str();
    text.strip_prefix("^(?:").and_then(|text| text.strip_suffix(")$")).unwrap_or(text)
}

fn globs(
    layers: &[Arc<Layer>],
    key: impl Fn(&File) -> Option<&Entry<Several<Glob>>>,
) -> Vec<(Base, Patterns)> {
    layers.iter().filter_map(|layer| Some((layer.base, patterns(key(&layer.file)?)))).collect()
}

fn patterns(globs: &Entry<Several<Glob>>) -> Patterns {
    let texts = globs.value.0.iter().map(|glob| glob.value.0.as_str());
    // Each was compiled when it was read.
    Patterns::new(texts).unwrap_or_else(|_| Patterns::none())
}

/// Threads share these marks: one that is set is not written again.
fn mark(used: &AtomicBool) {
    if !used.load(Ordering::Relaxed) {
        used.store(true, Ordering::Relaxed);
    }
}

/// Whether a pointer is what tokens say.
fn fits(tokens: &[Token], pointer: &str) -> bool {
    let mut parts = pointer.split('/').skip(1);
    let all = tokens.iter().all(|token| match (token, parts.next()) {
        (Token::Any, Some(_)) => true,
        (Token::Is(name), Some(part)) => name == part,
        (_, None) => false,
    });
    all && parts.next().is_none()
}
