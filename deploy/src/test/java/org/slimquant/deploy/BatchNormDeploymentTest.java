package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.model.IntegerModel;
import org.slimquant.runtime.BatchNorm;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.InitialValues;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** A layer with a batch normalization compiles to the integers that its graph computes. */
final class BatchNormDeploymentTest {

  private static final int EXAMPLES = 50;
  private static final int PIXELS = 6 * 6 * 2;
  private static final int CHANNELS = 4;

  /** A model of one layer, in a graph for training or for inference. */
  private static final class Model implements AutoCloseable {

    final Graph graph = new Graph();
    final GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    final Placeholder<TFloat32> images;
    final Operand<TFloat32> output;
    final Session session;

    Model(boolean training, FormatRequest kernel, long seed) {
      InitialValues.allow(graph);
      Ops tf = Ops.create(graph);
      Random random = new Random(seed);
      images =
          tf.withName("images")
              .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 6, 6, 2)));
      Variable<TFloat32> weights =
          tf.withName("kernel").variable(values(tf, random, 0.3, 3, 3, 2, CHANNELS));
      output =
          GraphQuantizer.layer(
              quantizer,
              QuantizedLayer.of("conv", kernel, FixedPoint.signed(8, -4)),
              () ->
                  tf.nn.relu6(
                      new BatchNorm(tf, "norm", CHANNELS)
                          .apply(
                              tf.nn.conv2d(
                                  quantizer.input(
                                      new QuantizedInput("x", FixedPoint.signed(8, -6)), images),
                                  weights,
                                  List.of(1L, 1L, 1L, 1L),
                                  "SAME"),
                              training)));
      List<Op> assigned =
          List.of(
              assign(tf, "norm_gamma", 1.5f, -0.7f, 0, 3),
              assign(tf, "norm_beta", 0.3f, 2, 1, -0.5f),
              assign(tf, "norm_mean", 0.1f, -0.2f, 0, 0.4f),
              assign(tf, "norm_variance", 0.5f, 2, 0, 0.01f));
      session = new Session(graph);
      Session.Runner runner = session.runner();
      assigned.forEach(runner::addTarget);
      runner.run();
    }

    private Op assign(Ops tf, String variable, float... elements) {
      return tf.assign(
          graph.outputOrThrow(variable + ":0").expect(TFloat32.class), tf.constant(elements));
    }

    private static Operand<TFloat32> values(
        Ops tf, Random random, double deviation, long... shape) {
      float[] elements = new float[Math.toIntExact(Shape.of(shape).size())];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = (float) (deviation * random.nextGaussian());
      }
      return tf.constant(Shape.of(shape), DataBuffers.of(elements));
    }

    @Override
    public void close() {
      session.close();
      graph.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theIntegersAreThoseOfTheGraph(boolean perChannel) {
    FormatRequest kernel = perChannel ? PerChannel.of(8, -6, -7, -3, -4) : FixedPoint.signed(8, -5);
    try (Model model = new Model(false, kernel, 1)) {
      IntegerModel integers =
          IntegerCompiler.compile(
              model.session, model.quantizer.plan(), model.images, model.output);
      float[] pixels = pixels(2);

      float[] found = IntegerEngine.of(integers).run(pixels);

      try (TFloat32 fed = TFloat32.tensorOf(Shape.of(EXAMPLES, 6, 6, 2), DataBuffers.of(pixels));
          Result result =
              model.session.runner().feed(model.images, fed).fetch(model.output).run()) {
        float[] expected = new float[found.length];
        ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(expected);
        assertThat(found).isEqualTo(expected);
      }
    }
  }

  private static float[] pixels(long seed) {
    Random random = new Random(seed);
    float[] pixels = new float[EXAMPLES * PIXELS];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }

  @Test
  void aGraphForTrainingIsRefused() {
    try (Model model = new Model(true, FixedPoint.signed(8, -5), 1)) {
      UnconvertibleGraphException e =
          assertThrows(
              UnconvertibleGraphException.class,
              () ->
                  IntegerCompiler.compile(
                      model.session, model.quantizer.plan(), model.images, model.output));

      assertThat(e)
          .hasMessageThat()
          .contains(
              "FusedBatchNorm (FusedBatchNormV3): it normalizes by the statistics of the batch;"
                  + " build the graph to compile with isTraining(false), and restore the trained"
                  + " checkpoint");
    }
  }
}
