import { expect, it } from "vitest";
import { serverUrl } from "./server-options.ts";

const refusal = (url: string) => serverUrl.safeParse(url).error?.issues[0]?.message ?? null;

it.each(["http://127.0.0.1:8000/v1", "https://api.example/openai/v1/"])("takes %s", (url) => {
  expect(refusal(url)).toBeNull();
});

it.each(["http://a.example/v1?key=1", "http://a.example/v1?", "http://a.example/v1#top", "http://a.example/#"])(
  "refuses %s: a route put behind it would be part of the query",
  (url) => {
    expect(refusal(url)).toMatch(/without `\?` and `#`/);
  },
);

it.each(["ftp://a.example", "a.example/v1", "http://user:pw@a.example/v1"])("refuses %s", (url) => {
  expect(refusal(url)).not.toBeNull();
});
