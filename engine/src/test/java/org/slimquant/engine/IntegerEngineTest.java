package org.slimquant.engine;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Dense;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.Requantize;
import org.slimquant.model.analysis.SumBounds;
import org.slimquant.model.testing.RandomCodes;
import org.slimquant.model.testing.RandomModel;

/** Tests the results of the engine, and the ways to use it. */
final class IntegerEngineTest {

  private static final int MODELS = 2000;
  private static final int BATCH = 3;

  @Test
  void everyTensorOfRandomModels() {
    Map<String, Integer> seen = new TreeMap<>();
    for (long seed = 0; seed < MODELS; seed++) {
      IntegerModel model = RandomModel.of(seed);
      int[] input = RandomCodes.of(seed, model.input(), BATCH);
      int size = model.input().size();

      Map<String, int[]> traced = IntegerEngine.of(model).trace(input);

      for (int example = 0; example < BATCH; example++) {
        int[] one = Arrays.copyOfRange(input, example * size, (example + 1) * size);
        Map<String, int[]> expected = Oracle.run(model, one);
        for (IntegerTensor tensor : model.tensors()) {
          assertWithMessage("seed %s, example %s, %s of\n%s", seed, example, tensor, model)
              .that(example(traced, tensor, example))
              .isEqualTo(expected.get(tensor.name()));
        }
      }
      model.ops().forEach(op -> seen.merge(op.type(), 1, Integer::sum));
    }
    assertThat(seen.keySet())
        .containsExactly(
            "Add",
            "AveragePool",
            "Concat",
            "Conv2D",
            "Dense",
            "DepthwiseConv2D",
            "LeakyRelu",
            "MatMul",
            "MaxPool",
            "Maximum",
            "Minimum",
            "Multiply",
            "Pad",
            "Requantize",
            "Reshape",
            "Slice",
            "Subtract",
            "Table",
            "Tile",
            "Transpose");
    assertWithMessage("%s", seen).that(seen.values().stream().allMatch(n -> n > 20)).isTrue();
  }

  private static int[] example(Map<String, int[]> batch, IntegerTensor tensor, int example) {
    int[] codes = batch.getOrDefault(tensor.name(), new int[0]);
    return Arrays.copyOfRange(codes, example * tensor.size(), (example + 1) * tensor.size());
  }

  @Test
  void runReturnsTheTracedOutput() {
    for (long seed = 0; seed < 300; seed++) {
      IntegerModel model = RandomModel.of(seed);
      int[] input = RandomCodes.of(seed, model.input(), BATCH);
      IntegerEngine engine = IntegerEngine.of(model);

      // The second run must not depend on the first.
      int[] first = engine.run(input);
      int[] second = engine.run(input);

      assertWithMessage("seed %s", seed)
          .that(first)
          .isEqualTo(engine.trace(input).get(model.output().name()));
      assertWithMessage("seed %s", seed).that(second).isEqualTo(first);
    }
  }

  @Test
  void sumsAtTheEdgeOf32Bits() {
    // 65535 * 32767 = 2^31 - 98303 to begin with.
    int product = 65535 * 32767;
    for (int bias :
        new int[] {Integer.MAX_VALUE - product, Integer.MAX_VALUE - product + 1, 1 << 30}) {
      IntegerTensor input = new IntegerTensor("x", List.of(1), FixedPoint.unsigned(16, 0));
      IntegerTensor output = new IntegerTensor("y", List.of(2), FixedPoint.signed(16, 17));
      Dense dense =
          new Dense(
              "dense",
              input,
              Kernel.of(List.of(1, 2), FixedPoint.signed(16, 0), 32767, -32767),
              Codes.of(bias, -bias),
              CodeRange.all(output.format()),
              output);
      IntegerModel model = new IntegerModel("edge", input, output, List.of(dense));

      int[] codes = IntegerEngine.of(model).run(new int[] {65535});

      assertThat(SumBounds.magnitudes(dense))
          .isEqualTo(new long[] {(long) product + bias, (long) product + bias});
      assertThat(codes).isEqualTo(Oracle.run(model, new int[] {65535}).get("y"));
    }
  }

  @Test
  void tiesRoundUp() {
    IntegerTensor input = new IntegerTensor("x", List.of(1), FixedPoint.signed(8, 0));
    IntegerTensor output = new IntegerTensor("y", List.of(1), FixedPoint.signed(8, 1));
    IntegerEngine engine =
        IntegerEngine.of(
            new IntegerModel(
                "ties",
                input,
                output,
                List.of(new Requantize("half", input, CodeRange.all(output.format()), output))));

    assertThat(engine.run(new int[] {-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5}))
        .isEqualTo(new int[] {-2, -2, -1, -1, 0, 0, 1, 1, 2, 2, 3});
  }

