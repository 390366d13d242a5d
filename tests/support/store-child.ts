// A process that fills a store: store-child.ts FOLDER NAME COUNT. It keeps COUNT values, one after the other, asks for all of
// them, and prints what it has said and how many came back. AS_NOBODY=1: it gives up root's rights first; KILLED=1: it is
// killed after the last value; CLEARED=1: it forgets everything first.
import { loadDatabase } from "../../src/storage/store/database.ts";
import { KeyedStore } from "../../src/storage/store/keyed-store.ts";

const [folder = "", name = "", count = "0"] = process.argv.slice(2);
const said: string[] = [];
if (process.env.AS_NOBODY === "1" && process.getuid?.() === 0) {
  await loadDatabase("values", 0);
  process.setuid?.(65534);
}
const store = await KeyedStore.open(folder, { plural: "values", scope: "values" }, (message) => said.push(message));
if (process.env.CLEARED === "1" && !store.clear()) throw new Error("not cleared");
const valueAt = (i: number) => Buffer.from(`${name} ${i} `.repeat(50));
for (let i = 0; i < Number(count); i++) await store.put(`${name} ${i}`, valueAt(i));
if (process.env.KILLED === "1") process.kill(process.pid, "SIGKILL");
let found = 0;
for (let i = 0; i < Number(count); i++) {
  const value = store.get(`${name} ${i}`);
  if (value === undefined) continue;
  if (!valueAt(i).equals(value)) throw new Error(`another value under ${i}`);
  found += 1;
}
store.close();
console.log(JSON.stringify({ said, found }));
