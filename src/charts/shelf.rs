//! Courses of many replicates, kept out of the way until a figure asks for one of them.

use super::chart::ChartError;
use super::quantiles::{Band, bands};
use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Where the courses of the replicates wait: a file that nobody else reads, or memory.
pub trait Medium: Read + Write + Seek + Send {}

impl<T: Read + Write + Seek + Send> Medium for T {}

/// Numbers put one after another and read back from anywhere.
pub(super) struct Shelf(Mutex<Contents>);

/// Numbers that stay in memory: those of one replicate or a few, which are asked for most often.
const KEPT: usize = 1 << 23;

struct Contents {
    /// At most `room` numbers, with addresses below it; what does not fit goes to the medium.
    kept: Vec<f32>,
    room: usize,
    medium: Box<dyn Medium>,
    /// How many numbers the medium has.
    put: u64,
    /// The first thing that went wrong: from then on nothing but NaN is read.
    failure: Option<io::Error>,
}

impl Shelf {
    pub(super) fn new(medium: Box<dyn Medium>) -> Arc<Self> {
        Self::with_room(KEPT, medium)
    }

    fn with_room(room: usize, medium: Box<dyn Medium>) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Contents { kept: Vec::new(), room, medium, put: 0, failure: None })))
    }

    /// Puts numbers down; the address of the first.
    fn put(&self, numbers: &[f32]) -> u64 {
        let mut contents = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = contents.kept.len();
        if numbers.len() <= contents.room - kept {
            contents.kept.extend_from_slice(numbers);
            return kept as u64;
        }
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        let at = contents.put;
        contents.put += numbers.len() as u64;
        contents.attempt(|medium| {
            medium.seek(SeekFrom::Start(4 * at))?;
            medium.write_all(&bytes)
        });
        contents.room as u64 + at
    }

    /// The `count` numbers from an address on, all put down at once.
    fn get(&self, at: u64, count: usize) -> Vec<f32> {
        let mut contents = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(at) = at.checked_sub(contents.room as u64) else {
            return contents.kept[at as usize..][..count].to_vec();
        };
        let mut bytes = vec![0; 4 * count];
        contents.attempt(|medium| {
            medium.seek(SeekFrom::Start(4 * at))?;
            medium.read_exact(&mut bytes)
        });
        if contents.failure.is_some() {
            return vec![f32::NAN; count];
        }
        let numbers = bytes.as_chunks().0.iter();
        numbers.map(|number| f32::from_le_bytes(*number)).collect()
    }

    /// Whether everything was put down and read back.
    ///
    /// # Errors
    /// [`ChartError::Shelf`] with the first failure since somebody last asked.
    pub(super) fn check(&self) -> Result<(), ChartError> {
        let mut contents = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        contents.failure.take().map_or(Ok(()), |source| Err(ChartError::Shelf { source }))
    }
}

impl Contents {
    fn attempt(&mut self, what: impl FnOnce(&mut dyn Medium) -> io::Result<()>) {
        if self.failure.is_none()
            && let Err(error) = what(&mut *self.medium)
        {
            self.failure = Some(error);
        }
    }
}

/// Courses over the days, by replicate and by a key; of a replicate only its place on the shelf is in memory.
///
/// Seven digits are kept of a number, more than any figure shows.
#[derive(Clone)]
pub(super) struct Courses<K> {
    shelf: Arc<Shelf>,
    /// The days of any replicate, ascending.
    pub(super) days: Vec<i64>,
    /// What replicates are alike in.
    shapes: Vec<Shape<K>>,
    /// Shape and place of each replicate.
    replicates: Vec<(usize, u64)>,
}

/// Days and keys of a replicate.
#[derive(Clone)]
struct Shape<K> {
    days: Vec<i64>,
    keys: Vec<K>,
    /// Where each key stands.
    places: BTreeMap<K, usize>,
}

impl<K: Ord + Clone> Courses<K> {
    pub(super) fn new(shelf: &Arc<Shelf>) -> Self {
        Self { shelf: Arc::clone(shelf), days: Vec::new(), shapes: Vec::new(), replicates: Vec::new() }
    }

    /// How many replicates there are.
    pub(super) fn replicates(&self) -> usize {
        self.replicates.len()
    }

