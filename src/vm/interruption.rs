//! When code of a store is interrupted, and what it may use until then: deadlines and fuel.

use crate::Result;
use crate::engine::epoch::Deadline;
use crate::vm::deadline::UpdateDeadline;
use crate::vm::fiber;
use crate::vm::store::StoreOpaque;
use anyhow::bail;
use std::num::NonZeroU64;

impl StoreOpaque {
    /// Sets the deadline to `delta` epochs from now, if the engine interrupts at all.
    pub fn set_deadline(&mut self, delta: u64) {
        if self.engine.config().checks().interrupts {
            // SAFETY: the word lives as long as the store, which forgets the deadline when it is dropped.
            self.deadline = Some(unsafe { self.engine.epochs().set(self.interrupt_word(), self.deadline, delta) });
        }
    }

    /// The deadline, if the engine interrupts at all.
    pub fn deadline(&self) -> Option<Deadline> {
        self.deadline
    }

    /// What to do now that the deadline was reached; `None` if no callback is set.
    ///
    /// # Safety
    /// `store` must reach all of its store, which nothing else may be using.
    pub unsafe fn ask_at_deadline(store: *mut StoreOpaque) -> Option<Result<UpdateDeadline>> {
        // SAFETY: guaranteed by the caller.
        unsafe { ((*store).hooks.deadline)(store) }
    }

    /// The same for code that may wait: other tasks have run if that was asked for.
    ///
    /// # Safety
    /// `store` must reach all of its store, which nothing else may be using.
    pub unsafe fn deadline_reached(store: *mut StoreOpaque) -> Option<Result<UpdateDeadline>> {
        // SAFETY: guaranteed by the caller.
        let answer = unsafe { StoreOpaque::ask_at_deadline(store) };
        let waited = |delta, waited: Result<()>| Some(waited.map(|()| UpdateDeadline::Continue(delta)));
        match answer {
            Some(Ok(UpdateDeadline::Yield(delta))) => {
                // SAFETY: guaranteed by the caller.
                waited(delta, unsafe { fiber::yield_now(&raw mut (*store).fiber) })
            }
            Some(Ok(UpdateDeadline::YieldCustom(delta, future))) => {
                // SAFETY: guaranteed by the caller.
                waited(delta, unsafe { fiber::wait(&raw mut (*store).fiber, future) })
            }
            answer => answer,
        }
    }

    fn check_fuel_enabled(&self) -> Result<()> {
        if !self.engine.config().checks().fuel {
            bail!("fuel is not configured in this store");
        }
        Ok(())
    }

    pub fn set_fuel(&mut self, fuel: u64) -> Result<()> {
        self.check_fuel_enabled()?;
        let fuel = fuel.min(i64::MAX as u64);
        let now = self.fuel_interval.map_or(fuel, |interval| fuel.min(interval.get()));
        self.fuel_later = fuel - now;
        // SAFETY: the context lives as long as the store; compiled code does not run while it is borrowed.
        unsafe { (*self.vm.as_ptr()).fuel = now as i64 };
        Ok(())
    }

    /// Code is given so much fuel at once, and lets other tasks run in between.
    pub fn set_fuel_interval(&mut self, interval: Option<u64>) -> Result<()> {
        let fuel = self.get_fuel()?;
        self.fuel_interval = match interval.map(NonZeroU64::new) {
            Some(None) => bail!("an interval of no fuel"),
            Some(interval) => interval,
            None => None,
        };
        self.set_fuel(fuel)
    }

    /// What code used was more than it had: gives it more, if there is any. Returns whether that is enough.
    pub fn refuel(&mut self) -> bool {
        // SAFETY: the context lives as long as the store; compiled code waits.
        let fuel = unsafe { &mut (*self.vm.as_ptr()).fuel };
        while *fuel < 0 && self.fuel_later > 0 {
            let more = self.fuel_interval.map_or(u64::MAX, NonZeroU64::get).min(self.fuel_later);
            self.fuel_later -= more;
            *fuel += more as i64;
        }
        *fuel >= 0
    }

    pub fn get_fuel(&self) -> Result<u64> {
        self.check_fuel_enabled()?;
        // SAFETY: as above.
        Ok(unsafe { (*self.vm.as_ptr()).fuel }.max(0) as u64 + self.fuel_later)
    }
}
