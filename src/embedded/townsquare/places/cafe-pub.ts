import { type Lexicon, lines, words } from "../lexicon.ts";

export const cafe: Lexicon = {
  here: words("the Copper Kettle, Penny's, the Corner Cup, this café"),
  kind: words("café, coffee shop"),
  asp: words(
    "the coffee@food, the espresso@food, the scones*@food, the soup of the day@food, the carrot cake@food, the croissants*@food, the tea@food, the toasties*@food, the music@other, the window seats*@room, the service@people, the prices*@other, the porridge@food, the loos*@room, the milk foam@food, the sofas*@room, the noise level@other, the lemon drizzle@food, the wifi@other, the breakfast rolls*@food",
  ),
  item: words(
    "a flat white, a pot of Assam, a cheese scone, an almond croissant, a cortado, a bowl of leek soup, a bacon roll, a slice of carrot cake, a hot chocolate, an iced latte, a toasted teacake, a decaf, two poached eggs*, a mushroom toastie",
  ),
  staff: words("the barista, the girl at the till, the owner, the lad on the coffee machine, the waitress"),
  spot: words(
    "the corner table, a stool by the window, the wobbly table near the door, the armchair under the clock, the long bench, a seat by the radiator",
  ),
  did: lines(`
    ordered {item}
    ordered {item} and {item}
    took {spot} for [an hour|half the morning|twenty minutes]
    asked for {item} without the fuss
    took {item} away in a paper cup
    read two chapters over {item}
    shared {item} with {name}
    queued behind [a school trip|four prams|a man paying in coppers]
    tried the [house blend|guest roast|oat milk]
  `),
  use: lines(`
    drink a coffee in peace
    sit down with the paper
    get something warm before the bus
    write a few letters
    catch up over cake
    charge a phone
  `),
  good: lines(`
    the foam came with a neat little leaf drawn on it
    the scones were still warm from the oven
    {staff} remembered what I had last time
    the beans tasted of chocolate and toasted nuts
    the soup arrived with proper buttered bread
    a jug of water stood on every table without asking
    the cake was moist and cut generously
    nobody hurried us along although people were waiting
    the cups were warmed and the spoons were clean
    someone had put fresh tulips on the counter
    the whole place smelled of cinnamon and roasting
    the bacon was crisp right to the edge
    they refilled the teapot without charging
    the loyalty card actually got stamped
    the teapot wore a knitted cosy shaped like a hen
    the granola was full of hazelnuts and apricots
    the crossword lay ready with two sharp pencils
    the brownie was fudgy and had flakes of sea salt
    {staff} steamed the milk without that awful shriek
    the marmalade was homemade, thick and bitter
    the mugs were hand-thrown and pleasantly heavy
    water for dogs stood under the bench
  `),
  bad: lines(`
    the coffee tasted burnt and came lukewarm
    the table was sticky with somebody's jam
    the milk had clearly turned
    {staff} chatted on the phone while the queue grew
    the croissant was as dry as cardboard
    the soup had been microwaved and was cold in the middle
    they forgot the toast and then charged for it
    the grinder screeched all the way through
    the only free seat faced the bins
    the card machine was down again
    a dirty mop stood next to the cake stand
    the tea was a bag in tepid water
    half the menu was crossed out by noon
    the radiator was off and everyone kept coats on
    the sugar bowl was one damp lump
    a wasp had moved into the jam and nobody objected
    the toast was charcoal on one side and bread on the other
    the sandwich contained a single slice of ham and a grudge
    the stool wobbled on three legs
    the blackboard listed specials from last Thursday
    the avocado was brown and bitter
    the extractor fan rattled like a tractor
  `),
  lack: words(
    "oat milk, a working socket, clean spoons*, a bit of shade, a second pair of hands, proper mugs*, a high chair, salt on the tables",
  ),
};

export const pub: Lexicon = {
  here: words("the Black Swan, the Plough, the Railway Arms, this pub"),
  kind: words("pub, local"),
  asp: words(
    "the bitter@food, the chips*@food, the pies*@food, the quiz@other, the beer garden@room, the fireplace@room, the cider@food, the Sunday roast@food, the gravy@food, the jukebox@other, the bar staff*@people, the toilets*@room, the wine list@other, the lighting@other, the fish and chips@food, the dartboard@other, the stout@food, the crackling@food, the benches*@room, the carpet@room",
  ),
  item: words(
    "a pint of bitter, a half of stout, a steak pie, a ploughman's, a packet of crisps, a large Merlot, a ginger beer, a bowl of chips, the roast beef, a scampi basket, a whisky, a cheese board, a pint of cider, sausages and mash*",
  ),
  staff: words("the landlord, the barmaid, the lad pulling pints, the landlady, the new manager"),
  spot: words(
    "the snug, a barrel by the door, the table under the television, the settle near the fire, the back room, a picnic bench outside",
  ),
  did: lines(`
    had {item}
    had {item} followed by {item}
    took {spot} for [the evening|an hour|the second half]
    stood at the bar with {item}
    lost the quiz by [one|two|eleven] points
    split {item} with {name}
    played darts until [nine|closing time|somebody complained]
    waited for {item} while the match finished
    ordered {item} at the bar
  `),
  use: lines(`
    have a quiet pint
    watch the match
    get a decent roast
    sit by a fire
    hear some live music
    meet half the street
  `),
  good: lines(`
    the fire was roaring and the dog was asleep in front of it
    the beer was kept beautifully
    {staff} let us taste two ales before choosing
    the pie had a real crust and plenty of filling
    the chips were fat, golden and salted
    the quizmaster was genuinely funny
    the roast came with three kinds of greens and a giant Yorkshire pudding
    an old fellow played the accordion by the door
    the garden had lanterns strung between the apple trees
    they kept a table for us although we were late
    the gravy came in its own jug
    the cider was cloudy and sharp and local
    everyone at the bar shuffled up to make room
    the pickled eggs came with a warning and were splendid
    the folk singers invited the whole room to join in
    the dominoes had been polished by generations of thumbs
    the sticky toffee pudding was dark, treacly and enormous
    the hand pumps gleamed and the glasses sparkled
    the snooker table had fresh baize
    mulled wine was simmering on the stove
    the ploughman's had crumbly cheese and sharp chutney
  `),
  bad: lines(`
    the pint came flat and half of it was head
    the gravy was straight from a packet
    the television shouted over every conversation
    {staff} served three others who came after us
    the carpet stuck to my shoes
    the chips were limp and swimming in fat
    the pie was a bowl of stew with a lid on
    the gents had no soap and a broken lock
    last orders were called twenty minutes early
    the fire was a screen with a video of logs
    the quiz answers were simply wrong
    a stag party took over the back room
    they charged extra for ketchup
    the fruit machine bleeped through the minute's silence
    the ashtrays outside had not been emptied since Easter
    the lasagne was molten at the rim and frozen in the core
    the karaoke began without mercy at seven
    the beer mats were pulp
    the lager tasted of line cleaner
    a fight about parking broke out by the cigarette bins
    the peas rattled on the plate like ball bearings
  `),
  lack: words(
    "a decent ale, a clean glass, somewhere to sit, soap in the gents, vegetarian food, change for the jukebox, a warm corner, coat hooks*",
  ),
};
