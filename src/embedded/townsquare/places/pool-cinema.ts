import { type Lexicon, lines, words } from "../lexicon.ts";

export const pool: Lexicon = {
  here: words("the swimming pool, the baths on {street}, the leisure pool, the old lido"),
  kind: words("pool, swimming pool"),
  asp: words(
    "the water@other, the changing rooms*@room, the lockers*@room, the slow lane@room, the showers*@room, the lifeguards*@people, the flume@room, the hairdryers*@room, the steam room@room, the timetable@other, the tiles*@room, the chlorine@other, the shallow end@room, the vending machine@room, the family cubicles*@room, the lane ropes*@room, the floor@room, the swimming lessons*@people, the spectators' gallery@room",
  ),
  item: words(
    "a pair of goggles, a borrowed float, my old costume, a pound for the locker, two towels*, a swimming cap, a waterproof watch, armbands*, a packet of crisps from the machine, flip-flops*",
  ),
  staff: words("the lifeguard, the receptionist, the swimming teacher, the cleaner, the girl on the turnstile"),
  spot: words("the slow lane, the medium lane, the fast lane, the end lane, the lane by the wall"),
  did: lines(`
    swam [twenty|forty|sixty-four] lengths in {spot}
    forgot [my towel|my goggles|a swimming cap] and had to borrow
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
    loosen a stiff back
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
    the aqua aerobics ladies sang along to Motown
    the sauna thermometer told the truth
    the diving board had fresh grip and just enough bounce
    the inflatable octopus caused delirium in the under-tens
    the towels were fluffy and smelled of lavender
    the pool noodles were sorted by colour
    the clock on the wall had a proper second hand
    the disabled hoist was working and {staff} knew how to use it
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
    the verruca bath was back and full of leaves
    the wave machine groaned like a walrus and stopped
    a teenage gang was bombing off the side
    the grout was black and the ceiling flaked
    someone's false nail was floating by the steps
    the vending machine swallowed notes and gave nothing
    the whistle echoed until my ears rang
    the wristband snapped in the first length
  `),
  lack: words(
    "hooks*, a working shower, warm water, lane discipline, a clean floor, a longer session, change for the lockers, somewhere to sit",
  ),
};

export const cinema: Lexicon = {
  here: words("the Regal, the Odeon on {street}, the little cinema, this cinema"),
  kind: words("cinema, picture house"),
  asp: words(
    "the seats*@room, the sound@other, the popcorn@food, the screen@room, the legroom@other, the trailers*@other, the foyer@room, the ticket prices*@other, the ice cream@food, the curtain@room, the projection@other, the matinee@other, the balcony@room, the subtitles*@other, the heating@other, the nachos*@food, the ushers*@people, the adverts*@other, the queue for tickets@other, the programme@other",
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
    the organist rose out of the floor in a spangled jacket
    the carpet has been cleaned and its peacocks are back
    the documentary about eels was followed by a question hour
    the velvet was plush and the armrests wide
    {staff} handed out blankets on the coldest night
    the subtitles were big, yellow and readable
    the credits rolled to the very end without lights
    the lemonade was cloudy and came with a paper straw
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
    the projector bulb flickered like a candle
    a rat ran along the skirting during the romance
    the hot dog was grey and revolved for decoration
    the surround sound surrounded only the left side
    the fire alarm went off before the final kiss
    the cup holders were full of old gum
    the dubbing was half a second behind
    somebody unwrapped toffees for ninety minutes
  `),
  lack: words(
    "legroom, a longer interval, decent coffee, a hook for coats, subtitles*, a working hearing loop, an armrest of my own, quiet neighbours*",
  ),
};
