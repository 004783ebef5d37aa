package org.slimquant.demo.deployment;

import ai.onnxruntime.OrtException;
import java.util.Map;
import org.slimquant.deploy.onnx.OnnxForm;
import org.slimquant.deploy.onnx.SaturationProbe;

/**
 * A kind of processor, as ONNX Runtime's kernels for uint8 data and int8 weights distinguish them.
 */
public enum OnnxProcessor {
  /** ARM, x86 with VNNI, and old x86 without AVX2. */
  EXACT(
      OnnxForm.QOPERATOR_VNNI_OR_ARM,
      """
      this processor: ONNX Runtime adds products of uint8 and int8 exactly, as on ARM and on x86 with VNNI;
      QOPERATOR_VNNI_OR_ARM is the fastest exact form here, and QOPERATOR is exact, too"""),

  /** x86 with AVX2 or AVX-512, but without VNNI. */
  SATURATING(
      OnnxForm.QOPERATOR,
      """
      this processor: ONNX Runtime's sums of uint8 and int8 products saturate, as on x86 without VNNI;
      QOPERATOR is the fastest exact form here; QOPERATOR_VNNI_OR_ARM and QDQ need session.x64quantprecision=1""");

  private final OnnxForm recommended;
  private final String meaning;

  OnnxProcessor(OnnxForm recommended, String meaning) {
    this.recommended = recommended;
    this.meaning = meaning;
  }

  /**
   * Returns the kind of this processor. An experiment finds it: one integer op saturates or does
   * not.
   *
   * @throws OrtException if ONNX Runtime cannot run it
   */
  public static OnnxProcessor here() throws OrtException {
    try (OnnxSession session =
        new OnnxSession(SaturationProbe.model(), SaturationProbe.INPUT_SHAPE)) {
      float[] any = new float[SaturationProbe.INPUT_SHAPE.get(0)];
      return SaturationProbe.saturates(session.run(any)) ? SATURATING : EXACT;
    }
  }

  /** Returns the fastest of the forms that are exact without an option of the session. */
  public OnnxForm recommended() {
    return recommended;
  }

  /** Returns the options of a session with which the sums of every form are exact. */
  public Map<String, String> exactSums() {
    // If sums are exact anyway, the option would only make them slower.
    return this == SATURATING ? Map.of("session.x64quantprecision", "1") : Map.of();
  }

  /** Returns the consequence for a user. */
  @Override
  public String toString() {
    return meaning;
  }
}
