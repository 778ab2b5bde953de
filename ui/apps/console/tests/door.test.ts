import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import { Problem } from "../src/backend/problem";
import { arrived, open, press, settled, type } from "./play";

const SECRET = "sample passphrase";

async function credentials(passphrase = SECRET): Promise<void> {
  await type("账号", "sample.admin");
  await type("密码", passphrase);
  await type("动态码（6 位）", "123456");
}

async function makeAccount(): Promise<void> {
  await type("账号", "jia.sample");
  await type("电脑口令，至少 10 个字符", "sample secret");
  await type("密码，至少 14 个字符", SECRET);
  await type("再输一次", SECRET);
}

test("whoever signs in comes to the page that was asked for", async () => {
  await open("#/audit");
  await credentials();
  await press("登录");
  expect(await screen.findByRole("heading", { level: 1, name: "审计日志" })).toBeTruthy();
});

test("a wrong try shows the growing wait, and keeps account and passphrase", async () => {
  await open("#/people");
  await credentials("wrong");
  await press("登录");
  expect((await screen.findByRole("alert")).textContent).toContain("账号、密码或动态码不对");
  expect(await screen.findByRole("button", { name: "1 秒后再试" })).toHaveProperty("disabled", true);
  expect(screen.getByLabelText("账号")).toHaveProperty("value", "sample.admin");
  expect(screen.getByLabelText("动态码（6 位）")).toHaveProperty("value", "");
});

test("a word from the page takes the place of the code", async () => {
  const signIn = vi.fn((given: unknown) =>
    Promise.reject(new Problem("wrong-credentials", { detail: String(given) })),
  );
  await open("#/people", { signIn });
  await type("账号", "sample.admin");
  await type("密码", SECRET);
  await press("改用纸上的一次性口令");
  await type("一次性口令", " amber-17-lotus ");
  await press("登录");
  expect(signIn).toHaveBeenCalledWith({
    account: "sample.admin",
    passphrase: SECRET,
    word: "amber-17-lotus",
  });
});

test("digits in full width are digits, and nothing else is", async () => {
  await open("#/people");
  await type("动态码（6 位）", "１２３ 4x56789");
  expect(screen.getByLabelText("动态码（6 位）")).toHaveProperty("value", "123456");
});

test("a session that ends leads to the sign-in, and back to the page afterwards", async () => {
  let ended = false;
  const office = await open("?as=district#/people", {
    stations: () => Promise.reject(new Problem("signed-out")),
    audit: () => {
      if (ended) throw new Error("never");
      return Promise.reject(new Problem("signed-out"));
    },
  });
  location.hash = "#/audit?region=990101001";
  expect(await screen.findByRole("heading", { level: 1, name: "登录" })).toBeTruthy();
  expect(screen.getByText(/会话已结束。登录后回到刚才的页面/)).toBeTruthy();
  ended = true;
  expect(location.hash).toBe("#/audit?region=990101001");
  await office.signOut();
});

test("an office that does not answer is said to, and asked again", async () => {
  let calls = 0;
  await open("#/people", {
    firstStart: () => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Problem("unreachable")) : Promise.resolve(null);
    },
  });
  expect(screen.getByRole("alert").textContent).toContain("后台没有回答");
  await press("再试一次");
  expect(await screen.findByRole("heading", { level: 1, name: "登录" })).toBeTruthy();
});

test("a first start goes from the word to the desk, and writes nothing before it is told to", async () => {
  const office = await open("?first=locked#/first-start");
  await type("启动口令", "wrong");
  await press("开始");
  expect(await screen.findByText("口令不对。")).toBeTruthy();
  expect(screen.getByText(/还能试 4 次/)).toBeTruthy();
  await type("启动口令", "sample");
  await press("开始");

  await fireEvent.click(await screen.findByLabelText("试用部署"));
  expect((await office.firstStart())?.state).toBe("trust");
  await press("建试用部署");

  await waitFor(() => screen.getByLabelText("姓名"));
  expect(screen.getByText("试用")).toBeTruthy();
  await type("姓名", "样例甲");
  await type("手机号", "13800000001");
  await makeAccount();
  await press("下一步");
  await screen.findByLabelText(/再输入 6 位动态码/);
  await type(/再输入 6 位动态码/, "000000");
  await press("建立账号");
  expect(await screen.findByText("动态码不对，等下一个再试。")).toBeTruthy();
  await type(/再输入 6 位动态码/, "123456");
  await press("建立账号");

  await waitFor(() => screen.getByLabelText("入哪个社区"));
  await type("工作站", "样例 01");
  await press("签发");
  expect(await screen.findByText("样例 01 的入网票")).toBeTruthy();
  await press("进入后台");
  expect(await screen.findByRole("heading", { level: 1, name: "工作站" })).toBeTruthy();
});

test("a field that the office refuses says why beside it, and what was typed stays", async () => {
  await open("?first=administrator#/first-start");
  await type("姓名", "样例甲");
  await type("手机号", "13800000001");
  await makeAccount();
  await type("账号", "X");
  await type("密码，至少 14 个字符", "aaaaaaaaaaaaaa");
  await type("再输一次", "aaaaaaaaaaaaaa");
  await press("下一步");
  expect(await screen.findByText("太常见，容易被猜到。")).toBeTruthy();
  const account = screen.getByLabelText("账号");
  expect(account.getAttribute("aria-invalid")).toBe("true");
  expect(account).toHaveProperty("value", "X");
});

test("whoever has no authenticator gets words once, before going on", async () => {
  await open("?first=administrator#/first-start");
  await type("姓名", "样例甲");
  await type("手机号", "13800000001");
  await makeAccount();
  await press("下一步");
  await screen.findByText("打印一页一次性口令");
  await press("打印一页一次性口令");
  expect(await screen.findByText("amber-17-lotus")).toBeTruthy();
  await press("已经收好");
  expect(await screen.findByLabelText("入哪个社区")).toBeTruthy();
});

test("an invitation from an address opens, leaves the address, and makes an account", async () => {
  await open("#/invitation/SAMPLE-0001");
  expect(await screen.findByText("样例甲，你好")).toBeTruthy();
  await waitFor(() => expect(location.hash).toBe("#/invitation"));
  await makeAccount();
  await type(/再输入 6 位动态码/, "123456");
  await press("接受并登录");
  await arrived("#/board");
  expect(screen.getByRole("heading", { level: 1, name: "实时看板" })).toBeTruthy();
});

test("an invitation that is over or unknown says so", async () => {
  await open("#/invitation");
  await type("邀请口令", "EXPIRED");
  await press("打开邀请");
  expect(await screen.findByText("邀请已过期，请邀请人再发一次。")).toBeTruthy();
  await type("邀请口令", "nobody");
  await press("打开邀请");
  expect(await screen.findByText(/没有这份邀请，或已经用过/)).toBeTruthy();
  await settled();
});
