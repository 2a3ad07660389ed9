"""Whom a concern names, both ways: what goes past a reader whom it means, and what must reach one it does not mean.

Of the first a miss lets somebody read what is about them; of the second an alarm delays help and blames for nothing.
"""

from __future__ import annotations

import pytest

from app.safeguarding.naming import is_called_whole, names_somebody

JO, GRACE, RAHIMA, KASIA = "Jo Pembury", "Grace Okafor", "Rahima Begum", "Katarzyna Wójcik"
MOHAMMED, AYSE, XIAOMING = "Mohammed Hassan", "Ayşe Yılmaz", "Xiaoming Zhang"

#: What somebody writes of the adult whom a concern is about, and the reader whom it means.
ABOUT_AN_ADULT = [
    # a title and a given name
    ("Miss Jo", JO),
    ("miss jo", JO),
    ("teacher Jo", JO),
    ("Our teacher Jo, from Year 2", JO),
    ("Ayşe Hanım", AYSE),
    ("Ayse hanim", AYSE),
    ("Ayse hoca", AYSE),
    ("Ayşe öğretmen", AYSE),
    ("pani Kasia", KASIA),
    ("pani Katarzyna", KASIA),
    ("Rahima Apa", RAHIMA),
    ("Auntie Grace", GRACE),
    ("Hassan bhai", MOHAMMED),
    ("Mohammed sir", MOHAMMED),
    ("Cô Hương", "Nguyễn Thị Hương"),
    ("Zhang laoshi", XIAOMING),
    ("Park ssi", "Jin Park"),
    ("Mr. Young", "Al Young"),
    ("mr young from the office", "Al Young"),
    ("miss young", "Al Young"),
    # a name in pieces, or run together
    ("Abdurrahman", "Abdul Rahman"),
    ("Abdul-Rahman", "Abdurrahman Ali"),
    ("abdel rahman", "Abdul Rahman"),
    ("Xiao Ming", XIAOMING),
    ("xiao ming", XIAOMING),
    ("P e m b u r y", JO),
    ("J o P e m b u r y", JO),
    ("p.e.m.b.u.r.y", JO),
    ("Mrs P E M B U R Y", JO),
    ("Siobhan O Connor", "Siobhán O’Connor"),
    ("O' Connor", "Siobhán O’Connor"),
    ("Mrs O'Connor", "Siobhan O Connor"),
    ("D Souza", "Maria D'Souza"),
    ("Mrs van den Berg", "Eva van den Berg"),
    # a given name alone, in whatever letters
    ("Jo", JO),
    ("Rahima", RAHIMA),
    ("রহিমা", RAHIMA),
    ("محمد", MOHAMMED),
    ("ਗੁਰਪ੍ਰੀਤ", "Gurpreet Singh"),
    ("Катажина", KASIA),
    ("Олена", "Olena Shevchenko"),
    ("Mohamed", MOHAMMED),
    ("Kasia", KASIA),
    ("Liz", "Elizabeth Okafor"),
    ("Elizabeth", "Liz Okafor"),
    # a title and the first letter
    ("Mrs O", GRACE),
    ("Ms P", JO),
    ("Ms P.", JO),
    ("Mrs O shouted at her", GRACE),
    ("Jo P", JO),
    ("Jo P.", JO),
    ("@graceokafor", GRACE),
    ("Mac Carthy", "Eoin McCarthy"),
    # in a sentence
    ("I think it was Pembury", JO),
    ("i think it was pembury", JO),
    ("A man called Mann", "Ali Mann"),
    ("The man is Ali Mann", "Ali Mann"),
    ("al mann", "Al Mann"),
    ("It was Al Young who did it", "Al Young"),
    ("it was al young who did it", "Al Young"),
    ("I met An Do at the gate", "An Do"),
    ("An Do", "An Do"),
    ("an do", "An Do"),
    ("Mr Do", "An Do"),
    ("mr do", "An Do"),
    ("Kim No", "Kim No"),
    ("it was kim no", "Kim No"),
    ("Mr No", "Kim No"),
    ("Mrs Ma", "Li Ma"),
    ("Li Ma", "Li Ma"),
    ("li ma hit her", "Li Ma"),
    ("Ng", "Wai Ng"),
    ("ms ng", "Wai Ng"),
    ("Young", "Al Young"),
    ("Wei To", "Wei To"),
    ("wei to was there", "Wei To"),
    ("Joy Black", "Joy Black"),
    ("I saw Ms Black", "Joy Black"),
    ("The lady in the office, Black", "Joy Black"),
    ("Okafor", "Grace Okafor-Smith"),
    ("Mrs Pembury parked her car", JO),
    ("Steve Young's brother", "Al Young"),
    ("Young was shouting at her", "Al Young"),
    ("I do not know. Green from the kitchen?", "Ann Green"),
    ("Aisha", "Ayesha Khan"),
]

