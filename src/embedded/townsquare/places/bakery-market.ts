import { type Lexicon, lines, words } from "../lexicon.ts";

export const bakery: Lexicon = {
  here: words("Hartley's, the Old Oven, the bakery on {street}, this bakery"),
  kind: words("bakery, baker's"),
  asp: words(
    "the sourdough@food, the rye loaf@food, the cinnamon buns*@food, the baguettes*@food, the custard tarts*@food, the sausage rolls*@food, the queue@other, the crust@food, the doughnuts*@food, the shelves*@room, the opening hours*@other, the shortbread@food, the service@people, the pasties*@food, the seeded rolls*@food, the eclairs*@food, the smell@other, the birthday cakes*@food, the flapjacks*@food",
  ),
  item: words(
    "a large white tin, a rye loaf, half a dozen rolls*, a cheese straw, a custard tart, two sausage rolls*, a sticky bun, a baguette, a walnut loaf, an apple turnover, a Chelsea bun, a birthday cake, a tray of flapjacks, a still-warm focaccia",
  ),
  staff: words("the baker, the woman behind the counter, the Saturday girl, old Mr Hartley, the apprentice"),
  did: lines(`
    bought {item}
    bought {item} and, naturally, {item}
    went in for {item} and left with {item}
    ate {item} before reaching the corner
    asked for {item}, sliced thick
    phoned ahead to put aside {item}
    stood in the queue for [ten minutes|a quarter of an hour|what felt like a week]
    froze half of the loaf
    carried {item} home in the rain
  `),
  use: lines(`
    pick up a loaf
    get rolls for the week
    buy something sweet for the office
    find a cake at short notice
    have a pasty on the way home
    smell bread at seven in the morning
  `),
  good: lines(`
    the crust crackled when I pressed it
    the loaf was still warm through the paper bag
    {staff} slipped an extra bun into the bag
    the crumb was open and chewy and a little sour
    the custard wobbled just as it should
    the sausage rolls were peppery and flaky
    the cake had my niece's name spelled right
    the queue moved fast because everyone knew their job
    the doughnuts were filled right to the edge with raspberry jam
    they still wrap everything in tissue and string
    the bread kept fresh for four days
    flour dust hung in the morning light like a painting
    the cinnamon buns were sold out by nine and deserved to be
    the gingerbread men had real currant buttons
    the brioche was buttery and plaited like hair
    the almond paste was made on the premises
    the poppy seeds were generous and toasted
    {staff} explained the starter, which is older than I am
    the lemon curd was tangy enough to make one blink
    the hot cross buns were glazed and heavy with peel
    the oven door stood open and warmed the whole shop
  `),
  bad: lines(`
    the loaf was raw in the middle
    yesterday's rolls were sold as today's
    the shelves were bare at half past ten
    the pastry was soggy and pale underneath
    {staff} handled the money and the buns with the same fingers
    the custard tart had a skin like leather
    the sourdough had a hole big enough to lose a hat in
    a hair was baked into the crust
    they sliced the bread although I asked them not to
    the prices had gone up again without a word
    the cake said Happy Birthday Kevin and nobody here is called Kevin
    the doughnut held perhaps a teaspoon of jam
    the sausage roll was mostly air
    the cream had a sour whiff
    the icing set like plaster and cracked a filling
    the meringues had wept into puddles
    the label said butter and the taste said margarine
    wasps were crawling over the Danish pastries
    the malt loaf weighed as much as a brick
    the pretzels had gone soft and bendy
    the till roll ran out and so did patience
  `),
  lack: words(
    "wholemeal, a price list, paper bags*, a second till, a gluten-free loaf, plain rolls*, a ticket machine, Sunday opening",
  ),
};

export const market: Lexicon = {
  here: words("the Saturday market, the market on {street}, the covered market, our market"),
  kind: words("market"),
  asp: words(
    "the cheese stall@room, the fish van@room, the strawberries*@food, the stallholders*@people, the flower stall@room, the second-hand books*@room, the olives*@food, the parking@other, the dumplings*@food, the honey@food, the vegetables*@food, the crowds*@other, the street food@food, the pottery@room, the prices*@other, the apples*@food, the eggs*@food, the bric-a-brac@room, the bin situation@other",
  ),
  item: words(
    "a bag of new potatoes, a wedge of cheddar, two mackerel*, a jar of heather honey, a bunch of dahlias, a punnet of strawberries, a pork bun, a dozen eggs*, a rag rug, a paper cone of olives, a second-hand kettle, a tray of seedlings, a wicker basket, a bag of russet apples",
  ),
  staff: words(
    "the cheese man, the woman with the fish, the lad on the fruit stall, the honey lady, the man selling batteries",
  ),
  did: lines(`
    bought {item}
    came home with {item} and {item}
    haggled over {item}
    went twice round before choosing {item}
    tasted [three cheeses|four kinds of honey|a pickled thing with no name]
    filled two bags for [a tenner|under fifteen pounds]
    met {name} by the fish van
    carried {item} all the way to the car
    ate {item} standing up
  `),
  use: lines(`
    get the weekly veg
    find a present
    wander about with a bag of something hot
    buy fish that has met the sea
    bump into half the town
    pick up plants for the yard
  `),
  good: lines(`
    {staff} threw in a handful of parsley for nothing
    the strawberries tasted of strawberries
    the cheese came with a long story and a generous sample
    a brass band was playing on the town hall steps
    the tomatoes were ripe and smelled of greenhouse
    the dumplings were worth every minute of the wait
    the eggs still had a feather stuck to the box
    there was room between the stalls for once
    the flowers lasted a full fortnight
    the mackerel was stiff and shiny and caught that night
    every stall took cards, even the one with the brooms
    the potatoes had honest earth on them
    {staff} told us exactly how to cook it
    the rhubarb was pink as a sunset
    a blind fiddler played reels beside the fountain
    the samosas were crisp and came with tamarind sauce
    the sheepskins were soft and fairly priced
    the cider vinegar lady had written out recipes by hand
    the cabbages were the size of footballs
    the second-hand gramophone actually played
    the goat's cheese was rolled in ash and rosemary
  `),
  bad: lines(`
    half the stalls were selling phone cases
    the strawberries were mouldy under the top layer
    {staff} weighed the bag with a thumb on the scale
    the rain came straight through the awnings
    everything good had gone by eleven
    the drains smelled and nobody seemed to mind
    the crowd moved like cold treacle
    a generator roared beside the only benches
    the pears were hard enough to play cricket with
    the car park cost more than the shopping
    the same imported peppers lay on every stall
    the hot food van ran out of everything but onions
    nobody had change and nobody took cards
    the fudge had sweated in the sun
    the knock-off perfume stall gave everyone a headache
    the haddock had seen better tides
    the awning dripped straight down my collar
    the plums were bruised and full of wasps
    {staff} shortchanged the lady in front and then me
    the batteries were flat on arrival
    a van reversed through the carrots and nobody apologised
  `),
  lack: words(
    "a cash machine, somewhere to sit, local fruit, shade, bins*, a decent bread stall, parking, prices on the labels*",
  ),
};
