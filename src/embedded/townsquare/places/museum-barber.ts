import { type Lexicon, lines, words } from "../lexicon.ts";

export const museum: Lexicon = {
  here: words("the town museum, the museum on {street}, the old mill museum, this museum"),
  kind: words("museum"),
  asp: words(
    "the Roman coins*@other, the labels*@other, the stuffed bear@room, the model railway@room, the gift shop@room, the guide@people, the lighting@other, the display cases*@room, the pottery@room, the entry price@other, the audio tour@other, the costumes*@room, the dinosaur@room, the maps*@room, the tearoom@room, the lift@room, the paintings*@room, the mill wheel@room, the temporary exhibition@room, the benches*@room",
  ),
  item: words(
    "a guidebook, a postcard of the mill, a jigsaw of the bridge, a rubber dinosaur, a tea towel, a pencil with a lion on it, a fossil from the shop",
  ),
  staff: words(
    "the guide, the attendant, the curator, the volunteer at the desk, the retired miner who shows people round",
  ),
  spot: words(
    "the Roman room, the mill floor, the costume gallery, the fossil room, the dark corridor upstairs, the room with the model railway",
  ),
  did: lines(`
    spent [an hour|most of the afternoon|longer than planned] in {spot}
    went round with [an audio guide|a printed map|my reading glasses]
    bought {item} on the way out
    took the tour with {staff}
    drew the bear from {spot}
    read every single label in {spot}
    lost {name} somewhere in {spot}
    skipped {spot} and bought {item}
    pressed every button in {spot}
  `),
  use: lines(`
    look at something old
    learn who built the bridge
    shelter from the rain with some dignity
    show visitors the town
    see the new exhibition
    draw for a while
  `),
  good: lines(`
    {staff} told stories that are in no book
    the labels were short, clear and a little witty
    the mill wheel was actually turning
    the children could handle real Roman tiles
    the costumes were lit like jewels
    the model railway ran on time, unlike ours
    the top floor had a whole wall of old maps
    entry was free and the welcome was warm
    the coins had been cleaned and properly dated
    there were folding stools to carry round
    the exhibition on floods had voices of people who were there
    the lift worked and was big enough for a wheelchair
    the fossil case kept three generations busy
    the blacksmith made a nail for every visitor
    the diorama had a tiny drunk asleep under a cart
    the suffragette banner was stitched in violet silk
    the beekeeper's veil and smoker could be tried on
    a quilt from the workhouse nearly moved me to tears
    the telegraph clicked out your name in Morse
    the herbarium sheets were delicate and carefully labelled
    the cellar smelled of coal, rope and apples
  `),
  bad: lines(`
    half the cases were empty with a card saying on loan
    the labels were too small and too low to read
    the audio guide died in the second room
    {staff} followed us round as if we were thieves
    the dinosaur turned out to be a photograph
    the lift was out of order and nobody said so at the desk
    the gift shop was bigger than the exhibition
    the lights buzzed and flickered over the paintings
    the whole top floor was shut
    the pottery was in a heap with no dates at all
    the stuffed bear had lost an eye and most of its fur
    every button was broken
    the entry price has doubled since the summer
    the mannequins wore wigs from a joke shop
    moths had eaten the mayor's robe
    the video was in a loop without sound
    a leak dripped into a bucket beside the Saxon brooch
    the timeline jumped from Vikings to vacuum cleaners
    the quiz sheet had answers to other questions
    fingerprints covered the glass of every cabinet
    the café sold one flapjack and regret
  `),
  lack: words(
    "a place to sit, larger labels*, a proper map, some natural light, dates*, a cloakroom, things to touch*, an explanation of any kind",
  ),
};

export const barber: Lexicon = {
  here: words("Sal's, the barber on {street}, Snips, this barber's"),
  kind: words("barber's, hairdresser's"),
  asp: words(
    "the cut@other, the fringe@other, the chairs*@room, the waiting bench@room, the magazines*@room, the hot towel@room, the price list@other, the mirrors*@room, the beard trim@other, the radio@other, the appointments*@other, the wash@other, the scissors*@other, the fade@other, the head massage@other, the conversation@people, the neck shave@other, the basins*@room, the highlights*@other, the towels*@room",
  ),
  item: words(
    "a short back and sides, a beard trim, a wash and cut, a hot towel shave, a fringe trim, a colour, the full treatment, a fade, a dry trim",
  ),
  staff: words("the barber, Sal, the apprentice, the new stylist, the girl who washes hair"),
  spot: words(
    "the chair by the window, the middle chair, the big leather chair, the seat under the fan, the creaking chair",
  ),
  did: lines(`
    asked for {item}
    had {item} and then {item}
    waited [twenty minutes|an hour|two songs] for {item}
    showed a photo and got {item}
    sat in {spot} for {item}
    walked in without an appointment for {item}
    took {name} along for {item}
    nearly nodded off in [the chair|the big leather chair]
    tipped [two pounds|a fiver|nothing]
  `),
  use: lines(`
    get tidied up
    lose an inch and no more
    get a trim before the wedding
    look less like a hedge
    sort out a fringe
    be shaved by somebody with a steady hand
  `),
  good: lines(`
    {staff} listened and then did exactly that
    the hot towel smelled of lemon and cedar
    the fade was smooth as a pebble
    my neck was brushed clean before I stood up
    the radio played old soul at a sensible volume
    the walk-in wait was only five minutes
    the head massage nearly sent me to sleep
    the fringe was straight and still is after three weeks
    {staff} found a whorl nobody else had noticed
    the clippers were cleaned in front of me
    the price on the wall was the price at the till
    even the collar came away without hairs
    the child before me got a lollipop and a cape with rockets
    the talcum powder puff brought back my grandfather
    the sideburns were level to the millimetre
    {staff} warmed the lather in an old copper bowl
    the straight razor whispered
    the cowlick was tamed without a drop of gel
    a canary sang in the window
    the conditioner smelled of rosemary and mint
    the stylist sketched two ideas before touching a hair
  `),
  bad: lines(`
    one side came out clearly longer than the other
    {staff} talked about football with a razor at my throat
    the water was icy and ran down my back
    the fringe looked cut with a bread knife
    the floor was ankle-deep in other people's hair
    the appointment at ten began at eleven
    an inch off turned into four
    my ear got nicked and nobody apologised
    the towel was damp from the last customer
    the price went up between the chair and the till
    the clippers pulled more than they cut
    the music was so loud that we had to mime
    the colour was closer to a traffic cone than to copper
    the bleach burned and nobody came to rinse
    the parting wandered like a goat track
    the shampoo got into both eyes
    the cape was fastened like a noose
    tufts were left behind both ears
    the comb went straight from the floor to my head
    the perm smelled of ammonia and doom
    the sterilising jar was cloudy and had a plaster in it
  `),
  lack: words(
    "a clean cape, a mirror for the back, later hours*, an appointment book, patience, clean towels*, a price list, magazines from this decade*",
  ),
};
