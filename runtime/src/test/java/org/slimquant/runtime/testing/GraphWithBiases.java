package org.slimquant.runtime.testing;

import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.FormatRequest;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** A graph with layers that add biases, for tests of their quantization. */
public abstract class GraphWithBiases {

  public static final FixedPoint INPUT = FixedPoint.signed(8, -7);
  public static final FixedPoint KERNEL = FixedPoint.signed(8, -8);
  public static final FixedPoint OUTPUT = FixedPoint.signed(8, -5);
  public static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);

  public final Graph graph = new Graph();
  public final Ops tf = Ops.create(graph);
  public final GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);

  @AfterEach
  public void closeGraph() {
    graph.close();
  }

  /** The function of a layer's input, kernel and bias. */
  @FunctionalInterface
  public interface Layer {
    Operand<TFloat32> build(
        Ops tf, Operand<TFloat32> x, Operand<TFloat32> kernel, Operand<TFloat32> bias);
  }

  public static final Layer DENSE =
      (tf, x, k, b) -> sum(tf).nn.biasAdd(product(tf).linalg.matMul(x, k), b);

  public Operand<TFloat32> build(
      Layer body,
      FormatRequest kernelFormat,
      Operand<TFloat32> x,
      Operand<TFloat32> kernel,
      Operand<TFloat32> bias) {
    return layer(
        quantizer,
        QuantizedLayer.of("dense", kernelFormat, OUTPUT),
        () -> body.build(tf, quantizer.input(new QuantizedInput("x", INPUT), x), kernel, bias));
  }

  public static Ops product(Ops tf) {
    return tf.withName("product");
  }

  public static Ops sum(Ops tf) {
    return tf.withName("sum");
  }

  public Placeholder<TFloat32> x(Shape shape) {
    return tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  public Variable<TFloat32> variable(String name, Shape shape) {
    return tf.withName(name).variable(shape, TFloat32.class);
  }

  public Stream<Site> biasSiteStream() {
    return quantizer.plan().sites().stream().filter(site -> site.kind() == Kind.BIAS);
  }

  public List<String> biasSites() {
    return biasSiteStream().map(Site::name).toList();
  }

  public List<Format> biasFormats() {
    return biasSiteStream().map(Site::format).toList();
  }
}
