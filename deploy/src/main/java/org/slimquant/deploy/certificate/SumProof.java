package org.slimquant.deploy.certificate;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.format.Exponents;

/**
 * What is known of a sum {@code a} that an op computes and rounds: of its codes {@code a}, which
 * stand for {@code a * 2^exponent}, for every input.
 *
 * @param name which of the op's sums it is: {@code channel 3} in an op with weights, {@code input
 *     relu1} in a concat, which rounds each of its inputs, {@code windows of 4} in an average pool,
 *     whose windows at the border have fewer elements; {@code all} where all are alike
 * @param magnitude the largest magnitude of a partial sum, of any of the terms in any order: {@code
 *     Σ|w|·max|x| + |b|} where the input's codes are symmetric about 0, and less where they are not
 * @param divisor what the sum is divided by: the count of an average, else 1
 * @param exponent the exponent of the sum's step
 * @param shift by how many bits the sum is shifted right to the output's step, negative for left
 * @param roundingBits the bits in which the fake quant tells what lies just under a tie from the
 *     tie; 0 if no sum comes near one
 */
public record SumProof(
    String name, long magnitude, int divisor, int exponent, int shift, int roundingBits) {

  /** Returns the rules that do not hold, in the order of {@link Rule}; none if the sum is exact. */
  public List<Excess> excesses() {
    List<Excess> excesses = new ArrayList<>();
    for (Rule rule : Rule.values()) {
      long actual = actual(rule);
      if (actual > rule.limit()) {
        excesses.add(new Excess(rule, actual));
      }
    }
    return List.copyOf(excesses);
  }

  private long actual(Rule rule) {
    return switch (rule) {
      case SUM -> magnitude;
      case ROUNDING -> roundingBits;
      case SMALLEST -> (long) Exponents.bitsOf(divisor - 1L) - exponent;
      case LARGEST -> (long) Exponents.bitsOf(magnitude) + exponent;
      case SINGLE_COLUMN -> 0; // of the op, not of a sum
    };
  }

  /** Whether float32 computes the same code as integers, whatever the input. */
  public boolean exact() {
    return excesses().isEmpty();
  }

  /**
   * Returns the bits of the two's complement number that holds every partial sum. What is added to
   * round, {@code 2^(shift - 1)}, is not in it; one more bit has room for it at any shift up to
   * that.
   */
  public int accumulatorBits() {
    return Exponents.bitsOf(magnitude) + 1;
  }

  /** Returns the bits that a 32-bit accumulator has left, negative if it is too small. */
  public int headroom() {
    return Integer.SIZE - accumulatorBits();
  }
}
