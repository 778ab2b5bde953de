//! The simulation notices rules that are wrong.

use gate::sync::{Rules, Settlement, settle};
use wire::{Batch, Receipt};

use super::{Run, SEEDS, STEPS};

#[tokio::test]
async fn a_laptop_that_erases_what_no_line_acknowledges_is_found_out() {
    let rules = Rules { settle: erases_what_is_missing, ..Rules::default() };
    let mut lost = 0;
    for seed in 0..SEEDS {
        let mut run = Run::by(seed, rules);
        for _ in 0..STEPS {
            run.step().await;
        }
        run.drain().await;
        lost += run.lost();
    }
    assert!(lost > 0);
}

fn erases_what_is_missing(batch: &Batch, receipt: &Receipt) -> Settlement {
    let Settlement { erase, conflicts, missing } = settle(batch, receipt);
    Settlement { erase: [erase, missing].concat(), conflicts, missing: Vec::new() }
}
