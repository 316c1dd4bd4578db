//! Settings that no longer do anything.

use crate::diagnostic::Severity;
use crate::rules::{Check, Evidence, Group, Rule, Signs};

pub static RULE: Rule = Rule {
    id: "unused-override",
    level: Severity::Warning,
    group: Group::Team,
    evidence: Evidence::Team("the entries of `paylint.toml`, and what came of the run"),
    summary: "an entry of `paylint.toml` that nothing came under in the whole run",
    why: "An exception outlives what it was made for: the file is gone, or its fault is mended. Left in place, it \
          hides the next fault that happens to fit it. Looked at are `[[overrides]]` and `[[bodies]]`; that a rule \
          is off under `[rules]` is a policy, also for what may come, and is left alone. Only a run over the whole folder of the \
          file can tell, so nothing is said when single files are checked or when flags narrow what is looked at.",
    remedy: "Remove the entry, or mend its `files`, `rules` or `pointer`.",
    fix: None,
    bad: &[],
    good: &[],
    waits_for: Signs::NONE,
    check: Check::Run,
};
