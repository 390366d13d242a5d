import type { Lexicon } from "../lexicon.ts";
import { lines, words } from "../lexicon.ts";

export const museum: Lexicon = {
  here: words("the town museum, the museum on {street}, the old mill museum, this museum"),
  kind: words("museum"),
  asp: words(
    "the Roman coins*, the labels*, the stuffed bear, the model railway, the gift shop, the guide, the lighting, the display cases*, the pottery, the entry price, the audio tour, the costumes*, the dinosaur, the maps*, the tearoom, the lift, the paintings*, the mill wheel, the temporary exhibition, the benches*",
  ),
  item: words(
    "a guidebook, a postcard of the mill, a jigsaw of the bridge, a rubber dinosaur, a tea towel, a pencil with a lion on it, a fossil from the shop",
  ),
  staff: words(
    "the guide, the attendant, the curator, the volunteer at the desk, the retired miner who shows people round",
  ),
  spot: words(
    "the Roman room, the mill floor, the costume gallery, the fossil case, the top floor, the room with the model railway",
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
  `),
  lack: words(
    "a place to sit, larger labels*, a proper map, some natural light, dates*, a cloakroom, things to touch*, an explanation of any kind",
  ),
};

export const barber: Lexicon = {
  here: words("Sal's, the barber on {street}, Snips, this barber's"),
  kind: words("barber's, hairdresser's"),
  asp: words(
    "the cut, the fringe, the chairs*, the waiting bench, the magazines*, the hot towel, the price list, the mirrors*, the beard trim, the radio, the appointments*, the wash, the scissors*, the fade, the head massage, the conversation, the neck shave, the basins*, the highlights*, the towels*",
  ),
  item: words(
    "a short back and sides, a beard trim, a wash and cut, a hot towel shave, a fringe trim, a colour, a pot of hair wax, a child's cut, a fade, a dry trim",
  ),
  staff: words("the barber, Sal, the apprentice, the new stylist, the girl who washes hair"),
  spot: words(
    "the chair by the window, the waiting bench, the back basin, the big leather chair, the seat under the fan",
  ),
  did: lines(`
    asked for {item}
    had {item} and then {item}
    waited [twenty minutes|an hour|two songs] for {item}
    showed a photo and got {item}
    sat in {spot} for {item}
    walked in without an appointment for {item}
    took {name} along for {item}
    fell asleep in {spot}
    tipped [two pounds|a fiver|nothing]
  `),
  use: lines(`
    tidy myself up
    lose an inch and no more
    get a trim before the wedding
    look less like a hedge
    sort out my fringe
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
  `),
  lack: words(
    "a clean cape, a mirror for the back, later hours*, an appointment book, patience, clean towels*, a price list, magazines from this decade*",
  ),
};
