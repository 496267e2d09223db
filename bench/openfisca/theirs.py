"""The six variables by OpenFisca itself, in an environment of its own: ``theirs.py FOLDER``.

Reads the columns of ``households.py``, hands them over in OpenFisca's own form (sums in float32,
days), and times nothing but the computing. Prints a line of JSON and leaves the results by household
in FOLDER.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
from households import Columns, read
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.simulations import Simulation
from openfisca_country_template import CountryTaxBenefitSystem

COUNT = 1_000_000
MONTH = "2016-10"
OF_PERSONS = ("basic_income", "pension", "income_tax", "social_security_contribution")
OF_HOUSEHOLDS = ("parenting_allowance", "housing_allowance")


def simulation(system: CountryTaxBenefitSystem, columns: Columns) -> Simulation:
    """Hand households over."""
    sizes = np.diff(columns["offsets"])
    of_household = np.repeat(np.arange(len(sizes)), sizes)
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("person", np.arange(len(of_household)))
    households = builder.declare_entity("household", np.arange(len(sizes)))
    roles = np.where(columns["is_child"] != 0, "child", "adult")
    builder.join_with_persons(households, of_household, roles)
    found = builder.build(system)
    found.set_input("birth", MONTH, columns["birth_date"].astype("datetime64[D]"))
    for name in ("salary", "rent"):
        found.set_input(name, MONTH, (columns[name] / 100).astype(np.float32))
    return found


def compute(made: Simulation) -> tuple[Columns, Columns]:
    """Compute all six for the month: those of persons by person, those of households by household."""
    of_persons = {name: made.calculate(name, MONTH) for name in OF_PERSONS}
    return of_persons, {name: made.calculate(name, MONTH) for name in OF_HOUSEHOLDS}


def main(folder: Path) -> None:
    """Measure once."""
    system = CountryTaxBenefitSystem()
    compute(simulation(system, read(folder, 100)))  # its parameters are read once
    made = simulation(system, read(folder, COUNT))

    began, wall = time.process_time(), time.perf_counter()
    of_persons, of_households = compute(made)
    by_person = time.process_time() - began
    household = made.populations["household"]
    sums = [household.sum(found) for found in of_persons.values()]
    told = {"cpu": time.process_time() - began, "wall": time.perf_counter() - wall}
    told |= {"by_person": by_person}
    told |= {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}

    np.save(folder / "theirs.npy", np.stack([*sums, *of_households.values()]))
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
