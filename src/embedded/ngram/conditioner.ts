import type { PopulationRecord, PromptContent } from "../ports.ts";
import { type Component, Conditioning } from "./conditioning.ts";
import { encode } from "./decoder.ts";
import { ExemplarCache } from "./exemplar-cache.ts";
import type { Choice, Gate } from "./gate.ts";
import { Lru } from "./lru.ts";
import { RELIEF, WEIGHTS } from "./settings.ts";
import type { Trained } from "./train.ts";

/** Turns what a prompt says into the tables to read and the weights to begin with. */
export class Conditioner {
  readonly gate: Gate;
  readonly #trained: Trained;
  readonly #collapse: number;
  readonly #conditionings = new Lru<string, Conditioning>(4096);
  readonly #caches = new Lru<string, ExemplarCache>(4096);

  constructor(trained: Trained, gate: Gate, collapse: number) {
    this.#trained = trained;
    this.gate = gate;
    this.#collapse = collapse;
  }

  /** Equal contents give equal conditionings; the ones used last are kept. */
  condition(content: PromptContent): Conditioning {
    const { context, persona, exemplars } = content;
    const key = [context.text, context.label ?? "\u0001", persona ?? "\u0001"];
    for (const exemplar of exemplars)
      key.push(exemplar.context.text, exemplar.context.label ?? "\u0001", exemplar.text);
    return this.#conditionings.getOrMake(key.join("\u0000"), () => this.#condition(content));
  }

  #condition(content: PromptContent): Conditioning {
    const { persona, exemplars } = content;
    const experts: number[] = [];
    const writer = this.gate.writer(persona, exemplars);
    const collapse = this.#collapse * RELIEF ** writer.told;
    const components: Component[] = [
      ...this.#open(content, writer.manners, experts).map((component) => ({
        ...component,
        weight: component.weight * (1 - collapse),
      })),
      ...(collapse > 0 ? [{ ...this.#mainstream(content, experts), weight: collapse }] : []),
    ];
    const cache = exemplars.length === 0 ? null : this.#cache(exemplars);
    return new Conditioning(this.#trained.parts.tables, experts, components, cache);
  }

  /** The components without the collapse, weights summing to one: general, task, manners. The second is the task's first. */
  #open(content: PromptContent, manners: Choice | null, experts: number[]): Component[] {
    const tasks = this.#tasks(content, experts);
    const styles: Component[] = [];
    manners?.clusters.forEach((m, i) => {
      const known = this.#trained.manners[m]!;
      // A manner that is no text's likeliest has no table.
      if (known < 0) return;
      const cursor = experts.push(known);
      // Under the narrowest of several facets, so that a manner learned elsewhere does not carry its subjects along.
      const { stack } = tasks[0]!;
      const at = stack.length > 2 ? stack.length - 1 : stack.length;
      styles.push({ stack: [...stack.slice(0, at), cursor, ...stack.slice(at)], weight: manners.weights[i]! });
    });
    const styled = styles.reduce((sum, { weight }) => sum + weight, 0);
    const forStyles = styled > 0 ? (1 - WEIGHTS.general) * WEIGHTS.manners : 0;
    const forTasks = 1 - WEIGHTS.general - forStyles;
    return [
      { stack: [0], weight: WEIGHTS.general },
      ...tasks.map(({ stack, weight }) => ({ stack, weight: weight * forTasks })),
      ...styles.map(({ stack, weight }) => ({ stack, weight: (weight / styled) * forStyles })),
    ];
  }

  /** The facets of the context in one stack; where contexts have none, the likeliest topics; else the general table alone. */
  #tasks({ context, persona, exemplars }: PromptContent, experts: number[]): Component[] {
    const facets = this.gate.facets(context);
    if (facets.length > 0) {
      return [{ stack: [0, ...facets.map((f) => experts.push(this.#trained.facets[f]!))], weight: 1 }];
    }
    if (this.#trained.topics.length === 0) return [{ stack: [0], weight: 1 }];
    const { clusters, weights } = this.gate.topics(context, persona, exemplars);
    return clusters.map((t, i) => ({ stack: [0, experts.push(this.#trained.topics[t]!)], weight: weights[i]! }));
  }

  /** The mainstream of the task, standing on the task's own component. */
  #mainstream({ context, persona, exemplars }: PromptContent, experts: number[]): Omit<Component, "weight"> {
    const { mainstream, mainstreamFacets, mainstreamTopics } = this.#trained;
    const stack = [experts.push(mainstream)];
    const add = (expert: number | undefined) => {
      if (expert !== undefined && expert >= 0) stack.push(experts.push(expert));
    };
    const narrowest = this.gate.facets(context).at(-1);
    if (narrowest !== undefined) add(mainstreamFacets[narrowest]);
    else if (mainstreamTopics.length > 0) {
      add(mainstreamTopics[this.gate.topics(context, persona, exemplars).clusters[0]!]);
    }
    return { stack, over: 1 };
  }

  #cache(exemplars: readonly PopulationRecord[]): ExemplarCache {
    const { parts, rarity } = this.#trained;
    const key = exemplars.map((exemplar) => exemplar.text).join("\u0000");
    return this.#caches.getOrMake(key, () => {
      const texts = exemplars.map((exemplar) => encode(exemplar.text, parts.vocabulary).ids);
      return new ExemplarCache(texts, rarity, parts.vocabulary);
    });
  }
}
