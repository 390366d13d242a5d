import type { Resident } from "../resident.ts";
import { amina, eli } from "./amina-eli.ts";
import { ingrid, walt } from "./ingrid-walt.ts";
import { dev, margaret } from "./margaret-dev.ts";
import { leonard, priya } from "./priya-leonard.ts";
import { rosa, tom } from "./rosa-tom.ts";
import { gus, tasha } from "./tasha-gus.ts";

/** The twelve who write; weights and owners are indexed by position here. */
export const RESIDENTS: readonly Resident[] = [
  margaret,
  dev,
  tasha,
  gus,
  priya,
  leonard,
  rosa,
  tom,
  ingrid,
  walt,
  amina,
  eli,
];
