//! Numbers that look random, and are the same for the same seed.

pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below this one.
    pub fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides.max(1)
    }

    /// What to begin with: `PORTICO_TEST_SEED`, to see a failure again, or another number each time. It is printed.
    pub fn seed() -> u64 {
        let named = std::env::var("PORTICO_TEST_SEED").ok().map(|seed| seed.parse().expect("PORTICO_TEST_SEED is a number"));
        let seed = named.unwrap_or_else(|| uuid::Uuid::now_v7().as_u64_pair().1);
        println!("PORTICO_TEST_SEED={seed}");
        seed
    }
}
