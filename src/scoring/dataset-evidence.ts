import type { Context, PopulationRecord } from "../core/record.ts";
import type { Dataset, Truth } from "../data/dataset.ts";
import type { FittedMethod } from "../methods/method.ts";
import type { EvidenceName, LabeledTexts, Offered } from "../metrics/evidence.ts";
import { ownerShares } from "./owner-shares.ts";

/** What a dataset tells metrics beside gold. */
export function evidenceOfDataset({ parts }: Pick<Dataset, "parts">): Offered {
  const train = labeledTexts(parts.train);
  return train === null ? {} : { train: () => train };
}

/** Which evidence can be known of methods on a dataset. */
export function knowable({ parts, truth }: Pick<Dataset, "parts" | "truth">): ReadonlySet<EvidenceName> {
  return new Set<EvidenceName>([
    "exemplars",
    ...(labeledTexts(parts.train) === null ? [] : (["train"] as const)),
    ...(truth === null ? [] : (["owner-shares"] as const)),
  ]);
}

/** What is known of how a fitted method's texts were made. @param contexts asked for, one a text. */
export function evidenceOfMethod(fitted: FittedMethod, truth: Truth | null, contexts: readonly Context[]): Offered {
  const shares = { "owner-shares": () => ownerShares(fitted, truth, contexts) };
  const { exemplars } = fitted;
  return exemplars.length === 0 ? shares : { ...shares, exemplars: () => exemplars.map((record) => record.text) };
}

/** Labeled texts of a part, or null when a label is missing. */
function labeledTexts(records: readonly PopulationRecord[]): LabeledTexts | null {
  const labels = records.flatMap((record) => (record.context.label === null ? [] : [record.context.label]));
  if (labels.length === 0 || labels.length < records.length) return null;
  return { texts: records.map((record) => record.text), labels };
}
