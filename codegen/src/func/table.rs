//! Tables, references, and the bulk operators of tables and memories.

use super::read::{self, Ip};
use super::value::Val;
use super::{Func, imm, tri};
use crate::env::{Disabled, TableDesc};
use crate::masm::{Cond, Load, Masm, Store, Width};
use crate::ty::Ty;
use crate::vmctx::Builtin;

/// The operands of a bulk operator.
#[derive(Copy, Clone)]
pub(super) struct Takes {
    pub(super) types: [Ty; 3],
    pub(super) len: usize,
}

/// A bulk operator decoded: what to call with which indices.
#[derive(Copy, Clone)]
struct Bulk {
    builtin: Builtin,
    indices: [u32; 2],
    index_count: usize,
    takes: Takes,
    gives: bool,
}

const THREE_INTS: Takes = Takes { types: [Ty::I32; 3], len: 3 };
const NOTHING: Takes = Takes { types: [Ty::I32; 3], len: 0 };
const TABLE_SIZE: u32 = 16;

impl<M: Masm> Func<'_, M> {
    /// Reads a table index and gives the table.
    pub(super) fn table_at(&mut self, ip: &mut Ip) -> Option<TableDesc> {
        self.table_index(ip).map(|(_, table)| table)
    }

    fn table_index(&mut self, ip: &mut Ip) -> Option<(u32, TableDesc)> {
        if self.env.disabled.has(Disabled::REFERENCE_TYPES) {
            return None;
        }
        let index = self.index_below(ip, self.env.tables.len())?;
        Some((index, self.env.tables[index as usize]))
    }

    /// Reads an index that must be less than `len`.
    pub(super) fn index_below(&mut self, ip: &mut Ip, len: usize) -> Option<u32> {
        // SAFETY: `ip` is in the body or its padding.
        let (index, next) = unsafe { read::leb_u32(*ip) }?;
        *ip = next;
        ((index as usize) < len).then_some(index)
    }

    /// Reads the heap type of `ref.null` and gives the type of the reference.
    pub(super) fn heap_type(&mut self, ip: Ip) -> Option<(Ty, Ip)> {
        let (ty, next) = self.value_type(ip)?;
        (ty.is_ref() && next == ip.wrapping_add(1)).then_some((ty, next))
    }

    /// Whether `ref.func func` may stand in a body.
    pub(super) fn ref_func_allowed(&self, func: u32) -> bool {
        (func as usize) < self.env.funcs.len()
            && self.env.is_declared(func)
            && !self.env.disabled.has(Disabled::REFERENCE_TYPES)
    }

    pub(super) fn table_get(&mut self, mut ip: Ip) -> Ip {
        let (table, desc) = tri!(self, self.table_index(&mut ip));
        let index = tri!(self, self.pop(Ty::I32));
        let index = self.in_temp(index);
        let at = self.here();
        let addr = self.m.table_element(index.num(), self.env.layout.table(table), &mut self.s.traps, at);
        self.m.load(Load::I64, index.num(), addr);
        self.push(index.retype(desc.elem));
        ip
    }

    pub(super) fn table_set(&mut self, mut ip: Ip) -> Ip {
        let (table, desc) = tri!(self, self.table_index(&mut ip));
        let v = tri!(self, self.pop(desc.elem));
        let index = tri!(self, self.pop(Ty::I32));
        let index = self.in_reg(index);
        let v = self.in_reg(v);
        let at = self.here();
        let addr = self.m.table_element(index.num(), self.env.layout.table(table), &mut self.s.traps, at);
        self.m.store(Store::B64, v.num(), addr);
        self.release(v);
        self.release(index);
        ip
    }

    pub(super) fn ref_is_null(&mut self, ip: Ip) -> Ip {
        let v = tri!(self, self.pop_any());
        if !v.ty().is_ref() {
            return self.fail();
        }
        let v = self.not_const(v);
        self.m.cmp_imm(Width::W64, v.loc(), 0);
        self.release(v);
        self.use_flags(Cond::Eq, ip)
    }

    pub(super) fn ref_func(&mut self, mut ip: Ip) -> Ip {
        let func = imm!(self, leb_u32, ip);
        if !self.ref_func_allowed(func) {
            return self.fail();
        }
        self.call_builtin(Builtin::RefFunc, &[func], 0, Some(Ty::FUNCREF));
        ip
    }

    /// Decodes a bulk operator but `table.size`.
    fn decode_bulk(&mut self, op: u32, ip: &mut Ip) -> Option<Bulk> {
        let env = self.env;
        let needed = if op >= 15 { Disabled::REFERENCE_TYPES } else { Disabled::BULK_MEMORY };
        if env.disabled.has(needed) {
            return None;
        }
        let mut bulk =
            Bulk { builtin: Builtin::MemoryCopy, indices: [0; 2], index_count: 2, takes: THREE_INTS, gives: false };
        match op {
            8 => {
                let data = self.index_below(ip, env.data_count? as usize)?;
                bulk.builtin = Builtin::MemoryInit;
                bulk.indices = [self.index_below(ip, env.memories.len())?, data];
            }
            9 => {
                bulk.builtin = Builtin::DataDrop;
                bulk.indices[0] = self.index_below(ip, env.data_count? as usize)?;
                (bulk.index_count, bulk.takes) = (1, NOTHING);
            }
            10 => {
                let dst = self.index_below(ip, env.memories.len())?;
                bulk.indices = [dst, self.index_below(ip, env.memories.len())?];
            }
            11 => {
                bulk.builtin = Builtin::MemoryFill;
                bulk.indices[0] = self.index_below(ip, env.memories.len())?;
                bulk.index_count = 1;
            }
            12 => {
                let elem = self.index_below(ip, env.elems.len())?;
                let table = self.index_below(ip, env.tables.len())?;
                if env.elems[elem as usize] != env.tables[table as usize].elem {
                    return None;
                }
                bulk.builtin = Builtin::TableInit;
                bulk.indices = [table, elem];
            }
            13 => {
                bulk.builtin = Builtin::ElemDrop;
                bulk.indices[0] = self.index_below(ip, env.elems.len())?;
                (bulk.index_count, bulk.takes) = (1, NOTHING);
            }
            14 => {
                let dst = self.index_below(ip, env.tables.len())?;
                let src = self.index_below(ip, env.tables.len())?;
                if env.tables[dst as usize].elem != env.tables[src as usize].elem {
                    return None;
                }
                bulk.builtin = Builtin::TableCopy;
                bulk.indices = [dst, src];
            }
            15 => {
                let (table, desc) = self.table_index(ip)?;
                bulk.builtin = Builtin::TableGrow;
                (bulk.indices[0], bulk.index_count) = (table, 1);
                bulk.takes = Takes { types: [desc.elem, Ty::I32, Ty::I32], len: 2 };
                bulk.gives = true;
            }
            17 => {
                let (table, desc) = self.table_index(ip)?;
                bulk.builtin = Builtin::TableFill;
                (bulk.indices[0], bulk.index_count) = (table, 1);
                bulk.takes = Takes { types: [Ty::I32, desc.elem, Ty::I32], len: 3 };
            }
            _ => return None,
        }
        Some(bulk)
    }

    /// What a bulk operator takes and whether it gives an i32, for validation alone.
    pub(super) fn bulk_operator(&mut self, op: u32, mut ip: Ip) -> Option<(Takes, bool, Ip)> {
        if op == TABLE_SIZE {
            self.table_index(&mut ip)?;
            return Some((NOTHING, true, ip));
        }
        let bulk = self.decode_bulk(op, &mut ip)?;
        Some((bulk.takes, bulk.gives, ip))
    }

    /// The operators after the prefix 0xfc that are not numeric.
    pub(super) fn bulk(&mut self, op: u32, mut ip: Ip) -> Ip {
        if op == TABLE_SIZE {
            let (table, _) = tri!(self, self.table_index(&mut ip));
            let reg = self.alloc();
            self.m.table_size(reg, self.env.layout.table(table));
            self.push(Val::reg(Ty::I32, reg));
            return ip;
        }
        let bulk = tri!(self, self.decode_bulk(op, &mut ip));
        if !self.check_top(&bulk.takes.types[..bulk.takes.len]) {
            return self.fail();
        }
        let result = bulk.gives.then_some(Ty::I32);
        self.call_builtin(bulk.builtin, &bulk.indices[..bulk.index_count], bulk.takes.len, result);
        ip
    }
}
