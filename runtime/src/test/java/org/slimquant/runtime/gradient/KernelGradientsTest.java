package org.slimquant.runtime.gradient;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.testing.KernelOpCase;
import org.slimquant.runtime.testing.KernelOpCases;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Compares the output and both gradients of a layer, for every kernel op, with their sums of
 * products. Inputs and weights are whole numbers, which the fake quants leave as they are.
 */
final class KernelGradientsTest {

  private static final FixedPoint WHOLE = FixedPoint.signed(16, 0);
  private static final long SEED = 20260301;

  static Stream<KernelOpCase> all() {
    return KernelOpCases.all();
  }

  /** The sizes of axes are known to the graph, or known only when it is fed. */
  @ParameterizedTest
  @MethodSource("all")
  void gradientsAreThoseOfTheSums(KernelOpCase op) {
    assertGradients(op, op.x());
    boolean spatial = op.name().startsWith("Conv") && !op.name().contains("Backprop");
    if (spatial || op.name().startsWith("Depthwise")) {
      long[] unknown = op.x().asArray();
      Arrays.fill(unknown, 0, unknown.length - 1, Shape.UNKNOWN_SIZE);
      assertGradients(op, Shape.of(unknown));
    }
  }

  private static void assertGradients(KernelOpCase op, Shape placeholder) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(placeholder));
      Operand<TFloat32> w = tf.zeros(tf.constant(op.w().asArray()), TFloat32.class);
      Operand<TFloat32> y =
          layer(
              quantizer,
              QuantizedLayer.withKernel("layer", WHOLE, WHOLE),
              () -> op.body().add(tf, quantizer.input(new QuantizedInput("x", WHOLE), x), w));
      Placeholder<TFloat32> dy = tf.placeholder(TFloat32.class);
      Output<?>[] gradients =
          graph.addGradients(
              null,
              new Output<?>[] {y.asOutput()},
              new Output<?>[] {x.asOutput(), w.asOutput()},
              new Output<?>[] {tf.reshape(dy, tf.shape(y)).asOutput()});

      float[] xs = whole(op.x(), SEED);
      float[] ws = whole(op.w(), SEED + 1);
      float[] dys = whole(op.sums().output(), SEED + 2);
      try (Session session = new Session(graph);
          TFloat32 fedX = Tensors.tensor(op.x(), xs);
          TFloat32 fedW = Tensors.tensor(op.w(), ws);
          TFloat32 fedDy = Tensors.tensor(Shape.of(dys.length), dys);
          Result result =
              session
                  .runner()
                  .feed(x, fedX)
                  .feed(w, fedW)
                  .feed(dy, fedDy)
                  .fetch(y)
                  .fetch(gradients[0])
                  .fetch(gradients[1])
                  .run()) {
        assertSame("output", result.get(0), op.sums().outputs(xs, ws));
        assertSame("dx", result.get(1), op.sums().inputGradients(ws, dys, xs.length));
        assertSame("dw", result.get(2), op.sums().weightGradients(xs, dys, ws.length));
      } catch (TFInvalidArgumentException | TFUnimplementedException refused) {
        assertRefusedByTensorFlow(op, refused);
      }
    }
  }

  private static void assertSame(String what, Tensor result, float[] expected) {
    assertWithMessage(what)
        .that(whole(Tensors.elements((TFloat32) result)))
        .isEqualTo(whole(expected));
  }

  /** Returns whole numbers as they are: 0 and -0 are one. */
  private static int[] whole(float[] numbers) {
    int[] whole = new int[numbers.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (int) numbers[i];
      assertThat((float) whole[i]).isEqualTo(numbers[i] + 0f);
    }
    return whole;
  }

  /** An op without a form may be refused, by an error of TensorFlow that gives the reason. */
  private static void assertRefusedByTensorFlow(KernelOpCase op, RuntimeException refused) {
    assertWithMessage("runs everywhere").that(op.everywhere()).isFalse();
    assertThat(refused).hasMessageThat().contains("dilation");
  }

  private static float[] whole(Shape shape, long seed) {
    Random random = new Random(seed);
    float[] numbers = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = random.nextInt(7) - 3;
    }
    return numbers;
  }
}
