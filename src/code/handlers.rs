//! What catches exceptions, as it is kept: clauses of a handler are adjacent, calls are packed as sites are.

use super::Table;
use super::sites::{Form, Sites};
use headwater_codegen::Records;
use headwater_codegen::record::{Clause, Site};
use headwater_codegen::target::Isa;

/// A handler. Its number is its place.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(C)]
pub(crate) struct HandlerRow {
    /// Its first clause, by number; the next handler's follow.
    first: u32,
    /// The handler around it, by number plus one; 0: the caller's. Its number is less.
    outer: u32,
}

/// A clause.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(C)]
pub(crate) struct ClauseRow {
    landing: u32,
    /// [`KEEPS`], and the tag in the other bits, all of which are set for any exception.
    tag: u32,
}

/// Whether the code keeps the exception, see [`Clause::keeps`].
const KEEPS: u32 = 1 << 31;

/// A clause, as it is looked at.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct Caught {
    /// Of the tag, or of any.
    pub tag: Option<u32>,
    /// Where the code goes on.
    pub landing: u32,
    /// Whether the code keeps the exception, or only its arguments.
    pub keeps: bool,
}

/// The handlers of a batch.
#[derive(Debug)]
pub(crate) struct Handlers {
    pub rows: Table<HandlerRow>,
    pub clauses: Table<ClauseRow>,
    /// Return addresses of calls within handlers, with the handlers' numbers where sites have offsets in the module.
    pub calls: Sites,
}

impl Handlers {
    pub fn new(records: &Records, isa: Isa) -> Handlers {
        let mut rows = Vec::with_capacity(records.handlers.len());
        let mut clauses = Vec::with_capacity(records.clauses.len());
        for (i, handler) in records.handlers.iter().enumerate() {
            debug_assert!(handler.outer as usize <= i, "handlers are numbered from the outside inwards");
            rows.push(HandlerRow { first: clauses.len() as u32, outer: handler.outer });
            let mut next = handler.first;
            while let Some(number) = next.checked_sub(1) {
                let Clause { tag, landing, keeps, next: after } = records.clauses[number as usize];
                clauses.push(ClauseRow { landing, tag: tag & !KEEPS | if keeps { KEEPS } else { 0 } });
                next = after;
            }
        }
        let calls: Vec<_> = records.handled.iter().map(|c| Site { code: c.code, wasm: c.handler }).collect();
        let (rows, clauses) = (Table::Own(rows), Table::Own(clauses));
        Handlers { rows, clauses, calls: Sites::new(Form::of(isa), &calls) }
    }

    /// The number of the handler around the call that returns to `code`, if there is one.
    pub fn around(&self, code: u32) -> Option<u32> {
        self.calls.from(code).filter(|call| call.code == code).map(|call| call.wasm)
    }

    /// What a handler and those around it catch, in the order in which it is tried.
    pub fn tried(&self, handler: Option<u32>) -> impl Iterator<Item = Caught> + '_ {
        // A damaged file may say that a handler is around itself.
        let outer = |i: u32| Some(self.rows.get(i as usize)?.outer.min(i)).and_then(|outer| outer.checked_sub(1));
        std::iter::successors(handler, move |&i| outer(i)).flat_map(|i| self.clauses_of(i)).map(ClauseRow::caught)
    }

    /// The clauses of a handler; none where a damaged file says so.
    fn clauses_of(&self, handler: u32) -> &[ClauseRow] {
        let first = |i: usize| self.rows.get(i).map(|row| row.first as usize);
        let Some(start) = first(handler as usize) else { return &[] };
        let end = first(handler as usize + 1).unwrap_or(self.clauses.len());
        self.clauses.get(start..end).unwrap_or(&[])
    }

    /// All clauses, in no order.
    pub fn clauses(&self) -> impl Iterator<Item = Caught> + '_ {
        self.clauses.iter().map(ClauseRow::caught)
    }

    /// Bytes of memory.
    pub fn size(&self) -> usize {
        self.rows.size() + self.clauses.size() + self.calls.size()
    }
}

impl ClauseRow {
    fn caught(&self) -> Caught {
        let tag = self.tag & !KEEPS;
        Caught {
            tag: (tag != Clause::ALL & !KEEPS).then_some(tag),
            landing: self.landing,
            keeps: self.tag & KEEPS != 0,
        }
    }
}
