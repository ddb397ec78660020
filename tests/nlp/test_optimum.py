"""How the voices are fitted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlp.training.optimum import cross_entropy, gathered, optimum


@pytest.fixture
def matrix():
    rows = np.random.default_rng(3).integers(0, 3, size=(60, 7)).astype(np.float32)
    rows[:, 2] = 0
    return csr_matrix(rows)


def test_a_gathered_matrix_has_its_fullest_columns_first_and_says_the_same(matrix):
    weights = np.random.default_rng(4).normal(size=(7, 2)).astype(np.float32)

    moved, went = gathered(matrix)

    filled = moved.getnnz(axis=0).tolist()
    there = np.empty_like(weights)
    there[went] = weights
    assert filled == sorted(filled, reverse=True)
    assert np.allclose(moved @ there, matrix @ weights, atol=1e-5)
    assert (moved.toarray()[:, went] == matrix.toarray()).all()


def test_what_stands_twice_in_a_row_is_added_up():
    moved, went = gathered(csr_matrix((np.ones(3, np.float32), [1, 1, 0], [0, 2, 3]), shape=(2, 2)))

    assert moved.toarray()[:, went].tolist() == [[0, 2], [1, 0]]


def test_the_optimum_is_that_of_a_logistic_regression(matrix):
    answers = (matrix.toarray()[:, :1] > 0).astype(np.float32)

    def loss(weights, bias):
        wrong, off = cross_entropy(matrix @ weights + bias, answers)
        return wrong, matrix.T @ off, off.sum(axis=0)

    weights, bias = optimum(loss, (7, 1), penalty=1.0, rounds=200)

    expected = LogisticRegression(C=1.0, tol=1e-8, max_iter=500).fit(matrix, answers[:, 0])
    assert np.allclose(weights[:, 0], expected.coef_[0], atol=1e-3)
    assert np.allclose(bias, expected.intercept_, atol=1e-3)
