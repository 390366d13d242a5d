import { lines, words } from "../lexicon.ts";
import type { Resident } from "../resident.ts";

export const amina: Resident = {
  name: "Amina",
  portrait:
    "Accountant who runs a dress shop: practical, fair, fragments and lists; value, queues, receipts and how a business treats people.",
  affinity: {
    base: 0.2,
    kinds: { market: 0.7, bakery: 0.2, barber: 0.3, café: 0.2, cinema: -0.1, park: -0.4, library: -0.2, pub: -0.7 },
    occasions: { "before work": 0.4, "lunch break": 0.3, "rainy Saturday": -0.2 },
    stars: [0.1, 0.2, 0.2, 0.1, -0.1],
  },
  habits: {
    words: 28,
    spread: 0.36,
    zeal: 0.02,
    cheer: 0,
    mainstream: 0.42,
    opens: 0.5,
    closes: 0.75,
    mix: { opinion: 6.5, tale: 2, aside: 1.5 },
    style: { lowercase: 0.02, exclaim: 0.03, trail: 0, bare: 0.2, spellings: [["and", "&", 0.25]] },
  },
  lexicon: {
    open: lines(`
      {When}. {Here}. Paid {price}.
      Reviewing {here} as one shopkeeper to another.
      Went to {here} {when} between two deliveries.
      Had {few} spare minutes before opening up, so {here}.
      Customers keep mentioning {here}.
      Visited {here} {when}, paid in full, kept the receipt.
      Short version of {here}: see below.
    `),
    plus: lines(`
      {Asp}: {pos} for the price.
      {Asp} {was} {pos}, {price} well spent.
      {Staff} greeted every customer by name.
      {Good}. That is how you keep customers.
      Good stock, fair margin, {asp} {pos}.
      {Asp} {was} {amp} {gpos}, and the receipt was correct.
      Value: high. {Asp}: {pos}.
      {Staff} fixed a mistake on the bill at once.
      {Good}, at no extra charge.
      I would hire {staff} tomorrow.
    `),
    minus: lines(`
      {Asp}: {neg} for {price}.
      {Price} and {asp} {was} {neg}.
      {Bad}. In my shop that would be a refund.
      No receipt offered, {asp} {neg}.
      {Staff} argued with a customer in front of us.
      Charged twice, apologised to once.
      {Bad}. You lose customers that way.
      Service charge added although {bad}.
      Overheads are no excuse: {asp} {was} {neg}.
      {Asp} {has} been cut to save pennies.
    `),
    mixed: lines(`
      Plus: {asp}. Minus: {asp}.
      {Asp} {pos}, {asp} {neg}, price fair.
      {Good}; against that, {bad}.
      Breaks even.
      Service {pos}, value {neg}.
    `),
    tale: lines(`
      I {did}, total {price}.
      {name}, who supplies my buttons, {did}.
      I {did} in {few} minutes flat.
      Compared prices with the place on {street}: {price} there.
      My daughter {did} and gave it six out of ten.
      I {did} and answered two orders on the phone.
      Asked for an itemised bill and got one, handwritten.
    `),
    aside: lines(`
      VAT quarter ends on {day}, so time is short.
      Rents on {street} are up again, I sympathise.
      A clean window sells more than a sign.
      The silk came in the wrong green this week.
      Small businesses live on repeat visits.
      Eid orders have started, hems everywhere.
      I do the books on a {day} night with mint tea.
    `),
    "end+": lines(`
      Verdict: worth it.
      Would spend again.
      Support local, start here.
      Added to my regular expenses.
    `),
    "end-": lines(`
      Verdict: not worth it.
      Taking my custom to {street}.
      Refund requested.
      Written off as a loss.
    `),
    "end~": lines(`
      Verdict: acceptable.
      Would use again at a discount.
      Room for growth.
      Three out of five, fairly costed.
    `),
    pos: words(
      "good value, efficient@people, fairly priced, professional@people, prompt@people, well stocked@room, neat@room, reliable, properly run, accurate, generous@people",
    ),
    neg: words(
      "overpriced, inefficient@people, unprofessional@people, poor value, disorganised, understocked@room, late@people, a false economy, sloppy, short measure@food",
    ),
    amp: words("consistently, genuinely, very, notably"),
  },
};

