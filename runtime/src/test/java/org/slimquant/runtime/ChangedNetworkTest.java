package org.slimquant.runtime;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;
import static org.slimquant.runtime.GraphQuantizer.named;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.runtime.QuantizationPlan.Remark;
import org.slimquant.runtime.QuantizationPlan.Site;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** A plan of one network, and networks that are the same one or not. */
final class ChangedNetworkTest {

  private static final List<Long> STRIDES = List.of(1L, 1L, 1L, 1L);
  private static final Calibrated INT8 = Calibrated.signed(8);

  /** A network of residual blocks of one shape, written as a user writes it. */
  private static class Network {
    final Ops tf;
    final GraphQuantizer quantizer;
    final String suffix;
    boolean training;

    Network(Ops tf, GraphQuantizer quantizer) {
      this(tf, quantizer, "");
    }

    Network(Ops tf, GraphQuantizer quantizer, String suffix) {
      this.tf = tf;
      this.quantizer = quantizer;
      this.suffix = suffix;
    }

    Operand<TFloat32> weights(String name, long... shape) {
      return tf.withName(name + suffix)
          .variable(tf.withInitScope().zeros(tf.withInitScope().constant(shape), TFloat32.class));
    }

    Operand<TFloat32> conv(Operand<TFloat32> x, String kernel, long channels) {
      return layer(
          quantizer,
          QuantizedLayer.of("conv", INT8, INT8),
          () -> {
            Operand<TFloat32> weights = weights(kernel, 3, 3, x.shape().get(3), channels);
            Operand<TFloat32> sum = tf.nn.conv2d(quantizer.input(x), weights, STRIDES, "SAME");
            if (training) {
              // Batch normalization with the statistics of the batch, then dropout.
              sum = tf.math.mul(sum, tf.reduceMax(sum, tf.array(0, 1, 2)));
              sum = tf.math.add(sum, tf.variable(tf.withInitScope().constant(0f)));
            }
            return dropout(tf.nn.relu(sum));
          });
    }

    Operand<TFloat32> dropout(Operand<TFloat32> y) {
      if (!training) {
        return y;
      }
      Operand<TFloat32> random = tf.random.randomUniform(tf.shape(y), TFloat32.class);
      return tf.math.mul(
          y, tf.dtypes.cast(tf.math.greaterEqual(random, tf.constant(0.5f)), TFloat32.class));
    }

    Operand<TFloat32> add(Operand<TFloat32> x, Operand<TFloat32> y) {
      return layer(
          quantizer,
          QuantizedLayer.of("add", INT8, INT8),
          () -> tf.nn.relu(tf.math.add(quantizer.input(x), quantizer.input(y))));
    }

    Operand<TFloat32> block(Operand<TFloat32> x, int number) {
      return add(conv(x, "block%d_kernel".formatted(number), 4), x);
    }

    Operand<TFloat32> head(Operand<TFloat32> x) {
      return layer(
          quantizer,
          QuantizedLayer.of("dense", INT8, INT8),
          () ->
              tf.linalg.matMul(
                  tf.math.mean(quantizer.input(x), tf.array(1, 2)), weights("head_kernel", 4, 3)));
    }

    Operand<TFloat32> logits(Operand<TFloat32> images, int... blocks) {
      Operand<TFloat32> x = images;
      for (int block : blocks) {
        x = block(x, block);
      }
      return head(x);
    }
  }

  /** Builds a model with a network's layers, and returns its output. */
  private interface Model {
    Operand<TFloat32> of(Network network);
  }

  private static Placeholder<TFloat32> images(Ops tf, String name, long... shape) {
    return tf.withName(name).placeholder(TFloat32.class, Placeholder.shape(Shape.of(shape)));
  }

  private static Operand<TFloat32> threeBlocks(Network network) {
    return network.logits(images(network.tf, "images", -1, 8, 8, 4), 1, 2, 3);
  }

  private static QuantizationPlan calibrate(Model build) {
    return statistics(build).plan(CalibrationMethod.MIN_MSE);
  }

