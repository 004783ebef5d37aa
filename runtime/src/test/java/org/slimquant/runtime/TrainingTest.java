package org.slimquant.runtime;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.fakequant.GradientForm;
import org.slimquant.runtime.testing.QuantizerOfForm;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * A perceptron that learns which of two numbers is larger, through two quantized layers: one with a
 * kernel per channel and a bias, one per tensor and without.
 */
final class TrainingTest {

  private static final int BATCH = 64;
  private static final int STEPS = 300;

  @ParameterizedTest
  @MethodSource("org.slimquant.runtime.testing.Tensors#formsThatTrain")
  void theLossFallsAndTheAnswersAreRight(GradientForm form) {
    try (Perceptron perceptron = new Perceptron(form)) {
      float first = perceptron.loss(0);
      perceptron.train();

      assertThat(perceptron.loss(0)).isLessThan(first / 4);
      assertThat(perceptron.accuracy()).isAtLeast(0.95);
    }
  }

  @Test
  void bothFormsLearnTheSameBitForBit() {
    List<float[]> kernels = new ArrayList<>();
    for (GradientForm form : Tensors.formsThatTrain()) {
      try (Perceptron perceptron = new Perceptron(form)) {
        perceptron.train();
        kernels.add(perceptron.fetch(perceptron.kernel1));
      }
    }

    assertThat(kernels.get(kernels.size() - 1)).isEqualTo(kernels.get(0));
  }

