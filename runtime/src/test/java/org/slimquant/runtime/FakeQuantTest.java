package org.slimquant.runtime;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.fakequant.FakeQuantGradient;
import org.slimquant.runtime.fakequant.GradientForm;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.EagerSession;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.quantization.FakeQuantWithMinMaxVars;
import org.tensorflow.types.TFloat32;

final class FakeQuantTest {

  private static final long SEED = 7;

  @ParameterizedTest
  @EnumSource(GradientForm.class)
  void codesTiesAndTheNumbersOfAnAccumulatorAgreeWithFixedPoint(GradientForm form) {
    Random random = new Random(SEED);
    forEveryFormat(
        format -> {
          // An accumulator that is shifted right by s has numbers of 2^-s steps; n + s <= 24.
          int shift = 24 - format.bits();
          float[] xs = new float[3 * (format.maxCode() - format.minCode() + 3) + 10_000];
          int i = 0;
          for (int code = format.minCode() - 1; code <= format.maxCode() + 1; code++) {
            xs[i++] = steps(format, code);
            xs[i++] = steps(format, code + 0.5);
            xs[i++] = steps(format, code + 0.5 - Math.scalb(1.0, -shift));
          }
          while (i < xs.length) {
            long range = (1L << shift) * (format.maxCode() + 2L);
            xs[i++] = steps(format, Math.scalb((double) random.nextLong(-range, range), -shift));
          }
          assertAgrees(form, format, xs, quantized(format, xs));
        });
  }

  @ParameterizedTest
  @EnumSource(GradientForm.class)
  void arbitraryRealsAgreeWithFixedPointUnlessTheyLieUnderATie(GradientForm form) {
    Random random = new Random(SEED);
    forEveryFormat(
        format -> {
          float[] xs = new float[20_000];
          for (int i = 0; i < xs.length; i++) {
            xs[i] = (float) (random.nextGaussian() * 0.5 * format.max());
            // The op subtracts the lower bound in float32, which moves such a number onto the tie.
            double steps = Math.scalb((double) xs[i], -format.frac());
            double toTie = Math.floor(steps) + 0.5 - steps;
            if (toTie > 0 && toTie <= Math.scalb(1.0, format.bits() - 25)) {
              xs[i] = steps(format, Math.floor(steps));
            }
          }
          assertAgrees(form, format, xs, quantized(format, xs));
        });
  }

  @Test
  void underATieTheOpRoundsAsItsFloatArithmeticDoes() {
    Random random = new Random(SEED);
    forEveryFormat(
        format -> {
          float[] xs = new float[2_000];
          float[] expected = new float[xs.length];
          for (int i = 0; i < xs.length; i++) {
            int code = random.nextInt(format.minCode(), format.maxCode());
            xs[i] = Math.nextDown(steps(format, code + 0.5));
            float shifted = Math.max(xs[i], format.min()) - format.min();
            float inverse = 1 / format.step();
            float code1 = (float) Math.floor(shifted * inverse + format.minCode() + 0.5f);
            expected[i] = code1 * format.step();
          }
          assertAgrees(GradientForm.REGISTERED, format, xs, expected);
        });
  }

  @ParameterizedTest
  @EnumSource(GradientForm.class)
  void infinitiesSaturateAndNanStays(GradientForm form) {
    FixedPoint format = FixedPoint.signed(8, -7);

    assertThat(fakeQuant(form, format, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN))
        .usingExactEquality()
        .containsExactly(format.max(), format.min(), Float.NaN)
        .inOrder();
  }

