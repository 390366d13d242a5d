import { mapFrame, mapSvg } from "../charts/map-svg.ts";
import { series } from "../charts/palette.ts";
import { percent } from "../format.ts";
import type { ReportContext } from "./context.ts";
import { modelName } from "./model-name.ts";

/** Small multiples of one (dataset, encoder): gold in gray, one method's texts in color. */
export interface MapView {
  readonly encoder: string;
  /** "The two axes hold 12 % and 8 % of gold's variance." */
  readonly explained: string;
  readonly rows: readonly {
    readonly model: string;
    readonly panels: readonly { readonly method: string; readonly svg: string }[];
  }[];
}

export function mapViews(context: ReportContext, dataset: string): MapView[] {
  return context.run.maps.maps
    .filter((map) => map.dataset === dataset)
    .map((map) => {
      const frame = mapFrame([map.gold, ...map.panels.map(({ points }) => points)]);
      const models = context.models(dataset);
      const rows = models.flatMap((model, i) => {
        const panels = map.panels
          .filter((panel) => panel.model === model)
          .map(({ method, points }) => {
            const description = `Map of ${method} on ${modelName(model, context.remark(model))} over gold, seen by ${map.encoder}.`;
            return { method, svg: mapSvg(description, frame, map.gold, points, series(i).light) };
          });
        return panels.length === 0 ? [] : [{ model: modelName(model, context.remark(model)), panels }];
      });
      const [first, second] = map.explained;
      return {
        encoder: map.encoder,
        explained: `The axes hold ${percent(first)} and ${percent(second)} of the variance of people's texts.`,
        rows,
      };
    })
    .filter(({ rows }) => rows.length > 0);
}
