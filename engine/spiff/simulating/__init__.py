"""Runs diagrams by themselves, as a list of events says: no package, no ticket, no database (`iter simulate`)."""

from engine.spiff.simulating.drawing import Drawn, read_drawn
from engine.spiff.simulating.events import WrongEvent, read_events
from engine.spiff.simulating.simulation import Simulation, simulate

__all__ = ["Drawn", "Simulation", "WrongEvent", "read_drawn", "read_events", "simulate"]
