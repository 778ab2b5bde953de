//! The codes of a demo world: each verdict, each reason of a check, each refusal.

use health_code::claims::symptom;
use health_code::{Claims, Colour, Refusal, Timestamp};

use super::keys::Keys;
use super::maker::{DAY, DemoCode, Expected, HOUR, Maker, hour, live, set_region, to_paper};
use super::world::NATIONAL;
use super::{broken, certificates};

/// Makes every code, signed at a moment.
pub fn all(keys: &Keys, at: Timestamp) -> Result<Vec<DemoCode>, String> {
    let maker = Maker { keys, at };
    let mut codes = judged(&maker)?;
    codes.extend(refused(&maker)?);
    codes.extend(broken::all(&maker)?);
    codes.extend(certificates::all(&maker)?);
    Ok(codes)
}

fn judged(maker: &Maker<'_>) -> Result<Vec<DemoCode>, String> {
    use Expected::{Check, Pass, Stop};
    type Change = fn(&mut Claims, Timestamp);
    let hubei: [(&'static str, Expected, Change); 12] = [
        ("green", Pass, |_, _| {}),
        ("green-city", Pass, |claims, _| set_region(claims, "420111")),
        ("green-province", Pass, |claims, _| set_region(claims, "421000")),
        ("yellow", Check, |claims, _| claims.colour = Colour::Yellow),
        ("red", Stop, |claims, _| claims.colour = Colour::Red),
        ("grey", Check, |claims, _| claims.colour = Colour::Grey),
        ("fever", Check, |claims, _| claims.temperature = Some(381)),
        ("symptoms", Check, |claims, _| claims.symptoms = symptom::COUGH | symptom::FATIGUE),
        ("contact", Check, |claims, _| claims.symptoms = symptom::CONTACT),
        ("old-declaration", Check, |claims, at| claims.declared_at = hour(at.plus(-50 * HOUR))),
        ("paper", Check, |claims, at| to_paper(claims, at, 14 * DAY)),
        ("red-and-fever", Stop, |claims, _| {
            claims.colour = Colour::Red;
            claims.temperature = Some(392);
        }),
    ];
    let national: [(&'static str, Expected, Change); 4] = [
        ("green-national", Pass, |_, _| {}),
        ("green-elsewhere", Pass, |claims, _| set_region(claims, "430102")),
        ("yellow-elsewhere", Stop, |claims, _| {
            set_region(claims, "430102");
            claims.colour = Colour::Yellow;
        }),
        ("no-temperature", Pass, |claims, _| claims.temperature = None),
    ];
    let wuhan: [(&'static str, Expected, Change); 2] = [
        ("uncoloured", Check, |_, _| {}),
        ("uncoloured-fever", Check, |claims, _| claims.temperature = Some(378)),
    ];
    let mut codes = Vec::new();
    for (issuer, rows) in
        [("issuer-hubei", &hubei[..]), ("issuer-national", &national), ("issuer-wuhan", &wuhan)]
    {
        for &(name, expected, change) in rows {
            let mut claims = maker.claims(name, issuer)?;
            change(&mut claims, maker.at);
            codes.push(maker.shown(name, issuer, &claims, expected));
        }
    }
    Ok(codes)
}

fn refused(maker: &Maker<'_>) -> Result<Vec<DemoCode>, String> {
    type Change = fn(&mut Claims, Timestamp);
    let never = Timestamp(0);
    let rows: [(&'static str, &str, Refusal, Change); 13] = [
        ("wrong-issuer", "issuer-hubei", Refusal::WrongIssuer, |claims, _| {
            NATIONAL.clone_into(&mut claims.iss)
        }),
        ("key-not-in-force", "issuer-hubei-retired", Refusal::KeyNotInForce, |_, _| {}),
        ("life-too-long", "issuer-hubei", Refusal::LifeTooLong, |claims, _| {
            claims.exp = claims.iat.plus(601)
        }),
        ("paper-too-long", "issuer-hubei", Refusal::LifeTooLong, |claims, at| to_paper(claims, at, 45 * DAY)),
        ("paper-of-none", "issuer-national", Refusal::LifeTooLong, |claims, at| to_paper(claims, at, DAY)),
        ("out-of-region", "issuer-wuhan", Refusal::OutOfRegion, |claims, _| set_region(claims, "420302")),
        ("not-recognised", "issuer-wuhan-trial", Refusal::NotRecognised, |_, _| {}),
        ("revoked", "issuer-hubei", Refusal::Revoked, |_, _| {}),
        ("paper-cut-off", "issuer-hubei-stolen", Refusal::Revoked, |claims, at| {
            to_paper(claims, at.plus(-2 * DAY), 14 * DAY);
        }),
        ("not-yet-valid", "issuer-hubei", Refusal::NotYetValid { iat: never }, |claims, at| {
            live(claims, at.plus(HOUR))
        }),
        ("expired", "issuer-hubei", Refusal::Expired { exp: never }, |claims, at| {
            live(claims, at.plus(-17 * 60))
        }),
        ("expired-just", "issuer-national", Refusal::Expired { exp: never }, |claims, at| {
            live(claims, at.plus(-300))
        }),
        ("paper-expired", "issuer-hubei", Refusal::Expired { exp: never }, |claims, at| {
            to_paper(claims, at.plus(-20 * DAY), 14 * DAY);
        }),
    ];
    let mut codes = Vec::new();
    for (name, issuer, refusal, change) in rows {
        let mut claims = maker.claims(name, issuer)?;
        change(&mut claims, maker.at);
        codes.push(maker.shown(name, issuer, &claims, Expected::Invalid(refusal.code())));
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Returns every kind of refusal. The match below does not compile until a new one is listed.
    fn every_refusal() -> Vec<Refusal> {
        use Refusal::*;
        let (iat, exp) = (Timestamp(0), Timestamp(0));
        let all = [
            NotAHealthCode,
            TooLong,
            BadEncoding,
            Truncated,
            Malformed,
            NonCanonical,
            BadHeaders,
            WrongAlgorithm,
            UnknownIssuer,
            Signature,
            BadClaims,
            WrongIssuer,
            KeyNotInForce,
            LifeTooLong,
            OutOfRegion,
            NotRecognised,
            Revoked,
            NotYetValid { iat },
            Expired { exp },
            InflatesTooFar,
            BadCompression,
            DuplicateKid,
            WrongUsage,
            WrongVersion,
            SeveralEvents,
            ImpossibleDate,
            BornAfterIssue,
            NoName,
            UnreadableName,
        ];
        for refusal in &all {
            match refusal {
                NotAHealthCode | TooLong | BadEncoding | Truncated | Malformed | NonCanonical
                | BadHeaders => (),
                WrongAlgorithm | UnknownIssuer | Signature | BadClaims | WrongIssuer | KeyNotInForce => (),
                InflatesTooFar | BadCompression | DuplicateKid | WrongUsage | WrongVersion => (),
                SeveralEvents | ImpossibleDate | BornAfterIssue | NoName | UnreadableName => (),
                LifeTooLong | OutOfRegion | NotRecognised | Revoked | NotYetValid { .. } | Expired { .. } => {
                }
            }
        }
        all.to_vec()
    }

    #[test]
    fn there_is_a_code_for_every_refusal_and_every_verdict() {
        let codes = all(&Keys::new([3; 32]), Timestamp(1_600_000_000)).unwrap();
        let refusals: BTreeSet<&str> = codes.iter().filter_map(|code| code.expected.refusal()).collect();
        let every: BTreeSet<&str> = every_refusal().iter().map(Refusal::code).collect();
        assert_eq!(refusals, every);
        let verdicts: BTreeSet<&str> = codes.iter().map(|code| code.expected.verdict()).collect();
        assert_eq!(verdicts, BTreeSet::from(["check", "invalid", "pass", "stop"]));
        let names: BTreeSet<&str> = codes.iter().map(|code| code.name).collect();
        assert_eq!(names.len(), codes.len(), "a name twice");
    }
}
