package org.slimquant.runtime;

import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** A graph whose layers are quantized, for tests that look at what becomes of it. */
abstract class GraphWithLayers {

  static final FixedPoint KERNEL = FixedPoint.signed(8, -7);
  static final FixedPoint OUTPUT = FixedPoint.signed(8, -5);
  static final List<Long> STRIDES = List.of(1L, 1L, 1L, 1L);

  final Graph graph = new Graph();
  final Ops tf = Ops.create(graph);
  final GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);

  @AfterEach
  void closeGraph() {
    graph.close();
  }

  Operand<TFloat32> dense(String name, Operand<TFloat32> x, Operand<TFloat32> kernel) {
    return layer(
        quantizer,
        QuantizedLayer.of(name, KERNEL, OUTPUT),
        () -> tf.linalg.matMul(quantizer.input(x), kernel));
  }

  static Site site(String name, Kind kind, String tensor, Format format) {
    return new Site(name, kind, tensor, format, new Source.Annotation(), Optional.empty());
  }

  List<String> siteNames() {
    return quantizer.plan().sites().stream().map(Site::name).toList();
  }

  Placeholder<TFloat32> image() {
    return tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 8, 8, 1)));
  }

  Placeholder<TFloat32> matrix() {
    return tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(4, 4)));
  }

  Variable<TFloat32> kernel(long... shape) {
    return tf.withName("kernel").variable(Shape.of(shape), TFloat32.class);
  }
}
