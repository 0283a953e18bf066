//! What is known about machine code, as it is kept: in memory of its own, or in a file that is mapped.

use super::sites::Sites;
use headwater_codegen::Records;
use headwater_codegen::record::{Clause, FuncRecord, HandledCall, Handler, RefSite, RefSlots, Site};
use std::ops::{Deref, Range};

/// Rows of a table.
#[derive(Debug)]
pub(crate) enum Table<T: 'static> {
    Own(Vec<T>),
    /// In a mapping that whoever has the table keeps.
    Lent(&'static [T]),
}

impl<T> Deref for Table<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match self {
            Table::Own(rows) => rows,
            Table::Lent(rows) => rows,
        }
    }
}

impl<T> Table<T> {
    /// Bytes of memory.
    pub fn size(&self) -> usize {
        match self {
            Table::Own(rows) => rows.capacity() * size_of::<T>(),
            Table::Lent(rows) => size_of_val(*rows),
        }
    }
}

/// The records of adjacent machine code, compiled together: [`Records`] whose calls are patched.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Where in the module's code.
    pub code: Range<u32>,
    /// In ascending order of the code.
    pub funcs: Table<FuncRecord>,
    pub sites: Sites,
    /// How many registers each of `funcs` saves: integer registers in the lower four bits, float registers above.
    pub pins: Table<u8>,
    /// Whether any of them saves a float register, thus has a local in it (`FLOAT_PINS`).
    pub pins_floats: bool,
    pub operators: Table<Site>,
    pub handlers: Vec<Handler>,
    pub clauses: Vec<Clause>,
    pub handled: Vec<HandledCall>,
    /// Where frames hold references to objects of the collector.
    pub ref_slots: Table<RefSlots>,
    pub ref_sites: Table<RefSite>,
}

impl Batch {
    /// What `records` say of the machine code at `code`, in tables of the exact size.
    pub fn new(code: Range<u32>, records: &Records) -> Batch {
        let Records { funcs, calls: _, sites, pins, handlers, clauses, handled, operators, ref_slots, ref_sites } =
            records;
        fn own<T: Copy>(rows: &[T]) -> Table<T> {
            Table::Own(rows.to_vec())
        }
        Batch {
            code,
            funcs: own(funcs),
            sites: Sites::new(sites),
            pins: own(pins),
            pins_floats: pins.iter().any(|pins| pins >> 4 > 0),
            operators: own(operators),
            handlers: handlers.clone(),
            clauses: clauses.clone(),
            handled: handled.clone(),
            ref_slots: own(ref_slots),
            ref_sites: own(ref_sites),
        }
    }

    /// The number of the handler around the call that returns to `code`, if there is one.
    pub fn handler(&self, code: u32) -> Option<u32> {
        let i = self.handled.binary_search_by_key(&code, |call| call.code).ok()?;
        Some(self.handled[i].handler)
    }

    /// Where the frame of the call that returns to `code` holds references: the displacement of the first slot and the
    /// number of slots, 8 bytes apart, downwards; several times.
    pub fn ref_slots(&self, code: u32) -> impl Iterator<Item = (i32, u32)> + '_ {
        let site = self.ref_sites.binary_search_by_key(&code, |site| site.code).ok();
        let mut next = site.map_or(0, |i| self.ref_sites[i].slots + 1);
        std::iter::from_fn(move || {
            let slots = self.ref_slots[next.checked_sub(1)? as usize];
            next = slots.outer;
            Some((slots.disp, slots.count))
        })
    }

    /// How many integer and float registers the function with the machine code at `code` saves.
    pub fn pins(&self, code: u32) -> Option<(usize, usize)> {
        let i = self.funcs.partition_point(|f| f.start <= code).checked_sub(1)?;
        let pins = *self.pins.get(i)?;
        Some((usize::from(pins & 15), usize::from(pins >> 4)))
    }

    /// The operator that the machine code at `code` belongs to: a place that may fault, or the last byte of a
    /// jump that traps (`TRAP_SITE`) or of a call.
    pub fn site(&self, code: u32) -> Option<Site> {
        self.sites.from(code)
    }

    /// The function that the machine code at `code` belongs to.
    pub fn func(&self, code: u32) -> Option<FuncRecord> {
        let i = self.funcs.partition_point(|f| f.start <= code).checked_sub(1)?;
        let f = self.funcs[i];
        (code - f.start <= f.len).then_some(f)
    }

    /// Bytes of memory.
    pub fn size(&self) -> usize {
        size_of::<Batch>()
            + self.funcs.size()
            + self.sites.size()
            + self.pins.size()
            + self.operators.size()
            + self.handlers.capacity() * size_of::<Handler>()
            + self.clauses.capacity() * size_of::<Clause>()
            + self.handled.capacity() * size_of::<HandledCall>()
            + self.ref_slots.size()
            + self.ref_sites.size()
    }
}
