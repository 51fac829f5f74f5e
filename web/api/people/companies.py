"""Companies of customers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from engine.commands.people import companies
from engine.queries.people import companies as reads
from web.api.paging import PageQuery
from web.http.operations import Call, Created, Input, Output, Routes, example

routes = Routes("companies")

Text = Annotated[str, Field(max_length=500)]
Services = Annotated[list[Text], Field(max_length=100)]


class NewCompany(Input):
    """A customer's company."""

    model_config = example({"name": "Riders Ltd", "vat_number": "GB123456789", "services": ["maintenance"]})

    name: Text
    vat_number: Text = ""
    reference: Text = ""
    services: Services = Field(default_factory=list)


class CompanyChange(Input):
    """What changes; what is left out stays."""

    model_config = example({"services": ["maintenance", "rental"], "active": True})

    name: Text | None = None
    vat_number: Text | None = None
    reference: Text | None = None
    services: Services | None = None
    active: bool | None = None


class Company(Output):
    """A customer's company: its accounts see one another's tickets."""

    id: int
    name: str
    vat_number: str
    reference: str
    services: list[str]
    active: bool
    created_at: datetime
    accounts: int = Field(description="people who can sign in for it")
    tickets: int = Field(description="in the packages in which the reader is somebody")


class Companies(Output):
    """A page of companies."""

    items: list[Company]
    next: str | None


class CompaniesQuery(PageQuery):
    """Which companies."""

    active: bool | None = None
    text: Annotated[str | None, Field(max_length=200, description="part of the name, VAT number or ID")] = None


@routes.add("GET", "/companies", scope="admin", query=CompaniesQuery, gives=Companies)
def list_companies(call: Call, query: CompaniesQuery) -> Any:
    """List companies."""
    return reads.listed(call.engine, call.actor, **query.model_dump())


@routes.add("GET", "/companies/<id:company_id>", scope="admin", gives=Company)
def read(call: Call, company_id: int) -> Any:
    """Read a company."""
    return reads.one(call.engine, call.actor, company_id)


@routes.add("POST", "/companies", scope="admin", body=NewCompany, gives=Company, status=201)
def create(call: Call, body: NewCompany) -> Created:
    """Create a company."""
    company_id = companies.create(call.engine, call.actor, **body.model_dump())
    return Created(reads.one(call.engine, call.actor, company_id), f"/companies/{company_id}")


@routes.add("PATCH", "/companies/<id:company_id>", scope="admin", body=CompanyChange, gives=Company)
def edit(call: Call, company_id: int, body: CompanyChange) -> Any:
    """Change a company."""
    companies.edit(call.engine, call.actor, company_id, **body.model_dump(exclude_none=True))
    return reads.one(call.engine, call.actor, company_id)
