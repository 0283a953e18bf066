//! Tables, references, and the bulk operators of tables and memories.

use super::read::{self, Ip};
use super::value::Val;
use super::{Func, imm, tri};
use crate::env::{Disabled, TableDesc};
use crate::masm::{Cond, Load, Masm, Store, Width};
use crate::op::{self, Op, Operand, fc};
use crate::ty::{Class, Ty};
use crate::vmctx::Builtin;

/// A bulk operator decoded: what to call with which indices.
#[derive(Copy, Clone)]
pub(super) struct Bulk {
    builtin: Builtin,
    indices: [u32; 2],
    index_count: usize,
    /// The type of the table's elements, where that matters ([`Operand::NAMED`]).
    pub(super) elem: Ty,
}

impl<M: Masm> Func<'_, M> {
    pub(super) fn table_index(&mut self, ip: &mut Ip) -> Option<(u32, TableDesc)> {
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
        let addr = self.m.table_element(index.gpr(), self.env.layout.table(table));
        self.m.load(Load::I64, index.register(), addr);
        self.push(index.retype(desc.elem));
        ip
    }

    pub(super) fn table_set(&mut self, mut ip: Ip) -> Ip {
        let (table, desc) = tri!(self, self.table_index(&mut ip));
        let v = tri!(self, self.pop(desc.elem));
        let index = tri!(self, self.pop(Ty::I32));
        let index = self.in_reg(index);
        let v = self.in_reg(v);
        let addr = self.m.table_element(index.gpr(), self.env.layout.table(table));
        self.m.store(Store::B64, v.register(), addr);
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
        self.flags_set();
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

    /// Reads and checks the immediates of a bulk operator.
    pub(super) fn decode_bulk(&mut self, op: &Op, ip: &mut Ip) -> Option<Bulk> {
        let env = self.env;
        if env.disabled.has(op.feature.switch()?) {
            return None;
        }
        let one = |builtin, index, elem| Bulk { builtin, indices: [index, 0], index_count: 1, elem };
        let two = |builtin, indices| Bulk { builtin, indices, index_count: 2, elem: Ty::UNKNOWN };
        Some(match op.code {
            fc::MEMORY_INIT => {
                let data = self.index_below(ip, env.data_count? as usize)?;
                two(Builtin::MemoryInit, [self.index_below(ip, env.memories.len())?, data])
            }
            fc::DATA_DROP => one(Builtin::DataDrop, self.index_below(ip, env.data_count? as usize)?, Ty::UNKNOWN),
            fc::MEMORY_COPY => {
                let dst = self.index_below(ip, env.memories.len())?;
                two(Builtin::MemoryCopy, [dst, self.index_below(ip, env.memories.len())?])
            }
            fc::MEMORY_FILL => one(Builtin::MemoryFill, self.index_below(ip, env.memories.len())?, Ty::UNKNOWN),
            fc::TABLE_INIT => {
                let elem = self.index_below(ip, env.elems.len())?;
                let table = self.index_below(ip, env.tables.len())?;
                if !env.fits(env.elems[elem as usize], env.tables[table as usize].elem) {
                    return None;
                }
                two(Builtin::TableInit, [table, elem])
            }
            fc::ELEM_DROP => one(Builtin::ElemDrop, self.index_below(ip, env.elems.len())?, Ty::UNKNOWN),
            fc::TABLE_COPY => {
                let dst = self.index_below(ip, env.tables.len())?;
                let src = self.index_below(ip, env.tables.len())?;
                if !env.fits(env.tables[src as usize].elem, env.tables[dst as usize].elem) {
                    return None;
                }
                two(Builtin::TableCopy, [dst, src])
            }
            fc::TABLE_GROW => {
                let (table, desc) = self.table_index(ip)?;
                one(Builtin::TableGrow, table, desc.elem)
            }
            fc::TABLE_FILL => {
                let (table, desc) = self.table_index(ip)?;
                one(Builtin::TableFill, table, desc.elem)
            }
            _ => return None,
        })
    }

    /// The operators after the prefix 0xfc that are not numeric.
    pub(super) fn bulk(&mut self, code: u32, mut ip: Ip) -> Ip {
        if code == fc::TABLE_SIZE {
            let (table, _) = tri!(self, self.table_index(&mut ip));
            let reg = self.alloc(Class::Int).gpr();
            self.m.table_size(reg, self.env.layout.table(table));
            self.push(Val::reg(Ty::I32, reg));
            return ip;
        }
        let op = tri!(self, op::prefixed(op::PREFIX_FC, code));
        let bulk = tri!(self, self.decode_bulk(op, &mut ip));
        let mut operands = [Ty::UNKNOWN; 3];
        let mut count = 0;
        for operand in op.sig.operands() {
            operands[2 - count] = self.ty_of(operand, bulk.elem);
            count += 1;
        }
        if !self.check_top(&operands[3 - count..]) {
            return self.fail();
        }
        let result = op.sig.results().next().map(|result| self.ty_of(result, bulk.elem));
        self.call_builtin(bulk.builtin, &bulk.indices[..bulk.index_count], count, result);
        ip
    }

    /// The type of an operand or result, if `named` is what the immediates name. Memories and tables have 32-bit
    /// indices.
    #[inline(always)]
    pub(super) fn ty_of(&self, operand: Operand, named: Ty) -> Ty {
        match operand {
            Operand::ADDRESS | Operand::INDEX => Ty::I32,
            Operand::NAMED => named,
            _ => operand.fixed().unwrap_or(Ty::UNKNOWN),
        }
    }
}
