"""What common passwords are made of, without the figures and signs that people add: an own list."""

# fmt: off
COMMON = frozenset({
    "password", "passwort", "passw", "pass", "letmein", "welcome", "qwerty", "qwertyuiop",
    "qwertyuiopasdfghjkl", "asdfghjkl", "asdfgh", "zxcvbnm", "qazwsx", "qazwsxedc", "onetwothreefour",
    "abcdefghijkl", "abcdefghijklm", "abcdefghijklmnopqrstuvwxyz", "iloveyou", "iloveu", "sunshine",
    "princess", "football", "liverpool", "arsenal", "chelsea", "manchester", "manchesterunited",
    "manchestercity", "tottenham", "everton", "rangers", "celtic", "monkey", "dragon", "superman", "batman",
    "pokemon", "starwars", "charlie", "michael", "jessica", "ashley", "london", "england", "summer",
    "winter", "autumn", "spring", "monday", "friday", "september", "december", "january", "admin",
    "administrator", "school", "teacher", "headteacher", "senco", "safeguarding", "council", "borough",
    "education", "changeme", "changethis", "secret", "whatever", "trustno", "mypassword", "newpassword",
    "thisismypassword", "correcthorsebatterystaple", "webelong", "wearebelong", "pleaseletmein", "computer",
    "internet", "chocolate", "cheese", "butterfly",
})
# fmt: on
