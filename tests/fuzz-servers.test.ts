import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CallError, InputError } from "../src/core/errors.ts";
import type { Stream } from "../src/core/stream.ts";
import { huggingface as huggingfaceEncoder } from "../src/encoders/huggingface.ts";
import { openai as openaiEncoder } from "../src/encoders/openai.ts";
import { type Clock, systemClock } from "../src/http/clock.ts";
import { RateLimiters } from "../src/http/rate-limiter.ts";
import { huggingface } from "../src/models/huggingface/huggingface.ts";
import { layered } from "../src/models/layers/layered.ts";
import { probing } from "../src/models/layers/probing.ts";
import type { BaseModel } from "../src/models/model.ts";
import { openai } from "../src/models/openai/openai.ts";
import { callServices } from "../src/testing/call-services.ts";
import { type CompletionsServer, completionsServer, sendJson } from "./support/completions-server.ts";
import { drawOf, drawsOf } from "./support/draws.ts";
import { type EmbeddingsServer, embeddingsServer } from "./support/embeddings-server.ts";
import { FRAMINGS } from "./support/framings.ts";
import { BODIES, HEADERS, STATUSES } from "./support/misbehavior.ts";
import { tinyLlama } from "./support/tiny-llama.ts";
import { type RawRequest, type Wire, type WireServer, wireServer } from "./support/wire.ts";

const model = tinyLlama();
const attempts = 2;
const backoff = { first: 1, longest: 2 };

/** How one server misbehaves. */
interface Case {
  readonly name: string;
  readonly operation: keyof typeof OPERATIONS;
  readonly status: number;
  readonly headers: keyof typeof HEADERS;
  readonly body: keyof typeof BODIES;
  readonly framing: keyof typeof FRAMINGS;
  /** Every answer is so; else only the first to each question, and the second is sound. */
  readonly always: boolean;
  readonly random: Stream;
}

/** A case while it runs: its clock rings when the server has said that no more will come. */
class Running {
  readonly case: Case;
  readonly asked = new Map<string, number>();
  readonly #alarms = new Set<() => void>();
  readonly clock: Clock = {
    now: systemClock.now,
    wait: async (_ms, signal) => signal?.throwIfAborted(), // what the server asks to be waited
    alarm: (_ms, late) => {
      this.#alarms.add(late);
      return () => void this.#alarms.delete(late);
    },
  };

  constructor(one: Case) {
    this.case = one;
  }

