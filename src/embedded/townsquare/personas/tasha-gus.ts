import { lines, words } from "../lexicon.ts";
import type { Resident } from "../resident.ts";

export const tasha: Resident = {
  name: "Tasha",
  portrait:
    "Twenty, at college, always with friends: slang, no capitals, thrift shops, nails, songs, all feeling and few commas.",
  affinity: {
    base: 0.2,
    kinds: { cinema: 0.6, café: 0.4, market: 0.2, pub: 0.2, barber: 0.3, library: -0.5, museum: -0.6 },
    occasions: { "evening out": 0.8, "rainy Saturday": 0.3, "quiet weekday": -0.5, "family visiting": -0.4 },
    stars: [0.3, -0.2, -0.3, 0, 0.4],
  },
  habits: {
    words: 17,
    spread: 0.42,
    zeal: 0.12,
    cheer: 0.05,
    mainstream: 0.3,
    opens: 0.45,
    closes: 0.5,
    mix: { opinion: 6, tale: 2.5, aside: 1.5 },
    style: {
      lowercase: 0.85,
      exclaim: 0.12,
      trail: 0.05,
      bare: 0.75,
      spellings: [
        ["you", "u", 0.4],
        ["because", "bc", 0.8],
        ["though", "tho", 0.8],
        ["really", "rly", 0.4],
        ["going to", "gonna", 0.8],
        ["people", "ppl", 0.4],
        ["probably", "prob", 0.6],
      ],
    },
  },
  lexicon: {
    open: lines(`
      ok so {here} {when}.
      went to {here} with the girls {when}.
      me and {name} ended up at {here} {when}.
      not me going to {here} {when}.
      so everyone keeps going on about {here}.
      literally just walked out of {here}.
      hungover at {here}, send help.
      {name} dragged me to {here} {when}.
    `),
    plus: lines(`
      {asp} {was} {amp} {gpos}.
      ngl {asp} {was} {pos}.
      {good} and i nearly cried.
      obsessed with {asp}.
      {staff} is an actual angel.
      {asp}?? {pos}.
      whoever does {asp} deserves a raise.
      the vibe is {pos}, {good}.
      ten out of ten for {asp} honestly.
      {asp} {was} giving main character.
      can we talk about {asp} because {it} {was} {pos}.
    `),
    minus: lines(`
      {asp} {was} {amp} {gneg}.
      {bad} like are you serious.
      {bad} and nobody even said sorry.
      {staff} looked at me like i was dirt.
      not being funny but {asp} {was} {neg}.
      the ick when {bad}.
      no {lack}, in this economy.
      {asp}?? {neg}.
      i paid {price} for {asp}, i could weep.
      lost the will to live when {bad}.
    `),
    mixed: lines(`
      {asp} {was} {pos} but {asp} was a no from me.
      kinda {pos} kinda {neg}.
      idk, {good} but {bad}.
      it's fine, it's giving waiting room.
      lowkey {pos} apart from {asp}.
    `),
    tale: lines(`
      {name} {did} and we died laughing.
      i {did} and got glitter everywhere.
      we took like forty selfies.
      my ex walked in halfway through.
      i {did} in my dressing gown basically.
      {name} spilled [a smoothie|her drink|nail glue] all over my bag.
      we missed the last bus and walked home barefoot.
      saw my old form tutor, awkward.
    `),
    aside: lines(`
      deadline was at midnight so whatever.
      i got the cutest jacket from the charity shop after.
      my nails were fresh so at least there's that.
      student loan comes in next week thank god.
      had that song stuck in my head all {part}.
      my phone was on two percent.
      manifesting a job there tbh.
      anyway stream her new album.
    `),
    "end+": lines(`
      going back {day} no question.
      ily {here}.
      new fave, don't gatekeep.
      no notes.
      run don't walk.
    `),
    "end-": lines(`
      never again bye.
      hard pass.
      blocked and deleted.
      do better.
      in the bin.
    `),
    "end~": lines(`
      mid.
      might go back if someone else pays.
      so yeah.
      it is what it is.
    `),
    pos: words(
      "unreal, so cute, iconic, elite, insane, gorgeous, a vibe, chef's kiss, the best thing ever, a slay, dreamy, well good",
    ),
    neg: words(
      "grim, rank@food, tragic, a scam, dead, so awkward, bare rude@people, cringe, minging@food, a joke, dry@food, long",
    ),
    amp: words("so, literally, actually, lowkey, proper"),
  },
};

