package org.slimquant.runtime.fakequant;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.PerChannel;
import org.slimquant.runtime.graph.Channels;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Compares the composed fake quant of a kernel with the format of each channel. */
final class PerChannelFakeQuantTest {

  private static final long SEED = 11;
  private static final int ROWS = 4_000;

  @ParameterizedTest
  @EnumSource(GradientForm.class)
  void codesTiesAndTheNumbersOfAnAccumulatorAgreeWithEachChannelsFormat(GradientForm form) {
    Random random = new Random(SEED);
    for (int bits = 2; bits <= 16; bits++) {
      // An accumulator that is shifted right by s has numbers of 2^-s steps; n + s <= 24.
      int shift = 24 - bits;
      assertAgrees(
          form,
          everyExponent(bits),
          format ->
              switch (random.nextInt(3)) {
                case 0 -> random.nextInt(2 * format.maxCode() + 3) - format.maxCode() - 1;
                case 1 -> random.nextInt(2 * format.maxCode() + 3) - format.maxCode() - 0.5;
                default -> {
                  long range = (1L << shift) * (format.maxCode() + 2L);
                  yield Math.scalb((double) random.nextLong(-range, range), -shift);
                }
              });
    }
  }

  @ParameterizedTest
  @EnumSource(GradientForm.class)
  void arbitraryRealsAgreeUnlessTheyLieUnderATie(GradientForm form) {
    Random random = new Random(SEED);
    for (int bits = 2; bits <= 16; bits++) {
      double reach = Math.scalb(1.0, bits - 25);
      assertAgrees(
          form,
          everyExponent(bits),
          format -> {
            double steps = (float) (random.nextGaussian() * 0.5 * format.maxCode());
            double toTie = Math.floor(steps) + 0.5 - steps;
            return toTie > 0 && toTie <= reach ? Math.floor(steps) : steps;
          });
    }
  }

  /** Every legal exponent, one for each channel. */
  private static PerChannel everyExponent(int bits) {
    return PerChannel.of(bits, IntStream.rangeClosed(-126, 128 - bits).toArray());
  }

  private static void assertAgrees(
      GradientForm form, PerChannel format, ToDoubleFunction<FixedPoint> steps) {
    int channels = format.fracs().size();
    float[] xs = new float[ROWS / 8 * channels];
    float[] expected = new float[xs.length];
    for (int i = 0; i < xs.length; i++) {
      FixedPoint channel = format.channel(i % channels);
      float x = (float) Math.scalb(steps.applyAsDouble(channel), channel.frac());
      // TensorFlow flushes subnormal numbers to 0.
      xs[i] = Math.abs(x) < Float.MIN_NORMAL ? 0 : x;
      expected[i] = channel.dequantize(channel.quantize(xs[i]));
    }
    float[] actual =
        run(form, format, Shape.of(xs.length / channels, channels), List.of(1), xs, false);
    int difference = Arrays.mismatch(actual, expected);
    if (difference >= 0) {
      assertWithMessage(
              "seed %s: %s in %s", SEED, xs[difference], format.channel(difference % channels))
          .that(actual[difference])
          .isEqualTo(expected[difference]);
    }
  }

  @ParameterizedTest
  @EnumSource(GradientForm.class)
  void infinitiesAndQuotientsThatOverflowSaturate(GradientForm form) {
    PerChannel format = PerChannel.of(8, -126, 0);

    assertThat(
            run(
                form,
                format,
                Shape.of(3, 2),
                List.of(1),
                new float[] {
                  Float.POSITIVE_INFINITY,
                  Float.NEGATIVE_INFINITY,
                  Float.MAX_VALUE,
                  Float.MAX_VALUE,
                  -1e10f,
                  Float.MIN_NORMAL
                },
                false))
        .usingExactEquality()
        .containsExactly(
            Math.scalb(127f, -126), -127f, Math.scalb(127f, -126), 127f, Math.scalb(-127f, -126), 0)
        .inOrder();
  }

