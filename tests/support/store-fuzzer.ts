// Damages stores and uses them: store-fuzzer.ts FOLDER DRAWS. A process of its own, since what must not happen may end it.
// It prints a line of JSON before each draw, and one after it.
import { cpSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { drawOf } from "./draws.ts";
import { damageStore } from "./store-damages.ts";
import { SUBJECTS, type Subject } from "./store-subjects.ts";

const [root = "", draws = "0"] = process.argv.slice(2);
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** The builds that draws copy: of each subject one, and another with other names. */
const folderOf = (subject: Subject, of: string) => path.join(root, of, subject.name);
for (const subject of SUBJECTS)
  for (const of of ["ours", "other"]) {
    mkdirSync(folderOf(subject, of), { recursive: true });
    await subject.build(folderOf(subject, of), of);
  }
const filesOf = (folder: string, subject: Subject) => path.join(folder, subject.files);
const others = SUBJECTS.flatMap((subject) => ["ours", "other"].map((of) => filesOf(folderOf(subject, of), subject)));

for (let draw = 0; draw < Number(draws); draw++) {
  const random = drawOf("stores", draw);
  const subject = SUBJECTS[draw % SUBJECTS.length]!;
  const folder = path.join(root, "damaged");
  cpSync(folderOf(subject, "ours"), folder, { recursive: true });
  const open = random.int(4) === 0;
  const damages: string[] = [];
  const damage = () => {
    if (damages.length > 0) return;
    for (let times = random.pick([1, 1, 2, 4]); times > 0; times--)
      damages.push(damageStore(filesOf(folder, subject), others, random, open));
  };
  if (!open) damage();
  say({ draw, subject: subject.name, open, damages });
  try {
    const there = await subject.use(folder, "ours", open ? damage : () => {});
    say({ draw, there, damages });
  } catch (error) {
    say({ draw, fault: error instanceof Error ? error.stack : String(error), damages });
  }
  rmSync(folder, { recursive: true, force: true });
}
