"""What a form says to who filled it in wrongly, by language. Nothing else of the program's words stands here."""

from __future__ import annotations

#: used where a language has no texts of its own
FALLBACK = "en"

_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "unknown": "The form has no such field.",
        "shown_only": "This field is shown only; it takes no value.",
        "hidden": "This field isn't asked for with these answers; leave it out.",
        "required": "This field is needed.",
        "text": "Write a text.",
        "characters": "This text holds characters that can't be stored, or line breaks.",
        "shortest": "Write at least {} characters.",
        "longest": "Write at most {} characters.",
        "pattern": "This isn't written as expected.",
        "email": "Write a mail address.",
        "phone": "Write a telephone number.",
        "number": "Write a number.",
        "low": "Not less than {}.",
        "high": "Not more than {}.",
        "decimals": "At most {} decimals.",
        "step": "Only multiples of {}.",
        "boolean": "Answer true or false.",
        "choice": "Choose one of the values offered.",
        "list": "Give a list of values.",
        "twice": "A value stands twice.",
        "date": "Write a date: 2026-03-27.",
        "working_day": "This isn't a working day. The nearest is {}.",
        "account": "Choose a person.",
    },
    "it": {
        "unknown": "Il modulo non ha questo campo.",
        "shown_only": "Questo campo è di sola lettura: non accetta un valore.",
        "hidden": "Con queste risposte il campo non è richiesto: va omesso.",
        "required": "Il campo è obbligatorio.",
        "text": "Scrivere un testo.",
        "characters": "Il testo contiene caratteri non ammessi o interruzioni di riga.",
        "shortest": "Scrivere almeno {} caratteri.",
        "longest": "Scrivere al massimo {} caratteri.",
        "pattern": "Il formato non è quello previsto.",
        "email": "Scrivere un indirizzo email.",
        "phone": "Scrivere un numero di telefono.",
        "number": "Scrivere un numero.",
        "low": "Non meno di {}.",
        "high": "Non più di {}.",
        "decimals": "Al massimo {} decimali.",
        "step": "Solo multipli di {}.",
        "boolean": "Rispondere vero o falso.",
        "choice": "Scegliere uno dei valori proposti.",
        "list": "Indicare un elenco di valori.",
        "twice": "Un valore compare due volte.",
        "date": "Scrivere una data: 2026-03-27.",
        "working_day": "Non è un giorno lavorativo. Il più vicino è il {}.",
        "account": "Scegliere una persona.",
    },
}


def say(key: str, language: str, *values: object) -> str:
    """The text in the language, else in English."""
    texts = _TEXTS.get(language.partition("-")[0], _TEXTS[FALLBACK])
    return texts[key].format(*values)
