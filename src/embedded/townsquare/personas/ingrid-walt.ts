import { lines, words } from "../lexicon.ts";
import type { Resident } from "../resident.ts";

export const ingrid: Resident = {
  name: "Ingrid",
  portrait:
    "Architect from the north: terse, visual, judges light, acoustics, proportion and chairs before anything else.",
  affinity: {
    base: -0.3,
    kinds: { museum: 0.9, library: 0.5, pool: 0.3, café: 0.2, cinema: 0.2, pub: -0.4, bakery: -0.2, market: -0.4 },
    occasions: { "lunch break": 0.7, "quiet weekday": 0.2, "family visiting": -0.5 },
    stars: [0, 0.3, 0.3, 0.1, -0.3],
  },
  habits: {
    words: 22,
    spread: 0.35,
    zeal: -0.02,
    cheer: -0.04,
    mainstream: 0.34,
    opens: 0.5,
    closes: 0.4,
    mix: { opinion: 7, tale: 1.5, aside: 1.5 },
    style: { lowercase: 0, exclaim: 0, trail: 0, bare: 0.15, spellings: [] },
  },
  lexicon: {
    open: lines(`
      {Here}, {when}.
      A first look at {here}, {when}.
      North light, {when}, {here}.
      I sketched {here} {when}.
      A {kind} built in [1911|1936|1962|1978], visited {when}.
      One enters {here} from the wrong side.
      {Here} occupies a former [chapel|tram shed|granary|bank].
    `),
    plus: lines(`
      {Asp} {was} {pos}.
      {Asp}: {pos}, {pos}.
      The light on {asp} was {pos}.
      {Good}, a {apos} detail.
      Someone has thought about {asp}.
      The room is quiet, the ceiling generous, {asp} {pos}.
      Oak, brass, linen, and {asp} to match.
      {Staff} moved a lamp when I asked. That is design.
      {Asp} {has} the right proportions.
      Good joinery, and {good}.
    `),
    minus: lines(`
      {Asp} {was} {neg}.
      Strip lights, vinyl floor, and {asp} {was} {neg} too.
      {Bad}. The plan is to blame.
      The acoustics are {neg}, every spoon is an event.
      {Asp}: an afterthought.
      Laminate pretending to be walnut, and {bad}.
      No {lack2}, no logic.
      {Asp} {was} placed by someone who dislikes people.
      Five typefaces on one sign, and {bad}.
    `),
    mixed: lines(`
      A {apos} room, a {aneg} chair.
      {Asp} {was} {pos}, {asp} {neg}; remove half of everything.
      The bones are good. {Bad}.
      {Good}, but the ceiling tiles should go.
    `),
    tale: lines(`
      I {did} and measured the sill with my hand.
      Drew the stair while {name} {did}.
      {Staff} did not know the name of the architect. I did.
      I {did}, facing the wall on purpose.
      Counted [six|nine|fourteen] kinds of chair.
      A client, {name}, {did} and agreed.
      I {did} and watched the shadows turn.
    `),
    aside: lines(`
      Concrete ages better than people say.
      In Bergen this would have had a pitched roof.
      A window seat is the cheapest luxury.
      I am restoring a boathouse at present, all tar and larch.
      The town has one good cornice, on {street}.
      Grey is a colour.
      Handrails tell you everything.
      My pencil broke at the third elevation.
    `),
    "end+": lines(`
      A place to keep.
      I will bring students.
      Nothing to remove.
      It will last.
    `),
    "end-": lines(`
      Start again.
      A skip would help.
      I left by the nearest door.
      Demolish with care.
    `),
    "end~": lines(`
      Unfinished.
      A better lamp would earn another star.
      Half right.
      See it in low sun.
    `),
    lack2: words("daylight, shelf, rhythm, hook, threshold"),
    pos: words(
      "calm@room, precise, well proportioned@room, honest, restrained, luminous@room, tactile@room, quiet@room, considered, crisp, soft-edged@room",
    ),
    neg: words(
      "cluttered@room, harsh, arbitrary, echoing@room, badly lit@room, out of scale@room, plastic@room, fussy, thoughtless, crooked@room, dim@room",
    ),
    amp: words("rather, very, almost, entirely"),
  },
};

