"""Where to turn, read from files: by country and region, and an organisation's own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from adapters.content.files import read_file
from adapters.content.schema import OwnResourcesFile, ResourceEntry, ResourcesFile
from bot.domain.library import OwnResources, Resource, ResourceList
from bot.errors import ContentError


def resource_lists(path: Path) -> dict[str, ResourceList]:
    """The country's list, and one for each region: the emergency line comes first in all.

    Raises ContentError.
    """
    file = read_file(path, ResourcesFile)
    first, *rest = file.resources
    own = {path.stem: [first, *rest]}
    own |= {region: [first, *entries, *rest] for region, entries in file.regions.items()}
    return {region: _resource_list(region, entries, file) for region, entries in own.items()}


def own_resources(path: Path) -> OwnResources:
    """What WELLBEING_RESOURCES names. Raises ContentError."""
    if not path.is_file():
        raise ContentError(
            [f"{path}: there is no such file. Mend WELLBEING_RESOURCES, or leave it out."]
        )
    file = read_file(path, OwnResourcesFile)
    return OwnResources(
        place=str(path),
        everywhere=_resources(file.resources),
        regions={region: _resources(entries) for region, entries in file.regions.items()},
        owner=file.owner,
        review_by=file.review_by,
    )


def _resource_list(
    region: str, entries: Iterable[ResourceEntry], file: ResourcesFile
) -> ResourceList:
    return ResourceList(
        region=region,
        resources=_resources(entries),
        source=file.source,
        owner=file.owner,
        reviewed_on=file.reviewed_on,
        review_by=file.review_by,
    )


def _resources(entries: Iterable[ResourceEntry]) -> tuple[Resource, ...]:
    return tuple(Resource(entry.name, entry.text, entry.url) for entry in entries)
