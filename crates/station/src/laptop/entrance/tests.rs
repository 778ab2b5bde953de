use super::*;

fn ticket(secret: u8) -> Ticket {
    Ticket {
        url: "https://office.sample.invalid:8443".into(),
        ca: Some(vec![1; 40]),
        root: [0xab; 32],
        secret: [secret; 16],
        expires: 1_600_000_000,
        community: "样例社区".into(),
        office: "样例市卡点后台".into(),
        laptop: "样例 08".into(),
    }
}

/// An entrance, and a stopwatch that only this moves.
struct Rig {
    entrance: Entrance,
    mono: Duration,
}

impl Rig {
    fn new() -> Self {
        Self { entrance: Entrance::new(false), mono: Duration::from_secs(100) }
    }

    fn now(&self) -> Now {
        Now { wall: Timestamp(1_599_999_000), mono: self.mono }
    }

    fn after(&mut self, millis: u64, input: Input) -> Wants {
        self.mono += Duration::from_millis(millis);
        self.entrance.handle(input, self.now())
    }

    fn screen(&self) -> EntranceScreen {
        self.entrance.screen(self.now(), None).expect("a screen")
    }

    fn problem(&self) -> Option<TicketProblem> {
        match self.screen() {
            EntranceScreen::Waiting { problem, .. } => problem,
            other => panic!("{other:?}"),
        }
    }

    fn is_confirm(&self) -> bool {
        matches!(self.screen(), EntranceScreen::Confirm { .. })
    }

    /// Takes a ticket and confirms it.
    fn joins(&mut self) {
        self.after(0, Input::Read(ticket(1).to_text()));
        let wants = self.after(400, Input::Person(TicketInput::Confirm));
        assert_eq!(wants, Wants::Join(Box::new(ticket(1))));
    }
}

#[test]
fn a_ticket_is_shown_before_anything_is_done() {
    let mut rig = Rig::new();
    assert!(rig.entrance.reads());
    assert_eq!(rig.after(0, Input::Read(ticket(1).to_text())), Wants::Nothing);
    let EntranceScreen::Confirm { ticket: shown, .. } = rig.screen() else { panic!("a ticket") };
    assert_eq!((shown.host.as_str(), shown.port), ("office.sample.invalid", 8443));
    assert_eq!(shown.fingerprint, vec!["ABAB"; 8]);
    assert_eq!((shown.community.as_str(), shown.laptop.as_str()), ("样例社区", "样例 08"));
    assert!(!rig.entrance.reads(), "nothing else is read meanwhile");
    assert_eq!(rig.after(0, Input::Read(ticket(2).to_text())), Wants::Nothing);
    let EntranceScreen::Confirm { ticket: still, .. } = rig.screen() else { panic!("a ticket") };
    assert_eq!(still, shown);
}

#[test]
fn enter_means_nothing_to_who_could_not_have_looked() {
    let mut rig = Rig::new();
    rig.after(0, Input::Read(ticket(1).to_text()));
    assert_eq!(rig.after(299, Input::Person(TicketInput::Confirm)), Wants::Nothing);
    assert!(rig.is_confirm());
    assert!(matches!(rig.after(1, Input::Person(TicketInput::Confirm)), Wants::Join(_)));
    assert_eq!(rig.after(0, Input::Person(TicketInput::Confirm)), Wants::Nothing, "once");
}

#[test]
fn a_ticket_that_is_on_no_stick_is_said_while_one_is_waited_for() {
    let mut rig = Rig::new();
    rig.after(0, Input::Person(TicketInput::FromStick));
    assert_eq!(rig.problem(), Some(TicketProblem::NoStick));
    rig.after(0, Input::Read(ticket(1).to_text()));
    rig.after(0, Input::Person(TicketInput::FromStick));
    assert!(rig.is_confirm());
}

#[test]
fn what_is_no_ticket_is_told_apart_and_forgotten() {
    let text = ticket(1).to_text();
    for (text, expected) in [
        ("KD1:ABC", TicketProblem::HealthCode),
        ("HC1:ABC", TicketProblem::Certificate),
        (" https://example.com", TicketProblem::Address),
        (&text[..40], TicketProblem::Broken),
        ("kdt1:abc", TicketProblem::Other),
        (" \n", TicketProblem::Empty),
    ] {
        let mut rig = Rig::new();
        rig.after(0, Input::Read(text.to_owned()));
        assert_eq!(rig.problem(), Some(expected), "{text}");
        rig.after(3999, Input::Tick);
        assert_eq!(rig.problem(), Some(expected), "{text}");
        rig.after(1, Input::Tick);
        assert_eq!(rig.problem(), None, "{text}");
        let offered = TicketInput::Offer { text: text.to_owned() };
        rig.after(0, Input::Person(offered));
        assert_eq!(rig.problem(), Some(expected), "{text}");
    }
    let mut rig = Rig::new();
    let (left, right) = text.split_at(50);
    rig.after(0, Input::Person(TicketInput::Offer { text: format!("> {left}\r\n> {right}\r\n") }));
    assert!(rig.is_confirm(), "an e-mail's quote");
}

