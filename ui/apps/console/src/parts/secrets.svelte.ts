import type { NewAdministrator } from "../backend/api";
import type { Words } from "../words";
import { fieldText } from "../words";
import type { Task } from "./loading.svelte";

/** The office asks for no fewer; it says so too, but a tick beside the field comes sooner. */
const FEWEST_PASSPHRASE = 14;
const FEWEST_SECRET = 10;

/** What somebody types who makes an account. */
export class Secrets {
  account = $state("");
  passphrase = $state("");
  again = $state("");
  laptopSecret = $state("");
  readonly longEnough = $derived(Array.from(this.passphrase).length >= FEWEST_PASSPHRASE);
  readonly same = $derived(this.again === this.passphrase);
  readonly secretLongEnough = $derived(Array.from(this.laptopSecret).length >= FEWEST_SECRET);
  readonly complete = $derived(
    this.account.trim() !== "" && this.longEnough && this.same && this.secretLongEnough,
  );

  /** Returns what goes to the office. */
  sent(): Pick<NewAdministrator, "account" | "passphrase" | "laptopSecret"> {
    return {
      account: this.account.trim(),
      passphrase: this.passphrase,
      laptopSecret: this.laptopSecret,
    };
  }

  /** Returns what is wrong with the second passphrase, once it is as long as the first. */
  different(words: Words): string | undefined {
    return !this.same && this.again.length >= this.passphrase.length && this.again !== ""
      ? words.account.different
      : undefined;
  }
}

/** Returns what the office said of a field, in words. */
export function saidOf(words: Words, task: Task, name: string): string | undefined {
  return fieldText(words, task.field(name), name === "laptopSecret");
}
