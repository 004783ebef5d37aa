package org.slimquant.runtime.fakequant;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slimquant.format.BiasFormat;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Compares the composed fake quant of a bias with its formula in double. */
final class BiasFakeQuantTest {

  private static final long SEED = 13;

  @Test
  void everyMagnitudeAndEveryExponentAgreeWithTheFormula() {
    Random random = new Random(SEED);
    BiasFormat format = new BiasFormat(IntStream.rangeClosed(-126, 96).boxed().toList());
    float[] xs = new float[2_000 * format.fracs().size()];
    for (int i = 0; i < xs.length; i++) {
      int frac = frac(format, i);
      float steps = Math.scalb(random.nextFloat(-1, 1), random.nextInt(-3, 33));
      float x = Math.scalb(random.nextBoolean() ? steps : (float) Math.rint(steps), frac);
      xs[i] = Math.abs(x) < Float.MIN_NORMAL ? 0 : x;
    }

    assertAgrees(format, xs);
  }

  @Test
  void tiesAndTheirNeighboursAgreeWithTheFormula() {
    BiasFormat format = new BiasFormat(List.of(-14));
    float[] xs = new float[3 * 4 * 24];
    int i = 0;
    for (int bit = 0; bit < 24; bit++) {
      for (float code : new float[] {1 << bit, -(1 << bit), (1 << bit) + 1, -(1 << bit) - 1}) {
        float tie = Math.scalb((float) (code + 0.5), -14);
        xs[i++] = tie;
        xs[i++] = Math.nextDown(tie);
        xs[i++] = Math.nextUp(tie);
      }
    }

    assertAgrees(format, xs);
    assertAgrees(format, new float[] {Math.scalb(Math.nextDown(0.5f), -14), -1e-30f, 1e-30f});
  }

  @Test
  void codesSaturateAt32Bits() {
    BiasFormat format = new BiasFormat(List.of(0));

    assertThat(run(format, false, 3e9f, -3e9f, Float.POSITIVE_INFINITY, 0x1p31f, 2147483520f))
        .usingExactEquality()
        .containsExactly(2147483520f, -2147483520f, 2147483520f, 2147483520f, 2147483520f)
        .inOrder();
  }

  @Test
  void theGradientIsOneWithin32BitsAndZeroOutside() {
    for (int frac : new int[] {-60, -14, 0, 60}) {
      float[] xs = {0.3f, -7.5f, 1e9f, 2147483520f, 0x1p31f, -0x1p31f, -2147483520f, 3e20f};
      for (int i = 0; i < xs.length; i++) {
        xs[i] = Math.scalb(xs[i], frac);
      }

      assertThat(run(new BiasFormat(List.of(frac)), true, xs))
          .usingExactEquality()
          .containsExactly(3, 3, 3, 3, 0, 0, 3, 0)
          .inOrder();
    }
  }

  @Test
  void exponentsThatFloat32DoesNotHold() {
    assertThat(
            assertThrows(IllegalArgumentException.class, () -> new BiasFormat(List.of(-14, -127))))
        .hasMessageThat()
        .isEqualTo("the exponent of a bias must be between -126 and 96, but is -127");
    assertThat(assertThrows(IllegalArgumentException.class, () -> new BiasFormat(List.of(97))))
        .hasMessageThat()
        .isEqualTo("the exponent of a bias must be between -126 and 96, but is 97");
    assertThat(assertThrows(IllegalArgumentException.class, () -> new BiasFormat(List.of())))
        .hasMessageThat()
        .isEqualTo("a bias must have an exponent, but has none");
  }

  private static int frac(BiasFormat format, int i) {
    return format.fracs().get(i % format.fracs().size());
  }

  private static void assertAgrees(BiasFormat format, float[] xs) {
    float[] expected = new float[xs.length];
    for (int i = 0; i < xs.length; i++) {
      double code = Math.floor(Math.scalb((double) xs[i], -frac(format, i)) + 0.5);
      double clamped = Math.max(-2147483520.0, Math.min(2147483520.0, code));
      expected[i] = (float) Math.scalb(clamped, frac(format, i));
    }
    float[] actual = run(format, false, xs);
    int difference = Arrays.mismatch(actual, expected);
    if (difference >= 0) {
      assertWithMessage("seed %s: %s * 2^%s", SEED, xs[difference], frac(format, difference))
          .that(actual[difference])
          .isEqualTo(expected[difference]);
    }
  }

  /** Returns the fake quant of biases in rows, or the gradient of three times it. */
  private static float[] run(BiasFormat format, boolean gradient, float... xs) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      int channels = format.fracs().size();
      Shape shape = Shape.of(xs.length / channels, channels);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      Output<TFloat32> y = BiasFakeQuant.add(tf.scope(), "y", x.asOutput(), format);
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
