import { type Matrix, row, takeRows, unitRows } from "../../core/matrix.ts";
import type { PopulationRecord } from "../../core/record.ts";
import type { Stream } from "../../core/stream.ts";
import { kmeans } from "../../numerics/kmeans.ts";
import { type DescriptionLimits, describeGroups } from "./describe.ts";
import type { Persona } from "./persona.ts";
import { askForDescriptions, type PersonaWriter } from "./persona-writer.ts";

/** Where persona texts come from. */
export type PersonaSource =
  /** K-means clusters, each described by counting (describe.ts). */
  | { readonly from: "clusters" }
  /** K-means clusters, each described by a model that follows instructions: the paper's way. */
  | { readonly from: "model"; readonly writer: PersonaWriter }
  /** K-means clusters, the records nearest to the center quoted as they are: the paper's ablation without synthesizer. */
  | { readonly from: "records"; readonly quoted: number }
  /** Random groups of equal size, described by counting: the ablation "random personas". */
  | { readonly from: "random" };

const limits: DescriptionLimits = { terms: 12, habits: 4, contexts: 2 };

/**
 * K personas out of the records of train. Largest cluster first; ids `p0`, `p1`, ... in that order.
 * Fewer than K only when K-means leaves clusters empty (fewer distinct texts than K).
 * @param embeddings one row a record, of the text alone (*choice*: personas are about people, not about contexts)
 */
export async function synthesizePersonas(
  records: readonly PopulationRecord[],
  embeddings: Matrix,
  count: number,
  source: PersonaSource,
  random: Stream,
): Promise<readonly Persona[]> {
  const groups =
    source.from === "random" ? randomGroups(records.length, count, random) : clusters(embeddings, count, random);
  const sizes = groups.map((group) => group.length);
  if (source.from === "records") {
    return groups.map((group, k) => {
      const quotes = nearestToCenter(embeddings, group, source.quoted).map((i) => records[i]!);
      const text = `Someone who wrote: ${quotes.map((r) => r.text.trim()).join(" / ")}`;
      return { id: `p${k}`, text, size: sizes[k]!, quotes: quotes.map((r) => r.id) };
    });
  }
  const texts =
    source.from === "model"
      ? await askForDescriptions(
          groups.map((group) => nearestToCenter(embeddings, group, source.writer.examples).map((i) => records[i]!)),
          source.writer,
          random,
        )
      : describeGroups(records, groups, limits);
  return texts.map((text, k) => ({ id: `p${k}`, text, size: sizes[k]!, quotes: [] }));
}

/** Rows are scaled to unit length first, so that K-means measures angles whatever the encoder. */
function clusters(embeddings: Matrix, count: number, random: Stream): number[][] {
  const { labels } = kmeans(unitRows(embeddings), count, random.derive("personas"));
  const groups = Array.from({ length: count }, (): number[] => []);
  for (let i = 0; i < labels.length; i++) groups[labels[i]!]!.push(i);
  return bySize(groups.filter((group) => group.length > 0));
}

function randomGroups(n: number, count: number, random: Stream): number[][] {
  const groups = Array.from({ length: count }, (): number[] => []);
  for (const [at, i] of random.derive("random-personas").permutation(n).entries()) groups[at % count]!.push(i);
  return bySize(groups);
}

function bySize(groups: readonly number[][]): number[][] {
  return [...groups].sort((a, b) => b.length - a.length || a[0]! - b[0]!);
}

/** The members closest in angle to the group's mean; ties by position. */
function nearestToCenter(embeddings: Matrix, group: readonly number[], count: number): number[] {
  const own = unitRows(takeRows(embeddings, group));
  const center = new Float64Array(own.cols);
  for (let i = 0; i < own.rows; i++) for (const [d, value] of row(own, i).entries()) center[d]! += value;
  const closeness = group.map((_, i) => row(own, i).reduce((sum, value, d) => sum + value * center[d]!, 0));
  return group
    .map((_, i) => i)
    .sort((a, b) => closeness[b]! - closeness[a]! || a - b)
    .slice(0, count)
    .map((i) => group[i]!);
}
