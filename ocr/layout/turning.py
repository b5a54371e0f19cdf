"""Turn and straighten: the matrices between the scan, the upright picture and the working picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.layout.ink import Gray

Matrix = NDArray[np.float64]


def turn_matrix(rotation: int, width: int, height: int) -> Matrix:
    """Return the 3x3 matrix from upright-picture pixels to pixels of the scan.

    The scan of `width` x `height` pixels was turned counter-clockwise by `rotation` degrees.
    """
    return {
        0: np.eye(3),
        90: np.array([[0.0, 1, 0], [-1, 0, height - 1], [0, 0, 1]]),
        180: np.array([[-1.0, 0, width - 1], [0, -1, height - 1], [0, 0, 1]]),
        270: np.array([[0.0, -1, width - 1], [1, 0, 0], [0, 0, 1]]),
    }[rotation]


def straighten_matrix(
    skew_degrees: float, width: int, height: int, scale: float
) -> tuple[Matrix, tuple[int, int]]:
    """Return the matrix from the upright picture to the straightened, reduced one, and its (width, height)."""
    angle = np.radians(skew_degrees)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    wide = width * cos + height * abs(sin)
    high = height * cos + width * abs(sin)
    size = (max(1, round(wide * scale)), max(1, round(high * scale)))
    # rows that climb to the right are turned clockwise about the middle of the page
    centre = np.array([[1.0, 0, -(width - 1) / 2], [0, 1, -(height - 1) / 2], [0, 0, 1]])
    turned = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    placed = np.array([[scale, 0, (size[0] - 1) / 2], [0, scale, (size[1] - 1) / 2], [0, 0, 1.0]])
    return placed @ turned @ centre, size


def straighten(
    plane: Gray, rotation: int, to_straight: Matrix, size: tuple[int, int], scale: float
) -> Gray:
    """Return the reduced scan `plane` upright and straight; `scale` is its reduction."""
    upright = np.rot90(plane, k=-(rotation // 90))
    if abs(to_straight[0, 1]) < 1e-9 and upright.shape == (size[1], size[0]):
        return np.ascontiguousarray(upright)
    half = 0.5 * scale - 0.5
    enlarge = np.linalg.inv(np.array([[scale, 0, half], [0, scale, half], [0, 0, 1.0]]))
    matrix = (to_straight @ enlarge)[:2]
    white = (255, 255, 255)
    turned = cv2.warpAffine(
        np.ascontiguousarray(upright), matrix, size, flags=cv2.INTER_LINEAR, borderValue=white
    )
    return np.asarray(turned, np.uint8)
