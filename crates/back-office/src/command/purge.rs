//! `back-office purge`: deletes what is past its days, and vouches for the office's clock.

use super::arguments::Office;
use super::{Failure, open, say};
use crate::retention::{self, Today};
use crate::system::Clock;
use crate::trust;

/// Deletes what is past its days.
pub(super) async fn purge(office: &Office, clock_is_right: bool) -> Result<(), Failure> {
    let (store, now) = (open(office).await?, Clock::system().now());
    let trusts = trust::in_force(&*store).await?;
    if clock_is_right {
        retention::vouch(&*store, now).await?;
    }
    let round = retention::round(&*store, &trusts, now, || true).await?;
    for (purge, purged) in &round.begun {
        let (community, before) = (&purge.community, program::moment::rfc3339(purge.before));
        let counts = [purged.passages, purged.held, purged.alerts];
        let [passages, held, alerts] = counts;
        say(&format!(
            "{community}\tbefore {before}\t{passages} passages, {held} in quarantine, {alerts} alerts"
        ))?;
    }
    let hours = |seconds: i64| seconds / 3600;
    match round.today {
        Today::Known(_) if round.begun.is_empty() => say("nothing is past its days"),
        Today::Known(_) => Ok(()),
        Today::Ahead(by) => Err(format!(
            "nothing is deleted: this clock is {} hours ahead of what is known. If it is right, say --clock-is-right",
            hours(by)
        )
        .into()),
        Today::Back(by) => Err(format!(
            "nothing is deleted: this clock was {} hours later before. If it is right now, say --clock-is-right",
            hours(by)
        )
        .into()),
    }
}
