package org.slimquant.deploy.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What this processor does, and what a file says of processors. */
final class ProcessorSaturation {

  private static final String KEY = "slimquant.saturates.";

  private ProcessorSaturation() {}

  /** Whether ONNX Runtime's kernels for int8 weights saturate here. */
  static boolean here() throws OrtException {
    return of(new SessionOptions());
  }

  /** Whether they do in a session with these options. */
  static boolean of(SessionOptions options) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (options;
        OrtSession session = environment.createSession(SaturationProbe.model(), options);
        OnnxTensor given =
            OnnxTensor.createTensor(environment, FloatBuffer.allocate(2), new long[] {1, 2});
        OrtSession.Result result = session.run(Map.of("x", given))) {
      FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] output = new float[buffer.remaining()];
      buffer.get(output);
      return SaturationProbe.saturates(output);
    }
  }

  /** Returns the options with which sums are exact here. */
  static SessionOptions precise() throws OrtException {
    SessionOptions options = new SessionOptions();
    if (here()) {
      options.addConfigEntry("session.x64quantprecision", "1");
    }
    return options;
  }

  /** Returns the layers that a file says may differ on other processors. */
  static Set<String> layers(ModelProto model) {
    return model.getMetadataPropsList().stream()
        .map(StringStringEntryProto::getKey)
        .filter(key -> key.startsWith(KEY))
        .map(key -> key.substring(KEY.length()))
        .collect(Collectors.toSet());
  }
}
