//! What is known about machine code, as it is kept: in memory of its own, or in a file that is mapped.

use super::handlers::Handlers;
use super::sites::{Form, Sites};
use headwater_codegen::Records;
use headwater_codegen::record::{FuncRecord, RefSite, RefSlots, Site};
use headwater_codegen::target::Isa;
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

/// What is kept of a function, besides its entry.
#[derive(Copy, Clone, Debug)]
#[repr(C)]
pub(crate) struct FuncRow {
    /// How many registers it saves: integer registers in the lower four bits, float registers above.
    pub pins: u8,
    /// Bytes from the end of its code to the next function, or the batch's end; [`FuncRow::FAR`]: see [`Batch::gaps`].
    gap: u8,
}

impl FuncRow {
    const FAR: u8 = u8::MAX;
}

/// The records of adjacent machine code, compiled together: [`Records`] whose calls are patched. Functions are in the
/// order of their numbers, and so is their code; where they begin is known to [`Code`](super::Code).
#[derive(Debug)]
pub(crate) struct Batch {
    /// Where in the module's code.
    pub code: Range<u32>,
    /// The first of its functions, by number among those that the module defines.
    pub first: u32,
    pub funcs: Table<FuncRow>,
    /// Those that are long, by number in `funcs`, which is ascending.
    pub gaps: Vec<(u32, u32)>,
    /// The first one of each function is that of its body's first byte (`ENTRY_SITE`).
    pub sites: Sites,
    /// Whether any of them saves a float register, thus has a local in it (`FLOAT_PINS`).
    pub pins_floats: bool,
    pub operators: Table<Site>,
    pub handlers: Handlers,
    /// Where frames hold references to objects of the collector.
    pub ref_slots: Table<RefSlots>,
    pub ref_sites: Table<RefSite>,
}

impl Batch {
    /// What `records` say of the machine code at `code`, in tables of the exact size. `imported`: how many functions the
    /// module imports.
    pub fn new(code: Range<u32>, records: &Records, isa: Isa, imported: u32) -> Batch {
        let Records { funcs, sites, pins, operators, ref_slots, ref_sites, .. } = records;
        fn own<T: Copy>(rows: &[T]) -> Table<T> {
            Table::Own(rows.to_vec())
        }
        let sites = Sites::new(Form::of(isa), sites);
        debug_assert_entry_sites(funcs, &sites);
        let (mut rows, mut gaps) = (Vec::with_capacity(funcs.len()), Vec::new());
        for (i, (f, &pins)) in funcs.iter().zip(pins).enumerate() {
            let next = funcs.get(i + 1).map_or(code.end, |next| next.start);
            let gap = next - (f.start + f.len);
            let row = FuncRow { pins, gap: gap.try_into().unwrap_or(FuncRow::FAR) };
            if row.gap == FuncRow::FAR {
                gaps.push((i as u32, gap));
            }
            rows.push(row);
        }
        gaps.shrink_to_fit();
        Batch {
            code,
            first: funcs.first().map_or(0, |f| f.func - imported),
            funcs: Table::Own(rows),
            gaps,
            sites,
            pins_floats: pins.iter().any(|pins| pins >> 4 > 0),
            operators: own(operators),
            handlers: Handlers::new(records, isa),
            ref_slots: own(ref_slots),
            ref_sites: own(ref_sites),
        }
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

    /// How many integer and float registers function number `i` of the batch saves.
    pub fn pins(&self, i: usize) -> Option<(usize, usize)> {
        let pins = self.funcs.get(i)?.pins;
        Some((usize::from(pins & 15), usize::from(pins >> 4)))
    }

    /// Function number `i` of the batch, if functions begin at `starts`, and where its code ends.
    pub fn code_of(&self, i: usize, starts: &[u32]) -> Option<Range<u32>> {
        let next = starts.get(i + 1).unwrap_or(&self.code.end);
        let gap = match self.funcs.get(i)?.gap {
            FuncRow::FAR => self.gaps[self.gaps.binary_search_by_key(&(i as u32), |gap| gap.0).ok()?].1,
            gap => u32::from(gap),
        };
        Some(*starts.get(i)?..next.checked_sub(gap)?)
    }

    /// The operator that the machine code at `code` belongs to: a place that may fault, or the last byte of a
    /// jump that traps (`TRAP_SITE`) or of a call.
    pub fn site(&self, code: u32) -> Option<Site> {
        self.sites.from(code)
    }

    /// Bytes of memory.
    pub fn size(&self) -> usize {
        size_of::<Batch>()
            + self.funcs.size()
            + self.gaps.capacity() * size_of::<(u32, u32)>()
            + self.sites.size()
            + self.operators.size()
            + self.handlers.size()
            + self.ref_slots.size()
            + self.ref_sites.size()
    }
}

/// `ENTRY_SITE`, and that functions are in the order of their numbers.
fn debug_assert_entry_sites(funcs: &[FuncRecord], sites: &Sites) {
    if cfg!(debug_assertions) {
        for f in funcs {
            let site = sites.from(f.start);
            debug_assert!(site.is_some_and(|site| site.wasm == f.wasm), "ENTRY_SITE: {f:?} {site:?}");
        }
        for pair in funcs.windows(2) {
            debug_assert!(pair[1].func == pair[0].func + 1, "functions in another order: {pair:?}");
        }
    }
}
