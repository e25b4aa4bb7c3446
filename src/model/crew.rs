//! Work that can be done side by side.

/// Hands that work beside each other. The model knows what does not depend on each other; whoever steps it knows on how
/// many threads that is done. No result depends on it.
pub trait Crew: Sync {
    /// Does both, at once or one after the other.
    fn join<A: Send, B: Send>(&self, a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B);

    /// Does `work` on all of `all` in shares of `together` (the last is what remains), each with the number of its first;
    /// numbers begin with `first`.
    fn share_out<T: Send>(
        &self,
        first: usize,
        all: &mut [T],
        together: usize,
        work: &(impl Fn(usize, &mut [T]) + Sync),
    ) {
        self.sum_up(first, all, together, work, &|(), ()| ());
    }

    /// The same where something comes of each share: `sum` joins it, in a tree that depends on the number of shares alone.
    fn sum_up<T: Send, R: Send>(
        &self,
        first: usize,
        all: &mut [T],
        together: usize,
        work: &(impl Fn(usize, &mut [T]) -> R + Sync),
        sum: &(impl Fn(R, R) -> R + Sync),
    ) -> R {
        if all.len() <= together {
            return work(first, all);
        }
        let middle = all.len().div_ceil(together) / 2 * together;
        let (here, there) = all.split_at_mut(middle);
        let (a, b) = self.join(
            || self.sum_up(first, here, together, work, sum),
            || self.sum_up(first + middle, there, together, work, sum),
        );
        sum(a, b)
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
            let add = |first: usize, own: &mut [usize]| {
                own.iter_mut().enumerate().for_each(|(index, number)| *number += first + index);
                vec![own.len()]
            };
            let shares = Alone.sum_up(7, &mut all, 4, &add, &|a, b| [a, b].concat());
            assert_eq!(all, (7..7 + len).collect::<Vec<_>>());
            let (last, others) = shares.split_last().expect("there is a share even of nothing");
            assert!(others.iter().all(|&share| share == 4) && *last <= 4, "{shares:?}");
        }
    }
}
