import { lines, words } from "../lexicon.ts";
import type { Resident } from "../resident.ts";

export const priya: Resident = {
  name: "Priya",
  portrait:
    "Mother of twins on leave from a pharmacy: warm, grateful, exclaiming; prams, naps, snacks and steps decide her day.",
  affinity: {
    base: 0.3,
    kinds: { park: 0.7, pool: 0.6, library: 0.3, café: 0.2, museum: 0.2, pub: -0.8, barber: -0.4, cinema: -0.2 },
    occasions: { "family visiting": 0.6, "rainy Saturday": 0.4, "before work": -0.8, "evening out": -0.7 },
    stars: [-0.5, -0.2, 0, 0.4, 0.5],
  },
  habits: {
    words: 34,
    spread: 0.38,
    zeal: 0.1,
    cheer: 0.15,
    mainstream: 0.4,
    opens: 0.7,
    closes: 0.65,
    mix: { opinion: 5, tale: 3.5, aside: 1.5 },
    style: { lowercase: 0.02, exclaim: 0.4, trail: 0.02, bare: 0.1, spellings: [["and", "&", 0.04]] },
  },
  lexicon: {
    open: lines(`
      Took the twins to {here} {when}.
      {When} we braved {here} with the double buggy.
      If you have little ones, read this about {here}.
      My mum was over, so all [four|five] of us went to {here}.
      Between two naps we managed {here}.
      The twins had been climbing the walls, so off to {here}.
      First outing without spare trousers, naturally at {here}.
    `),
    plus: lines(`
      {Asp} {was} {pos} and the twins agreed.
      {Good}, bless them.
      {Staff} carried the buggy up the steps without being asked.
      {Asp} {was} {amp} {gpos}, especially with small people.
      The girls loved {asp}.
      So grateful that {good}.
      {Staff} did peekaboo with Anya while I found the wipes.
      Both of them fell asleep afterwards, so {asp} get{s} a medal.
      You can change a nappy there without acrobatics, and {good}.
      {Asp} {was} {pos} and nobody tutted at us.
    `),
    minus: lines(`
      {Asp} {was} {neg}, which is no joke with two toddlers.
      {Bad}, and I had a screaming child on each arm.
      No ramp, no {lack2}, no sympathy.
      {Staff} rolled their eyes at the buggy.
      I hate to say it but {asp} {was} {neg}.
      Poor Anya burst into tears when {bad}.
      {Bad}, so we gave up and went home for fish fingers.
      There was nowhere to change Rohan except my lap.
      With little ones you notice {lack}, and there was no sign of it.
    `),
    mixed: lines(`
      {Asp} {was} {pos}, {asp} less so with a buggy.
      The twins were happy and I was not: {bad}.
      {Good}, but bring your own wipes.
      Lovely idea, but {bad}.
    `),
    tale: lines(`
      I {did} one-handed.
      Rohan threw a [rice cake|banana|shoe] at {staff} and got a smile.
      My mum {did} and told everyone her life story.
      Anya shared her raisins with a stranger.
      We {did} before the meltdown came.
      {name} from baby group {did}.
      I drank half of something hot, which is a record.
      Granny pushed and I {did}.
      The bunny went missing and {staff} helped us search.
    `),
    aside: lines(`
      Nobody slept last night, so forgive the typing.
      Teething again, gums like little volcanoes.
      We live in leggings and porridge these days.
      The health visitor had suggested fresh air.
      One day I will finish a sentence again.
      Nursery starts in {month} and I am counting sleeps.
      There were raisins in my handbag and in my hair.
    `),
    "end+": lines(`
      We will be back, nap times permitting.
      Thank you for being so kind to tired parents.
      Mums and dads, go.
      Two sticky thumbs up from the twins.
    `),
    "end-": lines(`
      Not with a buggy, never again.
      Please think of families.
      We cried, all three of us.
      Stay home and bake instead.
    `),
    "end~": lines(`
      Maybe again when they can walk properly.
      We will try a quieter {day}.
      Fine for a quick half hour.
    `),
    lack2: words("high chair, baby change, microwave, patience, space"),
    pos: words(
      "so lovely, brilliant, a lifesaver, so kind@people, spacious@room, adorable, gentle, sparkling clean@room, just what we needed, magical, child-friendly@room",
    ),
    neg: words(
      "stressful, cramped@room, not pram-friendly@room, unhelpful@people, grubby@room, far too loud@room, a bit of a nightmare, unsafe@room, exhausting, unkind@people",
    ),
    amp: words("so, just, super, absolutely"),
  },
};

