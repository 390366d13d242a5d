import { describe, expect, it } from "vitest";
import { duration, Pace } from "./pace-of-work.ts";

describe("Pace", () => {
  it("tells rate and time left once two seconds are seen", () => {
    const pace = new Pace(0);
    pace.at(1000, 5);
    expect(pace.text(95)).toBe("");
    pace.at(2000, 10);
    expect(pace.text(90)).toBe(", 5.0/s, 18 s left");
  });

  it("leaves out what was there at once, as in a resumed run", () => {
    const pace = new Pace(0);
    pace.at(10, 1000);
    pace.at(4010, 1040);
    expect(pace.rate).toBeCloseTo(10, 1);
  });

  it("follows a server that slows down", () => {
    const pace = new Pace(0);
    for (let second = 1; second <= 60; second++) pace.at(second * 1000, second * 100);
    for (let second = 61; second <= 120; second++) pace.at(second * 1000, 6000 + (second - 60));
    expect(pace.rate).toBeCloseTo(1, 1);
  });
});

it("says durations as people do", () => {
  expect([0.2, 59, 240, 7500, 100_000, 360_000].map(duration)).toEqual([
    "1 s",
    "59 s",
    "4 min",
    "2 h 5 min",
    "27 h 47 min",
    "4 d 4 h",
  ]);
});
