import type { TopLevelSpec } from "vega-lite";
import { xml } from "../escape.ts";

/**
 * A Vega-Lite chart as a static SVG for a page: no script, no size of its own beyond its view box, and a label for those who do
 * not see it. Vega escapes all text.
 */
export async function chartSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const view = new vega.View(vega.parse(compile(spec, { logger: vega.logger(vega.Error) }).spec), {
    renderer: "none",
    logLevel: vega.Error,
  });
  const svg = await view.toSVG();
  view.finalize();
  const { width, height } = sizeOf(svg);
  const label = xml(spec.description ?? "");
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">`;
  return svg.replace(/<svg[^>]*>/, () => head);
}

function sizeOf(svg: string): { width: number; height: number } {
  const box = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg);
  return { width: Number(box?.[1] ?? 0), height: Number(box?.[2] ?? 0) };
}
