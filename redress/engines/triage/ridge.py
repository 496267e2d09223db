"""A linear classifier with a closed form: kernel ridge regression, calibrated on itself.

For some thousands of examples it is solved in a second, and what it would have said of each example
had that one been left out comes out of the same inverse. So strength, calibration and threshold are
chosen on answers that were not learned by heart, without a second share being held back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
STRENGTHS: Final = (0.03, 0.1, 0.3, 1.0)
_TEMPERATURES: Final = np.geomspace(0.02, 2.0, 41)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What was learned from some examples.

    Attributes:
        labels: in the order of the columns.
        weights: of each example for each label; a new text's scores are its kernel with the
            examples times these.
        base: of each label, what a text like no example scores.
        temperature: by which scores are divided before they become probabilities.
        left_out: the scores of each example as if it had been left out.
    """

    labels: tuple[str, ...]
    weights: Array
    base: Array
    temperature: float
    left_out: Array


def fit(kernel: Array, labels: Sequence[str], *, weights: Array | None = None) -> Fitted:
    """Learn labels from examples.

    Args:
        kernel: how alike each two examples are; symmetric.
        labels: of the examples.
        weights: how much each example counts; a half means that it is believed half as much.

    Raises:
        ValueError: there are no examples, or only one label.
    """
    names = tuple(sorted(set(labels)))
    if len(names) < 2:  # noqa: PLR2004 - nothing to tell apart
        raise ValueError("at least two labels")
    truth = np.array([names.index(label) for label in labels])
    target = -np.ones((len(labels), len(names)), np.float64) / (len(names) - 1)
    target[np.arange(len(labels)), truth] = 1.0
    # Rare labels count as much as frequent ones.
    many = np.bincount(truth, minlength=len(names))[truth]
    believed = np.ones(len(labels)) if weights is None else weights
    doubt = np.sqrt(many / many.mean()) / believed
    base = np.zeros(len(names))
    tried = [_solved(kernel, target - base, strength * doubt) for strength in STRENGTHS]
    best, left_out = min(tried, key=lambda one: _loss(one[1], truth, believed)[0])
    _lost, temperature = _loss(left_out, truth, believed)
    return Fitted(names, best, base, temperature, left_out)


def _solved(kernel: Array, target: Array, doubt: Array) -> tuple[Array, Array]:
    """Solve, and give the scores that each example has without itself (Rifkin and Lippert, 2007)."""
    inverse = np.linalg.inv(kernel.astype(np.float64) + np.diag(doubt))
    solved = inverse @ target
    return solved, target - solved / np.diag(inverse)[:, None]


def _loss(scores: Array, truth: Array, believed: Array) -> tuple[float, float]:
    """Give the least log loss over temperatures, and the temperature of it."""
    losses = []
    for temperature in _TEMPERATURES:
        right = softmax(scores / temperature)[np.arange(len(truth)), truth]
        lost = -np.log(np.maximum(right, 1e-9))
        losses.append(float((lost * believed).sum() / believed.sum()))
    place = int(np.argmin(losses))
    return losses[place], float(_TEMPERATURES[place])


def softmax(scores: Array) -> Array:
    """Make each row positive with sum one."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: Array = shifted / shifted.sum(axis=1, keepdims=True)
    return found
