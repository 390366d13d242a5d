import { spawn } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { packageRoot } from "../src/storage/package-root.ts";
import { KeyedStore } from "../src/storage/store/keyed-store.ts";
import { testFolder } from "../src/testing/test-folder.ts";
import { mopbench } from "./support/cli.ts";
import { seededServer } from "./support/seeded-server.ts";
import { reviewsCsv } from "./support/tiny-experiment.ts";

const script = path.join(packageRoot(), "tests", "support", "store-child.ts");
const outcome = z.object({ said: z.array(z.string()), found: z.number() });

/** Starts a process that fills a store. @param limit `ulimit -f` of its files, in KB @returns what it printed, and how it ended */
async function start(folder: string, name: string, count: number, more: NodeJS.ProcessEnv = {}, limit = "unlimited") {
  const args = ["-c", `ulimit -f ${limit}; exec "$0" --import tsx "$@"`, process.execPath, script, folder, name];
  const env = { ...process.env, ...more };
  const child = spawn("bash", [...args, String(count)], {
    cwd: packageRoot(),
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.on("data", (more: Buffer) => {
    printed += more.toString();
  });
  const end = await new Promise((resolve) => child.on("close", (status, signal) => resolve(signal ?? status)));
  return { printed, end };
}

async function fill(...about: Parameters<typeof start>) {
  const { printed, end } = await start(...about);
  expect(end).toBe(0);
  return outcome.parse(JSON.parse(printed));
}

/** Lets every user in. */
function forAll(folder: string): string {
  chmodSync(path.dirname(folder), 0o711);
  chmodSync(folder, 0o755);
  return folder;
}

async function countOf(folder: string): Promise<number> {
  const said: string[] = [];
  const store = await KeyedStore.open(folder, { plural: "values", scope: "values" }, (message) => said.push(message));
  store.check();
  const count = store.reduce(0, (sum) => sum + 1);
  store.close();
  expect(said).toEqual([]);
  return count;
}

it("is shared by processes that open it for the first time and write at once", async () => {
  const folder = path.join(testFolder(), "store");
  const ended = await Promise.all(["a", "b", "c", "d"].map((name) => fill(folder, name, 400)));
  expect(ended).toEqual(Array.from({ length: 4 }, () => ({ said: [], found: 400 })));
  expect(await countOf(folder)).toBe(1600);
});

it("holds what was kept when its process is killed", async () => {
  const folder = path.join(testFolder(), "store");
  expect(await start(folder, "a", 100, { KILLED: "1" })).toEqual({ printed: "", end: "SIGKILL" });
  expect(await countOf(folder)).toBe(100);
});

it("is found damaged by several processes at once, and begun afresh by all of them together", async () => {
  const folder = testFolder({ "store-1.db": "#".repeat(9000) });
  const ended = await Promise.all(["a", "b"].map((name) => fill(folder, name, 200)));
  expect(ended.map(({ found }) => found)).toEqual([200, 200]);
  expect(ended.flatMap(({ said }) => said).join()).toMatch(/damaged/);
  expect(readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name))).toEqual(["damaged.db", "store-2.db"]);
  expect(await countOf(folder)).toBe(400);
});

it("keeps what it has where the disk is full, says so once, and loses nothing to those who come later", async () => {
  const folder = path.join(testFolder(), "store");
  const { said, found } = await fill(folder, "a", 1000, {}, "300");
  expect(said).toEqual([
    expect.stringMatching(/^No more values can be kept in .*store \(.+\)\. The work goes on without/),
  ]);
  expect(found).toBeGreaterThan(10);
  expect(found).toBeLessThan(1000);
  expect(await countOf(folder)).toBe(found);
  expect(await fill(folder, "a", 1000)).toEqual({ said: [], found: 1000 });
});

it("reads what lies in a folder that cannot be written, says once that nothing new is kept there, and the work goes on", async () => {
  for (const killed of ["0", "1"])
    for (const before of [0, 10]) {
      const folder = forAll(testFolder());
      if (before > 0) await start(folder, "a", before, { KILLED: killed });
      chmodSync(folder, 0o555);
      const { said, found } = await fill(folder, "a", 20, { AS_NOBODY: "1" });
      expect(said).toEqual([
        expect.stringMatching(/^No (more )?values can be kept in .* \(permission denied\)\. The work goes on without/),
      ]);
      expect(found).toBe(before);
      chmodSync(folder, 0o755);
      expect(readdirSync(folder).filter((name) => name.endsWith(".db"))).toEqual(before > 0 ? ["store-1.db"] : []);
    }
});

