package org.slimquant.model;

/**
 * The distance of a table's function from a tie: a number halfway between two codes of the output.
 * TensorFlow's vectorised functions differ by a few ulps from machine to machine. Where a value is
 * so near a tie, another machine's graph may have another code.
 *
 * @param code the input code whose value is nearest to a tie that changes the output's code
 * @param ulps the distance from the tie, in ulps of float32 at that value; infinite if no value is
 *     below and above a tie
 * @param exactOps whether IEEE 754 defines the result of each op of the function, bit for bit:
 *     sums, products, quotients, square roots, comparisons. Then every machine has the codes of the
 *     table, whatever the distance
 */
public record TieDistance(int code, double ulps, boolean exactOps) {

  /** The distance of a function without ties. */
  public static final TieDistance NONE = new TieDistance(0, Double.POSITIVE_INFINITY, true);

  /**
   * Creates a distance.
   *
   * @throws IllegalArgumentException if it is negative or NaN
   */
  public TieDistance {
    if (!(ulps >= 0)) {
      throw new IllegalArgumentException(
          "the distance from a tie must be 0 ulps or more, but is %s".formatted(ulps));
    }
  }

  /**
   * Returns whether a graph whose functions differ from this machine's has the codes of the table.
   *
   * @param difference the largest difference of a value, in ulps
   */
  public boolean survives(double difference) {
    return exactOps || ulps > difference;
  }
}
