"""f(w) = E[1(w·X >= 0) X]: the mean signal among those that a ReLU neuron with weights w lets through."""

from nmn.hypercube.field.choose import METHODS, field
from nmn.hypercube.field.result import Field

__all__ = ["METHODS", "Field", "field"]
