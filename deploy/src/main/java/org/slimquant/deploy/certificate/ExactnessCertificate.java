package org.slimquant.deploy.certificate;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.slimquant.engine.IntegerModel;

/**
 * Whether the float32 fake-quant graph of a model and its integers compute the same codes, for
 * every input and in any order of summation; and if that is not proven, where and by how much.
 *
 * <pre>{@code
 * ExactnessCertificate certificate = ExactnessCertificate.of(model);
 * System.out.println(certificate);                     // for people
 * Files.writeString(file, certificate.toJson());       // for programs
 * if (!certificate.exact()) { … }
 * }</pre>
 *
 * <p>It is computed from the model's kernels, biases and formats, and holds under {@link
 * #assumptions}.
 *
 * @param model the model's name
 * @param ops what is known of each op, in the model's order
 */
public record ExactnessCertificate(String model, List<OpProof> ops) {

  private static final List<String> ASSUMPTIONS =
      List.of(
          "The graph is the model's: its kernels and biases have these codes, and every rounding is"
              + " TensorFlow's FakeQuantWithMinMaxVars with the bounds of the format.",
          "float32 is that of IEEE 754, rounded to nearest, ties to even. There is no mode of"
              + " reduced precision: no TF32, no bfloat16 or float16, no mixed precision.",
          "Convolutions and matrix products add products of inputs and weights, in whatever order,"
              + " fused or not: no Winograd, FFT or Strassen, which compute with other numbers."
              + " TensorFlow 2.18 with oneDNN breaks this for a Conv2D over one input channel whose"
              + " image is smaller than its kernel, with a stride above 1: its sums are wrong unless"
              + " TF_ENABLE_ONEDNN_OPTS=0.",
          "A mean is its sum divided by its count, rounded correctly, not multiplied with 1 / count,"
              + " unless the count is a power of two. TensorFlow's kernels divide; XLA may not.",
          "Subnormal numbers may be flushed to zero: there are none.",
          "The input is given in codes, or in numbers that both sides quantize alike: all but those"
              + " that lie under a tie by no more than 2^(bits - 25) steps.");

  /** Creates a certificate. */
  public ExactnessCertificate {
    ops = List.copyOf(ops);
  }

  /** Returns the certificate of a model. */
  public static ExactnessCertificate of(IntegerModel model) {
    return new ExactnessCertificate(model.name(), Prover.prove(model));
  }

  /** Returns what must hold of the machine, the graph and the input, one sentence or more each. */
  public static List<String> assumptions() {
    return ASSUMPTIONS;
  }

  /** Whether all ops are exact, and so the model. */
  public boolean exact() {
    return ops.stream().allMatch(OpProof::exact);
  }

  /**
   * Returns what is known of the op of this name.
   *
   * @throws NoSuchElementException if there is none
   */
  public OpProof op(String name) {
    return ops.stream()
        .filter(op -> op.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    "op %s must be one of model %s, but it has %s"
                        .formatted(
                            name,
                            model,
                            ops.stream().map(OpProof::name).collect(Collectors.joining(", ")))));
  }

  /** Returns the certificate as JSON, with every sum of every op. */
  public String toJson() {
    return CertificateJson.of(this);
  }

  /**
   * Returns the certificate for people: the verdict, what is not proven and what helps, a table of
   * all ops, and the assumptions.
   */
  @Override
  public String toString() {
    return CertificateText.of(this);
  }
}