  @ParameterizedTest
  @MethodSource("org.slimquant.runtime.testing.Tensors#formsThatTrain")
  void theGradientIsOneBetweenTheBoundsAndZeroOutside(GradientForm form) {
    for (FixedPoint format :
        new FixedPoint[] {
          FixedPoint.signed(8, -7), FixedPoint.unsigned(4, 2), FixedPoint.signed(16, -3)
        }) {
      float[] xs = {
        format.min() - format.step(),
        format.min() - 0.01f * format.step(),
        format.min(),
        format.min() + 0.3f * format.step(),
        0.7f * format.max(),
        format.max(),
        Math.nextUp(format.max()),
        2 * format.max()
      };
      try (Graph graph = new Graph()) {
        Ops tf = Ops.create(graph);
        Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
        Operand<TFloat32> y = tf.math.mul(FakeQuant.of(tf, x, format, form), tf.constant(3f));
        Output<?>[] gradient = graph.addGradients(y.asOutput(), new Output<?>[] {x.asOutput()});

        assertThat(Tensors.run(graph, Tensors.floats(gradient[0]), x, xs))
            .usingExactEquality()
            .containsExactly(0, 0, 3, 3, 3, 3, 0, 0)
            .inOrder();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.slimquant.runtime.testing.Tensors#formsThatTrain")
  void theGradientOfTheGradientIsThatOfTheFunctionBetweenTheBounds(GradientForm form) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
      Operand<TFloat32> y = FakeQuant.of(tf, tf.math.square(x), FixedPoint.signed(8, -7), form);
      Output<?>[] ones = {tf.constant(new float[] {1, 1, 1, 1}).asOutput()};
      Output<?>[] xs = {x.asOutput()};
      Output<?>[] first = graph.addGradients("first", new Output<?>[] {y.asOutput()}, xs, ones);
      Output<?>[] second = graph.addGradients("second", first, xs, ones);

      // The second derivative of x^2 where x^2 is within the range.
      assertThat(Tensors.run(graph, Tensors.floats(second[0]), x, 0.1f, -0.5f, 2f, -3f))
          .usingExactEquality()
          .containsExactly(2, 2, 0, 0)
          .inOrder();
    }
  }

  @Test
  void constantBoundsAreSharedAndCostNoGradient() {
    assumeTrue(FakeQuantGradient.REGISTERED, "this platform cannot register a gradient");
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
      Operand<TFloat32> twice =
          tf.math.add(
              FakeQuant.of(tf, x, FixedPoint.signed(8, -7), GradientForm.REGISTERED),
              FakeQuant.of(tf, x, FixedPoint.signed(8, -7), GradientForm.REGISTERED));
      graph.addGradients(twice.asOutput(), new Output<?>[] {x.asOutput()});

      assertThat(Tensors.lines(graph))
          .containsAtLeast(
              "Placeholder Placeholder <- []",
              "Const SlimQuant/int8_frac-7/min <- []",
              "Const SlimQuant/int8_frac-7/max <- []",
              "FakeQuantWithMinMaxVars FakeQuantWithMinMaxVars <- [Placeholder,"
                  + " SlimQuant/int8_frac-7/min, SlimQuant/int8_frac-7/max]",
              "FakeQuantWithMinMaxVars FakeQuantWithMinMaxVars_1 <- [Placeholder,"
                  + " SlimQuant/int8_frac-7/min, SlimQuant/int8_frac-7/max]",
              "Add Add <- [FakeQuantWithMinMaxVars, FakeQuantWithMinMaxVars_1]")
          .inOrder();
      assertThat(
              Tensors.lines(graph).stream()
                  .filter(line -> line.startsWith("FakeQuantWithMinMaxArgsGradient")))
          .hasSize(2);
      assertThat(
              Tensors.lines(graph).stream()
                  .filter(line -> line.startsWith("FakeQuantWithMinMaxVarsGradient")))
          .isEmpty();
    }
  }

  @Test
  void formatsThatDifferInSignOrStepHaveBoundsOfTheirOwn() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
      FakeQuant.of(tf, x, FixedPoint.signed(8, -7));
      FakeQuant.of(tf, x, FixedPoint.unsigned(8, -7));
      FakeQuant.of(tf, x, FixedPoint.signed(8, 7));

