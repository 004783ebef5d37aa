package org.slimquant.deploy.onnx;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.Window;

/** Single layers whose sums of two products come close to 16 bits or leave them. */
final class SaturatingLayersTest {

  private static final long SEED = 20260301;
  private static final int LAYERS = 400;
  private static final int EXAMPLES = 20;
  private static final int SIZE = 5;

  @Test
  void aLayerDiffersOnlyIfItsFileSaysSo() throws OrtException {
    int said = 0;
    int differing = 0;
    int signed = 0;
    for (long seed = SEED; seed < SEED + LAYERS; seed++) {
      IntegerModel model = model(seed);
      int[] input = extremes(new Random(seed), model.input());
      int[] expected = IntegerEngine.of(model).run(input);
      ModelProto file = OnnxExporter.model(model, OnnxForm.QOPERATOR_VNNI_OR_ARM);
      boolean may = !ProcessorSaturation.layers(file).isEmpty();
      boolean same = run(model, file, new SessionOptions(), input).equals(list(expected));
      said += may ? 1 : 0;
      differing += same ? 0 : 1;
      assertWithMessage("seed %s, without the option, %s", seed, model).that(same || may).isTrue();
      assertWithMessage("seed %s, precise, %s", seed, model)
          .that(run(model, file, ProcessorSaturation.precise(), input))
          .isEqualTo(list(expected));

      ModelProto everywhere = OnnxExporter.model(model, OnnxForm.QOPERATOR);
      assertWithMessage("seed %s, QOPERATOR, %s", seed, model)
          .that(run(model, everywhere, new SessionOptions(), input))
          .isEqualTo(list(expected));
      assertThat(ProcessorSaturation.layers(everywhere)).isEmpty();
      assertWithMessage("seed %s, %s", seed, model).that(hasInt8(everywhere)).isEqualTo(!may);
      signed += may ? 0 : 1;
    }
    assertThat(said).isGreaterThan(LAYERS / 4);
    assertThat(signed).isGreaterThan(LAYERS / 4);
    // What may differ does, where processors saturate; not all of it, as inputs are random.
    assertThat(differing).isAtLeast(ProcessorSaturation.here() ? said / 2 : 0);
    assertThat(differing).isAtMost(ProcessorSaturation.here() ? said : 0);
  }

  @Test
  void aLayerOfQdqDiffersOnlyIfItsFileSaysSo() throws OrtException {
    int differing = 0;
    for (OnnxForm form : List.of(OnnxForm.QDQ, OnnxForm.QDQ_INT8)) {
      for (long seed = SEED; seed < SEED + LAYERS; seed++) {
        IntegerModel model = model(seed);
        if (form == OnnxForm.QDQ_INT8 && !model.input().format().signed()) {
          continue;
        }
        int[] input = extremes(new Random(seed), model.input());
        ModelProto file = OnnxExporter.model(model, form);
        List<Integer> codes = run(model, file, new SessionOptions(), input);
        if (!codes.equals(run(model, file, ProcessorSaturation.precise(), input))) {
          differing++;
          assertWithMessage("seed %s, %s", seed, model)
              .that(ProcessorSaturation.layers(file))
              .containsExactly("layer");
        }
      }
    }
    assertThat(differing > 0).isEqualTo(ProcessorSaturation.here());
  }

  private static List<Integer> run(
      IntegerModel model, ModelProto file, SessionOptions options, int... input)
      throws OrtException {
    try (OnnxRun run = OnnxRun.of(model, file, options)) {
      return list(run.run(input));
    }
  }

  private static List<Integer> list(int... codes) {
    return IntStream.of(codes).boxed().toList();
  }

  private static boolean hasInt8(ModelProto file) {
    return file.getGraph().getInitializerList().stream()
        .filter(constant -> constant.getName().equals("layer/kernel"))
        .map(TensorProto::getDataType)
        .anyMatch(type -> type == DataType.INT8.getNumber());
  }

