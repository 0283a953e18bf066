//! Which operators places in machine code belong to, packed: a byte and a half for most, instead of eight.
//!
//! Sites are kept as their distances from the one before, `c` in the code, in units of its instructions, and `w` in the
//! module, which has a sign. Lowest bits first:
//!
//! ```text
//!    r (4), w - 3 (4)                one byte, where r, which is c less what Form expects for w, is below 14
//!    15 (4), w (6), c (6)            two bytes
//!    14 (4), w + 256 (9), c (11)     three bytes; c is not 2047
//!    FAR (24), c (32), w (32)        eleven bytes
//! ```
//!
//! Every 128th site is a [`Mark`] of its own, from which a search goes on. What most are packed to stands in a table,
//! since packing happens while modules are compiled.

use super::Table;
use headwater_codegen::record::Site;
use headwater_codegen::target::Isa;

/// So many sites follow a mark, with it.
const EACH: usize = 128;

/// The bits of a distance of three bytes that stand for one that is further.
const FAR: u32 = 0xff_fffe;

/// The least `w` in one byte.
const FIRST: u32 = 3;

/// What machine code of one kind is expected to be like. Chosen by what the corpus packs to.
#[derive(Debug)]
pub(crate) struct Form {
    /// Instructions begin at multiples of this power of two.
    unit: u32,
    /// One more of code for so many bytes of the module, a power of two …
    slope: u32,
    /// … less this, is the least that one byte has room for.
    bias: u32,
    /// What distances below [`SHORT`] are packed to, by `w` and `c`.
    short: &'static [u16; (SHORT * SHORT) as usize],
}

/// In two bytes, `c` and `w` are less than this.
const SHORT: u32 = 64;

static X64: Form = Form { unit: 0, slope: 0, bias: 4, short: &const { short(0, 4) } };
static AARCH64: Form = Form { unit: 2, slope: 2, bias: 3, short: &const { short(2, 3) } };

/// See [`Form::short`].
const fn short(slope: u32, bias: u32) -> [u16; (SHORT * SHORT) as usize] {
    let mut short = [0; (SHORT * SHORT) as usize];
    let mut key = 0;
    while key < SHORT * SHORT {
        let (c, w) = (key % SHORT, key / SHORT);
        let rest = (c + bias).wrapping_sub(w >> slope);
        let (one, two) = ((w.wrapping_sub(FIRST) << 4 | rest) as u16, (c << 10 | w << 4 | 15) as u16);
        short[key as usize] = if w.wrapping_sub(FIRST) < 16 && rest < 14 { one } else { two };
        key += 1;
    }
    short
}

impl Form {
    /// Of `isa`'s code.
    pub fn of(isa: Isa) -> &'static Form {
        match isa {
            Isa::X64 => &X64,
            Isa::Aarch64 => &AARCH64,
        }
    }

    /// Packs the distances of sites from those before them.
    #[inline]
    fn pack(&self, sites: &[Site], packed: &mut Vec<u8>) {
        match self.unit {
            0 => self.pack_units::<0>(sites, packed),
            _ => self.pack_units::<2>(sites, packed),
        }
    }

    /// The same; `UNIT` is `self.unit`.
    #[inline(always)]
    fn pack_units<const UNIT: u32>(&self, sites: &[Site], packed: &mut Vec<u8>) {
        debug_assert_eq!(UNIT, self.unit);
        // Both offsets of a site: the distance between two is their difference, as the code's never decreases.
        let both = |site: Site| u64::from(site.wasm) << 32 | u64::from(site.code >> UNIT);
        packed.reserve(LONGEST * EACH);
        let mut end = packed.len();
        let mut before = both(sites[0]);
        for &site in &sites[1..] {
            let both = both(site);
            let distance = both.wrapping_sub(before);
            before = both;
            debug_assert!(end + LONGEST <= packed.capacity());
            // SAFETY: this much is reserved for each of the `EACH` sites there are at most.
            let to = unsafe { packed.as_mut_ptr().add(end) };
            if distance & LONG == 0 {
                let bits = self.short[(distance >> 26 | distance) as usize % self.short.len()];
                // SAFETY: as above.
                unsafe { to.cast::<[u8; 2]>().write(bits.to_le_bytes()) };
                end += if bits & 15 == 15 { 2 } else { 1 };
            } else {
                // SAFETY: as above.
                end += unsafe { pack_long(distance as u32, (distance >> 32) as u32, to) };
            }
        }
        // SAFETY: up to here everything was written.
        unsafe { packed.set_len(end) };
    }
}

