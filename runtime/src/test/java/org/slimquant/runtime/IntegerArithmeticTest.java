package org.slimquant.runtime;

import static com.google.common.truth.Truth.assertWithMessage;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.fakequant.GradientForm;
import org.slimquant.runtime.testing.QuantizerOfForm;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Compares fully quantized layers with a machine that has integers only: {@code clamp((Σ x·w + b +
 * 2^(s-1)) >> s)}. Twelve layers, 1.7 million outputs, no difference.
 */
final class IntegerArithmeticTest {

  private static final long SEED = 17;
  private static final int IN = 8;
  private static final int SIZE = 16;
  private static final int INPUT_FRAC = -7;
  private static final FixedPoint INPUT = FixedPoint.signed(8, INPUT_FRAC);

  /** A layer: its graph, and the products that an integer machine sums up. */
  private enum Layer {
    /** A convolution of an image that is padded by a pixel on each side. */
    CONVOLUTION(Shape.of(64, SIZE, SIZE, IN), Shape.of(3, 3, IN, 16), 16) {
      @Override
      Operand<TFloat32> build(
          Ops tf, Operand<TFloat32> x, Operand<TFloat32> kernel, Operand<TFloat32> bias) {
        return tf.nn.biasAdd(tf.nn.conv2d(x, kernel, List.of(1L, 1L, 1L, 1L), "SAME"), bias);
      }

      @Override
      long sum(int[] x, int[] kernel, int pixel, int channel) {
        long sum = 0;
        for (int tap = 0; tap < 9; tap++) {
          int from = neighbour(pixel, tap);
          for (int in = 0; from >= 0 && in < IN; in++) {
            sum += (long) x[from * IN + in] * kernel[(tap * IN + in) * channels + channel];
          }
        }
        return sum;
      }
    },

    /** Two output channels for each input channel. */
    DEPTHWISE(Shape.of(32, SIZE, SIZE, IN), Shape.of(3, 3, IN, 2), 2 * IN) {
      @Override
      Operand<TFloat32> build(
          Ops tf, Operand<TFloat32> x, Operand<TFloat32> kernel, Operand<TFloat32> bias) {
        return tf.math.add(
            tf.nn.depthwiseConv2dNative(x, kernel, List.of(1L, 1L, 1L, 1L), "SAME"), bias);
      }

      @Override
      long sum(int[] x, int[] kernel, int pixel, int channel) {
        long sum = 0;
        for (int tap = 0; tap < 9; tap++) {
          int from = neighbour(pixel, tap);
          if (from >= 0) {
            sum += (long) x[from * IN + channel / 2] * kernel[tap * channels + channel];
          }
        }
        return sum;
      }
    },

    /** A matrix product. */
    DENSE(Shape.of(1024, 100), Shape.of(100, 32), 32) {
      @Override
      Operand<TFloat32> build(
          Ops tf, Operand<TFloat32> x, Operand<TFloat32> kernel, Operand<TFloat32> bias) {
        return tf.math.add(tf.linalg.matMul(x, kernel), bias);
      }

      @Override
      long sum(int[] x, int[] kernel, int row, int channel) {
        long sum = 0;
        for (int in = 0; in < 100; in++) {
          sum += (long) x[row * 100 + in] * kernel[in * channels + channel];
        }
        return sum;
      }
    };

    @SuppressWarnings("ImmutableEnumChecker") // a shape is immutable, but does not say so
    final Shape input;

    @SuppressWarnings("ImmutableEnumChecker") // a shape is immutable, but does not say so
    final Shape kernel;

    final int channels;

    Layer(Shape input, Shape kernel, int channels) {
      this.input = input;
      this.kernel = kernel;
      this.channels = channels;
    }

    abstract Operand<TFloat32> build(
        Ops tf, Operand<TFloat32> x, Operand<TFloat32> kernel, Operand<TFloat32> bias);

    abstract long sum(int[] x, int[] kernel, int position, int channel);

    /** Returns the pixel that a tap of a 3x3 kernel reads, or -1 for one outside of the image. */
    private static int neighbour(int pixel, int tap) {
      int row = pixel / SIZE % SIZE + tap / 3 - 1;
      int column = pixel % SIZE + tap % 3 - 1;
      return row < 0 || row >= SIZE || column < 0 || column >= SIZE
          ? -1
          : (pixel / (SIZE * SIZE) * SIZE + row) * SIZE + column;
    }
  }

