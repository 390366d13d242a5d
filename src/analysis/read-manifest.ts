import path from "node:path";
import { z } from "zod";
import { InputError } from "../core/errors.ts";
import type { JsonObject } from "../core/hash.ts";
import type { MetricDescription } from "../metrics/describe.ts";
import type { Spent } from "../models/layers/meter.ts";
import type { Capabilities } from "../models/model.ts";
import { isSealed, readAnyway } from "../storage/sealed.ts";
import type { RunManifest } from "./run-manifest.ts";

const json: z.ZodType<JsonObject> = z.record(z.string(), z.json());
const byDataset = z.record(z.string(), json);
const count = z.number().min(0);
const counted = z.looseObject({ n: count, checksum: z.string() });
const cell = { dataset: z.string(), model: z.string().nullable(), method: z.string() };

/** Members that other folders add to are checked by what their values are, not by their names. */
const everyMember = (of: (value: unknown) => boolean) => (value: unknown) =>
  typeof value === "object" && value !== null && Object.values(value).every(of);
const isCount = (value: unknown): boolean =>
  value === null ||
  typeof value === "string" ||
  typeof value === "boolean" ||
  (typeof value === "number" && value >= 0) ||
  everyMember(isCount)(value);

const schema: z.ZodType<RunManifest> = z.looseObject({
  schema: z.literal(1),
  id: z.string().exactOptional(),
  name: z.string(),
  version: z.string(),
  config: json,
  configHash: z.string(),
  seed: z.number(),
  limited: z.object({ samples: z.number().nullable(), only: z.string().nullable() }).nullable(),
  datasets: z
    .array(
      z.looseObject({
        id: z.string(),
        title: z.string(),
        license: z.string(),
        locator: json,
        parts: z.record(z.string(), counted),
        nearCopies: z.looseObject({ groups: count, records: count, leftOut: count }).nullable(),
        contexts: count,
        asked: counted,
        scoredAgainst: counted,
        truth: z.boolean(),
      }),
    )
    .readonly(),
  models: z
    .array(
      z.looseObject({
        id: z.string(),
        remark: z.string().nullable(),
        caveat: z.string().optional(),
        can: z.custom<Capabilities>(everyMember((value) => typeof value === "boolean")),
        description: byDataset,
        adapted: z.array(z.string()).readonly().exactOptional(),
      }),
    )
    .readonly(),
  encoders: z.array(z.looseObject({ id: z.string(), description: byDataset })).readonly(),
  methods: z
    .array(
      z.looseObject({
        id: z.string(),
        name: z.string(),
        options: json,
        fits: z
          .array(
            z.looseObject({
              dataset: z.string(),
              model: z.string().nullable(),
              realTextsSeen: count,
              pool: count.exactOptional(),
              summary: z.string(),
            }),
          )
          .readonly(),
      }),
    )
    .readonly(),
  metrics: z
    .array(z.custom<MetricDescription>((value) => z.looseObject({ id: z.string() }).safeParse(value).success))
    .readonly()
    .exactOptional(),
  host: json,
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  seconds: z.record(z.string(), count),
  calls: z.custom<Spent>(isCount),
  cells: z
    .array(
      z.looseObject({
        ...cell,
        repeat: count,
        asked: count,
        retried: count,
        cached: count,
        oldestCachedAt: z.string().nullable(),
        reasoned: count,
        failed: count,
        calls: count.exactOptional(),
        callsPerText: count.exactOptional(),
      }),
    )
    .readonly(),
  warnings: z.array(z.string()).readonly(),
  exit: z.number().nullable(),
  files: z.record(z.string(), z.string()).exactOptional(),
});

/** A run's manifest, and whether it is as the run wrote it; one of version 0.1 carries no checksum to tell that by. */
export interface ReadManifest {
  readonly manifest: RunManifest;
  readonly sealed: boolean;
}

/**
 * Reads run.json.
 * @param shown the run's folder as errors name it
 * @throws InputError when it is missing, is no manifest, or is not as it was written
 */
export async function readManifest(runDir: string, shown: string = runDir): Promise<ReadManifest> {
  const file = path.join(shown, "run.json");
  const bytes = await readAnyway(path.join(runDir, "run.json"));
  if (bytes === null) throw new InputError(`${file} is missing: no run's folder.`);
  const sealed = isSealed(bytes);
  const parsed = schema.safeParse(parse(bytes));
  if (parsed.success && (sealed || isOfVersion01(parsed.data))) return { manifest: parsed.data, sealed };
  const [issue] = parsed.success || !sealed ? [] : parsed.error.issues;
  const what =
    issue === undefined
      ? "is damaged: it is not as the run wrote it"
      : `is of another version of mopbench (\`${issue.path.join(".")}\`)`;
  throw new InputError(
    `${file} ${what}; put it back, or start anew with --out: answers that the cache holds are not asked for again.`,
  );
}

/** Whether none of what later versions always write is there. */
function isOfVersion01(manifest: RunManifest): boolean {
  return manifest.id === undefined && manifest.files === undefined && !("checksum" in manifest);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return null;
  }
}
