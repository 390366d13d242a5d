import type { Lexicon } from "../lexicon.ts";
import { lines, words } from "../lexicon.ts";

export const pool: Lexicon = {
  here: words("the swimming pool, the baths on {street}, the leisure pool, the old lido"),
  kind: words("pool, swimming pool"),
  asp: words(
    "the water, the changing rooms*, the lockers*, the slow lane, the showers*, the lifeguards*, the flume, the hairdryers*, the steam room, the timetable, the tiles*, the chlorine, the shallow end, the vending machine, the family cubicles*, the lane ropes*, the floor, the swimming lessons*, the spectators' gallery",
  ),
  item: words(
    "a pair of goggles, a borrowed float, my old costume, a pound for the locker, two towels*, a swimming cap, a waterproof watch, armbands*, a packet of crisps from the machine, flip-flops*",
  ),
  staff: words("the lifeguard, the receptionist, the swimming teacher, the cleaner, the girl on the turnstile"),
  spot: words("the slow lane, the medium lane, the far end, the shallow end, the steam room, the poolside bench"),
  did: lines(`
    swam [twenty|forty|sixty-four] lengths in {spot}
    forgot {item} and had to borrow
    brought {item}
    took a lesson in {spot}
    floated about in {spot}
    paid for a locker twice
    did [half an hour|forty minutes] of breaststroke
    queued for a shower with {item} under one arm
    shared {spot} with a very slow crocodile of old gentlemen
  `),
  use: lines(`
    get some lengths in
    loosen my back
    let the little ones splash
    swim without being kicked
    warm up in the steam room
    float for a bit
  `),
  good: lines(`
    the water was clear and properly warm
    {staff} spotted my cramp before I did
    the lanes were marked and people kept to them
    the showers ran hot from the first second
    the lockers gave the coin back
    the new tiles were spotless and not slippery
    the teacher had a nervous seven-year-old floating within minutes
    early light came through the glass roof in stripes
    the family cubicles had room for a pram
    the hairdryers worked and were free
    there were only five of us in the whole pool
    the turnstile man knew every regular by name
    the flume had been mended at last
  `),
  bad: lines(`
    the water was cold enough to stop a clock
    a plaster floated past in the slow lane
    the showers gave a trickle and then nothing
    three of us shared a lane with a butterfly enthusiast
    the changing room floor was covered in hair
    the locker ate the coin and kept the clothes
    {staff} blew the whistle at everybody for everything
    the chlorine stung for the rest of the day
    the pool was closed for a gala nobody had announced
    the hairdryers blew cold air for fifty pence
    the cubicle door had no lock
    the steam room smelled of old socks
    the timetable on the website was last year's
  `),
  lack: words(
    "hooks*, a working shower, warm water, lane discipline, a clean floor, a longer session, change for the lockers, somewhere to sit",
  ),
};

export const cinema: Lexicon = {
  here: words("the Regal, the Odeon on {street}, the little cinema, this cinema"),
  kind: words("cinema, picture house"),
  asp: words(
    "the seats*, the sound, the popcorn, the screen, the legroom, the trailers*, the foyer, the ticket prices*, the ice cream, the curtain, the projection, the matinee, the balcony, the subtitles*, the heating, the nachos*, the ushers*, the adverts*, the queue for tickets, the programme",
  ),
  item: words(
    "a small salted popcorn, a choc ice, a bag of pick and mix, a glass of wine, a large cola, nachos with luminous cheese*, a tub of vanilla, wine gums*, a paper cone of toffees, a glass of red",
  ),
  staff: words("the usher, the projectionist, the girl selling ice cream, the lad on tickets, the manager"),
  spot: words("row F, the balcony, the back row, the front stalls, the aisle seat, the double seat in the corner"),
  did: lines(`
    watched the new [thriller|western|cartoon|costume drama] from {spot}
    sat in {spot} with {item}
    bought {item} and a ticket for {spot}
    saw a [French|Japanese|silent|black and white] film with {name}
    missed the first [five|ten] minutes queueing for {item}
    caught the matinee from {spot}
    shared {item} with {name}
    booked {spot} online
    cried into {item}
  `),
  use: lines(`
    see a film on a big screen
    get out of the heat
    watch something with subtitles
    keep the children still for two hours
    have a proper night out
    forget the week
  `),
  good: lines(`
    the seats were soft and leaned back
    the sound filled the room without hurting
    {staff} introduced the film like an old friend
    the curtain still opens with a little whirr
    the popcorn was fresh and still crackling
    the print was sharp right into the corners
    there were only two trailers and no adverts
    the audience laughed in all the right places
    the balcony had a view fit for an emperor
    the ice cream came round on a tray at the interval
    the matinee cost less than the bus
    they showed an old musical and everyone hummed
    not a single phone lit up
  `),
  bad: lines(`
    the picture was out of focus for the first reel
    someone behind me narrated the entire plot
    the seat spring had opinions of its own
    the popcorn was stale and cost a fortune
    the sound dropped out during the big speech
    forty minutes of adverts came before the film
    the floor was sticky with spilt cola
    the heating was off and we watched in scarves
    {staff} shone a torch in the wrong faces
    a tall man in a tall hat sat in front
    phones glowed all along the row
    the wrong film started and nobody noticed for a while
    the lights came up before the ending was over
  `),
  lack: words(
    "legroom, a longer interval, decent coffee, a hook for coats, subtitles*, a working hearing loop, an armrest of my own, quiet neighbours*",
  ),
};