  @ParameterizedTest
  @MethodSource("org.slimquant.runtime.testing.Tensors#formsThatTrain")
  void everyQuantizedTensorIsOnItsGrid(GradientForm form) {
    try (Perceptron perceptron = new Perceptron(form)) {
      perceptron.train();

      assertThat(perceptron.quantizer.plan().sites()).hasSize(6);
      for (Site site : perceptron.quantizer.plan().sites()) {
        Format format = site.format();
        double maxCode = Math.scalb(1.0, format.signed() ? format.bits() - 1 : format.bits()) - 1;
        float[] values = perceptron.fetch(perceptron.graph.outputOrThrow(site.name()));
        for (int i = 0; i < values.length; i++) {
          int frac = format.fracs().get(i % format.fracs().size());
          double code = Math.scalb((double) values[i], -frac);
          assertWithMessage(site.name()).that(code).isEqualTo(Math.rint(code));
          assertThat(code).isAtLeast(format.signed() ? -maxCode : 0);
          assertThat(code).isAtMost(maxCode);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.slimquant.runtime.testing.Tensors#formsThatTrain")
  void theBiasIsTrained(GradientForm form) {
    try (Perceptron perceptron = new Perceptron(form)) {
      perceptron.train();

      assertThat(perceptron.fetch(perceptron.bias1)).usingTolerance(1e-3).doesNotContain(0);
      assertThat(perceptron.quantizer.plan().remarks()).isEmpty();
      assertThat(perceptron.quantizer.checkBiases(perceptron.session)).isEmpty();
    }
  }

  @Test
  void aSavedModelComputesTheSame(@TempDir Path directory) throws Exception {
    try (Perceptron perceptron = new Perceptron(GradientForm.ofPlatform())) {
      perceptron.train();
      float[] expected = perceptron.fetch(perceptron.logits);
      SavedModelBundle.exporter(directory.toString())
          .withSession(perceptron.session)
          .withSignature(
              Signature.builder()
                  .input("x", perceptron.x)
                  .output("logits", perceptron.logits)
                  .build())
          .export();

      try (SavedModelBundle loaded = SavedModelBundle.load(directory.toString());
          TFloat32 x = perceptron.batch(0);
          Result result =
              loaded
                  .session()
                  .runner()
                  .feed(perceptron.x.op().name(), x)
                  .fetch(perceptron.logits.op().name())
                  .run()) {
        assertThat(Tensors.elements((TFloat32) result.get(0))).isEqualTo(expected);
      }
    }
  }

  @Test
  void severalGraphsAreBuiltAndTrainedAtTheSameTime() throws Exception {
    float[] alone;
    try (Perceptron perceptron = new Perceptron(GradientForm.ofPlatform())) {
      perceptron.train();
      alone = perceptron.fetch(perceptron.kernel1);
    }
    Callable<float[]> train =
        () -> {
          try (Perceptron perceptron = new Perceptron(GradientForm.ofPlatform())) {
            perceptron.train();
            assertThat(perceptron.quantizer.plan().sites()).hasSize(6);
            return perceptron.fetch(perceptron.kernel1);
          }
        };

    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (Future<float[]> kernel :
          threads.invokeAll(IntStream.range(0, 8).mapToObj(i -> train).toList())) {
        assertThat(kernel.get()).isEqualTo(alone);
      }
    } finally {
      threads.shutdown();
      assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  private static final class Perceptron implements AutoCloseable {

    final Graph graph = new Graph();
    final GraphQuantizer quantizer;
    final Placeholder<TFloat32> x;
    final Operand<TFloat32> logits;
    final Variable<TFloat32> kernel1;
    final Variable<TFloat32> bias1;
    final Session session;
    private final Operand<TFloat32> loss;
    private final List<Operand<TFloat32>> updates;

    Perceptron(GradientForm form) {
      quantizer = new QuantizerOfForm(graph, form, QuantizationPlan.EMPTY);
      Ops tf = Ops.create(graph);
      x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
      kernel1 = variable(tf, 2, 8);
      bias1 = tf.variable(tf.constant(new float[8]));
      Variable<TFloat32> kernel2 = variable(tf, 8, 1);
      Operand<TFloat32> hidden =
          layer(
              quantizer,
              QuantizedLayer.of(
                  "dense1",
                  PerChannel.of(8, -5, -6, -5, -6, -5, -6, -5, -6),
                  FixedPoint.unsigned(8, -6)),
              () ->
                  tf.nn.relu(
                      tf.nn.biasAdd(
                          tf.linalg.matMul(
                              quantizer.input(new QuantizedInput("x", FixedPoint.signed(8, -7)), x),
                              kernel1),
                          bias1)));
      logits =
          layer(
              quantizer,
              QuantizedLayer.of("dense2", FixedPoint.signed(8, -5), FixedPoint.signed(8, -4)),
              () -> tf.linalg.matMul(quantizer.input(hidden), kernel2));
      Operand<TFloat32> difference =
          tf.math.sub(
              tf.slice(x, tf.array(0, 0), tf.array(-1, 1)),
              tf.slice(x, tf.array(0, 1), tf.array(-1, 1)));
      loss =
          tf.math.mean(
              tf.math.softplus(tf.math.neg(tf.math.mul(tf.math.sign(difference), logits))),
              tf.array(0, 1));
      List<Variable<TFloat32>> weights = List.of(kernel1, bias1, kernel2);
      Output<?>[] gradients =
          graph.addGradients(
              loss.asOutput(), weights.stream().map(Variable::asOutput).toArray(Output[]::new));
      updates = new ArrayList<>();
      for (int i = 0; i < gradients.length; i++) {
        updates.add(
            tf.train.applyGradientDescent(
                weights.get(i), tf.constant(0.5f), Tensors.floats(gradients[i])));
      }
      session = new Session(graph);
    }

    private static Variable<TFloat32> variable(Ops tf, int rows, int columns) {
      Random random = new Random(rows);
      float[][] initial = new float[rows][columns];
      for (float[] row : initial) {
        for (int i = 0; i < columns; i++) {
          row[i] = (float) random.nextGaussian() / 2;
        }
      }
      return tf.variable(tf.constant(initial));
    }

    TFloat32 batch(int seed) {
      Random random = new Random(seed);
      float[] numbers = new float[2 * BATCH];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = 2 * random.nextFloat() - 1;
      }
      return Tensors.tensor(Shape.of(BATCH, 2), numbers);
    }

    void train() {
      for (int step = 0; step < STEPS; step++) {
        try (TFloat32 batch = batch(step)) {
          Session.Runner runner = session.runner().feed(x, batch);
          updates.forEach(update -> runner.addTarget(update.op()));
          runner.run().close();
        }
      }
    }

    float loss(int seed) {
      return fetch(loss, seed)[0];
    }

    double accuracy() {
      try (TFloat32 batch = batch(-1)) {
        float[] answers = fetch(logits, -1);
        return IntStream.range(0, BATCH)
                .filter(i -> (answers[i] > 0) == (batch.getFloat(i, 0) > batch.getFloat(i, 1)))
                .count()
            / (double) BATCH;
      }
    }

    float[] fetch(Operand<?> operand) {
      return fetch(operand, 0);
    }

    private float[] fetch(Operand<?> operand, int seed) {
      try (TFloat32 batch = batch(seed);
          Result result = session.runner().feed(x, batch).fetch(operand).run()) {
        return Tensors.elements((TFloat32) result.get(0));
      }
    }

    @Override
    public void close() {
      session.close();
      graph.close();
    }
  }
}
