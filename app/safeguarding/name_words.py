"""Words that stand beside names, words that are names and something else, and short forms of names.

The common words are a list of ours, of what people write here of somebody they do not know and of names that are words.
Lists of frequent words, such as `wordfreq`, count Hassan and Smith among them. The short forms are ours too: the kept
list of them, `nicknames`, was made for genealogy. It has Ellie for Helen and Bell for William, so that a child of a
reader's surname would be taken for the reader, and no Mo, no Kasia and no Kate for Catherine.
"""

from __future__ import annotations

from app.safeguarding.spelling import plain


def _set(words: str) -> frozenset[str]:
    return frozenset(plain(word) for word in words.split())


#: Before a name, and nothing else in any sentence.
TITLES = _set("dr missus mister mr mrs ms mx prof")
#: Before a name, or words of their own as well: a lady, a teacher, a pan.
TITLES_TOO = _set(
    "anh ba bay bayan chi co coach cô dna doamna doctor domnul don dona father frau hanim headteacher herr hoca"
    " hocam imam kyria kyrios lady laoshi lecturer lord macalin macallin madam madame master miss mlle mme"
    " monsieur mwalimu nurse ogretmen ong pan pani profe profesora professor rev senhor senhora senor senora"
    " sheikh signor signora sir sra teacher thay tutor ustad ustadh ustaz господин госпожа пан учитель учителька"
    " استاذ الاستاذ الاستاذة السيد السيدة مس मैडम श्री श्रीमती सर মিস স্যার"
)
#: An elder politely, or whoever is family: "Auntie Grace", but "her auntie Grace" is her aunt.
KIN = _set(
    "abi abla amca apa ate aunt auntie aunty baji bhabhi bhai bibi brother chacha didi khala kuya sister teyze"
    " uncle আপা ভাই"
)
#: Whose it is: family then, and no title.
WHOSE = _set("her his my our their your")
#: Behind a name, with a gap or a hyphen: Ayşe Hanım, Tanaka-san, Rahima Apa.
BEHIND = _set(
    "abi abla agabey amca apa bacsi baji begum bey bhai efendi effendi hanim hoca hocam ji khala laoshi madam"
    " mam neni nim ogretmen saheb sahib sahiba sama san sensei sir ssi teacher teyze xiansheng صاحب जी আপা বেগম"
    " ভাই স্যার ਜੀ"
)
#: Stand in a family name before its last word, and are no name by themselves.
PARTICLES = _set(
    "abd abdel abdul abdur abu al bin bint d da de den der di dos du el ibn la le mac mc o st ten ter ul ur van"
    " von"
)
#: Those that many unrelated families have.
ARTICLES = PARTICLES - _set("abd abdel abdul abdur abu")

