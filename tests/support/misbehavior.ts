import type { Stream } from "../../src/core/stream.ts";

/** Statuses that servers, proxies and their mistakes give. */
export const STATUSES = [
  200, 200, 200, 201, 202, 203, 204, 205, 206, 226, 299, 300, 301, 302, 303, 304, 307, 308, 399, 400, 401, 402, 403,
  404, 405, 406, 408, 409, 410, 413, 415, 418, 421, 422, 424, 425, 426, 429, 431, 451, 499, 500, 501, 502, 503, 504,
  505, 507, 511, 520, 521, 522, 523, 524, 525, 529, 530, 598, 599, 600, 777, 999,
] as const;

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

/** Bodies in place of the sound one; some are the sound one in another dress, which may be read. */
export const BODIES: Readonly<Record<string, (sound: string, random: Stream) => Buffer>> = {
  sound: (sound) => Buffer.from(sound),
  "a value changed": (sound, random) => json(spoiled(JSON.parse(sound), random)),
  "two values changed": (sound, random) => json(spoiled(spoiled(JSON.parse(sound), random), random)),
  empty: () => Buffer.alloc(0),
  null: () => Buffer.from("null"),
  "an empty list": () => Buffer.from("[]"),
  "an empty object": () => Buffer.from("{}"),
  "a text": () => json("timeout"),
  "a number": () => Buffer.from("1e999"),
  "no choices": () => json({ choices: [], data: [], usage: null }),
  "choices of null": () => json({ choices: [null], data: [null], details: null }),
  cut: (sound, random) => Buffer.from(sound.slice(0, random.int(sound.length))),
  "cut within a character": (sound) => Buffer.concat([Buffer.from(sound.slice(0, 40)), Buffer.from([0xe6, 0x97])]),
  garbage: (_, random) => Buffer.from(Array.from({ length: 300 }, () => random.int(256))),
  "two answers": (sound) => Buffer.from(`${sound}\n${sound}`),
  "a comma too many": (sound) => Buffer.from(sound.replace(/\}$/, ",}")),
  NaN: (sound) => Buffer.from(sound.replace(/-?\d+\.\d+/, "NaN")),
  "keys doubled, the sound last": (sound) =>
    Buffer.from(sound.replace(/^\{/, '{"choices": null, "data": 7, "details": [],')),
  "keys doubled, the sound first": (sound) =>
    Buffer.from(sound.replace(/\}$/, ', "choices": null, "data": 7, "details": []}')),
  "equal indices": (sound) => Buffer.from(sound.replaceAll(/"index":\d/g, '"index":0')),
  "log-probabilities above zero": (sound) =>
    Buffer.from(sound.includes("logprob") ? sound.replaceAll(/-(\d+\.\d+)/g, "$1") : sound),
  "one log-probability above zero": (sound) =>
    Buffer.from(sound.includes("logprob") ? sound.replace(/(,|"logprob":)-(\d+\.\d+)/, "$1$2") : sound),
  "more tokens than were asked for": (sound) =>
    Buffer.from(sound.replace(/"completion_tokens":\d+/, '"completion_tokens":9')),
  "a byte order mark": (sound) => Buffer.from(`\ufeff${sound}`),
  "UTF-16": (sound) => Buffer.from(sound, "utf16le"),
  "a stream of events": (sound) => Buffer.from(`data: ${sound}\n\ndata: [DONE]\n\n`),
  "white space around": (sound) => Buffer.from(`\r\n\t ${sound}\n\n `),
  "a lone surrogate": () => Buffer.from('{"error": {"message": "\\ud800 timeout", "code": "\\udfff"}}'),
  "a page": () => Buffer.from("<!doctype html><title>504 Gateway Time-out</title>"),
  "a page of a firewall": () => Buffer.from("<html><body>Request blocked; timed out</body></html>"),
  "a proxy's words": () => Buffer.from("upstream request timeout"),
  "an error's text": () => json({ error: "Request timed out." }),
  "an error": () => json({ error: { message: "timed out", type: "timeout", code: null, param: null } }),
  "an error of quota": () => json({ error: { message: "none", code: "insufficient_quota" } }),
  "an error of rate": () => json([{ error: { message: "slow down", status: "RESOURCE_EXHAUSTED", code: 429 } }]),
  "an error in detail": () => json({ detail: [{ loc: ["body", "seed"], msg: "no", type: "extra_forbidden" }] }),
  "an error about max_tokens": () =>
    json({ error: { message: "Unsupported parameter: max_tokens", param: "max_tokens" } }),
  "an error of odd types": () =>
    json({ error: { message: [1, { a: null }], code: {}, type: 7, param: [], detail: "x" } }),
  "an error in a choice": () => json({ choices: [{ error: { message: "upstream timed out", code: 502 } }] }),
  "an error nested deep": () => Buffer.from(`{"error": {"message": ${deep(60_000)}}}`),
  "lists nested deep": () => Buffer.from(deep(60_000)),
  prototypes: () =>
    Buffer.from('{"__proto__": {"choices": []}, "constructor": {"prototype": 1}, "error": {"__proto__": 1}}'),
  "more than is read": () => Buffer.alloc(10 * 1024 * 1024 + 1, " "),
  "a long error": () => json({ error: { message: "x".repeat(1e6), code: "y".repeat(1e6), param: "z".repeat(1e6) } }),
};

