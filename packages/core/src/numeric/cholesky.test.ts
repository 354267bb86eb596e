import { expect, test } from 'vitest'
import { factorCholesky, invertCholesky, sandwichDiagonal, solveCholesky } from './cholesky.ts'

const MATRIX = Float64Array.of(4, 2, 0.6, 2, 5, 1, 0.6, 1, 3)

function factor() {
  const found = factorCholesky(MATRIX, 3)
  if (found.kind === 'singular') throw new Error('singular')
  return found
}

test('solves and inverts', () => {
  const x = solveCholesky(factor(), Float64Array.of(1, 2, 3))
  for (let row = 0; row < 3; row++) {
    const sum = [0, 1, 2].reduce((total, k) => total + (MATRIX[row * 3 + k] as number) * (x[k] as number), 0)
    expect(sum).toBeCloseTo(row + 1, 12)
  }
  const inverse = invertCholesky(factor())
  const identity = sandwichDiagonal(inverse, MATRIX, 3)
  // A^-1 A A^-1 is A^-1.
  identity.forEach((value, k) => {
    expect(value).toBeCloseTo(inverse[k * 3 + k] as number, 12)
  })
})

test('names the row that follows from the others', () => {
  expect(factorCholesky(Float64Array.of(1, 1, 1, 1 + 1e-13), 2)).toEqual({ kind: 'singular', singularAt: 1 })
  expect(factorCholesky(Float64Array.of(0), 1)).toEqual({ kind: 'singular', singularAt: 0 })
  expect(factorCholesky(Float64Array.of(1e-300, 0, 0, 1), 2).kind).toBe('factor')
})