    /// Adds the replicate that follows: for each key the numbers of all its days.
    pub(super) fn push(&mut self, days: &[i64], keys: &[K], numbers: &[f32]) {
        let known = self.shapes.iter().position(|shape| shape.days == days && shape.keys == keys);
        let shape = known.unwrap_or_else(|| {
            self.days.extend(days);
            self.days.sort_unstable();
            self.days.dedup();
            let places = keys.iter().cloned().enumerate().map(|(index, key)| (key, index)).collect();
            self.shapes.push(Shape { days: days.to_vec(), keys: keys.to_vec(), places });
            self.shapes.len() - 1
        });
        self.replicates.push((shape, self.shelf.put(numbers)));
    }

    /// What `key` was in each replicate on each of the days; NaN where it was not recorded.
    pub(super) fn of(&self, key: &K) -> Vec<Vec<f64>> {
        // The days of a shape are some of ours: as many are the same.
        let on = |days: &[i64]| {
            if days.len() == self.days.len() {
                return (0..days.len()).collect();
            }
            days.iter().map(|day| self.days.partition_point(|d| d < day)).collect()
        };
        let find = |shape: &Shape<K>| Some((*shape.places.get(key)?, on(&shape.days)));
        let found: Vec<Option<(usize, Vec<usize>)>> = self.shapes.iter().map(find).collect();
        let of_replicate = |&(shape, at): &(usize, u64)| {
            let mut course = vec![f64::NAN; self.days.len()];
            if let Some((index, on)) = &found[shape] {
                let numbers = self.shelf.get(at + (index * on.len()) as u64, on.len());
                for (&day, number) in on.iter().zip(numbers) {
                    course[day] = f64::from(number);
                }
            }
            course
        };
        self.replicates.iter().map(of_replicate).collect()
    }

    /// Bands of `key` over the replicates.
    pub(super) fn bands(&self, key: &K) -> Vec<Band> {
        let courses = self.of(key);
        bands(&self.days, courses.len(), |replicate, day| courses[replicate][day])
    }

    /// Whether any replicate has `key`.
    pub(super) fn has(&self, key: &K) -> bool {
        self.shapes.iter().any(|shape| shape.places.contains_key(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// A disk that is full after so many bytes.
    struct Full(Cursor<Vec<u8>>, u64);

    impl Read for Full {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.0.read(into)
        }
    }

    impl Seek for Full {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0.position() + bytes.len() as u64 > self.1 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.0.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn courses_come_back_as_they_were_put_down() {
        // All in memory, some of them, and none.
        [KEPT, 3, 0].into_iter().for_each(come_back);
    }

    fn come_back(room: usize) {
        let shelf = Shelf::with_room(room, Box::new(Cursor::new(Vec::new())));
        let (mut one, mut other) = (Courses::new(&shelf), Courses::new(&shelf));
        one.push(&[0, 1], &["a", "b"], &[1.0, 2.0, 3.0, 4.0]);
        other.push(&[5], &["a"], &[9.0]);
        one.push(&[1, 2], &["b"], &[5.0, 6.0]);
        assert_eq!((one.days.as_slice(), one.replicates()), (&[0, 1, 2][..], 2));
        let shown = |courses: Vec<Vec<f64>>| format!("{courses:?}");
        assert_eq!(shown(one.of(&"b")), "[[3.0, 4.0, NaN], [NaN, 5.0, 6.0]]");
        assert_eq!(shown(one.of(&"a")), "[[1.0, 2.0, NaN], [NaN, NaN, NaN]]");
        assert_eq!(shown(other.of(&"a")), "[[9.0]]");
        assert!(one.has(&"b") && !one.has(&"c"));
        assert!(shelf.check().is_ok());
    }

    #[test]
    fn a_full_disk_is_told_once_somebody_asks() {
        let shelf = Shelf::with_room(0, Box::new(Full(Cursor::new(Vec::new()), 8)));
        let mut courses = Courses::new(&shelf);
        courses.push(&[0, 1], &["a"], &[1.0, 2.0]);
        courses.push(&[0, 1], &["a"], &[3.0, 4.0]);
        assert!(courses.of(&"a").iter().flatten().all(|number| number.is_nan()));
        assert!(matches!(shelf.check(), Err(ChartError::Shelf { .. })));
    }
}