  static Stream<Arguments> layers() {
    return Stream.of(Layer.values())
        .flatMap(
            layer ->
                Stream.of(GradientForm.values())
                    .flatMap(
                        form ->
                            Stream.of(
                                Arguments.of(layer, FixedPoint.signed(8, -8), form),
                                Arguments.of(
                                    layer,
                                    new PerChannel(
                                        8,
                                        IntStream.range(0, layer.channels)
                                            .mapToObj(channel -> -6 - channel % 6)
                                            .toList()),
                                    form))));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void theGraphComputesWhatAnIntegerMachineDoes(
      Layer layer, FormatRequest kernel, GradientForm form) {
    Random random = new Random(SEED);
    List<Integer> kernelFracs = ((Format) kernel).fracs();
    FixedPoint output = FixedPoint.unsigned(8, -5);
    // Numbers of more bits than the codes have, on a grid without numbers just below a tie.
    float[] x = randoms(random, (int) layer.input.size(), 0.5, -12);
    float[] w = randoms(random, (int) layer.kernel.size(), 0.15, -16);
    float[] b = randoms(random, layer.channels, 0.5, -22);

    float[] actual = run(layer, kernel, output, form, x, w, b);

    int[] xCodes = codes(x, List.of(INPUT_FRAC), 127);
    int[] wCodes = codes(w, kernelFracs, 127);
    int[] bCodes =
        codes(b, kernelFracs.stream().map(frac -> frac + INPUT_FRAC).toList(), Integer.MAX_VALUE);
    int differences = 0;
    int inside = 0;
    for (int i = 0; i < actual.length; i++) {
      int channel = i % layer.channels;
      long acc = layer.sum(xCodes, wCodes, i / layer.channels, channel) + bCodes[channel];
      int shift = -5 - INPUT_FRAC - kernelFracs.get(channel % kernelFracs.size());
      long code = Math.max(0, Math.min(255, (acc + (1L << (shift - 1))) >> shift));
      differences += actual[i] == Math.scalb((float) code, -5) ? 0 : 1;
      inside += code > 0 && code < 255 ? 1 : 0;
    }
    assertWithMessage("differences of %s outputs, seed %s", actual.length, SEED)
        .that(differences)
        .isEqualTo(0);
    assertWithMessage("outputs that do not saturate").that(inside).isAtLeast(actual.length / 4);
  }

  private static float[] randoms(Random random, int count, double deviation, int frac) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      double number = random.nextGaussian() * deviation;
      numbers[i] = (float) Math.scalb(Math.rint(Math.scalb(number, -frac)), frac);
    }
    return numbers;
  }

  private static int[] codes(float[] numbers, List<Integer> fracs, int max) {
    int[] codes = new int[numbers.length];
    for (int i = 0; i < codes.length; i++) {
      double steps = Math.scalb((double) numbers[i], -fracs.get(i % fracs.size()));
      codes[i] = (int) Math.max(-max, Math.min(max, Math.floor(steps + 0.5)));
    }
    return codes;
  }

  private static float[] run(
      Layer layer,
      FormatRequest kernel,
      FixedPoint output,
      GradientForm form,
      float[] x,
      float[] w,
      float[] b) {
    try (Graph graph = new Graph();
        TFloat32 weights = Tensors.tensor(layer.kernel, w)) {
      Ops tf = Ops.create(graph);
      GraphQuantizer quantizer = new QuantizerOfForm(graph, form, QuantizationPlan.EMPTY);
      Placeholder<TFloat32> input = tf.placeholder(TFloat32.class, Placeholder.shape(layer.input));
      Operand<TFloat32> y =
          layer(
              quantizer,
              QuantizedLayer.withKernel("layer", kernel, output),
              () ->
                  tf.nn.relu(
                      layer.build(
                          tf,
                          quantizer.input(new QuantizedInput("x", INPUT), input),
                          tf.constantOf(weights),
                          tf.constant(b))));
      assertWithMessage("sites").that(quantizer.plan().sites()).hasSize(4);
      try (Session session = new Session(graph);
          TFloat32 fed = Tensors.tensor(layer.input, x);
          var result = session.runner().feed(input, fed).fetch(y).run()) {
        return Tensors.elements((TFloat32) result.get(0));
      }
    }
  }
}
