package org.slimquant.benchmarks.inference;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slimquant.demo.deployment.FloatOnnx;
import org.slimquant.demo.deployment.OnnxProcessor;
import org.slimquant.deploy.onnx.OnnxExporter;
import org.slimquant.deploy.onnx.OnnxForm;
import org.slimquant.model.IntegerModel;

/** ONNX Runtime, with a file of {@link OnnxExporter} or with the float network. */
final class OnnxRunner implements NetworkRunner {

  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private final OrtSession session;
  private final Map<String, OnnxTensor> input;

  private OnnxRunner(ModelProto model, Workload workload, Map<String, String> entries)
      throws OrtException {
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(workload.threads());
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        options.addConfigEntry(entry.getKey(), entry.getValue());
      }
      session = ENVIRONMENT.createSession(model.toByteArray(), options);
    }
    List<Integer> shape = workload.model().input().shape();
    input =
        Map.of(
            workload.model().input().name(),
            OnnxTensor.createTensor(
                ENVIRONMENT,
                FloatBuffer.wrap(workload.pixels()),
                new long[] {workload.batch(), shape.get(0), shape.get(1), shape.get(2)}));
  }

  /** Returns a runner of the float network. */
  static OnnxRunner floats(Workload workload) throws IOException {
    return of(FloatOnnx.of(exported(workload.model(), OnnxForm.QDQ)), workload, false);
  }

  /** Returns a runner of the form that is exact on every processor. */
  static OnnxRunner operators(Workload workload) throws IOException {
    return of(exported(workload.model(), OnnxForm.QOPERATOR), workload, false);
  }

  /** Returns a runner of the form with int8 weights. */
  static OnnxRunner int8(Workload workload) throws IOException {
    return of(exported(workload.model(), OnnxForm.QOPERATOR_VNNI_OR_ARM), workload, true);
  }

  /**
   * Returns a runner of the float ops between quantizers, which ONNX Runtime converts to integer
   * ops.
   */
  static OnnxRunner qdq(Workload workload) throws IOException {
    return of(exported(workload.model(), OnnxForm.QDQ), workload, true);
  }

  /**
   * Loads a network.
   *
   * @param int8 whether it multiplies by int8, so that this processor may need an option; on other
   *     processors the option would only make it slower
   */
  private static OnnxRunner of(ModelProto model, Workload workload, boolean int8) {
    try {
      return new OnnxRunner(model, workload, int8 ? OnnxProcessor.here().exactSums() : Map.of());
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime must load a network, but does not", e);
    }
  }

  private static ModelProto exported(IntegerModel model, OnnxForm form) throws IOException {
    Path file = Files.createTempFile("network", ".onnx");
    try {
      OnnxExporter.write(model, file, form);
      return ModelProto.parseFrom(Files.readAllBytes(file));
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void run() {
    try (OrtSession.Result result = compute()) {
      result.size();
    }
  }

  @Override
  public float[] output() {
    try (OrtSession.Result result = compute()) {
      FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] numbers = new float[output.remaining()];
      output.get(numbers);
      return numbers;
    }
  }

  private OrtSession.Result compute() {
    try {
      return session.run(input);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime must run a network, but does not", e);
    }
  }

  @Override
  public void close() {
    input.values().forEach(OnnxTensor::close);
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime must close a network, but does not", e);
    }
  }
}
