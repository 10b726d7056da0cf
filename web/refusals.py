"""Why something cannot be done, in Dutch for people."""

from __future__ import annotations

from datetime import datetime

from schuldhulp.engine.case import errors as e
from schuldhulp.engine.case.papers import refusals
from schuldhulp.engine.definitions import dutch
from schuldhulp.engine.handle import Engine, NoSuchCase, TooBusy
from schuldhulp.engine.handle.post import LetterErased
from schuldhulp.tasks.access import MayNotSee, NotYourRole, name_of
from schuldhulp.tasks.post_room import NotThePostRoom
from schuldhulp.tasks.story import roles_in_words

TASK_ENDS = {"done": "afgerond", "skipped": "overgeslagen", "cancelled": "vervallen"}


def in_dutch(engine: Engine, error: e.CommandRefused) -> str:
    """What to tell the person who was refused."""
    match error:
        case e.TaskClosed():
            by = f" door {name_of(engine, _number(error.by))}" if error.by is not None else ""
            how = TASK_ENDS.get(error.how, error.how)
            return f"Deze taak is al {how}{by}{_at(error.at)}."
        case e.TaskClaimedByOther():
            return f"Deze taak is al opgepakt door {name_of(engine, error.by)}{_at(error.at)}."
        case e.DataChanged():
            return "Een collega heeft intussen iets veranderd aan gegevens op dit formulier."
        case e.NotAllowed():
            needed = roles_in_words(error.needed) or "niemand"
            return f"Met uw rol kunt u dit niet doen. Het is voor: {needed}."
        case e.PreconditionFailed():
            return " ".join(sentence for _, sentence, _ in error.failed)
        case e.ReasonNeeded():
            return "Schrijf in een paar woorden waarom."
        case e.ExpressionFailed():
            return "Er zit een fout in het proces, daarom kan deze stap nu niet. De beheerder heeft een melding gekregen."
        case NoSuchCase():
            return f"Er is geen zaak met nummer {error.number}."
        case NotYourRole() | NotThePostRoom():
            return "Deze pagina is niet voor uw rol."
        case MayNotSee():
            return "U werkt met uw rollen niet in deze zaak."
        case e.NoSuchThing():
            return "Dit bestaat niet of niet meer in deze zaak."
        case LetterErased():
            return "De tekst van deze brief is gewist. Dat de brief is verstuurd, is nog wel bekend."
        case refusals.PaperRefused() | refusals.PaperGone() | refusals.FileErased():
            return _of_document(error)
        case TooBusy():
            return "Het is erg druk in deze zaak. Probeer het nog een keer."
        case e.ClockWentBack():
            return "De klok van het systeem staat verkeerd. Meld dit aan de beheerder."
    return f"Dit kan nu niet. ({error})"


WHY_NOT = {
    "empty": "Het bestand is leeg.",
    "script": "Dit is een programma of script. Dat bewaren wij niet.",
    "macro": "Er zitten macro's of andere programma's in dit bestand. Bewaar het als PDF en stuur dat.",
    "markup": "Dit is een webpagina of een SVG-tekening. Bewaar het als PDF en stuur dat.",
    "archive": "Dit is een zip of een ander archief. Pak het uit en stuur de documenten zelf.",
    "old-office": "Dit is een oud Office-bestand, of er zit een wachtwoord op. Bewaar het als PDF zonder wachtwoord.",
    "double": "Dit bestand is twee dingen tegelijk. Maak er opnieuw een PDF van en stuur dat.",
    "broken": "Dit bestand is beschadigd of niet compleet. Maak het opnieuw en stuur het nog een keer.",
    "unknown": "Dit soort bestand bewaren wij niet. Maak er een PDF van, of stuur een foto (JPEG of PNG).",
}
"""Why a file is refused, in Dutch, by the code of engine/case/papers/refusals.py."""


def _of_document(error: e.CommandRefused) -> str:
    match error:
        case refusals.KindRefused():
            return WHY_NOT[error.why]
        case refusals.PaperTooLarge():
            return f"Dit bestand is groter dan {error.most} MB. Scan het met een lagere resolutie, of splits het in delen."
        case refusals.CaseFull():
            return f"Het dossier is vol: hooguit {error.number} documenten en {error.most} MB samen. Haal eerst iets weg."
        case refusals.PaperThere():
            return f"Dit bestand staat al in het dossier: document {error.number} ({error.known}). Het is niet twee keer bewaard."
        case refusals.PaperGone():
            return f"Document {error.number} is weggehaald of gewist. Dat het er was, is nog wel bekend."
    return "De gegevens van deze zaak zijn gewist. Er komt niets meer bij."


def status_of(error: e.CommandRefused) -> int:
    """The HTTP status that says the same."""
    match error:
        case NoSuchCase() | e.NoSuchThing() | refusals.PaperGone():
            return 404
        case e.NotAllowed() | MayNotSee() | NotYourRole() | NotThePostRoom():
            return 403
        case e.TaskClosed() | e.TaskClaimedByOther() | e.DataChanged() | TooBusy():
            return 409
        case e.ExpressionFailed() | e.ClockWentBack():
            return 500
    return 422


def _at(at: datetime | None) -> str:
    return f" op {dutch.long_date(at)} om {at.astimezone(dutch.CIVIL):%H:%M}" if at is not None else ""


def _number(by: object) -> int | None:
    return by if isinstance(by, int) else int(str(by)) if str(by).isdigit() else None
