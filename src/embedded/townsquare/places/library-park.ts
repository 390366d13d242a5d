import { type Lexicon, lines, words } from "../lexicon.ts";

export const library: Lexicon = {
  here: words("the town library, the library on {street}, the old reading room, our library"),
  kind: words("library"),
  asp: words(
    "the reading room@room, the catalogue@other, the crime shelf@room, the computers*@room, the opening hours*@other, the children's corner@room, the large print section@room, the desks*@room, the heating@other, the librarians*@people, the newspapers*@room, the local history shelf@room, the printer@other, the silence@other, the armchairs*@room, the returns box@room, the poetry section@room, the toilets*@room, the lighting@other, the reservations*@other",
  ),
  item: words(
    "a biography of Brunel, three thrillers*, a cookbook, an atlas, a picture book about badgers, a book on beekeeping, a talking book, a stack of old maps, two sagas*, a travel guide, a Russian novel, the parish records*",
  ),
  staff: words(
    "the librarian, the young man at the desk, the volunteer, the lady in the archive, the assistant with the green glasses",
  ),
  spot: words(
    "the desk by the big window, the round table, a desk upstairs, a carrel at the back, the bench among the maps, the table under the skylight",
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
    the jigsaw in the corner grows by a few pieces each day
    the audiobooks have been moved to a sensible cupboard
    the knitting circle let a beginner hold the wool
    the atlases lie flat on wide oak tables
    the magazines included chess, angling and astronomy
    the lamp switches have little brass chains
    the self-service machine beeped politely and printed a slip
    the author evening had wine and a spirited argument
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
    gum was stuck under every chair
    the microfilm reader smelled of burning dust
    the fines have tripled since the spring
    a pigeon was trapped in the atrium
    the encyclopaedias have been sold for pulp
    the keyboard had lost its vowels
    the blinds were jammed and the screen was pure glare
    the loudspeaker announced closing time every four minutes
  `),
  lack: words(
    "a quiet corner, a printer that prints, new novels*, evening hours*, a water fountain, sockets*, large print, the third volume of anything",
  ),
};

export const park: Lexicon = {
  here: words("Victoria Park, the park by the river, the rec, this park"),
  kind: words("park"),
  asp: words(
    "the duck pond@room, the benches*@room, the paths*@room, the playground@room, the bandstand@room, the rose beds*@other, the dog area@room, the bins*@other, the kiosk@room, the lime trees*@other, the grass@other, the slides*@room, the football pitch@room, the café hut@room, the view from the hill@other, the toilets*@room, the lights along the path*@room, the swings*@room, the herb garden@room",
  ),
  item: words(
    "a flask of tea, an ice cream, a frisbee, a bag of oats for the ducks, a picnic, a kite, a folding chair, a cheese sandwich, a ninety-nine, a football, a sketchbook, a tennis ball",
  ),
  staff: words(
    "the gardener, the park keeper, the man at the kiosk, the volunteer with the litter picker, the woman who feeds the swans",
  ),
  spot: words("the pond, the bandstand, the big lime, the far goal, the rose garden, the picnic tables, the sundial"),
  did: lines(`
    walked [twice round|the long way round|once round] with {item}
    sat near {spot} with {item}
    brought {item}
    lost {item} in the pond
    ran [three|four|six] laps before breakfast
    shared [a biscuit|my sandwich|some peanuts] with a very bold squirrel
    counted [nine|fourteen|twenty-two] ducklings
    watched the bowls near {spot}
    fed half of [a sandwich|a bun|an apple] to a goose
  `),
  use: lines(`
    stretch tired legs
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
    bluebells had spread right under the beeches
    the sundial was accurate to a few minutes
    a wagtail hopped along the railings beside us
    the zip wire sent everyone shrieking with joy
    the wildflower meadow buzzed with bees
    the tennis nets were taut and the lines freshly chalked
    the allotment gate had free courgettes in a crate
    the conkers were glossy and plentiful
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
    the sandpit was half cigarette ends
    a burnt moped lay beside the cricket pavilion
    thistles had swallowed the putting green
    the railings left rust all over my sleeve
    geese had claimed the lawn and left their evidence
    a leaf blower droned under the willow for an hour
    the drinking fountain dribbled brown water
    the hedge was full of crisp packets
  `),
  lack: words(
    "shade, working toilets*, bins*, a place to lock a bike, a drinking tap, flat paths*, somewhere dry to sit, lights*",
  ),
};
