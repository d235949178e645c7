"""The Gaussian process and its acquisition functions, beside direct computations of others."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad
from sklearn.gaussian_process.kernels import Matern

from hpcourse.bayes import acquisition
from hpcourse.bayes import gaussian_process as gp
from hpcourse.bayes import warp as warp_module
from hpcourse.bayes.surrogates import SURROGATES

KINDS = ("auto", "yeo-johnson", "log", "none")
POWERS = (-2.0, -0.5, 0.0, 1e-9, 0.5, 1.0, 1.7, 2.0, 3.0)


def data(n=12, d=2, seed=0, n_failed=0):
    """Return points, values and which of them stand in for failures."""
    rng = np.random.default_rng(seed)
    x, failed = rng.random((n, d)), np.arange(n) < n_failed
    y = np.exp(3 * x[:, 0]) + np.sin(5 * x.sum(axis=1)) + 0.1 * rng.normal(size=n)
    return x, np.where(failed, y.max(), y), failed


def draw(seed, n=40):
    """Return points and values of a process with length scales of 0.3."""
    rng = np.random.default_rng(seed)
    x = rng.random((n, 2))
    covariance = Matern(0.3, nu=2.5)(x) + 1e-10 * np.eye(n)
    return x, np.linalg.cholesky(covariance) @ rng.normal(size=n)


def fitted(kind="auto", **given):
    x, y, failed = data(**given)
    return gp.Evidence(x, y, failed, kind).fit(), y


def correlation(x, length_scales, noise):
    return Matern(length_scales, nu=2.5)(x) + np.diag(noise)


def log_density(y, warp, covariance, mean):
    """Return the log density of values the warp of which is normal, nothing left out."""
    step = 1e-6 * warp.scale
    slope = (warp(y + step) - warp(y - step)) / (2 * step)
    normal = stats.multivariate_normal(np.full(len(y), mean), covariance)
    return normal.logpdf(warp(y)) + np.log(slope).sum()


# The warp


@pytest.mark.parametrize("power", POWERS)
def test_yeo_johnson_is_scipys(power):
    z = np.concatenate([-np.geomspace(1e-6, 1e3, 30), [0.0], np.geomspace(1e-6, 1e3, 30)])
    np.testing.assert_allclose(
        warp_module.yeo_johnson(z, power)[0], stats.yeojohnson(z, power), rtol=1e-6, atol=1e-12
    )


@pytest.mark.parametrize("power", POWERS)
def test_yeo_johnson_derivative_by_the_power(power):
    z = np.concatenate([-np.geomspace(1e-4, 100, 20), [0.0], np.geomspace(1e-4, 100, 20)])
    step = 1e-5
    slope = (
        warp_module.yeo_johnson(z, power + step)[0] - warp_module.yeo_johnson(z, power - step)[0]
    ) / (2 * step)
    np.testing.assert_allclose(warp_module.yeo_johnson(z, power)[1], slope, rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize("power", [0.0, 0.3, 1.0, 1.8, 2.0])
def test_warps_can_be_undone(power):
    warp = warp_module.Warp(5.0, 2.0, power)
    sizes = np.concatenate([[0.0], np.geomspace(1e-9, 1e9, 60)])
    y = 5 + np.concatenate([sizes, -sizes])
    np.testing.assert_allclose(warp.inverse(warp(y)), y, rtol=1e-6)
    tiny, warp = np.geomspace(1e-30, 1e-3, 20), warp_module.Warp(0.0, 1.0, power)
    np.testing.assert_allclose(warp.inverse(warp(tiny)), tiny, rtol=1e-6)
    np.testing.assert_allclose(warp.inverse(warp(-tiny)), -tiny, rtol=1e-6)


@pytest.mark.parametrize("power", [-2.0, -1.0, 2.5, 3.0])
def test_strong_warps_can_be_undone_nearby(power):
    warp, y = warp_module.Warp(-1.0, 3.0, power), np.linspace(-100, 100, 41)
    np.testing.assert_allclose(warp.inverse(warp(y)), y, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("power", POWERS)
def test_warps_keep_the_order_and_stay_finite(power):
    warp = warp_module.Warp(0.0, 1.0, power)
    y = np.sort(np.concatenate([-np.geomspace(1e-9, 1e300, 80), np.geomspace(1e-9, 1e300, 80)]))
    z = warp(y)
    assert np.isfinite(z).all()
    assert (np.diff(z) >= 0).all()
    near = np.abs(y) < 30
    assert (np.diff(z[near]) > 0).all()


@pytest.mark.parametrize("power", POWERS)
def test_inverse_beyond_the_image_is_far_and_finite(power):
    warp = warp_module.Warp(0.0, 1.0, power)
    back = warp.inverse(np.array([-1e6, -3.0, 0.0, 3.0, 1e6]))
    assert np.isfinite(back).all()
    assert (np.diff(back) >= 0).all()
    assert back[1] < back[2] < back[3]
    if power < 0:
        assert 1e7 < back[-1] <= 1.001 * warp_module.FARTHEST
    if power > 2:
        assert -1.001 * warp_module.FARTHEST <= back[0] < -1e7


def test_warp_is_centered_at_the_median_and_scaled_by_quartiles():
    y = np.array([1.0, 2, 3, 4, 1000])
    for kind in ("auto", "yeo-johnson", "none"):
        warp = warp_module.Warp.of(y, kind)
        assert (warp.center, warp.scale) == (3, 2)
    assert warp_module.Warp.of(y, "none").power == 1
    np.testing.assert_allclose(warp_module.Warp.of(y, "none")(y), (y - 3) / 2)
    log = warp_module.Warp.of(y, "log")
    np.testing.assert_allclose(log(y), np.log1p((y - 1) / 2))


@pytest.mark.parametrize("y", [[2.0, 2, 2, 2], [2.0], [0, 0, 0, 0, 0, 0, 1.0], [-1e300, 1e300]])
def test_warp_of_values_without_a_spread(y):
    for kind in KINDS:
        with np.errstate(all="ignore"):
            warp = warp_module.Warp.of(np.array(y), kind)
        assert warp.scale > 0
        assert np.isfinite(warp(np.array(y))).all()


@pytest.mark.parametrize("seed", range(4))
def test_normalizing_power_has_the_greatest_likelihood(seed):
    y = np.random.default_rng(seed).lognormal(sigma=0.5 + 0.2 * seed, size=50) * (-1) ** seed
    warp = warp_module.Warp.of(y, "yeo-johnson")
    scaled = (y - warp.center) / warp.scale
    assert stats.yeojohnson_llf(warp.power, scaled) > max(
        stats.yeojohnson_llf(power, scaled)
        for power in np.linspace(*warp_module.LAMBDA, 101)
        if abs(power - warp.power) > 0.01
    )


# The evidence


@pytest.mark.parametrize("n_failed", [0, 3])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [1, 3])
def test_evidence_is_the_density_of_the_values(d, kind, n_failed):
    """Whatever the prior, which does not depend on the data and so is the same for two sets."""
    rng, sets = (
        np.random.default_rng(1),
        [data(d=d, n_failed=n_failed, seed=seed) for seed in (0, 1)],
    )
    start = gp.Evidence(*sets[0], kind).starts[0]
    off = []
    for _ in range(4):
        theta, costs = start + rng.normal(size=len(start)) * 0.5, []
        for x, y, failed in sets:
            evidence = gp.Evidence(x, y, failed, kind)
            scales, more = np.exp(theta[:d]), dict(zip(evidence.names, theta[d:], strict=True))
            noise = np.exp(more["noise"]) + failed * np.exp(more.get("failure", 0.0))
            base = evidence.warp
            warp = warp_module.Warp(base.center, base.scale, more.get("power", base.power))
            r = correlation(x, scales, noise)
            solved = np.linalg.solve(r, np.column_stack([warp(y), np.ones(len(y))]))
            mean = solved[:, 0].sum() / solved[:, 1].sum()
            variance = (warp(y) - mean) @ np.linalg.solve(r, warp(y) - mean) / len(y)
            costs.append(log_density(y, warp, variance * r, mean) + evidence.cost(theta)[0])
        off.append(costs[0] - costs[1])
    np.testing.assert_allclose(off, off[0], rtol=0, atol=1e-5)


@pytest.mark.parametrize("n_failed", [0, 3])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("d", [1, 3])
def test_gradient_of_the_evidence(d, kind, n_failed):
    x, y, failed = data(d=d, n_failed=n_failed, seed=2)
    evidence, rng = gp.Evidence(x, y, failed, kind), np.random.default_rng(0)
    assert len(evidence.bounds) == d + 1 + (n_failed > 0) + (kind == "auto")
    for start in evidence.starts:
        theta = start + 0.3 * rng.normal(size=len(start))
        steps = 1e-4 * np.eye(len(theta))
        numeric = [
            (evidence.cost(theta + step)[0] - evidence.cost(theta - step)[0]) / 2e-4
            for step in steps
        ]
        np.testing.assert_allclose(evidence.cost(theta)[1], numeric, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("n_failed", [0, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_evidence_of_a_fit(kind, n_failed):
    """It is the density of the values with mean and variance of the fit, which are the best."""
    fit, y = fitted(kind, n_failed=n_failed)
    r = correlation(fit.x, fit.length_scales, fit.noise)
    assert fit.log_evidence == pytest.approx(
        log_density(y, fit.warp, fit.variance * r, fit.mean), abs=1e-4
    )
    np.testing.assert_allclose(fit.z, fit.warp(y))
    for mean, share in ((0.05, 1), (-0.05, 1), (0, 1.1), (0, 0.9)):
        other = log_density(y, fit.warp, share * fit.variance * r, fit.mean + mean)
        assert other < fit.log_evidence - 1e-6


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("factor", [1e-3, 7.0, 1e5])
def test_evidence_in_other_units(kind, factor):
    """The density of values that are a times as large is a**n times as small, nothing else."""
    x, y, failed = data(n=20)
    one = gp.Evidence(x, y, failed, kind).fit()
    other = gp.Evidence(x, factor * y - 3, failed, kind).fit()
    shift = len(y) * np.log(factor)
    assert other.log_evidence == pytest.approx(one.log_evidence - shift, abs=0.01)
    assert other.warp.power == pytest.approx(one.warp.power, abs=0.02)
    np.testing.assert_allclose(other.length_scales, one.length_scales, rtol=0.05)


@pytest.mark.parametrize("n_failed", [0, 3])
def test_no_other_hyperparameters_are_much_better(n_failed):
    """From many random starts, what is found is not far above what the two starts give."""
    x, y, failed = data(n=20, n_failed=n_failed)
    evidence, rng = gp.Evidence(x, y, failed, "auto"), np.random.default_rng(0)
    found = min(end.fun for end in map(_climb(evidence), evidence.starts))
    low, high = np.transpose(evidence.bounds)
    anywhere = [rng.uniform(low, high) for _ in range(10)]
    assert found < min(end.fun for end in map(_climb(evidence), anywhere)) + 1
    assert found < min(evidence.cost(theta)[0] for theta in [*evidence.starts, *anywhere])


def _climb(evidence):
    def climb(start):
        return gp.minimize(
            evidence.cost, start, jac=True, method="L-BFGS-B", bounds=evidence.bounds
        )

    return climb


def test_evidence_chooses_the_warp():
    """None for values of a process, and what squeezes for values of its exponential."""
    failed, powers = np.zeros(40, dtype=bool), []
    for seed in range(6):
        x, y = draw(seed)
        kinds = (y, np.exp(2 * y), -np.exp(2 * y))
        powers.append([gp.Evidence(x, v, failed, "auto").fit().warp.power for v in kinds])
    plain, squeezed, mirrored = np.median(powers, axis=0)
    assert 0.6 < plain < 1.4
    assert squeezed < 0.3
    assert mirrored > 1.7
    np.testing.assert_allclose(2 - np.array(powers)[:, 1], np.array(powers)[:, 2], atol=0.35)


def test_evidence_finds_length_scales_and_noise():
    failed, found = np.zeros(40, dtype=bool), []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        x = rng.random((40, 2))
        y = np.sin(6 * x[:, 0])
        smooth = gp.Evidence(x, y, failed, "none").fit()
        assert smooth.length_scales[1] > 4 * smooth.length_scales[0]
        assert smooth.noise.max() < 1e-4
        noisy = gp.Evidence(x, y + rng.normal(size=40) * 0.1, failed, "none").fit()
        found.append(noisy.warp.scale * np.sqrt(noisy.noise[0] * noisy.variance))
    assert 0.07 < np.median(found) < 0.13


def test_failures_that_lie_together_are_believed():
    """Among failures at random, the model doubts; together, they are seen as bad values."""
    ratios = []
    for seed in range(5):
        rng, noise = np.random.default_rng(seed), []
        x = rng.random((40, 2))
        y = (x[:, 0] - 0.3) ** 2 + (x[:, 1] - 0.4) ** 2
        together = x[:, 0] > 0.7
        for failed in (together, rng.permutation(together)):
            fit = gp.Evidence(x, np.where(failed, y[~failed].max(), y), failed, "auto").fit()
            assert np.ptp(fit.noise[failed]) == 0
            assert np.ptp(fit.noise[~failed]) == 0
            assert fit.noise[failed].min() > fit.noise[~failed].max()
            noise.append(fit.noise[failed][0] * fit.variance / np.var(fit.z))
        ratios.append(noise[1] / noise[0])
    assert min(ratios) > 1.5
    assert np.median(ratios) > 3


@pytest.mark.parametrize("kind", KINDS)
def test_values_that_stand_in_do_not_move_the_warp(kind):
    x, y, failed = data(n=20, n_failed=9)
    warp = gp.Evidence(x, y, failed, kind).warp
    alone = warp_module.Warp.of(y[~failed], kind)
    assert (warp.center, warp.scale, warp.power) == (alone.center, alone.scale, alone.power)


# The posterior


@pytest.mark.parametrize("n_failed", [0, 3])
def test_posterior_is_conditioning(n_failed):
    fit, _ = fitted(n=15, d=3, n_failed=n_failed)
    new = np.random.default_rng(5).random((20, 3))
    kernel = Matern(fit.length_scales, nu=2.5)
    inverse = np.linalg.inv(correlation(fit.x, fit.length_scales, fit.noise))
    k = kernel(new, fit.x)
    mean, std = fit.posterior(new)
    np.testing.assert_allclose(mean, fit.mean + k @ inverse @ (fit.z - fit.mean), rtol=1e-6)
    variance = fit.variance * (1 - np.einsum("mi,ij,mj->m", k, inverse, k))
    np.testing.assert_allclose(std, np.sqrt(variance), rtol=1e-4, atol=1e-7)


def test_what_is_believed_is_solved_for():
    """Further points, at which the process has seen its own mean, against NumPy."""
    fit, _ = fitted(n=12, d=3, n_failed=2)
    new = np.random.default_rng(6).random((3, 3))
    more = fit.believing(new)
    full = correlation(more.x, more.length_scales, more.noise)
    np.testing.assert_allclose(more.z[-3:], fit.posterior(new)[0])
    np.testing.assert_allclose(more.factor @ more.factor.T, full, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(full @ more.weights, more.z - more.mean, rtol=1e-6, atol=1e-9)
    assert len(fit.z) == 12
    with pytest.raises(np.linalg.LinAlgError, match="too close"):
        replace(fit, noise=np.full(12, -1.0)).believing(new)


def test_posterior_at_what_was_seen():
    """Without noise it is certain there; far away it is the mean and the deviation."""
    fit, _ = fitted("none", n=15)
    fit.noise = np.full(15, 1e-12)
    fit.factor = np.linalg.cholesky(correlation(fit.x, fit.length_scales, fit.noise))
    fit.weights = np.linalg.solve(fit.factor @ fit.factor.T, fit.z - fit.mean)
    mean, std = fit.posterior(fit.x)
    np.testing.assert_allclose(mean, fit.z, atol=1e-4)
    assert (std < 1e-3 * np.sqrt(fit.variance)).all()
    assert (std > 0).all()
    mean, std = fit.posterior(np.full((1, 2), 1e4))
    assert (mean[0], std[0]) == pytest.approx((fit.mean, np.sqrt(fit.variance)))


@pytest.mark.parametrize("n_failed", [0, 3])
@pytest.mark.parametrize("d", [1, 3])
def test_gradients_of_the_posterior(d, n_failed):
    fit, _ = fitted(n=15, d=d, n_failed=n_failed)
    new, step = np.random.default_rng(5).random((10, d)), 1e-5
    mean, std, mean_by_x, std_by_x = fit.gradients(new)
    for got, expected in zip((mean, std), fit.posterior(new), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-6)
    for j in range(d):
        up, down = (fit.posterior(new + sign * step * np.eye(d)[j]) for sign in (1, -1))
        for got, by, size in ((mean_by_x, 0, np.abs(mean_by_x)), (std_by_x, 1, np.abs(std_by_x))):
            numeric = (up[by] - down[by]) / (2 * step)
            np.testing.assert_allclose(got[:, j], numeric, rtol=1e-4, atol=1e-4 * size.max())


def test_what_is_predicted_for_running_trials_is_believed():
    """Means stay where they were, and doubt shrinks at the trials that are running."""
    x, y, failed = data(n=15, n_failed=2)
    model = SURROGATES["GP"]("auto", 0)
    model.fit(x, y, failed)
    new = np.random.default_rng(1).random((30, 2))
    mean, std = model.posterior(new)
    limit = np.sqrt(model.process.noise.min() * model.process.variance)
    model.believe(new[:3])
    later_mean, later_std = model.posterior(new)
    np.testing.assert_allclose(later_mean, mean, atol=1e-3 * np.ptp(mean))
    assert (later_std <= std * (1 + 1e-4) + 1e-6).all()
    assert (later_std[:3] < 1.01 * limit).all()
    assert later_std[:3].max() < 0.5 * std[:3].max()


# Acquisition functions


def log_h(u):
    """Return the log of phi(u) + u Phi(u) and its derivative, as integrals that do not cancel."""
    if u > -1:
        h = quad(lambda t: (u - t) * stats.norm.pdf(t), -40, u, epsabs=1e-14, limit=200)[0]
        return np.log(h), stats.norm.cdf(u) / h
    # In s = |u| (u - t): h = phi(u) / u^2 * integral of s exp(-s - s^2 / (2 u^2)).
    h, cdf = (
        quad(lambda s, p=p: s**p * np.exp(-s - s * s / (2 * u * u)), 0, 60, epsabs=1e-14)[0]
        for p in (1, 0)
    )
    log_phi = -u * u / 2 - 0.5 * np.log(2 * np.pi)
    return log_phi - 2 * np.log(-u) + np.log(h), -u * cdf / h


FAR = np.concatenate([-np.geomspace(1, 1e6, 60), [-1 - 1e-9, -50 - 1e-9, -50 + 1e-9]])
NEAR = np.linspace(-1, 8, 40)


@pytest.mark.parametrize("u", [*NEAR, *FAR], ids="{:.6g}".format)
def test_log_expected_improvement_beside_quadrature(u):
    expected, slope = log_h(u)
    value = acquisition.log_expected_improvement(np.array([-u]), np.array([1.0]), 0.0)
    assert value[0] == pytest.approx(expected, rel=1e-10, abs=1e-8)
    _, gradient = acquisition.log_expected_improvement(
        np.array([-u]), np.array([1.0]), 0.0, (np.array([[-1.0]]), np.array([[0.0]]))
    )
    assert gradient[0, 0] == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("switch", [-1.0, -50.0, 0.0])
def test_log_expected_improvement_has_no_steps(switch):
    u = switch + 1e-9 * np.array([-2, -1, 0, 1, 2])
    value, slope = acquisition._log_h(u)
    np.testing.assert_allclose(np.diff(value), 1e-9 * slope[1:], atol=1e-8)
    np.testing.assert_allclose(slope, slope[2], rtol=1e-6)


def test_acquisitions_grow_with_promise():
    """In u = (best - mean) / std, down to where the improvement itself is zero in floats."""
    u = np.concatenate([-np.geomspace(1e7, 1e-3, 2000), np.linspace(0, 30, 300)])
    value, slope = acquisition._log_h(u)
    assert np.isfinite(value).all()
    assert (np.diff(value) > 0).all()
    assert np.isfinite(slope).all()
    assert (slope > 0).all()
    probability = acquisition.log_probability_of_improvement(-u[u < 8], np.ones((u < 8).sum()), 0.0)
    assert np.isfinite(probability).all()
    assert (np.diff(probability) > 0).all()


def test_log_probability_of_improvement():
    mean, std = np.array([0.0, 1.0, 3.0, -2.0]), np.array([1.0, 0.5, 2.0, 0.1])
    np.testing.assert_allclose(
        acquisition.log_probability_of_improvement(mean, std, 0.3),
        stats.norm(mean, std).logcdf(0.3),
    )


@pytest.mark.parametrize("u", [-1e9, -1e6, -1e3, -30.0, -3.0, -1e-9, 1e-9, 2.0, 6.0])
def test_gradient_of_log_probability_far_from_the_best(u):
    slopes = np.array([[-1.0]]), np.array([[0.0]])
    gradient = acquisition.log_probability_of_improvement(
        np.array([-u]), np.array([1.0]), 0.0, slopes
    )[1]
    series = -u - 1 / u  # of the ratio of density and probability, far below
    expected = series if u < -50 else stats.norm.pdf(u) / stats.norm.cdf(u)
    assert gradient[0, 0] == pytest.approx(expected, rel=1e-6)


def test_expected_improvement_is_an_expectation():
    rng, mean, std, best = np.random.default_rng(0), 0.4, 0.7, 0.1
    sampled = np.maximum(best - rng.normal(mean, std, 10**6), 0).mean()
    value = acquisition.log_expected_improvement(np.array([mean]), np.array([std]), best)
    assert np.exp(value[0]) == pytest.approx(sampled, rel=0.01)


def test_lower_confidence_bound():
    value = acquisition.lower_confidence_bound(np.array([1.0, 2.0]), np.array([0.5, 3.0]), 2.0)
    np.testing.assert_allclose(value, [0.0, 4.0])


@pytest.mark.parametrize(
    ("acquisition", "given"),
    [
        (acquisition.log_expected_improvement, 0.0),
        (acquisition.log_expected_improvement, -300.0),
        (acquisition.log_probability_of_improvement, 0.0),
        (acquisition.log_probability_of_improvement, -300.0),
        (acquisition.lower_confidence_bound, 1.7),
    ],
)
def test_gradients_of_the_acquisitions(acquisition, given):
    """By x, through mean and deviation that both change."""
    fit, _ = fitted(n=15, d=3)
    new, step = np.random.default_rng(5).random((10, 3)), 1e-6
    mean, std, *slopes = fit.gradients(new)
    value, gradient = acquisition(mean, std, given, slopes)
    np.testing.assert_allclose(value, acquisition(mean, std, given))
    for j in range(3):
        up, down = (
            acquisition(*fit.posterior(new + sign * step * np.eye(3)[j]), given) for sign in (1, -1)
        )
        size = np.abs(gradient).max(axis=1)
        assert (np.abs(gradient[:, j] - (up - down) / (2 * step)) < 1e-3 * size + 1e-6).all()
