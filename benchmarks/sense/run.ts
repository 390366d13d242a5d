import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { defaultCacheDir } from "../../src/run/services.ts";
import { packageRoot } from "../../src/storage/package-root.ts";
import { missing, openMiniLm } from "../../tests/support/real-sets.ts";
import { sensePage } from "./page.ts";
import { PAGE_OPTIONS, senseTown } from "./shifts.ts";

/** Writes docs/metrics-sense.md; where the real encoder is not here, its table stays as it was measured. */
const file = path.join(packageRoot(), "docs", "metrics-sense.md");
const known = existsSync(file) ? readFileSync(file, "utf8") : null;
const storeDir = path.join(defaultCacheDir(process.env, homedir()), "embeddings");

const embedded = await senseTown(PAGE_OPTIONS);
if (missing !== "") console.error(`The table of the real encoder stays as it is: ${missing}.`);
const real =
  missing === "" ? await senseTown({ ...PAGE_OPTIONS, onlyEmbeddings: true }, () => openMiniLm(storeDir)) : null;
writeFileSync(file, sensePage(PAGE_OPTIONS, embedded, real, known));
console.log(file);
