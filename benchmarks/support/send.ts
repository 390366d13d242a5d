// Sends requests through every layer to a server and prints what that took, in a process of its own: send.mjs BASE_URL REQUESTS IN_FLIGHT
import { RateLimiters } from "../../src/http/rate-limiter.ts";
import { layered } from "../../src/models/layers/layered.ts";
import { Meter } from "../../src/models/layers/meter.ts";
import { openai } from "../../src/models/openai/openai.ts";
import { promptOf } from "../../src/prompts/prompt.ts";
import { measure } from "./measure.ts";

const [baseUrl, requests, inFlight] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];

async function send(): Promise<void> {
  const environment = { id: "stub", dataset: "d", background: [], env: {}, baseDir: ".", offline: false };
  const options = { model: "stub", baseUrl, concurrency: inFlight, scoring: "none" };
  const model = layered(await openai.bind(options).create(environment), {
    meter: new Meter(),
    limiters: new RateLimiters(),
    attempts: 8,
    cache: null,
    cacheMode: "use",
    recording: null,
    redact: null,
    offline: false,
    now: Date.now,
  });
  const content = { context: { text: "", label: null }, persona: null, exemplars: [] };
  const task = "Write one short review of a place in town.";
  const prompt = promptOf(content, { instruction: "", persona: "", example: "", task });
  const decoding = { temperature: 1, topP: 1, maxTokens: 40 };
  let next = 0;
  const worker = async () => {
    while (next < requests) {
      const index = next++;
      await model.generate({ prompt, decoding, seed: index, sampleIndex: index });
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

const timing = await measure(send);
console.log(JSON.stringify({ ...timing, megabytes: process.resourceUsage().maxRSS / 1024 }));
