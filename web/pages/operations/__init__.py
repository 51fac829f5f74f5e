"""Operations: what stands still and what to do about it, what waits outside, every process with where it stands."""

from web.pages.operations import drawings, incidents, instances, jobs, mails, overview, timers

PAGES = (
    overview.pages, incidents.pages, jobs.pages, timers.pages, mails.pages, instances.pages, drawings.pages,
)  # fmt: skip
