"""What the web layer says to people, by language. The English text is the key, as in gettext; others are looked up.

Texts of a process (statuses, forms, mails) don't belong here: they are data of its package.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LANGUAGES = ("en", "it")

#: what the Pydantic error types of our models mean to a reader; the values in braces come with the error
VALIDATION: Mapping[str, str] = {
    "missing": "This field is required.",
    "extra_forbidden": "This field isn't known here.",
    "string_type": "This must be a text.",
    "string_too_short": "This must have at least {min_length} characters.",
    "string_too_long": "This must have at most {max_length} characters.",
    "string_pattern_mismatch": "This isn't in the expected form.",
    "int_type": "This must be a whole number.",
    "int_parsing": "This must be a whole number.",
    "int_from_float": "This must be a whole number.",
    "bool_type": "This must be true or false.",
    "bool_parsing": "This must be true or false.",
    "dict_type": "This must be an object.",
    "model_type": "This must be an object.",
    "model_attributes_type": "This must be an object.",
    "list_type": "This must be a list.",
    "too_long": "This must have at most {max_length} entries.",
    "too_short": "This must have at least {min_length} entries.",
    "greater_than_equal": "This must be at least {ge}.",
    "less_than_equal": "This must be at most {le}.",
    "literal_error": "This must be one of {expected}.",
    "enum": "This must be one of {expected}.",
    "datetime_type": "This must be an instant such as 2026-03-27T16:00+01:00.",
    "datetime_parsing": "This must be an instant such as 2026-03-27T16:00+01:00.",
    "datetime_from_date_parsing": "This must be an instant such as 2026-03-27T16:00+01:00.",
    "timezone_aware": "This must be an instant with its offset, such as 2026-03-27T16:00+01:00.",
}

_ITALIAN: Mapping[str, str] = {
    # titles of problems
    "Invalid input": "Dati non validi",
    "Malformed request": "Richiesta malformata",
    "Not found": "Non trovato",
    "Not allowed": "Non consentito",
    "Conflict": "Conflitto",
    "Refused": "Rifiutato",
    "Not authenticated": "Non autenticato",
    "Method not allowed": "Metodo non consentito",
    "Too large": "Troppo grande",
    "Unsupported media type": "Formato non supportato",
    "Too many requests": "Troppe richieste",
    "Internal error": "Errore interno",
    "Not ready": "Non pronto",
    # details of problems
    "There is nothing here, or nothing that you may see.": "Qui non c'è nulla, o nulla che lei possa vedere.",
    "Some fields can't be accepted.": "Alcuni campi non possono essere accettati.",
    "Show a bearer token in the Authorization header.": "Indichi un token Bearer nell'intestazione Authorization.",
    "The token isn't valid.": "Il token non è valido.",
    "The address or the password is wrong.": "L'indirizzo o la password sono errati.",
    "Too many attempts; wait a little.": "Troppi tentativi: attenda un poco.",
    "The token lacks the scope “read”.": "Il token non comprende l'ambito “read”.",
    "The token lacks the scope “write”.": "Il token non comprende l'ambito “write”.",
    "The token lacks the scope “admin”.": "Il token non comprende l'ambito “admin”.",
    "This address doesn't take {method}.": "Questo indirizzo non accetta {method}.",
    "The body is too large.": "Il corpo della richiesta è troppo grande.",
    "The body has more than {limit} bytes.": "Il corpo della richiesta supera {limit} byte.",
    "Send {expected}, not {given}.": "Invii {expected}, non {given}.",
    "Something went wrong here. It was recorded under {reference}.": (
        "Qualcosa è andato storto. È stato registrato con il riferimento {reference}."
    ),
    "The package can't be deployed: see its problems.": "Il pacchetto non può essere distribuito: ne veda i problemi.",
    "The database can't be reached just now.": "La base di dati ora non è raggiungibile.",
    "The request couldn't be read.": "La richiesta non è leggibile.",
    "The body must be a JSON object.": "Il corpo deve essere un oggetto JSON.",
    "The Idempotency-Key must have 1 to 200 printable ASCII characters.": (
        "L'Idempotency-Key deve avere da 1 a 200 caratteri ASCII stampabili."
    ),
    # fields
    "This field is required.": "Questo campo è obbligatorio.",
    "This field isn't known here.": "Questo campo qui non è previsto.",
    "This must be a text.": "Deve essere un testo.",
    "This must have at least {min_length} characters.": "Deve avere almeno {min_length} caratteri.",
    "This must have at most {max_length} characters.": "Deve avere al massimo {max_length} caratteri.",
    "This isn't in the expected form.": "Non è nella forma prevista.",
    "This must be a whole number.": "Deve essere un numero intero.",
    "This must be true or false.": "Deve essere vero o falso.",
    "This must be an object.": "Deve essere un oggetto.",
    "This must be a list.": "Deve essere un elenco.",
    "This must have at most {max_length} entries.": "Deve avere al massimo {max_length} elementi.",
    "This must have at least {min_length} entries.": "Deve avere almeno {min_length} elementi.",
    "This must be at least {ge}.": "Deve essere almeno {ge}.",
    "This must be at most {le}.": "Deve essere al massimo {le}.",
    "This must be one of {expected}.": "Deve essere uno tra {expected}.",
    "This must be an instant such as 2026-03-27T16:00+01:00.": (
        "Deve essere un istante, ad esempio 2026-03-27T16:00+01:00."
    ),
    "This must be an instant with its offset, such as 2026-03-27T16:00+01:00.": (
        "Deve essere un istante con il suo fuso, ad esempio 2026-03-27T16:00+01:00."
    ),
}

_CATALOGUES: Mapping[str, Mapping[str, str]] = {"en": {}, "it": _ITALIAN}


def say(text: str, language: str, **values: Any) -> str:
    """The text in the reader's language with its values put in; a text that nobody translated stays English."""
    return _CATALOGUES[language].get(text, text).format_map(values) if values else _CATALOGUES[language].get(text, text)
