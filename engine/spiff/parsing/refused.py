"""What of BPMN Iter doesn't run: by the name of the XML element, what it is called and what to draw instead."""

from __future__ import annotations

from engine.domain.said import said

#: shapes
REFUSED_NODES = {
    "complexGateway": (said("a complex gateway"), said("Use exclusive, inclusive or parallel gateways.")),
    "transaction": (said("a transaction"), said("Use a subprocess with boundary events.")),
    "adHocSubProcess": (said("an ad-hoc subprocess"), said("Draw the order in which its activities may run.")),
    "dataStoreReference": (said("a data store"), said("Keep the values as variables or ticket fields.")),
    "callChoreography": (said("a choreography"), said("Draw a process.")),
}
#: what stands inside a shape
REFUSED_PARTS = {
    "ioSpecification": (
        said("an input/output specification of an activity"),
        said("Variables are seen by the whole scope; remove it. Processes that are called may have one."),
    ),
    "assignment": (said("a data assignment"), said("Set the variable in a script task.")),
    "transformation": (said("a data transformation"), said("Compute the value in a script task.")),
    "eventDefinitionRef": (said("a shared event definition"), said("Put the event definition into the event itself.")),
}
#: kinds of events
REFUSED_EVENTS = {
    "compensateEventDefinition": (said("compensation"), said("Draw the steps that undo the work.")),
    "cancelEventDefinition": (said("a cancel event"), said("Use an error end event and an error boundary event.")),
}
