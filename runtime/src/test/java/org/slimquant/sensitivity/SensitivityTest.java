package org.slimquant.sensitivity;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.testing.Tensors;
import org.slimquant.sensitivity.Sensitivity.Batch;
import org.slimquant.sensitivity.Sensitivity.Effect;
import org.slimquant.sensitivity.Sensitivity.SiteEffects;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** The error that each site causes in the output. */
final class SensitivityTest {

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Placeholder<TFloat32> x =
      tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4)));
  private final Session session = new Session(graph);

  @AfterEach
  void closeGraph() {
    session.close();
    graph.close();
  }

  /**
   * Two dense layers, as graph and as plain Java. All numbers are small multiples of powers of two,
   * so that no sum is rounded, neither in float32 nor in double: the results are equal.
   */
  @Test
  void ratiosAndAccuraciesAreThoseOfPlainJava() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    DenseNet net = new DenseNet(random);
    ProbingQuantizer quantizer = ProbingQuantizer.of(graph, QuantizationPlan.EMPTY);
    Operand<TFloat32> output = net.build(tf, quantizer, x);
    List<float[][]> inputs =
        List.of(DenseNet.matrix(random, 5, 4, 8, 20), DenseNet.matrix(random, 3, 4, 8, 20));
    List<int[]> labels = List.of(random.ints(5, 0, 3).toArray(), random.ints(3, 0, 3).toArray());

    Sensitivity found =
        quantizer.analyze(
            session,
            output,
            List.of(batch(inputs.get(0), labels.get(0)), batch(inputs.get(1), labels.get(1))));

    assertThat(found.batches()).isEqualTo(2);
    assertWithMessage("seed %s", seed)
        .that(found.floatAccuracy())
        .isEqualTo(OptionalDouble.of(net.accuracy(inputs, labels, "", 0)));
    assertThat(found.sites().stream().map(site -> site.site()).toList())
        .isEqualTo(quantizer.plan().sites());
    assertThat(found.sites().stream().map(site -> site.site().name()).toList())
        .containsExactly(
            "dense1/SlimQuant/x",
            "dense1/SlimQuant/kernel",
            "dense1/SlimQuant/bias",
            "dense1/SlimQuant/output",
            "dense2/SlimQuant/kernel",
            "dense2/SlimQuant/bias",
            "dense2/SlimQuant/output")
        .inOrder();
    for (SiteEffects site : found.sites()) {
      String name = site.site().name();
      List<Effect> expected = new ArrayList<>();
      for (int shift : name.endsWith("bias") ? List.of(0) : List.of(-1, 0, 1)) {
        expected.add(
            new Effect(
                shift,
                net.sqnrDb(inputs, name, shift),
                OptionalDouble.of(net.accuracy(inputs, labels, name, shift))));
      }
      assertWithMessage("seed %s, %s", seed, name)
          .that(site.effects())
          .containsExactlyElementsIn(expected)
          .inOrder();
    }
  }

  /** Two dense layers; the kernel of the second is quantized per channel. */
  private static final class DenseNet {

    private static final FixedPoint INPUT = FixedPoint.signed(6, -2);
    private static final FixedPoint KERNEL = FixedPoint.signed(5, -3);
    private static final FixedPoint HIDDEN = FixedPoint.unsigned(5, -2);
    private static final PerChannel CHANNELS = PerChannel.of(4, -2, -3, -1);
    private static final FixedPoint OUTPUT = FixedPoint.signed(8, -1);

    private final float[][] kernel1;
    private final float[][] kernel2;
    private final float[] bias1;
    private final float[] bias2;

    DenseNet(Random random) {
      kernel1 = matrix(random, 4, 5, 16, 30);
      kernel2 = matrix(random, 5, 3, 16, 30);
      bias1 = matrix(random, 1, 5, 128, 300)[0];
      bias2 = matrix(random, 1, 3, 128, 300)[0];
    }

    /** Returns a matrix of multiples of {@code 1 / unit}, at most {@code max / unit} in size. */
    static float[][] matrix(Random random, int rows, int columns, int unit, int max) {
      float[][] matrix = new float[rows][columns];
      for (float[] row : matrix) {
        for (int i = 0; i < columns; i++) {
          row[i] = (random.nextInt(2 * max + 1) - max) / (float) unit;
        }
      }
      return matrix;
    }

    Operand<TFloat32> build(Ops tf, GraphQuantizer quantizer, Operand<TFloat32> x) {
      Operand<TFloat32> hidden =
          layer(
              quantizer,
              QuantizedLayer.of("dense1", KERNEL, HIDDEN),
              () ->
                  tf.nn.relu(
                      tf.nn.biasAdd(
                          tf.linalg.matMul(
                              quantizer.input(new QuantizedInput("x", INPUT), x),
                              tf.constant(kernel1)),
                          tf.constant(bias1))));
      return layer(
          quantizer,
          QuantizedLayer.of("dense2", CHANNELS, OUTPUT),
          () ->
              tf.math.add(
                  tf.linalg.matMul(quantizer.input(hidden), tf.constant(kernel2)),
                  tf.constant(bias2)));
    }

    /** Returns the output for {@code x} when only {@code site} is quantized. */
    private double[] output(float[] x, String site, int shift) {
      double[] hidden = new double[5];
      for (int j = 0; j < 5; j++) {
        hidden[j] = site.equals("dense1/SlimQuant/bias") ? rounded(bias1[j], -2 - 3) : bias1[j];
        for (int i = 0; i < 4; i++) {
          hidden[j] +=
              at("dense1/SlimQuant/x", site, x[i], INPUT, shift)
                  * at("dense1/SlimQuant/kernel", site, kernel1[i][j], KERNEL, shift);
        }
        hidden[j] = at("dense1/SlimQuant/output", site, Math.max(0, hidden[j]), HIDDEN, shift);
      }
      double[] output = new double[3];
      for (int k = 0; k < 3; k++) {
        output[k] =
            site.equals("dense2/SlimQuant/bias")
                ? rounded(bias2[k], -2 + CHANNELS.fracs().get(k))
                : bias2[k];
        for (int j = 0; j < 5; j++) {
          output[k] +=
              hidden[j]
                  * at("dense2/SlimQuant/kernel", site, kernel2[j][k], CHANNELS.channel(k), shift);
        }
        output[k] = at("dense2/SlimQuant/output", site, output[k], OUTPUT, shift);
      }
      return output;
    }

    private static double at(String here, String site, double value, FixedPoint format, int shift) {
      if (!here.equals(site)) {
        return value;
      }
      FixedPoint shifted = new FixedPoint(format.bits(), format.frac() + shift, format.signed());
      return shifted.dequantize(shifted.quantize((float) value));
    }

    private static double rounded(double value, int frac) {
      return Math.scalb(Math.floor(Math.scalb(value, -frac) + 0.5), frac);
    }

    double sqnrDb(List<float[][]> inputs, String site, int shift) {
      double signal = 0;
      double noise = 0;
      for (float[][] batch : inputs) {
        for (float[] x : batch) {
          double[] exact = output(x, "", 0);
          double[] quantized = output(x, site, shift);
          for (int k = 0; k < 3; k++) {
            signal += exact[k] * exact[k];
            noise += (quantized[k] - exact[k]) * (quantized[k] - exact[k]);
          }
        }
      }
      return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
    }

    double accuracy(List<float[][]> inputs, List<int[]> labels, String site, int shift) {
      int right = 0;
      int count = 0;
      for (int b = 0; b < inputs.size(); b++) {
        for (int i = 0; i < labels.get(b).length; i++) {
          double[] output = output(inputs.get(b)[i], site, shift);
          int label = labels.get(b)[i];
          // The first of the highest counts.
          right +=
              IntStream.range(0, 3)
                      .allMatch(
                          k -> k < label ? output[k] < output[label] : output[k] <= output[label])
                  ? 1
                  : 0;
          count++;
        }
      }
      return (double) right / count;
    }
  }

  @Test
  void theWorstStandsFirstInTheTable() {
    FixedPoint coarse = FixedPoint.signed(4, 0);
    ProbingQuantizer quantizer = ProbingQuantizer.of(graph, QuantizationPlan.EMPTY);
    Operand<TFloat32> y =
        dense("a", quantizer, x, FixedPoint.signed(8, -4), FixedPoint.signed(8, -3));
    Operand<TFloat32> z = dense("b", quantizer, y, coarse, FixedPoint.signed(8, -7));

    Sensitivity found =
        quantizer.analyze(
            session,
            z,
            List.of(
                batch(new float[][] {{1, 0.5f, 0.25f, 0.125f}, {0, 0, 0, 1}}, new int[] {0, 3})));

    assertThat(found.toString())
        .isEqualTo(
            """
            quantized alone     format       dB at d  d - 1  d + 1  accuracy at d  d - 1   d + 1
            none                                                    0.5000
            b/SlimQuant/output  int8 * 2^-7  4.9      2.2    11.0   0.5000         0.5000  0.5000
            b/SlimQuant/kernel  int4 * 2^0   6.3      12.8   3.9    0.5000         0.5000  0.5000
            a/SlimQuant/output  int8 * 2^-3  36.9     36.5   24.9   0.5000         0.5000  0.5000
            a/SlimQuant/kernel  int8 * 2^-4  exact    exact  exact  0.5000         0.5000  0.5000""");
  }

  @Test
  void withoutLabelsTheTableHasNoAccuracies() {
    ProbingQuantizer quantizer = ProbingQuantizer.of(graph, QuantizationPlan.EMPTY);
    Operand<TFloat32> y = relu("a", quantizer, x, FixedPoint.unsigned(8, -1));

    Sensitivity found =
        quantizer.analyze(session, y, List.of(batch(new float[][] {{2, 1, 0, 0.5f}})));

    assertThat(found.floatAccuracy()).isEmpty();
    assertThat(found.toString())
        .isEqualTo(
            "quantized alone     format        dB at d  d - 1  d + 1\n"
                + "a/SlimQuant/output  uint8 * 2^-1  exact    exact  13.2");
  }

  /** 10 log10(0 / noise): the float model returns only 0, the quantized one does not. */
  @Test
  void anOutputThatIsZeroThroughout() {
    ProbingQuantizer quantizer = ProbingQuantizer.of(graph, QuantizationPlan.EMPTY);
    Operand<TFloat32> rounded = relu("a", quantizer, x, FixedPoint.unsigned(8, 0));
    Operand<TFloat32> y = tf.math.sub(rounded, tf.nn.relu(x));

    Sensitivity lost =
        quantizer.analyze(session, y, List.of(batch(new float[][] {{0.5f, 0, 0, 0}})));
    Sensitivity kept = quantizer.analyze(session, y, List.of(batch(new float[][] {{4, 0, 0, 0}})));

    assertThat(lost.sites().get(0).effects())
        .containsExactly(
            new Effect(-1, Double.POSITIVE_INFINITY, OptionalDouble.empty()),
            new Effect(0, Double.NEGATIVE_INFINITY, OptionalDouble.empty()),
            new Effect(1, Double.NEGATIVE_INFINITY, OptionalDouble.empty()))
        .inOrder();
    assertThat(lost.toString()).contains("uint8 * 2^0  noise only  exact  noise only");
    assertThat(kept.sites().get(0).effects().stream().map(Effect::sqnrDb).toList())
        .containsExactly(
            Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  @Test
  void aConstantOutput() {
    ProbingQuantizer quantizer = ProbingQuantizer.of(graph, QuantizationPlan.EMPTY);
    Operand<TFloat32> zero = relu("a", quantizer, x, FixedPoint.unsigned(8, 0));
    Operand<TFloat32> y = tf.math.add(zero, tf.constant(3f));

    Sensitivity found =
        quantizer.analyze(session, y, List.of(batch(new float[][] {{0, -1, -2, 0}})));

    assertThat(found.sites().get(0).at(0).orElseThrow().sqnrDb())
        .isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void aSiteThatTheOutputDoesNotDependOnIsNotRun() {
    ProbingQuantizer quantizer = ProbingQuantizer.of(graph, QuantizationPlan.EMPTY);
    Operand<TFloat32> y = relu("a", quantizer, x, FixedPoint.unsigned(8, 0));
    relu("aux", quantizer, y, FixedPoint.unsigned(8, 0));
    Operand<TFloat32> z = relu("b", quantizer, tf.math.neg(y), FixedPoint.unsigned(8, -1));
    List<Integer> runs = new ArrayList<>();

    Sensitivity found =
        quantizer.analyze(
            session,
            z,
            List.of(batch(new float[][] {{1, 2, 3, 4}})),
            (batch, run, all) -> runs.add(all));

    assertThat(runs).containsExactly(7, 7, 7, 7, 7, 7, 7);
    assertThat(found.sites().get(1).site().name()).isEqualTo("aux/SlimQuant/output");
    assertThat(found.sites().get(1).effects()).isEmpty();
    assertThat(found.worstFirst().stream().map(site -> site.site().name()).toList())
        .containsExactly("a/SlimQuant/output", "b/SlimQuant/output", "aux/SlimQuant/output")
        .inOrder();
    assertThat(found.toString()).endsWith("aux/SlimQuant/output  uint8 * 2^0   unread");
  }

  @Test
  void exponentsAtTheEndsOfTheirRange() {
    ProbingQuantizer quantizer = ProbingQuantizer.of(graph, QuantizationPlan.EMPTY);
    Operand<TFloat32> low = relu("low", quantizer, x, FixedPoint.unsigned(8, -126));
    Operand<TFloat32> high = relu("high", quantizer, low, FixedPoint.unsigned(8, 120));
    Operand<TFloat32> kernel = tf.constant(new float[][] {{1, 1}, {1, 1}, {1, 1}, {1, 1}});
    Operand<TFloat32> y =
        layer(
            quantizer,
            QuantizedLayer.of("ends", PerChannel.of(8, -126, 120), FixedPoint.signed(8, 0)),
            () -> tf.linalg.matMul(quantizer.input(high), kernel));

    Sensitivity found = quantizer.analyze(session, y, List.of(batch(new float[][] {{1, 0, 0, 0}})));

    assertThat(
            found.sites().stream()
                .map(site -> site.effects().stream().map(Effect::shift).toList())
                .toList())
        .containsExactly(List.of(0, 1), List.of(-1, 0), List.of(0), List.of(-1, 0, 1))
        .inOrder();
  }

  @Test
  void theListenerHearsOfEveryRun() {
    ProbingQuantizer quantizer = ProbingQuantizer.of(graph, QuantizationPlan.EMPTY);
    Operand<TFloat32> y = relu("a", quantizer, x, FixedPoint.unsigned(8, 0));
    List<String> heard = new ArrayList<>();
    List<String> fed = new ArrayList<>();
    TFloat32 tensor = Tensors.tensor(Shape.of(1, 4), 1, 2, 3, 4);
    Batch batch =
        Batch.of(
            runner -> {
              fed.add("fed");
              runner.feed(x, tensor);
            });

    try (tensor) {
      quantizer.analyze(
          session,
          y,
          List.of(batch, batch),
          (number, run, runs) -> heard.add("%d: %d of %d".formatted(number, run, runs)));
    }

    assertThat(heard)
        .containsExactly(
            "1: 1 of 4",
            "1: 2 of 4",
            "1: 3 of 4",
            "1: 4 of 4",
            "2: 1 of 4",
            "2: 2 of 4",
            "2: 3 of 4",
            "2: 4 of 4")
        .inOrder();
    assertThat(fed).hasSize(8);
  }

  private Operand<TFloat32> relu(
      String name, GraphQuantizer quantizer, Operand<TFloat32> input, FixedPoint format) {
    return layer(quantizer, QuantizedLayer.of(name, format, format), () -> tf.nn.relu(input));
  }

  private Operand<TFloat32> dense(
      String name,
      GraphQuantizer quantizer,
      Operand<TFloat32> input,
      FixedPoint kernel,
      FixedPoint output) {
    float[][] weights = new float[4][4];
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        weights[i][j] = i == j ? 1.5f : 0.25f * (j - i);
      }
    }
    return layer(
        quantizer,
        QuantizedLayer.of(name, kernel, output),
        () -> tf.linalg.matMul(quantizer.input(input), tf.constant(weights)));
  }

  private Batch batch(float[][] rows, int... labels) {
    float[] elements = new float[rows.length * 4];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, elements, 4 * i, 4);
    }
    TFloat32 tensor = Tensors.tensor(Shape.of(rows.length, 4), elements);
    return labels.length == 0
        ? Batch.of(runner -> runner.feed(x, tensor))
        : Batch.of(runner -> runner.feed(x, tensor), labels);
  }
}
