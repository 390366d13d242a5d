import type { Matrix } from "../core/matrix.ts";

/** Labeled texts to train a classifier on. */
export interface LabeledTexts {
  readonly texts: readonly string[];
  readonly labels: readonly string[];
  /** From the same encoder as the sets'; without it a classifier reads words. */
  readonly embeddings?: Matrix | null;
}

/** Who is heard where one context is asked for, as shares of the population's true personas. */
export interface OwnerShares {
  /** The method's exemplar weights, pushed forward to the exemplars' owners. */
  readonly shown: ArrayLike<number>;
  /** The population's own mixture for the context. */
  readonly population: ArrayLike<number>;
}

/** What a metric may ask for beside the two sets, by name. What is offered depends on where texts are scored. */
export interface Evidence {
  /** Texts that the prompts could show. */
  readonly exemplars: readonly string[];
  /** The labeled texts of the training part. */
  readonly train: LabeledTexts;
  /** One entry a synthetic text, for the context it answers. */
  readonly "owner-shares": readonly OwnerShares[];
}

export type EvidenceName = keyof Evidence;

/** Why there is nothing. */
export interface NoValue {
  readonly reason: string;
}

/** Gives what is asked for, or the reason why it is not known. */
export type EvidenceSource = <Name extends EvidenceName>(name: Name) => Evidence[Name] | NoValue;

/** How one place comes by what it knows; what is left out is not known there. */
export type Offered = { readonly [Name in EvidenceName]?: () => Evidence[Name] | NoValue };

/** Why evidence is missing where nobody offers it, and what it is called in the docs. */
const KINDS: { readonly [Name in EvidenceName]: { readonly label: string; readonly missing: string } } = {
  exemplars: { label: "exemplars", missing: "Needs the exemplars that prompts could show." },
  train: { label: "labeled training texts", missing: "Needs training texts with class labels." },
  "owner-shares": { label: "true personas", missing: "Only datasets made for it know the true personas." },
};

export const evidenceLabel = (name: EvidenceName): string => KINDS[name].label;

/**
 * A source of what is offered: each is computed once, when first asked for.
 * @example
 * const evidence = evidenceOf({ exemplars: () => shownTexts }); // in the test of a metric that asks for exemplars
 */
export function evidenceOf(offered: Offered): EvidenceSource {
  const known: { [Name in EvidenceName]: Evidence[Name] | NoValue | undefined } = {
    exemplars: undefined,
    train: undefined,
    "owner-shares": undefined,
  };
  return <Name extends EvidenceName>(name: Name) => {
    const give: (() => Evidence[Name] | NoValue) | undefined = offered[name];
    const found: Evidence[Name] | NoValue = known[name] ?? give?.() ?? { reason: KINDS[name].missing };
    known[name] = found;
    return found;
  };
}

/**
 * Whether evidence is not there.
 * @example
 * const shown = evidence("exemplars");
 * if (isMissing(shown)) return { value: null, reason: shown.reason };
 */
export function isMissing(value: Evidence[EvidenceName] | NoValue): value is NoValue {
  return "reason" in value;
}
