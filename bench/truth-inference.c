/* The same MAP Dawid-Skene as packages/core/src/inference, in C, for bench/truth-inference.ts. Reads nothing: makes the
   same kind of data. Usage: truth-inference LABELS CLASSES ITERATIONS; prints the seconds of the iterations. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RATERS = 1000, PER_ITEM = 5, CLASSES_MAX = 4 };

static uint64_t state = 88172645463325252ULL;
static double uniform(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (double)(state >> 11) / 9007199254740992.0;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

enum { EXP_RANGE = 300, EXP_PARTS = 256, EXP_HALVINGS = 434 };
static double exp_fractions[EXP_PARTS], exp_powers[EXP_HALVINGS * 2 + 1];
static inline double exp_by_tables(double x) {
  const int whole = (int)(x * (EXP_PARTS / M_LN2) + (EXP_HALVINGS * EXP_PARTS + 0.5));
  const double r = x - (whole - EXP_HALVINGS * EXP_PARTS) * (M_LN2 / EXP_PARTS);
  return exp_powers[whole >> 8] * exp_fractions[whole & 255] * (1 + r * (1 + r * (0.5 + r * (1 / 6.0))));
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  const long labels = atol(arguments[1]);
  const int K = atoi(arguments[2]), iterations = atoi(arguments[3]);
  const long items = labels / PER_ITEM, cells = (long)RATERS * K;
  uint16_t *cell = malloc(sizeof *cell * (size_t)labels);
  double *counts = calloc((size_t)(cells * K), sizeof *counts);
  double *table = calloc((size_t)(cells * K), sizeof *table);
  double *odds = calloc((size_t)cells, sizeof *odds);
  double *total = calloc((size_t)cells, sizeof *total);
  double prior[CLASSES_MAX] = {0}, class_counts[CLASSES_MAX] = {0};
  if (!cell || !counts || !table || !odds || !total || K > CLASSES_MAX) return 1;
  for (int b = 0; b < EXP_PARTS; b++) exp_fractions[b] = exp2((double)b / EXP_PARTS);
  for (int a = 0; a <= 2 * EXP_HALVINGS; a++) exp_powers[a] = exp2(a - EXP_HALVINGS);
  for (long i = 0; i < items; i++) {
    const int truth = (int)(uniform() * K);
    for (int j = 0; j < PER_ITEM; j++) {
      const int rater = (int)(uniform() * RATERS);
      const double skill = 0.5 + 0.45 * (rater % 100) / 100.0;
      const int label = uniform() < skill ? truth : (int)(uniform() * K);
      cell[i * PER_ITEM + j] = (uint16_t)(rater * K + label);
      total[rater * K + label] += 1;
    }
    double share[CLASSES_MAX] = {0};
    for (int j = 0; j < PER_ITEM; j++) share[cell[i * PER_ITEM + j] % K] += 1.0 / PER_ITEM;
    for (int k = 0; k < K; k++) class_counts[k] += share[k];
    for (int j = 0; j < PER_ITEM; j++)
      for (int k = 0; k < K; k++) counts[(long)cell[i * PER_ITEM + j] * K + k] += share[k];
  }
  const double wrong = 0.9 / K, right = 2.1 + wrong;
  double objective = 0;
  const double start = seconds();
  for (int iteration = 0; iteration < iterations; iteration++) {
    double all = K;
    for (int k = 0; k < K; k++) all += class_counts[k];
    for (int k = 0; k < K; k++) prior[k] = log((class_counts[k] + 1) / all);
    for (int w = 0; w < RATERS; w++)
      for (int k = 0; k < K; k++) {
        double sum = 3;
        for (int l = 0; l < K; l++) sum += counts[(w * K + l) * K + k];
        const double log_sum = log(sum);
        for (int l = 0; l < K; l++)
          table[(w * K + l) * K + k] = log(counts[(w * K + l) * K + k] + (l == k ? right : wrong)) - log_sum;
      }
    memset(class_counts, 0, sizeof class_counts);
    double log_total = 0, product = 1;
    if (K == 2) {
      for (long c = 0; c < cells; c++) odds[c] = table[2 * c + 1] - table[2 * c];
      double *ones = counts; /* the first half is enough */
      memset(ones, 0, sizeof *ones * (size_t)cells);
      double positive = 0;
      for (long i = 0; i < items; i++) {
        double d = prior[1] - prior[0];
        for (long at = i * PER_ITEM; at < (i + 1) * PER_ITEM; at++) d += odds[cell[at]];
        const double small = exp_by_tables(fmax(-fabs(d), -EXP_RANGE)), sum = 1 + small;
        product *= sum;
        if (product > 1e280) { log_total += log(product); product = 1; }
        const double p = d > 0 ? 1 / sum : small / sum;
        if (d > 0) log_total += d;
        positive += p;
        for (long at = i * PER_ITEM; at < (i + 1) * PER_ITEM; at++) ones[cell[at]] += p;
      }
      class_counts[1] = positive;
      class_counts[0] = (double)items - positive;
      for (long c = cells - 1; c >= 0; c--) {
        const double one = ones[c];
        counts[2 * c + 1] = one;
        counts[2 * c] = total[c] - one;
      }
    } else {
      memset(counts, 0, sizeof *counts * (size_t)(cells * K));
      for (long i = 0; i < items; i++) {
        double s[CLASSES_MAX], max = -1e300, sum = 0;
        for (int k = 0; k < 4; k++) s[k] = prior[k];
        for (long at = i * PER_ITEM; at < (i + 1) * PER_ITEM; at++)
          for (int k = 0; k < 4; k++) s[k] += table[(long)cell[at] * 4 + k];
        for (int k = 0; k < 4; k++) if (s[k] > max) max = s[k];
        for (int k = 0; k < 4; k++) sum += s[k] = exp_by_tables(fmax(s[k] - max, -EXP_RANGE));
        log_total += max;
        product *= sum;
        if (product > 1e280) { log_total += log(product); product = 1; }
        for (int k = 0; k < 4; k++) {
          s[k] /= sum;
          class_counts[k] += s[k];
        }
        for (long at = i * PER_ITEM; at < (i + 1) * PER_ITEM; at++)
          for (int k = 0; k < 4; k++) counts[(long)cell[at] * 4 + k] += s[k];
      }
    }
    objective = log_total + log(product);
  }
  printf("%.6f %.6g\n", seconds() - start, objective);
  return 0;
}