#: Words without which no English sentence is written. Some are families (Do, No, To, An, So, You, My), some sound like
#: one: "we" like Wei, "than" like Tan, "nor" like Noor.
SMALL_WORDS = _set(
    "a about above after again against ago all almost alone along already also although always am among an and"
    " another any anybody anyone anything are around as ask asked at away back be because been before behind"
    " being below beside between both but by came can cannot come comes could did do does doing done down during"
    " each either else ever every everybody everyone everything few for from gave get gets go goes going gone"
    " got had has have having he hear heard her here hers herself him himself his how i if in into is it its"
    " itself just knew know known last later least less let like lot made make many me mean might mine more most"
    " much must my myself near need never new next no nobody none nor not nothing now of off often on once one"
    " ones only or other others our ours out over own per perhaps put ran rather said same saw say says see seen"
    " shall she should since sing so some somebody someone something sometimes soon still such take than that"
    " the their theirs them themselves then there these they thing think this those though through to today"
    " together told too took two under until up upon us used very want was way we well went were what when where"
    " which while who whole whom whose why with without would yes yesterday yet you your yours"
)
#: What people are, or what somebody writes who knows no name: alone they are no name.
PEOPLE = _set(
    "adult adults aunt auntie baby bloke boy boys brother chap child children cousin cousins da dad daddy dads"
    " daughter everybody everyone family father female friend friends gentleman girl girls gran grandad grandma"
    " grandpa granny guy guys he her him kid kids lad ladies lady lass ma male mam mama man mate mates me men"
    " mother mum mummy mums nan nana neighbour neighbours no nobody none not pa papa parent parents people"
    " person pupil pupils she sister somebody someone son staff stranger strangers teacher teen teenager"
    " teenagers them they uncle unknown us woman women yes youth"
)
#: Names that are words about people and places as well.
_ALSO_WORDS = _set(
    # how somebody looks, or is
    "asian bald best better big black bland blessed blond blonde blue bold brave bright brown clever close"
    " cross curly dark early elder england english fair free french gay gentle german ginger gold golden good"
    " gray green grey happy hardy holland ireland irish jolly lame large lean light little long loud lucky merry"
    " moody noble old poor precious proud quick quiet red rich savage scott sharp short silver slow small smart"
    " stern stout strong sunny sweet swift tall tan thin wales welsh white wild wise young younger"
    # what somebody does
    " baker barber bishop butcher butler carer carpenter carter chancellor cleaner clerk cook cooper driver"
    " farmer fisher forester gardener glover guard hunter judge keeper king knight mason mayor miller monk page"
    " painter parker piper pope porter potter priest prince princess queen ranger ryder sailor shepherd singer"
    " soldier squire steward tailor tiler trainer turner walker warden weaver worker"
    # where, and what is there
    " arm ball bank banks barn bay beach bean beard bell berry bird bond book bow box branch bread bridge brook"
    " buck bull bus bush bushes button cage camp cane car card case cash castle cat chance chapel chase church"
    " coat cord corner cotton court crane crow cup dale day dean dear deer door drake drew drink duck east eye"
    " face fall fear field fields finch fish fist flood flower flowers food foot ford forest fox frost gale game"
    " garden gardens gate gates gift glass glove grove gun hair hall ham hand hands hart hawk head heart heath"
    " hedge hill hills home hood hook horn horne house hunt hurt hut ice iron key kick lake lamb land lane law"
    " leaf leg lock lodge love luck main march marsh mill mills money moon moor moss mount mouth nail neck night"
    " noon north nose novel nut orchard paper park peace peck pen penny pike pin pitch pitt plant play pond pool"
    " port post power price rain read reed rice ring rivers road robin rock roof room root rope rose rush sack"
    " sad saint salt sand sands school sea self sell shirt shoe shore show sick side skin sky snow song south"
    " speak speed spring square star steel stone storm strange street summer swan tear thorn tie time tower town"
    " train tree trust vale van village wade walk wall walls war ward ware watch water waters weeks wells west"
    " wheel wind winter wolf wood woods word work worth yard"
    # given names
    " amber angel april art august autumn bee bill blessing charity chuck clay clement cliff comfort coral"
    " crystal daisy dawn destiny dick don duke earl ebony eden eve faith favour fay fern flora frank gene glory"
    " grace grant harmony hazel heather heaven herb holly honesty honey hope iris ivy jade jet jewel joy june"
    " junior justice kit liberty lily mark may melody mercy miles olive opal paige pat patience patty pearl peg"
    " poppy prudence rob rod ruby rusty sage sandy serenity sue temperance tiger unity violet will willow wren"
)
#: In running words, with nothing beside them, they name nobody.
COMMON = SMALL_WORDS | PEOPLE | _ALSO_WORDS
#: With a capital only where everything has one.
NEVER_NAMES = _set("at for from had in not of or the was were who with")
#: Behind somebody's name, and seldom behind what somebody or something is like.
BEHIND_NAMES = _set("came did does from gave got had has hit is put said says shouted told took was went who")
#: Behind the name of a place: "Pembury Road".
PLACES = _set("academy avenue close crescent drive estate lane primary road school street way")

