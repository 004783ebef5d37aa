package org.slimquant.runtime.testing;

import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import java.util.Random;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.sensitivity.ProbingQuantizer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** A small network as generated code would build it: its first feature map is a large one. */
public final class TwoLayerModel<Q extends GraphQuantizer> implements AutoCloseable {

  public static final int SIZE = 24;

  /** The formats that the layers ask for. */
  public record Requests(FormatRequest input, FormatRequest kernel, FormatRequest output) {
    public static final Requests CALIBRATED =
        new Requests(Calibrated.signed(8), Calibrated.signed(8), Calibrated.unsigned(8));
    public static final Requests PER_CHANNEL =
        new Requests(Calibrated.signed(8), Calibrated.perChannel(8), Calibrated.unsigned(8));
    public static final Requests FIXED =
        new Requests(
            FixedPoint.signed(8, -5), FixedPoint.signed(8, -7), FixedPoint.unsigned(8, -4));
  }

  public final Graph graph;
  public final Q quantizer;
  public final Placeholder<TFloat32> images;
  public final Operand<TFloat32> logits;
  public final Session session;

  private TwoLayerModel(Graph graph, Q quantizer, Requests requests) {
    this.graph = graph;
    this.quantizer = quantizer;
    Ops tf = Ops.create(graph);
    images =
        tf.withName("images")
            .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, SIZE, SIZE, 1)));
    Operand<TFloat32> x =
        layer(
            quantizer,
            QuantizedLayer.of("conv1", requests.kernel(), requests.output()),
            () ->
                tf.nn.relu(
                    tf.nn.biasAdd(
                        tf.nn.conv2d(
                            quantizer.input(new QuantizedInput("images", requests.input()), images),
                            kernel(tf, 3, 3, 1, 8),
                            List.of(1L, 1L, 1L, 1L),
                            "SAME"),
                        tf.constant(new float[] {0.1f, 0, -0.1f, 0.2f, 0, 0, 0.3f, -0.5f}))));
    Operand<TFloat32> y =
        layer(
            quantizer,
            QuantizedLayer.of("depthwise", requests.kernel(), requests.output()),
            () ->
                tf.nn.relu6(
                    tf.nn.depthwiseConv2dNative(
                        quantizer.input(x),
                        kernel(tf, 3, 3, 8, 2),
                        List.of(1L, 4L, 4L, 1L),
                        "SAME")));
    Operand<TFloat32> flat = tf.reshape(y, tf.array(-1, SIZE * SIZE));
    logits =
        layer(
            quantizer,
            QuantizedLayer.of("dense", requests.kernel(), requests.input()),
            () -> tf.linalg.matMul(quantizer.input(flat), kernel(tf, SIZE * SIZE, 5)));
    session = new Session(graph);
  }

  public static TwoLayerModel<CalibratingQuantizer> calibrating(Requests requests) {
    Graph graph = new Graph();
    return new TwoLayerModel<>(graph, CalibratingQuantizer.of(graph), requests);
  }

  public static TwoLayerModel<GraphQuantizer> fakeQuant(Requests requests, QuantizationPlan plan) {
    Graph graph = new Graph();
    return new TwoLayerModel<>(graph, GraphQuantizer.fakeQuant(graph, plan), requests);
  }

  public static TwoLayerModel<ProbingQuantizer> probing(Requests requests, QuantizationPlan plan) {
    Graph graph = new Graph();
    return new TwoLayerModel<>(graph, ProbingQuantizer.of(graph, plan), requests);
  }

  /** Returns a batch; batches of one seed begin alike. */
  public static TFloat32 batch(int size, long seed) {
    Random random = new Random(seed);
    float[] pixels = new float[size * SIZE * SIZE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return Tensors.tensor(Shape.of(size, SIZE, SIZE, 1), pixels);
  }

  private static Operand<TFloat32> kernel(Ops tf, long... dimensions) {
    Shape shape = Shape.of(dimensions);
    Random random = new Random(shape.size());
    float[] weights = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (random.nextGaussian() * Math.scalb(0.1, i % 4));
    }
    return tf.reshape(tf.constant(weights), tf.constant(dimensions));
  }

  public float[] fetch(String tensor, TFloat32 batch) {
    if (tensor.equals("images:0")) {
      return Tensors.elements(batch);
    }
    try (var result = session.runner().feed(images, batch).fetch(tensor).run()) {
      return Tensors.elements((TFloat32) result.get(0));
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
