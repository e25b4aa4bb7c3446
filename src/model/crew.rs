//! Work that can be done side by side.

/// Hands that work beside each other. The model knows what does not depend on each other; whoever steps it knows on how
/// many threads that is done. No result depends on it.
pub trait Crew: Sync {
    /// Does both, at once or one after the other.
    fn join<A: Send, B: Send>(&self, a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B);

    /// Does `work` on all of `all`, of which at most `together` are given to one pair of hands at a time, and each time the
    /// number of the first; numbers begin with `first`.
    fn share_out<T: Send>(
        &self,
        first: usize,
        all: &mut [T],
        together: usize,
        work: &(impl Fn(usize, &mut [T]) + Sync),
    ) {
        if all.len() <= together {
            return work(first, all);
        }
        let middle = all.len() / 2;
        let (here, there) = all.split_at_mut(middle);
        self.join(
            || self.share_out(first, here, together, work),
            || self.share_out(first + middle, there, together, work),
        );
    }
}

/// One pair of hands.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl Crew for Alone {
    fn join<A: Send, B: Send>(&self, a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
        (a(), b())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_out_is_done_once_and_by_its_number() {
        for len in [0, 1, 4, 5, 23] {
            let mut all = vec![0; len];
            Alone.share_out(7, &mut all, 4, &|first, own| {
                assert!(own.len() <= 4);
                own.iter_mut().enumerate().for_each(|(index, number)| *number += first + index);
            });
            assert_eq!(all, (7..7 + len).collect::<Vec<_>>());
        }
    }
}
