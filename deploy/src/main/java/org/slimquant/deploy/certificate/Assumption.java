package org.slimquant.deploy.certificate;

/**
 * An assumption that a certificate makes about the graph, the machine or TensorFlow's settings. A
 * certificate is a proof about the model; assumptions are the facts that the model does not
 * contain.
 */
public enum Assumption {
  /** The graph that is compared is the one that was compiled. */
  GRAPH(
      "The graph is the model's: its kernels and biases have these codes, and every rounding is"
          + " TensorFlow's FakeQuantWithMinMaxVars with the bounds of the format."),

  /** The processor computes with IEEE 754's float32. */
  FLOAT32("float32 is that of IEEE 754, rounded to nearest, ties to even."),

  /** No setting makes TensorFlow compute with fewer bits than float32 has. */
  FULL_PRECISION(
      "No setting lowers the precision: TF_SET_ONEDNN_FPMATH_MODE and ONEDNN_DEFAULT_FPMATH_MODE"
          + " are not set or STRICT, the session has no automatic mixed precision, and a GPU"
          + " computes without TF32."),

  /** Convolutions and matrix products are sums of products, whatever kernel computes them. */
  SUMS_OF_PRODUCTS(
      "Convolutions and matrix products add products of inputs and weights, in whatever order,"
          + " fused or not: no Winograd, FFT or Strassen, which compute with other numbers."
          + " TensorFlow 2.18's CPU kernels add products, with oneDNN (TF_ENABLE_ONEDNN_OPTS=1, the"
          + " default on Linux on x86 with VNNI, bfloat16 or AMX) and without. The one known exception"
          + " is the rule SINGLE_COLUMN of a certificate."),

  /** An average is one correctly rounded division. */
  DIVISION(
      "A mean is its sum divided by its count, rounded correctly, not multiplied with 1 / count,"
          + " unless the count is a power of two. TensorFlow's kernels divide; XLA may not."),

  /** The functions of tables are those of the machine that filled the tables. */
  FUNCTIONS(
      "Elementwise functions that became tables have the values that they had when the model was"
          + " compiled. TensorFlow's vectorised functions may differ by a few ulps on another"
          + " machine, and within a tensor at its end: for each table the certificate has the"
          + " distance of the nearest value from a tie."),

  /** Subnormal numbers do not occur. */
  SUBNORMALS("Subnormal numbers may be flushed to zero: there are none."),

  /** Both sides start from the same codes. */
  INPUT(
      "The input is given in codes, or in numbers that both sides quantize alike: all but NaN and"
          + " those that lie under a tie by no more than 2^(bits - 25) steps.");

  private final String text;

  Assumption(String text) {
    this.text = text;
  }

  /** Returns the assumption in one sentence or more. */
  public String text() {
    return text;
  }
}
