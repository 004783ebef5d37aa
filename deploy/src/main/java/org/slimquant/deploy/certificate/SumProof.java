package org.slimquant.deploy.certificate;

import java.util.ArrayList;
import java.util.List;
import org.slimquant.format.Exponents;

/**
 * The proof of a sum that an op computes and rounds: bounds of its codes {@code a}, which represent
 * the numbers {@code a * 2^exponent}, for every input.
 *
 * @param name the sum's name within the op: {@code channel 3} in an op with weights; {@code input
 *     relu1} in a concat, which rounds each of its inputs; {@code windows of 4} in an average pool,
 *     whose windows at the border have fewer elements; {@code all} if all sums are alike
 * @param magnitude the largest magnitude of a partial sum, of any of the terms in any order: {@code
 *     Σ|w|·max|x| + |b|} where the input's codes are symmetric about 0, and less if they are not
 * @param divisor the number by which the sum is divided: the count of an average, otherwise 1
 * @param exponent the exponent of the sum's step
 * @param shift the number of bits by which the sum is shifted right to the output's step, negative
 *     for left
 * @param roundingBits the bits that the fake quant needs to distinguish a tie from the number just
 *     under it; 0 if no sum comes near a tie
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
      case SINGLE_COLUMN -> 0; // a rule for the op, not for a sum
    };
  }

  /** Returns whether float32 computes the same code as integers, whatever the input. */
  public boolean exact() {
    return excesses().isEmpty();
  }

  /**
   * Returns the bits of the two's complement number that holds every partial sum. They do not
   * include the addend for rounding, {@code 2^(shift - 1)}. One more bit has room for it at any
   * shift up to this number of bits.
   */
  public int accumulatorBits() {
    return Exponents.bitsOf(magnitude) + 1;
  }

  /** Returns the bits that a 32-bit accumulator has left, negative if it is too small. */
  public int headroom() {
    return Integer.SIZE - accumulatorBits();
  }
}
