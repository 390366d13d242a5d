import { lines, words } from "../lexicon.ts";
import type { Resident } from "../resident.ts";

export const rosa: Resident = {
  name: "Rosa",
  portrait:
    "Nurse on rotating shifts: kind, worn out, thankful for small things, notices feet, hands and how staff are treated.",
  affinity: {
    base: 0.3,
    kinds: { café: 0.3, bakery: 0.5, pool: 0.5, barber: 0.1, market: -0.2, museum: -0.5, park: 0.2 },
    occasions: { "before work": 0.9, "quiet weekday": 0.3, "lunch break": -0.2 },
    stars: [-0.4, -0.2, 0, 0.3, 0.4],
  },
  habits: {
    words: 30,
    spread: 0.4,
    zeal: 0.04,
    cheer: 0.15,
    mainstream: 0.42,
    opens: 0.65,
    closes: 0.6,
    mix: { opinion: 5, tale: 2.5, aside: 2.5 },
    style: { lowercase: 0.03, exclaim: 0.12, trail: 0.06, bare: 0.25, spellings: [["because", "cos", 0.3]] },
  },
  lexicon: {
    open: lines(`
      Came to {here} straight off nights.
      {When}, still in my uniform, I went to {here}.
      After a twelve-hour shift all I wanted was to {use}.
      Stopped at {here} on the way to the ward.
      My first day off in [nine|ten|eleven] days and I chose {here}.
      A patient told me about {here}, God love her.
      Feet aching, so {here} it was.
    `),
    plus: lines(`
      {Asp} {was} {amp} {gpos}, exactly what the body needed.
      {Staff} took one look at me and found me a chair.
      {Good}, and I could have hugged somebody.
      {Asp} {was} {pos} and nobody rushed me.
      God bless {staff}.
      Small kindness, big difference: {good}.
      {Asp} put me back together after a rough shift.
      You feel looked after here, and that is my own job, so I know.
      I slept like a baby afterwards thanks to {asp}.
      {Staff} {is2} rushed from all sides and still smiling.
    `),
    is2: words("was, must have been, seemed"),
    minus: lines(`
      {Asp} {was} {neg}, and I was too tired to argue.
      I know what short staffing looks like, but {bad}.
      {Bad}, and it nearly finished me off.
      {Asp} would not pass an infection control audit.
      {Staff} was all alone, poor thing, so {asp} {was} {neg}.
      I don't like to grumble, but {bad}.
      {Asp} {was} {neg} and my feet were throbbing.
      On my one free {part} I found that {bad}.
      Someone will slip and end up on my ward, the way {asp} {is}.
    `),
    mixed: lines(`
      {Good}, even though {bad}, so no hard feelings.
      {Asp} {was} {neg} but {staff} was kind about it.
      They are trying, and {asp} {was} {pos}.
      {Asp} {was} {pos}, only I missed {lack}.
    `),
    tale: lines(`
      I {did} and nearly nodded off.
      Bumped into {name}, whose hip I nursed last winter.
      {name} from the night team {did}.
      I {did} with my shoes off under the table.
      The bleep went in my dreams, that's how tired I was.
      {name} insisted on paying, which set me off crying.
      I {did} and phoned my mother in Porto.
      Washed my hands out of habit, twice.
    `),
    aside: lines(`
      We had three admissions before midnight.
      My little sister sends me recipes I never cook.
      Compression socks are the secret, trust me.
      The car park at the hospital costs more than lunch.
      Back on shift at seven, so early to bed.
      I light a candle for the ward on {day}s.
      Handover ran late as ever.
      There is rice pudding in my locker for emergencies.
    `),
    "end+": lines(`
      Thank you, from one worker to another.
      It made my week.
      I'm bringing the whole ward.
      Be kind to them, they deserve it.
    `),
    "end-": lines(`
      Home to bed instead next time.
      Please look after your staff and it will follow.
      I left sadder than I came.
      No blame, but no return either.
    `),
    "end~": lines(`
      I'll try once more after nights.
      Not their best day, nor mine.
      Fine for a quick stop before a shift.
    `),
    pos: words(
      "a comfort, soothing, so thoughtful@people, warm@food, restful@room, spotless@room, healing, gentle, generous@people, a blessing, just right",
    ),
    neg: words(
      "draining, unhygienic@room, understaffed@room, neglected, sore on the feet, a headache, unwelcoming@people, stuffy@room, sad, not very caring@people",
    ),
    amp: words("so, truly, very, honestly"),
  },
};

