import type { Invitation, Person } from "../backend/api";
import { dayOf, unix } from "../times";
import type { Words } from "../words";

/** Tells whether somebody has to do something before this person can work. */
export function isNeedy({ state }: Person): boolean {
  return state !== "active" && state !== "disabled";
}

/** Returns a person's role; an administrator's by the level of their region. */
export function roleName(words: Words, { role, level }: Pick<Person, "role" | "level">): string {
  return role === "administrator" ? words.administratorOf[level] : words.role[role];
}

export function stateText(words: Words, person: Person, now: number): string {
  switch (person.state) {
    case "invited":
      return words.people.invitedFor(
        words.left(person.invitation ? unix(person.invitation.expires) - now : 0),
      );
    case "disabled":
      return words.people.disabledSince(person.disabledAt ? dayOf(person.disabledAt, now) : "").trim();
    case "active":
    case "invitation-expired":
    case "no-second-factor":
      return words.people.states[person.state];
  }
}

export function stateLook({ state }: Person): "plain" | "bad" | "warn" | "accent" {
  const looks = { invited: "accent", "invitation-expired": "bad", "no-second-factor": "warn" } as const;
  return state === "active" || state === "disabled" ? "plain" : looks[state];
}

/** Returns the address that opens an invitation: the office's page for them, with the word. */
export function addressOf({ url, word }: Invitation): string {
  return url.includes(word) ? url : `${url.replace(/\/$/, "")}/${encodeURIComponent(word)}`;
}
