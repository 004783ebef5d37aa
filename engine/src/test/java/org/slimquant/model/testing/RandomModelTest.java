package org.slimquant.model.testing;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.AveragePool;
import org.slimquant.model.BinaryOp;
import org.slimquant.model.Concat;
import org.slimquant.model.Conv2D;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Padding;
import org.slimquant.model.Reshape;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.Window;
import org.slimquant.model.analysis.Broadcast;

/**
 * Tests that the generator makes everything that a model can have. Otherwise tests would try less
 * than they claim.
 */
final class RandomModelTest {

  private static final int MODELS = 3000;

  private static Stream<IntegerModel> models() {
    return LongStream.range(0, MODELS).mapToObj(RandomModel::of);
  }

  private static Stream<IntegerOp> ops() {
    return models().flatMap(model -> model.ops().stream());
  }

  @Test
  void windows() {
    Set<String> seen = new TreeSet<>();
    ops()
        .forEach(
            op -> {
              if (op instanceof Conv2D conv) {
                see(seen, op, conv.window(), conv.input());
              } else if (op instanceof DepthwiseConv2D conv) {
                see(seen, op, conv.window(), conv.input());
              } else if (op instanceof MaxPool pool) {
                see(seen, op, pool.window(), pool.input());
              } else if (op instanceof AveragePool pool) {
                see(seen, op, pool.window(), pool.input());
              }
            });
    for (String type : List.of("Conv2D", "DepthwiseConv2D", "MaxPool", "AveragePool")) {
      for (int down = 1; down <= 3; down++) {
        for (int across = 1; across <= 3; across++) {
          assertThat(seen).contains("%s stride %d %d".formatted(type, down, across));
          if (type.endsWith("2D")) {
            assertThat(seen).contains("%s dilation %d %d".formatted(type, down, across));
          }
        }
      }
      for (String padding : List.of("none", "same", "explicit")) {
        assertThat(seen).contains("%s padding %s".formatted(type, padding));
      }
      assertThat(seen).contains(type + " larger than the image");
    }
    assertThat(seen).containsAtLeast("Conv2D padding beyond", "DepthwiseConv2D padding beyond");
  }

  private static void see(Set<String> seen, IntegerOp op, Window window, IntegerTensor input) {
    int rows = input.shape().get(0);
    int columns = input.shape().get(1);
    Padding padding = window.padding();
    String type = op.type();
    seen.add("%s stride %d %d".formatted(type, window.strideHeight(), window.strideWidth()));
    seen.add("%s dilation %d %d".formatted(type, window.dilationHeight(), window.dilationWidth()));
    boolean same = window.equals(window.withSamePadding(rows, columns));
    String kind = padding.equals(Padding.NONE) ? "none" : same ? "same" : "explicit";
    seen.add("%s padding %s".formatted(type, kind));
    if (padding.top() >= window.height() && !same) {
      seen.add(type + " padding beyond");
    }
    if (window.height() > rows && window.width() > columns) {
      seen.add(type + " larger than the image");
    }
  }

  @Test
  void layers() {
    Set<String> seen = new TreeSet<>();
    ops()
        .filter(WeightedOp.class::isInstance)
        .map(WeightedOp.class::cast)
        .forEach(
            layer -> {
              boolean perChannel = layer.kernel().exponents().size() > 1;
              seen.add((layer.kernel().signed() ? "int" : "uint") + layer.kernel().bits());
              seen.add(layer.type() + (perChannel ? " per channel" : " per tensor"));
              int shift = layer.shift(0);
              seen.add(
                  shift > 31 ? "far right" : shift > 0 ? "right" : shift == 0 ? "none" : "left");
              int bias = layer.bias().get(0);
              seen.add(bias == 0 ? "no bias" : Math.abs(bias) < 5000 ? "bias" : "large bias");
              seen.add(bias == Integer.MIN_VALUE ? "smallest bias" : "another bias");
              if (layer instanceof DepthwiseConv2D conv) {
                seen.add("multiplier " + conv.kernel().shape().get(3));
              }
            });
    assertThat(seen)
        .containsAtLeastElementsIn(
            IntStream.rangeClosed(2, 16)
                .boxed()
                .flatMap(bits -> Stream.of("int" + bits, "uint" + bits))
                .toList());
    assertThat(seen)
        .containsAtLeast("far right", "right", "none", "left", "no bias", "bias", "large bias");
    assertThat(seen)
        .containsAtLeast("smallest bias", "multiplier 1", "multiplier 2", "multiplier 3");
    for (String type : List.of("Conv2D", "DepthwiseConv2D", "Dense")) {
      assertThat(seen).containsAtLeast(type + " per channel", type + " per tensor");
    }
  }

