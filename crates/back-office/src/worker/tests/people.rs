//! The worker opens declarations, so that people are found.

use super::*;

/// A passage with a code whose declaration this office can open.
fn declared_passage(identity: &str) -> Report {
    let Report::Passage(passage) = passage(HUBEI, 7) else { unreachable!("a passage") };
    let public = wire::seal::recipient_key(&world::IDENTITY).unwrap();
    let declared =
        health_code::Declaration { name: "样例甲".into(), identity: identity.into(), phone: "".into() };
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    let claims = sample::claims(NOW);
    let sealed_declaration =
        issuer::seal_declaration(&declared, &claims.pseudonym, &public, &mut rng).unwrap();
    let claims = health_code::Claims { sealed_declaration, ..claims };
    let code = Carried::Whole(CodeSigner::new(sample::key(HUBEI)).cose(claims.to_payload()));
    Report::Passage(Passage { code, ..passage })
}

#[tokio::test]
async fn what_is_filed_is_found_by_the_number_that_its_code_declares() {
    let mut worker = TestWorker::new().await;
    worker.send(&declared_passage("990101199001010011"), world::SEALING).await;
    worker.send(&passage(HUBEI, 7), world::SEALING).await;
    round(&worker.context).await.unwrap();
    let Context { store, keys, .. } = &worker.context;
    assert_eq!(store.counts().await.unwrap().passages, 2);
    let found = async |number: &str| {
        let named = keys.names(&crate::residents::Asked::read(number).unwrap()).unwrap();
        store.passages_of(named.sought, &sample::HERE.parse().unwrap(), 9).await.unwrap().len()
    };
    assert_eq!((found("990101199001010011").await, found("990101199001010012").await), (1, 0));
}
