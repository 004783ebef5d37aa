package org.slimquant.deploy.onnx;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Dense;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Pad;
import org.slimquant.model.Padding;
import org.slimquant.model.Requantize;
import org.slimquant.model.Window;
import org.slimquant.model.testing.RandomCodes;

/** A file has the same codes whether ONNX Runtime computes its nodes or what it makes of them. */
final class OptimizationLevelsTest {

  private static final List<OptLevel> LEVELS =
      List.of(OptLevel.NO_OPT, OptLevel.BASIC_OPT, OptLevel.ALL_OPT);
  private static final int NETWORKS = 60;
  private static final FixedPoint INT8 = FixedPoint.signed(8, -5);

  @Test
  void randomNetworksInQdq() throws OrtException {
    long first = System.nanoTime();
    for (long seed = first; seed < first + NETWORKS; seed++) {
      IntegerModel model = RandomNetworks.of(seed);
      int[] input = RandomCodes.of(seed, model.input(), 4);
      int[] asWritten = run(model, OnnxForm.QDQ, OptLevel.NO_OPT, input);
      for (OptLevel level : LEVELS) {
        assertWithMessage("seed %s, %s, %s", seed, level, model)
            .that(run(model, OnnxForm.QDQ, level, input))
            .isEqualTo(asWritten);
      }
    }
  }