export const leonard: Resident = {
  name: "Leonard",
  portrait:
    "Would-be critic with a cravat: long sentences, parentheses, French words, opinions on butter, opera and decline.",
  affinity: {
    base: -0.2,
    kinds: {
      bakery: 0.5,
      pub: 0.2,
      café: 0.3,
      cinema: 0.5,
      market: 0.3,
      museum: 0.3,
      pool: -1,
      park: -0.6,
      barber: 0.1,
    },
    occasions: { "lunch break": 0.8, "evening out": 0.4, "before work": -0.7 },
    stars: [0.2, 0.4, 0.1, 0, 0],
  },
  habits: {
    words: 52,
    spread: 0.3,
    zeal: 0.03,
    cheer: -0.08,
    mainstream: 0.3,
    opens: 0.85,
    closes: 0.8,
    mix: { opinion: 6, tale: 2, aside: 2 },
    style: { lowercase: 0, exclaim: 0.02, trail: 0.03, bare: 0, spellings: [] },
  },
  lexicon: {
    open: lines(`
      It was with modest expectations that I entered {here} {when}.
      {Here} (for those who have been spared it) is a {kind} with ambitions.
      One hears much of {here}, chiefly from people who have never been to Lyon.
      On the advice of {name}, whose palate I do not entirely trust, I essayed {here} {when}.
      There are evenings, and there are afternoons, and then there is {here}.
      As regular readers of these notes will know, I do not suffer a bad {kind} gladly.
    `),
    plus: lines(`
      {Asp} {was} (and I do not use the word lightly) {pos}.
      {Asp} {was} {amp} {gpos}, with a finish that lingered as far as {street}.
      {Good}, a detail that would not disgrace a house in Bologna.
      I must commend {asp}, in which one senses a guiding intelligence.
      {Staff} displayed that rarest of virtues, tact.
      Of {asp} I can only say that {it} {was} {pos}; let others find the adjectives.
      Imagine my delight when {good}.
      {Asp} sang, as it were, in a clear mezzo.
      A small triumph, then: {good}.
    `),
    minus: lines(`
      {Asp} {was} (there is no kinder word) {neg}.
      {Bad}, an outrage that even the décor could not distract from.
      I have met with more distinction in railway stations; {asp} {was} {neg}.
      {Staff}, a stranger to charm, confirmed that {bad}.
      As for {asp}, the less said the better, so I shall say a good deal: {it} {was} {neg}.
      To offer the public such {asp3} is a form of insolence.
      {Bad}; one wept, discreetly, into one's napkin.
      The absence of {lack} speaks volumes, none of them worth reading.
      {Asp} {was} {amp} {gneg}, and had the temerity to be expensive.
    `),
    mixed: lines(`
      {Asp} {was} {pos}, yet {asp} (alas) {was} {neg}.
      If {asp} {was} an aria, {asp} {was} the cough in the third row.
      {Good}, and yet {bad}: such is provincial life.
      Neither a scandal nor a revelation.
    `),
    tale: lines(`
      I {did}, {amp} the safest choice on offer.
      My companion (a soprano, retired) {did} and sighed.
      I {did} with the melancholy of a man who has eaten in Trieste.
      {name} {did}, in defiance of my advice.
      An acquaintance from the opera circle {did}, rather loudly.
      I made a note in my little book, and {staff} turned pale.
      Having {done}, I permitted myself a cognac from the flask.
    `),
    done: lines(`
      waited a quarter of an hour
      surveyed the room
      adjusted my cravat
      cleared my throat twice
    `),
    aside: lines(`
      Butter, as I have argued elsewhere, is a moral question.
      One thinks of Proust, inevitably, and then one thinks better of it.
      The wireless was playing Puccini (badly) in the next room.
      My gout, which is a tyrant, forbade a second helping.
      A civilisation may be judged by its upholstery.
      I once met the great Escoffier's nephew, but that is another column.
      There was a draught fit for the last act of La Bohème.
    `),
    "end+": lines(`
      Bravo.
      I doff my hat, which is felt, and return {day}.
      A pearl, then, and among such oysters.
      Go, but tell nobody of taste; the tables are few.
    `),
    "end-": lines(`
      The rest is silence, or ought to be.
      I dined at home afterwards, alone and happy.
      Abandon hope, and keep the receipt.
      O tempora.
    `),
    "end~": lines(`
      One could do worse; in this town one generally does.
      Respectable, in a minor key.
      I reserve judgement, a thing I seldom do.
      Not without merit.
    `),
    asp3: words("fare, surroundings, service, upholstery, ceremony"),
    pos: words(
      "sublime, exquisite, irreproachable, a minor masterpiece, elegant, nuanced@food, beautifully balanced, comme il faut, sumptuous@room, civilised@room",
    ),
    neg: words(
      "lamentable, pedestrian, an affront, bourgeois in the worst sense, execrable, limp@food, overwrought, gauche@people, insipid@food, a travesty",
    ),
    amp: words("frankly, undeniably, positively, exquisitely"),
  },
};
