//! Which operators places in machine code belong to, packed: two bytes for most, instead of eight.
//!
//! Sites are kept as their distances from the one before, in units of 16 bits:
//!
//! ```text
//!    c (8), w (8)               code + c, wasm + w, which has a sign; not FAR
//!    FAR, c (32), w (32)        code + c, wasm + w
//! ```
//!
//! Every 64th site is a [`Mark`] of its own, from which a search goes on. That most sites are alike is what makes packing
//! fast: it happens while modules are compiled.

use super::Table;
use headwater_codegen::record::Site;

/// So many sites follow a mark, with it.
const EACH: usize = 64;

/// The first unit of a site that is far from the one before.
const FAR: u16 = 0x80ff;

/// The bits of a distance, and 128 in the upper half, that are zero if eight bits are enough for each half.
const NEAR: u64 = 0xffff_ff00_ffff_ff00;

/// Both offsets of a site: the distance between two is their difference, as the code's never decreases.
fn both(site: Site) -> u64 {
    u64::from(site.wasm) << 32 | u64::from(site.code)
}

/// Sites that are packed at a time, if none of them is far from the one before.
const PART: usize = 16;

/// Packs sites at these distances, at most [`PART`].
#[inline(always)]
fn pack(distances: &[u64], packed: &mut Vec<u16>) {
    let unit = |distance: u64| (distance | distance >> 24) as u16;
    let is_far = |distance: u64| distance.wrapping_add(128 << 32) & NEAR;
    // Without an early exit, so that several are looked at at a time.
    let (mut units, mut far, mut reserved) = ([0; PART], 0, 0);
    for (to, &distance) in units.iter_mut().zip(distances) {
        *to = unit(distance);
        far |= is_far(distance);
        reserved |= u16::from(*to == FAR);
    }
    if far == 0 && reserved == 0 {
        packed.extend_from_slice(&units[..distances.len()]);
        return;
    }
    for &distance in distances {
        if is_far(distance) == 0 && unit(distance) != FAR {
            packed.push(unit(distance));
        } else {
            packed.push(FAR);
            packed.extend([0, 16, 32, 48].map(|bit| (distance >> bit) as u16));
        }
    }
}

/// A site, and where those that follow it are.
#[derive(Copy, Clone, Debug)]
#[repr(C)]
pub(crate) struct Mark {
    pub site: Site,
    pub at: u32,
}

/// Sites, by ascending places in the code.
#[derive(Debug)]
pub(crate) struct Sites {
    pub marks: Table<Mark>,
    pub packed: Table<u16>,
}

impl Sites {
    /// Packs `sites`, which are sorted by code.
    pub fn new(sites: &[Site]) -> Sites {
        debug_assert!(sites.is_sorted_by_key(|site| site.code));
        let mut marks = Vec::with_capacity(sites.len().div_ceil(EACH));
        let mut packed = Vec::with_capacity(sites.len() + sites.len() / 8);
        for sites in sites.chunks(EACH) {
            marks.push(Mark { site: sites[0], at: packed.len() as u32 });
            let mut distances = [0; EACH];
            for (distance, (&before, &site)) in distances.iter_mut().zip(sites.iter().zip(&sites[1..])) {
                *distance = both(site).wrapping_sub(both(before));
            }
            for distances in distances[..sites.len() - 1].chunks(PART) {
                pack(distances, &mut packed);
            }
        }
        packed.shrink_to_fit();
        Sites { marks: Table::Own(marks), packed: Table::Own(packed) }
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
            let (&unit, after) = rest.split_first()?;
            rest = after;
            let (code, wasm) = if unit == FAR {
                let (far, after) = after.split_first_chunk::<4>()?;
                rest = after;
                let [code, code_high, wasm, wasm_high] = far.map(u32::from);
                (code_high << 16 | code, wasm_high << 16 | wasm)
            } else {
                (u32::from(unit & 0xff), i32::from(unit as i16 >> 8) as u32)
            };
            site.code = site.code.wrapping_add(code);
            site.wasm = site.wasm.wrapping_add(wasm);
            Some(site)
        })
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Site> + '_ {
        (0..self.marks.len()).flat_map(|i| self.after_mark(i))
    }

    /// The first one at or after `code`, if there is one. May be called from a signal handler.
    pub fn from(&self, code: u32) -> Option<Site> {
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
        for n in [0, 1, 2, 63, 64, 65, 128, 1000] {
            let mut site = Site { code: 4000, wasm: 70 };
            let mut sites = Vec::new();
            for _ in 0..n {
                let (code, wasm) = match next(8) {
                    0 => (next(1 << 20), next(1 << 18) as i64 - (1 << 17)),
                    5 => (next(9000), next(1 << 16) as i64 - (1 << 15)),
                    1 => (next(70), next(300) as i64 - 150),
                    2 => (62 + next(3), 127 + next(3) as i64),
                    3 => (15 + next(2), 7 + next(2) as i64),
                    _ => (1 + next(15), next(8) as i64),
                };
                site.code += code as u32;
                site.wasm = site.wasm.wrapping_add(wasm as u32);
                sites.push(site);
            }
            let packed = Sites::new(&sites);
            assert_eq!(packed.iter().collect::<Vec<_>>(), sites);
            for (i, site) in sites.iter().enumerate() {
                // Where two are at the same place, the first one counts.
                let first = sites[..i].iter().find(|other| other.code == site.code).unwrap_or(site);
                assert_eq!(packed.from(site.code), Some(*first));
                for other in [0, site.code - 1, site.code + 1] {
                    let known = sites.iter().find(|site| site.code >= other).copied();
                    assert_eq!(packed.from(other), known);
                }
            }
            if n == 1000 {
                assert!(packed.size() < 5500, "{} bytes", packed.size());
            }
        }
    }

    #[test]
    fn a_damaged_table_is_read_without_harm() {
        let sites: Vec<_> = (0..300).map(|i| Site { code: 5 * i * i, wasm: 3 * i }).collect();
        let packed = Sites::new(&sites);
        for cut in 0..packed.packed.len() {
            let damaged = Sites {
                marks: Table::Own(packed.marks.to_vec()),
                packed: Table::Own(packed.packed[..cut].iter().map(|unit| !unit).collect()),
            };
            assert!(damaged.iter().count() <= damaged.marks.len() + cut);
            damaged.from(70_000);
        }
    }
}
