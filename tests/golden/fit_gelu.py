"""Prints the coefficients of gelu_lanes (src/ch11_speed/gelu_lanes.hpp).

The distribution function of the normal distribution is 1/2 + x h(x²). On |x| < √27, h is
fitted by a polynomial in u = x² / 13.5 - 1, which runs from -1 to 1, so that the largest error
of x h is as small as it can be (Lawson's iteration: least squares whose weights grow where the
error is large).

    python tests/golden/fit_gelu.py        needs numpy and scipy
"""

import numpy as np
from numpy.polynomial import chebyshev
from scipy.special import erf

LIMIT = 27.0
DEGREE = 14


def main() -> None:
    u = np.cos(np.pi * (np.arange(4000) + 0.5) / 4000)
    x = np.sqrt((u + 1) * LIMIT / 2)
    h = erf(x / np.sqrt(2)) / (2 * x)
    basis = chebyshev.chebvander(u, DEGREE)
    weights = np.ones_like(u)
    for _ in range(300):
        scale = x * np.sqrt(weights)
        fit = np.linalg.lstsq(basis * scale[:, None], h * scale, rcond=None)[0]
        error = np.abs((basis @ fit - h) * x)
        weights *= error / error.max() + 1e-3
        weights *= len(weights) / weights.sum()
    print(f"largest error {error.max():.1e}")
    for coefficient in chebyshev.cheb2poly(fit)[::-1]:
        print(f"{np.float32(coefficient)!s}F,")


if __name__ == "__main__":
    main()
