import { lines, words } from "../lexicon.ts";
import type { Resident } from "../resident.ts";

export const margaret: Resident = {
  name: "Margaret",
  portrait: "Retired schoolteacher: exact, courteous, fond of gardens, grammar and a properly made pot of tea.",
  affinity: {
    base: 0.3,
    kinds: { library: 0.9, café: 0.4, museum: 0.5, bakery: 0.2, pub: -0.9, pool: -0.2, cinema: -0.2 },
    occasions: { "quiet weekday": 0.6, "evening out": -0.8, "family visiting": 0.3 },
    stars: [-0.3, 0.1, 0.2, 0.3, 0],
  },
  habits: {
    words: 42,
    spread: 0.35,
    zeal: 0.06,
    cheer: 0.05,
    mainstream: 0.38,
    opens: 0.75,
    closes: 0.7,
    mix: { opinion: 5, tale: 2, aside: 2 },
    style: {
      lowercase: 0,
      exclaim: 0,
      trail: 0,
      bare: 0,
      spellings: [
        ["don't", "do not", 1],
        ["isn't", "is not", 1],
      ],
    },
  },
  lexicon: {
    open: lines(`
      I visited {here} {when} and should like to record my impressions.
      Having passed {here} many times, I finally ventured inside {when}.
      My former pupil {name} persuaded me to try {here}.
      I have been coming to {here} since [1974|the flood|before the roundabout was built].
      {When} I took myself to {here}, umbrella in hand.
      One does not often write these notes; {here} deserves one.
      After the [garden society|bell ringers|Latin circle] had finished, we adjourned to {here}.
    `),
    plus: lines(`
      {Asp} {was} {pos}, which is rarer than it should be.
      I was particularly taken with {asp}; {it} {was} {amp} {gpos}.
      {Good}, and I noticed it with gratitude.
      {Staff} spoke in complete sentences, a courtesy I had thought extinct.
      Full marks for {asp}.
      One could hardly fault {asp}, and I did try.
      It was a pleasure to find that {good}.
      Somebody here has been properly brought up: {good}.
      {Asp} would satisfy my late husband, who was satisfied by very little.
      I give {asp} nine out of ten; nobody receives ten.
    `),
    minus: lines(`
      {Asp}, I regret to say, {was} {neg}.
      I was less impressed by {asp}, which {was} {amp} {gneg}.
      {Bad}; this will not do.
      {Staff} could do with a lesson in manners.
      Could do better: {asp}.
      There was an apostrophe in the wrong place on the sign, and {asp} {was} no better.
      One hesitates to complain, but {bad}.
      I asked, politely, for {lack}; I might as well have asked for the moon.
      Had {asp} been handed in as homework, I should have returned {them} unmarked.
    `),
    mixed: lines(`
      {Asp} {was} {pos}; {asp}, however, {was} {neg}.
      While {good}, it must be said that {bad}.
      A mixed report: {asp} {was} {pos}, {asp} in need of attention.
      Shows promise, but lacks {lack}.
    `),
    tale: lines(`
      I {did}, as is my custom.
      {name}, whom I taught in the third form, {did}.
      While I {did}, my companion corrected the menu in pencil.
      I {did} and finished the crossword but for one clue.
      We spoke of dahlias and [greenfly|the vicar's sermon|the price of stamps] for some time.
      A small boy held the door for me, and I told him so.
      {Staff} asked after my hip, which was thoughtful.
      I counted [three|four|seven] spelling mistakes in the notice by the door.
    `),
    aside: lines(`
      My sweet peas have been late this year, so an outing was welcome.
      It reminded me of a school trip to [Whitby|Bath|Durham] in wet gaiters.
      The geraniums outside would benefit from dead-heading.
      Punctuality, I used to tell my classes, is the politeness of princes.
      I had [Trollope|Mrs Gaskell|a volume of Herbert] in my handbag and was content.
      The town was quieter before the ring road, though the drains are improved.
      Compost, incidentally, is now sold by the bag on {street}.
    `),
    "end+": lines(`
      I shall return, with {name}.
      Warmly recommended to anyone of quiet habits.
      A credit to the town.
      My compliments to all concerned.
    `),
    "end-": lines(`
      I shall not return until matters improve.
      See me after class, as I used to write.
      I have written to the council.
      It gives me no pleasure to say so.
    `),
    "end~": lines(`
      Satisfactory, with room for improvement.
      I shall try again in {month} and report.
      C plus.
    `),
    pos: words(
      "exemplary, most agreeable, courteous@people, beautifully kept@room, thoroughly satisfactory, delightful, well judged, immaculate@room, properly made@food, charming",
    ),
    neg: words(
      "regrettable, slovenly@room, most unsatisfactory, ill-considered, careless@people, sadly neglected@room, quite inadequate, ungrammatical@people, vulgar@people, lukewarm in every sense@people",
    ),
    amp: words("most, decidedly, thoroughly, rather"),
  },
};

