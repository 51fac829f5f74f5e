"""What of BPMN Iter doesn't run: by the name of the XML element, what it is called and what to draw instead."""

from __future__ import annotations

from engine.domain.said import said

#: shapes
REFUSED_NODES = {
    "complexGateway": (said("a complex gateway"), said("Use exclusive, inclusive or parallel gateways.")),
    "transaction": (said("a transaction"), said("Use a subprocess with boundary events.")),
    "adHocSubProcess": (said("an ad-hoc subprocess"), said("Draw the order in which its activities may run.")),
    "dataStoreReference": (said("a data store"), said("Keep the values as variables or ticket fields.")),
    "dataObjectReference": (
        said("a data object"),
        said("Values are variables; write what it says as a text annotation."),
    ),
    "callChoreography": (said("a choreography"), said("Draw a process.")),
}
#: what stands inside a shape
REFUSED_PARTS = {
    "multiInstanceLoopCharacteristics": (said("several instances of an activity"), said("Draw a loop with a gateway.")),
    "standardLoopCharacteristics": (said("a loop marker"), said("Draw the loop with a gateway.")),
    "ioSpecification": (
        said("an input/output specification"),
        said("Variables are seen by the whole scope; remove it."),
    ),
    "dataInputAssociation": (said("a data association"), said("Variables are seen by the whole scope; remove it.")),
    "dataOutputAssociation": (said("a data association"), said("Variables are seen by the whole scope; remove it.")),
    "eventDefinitionRef": (said("a shared event definition"), said("Put the event definition into the event itself.")),
}
#: kinds of events
REFUSED_EVENTS = {
    "signalEventDefinition": (said("a signal"), said("Use a message to one receiver.")),
    "escalationEventDefinition": (
        said("an escalation"),
        said("Use a non-interrupting timer or message event, or an error."),
    ),
    "conditionalEventDefinition": (
        said("a conditional event"),
        said("Use a message, or a gateway behind the step that decides."),
    ),
    "linkEventDefinition": (said("a link"), said("Draw the sequence flow.")),
    "compensateEventDefinition": (said("compensation"), said("Draw the steps that undo the work.")),
    "cancelEventDefinition": (said("a cancel event"), said("Use an error end event and an error boundary event.")),
}