export const eli: Resident = {
  name: "Eli",
  portrait:
    "Shy musician who tunes pianos: wistful, trailing off, hears rooms before seeing them, rain, dust, half-remembered tunes.",
  affinity: {
    base: -0.1,
    kinds: { library: 0.4, cinema: 0.6, park: 0.4, pub: 0.2, museum: 0.2, market: -0.4, pool: -0.2, barber: -0.3 },
    occasions: { "quiet weekday": 0.4, "rainy Saturday": 0.6, "family visiting": -0.5, "before work": -0.2 },
    stars: [-0.2, -0.1, 0.2, 0.3, 0.1],
  },
  habits: {
    words: 36,
    spread: 0.42,
    zeal: -0.03,
    cheer: 0.05,
    mainstream: 0.34,
    opens: 0.65,
    closes: 0.5,
    mix: { opinion: 4, tale: 2.5, aside: 3.5 },
    style: { lowercase: 0.12, exclaim: 0, trail: 0.28, bare: 0.2, spellings: [] },
  },
  lexicon: {
    open: lines(`
      I drifted into {here} {when}, mostly to get out of my own head.
      Rain on the roof of {here}, {when}.
      There was nobody at {here} but me and a clock.
      {Here} hums in B flat, in case you wondered.
      I had meant to walk past {here}.
      You hear {here} before you see it.
      {When}, and the light at {here} was the colour of weak tea.
    `),
    plus: lines(`
      {Asp} {was} {pos}, like a chord left ringing.
      {Good}, and for a moment everything slowed down.
      {Asp} {was} {amp} {gpos}, the sort of thing you carry home.
      {Staff} spoke softly and meant it.
      I keep thinking about {asp}.
      Somewhere between {asp} and the rain I felt {pos2}.
      {Good}, and nobody asked me anything.
      {Asp}, oh, {asp}.
      It was {pos}, the way old songs are.
      You could fall asleep in the sound of it.
    `),
    minus: lines(`
      {Asp} {was} {neg}, like a piano left in a garage.
      {Bad}, and the spell was broken.
      {Asp} {was} {amp} {gneg}, or perhaps it was me.
      {Staff} spoke as if through glass.
      Everything was slightly out of tune, {asp} above all.
      {Bad}, and I walked home the long way.
      The hum of the fridge was a quarter-tone sharp, and {asp} {was} {neg}.
      I wanted {lack}, or just some quiet.
      There was a loneliness about {asp}.
    `),
    mixed: lines(`
      {Asp} {was} {pos}, {asp} {was} {neg}, major and minor.
      {Good}, but {bad}, and so it goes.
      Half a lovely {part}.
      I liked it more in memory than at the time.
    `),
    tale: lines(`
      I {did} and wrote down eight bars on a napkin.
      An old man {did}, humming something from the war.
      I {did}, watching the drops race down the glass.
      {name} waved, and I pretended to read.
      I {did} until the lights went on.
      {name} used to play the viola here, years ago.
      A child {did} and laughed in thirds.
      I {did}, slowly, as if someone were listening.
    `),
    aside: lines(`
      My grandmother's metronome still ticks in the hall.
      Autumn gets into the piano strings, you know.
      I dreamt of lighthouses again.
      There is a key on my bench that never sticks in {month}.
      Dust has its own smell when the heating comes on.
      The church bell is flat, has always been flat, I would miss it.
      I tuned a Bechstein on {street} that nobody plays.
      Sometimes a room remembers you.
    `),
    "end+": lines(`
      I'll go again when it rains.
      Thank you, whoever chose the lamps.
      I left humming.
      Don't tell too many people.
    `),
    "end-": lines(`
      I won't go back, but I wish them well.
      Some places are better imagined.
      I stayed too long, as usual.
      Silence would have been kinder.
    `),
    "end~": lines(`
      Maybe in {month}.
      It was enough, I think.
      Perhaps I was the one out of key.
      The walk home was the best part.
    `),
    pos2: words("almost happy, ten years old, forgiven, less alone, awake"),
    pos: words(
      "tender, hushed@room, golden, gentle, half-magical, mellow, in tune, kind@people, lamplit@room, strangely moving, soft",
    ),
    neg: words(
      "hollow, out of tune, sad, brittle, too bright, jarring, grey, restless, faded, airless@room, a little cruel@people",
    ),
    amp: words("almost, quietly, somehow, oddly"),
  },
};
