package org.slimquant.deploy.certificate;

import org.slimquant.format.Float32;

/**
 * A condition under which float32 computes an op's codes exactly: a number is at most a limit. All
 * rules except {@link #SINGLE_COLUMN} are conditions for each sum of an op.
 */
public enum Rule {
  /**
   * The largest magnitude of a partial sum, at most 2^24: float32 represents every integer up to
   * there, so no addition rounds. (2^24 + 1 is the first integer that float32 does not represent.)
   */
  SUM(
      Float32.LARGEST_EXACT,
      "a partial sum must be at most 2^24 = 16777216 for float32 to add exactly, but can be %d",
      "fewer bits for the input or the kernel, or smaller weights"),

  /**
   * The bits that the fake quant needs to distinguish a tie from the number just under it, at most
   * 24. The number is not larger than {@code n + s}, the output's bits and the shift.
   */
  ROUNDING(
      Float32.SIGNIFICAND_BITS,
      "a fake quant must round in at most 24 bits, but needs %d",
      "a finer step or fewer bits for the output"),

  /**
   * The smallest number other than 0 is at least {@code 2^-126}: the negative of its exponent is at
   * most 126. Smaller ones are subnormal and may be flushed to 0.
   */
  SMALLEST(
      -Float.MIN_EXPONENT,
      "a number must be 0 or at least 2^-126 to be a normal float32, but can be 2^-%d",
      "larger exponents for the input or the kernel"),

  /**
   * The largest magnitude is below {@code 2^128}: the exponent of a power above it is at most 128.
   */
  LARGEST(
      Float.MAX_EXPONENT + 1,
      "a partial sum must be below 2^128 to be a finite float32, but can be near 2^%d",
      "smaller exponents for the input or the kernel"),

  /**
   * The rows of an output of one column, at most 1. The rule is for a convolution over one input
   * channel that moves its kernel, which is wider than 1, by 1 row and by more than 1 column.
   * TensorFlow 2.18 computes wrong sums there with oneDNN on x86 with AVX-512. They were seen for
   * outputs of 2 to 24 rows, with every padding. The sums are right without oneDNN, with another
   * stride, and with one column more.
   */
  SINGLE_COLUMN(
      1,
      "a Conv2D over one channel with strides of 1 row and several columns must have more than one"
          + " column of output, or one row, for TensorFlow's oneDNN kernels with AVX-512 to add"
          + " right, but has one column of %d rows",
      "a stride above 1 for the rows too, or a padding that gives a second column; or set"
          + " TF_ENABLE_ONEDNN_OPTS=0 wherever the graph runs");

  private final long limit;
  private final String text;
  private final String remedy;

  Rule(long limit, String text, String remedy) {
    this.limit = limit;
    this.text = text;
    this.remedy = remedy;
  }

  /** Returns the largest number with which the rule holds. */
  public long limit() {
    return limit;
  }

  /** Returns the rule and the number that breaks it. */
  String broken(long actual) {
    return text.formatted(actual);
  }

  /** Returns the remedy. */
  String remedy() {
    return remedy;
  }
}
