//! The steps that only compute, measured by Criterion: `cargo bench -p stories --features bench --bench gate`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot go on stops")]
#![allow(missing_docs, reason = "criterion makes a function")]
#![allow(dead_code, reason = "work/ is for both benches")]

mod fixtures;

use std::hint::black_box;

use code_reader::Reader;
use criterion::{Criterion, criterion_group, criterion_main};
use fixtures::{Sealer, frame_of};
use health_code::UnverifiedCode;
use health_code::trust::Revocations;
use stage::World;

fn benches(criterion: &mut Criterion) {
    let world = World::new(None).unwrap();
    let (trust, region) = world.trust().unwrap();
    let now = stage::clock::wall();
    let text = std::fs::read_to_string(world.code("green", "txt")).unwrap();

    let mut group = criterion.benchmark_group("code");
    let parsed = UnverifiedCode::parse(&text).unwrap();
    let (message, signature) = stories::signed::signed_parts(parsed.cose());
    let key = trust.list().issuer(parsed.kid()).unwrap().key.to_bytes();
    let key = ed25519_dalek::VerifyingKey::from_bytes(&key).unwrap();
    group.bench_function("bare verify_strict", |bench| {
        bench.iter(|| key.verify_strict(black_box(&message), &signature).unwrap());
    });
    group.bench_function("parse", |bench| bench.iter(|| UnverifiedCode::parse(black_box(&text)).unwrap()));
    group.bench_function("parse, verify, judge", |bench| {
        bench.iter(|| {
            let code = UnverifiedCode::parse(black_box(&text)).unwrap();
            let code = trust.verify(&code, &region, now).unwrap();
            trust.policy(now).unwrap().policy.judge(&code, &region, now)
        });
    });
    group.finish();

    let mut sealer = Sealer::of(&world);
    let mut group = criterion.benchmark_group("report");
    let private = world.office_key("sealing").unwrap();
    let sealed = sealer.seal(&Sealer::first_place());
    group.bench_function("seal", |bench| bench.iter(|| sealer.seal(&Sealer::first_place())));
    group.bench_function("open", |bench| {
        bench.iter(|| wire::seal::open(black_box(&sealed), fixtures::STATION, &private).unwrap());
    });
    group.finish();

    let mut group = criterion.benchmark_group("revocations");
    let entries = (0..1_000_000_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    let set = Revocations::new([7; 16], entries);
    group.bench_function("look-up among a million", |bench| {
        bench.iter(|| set.contains(black_box("sample.hubei"), black_box(&[1; 16])));
    });
    group.sample_size(20);
    group.bench_function("load a million", |bench| {
        bench.iter(|| Revocations::open(set.index(), black_box(set.bytes())).unwrap());
    });
    group.finish();

    let mut group = criterion.benchmark_group("frame");
    let frame = frame_of(&world.code("green", "png"));
    group.sample_size(20);
    group.bench_function("read 1280×720", |bench| bench.iter(|| Reader::new().read(black_box(&frame))));
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
