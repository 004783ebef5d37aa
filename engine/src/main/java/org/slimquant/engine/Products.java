package org.slimquant.engine;

/**
 * The loops in which an engine spends most of its time.
 *
 * <p>HotSpot compiles them to vector instructions if it sees that no written element is read under
 * another index. Therefore, all arrays have the same index. With one array for a whole kernel,
 * {@code sums[c] += x * weights[first + c]} takes three times as long. Four products at once are
 * the most that HotSpot still vectorizes on JDK 17.
 */
final class Products {

  private Products() {}

  /** Adds {@code Σ factor * row[i]} to the sum at each {@code i} below {@code count}. */
  static void addFour(
      int count,
      double[] sums,
      double factor0,
      double[] row0,
      double factor1,
      double[] row1,
      double factor2,
      double[] row2,
      double factor3,
      double[] row3) {
    for (int i = 0; i < count; i++) {
      sums[i] += factor0 * row0[i] + factor1 * row1[i] + factor2 * row2[i] + factor3 * row3[i];
    }
  }
}
