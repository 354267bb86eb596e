/**
 * Cholesky factor of a small dense symmetric positive definite matrix, row by row in one Float64Array.
 *
 * Degenerate  a pivot that is not clearly above 0 (1e-10 of its diagonal) means the matrix is singular as far as
 *             numbers can tell: `singularAt` names the row, and there is no factor.
 * Cost        n^3 / 3 to factor, n^2 a solve, n^3 to invert.
 */
export type Factored =
  | { readonly kind: 'factor'; readonly lower: Float64Array; readonly size: number }
  | { readonly kind: 'singular'; readonly singularAt: number }

const PIVOT_MIN = 1e-10

export function factorCholesky(matrix: Float64Array, size: number): Factored {
  const lower = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column] as number
      for (let k = 0; k < column; k++)
        sum -= (lower[row * size + k] as number) * (lower[column * size + k] as number)
      if (column < row) {
        lower[row * size + column] = sum / (lower[column * size + column] as number)
        continue
      }
      if (!(sum > PIVOT_MIN * (matrix[row * size + row] as number)) || !Number.isFinite(sum))
        return { kind: 'singular', singularAt: row }
      lower[row * size + row] = Math.sqrt(sum)
    }
  }
  return { kind: 'factor', lower, size }
}

/** Solves matrix * x = right. */
export function solveCholesky(
  { lower, size }: { readonly lower: Float64Array; readonly size: number },
  right: Float64Array,
): Float64Array {
  const x = Float64Array.from(right)
  for (let row = 0; row < size; row++) {
    let sum = x[row] as number
    for (let k = 0; k < row; k++) sum -= (lower[row * size + k] as number) * (x[k] as number)
    x[row] = sum / (lower[row * size + row] as number)
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = x[row] as number
    for (let k = row + 1; k < size; k++) sum -= (lower[k * size + row] as number) * (x[k] as number)
    x[row] = sum / (lower[row * size + row] as number)
  }
  return x
}

/** The inverse, symmetric. */
export function invertCholesky(factor: {
  readonly lower: Float64Array
  readonly size: number
}): Float64Array {
  const { size } = factor
  const inverse = new Float64Array(size * size)
  const unit = new Float64Array(size)
  for (let column = 0; column < size; column++) {
    unit.fill(0)
    unit[column] = 1
    inverse.set(solveCholesky(factor, unit), column * size)
  }
  return inverse
}

/** Diagonal of A * B * A for symmetric A and B. */
export function sandwichDiagonal(bread: Float64Array, meat: Float64Array, size: number): Float64Array {
  const diagonal = new Float64Array(size)
  const row = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    row.fill(0)
    for (let k = 0; k < size; k++) {
      const weight = bread[i * size + k] as number
      if (weight === 0) continue
      for (let j = 0; j < size; j++) row[j] = (row[j] as number) + weight * (meat[k * size + j] as number)
    }
    let sum = 0
    for (let j = 0; j < size; j++) sum += (row[j] as number) * (bread[i * size + j] as number)
    diagonal[i] = Math.max(0, sum)
  }
  return diagonal
}
