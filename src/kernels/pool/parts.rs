//! A slice whose parts are written by different threads.

use std::marker::PhantomData;

/// A slice in parts that different threads write to.
pub(super) struct Parts<'a, T> {
    at: *mut T,
    len: usize,
    part: usize,
    of: PhantomData<&'a mut [T]>,
}

// SAFETY: the parts do not overlap, and `part` asks its callers to take each
// one once; this is as if each part was sent to its thread.
unsafe impl<T: Send> Sync for Parts<'_, T> {}

impl<'a, T> Parts<'a, T> {
    pub fn new(all: &'a mut [T], part: usize) -> Self {
        Parts {
            at: all.as_mut_ptr(),
            len: all.len(),
            part,
            of: PhantomData,
        }
    }

    /// # Safety
    /// No part may be asked for twice.
    #[expect(clippy::mut_from_ref, reason = "each part has one owner, see above")]
    pub unsafe fn part(&self, index: usize) -> &mut [T] {
        let start = index.saturating_mul(self.part).min(self.len);
        let len = self.part.min(self.len - start);
        // SAFETY: the range lies in the slice, whose borrow `self` holds, and
        // it overlaps with no other part.
        unsafe { std::slice::from_raw_parts_mut(self.at.add(start), len) }
    }
}
