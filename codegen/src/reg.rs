//! Registers of the machine, by class.
//!
//! A register is its number, 0 to 31, and nothing more at run time. The types keep integer registers where
//! integer registers belong: what takes a [`Gpr`] cannot be handed the number of a float register, or a number that is
//! something else. Code that treats both classes alike, such as the allocator, has [`Reg`], which says nothing about
//! its class: that follows from the type of the value, or from the kind of load or store, beside it.

/// An integer register.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Gpr(pub u8);

/// A float or vector register.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Fpr(pub u8);

/// A register whose class is that of the type or kind that stands beside it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Reg(pub u8);

impl Gpr {
    /// The registers with these numbers.
    pub const fn list<const N: usize>(numbers: [u8; N]) -> [Gpr; N] {
        let mut list = [Gpr(0); N];
        let mut i = 0;
        while i < N {
            list[i] = Gpr(numbers[i]);
            i += 1;
        }
        list
    }

    /// Its bit in a mask of integer registers.
    #[inline(always)]
    pub const fn bit(self) -> u32 {
        1 << self.0
    }
}

impl Fpr {
    /// The registers with these numbers.
    pub const fn list<const N: usize>(numbers: [u8; N]) -> [Fpr; N] {
        let mut list = [Fpr(0); N];
        let mut i = 0;
        while i < N {
            list[i] = Fpr(numbers[i]);
            i += 1;
        }
        list
    }

    /// Its bit in a mask of float registers.
    #[inline(always)]
    pub const fn bit(self) -> u32 {
        1 << self.0
    }
}

impl Reg {
    /// The lowest register in a mask that is not empty.
    #[inline(always)]
    pub const fn lowest(mask: u32) -> Reg {
        Reg(mask.trailing_zeros() as u8)
    }

    /// The highest register in a mask that is not empty.
    #[inline(always)]
    pub const fn highest(mask: u32) -> Reg {
        Reg(31 - mask.leading_zeros() as u8)
    }

    /// Its bit in a mask of registers of its class.
    #[inline(always)]
    pub const fn bit(self) -> u32 {
        1 << self.0
    }

    /// Its place in an array of 32, one for each register of its class.
    #[inline(always)]
    pub const fn index(self) -> usize {
        self.0 as usize & 31
    }

    /// The integer register; the caller knows that it is one.
    #[inline(always)]
    pub const fn gpr(self) -> Gpr {
        Gpr(self.0)
    }

    /// The float register; the caller knows that it is one.
    #[inline(always)]
    pub const fn fpr(self) -> Fpr {
        Fpr(self.0)
    }
}

impl From<Gpr> for Reg {
    #[inline(always)]
    fn from(reg: Gpr) -> Reg {
        Reg(reg.0)
    }
}

impl From<Fpr> for Reg {
    #[inline(always)]
    fn from(reg: Fpr) -> Reg {
        Reg(reg.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_keeps_its_number_from_class_to_class() {
        for n in 0..32u8 {
            assert_eq!(Reg::from(Gpr(n)).gpr(), Gpr(n));
            assert_eq!(Reg::from(Fpr(n)).fpr(), Fpr(n));
            assert_eq!((Gpr(n).bit(), Fpr(n).bit(), Reg(n).bit()), (1 << n, 1 << n, 1 << n));
            assert_eq!(Reg::lowest(Reg(n).bit() | 1 << 31), Reg(n));
            assert_eq!(Reg(n).index(), usize::from(n));
        }
        assert_eq!(Gpr::list([3, 12]), [Gpr(3), Gpr(12)]);
        assert_eq!(size_of::<Option<Gpr>>(), 2);
    }
}
