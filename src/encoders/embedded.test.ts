import { describe, expect, it } from "vitest";
import { row } from "../core/matrix.ts";
import { embedded } from "./embedded.ts";

const topics = [
  ["coffee", "cup", "barista", "espresso", "beans", "milk"],
  ["train", "ticket", "platform", "delay", "seat", "station"],
  ["garden", "roses", "bench", "pond", "ducks", "path"],
];
const texts = Array.from({ length: 90 }, (_, i) => {
  const words = topics[i % 3]!;
  return `the ${words[i % 5]} and the ${words[(i + 2) % 6]} near a ${words[(i + 3) % 6]}`;
});
const background = texts.map((text, i) => ({ id: String(i), context: { text: "", label: null }, text }));
const environment = { id: "embedded:lsa", background, env: {}, baseDir: ".", offline: true, storeDir: null };
const make = () => embedded.bind({ name: "lsa", dimensions: 8 }).create(environment);

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  for (const [j, value] of a.entries()) dot += value * b[j]!;
  return dot;
}

describe("embedded:lsa", () => {
  it("puts texts of one topic nearer than texts of two", async () => {
    const encoder = await make();
    const m = await encoder.encode(["espresso and milk", "a cup for the barista", "delay at the station"]);
    expect(cosine(row(m, 0), row(m, 1))).toBeGreaterThan(cosine(row(m, 0), row(m, 2)) + 0.3);
  });

  it.each([
    ["Chinese", ["咖啡", "奶茶", "杯子", "老板", "早餐"], ["火车", "车票", "站台", "晚点", "座位"], "我喜欢", "很不错"],
    ["Thai", ["กาแฟ", "น้ำชา", "ถ้วย", "ขนมปัง", "มื้อเช้า"], ["รถไฟ", "ตั๋ว", "สถานี", "ล่าช้า", "ที่นั่ง"], "ฉันชอบ", "ดีมาก"],
  ])("reads a language without spaces: %s", async (_, drinks, trains, before, after) => {
    const say = (words: readonly string[], i: number) =>
      `${before}${words[i % 5]}${after}${words[(i * 2 + 1) % 5]}${words[(i * 3 + 2) % 5]}`;
    const written = Array.from({ length: 60 }, (_, i) => say(i % 2 === 0 ? drinks : trains, i));
    const background = written.map((text, i) => ({ id: String(i), context: { text: "", label: null }, text }));
    const encoder = await embedded.bind({ name: "lsa", dimensions: 8 }).create({ ...environment, background });
    const asked = [
      `${drinks[0]}${drinks[3]}`,
      `${drinks[3]}${after}${drinks[4]}${drinks[0]}`,
      `${trains[3]}${after}${trains[4]}`,
    ];
    const m = await encoder.encode(asked);
    expect(cosine(row(m, 0), row(m, 1))).toBeGreaterThan(cosine(row(m, 0), row(m, 2)) + 0.3);
  });

  it("gives unit rows, the same in every process and batch; unknown and empty texts too", async () => {
    const [one, two] = [await make(), await make()];
    const asked = ["roses by the pond", "", "zzz qqq"];
    const a = await one.encode(asked);
    const b = await two.encode(["train", ...asked]);
    for (const i of [0, 1, 2]) {
      expect(row(a, i)).toEqual(row(b, i + 1));
      expect(cosine(row(a, i), row(a, i))).toBeCloseTo(1, 6);
    }
    expect(one.fingerprint).toBe(two.fingerprint);
  });

  it("shrinks to what the texts carry and refuses a single text", async () => {
    const wide = await embedded.bind({ name: "lsa", dimensions: 512 }).create(environment);
    expect(wide.width).toBeLessThan(90);
    const alone = { ...environment, background: background.slice(0, 1) };
    await expect(embedded.bind({ name: "lsa" }).create(alone)).rejects.toThrow(/at least 2/);
  });
});
