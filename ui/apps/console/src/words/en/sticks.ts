import type { SticksWords } from "../sticks";
import { plural } from "./common";

export const sticks: SticksWords = {
  open: "USB stick",
  title: "USB stick",
  note: "For laptops without a network. The same file again, or the same records sent later, change nothing.",
  brought: "What a stick brought",
  broughtNote:
    "In the folder on the stick that is called by the laptop’s number: reports.cbor with records, or request.cbor of a laptop that is to be enrolled.",
  choose: "Choose the file",
  taking: "Taking it in…",
  taken: (name, fresh, known) =>
    `${name}: ${plural(fresh, "new record")}${known === 0 ? "" : `, ${known} known already`}`,
  conflicts: (count) =>
    `Of ${plural(count, "record")} the office had another one. It keeps both; the alerts say more.`,
  refused: (count, code) =>
    `${plural(count, "part")} of the file did not verify (${code}). The rest was taken.`,
  receipts: "Save receipts.cbor",
  receiptsNote: "Lay it beside reports.cbor on the stick. Only then does the laptop let go of them.",
  enrolled: (name, place) => `${name} is enrolled in ${place}.`,
  answer: "Save answer.cbor",
  answerNote:
    "Lay it beside request.cbor on the stick. It opens on that laptop alone. Is it not one of yours? Withdraw it at once.",
  give: "Trust files for a stick",
  giveNote:
    "Unpack the archive into the stick’s top folder. People and checkpoints in it open on this community’s laptops alone.",
  community: "Community",
  download: "Save the trust files",
  given: "Saved. Unpack it into the stick’s top folder.",
  problems: {
    "too-large":
      "This file is longer than a laptop writes one. Take it in by command on the office’s machine.",
    malformed: "This is no file of records and no request, or it is broken.",
    "other-station": "Two laptops’ records are mixed in this file.",
    signature: "Somebody altered this request. Have the laptop write it again.",
    "ticket-unknown": "No ticket of this office is in the request, or it was taken back. Make a new one.",
    "ticket-expired":
      "The ticket’s time was over before the request came here. Make one that lasts longer; the laptop takes it under the same key.",
    "ticket-used": "Another laptop used this ticket. Make a new one; find out which laptop it was.",
    withdrawn: "This laptop was withdrawn. It is not taken in again under the same key.",
    "no-receipt-key":
      "The root in force names none of this office’s receipt keys. Nothing was used up; try again once it does.",
    "receipt-key-time":
      "The office’s clock is outside the time of its receipt keys. Nothing was used up; set it and try again.",
  },
};
