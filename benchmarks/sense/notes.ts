/** Above the real encoder's table. */
export const ABOUT_REAL =
  "Metrics of words are as above. Rewritten where `../shared/models` holds the encoder; elsewhere it stays as it was measured.\n";

/** What the tables say in words; the tests beside hold the plain statements. */
export const READING_NOTES = `Numbers move with n and encoder; what follows holds in both tables unless it names one. tests/sense.test.ts checks the plain statements. A
table has hundreds of cells and a spread comes from few draws: a lone \`+\` near three spreads can be chance.

- **Copying looks perfect.** A quarter of the set taken word for word from the exemplars moves no metric but \`memorization\` and \`longest-copy\`:
  exemplars are honest texts. A quarter taken from gold is *rewarded* by \`fid\` and, less, by \`sliced-wasserstein\`. Without \`--exemplars\` the copies looked for are gold's. Halving
  texts raises \`memorization\` too: common phrases fill half of a short text more easily.
- **Collapse** is seen by nearly all metrics of alignment and diversity, repeated with small changes or not; but \`duplicate-rate\` sees exact repetition only,
  and precision, recall, density and coverage hardly see either: they ask whether a place is met, not how often.
- **A missing topic** (14 % of the texts) is the hardest. With embedded:lsa at this n one topic of ten is beyond every metric (\`sliced-wasserstein\` stands at three spreads), and half of them beyond
  \`coverage\` and \`recall\`; \`mmd-rbf\`, \`sliced-wasserstein\`, \`c2st\`, \`fid\` and \`mauve\` find half. all-MiniLM-L6-v2, which knows better what a text is about, finds one topic with
  \`coverage\`, \`mauve\` (all forms) and \`share-js\`, all barely; \`fid\`, \`mmd-rbf\`, \`recall\` and \`vendi\` stay below three spreads. Words do not tell one: topics share most of them.
- **Spread is not place.** \`kl-cosine\`, its reverse, \`js-cosine\`, \`vendi\` and \`aps\` do not move when the whole set is moved elsewhere. They are among the most
  sensitive to what tightens or loosens a set (length above all), and mean nothing about alignment without a metric of place (\`fid\`, \`mmd-rbf\`, \`mauve\`) beside them.
- **Length moves nearly everything**, diversity most of all: half as long gives higher \`distinct\` and lower self-BLEU, twice as long the opposite. Look at
  \`length-gap\` and \`length-js\` first, and compare diversity at equal lengths.
- **Noise and word order.** For embedded:lsa, a bag of words and word pairs, replaced words hardly move \`fid\` at this n, \`mmd-rbf\`, \`sliced-wasserstein\` and \`c2st\` do see them;
  for all-MiniLM-L6-v2 \`fid\` sees them too. Noise looks like diversity to self-BLEU, \`distinct-2\` .. \`-4\`, \`self-repetition\` and \`compression\`, and like honesty to \`longest-copy\`.
  \`distinct-1\` and \`entropy-1\` are blind to word order.
- **Praise for damage** (\`!\`). \`density\` rises when texts crowd into the middle (noise and word order under embedded:lsa, doubling under all-MiniLM-L6-v2); \`longest-copy\` falls
  with anything that breaks phrases. Never rank by one of them alone.
- A metric that moves by many spreads is sensitive, not right: under embedded:lsa \`kl-cosine\` reacts to noise by more than a hundred spreads because honest draws differ so little.
`;