      assertThat(Tensors.lines(graph).stream().filter(line -> line.startsWith("Const")))
          .containsExactly(
              "Const SlimQuant/int8_frac-7/min <- []",
              "Const SlimQuant/int8_frac-7/max <- []",
              "Const SlimQuant/uint8_frac-7/min <- []",
              "Const SlimQuant/uint8_frac-7/max <- []",
              "Const SlimQuant/int8_frac7/min <- []",
              "Const SlimQuant/int8_frac7/max <- []");
    }
  }

  @Test
  void boundsThatAreTrainedGetTheirGradients() {
    assumeTrue(FakeQuantGradient.REGISTERED, "this platform cannot register a gradient");
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
      Operand<TFloat32> max = tf.math.add(tf.constant(100f), tf.constant(27f));
      Operand<TFloat32> y =
          tf.quantization.fakeQuantWithMinMaxVars(
              x, tf.constant(-127f), max, FakeQuantWithMinMaxVars.narrowRange(true));
      Output<?>[] gradients =
          graph.addGradients(y.asOutput(), new Output<?>[] {max.asOutput(), x.asOutput()});

      assertThat(Tensors.run(graph, Tensors.floats(gradients[0]), x, 1f, 200f, 300f, -300f))
          .usingExactEquality()
          .containsExactly(2);
      assertThat(Tensors.run(graph, Tensors.floats(gradients[1]), x, 1f, 200f, 300f, -300f))
          .usingExactEquality()
          .containsExactly(1, 0, 0, 0)
          .inOrder();
    }
  }

  @Test
  void theNameAndScopeOfTheOpsAreTheCallers() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> y =
          FakeQuant.of(
              tf.withSubScope("conv1").withName("quantized"),
              tf.placeholder(TFloat32.class),
              FixedPoint.signed(8, -7));

      assertThat(y.op().name()).isEqualTo("conv1/quantized");
    }
  }

  @Test
  void eagerSession() {
    try (EagerSession session = EagerSession.create()) {
      Ops tf = Ops.create(session);

      IllegalArgumentException thrown =
          assertThrows(
              IllegalArgumentException.class,
              () -> FakeQuant.of(tf, tf.constant(1f), FixedPoint.signed(8, -7)));

      assertThat(thrown)
          .hasMessageThat()
          .isEqualTo(
              "a fake quant must be built in a graph, but tf is of an eager session; make it with"
                  + " Ops.create(graph)");
    }
  }

  @Test
  void operandOfAnotherGraph() {
    try (Graph graph = new Graph();
        Graph other = new Graph()) {
      Operand<TFloat32> x = Ops.create(other).placeholder(TFloat32.class);

      IllegalArgumentException thrown =
          assertThrows(
              IllegalArgumentException.class,
              () -> FakeQuant.of(Ops.create(graph), x, FixedPoint.signed(8, -7)));

      assertThat(thrown)
          .hasMessageThat()
          .isEqualTo(
              "the operand of a fake quant must be a tensor of the same graph, but Placeholder:0 is"
                  + " of another; give every graph a quantizer of its own");
      assertThat(Tensors.lines(graph)).isEmpty();
    }
  }

  private static void forEveryFormat(Consumer<FixedPoint> check) {
    for (int bits = 2; bits <= 16; bits++) {
      for (int frac : new int[] {-102, -30, -7, 0, 20, 128 - bits}) {
        check.accept(FixedPoint.signed(bits, frac));
        check.accept(FixedPoint.unsigned(bits, frac));
      }
    }
  }

  private static float steps(FixedPoint format, double steps) {
    return (float) Math.scalb(steps, format.frac());
  }

  private static float[] quantized(FixedPoint format, float[] xs) {
    float[] expected = new float[xs.length];
    IntStream.range(0, xs.length)
        .forEach(i -> expected[i] = format.dequantize(format.quantize(xs[i])));
    return expected;
  }

  private static void assertAgrees(
      GradientForm form, FixedPoint format, float[] xs, float[] expected) {
    float[] actual = fakeQuant(form, format, xs);
    int difference = Arrays.mismatch(actual, expected);
    if (difference >= 0) {
      assertWithMessage("seed %s: %s in %s", SEED, xs[difference], format)
          .that(actual[difference])
          .isEqualTo(expected[difference]);
    }
  }

  private static float[] fakeQuant(GradientForm form, FixedPoint format, float... xs) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
      return Tensors.run(graph, FakeQuant.of(tf, x, format, form), x, xs);
    }
  }
}
