package org.slimquant.benchmarks;

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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.slimquant.deploy.onnx.Form;
import org.slimquant.deploy.onnx.OnnxExporter;
import org.slimquant.engine.IntegerModel;
import org.slimquant.examples.deployment.FloatOnnx;

/** ONNX Runtime, with what {@link OnnxExporter} writes or with the float network. */
final class OnnxRunner implements NetworkRunner {

  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private final OrtSession session;
  private final Map<String, OnnxTensor> input;

  private OnnxRunner(ModelProto model, Workload workload, boolean precise) throws OrtException {
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(workload.threads());
      options.addConfigEntry("session.x64quantprecision", precise ? "1" : "0");
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
    return of(FloatOnnx.of(exported(workload.model(), Form.QDQ)), workload, false);
  }

  /** Returns a runner of the form that is exact on every processor. */
  static OnnxRunner operators(Workload workload) throws IOException {
    return of(exported(workload.model(), Form.QOPERATOR), workload, false);
  }

  /**
   * Returns a runner of the form with int8 weights. Where they are not exact, on x86 without VNNI,
   * ONNX Runtime has to convert them, which elsewhere would make it slower for nothing.
   */
  static OnnxRunner int8(Workload workload) throws IOException {
    ModelProto model = exported(workload.model(), Form.QOPERATOR_INT8);
    OnnxRunner runner = of(model, workload, false);
    if (Arrays.equals(runner.output(), workload.expected())) {
      return runner;
    }
    runner.close();
    return of(model, workload, true);
  }

  private static OnnxRunner of(ModelProto model, Workload workload, boolean precise) {
    try {
      return new OnnxRunner(model, workload, precise);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime must load a network, but does not", e);
    }
  }

  private static ModelProto exported(IntegerModel model, Form form) throws IOException {
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
