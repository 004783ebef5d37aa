package org.slimquant.runtime.gradient;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.WrongGradient;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.types.TFloat32;

/** Two dilated layers that learn the function of two others with random kernels. */
final class DilatedTrainingTest {

  private static final FixedPoint WEIGHTS = FixedPoint.signed(8, -6);
  private static final FixedPoint ACTIVATIONS = FixedPoint.signed(12, -6);
  private static final Shape IMAGES = Shape.of(16, 10, 10, 1);
  private static final long SEED = 3;

  @ParameterizedTest
  @ValueSource(strings = {"SAME", "VALID", "EXPLICIT"})
  void theLossFalls(String padding) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
      Placeholder<TFloat32> images = tf.placeholder(TFloat32.class, Placeholder.shape(IMAGES));
      Operand<TFloat32> wanted =
          convolution(
              tf,
              tf.nn.relu(convolution(tf, images, tf.constantOf(kernel(1, 4, 1)), padding)),
              tf.constantOf(kernel(4, 1, 2)),
              padding);
      Variable<TFloat32> first = tf.variable(Shape.of(3, 3, 1, 4), TFloat32.class);
      Variable<TFloat32> second = tf.variable(Shape.of(3, 3, 4, 1), TFloat32.class);
      Operand<TFloat32> hidden =
          layer(
              quantizer,
              QuantizedLayer.withKernel("conv1", WEIGHTS, ACTIVATIONS),
              () ->
                  tf.nn.relu(
                      convolution(
                          tf,
                          quantizer.input(new QuantizedInput("images", ACTIVATIONS), images),
                          first,
                          padding)));
      Operand<TFloat32> output =
          layer(
              quantizer,
              QuantizedLayer.withKernel("conv2", WEIGHTS, ACTIVATIONS),
              () -> convolution(tf, quantizer.input(hidden), second, padding));
      Operand<TFloat32> loss =
          tf.math.mean(tf.math.squaredDifference(output, wanted), tf.array(0, 1, 2, 3));
      Output<?>[] gradients =
          graph.addGradients(
              null,
              new Output<?>[] {loss.asOutput()},
              new Output<?>[] {first.asOutput(), second.asOutput()},
              null);
      Op[] updates = {
        tf.train.applyGradientDescent(first, tf.constant(0.05f), Tensors.floats(gradients[0])),
        tf.train.applyGradientDescent(second, tf.constant(0.05f), Tensors.floats(gradients[1]))
      };
      Op[] starts = {
        tf.assign(first, tf.constantOf(kernel(1, 4, 3))),
        tf.assign(second, tf.constantOf(kernel(4, 1, 4)))
      };
      assertThat(quantizer.verify().stream().filter(WrongGradient.class::isInstance).toList())
          .isEmpty();

      try (Session session = new Session(graph);
          TFloat32 batch = Tensors.tensor(IMAGES, gaussians(IMAGES, 1, 5))) {
        for (Op start : starts) {
          session.run(start);
        }
        float before = loss(session, images, batch, loss);
        for (int step = 0; step < 300; step++) {
          Session.Runner runner = session.runner().feed(images, batch);
          for (Op update : updates) {
            runner.addTarget(update.op());
          }
          runner.run().close();
        }
        assertThat(loss(session, images, batch, loss)).isLessThan(before / 4);
      }
    }
  }

  private static float loss(
      Session session, Operand<TFloat32> images, TFloat32 batch, Operand<TFloat32> loss) {
    try (var result = session.runner().feed(images, batch).fetch(loss).run()) {
      return Tensors.elements((TFloat32) result.get(0))[0];
    }
  }

  private static Operand<TFloat32> convolution(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> kernel, String padding) {
    return tf.nn.conv2d(
        x,
        kernel,
        List.of(1L, 1L, 1L, 1L),
        padding,
        Conv2d.dilations(List.of(1L, 2L, 2L, 1L)),
        Conv2d.explicitPaddings(
            padding.equals("EXPLICIT") ? List.of(0L, 0L, 1L, 2L, 2L, 1L, 0L, 0L) : List.of()));
  }

  private static TFloat32 kernel(int in, int out, long seed) {
    Shape shape = Shape.of(3, 3, in, out);
    return Tensors.tensor(shape, gaussians(shape, 0.3, seed));
  }

  private static float[] gaussians(Shape shape, double deviation, long seed) {
    Random random = new Random(SEED + seed);
    float[] numbers = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (random.nextGaussian() * deviation);
    }
    return numbers;
  }
}