/** What metrics say of real generated texts, measured once: encoding them takes minutes. */
export const REAL_TEXTS = `## Real generated texts, as they are and at equal lengths

What others generated with real models, against what people wrote, all-MiniLM-L6-v2, 1000 texts a side, drawn by seed. Measured where \`../shared\` holds the files;
src/metrics/real-orderings.full.test.ts holds the orders. The generated texts are much shorter than people's (medians of 17 to 81 words against 169 for IMDB), and an
encoder sees that, so everything is scored twice. *At equal lengths*: both sets are sorted by length, paired by rank, and the longer text of each pair is cut after as many
words as the shorter one has. Nothing is left out, where choosing gold texts of the right length would run out of them; cut texts end in the middle of a sentence.

SST-2: people's other half, FewGen, SuperGen.

| metric | as they are | at equal lengths | order |
| --- | --- | --- | --- |
| \`fid\` | 0.089, 0.36, 0.67 | 0.091, 0.37, 0.66 | kept |
| \`mauve\` | 0.999, 0.77, 0.55 | 0.999, 0.77, 0.55 | kept |
| \`mmd-rbf\` | 0.00002, 0.039, 0.125 | 0.00000, 0.042, 0.105 | kept |
| \`kl-cosine\` | 0.003, 0.78, 4.5 | 0.001, 0.97, 3.7 | kept |
| \`recall\` | 0.88, 0.19, 0.01 | 0.88, 0.22, 0.02 | kept |
| \`coverage\` | 0.97, 0.68, 0.44 | 0.97, 0.71, 0.45 | kept |
| \`precision\` | 0.92, 0.94, 0.98 | 0.92, 0.95, 0.99 | **reversed**, both times |
| \`vendi\` (gold 101) | 97, 42, 13 | 100, 42, 14 | kept |

IMDB: people's other half, GPT-2 XL, FuseGen (Llama 2), Llama 2 chat, GPT-3.5: aligned models lie further from people than an old base model.

| metric | as they are | at equal lengths | order |
| --- | --- | --- | --- |
| \`fid\` | 0.076, 0.21, 0.46, 0.53, 0.68 | 0.076, 0.14, 0.46, 0.53, 0.69 | kept |
| \`mauve\` | 0.998, 0.88, 0.58, 0.58, 0.52 | 0.998, 0.96, 0.62, 0.59, 0.53 | kept; as they are FuseGen and Llama 2 are 0.579 and 0.575, a tie |
| \`mmd-rbf\` | 0.00004, 0.019, 0.073, 0.109, 0.144 | 0.00005, 0.007, 0.073, 0.110, 0.140 | kept |
| \`kl-cosine\` | 0.001, 0.20, 3.0, 5.1, 7.2 | 0.001, 0.01, 3.4, 6.1, 8.5 | kept |
| \`sliced-wasserstein\` | 0.0036, 0.013, 0.021, 0.026, 0.030 | 0.0036, 0.008, 0.023, 0.028, 0.031 | kept |
| \`recall\` | 0.82, 0.70, 0.008, 0.005, 0.001 | 0.83, 0.69, 0.018, 0.017, 0.000 | kept; nothing between the last three |
| \`coverage\` | 0.97, **0.58**, 0.64, 0.61, 0.48 | 0.97, 0.88, 0.76, 0.73, 0.60 | **only at equal lengths**: GPT-2 XL's short texts lie beside people's |
| \`c2st\` (chance 0.5) | 0.52, 0.92, 0.985, 0.984, 0.996 | 0.52, 0.75, 0.97, 0.98, 0.996 | kept at equal lengths; a tie as they are |
| \`share-js\` | 0.007, 0.04, 0.24, 0.34, 0.38 | 0.007, 0.05, 0.26, 0.320, 0.318 | kept; at equal lengths the last two tie |
| \`precision\` | 0.82, 0.45, 0.93, 0.97, 0.98 | 0.81, 0.86, 0.98, 0.98, 0.99 | **reversed** at equal lengths: narrow texts in dense places |
| \`density\` | 1.0, 0.4, 5.7, 6.9, 7.8 | 1.0, 0.9, 6.7, 7.6, 10 | **reversed** among generated texts |
| \`vendi\` (gold 62, cut 79 to 89) | 62, 79, 12, 8, 5 | 62, 79, 12, 8, 5 | kept, by distance to gold |

The whole gap of GPT-2 XL to people is a third to two thirds smaller at equal lengths (\`fid\` 0.21 to 0.14, \`kl-cosine\` 0.20 to 0.01); those of the chat models are not: theirs is not length.
\`precision\` and \`density\` must not rank systems without \`recall\` or \`coverage\` beside them.
`;
