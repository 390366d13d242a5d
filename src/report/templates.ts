import { readFile } from "node:fs/promises";
import path from "node:path";
import type Handlebars from "handlebars";
import { packageRoot } from "../storage/package-root.ts";

/** What a template may call beside Handlebars' own helpers. */
export type Helpers = Readonly<Record<string, Handlebars.HelperDelegate>>;

/**
 * Fills a template of reports/. Every text of the view is escaped: by Handlebars for HTML, or by `escaped` before the template
 * sees it, so that no template can forget. Nothing in a value is ever read as a template.
 */
export async function fill(
  name: string,
  view: object,
  options: {
    readonly escaped?: (text: string) => string;
    readonly helpers?: Helpers;
    /** Templates that this one includes, by file name: `cell.html.hbs` is `{{> cell}}`. */
    readonly partials?: readonly string[];
  } = {},
): Promise<string> {
  const { default: handlebars } = await import("handlebars");
  const own = handlebars.create();
  own.registerHelper({ ...options.helpers });
  const read = (file: string) => readFile(path.join(packageRoot(), "reports", file), "utf8");
  for (const file of options.partials ?? []) own.registerPartial(file.replace(/\..*$/, ""), (await read(file)).trim());
  const { escaped } = options;
  const template = own.compile(await read(name), {
    strict: true,
    preventIndent: true,
    noEscape: escaped !== undefined,
  });
  return template(escaped === undefined ? view : mapTexts(view, escaped));
}

/** The same plain data with every text in it replaced. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapTexts(member, change)]));
}
