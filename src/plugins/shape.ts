import { z } from "zod";
import type { Plugin } from "./plugin.ts";

const entry = z.object({
  id: z.string().min(1),
  load: z.custom((value) => typeof value === "function", "no function"),
});
const entries = z.array(entry).optional();

/** What a plug-in is, as far as it can be seen before anything of it is loaded. */
const shape = z.strictObject({
  name: z.string().min(1),
  version: z.string().min(1),
  metrics: entries,
  methods: entries,
  models: entries,
  encoders: entries,
  datasets: entries,
  formats: entries,
  commands: entries,
} satisfies Record<keyof Plugin, z.ZodType>);

/** Why something is no plug-in, a sentence a fault ("`metric`: Unrecognized key"); none: it is one. */
export function faultsOfShape(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null)
    return ["it is no plug-in: make it with definePlugin({ name, version, ... })."];
  const issues = shape.safeParse(value).error?.issues ?? [];
  return issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => `it has a key \`${key}\`; a plug-in has ${Object.keys(shape.shape).join(", ")}.`)
      : [`\`${issue.path.join(".")}\`: ${issue.message}.`],
  );
}
