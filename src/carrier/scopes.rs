//! Which of the values that a script gives a variable is its value at a place.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// How many blocks around a place are looked at.
const DEEPEST: usize = 64;

/// What a block does with the commands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// They run once, or not at all.
    Plain,
    /// So do they, and what they change holds no longer after that.
    Apart,
    /// They run any number of times.
    Loop,
    /// They run at some time after that.
    Later,
    /// They run when they are called, with variables of their own.
    Function,
}

#[derive(Debug)]
struct Block {
    parent: usize,
    kind: Kind,
    end: usize,
    /// The block of the function that it belongs to.
    function: usize,
    /// Whether it or one around it, in its function, runs later.
    later: bool,
    /// The innermost block apart that it is or stands in.
    apart: usize,
}

/// The blocks of a script. The first is the script itself.
#[derive(Debug)]
pub(super) struct Blocks {
    all: Vec<Block>,
    /// From which place on which block is the innermost one.
    marks: Vec<(usize, usize)>,
    current: usize,
}

impl Default for Blocks {
    fn default() -> Self {
        let script =
            Block { parent: 0, kind: Kind::Plain, end: usize::MAX, function: 0, later: false, apart: 0 };
        Self { all: vec![script], marks: Vec::new(), current: 0 }
    }
}

impl Blocks {
    /// Begins a block. Places never go back.
    pub(super) fn open(&mut self, at: usize, kind: Kind) {
        let number = self.all.len();
        let around = &self.all[self.current];
        let is_function = kind == Kind::Function;
        self.all.push(Block {
            parent: self.current,
            kind,
            end: usize::MAX,
            function: if is_function { number } else { around.function },
            later: !is_function && (around.later || kind == Kind::Later),
            apart: if kind == Kind::Apart { number } else { around.apart },
        });
        self.current = number;
        self.marks.push((at, number));
    }

    /// Ends the innermost block.
    pub(super) fn close(&mut self, at: usize) {
        let block = &mut self.all[self.current];
        if self.current > 0 {
            block.end = at;
        }
        self.current = block.parent;
        self.marks.push((at, self.current));
    }

    /// The innermost block at a place.
    pub(super) fn at(&self, place: usize) -> usize {
        let next = self.marks.partition_point(|(at, _)| *at <= place);
        next.checked_sub(1).map_or(0, |last| self.marks[last].1)
    }

    /// The block of the function that a place is in; the first, if in none.
    pub(super) fn function_at(&self, place: usize) -> usize {
        self.all[self.at(place)].function
    }

    /// Whether what is changed at a place still holds at a later one.
    pub(super) fn reaches(&self, from: usize, to: usize) -> bool {
        let apart = self.all[self.at(from)].apart;
        apart == 0 || to < self.all[apart].end
    }

    /// Whether what stands at a place may run later than what follows it, in a function or in one around it.
    fn is_later(&self, place: usize, function: usize) -> bool {
        let mut at = self.at(place);
        for _ in 0..DEEPEST {
            if at == function || at == 0 {
                return false;
            }
            if matches!(self.all[at].kind, Kind::Later | Kind::Function) {
                return true;
            }
            at = self.all[at].parent;
        }
        false
    }
}

/// A value that a variable is given.
#[derive(Debug)]
pub(super) struct Given<V> {
    /// Where that is written.
    pub(super) at: usize,
    /// From where on it holds.
    pub(super) from: usize,
    /// The block in which that surely happens; `None` where it may not.
    pub(super) block: Option<usize>,
    /// Nothing, where it is not known.
    pub(super) value: Option<V>,
}

/// All that a variable is given in a function.
#[derive(Debug)]
pub(super) struct All<V> {
    function: usize,
    given: Vec<Given<V>>,
    /// Whether some of it is given at a time that the order of the script does not tell.
    anytime: bool,
    /// Whether some of it is known.
    is_set: bool,
}

impl<V> All<V> {
    pub(super) const fn is_set(&self) -> bool {
        self.is_set
    }

    pub(super) fn given(&self) -> &[Given<V>] {
        &self.given
    }

    /// What surely is the last to be given before a place.
    pub(super) fn last(&self, place: usize, blocks: &Blocks) -> Option<&Given<V>> {
        let next = self.given.partition_point(|given| given.from <= place);
        let last = self.given.get(next.checked_sub(1)?)?;
        let block = last.block.filter(|_| !self.anytime)?;
        let follows = self.given.get(next).map(|given| given.at);
        let mut at = blocks.at(place);
        for _ in 0..DEEPEST {
            if at == block {
                return Some(last);
            }
            let around = &blocks.all[at];
            let may_come_first = match around.kind {
                Kind::Plain | Kind::Apart => false,
                Kind::Loop => follows.is_some_and(|follows| follows < around.end),
                Kind::Later | Kind::Function => follows.is_some(),
            };
            if may_come_first || at == 0 {
                return None;
            }
            at = around.parent;
        }
        None
    }

    /// The only thing that is given, where a place may come after it.
    pub(super) fn only(&self, place: usize, blocks: &Blocks) -> Option<&Given<V>> {
        match self.given.as_slice() {
            [only] if only.from <= place || blocks.is_later(place, self.function) => Some(only),
            _ => None,
        }
    }
}

/// All that the variables of a script are given: by the name, and by the function.
#[derive(Debug)]
pub(super) struct Variables<K, V>(HashMap<K, HashMap<usize, All<V>>>);

impl<K: Hash + Eq, V> Variables<K, V> {
    pub(super) fn new() -> Self {
        Self(HashMap::new())
    }

    pub(super) fn give(&mut self, function: usize, name: K, given: Given<V>, blocks: &Blocks) {
        let anytime = given.block.is_some_and(|block| {
            let block = &blocks.all[block];
            block.later || block.function != function
        });
        let all = self.0.entry(name).or_default().entry(function);
        let all = all.or_insert_with(|| All { function, given: Vec::new(), anytime: false, is_set: false });
        all.anytime |= anytime;
        all.is_set |= given.value.is_some();
        all.given.push(given);
    }

    /// Puts what was given into the order in which it holds.
    pub(super) fn sort(&mut self) {
        for all in self.0.values_mut().flat_map(HashMap::values_mut) {
            all.given.sort_by_key(|given| given.from);
        }
    }

    pub(super) fn holds<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.0.contains_key(name)
    }

    /// What a variable is given, by the function.
    pub(super) fn of<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<&HashMap<usize, All<V>>>
    where
        K: Borrow<Q>,
    {
        self.0.get(name)
    }
}
