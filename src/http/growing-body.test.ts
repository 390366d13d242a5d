import { expect, it } from "vitest";
import { GrowingBody } from "./growing-body.ts";

it("takes a body of a byte a part in no more than twice its own memory", () => {
  const largest = 1_000_000;
  const body = new GrowingBody(largest);
  const first = body.room;
  for (let length = 1; length <= largest; length++) {
    expect(body.add(Uint8Array.of(length))).toBe(true);
    if (body.room > Math.max(first, 2 * length)) throw new Error(`${body.room} bytes are held for ${length}`);
  }
  expect(body.room).toBe(largest);
  expect(body.add(Uint8Array.of(1))).toBe(false);
  expect(Buffer.compare(body.bytes, Buffer.from(Uint8Array.from({ length: largest }, (_, i) => i + 1)))).toBe(0);
});

it("keeps nothing of a part that does not fit", () => {
  const body = new GrowingBody(10);
  expect(body.add(Buffer.from("12345678"))).toBe(true);
  expect(body.add(Buffer.from("abc"))).toBe(false);
  expect(body.add(Buffer.from("90"))).toBe(true);
  expect(body.bytes.toString()).toBe("1234567890");
});