  /** Two pairs of quantizers in a row would become one, which rounds once instead of twice. */
  @Test
  void formatsInARow() throws OrtException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int chain = 0; chain < 100; chain++) {
      FixedPoint format = format(random);
      IntegerTensor input = new IntegerTensor("x", List.of(1), format);
      int[] codes = RandomCodes.of(seed, input, 500);
      int[] expected = codes.clone();
      IntegerTensor last = input;
      List<IntegerOp> ops = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        FixedPoint next = format(random);
        IntegerTensor output = new IntegerTensor("y" + i, List.of(1), next);
        ops.add(new Requantize("op" + i, last, CodeRange.all(next), output));
        int shift = last.format().frac() - next.frac();
        expected = Arrays.stream(expected).map(code -> halfToEven(code, shift, next)).toArray();
        last = output;
      }
      IntegerModel model = new IntegerModel("chain", input, last, ops);
      for (OptLevel level : LEVELS) {
        assertWithMessage("seed %s, chain %s, %s, %s", seed, chain, level, ops)
            .that(run(model, OnnxForm.QDQ, level, codes))
            .isEqualTo(expected);
      }
    }
  }

  private static FixedPoint format(Random random) {
    return new FixedPoint(random.nextInt(6, 9), random.nextInt(-8, -2), random.nextBoolean());
  }

  private static int halfToEven(int code, int shift, FixedPoint format) {
    double rounded = Math.rint(Math.scalb((double) code, shift));
    return (int) Math.max(format.minCode(), Math.min(format.maxCode(), rounded));
  }

  /** A Pad is taken away before a pooling, which then has minus infinity for its zeros. */
  @Test
  void zerosAroundAPoolingAreNumbers() throws OrtException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 30; i++) {
      for (boolean signed : new boolean[] {false, true}) {
        IntegerModel model = padded(random, new FixedPoint(8, -3, signed));
        // Only negative numbers, where there are any: their largest is smaller than the zeros.
        int lowest = model.input().format().minCode();
        int highest = signed ? 0 : model.input().format().maxCode();
        int[] input = random.ints(4L * model.input().size(), lowest, highest).toArray();
        for (OnnxForm form : OnnxForm.values()) {
          if (form == OnnxForm.QDQ_INT8 && !signed) {
            continue;
          }
          for (OptLevel level : LEVELS) {
            assertWithMessage("seed %s, %s, %s, %s", seed, form, level, model)
                .that(run(model, form, level, input))
                .isEqualTo(IntegerEngine.of(model).run(input));
          }
        }
      }
    }
  }

  /** Returns a pooling with a padding of its own or without, behind zeros as wide as any. */
  private static IntegerModel padded(Random random, FixedPoint format) {
    List<Integer> before = List.of(random.nextInt(4), random.nextInt(4), 0);
    List<Integer> after = List.of(random.nextInt(4), random.nextInt(4), 0);
    IntegerTensor input = new IntegerTensor("x", List.of(3, 4, 2), format);
    int rows = 3 + before.get(0) + after.get(0);
    int columns = 4 + before.get(1) + after.get(1);
    IntegerTensor image = new IntegerTensor("image", List.of(rows, columns, 2), format);
    int size = random.nextInt(1, 4);
    Window window =
        Window.of(size, size)
            .withStrides(random.nextInt(1, 3), random.nextInt(1, 3))
            .withPadding(
                new Padding(
                    random.nextInt(size),
                    random.nextInt(size),
                    random.nextInt(size),
                    random.nextInt(size)));
    IntegerTensor output =
        new IntegerTensor(
            "y", List.of(window.outputRows(rows), window.outputColumns(columns), 2), format);
    return new IntegerModel(
        "padded",
        input,
        output,
        List.of(
            new Pad("pad", input, before, after, image),
            new MaxPool("pool", image, window, output)));
  }

  /** ONNX Runtime makes an int32 of a bias again; one of 2^31 would become negative. */
  @Test
  void largestBias() throws OrtException {
    for (OnnxForm form : List.of(OnnxForm.QDQ, OnnxForm.QDQ_INT8)) {
      IntegerModel model = dense(0, Integer.MAX_VALUE);
      for (OptLevel level : LEVELS) {
        assertWithMessage("%s, %s", form, level)
            .that(run(model, form, level, -127, 0, 127))
            .isEqualTo(new int[] {127, 127, 127});
      }
    }
  }

  @Test
  void sumsThatOverflowAreRefused() {
    for (OnnxForm form : List.of(OnnxForm.QDQ, OnnxForm.QDQ_INT8)) {
      assertThat(
              assertThrows(
                  IllegalArgumentException.class,
                  () -> OnnxExporter.model(dense(1, Integer.MAX_VALUE), form)))
          .hasMessageThat()
          .isEqualTo(
              "layer dense must have sums below 2^31 to be written in ONNX, but they can reach 2147483774; use fewer inputs, fewer bits or a smaller bias");
    }
  }

  /** Infinity less infinity is no number, and is quantized to any code. */
  @Test
  void sumsThatAreNoFloatsAreRefused() {
    for (int exponent : new int[] {-122, 120}) {
      assertThat(
              assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      OnnxExporter.model(
                          dense(FixedPoint.signed(8, exponent), 127, 0), OnnxForm.QDQ)))
          .hasMessageThat()
          .isEqualTo(
              "layer dense must have sums that are normal float32 to be written in ONNX, but they can reach 16129 * 2^%d; write OnnxForm.QOPERATOR, or bring the steps of input and kernel closer to 1"
                  .formatted(exponent - 5));
    }
  }

  private static IntegerModel dense(int weight, int bias) {
    return dense(INT8, weight, bias);
  }

  private static IntegerModel dense(FixedPoint format, int weight, int bias) {
    IntegerTensor input = new IntegerTensor("x", List.of(1), format);
    IntegerTensor output = new IntegerTensor("y", List.of(1), INT8);
    return new IntegerModel(
        "dense",
        input,
        output,
        List.of(
            new Dense(
                "dense",
                input,
                Kernel.of(List.of(1, 1), INT8, weight),
                Codes.of(bias),
                CodeRange.all(INT8),
                output)));
  }

  private static int[] run(IntegerModel model, OnnxForm form, OptLevel level, int... codes)
      throws OrtException {
    SessionOptions options = ProcessorSaturation.precise();
    options.setOptimizationLevel(level);
    try (OnnxRun run = OnnxRun.of(model, OnnxExporter.model(model, form), options)) {
      return run.run(codes);
    }
  }
}
