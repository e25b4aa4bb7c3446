//! Fixed chunks and ordered reduction: the same bits on any number of threads, or without threads at all.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

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
pub(super) fn join<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}

#[cfg(not(feature = "parallel"))]
pub(super) fn join<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    (a(), b())
}

/// Threads that wait for work.
///
/// Without the `parallel` feature, or where the system refuses threads, the work is done on the caller's thread:
/// slower, with the same numbers.
#[derive(Debug)]
pub struct Workers {
    #[cfg(feature = "parallel")]
    pool: Option<rayon::ThreadPool>,
}

impl Workers {
    /// So many threads; 0: as many as the machine has.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        #[cfg(feature = "parallel")]
        return Self { pool: rayon::ThreadPoolBuilder::new().num_threads(threads).build().ok() };
        #[cfg(not(feature = "parallel"))]
        {
            let _ = threads;
            Self {}
        }
    }

    /// How many they are.
    #[must_use]
    pub fn threads(&self) -> usize {
        #[cfg(feature = "parallel")]
        if let Some(pool) = &self.pool {
            return pool.current_num_threads();
        }
        1
    }

    /// Runs `work` with these threads at its disposal and hands on its result.
    pub fn run<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        #[cfg(feature = "parallel")]
        if let Some(pool) = &self.pool {
            return pool.install(work);
        }
        work()
    }
}

/// Runs `work` with `threads` threads at its disposal (0: as many as the machine has), as [`Workers::run`] does.
pub fn run_with_threads<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    Workers::new(threads).run(work)
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

/// Does jobs `0..count` on `threads` threads (0: as many as the machine has), each job on one thread, and hands each
/// result to `take` in the order of the jobs, on the caller's thread, as soon as all before it have been taken.
///
/// No job begins that is `window` or more ahead of the next one to be taken, so that a slow job or a slow taker holds
/// up the others and at most `window` results exist at a time: memory does not grow with `count`.
pub fn in_order<R: Send>(
    count: usize,
    threads: usize,
    window: usize,
    work: impl Fn(usize) -> R + Sync,
    mut take: impl FnMut(usize, R),
) {
    let threads = if threads == 0 { available_threads() } else { threads }.min(count);
    if threads <= 1 || cfg!(not(feature = "parallel")) {
        return (0..count).for_each(|job| take(job, work(job)));
    }
    let queue = Queue { state: Mutex::new(Line::default()), moved: Condvar::new() };
    std::thread::scope(|scope| {
        // However taking ends, the workers must not wait for it for ever, nor it for a worker that has panicked.
        let _taker = Leaving(&queue);
        for _ in 0..threads {
            scope.spawn(|| {
                let _worker = Leaving(&queue);
                run_with_threads(1, || {
                    while let Some(job) = queue.next_job(count, window.max(1)) {
                        let result = work(job);
                        queue.lock().waiting.insert(job, result);
                        queue.moved.notify_all();
                    }
                });
            });
        }
        for job in 0..count {
            let Some(result) = queue.result_of(job) else { return };
            take(job, result);
            queue.lock().taken = job + 1;
            queue.moved.notify_all();
        }
    });
}

/// Jobs on their way from workers to the one who takes their results.
struct Queue<R> {
    state: Mutex<Line<R>>,
    moved: Condvar,
}

struct Line<R> {
    next: usize,
    taken: usize,
    waiting: BTreeMap<usize, R>,
    broken: bool,
}

impl<R> Default for Line<R> {
    fn default() -> Self {
        Self { next: 0, taken: 0, waiting: BTreeMap::new(), broken: false }
    }
}

impl<R> Queue<R> {
    fn lock(&self) -> MutexGuard<'_, Line<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job, once it is within the window; `None` if there is no more.
    fn next_job(&self, count: usize, window: usize) -> Option<usize> {
        let mut line = self.lock();
        loop {
            if line.broken || line.next >= count {
                return None;
            }
            if line.next < line.taken + window {
                line.next += 1;
                return Some(line.next - 1);
            }
            line = self.moved.wait(line).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The result of `job`, once it is there; `None` if a worker has panicked.
    fn result_of(&self, job: usize) -> Option<R> {
        let mut line = self.lock();
        loop {
            if let Some(result) = line.waiting.remove(&job) {
                return Some(result);
            }
            if line.broken {
                return None;
            }
            line = self.moved.wait(line).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Wakes everybody up when its owner leaves by a panic.
struct Leaving<'a, R>(&'a Queue<R>);

impl<R> Drop for Leaving<'_, R> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.lock().broken = true;
            self.0.moved.notify_all();
        }
    }
}

/// Threads that the machine offers.
#[must_use]
pub fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_no_job_begins_beyond_the_window() {
        for threads in [1, 2, 5] {
            let (taken, furthest) = (AtomicUsize::new(0), AtomicUsize::new(0));
            let mut seen = Vec::new();
            let work = |job: usize| {
                furthest.fetch_max(job - taken.load(Ordering::SeqCst).min(job), Ordering::SeqCst);
                if job.is_multiple_of(4) {
                    // The first of each four is the slowest, so that the others have to wait for it.
                    std::thread::sleep(std::time::Duration::from_millis(4));
                }
                job * job
            };
            in_order(23, threads, 3, work, |job, square| {
                seen.push((job, square));
                taken.store(job + 1, Ordering::SeqCst);
            });
            assert_eq!(seen, (0..23).map(|job| (job, job * job)).collect::<Vec<_>>(), "{threads} threads");
            assert!(furthest.load(Ordering::SeqCst) < 3, "{threads} threads: {furthest:?}");
        }
    }

    #[cfg(feature = "parallel")]
    #[test]
    #[should_panic(expected = "scoped thread panicked")]
    fn a_job_that_panics_ends_the_line() {
        in_order(8, 2, 4, |job| assert!(job != 3, "no third"), |_, ()| {});
    }
}
