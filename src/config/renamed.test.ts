import { expect, test } from "vitest";
import { z } from "zod";
import { issueLines } from "./issues.ts";
import { renamed } from "./renamed.ts";
import { ConfigSource } from "./source.ts";

const schema = z.strictObject({
  neighbors: z.int().default(5).describe("How many."),
  neighbours: renamed((value) => `now spelled \`neighbors: ${JSON.stringify(value)}\`.`),
});

function problems(yaml: string): string {
  const source = new ConfigSource("c.yaml", yaml, {});
  const { error } = schema.safeParse(source.value);
  return error === undefined ? "" : issueLines(source, [], source.value, error, schema).join("\n");
}

test("an option's earlier name is an error that gives the new one, where it stands", () => {
  expect(problems("neighbours: 7\n")).toBe("c.yaml:1:13: neighbours: now spelled `neighbors: 7`.");
  expect(problems("neighbors: 7\n")).toBe("");
});

test("it is neither suggested nor listed", () => {
  expect(problems("neighbour: 7\n")).toBe(
    "c.yaml:1:1: neighbour: unknown key. Did you mean `neighbors`? Allowed here: neighbors.",
  );
});

test("editors are told that nothing may stand there", () => {
  const { properties } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  expect(properties?.neighbours).toMatchObject({ deprecated: true, not: {} });
});
