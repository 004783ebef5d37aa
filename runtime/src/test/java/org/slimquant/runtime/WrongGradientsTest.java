package org.slimquant.runtime;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.LocalResponseNormalization;
import org.tensorflow.op.nn.SoftmaxCrossEntropyWithLogits;
import org.tensorflow.types.TFloat32;

/**
 * Ops that a graph trains through by a wrong gradient, and the gradients of TensorFlow that are
 * wrong.
 */
final class WrongGradientsTest {

  private static final FixedPoint FORMAT = FixedPoint.signed(16, -8);
  private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
  private final Placeholder<TFloat32> images =
      tf.withName("images").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 8, 8, 2)));
  private final Variable<TFloat32> kernel =
      tf.withName("kernel").variable(Shape.of(3, 3, 2, 2), TFloat32.class);

  @AfterEach
  void closeGraph() {
    graph.close();
  }

  /** An op, and whether TensorFlow's gradient of it is wrong. */
  record Candidate(String name, boolean wrong, Shape shape, Body body) {

    /** Adds the op to a tensor that a variable of the shape flows into. */
    interface Body {
      Operand<TFloat32> add(Ops tf, Operand<TFloat32> x);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Candidate> candidates() {
    Shape matrix = Shape.of(3, 4);
    Shape cube = Shape.of(2, 3, 4);
    Shape image = Shape.of(1, 2, 2, 8);
    return Stream.of(
        new Candidate("LogSoftmax of a matrix", false, matrix, (tf, x) -> tf.nn.logSoftmax(x)),
        new Candidate("LogSoftmax of a cube", true, cube, (tf, x) -> tf.nn.logSoftmax(x)),
        new Candidate("Softmax of a cube", false, cube, (tf, x) -> tf.nn.softmax(x)),
        new Candidate("LRN as it is", false, image, (tf, x) -> tf.nn.localResponseNormalization(x)),
        new Candidate(
            "LRN with another radius",
            true,
            image,
            (tf, x) ->
                tf.nn.localResponseNormalization(x, LocalResponseNormalization.depthRadius(1L))),
        new Candidate(
            "LRN with a bias",
            true,
            image,
            (tf, x) -> tf.nn.localResponseNormalization(x, LocalResponseNormalization.bias(2f))),
        new Candidate(
            "LRN with alpha",
            true,
            image,
            (tf, x) ->
                tf.nn.localResponseNormalization(x, LocalResponseNormalization.alpha(0.25f))),
        new Candidate(
            "LRN with beta",
            true,
            image,
            (tf, x) -> tf.nn.localResponseNormalization(x, LocalResponseNormalization.beta(0.75f))),
        new Candidate(
            "cross entropy of two matrices", false, matrix, (tf, x) -> crossEntropy(tf, x, 3)),
        new Candidate(
            "cross entropy with one row of logits",
            true,
            Shape.of(1, 4),
            (tf, x) -> crossEntropy(tf, x, 3)),
        new Candidate(
            "cross entropy with one row of labels",
            true,
            matrix,
            (tf, x) -> crossEntropy(tf, x, 1)),
        new Candidate(
            "Atan2 of two matrices",
            false,
            matrix,
            (tf, x) -> tf.math.atan2(x, tf.fill(tf.array(3, 4), tf.constant(1f)))),
        new Candidate(
            "Atan2 of a matrix and a number",
            false,
            matrix,
            (tf, x) -> tf.math.atan2(x, tf.constant(1f))),
        new Candidate(
            "Atan2 of a row and a matrix",
            true,
            Shape.of(1, 4),
            (tf, x) -> tf.math.atan2(x, tf.fill(tf.array(3, 4), tf.constant(1f)))),
        new Candidate(
            "Atan2 of a vector and a matrix",
            true,
            Shape.of(4),
            (tf, x) -> tf.math.atan2(x, tf.fill(tf.array(3, 4), tf.constant(1f)))));
  }

  private static Operand<TFloat32> crossEntropy(Ops tf, Operand<TFloat32> logits, int rows) {
    return SoftmaxCrossEntropyWithLogits.create(
            tf.scope(), logits, tf.fill(tf.array(rows, 4), tf.constant(0.25f)))
        .loss();
  }

  /** The findings are exactly those that differences of the ops' outputs show. */
  @ParameterizedTest
  @MethodSource("candidates")
  void whatIsFoundIsWrong(Candidate candidate) {
    Variable<TFloat32> x = tf.withName("x").variable(candidate.shape(), TFloat32.class);
    Operand<TFloat32> y = candidate.body().add(tf, x);
    Operand<TFloat32> loss = sum(tf.math.mul(y, weights(y)));
    Output<?> gradient = gradient(loss, x);

    assertWithMessage("found").that(quantizer.verify().size()).isEqualTo(candidate.wrong() ? 1 : 0);
    assertWithMessage("wrong").that(!isRight(loss, x, gradient)).isEqualTo(candidate.wrong());
  }

  /** Returns numbers that differ from element to element. */
  private Operand<TFloat32> weights(Operand<TFloat32> y) {
    int size = Math.toIntExact(y.asOutput().shape().size());
    float[] weights = new float[size];
    for (int i = 0; i < size; i++) {
      weights[i] = i % 5 - 1.5f;
    }
    return tf.reshape(tf.constant(weights), tf.constant(y.asOutput().shape().asArray()));
  }

  private Operand<TFloat32> sum(Operand<TFloat32> y) {
    return tf.reduceSum(tf.reshape(y, tf.array(-1)), tf.array(0));
  }

  private Output<?> gradient(Operand<TFloat32> loss, Operand<TFloat32> x) {
    return graph
        .addGradients(
            null, new Output<?>[] {loss.asOutput()}, new Output<?>[] {x.asOutput()}, null)[0];
  }

  /** Compares with differences of the loss, which are off by less than a tenth. */
  private boolean isRight(Operand<TFloat32> loss, Operand<TFloat32> x, Output<?> gradient) {
    Shape shape = x.asOutput().shape();
    float[] start = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < start.length; i++) {
      start[i] = (i * 7 % 11) * 0.25f - 1;
    }
    try (Session session = new Session(graph)) {
      float[] computed = run(session, gradient, x, shape, start);
      if (computed.length != start.length) {
        return false;
      }
      double error = 0;
      double size = 0;
      for (int i = 0; i < start.length; i++) {
        double difference = 0;
        for (int sign : new int[] {1, -1}) {
          float[] moved = start.clone();
          moved[i] += sign / 128f;
          difference += sign * 64.0 * run(session, loss.asOutput(), x, shape, moved)[0];
        }
        error += Math.pow(computed[i] - difference, 2);
        size += difference * difference;
      }
      return Math.sqrt(error / size) < 0.1 * 0.1;
    }
  }

  private static float[] run(
      Session session, Output<?> fetch, Operand<TFloat32> x, Shape shape, float[] fed) {
    try (TFloat32 tensor = Tensors.tensor(shape, fed);
        Result result = session.runner().feed(x, tensor).fetch(fetch).run()) {
      return Tensors.elements((TFloat32) result.get(0));
    }
  }

  private Operand<TFloat32> dilated(Operand<TFloat32> x) {
    return tf.withName("dilated")
        .nn
        .conv2d(x, kernel, ONES, "SAME", Conv2d.dilations(List.of(1L, 2L, 2L, 1L)));
  }

  @Test
  void aConvolutionOutsideOfAllLayers() {
    gradient(sum(dilated(images)), kernel);

    assertThat(quantizer.verify())
        .containsExactly(
            new WrongGradient(
                "dilated",
                "Conv2D",
                "TensorFlow's ignores its dilations",
                "build it in a @QuantInt8 method and read what the method returns, or write it as"
                    + " SpaceToBatchND, Conv2D and BatchToSpaceND"));
    assertThat(quantizer.verify().get(0).toString())
        .isEqualTo(
            "dilated (Conv2D) must have a right gradient, because the graph trains through it, but"
                + " TensorFlow's ignores its dilations; build it in a @QuantInt8 method and read"
                + " what the method returns, or write it as SpaceToBatchND, Conv2D and"
                + " BatchToSpaceND");
  }

  @Test
  void anOperandFromInsideALayerThatTheModelKept() {
    List<Operand<TFloat32>> kept = new ArrayList<>();
    Operand<TFloat32> y =
        layer(
            quantizer,
            QuantizedLayer.of("conv1", FORMAT, FORMAT),
            () -> {
              kept.add(dilated(quantizer.input(images)));
              return tf.nn.relu(kept.get(0));
            });
    gradient(sum(y), kernel);

    assertThat(quantizer.verify()).isEmpty();

    gradient(sum(kept.get(0)), kernel);

    assertThat(quantizer.verify().stream().map(Finding::getClass))
        .containsExactly(WrongGradient.class);
  }

  @Test
  void explicitPaddingsAndGroups() {
    Operand<TFloat32> padded =
        tf.nn.conv2d(
            images,
            kernel,
            ONES,
            "EXPLICIT",
            Conv2d.explicitPaddings(List.of(0L, 0L, 1L, 0L, 0L, 1L, 0L, 0L)));
    Operand<TFloat32> grouped =
        tf.nn.conv2d(padded, tf.variable(Shape.of(3, 3, 1, 4), TFloat32.class), ONES, "SAME");
    Operand<TFloat32> pooled =
        graph
            .opBuilder("MaxPool", "pool", tf.scope())
            .addInput(grouped.asOutput())
            .setAttr("ksize", new long[] {1, 2, 2, 1})
            .setAttr("strides", new long[] {1, 2, 2, 1})
            .setAttr("padding", "EXPLICIT")
            .setAttr("explicit_paddings", new long[] {0, 0, 1, 0, 0, 1, 0, 0})
            .build()
            .output(0);
    gradient(sum(pooled), kernel);

    assertThat(quantizer.verify().stream().map(finding -> ((WrongGradient) finding).fault()))
        .containsExactly(
            "TensorFlow's fails for explicit paddings",
            "TensorFlow's fails for groups of channels where oneDNN is off",
            "TensorFlow's fails for explicit paddings")
        .inOrder();
  }

  /** Ops in a function are differentiated by other rules. */
  @Test
  void aFunction() {
    ConcreteFunction function =
        ConcreteFunction.create(
            ops -> {
              Placeholder<TFloat32> x = ops.placeholder(TFloat32.class);
              Placeholder<TFloat32> w = ops.placeholder(TFloat32.class);
              return Signature.builder()
                  .input("x", x)
                  .input("w", w)
                  .output(
                      "y",
                      ops.nn.conv2d(x, w, ONES, "SAME", Conv2d.dilations(List.of(1L, 2L, 2L, 1L))))
                  .build();
            });
    Operand<?> y =
        Objects.requireNonNull(
            function.call(tf.scope(), Map.of("x", images, "w", kernel)).get("y"));
    graph.addGradients(
        null, new Output<?>[] {y.asOutput()}, new Output<?>[] {kernel.asOutput()}, null);

    assertThat(quantizer.verify().stream().map(finding -> ((WrongGradient) finding).remedy()))
        .containsExactly("build the ops of the function in the graph itself");
  }

  @Test
  void aGraphThatDoesNotTrain() {
    sum(dilated(images));

    assertThat(quantizer.verify()).isEmpty();
  }

  /** This op is read, but no loss is computed from it. */
  @Test
  void anOpBesideTheLoss() {
    Variable<TFloat32> logits = tf.variable(Shape.of(2, 3, 4), TFloat32.class);
    tf.nn.logSoftmax(logits);
    gradient(sum(tf.math.mul(logits, logits)), logits);

    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void anOpThatNoGradientReaches() {
    Variable<TFloat32> logits = tf.variable(Shape.of(2, 3, 4), TFloat32.class);
    Operand<TFloat32> target = tf.stopGradient(tf.nn.logSoftmax(logits));
    gradient(sum(tf.math.mul(target, logits)), logits);

    assertThat(quantizer.verify()).isEmpty();
  }

  /** No variable flows into this op. */
  @Test
  void anOpOfTheLabels() {
    Variable<TFloat32> logits = tf.variable(Shape.of(2, 3, 4), TFloat32.class);
    Placeholder<TFloat32> labels =
        tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(2, 3, 4)));
    gradient(sum(tf.math.mul(tf.nn.logSoftmax(labels), logits)), logits);

    assertThat(quantizer.verify()).isEmpty();
  }

  /** A backward pass that begins with a gradient of the caller's, and in a scope of its own. */
  @Test
  void aGradientThatTheCallerGives() {
    Operand<TFloat32> y =
        layer(
            quantizer,
            QuantizedLayer.of("conv1", FORMAT, FORMAT),
            () -> tf.nn.conv2d(quantizer.input(images), kernel, ONES, "SAME"));
    Operand<TFloat32> scores = tf.nn.logSoftmax(y);
    graph.addGradients(
        "backward",
        new Output<?>[] {scores.asOutput()},
        new Output<?>[] {kernel.asOutput()},
        new Output<?>[] {tf.onesLike(scores).asOutput()});

    assertThat(quantizer.verify().stream().map(finding -> ((WrongGradient) finding).type()))
        .containsExactly("LogSoftmax");
  }
}
