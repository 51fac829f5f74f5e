"""Process instances: end one from outside, give its variables other values. Tickets, actions and notes start them."""

from engine.commands.instances.cancelling import cancel
from engine.commands.instances.variables import set_variables

__all__ = ["cancel", "set_variables"]
