import { expect, it } from "vitest";
import { completionsServer } from "./support/completions-server.ts";
import { FAULTS, faults } from "./support/faults.ts";
import { PatientClock } from "./support/patient-clock.ts";
import { storm } from "./support/storm.ts";
import { tinyLlama } from "./support/tiny-llama.ts";

it("loses none of 2000 samples to a server that fails 30 % of its calls, 20 s delays and silence included", async () => {
  const clock = new PatientClock();
  const fault = faults(0.3, { slowMs: 20_000, onSilent: () => clock.addSilent() });
  const server = await completionsServer(tinyLlama(), { intercept: fault.intercept });
  const result = await storm(server.baseUrl, 2000, clock);
  await server.close();
  const failed = [...result.errors.values()].reduce((sum, n) => sum + n, 0);
  expect(result.answered + failed).toBe(2000);
  for (const kind of FAULTS) expect(fault.counts.get(kind) ?? 0, kind).toBeGreaterThan(10);
  expect(result.errors.get("refusal")).toBe(fault.counts.get("refusal"));
  // 0.3^8 of 2000 calls is 0.13: more than two lost to eight failures in a row would be a defect.
  expect(failed - (result.errors.get("refusal") ?? 0)).toBeLessThanOrEqual(2);
});
