package org.slimquant.demo.deployment;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** A model in ONNX Runtime, which computes it with one thread. */
public final class OnnxSession implements AutoCloseable {

  private static final OrtEnvironment ENVIRONMENT =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "slimquant");

  private final OrtSession session;
  private final String input;
  private final long[] shape;

  /**
   * Loads a model with one input.
   *
   * @param model the bytes of its file
   * @param shape the shape of one example
   * @throws OrtException if ONNX Runtime refuses it
   */
  public OnnxSession(byte[] model, List<Integer> shape) throws OrtException {
    this(model, shape, Map.of());
  }

  /**
   * Loads a model with one input.
   *
   * @param model the bytes of its file
   * @param shape the shape of one example
   * @param entries entries of the session's configuration
   * @throws OrtException if ONNX Runtime refuses it
   */
  public OnnxSession(byte[] model, List<Integer> shape, Map<String, String> entries)
      throws OrtException {
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(1);
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        options.addConfigEntry(entry.getKey(), entry.getValue());
      }
      session = ENVIRONMENT.createSession(model, options);
    }
    input = session.getInputNames().iterator().next();
    this.shape = shape.stream().mapToLong(Integer::longValue).toArray();
  }

  /**
   * Returns the first output for examples, one after the other.
   *
   * @throws OrtException if ONNX Runtime cannot compute it
   */
  public float[] run(float[] examples) throws OrtException {
    return runAll(examples).values().iterator().next();
  }

  /**
   * Returns every output for examples, one after the other, by its name and in the model's order.
   *
   * @throws OrtException if ONNX Runtime cannot compute them
   */
  public Map<String, float[]> runAll(float[] examples) throws OrtException {
    long size = LongStream.of(shape).reduce(1, Math::multiplyExact);
    long[] batch =
        LongStream.concat(LongStream.of(examples.length / size), LongStream.of(shape)).toArray();
    try (OnnxTensor given =
            OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(examples), batch);
        OrtSession.Result result = session.run(Map.of(input, given))) {
      Map<String, float[]> outputs = new LinkedHashMap<>();
      for (Map.Entry<String, OnnxValue> output : result) {
        FloatBuffer numbers = ((OnnxTensor) output.getValue()).getFloatBuffer();
        float[] computed = new float[numbers.remaining()];
        numbers.get(computed);
        outputs.put(output.getKey(), computed);
      }
      return outputs;
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
