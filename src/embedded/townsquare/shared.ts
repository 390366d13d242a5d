import { type Lexicon, lines, words } from "./lexicon.ts";
import { townTales, townTalk } from "./mainstream-talk.ts";

/** What anyone in town might write: the mainstream that all residents share to some degree. */
export const mainstream: Lexicon = {
  open: lines(`
    [Popped|Called|Dropped|Went] into {here} {when}.
    {When} at {here}.
    First time at {here} in [months|ages|a year].
    We [tried|chose|ended up at] {here} {when}.
    I {did} {when}.
    Went [along|there] {when} because I wanted to {use}.
    Not my first visit to {here} and [probably|surely] not my last.
    [Been|Gone] to {here} [three|four|a few] times now.
    [Just|Only] back from {here}.
    {name} recommended {here}, so I went {when}.
  `),
  plus: lines(`
    {Asp} {was} {amp} {gpos}.
    {Asp} {was} {pos} and {asp} {was} {pos} too.
    {Good}.
    {Good} and {good}.
    I {did} and it was {pos}.
    Loved {asp}, and {asp} {was} {pos}.
    {Staff} could not have been more helpful.
    {Asp} {is} worth the trip [alone|on {its} own].
    Best of all, {good}.
    What a {apos} {kind}.
    [Friendly|Quick|Cheerful] service from {staff}.
    {Asp} [made|saved] the [day|visit].
    You can tell they care about {asp}.
    Everything was {pos}, {asp} most of all.
    If you want to {use}, this is the place.
    Nobody does {asp} like this.
    {Good}, and that is not a small thing.
    {Asp} {was} better than I remembered.
    I was pleasantly surprised by {asp}.
    {Asp} {was} exactly what I had hoped for.
    My favourite thing {was2} {asp}.
    Two good things: {good}, and {good}.
    {Staff} answered all my questions patiently.
    We were glad that {good}.
    Even {name}, who complains about everything, liked {asp}.
    {Good}, which made my {part}.
    {Asp} deserve{s} a special mention.
    I did not expect it, but {good}.
  `),
  minus: lines(`
    {Asp} {was} {amp} {gneg}.
    {Asp} {was} {neg} and {asp} {was} not much better.
    {Bad}.
    {Bad}, and {bad}.
    I {did} and it was {neg}.
    There was no sign of {lack}.
    {Staff} did not seem to care.
    Sadly {asp} {was} {neg}.
    To make it worse, {bad}.
    All I wanted was to {use}.
    {Asp} [spoiled|ruined] the visit.
    I expected more of {asp}.
    We asked {staff} and got a shrug.
    What a {aneg} {kind}.
    Everything felt {neg}, {asp} in particular.
    {Asp} {has} gone downhill.
    {Bad}, which is simply not acceptable.
    I was let down by {asp}.
    {Bad}, and the price was {price}.
    Two complaints: {bad}, and {bad}.
    {Staff} had no answer when I asked about {asp}.
    It is a pity that {bad}.
    Even {name}, who likes everything, found {asp} {neg}.
    {Asp} need{s} attention, urgently.
    I would not mind, but {bad}.
    We left because {bad}.
    {Asp} used to be so much better.
  `),
  mixed: lines(`
    {Asp} {was} {pos}, but {asp} {was} {neg}.
    {Good}, though {bad}.
    {Bad}, but {good}.
    {Asp} {was} fine, nothing more.
    {Asp} {was} OK.
    Some things were {pos}, some were {neg}.
    I liked {asp} and could have done without {asp}.
    {Staff} did their best.
    It lacks {lack}, otherwise {pos}.
  `),
  tale: townTales,
  aside: townTalk,
  "end+": lines(`
    Will be back.
    Highly recommended.
    [We|I] will [certainly|definitely] return.
    Thank you to {staff}.
    A {apos} {part} all round.
    Go, you will like it.
    Worth every penny.
    Five minutes from home and better than the big places.
  `),
  "end-": lines(`
    Will not be back.
    Avoid.
    [We|I] will go elsewhere next time.
    Not worth the money.
    Very disappointing.
    I hope somebody reads this and sorts it out.
    There are better places on {street}.
    I want my {price} back.
  `),
  "end~": lines(`
    Might go again.
    Average, really.
    Fine if you are nearby.
    It could be {pos} with a little effort.
    I will give it another chance in {month}.
    Not bad, not great.
    We will see.
  `),
  pos: words(
    "lovely, great, excellent, good, very nice, friendly@people, pleasant, fresh@food, clean@room, wonderful, really good, spot on, fantastic, welcoming@people, cosy@room, well run@room, tidy@room, comfortable@room, better than expected, perfect",
  ),
  neg: words(
    "poor, bad, disappointing, dirty@room, rude@people, slow@people, terrible, awful, tired@room, overpriced, cold@food, careless@people, below par, not good, a let-down, worse than last time, shabby@room, chaotic@room, unpleasant, dull",
  ),
  was2: words("was, by far was, without question was"),
  amp: words("really, very, so, quite, rather, absolutely, pretty"),
};

/** Names and numbers, the same for everyone. */
export const names: Lexicon = {
  name: words(
    "Sheila, Marcus, Bev, young Callum, Mrs Okafor, Dilip, Fran, Old Pete, Jo, my neighbour Hamid, Siobhan, Kev, Auntie Ruth, Lena, Mr Pell, Yusuf, Carys, Nadia, Graham, Bridget, Ollie, Dr Shaw, Mina, Terry, Pauline, Zofia, Errol, Hattie, Ravi, Noreen, Stan, Philippa, Jonas, Mei, Douglas, Ines, Wilf, Chloe, Arthur, Shanice",
  ),
  street: words(
    "Mill Lane, Station Road, Castle Street, Bridge Street, Church Row, Tanner's Yard, the High Street, Orchard Close, Quay Street, Priory Walk, Cornmarket, Gasworks Road, Weir Lane, Almshouse Row, Foundry Street",
  ),
  day: words("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"),
  weekday: words("Monday, Tuesday, Wednesday, Thursday"),
  month: words("January, February, March, April, May, June, July, August, September, October, November, December"),
  price: words(
    "£2.40, £3.20, £3.80, £4.50, £5.10, £5.95, £6.75, £7.20, £8.90, £9.50, £11.40, £12.80, £14.00, £16.25, £19.99, £23.50",
  ),
  few: words("two, three, four, five, six"),
};