/// The bits of a distance that are zero if both parts of it are below [`SHORT`].
const LONG: u64 = !((SHORT as u64 - 1) << 32 | (SHORT as u64 - 1));

/// The most bytes that a distance takes.
const LONGEST: usize = 11;

/// Packs a distance in three bytes or in eleven; returns how many.
///
/// # Safety
/// There must be room for [`LONGEST`].
#[cold]
#[inline(never)]
unsafe fn pack_long(c: u32, w: u32, to: *mut u8) -> usize {
    let signed = w.wrapping_add(256);
    // SAFETY: guaranteed by the caller.
    unsafe {
        if c < 2047 && signed < 512 {
            to.cast::<[u8; 4]>().write((c << 13 | signed << 4 | 14).to_le_bytes());
            return 3;
        }
        to.cast::<[u8; 4]>().write(FAR.to_le_bytes());
        to.add(3).cast::<[u8; 4]>().write(c.to_le_bytes());
        to.add(7).cast::<[u8; 4]>().write(w.to_le_bytes());
    }
    LONGEST
}

/// The first of these distances and what follows it; `None` if they end.
fn unpack<'a>(form: &Form, packed: &'a [u8]) -> Option<(u32, u32, &'a [u8])> {
    let (&first, rest) = packed.split_first()?;
    let first = u32::from(first);
    if first & 15 < 14 {
        let w = (first >> 4) + FIRST;
        return Some(((first & 15).wrapping_add(w >> form.slope).wrapping_sub(form.bias), w, rest));
    }
    let (&second, rest) = rest.split_first()?;
    let bits = first | u32::from(second) << 8;
    if first & 15 == 15 {
        return Some((bits >> 10, bits >> 4 & 63, rest));
    }
    let (&third, rest) = rest.split_first()?;
    let bits = bits | u32::from(third) << 16;
    if bits != FAR {
        return Some((bits >> 13, (bits >> 4 & 511).wrapping_sub(256), rest));
    }
    let (far, rest) = rest.split_first_chunk::<8>()?;
    let far = u64::from_le_bytes(*far);
    Some((far as u32, (far >> 32) as u32, rest))
}

/// A site, and where those that follow it are.
#[derive(Copy, Clone, Debug)]
#[repr(C)]
pub(crate) struct Mark {
    pub site: Site,
    pub at: u32,
}

/// Sites, by ascending places in the code: by their instructions, where these are of one size.
#[derive(Debug)]
pub(crate) struct Sites {
    pub form: &'static Form,
    pub marks: Table<Mark>,
    pub packed: Table<u8>,
}

impl Sites {
    /// Packs `sites`, which are sorted by code.
    pub fn new(form: &'static Form, sites: &[Site]) -> Sites {
        debug_assert!(sites.is_sorted_by_key(|site| site.code));
        if sites.is_empty() {
            return Sites { form, marks: Table::Own(Vec::new()), packed: Table::Own(Vec::new()) };
        }
        let mut marks = Vec::with_capacity(sites.len().div_ceil(EACH));
        let mut packed = Vec::with_capacity(sites.len() + sites.len() / 2 + LONGEST * EACH);
        for sites in sites.chunks(EACH) {
            let first = Site { code: sites[0].code >> form.unit << form.unit, ..sites[0] };
            marks.push(Mark { site: first, at: packed.len() as u32 });
            form.pack(sites, &mut packed);
        }
        packed.shrink_to_fit();
        Sites { form, marks: Table::Own(marks), packed: Table::Own(packed) }
    }

