package org.slimquant.examples.models;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.slimquant.deploy.onnx.Form;
import org.slimquant.deploy.onnx.OnnxExporter;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.engine.IntegerModel;
import org.slimquant.engine.IntegerOp;
import org.slimquant.engine.IntegerTensor;

/** Compares what ONNX Runtime computes from an exported model with the engine, tensor by tensor. */
final class OnnxCodes {

  private static final int EXAMPLES = 20;

  private OnnxCodes() {}

  /** Returns how many codes differ of each tensor of which any do, for random codes. */
  static Map<String, Long> differing(IntegerModel model, Form form, Path folder)
      throws IOException, OrtException {
    IntegerTensor input = model.input();
    float[] numbers = new float[EXAMPLES * input.size()];
    Random random = new Random(1);
    int min = input.format().minCode();
    int count = input.format().maxCode() - min + 1;
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = input.format().dequantize(min + random.nextInt(count));
    }
    Map<String, Long> differences = new LinkedHashMap<>();
    for (IntegerOp op : model.ops()) {
      IntegerModel until = new IntegerModel(model.name(), input, op.output(), model.ops());
      Path file = folder.resolve("model.onnx");
      OnnxExporter.write(until, file, form);
      float[] computed = run(file, input, numbers);
      float[] expected = IntegerEngine.of(until).run(numbers);
      long differing =
          IntStream.range(0, expected.length).filter(i -> expected[i] != computed[i]).count();
      if (differing > 0) {
        differences.put(op.output().name(), differing);
      }
    }
    return differences;
  }

  private static float[] run(Path file, IntegerTensor input, float[] numbers) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape =
        LongStream.concat(
                LongStream.of(EXAMPLES), input.shape().stream().mapToLong(Integer::longValue))
            .toArray();
    try (OrtSession session = environment.createSession(file.toString());
        OnnxTensor given = OnnxTensor.createTensor(environment, FloatBuffer.wrap(numbers), shape);
        OrtSession.Result result = session.run(Map.of(input.name(), given))) {
      FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] computed = new float[output.remaining()];
      output.get(computed);
      return computed;
    }
  }
}