#[test]
fn a_ticket_that_was_left_is_taken_again_only_from_somewhere_else() {
    let mut rig = Rig::new();
    let text = ticket(1).to_text();
    rig.after(0, Input::Read(text.clone()));
    rig.after(500, Input::Person(TicketInput::Back));
    for _ in 0..20 {
        rig.after(500, Input::Read(text.clone()));
        assert!(!rig.is_confirm(), "it is still held out");
    }
    rig.after(100, Input::Read(ticket(2).to_text()));
    assert!(rig.is_confirm(), "another one");
    rig.after(100, Input::Person(TicketInput::Back));
    rig.after(100, Input::Person(TicketInput::Offer { text: text.clone() }));
    assert!(rig.is_confirm(), "pasted on purpose");
    rig.after(100, Input::Person(TicketInput::Back));
    rig.after(1000, Input::Read(text));
    assert!(rig.is_confirm(), "held out anew");
}

#[test]
fn a_hint_needs_time_and_goes_again() {
    let hint = |rig: &Rig| match rig.screen() {
        EntranceScreen::Waiting { hint, .. } => hint,
        other => panic!("{other:?}"),
    };
    let mut rig = Rig::new();
    rig.after(0, Input::Unreadable(Hint::TooFar));
    rig.after(599, Input::Unreadable(Hint::TooFar));
    assert_eq!(hint(&rig), None);
    rig.after(1, Input::Unreadable(Hint::TooFar));
    assert_eq!(hint(&rig), Some(Hint::TooFar));
    rig.after(100, Input::Unreadable(Hint::Blurred));
    assert_eq!(hint(&rig), None);
    rig.after(700, Input::Unreadable(Hint::Blurred));
    rig.after(4000, Input::Nothing);
    assert_eq!(hint(&rig), None);
}

#[test]
fn the_steps_follow_one_another() {
    use StepState::{Done, Pending, Running};
    let mut rig = Rig::new();
    rig.joins();
    let steps = |rig: &Rig| match rig.screen() {
        EntranceScreen::Joining { steps, .. } => steps,
        other => panic!("{other:?}"),
    };
    let states = |steps: JoinSteps| [steps.reach, steps.identity, steps.ticket, steps.trust];
    assert!(rig.entrance.is_joining());
    rig.after(0, Input::Began(JoinStep::Reach));
    assert_eq!(states(steps(&rig)), [Running, Pending, Pending, Pending]);
    rig.after(450, Input::Began(JoinStep::Identity));
    assert_eq!(states(steps(&rig)), [Done, Running, Pending, Pending]);
    assert_eq!(steps(&rig).reached_in, Some(4));
    rig.after(10, Input::Began(JoinStep::Ticket));
    rig.after(10, Input::Began(JoinStep::Trust));
    assert_eq!(states(steps(&rig)), [Done, Done, Done, Running]);
    rig.after(10, Input::Person(TicketInput::Back));
    rig.after(10, Input::Person(TicketInput::Offer { text: String::new() }));
    rig.after(10, Input::Joined);
    assert_eq!(states(steps(&rig)), [Done; 4], "nobody can go back meanwhile");
}

#[test]
fn what_may_pass_is_tried_again_and_what_may_not_asks_for_another_ticket() {
    let mut rig = Rig::new();
    rig.joins();
    rig.after(0, Input::Began(JoinStep::Reach));
    rig.after(10, Input::Failed(EnrolFailure::NoRoute, None));
    let EntranceScreen::Failed { steps, failure, may_pass, .. } = rig.screen() else { panic!() };
    assert_eq!((steps.reach, steps.identity), (StepState::Failed, StepState::Pending));
    assert_eq!((failure, may_pass), (EnrolFailure::NoRoute, true));
    assert_eq!(rig.after(10, Input::Person(TicketInput::Confirm)), Wants::Nothing, "too soon");
    assert!(matches!(rig.after(400, Input::Person(TicketInput::Confirm)), Wants::Join(_)));
    rig.after(0, Input::Began(JoinStep::Ticket));
    rig.after(10, Input::Failed(EnrolFailure::TicketUsed, Some(Timestamp(7))));
    let EntranceScreen::Failed { steps, at, may_pass, .. } = rig.screen() else { panic!() };
    assert_eq!((steps.identity, steps.ticket), (StepState::Done, StepState::Failed));
    assert_eq!((at, may_pass), (Some(Timestamp(7)), false));
    assert_eq!(rig.after(400, Input::Person(TicketInput::Confirm)), Wants::Nothing);
    assert_eq!(rig.problem(), None, "it waits for another one");
}

