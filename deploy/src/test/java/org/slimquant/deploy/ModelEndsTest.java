package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.deploy.testing.SameCodes.SEED;
import static org.slimquant.deploy.testing.SameCodes.assertSame;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;
import static org.slimquant.deploy.testing.UsualLayers.network;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.Compilation.OutsideOp;
import org.slimquant.deploy.testing.CodeComparison;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.model.IntegerModel;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Where models begin and end: what comes before the first layer, what stays outside, the batch. */
final class ModelEndsTest {

  @Test
  void scoresStayOutside() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8, 8, 2)) {
      Operand<?> classes =
          graph.tf.dtypes.cast(
              graph.tf.math.argMax(
                  graph.tf.nn.softmax(network(graph, false)), graph.tf.constant(1)),
              TInt32.class);

      Compilation compilation = graph.compilation(classes);

      assertThat(compilation.outside())
          .containsExactly(
              new OutsideOp("Softmax", "Softmax"),
              new OutsideOp("ArgMax", "ArgMax"),
              new OutsideOp("Cast", "Cast"))
          .inOrder();
      assertThat(compilation.model().output().name()).isEqualTo("dense1/SlimQuant/output");
      assertThat(compilation.toString())
          .endsWith("\nCast (Cast) is not in the model: it stays with the caller");
      assertSame(graph, compilation.model());
    }
  }

  @Test
  void imagesThatAreReshapedFirst() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4, 4, 1)) {
      Operand<TFloat32> rows = graph.tf.reshape(graph.images, graph.tf.array(-1, 16));
      Operand<TFloat32> y =
          graph.layer(
              "dense", KERNEL, OUTPUT, () -> graph.product(graph.input("pixels", INPUT, rows), 3));

      assertThat(assertSame(graph, y).toString())
          .isEqualTo(
              """
              op       type     kernel               shift  output                  shape      format       clamped to
                                                            images                  [4, 4, 1]  int8 * 2^-6
              Reshape  Reshape                              dense/SlimQuant/pixels  [16]       int8 * 2^-6
              dense    Dense    [16, 3] int8 * 2^-7  9      dense/SlimQuant/output  [3]        int8 * 2^-4""");
    }
  }

  @Test
  void imagesThatAreReadTwice() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4, 4, 1)) {
      Operand<TFloat32> rows = graph.tf.reshape(graph.images, graph.tf.array(-1, 16));
      Operand<TFloat32> first =
          graph.layer("a", KERNEL, OUTPUT, () -> firstDense(graph, rows, "rows"));
      Operand<TFloat32> again = graph.tf.reshape(graph.images, graph.tf.array(-1, 16));
      Operand<TFloat32> second =
          graph.layer("b", KERNEL, OUTPUT, () -> firstDense(graph, again, "again"));
      Operand<TFloat32> sum =
          graph.layer(
              "sum",
              KERNEL,
              OUTPUT,
              () -> graph.tf.math.add(graph.input(first), graph.input(second)));

      IntegerModel model = assertSame(graph, sum);

      assertThat(model.tensors().stream().map(tensor -> tensor.name()))
          .containsExactly(
              "images",
              "a/SlimQuant/rows",
              "a/SlimQuant/output",
              "b/SlimQuant/again",
              "b/SlimQuant/output",
              "sum/SlimQuant/output");
    }
  }

  private static Operand<TFloat32> firstDense(
      QuantizedGraph graph, Operand<TFloat32> x, String name) {
    return graph.product(graph.input(name, INPUT, x), 3);
  }

  @Test
  void batchThatIsComputed() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4, 4, 2)) {
      Operand<TInt32> batch =
          graph.tf.stridedSlice(
              graph.tf.shape(graph.images),
              graph.tf.array(0),
              graph.tf.array(1),
              graph.tf.array(1),
              StridedSlice.shrinkAxisMask(1L));
      Operand<TFloat32> rows =
          graph.tf.reshape(graph.images, graph.tf.stack(List.of(batch, graph.tf.constant(32))));
      Operand<TFloat32> y =
          graph.layer(
              "dense",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.linalg.matMul(
                      graph.tf.identity(graph.input("rows", INPUT, rows)),
                      graph.kernel(KERNEL, 0.3, 5, 32),
                      MatMul.transposeB(true)));
      assertThat(assertSame(graph, y).output().shape()).containsExactly(5);
    }
  }

  @Test
  void modelThatBeginsBehindThePlaceholder() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8)) {
      Operand<TFloat32> pixels = graph.tf.math.mul(graph.images, graph.tf.constant(1f / 3));
      Operand<TFloat32> y =
          graph.layer(
              "dense",
              KERNEL,
              OUTPUT,
              () -> graph.product(graph.input("pixels", INPUT, pixels), 3));

      IntegerModel model =
          IntegerCompiler.compile(graph.session(), graph.quantizer.plan(), pixels, y);

      assertThat(model.input().name()).isEqualTo("Mul");
      CodeComparison comparison =
          CodeComparison.of(
              graph.session(), pixels, model, CodeComparison.batch(model.input(), 40, SEED));
      assertThat(comparison).isEqualTo(new CodeComparison(120, 0, List.of()));
    }
  }

  @Test
  void batchOfAFixedSize() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8)) {
      Operand<TFloat32> five =
          graph.tf.withName("five").placeholder(TFloat32.class, Placeholder.shape(Shape.of(5, 8)));
      Operand<TFloat32> y =
          graph.layer(
              "dense", KERNEL, OUTPUT, () -> graph.product(graph.input("five", INPUT, five), 4));
      Operand<TFloat32> square = graph.tf.reshape(y, graph.tf.array(5, 2, 2));

      IntegerModel model =
          IntegerCompiler.compile(graph.session(), graph.quantizer.plan(), five, square);

      assertThat(model.output().shape()).containsExactly(2, 2).inOrder();
      assertThat(
              CodeComparison.of(
                      graph.session(), five, model, CodeComparison.batch(model.input(), 5, SEED))
                  .differing())
          .isEqualTo(0);
    }
  }
}
