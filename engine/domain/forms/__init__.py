"""Forms of user tasks and actions: form-js schemas, and what the server says of the data filled in. No HTML here."""

from engine.domain.forms.model import Form, FormField
from engine.domain.forms.reading import read_form

__all__ = ["Form", "FormField", "read_form"]
