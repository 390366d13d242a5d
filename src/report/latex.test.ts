import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { Stream } from "../core/stream.ts";
import { writeTestRun } from "../testing/run-folder.ts";
import { testFolder } from "../testing/test-folder.ts";
import { latex } from "./latex.ts";
import { renderReport } from "./render.ts";

const NAMES: readonly string[] = [
  "[b]names",
  "]x[",
  "*starred",
  "[2em]\\\\[1em]",
  "\u202egpj.exe",
  "\ufffd",
  "\u0000nul",
  "a\u001b[31m",
  "\u{1f469}\u{1f3fd}\u200d\u{1f4bb} emoji",
  "\u4e2d\u6587 \u30ac \u0e44\u0e17\u0e22 \u05e9\u05dc\u05d5\u05dd \u0627\u0644",
  "caf\u00e9 na\u00efve \u0141\u00f3d\u017a \u0105 \u0111 \u00df \u00c5 \u1ec7",
  "x\u0302 \u0301 q\u0301\u0323 \u0489 a\u036f",
  "50 % of $x_1$ & #1 ~ ^ {y} \\input{/etc/passwd}",
  "^^M^^41\\catcode`\\%=12",
  "-- --- `` '' ?` !` << >> \"a\" |b|",
  "\u2212\u2191\u2193\u2192\u2026\u2013\u2014\u2018\u2019\u201c\u201d\u00a0\u00b7\u20ac\u03b1",
  "\ud800 half",
  "a\n\nb\tc\u2028d\u2029e\u0085f",
  "&".repeat(30),
  "\\end{document}",
  "%",
  "",
];

/** What plain LaTeX takes: ASCII, and commands of its kernel with their braces. */
const SIGN =
  /[A-Za-z0-9 .,:;!?()+=/@~'`-]|\{\}|\{[[\]*]\}|\\[{}$&%#_]|\\(?:text[a-z]+|ldots|pounds|copyright|char34|S|ss|AE|ae|O|o|OE|oe|L|l|i)\{\}|\$(?:-|\\[a-z]+|\^\\circ)\$|\{\\small U\+[0-9A-F]{4,6}\}|(?:\\(?:[`'^~=."]|[ucHvrdb])\{)+[A-Za-z]\}+/;
const ALLOWED = new RegExp(`^(?:${SIGN.source})*$`);

/** Characters of every block in which Latin, its marks and signs stand, and some of all others. */
function* manyTexts(): Generator<string> {
  const random = Stream.root(12).derive("latex");
  const codes = [
    ...Array.from({ length: 0x250 }, (_, i) => i),
    ...Array.from({ length: 0x70 }, (_, i) => 0x300 + i),
    ...Array.from({ length: 0x100 }, (_, i) => 0x1e00 + i),
    ...Array.from({ length: 0x300 }, (_, i) => 0x2000 + i),
    ...Array.from({ length: 1000 }, () => random.int(0x110000)),
  ];
  for (let i = 0; i < codes.length; i += 8) yield `e${String.fromCodePoint(...codes.slice(i, i + 8))}`;
}

const installed = spawnSync("pdflatex", ["--version"]).status === 0;

/** Whether pdflatex takes main.tex, and the end of what it says. */
function compile(folder: string): { readonly ended: boolean; readonly said: string } {
  const flags = ["-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"];
  const { status, stdout } = spawnSync("pdflatex", [...flags, "main.tex"], { cwd: folder, encoding: "utf8" });
  return { ended: status === 0, said: stdout.slice(-2000) };
}
const documentOf = (body: string) =>
  `\\documentclass{article}\\usepackage{booktabs}\\begin{document}\n${body}\n\\end{document}\n`;

describe("latex", () => {
  it("leaves no command", () => {
    expect(latex("\\input{x} $a_1$ 50% & #1 ~^")).toBe(
      "\\textbackslash{}input\\{x\\} \\$a\\_1\\$ 50\\% \\& \\#1 \\textasciitilde{}\\textasciicircum{}",
    );
    expect(latex("[x]* -- few-shot ''")).toBe("{[}x{]}{*} -{}- few-shot '{}'");
  });

  it("keeps letters of Latin with their marks, composed or not, and numbers what it has no sign for", () => {
    expect(latex("caf\u00e9 cafe\u0301 \u1ec7 \u00df")).toBe("caf\\'{e} caf\\'{e} \\^{\\d{e}} \\ss{}");
    expect(latex("\u2212\u20090.1 \u2193 \u4e2d\ufffd")).toBe(
      `$-$\{\\small U+2009}0.1 $\\downarrow$ {\\small U+4E2D}{\\small U+FFFD}`,
    );
    expect(latex("\u202e")).toBe("\\textbackslash{}u202e");
  });

  it("gives nothing but what plain LaTeX takes", () => {
    for (const text of [...NAMES, ...manyTexts()]) expect(latex(text), JSON.stringify(text)).toMatch(ALLOWED);
  });
});

describe.skipIf(!installed)(
  `what pdflatex makes of it${installed ? "" : " (skipped: pdflatex is not installed)"}`,
  () => {
    it("is a page: names at the start of rows, after rules, in captions and in arguments", () => {
      const rows = [...NAMES, ...manyTexts()].map(latex);
      const table = (some: readonly string[]) =>
        `\\begin{table}\\caption{%\n ${some[0]}, ${some[1]}.\n}\\begin{tabular}{ll}\\toprule\n${some.map((row) => `${row} & \\textbf{${row}} \\\\\n`).join("")}\\midrule\n${some[0]} & \\\\\n\\bottomrule\\end{tabular}\\end{table}\\clearpage\n`;
      const tables: string[] = [];
      for (let i = 0; i < rows.length; i += 40) tables.push(table(rows.slice(i, i + 40)));
      const folder = testFolder({ "main.tex": documentOf(tables.join("")) });
      const { ended, said } = compile(folder);
      expect(ended, said).toBe(true);
    });

    it.each(["[b]names", "*\u202egpj\ufffd\u{1f469}", "&%$#_~^\\{}"])(
      "is the tables of a run with a method named %j",
      async (name) => {
        const folder = testFolder({ "main.tex": documentOf("\\input{report/tables}") });
        await writeTestRun(folder, { hostileId: name });
        await renderReport(folder, ["tex"]);
        const { ended, said } = compile(folder);
        expect(ended, said).toBe(true);
        expect((await readFile(path.join(folder, "main.pdf"))).byteLength).toBeGreaterThan(1000);
      },
    );
  },
);
