package org.slimquant.deploy.certificate;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.slimquant.model.IntegerModel;

/**
 * A statement whether the float32 fake-quant graph of a model and its integers compute the same
 * codes, for every input and in any order of summation. If that is not proven, the certificate says
 * where and by how much.
 *
 * <pre>{@code
 * ExactnessCertificate certificate = ExactnessCertificate.of(model);
 * System.out.println(certificate);                     // for people
 * Files.writeString(file, certificate.toJson());       // for programs
 * if (!certificate.exact()) { … }
 * }</pre>
 *
 * <p>The certificate is computed from the model's kernels, biases and formats, and holds under
 * {@link #assumptions}.
 *
 * @param model the model's name
 * @param ops the proof of each op, in the model's order
 */
public record ExactnessCertificate(String model, List<OpProof> ops) {

  /** Creates a certificate. */
  public ExactnessCertificate {
    ops = List.copyOf(ops);
  }

  /** Returns the certificate of a model. */
  public static ExactnessCertificate of(IntegerModel model) {
    return new ExactnessCertificate(model.name(), Prover.prove(model));
  }

  /** Returns all assumptions about the graph, the machine, TensorFlow's settings and the input. */
  public static List<Assumption> assumptions() {
    return List.of(Assumption.values());
  }

  /** Returns whether all ops are exact, and so the model. */
  public boolean exact() {
    return ops.stream().allMatch(OpProof::exact);
  }

  /**
   * Returns the proof of the op with this name.
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
   * Returns the certificate as text for people: the verdict, the rules that are not proven with
   * their remedies, a table of all ops, and the assumptions.
   */
  @Override
  public String toString() {
    return CertificateText.of(this);
  }
}