export const walt: Resident = {
  name: "Walt",
  portrait: "Plumber and incurable joker: puns, mock outrage, his wife Deb, his waistline, his van.",
  affinity: {
    base: 0.3,
    kinds: { pub: 0.6, barber: 0.6, cinema: 0.3, bakery: 0.4, pool: 0.1, library: -0.6, museum: 0, park: -0.2 },
    occasions: { "evening out": 0.6, "rainy Saturday": 0.2, "family visiting": 0.2 },
    stars: [0.2, 0, -0.1, 0.2, 0.2],
  },
  habits: {
    words: 32,
    spread: 0.38,
    zeal: 0.05,
    cheer: 0.06,
    mainstream: 0.36,
    opens: 0.7,
    closes: 0.75,
    mix: { opinion: 5, tale: 3, aside: 2 },
    style: { lowercase: 0.02, exclaim: 0.18, trail: 0.08, bare: 0.15, spellings: [] },
  },
  lexicon: {
    open: lines(`
      Deb said let's be adventurous, so {here} {when}.
      A plumber walks into {here}. No joke, that was me {when}.
      Parked the van outside {here} {when}, blocking only [two|three] people.
      The diet starts tomorrow, so it was {here} {when}.
      Deb wanted Paris. Deb got {here}.
      Breaking news from {here}.
      I fixed the pipes at {here} once, so I'm biased, and still owed {price}.
    `),
    plus: lines(`
      {Asp} {was} so {gpos} that Deb stopped talking.
      {Asp} {was} {amp} {gpos}, and I'm not just saying that for a free biscuit.
      {Good}, I nearly proposed to {staff}, but Deb was watching.
      Give {staff} a knighthood.
      I came for a laugh and stayed for {asp}.
      {Asp}: {pos}. My belt: suffering.
      If {asp} had a fan club I'd be treasurer.
      {Good}. I checked for hidden cameras.
      {Asp} {was} {pos}, you could say it didn't go down the drain.
    `),
    minus: lines(`
      {Asp} {was} so {gneg} it could run for council.
      {Bad}, I've seen livelier things under a sink.
      {Asp} {was} {neg}. Deb gave me the look.
      {Staff} {had} the charm of a blocked U-bend.
      {Bad}. I laughed so I wouldn't cry.
      I've unblocked better.
      {Asp}? I've had more fun in a septic tank, and been paid for it.
      They should pay us {price} for what happened next: {bad}.
      Deb asked for {lack}; they looked at her as if she'd asked for a unicorn.
    `),
    had: words("had, showed, displayed"),
    mixed: lines(`
      {Asp} {was} {pos}, {asp} {was} {neg}, a bit like my marriage, sorry Deb.
      {Good}. On the other hand, {bad}. On the third hand, who's counting.
      Not bad, not good, sort of beige.
      Deb says {pos}, I say {neg}, so we're not speaking.
    `),
    tale: lines(`
      I {did}. Deb pretended not to know me.
      Deb {did} and won't stop going on about it.
      {name} {did}, which explains a lot.
      I {did} and pulled a muscle.
      A fellow asked me to look at his boiler while I {did}.
      I told {staff} the one about the penguin. Silence.
      I sat down and the chair made a noise. It was the chair.
      My brother-in-law {did} and left me with the bill, {price}.
    `),
    aside: lines(`
      My knees sound like bubble wrap these days.
      Why do bakers work so hard? They need the dough.
      The van's called Sinkerbell, since you ask.
      The doctor says cut down, so I cut it in half and eat both.
      Deb's mother is staying until {month}, pray for me.
      Never trust a man with clean overalls.
      I do weddings, by the way. Pipes as well.
    `),
    "end+": lines(`
      Deb says we're going back, so we're going back.
      Five stars, or four and a biscuit.
      Tell them Walt sent you, then run.
      I'd kiss the chef but I've been warned.
    `),
    "end-": lines(`
      Flush it.
      I've told Deb it's beans on toast from now on.
      Send help, or a plunger.
      My lawyer is a spaniel and even he's interested.
    `),
    "end~": lines(`
      Could be worse, could be my cooking.
      Shrug.
      Deb's thinking about it. I'm thinking about lunch.
      Two thumbs sideways.
    `),
    pos: words(
      "cracking, magic, the bee's knees, tip-top, smashing, a belter, better than Deb's (don't tell her), glorious, first class, champion",
    ),
    neg: words(
      "pants, leaky@room, a damp squib, grim, ropey, criminal, as flat as my singing, clogged@room, dodgy, tragic, draughty@room",
    ),
    amp: words("well, properly, dangerously, ridiculously"),
  },
};
