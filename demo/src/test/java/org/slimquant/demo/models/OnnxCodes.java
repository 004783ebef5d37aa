package org.slimquant.demo.models;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.slimquant.demo.deployment.OnnxProcessor;
import org.slimquant.demo.deployment.OnnxSession;
import org.slimquant.deploy.onnx.OnnxExporter;
import org.slimquant.deploy.onnx.OnnxForm;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;

/**
 * A comparison of the codes that ONNX Runtime computes from an exported model with those of the
 * engine.
 *
 * @param compared the number of compared codes of all tensors
 * @param differing the number of differing codes of each tensor that has any
 */
record OnnxCodes(long compared, Map<String, Long> differing) {

  /** Returns a number of examples of random codes. */
  static float[] random(IntegerModel model, int examples) {
    FixedPoint format = model.input().format();
    int count = format.maxCode() - format.minCode() + 1;
    float[] numbers = new float[examples * model.input().size()];
    Random random = new Random(1);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = format.dequantize(format.minCode() + random.nextInt(count));
    }
    return numbers;
  }

  /**
   * Exports the model up to each of its tensors, and runs the result: QOPERATOR without any option
   * of the session, the other forms with the option that they need on this processor.
   */
  static OnnxCodes of(IntegerModel model, OnnxForm form, float[] examples, Path folder)
      throws IOException, OrtException {
    Map<String, String> options =
        form == OnnxForm.QOPERATOR ? Map.of() : OnnxProcessor.here().exactSums();
    IntegerTensor input = model.input();
    IntegerEngine engine = IntegerEngine.of(model);
    Map<String, int[]> expected = engine.trace(engine.quantize(examples));
    long compared = 0;
    Map<String, Long> differing = new LinkedHashMap<>();
    for (IntegerOp op : model.ops()) {
      IntegerTensor output = op.output();
      Path file = folder.resolve("model.onnx");
      OnnxExporter.write(new IntegerModel(model.name(), input, output, model.ops()), file, form);
      int[] codes = Objects.requireNonNull(expected.get(output.name()));
      float[] computed;
      try (OnnxSession session =
          new OnnxSession(Files.readAllBytes(file), input.shape(), options)) {
        computed = session.run(examples);
      }
      compared += codes.length;
      long different =
          IntStream.range(0, codes.length)
              .filter(i -> output.format().dequantize(codes[i]) != computed[i])
              .count();
      if (different > 0) {
        differing.put(output.name(), different);
      }
    }
    return new OnnxCodes(compared, differing);
  }
}
