package org.slimquant.runtime.testing;

import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** A graph whose layers are quantized, for tests of the result. */
public abstract class GraphWithLayers {

  public static final FixedPoint KERNEL = FixedPoint.signed(8, -7);
  public static final FixedPoint OUTPUT = FixedPoint.signed(8, -5);
  public static final List<Long> STRIDES = List.of(1L, 1L, 1L, 1L);

  public final Graph graph = new Graph();
  public final Ops tf = Ops.create(graph);
  public final GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);

  @AfterEach
  public void closeGraph() {
    graph.close();
  }

  public Operand<TFloat32> dense(String name, Operand<TFloat32> x, Operand<TFloat32> kernel) {
    return layer(
        quantizer,
        QuantizedLayer.of(name, KERNEL, OUTPUT),
        () -> tf.linalg.matMul(quantizer.input(x), kernel));
  }

  public static Site site(String name, Kind kind, String tensor, Format format) {
    return new Site(name, kind, tensor, format, new Source.Annotation(), Optional.empty());
  }

  public List<String> siteNames() {
    return quantizer.plan().sites().stream().map(Site::name).toList();
  }

  public Placeholder<TFloat32> image() {
    return tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 8, 8, 1)));
  }

  public Placeholder<TFloat32> matrix() {
    return tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(4, 4)));
  }

  public Variable<TFloat32> kernel(long... shape) {
    return tf.withName("kernel").variable(Shape.of(shape), TFloat32.class);
  }
}