#: A full name and what people make of it, where that is plain to everybody: no Jack for John.
_SHORT = """
abigail abby abi | agnieszka aga | aleksandra ola | aleksandr sasha | alexander alex sandy xander
alexandra alex sandra lexi | alison ali | amanda mandy | anastasia nastya ana | andrew andy drew | angela angie
anna ania anya annie | anthony tony | antonio toni | barbara barb basia | benjamin ben benny | bartosz bartek
bernadette bernie | beverley bev | bogdan bodya | bradley brad | cameron cam | caroline caz carrie
catherine kate cath cathy katie kat | katherine kate kath kathy katie kat kitty | kathryn kate kath kathy katie
kathleen kath kathy | charles charlie chas | charlotte charlie lottie | christine chris chrissie tina
christina chris tina | christopher chris kit | clifford cliff | cynthia cindy | daniel dan danny | danielle dani
david dave davy | deborah deb debs debbie | dominic dom | donald don | dorothy dot dotty | douglas doug
dmitri dima mitya | edward ed eddie ted teddy | edmund ed eddie | eleanor ellie nell | elena lena
olena lena olenka | elizabeth liz lizzie beth betty betsy libby eliza | emily em emmie | emma em | ewa ewka
fatima fatou fati | frances fran | francis frank | francesca fran | francisco paco | frederick fred freddie
gabriel gabe | gabrielle gaby | geoffrey geoff | gerald gerry | gillian gill | gregory greg | grzegorz grzesiek
gwendolyn gwen | hannah han | harold harry hal | harriet harry hattie | henry harry | ibrahim ibby ibo
isabel izzy bella | isabella izzy bella | jacob jake | jacqueline jackie jacqui | jadwiga jadzia
james jim jimmy jamie | jan janek | janet jan | janice jan | jennifer jen jenny | jeffrey jeff
jeremy jez jerry | jessica jess jessie | joanne jo | joanna jo joasia asia | johanna jo | josephine jo josie
joseph joe joey | jose pepe | jonathan jon jonny | john johnny | joshua josh | judith judy | julia julie
juliet jules | katarzyna kasia kaska | kenneth ken kenny | kimberley kim | krzysztof krzysiek krzys
laurence larry | leonard len lenny | lawrence larry | leslie les | lillian lily | lucy luce | lucinda lucy
ludmila lyuda mila | magdalena magda | malgorzata gosia | margaret maggie meg peggy marge | maria masha marysia
marjorie marge | martin marty | matthew matt matty | maxwell max | maximilian max | melanie mel | melissa mel
michael mike mick micky mikey | mikhail misha | mohammed mo mohd moe | muhammad mo mohd moe | mustafa musti
mykola kolya | nadezhda nadia | natalie nat | natalia natasha nat | natasha tash nat | nathan nat nate
nathaniel nat nate | nicholas nick nicky | nicola nicky nic | nicole nicky nic | nikolai kolya | oleksandr sasha
oliver ollie | olivia liv livvy | oluwaseun seun | oluwaseyi seyi | oluwatobi tobi | omotola tola | olumide olu
patricia pat patsy tricia trish | patrick pat paddy | pamela pam | penelope penny | peter pete | philip phil
philippa pippa pip | piotr piotrek | rachel rach | raymond ray | rebecca becky becca bex | reginald reg
richard rick ricky rich dick | robert rob robbie bob bobby bert | roberta bobbie | rodney rod
ronald ron ronnie | rosemary rosie | roxanne roxy | russell russ | samantha sam sammy | samuel sam sammy
sandra sandy | sebastian seb | shirley shirl | simon si | sofia sonya | solomon sol | stanislaw staszek
stanley stan | stephanie steph | stephen steve stevie | steven steve stevie | stuart stu | susan sue suzie
suzanne sue suzie | sylvia syl | tatiana tanya | terence terry | theresa tess terry tessa | theodore theo ted
thomas tom tommy | timothy tim | tomasz tomek | valerie val | vanessa nessa | veronica ronnie | victor vic
victoria vicky vic tori | vincent vince | vladimir vova volodya | volodymyr vova volodya
william will bill billy willy | winifred win winnie | wojciech wojtek | yekaterina katya | kateryna katya katia
yevgeny zhenya | yusuf yousef | yolanda yoli | zachary zach zak | zofia zosia | zsuzsanna zsuzsa
"""


def _full_of() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for entry in _SHORT.replace("\n", "|").split("|"):
        full, *shorts = entry.split() or [""]
        for short in shorts:
            found.setdefault(short, set()).add(full)
    return {short: frozenset(full) for short, full in found.items()}


#: Of a short form the names that it may stand for.
FULL_OF = _full_of()