#: What somebody writes of who else was there, and the reader whom it means.
WHO_ELSE = [
    ("Ms O' Connor", "Siobhán O’Connor"),
    ("Mrs O Connor", "Siobhán O’Connor"),
    ("mrs o connor", "Siobhán O’Connor"),
    ("Mrs O’Connor", "Siobhan O Connor"),
    ("Mrs D Souza", "Maria D'Souza"),
    ("Mr Abdurrahman", "Khalid Abdul Rahman"),
    ("Mrs van den Berg", "Eva van den Berg"),
    ("Mr Al Hassan", "Mohammed Al-Hassan"),
    ("Mrs Okafor", "Grace Okafor-Smith"),
    ("Mrs Smith", "Grace Okafor-Smith"),
    ("Mister Hassan", MOHAMMED),
    ("Teacher Zhang", XIAOMING),
    ("her teacher Zhang", XIAOMING),
    ("Zhang laoshi", XIAOMING),
    ("Tanaka-san", "Yuki Tanaka"),
    ("Tanaka san", "Yuki Tanaka"),
    ("pani Wójcik", KASIA),
    ("pani Kasia", KASIA),
    ("Yılmaz hoca", AYSE),
    ("Miss Jo", JO),
    ("О. Шевченко", "Olena Shevchenko"),
    ("пан Шевченко", "Taras Shevchenko"),
    ("Mo Hassan", MOHAMMED),
    ("Kasia Wojcik", KASIA),
    ("Liz Okafor", "Elizabeth Okafor"),
    ("Me, Liz Okafor and a boy", "Elizabeth Okafor"),
    ("J. A. Pembury", JO),
    ("A. Young", "Al Young"),
    ("A Young", "Al Young"),
    ("a hassan", "Ali Hassan"),
    ("A Pembury was there too", "Ann Pembury"),
    ("Sister Okafor", GRACE),
    ("Mr. Mann", "Ali Mann"),
    ("Al Young and his son", "Al Young"),
    ("al young, a friend", "Al Young"),
    ("Tom, Young, Ali", "Al Young"),
    ("mr white", "Ann White"),
    ("Mrs O", GRACE),
    ("Ms P and a girl", JO),
    ("An Do", "An Do"),
    ("Kim No, Tom", "Kim No"),
    ("Mr Ma", "Li Ma"),
    ("Wei To", "Wei To"),
    ("Maryann Smith", "Mary Ann Smith"),
    ("Mark Wood", "Mark Wood"),
    ("mark wood saw it", "Mark Wood"),
    ("Will Young", "Will Young"),
    ("Mrs P e m b u r y", JO),
    ("Grace O", GRACE),
    ("Eddie Bird", "Ed Bird"),
]

READERS = [
    "Ali Mann",
    "Al Man",
    "An Do",
    "Kim No",
    "Wei To",
    "Li Ma",
    "Wai Ng",
    "Al Young",
    "Ann Friend",
    "Ann White",
    "Abe Black",
    "Ali Small",
    "Joy Brown",
    "Will Young",
    "Mark Wood",
    "Grace Hill",
    "Rose Park",
    "Su Tan",
    "Yu So",
    "My Le",
    "Noor Khan",
    "Mia Parker",
    "Ana Mather",
    "Eve Little",
    "Hope Day",
    "Ho He",
    "Ruby Lane",
    "Pat Long",
    "Si Yu",
    "Art Cook",
    JO,
    GRACE,
    MOHAMMED,
]

#: What names nobody, of an adult or of who else was there.
NOBODY = [
    "a man I do not know",
    "A man I do not know",
    "A MAN I DO NOT KNOW",
    "A Man I Do Not Know",
    "A black man in a hoodie",
    "A Black man in a hoodie",
    "a black man",
    "Black man, white trainers",
    "I do not know",
    "I don't know",
    "i do not know him",
    "Do not know",
    "no one",
    "No one",
    "No",
    "no",
    "None",
    "nobody else",
    "No one else was there.",
    "There was no one. No adult came.",
    "A young boy",
    "A young boy..",
    "a young boy and a small girl",
    "Young boy, about 8",
    "a friend of mine",
    "A friend of mine",
    "A friend. I do not want to say who",
    "friends",
    "her friend",
    "a white lady",
    "A white lady with a pram",
    "a black car",
    "A black car, and a man in it",
    "a small man",
    "a small man with a long coat",
    "we went to lunch",
    "We went to lunch",
    "We were on our way to school",
    "her ma",
    "her ma and her pa",
    "my ma",
    "Ma",
    "Me",
    "me",
    "just me and my son",
    "not sure",
    "I am not sure who he is",
    "I could not see who it was",
    "a tall man in a brown coat",
    "brown hair, long coat",
    "an old man from the park",
    "He will come back with a young man",
    "he has a mark on his arm, from a bit of wood",
    "on the hill, by the park",
    "a little girl with a rose",
    "the man parked his car and walked to us",
    "The man parked his car. She walked off.",
    "her mother and father",
    "Her mother, her father and her brother",
    "I hope to hear from you one day",
    "so you see, she told me",
    "She said no to him, so he hit her",
    "More than one man",
    "neither her mum nor her dad",
    "a cook from the kitchen",
    "the lady to whom we spoke",
    "the teacher and a friend",
    "a teacher may know",
    "his uncle, his aunt and a cousin",
    "A lady. Black hair.",
    "he lives in a small lane, a long way off",
    "the DJ at the fair",
    "a boy, a girl and a dog",
    "they see you",
    "1 man, 2 boys",
    "Somebody's dad",
    "the man's car",
    "a teenager, white, 6 foot tall",
    "A Man",
    "The Man Next Door",
    "His mum works at the Green Man pub",
    "Kim, no one else",
    "kim, no one else",
    "Do not know. Kim maybe",
    "A boy from Pembury Road",
    "the man at No. 4 Hill Street",
    "the Asian lady who sits at the front desk",
    "Tall Man In White Van",
    "May I tell you in person?",
    "A person who said to be a social worker",
]

