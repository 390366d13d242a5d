// A metric: the share of texts that ask something, against people's own share.
//
//   plugins: [./metric.ts]
//   metrics: [fid, question-rate]
import { defineMetric, definePlugin } from "mopbench";

const questionRate = defineMetric({
  id: "question-rate",
  name: "Question rate",
  meaning: "Share of texts that hold a question mark; a question without one goes unseen.",
  group: "diversity",
  better: "gold", // the target is people's own value
  range: [0, 1],
  needs: { texts: true },
  source: "this example",
  notes: {
    defaults: "question marks of Latin, Arabic and East Asian scripts",
    edges: "no text at all: 0",
    notCopied: "-",
  },
  floor: false,
  trials: true, // each text has it or has it not: the interval is a binomial proportion's
  compute: ({ synthetic, gold }) => ({ value: share(synthetic.texts), gold: share(gold.texts) }),
});

function share(texts: readonly string[] | null): number {
  const asked = (texts ?? []).filter((text) => /[?？؟]/u.test(text));
  return asked.length / Math.max(1, texts?.length ?? 0);
}

export default definePlugin({
  name: "example-metric",
  version: "1.0.0",
  metrics: [{ id: "question-rate", load: async () => questionRate }],
});
