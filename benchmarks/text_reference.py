"""Times the reference packages of the text metrics; benchmarks/text.ts runs it and prints the ratios.

usage: python text_reference.py TEXTS.json   (a list of texts)
Prints one JSON object: name -> {"seconds", "n", "value"}; a package that is not installed is left out. Sizes are cut to what
each package can do in a few seconds; the caller scales by the package's own growth and says so.
"""

import gzip
import json
import os
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")


def timed(function, repeats):
    seconds = []
    value = None
    for _ in range(repeats):
        start = time.process_time()
        value = function()
        seconds.append(time.process_time() - start)
    return sorted(seconds)[len(seconds) // 2], value


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        texts = json.load(file)
    tokens = [text.split() for text in texts]
    found = {}

    def keep(name, n, function, repeats=3):
        seconds, value = timed(function, repeats)
        found[name] = {"seconds": seconds, "n": n, "value": value}

    try:
        from fast_bleu import SelfBLEU

        weights = {n: tuple(1 / n for _ in range(n)) for n in (2, 3, 4, 5)}

        def fast():
            scores = SelfBLEU(tokens, weights).get_score()
            return sum(scores[4]) / len(tokens)

        keep("fast-bleu", len(tokens), fast)
    except ImportError:
        pass

    try:
        from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

        few = tokens[:300]
        smooth = SmoothingFunction().method1

        def nltk_bleu():
            scores = [
                sentence_bleu(few[:i] + few[i + 1 :], text, smoothing_function=smooth) for i, text in enumerate(few)
            ]
            return sum(scores) / len(few)

        keep("nltk", len(few), nltk_bleu, 1)
    except ImportError:
        pass

    try:
        from rouge_score.rouge_scorer import RougeScorer

        scorer = RougeScorer(["rougeL"], use_stemmer=False)
        few_texts = texts[:100]

        def rouge():
            total = 0.0
            for i, a in enumerate(few_texts):
                for j, b in enumerate(few_texts):
                    if i != j:
                        total += scorer.score(a, b)["rougeL"].fmeasure
            return total / (len(few_texts) * (len(few_texts) - 1))

        keep("rouge-score", len(few_texts), rouge, 1)
    except ImportError:
        pass

    joined = " ".join(texts).encode("utf-8")
    keep("gzip", len(texts), lambda: len(joined) / len(gzip.compress(joined, 9)))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