  @Test
  void joinsAndShapes() {
    Set<String> seen = new TreeSet<>();
    models()
        .forEach(
            model -> {
              int output = model.tensors().indexOf(model.output());
              seen.add("input of rank " + model.input().rank());
              seen.add(
                  "output " + (output == 0 ? "first" : output < model.ops().size() ? "" : "last"));
            });
    ops()
        .forEach(
            op -> {
              if (op instanceof BinaryOp binary) {
                IntegerTensor left = binary.left();
                IntegerTensor right = binary.right();
                int apart = left.format().frac() - right.format().frac();
                seen.add(binary.type());
                seen.add(left.equals(right) ? "double" : "pair");
                seen.add(Math.abs(apart) > 20 ? "far apart" : apart == 0 ? "one step" : "apart");
                if (!left.shape().equals(right.shape())) {
                  seen.add(binary.type() + " broadcast");
                  seen.add("broadcast in %d loops".formatted(Broadcast.of(binary).loops().size()));
                }
              } else if (op instanceof Concat concat) {
                seen.add("axis %d of %d".formatted(concat.axis(), concat.output().rank()));
                seen.add("join of " + concat.inputs().size());
              } else if (op instanceof Reshape reshape) {
                seen.add("reshape to rank " + reshape.output().rank());
              }
            });
    assertThat(seen)
        .containsExactly(
            "input of rank 1",
            "input of rank 3",
            "output ",
            "output first",
            "output last",
            "Add",
            "Subtract",
            "Multiply",
            "Maximum",
            "Minimum",
            "Add broadcast",
            "Subtract broadcast",
            "Multiply broadcast",
            "Maximum broadcast",
            "Minimum broadcast",
            "broadcast in 1 loops",
            "broadcast in 2 loops",
            "broadcast in 3 loops",
            "double",
            "pair",
            "far apart",
            "apart",
            "one step",
            "axis 0 of 1",
            "axis 0 of 2",
            "axis 1 of 2",
            "axis 0 of 3",
            "axis 1 of 3",
            "axis 2 of 3",
            "join of 1",
            "join of 2",
            "join of 3",
            "reshape to rank 1",
            "reshape to rank 2",
            "reshape to rank 3");
  }

  @Test
  void manyEnds() {
    Set<String> seen = new TreeSet<>();
    LongStream.range(0, MODELS)
        .mapToObj(seed -> RandomModel.of(seed, Variety.any().withManyEnds()))
        .forEach(
            model -> {
              seen.add(model.inputs().size() + " inputs");
              seen.add(model.outputs().size() + " outputs");
              model.outputs().forEach(output -> seen.add(kind(model, output)));
              model.ops().stream()
                  .filter(op -> op.inputs().stream().distinct().count() > 1)
                  .filter(op -> model.inputs().containsAll(op.inputs()))
                  .forEach(op -> seen.add("op of two inputs"));
            });
    assertThat(seen)
        .containsExactly(
            "1 inputs",
            "2 inputs",
            "3 inputs",
            "1 outputs",
            "2 outputs",
            "3 outputs",
            "input as output",
            "read output",
            "end",
            "op of two inputs");
  }

  private static String kind(IntegerModel model, IntegerTensor output) {
    boolean read = model.ops().stream().anyMatch(op -> op.inputs().contains(output));
    return model.inputs().contains(output) ? "input as output" : read ? "read output" : "end";
  }

  @Test
  void varieties() {
    IntegerTensor input = new IntegerTensor("input", List.of(9, 8, 3), FixedPoint.signed(5, -5));
    Variety variety = Variety.ofBits(5).of(input, 40).ofOps(op -> !op.type().equals("MaxPool"));
    for (long seed = 0; seed < 20; seed++) {
      IntegerModel model = RandomModel.of(seed, variety);
      assertWithMessage("seed %s", seed).that(model).isEqualTo(RandomModel.of(seed, variety));
      assertWithMessage("seed %s", seed).that(model.input()).isEqualTo(input);
      List<String> types = model.ops().stream().map(IntegerOp::type).toList();
      assertWithMessage("seed %s", seed).that(types).hasSize(40);
      assertWithMessage("seed %s", seed).that(types).doesNotContain("MaxPool");
      assertWithMessage("seed %s", seed)
          .that(model.tensors().stream().mapToInt(tensor -> tensor.format().bits()).max().orElse(0))
          .isEqualTo(5);
    }
  }
}
