import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { CallError } from "../core/errors.ts";
import { Secrets, secretsOf, whyNotSearched } from "./secrets.ts";

const KEY = `sk-Äb"c\\d/e&f'1<2>+3`;
const secrets = new Secrets([{ value: KEY, shown: "[key]" }]);

/** As Python's `quote` does it: all but what never needs it. */
const quoted = (text: string) =>
  encodeURIComponent(text).replace(/[!()*']/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const unicode = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** How servers and proxies repeat a key. */
const FORMS: Readonly<Record<string, string>> = {
  "as it is": KEY,
  "in JSON": JSON.stringify(KEY),
  "in JSON of PHP": JSON.stringify(KEY).replaceAll("/", "\\/"),
  "in JSON of Python": JSON.stringify(KEY).replace("Ä", "\\u00c4"),
  "in JSON in JSON": JSON.stringify(JSON.stringify(KEY)),
  "in a URL": encodeURIComponent(KEY),
  "in a URL, in lower case": encodeURIComponent(KEY).replace(/%../g, (code) => code.toLowerCase()),
  "in a URL, with slashes": quoted(KEY).replaceAll("%2F", "/"),
  "in a URL, all of it": quoted(KEY),
  "in a URL in a URL": quoted(quoted(KEY)),
  "in JSON in a URL": encodeURIComponent(JSON.stringify(KEY).slice(1, -1)),
  "in JSON of .NET": JSON.stringify(KEY).replace(/[+&<>'Ä]/g, (c) => unicode(c).toUpperCase().replace("U", "u")),
  "in JSON of .NET, quotes too": KEY.replace(/["+&<>'Ä\\]/g, (c) => unicode(c).toUpperCase().replace("U", "u")),
  "in JSON of Go": JSON.stringify(KEY).replace(/[&<>]/g, unicode),
  "in JSON, all of it": KEY.replace(/./gu, unicode),
  "in JSON of PHP in JSON": JSON.stringify(KEY).replaceAll("/", "\\/").replaceAll("\\", "\\\\"),
  "in JSON in JSON in JSON": JSON.stringify(JSON.stringify(JSON.stringify(KEY))).replace(/^["\\]+|["\\]+$/g, ""),
  "as Python's repr": KEY.replaceAll("\\", "\\\\").replace("Ä", "\\xc4"),
  "as Python's repr of bytes": KEY.replaceAll("\\", "\\\\").replace("Ä", "\\xc3\\x84"),
  "in HTML, decimal": KEY.replace(/[^a-z\d]/gi, (c) => `&#${c.charCodeAt(0)};`),
  "in HTML, hexadecimal": KEY.replace(/[^a-z\d]/gi, (c) => `&#x${c.charCodeAt(0).toString(16).toUpperCase()};`),
  "in HTML by names": KEY.replace("Ä", "&Auml;").replace("+", "&plus;").replace("/", "&sol;"),
  "in HTML in HTML": KEY.replace("&", "&amp;amp;").replace("+", "&amp;#43;"),
  "in base64 with line breaks": Buffer.from(KEY).toString("base64").replace(/.{12}/g, "$&\r\n"),
  "in base64 of JSON": Buffer.from(JSON.stringify(KEY)).toString("base64"),
  "in HTML": `${KEY.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#39;")}`,
  "in base64": Buffer.from(KEY).toString("base64"),
  "in base64 for URLs": Buffer.from(KEY).toString("base64url"),
  "as a password": Buffer.from(`:${KEY}`).toString("base64"),
  "as a user's password": Buffer.from(`me:${KEY}`).toString("base64"),
  "as a user": Buffer.from(`${KEY}:`).toString("base64"),
  "in base64 of Latin-1": Buffer.from(`user:${KEY}`, "latin1").toString("base64"),
};

describe("Secrets", () => {
  it.each(Object.entries(FORMS))("finds a key %s", (_, form) => {
    for (const hidden of [secrets.inText(`not ${form}, no`), secrets.inMessage(`not ${form}, no`)]) {
      expect(hidden).toMatch(/^not (?:["\\]{0,3}|[\w+/]{1,4})\[key\]["\\=]{0,3}, no$/);
      expect(hidden.length).toBeLessThan(20);
    }
  });

  it("finds a key of any length, and shows it as one", () => {
    const long = Array.from({ length: 60 }, (_, i) => createHash("sha512").update(`${i}`).digest("base64")).join(".");
    const found = new Secrets([{ value: long, shown: "[key]" }]);
    expect(found.inText(`not ${long}, no`)).toBe("not [key], no");
    expect(found.inText(`not ${quoted(long)}, no`)).toBe("not [key], no");
    expect(found.inText(`not ${Buffer.from(long).toString("base64")}, no`)).toBe("not [key], no");
  });

  it.each(["x", "\\", "%25", "&amp;amp;", "%5c", "\\u00", "sk-", KEY.slice(0, -1)])(
    "reads 10 MB of `%s` once",
    (piece) => {
      const text = piece.repeat(10_000_000 / piece.length);
      const many = new Secrets(
        [KEY, `a${"\\".repeat(100)}b`, `a${"%25".repeat(40)}`].map((value) => ({ value, shown: "[key]" })),
      );
      expect(many.inText(text) === text).toBe(true);
    },
  );

  it("finds it in parsed JSON, in names too, and hands on the same value where there is none", () => {
    expect(secrets.inJson({ a: [1, null, `x ${KEY}`], [KEY]: { b: KEY } })).toEqual({
      a: [1, null, "x [key]"],
      "[key]": { b: "[key]" },
    });
    const other = { a: [1, null, "x"], b: { c: true } };
    expect(secrets.inJson(other)).toBe(other);
  });

  it("leaves out what is nested deeper than it looks, instead of believing it", () => {
    let deep: unknown = KEY;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(JSON.stringify(secrets.inJson(deep))).not.toContain("sk-");
  });

  it("tells from the text alone that JSON holds no key, unless something is escaped in it", () => {
    const plain = new Secrets([{ value: "sk-sentinel-1", shown: "[key]" }]);
    expect(plain.absentFrom('{"a": "b"}')).toBe(true);
    expect(plain.absentFrom('{"a": "sk-sentinel-1"}')).toBe(false);
    expect(plain.absentFrom('{"a": "\\u0073k-sentinel-1"}')).toBe(false);
  });

  it.each(["e", "tea", "EMPTY", "Password", "not-needed", "12345678"])(
    "leaves `%s` in answers, and takes it out of messages as a word",
    (word) => {
      const weak = new Secrets([{ value: word, shown: "[key]" }]);
      const answer = `tea, please: EMPTY seed ${word}`;
      expect(weak.inJson({ answer })).toEqual({ answer });
      expect(weak.inMessage(`wrong: ${word}.`)).toBe("wrong: [key].");
      expect(weak.inMessage(`wrong: x${word}x`)).toBe(`wrong: x${word}x`);
    },
  );

  it("says which keys those are", () => {
    expect(whyNotSearched("tea")).toMatch(/fewer than 8/);
    expect(whyNotSearched("not-needed")).toMatch(/ordinary word/);
    expect(whyNotSearched("sk-12345")).toBeNull();
    expect(whyNotSearched("abcdefghijklmnop")).toBeNull();
  });

  it("shows what a config takes from the environment by its name, whichever secret holds the other", () => {
    const both = secretsOf(
      { variables: { BASE: "https://h.example/tok-81f2e0aa/v1", TOKEN: "tok-81f2e0aa" } },
      "sk-1234567",
    );
    expect(both.inMessage("https://h.example/tok-81f2e0aa/v1/chat, tok-81f2e0aa, sk-1234567")).toBe(
      `$\{BASE}/chat, $\{TOKEN}, [key]`,
    );
  });

  it("finds what a config takes from the environment as an address holds it", () => {
    const value = 'Tok-9Zq"7|x\\Y8a';
    const found = secretsOf({ variables: { TOK: value, HOST: "Tenant-71C2.Example.COM" } }, null);
    const { pathname, hostname } = new URL(`http://Tenant-71C2.Example.COM/${value}/v1`);
    expect(pathname).not.toContain(value);
    expect(found.inText(`no route ${pathname} at ${hostname}`)).toBe(`no route /$\{TOK}/v1 at $\{HOST}`);
  });

  it("leaves of an error its message and stack, and of its causes no more", () => {
    const cause = Object.assign(new TypeError(`no ${KEY}`, { cause: new Error(KEY) }), {
      headers: { authorization: KEY },
    });
    const error = secrets.inError(new CallError("network", `not ${KEY}`, { cause, retryable: true }));
    expect(error).toMatchObject({ message: "not [key]", kind: "network", retryable: true });
    expect(error.cause).toMatchObject({ name: "TypeError", message: "no [key]" });
    const shown = inspect(error, { depth: 9 }) + String(error.stack);
    expect(shown).not.toContain("sk-");
    expect(shown).toContain("secrets.test.ts");
  });
});
