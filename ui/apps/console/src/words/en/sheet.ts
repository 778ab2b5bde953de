import type { SheetWords } from "../deskWords";

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);

export const sheet: SheetWords = {
  sheet: {
    ticket: "Ticket",
    validUntil: "Valid until",
    day: (date) => `${date.getDate()} ${MONTHS[date.getMonth()] ?? ""} ${date.getFullYear()}`,
    once: "Works once.",
    fingerprint: "Fingerprint",
    notHere: "On the card, not on the ticket",
    notHereNote: "Not on the ticket: on the deployment’s card.",
    ticketSteps: [
      "Start the laptop. It says “Show the ticket”.",
      "Hold this page to the camera so that it fills the frame.",
      "Compare the eight groups with the deployment’s card. Press Enter only if all agree.",
    ],
    noCamera: "No camera? Send yourself the text below and paste it there. Line breaks do not matter.",
    printed: (by, time) => `Printed: ${by}, ${time}`,
    ticketWarns: "Whoever holds this ticket can let a laptop join. Tear it up when it was used.",
    card: "Deployment’s card",
    cardFor: "To compare when joining",
    cardFingerprint: "Root fingerprint",
    cardCa: "Certificate’s fingerprint",
    address: "Address",
    cardSteps: [
      "Carry it apart from the tickets.",
      "The laptop shows eight groups. Compare each with this card.",
      "If one differs, do not press Enter. Tell whoever issued the card.",
    ],
    cardWarns: "This card is no secret. Print more and pin them up at the checkpoints.",
    invitation: "Invitation",
    invitationSteps: [
      "Scan the code with a phone, or open the address and type the word.",
      "Choose a passphrase and a laptop secret, and pair an authenticator.",
      "You are then signed in.",
    ],
    invitationWord: "Invitation’s word",
    invitationWarns:
      "For this person alone: whoever holds it can sign in as you. Tear it up when it was used.",
    words: "One-use words",
    wordsSteps: [
      "At the sign-in choose “Use a word from the page”.",
      "Type any word that is not struck out, then strike it out.",
      "When two are left, make a new page at “My account”.",
    ],
    wordsWarns: "Keep it apart from the passphrase. If it is lost, a new page ends these words.",
    sample: "Trial",
  },
};