#: A name of somebody else, of an adult.
SOMEBODY_ELSE = [
    ("Miss Jones", JO),
    ("teacher Joan", JO),
    ("Mrs P Smith", JO),
    ("Mrs O Brien", GRACE),
    ("Mrs O’Brien", GRACE),
    ("her uncle Mohammed", MOHAMMED),
    ("his auntie Grace", GRACE),
    ("Maria", "Mario Rossi"),
    ("Jane", "June Carr"),
    ("Mr Bell", "Bill Waters"),
    ("Jo's husband", "Xi Yu"),
    ("Lee", "Li Ma"),
    ("Omar's uncle", "Omar Said"),
    ("pani do sekretariatu", "An Do"),
    ("pani ma psa", "Li Ma"),
    ("أحمد", MOHAMMED),
    ("নাদিয়া", RAHIMA),
    ("Ellie", "Helen Marsh"),
    ("Kasia Nowak", KASIA),
    ("Mo Ali", MOHAMMED),
    ("Abdullah", "Abdul Rahman"),
    ("Ali Al Rashid", "Khalid Al Hassan"),
    ("Siobhan O Brien", "Siobhan O Connor"),
]

#: The same of who else was there.
OTHERS_THERE = [
    ("Auntie Grace", GRACE),
    ("her brother Hassan", MOHAMMED),
    ("Mr A Khan", "Bilal Hassan"),
    ("Grace", GRACE),
    ("Jo", JO),
    ("Ellie Marsh", "Helen Marsh"),
    ("Jack Smith", "John Smith"),
    ("Mo", MOHAMMED),
    ("A Somali boy", "Ali Hassan"),
    ("a pembury boy", "Ann Pembury"),
    ("Khalid Al Rashid", "Khalid Al Hassan"),
    ("Mrs P Smith", JO),
    ("Jack in a green coat", "Jack Green"),
    ("a boy named Young", "Al Young"),
    ("all of us", "Al Sir"),
]


@pytest.mark.parametrize(("typed", "name"), ABOUT_AN_ADULT)
def test_a_concern_that_may_mean_a_reader_goes_past_them(typed, name):
    assert names_somebody("adult", typed, "", name)


@pytest.mark.parametrize(("typed", "name"), WHO_ELSE)
def test_a_reader_who_was_there_is_passed_by(typed, name):
    assert names_somebody("child", "", typed, name)


@pytest.mark.parametrize("typed", NOBODY)
def test_words_that_name_nobody_reach_every_reader(typed):
    about = [name for name in READERS if names_somebody("adult", typed, "", name)]
    there = [name for name in READERS if names_somebody("child", "a girl", typed, name)]
    assert (about, there) == ([], [])


@pytest.mark.parametrize(("typed", "name"), SOMEBODY_ELSE)
def test_somebody_elses_name_reaches_the_reader(typed, name):
    assert not names_somebody("adult", typed, "", name)


@pytest.mark.parametrize(("typed", "name"), OTHERS_THERE)
def test_somebody_else_who_was_there_keeps_it_from_nobody(typed, name):
    assert not names_somebody("child", "", typed, name)


@pytest.mark.parametrize(
    ("typed", "is_theirs"), [("I do not know, an adult", False), ("An Do", True), ("mr an do", True)]
)
def test_words_of_a_sentence_bring_a_concern_no_nearer(typed, is_theirs):
    assert is_called_whole(typed, "An Do") is is_theirs


def test_there_are_enough_of_both():
    assert len(ABOUT_AN_ADULT) + len(WHO_ELSE) > 60
    assert len(NOBODY) > 60
