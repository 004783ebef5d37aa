package org.slimquant.deploy.certificate;

import java.util.List;

/**
 * What is known of the sums of an op.
 *
 * @param name the op's name
 * @param type what kind of op it is
 * @param sums the sums: for an op with weights that of output channel i at place i. None for what
 *     only moves codes, a max pool, a pad or a reshape, which is exact as it is
 * @param excesses the rules about the op as a whole that do not hold: {@link Rule#SINGLE_COLUMN}
 */
public record OpProof(String name, String type, List<SumProof> sums, List<Excess> excesses) {

  /** Creates a proof. */
  public OpProof {
    sums = List.copyOf(sums);
    excesses = List.copyOf(excesses);
  }

  /** Whether float32 computes the same codes as integers, given the same input. */
  public boolean exact() {
    return excesses.isEmpty() && sums.stream().allMatch(SumProof::exact);
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
