"""A desk whose processes run into trouble, and a shop whose partner and mail server do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine.commands.packages import deployments
from engine.domain.actors import SYSTEM, Actor
from engine.storage.database import Database
from tests.integration.conftest import Desk
from tests.support.clock import VirtualClock
from tests.support.desk import desk_files
from tests.support.partner import Partner
from tests.support.shop import Shop
from tests.support.smtp import SmtpServer

#: operates every package
ADMIN = Actor(3, "Ada", "ada@desk.example", "staff", None, (), administrator=True)

#: a clerk answers, a script divides by what they said; a call to another process; a timer
DIVIDE = b"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="divide_file" targetNamespace="urn:desk">
  <bpmn:message id="m_go" name="go"/>
  <bpmn:process id="divide" name="Divide" isExecutable="true">
    <bpmn:startEvent id="begun"/>
    <bpmn:userTask id="say" name="Say how many" camunda:formKey="look" camunda:candidateGroups="clerk"/>
    <bpmn:scriptTask id="share" name="Share out"><bpmn:script>share = stock / pairs</bpmn:script></bpmn:scriptTask>
    <bpmn:callActivity id="pack" name="Pack" calledElement="packing">
      <bpmn:extensionElements>
        <camunda:in source="share" target="share"/><camunda:out source="packed" target="packed"/>
      </bpmn:extensionElements>
    </bpmn:callActivity>
    <bpmn:endEvent id="over" name="Over"/>
    <bpmn:sequenceFlow id="d0" sourceRef="begun" targetRef="fill"/>
    <bpmn:scriptTask id="fill"><bpmn:script>stock = 12</bpmn:script></bpmn:scriptTask>
    <bpmn:sequenceFlow id="d1" sourceRef="fill" targetRef="say"/>
    <bpmn:sequenceFlow id="d2" sourceRef="say" targetRef="share"/>
    <bpmn:sequenceFlow id="d3" sourceRef="share" targetRef="pack"/>
    <bpmn:sequenceFlow id="d4" sourceRef="pack" targetRef="over"/>
  </bpmn:process>
</bpmn:definitions>"""
PACKING = b"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="packing_file" targetNamespace="urn:desk">
  <bpmn:message id="m_go" name="go"/>
  <bpmn:process id="packing" name="Packing" isExecutable="true">
    <bpmn:startEvent id="p_begun"/>
    <bpmn:receiveTask id="await_go" name="Await the go" messageRef="m_go"/>
    <bpmn:boundaryEvent id="p_late" name="Late" attachedToRef="await_go">
      <bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:scriptTask id="count" name="Count"><bpmn:script>packed = 100 / (share - 3)</bpmn:script></bpmn:scriptTask>
    <bpmn:endEvent id="p_over"/>
    <bpmn:sequenceFlow id="p1" sourceRef="p_begun" targetRef="await_go"/>
    <bpmn:sequenceFlow id="p2" sourceRef="await_go" targetRef="p_over"/>
    <bpmn:sequenceFlow id="p3" sourceRef="p_late" targetRef="count"/>
    <bpmn:sequenceFlow id="p4" sourceRef="count" targetRef="p_over"/>
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def divide(desk: Desk) -> Desk:
    """A desk whose tickets fail where a clerk says 0, and where the timer of a called process finds a share of 3."""
    files = {**desk_files("divide"), "divide.bpmn": DIVIDE, "packing.bpmn": PACKING}
    deployments.deploy(desk.engine, files, SYSTEM, "editor")
    return desk


@pytest.fixture
def partner() -> Iterator[Partner]:
    """The system that the shop asks."""
    made = Partner()
    yield made
    made.stop()


@pytest.fixture
def shop(database: Database, clock: VirtualClock, sandbox: Any, smtp: SmtpServer, partner: Partner) -> Shop:
    """A shop whose partner and mail server are there."""
    return Shop.opened(database, clock, sandbox, smtp.url, partner.url)
