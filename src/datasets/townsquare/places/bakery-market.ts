import type { Lexicon } from "../lexicon.ts";
import { lines, words } from "../lexicon.ts";

export const bakery: Lexicon = {
  here: words("Hartley's, the Old Oven, the bakery on {street}, this bakery"),
  kind: words("bakery, baker's"),
  asp: words(
    "the sourdough, the rye loaf, the cinnamon buns*, the baguettes*, the custard tarts*, the sausage rolls*, the queue, the crust, the doughnuts*, the shelves*, the opening hours*, the shortbread, the service, the pasties*, the seeded rolls*, the eclairs*, the smell, the birthday cakes*, the flapjacks*",
  ),
  item: words(
    "a large white tin, a rye loaf, half a dozen rolls*, a cheese straw, a custard tart, two sausage rolls*, a sticky bun, a baguette, a walnut loaf, an apple turnover, a Chelsea bun, a birthday cake, a tray of flapjacks, a still-warm focaccia",
  ),
  staff: words("the baker, the woman behind the counter, the Saturday girl, old Mr Hartley, the apprentice"),
  spot: words(
    "the end of the queue, the little bench outside, the counter by the slicer, the window with the wedding cakes, the step by the side door",
  ),
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
  `),
  lack: words(
    "wholemeal, a price list, paper bags*, a second till, a gluten-free loaf, plain rolls*, a ticket machine, Sunday opening",
  ),
};

export const market: Lexicon = {
  here: words("the Saturday market, the market on {street}, the covered market, our market"),
  kind: words("market"),
  asp: words(
    "the cheese stall, the fish van, the strawberries*, the stallholders*, the flower stall, the second-hand books*, the olives*, the parking, the dumplings*, the honey, the vegetables*, the crowds*, the street food, the pottery, the prices*, the apples*, the eggs*, the bric-a-brac, the bin situation",
  ),
  item: words(
    "a bag of new potatoes, a wedge of cheddar, two mackerel*, a jar of heather honey, a bunch of dahlias, a punnet of strawberries, a pork bun, a dozen eggs*, a rag rug, a paper cone of olives, a second-hand kettle, a tray of seedlings, a wicker basket, a bag of russet apples",
  ),
  staff: words(
    "the cheese man, the woman with the fish, the lad on the fruit stall, the honey lady, the man selling batteries",
  ),
  spot: words(
    "the stall by the fountain, the far row under the awning, the steps of the town hall, the corner with the plants, the hot food end",
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
    see who is about
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
  `),
  lack: words(
    "a cash machine, somewhere to sit, local fruit, shade, bins*, a decent bread stall, parking, prices on the labels*",
  ),
};
