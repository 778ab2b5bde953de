//! The workbench's pages of the policy and of the trust files.

use health_code::{Region, Ruling};
use wire::report::{Cell, RosterChange, StricterRuling};
use wire::{Report, Roster};

use super::driver::Driver;
use super::workbench::opened;
use super::world::{DAY, START, World};
use crate::action::Action;
use crate::input::Input;
use crate::window::Screen;
use crate::window::bar::Line;
use crate::window::rules::{PolicyView, RegionLevel, TrustUpdate, TrustView};
use crate::window::workbench::{ChangeProblem, WorkbenchInput, WorkbenchPage, WorkbenchScreen};

fn at(world: &World, page: WorkbenchPage) -> Driver {
    let mut driver = opened(world);
    driver.user(WorkbenchInput::Turn { page });
    driver.taken();
    driver
}

fn policy(driver: &Driver) -> (PolicyView, Option<ChangeProblem>) {
    match driver.screen() {
        Screen::Workbench(WorkbenchScreen::Policy { policy: Some(policy), problem, .. }) => (policy, problem),
        other => panic!("{other:?}"),
    }
}

fn trust(driver: &Driver) -> (TrustView, Option<TrustUpdate>) {
    match driver.screen() {
        Screen::Workbench(WorkbenchScreen::Trust { trust: Some(trust), update, .. }) => (trust, update),
        other => panic!("{other:?}"),
    }
}

/// The sample's policy, and the city's, which stops every yellow code of the community.
fn two_levels() -> World {
    let mut world = World::new();
    let mut city = world.policy.clone();
    city.region = "4201".parse::<Region>().unwrap();
    city.document = "样例市 2 号".to_owned();
    city.version = 7;
    city.table[0].yellow = Ruling::Stop;
    city.to = Some(START.plus(9 * DAY));
    world.policies.push(city);
    world
}

#[test]
fn each_cell_says_by_which_document_and_until_when() {
    let driver = at(&two_levels(), WorkbenchPage::Policy);
    let (view, _) = policy(&driver);
    let levels: Vec<_> = view.levels.iter().map(|level| (level.level, level.version, level.until)).collect();
    let nation = World::new().policy.version;
    let until = Some(START.plus(9 * DAY));
    assert_eq!(levels, [(RegionLevel::Nation, nation, None), (RegionLevel::City, 7, until)]);
    let yellow = view.rows[0][1];
    assert_eq!((yellow.ruling, yellow.by, yellow.asked), (Ruling::Stop, 1, None));
    assert_eq!(view.rows[0][0].by, 0, "the nation says the same, and is the wider");
    assert_eq!(view.rows.iter().map(Vec::len).collect::<Vec<_>>(), [5; 5]);
    assert_eq!((view.fever.value, view.fever.by), (World::new().policy.fever_tenths.into(), 0));
}

#[test]
fn the_community_asks_for_what_is_stricter_and_for_nothing_else() {
    let mut world = two_levels();
    let mut driver = at(&world, WorkbenchPage::Policy);
    let cell = |cell, ruling| WorkbenchInput::MakeCellStricter { cell, ruling };
    let limits = |fever, declaration_hours| WorkbenchInput::MakeLimitsStricter { fever, declaration_hours };
    for input in [
        cell(0, Ruling::Pass),
        cell(1, Ruling::Stop),
        cell(25, Ruling::Stop),
        cell(255, Ruling::Check),
        limits(None, None),
        limits(Some(400), None),
        limits(Some(100), None),
        limits(None, Some(0)),
        limits(None, Some(9_000)),
    ] {
        driver.user(input.clone());
        assert_eq!(policy(&driver).1, Some(ChangeProblem::NotStricter), "{input:?}");
    }
    assert_eq!(driver.appends(), []);
    driver.user(cell(0, Ruling::Check));
    let [(_, Report::Roster(Roster { change, .. }))] = &driver.appends()[..] else { panic!() };
    let cells = vec![Cell { index: 0, ruling: StricterRuling::Check }];
    assert_eq!(*change, RosterChange::PolicyStricter { cells, fever: None, declaration_hours: None });
    driver.save();
    let (view, problem) = policy(&driver);
    assert_eq!((view.rows[0][0].ruling, view.rows[0][0].asked), (Ruling::Pass, Some(Ruling::Check)));
    assert_eq!(problem, None);
    driver.user(limits(Some(370), Some(12)));
    driver.save();
    let (view, _) = policy(&driver);
    assert_eq!((view.fever.asked, view.declaration_hours.asked), (Some(370), Some(12)));

    // The office has published a policy: what was asked for holds, and is asked for no more.
    world.policies[0].table[0].green = Ruling::Check;
    world.policies[0].version = 8;
    driver.taken();
    driver.send(Input::Trust(Some(world.trust())));
    let (view, _) = policy(&driver);
    assert_eq!((view.rows[0][0].ruling, view.rows[0][0].asked), (Ruling::Check, None));
    assert_eq!(view.fever.asked, Some(370));
    assert!(driver.actions.iter().any(|action| matches!(action, Action::KeepChanges(_))));
}