  readonly ring = () => {
    setImmediate(() => {
      for (const late of [...this.#alarms]) late();
    });
  };
}

const content = { context: { text: "", label: null }, persona: null, exemplars: [] };
const prompt = { content, instruction: "Write.", persona: "", example: "", task: "Say something:", hash: "h" };
const decoding = { temperature: 1, topP: 1, maxTokens: 6 };
const CONTINUATION = "the soup was fine";
const environment = { id: "m", dataset: "d", background: [], env: {}, baseDir: ".", offline: false };

/** A model with the layers of a run around it. */
async function open(provider: typeof openai, options: object, clock: Clock, probed = false): Promise<BaseModel> {
  const services = callServices({ limiters: new RateLimiters(clock), attempts, backoff, wait: clock.wait });
  const probe = probed ? probing(services, undefined) : undefined;
  return layered(await provider.bind({ model: "tiny", ...options }).create({ ...environment, probe }), services);
}

async function draw(opened: Promise<BaseModel>): Promise<unknown> {
  return (await (await opened).generate({ prompt, decoding, seed: 5, sampleIndex: 0 })).text;
}

/** null: the model says that it cannot score, or that it scores behind another token than usual. */
async function scoreOf(opened: Promise<BaseModel>): Promise<unknown> {
  const { score, scoring } = await opened;
  if (score === undefined || scoring?.begin != null) return null;
  return (await score({ prompt, continuation: CONTINUATION, end: false })).total.toFixed(6);
}

async function rowsOf(provider: typeof openaiEncoder, options: object, clock: Clock): Promise<unknown> {
  const bound = provider.bind({ model: "m", attempts, normalize: false, ...options });
  const encoder = await bound.create({ ...environment, storeDir: null, backoff, clock });
  return [...(await encoder.encode(["one two", "three"])).data].join();
}

/** What is asked of a server, and what it says in the end, in a form that can be compared. `url` has no route. */
const OPERATIONS = {
  "openai chat": (url: string, clock: Clock) => draw(open(openai, { baseUrl: `${url}/v1`, scoring: "none" }, clock)),
  "openai completions": (url: string, clock: Clock) =>
    draw(open(openai, { baseUrl: `${url}/v1`, api: "completions", scoring: "none" }, clock)),
  "openai score": (url: string, clock: Clock) => scoreOf(open(openai, { baseUrl: `${url}/v1` }, clock)),
  "openai probe": (url: string, clock: Clock) => scoreOf(open(openai, { baseUrl: `${url}/v1` }, clock, true)),
  "huggingface chat": (url: string, clock: Clock) =>
    draw(open(huggingface, { endpointUrl: url, scoring: "none" }, clock)),
  "huggingface score": (url: string, clock: Clock) => scoreOf(open(huggingface, { endpointUrl: url }, clock)),
  "huggingface probe": (url: string, clock: Clock) => scoreOf(open(huggingface, { endpointUrl: url }, clock, true)),
  "openai encode": (url: string, clock: Clock) => rowsOf(openaiEncoder, { baseUrl: `${url}/v1` }, clock),
  "huggingface encode": (url: string, clock: Clock) => rowsOf(huggingfaceEncoder, { endpointUrl: url }, clock),
};

const keys = <Key extends string>(of: Readonly<Record<Key, unknown>>) =>
  Object.keys(of).filter((key): key is Key => key in of);

/** Each way once, all else sound; then ways drawn together. */
const EACH: readonly Partial<Case>[] = [
  ...keys(FRAMINGS).map((framing) => ({ framing })),
  ...keys(BODIES).map((body) => ({ body })),
  ...keys(HEADERS).map((headers) => ({ headers })),
  ...[...new Set(STATUSES)].map((status) => ({ status })),
];

function caseOf(index: number): Case {
  const random = drawOf("servers", index);
  const sound: Pick<Case, "status" | "headers" | "body" | "framing"> = {
    status: 200,
    headers: "the usual",
    body: "sound",
    framing: "sized",
  };
  // Half of each is sound: of several faults the first one met hides the others.
  const drawn = {
    status: random.int(2) === 0 ? 200 : random.pick(STATUSES),
    headers: random.int(2) === 0 ? sound.headers : random.pick(keys(HEADERS)),
    body: random.int(2) === 0 ? "a value changed" : random.pick(keys(BODIES)),
    framing: random.int(2) === 0 ? sound.framing : random.pick(keys(FRAMINGS)),
  };
  const one = {
    operation: random.pick(keys(OPERATIONS)),
    always: random.int(2) === 0,
    ...(EACH[index] === undefined ? drawn : { ...sound, ...EACH[index] }),
  };
  const name = `${index}: ${one.operation}, ${one.status}, headers ${one.headers}, body ${one.body}, ${one.framing}, ${one.always ? "always" : "once"}`;
  return { ...one, name, random };
}

let sound: { readonly completions: CompletionsServer; readonly embeddings: EmbeddingsServer };
let server: WireServer;
const running = new Map<string, Running>();
const remembered = new Map<string, Promise<string>>();

beforeAll(async () => {
  const completions = await completionsServer(model, {
    intercept(request, body, response) {
      if (request.url !== "/generate") return false;
      const ids = model.tokenize(JSON.parse(body).inputs);
      const rows = model.forward(ids);
      const prefill = ids.map((id, i) => ({ id, text: model.piece(id), logprob: i === 0 ? null : rows[i - 1]![id]! }));
      sendJson(response, 200, { generated_text: "x", details: { prefill } });
      return true;
    },
  });
  sound = { completions, embeddings: await embeddingsServer() };
  server = await wireServer(answer);
});
afterAll(async () => {
  server.close();
  sound.embeddings.close();
  await sound.completions.close();
});

/** What a sound server says to a request, asked for once. */
function soundly(route: string, body: string): Promise<string> {
  const key = `${route} ${body}`;
  const known = remembered.get(key) ?? fetch(upstreamOf(route), { method: "POST", body }).then((reply) => reply.text());
  remembered.set(key, known);
  return known;
}

function upstreamOf(route: string): string {
  const { completions, embeddings } = sound;
  return route === "" || route === "/" || route.endsWith("/embeddings")
    ? `${embeddings.url}${route}`
    : `${completions.baseUrl.replace("/v1", "")}${route}`;
}

async function answer({ path, body }: RawRequest, wire: Wire): Promise<void> {
  const [, id = "", route = ""] = /^\/(\d+|sound)(.*)$/.exec(path) ?? [];
  const text = await soundly(route, body);
  const one = running.get(id);
  const before = one?.asked.get(body) ?? 0;
  one?.asked.set(body, before + 1);
  if (one === undefined || (before > 0 && !one.case.always)) {
    FRAMINGS.sized!({ status: 200, headers: [], body: Buffer.from(text) }, wire, () => {}, drawOf("sound", 0));
    return;
  }
  const { status, headers, random } = one.case;
  const own = random.derive(body, before);
  const reply = { status, headers: HEADERS[headers]!, body: BODIES[one.case.body]!(text, own) };
  FRAMINGS[one.case.framing]!(reply, wire, one.ring, own);
}

const RIGHT = "the right answer";
const FAILED = "a failure that says what is wrong";

/** What a case came to: the right answer, a failure that may be, or what is wrong, which names the case. */
async function outcomeOf(index: number, expected: ReadonlyMap<string, unknown>): Promise<string> {
  const one = new Running(caseOf(index));
  const { name, operation } = one.case;
  running.set(String(index), one);
  const hung = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error("it hangs")), 30_000);
    timer.unref();
  });
  try {
    const value = await Promise.race([
      OPERATIONS[operation](`http://127.0.0.1:${server.port}/${index}`, one.clock),
      hung,
    ]);
    const right = value === expected.get(operation) || (value === null && operation.endsWith("probe"));
    return right ? RIGHT : `${name}: gave ${String(value)} for ${String(expected.get(operation))}`;
  } catch (error) {
    const typed = error instanceof CallError || error instanceof InputError;
    if (typed && error.message.length < 600) return FAILED;
    return `${name}: threw ${error instanceof Error ? (error.stack ?? error.message).slice(0, 600) : String(error)}`;
  } finally {
    running.delete(String(index));
  }
}

describe("servers that misbehave", { timeout: 600_000 }, () => {
  it("give the right answer in the end, or a failure that says what is wrong", async () => {
    const expected = new Map<string, unknown>();
    for (const operation of keys(OPERATIONS))
      expected.set(operation, await OPERATIONS[operation](`http://127.0.0.1:${server.port}/sound`, systemClock));
    expect([...expected.values()]).not.toContain(null);
    const cases = drawsOf({ quick: EACH.length, full: 3000 });
    const outcomes = new Map<string, number>();
    let next = 0;
    const work = async () => {
      while (next < cases) {
        const outcome = await outcomeOf(next++, expected);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
    expect([...outcomes.keys()].filter((outcome) => outcome !== RIGHT && outcome !== FAILED)).toEqual([]);
    for (const outcome of [RIGHT, FAILED]) expect(outcomes.get(outcome) ?? 0).toBeGreaterThan(cases / 5);
  });
});
