package org.slimquant.deploy.testing;

import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.ONES;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.slimquant.deploy.Compilation;
import org.slimquant.deploy.IntegerCompiler;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.model.IntegerModel;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.LayerBody;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** A graph whose layers are quantized as generated code would do it, with random weights. */
public final class QuantizedGraph implements AutoCloseable {

  /** The graph. */
  public final Graph graph = new Graph();

  /** Adds ops to it. */
  public final Ops tf = Ops.create(graph);

  /** Quantizes its layers. */
  public final GraphQuantizer quantizer;

  /** The input of the model. */
  public final Placeholder<TFloat32> images;

  private final Random random;
  private final Session session = new Session(graph);

  /**
   * Starts a graph.
   *
   * @param seed decides the weights
   * @param shape the shape of an example
   */
  public QuantizedGraph(long seed, long... shape) {
    this(seed, GraphQuantizerForms.registered(), shape);
  }

  /**
   * Starts a graph with another form of fake quants.
   *
   * @param quantizers makes the quantizer
   */
  public QuantizedGraph(long seed, GraphQuantizerForms quantizers, long... shape) {
    random = new Random(seed);
    quantizer = quantizers.of(graph);
    images =
        tf.withName("images")
            .placeholder(
                TFloat32.class, Placeholder.shape(Shape.of(shape).prepend(Shape.UNKNOWN_SIZE)));
  }

  /** Adds a layer. A sum before its activation has the format of the output, with a sign. */
  public Operand<TFloat32> layer(
      String name, FormatRequest kernel, FixedPoint output, LayerBody body) {
    FixedPoint sum = FixedPoint.signed(output.bits(), output.frac());
    return GraphQuantizer.layer(
        quantizer, QuantizedLayer.of(name, kernel, output).withSum(sum), body);
  }

  /**
   * Adds a layer of the usual formats.
   *
   * @param x what flows into it: the images, or what another layer returned
   */
  public Operand<TFloat32> layer(
      String name, Operand<TFloat32> x, UnaryOperator<Operand<TFloat32>> body) {
    return layer(
        name,
        KERNEL,
        OUTPUT,
        () -> body.apply(x.equals(images) ? input("images", INPUT, x) : input(x)));
  }

  /** Adds a layer of a convolution and a bias. */
  public Operand<TFloat32> conv(String name, Operand<TFloat32> x, int channels) {
    return layer(name, x, y -> addBias(conv(y, channels)));
  }

  /** Adds a layer of a product and a bias. */
  public Operand<TFloat32> dense(String name, Operand<TFloat32> x, int features) {
    return layer(name, x, y -> addBias(product(y, features)));
  }

  /** Adds a convolution with a kernel of 3x3 that keeps rows, columns and channels. */
  public Operand<TFloat32> conv(Operand<TFloat32> x) {
    return conv(x, lastAxis(x));
  }

  /** Adds a convolution with a kernel of 3x3 that keeps rows and columns. */
  public Operand<TFloat32> conv(Operand<TFloat32> x, int channels) {
    return conv(x, kernel(KERNEL, 0.3, 3, 3, lastAxis(x), channels));
  }

  /** Adds a convolution that keeps rows and columns. */
  public Operand<TFloat32> conv(Operand<TFloat32> x, Operand<TFloat32> kernel) {
    return tf.nn.conv2d(x, kernel, ONES, "SAME");
  }

  /** Adds the product of rows and a kernel. */
  public Operand<TFloat32> product(Operand<TFloat32> rows, int features) {
    return tf.linalg.matMul(rows, kernel(KERNEL, 0.2, lastAxis(rows), features));
  }

  /** Adds a bias of normally distributed numbers. */
  public Operand<TFloat32> addBias(Operand<TFloat32> x) {
    return tf.nn.biasAdd(x, bias(0.5, lastAxis(x)));
  }

  /** Adds a bias of given numbers. */
  public Operand<TFloat32> addBias(Operand<TFloat32> x, float... bias) {
    return tf.nn.biasAdd(x, tf.constant(bias));
  }

  /** Adds a ReLU. */
  public Operand<TFloat32> relu(Operand<TFloat32> x) {
    return tf.nn.relu(x);
  }

  /** Adds a maximum over squares of 2x2. */
  public Operand<TFloat32> pool(Operand<TFloat32> x) {
    return tf.nn.maxPool(x, tf.array(1, 2, 2, 1), tf.array(1, 2, 2, 1), "VALID");
  }

  /** Adds an average over single elements, which keeps each as it is. */
  public Operand<TFloat32> average(Operand<TFloat32> x) {
    return tf.nn.avgPool(x, ONES, ONES, "SAME");
  }

  private static int lastAxis(Operand<TFloat32> x) {
    Shape shape = x.asOutput().shape();
    return (int) shape.get(shape.numDimensions() - 1);
  }

  /** Quantizes what flows into the layer that is being built. */
  public Operand<TFloat32> input(String name, FixedPoint format, Operand<TFloat32> operand) {
    return quantizer.input(new QuantizedInput(name, format), operand);
  }

  /** Notes what flows into the layer that is being built, and has a format. */
  public Operand<TFloat32> input(Operand<TFloat32> operand) {
    return quantizer.input(operand);
  }

  /**
   * Returns a constant kernel that fills the range of a format with a given deviation.
   *
   * @param deviation the standard deviation in shares of the largest number
   */
  public Operand<TFloat32> kernel(FormatRequest format, double deviation, long... shape) {
    Shape dimensions = Shape.of(shape);
    int[] fracs =
        format instanceof PerChannel channels
            ? channels.fracs().stream().mapToInt(Integer::intValue).toArray()
            : new int[] {((FixedPoint) format).frac()};
    int max = (1 << (format.bits() - (((Format) format).signed() ? 1 : 0))) - 1;
    return constant(
        dimensions,
        IntStream.range(0, (int) dimensions.size())
            .mapToDouble(
                i ->
                    random.nextGaussian()
                        * deviation
                        * Math.scalb((double) max, fracs[i % fracs.length]))
            .toArray());
  }

  /** Returns a constant vector of normally distributed numbers. */
  public Operand<TFloat32> bias(double deviation, int size) {
    return constant(
        Shape.of(size),
        IntStream.range(0, size).mapToDouble(i -> random.nextGaussian() * deviation).toArray());
  }

  private Operand<TFloat32> constant(Shape shape, double[] elements) {
    float[] floats = new float[elements.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) elements[i];
    }
    try (TFloat32 tensor = TFloat32.tensorOf(shape, DataBuffers.of(floats))) {
      return tf.constantOf(tensor);
    }
  }

  /** Returns a session of the graph, which this closes. */
  public Session session() {
    return session;
  }

  /** Returns the integer model of what leads to an output. */
  public IntegerModel compile(Operand<?> output) {
    return compilation(output).model();
  }

  /** Returns the integer model of what leads to an output, and what is outside. */
  public Compilation compilation(Operand<?> output) {
    return IntegerCompiler.compile("test", session, quantizer.plan(), images, output);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
