//! Fixed chunks and ordered reduction: the same bits on any number of threads, or without threads at all.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::simulation::{Cut, Model, Tally};

/// Visits the pieces between `bounds` and joins their tallies in a tree that depends on `bounds` alone.
pub(super) fn visit_all<M: Model>(
    world: &M::World,
    view: M::View<'_>,
    bounds: &[usize],
    day: u32,
) -> M::Tally {
    if bounds.len() < 2 {
        return M::Tally::default();
    }
    if bounds.len() == 2 {
        return M::visit(world, view, day);
    }
    let middle = bounds.len() / 2;
    let (left, right) = view.cut(bounds[middle] - bounds[0]);
    let (mut tally, next) = join(
        || visit_all::<M>(world, left, &bounds[..=middle], day),
        || visit_all::<M>(world, right, &bounds[middle..], day),
    );
    tally.join(next);
    tally
}

/// Does `work` on every piece between `bounds`.
pub(super) fn for_each_piece<V: Cut>(view: V, bounds: &[usize], work: &(impl Fn(V) + Sync)) {
    match bounds.len() {
        0 | 1 => {}
        2 => work(view),
        len => {
            let middle = len / 2;
            let (left, right) = view.cut(bounds[middle] - bounds[0]);
            join(
                || for_each_piece(left, &bounds[..=middle], work),
                || for_each_piece(right, &bounds[middle..], work),
            );
        }
    }
}

#[cfg(feature = "parallel")]
fn join<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}

#[cfg(not(feature = "parallel"))]
fn join<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    (a(), b())
}

/// Runs `work` with `threads` threads at its disposal (0: as many as the machine has) and hands on its result.
///
/// Without the `parallel` feature, or where the system refuses threads, the work is done on the caller's thread:
/// slower, with the same numbers.
pub fn run_with_threads<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    #[cfg(feature = "parallel")]
    {
        match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
            Ok(pool) => pool.install(work),
            Err(_) => work(),
        }
    }
    #[cfg(not(feature = "parallel"))]
    {
        let _ = threads;
        work()
    }
}

/// Does `count` independent jobs on `threads` threads (0: as many as the machine has), each job on one thread;
/// results in the order of the jobs.
///
/// At most `threads` jobs are under way at a time, so memory does not grow with `count`.
pub fn side_by_side<R: Send>(count: usize, threads: usize, work: impl Fn(usize) -> R + Sync) -> Vec<R> {
    let threads = if threads == 0 { available_threads() } else { threads }.min(count);
    if threads <= 1 || cfg!(not(feature = "parallel")) {
        return (0..count).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let worker = || {
            run_with_threads(1, || {
                let mut mine = Vec::new();
                loop {
                    let job = next.fetch_add(1, Ordering::Relaxed);
                    if job >= count {
                        return mine;
                    }
                    mine.push((job, work(job)));
                }
            })
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .flat_map(|w| w.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    done.sort_unstable_by_key(|(job, _)| *job);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Threads that the machine offers.
#[must_use]
pub fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