it("says that what lies in a folder that cannot be written is not used where it is damaged, and leaves it there", async () => {
  const folder = forAll(testFolder({ "store-1.db": "#".repeat(9000) }));
  chmodSync(folder, 0o555);
  const { said, found } = await fill(folder, "a", 10, { AS_NOBODY: "1" });
  chmodSync(folder, 0o755);
  expect({ said, found }).toEqual({
    said: [
      `No values can be kept in ${folder}, and those that lie there are not used (the file is not as it was written). They are asked for again; MOPBENCH_CACHE names another folder.`,
    ],
    found: 0,
  });
  expect(readdirSync(folder)).toEqual(["store-1.db"]);
});

it("is cleared where the disk is full, and another process that holds it harms nothing by its end", async () => {
  const folder = path.join(testFolder(), "store");
  const holder = await KeyedStore.open(folder, { plural: "values", scope: "values" }, (message) =>
    expect.fail(message),
  );
  holder.putAll(Array.from({ length: 400 }, (_, i) => [`${i}`, Buffer.alloc(500, i)]));
  expect(await fill(folder, "b", 5, { CLEARED: "1" }, "200")).toEqual({ said: [], found: 5 });
  holder.putAll([["more", Buffer.alloc(500)]]);
  holder.close();
  expect(readdirSync(folder).filter((name) => name.endsWith(".db"))).toEqual(["store-2.db"]);
  expect(await countOf(folder)).toBe(5);
});

it.each([true, false])("never gives a number twice, where no new store can be made, damaged: %s", async (damaged) => {
  const folder = path.join(testFolder(), "store");
  await fill(folder, "a", 100);
  if (damaged) writeFileSync(path.join(folder, "store-1.db"), "#".repeat(9000));
  expect(await fill(folder, "b", 5, { CLEARED: damaged ? "0" : "1" }, "8")).toMatchObject({ found: 0 });
  expect(await fill(folder, "b", 5)).toEqual({ said: [], found: 5 });
  expect(readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name))).toEqual(
    damaged ? ["damaged.db", "store-2.db"] : ["store-2.db"],
  );
});

it("costs a run nothing but what was kept: a damaged cache is said and asked again, a place for none is done without", async () => {
  const server = await seededServer(0);
  const config = `datasets:
  - file: { path: reviews.csv, text: review, context: topic, label: stars }
models:
  - openai: { model: seeded, baseUrl: "${server.baseUrl}", scoring: none }
methods: [zero-shot]
samples: 10
repeats: 1
metrics: [distinct]
`;
  const cwd = testFolder({ "reviews.csv": reviewsCsv(100), "config.yaml": config });
  const calls = path.join(cwd, "cache", "calls");
  const run = async (out: string) => {
    const before = server.requests.length;
    const { code, stderr } = await mopbench(["run", "config.yaml", "--out", out, "--quiet"], cwd);
    const results = readFileSync(path.join(cwd, out, "results.json"), "utf8");
    return { code, stderr, results, asked: server.requests.length - before };
  };
  const first = await run("first");
  expect(first).toMatchObject({ code: 0, stderr: "" });
  expect(first.asked).toBeGreaterThanOrEqual(10);
  expect(await run("cached")).toEqual({ ...first, asked: first.asked - 10 });
  for (const name of readdirSync(calls)) writeFileSync(path.join(calls, name), "#".repeat(9000));
  expect(await run("damaged")).toEqual({
    ...first,
    stderr: expect.stringMatching(
      /^warning: The answers kept in .*calls are damaged \(.+\)\. They were set aside .*\n$/,
    ),
  });
  const { warnings } = JSON.parse(readFileSync(path.join(cwd, "damaged", "run.json"), "utf8"));
  expect(warnings).toContainEqual(expect.stringMatching(/^The answers kept in .*calls are damaged/));
  expect(await run("healed")).toEqual({ ...first, asked: first.asked - 10 });
  rmSync(calls, { recursive: true });
  writeFileSync(calls, "in the way");
  expect(await run("without")).toEqual({
    ...first,
    stderr: expect.stringMatching(
      /^warning: No answers can be kept in .*calls \(.+\)\. The work goes on without; .*\n$/,
    ),
  });
  await server.close();
});
