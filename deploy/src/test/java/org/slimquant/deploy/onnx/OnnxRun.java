package org.slimquant.deploy.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.deploy.onnx.graph.Layout;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;

/** A model in ONNX Runtime, which is given and gives codes. */
final class OnnxRun implements AutoCloseable {

  private final IntegerModel model;
  private final OrtSession session;

  private OnnxRun(IntegerModel model, OrtSession session) {
    this.model = model;
    this.session = session;
  }

  static OnnxRun of(IntegerModel model, OnnxForm form) throws OrtException {
    return of(model, OnnxExporter.model(model, form), new SessionOptions());
  }

  /** Returns a run whose sums are exact on every processor. */
  static OnnxRun precise(IntegerModel model, OnnxForm form) throws OrtException {
    return of(model, OnnxExporter.model(model, form), ProcessorSaturation.precise());
  }

  /**
   * Returns a run with the options that a form needs to be exact here: none, as far as possible.
   */
  static OnnxRun exact(IntegerModel model, OnnxForm form) throws OrtException {
    boolean anywhere =
        form == OnnxForm.QOPERATOR
            || ProcessorSaturation.layers(OnnxExporter.model(model, form)).isEmpty();
    return anywhere ? of(model, form) : precise(model, form);
  }

  static OnnxRun of(IntegerModel model, ModelProto proto, SessionOptions options)
      throws OrtException {
    try (options) {
      options.setIntraOpNumThreads(1);
      return new OnnxRun(
          model, OrtEnvironment.getEnvironment().createSession(proto.toByteArray(), options));
    }
  }

  /** Returns the output's codes for a batch of the input's. */
  int[] run(int... codes) throws OrtException {
    return only(Map.of(model.input().name(), codes));
  }

  /** Returns the codes of the only output for batches of the inputs'. */
  int[] only(Map<String, int[]> codes) throws OrtException {
    return run(codes).getOrDefault(model.output().name(), new int[0]);
  }

  /** Returns the outputs' codes for batches of the inputs', in the order of the session. */
  Map<String, int[]> run(Map<String, int[]> codes) throws OrtException {
    Map<String, float[]> reals = new LinkedHashMap<>();
    for (IntegerTensor input : model.inputs()) {
      int[] batch = codes.getOrDefault(input.name(), new int[0]);
      float[] numbers = new float[batch.length];
      for (int i = 0; i < batch.length; i++) {
        numbers[i] = input.format().dequantize(batch[i]);
      }
      reals.put(input.name(), numbers);
    }
    Map<String, int[]> result = new LinkedHashMap<>();
    runReals(reals)
        .forEach((name, numbers) -> result.put(name, codes(model.tensor(name), numbers)));
    return result;
  }

  private static int[] codes(IntegerTensor tensor, float[] numbers) {
    int[] codes = new int[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      float code = Math.scalb(numbers[i], -tensor.format().frac());
      codes[i] = (int) code;
      if (codes[i] != code) {
        throw new AssertionError("an output must be on its grid, but is " + numbers[i]);
      }
    }
    return codes;
  }

  /** Returns the output for a batch. */
  float[] run(float[] reals) throws OrtException {
    return runReals(Map.of(model.input().name(), reals))
        .getOrDefault(model.output().name(), new float[0]);
  }

  private Map<String, float[]> runReals(Map<String, float[]> reals) throws OrtException {
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    try {
      for (IntegerTensor input : model.inputs()) {
        given.put(input.name(), tensor(input, reals.getOrDefault(input.name(), new float[0])));
      }
      Map<String, float[]> outputs = new LinkedHashMap<>();
      try (OrtSession.Result result = session.run(given)) {
        for (Map.Entry<String, OnnxValue> output : result) {
          FloatBuffer buffer = ((OnnxTensor) output.getValue()).getFloatBuffer();
          float[] numbers = new float[buffer.remaining()];
          buffer.get(numbers);
          outputs.put(output.getKey(), numbers);
        }
      }
      return outputs;
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor tensor(IntegerTensor input, float[] reals) throws OrtException {
    List<Long> shape = new ArrayList<>(Layout.modelShape(input));
    shape.set(0, (long) reals.length / input.size());
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(),
        FloatBuffer.wrap(reals),
        shape.stream().mapToLong(Long::longValue).toArray());
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