/** Headers that come with it. */
export const HEADERS: Readonly<Record<string, readonly string[]>> = {
  none: [],
  "the usual": ["content-type: application/json"],
  "text/html": ["content-type: text/html; charset=utf-8"],
  "a charset": ["content-type: application/json; charset=utf-16"],
  "no type": ["content-type: "],
  "wait for seconds": ["retry-after: 2"],
  "wait for a date": ["retry-after: Fri, 31 Dec 9999 23:59:59 GMT"],
  "wait for long": ["retry-after: 1e9"],
  "wait for nothing": ["retry-after: -5"],
  "wait oddly": ["retry-after: soon", "retry-after: 7", "retry-after-ms: NaN"],
  elsewhere: ["location: https://user:pw@elsewhere.example/v1?key=1"],
  nowhere: ["location: http://"],
  "other characters": ["x-note: \u65e5\u672c", "x-\u00e9: \u00ff"],
  "names of objects": ["constructor: 1", "__proto__: 2", "tostring: 3"],
  many: Array.from({ length: 500 }, (_, i) => `x-${i}: ${i}`),
  "claims gzip": ["content-encoding: gzip"],
  "claims what nobody knows": ["content-encoding: sdch, \u00ff"],
  "claims identity": ["content-encoding: identity"],
};

/** Values of a wrong type or out of all range: none could be taken for what stood there. */
const WRONG: readonly unknown[] = [null, true, [], {}, 1e39, [[7]], { error: "timed out" }];

/** A JSON value with one part of it replaced, taken away or doubled, in a way that no reader could take for sound. */
function spoiled(value: unknown, random: Stream): unknown {
  if (Array.isArray(value)) {
    const at = value.length === 0 ? 0 : random.int(value.length);
    const within = value.length > 0 && random.int(4) > 0;
    // A token of a prefill more or less shows by nothing.
    if (within || isShown(value[at])) return value.with(at, spoiled(value[at], random));
    return random.pick([value.toSpliced(at, 1), value.toSpliced(at, 0, value[at]), random.pick(WRONG)]);
  }
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value);
    if (keys.length === 0) return random.pick(WRONG);
    const key = random.pick(keys);
    const entries = Object.entries(value);
    if (random.int(6) === 0) return Object.fromEntries(entries.filter(([name]) => name !== key));
    return Object.fromEntries(entries.map(([name, part]) => [name, name === key ? spoiled(part, random) : part]));
  }
  return random.pick(typeof value === "string" ? WRONG : [...WRONG, "NaN", ""]);
}

function isShown(part: unknown): boolean {
  return typeof part === "object" && part !== null && "logprob" in part;
}
