import { probeKind } from "../calls/probe.ts";
import type { BaseModel, Capabilities, Probe, ProbedServer, ProbeRequest } from "../model.ts";
import { type Sending, sendingLayers } from "./layered.ts";
import { through } from "./through.ts";

/** What is known of a model before its server was asked. */
const NOTHING: Capabilities = {
  chat: false,
  completion: false,
  promptLogprobs: false,
  endLogprobs: false,
  seed: false,
  instructions: false,
};

/**
 * How servers are asked what they can do, through the layers that every call to them passes.
 * @param signal fires when the user asks to stop
 */
export function probing(services: Sending, signal: AbortSignal | undefined): Probe {
  const layers = sendingLayers(services);
  return async <Found>({ id, profile }: ProbedServer, request: ProbeRequest<Found>) => {
    const generate: BaseModel["generate"] = () => Promise.reject(new TypeError(`\`${id}\` is not open yet.`));
    const unknown = { id, can: NOTHING, remark: null, description: {}, profile, generate };
    const { outcome } = await through(unknown, layers).call(probeKind<Found>(), { ...request, signal });
    if ("refusal" in outcome) throw outcome.refusal;
    return outcome.found;
  };
}