  @Test
  void realNumbers() {
    for (long seed = 0; seed < 300; seed++) {
      IntegerModel model = RandomModel.of(seed);
      IntegerEngine engine = IntegerEngine.of(model);
      int[] codes = RandomCodes.of(seed, model.input(), BATCH);
      float[] reals = new float[codes.length];
      for (int i = 0; i < codes.length; i++) {
        // A number that differs by a quarter of a step, within the format's range, has the same
        // code.
        reals[i] =
            model.input().format().dequantize(codes[i])
                + Math.scalb(0.25f, model.input().format().frac());
      }
      int[] expected = engine.run(codes);

      float[] outputReals = engine.run(reals);
      int[] outputCodes = new int[expected.length];
      engine.run(reals, outputCodes);

      assertWithMessage("seed %s", seed).that(engine.quantize(reals)).isEqualTo(codes);
      assertWithMessage("seed %s", seed).that(outputCodes).isEqualTo(expected);
      for (int i = 0; i < expected.length; i++) {
        assertWithMessage("seed %s", seed)
            .that(outputReals[i])
            .isEqualTo(model.output().format().dequantize(expected[i]));
      }
    }
  }

  @Test
  void anyBatch() {
    IntegerModel model = RandomModel.of(3);
    IntegerEngine engine = IntegerEngine.of(model);
    int[] input = RandomCodes.of(3, model.input(), 10);
    int[] all = engine.run(input);

    for (int examples : new int[] {0, 1, 7, 10}) {
      assertThat(engine.run(Arrays.copyOf(input, examples * model.input().size())))
          .isEqualTo(Arrays.copyOf(all, examples * model.output().size()));
    }
  }

  @Test
  void someTensorsAsked() {
    IntegerModel model = RandomModel.of(3);
    IntegerEngine engine = IntegerEngine.of(model);
    int[] input = RandomCodes.of(3, model.input(), 2);
    String last = model.output().name();

    Map<String, int[]> traced = engine.trace(input, List.of(last, "input"));

    assertThat(traced.keySet()).containsExactly(last, "input").inOrder();
    assertThat(traced.get("input")).isEqualTo(input);
    assertThat(traced.get(last)).isEqualTo(engine.run(input));
  }

  @Test
  void manyThreads() throws InterruptedException, ExecutionException {
    IntegerModel model = RandomModel.of(11);
    IntegerEngine engine = IntegerEngine.of(model);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        Random random = new Random(thread);
        int[] input = RandomCodes.of(random, model.input(), 1 + thread);
        int[] expected = IntegerEngine.of(model).run(input);
        all.add(
            threads.submit(
                () -> {
                  boolean same = true;
                  for (int i = 0; i < 500; i++) {
                    same &= Arrays.equals(engine.run(input), expected);
                  }
                  return same;
                }));
      }
      for (Future<Boolean> same : all) {
        assertThat(same.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void noAllocationAfterTheFirstRun() {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    for (long seed = 0; seed < 100; seed++) {
      IntegerModel model = RandomModel.of(seed);
      IntegerEngine engine = IntegerEngine.of(model);
      int[] codes = RandomCodes.of(seed, model.input(), BATCH);
      float[] reals = new float[codes.length];
      int[] outputCodes = new int[BATCH * model.output().size()];
      float[] outputReals = new float[outputCodes.length];
      engine.run(codes, outputCodes);
      engine.run(reals, outputReals);
      // The bytes that the measurement itself allocates.
      long idle = -bean.getThreadAllocatedBytes(thread) + bean.getThreadAllocatedBytes(thread);

      long before = bean.getThreadAllocatedBytes(thread);
      engine.run(codes, outputCodes);
      engine.run(reals, outputReals);
      engine.run(reals, outputCodes);
      long allocated = bean.getThreadAllocatedBytes(thread) - before - idle;

      assertWithMessage("seed %s", seed).that(allocated).isEqualTo(0);
    }
  }

  @Test
  void wrongInput() {
    IntegerTensor input = new IntegerTensor("x", List.of(2), FixedPoint.signed(8, -7));
    IntegerTensor output = new IntegerTensor("y", List.of(2), FixedPoint.signed(8, -6));
    IntegerEngine engine =
        IntegerEngine.of(
            new IntegerModel(
                "m",
                input,
                output,
                List.of(new Requantize("r", input, CodeRange.all(output.format()), output))));

    assertFails(
        () -> engine.run(new int[3]),
        "the input of model m must have a multiple of 2 numbers for x [2] int8 * 2^-7, but has 3");
    assertFails(
        () -> engine.run(new int[4], new int[2]),
        "the output of model m must have 4 numbers for 2 examples of y [2] int8 * 2^-6, but has 2");
    assertFails(
        () -> engine.run(new float[4], new float[6]),
        "the output of model m must have 4 numbers for 2 examples of y [2] int8 * 2^-6, but has 6");
    int[] untouched = {1, 2, 3, 4};
    assertFails(
        () -> engine.run(new int[] {1, 2, 3, -128}, untouched),
        "the input of model m must have codes between -127 and 127, but number 3 is -128");
    assertThat(untouched).isEqualTo(new int[] {1, 2, 3, 4});
    assertFails(
        () -> engine.run(new float[] {1, Float.NaN}),
        "the input of model m must have numbers, but number 1 is NaN");
    assertThat(
            assertThrows(
                NoSuchElementException.class, () -> engine.trace(new int[2], List.of("z"))))
        .hasMessageThat()
        .isEqualTo("tensor z must be one of model m, but it has x, y");
    assertThat(engine.run(new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}))
        .isEqualTo(new float[] {1, -0.984375f});
  }

  private static void assertFails(Runnable run, String message) {
    assertThat(assertThrows(IllegalArgumentException.class, run::run))
        .hasMessageThat()
        .isEqualTo(message);
  }
}
