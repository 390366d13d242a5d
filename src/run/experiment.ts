import type { Item } from "../config/named.ts";
import type { Named } from "../core/definition.ts";
import type { JsonObject } from "../core/hash.ts";
import type { Decoding } from "../core/sample.ts";
import type { Dataset, DatasetEnvironment } from "../data/dataset.ts";
import type { Encoder, EncoderEnvironment } from "../encoders/encoder.ts";
import type { Method, MethodEnvironment } from "../methods/method.ts";
import type { Metric } from "../metrics/metric.ts";
import type { Budget } from "../models/layers/budget.ts";
import type { BaseModel, ModelEnvironment } from "../models/model.ts";
import type { PromptTemplates } from "../prompts/prompt.ts";
import type { Tokenizer } from "../text/tokenizer.ts";

/** How an experiment differs from what its config says. Every member may be left out. */
export interface Overrides {
  /** At most so many samples a cell. */
  readonly limit?: number | undefined;
  /** Only these cells, as `method=mop,model=x`. */
  readonly only?: string | undefined;
  /** Instead of the config's. */
  readonly seed?: number | undefined;
  readonly concurrency?: number | undefined;
  /** Refuse every call out. @default false */
  readonly offline?: boolean | undefined;
  /** Use and keep no answers and no embeddings of other runs. @default false */
  readonly noCache?: boolean | undefined;
}

/** A config with every name resolved and flags applied: what the engine runs. */
export interface Experiment {
  readonly name: string;
  readonly baseDir: string;
  readonly seed: number;
  readonly samples: number;
  readonly repeats: number;
  readonly datasets: readonly Item<Named<DatasetEnvironment>, Dataset>[];
  readonly models: readonly Item<Named<ModelEnvironment>, BaseModel>[];
  readonly encoders: readonly Item<Named<EncoderEnvironment>, Encoder>[];
  readonly methods: readonly Item<Named<MethodEnvironment>, Method>[];
  /** In the order asked for, then those always added. */
  readonly metrics: readonly Metric[];
  /** Added for datasets that know the evidence they need, unless asked for. */
  readonly whereKnown: readonly Metric[];
  readonly primary: Metric;
  /** What metrics of words cut texts with. */
  readonly tokenizer: Tokenizer;
  readonly decoding: Decoding;
  readonly prompts: Partial<PromptTemplates>;
  readonly maxErrorRate: number;
  readonly concurrency: number;
  readonly offline: boolean;
  readonly attempts: number;
  readonly budget: Budget;
  /** Replace personal data before prompts leave the process, with the national phone numbers of these countries; null: no. */
  readonly redact: { readonly countries?: readonly string[] } | null;
  readonly cacheMode: "use" | "refresh" | "off";
  readonly limited: { readonly samples: number | null; readonly only: string | null } | null;
  /** As resolved, for run.json. */
  readonly resolved: JsonObject;
  /** Hash of what decides the results. */
  readonly configHash: string;
}