export const tom: Resident = {
  name: "Tom",
  portrait:
    "Postman who runs, cycles and walks a spaniel called Biscuit: outdoor, brisk, weather first, distances always given.",
  affinity: {
    base: 0.2,
    kinds: { park: 1, pool: 0.5, pub: 0.3, market: 0.1, cinema: -0.7, library: -0.6, barber: -0.1, museum: -0.3 },
    occasions: { "before work": 0.5, "quiet weekday": 0.2, "rainy Saturday": 0.2 },
    stars: [-0.2, 0, 0.1, 0.3, 0.1],
  },
  habits: {
    words: 24,
    spread: 0.4,
    zeal: 0.02,
    cheer: 0.05,
    mainstream: 0.4,
    opens: 0.65,
    closes: 0.5,
    mix: { opinion: 4.5, tale: 3, aside: 2.5 },
    style: {
      lowercase: 0.03,
      exclaim: 0.12,
      trail: 0.02,
      bare: 0.25,
      spellings: [
        ["kilometres", "k", 0.4],
        ["minutes", "mins", 0.5],
      ],
    },
  },
  lexicon: {
    open: lines(`
      Finished the round early and went to {here}.
      Cycled to {here} {when}, headwind all the way.
      Biscuit and I dropped by {here} {when}.
      Ten kilometres done, then {here}.
      Muddy boots and all at {here}.
      Delivered to {here} for years, finally a customer {when}.
      Drizzle, two degrees, {here}.
    `),
    plus: lines(`
      {Asp} {was} {pos} after a long run.
      {Good}, and Biscuit got a treat as well.
      {Asp}: {pos}, well worth the climb up {street}.
      {Staff} brought a bowl of water for the dog.
      {Asp} {was} {amp} {gpos}.
      Nothing beats {asp} when your legs are gone.
      Somewhere to lock the bike, and {good}.
      {Good}. Biscuit approved, tail going.
      {Asp} hit the spot after the hill.
    `),
    minus: lines(`
      {Asp} {was} {neg}, even for a wet dog.
      {Bad}, so we turned round and did another lap.
      {Asp} {was} {amp} {gneg}.
      Nowhere to lock a bike and {bad}.
      Biscuit wasn't welcome, and {asp} {was} {neg} anyway.
      I've had warmer welcomes from letterboxes.
      {Bad}. Even the dog sulked.
      Out of puff and then {bad}.
      Could have used {lack} after twelve miles.
    `),
    mixed: lines(`
      {Asp} {was} {pos}, {asp} {was} {neg}, same as most hills: up and down.
      {Good}, but {bad}, so pick your weather.
      Dog liked it more than I did.
      Decent pit stop, nothing to detour for.
    `),
    tale: lines(`
      I {did} in cycling shorts, sorry everyone.
      Biscuit stole [half a sausage|a glove|someone's scone] and ran for it.
      {name} from the running club {did}.
      I {did} and stretched my calves.
      Saw a [kingfisher|barn owl|fox] on the way, just past {street}.
      {name} told me about a new trail behind the quarry.
      Puncture at mile {few}, so I was late.
      We {did}, Biscuit under the chair.
    `),
    aside: lines(`
      Half marathon in {month}, so no cake, well, little cake.
      Up at four for the sorting office.
      The river path is flooded below the weir.
      New trail shoes, already ruined.
      Sunrise over the ridge was pink and gold.
      Frost on the saddle again.
      Letters are heavier on a {day}.
      The forecast said bright spells, the forecast lied.
    `),
    "end+": lines(`
      Back next week, mud or no mud.
      Get out there.
      Worth the miles.
      Four paws up.
    `),
    "end-": lines(`
      Keep pedalling.
      Flask and a bench for me next time.
      Not worth taking my helmet off.
      Biscuit voted with his feet.
    `),
    "end~": lines(`
      Fine if you're passing.
      Would stop again in a downpour.
      Depends on the wind.
      We'll see after the race.
    `),
    pos: words(
      "cracking, spot on, refreshing, hearty@food, dog-friendly@room, bracing, a proper reward, sturdy@room, fresh as morning@food, top notch, breezy@room",
    ),
    neg: words(
      "soggy@food, stuffy@room, sluggish, cramped@room, not dog-friendly@room, flat@food, a slog, bleak, windless@room, puffed out",
    ),
    amp: words("pretty, dead, seriously, properly"),
  },
};