export const dev: Resident = {
  name: "Dev",
  portrait:
    "Software engineer who works from wherever there is wifi: deadpan, numerical, drinks too much coffee, climbs and plays board games.",
  affinity: {
    base: 0.1,
    kinds: { café: 0.8, library: 0.3, cinema: 0.3, bakery: -0.4, market: -0.5, museum: -0.1, park: -0.4 },
    occasions: { "before work": 0.7, "evening out": 0.2, "family visiting": -0.6 },
    stars: [0, 0.2, 0.3, 0, -0.1],
  },
  habits: {
    words: 26,
    spread: 0.4,
    zeal: 0,
    cheer: 0,
    mainstream: 0.36,
    opens: 0.45,
    closes: 0.5,
    mix: { opinion: 6, tale: 2, aside: 2 },
    style: {
      lowercase: 0.15,
      exclaim: 0,
      trail: 0,
      bare: 0.2,
      spellings: [
        ["because", "since", 0.5],
        ["about", "~", 0.1],
      ],
    },
  },
  lexicon: {
    open: lines(`
      Tested {here} {when}.
      {Here}, {when}, sample size one.
      Opened the laptop at {here} {when}.
      Visit number {few} to {here}, so call it data.
      Went in to {use}. Status report follows.
      Benchmarking every {kind} in walking distance, this one {when}.
      Spec: {use}. Venue: {here}.
    `),
    plus: lines(`
      {Asp}: {pos}.
      {Asp} {was} {pos}, no regressions since last time.
      {Good}, which is the correct default.
      {Asp} just work{s}.
      Latency from order to table: {few} minutes, {pos}.
      {Staff} handled my edge case without blinking.
      Would star {asp} on a repository.
      {Asp} scale{s} surprisingly well under load.
      Wifi at [forty|eighty|a hundred and ten] megabits and {good}.
      Zero complaints logged about {asp}.
    `),
    minus: lines(`
      {Asp}: {neg}.
      Bug report: {bad}.
      {Asp} {was} {neg}, reproducible on every visit.
      {Bad}. Known issue, apparently, never fixed.
      Wifi dropped {few} times and {asp} {was} {neg} as well.
      {Staff} returned a blank stare, no error message.
      Missing feature: {lack}.
      Single point of failure: {asp}.
      {Asp} {has} the uptime of a beta release.
      Timeout after [fifteen|twenty|thirty-five] minutes.
    `),
    mixed: lines(`
      Pros: {asp}. Cons: {asp}.
      {Good}, but {bad}, so it averages out.
      {Asp} {pos}, {asp} {neg}, net zero.
      Works as documented, no more.
      {Few} out of seven on my spreadsheet.
    `),
    tale: lines(`
      I {did} while a build was running.
      Shipped {few} small fixes from there.
      Had a stand-up call in a whisper.
      {name} from the climbing wall {did}.
      I {did}, then debugged for two hours.
      Battery at {few} per cent by the end.
      Played a round of [Carcassonne|Go|Hive] with {name}.
      Paid {price} by phone, receipt emailed.
    `),
    aside: lines(`
      My shoulders are wrecked from bouldering.
      Rewriting a scheduler this week, so caffeine matters.
      Headphones on, noise cancelling up.
      Sockets counted: {few}.
      Off by one jokes do not land with {staff}.
      The keyboard at home is louder than this.
      Remote work means I know the {kind} better than my flat.
    `),
    "end+": lines(`
      Merged. Would deploy again.
      Bookmarked.
      Adding {here} to the rotation.
      Ship it.
    `),
    "end-": lines(`
      Rolling back to my kitchen.
      Closing as won't fix.
      Uninstalled.
      Will not retry.
    `),
    "end~": lines(`
      Needs a patch release.
      Fallback option only.
      Will re-run the test in {month}.
      Good enough for production, barely.
    `),
    pos: words(
      "solid, fast@people, reliable, well designed@room, efficient@people, optimal, stable, consistent, surprisingly decent, above the median, low friction",
    ),
    neg: words(
      "slow@people, broken@room, flaky, noisy, underpowered@room, inefficient@people, out of order@room, suboptimal, deprecated, over capacity@room, laggy",
    ),
    amp: words("measurably, fairly, objectively, consistently"),
  },
};
