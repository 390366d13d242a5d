import type { Lexicon } from "./lexicon.ts";
import { lines, words } from "./lexicon.ts";

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
    {Asp} {was} {amp} {apos}.
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
  `),
  minus: lines(`
    {Asp} {was} {amp} {aneg}.
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
  tale: lines(`
    {name} was with me and {did}.
    I {did} while {name} {did}.
    We were there for [about an hour|most of the {part}|longer than planned].
    I {did}.
    {name} from {street} was there too.
    It was [quiet|busy|half full|packed] when we came in.
    It cost {price}.
    [Parking|The bus|The walk] was easy enough.
    I asked {staff} about {asp}.
    We stayed for a while.
  `),
  aside: lines(`
    It rained all {part}.
    The town has changed a lot [lately|since the bypass].
    {name} says the same.
    I live [round the corner|on {street}|two streets away].
    It is [always|usually] busier on a {day}.
    {name} prefers the other one on {street}.
  `),
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
    "lovely, great, excellent, good, very nice, friendly, pleasant, fresh, clean, wonderful, really good, spot on, fantastic, welcoming, cosy, well run, tidy, comfortable, better than expected, perfect",
  ),
  neg: words(
    "poor, bad, disappointing, dirty, rude, slow, terrible, awful, tired, overpriced, cold, careless, below par, not good, a let-down, worse than last time, shabby, chaotic, unpleasant, dull",
  ),
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
  month: words("January, February, March, April, May, June, July, August, September, October, November, December"),
  price: words(
    "£2.40, £3.20, £3.80, £4.50, £5.10, £5.95, £6.75, £7.20, £8.90, £9.50, £11.40, £12.80, £14.00, £16.25, £19.99, £23.50",
  ),
  few: words("two, three, four, five, six"),
};
