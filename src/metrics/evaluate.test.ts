import { expect, test } from "vitest";
import { InputError } from "../core/errors.ts";
import { matrix } from "../core/matrix.ts";
import { Stream } from "../core/stream.ts";
import { fakeMetric } from "../testing/metrics/fake.ts";
import { metricInput } from "../testing/metrics/input.ts";
import { evaluate } from "./evaluate.ts";
import { derivedNumber, derivedNumbers, memoOf, restoreMemo } from "./memo.ts";
import type { MetricInput, MetricNeeds, MetricValue } from "./metric.ts";
import { SampleSet } from "./sample-set.ts";
import { selectMetrics } from "./select.ts";

const metric = (id: string, needs: MetricNeeds, compute: (random: Stream) => MetricValue) =>
  fakeMetric(id, (_, random) => compute(random), { needs });

const input = (parts: ConstructorParameters<typeof SampleSet>[0], gold = parts): MetricInput =>
  metricInput(new SampleSet(gold), new SampleSet(parts));

const never = () => {
  throw new Error("computed without what it needs");
};

test("what the input lacks is null with the reason, and nothing is computed", async () => {
  const embeddings = matrix(Float32Array.of(1, 0), 2, 1);
  const texts = ["a", "b"];
  const reason = async (needs: MetricNeeds, sets: MetricInput) => {
    const [result] = await evaluate([metric("m", needs, never)], sets, Stream.root(1));
    expect(result!.value.value).toBeNull();
    return result!.value.reason;
  };
  expect(await reason({ texts: true }, input({ embeddings }))).toMatch(/synthetic and gold texts; only embeddings/);
  expect(await reason({ embeddings: true }, input({ texts }))).toMatch(/name an encoder/);
  expect(await reason({ embeddings: true }, input({ texts, embeddings }, { texts }))).toMatch(/of the gold texts/);
  expect(await reason({ labels: true }, input({ texts, labels: texts }, { texts }))).toMatch(
    /label for each of the gold/,
  );
  expect(await reason({ evidence: ["exemplars"] }, input({ texts }))).toMatch(/exemplars/);
  expect(await reason({ evidence: ["owner-shares"] }, input({ texts }))).toMatch(/know the true personas/);
  expect(await reason({ texts: true }, input({ texts: [] }, { texts }))).toMatch(/no synthetic texts/);
});

test("a result that is no finite number becomes null with a reason", async () => {
  const results = await evaluate(
    [
      metric("nan", {}, () => ({ value: Number.NaN })),
      metric("infinite", {}, () => ({ value: Number.POSITIVE_INFINITY, reason: "No overlap." })),
      metric("gold", {}, () => ({ value: 1, gold: Number.NaN })),
    ],
    input({ texts: ["a"] }),
    Stream.root(1),
  );
  expect(results.map(({ value }) => value)).toEqual([
    { value: null, reason: "The result is NaN." },
    { value: null, reason: "No overlap." },
    { value: 1, gold: null },
  ]);
});

test("a metric's stream depends on its id alone, not on its neighbors", async () => {
  const draw = (id: string) => metric(id, {}, (random) => ({ value: random.next() }));
  const alone = await evaluate([draw("b")], input({ texts: ["a"] }), Stream.root(1));
  const both = await evaluate([draw("a"), draw("b")], input({ texts: ["a"] }), Stream.root(1));
  expect(both[1]!.value).toEqual(alone[0]!.value);
  expect(both[0]!.value).not.toEqual(both[1]!.value);
});

test("groups expand in the registry's order, ids keep theirs, repeats drop", () => {
  const ids = (asked: readonly string[]) => selectMetrics(asked).map(({ id }) => id);
  expect(ids(["length-gap", "distinct", "length-gap", "distinct-2"])).toEqual(["length-gap", "distinct", "distinct-2"]);
  expect(ids(["honesty"])).toEqual(["duplicate-rate", "memorization", "longest-copy", "length-gap"]);
  expect(ids(["longest-copy", "honesty"])[0]).toBe("longest-copy");
  expect(ids(["all"])).toEqual(expect.arrayContaining(ids(["alignment", "diversity", "honesty"])));
  expect(new Set(ids(["all", "diversity"])).size).toBe(ids(["all"]).length);
});

test("an unknown id is refused with the nearest one", () => {
  expect(() => selectMetrics(["self-blue"])).toThrow(InputError);
  expect(() => selectMetrics(["self-blue"])).toThrow(/Did you mean `self-bleu`/);
});

test("numbers of a set are made once, handed out, and restored for equal content", () => {
  let made = 0;
  const twice = derivedNumbers("twice@1", (set) => {
    made += 1;
    return Float64Array.of(set.size, set.size);
  });
  const none = derivedNumber("none@1", () => ({ reason: "There is none." }));
  const set = new SampleSet({ texts: ["a", "b"] });
  expect([...twice(set), ...twice(set)]).toEqual([2, 2, 2, 2]);
  expect(none(set)).toEqual({ reason: "There is none." });
  expect(made).toBe(1);
  expect([...memoOf(set).keys()]).toEqual(["twice@1"]);
  const again = new SampleSet({ texts: ["a", "b"] });
  restoreMemo(again, memoOf(set));
  expect([...twice(again)]).toEqual([2, 2]);
  expect(made).toBe(1);
  restoreMemo(again, new Map([["twice@1", Float64Array.of(7)]]));
  expect([...twice(again)], "what is known already stays").toEqual([2, 2]);
});
