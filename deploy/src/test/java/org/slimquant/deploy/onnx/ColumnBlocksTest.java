package org.slimquant.deploy.onnx;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.Padding;
import org.slimquant.model.Window;
import org.slimquant.model.testing.RandomCodes;

/**
 * Convolutions of few channels: which ones are of blocks, and that their codes are the engine's.
 */
final class ColumnBlocksTest {

  private static final int CHANNELS = 5;
  private static final int BLOCKS = 60;
  private static final int EXAMPLES = 5;
  // The largest magnitude of weights that are int8 on every processor, and of those that are uint8.
  private static final int SMALL = 64;
  private static final int LARGE = 127;

  @Test
  void codesAreTheEngines() throws OrtException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int blocks = 0;
    while (blocks < BLOCKS) {
      int rows = 1 + random.nextInt(9);
      int columns = 4 * (1 + random.nextInt(4));
      Window window = window(random, rows, columns);
      if (window.outputRows(rows) < 1 || window.outputColumns(columns) < 1) {
        continue;
      }
      int depth = 1 + random.nextInt(3);
      int weight = random.nextBoolean() ? SMALL : LARGE;
      IntegerModel model = model(random, rows, columns, depth, window, weight);
      if (kernel(model).get(1) == depth) {
        continue;
      }
      blocks++;
      int[] input = RandomCodes.of(random, model.input(), EXAMPLES);
      try (OnnxRun run = OnnxRun.of(model, OnnxForm.QOPERATOR)) {
        assertWithMessage("seed %s, %s", seed, model)
            .that(run.run(input))
            .isEqualTo(IntegerEngine.of(model).run(input));
      }
    }
  }

  private static Window window(Random random, int rows, int columns) {
    Window window =
        Window.of(1 + random.nextInt(3), 1 + random.nextInt(7))
            .withStrides(1 + random.nextInt(3), 1 << random.nextInt(3))
            .withDilations(1 + random.nextInt(2), 1 + random.nextInt(2));
    return switch (random.nextInt(3)) {
      case 0 -> window;
      case 1 -> window.withSamePadding(rows, columns);
      default ->
          window.withPadding(
              new Padding(
                  random.nextInt(window.height()),
                  random.nextInt(window.height()),
                  random.nextInt(window.width()),
                  random.nextInt(window.width())));
    };
  }

  @Test
  void fourColumnsAreABlock() {
    assertThat(kernel(same(28, 1, 1, SMALL))).containsExactly(4L * CHANNELS, 4L).inOrder();
    assertThat(kernel(same(28, 3, 1, SMALL))).containsExactly(4L * CHANNELS, 12L).inOrder();
  }

  @Test
  void aStrideLeavesFewerOutputs() {
    assertThat(kernel(same(28, 1, 2, SMALL))).containsExactly(2L * CHANNELS, 4L).inOrder();
    assertThat(kernel(same(28, 1, 4, SMALL))).containsExactly((long) CHANNELS, 4L).inOrder();
  }

  @Test
  void noBlocksOfManyChannels() {
    assertThat(kernel(same(28, 4, 1, SMALL))).containsExactly((long) CHANNELS, 4L).inOrder();
  }

  @Test
  void unsignedWeightsHaveBlocksOfOneChannelOnly() {
    assertThat(kernel(same(28, 1, 1, LARGE))).containsExactly(4L * CHANNELS, 4L).inOrder();
    assertThat(kernel(same(28, 3, 1, LARGE))).containsExactly((long) CHANNELS, 3L).inOrder();
  }

  @Test
  void noBlocksWhereColumnsAreLeft() {
    assertThat(kernel(same(30, 1, 1, SMALL))).containsExactly((long) CHANNELS, 1L).inOrder();
    assertThat(kernel(same(24, 1, 3, SMALL))).containsExactly((long) CHANNELS, 1L).inOrder();
    // 26 columns of outputs.
    assertThat(kernel(model(new Random(1), 28, 28, 1, Window.of(3, 3), SMALL)))
        .containsExactly((long) CHANNELS, 1L)
        .inOrder();
  }

  private static IntegerModel same(int columns, int depth, int stride, int weight) {
    Window window = Window.of(3, 3).withStrides(1, stride).withSamePadding(28, columns);
    return model(new Random(1), 28, columns, depth, window, weight);
  }

  /** Returns how many outputs and inputs the kernel has in the file. */
  private static List<Long> kernel(IntegerModel model) {
    return OnnxExporter.model(model, OnnxForm.QOPERATOR).getGraph().getInitializerList().stream()
        .filter(constant -> constant.getName().equals("conv/kernel"))
        .map(TensorProto::getDimsList)
        .findFirst()
        .orElseThrow()
        .subList(0, 2);
  }

  private static IntegerModel model(
      Random random, int rows, int columns, int depth, Window window, int weight) {
    FixedPoint format = FixedPoint.signed(8, -7);
    IntegerTensor input = new IntegerTensor("input", List.of(rows, columns, depth), format);
    List<Integer> shape = List.of(window.height(), window.width(), depth, CHANNELS);
    int size = window.height() * window.width() * depth * CHANNELS;
    IntegerTensor output =
        new IntegerTensor(
            "output",
            List.of(window.outputRows(rows), window.outputColumns(columns), CHANNELS),
            FixedPoint.signed(8, -5));
    Conv2D conv =
        new Conv2D(
            "conv",
            input,
            Kernel.of(shape, format, random.ints(size, -weight, weight + 1).toArray()),
            Codes.of(random.ints(CHANNELS, -2000, 2000).toArray()),
            window,
            CodeRange.all(output.format()),
            output);
    return new IntegerModel("conv", input, output, List.of(conv));
  }
}
