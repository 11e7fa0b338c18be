"""A team for each database that a run may begin with, made once."""

import pytest
from start_postgres import Postgres

from tests.simulation.play import House, house_in_file, house_in_postgres


@pytest.fixture(scope="session")
def file_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return house_in_file(tmp_path_factory.mktemp("simulation") / "template.db")


@pytest.fixture(scope="session")
def postgres_house(postgres: Postgres) -> House:
    return house_in_postgres(postgres)
