import { expect, test } from "vitest";
import { roving } from "../src/keyboard/roving";

function list(): HTMLElement {
  const node = document.createElement("ul");
  node.innerHTML = `<li><button data-rove>one</button></li><li><button data-rove data-current>two</button>
    <button>other</button></li><li><button data-rove>three</button></li>`;
  document.body.replaceChildren(node);
  roving()(node);
  return node;
}
const stops = (node: HTMLElement): string[] =>
  [...node.querySelectorAll<HTMLElement>("[data-rove]")]
    .filter((item) => item.tabIndex === 0)
    .map((item) => item.textContent);
const press = (key: string): void => {
  document.activeElement?.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
  );
};

test("a list is one stop of the Tab key, at its current row", () => {
  expect(stops(list())).toEqual(["two"]);
});

test("arrows, Home and End move within a list and do not leave it", () => {
  const node = list();
  node.querySelector<HTMLElement>("[data-current]")?.focus();
  press("ArrowDown");
  expect(document.activeElement?.textContent).toBe("three");
  press("ArrowDown");
  expect(document.activeElement?.textContent).toBe("three");
  press("Home");
  expect(document.activeElement?.textContent).toBe("one");
  expect(stops(node)).toEqual(["one"]);
  press("End");
  expect(stops(node)).toEqual(["three"]);
});

test("a list whose stop is gone has another one", async () => {
  const node = list();
  node.querySelector("[data-current]")?.remove();
  await Promise.resolve();
  expect(stops(node)).toEqual(["one"]);
});
