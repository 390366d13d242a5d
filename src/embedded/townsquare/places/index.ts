import type { Lexicon } from "../lexicon.ts";
import type { Kind } from "../resident.ts";
import { bakery, market } from "./bakery-market.ts";
import { cafe, pub } from "./cafe-pub.ts";
import { library, park } from "./library-park.ts";
import { barber, museum } from "./museum-barber.ts";
import { cinema, pool } from "./pool-cinema.ts";

/**
 * The words of each kind of place: `here` its names, `asp` things one judges, `item` things one gets, `staff`, `spot`, `did`
 * (what "I ..." did), `use` (what one goes there to do), `good` and `bad` (whole clauses), `lack`.
 */
export const PLACES: Readonly<Record<Kind, Lexicon>> = {
  café: cafe,
  pub,
  bakery,
  market,
  library,
  park,
  pool,
  cinema,
  museum,
  barber,
};
