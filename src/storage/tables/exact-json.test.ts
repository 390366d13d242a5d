import { expect, it, test } from "vitest";
import { parseExactJson } from "./exact-json.ts";

it.each([
  ["9007199254740991", 9007199254740991],
  ["9007199254740993", "9007199254740993"],
  ["-1234567890123456789", "-1234567890123456789"],
  ["0.30000000000000004", 0.30000000000000004],
  ["0.1234567890123456789", "0.1234567890123456789"],
  ["1e999", "1e999"],
  ["1E-999", "1E-999"],
  ["0e9", 0],
  ["0.0000000000000000000001", 1e-22],
  ["2.5e3", 2500],
])("%s is read as %j", (written, value) => {
  expect(parseExactJson(written)).toBe(value);
  expect(parseExactJson(`{"a\\"1e999": [ ${written},${written}]}`)).toEqual({ 'a"1e999': [value, value] });
});

test("digits in texts stay as they are, whatever stands around them", () => {
  const value = {
    a: '1234567890123456789 \\" 1e999, "1234567890123456789"',
    b: "\\",
    "1e999": [1, true, null, "\\\\"],
  };
  expect(parseExactJson(JSON.stringify(value))).toEqual(value);
  const mixed = JSON.stringify({ ...value, id: 0 }).replace('"id":0', '"id":1234567890123456789');
  expect(parseExactJson(mixed)).toEqual({ ...value, id: "1234567890123456789" });
});

it("throws what JSON.parse throws, at the place in the file", () => {
  expect(() => parseExactJson('{"a": 1234567890123456789, b}')).toThrow(/position 27/);
});
