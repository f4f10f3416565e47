"""How one ReLU neuron learns to tell two classes apart: the flow dw/dt = −∂L/∂w, exact and simulated.

The loss is L = ½ E(ŷ − Y)² with ŷ = relu(w·X), Y = 1 for the positive class and 0 for the negative one, and
both classes equally likely. Laws here are even (X and −X alike), so E relu(w·X)² = ½ wᵀΣw and

    L(w) = ¼ + ⅛ wᵀ(Σ₀ + Σ₁)w − ½ h(w),   h(w) = ½ E₁|w·X| = w·f(w),   f = ∇h,
    dw/dt = −∂L/∂w = ½ f(w) − ¼ (Σ₀ + Σ₁) w.

Source 003, equation (4), has ½ in place of ¼. f does not see the length of w, so that flow is this one for
2w, run twice as fast: same directions, other lengths. Time has no τ: k steps of gradient descent with
learning rate η take the time ηk. Σ is the covariance of the signal X itself.
Several neurons, ŷ = Σ_k a_k relu(w_k·X), have the same loss and the same time: see ``network``.
"""

from nmn.hypercube.flow.adaptive import smooth
from nmn.hypercube.flow.amplifier import effective, response
from nmn.hypercube.flow.descent import batch_loss, online
from nmn.hypercube.flow.directions import Ray, ray
from nmn.hypercube.flow.network import network_drift, network_loss
from nmn.hypercube.flow.network_flow import network_sampled, network_smooth, network_steps
from nmn.hypercube.flow.neurons import Neurons
from nmn.hypercube.flow.path import Hops, hops
from nmn.hypercube.flow.population import drift, loss
from nmn.hypercube.flow.rest import PixelState, amplitude, growth, pixel_state, settle
from nmn.hypercube.flow.sample import sampled, sampled_drift
from nmn.hypercube.flow.steps import march

__all__ = [
    "Hops",
    "Neurons",
    "PixelState",
    "Ray",
    "amplitude",
    "batch_loss",
    "drift",
    "effective",
    "growth",
    "hops",
    "loss",
    "march",
    "network_drift",
    "network_loss",
    "network_sampled",
    "network_smooth",
    "network_steps",
    "online",
    "pixel_state",
    "ray",
    "response",
    "sampled",
    "sampled_drift",
    "settle",
    "smooth",
]
