package org.slimquant.runtime.layer;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.named;
import static org.slimquant.runtime.testing.BlockNetworks.build;
import static org.slimquant.runtime.testing.BlockNetworks.calibrate;
import static org.slimquant.runtime.testing.BlockNetworks.images;
import static org.slimquant.runtime.testing.BlockNetworks.threeBlocks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.testing.BlockNetworks;
import org.slimquant.runtime.testing.BlockNetworks.Model;
import org.slimquant.runtime.testing.BlockNetworks.Network;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A plan of one network, read by that network in other graphs. */
final class SameNetworkTest {

  @Test
  void sameNetworkInOtherGraphs() {
    QuantizationPlan plan = calibrate(BlockNetworks::threeBlocks);

    build(plan, BlockNetworks::threeBlocks);
    // The placeholder has another name, the batch and the images another size.
    build(plan, net -> net.logits(images(net.tf, "pixels", 32, 16, 12, 4), 1, 2, 3));
    build(plan, net -> net.logits(images(net.tf, "pixels", 1, -1, -1, 4), 1, 2, 3));
    // The graph trains.
    build(
        plan,
        net -> {
          net.training = true;
          net.tf.withName("step").variable(net.tf.withInitScope().constant(0L));
          net.tf.variable(net.tf.withInitScope().constant(0f));
          return threeBlocks(net);
        });
    // The model is in scopes of names and devices.
    for (Function<Ops, Ops> scope :
        List.<Function<Ops, Ops>>of(
            tf -> tf.withSubScope("tower"),
            tf -> tf.withSubScope("a").withSubScope("b"),
            tf ->
                tf.withDevice(
                    DeviceSpec.newBuilder().deviceType(DeviceSpec.DeviceType.CPU).build()))) {
      build(plan, net -> threeBlocks(new Network(scope.apply(net.tf), net.quantizer)));
    }
    // The graph has such variables already.
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
    build(plan, BlockNetworks::threeBlocks);
  }

  @Test
  void deploymentWithConstants() {
    QuantizationPlan plan = calibrate(BlockNetworks::threeBlocks);

    for (String suffix : List.of("", "_frozen")) {
      build(
          plan,
          net ->
              threeBlocks(
                  new Network(net.tf, net.quantizer, suffix) {
                    @Override
                    public Operand<TFloat32> weights(String name, long... shape) {
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
                + " calibrate again: build the model with CalibratingQuantizer.of and make a plan with"
                + " Calibrator");
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
  void oldAndEditedPlans(@TempDir Path folder) throws Exception {
    QuantizationPlan plan = calibrate(BlockNetworks::threeBlocks);
    Path file = folder.resolve("plan.txtpb");
    plan.write(file);
    assertThat(QuantizationPlan.read(file)).isEqualTo(plan);

    String text = Files.readString(file);
    assertThat(text)
        .contains(
            "  calibrated_on { variable: \"block2_kernel\" op: [\"Conv2D\"] shape: [3, 3, 4, 4] }\n");
    Files.writeString(file, text.replaceAll("(?m)^  frac: .*$", "  frac: -3"));
    build(QuantizationPlan.read(file), BlockNetworks::threeBlocks);
    Files.writeString(file, text.replaceAll("(?m)^  calibrated_on .*\\n", ""));
    QuantizationPlan old = QuantizationPlan.read(file);
    assertThat(old.sites().stream().flatMap(site -> site.origin().stream()).toList()).isEmpty();
    build(old, net -> net.logits(images(net.tf, "images", -1, 8, 8, 4), 2, 3));
  }
}