    /// The sites from a mark on, up to the next one.
    fn after_mark(&self, i: usize) -> impl Iterator<Item = Site> + '_ {
        let mark = self.marks[i];
        let end = self.marks.get(i + 1).map_or(self.packed.len(), |next| next.at as usize);
        // Whatever a damaged file says, nothing else is read.
        let mut rest = self.packed.get(mark.at as usize..end).unwrap_or(&[]);
        let mut site = mark.site;
        let mut first = true;
        std::iter::from_fn(move || {
            if std::mem::take(&mut first) {
                return Some(site);
            }
            let (code, wasm, after) = unpack(self.form, rest)?;
            rest = after;
            site.code = site.code.wrapping_add(code << self.form.unit);
            site.wasm = site.wasm.wrapping_add(wasm);
            Some(site)
        })
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Site> + '_ {
        (0..self.marks.len()).flat_map(|i| self.after_mark(i))
    }

    /// The first one at or after the instruction at `code`, if there is one. May be called from a signal handler.
    pub fn from(&self, code: u32) -> Option<Site> {
        let code = code >> self.form.unit << self.form.unit;
        let next = self.marks.partition_point(|mark| mark.site.code <= code);
        let before = next.checked_sub(1).and_then(|i| self.after_mark(i).find(|site| site.code >= code));
        before.or_else(|| self.marks.get(next).map(|mark| mark.site))
    }

    /// Bytes of memory.
    pub fn size(&self) -> usize {
        self.marks.size() + self.packed.size()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_what_was_packed() {
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = |below: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random >> 20) % below
        };
        let forms = [Isa::X64, Isa::Aarch64].map(Form::of);
        for (form, n) in forms.into_iter().flat_map(|form| [0, 1, 2, 127, 128, 129, 256, 2000].map(|n| (form, n))) {
            let mut site = Site { code: 4000, wasm: 70 };
            let mut sites = Vec::new();
            for _ in 0..n {
                let (code, wasm) = match next(24) {
                    0 => (next(1 << 20), next(1 << 18) as i64 - (1 << 17)),
                    5 => (next(9000), next(1 << 16) as i64 - (1 << 15)),
                    1 => (next(70), next(300) as i64 - 150),
                    2 => ((62 + next(3)) << form.unit, 62 + next(3) as i64),
                    3 => (13 + next(8), 1 + next(19) as i64),
                    4 => ((2045 + next(4)) << form.unit, 254 + next(3) as i64),
                    6 => (next(2000), next(4) as i64 - 258),
                    _ => {
                        let wasm = 3 + next(10);
                        (wasm + next(10), wasm as i64)
                    }
                };
                site.code += code as u32;
                site.wasm = site.wasm.wrapping_add(wasm as u32);
                sites.push(site);
            }
            let packed = Sites::new(form, &sites);
            for site in &mut sites {
                site.code = site.code >> form.unit << form.unit;
            }
            assert_eq!(packed.iter().collect::<Vec<_>>(), sites);
            for (i, site) in sites.iter().enumerate() {
                // Where two are at the same place, the first one counts.
                let first = sites[..i].iter().find(|other| other.code == site.code).unwrap_or(site);
                assert_eq!(packed.from(site.code), Some(*first));
                for other in [0, site.code - 1, site.code + 1] {
                    let instruction = other >> form.unit << form.unit;
                    let known = sites.iter().find(|site| site.code >= instruction).copied();
                    assert_eq!(packed.from(other), known);
                }
            }
            if n == 2000 {
                assert!(packed.size() < 9000, "{} bytes", packed.size());
            }
        }
    }

    #[test]
    fn a_damaged_table_is_read_without_harm() {
        let sites: Vec<_> = (0..300).map(|i| Site { code: 5 * i * i, wasm: 3 * i }).collect();
        let packed = Sites::new(Form::of(Isa::X64), &sites);
        for cut in 0..packed.packed.len() {
            let damaged = Sites {
                form: packed.form,
                marks: Table::Own(packed.marks.to_vec()),
                packed: Table::Own(packed.packed[..cut].iter().map(|byte| !byte).collect()),
            };
            assert!(damaged.iter().count() <= damaged.marks.len() + cut);
            damaged.from(70_000);
        }
    }
}
