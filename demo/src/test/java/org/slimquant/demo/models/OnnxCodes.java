package org.slimquant.demo.models;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
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
public record OnnxCodes(long compared, Map<String, Long> differing) {

  /** Returns a number of examples of random codes. */
  public static float[] random(IntegerModel model, int examples) {
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
   * Exports the model as it is, and with each of its tensors as an output, and runs both: QOPERATOR
   * without any option of the session, the other forms with the option that they need on this
   * processor.
   */
  public static OnnxCodes of(IntegerModel model, OnnxForm form, float[] examples, Path folder)
      throws IOException, OrtException {
    IntegerEngine engine = IntegerEngine.of(model);
    Map<String, int[]> expected = engine.trace(engine.quantize(examples));
    List<IntegerTensor> tensors = model.ops().stream().map(IntegerOp::output).toList();
    IntegerModel open = new IntegerModel(model.name(), model.inputs(), tensors, model.ops());
    long compared = 0;
    Map<String, Long> differing = new LinkedHashMap<>();
    for (IntegerModel exported : List.of(open, model)) {
      Map<String, float[]> computed = run(exported, form, examples, folder);
      for (IntegerTensor output : exported.outputs()) {
        int[] codes = Objects.requireNonNull(expected.get(output.name()));
        float[] numbers = Objects.requireNonNull(computed.get(output.name()));
        compared += codes.length;
        long different =
            IntStream.range(0, codes.length)
                .filter(i -> output.format().dequantize(codes[i]) != numbers[i])
                .count();
        if (different > 0) {
          differing.put(output.name(), different);
        }
      }
    }
    return new OnnxCodes(compared, differing);
  }

  private static Map<String, float[]> run(
      IntegerModel model, OnnxForm form, float[] examples, Path folder)
      throws IOException, OrtException {
    Path file = folder.resolve("model.onnx");
    OnnxExporter.write(model, file, form);
    Map<String, String> options =
        form == OnnxForm.QOPERATOR ? Map.of() : OnnxProcessor.here().exactSums();
    try (OnnxSession session =
        new OnnxSession(Files.readAllBytes(file), model.input().shape(), options)) {
      return session.runAll(examples);
    }
  }
}
