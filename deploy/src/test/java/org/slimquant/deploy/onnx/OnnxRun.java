package org.slimquant.deploy.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.FloatBuffer;
import java.util.ArrayList;
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
    IntegerTensor input = model.input();
    float[] reals = new float[codes.length];
    for (int i = 0; i < codes.length; i++) {
      reals[i] = input.format().dequantize(codes[i]);
    }
    float[] output = run(reals);
    int[] result = new int[output.length];
    for (int i = 0; i < output.length; i++) {
      float code = Math.scalb(output[i], -model.output().format().frac());
      result[i] = (int) code;
      if (result[i] != code) {
        throw new AssertionError("an output must be on its grid, but is " + output[i]);
      }
    }
    return result;
  }

  /** Returns the output for a batch. */
  float[] run(float[] reals) throws OrtException {
    IntegerTensor input = model.input();
    List<Long> shape = new ArrayList<>(Layout.modelShape(input));
    shape.set(0, (long) reals.length / input.size());
    try (OnnxTensor given =
            OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(),
                FloatBuffer.wrap(reals),
                shape.stream().mapToLong(Long::longValue).toArray());
        OrtSession.Result result = session.run(Map.of(input.name(), given))) {
      FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] numbers = new float[buffer.remaining()];
      buffer.get(numbers);
      return numbers;
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
