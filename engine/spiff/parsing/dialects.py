"""The words of both modelers' dialects: which are refused and what to draw instead, which say nothing of the run.

What is in none of these tables and isn't read either is refused too: it might change what runs.
"""

from __future__ import annotations

from engine.domain.said import said

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
MODELER = "http://camunda.org/schema/modeler/1.0"

REMEDY = said("Remove it; docs/reference/extension-properties.md lists what Iter reads.")
_JOB = said("Make it an external task with a topic, or a webhook job.")
_ELEMENT = said("Draw what it does as an element of its own.")

#: by namespace: attributes and elements that would run as code, or change what runs, and that Iter doesn't do
REFUSED = {
    CAMUNDA: {
        "class": (said("a Java class"), _JOB),
        "delegateExpression": (said("a Java delegate"), _JOB),
        "expression": (
            said("a Java expression"),
            said("Make it a script task, or an external task with a topic."),
        ),
        "executionListener": (said("an execution listener"), _ELEMENT),
        "taskListener": (said("a task listener"), _ELEMENT),
        "connector": (said("a connector"), said("Make it a webhook job (property job = webhook).")),
        "formData": (said("an embedded form"), said("Make it a form file (camunda:formRef).")),
        "formHandlerClass": (said("a Java class"), said("Make it a form file (camunda:formRef).")),
        "formRefVersion": (
            said("a form of a certain version"),
            said("Bind it to the latest or the deployment: a ticket keeps its version."),
        ),
        "field": (said("field injection"), said("Use input parameters.")),
        "candidateUsers": (said("candidate users"), said("Name groups, or an assignee.")),
        "candidateStarterGroups": (
            said("groups that may start it"),
            said("Say it with roles and actions in package.toml."),
        ),
        "candidateStarterUsers": (
            said("users who may start it"),
            said("Say it with roles and actions in package.toml."),
        ),
        "initiator": (
            said("a variable for who starts it"),
            said("The ticket knows its requester: write ticket.requester."),
        ),
        "caseRef": (said("a case"), said("Call a process instead.")),
        "errorEventDefinition": (
            said("an error that the engine reads out of a job's failure"),
            said("Let the job report the error code, and draw an error boundary event."),
        ),
        "resource": (
            said("a script of another file (camunda:resource)"),
            said("Write it into the diagram, in Python."),
        ),
        "script": (said("a script beside the diagram"), _ELEMENT),
        "type": (said("an implementation by the engine"), said("Make it an external task with a topic.")),
        "calledElementVersion": (
            said("a process of a certain version"),
            said("Bind it to the latest or the deployment: a ticket keeps its version."),
        ),
        "decisionRefVersion": (
            said("a decision of a certain version"),
            said("Bind it to the latest or the deployment: a ticket keeps its version."),
        ),
        "variableMappingClass": (said("a Java class"), said("Write the mapping into the diagram.")),
        "variableMappingDelegateExpression": (
            said("a Java delegate"),
            said("Write the mapping into the diagram."),
        ),
    },
    SPIFF: {
        "processModelToStartOnTaskAvailable": (
            said("a process that starts with the task"),
            said("Draw a call activity beside it."),
        ),
    },
}
#: by namespace: attributes and elements that say nothing of what runs: Iter's own order, versions and retries hold
HARMLESS = {
    CAMUNDA: frozenset(
        {
            "asyncAfter", "asyncBefore", "calledElementTenantId", "decisionRefTenantId", "diagramRelationId",
            "exclusive", "failedJobRetryTimeCycle", "historyTimeToLive", "isStartableInTasklist", "jobPriority",
            "modelerTemplate", "modelerTemplateIcon", "modelerTemplateVersion", "priority", "taskPriority",
            "versionTag",
        }
    ),
    SPIFF: frozenset(
        {
            "allowGuest", "category", "guestConfirmation", "instructionsForEndUser", "isMatchingCorrelation",
            "isOutputSynced", "jsonSchemaId", "signalButtonLabel", "taskMetadataValues", "unitTests",
        }
    ),
}  # fmt: skip
#: attributes and elements that say nothing of what runs, but that somebody wrote to be seen
UNSEEN = {
    "dueDate": (said("a due date"), said("Name a goal (property goal) or draw a timer.")),
    "followUpDate": (said("a follow-up date"), said("Draw a timer.")),
}
#: attributes of Camunda with the values that say what Iter does anyway
ANYWAY = {
    "calledElementBinding": ("latest", "deployment"),
    "decisionRefBinding": ("latest", "deployment"),
    "formRefBinding": ("latest", "deployment"),
    "type": ("external",),
}
#: that the called process has the caller's business key: it is a part of the same ticket anyway
SAME_KEY = frozenset({"#{execution.processBusinessKey}", "${execution.processBusinessKey}"})
