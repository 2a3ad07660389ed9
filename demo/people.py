"""Invented people: names by community, numbers and addresses that belong to nobody.

Numbers are from Ofcom's range for drama, addresses from example.org. No name is given out twice.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from demo.keys import dice

#: Numbers with a meaning of their own in the mailbox, and those of the officers in `plan`, stay free.
TAKEN = {0, 2, 3, 111, 222, *range(960, 1000)}

FIRST = {
    "tr": "Selin Yusuf Elif Emre Zeynep Hakan Meryem Kerem Aylin Deniz Gül Murat Sevgi Cem Nermin Onur",
    "pl": "Piotr Agnieszka Magdalena Tomasz Joanna Krzysztof Beata Marek Ewa Paweł Dorota Kinga Jacek Iwona",
    "so": "Hodan Abdi Sahra Mahad Ifrah Liban Ayaan Fowzia Guled Nasra Hibo Warsame Deqa Idil",
    "bn": "Nadia Rashed Farzana Shirin Kamrul Salma Tahmina Imran Rumana Jahanara Shahin Lubna Anwar Parvin",
    "en": (
        "Beth Owen Grace Marcus Leanne Joanna Curtis Denise Kim Kwame Abena Folake Chidi Priscilla Sandra Neil "
        "Farah Tariq Anita Vikram Rosie Gareth Yvonne Delroy Simone Maxine Craig Donna Siobhan Eamon Ingrid Leo "
        "Ruthanne Miriam Avi Pearl Terence Wendy Alex Sam Jodie Lorraine"
    ),
}
LAST = {
    "tr": "Kaya Demir Aydın Yıldız Şahin Çelik Arslan Koç Özkan Polat Doğan Kurt",
    "pl": "Zieliński Nowak Kowalczyk Lewandowska Wójcik Mazur Krawczyk Dudek Pawlak Sikora Górska Bąk",
    "so": "Ali Warsame Farah Abdullahi Hassan Jama Osman Nur Yusuf Ahmed Mohamud Aden",
    "bn": "Rahman Begum Hossain Khatun Uddin Chowdhury Akter Islam Miah Sultana Karim Haque",
    "en": (
        "Bell Brooks Mensah Pike Tully Marlow Okoro Siddiqui Ferris Asante Campbell Doyle Fletcher Grant Ibekwe "
        "Joseph Lawal Morgan Nolan Parkin Quinn Reid Shah Thorpe Underhill Vaughan Walcott Yeboah Patel Levy "
        "Bryce Cartwright Dunne Ellery Foley Gittens"
    ),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented. Empty where they have no email or no telephone; `language` is what they speak best."""

    first_name: str
    last_name: str
    email: str
    phone: str
    language: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class People:
    """Gives out people one by one, never the same name, number or address twice, always in the same order."""

    def __init__(self) -> None:
        self._names: dict[str, Iterator[tuple[str, str]]] = {}
        for community in FIRST:
            self._names[community] = _names(community)
        self._numbers = [f"+447700900{number:03}" for number in range(1000) if number not in TAKEN]
        dice("numbers").shuffle(self._numbers)
        self._addresses: set[str] = set()

    def meet(
        self, community: str = "en", *, has_email: bool = True, has_phone: bool = True, name: str = ""
    ) -> Person:
        """Somebody new. `name` asks for one in particular."""
        first, last = name.split(" ", 1) if name else next(self._names[community])
        return Person(
            first_name=first,
            last_name=last,
            email=self._address(first, last) if has_email else "",
            phone=self._numbers.pop() if has_phone else "",
            language=community,
        )

    def number(self) -> str:
        """A telephone number for a desk."""
        return self._numbers.pop()

    def spare_number(self) -> str:
        """A telephone number from the far end: nobody else gets another than they had for it."""
        return self._numbers.pop(0)

    def _address(self, first: str, last: str) -> str:
        plain = unicodedata.normalize("NFKD", f"{first}.{last}".lower().replace("ı", "i").replace("ł", "l"))
        wanted = "".join(letter for letter in plain if letter.isascii() and letter != " ")
        address, count = f"{wanted}@example.org", 1
        while address in self._addresses:
            count += 1
            address = f"{wanted}{count}@example.org"
        self._addresses.add(address)
        return address


def _names(community: str) -> Iterator[tuple[str, str]]:
    """Every first name with every last name, once; a first name comes again only when all have been used."""
    rng = dice("names", community)
    first, last = FIRST[community].split(), LAST[community].split()
    rng.shuffle(first)
    rng.shuffle(last)
    for turn in range(len(last)):
        for place, name in enumerate(first):
            yield name, last[(place + turn) % len(last)]