  @ParameterizedTest
  @EnumSource(GradientForm.class)
  void theChannelsOfADepthwiseKernelRunAlongTwoAxes(GradientForm form) {
    PerChannel format = PerChannel.of(8, 0, 1, 2, 3, 4, 5);
    float[] kernel = new float[12];
    Arrays.fill(kernel, 41f);

    assertThat(run(form, format, Shape.of(1, 2, 3, 2), List.of(2, 3), kernel, false))
        .usingExactEquality()
        .containsExactly(41, 42, 40, 40, 48, 32, 41, 42, 40, 40, 48, 32)
        .inOrder();
  }

  @ParameterizedTest
  @EnumSource(GradientForm.class)
  void theChannelsOfATransposedConvolutionLieAlongTheLastAxisButOne(GradientForm form) {
    PerChannel format = PerChannel.of(8, 0, 3);
    float[] kernel = new float[6];
    Arrays.fill(kernel, 41f);

    assertThat(run(form, format, Shape.of(1, 1, 2, 3), List.of(2), kernel, false))
        .usingExactEquality()
        .containsExactly(41, 41, 41, 40, 40, 40)
        .inOrder();
  }

  @ParameterizedTest
  @EnumSource(GradientForm.class)
  void aDeadChannelStaysZeroAtAnyExponent(GradientForm form) {
    PerChannel format = PerChannel.of(8, -126, -7, 120);

    assertThat(run(form, format, Shape.of(2, 3), List.of(1), new float[6], false))
        .usingExactEquality()
        .containsExactly(0, 0, 0, 0, 0, 0);
  }

  @ParameterizedTest
  @MethodSource("org.slimquant.runtime.testing.Tensors#formsThatTrain")
  void theGradientIsOneBetweenEachChannelsBoundsAndZeroOutside(GradientForm form) {
    PerChannel format = PerChannel.of(8, -60, -7, 0, 60);
    float[] inSteps = {-128, -127.01f, -127, -126.7f, 0.3f, 88.9f, 127, 127.01f, 300};
    float[] xs = new float[inSteps.length * 4];
    float[] expected = new float[xs.length];
    for (int i = 0; i < xs.length; i++) {
      xs[i] = Math.scalb(inSteps[i / 4], format.fracs().get(i % 4));
      expected[i] = Math.abs(inSteps[i / 4]) <= 127 ? 3 : 0;
    }

    assertThat(run(form, format, Shape.of(inSteps.length, 4), List.of(1), xs, true))
        .isEqualTo(expected);
  }

  @Test
  void theOps() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = tf.withName("x").placeholder(TFloat32.class);
      PerChannelFakeQuant.add(
          tf.scope(),
          "kernel",
          x.asOutput(),
          PerChannel.of(8, -7, -9),
          Shape.of(1, 2),
          GradientForm.REGISTERED);

      assertThat(Tensors.lines(graph))
          .containsExactly(
              "Placeholder x <- []",
              "Const kernel/inverse <- []",
              "Const kernel/step <- []",
              "Mul kernel/steps <- [x, kernel/inverse]",
              "Const SlimQuant/int8_frac0/min <- []",
              "Const SlimQuant/int8_frac0/max <- []",
              "FakeQuantWithMinMaxVars kernel/codes <- [kernel/steps, SlimQuant/int8_frac0/min,"
                  + " SlimQuant/int8_frac0/max]",
              "Mul kernel <- [kernel/codes, kernel/step]")
          .inOrder();
    }
  }

  /** Returns the fake quant of a kernel, or the gradient of three times it. */
  private static float[] run(
      GradientForm form,
      PerChannel format,
      Shape shape,
      List<Integer> axes,
      float[] xs,
      boolean gradient) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      Output<TFloat32> y =
          PerChannelFakeQuant.add(
              tf.scope(),
              "y",
              x.asOutput(),
              format,
              new Channels(shape, axes).broadcastShape(),
              form);
      Output<?> fetch =
          gradient
              ? graph
                  .addGradients(
                      tf.math.mul(y, tf.constant(3f)).asOutput(), new Output<?>[] {x.asOutput()})[0]
              : y;
      try (Session session = new Session(graph);
          TFloat32 fed = Tensors.tensor(shape, xs);
          var result = session.runner().feed(x, fed).fetch(fetch).run()) {
        return Tensors.elements((TFloat32) result.get(0));
      }
    }
  }
}
