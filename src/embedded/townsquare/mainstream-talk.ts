import { lines } from "./lexicon.ts";

/** Small talk of the town, open to everyone: what else goes on, and what happened on the way. */
export const townTalk = lines(`
  It rained all {part}.
  The town has changed a lot [lately|since the bypass].
  {name} says the same.
  I live [round the corner|on {street}|two streets away].
  It is [always|usually] busier on a {day}.
  {name} prefers the other one on {street}.
  They are still digging up {street} for the gas pipes.
  The carnival committee wants volunteers for {month}.
  The swans have nested by the weir again.
  The mayor was cutting a ribbon outside the chemist.
  The clock on the town hall is seven minutes slow.
  Someone has knitted a scarf for the statue of the admiral.
  The new roundabout confuses everybody.
  The fair comes to the water meadow in {month}.
  The bridge was closed for a film crew.
  A hot-air balloon came down behind the school.
  The bus shelter has been painted by the pupils, badly and cheerfully.
  There was a power cut on {street} that {part}.
  The ferry was not running, hence the detour.
  The choir is short of tenors, {name} tells me.
  The river was high and brown.
  {name} has moved to the new flats by the station.
  The shoe repairer has retired after forty years.
  The sycamore by the church came down in the gale.
  The pharmacy now closes on {day} afternoons.
  Scaffolding has covered the bank for months.
  The harvest supper was moved to {month}.
  There is a petition about the footbridge.
  The scouts were washing cars for charity.
  The fog did not lift until noon.
  The street sweeper was out early.
  A lost tortoise is on every lamp post.
  The allotments are full of sunflowers this year.
  The marathon went right through {street}.
  The brewery's chimney is coming down, they say.
  The fishmonger's cat sat in the doorway as usual.
  The pavements were icy.
  The heatwave has everyone in a mood.
  The signal box has become a holiday cottage.
  The town band was practising with the windows open.
`);

/** Small events anyone might tell. */
export const townTales = lines(`
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
  My umbrella was left behind and kept safe for me.
  A stranger held the door and wished us a good {part}.
  {name} took a photograph of everything.
  We met a couple from Norwich who were lost.
  I dropped my glove and a boy ran after me with it.
  {name} knocked over a plant pot and blushed.
  A delivery man was unloading crates in the doorway.
  A baby was crying, then it stopped.
  We had a coupon from the parish newsletter.
  {name} argued about the change for a moment.
  The lights went out for a second and everyone cheered.
  I had an old voucher and {staff} accepted it.
  Two nuns came in and ordered nothing.
  A man with a parrot was there.
  My glasses steamed up at once.
  {name} told the story of the flooded cellar again.
  We split the bill, {price} each.
  I forgot my purse and {name} lent me {price}.
  A guide dog slept through it all.
  An electrician was up a ladder the whole time.
  I sneezed and three people said bless you.
  {name} had heard about it on local radio.
  We had to leave early for the train.
  Somebody's birthday balloons bobbed about the ceiling.
  {name} wore a new hat and nobody said a word.
`);