#[test]
fn a_ticket_that_nobody_confirms_is_forgotten() {
    let mut rig = Rig::new();
    rig.after(0, Input::Read(ticket(1).to_text()));
    rig.after(599_999, Input::Tick);
    assert!(rig.is_confirm());
    rig.after(1, Input::Tick);
    assert!(!rig.is_confirm());
}

#[test]
fn who_came_from_another_screen_gets_back_to_it() {
    let mut rig = Rig { entrance: Entrance::new(true), ..Rig::new() };
    assert_eq!(rig.entrance.screen(rig.now(), None), None);
    assert!(!rig.entrance.reads());
    rig.after(0, Input::Read(ticket(1).to_text()));
    assert_eq!(rig.entrance.screen(rig.now(), None), None, "nothing is taken that nobody wants to show");
    rig.after(0, Input::Person(TicketInput::Show));
    assert_eq!(rig.problem(), None);
    assert_eq!(rig.after(0, Input::Person(TicketInput::Back)), Wants::Leave);
    assert_eq!(rig.entrance.screen(rig.now(), None), None);
}

impl Rig {
    fn of_laptop(asked: Option<Ticket>) -> Self {
        Self { entrance: Entrance::of_laptop(false, asked), ..Self::new() }
    }

    /// The stick with the request, whether one is carried now, and what is in the way.
    fn by_stick(&self) -> (Option<String>, bool, Option<EnrolFailure>) {
        match self.screen() {
            EntranceScreen::ByStick { stick, busy, problem, .. } => (stick, busy, problem),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_stick_takes_the_place_of_the_network_once_a_person_says_so() {
    let mut rig = Rig::of_laptop(None);
    rig.joins();
    rig.after(10, Input::Failed(EnrolFailure::NoRoute, None));
    let EntranceScreen::Failed { by_stick: true, .. } = rig.screen() else { panic!() };
    rig.after(299, Input::Person(TicketInput::ByStick));
    let EntranceScreen::Failed { .. } = rig.screen() else { panic!("too soon") };
    rig.after(1, Input::Person(TicketInput::ByStick));
    assert_eq!(rig.by_stick(), (None, false, None));
    assert!(!rig.entrance.is_joining() && !rig.entrance.reads());
    assert_eq!(rig.after(299, Input::Person(TicketInput::Confirm)), Wants::Nothing, "too soon");
    let wants = rig.after(1, Input::Person(TicketInput::Confirm));
    assert_eq!(wants, Wants::Carry(Box::new(ticket(1))));
    assert!(rig.entrance.is_joining());
    assert_eq!(rig.after(400, Input::Person(TicketInput::Confirm)), Wants::Nothing, "once");
    rig.after(0, Input::Person(TicketInput::Back));
    assert_eq!(rig.by_stick(), (None, true, None), "nobody can go back meanwhile");
    rig.after(10, Input::OnStick(Err(EnrolFailure::NoStick)));
    assert_eq!(rig.by_stick(), (None, false, Some(EnrolFailure::NoStick)));
    rig.after(400, Input::Person(TicketInput::Confirm));
    assert_eq!(rig.by_stick(), (None, true, None));
    rig.after(10, Input::OnStick(Ok("样例".into())));
    assert_eq!(rig.by_stick(), (Some("样例".into()), false, None));
    rig.after(86_400_000, Input::Tick);
    assert_eq!(rig.by_stick().0, Some("样例".into()), "it waits for as long as it takes");
    rig.after(0, Input::Person(TicketInput::Back));
    assert_eq!(rig.problem(), None, "another ticket may come");
}

#[test]
fn a_request_that_waits_is_shown_at_once_and_no_station_asks_by_a_stick() {
    let mut rig = Rig::of_laptop(Some(ticket(1)));
    assert_eq!(rig.by_stick(), (None, false, None));
    let offered = TicketInput::Offer { text: ticket(2).to_text() };
    rig.after(0, Input::Person(offered));
    assert!(rig.is_confirm(), "another ticket takes its place");
    rig.after(400, Input::Person(TicketInput::ByStick));
    assert!(
        matches!(rig.after(400, Input::Person(TicketInput::Confirm)), Wants::Carry(found) if *found == ticket(2))
    );
    rig.after(10, Input::Joined);
    assert!(rig.entrance.is_joining(), "until the station starts");
    let mut rig = Rig::new();
    rig.after(0, Input::Read(ticket(1).to_text()));
    let EntranceScreen::Confirm { by_stick: false, .. } = rig.screen() else { panic!() };
    rig.after(400, Input::Person(TicketInput::ByStick));
    assert!(rig.is_confirm());
}
