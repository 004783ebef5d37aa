package org.slimquant.deploy.compile.pass;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.deploy.testing.SameCodes.SEED;
import static org.slimquant.deploy.testing.SameCodes.assertSame;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.deploy.IntegerCompiler;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.model.IntegerModel;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceProd;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** Shapes that a model computes from those of its tensors. */
final class ComputedShapesTest {

  /** Makes rows of images. */
  private interface Flatten {
    Operand<TFloat32> rows(Ops tf, Operand<TFloat32> images);
  }

  private static Arguments spelling(String title, Flatten flatten) {
    return Arguments.of(title, flatten);
  }

  private static Operand<TInt32> first(Ops tf, Operand<TFloat32> x) {
    return tf.slice(tf.shape(x), tf.array(0), tf.array(1));
  }

  private static Operand<TInt32> scalar(Ops tf, Operand<TFloat32> x, int place) {
    return tf.stridedSlice(
        tf.shape(x),
        tf.array(place),
        tf.array(place + 1),
        tf.array(1),
        StridedSlice.shrinkAxisMask(1L));
  }

  private static Operand<TInt32> joined(Ops tf, Operand<TInt32> first, Operand<TInt32> second) {
    return tf.concat(List.of(first, second), tf.constant(0));
  }

  static Stream<Arguments> spellings() {
    return Stream.of(
        spelling(
            "Slice, ConcatV2, -1",
            (tf, x) -> tf.reshape(x, joined(tf, first(tf, x), tf.array(-1)))),
        spelling(
            "int64",
            (tf, x) ->
                tf.reshape(
                    x,
                    tf.concat(
                        List.of(
                            tf.slice(tf.shape(x, TInt64.class), tf.array(0L), tf.array(1L)),
                            tf.array(-1L)),
                        tf.constant(0)))),
        spelling(
            "Cast",
            (tf, x) ->
                tf.reshape(
                    x, tf.dtypes.cast(joined(tf, first(tf, x), tf.array(-1)), TInt64.class))),
        spelling(
            "Pack with -1",
            (tf, x) -> tf.reshape(x, tf.stack(List.of(scalar(tf, x, 0), tf.constant(-1))))),
        spelling(
            "Pack of a product",
            (tf, x) ->
                tf.reshape(
                    x,
                    tf.stack(
                        List.of(
                            scalar(tf, x, 0),
                            tf.math.mul(
                                scalar(tf, x, 3),
                                tf.math.mul(scalar(tf, x, 1), scalar(tf, x, 2))))))),
        spelling(
            "Prod",
            (tf, x) ->
                tf.reshape(
                    x,
                    tf.stack(
                        List.of(
                            tf.constant(-1),
                            tf.reduceProd(
                                tf.slice(tf.shape(x), tf.array(1), tf.array(-1)),
                                tf.constant(0)))))),
        spelling(
            "Prod that keeps its axis",
            (tf, x) ->
                tf.reshape(
                    x,
                    joined(
                        tf,
                        tf.array(-1),
                        tf.reduceProd(
                            tf.slice(tf.shape(x), tf.array(1), tf.array(3)),
                            tf.array(0),
                            ReduceProd.keepDims(true))))),
        spelling(
            "Size",
            (tf, x) ->
                tf.reshape(
                    x,
                    tf.stack(
                        List.of(scalar(tf, x, 0), tf.math.div(tf.size(x), scalar(tf, x, 0)))))),
        spelling(
            "GatherV2",
            (tf, x) ->
                tf.reshape(
                    x,
                    joined(tf, tf.gather(tf.shape(x), tf.array(0), tf.constant(0)), tf.array(-1)))),
        spelling(
            "ExpandDims",
            (tf, x) ->
                tf.reshape(
                    x, joined(tf, tf.expandDims(scalar(tf, x, 0), tf.constant(0)), tf.array(-1)))),
        spelling("reduceDims", (tf, x) -> tf.shape.reduceDims(x, tf.constant(1))),
        spelling("reduceDims from behind", (tf, x) -> tf.shape.reduceDims(x, tf.constant(-3))),
        spelling(
            "reduceDims, int64", (tf, x) -> tf.shape.reduceDims(x, tf.constant(1L), TInt64.class)),
        spelling(
            "head and append",
            (tf, x) -> tf.reshape(x, tf.shape.append(tf.shape.head(tf.shape(x)), tf.array(-1)))),
        spelling(
            "take and size",
            (tf, x) ->
                tf.reshape(
                    x,
                    joined(
                        tf,
                        tf.shape.take(tf.shape(x), tf.constant(1)),
                        tf.math.div(
                            tf.expandDims(tf.shape.size(tf.shape(x)), tf.constant(0)),
                            tf.shape.size(tf.shape(x), tf.constant(0)))))),
        spelling(
            "takeLast",
            (tf, x) ->
                tf.reshape(
                    x,
                    tf.stack(
                        List.of(
                            tf.constant(-1),
                            tf.reduceProd(
                                tf.shape.takeLast(tf.shape(x), tf.constant(3)), tf.constant(0)))))),
        spelling(
            "the shape of another tensor",
            (tf, x) ->
                tf.reshape(x, joined(tf, first(tf, tf.zerosLike(tf.nn.relu(x))), tf.array(-1)))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spellings")
  void rowsOfImages(String title, Flatten flatten) {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 3, 4, 2)) {
      Operand<TFloat32> conv =
          graph.layer("conv", graph.images, x -> graph.addBias(graph.conv(x, 2)));
      Operand<TFloat32> rows = flatten.rows(graph.tf, conv);
      // Behind the rows, too, TensorFlow knows no more.
      Operand<TFloat32> relu = graph.layer("relu", rows, graph::relu);
      Operand<TFloat32> y =
          graph.layer(
              "dense", relu, x -> graph.tf.linalg.matMul(x, graph.kernel(KERNEL, 0.2, 24, 5)));

      IntegerModel model = assertSame(graph, y);

      assertThat(model.tensors().stream().map(tensor -> tensor.shape()))
          .containsExactly(List.of(3, 4, 2), List.of(3, 4, 2), List.of(24), List.of(24), List.of(5))
          .inOrder();
    }
  }

  @Test
  void rowsThatBecomeImagesAgain() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4, 4, 2)) {
      Ops tf = graph.tf;
      Operand<TFloat32> relu = graph.layer("relu", graph.images, graph::relu);
      Operand<TFloat32> rows = tf.shape.reduceDims(relu, tf.constant(1));
      Operand<TFloat32> images = tf.reshape(rows, joined(tf, first(tf, rows), tf.array(2, 8, 2)));
      Operand<TFloat32> y = graph.layer("conv", images, x -> graph.addBias(graph.conv(x, 3)));

      assertThat(assertSame(graph, y).output().shape()).containsExactly(2, 8, 3).inOrder();
    }
  }

  @Test
  void modelThatBeginsBehindThePlaceholder() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4, 4, 2)) {
      Operand<TFloat32> pixels = graph.tf.math.mul(graph.images, graph.tf.constant(0.5f));
      Operand<TFloat32> rows = graph.tf.shape.reduceDims(pixels, graph.tf.constant(1));
      Operand<TFloat32> y =
          graph.layer(
              "dense",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.linalg.matMul(
                      graph.input("rows", INPUT, rows), graph.kernel(KERNEL, 0.2, 32, 5)));
      IntegerModel model =
          IntegerCompiler.compile(graph.session(), graph.quantizer.plan(), pixels, y);
      assertThat(model.input().shape()).containsExactly(4, 4, 2).inOrder();
      assertThat(model.output().shape()).containsExactly(5);
    }
  }

  @Test
  void nothingIsCopiedWhereAllShapesAreKnown() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4, 4, 2)) {
      Operand<TFloat32> rows = graph.tf.reshape(graph.images, graph.tf.array(-1, 32));
      OpGraph before = PassRun.read(graph, rows);
      assertThat(
              PassRun.apply(before, new InferShapes(graph.graph, List.of(graph.images.asOutput()))))
          .isSameInstanceAs(before);
    }
  }
}
