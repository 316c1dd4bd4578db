//! What comes of the files of one batch: findings as text, and numbers.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::api::Operation;
use crate::carrier::{Assume, Carrier, Skip};
use crate::config::Config;
use crate::diagnostic::{Finding, Severity};
use crate::files::config::{Here, Told};
use crate::files::display;
use crate::files::known::Look;
use crate::files::links::{self, Linked};
use crate::files::order::{Outlet, Totals};
use crate::files::run::Job;
use crate::json::{Document, Pointers};
use crate::lint::{Input, Link, Linted, Scratch, Settings, lint, lint_faults, list, readable};
use crate::report::{Listed, Shown};
use crate::rules::ALL;
use crate::text::Before;

/// What has come of a batch so far.
pub struct Tally<'j, 'w> {
    number: u64,
    text: Vec<u8>,
    totals: Totals,
    job: &'j Job<'j>,
    outlet: &'j Outlet<'w>,
    /// The configuration of the folder at hand.
    here: Arc<Here>,
    /// What it says of the file at hand, where it says anything.
    mapping: Option<usize>,
    /// Whether requests of the file at hand were named.
    listed: bool,
    /// What was found in it, where known findings are set apart.
    look: Option<Look>,
}

/// What judges the findings of one file.
type OwnJudge = Box<dyn Fn(&Linted<'_>) -> Vec<Finding>>;

/// Bytes of output that a result may keep before it is written in parts.
const PART: usize = 1 << 20;

impl<'j, 'w> Tally<'j, 'w> {
    /// Begins the result of a number.
    #[must_use]
    pub fn new(number: u64, job: &'j Job<'j>, outlet: &'j Outlet<'w>) -> Self {
        Self {
            number,
            text: Vec::new(),
            totals: Totals::default(),
            job,
            outlet,
            here: job.configs.general(),
            mapping: None,
            listed: false,
            look: None,
        }
    }

    /// Goes on with files of a folder of that configuration.
    pub fn enter(&mut self, here: &Arc<Here>) {
        self.here = here.clone();
        self.mapping = None;
    }

    /// Goes on with a file of the folder: what it may be taken for, or nothing, where it is left out.
    pub fn open(&mut self, assume: Assume, named: bool, path: impl Fn() -> PathBuf) -> Option<Assume> {
        let assume = self.assumed(assume, named, &path)?;
        if let Some(known) = self.job.known {
            self.totals.looks.extend(self.look.replace(known.look(path())));
        }
        Some(assume)
    }

    fn assumed(&mut self, assume: Assume, named: bool, path: &impl Fn() -> PathBuf) -> Option<Assume> {
        let Here { config, .. } = &*self.here;
        if !config.looks_at_paths() {
            return Some(assume);
        }
        let path = path();
        // What is named is checked, unless it is to be taken as if it were met.
        if named
            && self.job.named == Assume::Nothing
            && self.here.see(&path, |seen| config.excludes_file(seen))
        {
            self.skip(&path, Skip::Excluded);
            return None;
        }
        self.mapping = self.here.see(&path, |seen| config.mapping(seen));
        let says_carrier = assume == Assume::Carrier;
        Some(if self.mapping.is_some() && !says_carrier { Assume::Body } else { assume })
    }

    pub fn settings(&self) -> &Settings {
        self.here.config.settings_of(self.mapping)
    }

    /// Tells what is found in a configuration itself.
    pub fn tell(&mut self, config: &Config, told: &Told) {
        let document = &Document::unread(&told.text);
        let (path, findings) = (&told.name, &told.findings);
        let shown = Shown { path, before: Before::default(), document, findings, all: findings };
        self.show(&shown, config.fail_on);
    }

    /// What judges the findings of a file, where exceptions are made.
    #[must_use]
    pub fn judge(&self, path: &Path) -> Option<OwnJudge> {
        let (here, path) = (self.here.clone(), path.to_path_buf());
        here.config
            .has_exceptions()
            .then(|| -> OwnJudge { Box::new(move |linted| judged(linted, &here, &path)) })
    }

    /// Gives the result away.
    pub fn end(mut self) {
        self.totals.looks.extend(self.look.take());
        self.outlet.finish(self.number, self.text, self.totals);
    }

    /// Checks a file's bytes as the body of an operation, but for what it shows when it is checked as
    /// `known`.
    pub fn linked(
        &mut self,
        scratch: &mut Scratch,
        bytes: &[u8],
        path: &Path,
        operation: &'static Operation,
        known: Option<Assume>,
    ) {
        if u32::try_from(bytes.len()).is_err() {
            self.skip(path, Skip::TooLong);
            return;
        }
        let (text, invalid_utf8) = readable(bytes);
        let input =
            Input { invalid_utf8: &invalid_utf8, carrier: links::carrier(path), ..Input::json(&text) };
        let place = |finding: &Finding| (finding.rule, finding.primary);
        // What it is mapped to is what it is on its own.
        let mut settings = match self.open(Assume::Nothing, false, || path.to_path_buf()) {
            Some(_) => self.settings().clone(),
            None => return,
        };
        let seen: HashSet<_> = match known {
            Some(assume) => {
                let linted = lint(&Input { assume, ..input }, &settings, scratch);
                linted.findings.iter().map(place).collect()
            }
            None => HashSet::new(),
        };
        settings.operation = Some(operation);
        let mut linted = lint(&input, &settings, scratch);
        let (new, told): (Vec<_>, Vec<_>) =
            linted.findings.iter().cloned().partition(|finding| !seen.contains(&place(finding)));
        linted.hidden.extend(told);
        if known.is_none() {
            self.totals.summary.files += 1;
        }
        let requests = if known.is_none() { linted.requests } else { 0 };
        let told = Linted { findings: &new, requests, ..linted };
        self.take(&told, Before::default(), || path.to_path_buf());
    }

    /// Checks a file's bytes.
    pub fn text(
        &mut self,
        scratch: &mut Scratch,
        bytes: &[u8],
        carrier: Carrier,
        assume: Assume,
        path: impl Fn() -> PathBuf,
    ) {
        if u32::try_from(bytes.len()).is_err() {
            self.skip(&path(), Skip::TooLong);
            return;
        }
        let (text, invalid_utf8) = readable(bytes);
        let input = Input { invalid_utf8: &invalid_utf8, carrier, assume, ..Input::json(&text) };
        let (requests, skip) = self.check(&input, scratch, Before::default(), &path);
        self.finish(requests, skip, path);
    }

    /// Checks a part of a file: how many requests were in it, and why not all, or none, were checked.
    pub fn check(
        &mut self,
        input: &Input<'_>,
        scratch: &mut Scratch,
        before: Before,
        path: &impl Fn() -> PathBuf,
    ) -> (u64, Option<Skip>) {
        if self.job.list {
            return self.list(input, scratch, before, path);
        }
        let mut linted = lint(input, self.settings(), scratch);
        let told = (linted.requests as u64, linted.skip);
        for Link { name, operation, is_template } in linted.links.drain(..) {
            self.totals.links.push(Linked { from: path(), name, operation, is_template });
        }
        self.take(&linted, before, path);
        if self.text.len() > PART {
            self.outlet.part(self.number, &mut self.text);
        }
        told
    }

    /// Tells only what is wrong as JSON with a part of a file.
    pub fn faults(&mut self, text: &str, scratch: &mut Scratch, before: Before, path: &Path) {
        if !self.job.list {
            let linted = lint_faults(text, self.settings(), scratch);
            self.take(&linted, before, || path.to_path_buf());
        }
    }

    /// Names the requests of a part of a file.
    fn list(
        &mut self,
        input: &Input<'_>,
        scratch: &mut Scratch,
        before: Before,
        path: &impl Fn() -> PathBuf,
    ) -> (u64, Option<Skip>) {
        let listing = list(input, self.settings(), scratch);
        let count = listing.requests.len() as u64;
        self.totals.summary.requests += count;
        if let (Ok(carrier), true) = (listing.carrier, count > 0) {
            let place =
                Listed { path: &display(&path()), before, text: input.text, carrier, goes_on: self.listed };
            self.listed = true;
            self.job.format.requests(&place, &listing.requests, &mut self.text);
        }
        (count, listing.carrier.err())
    }

    /// Notes the files that the requests of a text send, and tells nothing.
    pub fn note_links(
        &mut self,
        scratch: &mut Scratch,
        bytes: &[u8],
        carrier: Carrier,
        assume: Assume,
        path: &Path,
    ) {
        let (text, invalid_utf8) = readable(bytes);
        let input = Input { invalid_utf8: &invalid_utf8, carrier, assume, ..Input::json(&text) };
        for Link { name, operation, is_template } in lint(&input, self.settings(), scratch).links {
            self.totals.links.push(Linked { from: path.to_path_buf(), name, operation, is_template });
        }
    }

    /// Counts a file that was looked through.
    pub fn finish(&mut self, requests: u64, skip: Option<Skip>, path: impl Fn() -> PathBuf) {
        self.listed = false;
        match skip {
            Some(why) if requests == 0 => self.skip(&path(), why),
            // A part of it was not looked through.
            Some(why @ (Skip::BrokenYaml | Skip::NotHcl)) => {
                self.totals.summary.files += 1;
                self.skip(&path(), why);
            }
            _ => self.totals.summary.files += 1,
        }
    }

    fn take(&mut self, linted: &Linted<'_>, before: Before, path: impl Fn() -> PathBuf) {
        self.totals.summary.requests += linted.requests as u64;
        if linted.findings.is_empty() {
            return;
        }
        let path = path();
        let here = self.here.clone();
        let fail_on = here.config.fail_on;
        let all = linted.all();
        let own;
        let judged = if here.config.has_exceptions() {
            own = self::judged(linted, &here, &path);
            &own[..]
        } else {
            linted.findings
        };
        let new;
        let findings = match (self.job.known, &mut self.look) {
            (Some(known), Some(look)) => {
                new = known.new_of(judged, &all, &linted.document, look);
                self.totals.summary.known += (judged.len() - new.len()) as u64;
                &new[..]
            }
            _ => judged,
        };
        let path = display(&path);
        self.show(&Shown { path: &path, before, document: &linted.document, findings, all: &all }, fail_on);
    }

    fn show(&mut self, shown: &Shown<'_>, fail_on: Option<Severity>) {
        if shown.findings.is_empty() {
            return;
        }
        self.count(shown.findings, fail_on);
        if !self.text.is_empty() {
            self.text.extend_from_slice(self.job.format.separator());
        }
        let (outlet, number) = (self.outlet, self.number);
        self.job.format.text_in_parts(shown, self.job.style, &mut self.text, &mut |text| {
            if text.len() > PART {
                outlet.part(number, text);
            }
        });
    }

    fn count(&mut self, findings: &[Finding], fail_on: Option<Severity>) {
        self.totals.by_rule.resize(ALL.len(), 0);
        let mut last = (0, "");
        for finding in findings {
            if fail_on.is_some_and(|level| finding.severity >= level) {
                self.totals.failing += 1;
            }
            match finding.severity {
                Severity::Error => self.totals.summary.errors += 1,
                Severity::Warning => self.totals.summary.warnings += 1,
                Severity::Info => self.totals.summary.infos += 1,
            }
            if !std::ptr::eq(finding.rule, last.1) {
                // The same text, unless a test made it.
                let same = ALL.iter().position(|rule| std::ptr::eq(rule.id, finding.rule));
                let equal = || ALL.iter().position(|rule| rule.id == finding.rule);
                last = (same.or_else(equal).unwrap_or(0), finding.rule);
            }
            self.totals.by_rule[last.0] += 1;
        }
    }

    /// Counts a file that is passed over.
    pub fn skip(&mut self, path: &Path, why: Skip) {
        self.totals.summary.skipped += 1;
        if self.job.list_skipped {
            self.totals.skipped.push((path.to_path_buf(), why));
        }
    }

    /// Counts what was fixed in a file, and notes it where the fixes did not come to an end.
    pub fn fixed(&mut self, path: &Path, count: u64, ended: bool) {
        self.totals.summary.fixed += count;
        if !ended {
            self.totals.unended.push(path.to_path_buf());
        }
    }

    /// Counts a file that is not checked, but only told what would be fixed in it.
    pub fn would_be_fixed(
        &mut self,
        path: &Path,
        (count, ended): (u64, bool),
        requests: u64,
        skip: Option<Skip>,
    ) {
        self.fixed(path, count, ended);
        self.totals.summary.requests += requests;
        self.finish(requests, skip, || path.to_path_buf());
    }

    /// Counts a file that was to be fixed and cannot be written.
    pub fn unwritten(&mut self, path: &Path, error: io::Error) {
        self.totals.summary.unwritten += 1;
        self.totals.unwritten.push((path.to_path_buf(), error));
    }

    /// Adds to the output.
    pub fn put(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        if !self.text.is_empty() {
            self.text.extend_from_slice(self.job.format.separator());
        }
        write(&mut self.text);
        if self.text.len() > PART {
            self.outlet.part(self.number, &mut self.text);
        }
    }

    /// Counts a file that cannot be read.
    pub fn fail(&mut self, path: &Path, error: io::Error) {
        self.totals.summary.unreadable += 1;
        self.totals.failed.push((path.to_path_buf(), error));
    }
}

/// What is left of the findings of a text, each with the level that its configuration gives it.
fn judged(linted: &Linted<'_>, here: &Here, path: &Path) -> Vec<Finding> {
    let mut pointers = Pointers::new(&linted.document);
    here.see(path, |seen| {
        let judge = |finding: &Finding| {
            let mut pointer = || match &finding.inside {
                Some(inside) => inside.pointer.clone(),
                None => pointers.at(finding.primary.start),
            };
            let severity = here.config.judge(finding, seen, &mut pointer)?;
            let mut finding = finding.clone();
            finding.severity = severity;
            Some(finding)
        };
        linted.findings.iter().filter_map(judge).collect()
    })
}
