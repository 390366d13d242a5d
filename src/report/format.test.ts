import { describe, expect, it } from "vitest";
import { decimalsFor, duration, fixed, percent, shortened, signed, slug, whole } from "./format.ts";

describe("numbers as texts", () => {
  it("gives a column the decimals its numbers need", () => {
    expect(decimalsFor([0.452, 0.071])).toBe(3);
    expect(decimalsFor([66.2, 21])).toBe(1);
    expect(decimalsFor([1.083, 0.048])).toBe(3);
    expect(decimalsFor([0.7, 0.0041])).toBe(4);
    expect(decimalsFor([512, null])).toBe(0);
    expect(decimalsFor([0.0033, 0])).toBe(4);
    expect(decimalsFor([0.00012])).toBe(5);
    expect(decimalsFor([0, null])).toBe(3);
  });

  it("writes them with true minus signs and no negative zero", () => {
    expect(fixed(-0.0712, 3)).toBe("\u22120.071");
    expect(fixed(-0.0001, 3)).toBe("0.000");
    expect(signed(0.0123, 3)).toBe("+0.012");
    expect(signed(0.0001, 3)).toBe("0.000");
    expect(whole(1234567)).toBe("1,234,567");
    expect(percent(0.004)).toBe("< 1 %");
    expect(percent(0)).toBe("0 %");
    expect([duration(4.23), duration(65), duration(7_260)]).toEqual(["4.2 s", "1 min 5 s", "2 h 1 min"]);
  });

  it("cuts texts at code points and makes ids of names", () => {
    expect(shortened("ab\u{1F600}cd", 3)).toBe("ab\u{1F600}\u2026");
    expect(shortened("abc", 3)).toBe("abc");
    expect(slug("table", "my data", null)).toBe("table--my-data--none");
  });
});
