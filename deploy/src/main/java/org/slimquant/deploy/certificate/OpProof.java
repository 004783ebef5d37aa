package org.slimquant.deploy.certificate;

import java.util.List;
import java.util.Optional;
import org.slimquant.model.TieDistance;

/**
 * The proof of an op: the facts that are known about its sums.
 *
 * @param name the op's name
 * @param type the kind of op
 * @param sums the sums: for an op with weights, the sum of output channel i is at index i. An op
 *     that only moves codes (a max pool, a pad or a reshape) has no sums and is exact
 * @param excesses the rules about the op as a whole that do not hold: {@link Rule#SINGLE_COLUMN}
 * @param nearestTie for a table, the value of its function that is nearest to a tie, if one is
 */
public record OpProof(
    String name,
    String type,
    List<SumProof> sums,
    List<Excess> excesses,
    Optional<TieDistance> nearestTie) {

  /**
   * The largest difference of a function's values between machines, in ulps, that is expected.
   * TensorFlow's vectorised functions differ from the correctly rounded ones by a few ulps.
   */
  static final double MACHINES_DIFFER = 8;

  /** Creates a proof. */
  public OpProof {
    sums = List.copyOf(sums);
    excesses = List.copyOf(excesses);
  }

  /** Returns whether float32 computes the same codes as integers, given the same input. */
  public boolean exact() {
    return excesses.isEmpty() && sums.stream().allMatch(SumProof::exact);
  }

  /**
   * Returns whether graphs on other machines compute the same codes, although their functions may
   * differ by a few ulps from those of the machine that filled the table. It is true for all ops
   * but tables.
   */
  public boolean portable() {
    return nearestTie.stream().allMatch(tie -> tie.survives(MACHINES_DIFFER));
  }

  /** Returns the largest magnitude of a partial sum, 0 if the op only moves codes. */
  public long magnitude() {
    return sums.stream().mapToLong(SumProof::magnitude).max().orElse(0);
  }

  /** Returns the bits of an accumulator that is wide enough for all sums, 0 if there are none. */
  public int accumulatorBits() {
    return sums.stream().mapToInt(SumProof::accumulatorBits).max().orElse(0);
  }

  /** Returns the bits that a 32-bit accumulator has left, negative if it is too small. */
  public int headroom() {
    return Integer.SIZE - accumulatorBits();
  }
}