  /** Returns codes of which most are the lowest or the highest. */
  private static int[] extremes(Random random, IntegerTensor tensor) {
    FixedPoint format = tensor.format();
    return IntStream.range(0, EXAMPLES * tensor.size())
        .map(
            i ->
                switch (random.nextInt(4)) {
                  case 0 -> format.minCode();
                  case 1, 2 -> format.maxCode();
                  default ->
                      format.minCode() + random.nextInt(format.maxCode() - format.minCode() + 1);
                })
        .toArray();
  }

  private static IntegerModel model(long seed) {
    Random random = new Random(seed);
    int bits = random.nextInt(4) == 0 ? 7 : 8;
    FixedPoint format = new FixedPoint(bits, -7, random.nextBoolean());
    int depth = 1 + random.nextInt(5);
    boolean dense = random.nextInt(3) == 0;
    IntegerTensor input =
        new IntegerTensor("x", dense ? List.of(SIZE * depth) : List.of(SIZE, 4, depth), format);
    IntegerOp layer = dense ? dense(random, input) : convolution(random, input);
    return new IntegerModel("model", input, layer.output(), List.of(layer));
  }

  private static IntegerOp dense(Random random, IntegerTensor input) {
    int channels = 1 + random.nextInt(20);
    IntegerTensor output = new IntegerTensor("y", List.of(channels), FixedPoint.signed(8, -6));
    return new Dense(
        "layer",
        input,
        kernel(random, input.size(), input.size(), channels),
        bias(random, channels),
        CodeRange.all(output.format()),
        output);
  }

  private static IntegerOp convolution(Random random, IntegerTensor input) {
    int depth = input.shape().get(2);
    Window window = Window.of(1 + random.nextInt(3), 1 + random.nextInt(3));
    window = random.nextBoolean() ? window : window.withSamePadding(SIZE, 4);
    boolean depthwise = random.nextInt(4) == 0;
    int multiplier = depthwise ? 1 + random.nextInt(3) : 1 + random.nextInt(20);
    int channels = depthwise ? depth * multiplier : multiplier;
    IntegerTensor output =
        new IntegerTensor(
            "y",
            List.of(window.outputRows(SIZE), window.outputColumns(4), channels),
            FixedPoint.signed(8, -6));
    Kernel kernel =
        kernel(
            random,
            window.height() * window.width() * (depthwise ? 1 : depth),
            window.height(),
            window.width(),
            depth,
            multiplier);
    Codes bias = bias(random, channels);
    CodeRange range = CodeRange.all(output.format());
    return depthwise
        ? new DepthwiseConv2D("layer", input, kernel, bias, window, range, output)
        : new Conv2D("layer", input, kernel, bias, window, range, output);
  }

  /**
   * Returns a kernel whose neighbours are small, or of opposite signs, which cannot saturate
   * either, or large and alike.
   */
  private static Kernel kernel(Random random, int products, Integer... shape) {
    int size = List.of(shape).stream().reduce(1, Math::multiplyExact);
    int channels = size / products;
    int style = random.nextInt(6);
    int sign = random.nextBoolean() ? 1 : -1;
    int[] codes = new int[size];
    for (int i = 0; i < size; i++) {
      int k = i / channels;
      codes[i] =
          switch (style) {
            case 0 -> random.nextInt(129) - 64;
            case 1 -> (k % 2 == 0 ? 1 : -1) * random.nextInt(128);
            case 2 -> 126 + random.nextInt(2) - (k % 2 == 0 ? 0 : 125);
            case 3 -> random.nextInt(255) - 127;
            default -> sign * (100 + random.nextInt(28));
          };
    }
    return Kernel.of(List.of(shape), FixedPoint.signed(8, -7), codes);
  }

  private static Codes bias(Random random, int channels) {
    return Codes.of(random.ints(channels, -2000, 2000).toArray());
  }
}
