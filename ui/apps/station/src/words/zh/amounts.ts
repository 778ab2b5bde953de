import { amount, bitsOf, type Unit } from "@kadian/kit";

const UNIT: Record<Unit, string> = { second: "秒", minute: "分钟", hour: "小时", day: "天" };

const SYMPTOM = ["咳嗽", "乏力", "气促", "咽痛", "腹泻", "密接"];

export function span(seconds: number): string {
  const { count, unit } = amount(seconds);
  return `${count} ${UNIT[unit]}`;
}

/** Names at most two symptoms, so that the sentence stays on one line. */
export function symptoms(bits: number): string {
  const names = bitsOf(bits).map((bit) => SYMPTOM[bit] ?? "");
  const first = names.slice(0, 2).join("、");
  return names.length > 2 ? `${first}等 ${names.length} 项` : first;
}