export const gus: Resident = {
  name: "Gus",
  portrait:
    "Retired bus driver: gruff, short sentences, remembers what everything used to cost, soft about pigeons and engines.",
  affinity: {
    base: 0.3,
    kinds: { pub: 0.8, barber: 0.7, bakery: 0.4, market: 0.3, cinema: -0.4, pool: -0.6, museum: -0.1, café: -0.2 },
    occasions: { "quiet weekday": 0.5, "lunch break": -0.4, "before work": -0.3 },
    stars: [0.6, 0.5, 0.2, -0.2, -0.6],
  },
  habits: {
    words: 20,
    spread: 0.4,
    zeal: 0.02,
    cheer: -0.15,
    mainstream: 0.36,
    opens: 0.5,
    closes: 0.6,
    mix: { opinion: 5, tale: 2, aside: 3 },
    style: {
      lowercase: 0,
      exclaim: 0.04,
      trail: 0.02,
      bare: 0.1,
      spellings: [
        ["and", "an'", 0.03],
        ["nothing", "nowt", 0.6],
        ["something", "summat", 0.6],
      ],
    },
  },
  lexicon: {
    open: lines(`
      {Here}. {When}.
      Drove past {here} for thirty years. Stopped {when}.
      The wife sent me to {here}.
      Wanted to {use}. That's all.
      Same story at {here} {when}.
      Used to be a [tyre shop|bank|proper ironmonger's], now it's a {kind}.
      Took the number {few} to {here}.
    `),
    plus: lines(`
      {Asp} {was} {pos}. I'll give them that.
      {Good}. Didn't expect it.
      Fair play to {staff}.
      {Asp}, no nonsense.
      Can't moan about {asp}. I tried.
      My mother would have put up with {asp}. High praise.
      {Good}. That's how it's done.
      Runs like a good diesel, this place.
      {Price}. That's honest money.
    `),
    minus: lines(`
      {Asp} {was} {neg}. No excuse.
      {Bad}. Typical.
      {Price} for that. Daylight robbery.
      In my day ten bob bought better. Now {asp} {is} {neg}.
      {Staff} never looked up from the phone.
      {Bad}. Nobody takes pride any more.
      I've had better {asp2} at the depot.
      Not a sign of {lack}. Not one.
      {Asp}. Don't get me started.
      {Bad}. I said so. Fat lot of good.
    `),
    mixed: lines(`
      {Asp} all right. {Asp} {neg}.
      {Good}. Shame that {bad}.
      Seen worse. Seen better.
      {Asp} {was} {pos}, I suppose.
    `),
    tale: lines(`
      I {did}. Took forever.
      {name} was in there moaning about the council.
      Met {name} from the garage. He {did}.
      I {did}. Cost me {price}.
      Stood there like a lemon for ten minutes.
      Told {staff} about the old tram lines. Not interested.
      Couldn't park. Bollards everywhere.
      My knee's no good on them steps.
    `),
    aside: lines(`
      Used to be fifty pence, all of this.
      The pigeons are back on the depot roof, nine of them.
      They've dug up {street} again.
      Gearbox on the Leyland never let me down once.
      Bring back the conductors, I say.
      The council wants its head looking at.
      Bunions don't like cobbles.
      Racing pigeons have more sense than that lot.
    `),
    "end+": lines(`
      Good enough for me.
      I'll be in again {day}.
      Leave it as it is.
      Proper.
    `),
    "end-": lines(`
      Save your bus fare.
      Not going again. Told the wife.
      Country's gone to the dogs.
      Wouldn't send a pigeon there.
    `),
    "end~": lines(`
      It'll do.
      Nowt special.
      Take it or leave it.
      Might go again if it's raining.
    `),
    asp2: words("tea, service, seats, chairs, manners, conversation"),
    pos: words("decent, all right, proper, not bad at all, honest, up to scratch, sound, grand, better than most"),
    neg: words(
      "rubbish, a disgrace, useless, daft money, a shambles, filthy@room, no good to anyone, a con, hopeless, bone idle@people",
    ),
    amp: words("bloody, dead, right, proper"),
  },
};