  private static CalibrationStatistics statistics(Model build) {
    try (Graph graph = new Graph()) {
      InitialValues.allow(graph);
      GraphQuantizer quantizer = GraphQuantizer.calibrating(graph);
      build.of(new Network(Ops.create(graph), quantizer));
      float[] pixels = new float[256];
      Arrays.fill(pixels, 0.5f);
      try (Session session = new Session(graph);
          TFloat32 batch = Tensors.tensor(Shape.of(1, 8, 8, 4), pixels)) {
        Calibrator calibrator = Calibrator.of(session, quantizer);
        calibrator.add(runner -> runner.feed("images", batch));
        return calibrator.statistics();
      }
    }
  }

  /** Builds a network with a plan, and with a quantizer that probes. */
  private static void build(QuantizationPlan plan, Model build) {
    try (Graph graph = new Graph()) {
      build.of(new Network(Ops.create(graph), GraphQuantizer.fakeQuant(graph, plan)));
    }
    try (Graph graph = new Graph()) {
      build.of(new Network(Ops.create(graph), GraphQuantizer.probing(graph, plan)));
    }
  }

  private static String refusal(QuantizationPlan plan, Model build) {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> build(plan, build)).getMessage());
    String remedy =
        "; calibrate the model again, or pin the names of its calls with GraphQuantizer.named before"
            + " you do, so that other calls do not change them";
    assertThat(message).endsWith(remedy);
    return message.substring(0, message.length() - remedy.length());
  }

  @Test
  void originsOfThePlan() {
    assertThat(
            calibrate(ChangedNetworkTest::threeBlocks).sites().stream()
                .map(site -> "%s: %s".formatted(site.name(), site.origin().orElseThrow()))
                .toList())
        .containsExactly(
            "conv/SlimQuant/kernel: Conv2D of variable block1_kernel [3, 3, 4, 4]",
            "conv/SlimQuant/output: Relu of variable block1_kernel [?, 8, 8, 4]",
            "add/SlimQuant/output: Relu of variable block1_kernel [?, 8, 8, 4]",
            "conv_1/SlimQuant/kernel: Conv2D of variable block2_kernel [3, 3, 4, 4]",
            "conv_1/SlimQuant/output: Relu of variable block2_kernel [?, 8, 8, 4]",
            "add_1/SlimQuant/output: Relu of variable block2_kernel [?, 8, 8, 4]",
            "conv_2/SlimQuant/kernel: Conv2D of variable block3_kernel [3, 3, 4, 4]",
            "conv_2/SlimQuant/output: Relu of variable block3_kernel [?, 8, 8, 4]",
            "add_2/SlimQuant/output: Relu of variable block3_kernel [?, 8, 8, 4]",
            "dense/SlimQuant/kernel: MatMul of variable head_kernel [4, 3]",
            "dense/SlimQuant/output: of variable head_kernel [?, 3]")
        .inOrder();
  }

  @Test
  void blockInFrontLeftOut() {
    QuantizationPlan plan = calibrate(ChangedNetworkTest::threeBlocks);

    assertThat(refusal(plan, net -> net.logits(images(net.tf, "images", -1, 8, 8, 4), 2, 3)))
        .isEqualTo(
            "conv/SlimQuant/kernel must be the kernel it was calibrated on, Conv2D of variable"
                + " block1_kernel [3, 3, 4, 4], but is Conv2D of variable block2_kernel [3, 3, 4, 4],"
                + " that of conv_1/SlimQuant/kernel in the plan");
  }

  @Test
  void blockInTheMiddleLeftOut() {
    QuantizationPlan plan = calibrate(ChangedNetworkTest::threeBlocks);

    assertThat(refusal(plan, net -> net.logits(images(net.tf, "images", -1, 8, 8, 4), 1, 3)))
        .contains(
            "conv_1/SlimQuant/kernel must be the kernel it was calibrated on, Conv2D of variable block2_kernel [3, 3, 4, 4], but is Conv2D of variable block3_kernel");
  }

  @Test
  void blockPutInFront() {
    QuantizationPlan plan = calibrate(ChangedNetworkTest::threeBlocks);

    assertThat(refusal(plan, net -> net.logits(images(net.tf, "images", -1, 8, 8, 4), 0, 1, 2, 3)))
        .contains("but is Conv2D of variable block0_kernel [3, 3, 4, 4]");
  }

  @Test
  void callsInAnotherOrder() {
    QuantizationPlan plan = calibrate(ChangedNetworkTest::threeBlocks);

    assertThat(refusal(plan, net -> net.logits(images(net.tf, "images", -1, 8, 8, 4), 1, 3, 2)))
        .contains("that of conv_2/SlimQuant/kernel in the plan");
  }

  /** What has no weights of its own is known by those in front of it. */
  @Test
  void layersWithoutKernelsInAnotherOrder() {
    Model leftFirst =
        net -> {
          Operand<TFloat32> x = images(net.tf, "images", -1, 8, 8, 4);
          Operand<TFloat32> left = net.conv(x, "left", 4);
          Operand<TFloat32> right = net.conv(x, "right", 4);
          return net.add(net.add(left, x), net.add(right, x));
        };
    QuantizationPlan plan = calibrate(leftFirst);
    build(plan, leftFirst);

    assertThat(
            refusal(
                plan,
                net -> {
                  Operand<TFloat32> x = images(net.tf, "images", -1, 8, 8, 4);
                  Operand<TFloat32> left = net.conv(x, "left", 4);
                  Operand<TFloat32> right = net.conv(x, "right", 4);
                  return net.add(net.add(right, x), net.add(left, x));
                }))
        .isEqualTo(
            "add/SlimQuant/output must be the output it was calibrated on, Relu of variable left"
                + " [?, 8, 8, 4], but is Relu of variable right [?, 8, 8, 4], that of"
                + " conv_1/SlimQuant/kernel in the plan");
  }

  /** Variables without names say nothing; shapes and ops do. */
  @Test
  void anotherShapeAndAnotherOp() {
    QuantizationPlan plan =
        calibrate(net -> net.conv(images(net.tf, "images", -1, 8, 8, 4), "Variable", 6));

    assertThat(refusal(plan, net -> net.conv(images(net.tf, "x", -1, 8, 8, 4), "Variable", 8)))
        .isEqualTo(
            "conv/SlimQuant/kernel must be the kernel it was calibrated on, Conv2D [3, 3, 4, 6], but"
                + " is Conv2D [3, 3, 4, 8]");
    assertThat(
            refusal(
                plan,
                net ->
                    layer(
                        net.quantizer,
                        QuantizedLayer.of("conv", INT8, INT8),
                        () ->
                            net.tf.math.tanh(
                                net.tf.nn.conv2d(
                                    images(net.tf, "x", -1, 8, 8, 4),
                                    net.weights("Variable", 3, 3, 4, 6),
                                    STRIDES,
                                    "SAME")))))
        .isEqualTo(
            "conv/SlimQuant/output must be the output it was calibrated on, Relu [?, 8, 8, 6], but"
                + " is Tanh [?, 8, 8, 6]");
  }

  /** Nothing tells blocks of one shape apart whose weights have no names: a remark at least. */
  @Test
  void fewerCallsWithoutNames() {
    QuantizationPlan plan = calibrate(net -> unnamed(net, 3));

    assertThat(remarks(plan, net -> unnamed(net, 3))).isEmpty();
    assertThat(remarks(plan, net -> unnamed(net, 2)))
        .containsExactly(
            new Remark(
                "conv_2/SlimQuant/kernel",
                "is in the plan, but the graph has fewer calls of layer conv; if one before the last"
                    + " was left out, those after it have its neighbours' formats, and the model must"
                    + " be calibrated again"));
    // Names tell that the last is left out, which does no harm.
    QuantizationPlan named = calibrate(ChangedNetworkTest::threeBlocks);
    assertThat(remarks(named, net -> net.logits(images(net.tf, "images", -1, 8, 8, 4), 1, 2)))
        .isEmpty();
  }

  private static Operand<TFloat32> unnamed(Network net, int calls) {
    Operand<TFloat32> x = images(net.tf, "images", -1, 8, 8, 4);
    for (int i = 0; i < calls; i++) {
      x = net.conv(x, "Variable", 4);
    }
    return x;
  }

  private static List<Remark> remarks(QuantizationPlan plan, Model build) {
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
      build.of(new Network(Ops.create(graph), quantizer));
      return quantizer.plan().remarks().stream()
          .filter(remark -> remark.text().startsWith("is in the plan"))
          .toList();
    }
  }

  @Test
  void sameNetworkInOtherGraphs() {
    QuantizationPlan plan = calibrate(ChangedNetworkTest::threeBlocks);

    build(plan, ChangedNetworkTest::threeBlocks);
    // Another name of the placeholder, another batch, images of another size.
    build(plan, net -> net.logits(images(net.tf, "pixels", 32, 16, 12, 4), 1, 2, 3));
    build(plan, net -> net.logits(images(net.tf, "pixels", 1, -1, -1, 4), 1, 2, 3));
    // Training.
    build(
        plan,
        net -> {
          net.training = true;
          net.tf.withName("step").variable(net.tf.withInitScope().constant(0L));
          net.tf.variable(net.tf.withInitScope().constant(0f));
          return threeBlocks(net);
        });
    // Scopes of names and devices.
    for (Function<Ops, Ops> scope :
        List.<Function<Ops, Ops>>of(
            tf -> tf.withSubScope("tower"),
            tf -> tf.withSubScope("a").withSubScope("b"),
            tf ->
                tf.withDevice(
                    DeviceSpec.newBuilder().deviceType(DeviceSpec.DeviceType.CPU).build()))) {
      build(plan, net -> threeBlocks(new Network(scope.apply(net.tf), net.quantizer)));
    }
    // A graph that has such variables already.
    build(
        plan,
        net -> {
          Network other = new Network(net.tf, net.quantizer);
          for (String name : List.of("block1_kernel", "block2_kernel", "block3_kernel")) {
            other.weights(name, 3, 3, 4, 4);
          }
          return threeBlocks(net);
        });
  }

  @Test
  void anotherScopeThanThatOfCalibration() {
    Function<String, Model> inScope =
        scope ->
            net ->
                new Network(net.tf.withSubScope(scope), net.quantizer)
                    .logits(images(net.tf, "images", -1, 8, 8, 4), 1, 2, 3);
    QuantizationPlan plan = calibrate(inScope.apply("float"));

    build(plan, inScope.apply("int8"));
    build(plan, ChangedNetworkTest::threeBlocks);
  }

  @Test
  void deploymentWithConstants() {
    QuantizationPlan plan = calibrate(ChangedNetworkTest::threeBlocks);

    for (String suffix : List.of("", "_frozen")) {
      build(
          plan,
          net ->
              threeBlocks(
                  new Network(net.tf, net.quantizer, suffix) {
                    @Override
                    Operand<TFloat32> weights(String name, long... shape) {
                      float[] zeros = new float[(int) Shape.of(shape).size()];
                      try (TFloat32 tensor = Tensors.tensor(Shape.of(shape), zeros)) {
                        return tf.withName(name + suffix).constantOf(tensor);
                      }
                    }
                  }));
    }
  }

  @Test
  void modelThatIsBuiltTwiceInOneGraph() {
    Model twice =
        net -> {
          Operand<TFloat32> images = images(net.tf, "images", -1, 8, 8, 4);
          net.logits(images, 1, 2);
          return net.logits(images, 1, 2);
        };
    QuantizationPlan plan = calibrate(twice);

    build(plan, twice);
    build(plan, net -> net.logits(images(net.tf, "images", -1, 8, 8, 4), 1, 2));
  }

  @Test
  void pinnedCallsMoveNothing() {
    Function<int[], Model> pinned =
        blocks ->
            net -> {
              Operand<TFloat32> x = images(net.tf, "images", -1, 8, 8, 4);
              for (int block : blocks) {
                Operand<TFloat32> input = x;
                x = named("block" + block, () -> net.block(input, block));
              }
              return net.head(x);
            };
    QuantizationPlan plan = calibrate(pinned.apply(new int[] {1, 2, 3}));

    assertThat(plan.sites().stream().map(Site::name).limit(4).toList())
        .containsExactly(
            "block1/conv/SlimQuant/kernel",
            "block1/conv/SlimQuant/output",
            "block1/add/SlimQuant/output",
            "block2/conv/SlimQuant/kernel")
        .inOrder();
    build(plan, pinned.apply(new int[] {2, 3}));
    build(plan, pinned.apply(new int[] {1, 3}));
    build(plan, pinned.apply(new int[] {3, 1}));
    assertThat(
            assertThrows(
                IllegalStateException.class, () -> build(plan, pinned.apply(new int[] {0, 1}))))
        .hasMessageThat()
        .isEqualTo(
            "block0/conv/SlimQuant/kernel must be in the plan, because its annotation gives no frac,"
                + " but the plan has other layers, block1/conv, block1/add, block2/conv and 4 more;"
                + " build the model with GraphQuantizer.calibrating and make a plan with Calibrator");
  }

  @Test
  void namesWithinNames() {
    assertThat(named("a", () -> named("b/c", CallNames::prefix) + CallNames.prefix()))
        .isEqualTo("a/b/c/a/");
    assertThat(CallNames.prefix()).isEmpty();
    for (String name : List.of("", "a b", "/a", "a/", "ä")) {
      assertThat(assertThrows(IllegalArgumentException.class, () -> named(name, CallNames::prefix)))
          .hasMessageThat()
          .startsWith("a name of calls must be made of letters, digits");
    }
  }

  @Test
  void secondModelInOneGraph() {
    QuantizationPlan plan = calibrate(ChangedNetworkTest::threeBlocks);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
      Network net = new Network(tf, quantizer);
      threeBlocks(net);

      assertThat(assertThrows(IllegalStateException.class, () -> threeBlocks(net)))
          .hasMessageThat()
          .isEqualTo(
              "conv_3/SlimQuant/kernel must be in the plan, because its annotation gives no frac,"
                  + " but the plan has fewer calls of layer conv: the graph holds a model already,"
                  + " or the network has changed; build each model in a graph of its own, or"
                  + " calibrate the network with all its calls");
      Network other = new Network(tf, GraphQuantizer.fakeQuant(graph, plan));
      assertThat(assertThrows(IllegalStateException.class, () -> threeBlocks(other)))
          .hasMessageThat()
          .isEqualTo(
              "conv/SlimQuant/kernel_1 must be in the plan, because its annotation gives no frac,"
                  + " but the graph has conv/SlimQuant/kernel already, because it holds a model that"
                  + " another quantizer built; build each model in a graph of its own, or with the"
                  + " quantizer of the first");
    }
  }

  @Test
  void oldAndEditedPlans(@TempDir Path folder) throws Exception {
    QuantizationPlan plan = calibrate(ChangedNetworkTest::threeBlocks);
    Path file = folder.resolve("plan.txtpb");
    plan.write(file);
    assertThat(QuantizationPlan.read(file)).isEqualTo(plan);

    String text = Files.readString(file);
    assertThat(text)
        .contains(
            "  calibrated_on { variable: \"block2_kernel\" op: [\"Conv2D\"] shape: [3, 3, 4, 4] }\n");
    Files.writeString(file, text.replaceAll("(?m)^  frac: .*$", "  frac: -3"));
    build(QuantizationPlan.read(file), ChangedNetworkTest::threeBlocks);
    Files.writeString(file, text.replaceAll("(?m)^  calibrated_on .*\\n", ""));
    QuantizationPlan old = QuantizationPlan.read(file);
    assertThat(old.sites().stream().flatMap(site -> site.origin().stream()).toList()).isEmpty();
    build(old, net -> net.logits(images(net.tf, "images", -1, 8, 8, 4), 2, 3));
  }

  @Test
  void statisticsOfAnotherNetwork(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("statistics");
    CalibrationStatistics statistics = statistics(ChangedNetworkTest::threeBlocks);
    statistics.write(file);
    CalibrationStatistics read = CalibrationStatistics.read(file);
    assertThat(read.sites()).isEqualTo(statistics.sites());
    assertThat(CalibrationStatistics.merge(read, statistics).batches()).isEqualTo(2);

    CalibrationStatistics other =
        statistics(net -> net.logits(images(net.tf, "images", -1, 8, 8, 4), 1, 3, 2));
    assertThat(
            assertThrows(
                IllegalArgumentException.class,
                () -> CalibrationStatistics.merge(statistics, other)))
        .hasMessageThat()
        .isEqualTo(
            "statistics must be of the same sites to be merged, but conv_1/SlimQuant/kernel is"
                + " Conv2D of variable block2_kernel [3, 3, 4, 4] in one and Conv2D of variable"
                + " block3_kernel [3, 3, 4, 4] in the other");
  }
}
