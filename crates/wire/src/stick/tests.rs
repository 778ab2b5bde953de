//! What a stick carries goes both ways, and opens for those it is for only.

use proptest::prelude::*;
use rand_core::SeedableRng as _;

use super::*;
use crate::testing::signer;

const COMMUNITY_FILE: &[u8] = b"the community";

fn rng() -> rand_chacha::ChaCha20Rng {
    rand_chacha::ChaCha20Rng::seed_from_u64(1)
}

/// The stations of these numbers.
fn stations(numbers: &[u8]) -> BTreeMap<StationId, [u8; 32]> {
    numbers.iter().map(|n| (StationId([*n; 16]), public_key(&signer(*n).0))).collect()
}

fn private(n: u8) -> Zeroizing<[u8; 32]> {
    private_key(&signer(n).0)
}

#[test]
fn a_sealed_community_opens_for_its_stations_only() {
    let sealed = SealedCommunity::seal(COMMUNITY_FILE, &stations(&[1, 2]), &mut rng());
    let sealed = SealedCommunity::parse(&sealed.to_bytes()).unwrap();
    for n in [1, 2] {
        assert_eq!(sealed.open(StationId([n; 16]), &private(n)).as_deref(), Ok(COMMUNITY_FILE));
    }
    assert_eq!(sealed.open(StationId([3; 16]), &private(3)), Err(StickError::Seal));
    assert_eq!(sealed.open(StationId([1; 16]), &private(2)), Err(StickError::Seal));
    // A seal for one station is none for another, although the key is its own.
    let moved = SealedCommunity {
        keys: [(StationId([9; 16]), sealed.keys[&StationId([1; 16])])].into(),
        ..sealed.clone()
    };
    assert_eq!(moved.open(StationId([9; 16]), &private(1)), Err(StickError::Seal));
    let small = SealedCommunity::seal(COMMUNITY_FILE, &[(StationId([1; 16]), [0; 32])].into(), &mut rng());
    assert!(small.keys.is_empty());
}

#[test]
fn any_flipped_bit_of_a_sealed_community_is_noticed() {
    let good = SealedCommunity::seal(COMMUNITY_FILE, &stations(&[1]), &mut rng()).to_bytes();
    for bit in 0..good.len() * 8 {
        let mut other = good.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        let opened =
            SealedCommunity::parse(&other).and_then(|file| file.open(StationId([1; 16]), &private(1)));
        assert!(opened.is_err(), "bit {bit}");
    }
}

#[test]
fn files_of_another_shape_are_refused() {
    let bytes = |length: usize| Value::Bytes(vec![0; length]);
    let list = |items: Vec<Value>| Value::Array(items);
    let entry = |n: u8| list(vec![vec![n; 16].into(), bytes(SEALED_KEY_BYTES)]);
    let export = |batches| Export::parse(&cbor::encode(&map([(1, bytes(16)), (2, list(batches))])));
    let receipts = |receipts| Receipts::parse(&cbor::encode(&map([(1, list(receipts))])));
    let sealed = |entries| SealedCommunity::parse(&cbor::encode(&map([(1, bytes(9)), (2, list(entries))])));
    assert!(export(vec![bytes(BATCH_BYTES); 2]).is_ok());
    assert!(receipts(vec![bytes(1); EXPORT_BATCHES]).is_ok());
    assert!(sealed(vec![entry(1), entry(2)]).is_ok());
    for bad in [vec![], vec![bytes(BATCH_BYTES + 1)], vec![bytes(1); EXPORT_BATCHES + 1], vec![0.into()]] {
        assert_eq!(export(bad), Err(StickError::Malformed));
    }
    for bad in [vec![], vec![bytes(RECEIPT_BYTES + 1)], vec![bytes(1); EXPORT_BATCHES + 1], vec![0.into()]] {
        assert_eq!(receipts(bad), Err(StickError::Malformed));
    }
    let short = list(vec![bytes(16), bytes(SEALED_KEY_BYTES - 1)]);
    for bad in [vec![], vec![entry(2), entry(1)], vec![entry(1), entry(1)], vec![short], vec![0.into()]] {
        assert_eq!(sealed(bad), Err(StickError::Malformed));
    }
    assert_eq!(Export::parse(&vec![0; EXPORT_BYTES + 1]), Err(StickError::TooLarge));
    assert_eq!(Receipts::parse(&vec![0; RECEIPTS_BYTES + 1]), Err(StickError::TooLarge));
    assert_eq!(SealedCommunity::parse(&vec![0; SEALED_COMMUNITY_BYTES + 1]), Err(StickError::TooLarge));
}

proptest! {
    #[test]
    fn what_is_written_reads_to_the_same(
        station in any::<[u8; 16]>(),
        parts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..64), 1..9),
    ) {
        let batches = parts.iter().map(|bytes| SignedBatch { bytes: bytes.clone() }).collect();
        let export = Export { station: StationId(station), batches };
        prop_assert_eq!(Export::parse(&export.to_bytes()), Ok(export));
        let reports = (0..parts.len() as u64).map(crate::testing::sealed).collect();
        let unsigned = Unsigned { station: StationId(station), reports };
        prop_assert_eq!(Unsigned::parse(&unsigned.to_bytes()), Ok(unsigned));
        let receipts = Receipts { receipts: parts };
        prop_assert_eq!(Receipts::parse(&receipts.to_bytes()), Ok(receipts));
    }

    #[test]
    fn any_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..128)) {
        prop_assert!(Export::parse(&bytes).is_err());
        prop_assert!(SealedCommunity::parse(&bytes).is_err());
    }
}
