import type { Lexicon } from "../lexicon.ts";
import { lines, words } from "../lexicon.ts";

export const library: Lexicon = {
  here: words("the town library, the library on {street}, the old reading room, our library"),
  kind: words("library"),
  asp: words(
    "the reading room, the catalogue, the crime shelf, the computers*, the opening hours*, the children's corner, the large print section, the desks*, the heating, the librarians*, the newspapers*, the local history shelf, the printer, the silence, the armchairs*, the returns box, the poetry section, the toilets*, the lighting, the reservations*",
  ),
  item: words(
    "a biography of Brunel, three thrillers*, a cookbook, an atlas, a picture book about badgers, a book on beekeeping, a talking book, a stack of old maps, two sagas*, a travel guide, a Russian novel, the parish records*",
  ),
  staff: words(
    "the librarian, the young man at the desk, the volunteer, the lady in the archive, the assistant with the green glasses",
  ),
  spot: words(
    "the desk by the big window, the beanbags, the quiet room upstairs, a carrel at the back, the bench among the maps, the table under the skylight",
  ),
  did: lines(`
    borrowed {item}
    borrowed {item} and {item}
    renewed {item} for the third time
    spent [an hour|a whole morning|two hours] at {spot}
    reserved {item} from the other branch
    printed [a form|forty pages|a boarding pass]
    read the papers at {spot}
    looked up {item}
    returned {item}, slightly late
  `),
  use: lines(`
    find something new to read
    work somewhere quiet
    print one sheet of paper
    look up an old map
    keep warm with a newspaper
    take part in the reading group
  `),
  good: lines(`
    {staff} found the book from half a title and the colour of its cover
    the new shelves are low enough for small children to reach
    the reading room was so quiet you could hear pages turn
    the reservation came in two days
    sunlight fell right across the desks
    the local history shelf held a photograph of our own street
    they waived the fine with a smile
    the printer worked at the first attempt
    the story hour was full of giggling
    the heating was on and the armchairs were free
    the display on shipwrecks was made with real care
    {staff} spent half an hour helping with the microfilm
    the poetry section had grown since spring
  `),
  bad: lines(`
    the printer swallowed my coins and jammed
    the catalogue said available and the shelf said otherwise
    someone took a long call in the quiet room
    it was closed for training without a word on the door
    half the computers wore a note saying broken
    the new layout has put crime next to cookery
    {staff} sighed when asked to look in the store
    the last chapter had been torn out
    the heating was stuck at tropical
    the toilets were locked and the key was lost
    the reservation took seven weeks
    a toddler group sang directly below the study desks
    they have thrown out most of the older novels
  `),
  lack: words(
    "a quiet corner, a printer that prints, new novels*, evening hours*, a water fountain, sockets*, large print, the third volume of anything",
  ),
};

export const park: Lexicon = {
  here: words("Victoria Park, the park by the river, the rec, this park"),
  kind: words("park"),
  asp: words(
    "the duck pond, the benches*, the paths*, the playground, the bandstand, the rose beds*, the dog area, the bins*, the kiosk, the lime trees*, the grass, the slides*, the football pitch, the café hut, the view from the hill, the toilets*, the lights along the path*, the swings*, the herb garden",
  ),
  item: words(
    "a flask of tea, an ice cream, a frisbee, a bag of oats for the ducks, a picnic, a kite, a folding chair, a cheese sandwich, a ninety-nine, a football, a sketchbook, a tennis ball",
  ),
  staff: words(
    "the gardener, the park keeper, the man at the kiosk, the volunteer with the litter picker, the woman who feeds the swans",
  ),
  spot: words(
    "the bench by the pond, the slope above the bandstand, the shade of the big lime, the far goal, the rose garden, the picnic table",
  ),
  did: lines(`
    walked [twice round|the long way round|once round] with {item}
    sat on {spot} with {item}
    brought {item}
    lost {item} in the pond
    ran [three|four|six] laps before breakfast
    shared [a biscuit|my sandwich|some peanuts] with a very bold squirrel
    counted [nine|fourteen|twenty-two] ducklings
    watched the bowls from {spot}
    fed half of [a sandwich|a bun|an apple] to a goose
  `),
  use: lines(`
    stretch my legs
    let the dog off the lead
    eat a sandwich under a tree
    hear some birds
    tire the children out
    think for half an hour
  `),
  good: lines(`
    the rose beds were at their very best
    the paths had been swept and the benches painted
    {staff} knew the name of every tree
    a heron stood in the reeds and let us look
    the new swings hardly creak at all
    children were rolling down the hill and laughing
    the bandstand had a choir in it
    the grass was cut but the daisies were left
    the pond was clear enough to see the carp
    lime blossom scented the whole lower path
    the kiosk sold proper ice cream at an honest price
    dogs and toddlers got along like old friends
    the lamps came on one by one at dusk
  `),
  bad: lines(`
    broken glass lay all round the slide
    the bins overflowed and gulls had the rest
    somebody's drone buzzed overhead the whole time
    the path by the pond was ankle-deep in mud
    the toilets were boarded up again
    teenagers on scooters nearly took my legs off
    the flower beds had been replaced with gravel
    the pond was green and smelled of eggs
    nobody picks up after the dogs
    the swings were chained to the frame
    {staff} shouted at a child for climbing
    the kiosk was shut on the one sunny day
    every bench was taken or broken
  `),
  lack: words(
    "shade, working toilets*, bins*, a place to lock a bike, a drinking tap, flat paths*, somewhere dry to sit, lights*",
  ),
};
