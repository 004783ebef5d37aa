package org.slimquant.deploy.onnx;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the probe finds, whatever the processor. */
final class SaturationProbeTest {

  @Test
  void theAnswerIsThatOfTheProcessor() throws OrtException {
    boolean here = ProcessorSaturation.here();
    for (OptLevel level : OptLevel.values()) {
      SessionOptions options = new SessionOptions();
      options.setOptimizationLevel(level);
      assertWithMessage("%s", level).that(ProcessorSaturation.of(options)).isEqualTo(here);
    }
  }

  @Test
  void nothingSaturatesInAPreciseSession() throws OrtException {
    SessionOptions options = new SessionOptions();
    options.addConfigEntry("session.x64quantprecision", "1");
    assertThat(ProcessorSaturation.of(options)).isFalse();
  }

  /** As docs/onnx.md shows it. */
  @Test
  void aProgramAsks() throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(SaturationProbe.model());
        OnnxTensor any = OnnxTensor.createTensor(environment, new float[1][2]);
        OrtSession.Result result = session.run(Map.of("x", any))) {
      float[][] output = (float[][]) result.get(0).getValue();
      boolean saturates = SaturationProbe.saturates(output[0]);
      assertThat(saturates).isEqualTo(ProcessorSaturation.here());
      // Every channel gives the same answer.
      for (float answer : output[0]) {
        assertThat(answer).isEqualTo(saturates ? 1f : 0f);
      }
    }
  }

  @Test
  void theOptionNeedsOptimization() throws OrtException {
    SessionOptions options = new SessionOptions();
    options.addConfigEntry("session.x64quantprecision", "1");
    options.setOptimizationLevel(OptLevel.BASIC_OPT);
    assertThat(ProcessorSaturation.of(options)).isEqualTo(ProcessorSaturation.here());
  }
}