#[test]
fn the_trust_page_says_versions_ages_issuers_and_revocations() {
    let mut world = World::new();
    world.revoke([health_code::trust::Revocations::entry(&[3; 16], "hubei", &[0; 16])]);
    "样例甲".clone_into(&mut world.list.issuers[0].name_zh);
    let mut next = world.list.issuers[0].clone();
    next.kid = sample::key(sample::STRANGER).kid();
    next.key = sample::key(sample::STRANGER).public().clone();
    next.not_after = next.not_after.plus(DAY);
    world.list.issuers.push(next);
    let (view, update) = trust(&at(&world, WorkbenchPage::Trust));
    assert_eq!((view.list.version, view.community.version), (world.list.version, world.community.version));
    assert_eq!((view.root, view.revoked, view.more), (world.root.version, 1, 0));
    assert!(view.list.soft < view.list.hard && view.list.issued <= START);
    let name = &world.list.issuers[0].name_zh;
    let keys: Vec<_> = view.issuers.iter().filter(|issuer| issuer.name_zh == *name).collect();
    assert_eq!(keys.iter().map(|key| key.followed).collect::<Vec<_>>(), [true, false]);
    assert_eq!(update, None);
}

#[test]
fn update_now_asks_at_once_and_says_what_came_of_it() {
    let mut world = World::new();
    let mut driver = at(&world, WorkbenchPage::Trust);
    let exchanged =
        |driver: &mut Driver, answered, coming| driver.send(Input::Exchanged { answered, coming });
    exchanged(&mut driver, true, false);
    assert_eq!(trust(&driver).1, None, "nobody has asked");
    driver.user(WorkbenchInput::UpdateTrust);
    assert!(driver.actions.contains(&Action::UpdateNow));
    assert_eq!(trust(&driver).1, Some(TrustUpdate::Asking));
    driver.taken();
    driver.user(WorkbenchInput::UpdateTrust);
    assert!(!driver.actions.contains(&Action::UpdateNow), "once");
    exchanged(&mut driver, false, false);
    assert_eq!(trust(&driver).1, Some(TrustUpdate::NoAnswer));
    driver.user(WorkbenchInput::UpdateTrust);
    exchanged(&mut driver, true, false);
    assert_eq!(trust(&driver).1, Some(TrustUpdate::Current));
    driver.user(WorkbenchInput::UpdateTrust);
    exchanged(&mut driver, true, true);
    assert_eq!(trust(&driver).1, Some(TrustUpdate::Coming));
    let from = world.list.version;
    world.list.version += 1;
    driver.send(Input::Trust(Some(world.trust())));
    assert_eq!(trust(&driver).1, Some(TrustUpdate::Newer { from, to: from + 1 }));
    // Nothing at all is heard of an uplink that is switched off.
    driver.send(Input::Line(Line::Offline));
    driver.user(WorkbenchInput::UpdateTrust);
    driver.wait(60_000);
    assert_eq!(trust(&driver).1, Some(TrustUpdate::NoAnswer));
}
