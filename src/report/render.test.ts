import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import papaparse from "papaparse";
import { beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../core/errors.ts";
import { HOSTILE, writeTestRun } from "../testing/run-folder.ts";
import { testFolder } from "../testing/test-folder.ts";
import { builtInFormats, renderReport } from "./render.ts";

const dir = testFolder();
let html: string;
const read = (name: string) => readFile(path.join(dir, name), "utf8");

beforeAll(async () => {
  await writeTestRun(dir, { hostileId: "=x|<b>&{{y}}" });
  await renderReport(dir, builtInFormats.names);
  html = await read("report/index.html");
});

/** What the HTML says without its markup. */
const textOf = (page: string) =>
  page
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&#x3D;/g, "=")
    .replace(/&#x27;/g, "'")
    .replace(/&#x60;/g, "`")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");

describe("the HTML report", () => {
  it("is one file: no script, nothing fetched, no handler", () => {
    expect(html).not.toMatch(/<script|<link|<iframe|<object|<embed|@import|\son\w+=/i);
    expect(html).not.toMatch(/(?:src|href)="(?!#)/);
    expect(html).not.toMatch(/url\(/);
    expect(html).toContain("default-src 'none'");
  });

  it("closes every element it opens", () => {
    const open: string[] = [];
    const empty = new Set(["meta", "br", "img", "hr", "input", "link"]);
    for (const [tag, end, name = "", self] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/gi)) {
      if (self === "/" || empty.has(name)) continue;
      if (end === "/") expect([open.pop(), tag]).toEqual([name, tag]);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  it("gives every id once, and every link within the page a place to go", () => {
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
  });

  it("leads with an answer for each encoder, model and tier", () => {
    const answer = textOf(html.slice(html.indexOf('id="answer"'), html.indexOf('id="tables--townsquare"')));
    expect(answer.match(/judged by \S+/g)).toEqual([
      "judged by embedded:lsa",
      "judged by transformers:all-MiniLM-L6-v2",
    ]);
    expect(answer.match(/Closest to real people|No method is detectably closer/g)).toHaveLength(8);
    expect(answer).toContain("embedded:small (toy)");
    expect(html.indexOf('id="answer"')).toBeLessThan(html.indexOf("<table"));
  });

  it("says in every table which encoder judged, how many texts, and that a toy wrote them", () => {
    const captions = [...html.matchAll(/<caption id="table[^>]*>([\s\S]*?)<\/caption>/g)].map(([, text = ""]) =>
      textOf(text),
    );
    expect(captions).toHaveLength(6);
    for (const caption of captions) {
      expect(caption).toMatch(/\(toy\)\s*, (judged by \S+|words only, no encoder)/);
      expect(caption).toContain("n = 400 against 400 of people; mean of 3 repeats");
    }
  });

  it("says which share of the answers was retried, cached, reasoned about or failed, and that a cost is unknown", async () => {
    const calls = textOf(html.slice(html.indexOf('id="calls"'), html.indexOf("Settings and versions")));
    expect(calls.replace(/\s+/g, " ")).toMatch(/400 3 % 25 % 2026-11-20T09:00:00.000Z 10 % < 1 %/);
    const settings = textOf(html.slice(html.indexOf("Settings and versions"))).replace(/\s+/g, " ");
    expect(settings).toMatch(/cost unknown/);
    expect(await read("report/report.md")).toMatch(/^\| mop \|.* 400 \| 3 % \| 25 % \| 2026\S+ \| 10 % \|/m);
  });

  it("footnotes what has no value, with its reason", () => {
    expect(html).toMatch(/none<sup>a<\/sup>/);
    expect(textOf(html)).toContain("a  zero-shot and persona show no exemplars");
  });

  it("shows hostile texts as they are, escaped", () => {
    const shown = HOSTILE.replace("\u0007", "\\u0007");
    expect(textOf(html)).toContain(shown.slice(0, 60));
    expect(html).toContain("{{constructor}}");
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(textOf(html)).toContain("=x|<b>&{{y}}");
  });

  it("names failed calls, personas and exemplars beside the samples", () => {
    const text = textOf(html);
    expect(text).toContain("No answer: timeout: no answer within 60 s");
    expect(text).toMatch(/persona: persona-3\s+shown: townsquare-100/);
  });

  it("labels every chart and map for those who do not see it", () => {
    const figures = [...html.matchAll(/<figure[^>]*>[\s\S]*?<svg([^>]*)>/g)];
    expect(figures.length).toBeGreaterThan(30);
    for (const [, attributes = ""] of figures) expect(attributes).toMatch(/role="img" aria-label="[^"]{20,}"/);
  });
});

describe("training curves", () => {
  it("are drawn where an artifact holds one", () => {
    expect(html).toContain("Training curve of mop on embedded:large (toy), townsquare.");
  });
});

describe("the other formats", () => {
  it("writes Markdown whose tables keep their columns, whatever the texts hold", async () => {
    const lines = (await read("report/report.md")).split("\n");
    const columns = (line: string) => line.replace(/\\\|/g, "").split("|").length;
    let width = 0;
    for (const line of lines) {
      if (!line.startsWith("|")) width = 0;
      else if (width === 0) width = columns(line);
      else expect([columns(line), line]).toEqual([width, line]);
    }
    expect(lines.join("\n")).not.toMatch(/<script|(?<!\\)`code/);
  });

  it("writes CSV that is read back, without formulas", async () => {
    const parsed = papaparse.parse<Record<string, string>>(await read("results.csv"), {
      header: true,
      skipEmptyLines: true,
    });
    expect(parsed.errors).toEqual([]);
    const results = JSON.parse(await read("results.json"));
    expect(parsed.data).toHaveLength(results.rows.length);
    expect(parsed.data.some(({ method }) => method === "'=x|<b>&{{y}}")).toBe(true);
    expect(Number(parsed.data[0]?.value)).toBe(results.rows[0].value);
  });

  it("writes LaTeX with balanced braces and no command of a text", async () => {
    const tex = (await read("report/tables.tex")).replace(/\\[{}]/g, "");
    let depth = 0;
    for (const character of tex) {
      depth += character === "{" ? 1 : character === "}" ? -1 : 0;
      expect(depth).toBeGreaterThanOrEqual(0);
    }
    expect(depth).toBe(0);
    expect(tex).toContain("=x\\textbar{}\\textless{}b\\textgreater{}\\&y");
  });

  it("writes JUnit with a case for every cell", async () => {
    const junit = await read("report/junit.xml");
    expect(junit.match(/<testcase /g)).toHaveLength(36);
    expect(junit).toContain('tests="36" skipped="0" errors="0"');
    expect(junit).toContain('name="=x|&lt;b&gt;&amp;{{y}}, repeat 0"');
  });
});

describe("names that change the direction of reading, and controls", () => {
  it("stand in no format as they are", async () => {
    const odd = testFolder();
    await writeTestRun(odd, { hostileId: "\u202egpj\u2066\u0000\u009b\ud800\u2028" });
    for (const file of await renderReport(odd, ["html", "md", "csv", "tex", "junit"])) {
      const text = await readFile(file, "utf8");
      expect(text, file).not.toMatch(/[\p{Cs}\u202a-\u202e\u2066-\u2069\u2028]|(?![\n\t])\p{Cc}/u);
      expect(text, file).toMatch(/(?:\\|textbackslash\{\})u202egpj/);
    }
    expect(html).toContain("unicode-bidi: isolate");
  });
});

describe("a floor that is not worse than every method", () => {
  it("is said before the answers and before the table, and no such method is named", async () => {
    const low = testFolder();
    await writeTestRun(low, { lowFloor: true });
    await renderReport(low, builtInFormats.names);
    const said =
      /cannot tell here: people's words in random order \(0\.\d+\) score no worse than persona \(0\.\d+\) and zero-shot/g;
    const page = textOf(await readFile(path.join(low, "report/index.html"), "utf8")).replace(/\s+/g, " ");
    const report = (await readFile(path.join(low, "report/report.md"), "utf8")).replaceAll("\\", "");
    const tex = (await readFile(path.join(low, "report/tables.tex"), "utf8")).replace(/\s+/g, " ");
    for (const text of [page, report]) {
      expect(text.match(said)).toHaveLength(8); // two models, two encoders: the answer and the table
      expect(text.search(said)).toBeLessThan(text.indexOf("No method is named: the nearest, persona"));
      const table = text.lastIndexOf("cannot tell here");
      expect(table).toBeLessThan(text.indexOf("n = 400 against 400", table));
    }
    expect(tex.match(said)).toHaveLength(4);
    for (const text of [textOf(html), await read("report/report.md")]) expect(text).not.toContain("cannot tell here");
  });
});

describe("renderReport", () => {
  it("says at the top that a run was limited", async () => {
    const limited = testFolder();
    await writeTestRun(limited, { limited: true });
    const [file] = await renderReport(limited, ["md"]);
    expect((await readFile(file!, "utf8")).slice(0, 300)).toContain("This is a limited run: only 40 samples a cell");
  });

  it("refuses a folder without a finished run", async () => {
    const empty = testFolder();
    await expect(renderReport(empty, ["html"])).rejects.toThrow(InputError);
    await writeFile(path.join(empty, "run.json"), "{}");
    await expect(renderReport(empty, ["html"])).rejects.toThrow(/run\.json is damaged/);
  });
});
